// SPDX-License-Identifier: MIT
// The story of a year, made from a number: three teams, who comes and goes, who is away, what they write and when, and when the
// daemon dies. The same number is the same story. What should ring in it is the reckoning's to say.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DAY, HOUR, MINUTE, at, daysBetween, instant, isWorked, readCalendar, shift, weekday } from "./days.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// mulberry32
function dice(seed) {
	const roll = () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const between = (least, most) => least + Math.floor(roll() * (most - least + 1));
	return { roll, between, pick: (list) => list[between(0, list.length - 1)], chance: (share) => roll() < share };
}

// ---- teams and people ----

// Days off that the Berlin team writes into its own feed.
const BERLIN_OFF = ["2025-04-18", "2025-04-21", "2025-05-01", "2025-10-03", "2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03",
	"2026-04-06", "2026-05-01", "2026-12-25"];

export function makeTeams() {
	return [
		{ name: "shanghai", channel: "C0000SH", zone: "Asia/Shanghai", size: 17, configured: "cn", daysOff: "before",
			calendar: readCalendar(join(ROOT, "config/calendars/cn.yaml")) },
		{ name: "berlin", channel: "C0000BE", zone: "Europe/Berlin", size: 12, configured: "berlin.ics", daysOff: "keep", reads: true,
			calendar: { off: new Set(BERLIN_OFF), work: new Set(), until: "2026-12-31" } },
		{ name: "newyork", channel: "C0000NY", zone: "America/New_York", size: 11, configured: null, daysOff: "after", calendar: null },
	];
}

// Who is not like the others, by number.
const SPECIAL = {
	1: { roles: "CEO" }, 2: { roles: "HR" },
	3: { birthday: "lunar 08-15" }, 5: { birthday: "lunar 12-08" }, 19: { birthday: "02-29" },
	6: { birthday: "1990-10-04" }, 7: { birthday: "10-05" }, // both in the golden week: one post
	20: { zone: "America/New_York" }, 33: { zone: "America/Los_Angeles" }, // who live further west than their teams
	8: { from: "2025-05-06" }, 25: { from: "2025-09-15" }, 36: { from: "2026-03-02" }, 12: { from: "2026-02-24" }, // newcomers
	9: { until: "2026-04-10" }, 27: { until: "2025-11-20" }, 38: { until: "2026-08-05" }, // who leave
	4: { shown: "none" }, 23: { shown: "none" }, 11: { shown: "private" }, 31: { shown: "private" }, // who do not want to be shown
};

// A date of the year that is far enough from the start and from newcomers' first days.
const dateOf = (random) => `${String(random.between(2, 12)).padStart(2, "0")}-${String(random.between(1, 28)).padStart(2, "0")}`;

function makeDates(story, random, person) {
	const special = SPECIAL[person.number] ?? {}, first = special.from ?? shift(story.from, 2);
	person.birthday = special.birthday ?? dateOf(random);
	person.hired = special.from ?? `${random.between(2015, 2024)}-${dateOf(random)}`;
	person.shown = special.shown ?? "public";
	while (special.from && person.birthday.slice(0, 2) === special.from.slice(5, 7))
		person.birthday = dateOf(random);
	person.chooses = instant(person.zone, shift(first, 5), at(12)) + person.number * 1000;
	story.acts.push({ ...WORDS, kind: "pressed", at_ms: person.chooses, person: person.account, channel: `D_${person.account}`,
		message: "1.0", word: "celebration.choose", value: person.shown, token: "t" });
}

function makePeople(teams, from) {
	const people = [];
	for (const team of teams) {
		for (let i = 0; i < team.size; i++) {
			const number = people.length + 1, id = String(number).padStart(2, "0"), special = SPECIAL[number] ?? {};
			const zone = special.zone ?? team.zone;
			people.push({ number, account: `U00000${id}`, name: `person${id}`, team, zone, ownZone: special.zone ?? null, manager: i === 0,
				comes: special.from && special.from > from ? instant(zone, special.from, at(9, 5)) : null,
				leaves: special.until ? instant(zone, special.until, at(16, 40)) : null });
		}
	}
	return people;
}

// ---- what people do ----

const WORDS = { workspace: "acme", direct: true };
let messages = 0; // of people; none may have the id of another
function says(person, ms, text) {
	const message = `2.${String(++messages).padStart(6, "0")}`;
	return { ...WORDS, kind: "said", at_ms: ms, person: person.account, channel: `D_${person.account}`, text, message, key0: `m:${message}` };
}

