// rich_text blocks and markdown blocks.

import { h } from "./dom.js";
import { channelMention, date, emoji, groupMention, inline, link, mention, userMention } from "./mrkdwn.js";

export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements || []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section": return h("div", { class: "rich-section" }, pieces(element));
    case "rich_text_preformatted": return h("pre", {}, pieces(element));
    case "rich_text_quote": return h("blockquote", {}, pieces(element));
    case "rich_text_list":
      return h(element.style === "ordered" ? "ol" : "ul",
        { style: { "--deep": element.indent || 0 }, start: element.offset ? element.offset + 1 : null },
        (element.elements || []).map((one) => h("li", {}, pieces(one))));
    default: return null;
  }
}

const pieces = (element) => (element.elements || []).map(piece);

function piece(one) {
  switch (one.type) {
    case "text": return styled(one.text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line])), one.style);
    case "link": return styled([link(one.url, one.text || one.url)], one.style);
    case "emoji": return emoji(one.name);
    case "user": return userMention(one.user_id);
    case "channel": return channelMention(one.channel_id);
    case "usergroup": return groupMention(one.usergroup_id);
    case "broadcast": return mention(`@${one.range}`, "broadcast");
    case "date": return date(one.timestamp, one.format || "{date_short_pretty} {time}", one.url, one.fallback || "");
    case "color": return h("span", { class: "colour" }, h("i", { style: { background: one.value } }), one.value);
    default: return null;
  }
}

function styled(children, style) {
  let nodes = children;
  for (const [name, tag] of [["code", "code"], ["strike", "del"], ["italic", "em"], ["bold", "strong"]]) {
    if (style && style[name]) nodes = [h(tag, {}, nodes)];
  }
  return nodes;
}

// Standard Markdown, as far as Slack's markdown block takes it.
export function markdown(text) {
  const out = h("div", { class: "markdown" });
  const rows = text.replaceAll("\r", "").split("\n");
  for (let at = 0; at < rows.length; ) at = block(rows, at, out);
  return out;
}

function block(rows, at, out) {
  const row = rows[at];
  const heading = /^(#{1,6})\s+(.*)$/.exec(row);
  if (!row.trim()) return at + 1;
  if (heading) { out.append(h("p", { class: "md-heading", data: { level: heading[1].length } }, h("strong", {}, spans(heading[2])))); return at + 1; }
  if (/^\s*([-*_])\s*(\1\s*){2,}$/.test(row)) { out.append(h("hr")); return at + 1; }
  if (row.startsWith("```")) return fenced(rows, at, out);
  if (row.startsWith(">")) return run(rows, at, /^>\s?/, (held) => out.append(h("blockquote", {}, breaks(held))));
  if (/^\s*[-*+]\s+/.test(row)) return run(rows, at, /^\s*[-*+]\s+/, (held) => out.append(h("ul", {}, held.map((one) => h("li", {}, task(one))))));
  if (/^\s*\d+[.)]\s+/.test(row)) return run(rows, at, /^\s*\d+[.)]\s+/, (held) => out.append(h("ol", {}, held.map((one) => h("li", {}, spans(one))))));
  if (row.includes("|") && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(rows[at + 1] || "")) return table(rows, at, out);
  const held = [];
  while (at < rows.length && rows[at].trim() && !/^(#{1,6}\s|>|```|\s*[-*+]\s|\s*\d+[.)]\s)/.test(rows[at])) held.push(rows[at++]);
  out.append(h("p", {}, breaks(held.length ? held : [rows[at++]])));
  return at;
}

function run(rows, at, mark, done) {
  const held = [];
  while (at < rows.length && mark.test(rows[at])) held.push(rows[at++].replace(mark, ""));
  done(held);
  return at;
}

function fenced(rows, at, out) {
  const held = [];
  for (at += 1; at < rows.length && !rows[at].startsWith("```"); at++) held.push(rows[at]);
  out.append(h("pre", {}, held.join("\n")));
  return at + 1;
}

function table(rows, at, out) {
  const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((one) => spans(one.trim()));
  const head = cells(rows[at]);
  const body = [];
  for (at += 2; at < rows.length && rows[at].includes("|"); at++) body.push(cells(rows[at]));
  out.append(h("div", { class: "table-wrap", tabIndex: 0, role: "region", "aria-label": "Table" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", {}, body.map((row) => h("tr", {}, row.map((one) => h("td", {}, one))))))));
  return at;
}

const breaks = (held) => held.flatMap((line, at) => [at ? h("br") : null, spans(line)]);

function task(text) {
  const found = /^\[([ xX])\]\s+(.*)$/.exec(text);
  return found ? [found[1] === " " ? "☐ " : "☑ ", spans(found[2])] : spans(text);
}

const SPAN = /(`[^`]+`)|(\*\*(.+?)\*\*)|(__(.+?)__)|(~~(.+?)~~)|(\*([^*\s][^*]*)\*)|(\b_([^_]+)_\b)|(!?\[([^\]]*)\]\(([^)\s]+)\))|(https?:\/\/[^\s<>)]+)/;

function spans(text) {
  const out = [];
  let rest = text;
  for (let found = SPAN.exec(rest); found; found = SPAN.exec(rest)) {
    if (found.index) out.push(inline(rest.slice(0, found.index), { plain: true }));
    if (found[1]) out.push(h("code", {}, found[1].slice(1, -1)));
    else if (found[2] || found[4]) out.push(h("strong", {}, spans(found[3] || found[5])));
    else if (found[6]) out.push(h("del", {}, spans(found[7])));
    else if (found[8] || found[10]) out.push(h("em", {}, spans(found[9] || found[11])));
    else if (found[12]) out.push(link(found[14], found[13] || found[14]));
    else out.push(link(found[15], found[15]));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) out.push(inline(rest, { plain: true }));
  return out;
}
