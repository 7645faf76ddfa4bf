// SPDX-License-Identifier: MIT
// What should have rung in a story, and what should be noted of what did not: reckoned day by day from the calendars' dates and what
// the documentation promises. It shares no line with Belltower.

import { DAY, HOUR, MINUTE, at, daysBetween, instant, isWorked, localDay, localMinute, occasions, shift, weekday,
	workedBefore } from "./days.mjs";
import { isAway, isWholeDayAway } from "./story.mjs";

const CELEBRATION = at(9, 30), WEEK = at(9), DIGEST = at(17, 30), WARNING = at(10);
const NIGHT_FROM = at(20), NIGHT_TO = at(8), MESSAGES_A_DAY = 5, HINTS_UP_TO = 2, MIDNIGHT = at(24);

const EVENING = at(17), MORNING = at(9, 30), PROMISED_MINUTES = 12 * 60, IN_FRONT = 3, IN_FRONT_MOST = 6, UNCHEERED_MOST = 10, VOICES_OF_A_PAIR = 3;

const found = (list) => list.length > 0;

// ---- when the daemon was off ----

const offAt = (story, ms) => story.off.find(({ from, until }) => from <= ms && ms < until);
// When something happens that is due at ms: when the daemon is back, unless that is too late by more than the grace.
const heard = (story, ms, grace = Infinity) => {
	const back = offAt(story, ms)?.until ?? ms;
	return back - ms <= grace ? back : null;
};
// When the daemon learns of what people did at ms.
const learnt = heard;

const isIn = (story, person, ms) => (person.comes === null || learnt(story, person.comes) < ms)
	&& (person.leaves === null || ms < learnt(story, person.leaves));

// ---- how a message comes ----

// When the hours that hold ms end; null: none do.
function nightEnds(zone, ms) {
	const minute = localMinute(zone, ms), day = localDay(zone, ms);
	if (minute >= NIGHT_TO && minute < NIGHT_FROM)
		return null;
	return instant(zone, minute < NIGHT_TO ? day : shift(day, 1), NIGHT_TO);
}

function nextDigest(person, ms) {
	let day = localDay(person.zone, ms);
	while (instant(person.zone, day, DIGEST) <= ms || !isWorked(person.team.calendar, day))
		day = shift(day, 1);
	return instant(person.zone, day, DIGEST);
}

const isAwayAt = (person, ms) => isAway(person, localDay(person.zone, ms), localMinute(person.zone, ms));

// At one instant what was to come first comes first, then what was planned first; of what waited for the morning, what is for now.
const byTurn = (a, b) => a.ms - b.ms || (a.request?.waited && b.request?.waited ? Number(a.request.hint ?? 0) - Number(b.request.hint ?? 0) : 0)
	|| (a.request?.due ?? a.ms) - (b.request?.due ?? b.ms) || (a.request?.made ?? 0) - (b.request?.made ?? 0);

// What a person is told unasked: not at night, not while away, so many a day; the rest as one. requests: {what, ms, until, due, made,
// key, hint, urgent}: due and made are when it was to come and when that was planned, key is that of the note, when it has to wait or is worthless by then; hints leave room for the others, what is
// urgent comes at once and does not count.
function tell(story, person, requests, ring, note) {
	const queue = requests.map((request) => ({ ms: request.ms, request })), sent = new Map();
	let waiting = [], digest = null;
	const mark = (request, outcome) => {
		if (request.key && !request.waited)
			note(request.key, outcome);
		request.waited = true;
	};
	const collect = (ms) => {
		if (digest === null || ms < digest)
			queue.push({ ms: heard(story, digest = ms), isDigest: true });
	};
	while (found(queue)) {
		queue.sort(byTurn);
		const { ms, request, isDigest } = queue.shift(), night = nightEnds(person.zone, ms), day = localDay(person.zone, ms);
		if (!isIn(story, person, ms))
			continue;
		if (isDigest) {
			digest = null;
			if (isAwayAt(person, ms) || night !== null)
				collect(isAwayAt(person, ms) ? nextDigest(person, ms) : night);
			else if (found(waiting.splice(0).filter(({ until }) => until >= ms)))
				ring({ what: "digest", to: person.account, ms });
		} else if (request.urgent) {
			ring({ what: request.what, to: person.account, ms });
		} else if (night !== null) {
			mark(request, night <= request.until ? "waited" : "worthless");
			if (night <= request.until)
				queue.push({ ms: heard(story, night), request });
		} else if (isAwayAt(person, ms) || (sent.get(day) ?? 0) >= (request.hint ? HINTS_UP_TO : MESSAGES_A_DAY)) {
			const next = nextDigest(person, ms);
			mark(request, next <= request.until ? "digest" : "worthless");
			if (next <= request.until) {
				waiting.push(request);
				collect(next);
			}
		} else {
			sent.set(day, (sent.get(day) ?? 0) + 1);
			ring({ what: request.what, to: person.account, ms });
		}
	}
}

