// SPDX-License-Identifier: MIT
// What should have rung in a story, and what should be noted of what did not; reckoned from the calendars' dates and the promises
// of the documentation alone, day by day. It shares no line with Belltower.

import { HOUR, at, daysBetween, instant, isWorked, localDay } from "./days.mjs";
import { isAway } from "./story.mjs";

const PROMPT = at(9, 30), REMINDER = at(10, 15), CLOSING = at(10, 30);

// When something due at ms happens, if the daemon was off then: when it is back, unless that is too late.
function heard(story, ms, grace) {
	const off = story.off.find(({ from, until }) => from <= ms && ms < until);
	if (!off)
		return ms;
	return off.until - ms <= grace ? off.until : null;
}

// When the daemon learns of what people did at ms.
const learnt = (story, ms) => story.off.find(({ from, until }) => from <= ms && ms < until)?.until ?? ms;

const isIn = (story, person, ms) => (person.comes === null || learnt(story, person.comes) < ms)
	&& (person.leaves === null || ms < learnt(story, person.leaves));
// What comes while the daemon is off is heard after the jobs that it missed.
const hasAnswered = (story, person, day, ms) => (person.answers[day] ?? []).some((each) => learnt(story, each) < ms);

function reckonStandups(story, team, ring, note) {
	const members = story.people.filter((person) => person.team === team && !person.manager);
	for (const day of daysBetween(story.from, story.to)) {
		const close = instant(team.zone, day, CLOSING), worked = isWorked(team.calendar, day);
		if (!worked && !team.calendar?.off.has(day))
			continue; // a plain weekend is nothing that falls away
		let asked = 0;
		for (const person of members) {
			const planned = instant(person.zone, day, PROMPT), prompt = heard(story, planned, HOUR);
			if (!isIn(story, person, planned))
				continue;
			const outcome = !worked ? "holiday" : prompt === null ? "late" : isAway(person, day, PROMPT) ? "away"
				: hasAnswered(story, person, day, prompt) ? "answered" : "rung";
			note({ day, team, part: "ask", person, outcome });
			if (outcome !== "rung")
				continue;
			ring({ what: "prompt", to: person.account, ms: prompt });
			asked += prompt <= (heard(story, close, 4 * HOUR) ?? 0) ? 1 : 0;
			const reminderDue = instant(person.zone, day, REMINDER), reminder = prompt < reminderDue ? heard(story, reminderDue, 2 * HOUR) : null;
			if (reminder !== null && isIn(story, person, reminder) && !isAway(person, day, REMINDER) && !hasAnswered(story, person, day, reminder))
				ring({ what: "reminder", to: person.account, ms: reminder });
		}
		const closing = heard(story, close, 4 * HOUR);
		note({ day, team, part: "close", person: null, outcome: !worked ? "holiday" : closing === null ? "late" : asked ? "rung" : "nobody" });
		if (worked && closing !== null && asked)
			ring({ what: "closing", to: team.channel, ms: closing });
	}
}

// { rings: ["prompt U02 2025-02-05" → ms], notes: [key → outcome] }
export function reckon(story) {
	const rings = new Map(), notes = new Map(), begin = instant("UTC", story.from, 0), end = instant("UTC", story.to, 24 * 60);
	const zoneOf = Object.fromEntries([...story.people.map(({ account, zone }) => [account, zone]),
		...story.teams.map(({ channel, zone }) => [channel, zone])]);
	const ring = ({ what, to, ms }) => begin <= ms && ms < end && rings.set(`${what} ${to} ${localDay(zoneOf[to], ms)}`, ms);
	const note = ({ day, team, part, person, outcome }) =>
		notes.set(`${day} ${team.name} standup ${part} ${person?.account ?? ""}`, outcome);
	for (const team of story.teams)
		reckonStandups(story, team, ring, note);
	return { rings, notes, zoneOf };
}
