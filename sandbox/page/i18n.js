// SPDX-License-Identifier: MIT
// The page's own words in the reader's language. People's and the bot's words are never translated here.

import { isFeishu, prefs } from "./prefs.js";
import { TEXTS } from "./texts.js";

const COLUMN = { "zh-CN": 0, en: 1 };

// t("thread.replies", {n: 3}): the text of that key with {n} filled in. In English "{n|reply|replies}" chooses by n. In
// Feishu's room "feishu." before the key comes first: what a thread is called there.
export function t(key, values = {}) {
	const pair = (isFeishu() && TEXTS[`feishu.${key}`]) || TEXTS[key];
	const text = pair?.[COLUMN[prefs.lang] ?? 1];
	if (text === undefined)
		return key;
	return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
		one === undefined ? String(values[name] ?? "") : `${values[name]} ${Number(values[name]) === 1 ? one : many}`);
}

// Elements of index.html with data-t get their text, with data-t-label their aria-label and tooltip.
export function translatePage() {
	document.documentElement.lang = prefs.lang;
	for (const element of document.querySelectorAll("[data-t]"))
		element.textContent = t(element.dataset.t);
	for (const element of document.querySelectorAll("[data-t-label]")) {
		element.setAttribute("aria-label", t(element.dataset.tLabel));
		if (element.tagName === "BUTTON")
			element.title = t(element.dataset.tLabel);
	}
}
