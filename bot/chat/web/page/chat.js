// The page: channels, the line to the server, and what a press on a card does.

import { Clock, Countdowns } from "./clock.js";
import { Composer } from "./composer.js";
import { Live, name } from "./live.js";
import { Log, firstControl, make, markScrollable } from "./log.js";
import { keep, recall } from "./memory.js";

const $ = (id) => document.getElementById(id);
const TYPED = "input:not([type=checkbox])";
const logs = new Map();
const clock = new Clock();
const countdowns = new Countdowns(clock, announce);
const read = recall("localStorage", "read", {});
const reacted = new Set(recall("localStorage", "reacted", []));
let here = null;
let verbs = [];

const live = new Live({
  welcome(frame) {
    clock.guess(frame.now);
    verbs = frame.verbs;
    composer.learn(verbs);
    $("me").textContent = frame.admin ? `${frame.name} (owner)` : frame.name;
    furnish(frame.channels);
    if (frame.anew) logs.forEach((log) => log.clear());
  },
  past(frame) {
    const log = logs.get(frame.channel);
    const first = !log.notes.size;
    log.past(frame.notes, frame.more);
    if (first) read[log.channel] = Math.min(read[log.channel] ?? log.newest, log.newest); // what was before me is not news
    count(log, frame.notes);
    markChannels();
  },
  notes(frame) {
    frame.notes.forEach(arrive);
    markChannels();
  },
  done: settle,
  refused(frame, act) {
    settle();
    trouble(frame.text);
    if (act?.kind === "line" && !composer.box.value) composer.fill(act.text);
  },
  trouble: (frame) => trouble(frame.text),
  clock: (frame) => clock.learn(frame.sent, frame.now),
  state: showState,
});

const composer = new Composer($("composer"), { send: say, announce });

function say(text) {
  if (!here) return false;
  here.stuck = true;
  live.act({ kind: "line", channel: here.channel, text });
  showState(live.open ? "open" : "closed");
  return true;
}

// Channels

function furnish(channels) {
  for (const channel of channels) {
    if (logs.has(channel)) continue;
    const log = new Log(channel, { shown, announce, earlier, scrolled, waitingFor, asked });
    log.empty.append(...welcome(channel));
    logs.set(channel, log);
    $("logs").append(log.element);
    const link = make("a", { href: `#${encodeURIComponent(channel)}` });
    link.append(make("span", { "aria-hidden": "true", class: "hash" }, "#"), make("span", {}, channel), make("span", { class: "count" }));
    const item = document.createElement("li");
    item.append(link);
    $("channels").append(item);
    log.link = link;
  }
  enter();
}

function welcome(channel) {
  const starts = ["/challenge", "/practice", "/pack", "/help"].filter((line) => verbs.some((verb) => `/${verb.name}` === line));
  const buttons = make("div", { class: "buttons" });
  for (const line of starts) {
    const button = make("button", { type: "button" }, line);
    button.onclick = () => say(line);
    buttons.append(button);
  }
  const title = make("p", { class: "empty-title" }, `This is the beginning of ${channel}.`);
  return [title, make("p", {}, "Ask everyone a question, practise alone, or take a whole pack."), buttons];
}

function enter() {
  let wanted = "";
  try {
    wanted = decodeURIComponent(location.hash.slice(1));
  } catch {
    wanted = "";
  }
  const log = logs.get(wanted) || here || logs.values().next().value;
  if (log && log !== here) visit(log);
}

function visit(log) {
  logs.forEach((one) => one.show(one === log));
  here = log;
  $("here").textContent = `# ${log.channel}`;
  log.stuck = true;
  log.settle();
  scrolled(log);
  markChannels();
}

addEventListener("hashchange", enter);

function arrive(note) {
  const log = logs.get(note.channel);
  if (!log) return;
  if ((note.mine || note.private) && !log.notes.has(note.id)) log.stuck = true; // what answers me, I see
  const isNew = log.take(note);
  if (isNew) count(log, [note]);
  if (isNew && log === here && !log.stuck) $("down").hidden = false;
  if (isNew && note.bot) lead(log.notes.get(note.id).article, note);
}

// Whoever pressed by keyboard is led on to what the answer asks of them; where it asks nothing they stay. What is for
// everyone is not begun or stopped by a key pressed twice: there the card itself gets the focus.
function lead(answer, note) {
  const from = document.activeElement?.closest("article");
  if (!from || !waitingFor(from) || !document.activeElement.matches(":focus-visible")) return;
  const next = note.private ? firstControl(answer) : answer;
  next?.focus({ preventScroll: true });
}

function count(log, notes) {
  if (log === here && !document.hidden) return seen(log);
  log.unread = [...log.notes.keys()].filter((id) => id > (read[log.channel] || 0)).length;
  for (const note of notes) if (note.mine && note.id === log.newest) seen(log);
}

function seen(log) {
  log.unread = 0;
  if ((read[log.channel] || 0) >= log.newest) return;
  read[log.channel] = log.newest;
  keep("localStorage", "read", read);
}

function markChannels() {
  if (here && !document.hidden) seen(here);
  let all = 0;
  for (const log of logs.values()) {
    all += log.unread;
    if (log === here) log.link.setAttribute("aria-current", "page");
    else log.link.removeAttribute("aria-current");
    log.link.classList.toggle("unread", log.unread > 0);
    const badge = log.link.querySelector(".count");
    badge.textContent = log.unread ? (log.unread > 99 ? "99+" : String(log.unread)) : "";
    if (log.unread) badge.append(make("span", { class: "unseen" }, " unread"));
  }
  document.title = `${all ? `(${all}) ` : ""}${here ? `#${here.channel} · ` : ""}Torchproof`;
}

