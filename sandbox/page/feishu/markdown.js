// SPDX-License-Identifier: MIT
// The Markdown of Feishu's cards. parseMarkdown makes a tree of plain objects (tested without a browser), renderMarkdown makes
// elements of it. What binds:
//   - an entity (&#42;) is a character and never markup: so apps show people's text as typed;
//   - <at>, <person>, <font>, <text_tag>, <link>, <number_tag>, <local_datetime>, <br>, <hr>, <raw> are known, any other tag is words;
//   - :DONE: is an emoji when Feishu has one of that name.
// Blocks: {kind: "p"|"h"|"quote"|"li", children, level?, mark?}, {kind: "pre", text}, {kind: "hr"}, {kind: "table", rows}. Inside:
// {kind: "text", text}, {kind: "b"|"i"|"s"|"u"|"font"|"tag"|"a", children, …}, {kind: "code", text}, {kind: "br"|"hr"}, {kind: "at", ids},
// {kind: "person", id}, {kind: "img", key, alt}, {kind: "emotion", type}, {kind: "time", ms, format}.

import { emotion } from "./emotions.js";

const NAMED = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: "\u00A0", sim: "∼", ensp: "\u2002", emsp: "\u2003", hellip: "…" };
const REACH = 4000;

export function parseMarkdown(text) {
	const blocks = [];
	const lines = text.replace(/\r\n?/g, "\n").split("\n");
	for (let i = 0; i < lines.length;)
		i += readBlock(lines, i, blocks);
	return blocks;
}

// Each gives how many lines it took, or 0.
const READERS = [readFence, readTable, readLine];

function readBlock(lines, i, blocks) {
	for (const read of READERS) {
		const used = read(lines, i, blocks);
		if (used > 0)
			return used;
	}
	return 1;
}

function readFence(lines, i, blocks) {
	const open = /^\s*(```+)/.exec(lines[i]);
	if (!open)
		return 0;
	const end = lines.findIndex((line, at) => at > i && line.trim().startsWith(open[1]));
	if (end < 0)
		return 0;
	blocks.push({ kind: "pre", text: lines.slice(i + 1, end).join("\n") });
	return end - i + 1;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => parseInline(cell.trim()));

function readTable(lines, i, blocks) {
	if (!lines[i].includes("|") || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? "") || !lines[i + 1].includes("|"))
		return 0;
	let end = i + 2;
	while (end < lines.length && lines[end].includes("|"))
		end++;
	blocks.push({ kind: "table", rows: [cells(lines[i]), ...lines.slice(i + 2, end).map(cells)] });
	return end - i;
}

const LINES = [
	[/^\s*(?:-{3,}|\*{3,}|_{3,}|<hr\s*\/?>)\s*$/, () => ({ kind: "hr" })],
	[/^(#{1,6})\s+(.*)$/, (f) => ({ kind: "h", level: f[1].length, children: parseInline(f[2]) })],
	[/^\s*>\s?(.*)$/, (f) => ({ kind: "quote", children: parseInline(f[1]) })],
	[/^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/, (f) => ({ kind: "li", level: Math.min(Math.floor(f[1].length / 2), 4), mark: /\d/.test(f[2]) ? f[2].replace(")", ".") : "•", children: parseInline(f[3]) })],
];

function readLine(lines, i, blocks) {
	const line = lines[i];
	for (const [pattern, make] of LINES) {
		const found = pattern.exec(line);
		if (found)
			return push(blocks, make(found));
	}
	if (line.trim())
		push(blocks, { kind: "p", children: parseInline(line) });
	else
		blocks.push({ kind: "gap" });
	return 1;
}

// Lines of one paragraph or quote go on in it.
function push(blocks, block) {
	const last = blocks.at(-1);
	if (last?.kind === block.kind && ["p", "quote"].includes(block.kind))
		last.children.push({ kind: "br" }, ...block.children);
	else
		blocks.push(block);
	return 1;
}

// ---- inside a line ----

export function parseInline(text) {
	const out = [];
	const hopeless = {};
	let plain = "";
	const flush = () => {
		if (plain)
			out.push({ kind: "text", text: plain });
		plain = "";
	};
	for (let i = 0; i < text.length;) {
		const found = INSIDE.reduce((hit, read) => hit ?? read(text, i, hopeless), null);
		if (!found) {
			plain += text[i++];
			continue;
		}
		i += found.length;
		if (typeof found.node === "string") {
			plain += found.node;
			continue;
		}
		flush();
		out.push(found.node);
	}
	flush();
	return out;
}

const INSIDE = [entityAt, escapeAt, codeAt, imageAt, linkAt, styleAt, tagAt, emotionAt, addressAt];

function entityAt(text, i) {
	const found = text[i] === "&" ? /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/i.exec(text.slice(i, i + 12)) : null;
	if (!found)
		return null;
	const code = found[1] ? Number(found[1]) : parseInt(found[2] ?? "", 16);
	const char = found[3] ? NAMED[found[3]] : code > 0 && code <= 0x10FFFF ? String.fromCodePoint(code) : null;
	return char ? { node: char, length: found[0].length } : null;
}

function escapeAt(text, i) {
	return text[i] === "\\" && /[!-/:-@[-`{-~]/.test(text[i + 1] ?? "") ? { node: text[i + 1], length: 2 } : null;
}

// As many backticks close as have opened; a run that nothing closes is words.
function codeAt(text, i) {
	const run = text[i] === "`" ? /^`+/.exec(text.slice(i))[0] : "";
	if (!run)
		return null;
	const near = text.slice(i, i + REACH);
	for (let end = near.indexOf(run, run.length); end >= 0; end = near.indexOf(run, end + 1)) {
		const whole = /^`+/.exec(near.slice(end))[0];
		if (whole === run && end > run.length)
			return { node: { kind: "code", text: near.slice(run.length, end).trim() || " " }, length: end + run.length };
		end += whole.length - 1;
	}
	return { node: run, length: run.length };
}

