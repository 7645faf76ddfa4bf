// SPDX-License-Identifier: MIT
// How Feishu's names and keys are known here: ou_u0ana0000 is the member U0ANA0000, img_v3_f0… the file F0….

import { h } from "../dom.js";
import { channel, isApp, member, memberName, people, state } from "../state.js";
import { prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { formatDate } from "../time.js";
import { actingZone, avatar } from "../people.js";
import { emotion } from "./emotions.js";

const memberOf = (id) => member(String(id ?? "").replace(/^o[un]_/, "").toUpperCase());
const openId = (m) => `ou_${m.id.toLowerCase()}`;

function mention(id) {
	if (id === "all")
		return h("span", { class: "mention all" }, `@${t("write.all")}`);
	const m = memberOf(id);
	return h("span", { class: m?.id === prefs.as ? "mention me" : "mention", data: { user: m?.id ?? "" } }, `@${m ? memberName(m.id) : id}`);
}

// Shows somebody without calling them.
function person(id, how = {}) {
	const m = memberOf(id);
	if (!m)
		return how.drop_invalid_user_id ? null : h("span", { class: "card-person" }, String(id ?? ""));
	const name = memberName(m.id);
	return h("span", { class: "card-person", title: name, data: { user: m.id } }, how.show_avatar !== false && avatar(m.id, "avatar avatar-tiny"), how.show_name !== false && h("span", null, name));
}

function image(key, alt, className = "card-img") {
	const id = String(key ?? "").replace(/^(img|file)_v3_/, "").toUpperCase();
	return h("img", { class: className, src: `/files/${id}`, alt: alt ?? "", loading: "lazy" });
}

const FORMATS = {
	date_num: { year: "numeric", month: "2-digit", day: "2-digit" }, date_short: { month: "short", day: "numeric" }, date: { year: "numeric", month: "long", day: "numeric" },
	week: { weekday: "long" }, week_short: { weekday: "short" }, time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, time_sec: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
	timezone: { timeZoneName: "short" },
};

// One emoji of Feishu's, by type or by the name that Slack gives it.
export function emotionFace(type) {
	const found = emotion(type);
	if (!found)
		return h("span", { class: "emotion plate" }, type);
	const name = emotionName(type);
	return h("span", { class: found.isPlate ? "emotion plate" : "emotion emoji", role: "img", "aria-label": name, title: name }, found.picture);
}

export const emotionName = (type) => emotion(type)?.names[prefs.lang === "zh-CN" ? 0 : 1] ?? type;

// Which there are, the server tells: [{type, name}].
export const typeOf = (name) => (state.feishu.reactions ?? []).find((r) => r.name === name)?.type;
export const allTypes = () => (state.feishu.reactions ?? []).map((r) => r.type);

// where: the chat whose members a select offers.
export const viewOf = (where) => ({
	h, mention, person, image, emotion: emotionFace,
	nameOf: (id) => (memberOf(id) ? memberName(memberOf(id).id) : String(id)),
	everybody: () => (channel(where)?.members ?? people().map((m) => m.id)).filter((id) => !isApp(id)).map(member).filter(Boolean).map(openId),
	time: (ms, format) => formatDate(ms, actingZone(), FORMATS[format] ?? FORMATS.date_num),
});
