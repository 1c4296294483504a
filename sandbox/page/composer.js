// Where people write: messages, slash commands with suggestions, and the shortcuts menu.

import { fill, h, uid } from "./dom.js";
import { openMenu } from "./float.js";
import { icon } from "./icons.js";
import { act, state } from "./state.js";
import { toast } from "./toast.js";

export class Composer {
  constructor() {
    this.channel = null;
    this.replyTo = null;
    this.drafts = new Map();
    const list = uid("commands");
    this.field = h("textarea", {
      class: "composer-field", rows: 1, id: "composer", "aria-label": "Message", spellcheck: "true",
      role: "combobox", "aria-expanded": "false", "aria-controls": list, "aria-autocomplete": "list",
      on: { input: () => this.typed(), keydown: (event) => this.key(event), blur: () => setTimeout(() => this.suggest([]), 150) },
    });
    this.list = h("ul", { class: "suggestions", role: "listbox", id: list, "aria-label": "Slash commands", hidden: true });
    this.replying = h("div", { class: "replying", hidden: true });
    this.busy = h("div", { class: "busy", role: "status", "aria-live": "polite" });
    this.lightning = h("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => this.shortcuts() } }, icon("bolt"));
    this.sender = h("button", { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", on: { click: () => this.send() } }, icon("send", 16));
    this.note = h("div", { class: "composer-note" });
    this.box = h("div", { class: "composer-box" }, this.list, this.replying, this.field,
      h("div", { class: "composer-bar" }, this.lightning, h("span", { class: "composer-hint" }, "Type ", h("kbd", {}, "/"), " for commands"), this.sender));
    this.node = h("div", { class: "composer" }, this.busy, this.box, this.note);
    this.found = [];
    this.active = 0;
  }

  show(channel, { title, closed }) {
    const key = `${state.viewer}/${channel.id}`;
    if (this.key_ !== key) {
      if (this.key_) this.drafts.set(this.key_, this.field.value);
      this.key_ = key;
      this.field.value = this.drafts.get(key) || "";
      this.reply(null);
      this.suggest([]);
      this.grow();
    }
    this.channel = channel;
    this.field.placeholder = `Message ${title}`;
    this.field.setAttribute("aria-label", `Message ${title}`);
    this.box.hidden = Boolean(closed);
    fill(this.note, closed || null);
    this.note.hidden = !closed;
    this.sender.classList.toggle("ready", Boolean(this.field.value.trim()));
    requestAnimationFrame(() => this.grow());
    const waiting = state.snap.busy.filter((one) => one.startsWith("/") || one.startsWith("shortcut"));
    const words = waiting.length ? `${state.snap.app.name} is working on ${waiting[0].startsWith("/") ? waiting[0] : "the shortcut"}` : "";
    if (this.busy.textContent !== words) fill(this.busy, words ? [words, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"))] : null);
  }

  reply(message) {
    this.replyTo = message;
    this.replying.hidden = !message;
    if (!message) return;
    fill(this.replying, icon("reply", 14), h("span", {}, "Replying in a thread"), h("button", { type: "button", class: "icon-button small", "aria-label": "Stop replying", on: { click: () => { this.reply(null); this.field.focus(); } } }, icon("x", 12)));
    this.field.focus();
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 220)}px`;
  }

  typed() {
    this.grow();
    this.sender.classList.toggle("ready", Boolean(this.field.value.trim()));
    const word = /^\/\S*$/.exec(this.field.value);
    this.suggest(word ? state.snap.commands.filter((one) => one.name.startsWith(word[0])) : []);
    if (/^\/\S+\s/.test(this.field.value)) this.hintFor(this.field.value.split(/\s/)[0]);
  }

  hintFor(name) {
    const command = state.snap.commands.find((one) => one.name === name);
    this.field.title = command ? `${command.name} ${command.usage_hint}` : "";
  }

  suggest(found) {
    this.found = found;
    this.active = 0;
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(Boolean(found.length)));
    fill(this.list, found.map((one, at) => h("li", {
      role: "option", id: `command-${at}`, "aria-selected": String(at === 0), class: at === 0 ? "active" : "",
      on: { pointerdown: (event) => { event.preventDefault(); this.complete(one); } },
    }, h("span", { class: "suggestion-app", style: { background: state.snap.app.colour } }, state.snap.app.name[0]),
    h("span", {}, h("span", { class: "suggestion-line" }, h("strong", {}, one.name), " ", h("span", { class: "usage" }, one.usage_hint)), h("small", {}, one.description)))));
    if (found.length) this.field.setAttribute("aria-activedescendant", "command-0");
    else this.field.removeAttribute("aria-activedescendant");
  }

  mark(at) {
    this.active = (at + this.found.length) % this.found.length;
    [...this.list.children].forEach((node, index) => {
      node.classList.toggle("active", index === this.active);
      node.setAttribute("aria-selected", String(index === this.active));
    });
    this.field.setAttribute("aria-activedescendant", `command-${this.active}`);
  }

  complete(command) {
    this.field.value = `${command.name} `;
    this.suggest([]);
    this.typed();
    this.field.focus();
  }

  key(event) {
    if (this.found.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); this.mark(this.active + step); return; }
      const exact = this.found[this.active].name === this.field.value;
      if (event.key === "Tab" || (event.key === "Enter" && !exact)) { event.preventDefault(); this.complete(this.found[this.active]); return; }
      if (event.key === "Escape") { event.preventDefault(); this.suggest([]); return; }
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    if (event.key === "Escape" && this.replyTo) this.reply(null);
  }

  async send() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.suggest([]);
    this.typed();
    const body = { channel: this.channel.id, text };
    if (text.startsWith("/")) { await act("command", body); return; }
    if (this.replyTo) body.thread_ts = this.replyTo.thread_ts || this.replyTo.ts;
    const done = await act("say", body);
    if (!done) { this.field.value = text; this.typed(); }
    this.reply(null);
  }

  shortcuts() {
    const global = state.snap.shortcuts.filter((one) => one.type === "global");
    if (!global.length) { toast(`${state.snap.app.name} has no shortcuts.`); return; }
    openMenu(this.lightning, global.map((one) => ({
      label: one.name, note: one.description, icon: icon("bolt"),
      run: async () => {
        const told = await act("shortcut", { callback_id: one.callback_id });
        if (told && told.failure) toast(told.failure, "error");
      },
    })), { label: "Shortcuts", place: "above" });
  }
}
