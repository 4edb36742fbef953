// The browser as the agent's phone: what the page shows, and what its buttons, keys and the headset do.
//
// The page may fire `desk:answer`, `desk:hangup`, `desk:mute`, `desk:hold` at the document; it is told of every change
// by `phone:state` with {state, muted, held}. `data-hold` of #phone-set says whether the call may be held (L3).
import { alone } from "./phone/alone.js";
import { Line } from "./phone/line.js";
import { fetched, kept } from "./phone/revival.js";
import { Bell, choose, chosen, isGranted, listDevices, microphone } from "./phone/sound.js";

const ACCOUNT = "/desk/phone/account";
const SOCKET = "/desk/phone/ws";
const REFUSED = ["NotAllowedError", "SecurityError"];

const root = document.getElementById("phone-set");
const part = (name) => root.querySelector(`[data-phone="${name}"]`);
const bell = new Bell();
let line = null;
let state = "begin";
let ringing = false;

function show(next) {
  state = next;
  const [talking, muted, held] = [state === "talking", Boolean(line?.muted), Boolean(line?.held)];
  const mayHold = root.dataset.hold === "yes";
  for (const one of root.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(state);
  part("muted").hidden = !(talking && muted);
  part("held").hidden = !(talking && held);
  part("hold").hidden = !(talking && (mayHold || held));
  part("no-hold").hidden = !(talking && !mayHold);
  part("mute").setAttribute("aria-pressed", String(muted));
  part("hold").setAttribute("aria-pressed", String(held));
  part("answer").disabled = Boolean(line?.answered);
  part("silent").hidden = !line || !bell.silent;
  showWho();
  ring();
  tellHeadset();
  root.dataset.state = state;
  document.dispatchEvent(new CustomEvent("phone:state", { detail: { state, muted, held } }));
}

function showWho() {
  const who = line?.session?.remote_identity;
  part("who").textContent = who ? [who.display_name, who.uri.user].filter(Boolean).join(" · ") : "";
}

function ring() {
  const now = state === "ringing" && !line.answered;
  if (now && !ringing) bell.start(volume("ring"));
  if (!now && ringing) bell.stop();
  ringing = now;
}

// --- beginning

async function begin() {
  if (!navigator.mediaDevices) return show("insecure");
  navigator.mediaDevices.addEventListener("devicechange", () => listDevices(root));
  if (await isGranted()) return switchOn();
  show("off");
}

async function switchOn() {
  show("begin");
  const stream = await hearing();
  if (!stream) return;
  await listDevices(root);
  await bell.sink(chosen("bell"));
  alone(() => show("waiting"), () => connect(stream));
}

// The microphone, or what is in the way of it.
async function hearing() {
  try {
    const stream = await microphone(chosen("microphone"));
    const [track] = stream.getAudioTracks();
    track.enabled = false; // until somebody is talked to
    track.addEventListener("ended", unplugged);
    return stream;
  } catch (problem) {
    show(REFUSED.includes(problem.name) ? "refused" : "missing");
    return null;
  }
}

async function unplugged() {
  const stream = await hearing();
  if (stream) return line.speak(stream);
  line?.stop(); // hangs up, too
  line = null;
}

async function connect(stream) {
  show("connecting");
  const answer = await fetch(ACCOUNT, { redirect: "manual" }).catch(() => null);
  if (!answer) return setTimeout(() => connect(stream), 2000);
  if (answer.type === "opaqueredirect" || answer.status === 401) return show("signed-out");
  if (!answer.ok) return show("none");
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  line?.stop();
  // Which page it is, and whether it goes on with a talk, of one before it or its own (engine/web/absent.py).
  const name = crypto.randomUUID();
  const who = () => new URLSearchParams({ window: name, goes_on: kept() ? "yes" : "no" });
  const socket = () => `${scheme}://${location.host}${SOCKET}?${who()}`;
  const changed = () => made === line && (made.state === "signed-out" ? signedOut(stream) : show(made.state));
  const made = new Line(await answer.json(), socket, changed, play);
  made.stream = stream;
  line = made;
  made.start();
}

// Or in anew meanwhile, in another window, which the account tells.
function signedOut(stream) {
  line = null;
  connect(stream);
}

// --- sound

const voice = part("voice");

function volume(name) {
  return Number(root.querySelector(`[data-kept="${name}"]`).value) / 100;
}

async function play(stream) {
  voice.srcObject = stream;
  voice.volume = volume("volume");
  await voice.setSinkId?.(chosen("speaker")).catch(() => {}); // unplugged meanwhile: the usual one sounds
  await voice.play().catch(() => (part("silent").hidden = false));
}

async function touched() {
  if (!line) return; // nothing is to sound before the phone is on
  if (bell.silent) {
    await bell.wake();
    if (ringing) bell.start(volume("ring"));
  }
  if (voice.srcObject && voice.paused) await voice.play().catch(() => {});
  part("silent").hidden = !bell.silent;
}

const CHANGED = {
  volume: () => (voice.volume = volume("volume")),
  ring: () => {},
  speaker: () => voice.setSinkId?.(chosen("speaker")),
  bell: () => bell.sink(chosen("bell")),
  microphone: async () => {
    const stream = line ? await hearing() : null;
    if (!stream) return;
    for (const track of line.stream.getTracks()) track.stop();
    await line.speak(stream);
  },
};

// --- buttons, keys, headset

const mayHold = () => root.dataset.hold === "yes" || line.held;
const ORDERS = {
  on: () => switchOn(),
  fetch: async () => {
    await fetched();
    switchOn();
  },
  answer: () => line?.answer(),
  hangup: () => line?.hangUp(),
  mute: () => line?.mute(!line.muted),
  hold: () => line && mayHold() && line.hold(!line.held),
  try: () => bell.start(volume("ring"), 1),
};

function tellHeadset() {
  const session = navigator.mediaSession;
  if (!session) return;
  session.playbackState = state === "talking" ? "playing" : state === "ringing" ? "paused" : "none";
  session.setMicrophoneActive?.(state === "talking" && !line.muted);
}

// A headset's one key picks up and hangs up; others have keys of their own.
const hook = () => (state === "ringing" ? ORDERS.answer() : state === "talking" && ORDERS.hangup());
const KEYS = { play: hook, pause: hook, stop: ORDERS.hangup, hangup: ORDERS.hangup, togglemicrophone: ORDERS.mute };

function listen() {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phone], [data-digit]");
    if (button?.dataset.digit) line?.digit(button.dataset.digit);
    else if (button) ORDERS[button.dataset.phone]?.();
  });
  root.addEventListener("input", (event) => {
    const { kept } = event.target.dataset;
    if (!kept) return;
    choose(kept, event.target.value);
    CHANGED[kept]();
  });
  for (const name of ["answer", "hangup", "mute", "hold"]) document.addEventListener(`desk:${name}`, () => ORDERS[name]());
  for (const [key, action] of Object.entries(KEYS)) {
    try {
      navigator.mediaSession?.setActionHandler(key, action);
    } catch {
      // a browser that does not know this key
    }
  }
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched);
  new MutationObserver(() => show(state)).observe(root, { attributeFilter: ["data-hold"] });
  window.addEventListener("beforeunload", (event) => {
    if (["ringing", "talking"].includes(state)) event.preventDefault();
  });
  for (const name of ["volume", "ring"]) {
    const field = root.querySelector(`[data-kept="${name}"]`);
    field.value = chosen(name) || field.value;
  }
}

if (root) {
  listen();
  begin();
}
