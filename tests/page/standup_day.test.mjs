// SPDX-License-Identifier: MIT
// The standup's day, as people see it: the real bot in `belltower demo`, its clock moved from a Monday's standup to Tuesday's prompt, board and
// closing, and to the manager's evening. With PICTURES=folder the page's pictures for the documentation are taken on the way.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, openStage, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage({ demo: true });
	ids = await idsOf(stage);
	await until("the bot to be connected", async () => (await stage.state()).connections === 1);
	// From the coming Monday on no day is off: the demo's team has the plain week.
	const today = new Date().toLocaleDateString("en-US", { timeZone: "Asia/Shanghai", weekday: "short" });
	await clock("09:00", 7 - ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(today));
});
after(() => stage?.close());
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const clock = (to, days = 0) => stage.act({ do: "clock", to, days });
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) }) : null);
const say = (who, text) => stage.act({ do: "say", as: ids[who], channel: ids["#sales"], text });
const card = (page, title) => page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ has: page.locator(".block-header", { hasText: title }) }).last();

test("Monday: two answers on the board", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	await say("wei", "昨天成果：拜访华瑞\n今天目标：给华瑞报价\n风险预警：报价单缺成本价");
	await card(page, "Standup").getByText("给华瑞报价").waitFor();
	await stage.act({ do: "clock", advance_ms: 60000 });
	await say("ana", "Yesterday: two demos\nToday: send Globex the offer\nRisks: no budget at Initech");
	await card(page, "2 of").or(card(page, "Standup")).getByText("send Globex the offer").first().waitFor();
});

test("Tuesday, half past nine: the prompt in a direct message, with Monday's goals; its button opens the form beneath them", async () => {
	await clock("09:30", 1);
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	await page.getByTestId("dm-bot").click();
	const prompt = card(page, "站会开始啦");
	await prompt.getByText("给华瑞报价").waitFor();
	assert.match(await prompt.innerText(), /你的目标（\d+月\d+日 周一）/);
	await picture(page, "standup-prompt");
	await prompt.locator(".block-actions button").first().click();
	const modal = page.getByTestId("modal");
	await modal.getByText("给华瑞报价").waitFor();
	const inputs = modal.locator(".block-input textarea, .block-input input[type=text]");
	await inputs.nth(0).fill("华瑞报价已发");
	await inputs.nth(1).fill("约华瑞采购经理谈价格");
	await inputs.nth(2).fill("报价单仍缺成本价");
	await modal.getByTestId("modal-submit").click();
	await modal.waitFor({ state: "detached" });
});

test("Tuesday: the board fills, trouble first", async () => {
	const page = await stage.page("#as=grace&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	await card(page, "Standup").getByText("约华瑞采购经理谈价格").waitFor();
	await stage.act({ do: "clock", advance_ms: 60000 });
	await say("ana", "Yesterday: Globex has the offer\nToday: call Initech's finance\nRisks: still no budget at Initech");
	await card(page, "Standup").getByText("call Initech's finance").waitFor();
	const words = await card(page, "Standup").innerText();
	assert.ok(words.indexOf("no budget at Initech") < words.indexOf("Globex has the offer"), `trouble stands first: ${words}`);
	await picture(page, "standup-board");
});

test("Tuesday, half past ten: the closing", async () => {
	await clock("10:30");
	const page = await stage.page("#as=grace&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	const closing = card(page, "Standup closed");
	await closing.getByText("🎯").or(closing.getByText("Today's goals")).first().waitFor();
	assert.match(await closing.innerText(), /No answer from/);
	await picture(page, "standup-closing");
});

test("Wednesday: what stands for the third working day is marked, and its owner asked", async () => {
	await clock("09:05", 1);
	const page = await stage.page("#as=ana&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	await say("ana", "Yesterday: called Initech's finance\nToday: meet their director\nRisks: Initech has no budget yet");
	await card(page, "Standup").getByText("for 3 working days").waitFor();
	await page.getByTestId("dm-bot").click();
	const question = card(page, "This has stood for 3 working days");
	await question.getByText("To my manager").click();
	await page.getByTestId(`channel-${ids["#sales"]}`).click();
	await stage.act({ do: "clock", advance_ms: 60000 });
	await card(page, "Standup").getByText("with the manager").waitFor();
	await picture(page, "standup-standing");
});

test("the manager's evening: who was not answered, with a button whose words go to the rep", async () => {
	await clock("17:30");
	const page = await stage.page("#as=grace&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	await page.getByTestId("dm-bot").click();
	// By now promises have rung, too: of what has used up the day's messages the list is one, and Ana's question is there.
	const list = page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ hasText: "Initech has no budget yet" }).last();
	await list.getByText("Initech has no budget yet").waitFor();
	await picture(page, "standup-evening");
	await list.getByText("Answer Ana").last().click();
	const modal = page.getByTestId("modal");
	await modal.locator("textarea").first().fill("I will join you at Initech on Thursday.");
	await modal.getByTestId("modal-submit").click();
	await modal.waitFor({ state: "detached" });
	const rep = await stage.page("#as=ana&channel=sales&lang=en");
	await rep.getByTestId("dm-bot").click();
	await rep.getByText("I will join you at Initech on Thursday.").waitFor();
});
