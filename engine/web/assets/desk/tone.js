// The ring tone: a short sound of our own, again and again while it rings.
// Rule of this file: nothing sounds that the agent has not chosen.

import { $, stored } from "./page.js";

const TONES = { soft: [440, 0.15], bright: [880, 0.2], deep: [220, 0.35] }; // Hz, loudness
const chosen = $("[data-tone]");
let sound, beat, rings;

function beep() {
  if (!(navigator.userActivation?.hasBeenActive ?? true)) return; // browsers let no page sound before that
  const [hertz, loud] = TONES[chosen.value];
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
  for (const at of [0, 0.35]) {
    const [tone, volume] = [new OscillatorNode(sound, { frequency: hertz }), new GainNode(sound, { gain: 0 })];
    const begin = sound.currentTime + at;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(loud, begin + 0.03);
    volume.gain.linearRampToValueAtTime(0, begin + 0.28);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 0.3);
  }
}

export function ring(yes) {
  rings = yes;
  const wanted = rings && chosen.value in TONES;
  if (wanted === Boolean(beat)) return;
  clearInterval(beat);
  beat = wanted ? setInterval(beep, 2000) : null;
  if (wanted) beep();
}

chosen.value = stored("desk-tone") ?? "";
if (chosen.selectedIndex < 0) chosen.value = "";
chosen.addEventListener("change", () => {
  stored("desk-tone", chosen.value);
  if (chosen.value) beep();
  ring(rings);
});
