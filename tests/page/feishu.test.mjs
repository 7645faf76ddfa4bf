// SPDX-License-Identifier: MIT
// The room as Feishu shows it: the switch, bubbles, topics, recalls, buzzes, the bot's menu; and cards with all that is in them. The app
// is a small bot on the long connection.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { idsOf, messageOf, openStage, tabStops, unreadable, until } from "./support.mjs";
import { chatId, openId, startFeishuBot, tsOf } from "./feishu_bot.mjs";

let stage, ids, bot, chat;
before(async () => {
	stage = await openStage();
	ids = await idsOf(stage);
	bot = await startFeishuBot(stage);
	chat = chatId(ids["#sales"]);
});
after(() => {
	bot?.stop();
	return stage?.close();
});
afterEach(async () => {
	bot.answer = () => undefined;
	assert.deepEqual(await stage.settle(), [], "no page complained");
});

const composer = (page) => page.getByTestId("main").getByTestId("composer");
const here = () => bot.events.length;
const event = (type, from, fits = () => true) => bot.next(type, (e) => e.header.event_type === type && fits(e.event), from).then((e) => e.event);
const open = (as, lang = "zh-CN", more = "") => stage.page(`#room=feishu&as=${as}&channel=sales&lang=${lang}${more}`);
const last = async (channel = "#sales") => (await stage.state()).messages[ids[channel]].at(-1);
const plain = (content) => ({ tag: "plain_text", content });
const callback = (value) => [{ type: "callback", value }];
const card = (elements, header) => ({ schema: "2.0", config: { update_multi: true, summary: { content: "摘要" } }, ...(header ? { header } : {}), body: { elements } });

async function say(page, text, channel = "#sales") {
	const before = (await last(channel))?.ts;
	await composer(page).fill(text);
	await composer(page).press("Enter");
	return until("the message", async () => {
		const message = await last(channel);
		return message && message.ts !== before && message;
	});
}

async function post(page, content) {
	const row = messageOf(page, tsOf(await bot.send(chat, "interactive", content)));
	await row.waitFor();
	return row;
}

// ---- the room ----

test("the switch shows the same room as Slack or as Feishu, and is remembered", async () => {
	const page = await stage.page("#room=slack&as=ana&channel=sales&lang=zh-CN");
	const { ts } = await stage.act({ do: "say", as: "wei", channel: "#sales", text: "同一句话" });
	await messageOf(page, ts).getByText("同一句话").waitFor();
	await page.getByTestId("app-home").waitFor();
	await page.getByTestId("room-feishu").click();
	await page.locator("html[data-room=feishu]").waitFor();
	await messageOf(page, ts).locator(".fs-bubble").getByText("同一句话").waitFor();
	assert.equal(await page.getByTestId("channel-title").innerText(), "sales");
	assert.equal(await page.getByTestId("app-home").count(), 0, "Feishu's apps have no home");
	assert.match(page.url(), /room=feishu/);
	await page.goto("about:blank");
	await page.goto(stage.url);
	await page.locator("html[data-room=feishu]").waitFor();
	await page.getByTestId("room-slack").click();
	await page.locator("html[data-room=slack]").waitFor();
	await page.getByTestId("channel-title").getByText("#random").waitFor();
});

test("who chose nothing sees the room whose app is here", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await page.locator("html[data-room=feishu]").waitFor();
});

test("words go as typed: no markup, no commands, @所有人 is everybody; one's own stand on the right", async () => {
	const page = await open("ana");
	const from = here();
	const m = await say(page, "@wei *不是粗体* @所有人 早");
	assert.equal(m.text, `<@${ids.wei}> *不是粗体* <!channel> 早`);
	assert.equal(await messageOf(page, m.ts).getByTestId("message-body").innerText(), "@陈伟 *不是粗体* @所有人 早");
	assert.match(await messageOf(page, m.ts).getAttribute("class"), /\bmine\b/);
	const heard = await event("im.message.receive_v1", from);
	assert.equal(JSON.parse(heard.message.content).text, "@_user_1 *不是粗体* @_all 早");
	const slash = await say(page, "/standup show");
	assert.equal(slash.text, "/standup show");
	const other = await open("wei", "en");
	await messageOf(other, m.ts).locator(".mention.me", { hasText: "@陈伟" }).waitFor();
	assert.equal(await messageOf(other, m.ts).locator(".mention", { hasText: "@all" }).count(), 1);
	assert.doesNotMatch(await messageOf(other, m.ts).getAttribute("class"), /\bmine\b/);
});

