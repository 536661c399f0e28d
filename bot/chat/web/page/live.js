// The live connection. Acts wait here until the server says they are done, a few of them under way at once and in their
// order, and are sent again after every reconnection under the same name, so that none is lost and none counts twice.

import { keep, recall } from "./memory.js";

const STRANGER = 4401;
const CROWDED = 4429;
const UNDER_WAY = 8;
const PULSE_MS = 20000;
const SILENCE_MS = 8000;
const SLOWEST_MS = 5000;
const CROWDED_MS = 15000;

export class Live {
  #socket = null;
  #greeted = false;
  #sent = new Set(); // acts that this connection carries
  #version = 0; // everything up to it has arrived
  #failures = 0;
  #retry = 0;
  #silence = 0;
  #leaving = false;

  // hear: { welcome, past, notes, done, refused, trouble, clock, state }
  constructor(hear) {
    this.hear = hear;
    this.acts = new Map(recall("sessionStorage", "acts", []));
    setInterval(() => this.#pulse(), PULSE_MS);
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    addEventListener("pagehide", () => (this.#leaving = true));
    addEventListener("pageshow", (event) => {
      this.#leaving = false;
      if (event.persisted) this.#hurry();
    });
  }

  connect() {
    clearTimeout(this.#retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live?after=${this.#version}`);
    this.#socket = socket;
    this.#greeted = false;
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event);
  }

  // An act gets its name once; it stays until it is done.
  act(frame) {
    const act = { ...frame, id: name() };
    this.acts.set(act.id, act);
    this.#keep();
    this.#flow();
    return act.id;
  }

  ask(frame) {
    this.#send(frame);
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #take(frame) {
    clearTimeout(this.#silence);
    if (frame.kind === "welcome") this.#welcomed(frame);
    // Only these come without gaps; what is looked up of the past may be ahead of them.
    if (frame.kind === "notes") for (const note of frame.notes) this.#version = Math.max(this.#version, note.version);
    const act = this.acts.get(frame.id);
    if (frame.kind === "done" || frame.kind === "refused") this.#settle(frame.id);
    this.hear[frame.kind]?.(frame, act);
  }

  #welcomed(frame) {
    this.#failures = 0;
    if (frame.anew) this.#version = frame.version;
    this.hear.state("open");
    this.#pulse();
    this.#sent.clear();
    queueMicrotask(() => {
      this.#greeted = true;
      this.#flow();
    });
  }

  #flow() {
    for (const act of this.acts.values()) {
      if (!this.#greeted || !this.open || this.#sent.size >= UNDER_WAY) return;
      if (this.#sent.has(act.id)) continue;
      this.#sent.add(act.id);
      this.#send(act);
    }
  }

  #settle(id) {
    if (this.acts.delete(id)) this.#keep();
    this.#sent.delete(id);
    this.#flow();
  }

  #keep() {
    keep("sessionStorage", "acts", [...this.acts]);
  }

  #send(frame) {
    if (this.open) this.#socket.send(JSON.stringify(frame));
  }

  #closed(event) {
    if (this.#leaving) return;
    if (event.code === STRANGER) {
      this.acts.clear();
      this.#keep();
      location.reload();
      return;
    }
    const crowded = event.code === CROWDED;
    this.hear.state(crowded ? "crowded" : "closed");
    const wait = crowded ? CROWDED_MS : Math.min(SLOWEST_MS, 200 * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.connect(), wait * (0.7 + 0.6 * Math.random()));
  }

  #hurry() {
    if (this.#socket?.readyState === WebSocket.CLOSED) this.connect();
    else this.#pulse();
  }

  // A line that is silent after a question is dead, whatever the browser believes.
  #pulse() {
    if (!this.open) return;
    this.#send({ kind: "clock", sent: Date.now() });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost() {
    const socket = this.#socket;
    this.#socket = null;
    socket.close();
    this.#closed({ code: 0 });
  }
}

export function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
