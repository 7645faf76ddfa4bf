// SPDX-License-Identifier: MIT
// The left side as Feishu has it: a rail with oneself on top, and the list of chats with the last thing said in each.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { channelMessages, isApp, memberName, now, placeOf, state } from "../state.js";
import { prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { dayKey, formatDate, formatDay, formatTime, tsToMs } from "../time.js";
import { acting, actingZone, avatar, switcher } from "../people.js";
import { authorName, isDeleted } from "../message.js";
import { plainWords } from "./plain.js";

const lastOf = (c) => channelMessages(c.id, prefs.as, true).at(-1);

// unread(id), open(id): what the side knows already.
export function chatList(groups, unread, open) {
	const direct = placeOf("dm", prefs.as);
	const chats = [...groups, direct].map((c) => ({ c, last: lastOf(c), count: c.id === prefs.channel ? 0 : unread(c.id) }));
	chats.sort((a, b) => Number(b.last?.ts ?? 0) - Number(a.last?.ts ?? 0));
	const total = chats.reduce((sum, one) => sum + (isIn(one.c) ? one.count : 0), 0);
	return [rail(total, direct, open), h("div", { class: "fs-chats" }, h("h2", { class: "fs-chats-title" }, t("fs.messages")), h("ul", null, chats.map((one) => h("li", null, item(one, open)))))];
}

const isIn = (c) => c.kind === "im" || (c.members?.includes(prefs.as) ?? false);

function rail(total, direct, open) {
	const inDirect = prefs.channel === direct.id;
	const entry = (testid, picture, words, current, run, count = 0) => h("button", { class: "fs-rail-item", type: "button", testid, "aria-current": current ? "page" : null, onclick: run }, icon(picture), h("span", null, words), count > 0 && h("span", { class: "fs-dot" }, count > 99 ? "99+" : count));
	return h("div", { class: "fs-rail" }, acting() && switcher(), entry("rail-messages", "chat", t("fs.messages"), !inDirect, () => open(placeOf(prefs.channel, prefs.as)?.kind === "im" ? firstGroup() : prefs.channel), total),
		entry("rail-bot", "robot", t("fs.bot"), inDirect, () => open(direct.id)));
}

const firstGroup = () => [...state.channels.values()].find((c) => c.kind !== "im" && isIn(c))?.id ?? "dm";

function item({ c, last, count }, open) {
	const shown = isIn(c) ? count : 0;
	return h("button", { class: `fs-chat${isIn(c) ? "" : " dim"}${shown ? " unread" : ""}`, type: "button", testid: c.kind === "im" ? "dm-bot" : `channel-${c.id}`, data: { place: c.id }, "aria-current": prefs.channel === c.id ? "page" : null, onclick: () => open(c.id) },
		h("span", { class: "fs-chat-face" }, face(c), shown > 0 && h("span", { class: "badge", "aria-label": t("side.unread", { n: shown }) }, shown > 99 ? "99+" : shown)),
		h("span", { class: "fs-chat-words" },
			h("span", { class: "fs-chat-top" }, h("span", { class: "side-name" }, c.kind === "im" ? state.app.name ?? "belltower" : c.name), c.kind === "im" && h("span", { class: "app-badge" }, t("side.app")), last && h("time", { class: "fs-chat-time" }, when(tsToMs(last.ts)))),
			h("span", { class: "fs-chat-last" }, last ? [shown > 0 && mentionsMe(last) && h("span", { class: "fs-at-me" }, t("fs.atMe")), preview(c, last)] : c.topic ?? "")));
}

export const face = (c) => (c.kind === "im" ? avatar(state.app.bot_user) : h("span", { class: "avatar fs-group", "aria-hidden": "true" }, icon("group")));
const mentionsMe = (m) => (m.text ?? "").includes(`<@${prefs.as}`) || /<!(here|channel|everyone)/.test(m.text ?? "");

function preview(c, m) {
	if (m.recalled || isDeleted(m))
		return m.user === prefs.as ? t("fs.recalledOwn") : t("fs.recalled", { name: authorName(m) });
	const who = c.kind === "im" || m.user === prefs.as ? "" : isApp(m.user) ? state.app.name : memberName(m.user);
	return who ? t("msg.arrived", { name: who, text: plainWords(m) }) : plainWords(m);
}

function when(ms) {
	const zone = actingZone();
	if (dayKey(ms, zone) === dayKey(now(), zone))
		return formatTime(ms, zone);
	return dayKey(ms, zone) === dayKey(now() - 86400000, zone) ? formatDay(ms, zone, now()) : formatDate(ms, zone, { month: "numeric", day: "numeric" });
}