test("@ offers everybody and the members, by the keyboard alone", async () => {
	const page = await open("ana");
	await composer(page).pressSequentially("@所");
	await page.getByTestId("suggest-all").waitFor();
	await page.keyboard.press("Enter");
	await composer(page).pressSequentially("@we");
	await page.getByTestId(`suggest-${ids.wei}`).waitFor();
	await page.keyboard.press("Enter");
	assert.equal(await composer(page).inputValue(), "@所有人 @wei ");
	await composer(page).fill("");
});

test("emoji below a message are Feishu's, told to the app by their type, with the names of who chose them", async () => {
	const page = await open("ana");
	const wei = await open("wei");
	const m = await say(page, "签下宏远");
	const from = here();
	await messageOf(wei, m.ts).hover();
	await messageOf(wei, m.ts).getByTestId("quick-DONE").click();
	assert.equal((await event("im.message.reaction.created_v1", from)).reaction_type.emoji_type, "DONE");
	await messageOf(page, m.ts).hover();
	await messageOf(page, m.ts).getByTestId("react").click();
	await page.getByTestId("emotion-picker").getByTestId("emotion-LGTM").click();
	await messageOf(page, m.ts).getByTestId("reaction-LGTM").waitFor();
	const chip = (view) => messageOf(view, m.ts).getByTestId("reaction-DONE");
	await chip(page).click();
	await chip(wei).and(wei.locator("[data-count='2']")).waitFor();
	assert.match(await chip(wei).innerText(), /陈伟，Ana/);
	await bot.call("POST", `im/v1/messages/om_${ids["#sales"].toLowerCase()}${m.ts.replace(".", "")}/reactions`, { reaction_type: { emoji_type: "THUMBSUP" } });
	await messageOf(page, m.ts).getByTestId("reaction-THUMBSUP").getByText("belltower").waitFor();
	await chip(wei).click();
	await chip(page).and(page.locator("[data-count='1']")).waitFor();
});

test("a quoting reply stands in the chat with what it answers; a topic beside it", async () => {
	const page = await open("ana");
	const root = await say(page, "谁来跟进云峰？");
	const from = here();
	await messageOf(page, root.ts).hover();
	await messageOf(page, root.ts).getByTestId("quote").click();
	await page.getByTestId("quoting").getByText("回复 Ana：谁来跟进云峰？").waitFor();
	const quoted = await say(page, "我来");
	assert.equal(quoted.quotes, true);
	assert.equal(await messageOf(page, quoted.ts).getByTestId("quoted").innerText(), "回复 Ana：谁来跟进云峰？");
	assert.equal(await page.getByTestId("quoting").count(), 0);
	const heard = await event("im.message.receive_v1", from, (e) => JSON.parse(e.message.content).text === "我来");
	assert.equal(heard.message.thread_id, undefined);
	assert.ok(heard.message.parent_id);
	await messageOf(page, root.ts).hover();
	await messageOf(page, root.ts).getByTestId("reply").click();
	const topic = page.getByTestId("thread");
	assert.equal(await topic.locator(".pane-title").innerText(), "话题");
	await topic.getByTestId("composer").fill("在话题里说");
	await topic.getByTestId("composer").press("Enter");
	await messageOf(page, root.ts).getByTestId("thread-link").getByText("1 条回复").waitFor();
	assert.deepEqual(await topic.getByTestId("message-body").allInnerTexts(), ["谁来跟进云峰？", "在话题里说"]);
	assert.equal(await page.getByTestId("messages").getByText("在话题里说").count(), 0);
	assert.ok((await event("im.message.receive_v1", from, (e) => JSON.parse(e.message.content).text === "在话题里说")).message.thread_id);
});

