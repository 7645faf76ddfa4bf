// SPDX-License-Identifier: MIT
// People use an app at the page: slash commands, buttons, forms, the App Home; the app here is a small bot on Socket Mode.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { idsOf, messageOf, openStage, until } from "./support.mjs";

let stage, ids, bot;
before(async () => {
	stage = await openStage();
	ids = await idsOf(stage);
	bot = await stage.bot();
});
after(() => stage?.close());
afterEach(async () => {
	bot.answer = () => undefined;
	assert.deepEqual(await stage.settle(), [], "no page complained");
});

const plain = (text) => ({ type: "plain_text", text, emoji: true });
const mrkdwn = (text) => ({ type: "mrkdwn", text });
const option = (value, text = value) => ({ text: plain(text), value });
const composer = (page) => page.getByTestId("main").getByTestId("composer");
const here = () => bot.envelopes.length;
const action = (from, action_id) => bot.next(`the action ${action_id}`, (e) => e.payload.type === "block_actions" && e.payload.actions[0].action_id === action_id, from).then((e) => e.payload);

async function post(page, blocks, text = "words for notifications") {
	const posted = await stage.call("chat.postMessage", { channel: ids["#sales"], text, blocks });
	assert.ok(posted.ok, JSON.stringify(posted));
	const row = messageOf(page, posted.ts);
	await row.waitFor();
	return row;
}

test("a slash command is completed, its usage shown, and sent with its words", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const from = here();
	await composer(page).pressSequentially("/sta");
	await page.getByTestId("suggest-/standup").waitFor();
	await page.keyboard.press("Tab");
	assert.equal(await composer(page).inputValue(), "/standup ");
	assert.match(await page.getByTestId("main").getByTestId("usage-hint").innerText(), /\/standup \[/);
	await composer(page).pressSequentially("show @wei");
	await page.getByTestId(`suggest-${ids.wei}`).waitFor();
	await page.keyboard.press("Escape");
	await page.keyboard.press("Enter");
	const { payload } = await bot.next("the command", (e) => e.type === "slash_commands", from);
	assert.equal(payload.command, "/standup");
	assert.match(payload.text, /^show (@wei|<@U\w+(\|wei)?>)$/);
	assert.equal(payload.user_id, ids.ana);
	assert.equal(payload.channel_id, ids["#sales"]);
});

test("what an app answers to a command is shown to that person alone", async () => {
	bot.answer = (e) => (e.type === "slash_commands" ? { response_type: "ephemeral", text: "only for _you_" } : undefined);
	const page = await stage.page("#as=jun&channel=sales&lang=zh-CN");
	const other = await stage.page("#as=tom&channel=sales&lang=en");
	await composer(page).fill("/standup help");
	await composer(page).press("Enter");
	await page.locator("article.ephemeral em", { hasText: "you" }).waitFor();
	assert.equal(await other.getByText("only for you").count(), 0);
});

test("an unknown command is refused in place; a blank in front makes it text; threads take none", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await composer(page).fill("/nope now");
	await composer(page).press("Enter");
	assert.match(await page.getByTestId("composer-error").innerText(), /\/nope is not a valid command/);
	assert.equal(await composer(page).inputValue(), "/nope now");
	await composer(page).fill(" /nope now");
	await composer(page).press("Enter");
	const row = page.getByTestId("message").filter({ hasText: "/nope now" });
	await row.hover();
	await row.getByTestId("reply").click();
	const thread = page.getByTestId("thread");
	await thread.getByTestId("composer").fill("/standup show");
	await thread.getByTestId("composer").press("Enter");
	assert.match(await thread.getByTestId("composer-error").innerText(), /not supported in threads/);
});