function imageAt(text, i) {
	const found = text[i] === "!" ? /^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/.exec(text.slice(i, i + REACH)) : null;
	return found ? { node: { kind: "img", key: found[2], alt: decode(found[1]) }, length: found[0].length } : null;
}

function linkAt(text, i) {
	const found = text[i] === "[" ? /^\[((?:[^\]\\]|\\.)*)\]\((\S+?)\)/.exec(text.slice(i, i + REACH)) : null;
	return found ? { node: { kind: "a", url: decode(found[2]), children: parseInline(found[1]) }, length: found[0].length } : null;
}

const STYLES = [["***", "bi"], ["**", "b"], ["__", "b"], ["~~", "s"], ["*", "i"], ["_", "i"]];
const WORD = /[\p{L}\p{N}]/u;

// hopeless: by mark, up to where it is known that none closes it.
function styleAt(text, i, hopeless) {
	for (const [mark, kind] of STYLES) {
		if (i < hopeless[mark] || !text.startsWith(mark, i) || /\s/.test(text[i + mark.length] ?? " ") || (mark[0] === "_" && WORD.test(text[i - 1] ?? "")))
			continue;
		const end = closing(text, i + mark.length, mark);
		if (end < 0) {
			hopeless[mark] = i + REACH;
			continue;
		}
		const children = parseInline(text.slice(i + mark.length, end));
		const node = kind === "bi" ? { kind: "b", children: [{ kind: "i", children }] } : { kind, children };
		return { node, length: end + mark.length - i };
	}
	return null;
}

function closing(text, from, mark) {
	for (let j = from + 1; j < text.length && j - from < REACH; j++) {
		if (text[j - 1] === "\\" || !text.startsWith(mark, j) || /\s/.test(text[j - 1]))
			continue;
		if (mark.length === 1 && (text[j + 1] === mark || text[j - 1] === mark))
			continue;
		if (mark[0] !== "_" || !WORD.test(text[j + mark.length] ?? ""))
			return j;
	}
	return -1;
}

// ---- tags ----

// What stands between opening and closing is children, unless the tag says how it reads them.
const TAGS = {
	at: (a) => ({ kind: "at", ids: (a.ids ?? a.id ?? a.email ?? "").split(",").map((id) => id.trim()).filter(Boolean) }),
	person: (a) => ({ kind: "person", id: a.id ?? "" }),
	font: (a, inner) => ({ kind: "font", color: a.color ?? "", children: parseInline(inner) }),
	text_tag: (a, inner) => ({ kind: "tag", color: a.color ?? "neutral", children: parseInline(inner) }),
	number_tag: (a, inner) => ({ kind: "number", children: parseInline(inner) }),
	link: (a, inner) => ({ kind: "a", url: a.url ?? a.pc_url ?? "", children: parseInline(inner) }),
	a: (a, inner) => ({ kind: "a", url: a.href ?? "", children: parseInline(inner || (a.href ?? "")) }),
	local_datetime: (a, inner) => ({ kind: "time", ms: Number(a.millisecond), format: a.format_type ?? "date_num", fallback: inner }),
	raw: (a, inner) => ({ kind: "text", text: inner }),
	b: (a, inner) => ({ kind: "b", children: parseInline(inner) }),
	i: (a, inner) => ({ kind: "i", children: parseInline(inner) }),
	u: (a, inner) => ({ kind: "u", children: parseInline(inner) }),
	s: (a, inner) => ({ kind: "s", children: parseInline(inner) }),
};
const ALIASES = { strong: "b", em: "i", del: "s" };
const ALONE = { br: { kind: "br" }, hr: { kind: "hr" } };

