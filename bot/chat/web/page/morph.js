// Makes what stands look like what is new, and leaves alone what is the same in both: whoever has the focus, a
// selection, a half-typed answer or a scrolled place in it keeps it.

export function graft(stands, wanted) {
  if (stands.isEqualNode(wanted)) return;
  if (stands.nodeType !== Node.ELEMENT_NODE) stands.nodeValue = wanted.nodeValue;
  else if (!stands.dataset.until) { // a countdown to the same instant is running already
    graftAttributes(stands, wanted);
    graftChildren(stands, wanted);
  }
}

function graftAttributes(stands, wanted) {
  for (const name of stands.getAttributeNames()) if (!wanted.hasAttribute(name)) stands.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (stands.getAttribute(name) !== value) stands.setAttribute(name, value);
}

function graftChildren(stands, wanted) {
  const left = [...stands.childNodes];
  for (const child of [...wanted.childNodes]) {
    const same = left.findIndex((one) => isAlike(one, child));
    if (same < 0) {
      stands.insertBefore(child, left[0] ?? null);
      continue;
    }
    left.splice(0, same).forEach((gone) => gone.remove());
    graft(left.shift(), child);
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