test("Block Kit is drawn: every block, and what is not known is said", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const row = await post(page, [
		{ type: "header", block_id: "head", text: plain(":clipboard: Standup & board") },
		{ type: "context", block_id: "ctx", elements: [mrkdwn(`*2/6* · <@${ids.wei}>`)] },
		{ type: "section", block_id: "words", text: mrkdwn("*bold* `*code*` &lt;b&gt;\n> quoted"), accessory: { type: "button", action_id: "acc", text: plain("Own it"), value: "7" } },
		{ type: "section", block_id: "fields", fields: [mrkdwn("*Ana*\ndone"), plain("plain *stars*")] },
		{ type: "divider", block_id: "line" },
		{ type: "rich_text", block_id: "rich", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "strong", style: { bold: true } }, { type: "user", user_id: ids.ana }, { type: "emoji", name: "tada" }] },
			{ type: "rich_text_list", style: "bullet", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "point" }] }] }] },
		{ type: "image", block_id: "pic", image_url: "https://example.com/chart.png", alt_text: "a chart" },
		{ type: "data_visualization", block_id: "bars", title: "Deals", chart: { type: "bar", series: [{ name: "now", data: [{ label: "Ana", value: 2 }, { label: "Wei", value: 1 }] }],
			axis_config: { categories: ["Ana", "Wei"] } } },
	]);
	assert.equal(await row.getByTestId("block-head").locator("h3").innerText(), "📋 Standup & board");
	assert.equal(await row.getByTestId("block-ctx").innerText(), "2/6 · @陈伟");
	assert.equal(await row.getByTestId("block-words").locator("strong").innerText(), "bold");
	assert.equal(await row.getByTestId("block-words").locator("code").innerText(), "*code*");
	assert.equal(await row.getByTestId("block-words").locator("blockquote").innerText(), "quoted");
	assert.deepEqual(await row.locator(".field-cell").allInnerTexts(), ["Ana\ndone", "plain *stars*"]);
	assert.equal(await row.getByTestId("block-line").locator("hr").count(), 1);
	assert.equal(await row.getByTestId("block-rich").locator("strong").innerText(), "strong");
	assert.equal(await row.getByTestId("block-rich").locator("li").innerText(), "point");
	assert.match(await row.getByTestId("block-pic").innerText(), /a chart/);
	assert.equal(await row.getByTestId("block-bars").locator("canvas[data-drawn=yes]").getAttribute("aria-label"), "Deals, now Ana 2, now Wei 1");
	assert.equal(await row.locator(".app-badge").innerText(), "APP");
});

test("a table has its heads, cells and sides", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const cell = (text) => ({ type: "raw_text", text });
	const row = await post(page, [{ type: "table", block_id: "tab", column_settings: [{ align: "left" }, { align: "right" }], rows: [[cell("Rep"), cell("Deals")], [cell("Ana"), cell("2")]] }]);
	assert.deepEqual(await row.locator("th").allInnerTexts(), ["Rep", "Deals"]);
	assert.deepEqual(await row.locator("td").allInnerTexts(), ["Ana", "2"]);
	assert.match(await row.locator("td").nth(1).getAttribute("class"), /align-right/);
});

