// SPDX-License-Identifier: MIT
// One look at the day, and a month of it, as people see them: the real bot in `belltower demo`. A blocker is ignored and its ladder climbs; the manager sees it in one
// look, in both rooms, and takes it there; then the clock goes through a month. With PICTURES=folder the pictures for the documentation are taken on the way.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { clientOf, idsOf, openStage, until } from "./support.mjs";

let stage, ids, feishu;
before(async () => {
	stage = await openStage({ demo: true });
	ids = await idsOf(stage);
	const url = (await stage.state()).rooms.feishu;
	feishu = { url, ...clientOf(url) };
	await until("the bot to be connected to both", async () => (await stage.state()).connections === 1 && (await feishu.state()).connections === 1);
	// From the coming Monday on no day is off: the demo's team has the plain week.
	const today = new Date().toLocaleDateString("en-US", { timeZone: "Asia/Shanghai", weekday: "short" });
	await clock("09:00", 7 - ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(today));
});
after(() => stage?.close());
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const low = { viewport: { width: 1280, height: 700 } };
const clock = (to, days = 0) => stage.act({ do: "clock", to, days });
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) }) : null);
const say = (room, who, text) => room.act({ do: "say", as: ids[who], channel: ids["#sales"], text });
const words = (room, text) => until(`the bot to say “${text}”`, async () => Object.values((await room.state()).messages).flat().some((m) => m.bot && JSON.stringify(m).includes(text)));

test("a blocker that everybody ignores: the ladder climbs to the manager", async () => {
	const page = await stage.page("#as=grace&channel=sales&lang=en", low);
	await say(stage, "wei", "@belltower blocker Huarui waits for the cost price @ana");
	await page.getByText("Blocker #1").first().waitFor();
	await say(stage, "ana", "Yesterday: two demos\nToday: send Globex the offer\nRisks: no budget at Initech");
	await say(stage, "jun", "@belltower away today stand-in @xiaomei");
	await words(stage, "no budget at Initech");
	await clock("09:24");
	await words(stage, "Nobody has taken this yet");
	await clock("09:31");
	await page.getByTestId("dm-bot").click();
	await page.getByText("Nobody has taken this; it was due at 09:30").waitFor();
});

test("Slack's home tab is the look; its button takes the blocker, and the home follows", async () => {
	const page = await stage.page("#as=grace&channel=home&lang=en", low);
	const home = page.getByTestId("home");
	await home.getByText("Huarui waits for the cost price · Ana").waitFor();
	await home.getByText("Away today").waitFor();
	await home.getByText("no budget at Initech").waitFor();
	await picture(page, "today");
	await home.getByRole("button", { name: "I take it" }).click();
	await home.getByText("Huarui waits for the cost price · Grace").waitFor();
});

test("Feishu's menu gives the look; its button changes the card in place", async () => {
	await say(feishu, "wei", "@belltower 卡点 华瑞在等成本价 @ana");
	await words(feishu, "卡点 #");
	const page = await stage.page("#as=grace&channel=dm&lang=zh-CN", { ...low, url: feishu.url });
	await page.getByTestId("menu-today").click();
	const look = page.locator("article").filter({ hasText: "未解决的卡点" }).last();
	await look.getByText("华瑞在等成本价 · Ana").waitFor();
	await picture(page, "today-feishu");
	await look.getByRole("button", { name: "我来" }).click();
	// Entering the chat shows one too: the one that was pressed changes, whichever it was.
	await page.locator("article").getByText("华瑞在等成本价 · Grace").first().waitFor();
});

test("for a role: who is on duty, the one who stands in, the manager, and at last urgently, in both rooms", async () => {
	const text = "Bluebridge waits for the samples";
	const chat = (who) => `D0${who.toUpperCase().slice(0, 7)}`;
	const hears = async (room, who, words) => Object.entries((await room.state()).messages)
		.some(([channel, all]) => channel.startsWith(chat(who)) && all.some((m) => JSON.stringify(m).includes(text) && JSON.stringify(m).includes(words)));
	const heard = (room, who, words) => until(`${who} to hear “${words}”`, () => hears(room, who, words));
	await clock("13:00");
	await say(stage, "wei", `@belltower blocker ${text} @operations`);
	await say(feishu, "wei", `@belltower 卡点 ${text} @运营`);
	await heard(stage, "xiaomei", "由你负责"); // jun is away on Slack
	// On Feishu it is one's week or the other's.
	const owner = await until("whoever is on duty to hear", async () => (await hears(feishu, "jun", "由你负责")) ? "jun" : (await hears(feishu, "xiaomei", "由你负责")) && "xiaomei");
	await clock("13:25");
	await heard(stage, "xiaomei", "还没有人接手");
	await heard(feishu, owner, "还没有人接手");
	await clock("13:31");
	await heard(feishu, owner === "jun" ? "xiaomei" : "jun", "一直没有人接手");
	await clock("14:01");
	await heard(stage, "grace", "Nobody has taken this");
	await heard(feishu, "grace", "一直没有人接手");
	await clock("15:31");
	await until("the urgent call in the card's thread", async () => JSON.stringify((await stage.state()).messages).includes("Urgent, please see to this now"));
	const page = await stage.page("#as=grace&channel=sales&lang=zh-CN", { ...low, url: feishu.url });
	await page.getByText("给你发送了加急消息").first().waitFor();
});

test("played, a day rings at its hours: the prompt, the closing", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=en", low);
	await page.getByTestId("clock").click();
	await page.getByTestId("clock-play").click();
	await page.getByText("Standup closed").first().waitFor();
	await page.getByTestId("clock-play").click();
	await page.getByTestId("clock-play").getByText("Play").waitFor();
	const stands = (await stage.state()).clock.now_ms;
	await say(stage, "ana", "@belltower standup show");
	await words(stage, "Standup ·");
	assert.ok((await stage.state()).clock.now_ms - stands < 10 * 60000, "the clock goes at its own pace again");
});

test("a month goes by, day by day: quickly, and nothing breaks", async () => {
	const newest = async () => Object.values((await stage.state()).messages).flat().filter((m) => m.bot).map((m) => m.ts).sort().at(-1);
	const began = performance.now();
	for (let day = 1; day <= 30; day++) {
		const before = await newest(), worked = day % 7 !== 5 && day % 7 !== 6;
		await clock("09:30", 1);
		if (worked)
			await until("the day's prompts", async () => (await newest()) > before);
		await clock("18:05");
	}
	await say(stage, "ana", "@belltower blockers");
	await words(stage, "Open blockers of sales");
	assert.deepEqual(stage.errors().split("\n").filter((line) => /^(error|warning|\*\*)/.test(line)), [], "the log has no errors");
	if (process.env.PICTURES)
		console.log(`a month in ${Math.round(performance.now() - began)} ms`);
});
