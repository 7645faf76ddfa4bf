// SPDX-License-Identifier: MIT
// Suggestions while writing: slash commands at the start, @people, #channels, :emoji:. The text field stays the focused
// element; the list is told to assistive technology through aria-activedescendant.

import { h, replace } from "./dom.js";
import { channel, state } from "./state.js";
import { isFeishu } from "./prefs.js";
import { t } from "./i18n.js";
import { searchEmoji } from "./emoji.js";
import { avatar } from "./people.js";

const LIMIT = 8;
let lists = 0;

// What stands before the cursor, and which list belongs to it.
const TRIGGERS = [
	{ kind: "command", pattern: /^(\/[\w-]*)$/ },
	{ kind: "person", pattern: /(?:^|[\s(（，。、：:])@([\w.\-\p{Script=Han}]*)$/u },
	{ kind: "channel", pattern: /(?:^|[\s(（，。、：:])#([\w\-\p{Script=Han}]*)$/u },
	{ kind: "emoji", pattern: /(?:^|[^\w:]):([a-z0-9_+\-]{2,})$/ },
];

const SOURCES = {
	command: (word) => (isFeishu() ? [] : state.commands).filter((c) => c.command.startsWith(word)).map((c) => ({
		insert: `${c.command} `, from: word.length, main: c.command, hint: c.usage_hint, side: c.description, testid: `suggest-${c.command}` })),
	person: (word, where) => [...broadcasts(word), ...members(word, where)],
	channel: (word) => [...state.channels.values()].filter((c) => !isFeishu() && c.kind !== "im" && c.name.startsWith(word)).map((c) => ({
		insert: `#${c.name} `, from: word.length + 1, main: `#${c.name}`, side: c.topic, testid: `suggest-${c.id}` })),
	emoji: (word) => searchEmoji(word, LIMIT).map((e) => ({
		insert: `${e.char} `, from: word.length + 1, main: `${e.char}  :${e.name}:`, testid: `suggest-${e.name}` })),
};

const broadcasts = (word) => (isFeishu() ? everyone(word) : [["here", "write.everyoneHere"], ["channel", "write.everyone"]].filter(([name]) => word && name.startsWith(word)).map(([name, why]) => ({
	insert: `@${name} `, from: word.length + 1, main: `@${name}`, side: t(why), testid: `suggest-${name}` })));
const everyone = (word) => (["all", t("write.all")].some((name) => name.startsWith(word)) ? [{ insert: `@${t("write.all")} `, from: word.length + 1, main: `@${t("write.all")}`, side: t("write.everyone"), testid: "suggest-all" }] : []);

// Those of the channel come first.
function members(word, where) {
	const lower = word.toLowerCase();
	const here = new Set(channel(where)?.members ?? []);
	return [...state.members.values()].filter((m) => !m.deleted && [m.name, m.real_name, m.display_name].some((n) => n?.toLowerCase().startsWith(lower)))
		.sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)))
		.map((m) => ({ insert: `@${m.name} `, from: word.length + 1, main: `@${m.name}`, side: m.real_name, face: m.id, testid: `suggest-${m.id}` }));
}

// Gives {element, update(), key(event) → true when the key was used}. area: the text field; where: the channel's id.
export function createSuggestions(area, where) {
	const id = `suggest-${++lists}`;
	const element = h("ul", { class: "suggest", id, role: "listbox", hidden: true, "aria-label": t("write.suggestions"), testid: "suggestions" });
	const usage = h("div", { class: "usage", hidden: true, testid: "usage-hint" });
	let items = [];
	let at = 0;

	function update() {
		const before = area.value.slice(0, area.selectionEnd);
		const found = TRIGGERS.map((trigger) => ({ ...trigger, match: trigger.pattern.exec(before) })).find((trigger) => trigger.match);
		items = found ? SOURCES[found.kind](found.match[1], where).slice(0, LIMIT) : [];
		at = 0;
		draw();
		drawUsage();
	}

	// The hint of a command that is being given words.
	function drawUsage() {
		const word = /^(\/[\w-]+)\s/.exec(area.value)?.[1];
		const command = word && !isFeishu() && state.commands.find((c) => c.command === word);
		usage.hidden = !command || items.length > 0;
		if (command)
			replace(usage, h("code", null, `${command.command} ${command.usage_hint ?? ""}`), " ", h("span", { class: "hint" }, command.description));
	}

	function draw() {
		element.hidden = items.length === 0;
		area.setAttribute("aria-expanded", String(items.length > 0));
		replace(element, items.map((item, i) => h("li", { class: "suggest-item", id: `${id}-${i}`, role: "option", "aria-selected": String(i === at), testid: item.testid,
			onpointerdown: (event) => { event.preventDefault(); accept(i); } },
		item.face && avatar(item.face, "avatar avatar-tiny"), h("span", { class: "suggest-main" }, item.main, item.hint && h("span", { class: "suggest-hint" }, ` ${item.hint}`)),
		item.side && h("span", { class: "suggest-side" }, item.side))));
		if (items.length)
			area.setAttribute("aria-activedescendant", `${id}-${at}`);
		else
			area.removeAttribute("aria-activedescendant");
		element.children[at]?.scrollIntoView({ block: "nearest" });
	}

	function accept(i) {
		const end = area.selectionEnd;
		area.setRangeText(items[i].insert, end - items[i].from, end, "end");
		area.dispatchEvent(new Event("input", { bubbles: true }));
		area.focus();
	}

	function close() {
		items = [];
		draw();
		drawUsage();
	}

	const move = (step) => { at = (at + step + items.length) % items.length; draw(); };
	const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => accept(at), Tab: () => accept(at), Escape: close };

	// Enter on a word that is complete already sends it.
	const complete = () => items[at] && items[at].insert.trim() === area.value.trim();

	function key(event) {
		if (items.length === 0 || !KEYS[event.key] || event.shiftKey || (event.key === "Enter" && complete()))
			return false;
		event.preventDefault();
		KEYS[event.key]();
		return true;
	}

	area.setAttribute("role", "combobox");
	area.setAttribute("aria-autocomplete", "list");
	area.setAttribute("aria-haspopup", "listbox");
	area.setAttribute("aria-controls", id);
	area.setAttribute("aria-expanded", "false");
	area.addEventListener("blur", close);
	return { elements: [element, usage], update, key, close };
}
