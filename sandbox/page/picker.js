// A select with a search field: one or several choices, listed or loaded while typing.

import { h, uid } from "./dom.js";
import { openFloat } from "./float.js";
import { icon } from "./icons.js";
import { textObject, wordsOf } from "./mrkdwn.js";

const WAIT = 250;

// options: [{text, value, description, group}], or load(query) -> the same, with `shortest` letters before it asks.
export function picker({ label, placeholder, options, load, shortest = 0, several = false, most = 100, chosen, onChoose }) {
  let held = several ? chosen.slice() : chosen ? [chosen] : [];
  const words = h("span", { class: "picker-words" });
  const button = h("button", {
    type: "button", class: "picker", "aria-haspopup": "listbox", "aria-expanded": "false", on: { click: () => open() },
  }, words, icon("chevron", 14));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); open(); }
    if (event.key === "Backspace" && held.length) { event.preventDefault(); choose(several ? held.slice(0, -1) : []); }
  });
  show();

  function show() {
    button.setAttribute("aria-label", `${label}: ${held.length ? held.map((one) => wordsOf(one.text)).join(", ") : placeholder}`);
    words.replaceChildren(...(held.length
      ? held.map((one) => (several ? h("span", { class: "chip" }, textObject(one.text)) : h("span", {}, textObject(one.text))))
      : [h("span", { class: "placeholder" }, placeholder)]));
  }

  function choose(next) {
    held = next;
    show();
    onChoose(several ? held : held[0] || null);
  }

  function open() {
    const list = uid("list");
    const box = h("ul", { class: "options", role: "listbox", id: list, "aria-label": label, "aria-multiselectable": several ? "true" : null });
    const hint = h("div", { class: "options-hint", role: "status" });
    const field = h("input", {
      type: "text", class: "options-search", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-expanded": "true", "aria-controls": list, "aria-autocomplete": "list", "aria-label": `Search ${label}`,
      placeholder: load ? "Type to search" : "Search",
    });
    const panel = h("div", { class: "float picker-panel" }, h("div", { class: "options-top" }, icon("search", 16), field), hint, box);
    const handle = openFloat(button, panel, { matchWidth: true });
    // Enter may be pressed before the answer to what was typed is there; then it picks from that answer.
    let shown = [], active = -1, timer = null, asked = 0, pending = false, wanted = false;

    const isHeld = (option) => held.some((one) => one.value === option.value);
    function mark(at) {
      active = shown.length ? (at + shown.length) % shown.length : -1;
      [...box.querySelectorAll("[role=option]")].forEach((node, index) => {
        node.classList.toggle("active", index === active);
        if (index === active) { field.setAttribute("aria-activedescendant", node.id); node.scrollIntoView({ block: "nearest" }); }
      });
    }
    function pick(option) {
      if (several) {
        const next = isHeld(option) ? held.filter((one) => one.value !== option.value) : [...held, option];
        if (next.length > most) { hint.textContent = `No more than ${most} can be chosen.`; return; }
        choose(next);
        draw(shown, hint.textContent);
        return;
      }
      handle.close();
      button.focus();
      choose([option]);
    }
    function draw(found, said) {
      shown = found;
      hint.textContent = said || "";
      hint.hidden = !said;
      let group = null;
      box.replaceChildren(...found.flatMap((option) => {
        const line = h("li", {
          role: "option", id: uid("option"), "aria-selected": String(isHeld(option)), data: { value: option.value },
          on: { pointerdown: (event) => event.preventDefault(), click: () => pick(option) },
        }, h("span", { class: "option-words" }, h("span", {}, textObject(option.text)), option.description ? h("small", {}, textObject(option.description)) : null),
        isHeld(option) ? icon("check", 14) : null);
        const head = option.group && option.group !== group ? h("li", { class: "option-group", role: "presentation" }, option.group) : null;
        group = option.group || null;
        return [head, line].filter(Boolean);
      }));
      mark(0);
      handle.put();
    }
    async function search() {
      const query = field.value.trim();
      if (!load) {
        const found = options.filter((one) => `${wordsOf(one.text)} ${wordsOf(one.description)}`.toLowerCase().includes(query.toLowerCase()));
        draw(found, found.length ? "" : "Nothing fits.");
        return;
      }
      if (query.length < shortest) { pending = false; draw([], `Type at least ${shortest} ${shortest === 1 ? "letter" : "letters"}.`); return; }
      const turn = ++asked;
      pending = true;
      draw([], "Loading …");
      panel.setAttribute("aria-busy", "true");
      const answer = await load(query);
      if (turn !== asked || !panel.isConnected) return;
      panel.removeAttribute("aria-busy");
      pending = false;
      draw(answer.options, answer.failure || (answer.options.length ? "" : "Nothing fits."));
      if (wanted && shown.length) pick(shown[active]);
    }
    field.addEventListener("input", () => {
      clearTimeout(timer);
      wanted = false;
      if (!load) { search(); return; }
      pending = true;
      timer = setTimeout(search, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(active - 1); }
      else if (event.key === "Enter") { event.preventDefault(); if (pending) wanted = true; else if (shown[active]) pick(shown[active]); }
      else if (event.key === "Tab") handle.close();
    });
    field.focus();
    search();
  }
  return button;
}
