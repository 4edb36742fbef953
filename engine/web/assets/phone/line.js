// The line: logged in at the switch by SIP over WebSocket (RFC 7118), one call at a time.
import JsSIP from "jssip";
import { forget, keep, kept, note, offerMedia, revived, tell } from "./revival.js";

const GATHERING = 300; // milliseconds: the first own addresses are enough, others (a VPN's) may take long
const FOR_GOOD = { 4401: "signed-out", 4409: "elsewhere", 4423: "busy" }; // engine/web/relay.py

// JsSIP connects anew to where it was connected first; what the address says of the page may have changed meanwhile.
class Socket extends JsSIP.WebSocketInterface {
  constructor(address) {
    super(address());
    this.address = address;
  }

  connect() {
    this._url = this.address();
    super.connect();
  }
}

export class Line {
  #ua = null;
  #session = null;
  #answered = false;
  #final = null; // the state in which it has ended for good
  #changed;
  #heard;

  // `socket()`: its address, asked at each connection; `changed()`: something is not as it was; `heard(stream)`: the caller's voice.
  constructor(account, socket, changed, heard) {
    this.account = account;
    this.ice = account.ice;
    this.socket = socket;
    this.#changed = changed;
    this.#heard = heard;
  }

  state = "connecting";
  held = false;
  stream = null;

  get session() {
    return this.#session;
  }

  start() {
    const { user, password, domain } = this.account;
    this.#ua = new JsSIP.UA({
      sockets: [new Socket(this.socket)],
      uri: `sip:${user}@${domain}`,
      authorization_user: user,
      password,
      register_expires: 120,
      session_timers: false,
      no_answer_timeout: 180,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Vorzimmer",
    });
    this.#ua.on("registered", () => this.#ready());
    this.#ua.on("registrationFailed", () => this.#become("offline"));
    this.#ua.on("unregistered", () => this.#session || this.#become("offline"));
    this.#ua.on("disconnected", (event) => this.#lost(event.code));
    this.#ua.on("newRTCSession", ({ session, request, originator }) => {
      if (originator === "remote") this.#called(session, request);
    });
    this.#ua.start();
  }

  stop() {
    this.#ua?.stop();
  }

  answer() {
    if (this.state !== "ringing" || this.#answered || !this.stream) return;
    this.#answered = true;
    this.#session.answer({ mediaStream: this.stream, pcConfig: { iceServers: this.ice } });
    this.#changed();
  }

  get answered() {
    return this.#answered;
  }

  hangUp() {
    if (this.#session?.isEnded() === false) this.#session.terminate(this.state === "ringing" ? { status_code: 486 } : {});
  }

  mute(yes) {
    if (this.state !== "talking") return;
    this.#session[yes ? "mute" : "unmute"]({ audio: true });
    note({ muted: yes });
    this.#changed();
  }

  get muted() {
    return Boolean(this.#session?.isMuted().audio);
  }

  hold(yes) {
    if (this.state === "talking" && this.#session[yes ? "hold" : "unhold"]()) this.held = yes;
    this.#changed();
  }

  digit(one) {
    if (this.state === "talking") this.#session.sendDTMF(one, { transportType: "RFC2833" });
  }

  // Another microphone, in the middle of a call, too.
  async speak(stream) {
    this.stream = stream;
    const [track] = stream.getAudioTracks();
    track.enabled = this.state === "talking" && !this.muted;
    const sender = this.#session?.connection?.getSenders().find((one) => one.track?.kind === "audio");
    await sender?.replaceTrack(track);
  }

  #become(state) {
    this.state = this.#final ?? state;
    const track = this.stream?.getAudioTracks()[0];
    if (track && this.state !== "talking") track.enabled = false;
    this.#changed();
  }

  #lost(code) {
    if (FOR_GOOD[code]) this.#end(FOR_GOOD[code]);
    else if (!this.#session) this.#become("offline");
  }

  // For good, and without a word to the switch: by connecting anew to say goodbye JsSIP would take the phone back.
  #end(state) {
    this.#final = state;
    this.#session?._close();
    this.#ua.stop();
    this.#ua.transport.disconnect(); // which `stop` leaves for later where an answer might be due
    this.#over();
  }

  #ready() {
    const facts = kept();
    if (this.#session?.isEstablished()) {
      tell(); // to an engine that may be a new one
      return this.#session.renegotiate(); // tells the switch the new way to us
    }
    if (facts && !this.#session) return this.#resume(facts);
    if (!this.#session) this.#become("ready");
  }

  #called(session, request) {
    if (this.#session) return session.terminate({ status_code: 486 });
    this.#take(session);
    session.on("accepted", () => {
      keep(request);
      this.#talks();
    });
    this.#become("ringing");
  }

  #resume(facts) {
    const session = revived(this.#ua, facts);
    if (!session) return this.#over();
    this.#take(session);
    this.#become("resuming");
    offerMedia(session, this.stream, this.ice, () => {
      this.#talks();
      if (facts.muted) this.mute(true);
    });
  }

  #take(session) {
    this.#session = session;
    this.#answered = false;
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => this.#heard(new MediaStream([event.track])));
    });
    let gathered = null;
    session.on("icecandidate", ({ ready }) => (gathered ??= setTimeout(ready, GATHERING)));
    session.on("sdp", () => {
      clearTimeout(gathered);
      gathered = null;
    });
    session.on("ended", () => this.#over());
    session.on("failed", () => this.#over());
  }

  #talks() {
    this.stream.getAudioTracks()[0].enabled = true;
    this.#become("talking");
  }

  #over() {
    forget();
    this.#session = null;
    this.#answered = false;
    this.held = false;
    this.#become(this.#ua.isRegistered() ? "ready" : "offline");
  }
}
