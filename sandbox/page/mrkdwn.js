// SPDX-License-Identifier: MIT
// Slack's mrkdwn as people see it. parseMrkdwn makes a tree of plain objects (tested without a browser), renderMrkdwn
// makes elements of it. What binds:
//   - code first: nothing inside `…` or ```…``` is markup, only entities are decoded there;
//   - <…> is one atom: a user, a channel, a broadcast, a date or a link; a style never begins or ends inside it;
//   - * _ ~ open after a blank, punctuation or the line's start and before a letter, and close before no letter, on the
//     same line. A zero-width space after the opening character keeps it plain: so apps show people's text as typed;
//   - > at a line's start quotes the line, >>> all that follows;
//   - &amp; &lt; &gt; are decoded last and once.
// Nodes: {kind: "text"|"quote", children}, {kind: "pre", text}; inside {kind: "text", text}, {kind: "bold"|"italic"|"strike",
// children}, {kind: "code", text}, {kind: "break"}, {kind: "emoji", name}, {kind: "link", url, label}, {kind: "user"|"channel"|
// "group", id, label}, {kind: "broadcast", range}, {kind: "date", at, format, link, fallback}.

import { CODE, emojiChar } from "./emoji.js";

const ZERO_WIDTH = "\u200B";
const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;
const BLANK = /\s/;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

// autolink: also make links of bare addresses (Slack does not in objects with verbatim: true). styles: false leaves * _ ~ ` and >
// as they were typed, as in a chat that has no markup.
export function parseMrkdwn(text, { autolink = true, styles = true } = {}) {
	const nodes = [];
	if (!styles) {
		text.split("\n").forEach((line) => pushLine(nodes, "text", line, autolink, { styles }));
		return nodes;
	}
	let rest = 0;
	for (const found of text.matchAll(/```(?!\u200B)([\s\S]+?)```/g)) {
		parseLines(text.slice(rest, found.index).replace(/\n$/, ""), nodes, autolink);
		nodes.push({ kind: "pre", text: plainInside(found[1].replace(/^\n/, "").replace(/\n$/, "")) });
		rest = found.index + found[0].length;
		if (text[rest] === "\n")
			rest++;
	}
	parseLines(text.slice(rest), nodes, autolink);
	return nodes;
}

// What code shows: entities decoded, atoms as their words.
const plainInside = (text) => decode(text.replace(/<([^<>\n]+)>/g, (_, inner) => atomWords(atom(inner))));

function atomWords(node) {
	const words = { link: () => node.label ?? node.url, user: () => `@${node.label ?? node.id}`, channel: () => `#${node.label ?? node.id}`,
		group: () => node.label ?? `@${node.id}`, broadcast: () => `@${node.range}`, date: () => node.fallback ?? "" };
	return words[node.kind]();
}

function parseLines(text, nodes, autolink) {
	if (text === "")
		return;
	const lines = text.split("\n");
	for (let i = 0; i < lines.length; i++) {
		const all = /^(?:&gt;|>){3}/.exec(lines[i]);
		if (all) {
			pushLine(nodes, "quote", lines[i].slice(all[0].length).trimStart(), autolink, { fresh: true });
			lines.slice(i + 1).forEach((line) => pushLine(nodes, "quote", line, autolink));
			return;
		}
		const one = /^(?:&gt;|>) ?/.exec(lines[i]);
		pushLine(nodes, one ? "quote" : "text", one ? lines[i].slice(one[0].length) : lines[i], autolink);
	}
}

function pushLine(nodes, kind, line, autolink, { fresh = false, styles = true } = {}) {
	const last = nodes.at(-1);
	const joined = last?.kind === kind && !fresh;
	const target = joined ? last : { kind, children: [] };
	if (joined)
		target.children.push({ kind: "break" });
	else
		nodes.push(target);
	target.children.push(...parseInline(line, autolink, styles));
}