test("recalled: asked first, a line for everybody, written again by its author; edited: marked", async () => {
	const page = await open("ana");
	const other = await open("wei");
	const m = await say(page, "说错了 @wei 的");
	await messageOf(other, m.ts).waitFor();
	const from = here();
	const menu = async (row, item) => {
		await row.hover();
		await row.getByTestId("more").click();
		await page.getByTestId(item).click();
	};
	await menu(messageOf(page, m.ts), "recall");
	await page.getByTestId("confirm-yes").click();
	assert.equal((await event("im.message.recalled_v1", from)).recall_type, "message_owner");
	await other.locator(`[data-testid=recalled][data-ts="${m.ts}"]`).getByText("Ana 撤回了一条消息").waitFor();
	const line = page.locator(`[data-testid=recalled][data-ts="${m.ts}"]`);
	await line.getByText("你撤回了一条消息").waitFor();
	await line.getByTestId("write-again").click();
	assert.equal(await composer(page).inputValue(), "说错了 @wei 的");
	const again = await say(page, "说对了");
	await menu(messageOf(page, again.ts), "edit");
	await page.getByTestId("edit-area").fill("说对了 2");
	await page.getByTestId("edit-area").press("Enter");
	await messageOf(other, again.ts).getByTestId("edited").getByText("已编辑").waitFor();
	await messageOf(other, again.ts).hover();
	await messageOf(other, again.ts).getByTestId("reply").waitFor();
	assert.equal(await messageOf(other, again.ts).getByTestId("more").count(), 0, "nobody recalls another's");
});

test("the bot's own chat: entering it, its menu and words reach the bot; its answers stand there", async () => {
	const page = await open("xiaomei");
	const from = here();
	await page.getByTestId("dm-bot").click();
	assert.deepEqual((await event("im.chat.access_event.bot_p2p_chat_entered_v1", from)).operator_id.open_id, openId(ids.xiaomei));
	await page.getByTestId("bot-menu").getByTestId("menu-standup").click();
	const chosen = await event("application.bot.menu_v6", from);
	assert.equal(chosen.event_key, "standup");
	assert.equal(chosen.operator.operator_id.open_id, openId(ids.xiaomei));
	await composer(page).fill("你好");
	await composer(page).press("Enter");
	const heard = await event("im.message.receive_v1", from);
	assert.equal(heard.message.chat_type, "p2p");
	const id = await bot.send(heard.message.chat_id, "text", { text: "**收到** <at user_id=\"all\"></at>" });
	const row = messageOf(page, tsOf(id));
	await row.locator("strong", { hasText: "收到" }).waitFor();
	assert.equal(await row.locator(".app-badge").innerText(), "机器人");
	await page.getByTestId("room-slack").click();
	await messageOf(page, tsOf(id)).waitFor();
	assert.equal(await page.getByTestId("bot-menu").count(), 0, "Slack has no such menu");
});

test("a buzz waits before those it calls until they confirm, and shows who did", async () => {
	const page = await open("ana");
	const wei = await open("wei");
	const id = await bot.send(chat, "text", { text: "阻塞超过一小时" });
	await bot.call("PATCH", `im/v1/messages/${id}/urgent_app?user_id_type=open_id`, { user_id_list: [openId(ids.ana), openId(ids.wei)] });
	const mark = (view) => messageOf(view, tsOf(id)).getByTestId("urgent");
	await mark(page).and(page.locator("[data-seen='0'][data-of='2']")).waitFor();
	await page.getByTestId("buzz").getByText("阻塞超过一小时").waitFor();
	await page.getByTestId("buzz-ack").click();
	await page.getByTestId("buzz").waitFor({ state: "detached" });
	await mark(wei).and(wei.locator("[data-seen='1']")).waitFor();
	await wei.getByTestId("buzz-ack").click();
	await mark(page).getByText("2/2 已确认").waitFor();
	const grace = await open("grace");
	await mark(grace).waitFor();
	assert.equal(await grace.getByTestId("buzz").count(), 0);
});

test("a card for one person is shown to that person alone, and can be put away", async () => {
	const page = await open("jun");
	const other = await open("ana");
	await bot.call("POST", "ephemeral/v1/send", { chat_id: chat, open_id: openId(ids.jun), msg_type: "interactive", card: card([{ tag: "markdown", content: "只给你看" }]) });
	const row = page.locator("article.ephemeral", { hasText: "只给你看" });
	await row.getByText("仅对你可见").waitFor();
	assert.equal(await other.getByText("只给你看").count(), 0);
	await row.hover();
	await row.getByTestId("dismiss").click();
	await row.waitFor({ state: "detached" });
	assert.equal(await page.getByTestId("recalled").filter({ hasText: "belltower" }).count(), 0);
});

