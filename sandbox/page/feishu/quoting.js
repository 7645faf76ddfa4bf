// SPDX-License-Identifier: MIT
// What the next message answers (回复), above the composer; and words of a recalled message brought back to it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { message } from "../state.js";
import { t } from "../i18n.js";
import { authorName, view } from "../message.js";
import { toTyped } from "../mrkdwn.js";
import { plainWords } from "./plain.js";

const quoting = { channel: "", ts: "" };
let listener = () => {};
export const onQuoting = (fn) => { listener = fn; };

export function startQuoting(channel, ts) {
	Object.assign(quoting, { channel, ts });
	listener();
	document.querySelector("#main [data-testid=composer]")?.focus();
}

export const stopQuoting = () => startQuoting("", "");

// What the next act "say" carries more in this chat.
export const quoteOf = (channel) => (quoting.channel === channel && message(channel, quoting.ts) ? { thread_ts: message(channel, quoting.ts).thread_ts ?? quoting.ts, quotes: true } : {});

export function quoteBar(channel) {
	const m = quoting.channel === channel ? message(channel, quoting.ts) : null;
	return m && h("div", { class: "fs-quoting", testid: "quoting" }, h("span", null, t("fs.quoting", { name: authorName(m), text: plainWords(m) })),
		h("button", { class: "icon-btn small", type: "button", "aria-label": t("fs.quoteStop"), title: t("fs.quoteStop"), testid: "quote-stop", onclick: stopQuoting }, icon("close")));
}

export function writeAgain(m, place) {
	const area = document.querySelector(`#${place.pane === "thread" ? "thread" : "main"} [data-testid=composer]`);
	if (!area)
		return;
	area.value = toTyped(m.text, view);
	area.dispatchEvent(new Event("input", { bubbles: true }));
	area.focus();
}