test("buttons, selects, the overflow menu and pickers send their action", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=en");
	const row = await post(page, [
		{ type: "actions", block_id: "acts", elements: [
			{ type: "button", action_id: "go", text: plain("Go"), value: "v1", style: "primary" },
			{ type: "button", action_id: "risky", text: plain("Drop"), value: "v2", style: "danger", confirm: { title: plain("Sure?"), text: mrkdwn("It is gone then."), confirm: plain("Drop it"), deny: plain("Keep") } },
			{ type: "static_select", action_id: "pick", placeholder: plain("Pick"), options: [option("a", "Apple"), option("b", "Banana")] },
			{ type: "overflow", action_id: "more", options: [option("own", "Own"), option("done", "Done")] },
			{ type: "users_select", action_id: "who", placeholder: plain("Who") },
			{ type: "datepicker", action_id: "day", initial_date: "2026-11-23" }] },
		{ type: "section", block_id: "sec", text: mrkdwn("boxes"), accessory: { type: "checkboxes", action_id: "boxes", options: [option("x"), option("y")] } }]);
	let from = here();
	await row.getByTestId("action-go").click();
	const pressed = await action(from, "go");
	assert.equal(pressed.actions[0].value, "v1");
	assert.equal(pressed.actions[0].block_id, "acts");
	assert.equal(pressed.user.id, ids.wei);
	assert.equal(pressed.container.message_ts, await row.getAttribute("data-ts"));

	from = here();
	await row.getByTestId("action-risky").click();
	assert.match(await page.getByTestId("confirm").innerText(), /Sure\?[\s\S]*It is gone then\.[\s\S]*Keep[\s\S]*Drop it/);
	await page.getByTestId("confirm-no").click();
	await row.getByTestId("action-risky").click();
	await page.getByTestId("confirm-yes").click();
	assert.equal((await action(from, "risky")).actions[0].value, "v2");
	assert.equal(bot.envelopes.slice(from).filter((e) => e.payload.actions?.[0].action_id === "risky").length, 1);

	await row.getByTestId("action-pick").selectOption({ label: "Banana" });
	assert.equal((await action(from, "pick")).actions[0].selected_option.value, "b");
	await row.getByTestId("action-more").click();
	await page.getByTestId("overflow-menu").getByTestId("option-done").click();
	assert.equal((await action(from, "more")).actions[0].selected_option.value, "done");
	await row.getByTestId("action-who").selectOption(ids.ana);
	assert.equal((await action(from, "who")).actions[0].selected_user, ids.ana);
	await row.getByTestId("action-day").fill("2026-12-01");
	assert.equal((await action(from, "day")).actions[0].selected_date, "2026-12-01");
	await row.getByTestId("action-boxes-y").check();
	assert.deepEqual((await action(from, "boxes")).actions[0].selected_options.map((o) => o.value), ["y"]);
});

const FORM = {
	type: "modal", callback_id: "standup", title: plain("Today's standup"), submit: plain("Send"), close: plain("Not now"), notify_on_close: true, private_metadata: "pm",
	blocks: [
		{ type: "section", block_id: "intro", text: mrkdwn("*Three* lines are enough."), accessory: { type: "button", action_id: "refresh", text: plain("Refresh"), value: "1" } },
		{ type: "input", block_id: "results", label: plain("Results"), element: { type: "plain_text_input", action_id: "v", multiline: true, initial_value: "2 deals", max_length: 20 } },
		{ type: "input", block_id: "goals", label: plain("Goals"), hint: plain("With numbers"), element: { type: "plain_text_input", action_id: "v", placeholder: plain("What will you do?") } },
		{ type: "input", block_id: "risks", optional: true, label: plain("Risks"), element: { type: "plain_text_input", action_id: "v" } },
		{ type: "input", block_id: "level", optional: true, label: plain("Level"), element: { type: "static_select", action_id: "v", options: [option("lo", "Low"), option("hi", "High")] } },
		{ type: "input", block_id: "mood", optional: true, label: plain("Mood"), element: { type: "radio_buttons", action_id: "v", initial_option: option("ok"), options: [option("ok"), option("bad")] } },
		{ type: "input", block_id: "flags", optional: true, label: plain("Flags"), element: { type: "checkboxes", action_id: "v", options: [option("late"), option("away")] } },
		{ type: "input", block_id: "day", optional: true, label: plain("Day"), element: { type: "datepicker", action_id: "v" } },
		{ type: "input", block_id: "at", optional: true, label: plain("Time"), element: { type: "timepicker", action_id: "v", initial_time: "09:30" } },
		{ type: "input", block_id: "who", optional: true, label: plain("Who"), element: { type: "users_select", action_id: "v" } }],
};

