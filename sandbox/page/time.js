// SPDX-License-Identifier: MIT
// Instants as people read them, in a zone and a language. Formatters are costly to make, so each is made once.

import { prefs } from "./prefs.js";
import { t } from "./i18n.js";

const DAY_MS = 86400000;
const made = new Map();

function formatter(zone, options) {
	const key = `${prefs.lang} ${zone} ${JSON.stringify(options)}`;
	if (!made.has(key))
		made.set(key, makeFormatter(zone, options));
	return made.get(key);
}

function makeFormatter(zone, options) {
	try {
		return new Intl.DateTimeFormat(prefs.lang, { ...options, timeZone: zone });
	} catch {
		return new Intl.DateTimeFormat(prefs.lang, { ...options, timeZone: "UTC" });
	}
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
export const tsToMs = (ts) => Math.floor(Number(ts) * 1000);
export const formatTime = (ms, zone) => formatter(zone, TIME).format(ms);
export const formatSeconds = (ms, zone) => formatter(zone, { ...TIME, second: "2-digit" }).format(ms);
export const formatFull = (ms, zone) => formatter(zone, { dateStyle: "full", timeStyle: "medium" }).format(ms);
export const formatDate = (ms, zone, options) => formatter(zone, options).format(ms);

export function formatClock(ms, zone) {
	return formatter(zone, { weekday: "short", month: "short", day: "numeric", ...TIME }).format(ms);
}

// "2026-11-23" in that zone: what two instants of one day share.
export function dayKey(ms, zone) {
	const p = parts(ms, zone);
	return `${p.year}-${p.month}-${p.day}`;
}

// "Today", "Yesterday", "Tomorrow", or the whole date; options: another form of the date.
export function formatDay(ms, zone, now, options) {
	const names = { [dayKey(now, zone)]: "day.today", [dayKey(now - DAY_MS, zone)]: "day.yesterday", [dayKey(now + DAY_MS, zone)]: "day.tomorrow" };
	const name = names[dayKey(ms, zone)];
	const thisYear = dayKey(ms, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4);
	const whole = { weekday: "long", month: "long", day: "numeric", ...(thisYear ? {} : { year: "numeric" }) };
	return name ? t(name) : formatter(zone, options ?? whole).format(ms);
}

const numeric = new Map();
export function parts(ms, zone) {
	if (!numeric.has(zone))
		numeric.set(zone, makeNumeric(zone));
	return Object.fromEntries(numeric.get(zone).formatToParts(ms).map((p) => [p.type, p.value]));
}

function makeNumeric(zone) {
	const options = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
	try {
		return new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
	} catch {
		return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
	}
}

export function toLocalInput(ms, zone) {
	const p = parts(ms, zone);
	return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

// "2026-11-23T09:30" on the wall of that zone → the instant. Two rounds settle the offset on both sides of a change.
export function fromLocalInput(text, zone) {
	const wall = Date.parse(`${text}:00Z`);
	let ms = wall;
	for (let round = 0; round < 2; round++)
		ms = wall - (Date.parse(`${toLocalInput(ms, zone)}:00Z`) - Math.floor(ms / 60000) * 60000);
	return ms;
}

// "+0800": how far that zone is from UTC then.
export function offsetOf(ms, zone) {
	const minutes = Math.round((Date.parse(`${toLocalInput(ms, zone)}:00Z`) - Math.floor(ms / 60000) * 60000) / 60000);
	const two = (n) => String(n).padStart(2, "0");
	return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
}
