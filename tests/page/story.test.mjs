// SPDX-License-Identifier: MIT
// The whole way, as a person sees it: the real bot in `belltower demo`. A rep posts a standup, sees ✅ and the board, edits,
// fills the form, withdraws. With PICTURES=folder the page's pictures for the documentation are taken on the way.

import { after, afterEach, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, messageOf, openStage, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage({ demo: true });
	ids = await idsOf(stage);
	await until("the bot to be connected", async () => (await stage.state()).connections === 1);
});
after(() => stage?.close());
// A busy board rests up to 12 s between two showings; a minute later it shows at once.
beforeEach(() => stage.act({ do: "clock", advance_ms: 60000 }));
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const composer = (page) => page.getByTestId("main").getByTestId("composer");
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) }) : null);
const board = (page) => page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ has: page.locator(".block-header") });

async function post(page, text) {
	const before = new Set((await stage.state()).messages[ids["#sales"]].map((m) => m.ts));
	await composer(page).fill(text);
	await composer(page).press("Enter");
	const said = await until("the message", async () => (await stage.state()).messages[ids["#sales"]].find((m) => !before.has(m.ts) && !m.bot));
	return messageOf(page, said.ts);
}

test("three lines in the channel: a tick at the message, one board, everybody named", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	const row = await post(page, "昨天成单2单\n今天触达15个新线索\n宏远预算不足");
	await row.getByTestId("reaction-white_check_mark").waitFor();
	await board(page).getByText("昨天成单2单").waitFor();
	const words = await board(page).innerText();
	for (const line of ["今天触达15个新线索", "宏远预算不足", "Ana", "Tom"])
		assert.ok(words.includes(line), `${line} stands on the board: ${words}`);
	assert.equal(await board(page).count(), 1);
});

test("ordinary talk is left alone", async () => {
	const page = await stage.page("#as=tom&channel=sales&lang=en", { viewport: { width: 1280, height: 1020 } });
	const row = await post(page, "lunch anyone?\nnoodles\nat noon");
	const counted = await post(page, "Yesterday: 3 demos\nToday: close Nordwind\nBlockers: none");
	await counted.getByTestId("reaction-white_check_mark").waitFor();
	assert.equal(await row.getByTestId("reaction-white_check_mark").count(), 0);
	await board(page).getByText("3 demos").waitFor();
	assert.equal(await board(page).count(), 1, "the board was replaced in place");
	await picture(page, "standup");
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

test("the form: from the board's button, with three labelled inputs; sent, it is on the board; opened again, it is filled in", async () => {
	const page = await stage.page("#as=xiaomei&channel=sales&lang=zh-CN");
	const modal = page.getByTestId("modal");
	const inputs = modal.locator(".block-input textarea, .block-input input[type=text]");
	await board(page).getByRole("button", { name: "Write mine" }).click();
	await modal.waitFor();
	assert.equal(await inputs.count(), 3);
	assert.ok((await modal.locator(".field-label").allInnerTexts()).every((label) => label.trim()), "every input has its label");
	await inputs.nth(0).fill("回访三家老客户");
	await inputs.nth(1).fill("准备投标文件");
	await picture(page, "form");
	await modal.getByTestId("modal-submit").click();
	await modal.waitFor({ state: "detached" });
	await board(page).getByText("准备投标文件").waitFor();
	await composer(page).fill("/standup");
	await composer(page).press("Enter");
	await modal.waitFor();
	assert.equal(await inputs.nth(0).inputValue(), "回访三家老客户");
	await page.keyboard.press("Escape");
	await modal.waitFor({ state: "detached" });
});

test("a deleted message is taken off the board", async () => {
	const page = await stage.page("#as=tom&channel=sales&lang=en");
	const row = page.getByTestId("message").and(page.locator(`[data-user="${ids.tom}"]`)).filter({ hasText: "close Nordwind" });
	await row.hover();
	await row.getByTestId("delete").click();
	await page.getByTestId("confirm-yes").click();
	await board(page).getByText("3 demos").waitFor({ state: "detached" });
	await board(page).getByText("准备投标文件").waitFor();
});

test("a direct message counts as well, and is answered in place", async () => {
	const page = await stage.page("#as=jun&channel=sales&lang=zh-CN");
	await page.getByTestId("dm-bot").click();
	await page.getByTestId("channel-title").getByText("belltower").waitFor();
	await composer(page).fill("昨天：演示两场\n今天：签合同\n卡点：无");
	await composer(page).press("Enter");
	await page.getByTestId("reaction-white_check_mark").waitFor();
	await page.getByTestId(`channel-${ids["#sales"]}`).click();
	await board(page).getByText("签合同").waitFor();
});
