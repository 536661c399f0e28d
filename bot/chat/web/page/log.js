// The messages of one channel: each once, in the order of their ids, as their newest version says.

const NEAR_PX = 60;
const HEADROOM_PX = 2;
const HUES = 6;

export class Log {
  // hooks: { shown(element), earlier(channel, before), announce(text) }
  constructor(channel, hooks) {
    this.channel = channel;
    this.hooks = hooks;
    this.notes = new Map();
    this.unread = 0;
    this.stuck = true; // the reader is where new messages come in
    this.tall = null; // the last message where it is taller than the view: read from its head
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
    if (known) this.#quietly(() => this.#replace(known, note));
    else this.#put(note);
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
    element.scrollTop = tall ? tall.offsetTop - HEADROOM_PX : element.scrollHeight;
  }

  bottom() {
    this.tall = null;
    this.element.scrollTop = this.element.scrollHeight;
  }

  #lookAtLast() {
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

  #put(note) {
    const known = this.notes.get(note.id);
    if (known) return known.version < note.version && this.#replace(known, note);
    const article = draw(note);
    let after = this.list.lastElementChild;
    while (after && Number(after.dataset.id) > note.id) after = after.previousElementSibling;
    if (after) after.after(article);
    else this.list.prepend(article);
    this.notes.set(note.id, { version: note.version, article });
    this.hooks.shown(article);
    return article;
  }

  #replace(known, note) {
    const { article } = known;
    known.version = note.version;
    const body = article.querySelector(".body");
    const fresh = make("div", { class: "body" });
    fresh.innerHTML = note.html;
    keepTyped(body, fresh);
    const focus = article.contains(document.activeElement) ? document.activeElement : null;
    const mark = focus && placeOf(focus);
    body.replaceWith(fresh);
    this.hooks.shown(article);
    if (focus) {
      refocus(article, mark);
      this.#bringIn(article);
      this.hooks.announce(note.text);
    }
  }

  // A card that the reader just turned is shown from its head, or whole where it fits.
  #bringIn({ offsetTop: top, offsetHeight: height }) {
    const view = this.element;
    const last = top + height - view.clientHeight;
    if (height >= view.clientHeight || top < view.scrollTop) view.scrollTop = top - HEADROOM_PX;
    else if (last > view.scrollTop) view.scrollTop = last;
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
  article.setAttribute("aria-labelledby", head.id);
  head.append(make("span", { class: "author" }, note.author));
  if (note.bot) head.append(" ", make("span", { class: "badge" }, "bot"));
  head.append(" ", clockTime(note.at));
  if (note.private) head.append(" ", make("span", { class: "only" }, "only you see this"));
  const body = make("div", { class: "body" });
  body.innerHTML = note.html;
  article.append(face(note), head, body);
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

// What was typed or ticked and not sent yet stays, where the same question still stands.
function keepTyped(before, after) {
  for (const old of before.querySelectorAll("form[data-action]")) {
    const form = after.querySelector(`form[data-action="${CSS.escape(old.dataset.action)}"]`);
    const fields = form ? form.querySelectorAll("input") : [];
    fields.forEach((field, place) => {
      const was = old.querySelectorAll("input")[place];
      if (!was || was.type !== field.type) return;
      if (field.type === "checkbox") field.checked = was.checked && was.value === field.value;
      else field.value = was.value;
    });
  }
}

function placeOf(focus) {
  const action = focus.closest("[data-action]")?.dataset.action;
  const inputs = [...(focus.closest("form")?.querySelectorAll("input") || [])];
  return { action, emoji: focus.dataset.emoji, input: inputs.indexOf(focus), from: focus.selectionStart };
}

function refocus(article, { action, emoji, input, from }) {
  const same = action
    ? article.querySelector(`[data-action="${CSS.escape(action)}"]`)
    : emoji && article.querySelector(`[data-emoji="${CSS.escape(emoji)}"]`);
  const inside = same?.matches("form") ? same.querySelectorAll("input")[input] || same.querySelector("button") : same;
  const target = inside || article.querySelector("[data-action]:not(form), .card input, form[data-action] button") || article;
  target.focus({ preventScroll: true });
  if (inside?.type === "text" && from !== null) inside.setSelectionRange(from, from);
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