// Whether the team works at that instant; without a calendar that is outside the night.
function worksAt(team, ms) {
	const minute = localMinute(team.zone, ms);
	const [opens, closes] = team.calendar ? [at(9), at(18)] : [NIGHT_TO, NIGHT_FROM];
	return isWorked(team.calendar, localDay(team.zone, ms)) && opens <= minute && minute < closes;
}

function opensAfter(team, ms) {
	let day = localDay(team.zone, ms);
	const opens = team.calendar ? at(9) : NIGHT_TO;
	while (instant(team.zone, day, opens) < ms || !isWorked(team.calendar, day))
		day = shift(day, 1);
	return instant(team.zone, day, opens);
}

// When a post that was planned comes that is put at ms: one that is late waits for working time. null: it would be worthless.
function posted(story, team, planned, ms, until) {
	const goes = ms - planned <= 10 * MINUTE || worksAt(team, ms) ? ms : heard(story, opensAfter(team, ms));
	return goes <= until ? goes : null;
}

// ---- rounds ----

// What becomes of a day: "rung", "holiday", or null when it is none of the round's.
const onWorkdays = (team, day) => (isWorked(team.calendar, day) ? "rung" : team.calendar?.off.has(day) ? "holiday" : null);
const onFridays = (team, day) => (weekday(day) === 5 ? onWorkdays(team, day) : null);

const STANDUP = { topic: "standup", on: onWorkdays, prompt: at(9, 30), reminder: at(10, 15), closing: at(10, 30), closesAnyway: true,
	called: ["prompt", "reminder", "closing"] };
const READING = { topic: "reading", on: onFridays, prompt: at(16), reminder: at(18), closing: 3 * MIDNIGHT + at(12), closesAnyway: false,
	called: ["reading", "reading reminder", "reading"] };

// What comes while the daemon is off is heard after the jobs that it missed.
const answersBefore = (story, round, person, day, ms) => (person.answers[round.topic]?.[day] ?? []).filter((each) => learnt(story, each) < ms);

function reckonReminder(book, story, round, person, day, key) {
	const due = instant(person.zone, day, round.reminder), ms = heard(story, due), until = due + 2 * HOUR;
	if (!isIn(story, person, ms))
		return;
	const outcome = found(answersBefore(story, round, person, day, ms)) ? "answered" : isAway(person, day, round.reminder) ? "away"
		: ms > until ? "late" : "rung";
	book.note(key, outcome);
	if (outcome === "rung")
		book.tell(person, { what: round.called[1], ms, due, until, key });
}

function reckonPrompt(book, story, round, person, day) {
	const planned = instant(person.zone, day, round.prompt), prompt = heard(story, planned, HOUR), fate = round.on(person.team, day);
	if (!isIn(story, person, planned))
		return null;
	const outcome = fate !== "rung" ? fate : prompt === null ? "late" : isAway(person, day, round.prompt) ? "away"
		: found(answersBefore(story, round, person, day, prompt)) ? "answered" : "rung";
	const key = (part) => `${day} ${person.team.name} ${round.topic} ${part} ${person.account}`;
	book.note(key("ask"), outcome);
	if (outcome !== "rung")
		return null;
	let before = shift(day, -1); // each is planned when the one before has come, or was to
	while (round.on(person.team, before) === null)
		before = shift(before, -1);
	const made = instant(person.zone, before, round.prompt);
	book.tell(person, { what: round.called[0], ms: prompt, due: planned, made, until: planned + HOUR, key: key("ask") });
	if (prompt < instant(person.zone, day, round.reminder))
		reckonReminder(book, story, round, person, day, key("remind"));
	return { planned, ms: prompt };
}