const remember = (person, topic, day, ms) => ((person.answers[topic] ??= {})[day] ??= []).push(ms);

const isHere = (person, ms) => (person.comes === null || person.comes < ms) && (person.leaves === null || ms < person.leaves);

function writeStandups(story, random, person) {
	for (const day of daysBetween(story.from, story.to)) {
		if (person.manager || !isWorked(person.team.calendar, day) || random.chance(0.2))
			continue;
		const early = random.chance(0.05);
		const ms = instant(person.zone, day, at(9, 30)) + (early ? -random.between(20, 60) : random.between(1, 150)) * MINUTE
			+ random.between(1, 59) * 1000;
		if (!isHere(person, ms) || isAway(person, day, at(9, 30)))
			continue;
		story.acts.push(says(person, ms, `Yesterday: made ${person.number}${day}\nToday: make ${day}\nRisks: none`));
		remember(person, "standup", day, ms);
	}
}

// What they have read, on the evening on which they are asked.
function tellReading(story, random, person) {
	for (const day of daysBetween(story.from, story.to)) {
		const ms = instant(person.zone, day, at(16)) + random.between(1, 180) * MINUTE + random.between(1, 59) * 1000;
		if (!person.team.reads || person.manager || weekday(day) !== 5 || !isWorked(person.team.calendar, day) || random.chance(0.5)
			|| !isHere(person, ms) || isAway(person, day, at(16)))
			continue;
		story.acts.push(says(person, ms, `round reading chapter ${random.between(1, 40)}`));
		remember(person, "reading", day, ms);
	}
}

export function isAway(person, day, minute) {
	return person.away.some(({ first, last, half }) => first <= day && day <= last && (!half || (half === "am") === (minute < at(12))));
}

export const isWholeDayAway = (person, day) => person.away.some(({ first, last, half }) => first <= day && day <= last && !half);

// Told five days before: no time off of the daemon's is that long.
function goAway(story, random, person) {
	for (let day = shift(story.from, random.between(8, 40)); day < shift(story.to, -20); day = shift(day, random.between(25, 60))) {
		const half = random.chance(0.4) ? random.pick(["am", "pm"]) : "";
		const last = half ? day : shift(day, random.between(0, 9));
		const told = instant(person.zone, shift(day, -5), at(15, random.between(0, 59)));
		if (!isHere(person, told - DAY))
			continue;
		person.away.push({ first: day, last, half });
		story.acts.push(says(person, told, `away ${day}${half ? ` ${half}` : `..${last}`}`));
		day = last;
	}
}

function comeAndGo(story, person) {
	const what = { workspace: "acme", person: person.account, channel: person.team.channel };
	if (person.comes !== null)
		story.acts.push({ ...what, kind: "joined", at_ms: person.comes });
	if (person.leaves !== null)
		story.acts.push({ ...what, kind: "left", at_ms: person.leaves }, { workspace: "acme", kind: "people", at_ms: person.leaves,
			people: [{ account: person.account, name: person.name, deactivated: true }] });
}

// ---- the daemon's own fate ----

// Minutes of a day at which it hurts most: everybody is being asked, reminded, told.
const RUSHES = [["Asia/Shanghai", at(9, 30)], ["Asia/Shanghai", at(10, 15)], ["Asia/Shanghai", at(10, 30)], ["Europe/Berlin", at(9, 30)],
	["America/New_York", at(9, 30)], ["America/New_York", at(10, 30)]];

// So many hours late something is still worth ringing: the daemon comes back just before and just after.
const GRACES = [1, 2, 4];

function dieNowAndThen(story, random) {
	for (let day = shift(story.from, 2); day < story.to; day = shift(day, random.between(1, 5))) {
		const [zone, minute] = random.pick(RUSHES);
		const how = random.pick(["unsent", "unreported", "torn"]);
		const ms = random.chance(0.7) ? instant(zone, day, minute) - 30000 : instant("UTC", day, random.between(0, 1439));
		story.acts.push({ do: how, at_ms: ms, after: random.between(how === "torn" ? 1 : 0, 25) });
	}
}

