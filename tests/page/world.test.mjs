// SPDX-License-Identifier: MIT
// The world around: the clock, faults, the drawer; languages, appearance, the keyboard, a phone.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { idsOf, openPage, openStage, startBrowser, startSandbox, tabStops, unreadable, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage();
	ids = await idsOf(stage);
});
after(() => stage?.close());
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const now = async () => (await stage.state()).clock.now_ms;
const HOUR = 3600000;

test("the clock goes 15 minutes, an hour, to half past nine tomorrow, and where it is told", async () => {
	await stage.act({ do: "clock", set_ms: Date.parse("2026-11-23T01:12:00Z") });
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const face = page.getByTestId("clock-face");
	await face.getByText("Nov 23, 09:12").waitFor();
	await page.getByTestId("clock").click();
	await page.getByTestId("clock-plus-15").click();
	await face.getByText("Nov 23, 09:27").waitFor();
	await page.getByTestId("clock-plus-60").click();
	await face.getByText("Nov 23, 10:27").waitFor();
	await page.getByTestId("clock-tomorrow").click();
	await face.getByText("Nov 24, 09:30").waitFor();
	assert.ok(Math.abs(await now() - Date.parse("2026-11-24T01:30:00Z")) < 60000);
	await page.getByTestId("clock-exact").fill("2027-02-06T23:59");
	await page.getByTestId("clock-set").click();
	await face.getByText("Feb 6, 23:59").waitFor();
	assert.ok(Math.abs(await now() - Date.parse("2027-02-06T15:59:00Z")) < 60000);
});

test("messages stand under their day, in the zone of whom one acts as", async () => {
	await stage.act({ do: "clock", set_ms: Date.parse("2027-03-01T15:30:00Z") });
	const { ts } = await stage.act({ do: "say", as: "ana", channel: "#random", text: "late" });
	await stage.act({ do: "clock", advance_ms: HOUR });
	await stage.act({ do: "say", as: "ana", channel: "#random", text: "early" });
	const shanghai = await stage.page("#as=ana&channel=random&lang=en");
	assert.deepEqual(await shanghai.locator(".day").allInnerTexts(), ["Yesterday", "Today"]);
	const berlin = await stage.page("#as=tom&channel=random&lang=en");
	assert.deepEqual(await berlin.locator(".day").allInnerTexts(), ["Today"]);
	assert.equal(await berlin.locator(`[data-ts="${ts}"] .msg-time`).innerText(), "16:30");
	assert.equal(await shanghai.locator(`[data-ts="${ts}"] .msg-time`).innerText(), "23:30");
});

test("a fault that is switched on at the page is what a bot meets, and its scope is kept", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en&drawer=faults");
	await page.getByTestId("fault-times").fill("2");
	await page.getByTestId("fault-methods").fill("chat.postMessage");
	await page.getByTestId("fault-rate_limit").check();
	await until("the fault", async () => (await stage.state()).faults.rate_limit);
	assert.deepEqual((await stage.state()).faults.methods, ["chat.postMessage"]);
	assert.ok((await stage.call("auth.test")).ok, "another method is not hit");
	const say = () => stage.call("chat.postMessage", { channel: ids["#sales"], text: "hello" });
	for (let i = 0; i < 2; i++) {
		const refused = await say();
		assert.equal(refused.status, 429);
		assert.equal(refused.retryAfter, "1");
	}
	assert.ok((await say()).ok, "after its two occasions the fault is over");
	await page.getByTestId("fault-server_error").check();
	await until("the fault", async () => (await stage.state()).faults.server_error);
	await page.getByTestId("drawer-toggle").locator(".badge").waitFor();
	await page.getByTestId("fault-server_error").uncheck();
	await until("good weather", async () => !(await stage.state()).faults.server_error);
	await page.getByTestId("drawer-toggle").locator(".badge").waitFor({ state: "detached" });
});