function reckonRound(book, story, team, round) {
	const members = story.people.filter((person) => person.team === team && !person.manager);
	for (const day of daysBetween(story.from, story.to)) {
		const planned = instant(team.zone, day, round.closing), closing = heard(story, planned, 4 * HOUR), fate = round.on(team, day);
		if (fate === null)
			continue;
		const prompts = members.map((person) => reckonPrompt(book, story, round, person, day)).filter((prompt) => prompt);
		// What is missed at once is made good in the order in which it was due.
		const asked = prompts.some(({ ms, planned: due }) => ms < closing || (ms === closing && due <= planned));
		if (planned < instant("UTC", story.to, MIDNIGHT))
			book.note(`${day} ${team.name} ${round.topic} close `, fate !== "rung" ? fate : closing === null ? "late" : asked ? "rung" : "nobody");
		// A standup is closed in any case; of another round there must be something to show, which may come late. What is answered
		// before anybody was asked is for the round before.
		const given = members.flatMap((person) => answersBefore(story, round, person, day, Infinity)).map((ms) => learnt(story, ms))
			.filter((ms) => prompts.some((prompt) => prompt.ms <= ms)).sort();
		const closes = fate === "rung" && closing !== null && asked;
		if (closes && (round.closesAnyway || given[0] < closing))
			book.post(team, { what: round.called[2], planned, ms: closing });
		else if (closes && found(given))
			book.post(team, { what: round.called[2], planned: given[0], ms: given[0] });
	}
}

const reckonStandups = (book, story, team) => reckonRound(book, story, team, STANDUP);
const reckonReading = (book, story, team) => team.reads && reckonRound(book, story, team, READING);

// ---- meetings ----

const TITLES = { "zh-CN": { "Weekly review": "周复盘会", "Monthly strategy meeting": "月度战略会" } };

function reckonMeeting(book, story, team, { name, title, minutes, planned, daysAhead }) {
	const day = shift(localDay(team.zone, planned), -daysAhead), minute = localMinute(team.zone, planned);
	const announced = instant(team.zone, workedBefore(team.calendar, day), minute), announcement = heard(story, announced);
	const begin = heard(story, planned), end = planned + minutes * MINUTE, key = `${localDay(team.zone, planned)} ${team.name} ${name}`;
	const called = TITLES[team.language]?.[title] ?? title;
	book.note(`${key} announce `, announcement < planned ? "rung" : "late");
	book.note(`${key} begin `, begin < end ? "rung" : "late");
	if (announcement < planned)
		book.post(team, { what: `announced ${called}`, planned: announced, ms: announcement, until: planned });
	if (begin < end)
		book.post(team, { what: `begins ${called}`, planned, ms: begin, until: end });
}

// The last day of each month on which the team works.
function* lastWorkdays(story, team) {
	for (const day of daysBetween(story.from, shift(story.to, 31)))
		if (shift(day, 1).endsWith("-01"))
			yield workedBefore(team.calendar, day);
}

function reckonMeetings(book, story, team) {
	for (const day of daysBetween(story.from, shift(story.to, 7)))
		if (onFridays(team, day) === "holiday")
			book.note(`${day} ${team.name} review begin `, "holiday");
		else if (onFridays(team, day) === "rung")
			reckonMeeting(book, story, team, { name: "review", title: "Weekly review", minutes: 60, planned: instant(team.zone, day, at(16)), daysAhead: 1 });
	for (const day of lastWorkdays(story, team))
		reckonMeeting(book, story, team, { name: "strategy", title: "Monthly strategy meeting", minutes: 90, planned: instant(team.zone, day, at(14)), daysAhead: 3 });
}

// ---- what a manager has not answered ----

