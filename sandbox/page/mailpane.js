// The mail that left: a list and one message, its HTML in a frame that may run and fetch nothing.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { get, state } from "./state.js";
import { clock, dayName, full } from "./time.js";

export class MailPane {
  constructor({ go }) {
    this.go = go;
    this.list = h("div", { class: "mail-list", role: "list", "aria-label": "Mail that left" });
    this.one = h("section", { class: "mail-one", "aria-label": "Message" });
    this.node = h("div", { class: "mail", data: { testid: "mail" } }, this.list, this.one);
    this.seen = -1;
    this.part = "html";
  }

  async show(key) {
    this.node.classList.toggle("reading", Boolean(key));
    if (this.seen !== state.snap.mail) {
      this.seen = state.snap.mail;
      this.mail = (await get("/sandbox/mail")).mail;
    }
    fill(this.list, this.mail.length ? this.mail.map((one) => h("div", { role: "listitem" }, h("a", {
      class: ["mail-line", one.key === key && "current"], href: `#/mail/${encodeURIComponent(one.key)}`, "aria-current": one.key === key ? "true" : null,
    }, h("span", { class: "mail-top" }, h("strong", {}, one.to), h("time", {}, `${dayName(one.at * 1000)}, ${clock(one.at * 1000)}`)),
    h("span", { class: "mail-subject" }, one.subject), h("small", {}, one.preview))))
      : h("div", { class: "empty" }, icon("mail", 40), h("h2", {}, "No mail has left"), h("p", {}, "What the app sends appears here instead of in somebody’s inbox.")));
    if (this.key === key && this.one.childNodes.length) return;
    this.key = key;
    if (!key) { fill(this.one, this.mail.length ? h("div", { class: "empty" }, h("p", {}, "Choose a message to read it.")) : null); return; }
    const answer = await get(`/sandbox/mail/${encodeURIComponent(key)}`);
    if (this.key === key) this.draw(answer.mail);
  }

  draw(mail) {
    if (!mail) { fill(this.one, h("div", { class: "empty" }, h("p", {}, "This message is not there any more."))); return; }
    const body = h("div", { class: "mail-body" });
    const parts = [["html", "Formatted", mail.html], ["text", "Plain text", mail.text]].filter(([, , content]) => content);
    const tabs = parts.map(([name, words]) => h("button", { type: "button", role: "tab", id: `part-${name}`, "aria-controls": "mail-part", on: { click: () => choose(name) } }, words));
    const choose = (name) => {
      const [, words, content] = parts.find(([one]) => one === name) || parts[0];
      this.part = name;
      tabs.forEach((tab) => { const on = tab.id === `part-${name}`; tab.setAttribute("aria-selected", String(on)); tab.tabIndex = on ? 0 : -1; });
      fill(body, name === "html"
        ? h("iframe", { sandbox: "", srcdoc: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">${content}`, title: `${words} part of the message`, class: "mail-frame" })
        : h("pre", { class: "mail-text", tabIndex: 0 }, content));
    };
    fill(this.one,
      h("a", { class: "mail-back", href: "#/mail" }, icon("back", 16), "All mail"),
      h("h2", {}, mail.subject || "(no subject)"),
      h("dl", { class: "mail-headers" }, Object.entries(mail.headers).map(([name, value]) => [h("dt", {}, name), h("dd", {}, name === "Date" ? `${value} (${full(mail.at * 1000)} for you)` : value)])),
      parts.length > 1 ? h("div", { class: "tabs small", role: "tablist", "aria-label": "Parts of the message" }, tabs) : null,
      h("div", { id: "mail-part", role: "tabpanel", class: "mail-part" }, body));
    if (parts.length) choose(parts.some(([name]) => name === this.part) ? this.part : parts[0][0]);
  }
}
