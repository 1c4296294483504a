// The clock: shows sandbox time in the viewer's zone and moves it.

import { fill, h } from "./dom.js";
import { openFloat } from "./float.js";
import { icon } from "./icons.js";
import { me, moveClock, now, state } from "./state.js";
import { clock, shortDay, wall, zoneName } from "./time.js";

export class ClockButton {
  constructor() {
    this.words = h("span", { class: "clock-words", data: { testid: "clock" } });
    this.node = h("button", { type: "button", class: "clock-button", "aria-haspopup": "dialog", "aria-expanded": "false", on: { click: () => this.open() } }, icon("clock", 16), this.words);
    setInterval(() => state.snap && this.show(), 1000);
  }

  show() {
    const moved = state.snap.clock_moved;
    const words = `${shortDay(now())}, ${clock(now())}`;
    const key = `${words}|${me().zone}|${moved}`;
    if (this.key === key) return;
    this.key = key;
    this.node.classList.toggle("moved", moved);
    this.node.setAttribute("aria-label", `Sandbox time: ${words} in ${zoneName(me().zone)}${moved ? ", moved" : ""}. Change it`);
    fill(this.words, h("strong", {}, words), h("span", { class: "zone" }, zoneName(me().zone)), moved ? h("span", { class: "moved-tag" }, "moved") : null);
  }

  open() {
    const zone = me().zone;
    const problem = h("div", { class: "problem", role: "alert", hidden: true });
    const go = async (body) => {
      try { await moveClock({ zone, ...body }); problem.hidden = true; handle.close(); this.node.focus(); }
      catch (error) { problem.hidden = false; fill(problem, icon("warn", 14), error.message); handle.put(); }
    };
    const jump = (label, to) => h("button", { type: "button", class: "button", on: { click: () => go({ to }) } }, label);
    const words = h("input", { class: "field", type: "text", placeholder: "tomorrow 07:59", id: "clock-phrase", autocomplete: "off" });
    const zones = h("select", { class: "field", id: "clock-zone" }, zoneNames(zone).map((one) => h("option", { value: one }, one)));
    zones.value = zone;
    const exact = h("input", { class: "field", type: "datetime-local", id: "clock-exact", value: wall(now()) });
    const panel = h("div", { class: "float clock-panel", role: "dialog", "aria-label": "Move the clock" },
      h("h2", {}, "Move the clock"),
      h("p", { class: "muted" }, "The app and this workspace go by this time. Everybody here sees it move."),
      h("div", { class: "jumps" }, jump("+1 hour", "+1h"), jump("Tomorrow 07:59", "tomorrow 07:59"), jump("Next Monday 08:00", "next monday 08:00")),
      h("form", { class: "clock-form", on: { submit: (event) => { event.preventDefault(); go({ to: words.value }); } } },
        h("label", { class: "label", htmlFor: "clock-phrase" }, "In words"), h("div", { class: "row" }, words, h("button", { type: "submit", class: "button primary" }, "Go"))),
      h("form", { class: "clock-form", on: { submit: (event) => { event.preventDefault(); go({ to: exact.value, zone: zones.value }); } } },
        h("label", { class: "label", htmlFor: "clock-exact" }, "Date and time"), exact,
        h("label", { class: "label", htmlFor: "clock-zone" }, "in the zone"), h("div", { class: "row" }, zones, h("button", { type: "submit", class: "button primary" }, "Set"))),
      problem,
      h("button", { type: "button", class: "button wide", disabled: !state.snap.clock_moved, on: { click: () => go({ reset: true }) } }, "Back to real time"));
    const handle = openFloat(this.node, panel);
    words.focus();
  }
}

function zoneNames(mine) {
  const used = new Set([mine, ...state.snap.people.map((one) => one.zone), "UTC"]);
  const all = Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : [];
  return [...used, ...all.filter((one) => !used.has(one))];
}
