// SPDX-License-Identifier: MIT
// Days, zones and calendars for the reckoning, of nothing that Belltower uses: zones and the lunar calendar are ICU's, as Node
// brings it; of the calendar's file only the dates are read. Days are "2026-03-02", minutes count from local midnight.

import { readFileSync } from "node:fs";

export const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
export const at = (hour, minute = 0) => hour * 60 + minute;

const utc = (day) => Date.parse(`${day}T00:00:00Z`);
export const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);
export const shift = (day, days) => dayOf(utc(day) + days * DAY);
// 1 Monday … 7 Sunday
export const weekday = (day) => new Date(utc(day)).getUTCDay() || 7;
export function* daysBetween(from, to) {
	for (let day = from; day <= to; day = shift(day, 1))
		yield day;
}

// ---- zones ----

const clocks = new Map();
function wall(zone, ms) {
	if (!clocks.has(zone))
		clocks.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit",
			day: "2-digit", hour: "2-digit", minute: "2-digit" }));
	const part = Object.fromEntries(clocks.get(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
	return { day: `${part.year}-${part.month}-${part.day}`, minute: Number(part.hour) * 60 + Number(part.minute) };
}

export const localDay = (zone, ms) => wall(zone, ms).day;
export const localMinute = (zone, ms) => wall(zone, ms).minute;

// The instant of a local time that comes once; what rings here does not ring in the hours of the night that come twice or never.
const instants = new Map();
export function instant(zone, day, minute) {
	const key = `${zone} ${day} ${minute}`;
	if (!instants.has(key)) {
		const wanted = utc(day) + minute * MINUTE, shown = wall(zone, wanted);
		const first = wanted - (utc(shown.day) + shown.minute * MINUTE - wanted), again = wall(zone, first);
		instants.set(key, first - (utc(again.day) + again.minute * MINUTE - wanted));
	}
	return instants.get(key);
}

// ---- calendars ----

// The dates of a shipped calendar: { off: Set, work: Set, until }.
export function readCalendar(file) {
	const calendar = { off: new Set(), work: new Set(), until: null };
	let section = null;
	for (const line of readFileSync(file, "utf8").split("\n")) {
		section = /^(\w+):/.exec(line)?.[1] ?? section;
		const day = /^ {2}(\d{4}-\d{2}-\d{2}):/.exec(line)?.[1];
		if (day)
			calendar[section].add(day);
		calendar.until = /^known_until: (\S+)/.exec(line)?.[1] ?? calendar.until;
	}
	return calendar;
}

// calendar: null for the plain week.
export function isWorked(calendar, day) {
	return calendar?.work.has(day) || (weekday(day) <= 5 && !calendar?.off.has(day));
}

export function workedBefore(calendar, day) {
	while (!isWorked(calendar, day))
		day = shift(day, -1);
	return day;
}

// ---- dates that come each year ----

const chinese = new Intl.DateTimeFormat("en-u-ca-chinese", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });
const lunarDays = new Map(); // "8-15" → days
for (const day of daysBetween("2024-06-01", "2027-01-25")) {
	const part = Object.fromEntries(chinese.formatToParts(utc(day)).map(({ type, value }) => [type, value]));
	const key = `${part.month}-${part.day}`;
	lunarDays.set(key, [...(lunarDays.get(key) ?? []), day]);
}

// "03-15", "1990-03-15" or "lunar 08-15" in [from, to]; 29 February on the 28th where there is none.
export function occasions(date, from, to) {
	const [, lunar, month, day] = /^(lunar )?(?:\d{4}-)?(\d\d)-(\d\d)$/.exec(date);
	if (lunar)
		return (lunarDays.get(`${Number(month)}-${Number(day)}`) ?? []).filter((each) => from <= each && each <= to);
	const found = [];
	for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
		const each = `${year}-${month}-${day}`;
		found.push(dayOf(utc(each)) === each ? each : `${year}-02-28`);
	}
	return found.filter((each) => from <= each && each <= to);
}
