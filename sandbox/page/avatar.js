// Square avatars with initials; the colour comes from the id, so a person keeps theirs.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { person, state } from "./state.js";

const COLOURS = ["#7a3ea1", "#1f7a4d", "#b3261e", "#1b6e8c", "#7d5a1e", "#a63a63", "#3f51a8", "#52643c"];

export function whoIs(id) {
  const known = person(id);
  if (known) return { name: known.name, title: known.title, person: known };
  if (id === state.snap.app.user_id) return { name: state.snap.app.name, app: true };
  return { name: "Slackbot", bot: true };
}

export function avatar(id, size = 36) {
  const who = whoIs(id);
  const letters = who.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  const colour = who.app ? state.snap.app.colour : who.bot ? "#5c5b5d" : COLOURS[sum % COLOURS.length];
  return h("span", { class: ["avatar", who.app && "app"], "aria-hidden": "true", style: { "--size": `${size}px`, background: colour } },
    who.app ? h("span", {}, letters[0]) : who.bot ? icon("bolt", size * 0.55) : letters);
}