// A person types /standup, the bot opens the form.
async function openForm(as, lang = "en", form = FORM) {
	const page = await stage.page(`#as=${as}&channel=sales&lang=${lang}`);
	const from = here();
	await composer(page).fill("/standup");
	await composer(page).press("Enter");
	const { payload } = await bot.next("the command", (e) => e.type === "slash_commands", from);
	const opened = await stage.call("views.open", { trigger_id: payload.trigger_id, view: form });
	assert.ok(opened.ok, JSON.stringify(opened));
	const modal = page.getByTestId("modal");
	await modal.waitFor();
	return { page, modal, view: opened.view, input: (block) => modal.getByTestId(`block-${block}`).locator("input, textarea, select").first() };
}

test("a form is filled and sent: labels, initial values, each kind of value", async () => {
	const { page, modal, view, input } = await openForm("ana");
	assert.equal(await modal.getAttribute("data-callback-id"), "standup");
	assert.equal(await modal.getByRole("heading", { name: "Today's standup" }).count(), 1);
	assert.equal(await modal.getByLabel("Results").inputValue(), "2 deals");
	assert.equal(await modal.getByLabel("Goals").getAttribute("placeholder"), "What will you do?");
	assert.ok(await input("results").evaluate((e) => e === document.activeElement || e.form.contains(document.activeElement)), "the focus is in the form");
	await input("goals").fill("3 visits <b> & more");
	await input("level").selectOption({ label: "High" });
	await modal.getByTestId("action-v-bad").check();
	await modal.getByTestId("action-v-away").check();
	await input("day").fill("2026-12-01");
	await input("who").selectOption(ids.wei);
	const from = here();
	await modal.getByTestId("modal-submit").click();
	const { payload } = await bot.next("the submission", (e) => e.payload.type === "view_submission", from);
	await modal.waitFor({ state: "detached" });
	assert.equal(payload.view.id, view.id);
	assert.equal(payload.view.private_metadata, "pm");
	const values = payload.view.state.values;
	assert.equal(values.results.v.value, "2 deals");
	assert.equal(values.goals.v.value, "3 visits <b> & more");
	assert.equal(values.risks.v.value, null);
	assert.equal(values.level.v.selected_option.value, "hi");
	assert.equal(values.mood.v.selected_option.value, "bad");
	assert.deepEqual(values.flags.v.selected_options.map((o) => o.value), ["away"]);
	assert.equal(values.day.v.selected_date, "2026-12-01");
	assert.equal(values.at.v.selected_time, "09:30");
	assert.equal(values.who.v.selected_user, ids.wei);
	assert.ok(await page.getByTestId("main").isVisible());
});

test("a form with something missing or too long is not sent; the app's own complaints stand at their inputs", async () => {
	const { modal, input } = await openForm("wei", "zh-CN");
	const from = here();
	await input("results").fill("x".repeat(21));
	await modal.getByTestId("modal-submit").click();
	assert.equal(await modal.getByTestId("error-goals").innerText(), "请填写此项。");
	assert.equal(await modal.getByTestId("error-results").innerText(), "最多 20 个字符。");
	assert.equal(await input("goals").getAttribute("aria-invalid"), "true");
	assert.ok(await input("results").evaluate((e) => e === document.activeElement), "the first wrong input has the focus");
	bot.answer = (e) => (e.payload.type === "view_submission" ? { response_action: "errors", errors: { goals: "没看懂这一行" } } : undefined);
	await input("results").fill("2 单");
	await input("goals").fill("??");
	await modal.getByTestId("modal-submit").click();
	await modal.getByTestId("error-goals").getByText("没看懂这一行").waitFor();
	assert.equal(await modal.getByTestId("error-results").isVisible(), false);
	assert.equal(bot.envelopes.slice(from).filter((e) => e.payload.type === "view_submission").length, 1);
	bot.answer = () => undefined;
	await input("goals").fill("3 家");
	await modal.getByTestId("modal-submit").click();
	await modal.waitFor({ state: "detached" });
});

