// SPDX-License-Identifier: MIT
// People as the page shows them: the avatar, the switcher of whom one acts as, the form for a new person.

import { h } from "./dom.js";
import { icon, towerMark } from "./icons.js";
import { isApp, member, memberName, now, people, placeOf, state } from "./state.js";
import { prefs, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { confirmAsk, told } from "./dialog.js";
import { openPopover } from "./menu.js";
import { formatTime } from "./time.js";

export const acting = () => member(prefs.as);
export const actingZone = () => acting()?.zone ?? state.clock.zone;

export function avatar(id, className = "avatar") {
	if (isApp(id))
		return h("span", { class: `${className} avatar-app`, "aria-hidden": "true" }, towerMark());
	const image = member(id)?.face;
	const face = h("span", { class: className, "aria-hidden": "true" }, image ? "" : initials(memberName(id)));
	face.style.setProperty("--face", image ? `center / cover url("${image}")` : colorOf(id));
	return face;
}

// Calm colours that white letters are read on (4.5 to 1), one after the other, so that colleagues rarely share one.
const COLORS = ["#2f7566", "#a8583c", "#4a69a8", "#8a5a9e", "#86641a", "#b0496b", "#4b7a3a", "#35718a"];
const colorOf = (id) => COLORS[Math.max(0, [...state.members.keys()].indexOf(id)) % COLORS.length];

// 王小明 → 小明, Ana Lima → AL, Grace (manager) → GM.
export function initials(name) {
	const trimmed = name.replace(/[^\p{L}\p{N}\s]/gu, "").trim() || name;
	if (/^\p{Script=Han}+$/u.test(trimmed))
		return [...trimmed].slice(-2).join("");
	return trimmed.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
}

// The member one acts as: the remembered one if still here, else the first. An address may name one by the handle.
export function settleActing() {
	const all = people();
	const named = all.find((m) => m.name === prefs.as);
	if (named)
		return setPrefs({ as: named.id });
	if (all.length > 0 && !all.some((m) => m.id === prefs.as))
		setPrefs({ as: all[0].id });
}

export function switcher() {
	const me = acting();
	if (!me)
		return null;
	return h("button", { class: "switcher", type: "button", testid: "member-switcher", data: { as: me.id }, "aria-haspopup": "dialog",
		"aria-label": t("side.switch", { name: memberName(me.id) }), onclick: (event) => openSwitcher(event.currentTarget) },
	avatar(me.id, "avatar avatar-big"), personWords(me, t("side.actAs")), icon("chevron"));
}

function personWords(m, above) {
	return h("span", { class: "person" }, above && h("span", { class: "person-above" }, above),
		h("span", { class: "person-name" }, memberName(m.id)),
		h("span", { class: "person-below" }, !above && `@${m.name} · `, t("side.localTime", { time: formatTime(now(), m.zone) })));
}

function openSwitcher(anchor) {
	const choose = (id) => () => { menu.close(); actAs(id); };
	const row = (m) => h("div", { class: "member-row" },
		h("button", { class: "member-choice", type: "button", testid: `act-as-${m.id}`, "aria-current": m.id === prefs.as ? "true" : null, autofocus: m.id === prefs.as, onclick: choose(m.id) },
			avatar(m.id), personWords(m), m.id === prefs.as && icon("check")),
		h("button", { class: "icon-btn small quiet", type: "button", "aria-label": t("people.deactivate", { name: memberName(m.id) }), title: t("people.deactivate", { name: memberName(m.id) }),
			testid: `deactivate-${m.id}`, onclick: () => { menu.close(); deactivate(m); } }, icon("trash")));
	const menu = openPopover(anchor, [h("div", { class: "member-list" }, people().map(row)),
		h("button", { class: "menu-item", type: "button", testid: "add-person", onclick: () => { menu.close(); addPerson(); } }, icon("plus"), t("people.add"))],
	{ className: "member-menu", label: t("side.actAs"), testid: "member-menu" });
}

// The place stays if the new person may see it: a direct message is left for the person's own.
export function actAs(id) {
	const direct = placeOf(prefs.channel, prefs.as)?.kind === "im";
	setPrefs({ as: id, thread: direct ? "" : prefs.thread, channel: direct ? "dm" : prefs.channel });
}

async function deactivate(m) {
	const name = memberName(m.id);
	if (await confirmAsk({ title: t("people.deactivate", { name }), text: t("people.deactivateAsk", { name }), danger: true }))
		told(act({ do: "deactivate", user: m.id }));
}

const ZONES = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin", "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "UTC"];
const LOCALES = ["zh-CN", "zh-TW", "en-US", "en-GB", "de-DE", "ja-JP", "pt-BR"];

function addPerson() {
	const field = (id, label, control) => h("div", { class: "field" }, h("label", { for: id }, label), control);
	const name = h("input", { class: "input", id: "person-name", required: true, pattern: "[a-z0-9._\\-]{1,21}", autocomplete: "off", testid: "person-name" });
	const real = h("input", { class: "input", id: "person-real", required: true, autocomplete: "off", testid: "person-real" });
	const zone = h("input", { class: "input", id: "person-zone", value: state.clock.zone, list: "person-zones", required: true, testid: "person-zone" });
	const locale = h("select", { class: "input", id: "person-locale", testid: "person-locale" }, LOCALES.map((l) => h("option", { value: l }, l)));
	const add = async (event) => {
		event.preventDefault();
		const result = await told(act({ do: "add_member", name: name.value, real_name: real.value, zone: zone.value, locale: locale.value }));
		if (result.ok)
			dialog.close();
	};
	const dialog = h("dialog", { class: "dialog dialog-small", "aria-labelledby": "person-title", testid: "person-dialog", onclose: () => dialog.remove() },
		h("form", { onsubmit: add }, h("h2", { class: "dialog-title", id: "person-title" }, t("people.addTitle")),
			h("div", { class: "dialog-body" }, field("person-name", t("people.name"), name), field("person-real", t("people.realName"), real),
				field("person-zone", t("people.zone"), [zone, h("datalist", { id: "person-zones" }, ZONES.map((z) => h("option", { value: z })))]),
				field("person-locale", t("people.locale"), locale)),
			h("div", { class: "dialog-foot" }, h("button", { class: "btn", type: "button", onclick: () => dialog.close() }, t("write.cancel")),
				h("button", { class: "btn primary", type: "submit", testid: "person-add" }, t("people.addTitle")))));
	document.body.append(dialog);
	dialog.showModal();
}
