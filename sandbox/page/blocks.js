// Block Kit's blocks.

import { h, uid } from "./dom.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { plain, textObject, wordsOf } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";

export function drawBlocks(blocks, use) {
  return blocks.map((block) => drawBlock(block, use));
}

export function drawBlock(block, use) {
  const draw = DRAW[block.type];
  const failed = (words) => h("div", { class: "unsupported" }, `(${block.type} ${words})`);
  let node;
  // One block that cannot be drawn must not take the rest of the workspace with it.
  try { node = draw ? draw(block, use) : failed("is not drawn here"); } catch (error) { console.warn(error); node = failed("could not be drawn"); }
  node.classList.add("block", `block-${block.type}`);
  node.dataset.blockId = block.block_id || "";
  return node;
}

function section(block, use) {
  const accessory = block.accessory ? element(block.accessory, block, use, block.text && block.accessory.type !== "button" ? wordsOf(block.text) : null) : null;
  const below = block.accessory && ["radio_buttons", "checkboxes"].includes(block.accessory.type);
  return h("div", { class: below ? "stacked" : "" },
    h("div", { class: "section-body" },
      block.text ? h("div", { class: "section-text" }, textObject(block.text)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((one) => h("div", { class: "one-field" }, textObject(one)))) : null),
    accessory ? h("div", { class: "accessory" }, accessory) : null);
}

const header = (block) => h("div", { role: "heading", "aria-level": String(block.level || 3) }, textObject(block.text));

const context = (block) => h("div", {}, block.elements.map((one) =>
  one.type === "image" ? h("img", { src: one.image_url, alt: one.alt_text, class: "mini" }) : h("span", { class: "context-text" }, textObject(one))));

const actions = (block, use) => h("div", { role: "group" }, block.elements.map((one) => element(one, block, use)));

const image = (block) => h("figure", {},
  block.title ? h("figcaption", {}, textObject(block.title)) : null,
  h("img", { src: block.image_url, alt: block.alt_text, loading: "lazy" }));

function input(block, use) {
  const id = uid("input");
  const control = element(block.element, block, use, wordsOf(block.label));
  const target = control.matches("input, textarea, button") ? control : control.querySelector("input, textarea");
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  if (target && !group) target.id = id;
  const problem = h("div", { class: "problem", id: `${id}-problem`, role: "alert", hidden: true });
  const hint = block.hint ? h("div", { class: "hint", id: `${id}-hint` }, textObject(block.hint)) : null;
  if (target) target.setAttribute("aria-describedby", [hint && hint.id, problem.id].filter(Boolean).join(" "));
  if (target && !block.optional) target.setAttribute("aria-required", "true");
  const words = [plain(block.label.text), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  return h("div", {}, group ? h("div", { class: "label" }, words) : h("label", { class: "label", htmlFor: id }, words), control, problem, hint);
}

// Show or take away the words under an input block.
export function showProblem(node, words) {
  const problem = node.querySelector(".problem");
  const target = node.querySelector("input, textarea, button");
  if (!problem) return;
  problem.hidden = !words;
  problem.replaceChildren(...(words ? [icon("warn", 14), document.createTextNode(words)] : []));
  node.classList.toggle("wrong", Boolean(words));
  if (target) target.setAttribute("aria-invalid", words ? "true" : "false");
}

function table(block) {
  const settings = block.column_settings || [];
  const cell = (one) => (one.type === "rich_text" ? richText(one) : one.type === "raw_number" ? String(one.value ?? one.text) : plain(one.text));
  const row = (cells, tag) => h("tr", {}, cells.map((one, at) => {
    const set = settings[at] || {};
    return h(tag, { scope: tag === "th" ? "col" : null, class: [set.is_wrapped ? "wrapped" : "", set.align || ""] }, cell(one));
  }));
  const [head, ...rest] = block.rows;
  return h("div", { class: "table-wrap", tabIndex: 0, role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, row(head, "th")), h("tbody", {}, rest.map((cells) => row(cells, "td")))));
}

function alert(block) {
  const level = block.level || "default";
  return h("div", { class: ["alert", level], role: level === "error" ? "alert" : "note" },
    icon({ success: "check", error: "warn", warning: "warn" }[level] || "info"), h("div", {}, textObject(block.text)));
}

function card(block, use) {
  return h("div", { class: "card" },
    block.hero_image ? h("img", { src: block.hero_image.image_url, alt: block.hero_image.alt_text, class: "hero" }) : null,
    h("div", { class: "card-body" },
      block.title ? h("strong", {}, textObject(block.title)) : null,
      block.subtitle ? h("div", { class: "muted" }, textObject(block.subtitle)) : null,
      block.body ? h("div", {}, textObject(block.body)) : null,
      block.actions ? h("div", { class: "block-actions" }, block.actions.map((one) => element(one, block, use))) : null));
}

function container(block, use) {
  const inside = h("div", { class: "container-body" }, drawBlocks(block.child_blocks, use));
  const title = [block.rich_text_title ? richText(block.rich_text_title) : h("strong", {}, textObject(block.title)),
    block.subtitle ? h("span", { class: "muted" }, textObject(block.subtitle)) : null];
  return block.is_collapsible
    ? h("details", { class: "container", open: !block.default_collapsed }, h("summary", {}, title, icon("chevron", 14)), inside)
    : h("div", { class: "container" }, h("div", { class: "container-title" }, title), inside);
}

const DRAW = {
  section, header, context, actions, image, input, table, alert, card, container,
  divider: () => h("hr"),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  carousel: (block, use) => h("div", { role: "group", tabIndex: 0, "aria-label": "Cards" }, drawBlocks(block.elements, use)),
  context_actions: (block, use) => h("div", {}, block.elements.filter((one) => one.type === "icon_button").map((one) => element(one, block, use))),
};
