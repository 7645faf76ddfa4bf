// SPDX-License-Identifier: MIT
// A small panel beside a button (menus, the emoji picker, the clock): the browser's popover closes it on Escape or on
// a press elsewhere and gives the focus back; here it is only placed, and moved through with the arrow keys.

import { h } from "./dom.js";
import { emojiChar, QUICK, searchEmoji } from "./emoji.js";
import { t } from "./i18n.js";

const GAP = 6;

export function openPopover(anchor, content, { className = "", label, testid } = {}) {
	const panel = h("div", { class: `popover ${className}`, popover: "auto", role: "dialog", "aria-label": label, testid }, content);
	(anchor.closest("dialog") ?? document.body).append(panel);
	panel.addEventListener("toggle", (event) => {
		anchor.setAttribute("aria-expanded", String(event.newState === "open"));
		if (event.newState === "closed")
			panel.remove();
	});
	panel.showPopover();
	place(panel, anchor);
	(panel.querySelector("[autofocus]") ?? panel.querySelector("button, input, select"))?.focus();
	return { panel, close: () => panel.isConnected && panel.hidePopover() };
}

// Below the button, or above where there is no room; never outside the window.
function place(panel, anchor) {
	const at = anchor.getBoundingClientRect();
	const size = panel.getBoundingClientRect();
	const below = at.bottom + GAP + size.height <= innerHeight;
	const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height);
	const left = Math.min(Math.max(GAP, at.right - size.width), innerWidth - size.width - GAP);
	panel.style.top = `${Math.max(GAP, Math.min(top, innerHeight - size.height - GAP))}px`;
	panel.style.left = `${Math.max(GAP, left)}px`;
}

// items: [{label, testid, danger, run}].
export function openMenu(anchor, items, options) {
	const buttons = items.map((item) => h("button", { class: item.danger ? "menu-item danger" : "menu-item", type: "button", role: "menuitem", testid: item.testid,
		onclick: () => { menu.close(); item.run(); } }, item.label));
	const menu = openPopover(anchor, h("div", { class: "menu", role: "menu", onkeydown: (event) => arrows(event, buttons, 1) }, buttons), options);
	return menu;
}

function arrows(event, list, columns) {
	const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
	const step = steps[event.key];
	const at = list.indexOf(document.activeElement);
	if (!step || at < 0)
		return;
	event.preventDefault();
	list[Math.max(0, Math.min(list.length - 1, at + step))].focus();
}

const COLUMNS = 8;

// pick(name) is called with the name of the chosen emoji.
export function openEmojiPicker(anchor, pick) {
	const grid = h("div", { class: "emoji-grid", role: "group" });
	const search = h("input", { class: "input", type: "search", autofocus: true, "aria-label": t("msg.react"), placeholder: ":tada:", testid: "emoji-search", oninput: fill,
		onkeydown: (event) => {
			if (event.key === "Enter")
				grid.querySelector("button")?.click();
			if (event.key === "ArrowDown")
				grid.querySelector("button")?.focus();
		} });
	const picker = openPopover(anchor, [grid, search], { className: "emoji-picker", label: t("msg.react"), testid: "emoji-picker" });
	grid.addEventListener("keydown", (event) => arrows(event, [...grid.children], COLUMNS));
	fill();
	place(picker.panel, anchor);
	function fill() {
		const words = search.value.replace(/:/g, "").trim();
		const names = words ? searchEmoji(words, 40).map((e) => e.name) : QUICK;
		grid.replaceChildren(...names.map((name) => h("button", { class: "emoji-choice", type: "button", title: `:${name}:`, "aria-label": name,
			testid: `emoji-${name}`, onclick: () => { picker.close(); pick(name); } }, emojiChar(name))));
	}
}