// The instant at which so many minutes of nine to six have gone since then.
function workedAfter(team, ms, minutes) {
	for (let day = localDay(team.zone, ms); ; day = shift(day, 1)) {
		const from = Math.max(ms, instant(team.zone, day, at(9))), room = isWorked(team.calendar, day) ? instant(team.zone, day, at(18)) - from : 0;
		if (room >= minutes * MINUTE)
			return from + minutes * MINUTE;
		minutes -= Math.max(room, 0) / MINUTE;
	}
}

const isUnanswered = (story, trouble, ms) => trouble.answered === null || learnt(story, trouble.answered) >= ms;

function reckonEvenings(book, story, team) {
	const manager = story.people.find((person) => person.team === team && person.manager);
	const troubles = story.troubles.filter(({ person }) => person.team === team);
	for (const day of daysBetween(story.from, story.to)) {
		const fate = onWorkdays(team, day), due = instant(team.zone, day, EVENING), ms = heard(story, due, 2 * HOUR);
		const key = `${day} ${team.name} feedback evening ${manager.account}`, until = instant(team.zone, day, MIDNIGHT);
		const written = fate !== "rung" || ms === null ? [] : troubles.filter((each) => each.day === day && learnt(story, each.ms) < ms);
		const open = written.filter((each) => isUnanswered(story, each, ms));
		if (fate !== null)
			book.note(key, fate !== "rung" ? fate : ms === null ? "late" : found(open) ? "rung" : found(written) ? "answered" : "quiet");
		if (found(open))
			book.tell(manager, { what: `evening ${open.map(({ id }) => id).sort().join(" ")}`, ms, due, until, key });
	}
}

// An answer is promised in so many hours of work; when it is broken the manager hears it once, if there at that time.
function reckonPromises(book, story, team) {
	const manager = story.people.find((person) => person.team === team && person.manager);
	for (const trouble of story.troubles.filter(({ person }) => person.team === team)) {
		const broken = workedAfter(team, trouble.ms, PROMISED_MINUTES) + 1, ms = Math.max(heard(story, broken), learnt(story, trouble.ms));
		if (isUnanswered(story, trouble, ms) && !isAwayAt(manager, ms))
			book.tell(manager, { what: `broken promise ${trouble.id}`, ms, due: broken, urgent: true });
	}
}

// ---- highlights ----

const voicesOf = (story, win, ms) => new Set(win.claps.filter(({ person, ms: given }) => learnt(story, given) < ms && person !== win.whose
	&& (win.starred || person !== win.author)).map(({ person }) => person));

// Who it is of, or who thanks whom, or whom the star of somebody honours.
function winText({ author, whose, starred, id }, voices) {
	const people = author === whose ? [whose] : starred ? [whose, author] : [author, whose];
	return [...people.map(({ name }) => name), id, voices].join(" ");
}

// The three with the most voices, of which one person's for another count so often; equals stand together, or not at all.
function inFront(story, wins, ms) {
	const pairs = new Map(), counted = new Map();
	for (const win of wins)
		for (const person of voicesOf(story, win, ms)) {
			const pair = `${person.number} ${win.whose.number}`, so = pairs.get(pair) ?? 0;
			pairs.set(pair, so + 1);
			if (so < VOICES_OF_A_PAIR)
				counted.set(win, (counted.get(win) ?? 0) + 1);
		}
	const front = [];
	for (const voices of [...new Set(counted.values())].sort((a, b) => b - a)) {
		const equals = wins.filter((win) => counted.get(win) === voices);
		if (front.length >= IN_FRONT || front.length + equals.length > IN_FRONT_MOST)
			break;
		front.push(...equals.map((win) => ({ win, voices })));
	}
	return front;
}

const textsOf = (story, wins, ms) => wins.map((win) => winText(win, voicesOf(story, win, ms).size));
const starsOf = (front) => front.map(({ win, voices }) => `*${winText(win, voices)}`);

// The day on which something is shared, and no other from then until the last.
const isLastUntil = (team, day, last) => day <= last && ![...daysBetween(shift(day, 1), last)].some((each) => sharedOn(team, each) === "rung");
const sharedOn = (team, day) => (team.shares.each === "friday" ? onFridays : onWorkdays)(team, day);
const fridayOf = (day) => shift(day, 5 - weekday(day));
const lastOfMonth = (day) => shift(`${shift(`${day.slice(0, 7)}-28`, 4).slice(0, 7)}-01`, -1);

