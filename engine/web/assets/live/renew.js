// What is new is written over what is there, so that focus, choices and open details stay.
// Rule of this file: what the page itself has set (OURS) and times that run are left alone.

const OURS = new Set(["open", "aria-selected", "tabindex", "hidden"]);

function alike(old, fresh) {
  const key = (node) => node.dataset?.key ?? node.id;
  return old.nodeName === fresh.nodeName && key(old) === key(fresh);
}

export function made(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  return fresh.content;
}

export function renew(old, fresh) {
  const [there, wanted] = [[...old.childNodes], [...fresh.childNodes]];
  wanted.forEach((node, n) => {
    if (n >= there.length) old.append(node);
    else if (!alike(there[n], node)) there[n].replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) renewElement(there[n], node);
    else if (there[n].data !== node.data) there[n].data = node.data;
  });
  for (const node of there.slice(wanted.length)) node.remove();
}

export function renewElement(old, fresh) {
  for (const { name } of [...old.attributes]) if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (!old.matches("time[data-since], time[data-until]")) renew(old, fresh);
}
