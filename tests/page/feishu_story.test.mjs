// SPDX-License-Identifier: MIT
// The standup as Feishu's people see it: the real bot in `belltower demo`. A rep posts three lines, sees DONE and the board's card, edits, fills
// the form on a card, recalls, uses the bot's menu. With PICTURES=folder the page's picture for the documentation is taken on the way.

import { after, afterEach, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, messageOf, openStage, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage({ demo: true, room: "feishu" });
	ids = await idsOf(stage);
	await until("the bot to be connected", async () => (await stage.state()).connections === 1);
});
after(() => stage?.close());
// A busy board rests up to 12 s between two showings; a minute later it shows at once.
beforeEach(() => stage.act({ do: "clock", advance_ms: 60000 }));
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const composer = (page) => page.getByTestId("main").getByTestId("composer");
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) }) : null);
// The board is the card that the whole chat sees; a form is one person's.
const board = (page) => page.locator(`article:not(.ephemeral)[data-user="${ids.belltower}"]`).filter({ has: page.getByTestId("card-header") });
const form = (page) => page.locator("article").filter({ has: page.getByTestId("form-belltower_form") }).last();
const inputs = (page) => form(page).locator(".card-input");

async function post(page, text) {
	const before = new Set((await stage.state()).messages[ids["#sales"]].map((m) => m.ts));
	await composer(page).fill(text);
	await composer(page).press("Enter");
	const said = await until("the message", async () => (await stage.state()).messages[ids["#sales"]].find((m) => !before.has(m.ts) && !m.bot));
	return messageOf(page, said.ts);
}

test("three lines in the group: DONE at the message, one board, everybody named", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	await page.locator("html[data-room=feishu]").waitFor();
	const row = await post(page, "昨天成单2单\n今天触达15个新线索\n宏远预算不足");
	await row.getByTestId("reaction-DONE").getByText("belltower").waitFor();
	await board(page).getByText("昨天成单2单").waitFor();
	const words = await board(page).innerText();
	for (const line of ["今天触达15个新线索", "宏远预算不足", "Ana", "Tom"])
		assert.ok(words.includes(line), `${line} stands on the board: ${words}`);
	assert.equal(await board(page).count(), 1);
});

test("ordinary talk is left alone; the board is replaced in place", async () => {
	const page = await stage.page("#as=xiaomei&channel=sales&lang=zh-CN", { viewport: { width: 1280, height: 1110 } });
	const row = await post(page, "中午吃面？\n老地方\n十二点");
	const counted = await post(page, "昨天：演示三场\n今天：签下诺德\n卡点：无");
	await counted.getByTestId("reaction-DONE").waitFor();
	assert.equal(await row.getByTestId("reaction-DONE").count(), 0);
	await board(page).getByText("演示三场").waitFor();
	assert.equal(await board(page).count(), 1);
	await picture(page, "feishu");
});

test("an edited message changes the board", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	await composer(page).press("ArrowUp");
	const area = page.getByTestId("edit-area");
	await area.fill("昨天成单3单\n今天触达15个新线索\n宏远预算不足");
	await area.press("Enter");
	await board(page).getByText("昨天成单3单").waitFor();
	assert.equal(await board(page).getByText("昨天成单2单").count(), 0);
});

test("the form: a card for one person, from the board's button; sent, it is on the board; opened again, it is filled in", async () => {
	const page = await stage.page("#as=jun&channel=sales&lang=zh-CN");
	const other = await stage.page("#as=ana&channel=sales&lang=zh-CN");
	await board(page).getByRole("button", { name: "写站会" }).click();
	await form(page).waitFor();
	assert.equal(await other.getByTestId("form-belltower_form").count(), 0, "nobody else sees it");
	assert.equal(await inputs(page).count(), 3);
	await form(page).getByRole("button", { name: "提交" }).click();
	await form(page).locator(".field-error:not([hidden])").first().waitFor();
	await inputs(page).nth(0).fill("回访三家老客户");
	await inputs(page).nth(1).fill("准备投标文件");
	await form(page).getByRole("button", { name: "提交" }).click();
	await board(page).getByText("准备投标文件").waitFor();
	await page.getByTestId("form-belltower_form").waitFor({ state: "detached" });
	await board(page).getByRole("button", { name: "写站会" }).click();
	await form(page).waitFor();
	assert.equal(await inputs(page).nth(0).inputValue(), "回访三家老客户");
	await form(page).getByRole("button", { name: "取消" }).click();
	await page.getByTestId("form-belltower_form").waitFor({ state: "detached" });
});

test("a recalled message is taken off the board", async () => {
	const page = await stage.page("#as=xiaomei&channel=sales&lang=zh-CN");
	const row = page.getByTestId("message").and(page.locator(`[data-user="${ids.xiaomei}"]`)).filter({ hasText: "签下诺德" });
	await row.hover();
	await row.getByTestId("more").click();
	await page.getByTestId("recall").click();
	await page.getByTestId("confirm-yes").click();
	await board(page).getByText("演示三场").waitFor({ state: "detached" });
	await page.getByTestId("recalled").getByText("你撤回了一条消息").waitFor();
	await board(page).getByText("准备投标文件").waitFor();
});

test("the bot's chat: its menu opens the form and the board; three lines there count as well", async () => {
	const page = await stage.page("#as=tom&channel=sales&lang=zh-CN");
	await page.getByTestId("dm-bot").click();
	await page.getByTestId("menu-standup").click();
	await form(page).waitFor();
	await page.getByTestId("menu-standup_show").click();
	await page.getByTestId("messages").getByText("准备投标文件").waitFor();
	await composer(page).fill("昨天：拜访两家\n今天：签合同\n卡点：无");
	await composer(page).press("Enter");
	await page.getByTestId("reaction-DONE").waitFor();
	await page.getByTestId(`channel-${ids["#sales"]}`).click();
	await board(page).getByText("签合同").waitFor();
});