// Before the post of the last day of a week: those of the days before that no week has looked at yet.
function reckonWeek(book, story, team, day, ms, shared) {
	const week = shared.filter((each) => !each.week && each.day >= shift(day, -13)), front = inFront(story, week.map(({ win }) => win), ms);
	for (const each of week)
		each.week = day;
	book.note(`${day} ${team.name} highlight week `, found(front) ? "rung" : "quiet");
	return starsOf(front);
}

function reckonWall(book, story, team, day, planned, ms, shared, walls) {
	walls.add(day.slice(0, 7));
	const wins = shared.filter((each) => each.day.startsWith(day.slice(0, 7))).map(({ win }) => win);
	const texts = [...starsOf(inFront(story, wins, ms)), ...textsOf(story, wins, ms)];
	book.note(`${day} ${team.name} highlight month `, found(wins) ? "rung" : "quiet");
	if (found(wins))
		book.post(team, { what: `wall ${day.slice(0, 7)} ${texts.join(", ")}`, planned, ms });
}

// Shares what waits and has been heard by then.
function reckonShare(book, story, team, day, planned, ms, { shared, waiting, walls }) {
	const isNew = (win) => learnt(story, win.ms) < ms, wins = waiting.filter(isNew), texts = textsOf(story, wins, ms);
	waiting.splice(0, wins.length);
	if (isLastUntil(team, day, fridayOf(day)))
		texts.push(...reckonWeek(book, story, team, day, ms, shared));
	book.note(`${day} ${team.name} highlight share `, found(texts) ? "rung" : "quiet");
	if (found(texts))
		book.post(team, { what: `highlights ${texts.join(", ")}`, planned, ms });
	shared.push(...wins.map((win) => ({ win, day })));
	// A month's whose last post was missed comes with the next one's, within a fortnight.
	let before = shift(`${day.slice(0, 7)}-01`, -1);
	while (sharedOn(team, before) !== "rung")
		before = shift(before, -1);
	if (before >= story.from && day <= shift(before, 14) && !walls.has(before.slice(0, 7)) && shared.some((each) => each.day.startsWith(before.slice(0, 7))))
		reckonWall(book, story, team, before, planned, ms, shared, walls);
	if (isLastUntil(team, day, lastOfMonth(day)))
		reckonWall(book, story, team, day, planned, ms, shared, walls);
	return wins;
}

// The nearest day of work before or after on which somebody is there in the morning.
function morningNear(person, from, step) {
	let day = shift(from, step);
	while (!isWorked(person.team.calendar, day) || isAway(person, day, MORNING))
		day = shift(day, step);
	return day;
}

// What somebody hears one morning of the posts since their last one at work: which of theirs were applauded, and a manager which were not.
function reckonMorning(book, story, person, shared, day, { ms, due, made }, key) {
	const since = morningNear(person, day, -1), counts = shared.filter((each) => since <= each.day && each.day < day)
		.map(({ win }) => ({ win, voices: voicesOf(story, win, ms).size }));
	const cheers = counts.filter(({ win, voices }) => win.whose === person && voices > 0).map(({ win, voices }) => `${win.id} ${voices}`);
	const silent = counts.filter(({ win, voices }) => person.manager && win.whose !== person && voices === 0).map(({ win }) => winText(win, 0)).slice(0, UNCHEERED_MOST);
	book.note(key, found(cheers) || found(silent) ? "rung" : "quiet");
	if (found(cheers) || found(silent))
		book.tell(person, { what: `morning ${cheers.join(", ")} | ${silent.join(", ")}`, ms, due, made, until: instant(person.zone, day, MIDNIGHT),
			key, hint: true });
}

