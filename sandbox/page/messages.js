// SPDX-License-Identifier: MIT
// The middle: a channel's head, its messages with days between them, and the composer below; or the App Home. A message's
// element is kept while its message is the same object, so that a new message costs one element, not a page.

import { h, byId, isAtBottom, redraw, replace } from "./dom.js";
import { icon } from "./icons.js";
import { channelMessages, memberName, message, now, on, placeOf, state } from "./state.js";
import { isFeishu, prefs, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { announce, told } from "./dialog.js";
import { openMenu } from "./menu.js";
import { dayKey, formatDay, tsToMs } from "./time.js";
import { actingZone } from "./people.js";
import { editing, isDeleted, isMine, onEditing, renderMessage, startEditing } from "./message.js";
import { createComposer } from "./composer.js";
import { homePanel } from "./home.js";
import { renderBubble } from "./feishu/bubble.js";
import { botMenu } from "./feishu/botmenu.js";
import { face } from "./feishu/chats.js";
import { onQuoting, quoteBar, quoteOf, stopQuoting } from "./feishu/quoting.js";
import { parseMrkdwn } from "./mrkdwn.js";

const SHOWN = 200;
const GROUP_MS = 5 * 60000;
let limit = SHOWN;
let place = "";
let composer = null;

export function startMessages() {
	on("channels members prefs home clock all", drawPane);
	on("messages", drawMessages);
	onEditing(drawMessages);
	on("feishu", () => here() && drawFoot(here()));
	onQuoting(() => here() && drawFoot(here()));
	on("messages", announceNew);
	on("all", () => { announced = newestVisible(); });
}

const here = () => placeOf(prefs.channel, prefs.as);
// A conversation with the app stays the same place when the server opens it and gives it its id.
const nameOf = (c) => (c?.kind === "im" ? "dm" : c?.id ?? prefs.channel);
const keyOf = () => `${isFeishu()} ${prefs.as} ${nameOf(here())}`;

export const roomName = (c) => (c.kind === "im" ? state.app.name : isFeishu() ? c.name : `#${c.name}`);

function drawPane() {
	if (!state.ready)
		return;
	const main = byId("main");
	const c = here();
	const home = prefs.channel === "home" && !isFeishu();
	if (!c && !home)
		return replace(main, h("p", { class: "empty" }, t("channel.none")));
	const fresh = place !== keyOf();
	if (fresh) {
		place = keyOf();
		limit = SHOWN;
		composer = null;
	}
	if (home)
		return redraw(main, () => replace(main, homePanel(fresh)));
	if (fresh || !byId("messages")) {
		composer = null;
		build(main);
	}
	// Opening the conversation with an app tells it so, as opening its home does.
	if (fresh && c.kind === "im")
		act({ do: "open_home", as: prefs.as, tab: "messages" });
	redraw(byId("channel-head"), () => replace(byId("channel-head"), headOf(c)));
	byId("messages").setAttribute("aria-label", t("channel.messages", { name: roomName(c) }));
	drawFoot(c);
	drawMessages(fresh);
}


function build(main) {
	const list = h("div", { class: "messages", id: "messages", role: "log", "aria-live": "off", testid: "messages", onkeydown: moveBetween, onscroll: (event) => { byId("new-below").hidden ||= isAtBottom(event.currentTarget); } });
	stayAtEnd(list);
	replace(main, h("header", { class: "pane-head", id: "channel-head" }), list,
		h("button", { class: "new-below", id: "new-below", type: "button", hidden: true, onclick: toBottom }, t("channel.newBelow")),
		h("div", { class: "pane-foot", id: "channel-foot" }));
}

// A list that stood at its end stays there when the window, the composer or a pane beside it changes its size.
const ends = new WeakMap();
const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => { if (ends.get(target)) target.scrollTop = target.scrollHeight; }));

export function stayAtEnd(list) {
	ends.set(list, true);
	list.addEventListener("scroll", () => ends.set(list, isAtBottom(list)));
	sizes.observe(list);
}

