// SPDX-License-Identifier: MIT
// The demo's two rooms: one bot, the same company on Slack and on Feishu, and the switch between them.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { clientOf, idsOf, openStage, until } from "./support.mjs";

let stage, feishu, ids;
before(async () => {
	stage = await openStage({ demo: true });
	ids = await idsOf(stage);
	const { rooms } = await stage.state();
	feishu = { url: rooms.feishu, ...clientOf(rooms.feishu) };
	for (const room of [stage, feishu])
		await until("the bot to be connected", async () => (await room.state()).connections === 1);
});
after(() => stage?.close());

const composer = (page) => page.getByTestId("main").getByTestId("composer");
const said = async (room) => (await room.state()).messages[ids["#sales"]].filter((m) => !m.bot);

test("the switch leads to the other room and back", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await page.getByTestId("room-feishu").click();
	await page.waitForURL((address) => address.href.startsWith(feishu.url));
	await page.locator("html[data-room=feishu]").waitFor();
	await composer(page).fill("Yesterday: closed Globex\nToday: 15 calls\nRisks: none");
	await composer(page).press("Enter");
	await page.getByTestId("reaction-DONE").waitFor();
	await page.getByTestId("card").getByText("closed Globex").first().waitFor();
	assert.equal((await said(feishu)).length, 1);
	assert.equal((await said(stage)).length, 0, "the room on Slack heard nothing of it");

	await page.getByTestId("room-slack").click();
	await page.waitForURL((address) => address.href.startsWith(stage.url));
	await page.locator("html[data-room=slack]").waitFor();
	const problems = (await stage.settle()).filter((problem) => !problem.startsWith(`asked for ${feishu.url}`) && !problem.includes(feishu.url.replace(/^http/, "ws")));
	assert.deepEqual(problems, [], "no page complained");
});

test("both rooms have one clock", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en&room=slack");
	const before = await page.getByTestId("clock-face").innerText();
	await feishu.act({ do: "clock", to: "21:45", days: 0 });
	await until("the clock to follow", async () => (await page.getByTestId("clock-face").innerText()) !== before);
	assert.match(await page.getByTestId("clock-face").innerText(), /21:4/);
	assert.deepEqual(await stage.settle(), []);
});
