// The server's clock as this browser knows it, and the countdowns that follow it.

const SPOKEN_AT = [30, 10]; // seconds left

export class Clock {
  #offset = 0;
  #best = Infinity;

  // A guess without a round trip; the first measured answer replaces it.
  guess(now) {
    this.#offset = now - Date.now();
    this.#best = Infinity;
  }

  // The quickest round trip tells the time best.
  learn(sent, now) {
    const trip = Date.now() - sent;
    if (trip < 0 || trip > this.#best) return;
    this.#best = trip;
    this.#offset = now + trip / 2 - Date.now();
  }

  now() {
    return Date.now() + this.#offset;
  }
}

export class Countdowns {
  constructor(clock, say) {
    this.clock = clock;
    this.say = say;
    this.spoken = new WeakMap();
    setInterval(() => this.tick(document), 250);
  }

  tick(root) {
    for (const line of root.querySelectorAll(".countdown")) this.#show(line);
  }

  #show(line) {
    const left = Math.max(0, Math.ceil((Date.parse(line.dataset.until) - this.clock.now()) / 1000));
    if (line.dataset.seconds === String(left)) return;
    const before = line.dataset.seconds === undefined ? Infinity : Number(line.dataset.seconds);
    line.dataset.seconds = left;
    line.querySelector(".left").textContent = left ? `${written(left)} left` : "Time is up";
    line.classList.toggle("soon", left > 0 && left <= 10);
    line.classList.toggle("over", left === 0);
    if (before === Infinity) line.querySelector("time").textContent = `until ${local(line.dataset.until)}`;
    this.#speak(line, before, left);
  }

  #speak(line, before, left) {
    const seen = line.offsetParent !== null && before !== Infinity;
    const mark = SPOKEN_AT.find((at) => left <= at && before > at && left > at - 5);
    if (seen && mark) this.say(`${mark} seconds left`);
  }
}

function written(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}

function local(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
