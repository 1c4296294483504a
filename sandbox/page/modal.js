// The viewer's stack of modals as one dialog. Typed text survives updates; focus stays where it was.

import { drawBlocks, showProblem } from "./blocks.js";
import { fill, h } from "./dom.js";
import { closeFloat } from "./float.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { act, state } from "./state.js";
import { usesOf } from "./surface.js";

export class Modal {
  constructor() {
    this.node = h("dialog", { class: "modal", "aria-labelledby": "modal-title", data: { testid: "modal" } });
    this.node.addEventListener("cancel", (event) => { event.preventDefault(); if (event.target === this.node) this.close(false); });
    this.drawn = "";
    this.back = null;
    document.body.append(this.node);
  }

  show() {
    const stack = state.snap.views;
    const view = stack[stack.length - 1];
    if (!view) {
      if (this.node.open) { closeFloat(); this.node.close(); fill(this.node); this.drawn = ""; if (this.back && this.back.isConnected) this.back.focus(); }
      return;
    }
    this.view = view;
    const key = `${state.viewer}/${view.id}/${view.hash}/${stack.length}`;
    if (key !== this.drawn) this.draw(view, stack, key);
    for (const node of this.node.querySelectorAll(".block-input")) showProblem(node, view.errors[node.dataset.blockId]);
    this.banner.hidden = !view.failure;
    fill(this.banner, view.failure ? [icon("warn", 16), view.failure] : null);
    const wrong = Object.keys(view.errors).length ? JSON.stringify(view.errors) : "";
    if (wrong && wrong !== this.wrong) {
      const first = this.node.querySelector(".block-input.wrong input, .block-input.wrong textarea, .block-input.wrong button");
      if (first) first.focus();
    }
    this.wrong = wrong;
    const submitting = state.snap.busy.includes(`${view.id}/submit`);
    if (this.submit && !this.sending) this.working(submitting);
  }

  draw(view, stack, key) {
    const focus = this.node.contains(document.activeElement) ? document.activeElement : null;
    const again = focus && focus.closest("[data-action-id]");
    const same = this.drawn.split("/")[1] === view.id;
    const scroll = same && this.body ? this.body.scrollTop : 0;
    if (!this.node.open) this.back = document.activeElement;
    if (!same || !this.use) this.use = usesOf(() => this.view);
    this.drawn = key;
    closeFloat();
    this.banner = h("div", { class: "banner", role: "alert", hidden: true });
    this.body = h("div", { class: "modal-body", tabIndex: -1 }, this.banner, drawBlocks(view.blocks, this.use));
    this.submit = view.submit ? h("button", { type: "submit", class: "button primary" }, h("span", { class: "button-words" }, textObject(view.submit))) : null;
    const form = h("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); this.send(); } } },
      h("header", { class: "modal-head" },
        h("span", { class: "modal-app", "aria-hidden": "true", style: { background: state.snap.app.colour } }, state.snap.app.name[0]),
        h("h2", { id: "modal-title" }, textObject(view.title)),
        stack.length > 1 ? h("span", { class: "muted depth" }, `${stack.length} of 3`) : null,
        h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => this.close(true) } }, icon("x"))),
      this.body,
      h("footer", { class: "modal-foot" },
        h("button", { type: "button", class: "button", on: { click: () => this.close(false) } }, view.close ? textObject(view.close) : stack.length > 1 ? "Back" : view.submit ? "Cancel" : "Close"),
        this.submit));
    fill(this.node, form);
    if (!this.node.open) this.node.showModal();
    this.body.scrollTop = scroll;
    this.focus(again);
    // Enter in a single-line field sends a form; a field that dispatches uses Enter itself.
    this.wrong = "";
  }

  focus(again) {
    const named = again && this.node.querySelector(`[data-block-id="${CSS.escape(again.dataset.blockId)}"][data-action-id="${CSS.escape(again.dataset.actionId)}"]`);
    // A window to read begins at its top: only a field takes the focus by itself, no button further down.
    const target = named ? (named.matches("input, textarea, button") ? named : named.querySelector("input, textarea, button"))
      : this.node.querySelector("[autofocus]") || this.body.querySelector("input:not([type=hidden]), textarea, .block-input .picker") || this.submit || this.node.querySelector(".modal-foot button");
    if (target) target.focus({ preventScroll: !named });
  }

  working(on) {
    if (!this.submit) return;
    this.submit.setAttribute("aria-busy", String(on));
    this.submit.disabled = on;
  }

  async send() {
    if (!this.submit || this.sending) return;
    this.sending = true;
    this.working(true);
    await this.use.flush();
    await act("submit");
    this.sending = false;
    this.working(false);
  }

  async close(everything) {
    await this.use.flush();
    await act("close", { everything });
  }
}