test("the drawer shows calls and frames as they happen, filtered, with their JSON", async (t) => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await page.getByTestId("drawer-toggle").click();
	const bot = await stage.bot();
	t.after(bot.stop);
	await page.getByTestId("bot-status").and(page.locator("[data-count='1']")).waitFor();
	assert.equal(await page.getByTestId("bot-status").innerText(), "bot connected ×1");
	const posted = await stage.call("chat.postMessage", { channel: ids["#sales"], text: "watch me" });
	await page.getByTestId("log-search").fill("watch me");
	const entry = page.locator("[data-testid=log-entry][data-kind=http]").filter({ hasText: "chat.postMessage" });
	await entry.locator("summary").click();
	await entry.getByTestId("log-detail").getByText("watch me").first().waitFor();
	await page.getByTestId("log-search").fill("");
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "an event" });
	await page.locator("[data-testid=log-entry][data-kind=frame]").last().waitFor();
	await page.getByTestId("log-filter-http").click();
	await page.locator("[data-testid=log-entry][data-kind=frame]").first().waitFor({ state: "detached" });
	await page.getByTestId("log-search").fill("no such call");
	await page.getByTestId("log-entry").first().waitFor({ state: "detached" });
	await page.getByTestId("log-search").fill("watch me");
	await page.getByTestId("log-entry").first().waitFor();
	assert.match((await page.getByTestId("log-entry").allInnerTexts()).join(), /chat\.postMessage/);
	assert.ok(posted.ok);
	await page.keyboard.press("Escape");
	await page.getByTestId("drawer").waitFor({ state: "hidden" });
	bot.stop();
	await page.getByTestId("bot-status").and(page.locator("[data-count='0']")).waitFor();
});

test("disconnect, cut, raw text and reset reach the bot and the page", async (t) => {
	const page = await stage.page("#as=ana&channel=sales&lang=en&drawer=faults");
	const bot = await stage.bot();
	t.after(bot.stop);
	await page.getByTestId("bot-status").and(page.locator("[data-count='1']")).waitFor();
	await page.getByTestId("frame-text").fill("{\"envelope_id\":\"raw-1\",\"type\":\"mystery\",\"payload\":{}}");
	await page.getByTestId("frame-send").click();
	await bot.next("the raw frame", (e) => e.envelope_id === "raw-1");
	await page.getByTestId("drop-connections").click();
	await page.getByTestId("bot-status").and(page.locator("[data-count='0']")).waitFor();
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "to be forgotten" });
	await page.getByText("to be forgotten").waitFor();
	await page.getByTestId("reset").click();
	await page.getByTestId("confirm-yes").click();
	await page.getByText("to be forgotten").waitFor({ state: "detached" });
	assert.equal((await stage.state()).messages[(await idsOf(stage))["#sales"]].length, 0);
	ids = await idsOf(stage);
});

test("Chinese and English, light and dark: switched, and remembered", async () => {
	const page = await stage.page("#as=wei&channel=sales", { locale: "zh-CN", colorScheme: "light" });
	assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
	await page.getByTestId("bot-status").getByText("机器人未连接").waitFor();
	await page.getByTestId("language").click();
	await page.getByTestId("bot-status").getByText("no bot connected yet").waitFor();
	const paper = () => page.getByTestId("main").evaluate((e) => getComputedStyle(e).backgroundColor);
	const light = await paper();
	await page.getByTestId("theme").click();
	await page.locator("html[data-theme=light]").waitFor();
	await page.getByTestId("theme").click();
	await page.locator("html[data-theme=dark]").waitFor();
	assert.notEqual(await paper(), light);
	await page.goto(stage.url);
	await page.getByTestId("main").locator("h1").waitFor();
	assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
	assert.equal(await page.locator("html").getAttribute("lang"), "en");
	assert.equal(await page.getByTestId("member-switcher").getAttribute("data-as"), ids.wei);
});

test("the words can be read: text against its ground at 4.5 to 1, light and dark", async () => {
	await stage.act({ do: "say", as: "wei", channel: "#sales", text: "`code` <x> https://example.com @ana" });
	for (const colorScheme of ["light", "dark"]) {
		const page = await stage.page("#as=ana&channel=sales&lang=en&drawer=faults", { colorScheme });
		await page.locator("article code").first().waitFor();
		assert.deepEqual(await unreadable(page), [], colorScheme);
	}
});

