// Short words at the edge of the screen, also read out.

import { h } from "./dom.js";

export function toast(words, kind = "info") {
  const place = document.getElementById("toasts");
  const node = h("div", { class: ["toast", kind] }, words);
  place.append(node);
  setTimeout(() => node.remove(), 6000);
}