// ---- cards ----

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("every component of a card is drawn", async () => {
	const page = await open("ana", "en");
	const img_key = await bot.upload(PIXEL);
	const row = await post(page, card([
		{ tag: "markdown", content: `**Bold** &#42;not&#42; <at id=${openId(ids.wei)}></at> :DONE: <font color='red'>red</font> <text_tag color='green'>ok</text_tag>\n- one\n- two` },
		{ tag: "div", text: { tag: "plain_text", content: "*plain* <at id=all></at>", text_size: "notation", text_color: "grey" }, fields: [{ is_short: true, text: { tag: "lark_md", content: "**Left**\n1" } }, { is_short: true, text: plain("Right") }] },
		{ tag: "hr" },
		{ tag: "img", img_key, alt: plain("a dot"), title: plain("The dot") },
		{ tag: "column_set", flex_mode: "bisect", columns: [{ tag: "column", width: "weighted", weight: 1, elements: [{ tag: "markdown", content: "L" }] }, { tag: "column", width: "weighted", weight: 1, elements: [{ tag: "markdown", content: "R" }] }] },
		{ tag: "table", page_size: 2, columns: [{ name: "who", display_name: "Who", data_type: "persons" }, { name: "sum", display_name: "Sum", data_type: "number", format: { symbol: "¥", precision: 2, separator: true } },
			{ name: "state", display_name: "State", data_type: "options" }, { name: "note", display_name: "Note", data_type: "text" }],
		rows: [{ who: [openId(ids.wei)], sum: 12000.5, state: [{ text: "ahead", color: "green" }], note: "<at id=all></at>" }, { who: openId(ids.ana), sum: 1 }, { who: openId(ids.jun), sum: 2 }] },
		{ tag: "collapsible_panel", expanded: false, header: { title: plain("More") }, elements: [{ tag: "markdown", content: "folded" }] },
		{ tag: "interactive_container", has_border: true, behaviors: callback({ box: 1 }), elements: [{ tag: "markdown", content: "a large button" }] },
		{ tag: "person", user_id: openId(ids.wei), show_name: true }, { tag: "person_list", persons: [{ id: openId(ids.ana) }, { id: openId(ids.jun) }], show_name: true },
		{ tag: "button", text: plain("Open"), behaviors: [{ type: "open_url", default_url: "https://example.com/x" }] }, { tag: "button", text: plain("Off"), disabled: true, disabled_tips: plain("not yet"), behaviors: callback({}) },
	], { template: "orange", title: plain("Title"), subtitle: plain("Sub"), text_tag_list: [{ tag: "text_tag", text: plain("new"), color: "red" }] }));
	const header = row.getByTestId("card-header");
	assert.equal(await header.getAttribute("data-template"), "orange");
	assert.deepEqual((await header.innerText()).split("\n").filter(Boolean), ["Title", "new", "Sub"]);
	const markdown = row.getByTestId("element-markdown").first();
	assert.match(await markdown.innerText(), /^Bold \*not\* @陈伟\s+✅\s+red ok/);
	assert.equal(await markdown.locator("strong").innerText(), "Bold");
	assert.deepEqual(await markdown.locator(".md-item").allInnerTexts(), ["one", "two"]);
	assert.equal(await row.locator("[data-tag=div] .card-plain").first().innerText(), "*plain* <at id=all></at>");
	assert.equal(await row.locator("[data-tag=hr] hr").count(), 1);
	await until("the picture", () => row.locator("img[alt='a dot']").evaluate((e) => e.complete && e.naturalWidth === 1));
	const [left, right] = await Promise.all([0, 1].map((i) => row.locator(".card-column").nth(i).boundingBox()));
	assert.ok(left.y === right.y && right.x > left.x, "columns stand beside each other");
	assert.match(await row.locator("tbody tr").first().innerText(), /陈伟\s+¥12,000\.50\s+ahead\s+<at id=all><\/at>/);
	assert.equal(await row.locator("tbody tr").count(), 2);
	await row.getByTestId("table-next").click();
	assert.equal(await row.locator("tbody tr").count(), 1);
	assert.equal(await row.getByTestId("table-page").innerText(), "2 / 2");
	assert.equal(await row.getByText("folded").isVisible(), false);
	await row.getByTestId("panel-head").click();
	await row.getByText("folded").waitFor();
	assert.deepEqual(await row.locator(".card-person").allInnerTexts().then((all) => all.slice(-3).map((one) => one.split("\n").at(-1))), ["陈伟", "Ana", "高俊"]);
	assert.equal(await row.getByRole("link", { name: "Open" }).getAttribute("href"), "https://example.com/x");
	assert.ok(await row.getByRole("button", { name: "Off" }).isDisabled());
	assert.equal(await row.locator(".unsupported").count(), 0);
	const from = here();
	await row.getByText("a large button").click();
	assert.deepEqual((await event("card.action.trigger", from)).action.value, { box: 1 });
	await page.getByTestId("room-slack").click();
	await messageOf(page, await row.getAttribute("data-ts")).getByTestId("card-header").waitFor();
});