test("what was typed stays when the app updates the view, and a press in a view carries it", async () => {
	const { modal, view, input } = await openForm("jun");
	await input("goals").fill("half typed");
	const from = here();
	await modal.getByTestId("action-refresh").click();
	const pressed = await action(from, "refresh");
	assert.equal(pressed.container.view_id, view.id);
	assert.equal(pressed.view.state.values.goals.v.value, "half typed");
	const blocks = [...FORM.blocks.filter((b) => b.block_id !== "risks"), { type: "context", block_id: "fresh", elements: [mrkdwn("_refreshed_")] }];
	const updated = await stage.call("views.update", { view_id: view.id, view: { ...FORM, blocks } });
	assert.ok(updated.ok, JSON.stringify(updated));
	await modal.getByTestId("block-fresh").waitFor();
	assert.equal(await input("goals").inputValue(), "half typed");
	assert.equal(await modal.getByTestId("block-risks").count(), 0);
});

test("Escape closes the form and the app hears of it", async () => {
	const { page, modal } = await openForm("tom");
	const from = here();
	await page.keyboard.press("Escape");
	await modal.waitFor({ state: "detached" });
	const { payload } = await bot.next("view_closed", (e) => e.payload.type === "view_closed", from);
	assert.equal(payload.view.callback_id, "standup");
	assert.ok(await composer(page).isEnabled());
});

test("the form is one person's: another who is acted as does not see it", async () => {
	const { page, modal } = await openForm("grace");
	await page.evaluate((id) => { location.hash = location.hash.replace(/as=\w+/, `as=${id}`); }, ids.ana);
	await modal.waitFor({ state: "detached" });
	await page.evaluate((id) => { location.hash = location.hash.replace(/as=\w+/, `as=${id}`); }, ids.grace);
	await modal.waitFor();
});

test("the App Home: opening it tells the app, what the app publishes is shown, its buttons act", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const from = here();
	await page.getByTestId("app-home").click();
	await page.getByTestId("home-empty").waitFor();
	const { payload } = await bot.next("app_home_opened", (e) => e.payload.event?.type === "app_home_opened" && e.payload.event.tab === "home", from);
	assert.equal(payload.event.user, ids.ana);
	const published = await stage.call("views.publish", { user_id: ids.ana, view: { type: "home", blocks: [
		{ type: "header", block_id: "hi", text: plain("Your week") }, { type: "actions", block_id: "acts", elements: [{ type: "button", action_id: "home-go", text: plain("Report"), value: "r" }] }] } });
	assert.ok(published.ok, JSON.stringify(published));
	await page.getByTestId("home").getByText("Your week").waitFor();
	await page.getByTestId("home").getByTestId("action-home-go").click();
	const pressed = await action(from, "home-go");
	assert.equal(pressed.view.type, "home");
	assert.equal(pressed.user.id, ids.ana);
});

test("a direct message with the app: opened from the side, answered there", async () => {
	const page = await stage.page("#as=xiaomei&channel=sales&lang=zh-CN");
	const from = here();
	await page.getByTestId("dm-bot").click();
	await composer(page).fill("你好");
	await composer(page).press("Enter");
	const { payload } = await bot.next("the message", (e) => e.payload.event?.type === "message" && e.payload.event.text === "你好", from);
	assert.equal(payload.event.channel_type, "im");
	const posted = await stage.call("chat.postMessage", { channel: payload.event.channel, text: "收到 :white_check_mark:" });
	await messageOf(page, posted.ts).getByText("收到 ✅").waitFor();
	assert.equal(await messageOf(page, posted.ts).locator(".app-badge").innerText(), "应用");
});

