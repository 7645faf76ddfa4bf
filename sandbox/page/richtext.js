// SPDX-License-Identifier: MIT
// The rich_text block: sections, lists, quotes and code made of marked leaves. Its words are not escaped.

import { h } from "./dom.js";
import { emojiChar } from "./emoji.js";
import { inline, renderLink } from "./mrkdwn.js";

// Slack makes a rich_text block of a message that was posted as text alone. Where it says no more than the text does, the text is
// shown, whose mrkdwn has the styles.
export function isEcho(blocks, text) {
	if (blocks.length !== 1 || blocks[0].type !== "rich_text" || !text)
		return false;
	const letters = (words) => words.replace(/[^\p{L}\p{N}]/gu, "");
	const leaf = (e) => (e.elements ?? []).map(leaf).join("") + (e.style && typeof e.style === "object" ? "\0styled" : "")
		+ (e.text ?? e.url ?? e.user_id ?? e.channel_id ?? e.usergroup_id ?? e.range ?? (e.type === "emoji" ? e.name : ""));
	const bare = text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, head, label) => (/^https?:|^mailto:/.test(head) ? label ?? head : head)).replace(/&(amp|lt|gt);/g, "");
	return letters(leaf(blocks[0])) === letters(bare);
}

const MARKS = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

export function renderRichText(elements, view) {
	return (elements ?? []).map((element) => CONTAINERS[element.type]?.(element, view) ?? null);
}

const CONTAINERS = {
	rich_text_section: (e, v) => h("div", { class: "line" }, leaves(e, v)),
	rich_text_quote: (e, v) => h("blockquote", { class: "quote" }, leaves(e, v)),
	rich_text_preformatted: (e, v) => h("pre", { class: "code-block" }, leaves(e, v)),
	rich_text_list: (e, v) => h(e.style === "ordered" ? "ol" : "ul", { class: `rich-list indent-${Math.min(Math.max(Number(e.indent) || 0, 0), 8)}`, start: e.offset ? e.offset + 1 : null },
		(e.elements ?? []).map((item) => h("li", null, leaves(item, v)))),
};

const leaves = (container, view) => (container.elements ?? []).map((leaf) => marked(leaf, LEAVES[leaf.type]?.(leaf, view) ?? leaf.text ?? ""));

const LEAVES = {
	text: (l) => withBreaks(l.text ?? ""),
	link: (l, v) => renderLink(l.url ?? "", l.text || l.url, v),
	user: (l, v) => inline({ kind: "user", id: l.user_id }, v),
	channel: (l, v) => inline({ kind: "channel", id: l.channel_id }, v),
	usergroup: (l, v) => inline({ kind: "group", id: l.usergroup_id }, v),
	broadcast: (l, v) => inline({ kind: "broadcast", range: l.range }, v),
	emoji: (l, v) => emojiLeaf(l, v),
	date: (l, v) => inline({ kind: "date", at: l.timestamp, format: l.format ?? "", link: l.url, fallback: l.fallback }, v),
	color: (l) => h("code", null, l.value),
};

function emojiLeaf(leaf, view) {
	const name = leaf.skin_tone ? `${leaf.name}::skin-tone-${leaf.skin_tone}` : leaf.name;
	return emojiChar(name) ? inline({ kind: "emoji", name }, view) : fromCodes(leaf.unicode) ?? `:${leaf.name}:`;
}

const fromCodes = (unicode) => (/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode ?? "") ? String.fromCodePoint(...unicode.split("-").map((c) => parseInt(c, 16)).filter((c) => c <= 0x10ffff)) : null);

function withBreaks(text) {
	return text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

function marked(leaf, content) {
	return MARKS.reduce((inner, [name, tag]) => (leaf.style?.[name] ? h(tag, null, inner) : inner), content);
}
