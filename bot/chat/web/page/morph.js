// Changes one tree into another and keeps the nodes that are in both, with their focus, selection, half-typed answer
// and scroll position.

export function morph(current, wanted) {
  if (current.isEqualNode(wanted)) return;
  if (current.nodeType !== Node.ELEMENT_NODE) current.nodeValue = wanted.nodeValue;
  else if (!current.dataset.until) { // a countdown to the same instant is running already
    morphAttributes(current, wanted);
    morphChildren(current, wanted);
  }
}

function morphAttributes(current, wanted) {
  for (const name of current.getAttributeNames()) if (!wanted.hasAttribute(name)) current.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (current.getAttribute(name) !== value) current.setAttribute(name, value);
}

function morphChildren(current, wanted) {
  const left = [...current.childNodes];
  for (const child of [...wanted.childNodes]) {
    const same = left.findIndex((one) => isAlike(one, child));
    if (same < 0) {
      current.insertBefore(child, left[0] ?? null);
      continue;
    }
    left.splice(0, same).forEach((gone) => gone.remove());
    morph(left.shift(), child);
  }
  left.forEach((gone) => gone.remove());
}

// A control is the same only if it does the same.
function isAlike(one, other) {
  return one.nodeName === other.nodeName && purpose(one) === purpose(other);
}

function purpose({ dataset, type, value }) {
  const given = dataset ?? {};
  return given.action ?? given.emoji ?? given.until ?? given.run ?? (type === "checkbox" ? value : "");
}
