// What is heard and said: the ring tone, the microphone, and which device is for what.

const RINGS = 45; // enough for the longest ring time that can be set
const PERIOD = 4; // seconds from one ring to the next
const RING = 1; // seconds that it sounds

export class Bell {
  #context = null;
  #playing = null;
  #sink = "";

  // Browsers let nothing sound before somebody has used the page; then they want it to be begun anew.
  #awake() {
    if (!this.#context && navigator.userActivation?.hasBeenActive === false) return null;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
    return this.#context;
  }

  get silent() {
    return this.#context?.state !== "running";
  }

  // After a click or a key: from now on it can sound.
  async wake() {
    await this.sink(this.#sink);
    await this.#context?.resume().catch(() => {});
  }

  async sink(id) {
    this.#sink = id;
    await this.#awake()?.setSinkId?.(id).catch(() => {}); // unplugged meanwhile: the usual one rings
  }

  // The whole course is laid out at once: timers of a tab in the background come late.
  start(volume, rings = RINGS) {
    this.stop();
    const context = this.#awake();
    if (!context) return;
    const [tone, gain] = [context.createOscillator(), context.createGain()];
    gain.gain.value = 0;
    for (let n = 0; n < rings; n += 1) {
      const at = context.currentTime + 0.02 + n * PERIOD;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(volume, at + 0.02);
      gain.gain.setValueAtTime(volume, at + RING - 0.05);
      gain.gain.linearRampToValueAtTime(0, at + RING);
      for (let step = 0; step < 20; step += 1) tone.frequency.setValueAtTime(step % 2 ? 660 : 880, at + step * 0.05);
    }
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + rings * PERIOD);
    this.#playing = tone;
  }

  stop() {
    this.#playing?.stop();
    this.#playing?.disconnect();
    this.#playing = null;
  }
}

export function microphone(id) {
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return navigator.mediaDevices.getUserMedia({ audio: id ? { ...wanted, deviceId: { ideal: id } } : wanted });
}

// Whether the microphone would be given without a question.
export async function isGranted() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return false; // a browser that cannot say so asks
  }
}

const CHOSEN = "phone-";

export function chosen(name) {
  try {
    return localStorage.getItem(CHOSEN + name) ?? "";
  } catch {
    return ""; // storage is forbidden: nothing is remembered
  }
}

export function choose(name, value) {
  try {
    localStorage.setItem(CHOSEN + name, value);
  } catch {
    // as above
  }
}

const KINDS = { microphone: "audioinput", speaker: "audiooutput", bell: "audiooutput" };
const ABLE = {
  microphone: () => true,
  speaker: () => "setSinkId" in HTMLMediaElement.prototype,
  bell: () => "setSinkId" in AudioContext.prototype,
};

// Fill the choices with the devices there are now; what was chosen and is unplugged stays chosen, for it may come back.
export async function listDevices(root) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  for (const [name, kind] of Object.entries(KINDS)) {
    const select = root.querySelector(`[data-kept="${name}"]`);
    select.closest(".field").hidden = !ABLE[name]();
    const there = devices.filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default");
    select.replaceChildren(select.options[0], ...there.map((one) => new Option(one.label, one.deviceId)));
    const wanted = chosen(name);
    select.value = there.some((one) => one.deviceId === wanted) ? wanted : "";
  }
}