// One line, left to right; what is not the start of something is text.
export function parseInline(line, autolink = true, styles = true) {
	const out = [];
	const hopeless = {};
	let plain = "";
	const flush = () => {
		if (plain)
			out.push({ kind: "text", text: decode(plain) });
		plain = "";
	};
	for (let i = 0; i < line.length;) {
		const found = atomAt(line, i) ?? (styles ? codeAt(line, i) : null) ?? emojiAt(line, i) ?? (styles ? styleAt(line, i, autolink, hopeless) : null) ?? (autolink ? urlAt(line, i) : null);
		if (!found) {
			plain += line[i++];
			continue;
		}
		flush();
		out.push(found.node);
		i += found.length;
	}
	flush();
	return out;
}

// No style, code or atom is longer than this; so a line made to be slow is not.
const REACH = 3100;
const indexNear = (line, what, from) => {
	const at = line.slice(from, from + REACH).indexOf(what);
	return at < 0 ? -1 : from + at;
};

function atomAt(line, i) {
	if (line[i] !== "<")
		return null;
	const end = indexNear(line, ">", i);
	const inner = end > i + 1 ? line.slice(i + 1, end) : "";
	return inner && !inner.includes("<") ? { node: atom(inner), length: inner.length + 2 } : null;
}

function atom(inner) {
	const bar = inner.indexOf("|");
	const head = bar < 0 ? inner : inner.slice(0, bar);
	const label = bar < 0 ? undefined : decode(inner.slice(bar + 1));
	if (head[0] === "@")
		return { kind: "user", id: head.slice(1), label };
	if (head[0] === "#")
		return { kind: "channel", id: head.slice(1), label };
	return head[0] === "!" ? special(head.slice(1), label) : { kind: "link", url: decode(head), label };
}

function special(head, label) {
	const [name, ...args] = head.split("^");
	if (name === "date")
		return { kind: "date", at: Number(args[0]), format: args[1] ?? "", link: args[2], fallback: label };
	if (name === "subteam")
		return { kind: "group", id: args[0] ?? "", label };
	return { kind: "broadcast", range: name };
}

function codeAt(line, i) {
	if (line[i] !== "`" || line[i + 1] === ZERO_WIDTH || line[i + 1] === "`")
		return null;
	const end = indexNear(line, "`", i + 1);
	return end > i + 1 ? { node: { kind: "code", text: plainInside(line.slice(i + 1, end)) }, length: end + 1 - i } : null;
}

function emojiAt(line, i) {
	const found = line[i] === ":" ? CODE.exec(line.slice(i, i + 120)) : null;
	if (!found)
		return null;
	const name = found[1] + (found[2] ? `::skin-tone-${found[2]}` : "");
	return emojiChar(name) ? { node: { kind: "emoji", name }, length: found[0].length } : null;
}

// hopeless: by character, up to where it is known that no other one closes it.
function styleAt(line, i, autolink, hopeless) {
	const style = STYLES[line[i]];
	if (!style || i < hopeless[line[i]] || !opens(line, i))
		return null;
	const end = closing(line, i);
	if (end < 0)
		hopeless[line[i]] = i + REACH;
	return end < 0 ? null : { node: { kind: style, children: parseInline(line.slice(i + 1, end), autolink) }, length: end + 1 - i };
}

function opens(line, i) {
	const before = charBefore(line, i);
	const after = line[i + 1];
	return !WORD.test(before) && before !== line[i] && after !== undefined && !BLANK.test(after) && after !== ZERO_WIDTH && after !== line[i];
}

// Of a pair of surrogates both halves count.
const charBefore = (line, i) => /[\s\S]?$/u.exec(line.slice(Math.max(0, i - 2), i))[0];
const charAfter = (line, i) => String.fromCodePoint(line.codePointAt(i + 1) ?? 32);

