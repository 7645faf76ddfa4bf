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
		{ name: "shanghai", channel: "C0000SH", zone: "Asia/Shanghai", size: 17, configured: "cn", daysOff: "before", language: "zh-CN",
			shares: { each: "workday", minute: at(18) }, calendar: readCalendar(join(ROOT, "config/calendars/cn.yaml")) },
		{ name: "berlin", channel: "C0000BE", zone: "Europe/Berlin", size: 12, configured: "berlin.ics", daysOff: "keep", reads: true, language: "en",
			shares: { each: "workday", minute: at(17, 45) }, calendar: { off: new Set(BERLIN_OFF), work: new Set(), until: "2026-12-31" } },
		{ name: "newyork", channel: "C0000NY", zone: "America/New_York", size: 11, configured: null, daysOff: "after", language: "en",
			shares: { each: "friday", minute: at(17, 15) }, calendar: null },
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

// The same in the team's channel; addressed: to the bot.
const saysInChannel = (person, ms, text, addressed) =>
	({ ...says(person, ms, text), direct: false, channel: person.team.channel, addressed });
const reacts = (person, ms, word, { channel, message }) =>
	({ workspace: "acme", kind: "reacted", at_ms: ms, person: person.account, channel, message, word });

const remember = (person, topic, day, ms) => ((person.answers[topic] ??= {})[day] ??= []).push(ms);

const isHere = (person, ms) => (person.comes === null || person.comes < ms) && (person.leaves === null || ms < person.leaves);

const STANDUPS = {
	en: (done, goal, risk) => `Yesterday: made ${done}\nToday: make ${goal}\nRisks: ${risk ?? "none"}`,
	"zh-CN": (done, goal, risk) => `昨天成果：做完了${done}\n今天目标：做${goal}\n风险预警：${risk ?? "无"}`,
};

// Never the same for days.
const trouble = (random, id) => `${[1, 2, 3].map(() => random.between(36 ** 5, 36 ** 6 - 1).toString(36)).join(" ")} ${id}`;

const managerOf = (story, team) => story.people.find((person) => person.team === team && person.manager);

function writeStandups(story, random, person) {
	for (const day of daysBetween(story.from, story.to)) {
		if (person.manager || !isWorked(person.team.calendar, day) || random.chance(0.2))
			continue;
		const early = random.chance(0.05);
		const ms = instant(person.zone, day, at(9, 30)) + (early ? -random.between(20, 60) : random.between(1, 150)) * MINUTE
			+ random.between(1, 59) * 1000;
		if (!isHere(person, ms) || isAway(person, day, at(9, 30)))
			continue;
		if (random.chance(0.1))
			writeTrouble(story, random, person, day, ms);
		else
			story.acts.push(says(person, ms, STANDUPS[person.team.language](`${person.number}${day}`, day, null)));
		remember(person, "standup", day, ms);
	}
}

