// The messages of one channel: each once, in the order of their ids, as their newest version says.

import { morph } from "./morph.js";

const NEAR_PX = 60;
const HEADROOM_PX = 2;
const HUES = 6;

export class Log {
  // hooks: { shown(element), scrolled(log), earlier(channel, before), announce(text), waitingFor(article), asked(channel) }
  constructor(channel, hooks) {
    this.channel = channel;
    this.hooks = hooks;
    this.notes = new Map();
    this.unread = 0;
    this.stuck = true; // the reader is where new messages come in
    this.tall = null; // the last message where it is taller than the view: read from its head
    this.held = false; // a card changed since: what the reader looks at stays until something new comes
    this.#build();
  }

  get visible() {
    return !this.element.hidden;
  }

  get newest() {
    return this.list.lastElementChild ? Number(this.list.lastElementChild.dataset.id) : 0;
  }

  get oldest() {
    return this.list.firstElementChild ? Number(this.list.firstElementChild.dataset.id) : 0;
  }

  clear() {
    this.notes.clear();
    this.list.replaceChildren();
    this.tall = null;
    this.held = false;
  }

  // The messages before what is shown, or the first ones. They are not read aloud: nobody waits for them.
  past(notes, more) {
    this.#quietly(() => {
      const below = this.element.scrollHeight - this.element.scrollTop;
      const had = this.list.firstElementChild;
      for (const note of notes) this.#put(note);
      this.more.hidden = !more;
      if (had && !this.stuck) this.element.scrollTop = this.element.scrollHeight - below;
    });
    this.settle();
  }

  // Returns whether it is new here: an edit, a repeat, or a message from before what is loaded is not.
  take(note) {
    const known = this.notes.get(note.id);
    if (!known && !this.more.hidden && note.id < this.oldest) return false;
    if (known && known.version >= note.version) return false;
    const isNew = !known && note.id > this.newest;
    if (known) this.#quietly(() => this.#change(known, note));
    else this.#put(note, note.mine || note.private || this.hooks.asked(this.channel));
    this.settle(isNew);
    return isNew;
  }

  show(visible) {
    this.element.hidden = !visible;
    if (visible) this.unread = 0;
    this.settle(visible);
  }

  settle(grown = true) {
    this.empty.hidden = this.notes.size > 0;
    if (this.stuck && grown) this.#lookAtLast();
    if (this.stuck) this.rest();
    markScrollable(this.element);
  }

  // Where the reader of the newest message looks.
  rest() {
    const { element, tall } = this;
    if (this.held) return;
    element.scrollTop = tall ? tall.offsetTop - HEADROOM_PX : element.scrollHeight;
  }

  bottom() {
    this.tall = null;
    this.held = false;
    this.element.scrollTop = this.element.scrollHeight;
  }

  #lookAtLast() {
    this.held = false;
    const last = this.list.lastElementChild;
    this.tall = last && last.offsetHeight > this.element.clientHeight - 2 * HEADROOM_PX ? last : null;
  }

  #build() {
    const element = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0" });
    element.setAttribute("aria-label", `Messages in ${this.channel}`);
    element.hidden = true;
    this.element = element;
    this.more = make("button", { type: "button", class: "quiet earlier" }, "Show earlier messages");
    this.more.hidden = true;
    this.more.onclick = () => this.#earlier();
    this.empty = document.createElement("div");
    this.empty.className = "empty";
    this.list = make("div", { class: "list" });
    element.append(this.more, this.empty, this.list);
    element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.stuck && this.rest()).observe(element);
    element.addEventListener("load", () => this.stuck && this.rest(), true);
  }

  #earlier() {
    this.stuck = false;
    this.hooks.earlier(this.channel, String(this.oldest));
    this.element.focus();
  }

  #scrolled() {
    if (!this.visible) return;
    const { element, tall } = this;
    if (tall && Math.abs(element.scrollTop - tall.offsetTop + HEADROOM_PX) > 4) this.tall = null;
    this.stuck = Boolean(this.tall) || element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    this.hooks.scrolled(this);
  }

  #put(note, mine = false) {
    const known = this.notes.get(note.id);
    if (known) return known.version < note.version && this.#change(known, note);
    const article = draw(note);
    let after = this.list.lastElementChild;
    while (after && Number(after.dataset.id) > note.id) after = after.previousElementSibling;
    if (after) after.after(article);
    else this.list.prepend(article);
    this.notes.set(note.id, { version: note.version, article, mine });
    this.hooks.shown(article);
    return article;
  }

  // A card that changed: quietly, and where the reader is looking nothing moves. Whoever turned it themselves is
  // brought to its head, to what can be done next, and is told all of it.
  #change(known, note) {
    const { article } = known;
    const acted = note.private && this.hooks.waitingFor(article);
    const focused = article.contains(document.activeElement) && document.activeElement;
    const before = { title: titleOf(article), place: this.element.scrollTop, height: article.offsetHeight };
    known.version = note.version;
    const fresh = document.createElement("template");
    fresh.innerHTML = note.html;
    morph(article.querySelector(".body"), bodyOf(fresh.content));
    dress(article);
    this.hooks.shown(article);
    if (focused && !article.contains(document.activeElement)) {
      const next = acted && firstControl(article); // else a key on its way would press what nobody meant
      (next || article).focus({ preventScroll: true });
    }
    if (acted) this.#bringIn(article);
    else this.#stay(known, before);
    const title = titleOf(article);
    if (acted) this.hooks.announce(note.text);
    else if (title !== before.title && (focused || known.mine)) this.hooks.announce(title);
  }

  // What grows pushes nothing that is being read below it; a card with nothing below it in view grows downwards. Only
  // whoever asked for it, and looks at the newest, follows.
  #stay({ article, mine }, { place, height }) {
    const view = this.element;
    const grown = article.offsetHeight - height;
    if (!grown) return;
    const isLast = article === this.list.lastElementChild;
    if (this.stuck && mine && isLast) return this.#lookAtLast();
    this.held = true;
    const end = article.offsetTop + height;
    const isAbove = end <= place || (!isLast && end < place + view.clientHeight && (this.stuck || article.offsetTop < place));
    view.scrollTop = isAbove ? place + grown : place;
  }

  // A card that the reader just turned is shown from its head, or whole where it fits.
  #bringIn({ offsetTop: top, offsetHeight: height }) {
    const view = this.element;
    const last = top + height - view.clientHeight;
    if (height >= view.clientHeight || top < view.scrollTop) view.scrollTop = top - HEADROOM_PX;
    else if (last > view.scrollTop) view.scrollTop = last;
    this.held = true;
  }

  // Screen readers do not read what changes meanwhile.
  #quietly(change) {
    this.element.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.hush);
    this.hush = setTimeout(() => this.element.setAttribute("aria-live", "polite"), 200);
  }
}

