// SPDX-License-Identifier: MIT
// The bar on top: the mark and the workspace, the clock, whether a bot is connected, language, appearance, the drawer.

import { h, byId, redraw, replace } from "./dom.js";
import { icon, towerMark } from "./icons.js";
import { on, state } from "./state.js";
import { isFeishu, prefs, setPrefs } from "./prefs.js";
import { t, translatePage } from "./i18n.js";
import { clockButton } from "./clock.js";
import { activeFaults } from "./faults.js";

const NEXT_THEME = { auto: "light", light: "dark", dark: "auto" };
const THEME_ICON = { auto: "auto", light: "sun", dark: "moon" };

export function startHeader() {
	on("online connections prefs faults all", draw);
	draw();
}

function draw() {
	translatePage();
	document.documentElement.dataset.theme = prefs.theme;
	document.documentElement.dataset.room = isFeishu() ? "feishu" : "slack";
	document.title = state.workspace.name ? `${state.workspace.name} · ${t("app.name")}` : t("app.name");
	const bar = byId("header");
	redraw(bar, () => replace(bar, brand(), roomSwitch(), clockButton(), botStatus(), tools()));
	byId("offline").hidden = state.online;
	byId("offline").textContent = state.ready ? t("app.lost") : t("app.loading");
}

function brand() {
	return [
		h("button", { class: "icon-btn only-phone", type: "button", "aria-label": t("header.menu"), title: t("header.menu"), testid: "open-sidebar",
			onclick: () => document.body.classList.toggle("sidebar-open") }, icon("menu")),
		h("div", { class: "brand" }, towerMark(),
			h("div", { class: "brand-words" }, h("strong", null, t("app.name")), h("span", { class: "brand-workspace" }, state.workspace.name ?? ""))),
	];
}

// The same room, as those know it who use the one or the other; in the demo another room, on another port.
function goTo(room) {
	const port = state.rooms ? new URL(state.rooms[room]).port : location.port;
	if (port === location.port) {
		setPrefs({ room });
		return;
	}
	const hash = new URLSearchParams(location.hash.slice(1));
	hash.set("room", room);
	location.assign(`${location.protocol}//${location.hostname}:${port}/#${hash}`);
}

function roomSwitch() {
	const choice = (room) => h("button", { class: "room-choice", type: "button", testid: `room-${room}`, "aria-pressed": String((room === "feishu") === isFeishu()), onclick: () => goTo(room) }, t(`room.${room}`));
	return h("div", { class: "room-switch", role: "group", "aria-label": t("room.label") }, choice("slack"), choice("feishu"));
}

function botStatus() {
	const live = state.connections > 0;
	return h("span", { class: live ? "pill pill-on" : "pill", role: "status", testid: "bot-status", data: { count: state.connections } },
		h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "pill-text" }, live ? t("bot.connected", { n: state.connections }) : t("bot.none")));
}

function tools() {
	const faults = activeFaults().length;
	return h("div", { class: "tools" },
		h("button", { class: "text-btn", type: "button", testid: "language", "aria-label": t("header.languageLabel"), title: t("header.languageLabel"),
			onclick: () => setPrefs({ lang: prefs.lang === "en" ? "zh-CN" : "en" }) }, t("header.language")),
		h("button", { class: "icon-btn", type: "button", testid: "theme", "aria-label": t(`header.theme.${prefs.theme}`), title: t(`header.theme.${prefs.theme}`),
			onclick: () => setPrefs({ theme: NEXT_THEME[prefs.theme] ?? "auto" }) }, icon(THEME_ICON[prefs.theme] ?? "auto")),
		h("button", { class: prefs.drawer ? "icon-btn pressed" : "icon-btn", type: "button", testid: "drawer-toggle", "aria-expanded": String(Boolean(prefs.drawer)),
			"aria-label": t("header.drawer"), title: t("header.drawer"), onclick: () => setPrefs({ drawer: prefs.drawer ? "" : "log" }) },
			icon("drawer"), faults > 0 && h("span", { class: "badge badge-warn", title: t("fault.active", { n: faults }) }, faults)));
}