function tagAt(text, i) {
	const open = text[i] === "<" ? /^<([a-z_]+)((?:\s+[a-z_]+\s*=\s*(?:'[^']*'|"[^"]*"|[^\s>]+))*)\s*(\/?)>/i.exec(text.slice(i, i + REACH)) : null;
	if (!open)
		return null;
	const name = ALIASES[open[1].toLowerCase()] ?? open[1].toLowerCase();
	if (ALONE[name])
		return { node: ALONE[name], length: open[0].length };
	const from = i + open[0].length;
	const close = `</${open[1]}>`;
	const end = open[3] ? from : text.indexOf(close, from);
	if (!Object.hasOwn(TAGS, name) || end < 0)
		return null;
	return { node: TAGS[name](attributes(open[2]), text.slice(from, end)), length: end - i + (open[3] ? 0 : close.length) };
}

const attributes = (text) => Object.fromEntries([...text.matchAll(/([a-z_]+)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s>]+))/gi)].map((f) => [f[1].toLowerCase(), decode(f[2] ?? f[3] ?? f[4] ?? "")]));

const decode = (text) => text.replace(/&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/gi, (entity) => entityAt(entity, 0)?.node ?? entity);

function emotionAt(text, i) {
	const found = text[i] === ":" ? /^:([A-Za-z]{2,30}):/.exec(text.slice(i, i + 34)) : null;
	return found && emotion(found[1]) ? { node: { kind: "emotion", type: found[1] }, length: found[0].length } : null;
}

function addressAt(text, i) {
	if (text[i] !== "h" || WORD.test(text[i - 1] ?? ""))
		return null;
	const url = /^https?:\/\/[^\s<>"'`\p{Script=Han}，。；！？（）【】]+/u.exec(text.slice(i, i + REACH))?.[0].replace(/[.,;:!?*_~)]+$/, "");
	return url && url.length > 8 ? { node: { kind: "a", url: decode(url), children: [{ kind: "text", text: decode(url) }] }, length: url.length } : null;
}

// ---- drawn ----

// view: {h, mention(id), person(id), image(key, alt), emotion(type), time(ms, format)}: how names and pictures are known where it is shown.
export function renderMarkdown(text, view) {
	const blocks = parseMarkdown(text);
	return blocks.map((block, i) => BLOCKS[block.kind](block, view, blocks[i - 1])).filter(Boolean);
}

const inside = (nodes, view) => nodes.map((node) => INLINE[node.kind](node, view));

const BLOCKS = {
	p: (b, v) => v.h("div", { class: "md-p" }, inside(b.children, v)),
	h: (b, v) => v.h(`h${Math.min(b.level + 2, 6)}`, { class: `md-h md-h${b.level}` }, inside(b.children, v)),
	quote: (b, v) => v.h("blockquote", { class: "md-quote" }, inside(b.children, v)),
	li: (b, v) => v.h("div", { class: `md-li md-level-${b.level}` }, v.h("span", { class: "md-mark" }, b.mark), v.h("span", { class: "md-item" }, inside(b.children, v))),
	pre: (b, v) => v.h("pre", { class: "md-pre" }, b.text),
	hr: (b, v) => v.h("hr"),
	gap: (b, v, before) => (before && before.kind !== "gap" ? v.h("div", { class: "md-gap" }) : null),
	table: (b, v) => v.h("div", { class: "card-scroll", tabindex: "0", role: "region" }, v.h("table", { class: "card-table" },
		v.h("thead", null, v.h("tr", null, b.rows[0].map((cell) => v.h("th", { scope: "col" }, inside(cell, v))))),
		v.h("tbody", null, b.rows.slice(1).map((row) => v.h("tr", null, row.map((cell) => v.h("td", null, inside(cell, v)))))))),
};

const COLOR = /^[a-z]+(-\d{2,3})?$/;
const colored = (name) => (COLOR.test(name) ? name.replace(/-\d+$/, "") : "neutral");

const INLINE = {
	text: (n) => n.text,
	br: (n, v) => v.h("br"),
	hr: (n, v) => v.h("hr"),
	b: (n, v) => v.h("strong", null, inside(n.children, v)),
	i: (n, v) => v.h("em", null, inside(n.children, v)),
	s: (n, v) => v.h("s", null, inside(n.children, v)),
	u: (n, v) => v.h("u", null, inside(n.children, v)),
	code: (n, v) => v.h("code", null, n.text),
	font: (n, v) => v.h("span", { class: `ink-${colored(n.color)}` }, inside(n.children, v)),
	tag: (n, v) => v.h("span", { class: `text-tag tag-${colored(n.color)}` }, inside(n.children, v)),
	number: (n, v) => v.h("span", { class: "number-tag" }, inside(n.children, v)),
	a: (n, v) => link(n, v),
	at: (n, v) => n.ids.map((id) => v.mention(id)),
	person: (n, v) => v.person(n.id),
	img: (n, v) => v.image(n.key, n.alt),
	emotion: (n, v) => v.emotion(n.type),
	time: (n, v) => v.h("time", null, Number.isFinite(n.ms) ? v.time(n.ms, n.format) : n.fallback),
};

// Only addresses that open something harmless become links.
function link(node, view) {
	const words = inside(node.children, view);
	return /^https?:\/\//i.test(node.url) ? view.h("a", { href: node.url, target: "_blank", rel: "noopener noreferrer" }, words) : view.h("span", null, words);
}
