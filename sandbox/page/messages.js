// The list of messages of a channel or direct message, kept in place while it changes.

import { avatar, whoIs } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { add, fill, h } from "./dom.js";
import { openMenu } from "./float.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { act, state } from "./state.js";
import { clock, dayKey, dayName, full } from "./time.js";
import { usesOf } from "./surface.js";
import { toast } from "./toast.js";

const TOGETHER = 5 * 60;

export class MessageList {
  // `onReply(message)` starts an answer in a thread.
  constructor({ onReply }) {
    this.onReply = onReply;
    this.rows = h("div", { class: "rows" });
    this.node = h("div", { class: "messages", role: "log", "aria-label": "Messages", "aria-live": "polite", "aria-relevant": "additions", tabIndex: 0 }, this.rows);
    this.nodes = new Map();
    this.openThreads = new Set();
    this.channel = null;
  }

  show(channel, empty) {
    const list = state.snap.messages[channel.id] || [];
    const fresh = this.channel !== `${state.viewer}/${channel.id}`;
    if (fresh) { this.nodes.clear(); this.channel = `${state.viewer}/${channel.id}`; }
    const near = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 120;
    const before = this.count;
    const parents = list.filter((one) => !one.thread_ts || one.thread_ts === one.ts || !list.some((other) => other.ts === one.thread_ts));
    const wanted = [];
    const seen = new Set();
    let last = null;
    for (const message of parents) {
      const ms = Number(message.ts) * 1000;
      if (!last || dayKey(ms) !== dayKey(Number(last.ts) * 1000)) {
        wanted.push(this.kept(`day-${dayKey(ms)}-${seen.size}`, dayName(ms), seen, () => h("div", { class: "day", role: "separator" }, h("span", {}, dayName(ms)))));
        last = null;
      }
      const replies = list.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
      const together = last && last.user === message.user && last.ephemeral === message.ephemeral && !replies.length && ms / 1000 - Number(last.ts) < TOGETHER && ms / 1000 >= Number(last.ts);
      wanted.push(this.row(message, { together, replies, seen }));
      last = message;
    }
    for (const key of this.nodes.keys()) if (!seen.has(key)) this.nodes.delete(key);
    place(this.rows, wanted.length ? wanted : [this.kept("empty", JSON.stringify([channel.id, state.snap.welcome]), seen, () => empty())]);
    this.count = list.length;
    if (fresh || (near && list.length !== before)) requestAnimationFrame(() => { this.node.scrollTop = this.node.scrollHeight; });
  }

  kept(key, content, seen, build) {
    seen.add(key);
    const old = this.nodes.get(key);
    if (old && old.content === content) return old.node;
    const node = build(old && old.node);
    this.nodes.set(key, { content, node });
    return node;
  }

  row(message, { together, replies, seen }) {
    const notice = state.snap.notices[message.surface];
    const inputs = state.snap.inputs[message.surface];
    const content = JSON.stringify([message, together, notice, inputs, replies, this.openThreads.has(message.ts), dayKey(Date.now() + state.offset), state.snap.people.length]);
    return this.kept(`m-${message.channel}-${message.ts}`, content, seen, (old) => {
      const focus = old && old.contains(document.activeElement) ? document.activeElement.dataset.actionId : null;
      const node = this.draw(message, { together, replies, notice });
      if (focus) requestAnimationFrame(() => { const again = node.querySelector(`[data-action-id="${CSS.escape(focus)}"]`); if (again) again.focus(); });
      return node;
    });
  }

  draw(message, { together, replies, notice }) {
    const who = whoIs(message.user);
    const ms = Number(message.ts) * 1000;
    const time = h("time", { class: "time", datetime: new Date(ms).toISOString(), title: full(ms) }, clock(ms));
    const use = usesOf(() => message);
    const body = message.blocks.length ? drawBlocks(message.blocks, use) : [h("div", { class: "text" }, mrkdwn(message.text))];
    const node = h("article", {
      class: ["message", together && "together", message.ephemeral && "ephemeral", message.failure && "failure"],
      data: { ts: message.ts, testid: "message" }, "aria-label": `${who.name}, ${clock(ms)}${message.ephemeral ? ", only visible to you" : ""}`,
    },
    message.ephemeral ? h("div", { class: "only-you" }, icon("eye", 14), "Only visible to you") : null,
    h("div", { class: "gutter" }, together ? time : avatar(message.user)),
    h("div", { class: "content" },
      together ? null : h("div", { class: "byline" }, h("strong", { class: "name" }, who.name), who.app || who.bot ? h("span", { class: "badge" }, "APP") : null, time),
      body,
      message.files.map((file) => h("a", { class: "file", href: `/sandbox/file/${file.id}`, download: file.name, data: { testid: "file" } }, h("strong", {}, file.title), h("span", {}, `${Math.ceil(file.size / 1024)} KB`))),
      message.edited ? h("span", { class: "edited" }, "(edited)") : null,
      notice ? h("div", { class: "notice", role: "alert" }, icon("warn", 14), notice) : null,
      replies.length ? this.thread(message, replies) : null));
    if (!message.ephemeral) node.append(this.tools(message));
    return node;
  }

  tools(message) {
    const button = h("button", { type: "button", class: "icon-button", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false",
      on: { click: () => openMenu(button, [
        { label: "Reply in thread", icon: icon("reply"), run: () => this.onReply(message) },
        ...state.snap.shortcuts.filter((one) => one.type === "message").map((one) => ({
          label: one.name, note: state.snap.app.name, icon: icon("bolt"),
          run: async () => {
            const told = await act("message-shortcut", { callback_id: one.callback_id, channel: message.channel, message_ts: message.ts });
            if (told && told.failure) toast(told.failure, "error");
          },
        })),
      ], { label: "Message actions" }) } }, icon("dots"));
    return h("div", { class: "tools", role: "group", "aria-label": "Message tools" },
      h("button", { type: "button", class: "icon-button", "aria-label": "Reply in thread", on: { click: () => this.onReply(message) } }, icon("reply")), button);
  }

  thread(message, replies) {
    const open = this.openThreads.has(message.ts);
    const words = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
    const node = h("div", { class: "thread" },
      h("button", { type: "button", class: "thread-open", "aria-expanded": String(open), on: { click: () => {
        if (open) this.openThreads.delete(message.ts); else this.openThreads.add(message.ts);
        dispatchEvent(new CustomEvent("redraw"));
      } } }, avatar(replies[0].user, 20), words, icon("chevron", 12)));
    if (open) add(node, replies.map((one) => this.draw(one, { together: false, replies: [], notice: state.snap.notices[one.surface] })));
    return node;
  }
}

// Make `parent` hold exactly these nodes, moving none that is in place.
function place(parent, nodes) {
  const wanted = new Set(nodes);
  [...parent.children].forEach((node) => { if (!wanted.has(node)) node.remove(); });
  nodes.forEach((node, at) => { if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] || null); });
}

export function emptyPlace(title, words, hint) {
  return fill(h("div", { class: "empty" }), h("h2", {}, title), h("p", {}, words), hint ? h("div", { class: "welcome" }, icon("bolt", 20), h("div", {}, mrkdwn(hint))) : null);
}