function beOffNowAndThen(story, random) {
	for (let day = shift(story.from, 6); day < shift(story.to, -6); day = shift(day, random.between(4, 12))) {
		const [zone, minute] = random.pick(RUSHES);
		const rush = instant(zone, day, minute), from = rush - random.between(1, 180) * MINUTE - 7000;
		const until = random.chance(0.6) ? rush + random.pick(GRACES) * HOUR + random.pick([-1, 1]) * MINUTE + 13
			: from + random.pick([random.between(20, 120) * MINUTE, random.between(2, 12) * HOUR, random.between(12, 72) * HOUR]) + 13;
		if (story.people.some(({ comes, leaves }) => [comes, leaves].some((ms) => ms !== null && from - HOUR < ms && ms < until + HOUR)))
			continue;
		story.acts.push({ do: random.pick(["down", "down", "stop"]), at_ms: from, until_ms: until });
		story.off.push({ from, until });
	}
}

// ---- the whole ----

// { seed, from, to, teams, people, acts, off }
export function makeStory({ seed, from, to }) {
	const random = dice(seed);
	const teams = makeTeams();
	const story = { seed, from, to, teams, people: makePeople(teams, from), acts: [], off: [] };
	for (const person of story.people)
		Object.assign(person, { away: [], answers: {} });
	for (let day = shift(from, 300); day < to; day = shift(day, 300)) // what is noted is forgotten after 400 days
		story.acts.push({ do: "tell", at_ms: instant("UTC", day, 0) });
	beOffNowAndThen(story, random);
	dieNowAndThen(story, random);
	[story.ceo, story.hr] = story.people;
	for (const person of story.people) {
		makeDates(story, random, person);
		comeAndGo(story, person);
		goAway(story, random, person);
		writeStandups(story, random, person);
		tellReading(story, random, person);
	}
	story.acts.sort((a, b) => a.at_ms - b.at_ms);
	return story;
}

// ---- as files ----

function configOfTeam(team, story) {
	const manager = story.people.find((person) => person.team === team && person.manager);
	return [`  - name: ${team.name}`, "    workspace: acme", `    channel: ${team.channel}`, `    managers: [${manager.account}]`,
		`    zone: ${team.zone}`, "    language: en", ...(team.configured ? [`    calendar: ${team.configured}`] : []),
		'    standup: { format: A, prompt: "09:30", remind: "10:15", deadline: "10:30" }',
		`    celebrations: { at: "09:30", prepare: 7, wishes: 3, days_off: ${team.daysOff}, party: last workday of month 15:00 }`,
		"    meetings:", "      - { name: review, kind: review, schedule: every friday 16:00, announce: 1d }",
		"      - { name: strategy, kind: strategy, schedule: last workday of month 14:00, announce: 3d }",
		...(team.reads ? ["    rounds:", "      - name: reading", "        title: Reading club", "        schedule: every friday 16:00",
			'        remind: "18:00"', '        deadline: "+3 12:00"', "        summary: channel", "        questions: [{ ask: How far are you? }]"] : [])];
}

export function configOf(story) {
	return ["database: belltower.db", "default_zone: Asia/Shanghai", "default_language: en", "workspaces:",
		"  - { name: acme, platform: slack, bot_token: xoxb-year, app_token: xapp-year }", "teams:",
		...story.teams.flatMap((team) => configOfTeam(team, story)), ""].join("\n");
}

export function feedOf(team) {
	const events = [...team.calendar.off].flatMap((day) => ["BEGIN:VEVENT", `UID:${day}`, `DTSTART;VALUE=DATE:${day.replaceAll("-", "")}`,
		"SUMMARY:Holiday", "END:VEVENT"]);
	return ["BEGIN:VCALENDAR", "VERSION:2.0", `X-WR-TIMEZONE:${team.zone}`, ...events, "END:VCALENDAR", ""].join("\r\n");
}

export function registerOf(story) {
	const rows = story.people.map((person) => [person.name, person.account, person.ownZone ?? "", person.team.name,
		SPECIAL[person.number]?.roles ?? "", person.birthday, person.hired].join(","));
	return ["name,slack_id,zone,teams,roles,birthday,hired", ...rows, ""].join("\n");
}

export function worldOf(story) {
	return { from_ms: instant("UTC", story.from, 0), until_ms: instant("UTC", story.to, 24 * 60), acts: story.acts,
		people: story.people.map((person) => ({ account: person.account, name: person.name, handle: person.name, channel: person.team.channel,
			...(person.comes === null ? {} : { from_ms: person.comes }), ...(person.leaves === null ? {} : { until_ms: person.leaves }) })) };
}
