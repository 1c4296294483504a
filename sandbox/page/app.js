// Puts the page together and keeps it up to date.

import { avatar } from "./avatar.js";
import { ClockButton } from "./clockpanel.js";
import { Composer } from "./composer.js";
import { fill, h, keep } from "./dom.js";
import { closeFloat, openMenu } from "./float.js";
import { about, Home } from "./home.js";
import { icon } from "./icons.js";
import { MailPane } from "./mailpane.js";
import { emptyPlace, MessageList } from "./messages.js";
import { Modal } from "./modal.js";
import { markRead, Sidebar } from "./sidebar.js";
import { act, become, channel, follow, me, now, onChange, state } from "./state.js";
import { inZone, zoneName } from "./time.js";

const composer = new Composer();
const messages = new MessageList({ onReply: (message) => composer.reply(message) });
const home = new Home();
const modal = new Modal();
const sidebar = new Sidebar();
const mail = new MailPane({});
const clockButton = new ClockButton();

const head = h("header", { class: "place-head" });
const place = h("div", { class: "place" });
const main = h("main", { class: "main", id: "main", tabIndex: -1 }, head, place);
const drawer = h("button", { type: "button", class: "icon-button drawer", "aria-label": "Open the sidebar", "aria-controls": "sidebar", "aria-expanded": "false", on: { click: () => openDrawer(!document.body.classList.contains("drawer-open")) } }, icon("menu"));
const theme = h("button", { type: "button", class: "icon-button", on: { click: () => setTheme(isDark() ? "light" : "dark") } });
const people = h("button", { type: "button", class: "people", "aria-haspopup": "menu", "aria-expanded": "false", data: { testid: "people" }, on: { click: () => choosePerson() } });
const offline = h("div", { class: "offline", role: "alert", hidden: true }, "The sandbox does not answer. Trying again …");
const top = h("header", { class: "top" }, drawer, h("span", { class: "brand" }, h("strong", {}, "Sandbox"), h("span", { class: "brand-note" }, "Slack on this machine")), clockButton.node, h("div", { class: "top-right" }, theme, people));
const shade = h("div", { class: "shade", on: { click: () => openDrawer(false) } });
document.getElementById("app").replaceChildren(
  h("a", { class: "skip", href: "#main", on: { click: (event) => { event.preventDefault(); main.focus(); } } }, "Skip to the messages"), top, offline, sidebar.node, shade, main);

function route() {
  const [page, name] = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
  if (page === "app") return { page, tab: ["home", "messages", "about"].includes(name) ? name : "home" };
  if (page === "mail") return { page, key: name || null };
  const here = channel(name);
  const first = state.snap.channels.find((one) => !one.is_dm);
  if (page === "c" && here && !here.is_dm) return { page: "channel", channel: here.id };
  return first ? { page: "channel", channel: first.id } : { page: "app", tab: "home" };
}

let opened = null;
function show() {
  offline.hidden = state.online;
  if (!state.snap) return;
  const here = route();
  document.title = `${title(here)} · ${state.snap.team.name}`;
  drawPeople();
  clockButton.show();
  const dm = channel(state.snap.app.dm);
  if (here.page === "channel") showChannel(channel(here.channel));
  else if (here.page === "app") showApp(here.tab, dm);
  else showMail(here);
  if (here.page === "channel" || here.tab === "messages") markRead(here.channel || dm.id);
  sidebar.show(here);
  modal.show();
  const visit = JSON.stringify([here.page, here.tab, state.viewer]);
  if (here.page === "app" && here.tab !== "about" && visit !== opened) act("home", { tab: here.tab });
  opened = visit;
}

function title(here) {
  if (here.page === "channel") return `#${channel(here.channel).name}`;
  return here.page === "mail" ? "Mail" : state.snap.app.name;
}

function showChannel(here) {
  keep(head, "head", JSON.stringify(["c", here]), () => h("div", { class: "head-row" },
    h("h1", {}, icon(here.is_private ? "lock" : "hash", 18), here.name), here.topic ? h("span", { class: "topic" }, here.topic) : null,
    h("span", { class: "members" }, icon("users", 16), h("span", {}, `${here.members} ${here.members === 1 ? "person" : "people"}`))));
  composer.show(here, { title: `#${here.name}`, closed: here.is_archived ? "This channel is archived." : null });
  put(messages.node, composer.node);
  messages.show(here, () => emptyPlace(`Welcome to #${here.name}`, here.topic || "Nothing has been said here yet.", state.snap.welcome));
}

