// SPDX-License-Identifier: MIT
// The left side: whom one acts as, channels, the direct message with the bot, its App Home; and what is unread.

import { h, byId, redraw, replace } from "./dom.js";
import { icon, towerMark } from "./icons.js";
import { channelMessages, on, placeOf, state } from "./state.js";
import { isFeishu, prefs, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { avatar, settleActing, switcher } from "./people.js";
import { chatList } from "./feishu/chats.js";

export function startSidebar() {
	on("all", () => { markAllSeen(); settle(); });
	on("channels members prefs", resolveNames);
	on("channels members prefs messages clock all", draw);
	setInterval(draw, 30000);
	byId("sidebar-shade").addEventListener("click", closeSheet);
	byId("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && closeSheet());
}

const closeSheet = () => document.body.classList.remove("sidebar-open");

// The address may give names instead of ids.
function resolveNames() {
	if (!state.ready)
		return;
	settleActing();
	const named = publicChannels().find((c) => c.name === prefs.channel.replace(/^#/, ""));
	if (named && !state.channels.has(prefs.channel))
		setPrefs({ channel: named.id });
	// Feishu's apps have no home: their chat is where one meets them.
	const wanted = prefs.channel === "dm" || (prefs.channel === "home" && isFeishu());
	if (wanted)
		setPrefs({ channel: placeOf("dm", prefs.as).id });
}

// A remembered place that no longer exists gives way to the first channel.
function settle() {
	resolveNames();
	const known = ["home", "dm"].includes(prefs.channel) || state.channels.has(prefs.channel);
	if (!known && state.ready)
		setPrefs({ channel: firstChannel()?.id ?? "home", thread: "" });
}

const publicChannels = () => [...state.channels.values()].filter((c) => c.kind !== "im").sort((a, b) => a.name.localeCompare(b.name));
const firstChannel = () => publicChannels().find((c) => c.members?.includes(prefs.as)) ?? publicChannels()[0];

// What each person has seen in each channel, for as long as the page is open: "U1 C1" → ts.
const seen = new Map();
const seenKey = (channel) => `${prefs.as} ${channel}`;

function markAllSeen() {
	seen.clear();
	for (const [id, list] of state.messages)
		for (const user of state.members.keys())
			seen.set(`${user} ${id}`, list.at(-1)?.ts ?? "");
}

function markSeen(id) {
	seen.set(seenKey(id), state.messages.get(id)?.at(-1)?.ts ?? "");
}

function unread(id) {
	const last = seen.get(seenKey(id)) ?? "";
	if ((state.messages.get(id)?.at(-1)?.ts ?? "") <= last)
		return 0;
	return channelMessages(id, prefs.as, isFeishu()).filter((m) => m.ts > last && m.user !== prefs.as && !m.recalled).length;
}

export function openPlace(patch) {
	closeSheet();
	setPrefs({ thread: "", ...patch });
}

function draw() {
	if (!state.ready)
		return;
	if (state.channels.has(prefs.channel) && !document.hidden)
		markSeen(prefs.channel);
	const side = byId("sidebar");
	const scroll = side.scrollTop;
	redraw(side, () => replace(side, isFeishu() ? chatList(publicChannels(), unread, (id) => openPlace({ channel: id })) : slackSide()));
	side.scrollTop = scroll;
	side.setAttribute("aria-label", t("side.label"));
}

const slackSide = () => [switcher(), section(t("side.channels"), publicChannels().map(channelItem)), section(t("side.direct"), [directItem()]), section(t("side.apps"), [homeItem()])];

const section = (title, items) => h("section", { class: "side-section" }, h("h2", { class: "side-title" }, title), h("ul", null, items.map((item) => h("li", null, item))));

function item({ testid, place, mark, name, count = 0, dim, open }) {
	const current = prefs.channel === place;
	return h("button", { class: ["side-item", count && "unread", dim && "dim"].filter(Boolean).join(" "), type: "button", testid, data: { place: place ?? "" },
		"aria-current": current ? "page" : null, onclick: open },
	mark, h("span", { class: "side-name" }, name), count > 0 && h("span", { class: "badge", "aria-label": t("side.unread", { n: count }) }, count));
}

const isIn = (c) => c.members?.includes(prefs.as) ?? false;
const channelItem = (c) => item({ testid: `channel-${c.id}`, place: c.id, mark: icon("hash"), name: c.name, count: isIn(c) && c.id !== prefs.channel ? unread(c.id) : 0,
	dim: !isIn(c), open: () => openPlace({ channel: c.id }) });

function directItem() {
	const { id } = placeOf("dm", prefs.as);
	return item({ testid: "dm-bot", place: id, mark: avatar(state.app.bot_user, "avatar avatar-tiny"), name: state.app.name ?? "belltower",
		count: id === prefs.channel ? 0 : unread(id), open: () => openPlace({ channel: id }) });
}

const homeItem = () => item({ testid: "app-home", place: "home", mark: h("span", { class: "avatar avatar-tiny avatar-app" }, towerMark()),
	name: t("side.home", { name: state.app.name ?? "belltower" }), open: () => openPlace({ channel: "home" }) });
