// What the browser keeps for us; where it keeps nothing, we go on without.

export function recall(storage, key, otherwise) {
  try {
    return JSON.parse(window[storage].getItem(`torchproof-${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(storage, key, value) {
  try {
    window[storage].setItem(`torchproof-${key}`, JSON.stringify(value));
  } catch {
    // full, or forbidden by the browser's settings
  }
}
