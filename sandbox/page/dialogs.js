// Small questions before an action, as Block Kit's confirm objects ask them.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

// True when the person says yes.
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((done) => {
    const answer = (yes) => () => { dialog.close(); done(yes); };
    const dialog = h("dialog", { class: "ask", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      h("h2", { id: "ask-title" }, textObject(confirm.title)),
      h("div", { id: "ask-text", class: "ask-text" }, textObject(confirm.text)),
      h("div", { class: "ask-buttons" },
        h("button", { type: "button", class: "button", on: { click: answer(false) } }, textObject(confirm.deny)),
        h("button", { type: "button", class: ["button", confirm.style === "danger" ? "danger" : "primary"], autofocus: true, on: { click: answer(true) } },
          textObject(confirm.confirm))));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); answer(false)(); });
    dialog.addEventListener("close", () => dialog.remove());
    (document.querySelector("dialog[open]") || document.body).append(dialog);
    dialog.showModal();
  });
}