// Only the server's own, escaped HTML is ever set as HTML; all else is text.
function draw(note) {
  const article = make("article", { class: "message", tabindex: "-1", "data-id": note.id });
  const head = make("header", { id: `head-${note.id}` });
  head.append(make("span", { class: "author" }, note.author));
  if (note.bot) head.append(" ", make("span", { class: "badge" }, "bot"));
  head.append(" ", clockTime(note.at));
  if (note.private) head.append(" ", make("span", { class: "only" }, "only you see this"));
  const body = make("div", { class: "body" });
  body.innerHTML = note.html;
  article.append(face(note), head, body);
  dress(article);
  for (const kind of ["bot", "mine", "private"]) article.classList.toggle(kind, note[kind]);
  article.classList.toggle("asked", note.mine && note.private);
  return article;
}

function face(note) {
  if (note.bot) return make("img", { class: "face", src: "/page/icon.svg", alt: "", width: "36", height: "36" });
  const hue = [...note.author].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % HUES;
  const shown = [...note.author][0].toUpperCase();
  return make("span", { class: `face hue-${hue}`, "aria-hidden": "true" }, shown);
}

function clockTime(stamp) {
  const at = new Date(stamp);
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : { weekday: "short", day: "numeric", month: "short" };
  const time = make("time", { datetime: stamp, title: at.toLocaleString() });
  time.textContent = at.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
  return time;
}

function bodyOf(content) {
  const body = make("div", { class: "body" });
  body.append(content);
  return body;
}

function titleOf(article) {
  return article.querySelector("h3")?.textContent;
}

// A card is called by its title first: whoever comes into it hears what it says.
function dress(article) {
  const title = article.querySelector("h3");
  if (title) title.id = `title-${article.dataset.id}`;
  article.setAttribute("aria-labelledby", `${title ? `${title.id} ` : ""}head-${article.dataset.id}`);
}

// What there is to do in a card, first things first.
export function firstControl(article) {
  return article.querySelector("[data-action]:not(form), form[data-action] input, form[data-action] button, [data-emoji]");
}

// What can scroll can be reached by keyboard; what cannot is no stop on the way.
export function markScrollable(root) {
  for (const box of root.querySelectorAll(".code pre, .table")) {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.matches("pre") ? "Code" : box.querySelector("caption").textContent);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
}

export function make(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}
