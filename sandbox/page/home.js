// The app: its Home tab, its messages, and a word about it.

import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { state } from "./state.js";
import { usesOf } from "./surface.js";

export class Home {
  constructor() {
    this.node = h("div", { class: "home", role: "tabpanel", "aria-labelledby": "tab-home", tabIndex: 0, data: { testid: "home" } });
    this.key = "";
    this.use = usesOf(() => state.snap.home);
  }

  show() {
    const view = state.snap.home;
    const busy = state.snap.busy.includes("home");
    this.node.setAttribute("aria-busy", String(busy && !view));
    const key = JSON.stringify([state.viewer, view && [view.hash, view.failure], view ? null : busy, view && state.snap.inputs[view.surface]]);
    if (key === this.key) return;
    const focus = this.node.contains(document.activeElement) ? document.activeElement.closest("[data-action-id]") : null;
    const scroll = this.node.scrollTop;
    this.key = key;
    fill(this.node, h("div", { class: "home-inner" }, view
      ? [view.failure ? h("div", { class: "banner", role: "alert" }, icon("warn", 16), view.failure) : null, drawBlocks(view.blocks, this.use)]
      : h("div", { class: "empty" }, avatar(state.snap.app.user_id, 64),
        h("h2", {}, busy ? `${state.snap.app.name} is getting your Home ready` : `This is the Home of ${state.snap.app.name}`),
        h("p", {}, busy ? h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")) : "Nothing has been published for you yet."))));
    this.node.scrollTop = scroll;
    const again = focus && this.node.querySelector(`[data-block-id="${CSS.escape(focus.dataset.blockId)}"][data-action-id="${CSS.escape(focus.dataset.actionId)}"]`);
    if (again) again.focus();
  }
}

export function about() {
  const app = state.snap.app;
  const list = (title, rows) => (rows.length ? [h("h3", {}, title), h("dl", {}, rows.map(([name, note, words]) => [h("dt", {}, name, note ? h("span", { class: "usage" }, ` ${note}`) : null), h("dd", {}, words)]))] : null);
  return h("div", { class: "home", role: "tabpanel", "aria-labelledby": "tab-about", tabIndex: 0 }, h("div", { class: "home-inner about" },
    h("div", { class: "about-top" }, avatar(app.user_id, 72), h("div", {}, h("h2", {}, app.name), h("p", {}, app.description))),
    h("p", {}, mrkdwn(app.about)),
    list("Slash commands", state.snap.commands.map((one) => [one.name, one.usage_hint, one.description])),
    list("Shortcuts", state.snap.shortcuts.map((one) => [one.name, one.type === "global" ? "everywhere" : "on a message", one.description]))));
}
