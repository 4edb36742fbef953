// A call that goes on after the page was loaded anew. What SIP knows of it is kept as long as it lasts, in this tab
// alone; that there is one is known to all windows of this browser, so that none takes the phone away meanwhile. The new page takes the dialog up where it was and offers new media in it (RFC 3264 § 8). The switch keeps its leg
// meanwhile, for as long as its `rtp_timeout` says.
import JsSIP from "jssip";
import Parser from "jssip/lib/Parser.js";

const KEY = "phone-call";
const TALK = "phone-talk"; // its tag, which tells the windows which one has it
const TOLD = "/desk/phone/talk";
const AHEAD = 600_000; // ms that another machine's clock may be behind: the numbers of a dialog only grow

export function keep(request) {
  localStorage.setItem(TALK, request.to_tag);
  note({ invitation: request.data, tag: request.to_tag, since: Date.now(), muted: false });
}

// What else the next page must know of the call that is kept.
export function note(facts) {
  sessionStorage.setItem(KEY, JSON.stringify({ ...kept(), ...facts }));
  tell();
}

export function forget() {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(TALK);
}

// Whether another window of this browser talks, or did when it was closed.
export function isElsewhere() {
  const talk = localStorage.getItem(TALK);
  return talk !== null && talk !== kept()?.tag;
}

// In another browser: what it knows of the talk there, to go on with it here; false: there is none.
export async function fetched() {
  const answer = await fetch(TOLD, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  const facts = await answer.json();
  localStorage.setItem(TALK, facts.tag);
  note({ ...facts, since: facts.since - AHEAD });
  return true;
}

// So that it can be fetched.
export function tell() {
  const facts = kept();
  if (facts) fetch(TOLD, { method: "PUT", body: JSON.stringify(facts), redirect: "manual" }).catch(() => {});
}

export function kept() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

// The dialog of the call that was kept, without media yet; null if it cannot be read. JsSIP has no such thing: these are
// its own steps on answering a call, without the answer.
export function revived(ua, facts) {
  const request = Parser.parseMessage(facts.invitation, ua);
  if (!request) return null;
  const session = new JsSIP.RTCSession(ua);
  request.to_tag = facts.tag;
  session._request = request;
  session._direction = "incoming";
  session._id = request.call_id + request.from_tag;
  session._contact = ua.contact.toString();
  session._local_identity = request.to;
  session._remote_identity = request.from;
  if (!session._createDialog(request, "UAS")) return null;
  // Higher than any number that this dialog has had: it began with less than 10,000.
  session._dialog.local_seqnum = 20_000 + Math.floor((Date.now() - facts.since) / 100);
  session._status = session.C.STATUS_CONFIRMED;
  session._is_confirmed = true;
  session._start_time = new Date(facts.since);
  ua._sessions[session._id] = session;
  return session;
}

// New media in the old dialog. Asterisk begins its encryption anew where the roles in it change (RFC 4145 § 4), and only
// there; which role it has is not known here. So it is offered twice: to begin the encryption, then to wait for ours.
export async function offerMedia(session, stream, ice, done) {
  let setup = "passive";
  session.on("sdp", (event) => {
    if (event.originator !== "local") return;
    event.sdp = event.sdp.replace(/^a=setup:.*\r\n/m, `a=setup:${setup}\r\na=connection:new\r\n`);
  });
  session._createRTCConnection({ iceServers: ice }, null);
  for (const track of stream.getTracks()) session.connection.addTrack(track, stream);
  preferTelephony(session.connection);
  const body = await session._createLocalDescription("offer", null);
  const over = () => session.isEnded() || session.terminate();
  session.sendRequest("INVITE", {
    body,
    extraHeaders: [`Contact: ${session.contact}`, "Content-Type: application/sdp"],
    eventHandlers: {
      onSuccessResponse: () => {
        session.sendRequest("ACK");
        setup = "active";
        setTimeout(() => session.isEnded() || session.renegotiate({}, done), 0);
      },
      onErrorResponse: over,
      onTransportError: over,
      onRequestTimeout: over,
      onDialogError: over,
    },
  });
}

// A-law first, as the switch offered it. With µ-law, which Chrome puts first, it transcodes towards the caller from now
// on, and about every second time the caller heard nothing any more after a second reload (Asterisk 22.10.1).
function preferTelephony(connection) {
  const kinds = ["audio/PCMA", "audio/PCMU", "audio/telephone-event"];
  const place = (codec) => kinds.indexOf(codec.mimeType);
  const codecs = RTCRtpReceiver.getCapabilities("audio").codecs.filter((codec) => place(codec) >= 0);
  for (const one of connection.getTransceivers()) {
    one.setCodecPreferences?.(codecs.sort((a, b) => place(a) - place(b)));
  }
}
