// Slack's mrkdwn as DOM nodes. Data only ever becomes text; a link must be http, https or mailto.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { channel, person, state } from "./state.js";
import { dateToken } from "./time.js";

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const GOOD_URL = /^(https?:\/\/|mailto:)/i;
export function link(url, ...label) {
  if (!GOOD_URL.test(url)) return h("span", {}, label.length ? label : url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label.length ? label : url);
}

export const mention = (words, kind) => h("span", { class: ["mention", kind], data: { mention: kind } }, words);

export function userMention(id, fallback) {
  const known = person(id);
  const name = known ? known.name : id === state.snap.app.user_id ? state.snap.app.name : fallback || id;
  return mention(`@${name}`, id === state.viewer ? "user me" : "user");
}

export function groupMention(id, fallback) {
  const known = (state.snap.groups || []).find((one) => one.id === id);
  return mention(known ? `@${known.handle}` : fallback || `@${id}`, "group");
}

export function channelMention(id, fallback) {
  const known = channel(id);
  return mention(`#${known ? known.name : fallback || id}`, "channel");
}

export function emoji(name) {
  const glyph = EMOJI.get(name);
  if (!glyph) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` }, glyph);
}

export function date(stamp, pattern, url, fallback) {
  const ms = Number(stamp) * 1000;
  if (!Number.isFinite(ms)) return document.createTextNode(fallback);
  let known = true;
  const words = pattern.replace(/\{([a-z_]+)\}/g, (whole, token) => {
    const said = dateToken(token, ms);
    if (said === null) known = false;
    return said ?? whole;
  });
  const shown = h("time", { datetime: new Date(ms).toISOString(), title: fallback }, known ? words : fallback);
  return url ? link(url, shown) : shown;
}

// One <...> of Slack's; null when it is none, and then it is shown as it stands.
function control(inside) {
  const [body, label] = splitOnce(inside, "|");
  const words = label === undefined ? undefined : unescape(label);
  if (/^@[UWB][A-Z0-9]+$/.test(body)) return userMention(body.slice(1), words);
  if (/^#[CGD][A-Z0-9]+$/.test(body)) return channelMention(body.slice(1), words);
  if (/^!(channel|here|everyone)$/.test(body)) return mention(`@${body.slice(1)}`, "broadcast");
  if (body.startsWith("!subteam^")) return groupMention(body.slice(9), words);
  if (body.startsWith("!date^")) {
    const [, stamp, pattern, url] = body.split("^");
    return date(stamp, pattern || "", url, words || "");
  }
  if (GOOD_URL.test(body)) return link(unescape(body), words === undefined ? unescape(body).replace(/^mailto:/, "") : words);
  return null;
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const STYLES = [["*", "strong"], ["_", "em"], ["~", "del"]];
const EDGE = /[\s\p{P}\p{S}]/u;

// Text within a line: code first, then <...>, then emoji, then *bold*, _italic_ and ~strike~.
export function inline(text, { plain = false } = {}) {
  const out = [];
  let rest = text;
  const push = (node) => out.push(node);
  while (rest) {
    const code = plain ? null : /`([^`\n]+)`/.exec(rest);
    const angle = plain ? null : /<([^<>\n]+)>/.exec(rest);
    const short = /:([a-z0-9_+'-]+):/.exec(rest);
    const found = [code, angle, short].filter(Boolean).sort((a, b) => a.index - b.index)[0];
    const styled = plain ? null : style(rest, found ? found.index : rest.length);
    if (styled) {
      if (styled.before) push(document.createTextNode(unescape(styled.before)));
      push(h(styled.tag, {}, inline(styled.inside)));
      rest = styled.after;
      continue;
    }
    if (!found) { push(document.createTextNode(unescape(rest))); break; }
    if (found.index) push(document.createTextNode(unescape(rest.slice(0, found.index))));
    if (found === code) push(h("code", {}, unescape(code[1])));
    else if (found === angle) push(control(angle[1]) || document.createTextNode(unescape(found[0])));
    else push(emoji(short[1]));
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}

// A pair of marks that opens before `limit`, at a word's edge, around something that does not begin or end with a space.
function style(text, limit) {
  let best = null;
  for (const [mark, tag] of STYLES) {
    for (let open = text.indexOf(mark); open >= 0 && open < limit; open = text.indexOf(mark, open + 1)) {
      const left = text[open - 1];
      if ((left && !EDGE.test(left)) || left === mark || /\s/.test(text[open + 1] || " ") || text[open + 1] === mark) continue;
      const close = closing(text, mark, open + 1);
      if (close < 0) continue;
      if (!best || open < best.open) {
        best = { open, tag, before: text.slice(0, open), inside: text.slice(open + 1, close), after: text.slice(close + 1) };
      }
      break;
    }
  }
  return best;
}

function closing(text, mark, from) {
  let deep = 0;
  let code = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\n") return -1;
    if (text[at] === "`") code = !code;
    if (text[at] === "<") deep++;
    if (text[at] === ">") deep = Math.max(0, deep - 1);
    if (text[at] !== mark || deep || code || at === from) continue;
    const right = text[at + 1];
    if (!/\s/.test(text[at - 1]) && (!right || EDGE.test(right)) && right !== mark) return at;
  }
  return -1;
}

// A whole text: ``` blocks, > quotes, lines that look like a list, everything else line by line.
export function mrkdwn(text) {
  const out = [];
  const parts = text.split(/```\n?([\s\S]+?)```/);
  parts.forEach((part, at) => {
    if (at % 2) out.push(h("pre", {}, unescape(part.replace(/\n$/, ""))));
    else if (part) out.push(...lines(part, { afterBlock: at > 0, beforeBlock: at < parts.length - 1 }));
  });
  return out;
}

function lines(text, { afterBlock, beforeBlock }) {
  let body = text;
  if (afterBlock) body = body.replace(/^\n/, "");
  if (beforeBlock) body = body.replace(/\n$/, "");
  const out = [];
  let quote = null;
  let open = false;
  for (const line of body.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const listed = quoted ? null : /^(\s*)([•◦▪]|-|\d{1,3}\.)\s+(.*)$/.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote", {})));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1]));
      open = false;
      continue;
    }
    quote = null;
    if (listed) {
      out.push(h("span", { class: "list-line", style: { "--deep": listed[1].length } },
        h("span", { class: "list-mark" }, listed[2]), h("span", {}, inline(listed[3]))));
      open = false;
      continue;
    }
    if (open) out.push(h("br"));
    out.push(...inline(line));
    open = true;
  }
  return out;
}

// A text object, or a plain string of a message without blocks.
export function textObject(text) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text) : plain(text.text, text.emoji !== false);
}

// A text object of plain text as a string: for names, placeholders and what is searched.
export const wordsOf = (text) => (text ? unescape(text.text) : "");

// Slack reads its three entities in plain text too; nothing else in it means anything.
export function plain(text, withEmoji = true) {
  return text.split("\n").flatMap((line, at) => [at ? h("br") : null, ...(withEmoji ? inline(line, { plain: true }) : [document.createTextNode(unescape(line))])]);
}
