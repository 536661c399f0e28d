// The line people type in, and what it suggests after a slash.

import { make } from "./log.js";

const SHOWN = 12;
const ROW_PX = 40;
const MANY = 30; // a longer list waits for its first letter

export class Composer {
  // hooks: { send(text), announce(text) }
  constructor(form, hooks) {
    this.hooks = hooks;
    this.box = form.querySelector("textarea");
    this.list = form.querySelector("[role=listbox]");
    this.verbs = [];
    this.offers = [];
    this.active = -1;
    this.first = 0; // the list shows as many as fit from here on: it never scrolls
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#clicked(event));
  }

  // What can be asked comes from the server; somebody may have begun to type before it did.
  learn(verbs) {
    this.verbs = verbs;
    if (document.activeElement === this.box && this.box.value) this.#typed();
  }

  fill(text) {
    this.box.value = text;
    this.box.focus();
    this.#typed();
  }

  #typed() {
    this.box.style.height = "auto";
    if (this.box.value) this.box.style.height = `${this.box.scrollHeight + 2}px`;
    this.box.classList.toggle("typing-code", isCode(this.box.value));
    this.offers = offered(this.box.value, this.verbs);
    this.active = this.offers.length && this.#word() ? 0 : -1;
    this.#draw();
  }

  #key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const acts = {
      ArrowDown: () => open && this.#move(1),
      ArrowUp: () => open && this.#move(-1),
      Escape: () => open && this.#close(),
      Tab: () => open && !event.shiftKey && this.active >= 0 && this.#accept(this.active),
      Enter: () => (event.shiftKey || this.#inBlock() ? this.#newLine() : this.#enter(open)),
    };
    if (acts[event.key]?.()) event.preventDefault();
  }

  // Between its fences, code goes on until its last line. A phone has no Shift to hold, but a button that sends.
  #inBlock() {
    if (/^\/run\s+\S/i.test(this.box.value) && matchMedia("(pointer: coarse)").matches) return true;
    const fences = this.box.value.slice(0, this.box.selectionStart).match(/```/g) || [];
    return fences.length % 2 === 1;
  }

  // In code a line begins where the one before it began, or deeper after a colon.
  #newLine() {
    if (!isCode(this.box.value)) return false;
    const line = this.box.value.slice(0, this.box.selectionStart).split("\n").at(-1);
    const deeper = line.trimEnd().endsWith(":") ? "    " : "";
    return document.execCommand("insertText", false, `\n${/^[ \t]*/.exec(line)[0]}${deeper}`); // it can be undone
  }

  // Enter finishes a word that is not finished, and sends one that is.
  #enter(open) {
    if (!open || this.active < 0 || this.#finished()) return this.#send();
    return this.#accept(this.active);
  }

  #finished() {
    return this.offers[this.active].insert.toLowerCase() === this.#word().toLowerCase();
  }

  #word() {
    return this.box.value.split(/\s/).at(-1);
  }

  #move(step) {
    const many = this.offers.length;
    this.active = (this.active + step + many + (this.active < 0 && step < 0 ? 1 : 0)) % many;
    this.#draw();
    return true;
  }

  #accept(place) {
    const word = this.#word();
    const kept = this.box.value.slice(0, this.box.value.length - word.length);
    this.box.value = `${kept}${this.offers[place].insert}${this.offers[place].open ? "" : " "}`;
    this.#typed();
    return true;
  }

  #clicked(event) {
    const option = event.target.closest("[role=option]");
    if (option) this.#accept(Number(option.dataset.place));
  }

  #close() {
    this.offers = [];
    this.active = -1;
    this.#draw();
    return true;
  }

  #send() {
    const text = this.box.value.trim();
    if (text && this.hooks.send(text)) {
      this.box.value = "";
      this.#typed();
      this.#close();
    }
    return true;
  }

  #draw() {
    this.#tellOfList();
    this.list.hidden = !this.offers.length;
    const fit = Math.max(3, Math.floor((innerHeight * 0.55) / ROW_PX));
    const least = Math.max(0, this.active - fit + 1);
    this.first = Math.max(0, Math.min(Math.max(this.first, least), Math.max(this.active, 0), this.offers.length - fit));
    const rows = this.offers.map((offer, place) => this.#option(offer, place));
    this.list.replaceChildren(...rows.slice(this.first, this.first + fit));
    if (this.active >= 0) this.box.setAttribute("aria-activedescendant", rows[this.active].id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  // Once, when the list comes up; from then on the chosen one is told as the arrows reach it.
  #tellOfList() {
    const many = this.offers.length;
    if (this.list.hidden && many) this.hooks.announce(many === 1 ? "1 suggestion" : `${many} suggestions`);
  }

  #option(offer, place) {
    const option = make("li", { role: "option", id: `suggestion-${place}`, "aria-selected": String(place === this.active) });
    option.dataset.place = place;
    option.setAttribute("aria-setsize", this.offers.length);
    option.setAttribute("aria-posinset", place + 1);
    option.append(make("span", { class: "what" }, offer.insert), " ", make("span", { class: "hint" }, offer.hint));
    return option;
  }
}

function isCode(text) {
  return text.includes("```") || /^\/run\b/i.test(text);
}

// What could come next on a line: the verbs, then the words that the verb understands and does not have yet.
export function offered(line, verbs) {
  if (!line.startsWith("/") || line.includes("\n")) return [];
  const words = line.split(/\s+/);
  const partial = words.pop();
  if (!words.length) {
    const named = verbs.map((verb) => ({ insert: `/${verb.name}`, hint: verb.summary }));
    return best(named, partial);
  }
  const verb = verbs.find((one) => `/${one.name}` === words[0].toLowerCase());
  return verb ? values(verb, words.slice(1), partial) : [];
}

function values(verb, words, partial) {
  const left = verb.arguments.filter((argument) => !words.some((word) => gives(argument, word, verb)));
  const named = /^([a-z]+)[:=](.*)$/i.exec(partial);
  if (named) {
    const argument = left.find((one) => one.name === named[1].toLowerCase() && !one.named);
    const some = argument ? offersOf(argument, named[2]) : [];
    return some.map((offer) => ({ ...offer, insert: `${argument.name}:${offer.insert}` }));
  }
  return best(left.flatMap((argument) => offersOf(argument, partial)), partial);
}

function gives(argument, word, verb) {
  const named = /^([a-z]+)[:=]/i.exec(word);
  if (named) return named[1].toLowerCase() === argument.name;
  const first = verb.arguments.find((one) => has(one, word));
  return first === argument;
}

function has(argument, word) {
  return argument.values.some((value) => value.toLowerCase() === word.toLowerCase());
}

function offersOf(argument, partial) {
  if (argument.named) return [{ insert: `${argument.name}:`, hint: argument.summary, open: true }]; // what follows is typed
  if (argument.values.length > MANY && !partial) return [];
  return best(argument.values.map((value) => ({ insert: value, hint: argument.summary })), partial);
}

// Those that begin with what was typed, then those that have it inside.
function best(offers, partial) {
  const wanted = partial.toLowerCase();
  const place = (offer) => offer.insert.toLowerCase().indexOf(wanted);
  const begin = offers.filter((offer) => place(offer) === 0);
  const inside = wanted.length > 1 ? offers.filter((offer) => place(offer) > 0) : [];
  return [...begin, ...inside].slice(0, SHOWN);
}