// posts: [{day, ms, wins}]. There is one morning to come at a time, which is of all posts until then.
function reckonMornings(book, story, team, person, posts, shared) {
	let comes = -Infinity;
	for (const post of posts) {
		const concerns = person.manager || post.wins.some(({ whose }) => whose === person);
		for (let after = post.day; after && concerns && post.ms >= comes && isIn(story, person, post.ms);) {
			const day = morningNear(person, after, 1), due = instant(person.zone, day, MORNING), ms = heard(story, due);
			const key = `${day} ${team.name} highlight morning ${person.account}`, today = localDay(person.zone, ms);
			after = isIn(story, person, ms) && isAway(person, today, MORNING) ? today : null;
			if (after)
				book.note(key, "away");
			else if (isIn(story, person, ms) && ms - due > 3 * HOUR)
				book.note(key, "late");
			else if (isIn(story, person, ms))
				reckonMorning(book, story, person, shared, day, { ms, due, made: post.ms }, key);
			comes = after ? comes : ms;
		}
	}
}

function reckonHighlights(book, story, team) {
	const waiting = story.wins.filter((win) => win.team === team && !win.hidden).sort((a, b) => a.ms - b.ms), shared = [], posts = [],
		walls = new Set();
	for (const day of daysBetween(story.from, story.to)) {
		const planned = instant(team.zone, day, team.shares.minute), ms = heard(story, planned, 4 * HOUR), fate = sharedOn(team, day);
		if (fate === null || planned >= instant("UTC", story.to, MIDNIGHT))
			continue;
		if (fate !== "rung" || ms === null)
			book.note(`${day} ${team.name} highlight share `, fate !== "rung" ? fate : "late");
		else
			posts.push({ day, ms, wins: reckonShare(book, story, team, day, planned, ms, { shared, waiting, walls }) });
	}
	for (const person of story.people.filter((one) => one.team === team))
		reckonMornings(book, story, team, person, posts.filter(({ wins }) => found(wins)), shared);
	// A star where not everybody may read asks its author.
	for (const win of story.wins.filter((one) => one.team === team && one.hidden))
		book.tell(win.whose, { what: `may be shown ${win.id}`, ms: learnt(story, win.ms), until: learnt(story, win.ms) + 3 * DAY });
}

// ---- the managers' week ----

// Each Monday a manager hears alone how their team's standups of the week were answered, when there were any.
function reckonWeeks(book, story, team) {
	const people = story.people.filter((person) => person.team === team);
	for (const day of daysBetween(story.from, story.to)) {
		const fate = weekday(day) === 1 ? onWorkdays(team, day) : null, due = instant(team.zone, day, WEEK), ms = heard(story, due);
		const end = instant(team.zone, day, MIDNIGHT), key = `${day} ${team.name} sla managers `;
		const given = people.some((person) => Object.entries(person.answers.standup ?? {}).some(([of, times]) =>
			of >= shift(day, -7) && of <= day && times.some((each) => learnt(story, each) < ms)));
		if (fate === null)
			continue;
		const outcome = fate !== "rung" ? fate : ms >= end ? "late" : given ? "rung" : "quiet";
		book.note(key, outcome);
		for (const manager of people.filter((person) => outcome === "rung" && person.manager))
			book.tell(manager, { what: `week ${manager.name}`, ms, due, until: end, hint: true });
	}
}

// ---- celebrations ----

const MOVES = { keep: 0, before: -1, after: 1 };

function celebratedOn(team, date) {
	let day = date;
	while (MOVES[team.daysOff] && !isWorked(team.calendar, day))
		day = shift(day, MOVES[team.daysOff]);
	return day;
}

const isPublicAt = (story, person, ms) => person.shown === "public" && learnt(story, person.chooses) < ms;
const isThere = (story, person, ms) => isIn(story, person, ms) && !isWholeDayAway(person, localDay(person.zone, ms));

// Each date of a person that comes in the story: {kind, person, day, years, begins, ends}.
function* datesOf(story, person) {
	for (const [kind, date] of [["birthday", person.birthday], ["work", person.hired]]) {
		for (const each of date ? occasions(date, story.from, shift(story.to, 30)) : []) {
			const day = celebratedOn(person.team, each), years = Number(each.slice(0, 4)) - Number(date.slice(0, 4));
			if (kind === "birthday" || years > 0)
				yield { kind, person, date: each, day, years, begins: instant(person.zone, day, CELEBRATION), ends: instant(person.zone, day, MIDNIGHT) };
		}
	}
}