// The place where the style that opened at i ends, atoms and code being stepped over; -1 when it never does.
function closing(line, i) {
	for (let j = i + 1; j < line.length && j - i < REACH;) {
		const whole = atomAt(line, j) ?? codeAt(line, j);
		if (whole) {
			j += whole.length;
			continue;
		}
		if (line[j] === line[i] && j > i + 1 && !BLANK.test(line[j - 1]) && !WORD.test(charAfter(line, j)))
			return j;
		j++;
	}
	return -1;
}

function urlAt(line, i) {
	if (line[i] !== "h" || WORD.test(charBefore(line, i)))
		return null;
	const found = /^https?:\/\/[^\s<>|`\p{Script=Han}，。；！？（）】」]+/u.exec(line.slice(i));
	const url = found?.[0].replace(/[.,;:!?*_~)'"]+$/, "");
	return url && url.length > 8 ? { node: { kind: "link", url: decode(url) }, length: url.length } : null;
}

// view: {h, userName(id), channelName(id), openChannel(id), isMe(id), date(node), rangeName?(range)} is how names are known where it is shown.
export function renderMrkdwn(text, view, options) {
	return parseMrkdwn(text, options).map((node) => {
		if (node.kind === "pre")
			return view.h("pre", { class: "code-block" }, node.text);
		const tag = node.kind === "quote" ? "blockquote" : "div";
		return view.h(tag, { class: node.kind === "quote" ? "quote" : "line" }, node.children.map((child) => inline(child, view)));
	});
}

const INLINE = {
	text: (n) => n.text,
	break: (n, v) => v.h("br"),
	bold: (n, v) => v.h("strong", null, n.children.map((c) => inline(c, v))),
	italic: (n, v) => v.h("em", null, n.children.map((c) => inline(c, v))),
	strike: (n, v) => v.h("s", null, n.children.map((c) => inline(c, v))),
	code: (n, v) => v.h("code", null, n.text),
	emoji: (n, v) => v.h("span", { class: "emoji", title: `:${n.name}:`, role: "img", "aria-label": n.name }, emojiChar(n.name)),
	link: (n, v) => renderLink(n.url, n.label ?? n.url.replace(/^mailto:/, ""), v),
	user: (n, v) => v.h("span", { class: v.isMe(n.id) ? "mention me" : "mention", data: { user: n.id } }, `@${v.userName(n.id) ?? n.label ?? n.id}`),
	channel: (n, v) => v.h("button", { class: "mention", type: "button", onclick: () => v.openChannel(n.id) }, `#${v.channelName(n.id) ?? n.label ?? n.id}`),
	group: (n, v) => v.h("span", { class: "mention" }, n.label ?? `@${n.id}`),
	broadcast: (n, v) => v.h("span", { class: "mention me" }, `@${v.rangeName?.(n.range) ?? n.range}`),
	date: (n, v) => renderDate(n, v),
};

export const inline = (node, view) => INLINE[node.kind](node, view);

// Only addresses that open something harmless become links; anything else stays words.
export function renderLink(url, label, view) {
	if (!/^(https?:|mailto:|tel:|\/files\/)/i.test(url))
		return label;
	return view.h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function renderDate(node, view) {
	const words = Number.isFinite(node.at) ? view.date(node) : node.fallback ?? "";
	return node.link ? renderLink(decode(node.link), words, view) : view.h("time", null, words);
}

// What somebody typed, made back from a message's text, for editing it.
export function toTyped(text, view) {
	const words = { user: (n) => `@${view.handle(n.id) ?? n.label ?? n.id}`, channel: (n) => `#${view.channelName(n.id) ?? n.label ?? n.id}`,
		link: (n) => n.url.replace(/^mailto:/, ""), broadcast: (n) => `@${view.rangeName?.(n.range) ?? n.range}`, group: (n) => n.label ?? `@${n.id}`, date: (n) => n.fallback ?? "" };
	return decode(text.replace(/<([^<>\n]+)>/g, (_, inner) => {
		const node = atom(inner);
		return words[node.kind](node).replace(/&/g, "&amp;");
	}));
}