// Where everybody reads it; the manager answers by a reaction: the same day, days later, or never.
function writeTrouble(story, random, person, day, ms) {
	const manager = managerOf(story, person.team), hours = random.pick([1, 1, 2, 3, 5, 8, 22, 26, 50, null]),
		id = `trouble${story.troubles.length + 1}`;
	const said = saysInChannel(person, ms, STANDUPS[person.team.language](`${person.number}${day}`, day, trouble(random, id)), false);
	const answered = hours === null ? null : ms + hours * HOUR + random.between(0, 59) * MINUTE;
	story.acts.push(said);
	story.troubles.push({ id, person, day, ms, answered });
	if (answered !== null)
		story.acts.push(reacts(manager, answered, random.pick(["+1", "heart", "eyes"]), said));
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

// ---- what went well ----

const WINS = { en: { word: "highlight", of: (id) => `closed ${id}`, thanks: (id) => `helped me with ${id}` },
	"zh-CN": { word: "高光", of: (id) => `今天签下了${id}`, thanks: (id) => `帮我改好了${id}` } };

// Where not everybody may read.
const BACK_ROOM = "C0000XX";

// A star on what a colleague has said, which the bot asks the platform for.
function star(story, random, win) {
	const isPublic = random.chance(0.7), message = { channel: isPublic ? win.team.channel : BACK_ROOM, message: `3.${win.id}` };
	story.said.push({ ...message, person: win.whose.account, text: WINS[win.team.language].of(win.id), public: isPublic });
	story.acts.push(reacts(win.author, win.ms, "star", message));
	return { ...win, message, starred: true, hidden: !isPublic, claps: [{ person: win.author, ms: win.ms }] };
}

// Said of oneself or to thank a colleague, in the channel or in private.
function tellWin(story, random, win) {
	const { word, of, thanks } = WINS[win.team.language], inChannel = random.chance(0.8);
	const text = `${word} ${win.whose === win.author ? of(win.id) : `<@${win.whose.account}> ${thanks(win.id)}`}`;
	const said = inChannel ? saysInChannel(win.author, win.ms, text, true) : says(win.author, win.ms, text);
	story.acts.push(said);
	return { ...win, message: inChannel ? said : null, starred: false, hidden: false, claps: [] };
}

function makeWin(story, random, team, ms) {
	const there = story.people.filter((person) => person.team === team && person.comes === null && person.leaves === null);
	const author = random.pick(there), other = random.pick(there.filter((one) => one !== author)), win = { id: `win${story.wins.length + 1}`, team, author, ms };
	return random.chance(0.15) ? star(story, random, { ...win, whose: other }) : tellWin(story, random, { ...win, whose: random.chance(0.3) ? other : author });
}

// By reactions on the message that it was; also by its author, whose do not count.
function applaud(story, random, win, people) {
	for (let count = win.message ? random.pick([0, 0, 1, 2, 3, 6]) : 0; count > 0; count--) {
		const person = random.pick(people), ms = win.ms + random.between(1, random.pick([300, 2000, 8000])) * MINUTE + 500;
		if (!isHere(person, ms))
			continue;
		story.acts.push(reacts(person, ms, random.pick(["tada", "clap", "fire"]), win.message));
		win.claps.push({ person, ms });
	}
}

function shareWins(story, random, team) {
	const people = story.people.filter((person) => person.team === team);
	for (const day of daysBetween(shift(story.from, 1), story.to)) {
		for (let count = random.pick(isWorked(team.calendar, day) ? [0, 0, 0, 1, 1, 2, 3] : [0, 0, 0, 0, 0, 1]); count > 0; count--) {
			const minute = at(random.between(8, 19), random.between(0, 59));
			const win = makeWin(story, random, team, instant(team.zone, day, minute) + random.between(1, 59) * 1000);
			applaud(story, random, win, people);
			story.wins.push(win);
		}
	}
}

export function isAway(person, day, minute) {
	return person.away.some(({ first, last, half }) => first <= day && day <= last && (!half || (half === "am") === (minute < at(12))));
}

export const isWholeDayAway = (person, day) => person.away.some(({ first, last, half }) => first <= day && day <= last && !half);

const AWAY = { en: "away", "zh-CN": "请假" };

// Told in good time: no time off of the daemon's is that long, nor the holidays after which somebody hears what was before them.
function goAway(story, random, person) {
	for (let day = shift(story.from, random.between(18, 45)); day < shift(story.to, -20); day = shift(day, random.between(25, 60))) {
		const half = random.chance(0.4) ? random.pick(["am", "pm"]) : "";
		const last = half ? day : shift(day, random.between(0, 9));
		const told = instant(person.zone, shift(day, -16), at(15, random.between(0, 59)));
		if (!isHere(person, told - DAY))
			continue;
		person.away.push({ first: day, last, half });
		story.acts.push(says(person, told, `${AWAY[person.team.language]} ${day}${half ? ` ${half}` : `..${last}`}`));
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

// { seed, from, to, teams, people, acts, off, troubles, wins, said: messages that are no acts }
export function makeStory({ seed, from, to }) {
	const random = dice(seed);
	const teams = makeTeams();
	const story = { seed, from, to, teams, people: makePeople(teams, from), acts: [], off: [], troubles: [], wins: [], said: [] };
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
	for (const team of teams)
		shareWins(story, random, team);
	story.acts.sort((a, b) => a.at_ms - b.at_ms);
	return story;
}

// ---- as files ----

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function configOfTeam(team, story) {
	const manager = managerOf(story, team);
	return [`  - name: ${team.name}`, "    workspace: acme", `    channel: ${team.channel}`, `    managers: [${manager.account}]`,
		`    zone: ${team.zone}`, `    language: ${team.language}`, ...(team.configured ? [`    calendar: ${team.configured}`] : []),
		'    standup: { format: A, prompt: "09:30", remind: "10:15", deadline: "10:30", feedback: "17:00" }',
		`    highlights: "${team.shares.each === "friday" ? "every friday " : ""}${clock(team.shares.minute)}"`,
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
	return { from_ms: instant("UTC", story.from, 0), until_ms: instant("UTC", story.to, 24 * 60), acts: story.acts, said: story.said,
		people: story.people.map((person) => ({ account: person.account, name: person.name, handle: person.name, channel: person.team.channel,
			...(person.comes === null ? {} : { from_ms: person.comes }), ...(person.leaves === null ? {} : { until_ms: person.leaves }) })) };
}