// What a manager may find out later: the celebrations of those who have agreed to it, and of those who had not answered.
const noteOf = ({ kind, person }, day, part) =>
	`${day} ${person.team.name} ${kind === "work" ? "anniversary" : "birthday"} ${part} ${person.account}`;

// When the first stage of a date is planned: with the last occasion, a birthday's after that of work, for wishes came between; or
// when the person was first seen, a birthday's before that of work.
function madeAt(story, { person, kind, begins }) {
	const isBirthday = kind === "birthday", first = (person.comes ?? instant("UTC", story.from, 0)) + 2 * person.number + (isBirthday ? 0 : 1);
	const last = [...datesOf(story, person)].filter((date) => date.kind === kind && date.begins < begins).at(-1)?.begins ?? 0;
	return Math.max(first, heard(story, last) + (isBirthday ? 1 : 0));
}

function reckonPreparations(book, story, date) {
	const { kind, person, day, years, begins } = date;
	const stage = (daysBefore) => instant(person.zone, workedBefore(person.team.calendar, shift(day, -daysBefore)), CELEBRATION);
	const first = heard(story, stage(7)), isOne = first === heard(story, stage(3)); // then one job tells both
	const say = (daysBefore, part, people, what) => {
		const planned = workedBefore(person.team.calendar, shift(day, -daysBefore)), ms = heard(story, stage(daysBefore));
		const due = isOne ? stage(7) : stage(daysBefore), made = isOne || daysBefore === 7 ? madeAt(story, date) : first;
		if (!isPublicAt(story, person, ms) || !isIn(story, person, ms))
			return;
		const told = people.filter((one) => one !== person && isThere(story, one, ms));
		if (part)
			book.note(noteOf(date, planned, part), ms >= begins ? "late" : found(told) ? "rung" : "nobody");
		for (const each of ms < begins ? told : [])
			book.tell(each, { what: `${what} ${person.name}`, ms, due, made, until: begins, hint: true });
	};
	const { hr, ceo } = story, leads = story.people.filter((one) => one.team === person.team && one.manager);
	say(7, "prepare", [...new Set([hr, ...leads])], kind === "birthday" ? "gift" : `gift of ${years}`);
	if (kind === "work")
		say(7, null, [ceo], `letter of ${years}`);
	else
		say(3, "wishes", story.people.filter((one) => one.team === person.team), "wish");
}

function noteCelebration(book, story, date, ms) {
	const { person, day, ends } = date, isUnasked = learnt(story, person.chooses) >= ms, part = isUnasked ? "unasked" : "day";
	if (!isUnasked && person.shown !== "public")
		return;
	book.note(noteOf(date, day, part), isUnasked ? "unasked" : ms >= ends ? "late" : "rung");
	if (date.date !== day)
		book.note(noteOf(date, date.date, part), "moved");
}

function reckonCelebrations(book, story, team) {
	const shared = new Map(); // "kind day" → those of one post
	for (const person of story.people.filter((one) => one.team === team)) {
		for (const date of datesOf(story, person)) {
			const ms = heard(story, date.begins), key = `${date.kind} ${date.day}`;
			reckonPreparations(book, story, date);
			if (!isIn(story, person, ms))
				continue;
			noteCelebration(book, story, date, ms);
			if (ms >= date.ends || learnt(story, person.chooses) >= ms)
				continue;
			if (person.shown === "public")
				shared.set(key, [...(shared.get(key) ?? []), { ...date, ms }]);
			else if (person.shown === "private" && isThere(story, person, ms))
				book.tell(person, { what: `dear ${date.kind}`, ms, due: date.begins, until: date.ends });
		}
	}
	for (const all of shared.values()) {
		const first = all.reduce((a, b) => (b.ms < a.ms ? b : a));
		const names = all.map(({ kind, person, years }) => (kind === "work" ? `${person.name} ${years}` : person.name)).sort().join(" ");
		book.post(team, { what: `${first.kind} ${names}`, planned: first.begins, ms: first.ms, until: first.ends });
	}
}

