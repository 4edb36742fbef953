// One window of this browser is the phone: another one waits until that one is closed.
//
// A window that is loaded anew in a talk lets the phone go, and one that waits gets it before the new page can ask. So who
// gets it while another window talks gives it back once and waits for that one; it has it when nobody came.
import { forget, isElsewhere } from "./revival.js";

const LOCK = "vorzimmer-phone";
const RETURN = 4000; // milliseconds; the engine waits for a talk twice as long (engine/web/absent.py)
let mine = false;

// `work()` as soon as this window is the phone; `waits()` if that is not now.
export function alone(waits, work) {
  if (mine || !navigator.locks) return work();
  const take = () => {
    mine = true;
    if (isElsewhere()) forget(); // nobody came back to that talk
    work();
    return new Promise(() => {}); // held as long as the window is open
  };
  const offered = () => {
    if (!isElsewhere()) return take();
    waits();
    setTimeout(() => ask(take), RETURN);
  };
  const queue = () => {
    waits();
    navigator.locks.request(LOCK, offered);
  };
  const ask = (had) => navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? had() : queue()));
  ask(offered);
}