const SAMPLES = new URL("../data/feishu/cards/", import.meta.url);

test("the sample cards are drawn, each with its words and nothing unknown", async () => {
	const page = await open("ana");
	const img_key = await bot.upload(PIXEL);
	for (const name of readdirSync(SAMPLES).filter((file) => file.startsWith("v2."))) {
		const people = { li: "wei", wang: "jun", boss: "grace" };
		const text = readFileSync(new URL(name, SAMPLES), "utf8").replace(/img_bt_\w+/g, img_key).replace(/ou_bt_(\w+)/g, (_, who) => openId(ids[people[who]]));
		const sample = JSON.parse(text);
		const row = await post(page, sample);
		assert.equal(await row.locator(".unsupported").count(), 0, name);
		const { title } = sample.header;
		assert.equal(await row.getByTestId("card-title").innerText(), title.i18n_content?.zh_cn ?? title.content, name);
		assert.equal(await row.locator(".card-body > .card-element").count(), sample.body.elements.length, name);
	}
});

test("a chart is drawn with its numbers, and told to who does not see it", async () => {
	const page = await open("ana");
	const chart = (spec) => card([{ tag: "chart", aspect_ratio: "16:9", chart_spec: spec }]);
	const values = [{ who: "陈伟", n: 3, kind: "新" }, { who: "Ana", n: 5, kind: "新" }, { who: "Ana", n: 1, kind: "老" }];
	const bar = await post(page, chart({ type: "bar", title: { text: "签约" }, data: { values: values.slice(0, 2) }, xField: "who", yField: "n", label: { visible: true } }));
	const canvas = bar.getByTestId("chart").locator("canvas");
	assert.equal(await canvas.getAttribute("aria-label"), "签约, 陈伟 3, Ana 5");
	await bar.locator("canvas[data-drawn=yes]").waitFor();
	const blue = await until("bars", () => canvas.evaluate((e) => {
		const { data } = e.getContext("2d").getImageData(0, 0, e.width, e.height);
		const columns = new Set();
		for (let i = 0; i < data.length; i += 4)
			if (data[i] === 0x16 && data[i + 1] === 0x64 && data[i + 2] === 0xff)
				columns.add(Math.floor(((i / 4) % e.width) / (e.width / 2)));
		return columns.size === 2 && "both halves have a bar";
	}));
	assert.ok(blue);
	const grouped = await post(page, chart({ type: "bar", data: { values }, xField: ["who", "kind"], yField: "n", seriesField: "kind" }));
	assert.equal(await grouped.locator("canvas").getAttribute("aria-label"), "新 陈伟 3, 新 Ana 5, 老 陈伟 0, 老 Ana 1");
	for (const spec of [{ type: "line", data: { values }, xField: "who", yField: "n" }, { type: "pie", data: [{ id: "a", values }], categoryField: "who", valueField: "n" }, { type: "area", data: { values }, xField: "who", yField: "n", seriesField: "kind" }])
		await (await post(page, chart(spec))).locator("canvas[data-drawn=yes]").waitFor();
	const unknown = await post(page, chart({ type: "wordCloud", data: { values } }));
	assert.match(await unknown.locator(".unsupported").innerText(), /wordCloud/);
});

