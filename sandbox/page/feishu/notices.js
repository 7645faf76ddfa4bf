// SPDX-License-Identifier: MIT
// What the client itself tells one person: the short notes of the server, and on Feishu the buzzes (加急) that wait for an answer.

import { byId, h, redraw, replace } from "../dom.js";
import { icon } from "../icons.js";
import { on, state } from "../state.js";
import { isFeishu, prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { act } from "../live.js";
import { toast, told } from "../dialog.js";
import { avatar } from "../people.js";
import { authorName } from "../message.js";
import { openPlace } from "../sidebar.js";
import { plainWords } from "./plain.js";

export function startNotices() {
	on("notices all", () => state.notices.splice(0).filter((n) => n.user === prefs.as).forEach((n) => toast(n.text, n.toast ?? "info")));
	on("messages prefs all", drawBuzzes);
}

function waiting() {
	const all = [...state.messages].flatMap(([channel, list]) => list.map((m) => ({ m, channel })));
	return all.filter(({ m }) => m.urgent?.includes(prefs.as) && !m.urgent_seen?.includes(prefs.as));
}

function drawBuzzes() {
	const place = byId("buzzes");
	const open = isFeishu() ? waiting() : [];
	place.hidden = open.length === 0;
	redraw(place, () => replace(place, open.map(({ m, channel }) => buzz(m, channel))));
}

function buzz(m, channel) {
	const look = () => {
		openPlace({ channel });
		document.querySelector(`#messages [data-ts="${CSS.escape(m.ts)}"]`)?.scrollIntoView({ block: "center" });
	};
	return h("div", { class: "fs-buzz", testid: "buzz", data: { ts: m.ts } }, h("p", { class: "fs-buzz-head" }, icon("bolt"), t("fs.buzzed", { name: authorName(m) })),
		h("div", { class: "fs-buzz-body" }, avatar(m.bot ? state.app.bot_user : m.user), h("span", null, plainWords(m))),
		h("div", { class: "fs-buzz-foot" }, h("button", { class: "btn small", type: "button", testid: "buzz-look", onclick: look }, t("fs.buzzLook")),
			h("button", { class: "btn primary small", type: "button", testid: "buzz-ack", data: { key: `buzz-${m.ts}` }, onclick: () => told(act({ do: "ack_urgent", as: prefs.as, channel, ts: m.ts })) }, t("fs.buzzAck"))));
}
