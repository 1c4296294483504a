// Panels that float beside a button: menus, option lists. In the top layer, so nothing clips them.

import { h } from "./dom.js";

let openOne = null;

export function closeFloat() { if (openOne) openOne.close(); }

// Open `panel` at `anchor`; returns a handle. Closes on Esc, on a click elsewhere and when focus leaves.
export function openFloat(anchor, panel, { onClose, matchWidth = false, place = "below" } = {}) {
  closeFloat();
  panel.setAttribute("popover", "manual");
  anchor.after(panel);
  panel.showPopover();
  const put = () => {
    const box = anchor.getBoundingClientRect();
    if (matchWidth) panel.style.minWidth = `${Math.max(box.width, 220)}px`;
    const width = panel.offsetWidth, height = panel.offsetHeight;
    const below = innerHeight - box.bottom - 8, above = box.top - 8;
    const goUp = place === "above" ? above >= Math.min(height, 160) || above > below : below < height && above > below;
    panel.style.maxHeight = `${Math.max(120, goUp ? above : below)}px`;
    panel.style.top = `${goUp ? Math.max(8, box.top - 4 - Math.min(height, above)) : box.bottom + 4}px`;
    panel.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  };
  const outside = (event) => { if (!panel.contains(event.target) && !anchor.contains(event.target)) handle.close(); };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    handle.close();
    anchor.focus();
  };
  const left = (event) => { if (event.relatedTarget && !panel.contains(event.relatedTarget) && !anchor.contains(event.relatedTarget)) handle.close(); };
  const handle = {
    panel, put,
    close() {
      if (openOne !== handle) return;
      openOne = null;
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", handle.close);
      document.removeEventListener("scroll", scrolled, true);
      panel.remove();
      anchor.setAttribute("aria-expanded", "false");
      if (onClose) onClose();
    },
  };
  const scrolled = (event) => { if (!panel.contains(event.target)) put(); };
  openOne = handle;
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  addEventListener("resize", handle.close);
  panel.addEventListener("keydown", keys);
  panel.addEventListener("focusout", left);
  put();
  return handle;
}

// A menu of lines. items: {label, note, icon, run, checked, danger}. Arrow keys, Home, End, Enter, Esc.
export function openMenu(anchor, items, { label, place } = {}) {
  const radio = items.some((one) => "checked" in one);
  const buttons = items.map((item) =>
    h("button", {
      type: "button", class: ["menu-line", item.danger && "danger"], tabIndex: -1,
      role: radio ? "menuitemradio" : "menuitem", "aria-checked": radio ? String(Boolean(item.checked)) : null,
      on: { click: () => { handle.close(); anchor.focus(); item.run(); } },
    }, item.icon, h("span", { class: "menu-words" }, h("span", {}, item.label), item.note ? h("small", {}, item.note) : null)));
  const panel = h("div", { class: "float menu", role: "menu", "aria-label": label }, buttons);
  panel.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Tab") { handle.close(); return; }
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
  const handle = openFloat(anchor, panel, { place });
  (buttons[items.findIndex((one) => one.checked)] || buttons[0]).focus();
  return handle;
}
