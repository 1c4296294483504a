// Builds DOM nodes. Text always becomes a text node, so nothing that came from data is ever read as HTML.

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
    else if (name === "on") for (const [type, run] of Object.entries(value)) node.addEventListener(type, run);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else if (name in PROPERTIES) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

const PROPERTIES = { value: 1, checked: 1, disabled: 1, tabIndex: 1, htmlFor: 1 };

export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

let counter = 0;
export const uid = (word) => `${word}-${++counter}`;

// Keep a child of `parent` for as long as `key` stays the same; build it anew when it changes.
export function keep(parent, name, key, build) {
  const kept = (parent.kept ||= new Map());
  const old = kept.get(name);
  if (old && old.key === key && old.node.parentNode === parent) return old.node;
  const node = build(old && old.node);
  if (old && old.node.parentNode === parent) old.node.replaceWith(node);
  else parent.append(node);
  kept.set(name, { key, node });
  return node;
}
