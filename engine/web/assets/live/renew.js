// What is new is written over what is there, so that focus, choices and open details stay.
// Rules of this file: what the page itself has set (OURS) and times that run are left alone. Who has a key is known by it
// wherever it stands, and what is new is put between; what has none is known by its place.

const OURS = new Set(["open", "aria-selected", "tabindex", "hidden"]);

const keyOf = (node) => node.dataset?.key ?? (node.id || undefined);

function alike(old, fresh) {
  return old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
}

export function made(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  return fresh.content;
}

export function renew(old, fresh) {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  for (const node of [...old.childNodes]) if (keyOf(node) && !keys.has(keyOf(node))) node.remove();
  const byKey = [...old.children].filter(keyOf);
  let place = old.firstChild; // what stands where the next one is to stand
  for (const node of wanted) {
    const there = keyOf(node) ? taken(byKey, node) : place && !keyOf(place) ? place : null;
    if (keyOf(node) && there) while (place && place !== there && !keyOf(place)) place = dropped(place);
    if (there === place && there) place = place.nextSibling;
    else if (there) moved(old, there, place);
    if (!there) old.insertBefore(node, place);
    else if (!alike(there, node)) there.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) renewElement(there, node);
    else if (there.data !== node.data) there.data = node.data;
  }
  while (place) place = dropped(place);
}

function taken(byKey, node) {
  const at = byKey.findIndex((one) => keyOf(one) === keyOf(node));
  return at < 0 ? null : byKey.splice(at, 1)[0];
}

function moved(old, node, place) {
  const stood = node.contains(document.activeElement) ? document.activeElement : null;
  old.insertBefore(node, place);
  stood?.focus({ preventScroll: true });
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

export function renewElement(old, fresh) {
  for (const { name } of [...old.attributes]) if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (!old.matches("time[data-since], time[data-until]")) renew(old, fresh);
}
