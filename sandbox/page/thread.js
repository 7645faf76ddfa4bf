// SPDX-License-Identifier: MIT
// The right side: a thread, with its own composer.

import { h, byId, isAtBottom, redraw, replace } from "./dom.js";
import { icon } from "./icons.js";
import { channel, message, on, state, threadMessages } from "./state.js";
import { isFeishu, prefs } from "./prefs.js";
import { t } from "./i18n.js";
import { createComposer } from "./composer.js";
import { isMine, onEditing, startEditing } from "./message.js";
import { closeThread, focusEditor, forget, moveBetween, putRows, roomName, rove, rowsOf, stayAtEnd, threadKept } from "./messages.js";

let composer = null;
let place = "";

export function startThread() {
	on("channels members prefs all", draw);
	on("messages", fill);
	onEditing(fill);
	byId("thread").addEventListener("keydown", (event) => {
		if (event.key === "Escape" && !event.defaultPrevented)
			close();
	});
}

function close() {
	const root = prefs.thread;
	closeThread();
	document.querySelector(`#messages [data-ts="${CSS.escape(root)}"]`)?.focus();
}

const isOpen = () => Boolean(state.ready && prefs.thread && channel(prefs.channel));

function draw() {
	const pane = byId("thread");
	const wasHidden = pane.hidden;
	pane.hidden = !isOpen();
	document.body.classList.toggle("thread-open", isOpen());
	if (!isOpen()) {
		place = "";
		composer = null;
		return;
	}
	const key = `${isFeishu()} ${prefs.channel} ${prefs.thread} ${prefs.as} ${prefs.lang}`;
	const fresh = place !== key;
	if (fresh) {
		place = key;
		build(pane, key);
	}
	fill();
	if (fresh && wasHidden)
		composer?.focus();
}

function build(pane, key) {
	const c = channel(prefs.channel);
	composer = createComposer({ key, channel: c.id, thread: prefs.thread, label: t("write.reply"), editLast });
	pane.setAttribute("aria-label", t("thread.title"));
	redraw(pane, () => replace(pane,
		h("header", { class: "pane-head" }, h("div", { class: "pane-words" }, h("h2", { class: "pane-title" }, t("thread.title")),
			h("span", { class: "pane-topic" }, roomName(c))),
		h("button", { class: "icon-btn", type: "button", "aria-label": t("thread.close"), title: t("thread.close"), testid: "thread-close", onclick: close }, icon("close"))),
		h("div", { class: "messages", id: "thread-messages", role: "log", "aria-live": "off", "aria-label": t("thread.title"), testid: "thread-messages", onkeydown: moveBetween }),
		h("div", { class: "pane-foot" }, composer.element)));
	stayAtEnd(byId("thread-messages"));
}

function fill() {
	const list = byId("thread-messages");
	if (!isOpen() || !list)
		return;
	const follow = isAtBottom(list) || !list.hasChildNodes();
	const shown = threadMessages(prefs.channel, prefs.thread, prefs.as, isFeishu());
	forget(threadKept, shown);
	const rows = rowsOf(shown, { channel: prefs.channel, pane: "thread" });
	const replies = shown.filter((m) => m.ts !== prefs.thread).length;
	if (!message(prefs.channel, prefs.thread))
		rows.unshift(h("p", { class: "empty" }, t("thread.gone")));
	else if (replies > 0)
		rows.splice(2, 0, h("div", { class: "reply-count" }, t("thread.replies", { n: replies })));
	redraw(list, () => putRows(list, rows));
	rove(list);
	if (follow)
		list.scrollTop = list.scrollHeight;
	focusEditor(list);
}

function editLast() {
	const last = threadMessages(prefs.channel, prefs.thread, prefs.as, isFeishu()).findLast(isMine);
	if (last)
		startEditing(prefs.channel, last.ts, "thread");
}
