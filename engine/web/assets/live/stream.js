// The stream of a live page: kept open, missed when it is silent, asked for again when the server is back.
// Rule of this file: who is signed out is told so once, and nothing is asked for any more.

const SILENT = 40_000; // ms; the server says something every 15 s
const AGAIN = 1_500;
export const ASKING = { "HX-Request": "true" };

export class Stream {
  // `probe`: a small address that answers 401 or 403 to who may not; `on`: look(data), lost(), over()
  constructor(address, probe, on) {
    Object.assign(this, { address, probeAddress: probe, on, isOver: false, heard: Date.now() });
    window.addEventListener("offline", () => this.lost());
    window.addEventListener("online", () => this.probe());
    this.connect();
  }

  connect() {
    clearTimeout(this.again);
    this.source?.close();
    this.heard = Date.now();
    this.source = new EventSource(this.address);
    this.source.addEventListener("look", (event) => {
      this.heard = Date.now();
      this.on.look(JSON.parse(event.data));
    });
    this.source.addEventListener("over", () => {
      this.source.close();
      this.probe(); // somebody may have signed in anew meanwhile
    });
    this.source.addEventListener("error", () => this.lost());
  }

  watch() {
    if (Date.now() - this.heard > SILENT) this.lost();
  }

  lost() {
    if (this.isOver) return;
    this.heard = Date.now();
    this.on.lost();
    this.source.close();
    clearTimeout(this.again);
    this.again = setTimeout(() => this.probe(), AGAIN);
  }

  async probe() {
    if (this.isOver) return;
    try {
      const answer = await fetch(this.probeAddress, { headers: ASKING });
      if (answer.status === 401 || answer.status === 403) return this.over();
      if (answer.ok) return this.connect();
    } catch {
      // still away
    }
    clearTimeout(this.again);
    this.again = setTimeout(() => this.probe(), AGAIN);
  }

  over() {
    this.isOver = true;
    this.source.close();
    clearTimeout(this.again);
    this.on.over();
  }
}