test("a card of schema 1.0 is drawn as far as it is known; what is not is said", async () => {
	const page = await open("ana");
	const row = await post(page, { config: { wide_screen_mode: true }, header: { title: plain("旧卡片"), template: "red" }, elements: [
		{ tag: "div", text: { tag: "lark_md", content: "**内容**" } }, { tag: "action", actions: [{ tag: "button", text: plain("按"), type: "primary", value: { old: true } }] }, { tag: "note", elements: [plain("备注")] }, { tag: "hologram" }] });
	assert.equal(await row.locator("strong").innerText(), "内容");
	assert.match(await row.locator(".unsupported").innerText(), /hologram/);
	const from = here();
	await row.getByRole("button", { name: "按", exact: true }).click();
	assert.deepEqual((await event("card.action.trigger", from)).action.value, { old: true });
});

test("a pressed button is told to the app; its toast is shown to that person, its new card to all", async () => {
	const page = await open("ana");
	const other = await open("wei");
	const row = await post(page, card([{ tag: "button", type: "primary", text: plain("我来处理"), behaviors: callback({ do: "own", id: 7 }) }]));
	bot.answer = () => ({ toast: { type: "success", content: "fallback", i18n: { en_us: "It is yours", zh_cn: "归你了" } }, card: { type: "raw", data: card([{ tag: "markdown", content: "Ana 在处理" }]) } });
	const from = here();
	await row.getByRole("button", { name: "我来处理" }).click();
	const pressed = await event("card.action.trigger", from);
	assert.deepEqual(pressed.action.value, { do: "own", id: 7 });
	assert.equal(pressed.operator.open_id, openId(ids.ana));
	await page.getByTestId("toast").and(page.locator("[data-kind=success]")).getByText("It is yours").waitFor();
	await messageOf(other, await row.getAttribute("data-ts")).getByText("Ana 在处理").waitFor();
	assert.equal(await other.getByTestId("toast").count(), 0);
});

test("a press asks first where the app wants it; what goes wrong is said", async () => {
	const page = await open("ana");
	const row = await post(page, card([{ tag: "button", type: "danger", text: plain("删除"), confirm: { title: plain("真的？"), text: plain("不能撤销") }, behaviors: callback({ d: 1 }) }]));
	const from = here();
	const press = async (answer) => {
		await row.getByRole("button", { name: "删除" }).click();
		await page.getByTestId("confirm").getByText("不能撤销").waitFor();
		await page.getByTestId(answer).click();
	};
	await press("confirm-no");
	await page.getByTestId("confirm").waitFor({ state: "detached" });
	bot.answer = () => ({ toast: "not an object" });
	await press("confirm-yes");
	await page.getByTestId("toast").and(page.locator("[data-kind=error]")).getByText("200672").waitFor();
	assert.equal(bot.events.slice(from).filter((e) => e.header.event_type === "card.action.trigger").length, 1);
});

test("selects, pickers, checker, input and overflow outside a form tell their use at once", async () => {
	const page = await open("ana");
	const options = [{ text: plain("高"), value: "hi" }, { text: plain("低"), value: "lo" }];
	const row = await post(page, card([
		{ tag: "select_static", name: "level", placeholder: plain("级别"), options, behaviors: callback({}) },
		{ tag: "select_person", name: "owner", placeholder: plain("谁"), behaviors: callback({}) },
		{ tag: "date_picker", name: "day", initial_date: "2026-01-01", behaviors: callback({}) },
		{ tag: "picker_time", name: "at", behaviors: callback({}) }, { tag: "picker_datetime", name: "when", behaviors: callback({}) },
		{ tag: "checker", name: "done", text: plain("完成"), behaviors: callback({}) },
		{ tag: "input", name: "word", placeholder: plain("一句话"), behaviors: callback({}) },
		{ tag: "overflow", name: "rest", options, behaviors: callback({}) },
	]));
	const control = (name) => row.getByTestId(`control-${name}`);
	const used = async (name, run) => {
		const from = here();
		await run(control(name));
		return (await event("card.action.trigger", from, (e) => e.action.name === name)).action;
	};
	assert.equal((await used("level", (c) => c.selectOption("lo"))).option, "lo");
	assert.equal((await used("owner", (c) => c.selectOption({ label: "陈伟" }))).option, openId(ids.wei));
	assert.equal((await used("day", (c) => c.fill("2026-02-03"))).option, "2026-02-03 +0800");
	assert.equal((await used("at", (c) => c.fill("09:30"))).option, "09:30 +0800");
	assert.equal((await used("when", (c) => c.fill("2026-02-03T09:30"))).option, "2026-02-03 09:30 +0800");
	assert.equal((await used("done", (c) => c.check())).checked, true);
	assert.equal((await used("word", async (c) => { await c.fill("好"); await c.press("Enter"); })).input_value, "好");
	assert.equal((await used("rest", async (c) => { await c.click(); await page.getByTestId("option-hi").click(); })).option, "hi");
});