function toBottom() {
	const list = byId("messages");
	list.scrollTop = list.scrollHeight;
}

function headOf(c) {
	const member = c.members?.includes(prefs.as);
	return [isFeishu() && face(c), h("div", { class: "pane-words" }, h("h1", { class: "pane-title", testid: "channel-title" }, roomName(c)),
		c.topic && h("span", { class: "pane-topic" }, c.topic)),
	c.kind !== "im" && h("span", { class: "hint", title: (c.members ?? []).map(memberName).join(", ") }, icon("person"), t("channel.members", { n: c.members?.length ?? 0 })),
	c.kind !== "im" && member && h("button", { class: "icon-btn", type: "button", "aria-label": t("view.more"), title: t("view.more"), testid: "channel-menu",
		onclick: (event) => openMenu(event.currentTarget, channelActs(c)) }, icon("more"))];
}

function channelActs(c) {
	const absent = [...state.members.values()].filter((m) => !m.deleted && !c.members.includes(m.id));
	return [...absent.map((m) => ({ label: t("channel.invite", { name: memberName(m.id) }), testid: `invite-${m.id}`, run: () => told(act({ do: "invite", as: prefs.as, channel: c.id, user: m.id })) })),
		{ label: t("channel.leave"), testid: "channel-leave", danger: true, run: () => told(act({ do: "leave", as: prefs.as, channel: c.id })) }];
}

function drawFoot(c) {
	const foot = byId("channel-foot");
	if (c.kind !== "im" && !c.members?.includes(prefs.as)) {
		composer = null;
		return replace(foot, h("div", { class: "join" }, t("channel.notIn", { name: c.name }),
			h("button", { class: "btn primary", type: "button", testid: "join", onclick: () => told(act({ do: "join", as: prefs.as, channel: c.id })) }, t("channel.join", { name: c.name }))));
	}
	const key = `${keyOf()} ${prefs.lang}`;
	const fresh = composer?.key !== key;
	if (fresh)
		composer = createComposer({ key, channel: nameOf(c), label: t("write.to", { name: roomName(c) }), editLast: () => editLast(here().id), sent: () => { stopQuoting(); toBottom(); }, more: () => quoteOf(here().id) });
	const above = isFeishu() ? [c.kind === "im" && botMenu(), quoteBar(c.id)].filter(Boolean) : [];
	return redraw(foot, () => putRows(foot, [...above, composer.element]));
}

function editLast(id) {
	const last = channelMessages(id, prefs.as, isFeishu()).findLast(isMine);
	if (last)
		startEditing(id, last.ts, "main");
}

// Elements by pane: ts → {message, key, element}.
const kept = { main: new Map(), thread: new Map() };

function elementOf(m, where) {
	const beingEdited = editing.ts === m.ts && editing.channel === where.channel && editing.pane === where.pane;
	const key = `${isFeishu()} ${prefs.theme} ${where.channel} ${where.compact} ${prefs.as} ${prefs.lang} ${state.members.size} ${beingEdited} ${actingZone()}`;
	const known = kept[where.pane].get(m.ts);
	// What somebody is writing in an edited message is not thrown away because the message got a reaction.
	if (known && known.key === key && (known.message === m || beingEdited))
		return known.element;
	const element = isFeishu() ? renderBubble(m, where) : renderMessage(m, where);
	kept[where.pane].set(m.ts, { message: m, key, element });
	return element;
}

// Elements for a list of messages, with a line between days.
export function rowsOf(list, where) {
	const zone = actingZone();
	const rows = [];
	let before = null;
	for (const m of list) {
		const newDay = !before || dayKey(tsToMs(before.ts), zone) !== dayKey(tsToMs(m.ts), zone);
		if (newDay)
			rows.push(dayLine(dayKey(tsToMs(m.ts), zone), formatDay(tsToMs(m.ts), zone, now()), where.pane));
		rows.push(elementOf(m, { ...where, compact: !newDay && follows(m, before) }));
		before = m;
	}
	return rows;
}

const dayLines = { main: new Map(), thread: new Map() };

