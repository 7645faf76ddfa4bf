// SPDX-License-Identifier: MIT
// One message as Feishu shows it: a bubble or a card, one's own on the right; reactions with names inside, what it answers above,
// the topic below, buzzes, recalls.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { channel, isApp, memberName, message, state } from "../state.js";
import { prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { act } from "../live.js";
import { told } from "../dialog.js";
import { openMenu, openPopover } from "../menu.js";
import { emojiChar } from "../emoji.js";
import { renderMrkdwn } from "../mrkdwn.js";
import { renderAttachment, renderBlocks } from "../blocks.js";
import { isEcho } from "../richtext.js";
import { actingZone, avatar } from "../people.js";
import { formatFull, formatTime, tsToMs } from "../time.js";
import { authorName, editBox, editing, file, isDeleted, isMine, openThread, remove, startEditing, view } from "../message.js";
import { plainWords } from "./plain.js";
import { allTypes, emotionFace, emotionName, typeOf } from "./names.js";
import { cardOf } from "./messagecard.js";
import { startQuoting, writeAgain } from "./quoting.js";
import { QUICK } from "./emotions.js";

export function renderBubble(m, place) {
	if (m.recalled || isDeleted(m))
		return recalled(m, place);
	const ms = tsToMs(m.ts);
	const edited = editing.ts === m.ts && editing.channel === place.channel && editing.pane === place.pane;
	const mine = m.user === prefs.as && place.pane === "main";
	const bare = Boolean(m.card || showsBlocks(m) || onlyPictures(m));
	const classes = ["msg fs-msg", mine && "mine", place.compact && "compact", m.ephemeral_to && "ephemeral", edited && "editing", bare && "bare", isUrgentForMe(m) && "urgent-open"].filter(Boolean).join(" ");
	return h("article", { class: classes, testid: "message", tabindex: "-1", data: { ts: m.ts, user: m.user ?? "", key: `msg-${m.ts}` }, "aria-label": `${authorName(m)} ${formatTime(ms, actingZone())}` },
		place.compact ? h("span", { class: "fs-gap", "aria-hidden": "true" }) : avatar(m.bot ? state.app.bot_user : m.user),
		h("div", { class: "fs-main" },
			h("div", { class: place.compact ? "fs-name unseen" : "fs-name" }, h("span", { class: "msg-author", testid: "author" }, authorName(m)), (m.bot || isApp(m.user)) && h("span", { class: "app-badge" }, t("side.app")),
				h("time", { class: "msg-time", title: formatFull(ms, actingZone()), datetime: new Date(ms).toISOString() }, formatTime(ms, actingZone()))),
			edited ? editBox(m, place) : h("div", { class: "fs-bubble-row" }, h("div", { class: "fs-bubble" }, quote(m, place), body(m, place), reactions(m, place)), m.edited && bare && editedMark()),
			below(m, place),
			!edited && actions(m, place)));
}

// ---- what was said ----

const showsBlocks = (m) => m.blocks?.length > 0 && !isEcho(m.blocks, m.text);
const onlyPictures = (m) => !m.text && m.files?.length > 0;
const editedMark = () => h("span", { class: "edited", testid: "edited" }, t("msg.edited"));

function body(m, place) {
	const ctx = { view, channel: place.channel, scope: `${place.pane}-${m.ts}`, press: (press) => act({ do: "press", as: prefs.as, channel: place.channel, ts: m.ts, ...press }) };
	return h("div", { class: "msg-body", testid: "message-body" }, words(m, place, ctx), m.attachments?.map((a) => renderAttachment(a, ctx)),
		m.files?.length > 0 && h("div", { class: "files" }, m.files.map(file)), m.edited && !m.card && !showsBlocks(m) && !onlyPictures(m) && editedMark());
}

// People's words have no markup in Feishu; an app's do.
function words(m, place, ctx) {
	if (m.card)
		return cardOf(m, place);
	if (showsBlocks(m))
		return h("div", { class: "card card-width-default" }, h("div", { class: "card-body" }, renderBlocks(m.blocks, ctx)));
	return m.text ? renderMrkdwn(m.text, view, { styles: m.bot }) : null;
}

// What this message answers, where it stands in no thread.
function quote(m, place) {
	if (!m.quotes || !m.thread_ts)
		return null;
	const root = message(place.channel, m.thread_ts);
	return h("button", { class: "fs-quote", type: "button", testid: "quoted", data: { key: `quote-${m.ts}` }, onclick: () => document.querySelector(`#messages [data-ts="${CSS.escape(m.thread_ts)}"]`)?.scrollIntoView({ block: "center" }) },
		root && !isDeleted(root) ? t("fs.quoting", { name: authorName(root), text: plainWords(root) }) : t("fs.quotedGone"));
}

function recalled(m, place) {
	const own = m.user === prefs.as;
	return h("div", { class: "fs-system", testid: "recalled", data: { ts: m.ts } }, own ? t("fs.recalledOwn") : t("fs.recalled", { name: authorName(m) }),
		own && m.recalled && !m.card && m.text && h("button", { class: "text-link", type: "button", testid: "write-again", onclick: () => writeAgain(m, place) }, t("fs.writeAgain")));
}

// ---- below it ----

function reactions(m, place) {
	if (!m.reactions?.length)
		return null;
	return h("div", { class: "reactions" }, m.reactions.map((r) => chip(m, r, place)));
}

// Slack's names where Feishu has no type of its own.
const face = (name) => (typeOf(name) ? emotionFace(typeOf(name)) : h("span", { class: "emotion emoji" }, emojiChar(name) ?? `:${name}:`));

function chip(m, r, place) {
	const mine = r.users.includes(prefs.as);
	const names = r.users.map(memberName).join(t("fs.comma"));
	const type = typeOf(r.name) ?? r.name;
	return h("button", { class: "fs-reaction", type: "button", "aria-pressed": String(mine), "aria-label": t("fs.reactedBy", { names, name: emotionName(type) }), title: names, testid: `reaction-${type}`,
		data: { count: r.users.length, key: `reaction-${m.ts}-${type}` }, onclick: () => react(m, place, type, !mine) }, face(r.name), h("span", { class: "fs-reaction-names" }, names));
}

const react = (m, place, type, on) => told(act({ do: "react", as: prefs.as, channel: place.channel, ts: m.ts, name: type, on }));
const hasMine = (m, type) => m.reactions?.some((r) => (typeOf(r.name) ?? r.name) === type && r.users.includes(prefs.as));

function below(m, place) {
	return h("div", { class: "fs-below" },
		m.ephemeral_to && h("p", { class: "only-you" }, icon("eye"), t("msg.onlyYou")),
		m.pinned && h("p", { class: "fs-pin", testid: "pinned" }, "📌 Pin"),
		urgent(m), place.pane === "main" && topic(m, place));
}

const isUrgentForMe = (m) => m.urgent?.includes(prefs.as) && !m.urgent_seen?.includes(prefs.as);

function urgent(m) {
	if (!m.urgent?.length)
		return null;
	const seen = m.urgent_seen ?? [];
	return h("p", { class: "fs-urgent", testid: "urgent", data: { seen: seen.length, of: m.urgent.length }, title: m.urgent.map(memberName).join(t("fs.comma")) }, icon("bolt"),
		t("fs.urgent"), h("span", { class: "hint" }, t("fs.urgentSeen", { n: seen.length, of: m.urgent.length })));
}

const repliesOf = (m, place) => (state.messages.get(place.channel) ?? []).filter((r) => r.thread_ts === m.ts && r.ts !== m.ts && !r.quotes);

function topic(m, place) {
	const replies = repliesOf(m, place);
	if (replies.length === 0)
		return null;
	const faces = [...new Set(replies.map((r) => (r.bot ? state.app.bot_user : r.user)))].slice(-3);
	return h("button", { class: "thread-link", type: "button", testid: "thread-link", data: { key: `thread-${m.ts}` }, onclick: () => openThread(m) },
		h("span", { class: "fs-faces" }, faces.map((id) => avatar(id, "avatar avatar-tiny"))), h("span", { class: "thread-count" }, t("msg.replies", { n: replies.length })), icon("next"));
}

// ---- what may be done with it ----

function actions(m, place) {
	const button = (name, picture, run) => h("button", { class: "icon-btn small", type: "button", testid: name, "aria-label": t(`msg.${name}`), title: t(`msg.${name}`), data: { key: `${name}-${m.ts}` }, onclick: run }, icon(picture));
	const quick = (type) => h("button", { class: "icon-btn small", type: "button", "aria-label": emotionName(type), title: emotionName(type), testid: `quick-${type}`, data: { key: `quick-${type}-${m.ts}` }, onclick: () => react(m, place, type, !hasMine(m, type)) }, emotionFace(type));
	const bar = (...buttons) => h("div", { class: "msg-actions", role: "toolbar", "aria-label": t("msg.actions") }, buttons);
	if (m.ephemeral_to)
		return bar(button("dismiss", "close", () => told(act({ do: "delete", as: prefs.as, channel: place.channel, ts: m.ts }))));
	const group = channel(place.channel)?.kind !== "im";
	return bar(QUICK.map(quick), button("react", "smile", (event) => openEmotions(event.currentTarget, (type) => react(m, place, type, true))),
		place.pane === "main" && button("quote", "quote", () => startQuoting(place.channel, m.ts)),
		place.pane === "main" && group && button("reply", "reply", () => openThread(m)),
		isMine(m) && button("more", "more", (event) => openMenu(event.currentTarget, [
			{ label: t("msg.edit"), testid: "edit", run: () => startEditing(place.channel, m.ts, place.pane) },
			{ label: t("fs.recall"), testid: "recall", danger: true, run: () => remove(m, place) },
		], { testid: "message-menu" })));
}

function openEmotions(anchor, pick) {
	const choice = (type) => h("button", { class: "emoji-choice", type: "button", title: emotionName(type), "aria-label": emotionName(type), testid: `emotion-${type}`, onclick: () => { panel.close(); pick(type); } }, emotionFace(type));
	const panel = openPopover(anchor, h("div", { class: "emoji-grid" }, allTypes().map(choice)), { className: "emoji-picker", label: t("msg.react"), testid: "emotion-picker" });
}