const FORM = card([
	{ tag: "form", name: "standup", elements: [
		{ tag: "input", name: "results", required: true, label: plain("昨天成果"), placeholder: plain("一行即可"), max_length: 20 },
		{ tag: "input", name: "risks", label: plain("风险"), input_type: "multiline_text", rows: 2, default_value: "无" },
		{ tag: "select_static", name: "mood", options: [{ text: plain("好"), value: "good" }, { text: plain("差"), value: "bad" }], initial_option: "good" },
		{ tag: "multi_select_person", name: "helpers", placeholder: plain("谁帮忙") },
		{ tag: "date_picker", name: "due", placeholder: plain("期望解决日") },
		{ tag: "checker", name: "remote", text: plain("远程"), checked: false },
		{ tag: "button", name: "send", type: "primary_filled", text: plain("提交"), form_action_type: "submit", behaviors: callback({ round: 1 }) },
		{ tag: "button", name: "clear", text: plain("清空"), form_action_type: "reset" }] },
], { template: "blue", title: plain("三行站会") });

test("a form: checked before it is sent, sent with all its values, answered by a toast and another card", async () => {
	const page = await open("ana");
	const row = await post(page, FORM);
	const control = (name) => row.getByTestId(`control-${name}`);
	const from = here();
	await control("send").click();
	await row.getByTestId("error-results").getByText("请填写此项。").waitFor();
	assert.ok(await control("results").evaluate((e) => e === document.activeElement), "the missing input has the focus");
	await row.getByLabel("昨天成果").fill("成单2单");
	await row.getByTestId("error-results").waitFor({ state: "hidden" });
	await control("mood").selectOption("bad");
	await control("helpers").click();
	await page.getByTestId("choices").getByText("陈伟").click();
	await page.keyboard.press("Escape");
	await control("due").fill("2026-12-01");
	await control("remote").check();
	bot.answer = () => ({ toast: { type: "success", content: "已收到" }, card: { type: "raw", data: card([{ tag: "markdown", content: "**已提交**" }]) } });
	await control("send").click();
	const sent = await event("card.action.trigger", from);
	assert.deepEqual(sent.action.form_value, { results: "成单2单", risks: "无", mood: "bad", helpers: [openId(ids.wei)], due: "2026-12-01 +0800", remote: true });
	assert.equal(sent.action.name, "send");
	assert.deepEqual(sent.action.value, { round: 1 });
	await page.getByTestId("toast").getByText("已收到").waitFor();
	await row.locator("strong", { hasText: "已提交" }).waitFor();
	assert.equal(await row.getByTestId("form-standup").count(), 0);
	assert.equal(bot.events.slice(from).filter((e) => e.header.event_type === "card.action.trigger").length, 1, "what was missing was not sent");
});

test("what is half typed in a form stays when the message gets a reaction or the language changes, and goes with 清空", async () => {
	const page = await open("wei");
	const row = await post(page, FORM);
	await row.getByTestId("control-results").fill("写到一半");
	await stage.act({ do: "react", as: "ana", channel: "#sales", ts: await row.getAttribute("data-ts"), name: "DONE" });
	await row.getByTestId("reaction-DONE").waitFor();
	assert.equal(await row.getByTestId("control-results").inputValue(), "写到一半");
	assert.ok(await row.getByTestId("control-results").evaluate((e) => e === document.activeElement), "and the focus stays");
	await page.getByTestId("language").click();
	await page.locator("html[lang=en]").waitFor();
	assert.equal(await row.getByTestId("control-results").inputValue(), "写到一半");
	await row.getByTestId("control-clear").click();
	assert.equal(await row.getByTestId("control-results").inputValue(), "");
	assert.equal(await row.getByTestId("control-risks").inputValue(), "无");
});

// ---- the world around ----

