// The desk's connection with the server: the stream, what is asked for, and the band that says when there is none.
// Rule of this file: what failed is said until something has worked; who is signed out is told so, and asks no more.

import { ASKING, Stream } from "../live/stream.js";
import { setClock } from "../live/times.js";
import { endsAt } from "./ending.js";
import { keep, shared } from "./keeping.js";
import { $ } from "./page.js";
import { look } from "./parts.js";

const lost = () => document.getElementById("lost");

function band(which) {
  if (which === "" && lost().dataset.now === "over") return;
  lost().dataset.now = which;
  lost().hidden = !which;
  $("span", lost()).textContent = which ? lost().dataset[which] : "";
  $("a", lost()).hidden = which !== "over";
}

let stream;

export function connect() {
  stream = new Stream("/desk/events", "/desk/form", {
    look: ({ now, parts, rows, draft, ends }) => {
      setClock(now);
      endsAt(ends);
      if (lost().dataset.now === "lost") band(""); // what failed stays until it has worked
      look(parts, rows);
      // Not for a new draft alone: while one types each would bring the next one.
      if (draft === shared.edition || Object.keys(parts).length) keep();
      shared.look(draft);
    },
    lost: () => band("lost"),
    over: () => band("over"),
  });
}

export const failed = () => band("failed");
export const watch = () => stream.watch();
export const again = () => stream.connect();

export async function ask(path, more) {
  try {
    const answer = await fetch(path, { ...more, headers: ASKING });
    if (answer.status === 401) stream.over();
    else if (answer.status === 423) band("late"); // engine/web/overtime.py
    else if (!answer.ok && answer.status !== 422) band("failed");
    else if (["failed", "late"].includes(lost().dataset.now)) band("");
    return answer;
  } catch {
    band("failed");
    return null;
  }
}
