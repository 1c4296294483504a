// The workspace's left side: channels, the app, direct messages, mail; and who is new where.

import { avatar } from "./avatar.js";
import { h, keep } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./state.js";

const store = window.localStorage;
const lastRead = (channel) => Number(store.getItem(`sandbox.read.${state.snap.team.id}.${state.viewer}.${channel}`) || 0);

export function markRead(channel) {
  const list = state.snap.messages[channel] || [];
  if (!list.length || document.hidden) return;
  const last = Math.max(...list.map((one) => Number(one.ts)));
  if (last > lastRead(channel)) store.setItem(`sandbox.read.${state.snap.team.id}.${state.viewer}.${channel}`, String(last));
}

function unread(channel) {
  const since = lastRead(channel);
  return (state.snap.messages[channel] || []).filter((one) => Number(one.ts) > since && one.user !== state.viewer).length;
}

export class Sidebar {
  constructor() {
    this.node = h("nav", { class: "sidebar", id: "sidebar", "aria-label": "Workspace" });
    this.body = h("div", { class: "sidebar-body" });
    this.node.append(this.body);
  }

  show(route) {
    const { app, channels, mail, has_mail, team, link } = state.snap;
    const line = (href, lead, words, { on, count, note, badge } = {}) => h("a", { class: ["side-line", on && "current", count && "unread"], href, "aria-current": on ? "page" : null },
      h("span", { class: "side-lead", "aria-hidden": "true" }, lead), h("span", { class: "side-words" }, words), note ? h("span", { class: "side-note" }, note) : null,
      count && badge ? h("span", { class: "count", "aria-label": `${count} new` }, count) : null);
    const inside = route.channel || null;
    const dmUnread = unread(app.dm);
    const key = JSON.stringify([route, state.viewer, channels, channels.map((one) => unread(one.id)), mail, app, link]);
    keep(this.body, "all", key, () => h("div", {},
      h("div", { class: "team" }, h("strong", {}, team.name), h("span", { class: "team-note" }, "a workspace on this machine")),
      section("Apps", line("#/app/home", avatar(app.user_id, 20), app.name, { on: route.page === "app" && route.tab !== "messages" })),
      section("Channels", channels.filter((one) => !one.is_dm).map((one) => line(`#/c/${one.id}`, icon(one.is_private ? "lock" : "hash", 16), one.name,
        { on: inside === one.id, count: inside === one.id ? 0 : unread(one.id), note: one.is_archived ? "archived" : null }))),
      section("Direct messages", line("#/app/messages", avatar(app.user_id, 20), app.name, { on: route.page === "app" && route.tab === "messages", count: route.page === "app" && route.tab === "messages" ? 0 : dmUnread, badge: true })),
      has_mail ? section("Outside Slack", line("#/mail", icon("mail", 16), "Mail", { on: route.page === "mail", note: mail ? String(mail) : null })) : null,
      h("div", { class: "link-state", data: { link }, role: "status" }, h("i", { "aria-hidden": "true" }),
        { socket: `${app.name} is connected (Socket Mode)`, http: `${app.name} is reached over HTTP`, none: `${app.name} is not connected` }[link])));
  }
}

const section = (title, ...lines) => h("section", { class: "side-section" }, h("h2", {}, title), lines);