function showApp(tab, dm) {
  const app = state.snap.app;
  const tabs = [["home", "Home", app.home_tab], ["messages", "Messages", app.messages_tab], ["about", "About", true]].filter(([, , on]) => on);
  keep(head, "head", JSON.stringify(["app", tab, app]), () => {
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": app.name }, tabs.map(([name, words]) => h("a", {
      role: "tab", id: `tab-${name}`, href: `#/app/${name}`, "aria-selected": String(name === tab), tabIndex: name === tab ? 0 : -1,
    }, words)));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = tabs.findIndex(([name]) => name === tab);
      location.hash = `#/app/${tabs[(at + step + tabs.length) % tabs.length][0]}`;
      requestAnimationFrame(() => head.querySelector("[aria-selected=true]").focus());
    });
    return h("div", { class: "head-app" }, h("div", { class: "head-row" }, h("h1", {}, avatar(app.user_id, 24), app.name), h("span", { class: "badge" }, "APP")), list);
  });
  if (tab === "home") { put(home.node); home.show(); }
  else if (tab === "about") { if (!place.querySelector(".about")) put(about()); }
  else {
    composer.show(dm, { title: app.name, closed: app.read_only ? "Sending messages to this app has been turned off." : null });
    put(messages.node, composer.node);
    messages.show(dm, () => emptyPlace(app.name, `This is the beginning of your messages with ${app.name}.`, state.snap.welcome));
  }
}

function showMail(here) {
  keep(head, "head", "mail", () => h("div", { class: "head-row" }, h("h1", {}, icon("mail", 18), "Mail"), h("span", { class: "topic" }, "What has left for customers")));
  put(mail.node);
  mail.show(here.key);
}

function put(...nodes) {
  if (place.children.length === nodes.length && nodes.every((node, at) => place.children[at] === node)) return;
  fill(place, nodes);
}

function drawPeople() {
  const who = me();
  keep(people, "who", JSON.stringify(who), () => h("span", { class: "people-in" }, avatar(who.id, 28), h("span", { class: "people-words" }, h("strong", {}, who.name), h("small", {}, who.title || who.email)), icon("chevron", 12)));
  people.setAttribute("aria-label", `You are ${who.name}${who.title ? `, ${who.title}` : ""}. Switch person`);
}

function choosePerson() {
  openMenu(people, state.snap.people.map((who) => ({
    label: who.name + (who.deactivated ? " (deactivated)" : ""), checked: who.id === state.viewer, icon: avatar(who.id, 32),
    note: [who.title, `${inZone(now(), who.zone)} in ${zoneName(who.zone)}`].filter(Boolean).join(" · "),
    run: () => { if (who.id !== state.viewer) become(who.id); },
  })), { label: "Be somebody else" });
}

function openDrawer(on) {
  document.body.classList.toggle("drawer-open", on);
  drawer.setAttribute("aria-expanded", String(on));
  drawer.setAttribute("aria-label", on ? "Close the sidebar" : "Open the sidebar");
}

const isDark = () => document.documentElement.dataset.theme === "dark";
function setTheme(name, remember = true) {
  document.documentElement.dataset.theme = name;
  if (remember) localStorage.setItem("sandbox.theme", name);
  theme.setAttribute("aria-label", name === "dark" ? "Use light colours" : "Use dark colours");
  fill(theme, icon(name === "dark" ? "sun" : "moon"));
}
const prefers = matchMedia("(prefers-color-scheme: dark)");
setTheme(localStorage.getItem("sandbox.theme") || (prefers.matches ? "dark" : "light"), false);
prefers.addEventListener("change", () => { if (!localStorage.getItem("sandbox.theme")) setTheme(prefers.matches ? "dark" : "light", false); });

addEventListener("hashchange", () => { closeFloat(); openDrawer(false); show(); });
addEventListener("redraw", show);
addEventListener("keydown", (event) => { if (event.key === "Escape" && document.body.classList.contains("drawer-open")) { openDrawer(false); drawer.focus(); } });
addEventListener("visibilitychange", show);
onChange(show);
follow();
