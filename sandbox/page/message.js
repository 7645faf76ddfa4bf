// SPDX-License-Identifier: MIT
// One message: who, when, what was said (text, blocks, files), reactions, the thread below it, and what may be done with it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { channel, isApp, member, memberName, now, state } from "./state.js";
import { isFeishu, prefs, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { confirmAsk, told } from "./dialog.js";
import { openEmojiPicker } from "./menu.js";
import { emojiChar } from "./emoji.js";
import { renderMrkdwn, toTyped } from "./mrkdwn.js";
import { renderAttachment, renderBlocks } from "./blocks.js";
import { isEcho } from "./richtext.js";
import { actingZone, avatar } from "./people.js";
import { formatDate, formatDay, formatFull, formatTime, tsToMs } from "./time.js";
import { openPlace } from "./sidebar.js";
import { editor, written } from "./composer.js";
import { cardOf } from "./feishu/messagecard.js";

// How mrkdwn and rich text know names here.
export const view = {
	h,
	userName: (id) => (state.members.has(id) ? memberName(id) : null),
	handle: (id) => member(id)?.name ?? null,
	channelName: (id) => channel(id)?.name ?? null,
	isMe: (id) => id === prefs.as,
	openChannel: (id) => state.channels.has(id) && openPlace({ channel: id }),
	date: dateWords,
	rangeName: (range) => (isFeishu() ? t("write.all") : range),
};

const DATE_TOKENS = {
	date_num: { year: "numeric", month: "2-digit", day: "2-digit" }, date: { year: "numeric", month: "long", day: "numeric" },
	date_short: { year: "numeric", month: "short", day: "numeric" }, date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
	date_pretty: "date", date_short_pretty: "date_short", date_long_pretty: "date_long",
	time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

function dateWords({ at, format }) {
	const ms = at * 1000;
	const zone = actingZone();
	return format.replace(/\{(\w+)\}/g, (token, name) => {
		const how = DATE_TOKENS[name];
		if (name === "ago")
			return ago(ms - now());
		if (!how)
			return token;
		return typeof how === "string" ? formatDay(ms, zone, now(), DATE_TOKENS[how]) : formatDate(ms, zone, how);
	});
}

function ago(ms) {
	const units = [["day", 86400000], ["hour", 3600000], ["minute", 60000], ["second", 1000]];
	const [unit, size] = units.find(([, s]) => Math.abs(ms) >= s) ?? units[3];
	return new Intl.RelativeTimeFormat(prefs.lang, { numeric: "auto" }).format(Math.round(ms / size), unit);
}

// The one message that is being edited, if any: {channel, ts, pane}.
export const editing = { channel: "", ts: "", pane: "" };
let redrawEdited = () => {};
export const onEditing = (fn) => { const before = redrawEdited; redrawEdited = () => { before(); fn(); }; };

export function startEditing(channelId, ts, pane) {
	Object.assign(editing, { channel: channelId, ts, pane });
	redrawEdited();
}

function stopEditing() {
	const { pane } = editing;
	startEditing("", "", "");
	document.querySelector(`#${pane === "thread" ? "thread" : "main"} [data-testid=composer]`)?.focus();
}

export const isMine = (m) => m.user === prefs.as && !m.ephemeral_to;

// place: {channel, pane: "main"|"thread", compact}. compact: the line above is by the same person, shortly before.
export function renderMessage(m, place) {
	const ms = tsToMs(m.ts);
	const edited = editing.ts === m.ts && editing.channel === place.channel && editing.pane === place.pane;
	const classes = ["msg", place.compact && "compact", m.ephemeral_to && "ephemeral", edited && "editing", mentionsMe(m) && "mentions-me"].filter(Boolean).join(" ");
	return h("article", { class: classes, testid: "message", tabindex: "-1", data: { ts: m.ts, user: m.user ?? "", key: `msg-${m.ts}` },
		"aria-label": `${authorName(m)} ${formatTime(ms, actingZone())}` },
	place.compact ? h("time", { class: "msg-side", title: formatFull(ms, actingZone()) }, formatTime(ms, actingZone())) : avatar(m.bot ? state.app.bot_user : m.user),
	h("div", { class: "msg-main" },
		m.ephemeral_to && h("p", { class: "only-you" }, icon("eye"), t("msg.onlyYou")),
		!place.compact && head(m, ms),
		edited ? editBox(m, place) : body(m, place),
		reactions(m, place), place.pane === "main" && threadLink(m)),
	!edited && actions(m, place));
}

export const isDeleted = (m) => m.subtype === "tombstone";
export const authorName = (m) => m.username || (m.bot && !state.members.has(m.user) ? state.app.name : memberName(m.user ?? ""));
const mentionsMe = (m) => (m.text ?? "").includes(`<@${prefs.as}`) || /<!(here|channel|everyone)/.test(m.text ?? "");

function head(m, ms) {
	return h("div", { class: "msg-head" },
		h("span", { class: "msg-author", testid: "author" }, authorName(m)),
		(m.bot || isApp(m.user)) && h("span", { class: "app-badge" }, t("side.app")),
		h("time", { class: "msg-time", title: formatFull(ms, actingZone()), datetime: new Date(ms).toISOString() }, formatTime(ms, actingZone())));
}

function body(m, place) {
	const ctx = { view, channel: place.channel, scope: `${place.pane}-${m.ts}`, press: (press) => act({ do: "press", as: prefs.as, channel: place.channel, ts: m.ts, ...press }) };
	if (isDeleted(m))
		return h("p", { class: "hint", testid: "message-body" }, t("msg.deleted"));
	const blocks = m.blocks?.length && !isEcho(m.blocks, m.text) ? renderBlocks(m.blocks, ctx) : null;
	const words = m.card ? cardOf(m, place) : blocks ?? renderMrkdwn(m.text ?? "", view);
	return h("div", { class: "msg-body", testid: "message-body" }, m.subtype === "thread_broadcast" && h("p", { class: "hint" }, t("msg.broadcast")),
		words, m.attachments?.map((a) => renderAttachment(a, ctx)), m.edited && h("span", { class: "edited", testid: "edited" }, t("msg.edited")),
		m.files?.length > 0 && h("div", { class: "files" }, m.files.map(file)));
}

export function file(f) {
	const url = String(f.url ?? "");
	const safe = url.startsWith("/files/") ? url : null;
	if (safe && /^image\/(png|jpeg|gif|webp)$/.test(f.mimetype ?? ""))
		return h("a", { href: safe, target: "_blank", rel: "noopener", class: "file-image", testid: "file" }, h("img", { src: safe, alt: t("msg.file", { name: f.name }), loading: "lazy" }));
	return h("a", { class: "file", href: safe, download: f.name, testid: "file" }, icon("file"),
		h("span", { class: "file-words" }, h("strong", null, f.name), h("span", { class: "hint" }, `${kindOf(f)} · ${size(f.size ?? 0)}`)));
}

const kindOf = (f) => /\.([a-z0-9]{1,8})$/i.exec(f.name ?? "")?.[1].toUpperCase() ?? f.mimetype ?? "";
const size = (n) => (n < 1024 ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(1)} kB` : `${(n / 1048576).toFixed(1)} MB`);

function reactions(m, place) {
	if (!m.reactions?.length)
		return null;
	return h("div", { class: "reactions" }, m.reactions.map((r) => reactionChip(m, r, place)),
		h("button", { class: "chip reaction-add", type: "button", "aria-label": t("msg.reactMore"), title: t("msg.reactMore"), data: { key: `more-${m.ts}` },
			onclick: (event) => openEmojiPicker(event.currentTarget, (name) => react(m, place, name, true)) }, icon("smile")));
}

function reactionChip(m, r, place) {
	const mine = r.users.includes(prefs.as);
	const label = t("msg.reactedBy", { names: r.users.map(memberName).join(", "), name: r.name });
	return h("button", { class: "chip reaction", type: "button", "aria-pressed": String(mine), "aria-label": label, title: label, testid: `reaction-${r.name}`,
		data: { count: r.users.length, key: `reaction-${m.ts}-${r.name}` }, onclick: () => react(m, place, r.name, !mine) },
	h("span", { class: "emoji" }, emojiChar(r.name) ?? `:${r.name}:`), h("span", null, r.users.length));
}

const react = (m, place, name, on) => told(act({ do: "react", as: prefs.as, channel: place.channel, ts: m.ts, name, on }));

function threadLink(m) {
	const replies = m.reply_count ?? 0;
	if (replies === 0)
		return null;
	const last = (state.messages.get(prefs.channel) ?? []).findLast((r) => r.thread_ts === m.ts && r.ts !== m.ts);
	return h("button", { class: "thread-link", type: "button", testid: "thread-link", data: { key: `thread-${m.ts}` }, onclick: () => openThread(m) },
		h("span", { class: "thread-count" }, t("msg.replies", { n: replies })),
		last && h("span", { class: "hint" }, t("msg.lastReply", { time: formatTime(tsToMs(last.ts), actingZone()) })));
}

export function openThread(m) {
	setPrefs({ thread: m.thread_ts || m.ts });
}

function actions(m, place) {
	const button = (name, picture, run) => h("button", { class: "icon-btn small", type: "button", testid: name, "aria-label": t(`msg.${name}`), title: t(`msg.${name}`),
		data: { key: `${name}-${m.ts}` }, onclick: run }, icon(picture));
	const quick = (name) => h("button", { class: "icon-btn small", type: "button", "aria-label": `:${name}:`, title: `:${name}:`, testid: `quick-${name}`,
		onclick: () => react(m, place, name, !m.reactions?.some((r) => r.name === name && r.users.includes(prefs.as))) }, h("span", { class: "emoji" }, emojiChar(name)));
	const bar = (...buttons) => h("div", { class: "msg-actions", role: "toolbar", "aria-label": t("msg.actions") }, buttons);
	if (isDeleted(m))
		return null;
	if (m.ephemeral_to)
		return bar(button("dismiss", "close", () => told(act({ do: "delete", as: prefs.as, channel: place.channel, ts: m.ts }))));
	return bar(
		quick("white_check_mark"), quick("+1"),
		button("react", "smile", (event) => openEmojiPicker(event.currentTarget, (name) => react(m, place, name, true))),
		place.pane === "main" && button("reply", "reply", () => openThread(m)),
		isMine(m) && button("edit", "edit", () => startEditing(place.channel, m.ts, place.pane)),
		isMine(m) && button("delete", "trash", () => remove(m, place)));
}

export async function remove(m, place) {
	if (await confirmAsk({ title: t("msg.deleteTitle"), text: t("msg.deleteAsk"), yes: t("msg.deleteYes"), danger: true }))
		told(act({ do: "delete", as: prefs.as, channel: place.channel, ts: m.ts }));
}

export function editBox(m, place) {
	return editor({ text: toTyped(m.text ?? "", view), cancel: stopEditing, channel: place.channel,
		save: async (text) => {
			const result = await told(act({ do: "edit", as: prefs.as, channel: place.channel, ts: m.ts, text: written(text) }));
			if (result.ok)
				stopEditing();
		} });
}