test("who presses a name and types on at once writes there, before the next frame and before the server has answered", async () => {
	const page = await stage.page("#as=grace&channel=sales&lang=en");
	const from = here();
	const typeAt = (testid, text) => page.evaluate(([place, words]) => {
		document.querySelector(`[data-testid="${place}"]`).click();
		const area = document.querySelector("#main [data-testid=composer]");
		area.value = words;
		area.dispatchEvent(new Event("input", { bubbles: true }));
		area.form.requestSubmit();
	}, [testid, text]);
	const arrived = async (text) => (await bot.next(text, (e) => e.payload.event?.type === "message" && e.payload.event.text === text, from)).payload.event;
	await typeAt("dm-bot", "for the app alone");
	await typeAt(`channel-${ids["#random"]}`, "for all of random");
	assert.equal((await arrived("for the app alone")).channel_type, "im");
	assert.equal((await until("the other message", async () => (await stage.state()).messages[ids["#random"]].at(-1))).text, "for all of random");
	assert.ok((await stage.state()).messages[ids["#sales"]].every((m) => m.user !== ids.grace), "nothing of it went elsewhere");
	await typeAt("dm-bot", "again");
	await page.getByTestId("message-body").getByText("again").waitFor();
	assert.match(page.url(), new RegExp(`channel=${(await arrived("again")).channel}`), "the address has the conversation's id");
});

test("a chart is drawn, and told to who does not see it", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const data = (a, b) => [{ label: "Mon", value: a }, { label: "Tue", value: b }];
	const row = await post(page, [{ type: "data_visualization", block_id: "deals", title: "Deals", chart: { type: "bar", series: [{ name: "Ana", data: data(2, 3) }, { name: "Wei", data: data(1, 0) }], axis_config: { categories: ["Mon", "Tue"] } } }]);
	await row.locator("canvas[data-drawn=yes]").waitFor();
	assert.equal(await row.locator("canvas").getAttribute("aria-label"), "Deals, Ana Mon 2, Ana Tue 3, Wei Mon 1, Wei Tue 0");
});

test("a bot's message that is replaced, reacted to and deleted changes in place", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const posted = await stage.call("chat.postMessage", { channel: ids["#sales"], text: "board 1" });
	const row = messageOf(page, posted.ts);
	await row.getByText("board 1").waitFor();
	await stage.call("chat.update", { channel: ids["#sales"], ts: posted.ts, text: "board 2" });
	await row.getByText("board 2").waitFor();
	await stage.call("reactions.add", { channel: ids["#sales"], timestamp: posted.ts, name: "white_check_mark" });
	await row.getByTestId("reaction-white_check_mark").waitFor();
	await stage.call("chat.delete", { channel: ids["#sales"], ts: posted.ts });
	await row.waitFor({ state: "detached" });
});

test("a file that a person attaches reaches the app and can be fetched", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const from = here();
	await page.getByTestId("main").getByTestId("file-input").setInputFiles({ name: "报价 & plan.txt", mimeType: "text/plain", buffer: Buffer.from("三月报价") });
	await composer(page).fill("the offer");
	await composer(page).press("Enter");
	const { payload } = await bot.next("the file", (e) => e.payload.event?.files?.length > 0, from);
	assert.equal(payload.event.files[0].name, "报价 & plan.txt");
	const link = page.getByTestId("message").filter({ hasText: "the offer" }).getByTestId("file");
	await link.waitFor();
	const text = await page.evaluate(async (href) => (await fetch(href)).text(), await link.getAttribute("href"));
	assert.equal(text, "三月报价");
});

test("an app that does not answer in time leaves a sign at the button", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const row = await post(page, [{ type: "actions", block_id: "slow", elements: [{ type: "button", action_id: "slow", text: plain("Slow"), value: "1" }] }]);
	await stage.act({ do: "faults", lose_acks: true });
	await row.getByTestId("action-slow").click();
	await row.locator("[data-testid=action-slow].trouble").waitFor();
	await stage.act({ do: "faults", lose_acks: false });
	await until("the fault to be off", async () => !(await stage.state()).faults.lose_acks);
});