test("faults and settings of Feishu are switched on at the page", async () => {
	const page = await open("ana", "en", "&drawer=faults");
	await page.getByTestId("fault-expired_token").check();
	await until("the fault", async () => (await stage.state()).faults.expired_token);
	await assert.rejects(bot.call("GET", "bot/v3/info"), /99991663/);
	await page.getByTestId("fault-expired_token").uncheck();
	await until("good weather", async () => !(await stage.state()).faults.expired_token);
	await bot.renew();
	await page.getByTestId("feishu-quota").fill("5");
	await page.getByTestId("feishu-quota").press("Tab");
	await until("the quota", async () => (await stage.state()).feishu.settings.quota === 5);
	await page.getByTestId("feishu-quota").fill("0");
	await page.getByTestId("feishu-quota").press("Tab");
	await until("no quota", async () => (await stage.state()).feishu.settings.quota === 0);
	await page.getByTestId("room-slack").click();
	await page.getByTestId("fault-expired_token").waitFor({ state: "detached" });
	await page.getByTestId("fault-no_scans").waitFor();
});

const EVERY = card([
	{ tag: "markdown", content: "**粗** `code` [链接](https://example.com) <font color='green'>绿</font> <text_tag color='carmine'>标签</text_tag>" },
	{ tag: "column_set", flex_mode: "flow", columns: ["default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled"].map((type) => ({ tag: "column", width: "auto", elements: [{ tag: "button", type, text: plain(type), behaviors: callback({ type }) }] })) },
	...FORM.body.elements,
], FORM.header);

test("the words can be read: text against its ground at 4.5 to 1, light and dark, headers of every colour", async () => {
	const { ts } = await stage.act({ do: "say", as: "wei", channel: "#sales", text: "看一下 https://example.com @ana" });
	await stage.act({ do: "react", as: "jun", channel: "#sales", ts, name: "LGTM" });
	await stage.act({ do: "react", as: "ana", channel: "#sales", ts, name: "DONE" });
	await bot.send(chat, "interactive", EVERY);
	for (const template of ["wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo", "grey"])
		await bot.send(chat, "interactive", { ...card([{ tag: "div", text: { ...plain("灰色小字"), text_size: "notation", text_color: "grey" } }]), header: { template, title: plain(template), subtitle: plain("副标题") } });
	for (const colorScheme of ["light", "dark"]) {
		const page = await stage.page("#room=feishu&as=ana&channel=sales&lang=zh-CN", { colorScheme });
		await page.getByTestId("card-title").getByText("grey", { exact: true }).waitFor();
		assert.deepEqual(await unreadable(page), [], colorScheme);
	}
});

test("everything is reached by Tab, with a visible focus and a name", async () => {
	await stage.act({ do: "reset" });
	await bot.renew();
	const page = await open("ana");
	await post(page, EVERY);
	const visited = await tabStops(page, 80);
	for (const id of ["room-slack", "clock", "language", "theme", "drawer-toggle", "member-switcher", "rail-messages", "rail-bot", `channel-${ids["#sales"]}`, "dm-bot", "message", "control", "control-results", "control-mood", "control-helpers", "control-due",
		"control-remote", "control-send", "quick-DONE", "react", "quote", "reply", "composer", "at", "attach", "emoji", "send"])
		assert.ok(visited.includes(id), `${id} is reached: ${visited.join(" ")}`);
});

for (const width of [360, 430])
	test(`a phone of ${width}: chats are a sheet, a card fits, a topic fills the screen`, async () => {
		const page = await stage.page("#room=feishu&as=ana&channel=sales&lang=zh-CN", { viewport: { width, height: 740 }, hasTouch: true, isMobile: true });
		const row = await post(page, FORM);
		const outside = () => page.evaluate(() => [...document.querySelectorAll("#header button, #main button, #main .input, #main .card")]
			.filter((e) => e.checkVisibility({ visibilityProperty: true }) && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map((e) => e.dataset.testid ?? e.className));
		assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth) <= 0);
		assert.deepEqual(await outside(), []);
		await page.getByTestId("open-sidebar").tap();
		await page.getByTestId(`channel-${ids["#random"]}`).tap();
		await page.getByTestId("channel-title").getByText("random").waitFor();
		await page.getByTestId("open-sidebar").tap();
		await page.getByTestId(`channel-${ids["#sales"]}`).tap();
		await row.locator(".card-title").tap();
		await row.getByTestId("reply").tap();
		const box = await page.getByTestId("thread").boundingBox();
		assert.deepEqual([box.x, box.y, Math.round(box.width)], [0, 0, width]);
	});