test("everything is reached by Tab, with a visible focus and a name", async () => {
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "by keyboard" });
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await page.getByText("by keyboard").waitFor();
	const visited = await tabStops(page);
	for (const id of ["clock", "language", "theme", "drawer-toggle", "member-switcher", `channel-${ids["#sales"]}`, "dm-bot", "app-home", "message", "quick-+1", "react", "reply", "edit", "delete", "composer", "attach", "emoji", "send"])
		assert.ok(visited.includes(id), `${id} is reached: ${visited.join(" ")}`);
});

test("messages are walked through with the arrow keys", async () => {
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "one above" });
	await stage.act({ do: "say", as: "wei", channel: "#sales", text: "one below" });
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await page.locator("article").last().focus();
	await page.keyboard.press("ArrowUp");
	assert.match(await page.evaluate(() => document.activeElement.innerText), /one above/);
	await page.keyboard.press("ArrowDown");
	assert.match(await page.evaluate(() => document.activeElement.innerText), /one below/);
});

test("new messages are told to those who listen", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await stage.act({ do: "say", as: "wei", channel: "#sales", text: "*listen* &" });
	await page.locator("#live", { hasText: "陈伟: listen &" }).waitFor({ state: "attached" });
});

for (const width of [360, 430])
	test(`a phone of ${width}: nothing sticks out, the side is a sheet, a thread fills the screen`, async () => {
		const page = await stage.page("#as=ana&channel=sales&lang=en", { viewport: { width, height: 740 }, hasTouch: true, isMobile: true });
		const overflow = () => page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
		const outside = () => page.evaluate(() => [...document.querySelectorAll("#header button, #main button, #main textarea")]
			.filter((e) => e.checkVisibility({ visibilityProperty: true }) && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map((e) => e.dataset.testid));
		assert.ok(await overflow() <= 0);
		assert.deepEqual(await outside(), []);
		assert.equal(await page.getByTestId("member-switcher").isVisible(), false);
		await page.getByTestId("open-sidebar").tap();
		await page.getByTestId(`channel-${ids["#random"]}`).tap();
		await page.getByTestId("channel-title").getByText("#random").waitFor();
		await page.getByTestId("sidebar").waitFor({ state: "hidden" });
		const { ts } = await stage.act({ do: "say", as: "ana", channel: "#random", text: "on the way" });
		await page.locator(`[data-ts="${ts}"]`).tap();
		await page.locator(`[data-ts="${ts}"]`).getByTestId("reply").waitFor();
		assert.deepEqual((await stage.state()).messages[ids["#random"]].at(-1).reactions, [], "the touch that shows the buttons presses none");
		await page.locator(`[data-ts="${ts}"]`).getByTestId("reply").tap();
		const box = await page.getByTestId("thread").boundingBox();
		assert.deepEqual([box.x, box.y, Math.round(box.width)], [0, 0, width]);
		await page.getByTestId("thread").getByTestId("composer").fill("from the phone");
		await page.getByTestId("thread").getByTestId("send").tap();
		await page.getByTestId("thread").getByText("from the phone").waitFor();
		await page.getByTestId("thread-close").tap();
		await page.getByTestId("drawer-toggle").tap();
		await page.getByTestId("drawer-tab-faults").tap();
		assert.ok(await overflow() <= 0);
	});

test("the page says that the sandbox is gone, and finds it again", async () => {
	const first = await startSandbox();
	const browser = await startBrowser();
	let second;
	try {
		const page = await openPage(browser.browser, first.url, "#as=ana&channel=sales&lang=en");
		await first.stop();
		await page.getByTestId("offline").getByText("lost").waitFor();
		await page.getByTestId("composer").fill("are you there?");
		await page.getByTestId("composer").press("Enter");
		await page.getByTestId("toast").getByText("cannot be reached").waitFor();
		assert.equal(await page.getByTestId("composer").inputValue(), "are you there?", "nothing typed is lost");
		second = await startSandbox([], new URL(first.url).port);
		await page.getByTestId("offline").waitFor({ state: "hidden" });
		await second.act({ do: "say", as: "wei", channel: "#sales", text: "back again" });
		await page.getByTestId("message-body").getByText("back again").waitFor();
	} finally {
		await browser.stop();
		await second?.stop();
		await first.stop();
	}
});