document.addEventListener("visibilitychange", () => logs.size && markChannels());

function earlier(channel, before) {
  live.ask({ kind: "earlier", channel, before });
}

function scrolled(log) {
  if (log === here && log.stuck) $("down").hidden = true;
}

$("down").onclick = () => {
  here.bottom();
  here.element.focus();
};

// Cards

function shown(article) {
  countdowns.tick(article);
  for (const chip of article.querySelectorAll("[data-emoji]")) {
    chip.setAttribute("aria-pressed", String(reacted.has(`${article.dataset.id} ${chip.dataset.emoji}`)));
  }
  if (waitingFor(article)) article.setAttribute("aria-busy", "true");
}

function waitingFor(article) {
  return [...live.acts.values()].some((act) => act.message === article.dataset.id);
}

function asked(channel) {
  return [...live.acts.values()].some((act) => act.channel === channel);
}

// One press of a card at a time: a second click while the first is on its way is the same click.
function press(element, kind, rest) {
  const article = element.closest("article");
  if (waitingFor(article)) return false;
  live.act({ kind, channel: here.channel, message: article.dataset.id, ...rest });
  article.setAttribute("aria-busy", "true");
  element.classList.add("waiting");
  if (!live.open) showState("closed");
  return true;
}

function settle() {
  for (const article of document.querySelectorAll("article[aria-busy]")) {
    if (waitingFor(article)) continue;
    article.removeAttribute("aria-busy");
    const field = document.activeElement;
    if (article.contains(field) && field.matches(TYPED)) field.select(); // the next try replaces this one
    for (const element of article.querySelectorAll(".waiting")) element.classList.remove("waiting");
  }
}

function react(chip) {
  const added = chip.getAttribute("aria-pressed") !== "true";
  if (!press(chip, "reaction", { emoji: chip.dataset.emoji, added })) return;
  chip.setAttribute("aria-pressed", String(added));
  const mark = `${chip.closest("article").dataset.id} ${chip.dataset.emoji}`;
  if (added) reacted.add(mark);
  else reacted.delete(mark);
  keep("localStorage", "reacted", [...reacted].slice(-500));
}

$("logs").addEventListener("click", (event) => {
  const target = event.target.closest("button");
  if (!target) return;
  if (target.dataset.copy !== undefined) copy(target);
  else if (target.dataset.run) press(target, "run", { block: target.dataset.run });
  else if (target.dataset.emoji) react(target);
  else if (target.dataset.action) press(target, "press", { action: target.dataset.action, values: [] });
});

$("logs").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.elements.file) return handOver(form);
  const values = new FormData(form).getAll("value").map((value) => value.trim()).filter(Boolean);
  if (!values.length) return trouble(form.matches(".choice") ? "Tick at least one box first." : "Type your answer first.");
  press(form, "press", { action: form.dataset.action, values });
});

// A file goes by a road of its own, and is not kept for later: its answer comes like any other.
async function handOver(form) {
  const file = form.elements.file.files[0];
  const article = form.closest("article");
  if (!file || article.ariaBusy === "true") return file || trouble("Choose a file first.");
  if (file.size > Number(form.elements.file.dataset.most)) return trouble("That file is too large.");
  article.ariaBusy = "true";
  const about = { id: name(), channel: here.channel, message: article.dataset.id, action: form.dataset.action };
  try {
    const answer = await fetch(`/files?${new URLSearchParams(about)}`, { method: "POST", body: file });
    if (!answer.ok) trouble(await answer.text());
  } catch {
    trouble("The file did not get through. Send it again when the line is back.");
  }
  article.ariaBusy = null;
}

// Inside a card, a letter goes to the answer of that letter; Enter or Space then gives it.
$("logs").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.target.matches(TYPED)) return;
  const letter = CSS.escape(event.key.toUpperCase());
  const answer = event.target.closest("article")?.querySelector(`[data-letter="${letter}"]`);
  if (!answer || event.key === " ") return;
  event.preventDefault();
  answer.focus();
});

// A key that is held down presses once: repeats would play whole questions away.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ") && event.target.closest("button")) event.preventDefault();
  },
  true,
);

async function copy(button) {
  const code = button.closest("figure").querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
    getSelection().removeAllRanges();
  }
  button.textContent = "Copied";
  announce("Copied");
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

// What is said beside the messages

let saying = 0;

function announce(text) {
  clearTimeout(saying);
  $("said").textContent = "";
  setTimeout(() => ($("said").textContent = text), 50);
  saying = setTimeout(() => ($("said").textContent = ""), 8000); // nobody who looks around finds old news
}

let hushed = 0;

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = false;
  clearTimeout(hushed);
  hushed = setTimeout(() => ($("trouble").hidden = true), 8000);
}

const CROWDED = "Too many windows are open. Close some, and this one opens.";
let late = 0;

function showState(state) {
  clearTimeout(late);
  document.body.classList.toggle("offline", state !== "open");
  if (state === "open") $("state").textContent = "";
  else late = setTimeout(() => ($("state").textContent = state === "crowded" ? CROWDED : waiting()), 400);
}

function waiting() {
  return live.acts.size ? "Reconnecting… What you did is kept and will be sent." : "Reconnecting…";
}

$("skip").onclick = (event) => {
  event.preventDefault();
  composer.box.focus();
};
$("leave").onclick = () => $("leaving").showModal();
$("stay").onclick = () => $("leaving").close();
addEventListener("resize", () => here && markScrollable(here.element));

live.connect();
if (matchMedia("(pointer: fine)").matches) composer.box.focus(); // elsewhere a keyboard would cover the page
