// Block Kit's elements. Each draws itself from its JSON and its present value, and tells `use` what was done.
//
// use = { press(element, block, value, node), store(element, block, value), load(element, block, query), value(element, block) }

import { h } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { openMenu } from "./float.js";
import { icon } from "./icons.js";
import { textObject, wordsOf } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { state } from "./state.js";

export function element(one, block, use, label) {
  const draw = DRAW[one.type];
  const node = draw ? draw(one, block, use, label || name(one)) : h("span", { class: "unsupported" }, `(${one.type} is not drawn here)`);
  node.dataset.actionId = one.action_id || "";
  node.dataset.blockId = block.block_id;
  return node;
}

const name = (one) => wordsOf(one.placeholder) || wordsOf(one.text) || one.action_id;
const act = async (one, block, use, value, node) => { if (await confirmed(one.confirm)) return use.press(one, block, value, node); };

function button(one, block, use) {
  const node = h(one.url ? "a" : "button", {
    type: one.url ? null : "button", class: ["button", one.style], "aria-label": one.accessibility_label,
    href: one.url && /^(https?:|mailto:)/i.test(one.url) ? one.url : null, target: one.url ? "_blank" : null, rel: one.url ? "noopener noreferrer" : null,
    on: { click: () => { if (node.getAttribute("aria-busy") !== "true") act(one, block, use, one.value, node); } },
  }, h("span", { class: "button-words" }, textObject(one.text)));
  return node;
}

const asOptions = (list, group) => list.map((option) => ({ ...option, group }));
const optionsOf = (one) => (one.option_groups ? one.option_groups.flatMap((group) => asOptions(group.options, wordsOf(group.label))) : asOptions(one.options || []));
const peopleOptions = () => state.snap.people.filter((who) => !who.deactivated)
  .map((who) => ({ value: who.id, text: { type: "plain_text", text: who.name }, description: who.title ? { type: "plain_text", text: who.title } : null }));
const channelOptions = () => state.snap.channels.filter((one) => !one.is_dm).map((one) => ({ value: one.id, text: { type: "plain_text", text: `#${one.name}` } }));

const LISTS = {
  static: { options: optionsOf, single: "selected_option", many: "selected_options", whole: true },
  external: { single: "selected_option", many: "selected_options", whole: true },
  users: { options: peopleOptions, single: "selected_user", many: "selected_users" },
  conversations: { options: channelOptions, single: "selected_conversation", many: "selected_conversations" },
  channels: { options: channelOptions, single: "selected_channel", many: "selected_channels" },
};

function select(one, block, use, label) {
  const several = one.type.startsWith("multi_");
  const list = LISTS[one.type.replace("multi_", "").replace("_select", "")];
  const offered = list.options ? list.options(one) : [];
  const entry = use.value(one, block);
  const find = (value) => (list.whole ? value : offered.find((option) => option.value === value) || { value, text: { type: "plain_text", text: value } });
  const chosen = several ? (entry[list.many] || []).map(find) : entry[list.single] ? find(entry[list.single]) : null;
  const node = picker({
    label, placeholder: wordsOf(one.placeholder) || (several ? "Select items" : "Select an item"),
    options: offered, several, most: one.max_selected_items || 100, chosen,
    load: list.options ? null : (query) => use.load(one, block, query),
    shortest: one.min_query_length === undefined ? 3 : one.min_query_length,
    onChoose: (now) => act(one, block, use, several ? now.map((option) => option.value) : now ? now.value : null, node),
  });
  return node;
}

function overflow(one, block, use) {
  const node = h("button", { type: "button", class: "button overflow", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false",
    on: { click: () => openMenu(node, one.options.map((option) => ({
      label: textObject(option.text), note: option.description && option.description.text,
      run: () => { if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener"); act(one, block, use, option.value, node); },
    })), { label: "More actions" }) } }, icon("dots"));
  return node;
}

function choices(one, block, use, label) {
  const single = one.type === "radio_buttons";
  const entry = use.value(one, block);
  const held = new Set(single ? [entry.selected_option && entry.selected_option.value] : (entry.selected_options || []).map((option) => option.value));
  const group = `${block.block_id}-${one.action_id}`;
  const node = h("div", { class: "choices", role: single ? "radiogroup" : "group", "aria-label": label },
    one.options.map((option) => {
      const box = h("input", { type: single ? "radio" : "checkbox", name: group, value: option.value, checked: held.has(option.value) });
      box.addEventListener("change", () => {
        const now = [...node.querySelectorAll("input:checked")].map((input) => input.value);
        act(one, block, use, single ? now[0] || null : now, node);
      });
      return h("label", { class: "choice" }, box, h("span", {}, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null));
    }));
  return node;
}

function moment(type, key) {
  return (one, block, use, label) => {
    const held = use.value(one, block)[key];
    const shown = key === "selected_date_time" && held ? new Date(held * 1000).toISOString().slice(0, 16) : held || "";
    const node = h("input", { type, class: "field short", value: shown, "aria-label": label });
    node.addEventListener("change", () => act(one, block, use, !node.value ? null : key === "selected_date_time" ? Date.parse(`${node.value}Z`) / 1000 : node.value, node));
    return node;
  };
}

function typed(one, block, use, label) {
  const held = use.value(one, block).value;
  const many = one.type === "plain_text_input" && one.multiline;
  const node = h(many ? "textarea" : "input", {
    class: "field", type: many ? null : "text", rows: many ? 5 : null,
    inputmode: { number_input: "decimal", email_text_input: "email", url_text_input: "url" }[one.type],
    maxlength: one.type === "plain_text_input" ? one.max_length || 3000 : null, placeholder: wordsOf(one.placeholder) || null,
    value: held || "", "aria-label": label, autofocus: one.focus_on_load,
  });
  node.addEventListener("input", () => use.store(one, block, node.value));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !many && block.dispatch_action) { event.preventDefault(); use.press(one, block, node.value, node); }
  });
  if (one.max_length && many) {
    const left = h("span", { class: "left", "aria-live": "polite" });
    const count = () => { const rest = one.max_length - node.value.length; left.textContent = rest < 100 ? String(rest) : ""; };
    node.addEventListener("input", count);
    count();
    return h("div", { class: "typed" }, node, left);
  }
  return node;
}

function image(one) {
  return h("img", { src: one.image_url, alt: one.alt_text, class: "thumb", loading: "lazy" });
}

const DRAW = {
  button, overflow, image,
  radio_buttons: choices, checkboxes: choices,
  datepicker: moment("date", "selected_date"), timepicker: moment("time", "selected_time"), datetimepicker: moment("datetime-local", "selected_date_time"),
  plain_text_input: typed, email_text_input: typed, url_text_input: typed, number_input: typed,
  icon_button: (one, block, use) => { const node = h("button", { type: "button", class: "button small", on: { click: () => act(one, block, use, one.value, node) } }, textObject(one.text)); return node; },
};
for (const kind of Object.keys(LISTS)) DRAW[`${kind}_select`] = DRAW[`multi_${kind}_select`] = select;