function reckonParties(book, story, team) {
	for (const day of lastWorkdays(story, team)) {
		const planned = instant(team.zone, day, at(15)), ms = heard(story, planned), month = day.slice(0, 7);
		const children = story.people.filter((person) => person.team === team && isIn(story, person, ms) && isPublicAt(story, person, ms)
			&& found(occasions(person.birthday, `${month}-01`, `${month}-31`)));
		const late = ms >= instant(team.zone, day, MIDNIGHT);
		book.note(`${day} ${team.name} party party `, late ? "late" : found(children) ? "rung" : "quiet");
		if (found(children) && !late)
			book.post(team, { what: `party ${children.map(({ name }) => name).sort().join(" ")}`, planned, ms, until: instant(team.zone, day, MIDNIGHT) });
	}
}

// Everybody with a date is asked once how it shall be kept: in the hours after the time of celebrations, on a day of work.
function reckonQuestion(book, story, person) {
	const made = Math.max(instant("UTC", story.from, 0), person.comes === null ? 0 : learnt(story, person.comes)) + MINUTE;
	let ms = made;
	for (let day = localDay(person.zone, ms); ; day = shift(day, 1)) {
		const from = instant(person.zone, day, CELEBRATION);
		ms = heard(story, Math.max(from, ms));
		if (ms < from + 8 * HOUR && isWorked(person.team.calendar, day) && !isAway(person, day, CELEBRATION))
			break;
	}
	book.tell(person, { what: "question", ms, made, until: Infinity, hint: true });
}

function reckonWelcomes(book, story, team) {
	for (const person of story.people.filter((one) => one.team === team && one.comes !== null))
		book.post(team, { what: `welcome ${person.account}`, planned: person.comes, ms: learnt(story, person.comes) });
}

// ---- next year's days off ----

// From October of the last year that is known, on the first day of work of each week.
function reckonWarnings(book, story, team) {
	for (const monday of daysBetween(`${team.calendar.until.slice(0, 4)}-09-28`, story.to)) {
		const days = [...daysBetween(monday, shift(monday, 6))].filter((day) => isWorked(team.calendar, day));
		const planned = found(days) && instant(team.zone, days[0], WARNING), ms = planned && heard(story, planned);
		if (weekday(monday) !== 1 || !found(days) || localDay(team.zone, ms) < `${team.calendar.until.slice(0, 4)}-10-01`)
			continue;
		for (const person of story.people.filter((one) => one.team === team && one.manager))
			book.tell(person, { what: `until ${team.calendar.until}`, ms, due: planned, until: ms + 6 * DAY, hint: true });
	}
}

// ---- the whole ----

// { rings: "prompt U02 2025-02-05" → ms, notes: key → outcome, zoneOf }
export function reckon(story) {
	const rings = new Map(), notes = new Map(), begin = instant("UTC", story.from, 0), end = instant("UTC", story.to, MIDNIGHT);
	const zoneOf = Object.fromEntries([...story.people.map(({ account, zone }) => [account, zone]),
		...story.teams.map(({ channel, zone }) => [channel, zone])]);
	const requests = new Map(story.people.map((person) => [person, []]));
	const ring = ({ what, to, ms }) => begin <= ms && ms < end && rings.set(`${what} ${to} ${localDay(zoneOf[to], ms)}`, ms);
	const book = {
		note: (key, outcome) => notes.set(key, outcome),
		tell: (person, request) => begin <= request.ms && request.ms < end && requests.get(person).push(request),
		post: (team, { what, planned, ms, until = Infinity }) => {
			const goes = posted(story, team, planned, ms, until);
			if (goes !== null)
				ring({ what, to: team.channel, ms: goes });
		},
	};
	// At one instant what was planned first comes first: a day's prompts are planned the day before, what is said of dates long ago.
	for (const team of story.teams)
		for (const reckonOne of [reckonCelebrations, reckonParties, reckonWelcomes, reckonMeetings, reckonWeeks, reckonReading, reckonStandups, reckonHighlights,
			reckonEvenings, reckonPromises])
			reckonOne(book, story, team);
	for (const team of story.teams.filter(({ calendar }) => calendar))
		reckonWarnings(book, story, team);
	for (const person of story.people)
		reckonQuestion(book, story, person);
	for (const [person, all] of requests)
		tell(story, person, all, ring, book.note);
	return { rings, notes, zoneOf };
}
