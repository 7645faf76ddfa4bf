// SPDX-License-Identifier: MIT
// What a message is, by the words that people read, in Chinese and in English.

import { localDay } from "./days.mjs";

const textsOf = (node) => (typeof node === "string" ? [node] : Object.values(node ?? {}).flatMap(textsOf));
const all = (content, pattern) => [...textsOf(content.parts).join("\n").matchAll(pattern)];
const idsOf = (pattern) => (content) => [...new Set(all(content, pattern).map(([id]) => id))].sort().join(" ");
const namesOf = idsOf(/person\d+/g);

// Each highlight that is told in full, by whom, for whom, and how many have applauded it: "person03 person07 win12 2"; * in front.
const spansOf = (part) => (part.spans ?? []).map((span) => span.plain ?? span.bold ?? span.quiet ?? "").join("");
const winOf = (text) => [...text.matchAll(/person\d+/g), /win\d+/.exec(text), /👏 (\d+)/.exec(text)?.[1] ?? 0].flat().join(" ");
const winsOf = ({ parts }) => parts.map(spansOf).filter((text) => /win\d/.test(text))
	.map((text) => `${text.startsWith("🌟") ? "*" : ""}${winOf(text)}`).join(", ");
const cheersOf = (content) => all({ parts: content.parts.filter(({ part }) => part === "list") }, /(win\d+).*[（ ](\d+)/g)
	.map(([, id, count]) => `${id} ${count}`).join(", ");

// What a message is, by the words that people see first, and what tells one from another.
const KINDS = [["prompt", /^(Standup time|站会开始啦) · /], ["reminder", /^Your three lines for |还差你的三行/],
	["closing", /^(Standup closed|站会小结) · /], ["reading", /^Reading club · /], ["reading reminder", /^Your answer is still missing: Reading club/],
	["board", /^(?<name>(Standup|站会) · .*)/], ["announced", /^📅 (?<name>.*) · /], ["begins", /^▶️ (?<name>.*?)( begins|开始) · /],
	["question", /^🎂 (May we celebrate you|要给你庆祝吗)/], ["gift", /^🎁 (?<name>person\d+)('s birthday| 的生日)/],
	["gift", /^🎁 (?<name>person\d+) (will soon have been here for|入职) (?<years>\d+)/],
	["letter", /^💌 (?<name>person\d+) (will have been here for|入职) (?<years>\d+)/], ["wish", /^🎂 (?<name>person\d+)('s birthday is near| 的生日快到了)/],
	["dear birthday", /^(It is person\d+'s day|Many happy returns to|The cake is here|Thank you for being with us|今天是person\d+的好日子|祝person\d+生日快乐|蛋糕备好|谢谢person\d+一直和大家并肩)/],
	["dear work", /^(Thank you, person\d+, for coming|Time shows what|The team stands firmer|Another year|感谢person\d+一路同行|时间见证成长|有person\d+在|又是一年)/],
	["week", /^How (?<name>person\d+) answered as a manager in 7 days$/], ["week", /^(?<name>person\d+) 近 7 天作为主管的答复$/],
	["until", /^The calendar of \w+ knows the days off only until (?<name>[\d-]+)\./], ["until", /^\w+ 的日历只知道到 (?<name>[\d-]+)/],
	["evening", /^(Standups without an answer|还没有人回应的站会) · /, idsOf(/trouble\d+/g)], ["broken promise", /^person\d+('s standup| 的站会) · /, idsOf(/trouble\d+/g)],
	["may be shown", /^⭐ person\d+ (finds this message of yours a highlight|觉得你的这条消息是)/, idsOf(/win\d+/g)],
	["digest", /^(\d+ more things? for today|今天还有 \d+ 件事)$/],
	["birthday", /^🎂 (Happy birthday, .*!|生日快乐，.*！)$/, ({ parts }) => namesOf({ parts: [parts[0]] })],
	["work", /^🎉 (Happy work anniversary|入职周年快乐)/, (content) => all(content, /(person\d+)(?:: |：入职 )(\d+) /g).map(([, name, years]) => `${name} ${years}`).sort().join(" ")],
	["party", /(birthday party|线上生日会)$/, namesOf], ["welcome", /^👋 (Welcome|欢迎新同事)/, idsOf(/U00000\d\d/g)],
	["highlights", /^✨ (Today's highlights|今日高光) · /, winsOf], ["wall", /^🖼 Wall of highlights (?<name>[\d-]+) · /, winsOf],
	["wall", /^🖼 (?<name>[\d-]+) 高光墙 · /, winsOf],
	["morning", /^(👏 (Good morning|早上好)|Nobody has applauded|\w+ 的这些高光还没有人鼓掌)/, (content) => [cheersOf(content), winsOf(content)].join(" | ")]];

function wordsOf({ content }) {
	const part = content.parts[0];
	return part.text ?? part.spans.map((span) => span.plain ?? span.bold ?? span.mention ?? "").join("");
}

function kindOf(line) {
	const words = wordsOf(line), found = KINDS.find(([, pattern]) => pattern.test(words));
	if (!found)
		return words;
	const [what, pattern, about] = found, { name, years } = pattern.exec(words).groups ?? {};
	return [what, years ? `of ${years}` : null, name, about?.(line.content)].filter((part) => part).join(" ");
}

// What stands in one's own chat because one has written there is an answer; a channel's threads are no rings either.
const isRing = ({ kind, channel, thread }) => kind !== "private" && !thread && !channel?.startsWith("D_");

// What a log of play.c tells: { rings: [{key, isBoard, ms}], notes: key → outcome }
export function read(log, zoneOf) {
	const rings = [], notes = new Map();
	for (const line of log.trimEnd().split("\n").map((text) => JSON.parse(text))) {
		if (line.ring)
			notes.set(`${line.ring.day} ${line.ring.team} ${line.ring.topic} ${line.ring.part} ${line.ring.person}`, line.ring.outcome);
		else if (isRing(line)) {
			const what = kindOf(line), to = line.channel ?? line.person, isBoard = what.startsWith("board");
			// A board is of the day that it names, which may be yesterday's after a time off.
			rings.push({ key: `${what} ${to} ${isBoard ? "" : localDay(zoneOf[to], line.at_ms)}`, isBoard, ms: line.at_ms });
		}
	}
	return { rings, notes };
}