function dayLine(day, words, pane) {
	const key = `${day} ${words}`;
	if (!dayLines[pane].has(key))
		dayLines[pane].set(key, h("div", { class: "day", role: "separator", data: { day } }, h("span", null, words)));
	return dayLines[pane].get(key);
}

const follows = (m, before) => before.user === m.user && before.bot === m.bot && !before.recalled && !isDeleted(before) && !m.ephemeral_to && !before.ephemeral_to
	&& tsToMs(m.ts) - tsToMs(before.ts) < GROUP_MS;

// Puts the wanted children in order, touching only what is not in its place; so the focus and a selection survive.
export function putRows(parent, rows) {
	const keep = new Set(rows);
	for (const child of [...parent.children])
		if (!keep.has(child))
			child.remove();
	rows.forEach((row, i) => {
		if (parent.children[i] !== row)
			parent.insertBefore(row, parent.children[i] ?? null);
	});
}

function drawMessages(fresh = false) {
	const list = byId("messages");
	const c = here();
	if (!list || !c)
		return;
	const follow = fresh === true || isAtBottom(list);
	const all = channelMessages(c.id, prefs.as, isFeishu());
	const shown = all.slice(-limit);
	forget(kept.main, shown);
	redraw(list, () => putRows(list, shown.length ? [earlier(all.length > shown.length), ...rowsOf(shown, { channel: c.id, pane: "main" })].filter(Boolean) : [nothing(c)]));
	rove(list);
	if (follow)
		list.scrollTop = list.scrollHeight;
	else if (all.at(-1)?.ts > lastSeenTs)
		byId("new-below").hidden = false;
	lastSeenTs = all.at(-1)?.ts ?? "";
	focusEditor(list);
}
let lastSeenTs = "";

export function forget(map, shown) {
	const wanted = new Set(shown.map((m) => m.ts));
	for (const ts of map.keys())
		if (!wanted.has(ts))
			map.delete(ts);
}

export const threadKept = kept.thread;

export function focusEditor(list) {
	const box = list.querySelector(".editing textarea");
	if (box && document.activeElement !== box && !box.dataset.focused) {
		box.dataset.focused = "yes";
		box.focus();
		box.setSelectionRange(box.value.length, box.value.length);
	}
}

const earlier = (more) => more && h("button", { class: "btn earlier", type: "button", onclick: () => { limit += SHOWN; drawMessages(); } }, t("channel.earlier"));
const nothing = (c) => h("p", { class: "empty" }, c.kind === "im" ? t("channel.emptyDm", { name: state.app.name }) : t("channel.empty"));

// One message of the list is in the Tab order (the last, or where one was); the arrow keys go through them.
export function rove(list) {
	const articles = [...list.querySelectorAll("article")];
	const current = articles.find((a) => a.contains(document.activeElement)) ?? articles.at(-1);
	for (const article of articles)
		article.tabIndex = article === current ? 0 : -1;
}

export function moveBetween(event) {
	const article = event.target.closest("article");
	if (!article || event.target !== article || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key))
		return;
	const all = [...event.currentTarget.querySelectorAll("article")];
	const at = all.indexOf(article);
	const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
	const next = all[Math.max(0, Math.min(all.length - 1, to))];
	event.preventDefault();
	all.forEach((a) => { a.tabIndex = a === next ? 0 : -1; });
	next.focus();
}

// A new message in the open place is read out to those who listen.
let announced = "";
const newestVisible = () => channelMessages(prefs.channel, prefs.as, isFeishu()).at(-1)?.ts ?? "";

function announceNew() {
	const ts = newestVisible();
	const m = ts > announced ? message(prefs.channel, ts) : null;
	announced = ts;
	if (m && m.user !== prefs.as)
		announce(t("msg.arrived", { name: memberName(m.user ?? state.app.bot_user), text: words(m.text ?? "") }));
}

const flat = (node) => node.text ?? (node.children ?? []).map(flat).join("") ?? "";
const words = (text) => parseMrkdwn(text).map(flat).join(" ").slice(0, 300);

export const closeThread = () => setPrefs({ thread: "" });
