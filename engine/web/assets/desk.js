// The agent's desk: shows what happens as it happens, keeps what is typed, and answers to keys.
// Rule of this file: it only begins. What there is stands in ./desk, one thing in each file; the server decides and
// writes, nothing that is typed is ever taken away, and no focus is moved by what comes in.

import "./desk/keys.js";
import "./desk/leaving.js";
import { tell } from "./desk/ending.js";
import { follow } from "./desk/following.js";
import { late, shared } from "./desk/keeping.js";
import { connect, watch } from "./desk/link.js";
import { desk, message } from "./desk/page.js";
import { count, settle, showWaiting } from "./desk/parts.js";
import { propose } from "./desk/through.js";
import { setClock } from "./live/times.js";

setClock(Number(desk.dataset.now));
setInterval(() => {
  count();
  showWaiting();
  follow();
  shared.look();
  propose(message());
  tell();
  watch();
}, 500);
settle();
connect();
late();
