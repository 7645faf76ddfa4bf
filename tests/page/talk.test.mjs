// SPDX-License-Identifier: MIT
// People talk at the page: say, edit, delete, react, threads, mentions, files, what is unread, what only one sees.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { idsOf, messageOf, openStage, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage();
	ids = await idsOf(stage);
});
after(() => stage?.close());
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const last = async (channel) => (await stage.state()).messages[ids[channel]].at(-1);
const composer = (page) => page.getByTestId("main").getByTestId("composer");

async function say(page, text, channel = "#sales") {
	const before = (await last(channel))?.ts;
	await composer(page).fill(text);
	await composer(page).press("Enter");
	return until("the message", async () => {
		const message = await last(channel);
		return message && message.ts !== before && message;
	});
}

test("what is typed is said, with mentions, links and emoji as Slack writes them", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const m = await say(page, "hi @wei, @here: *done* ✅ <b> & https://example.com/a_b");
	assert.equal(m.user, ids.ana);
	assert.match(m.text, new RegExp(`^hi <@${ids.wei}>, <!here>: \\*done\\* :white_check_mark: &lt;b&gt; &amp; <https://example.com/a_b`));
	const row = messageOf(page, m.ts);
	await row.waitFor();
	assert.equal(await row.getByTestId("author").textContent(), "Ana");
	assert.match(await row.getByTestId("message-body").innerText(), /^hi @陈伟, @here: done ✅ <b> & https:\/\/example\.com\/a_b$/);
	assert.equal(await row.locator("strong").innerText(), "done");
	assert.equal(await row.locator("a").getAttribute("href"), "https://example.com/a_b");
	assert.equal(await composer(page).inputValue(), "");
});

test("Shift+Enter makes a new line; three lines are one message", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	await composer(page).pressSequentially("昨天成单2单");
	await composer(page).press("Shift+Enter");
	await composer(page).pressSequentially("今天拜访客户");
	await composer(page).press("Shift+Enter");
	const m = await say(page, `${await composer(page).inputValue()}预算不足`);
	assert.equal(m.text, "昨天成单2单\n今天拜访客户\n预算不足");
	assert.equal(await messageOf(page, m.ts).getByTestId("message-body").innerText(), "昨天成单2单\n今天拜访客户\n预算不足");
});

test("Enter that ends a word of an input method does not send", async () => {
	const page = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	const before = (await last("#sales"))?.ts;
	await composer(page).fill("zhongwen");
	await composer(page).evaluate((area) => area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
	assert.equal(await composer(page).inputValue(), "zhongwen");
	assert.equal((await last("#sales"))?.ts, before);
});

test("the arrow up in an empty composer edits one's last message; others see it as edited", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const other = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	const m = await say(page, "frist @wei & <co>");
	await messageOf(page, m.ts).waitFor();
	await composer(page).press("ArrowUp");
	const area = page.getByTestId("edit-area");
	assert.equal(await area.inputValue(), "frist @wei & <co>");
	await area.fill("first @wei & <co>");
	await area.press("Enter");
	await messageOf(other, m.ts).getByTestId("edited").waitFor();
	assert.match(await messageOf(other, m.ts).getByTestId("message-body").innerText(), /^first @陈伟 & <co>/);
	assert.equal((await last("#sales")).text, `first <@${ids.wei}> &amp; &lt;co&gt;`);
	assert.ok(await composer(page).evaluate((e) => e === document.activeElement), "the focus is back in the composer");
});

test("Escape leaves a message as it was; nobody edits another's", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const m = await say(page, "stay");
	await messageOf(page, m.ts).hover();
	await messageOf(page, m.ts).getByTestId("edit").click();
	await page.getByTestId("edit-area").fill("gone");
	await page.getByTestId("edit-area").press("Escape");
	await messageOf(page, m.ts).getByTestId("message-body").waitFor();
	assert.equal((await last("#sales")).text, "stay");
	const other = await stage.page("#as=wei&channel=sales&lang=en");
	await messageOf(other, m.ts).hover();
	await messageOf(other, m.ts).getByTestId("reply").waitFor();
	assert.equal(await messageOf(other, m.ts).getByTestId("edit").count(), 0);
	assert.equal(await messageOf(other, m.ts).getByTestId("delete").count(), 0);
});

test("deleting asks first, and then the message is gone for everybody", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const other = await stage.page("#as=wei&channel=sales&lang=en");
	const m = await say(page, "a mistake");
	await messageOf(other, m.ts).waitFor();
	const remove = async (answer) => {
		await messageOf(page, m.ts).hover();
		await messageOf(page, m.ts).getByTestId("delete").click();
		await page.getByTestId(answer).click();
		await page.getByTestId("confirm").waitFor({ state: "detached" });
	};
	await remove("confirm-no");
	assert.equal((await last("#sales")).ts, m.ts);
	await remove("confirm-yes");
	await messageOf(other, m.ts).waitFor({ state: "detached" });
	assert.notEqual((await last("#sales"))?.ts, m.ts);
});

test("a reaction is counted, and a click on its chip gives and takes one's own", async () => {
	const ana = await stage.page("#as=ana&channel=sales&lang=en");
	const wei = await stage.page("#as=wei&channel=sales&lang=zh-CN");
	const m = await say(ana, "deal closed");
	await messageOf(ana, m.ts).hover();
	await messageOf(ana, m.ts).getByTestId("react").click();
	await ana.getByTestId("emoji-picker").getByTestId("emoji-tada").click();
	const chip = (page) => messageOf(page, m.ts).getByTestId("reaction-tada");
	await chip(wei).click();
	await chip(ana).and(ana.locator("[data-count='2']")).waitFor();
	assert.equal(await chip(ana).getAttribute("aria-pressed"), "true");
	await chip(ana).click();
	await chip(wei).and(wei.locator("[data-count='1']")).waitFor();
	await chip(wei).click();
	await chip(ana).waitFor({ state: "detached" });
	assert.deepEqual((await last("#sales")).reactions, []);
});

test("the picker finds an emoji by its name", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const m = await say(page, "search");
	await messageOf(page, m.ts).hover();
	await messageOf(page, m.ts).getByTestId("react").click();
	await page.getByTestId("emoji-search").fill("rocket");
	await page.getByTestId("emoji-search").press("Enter");
	await messageOf(page, m.ts).getByTestId("reaction-rocket").waitFor();
});

test("a thread has its own composer, and the channel shows how many replied", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const root = await say(page, "who comes?");
	await messageOf(page, root.ts).hover();
	await messageOf(page, root.ts).getByTestId("reply").click();
	const thread = page.getByTestId("thread");
	assert.ok(await thread.getByTestId("composer").evaluate((e) => e === document.activeElement), "one writes at once");
	await thread.getByTestId("composer").fill("me");
	await thread.getByTestId("composer").press("Enter");
	await thread.getByText("me", { exact: true }).waitFor();
	await stage.act({ do: "say", as: "wei", channel: "#sales", text: "me too", thread_ts: root.ts });
	await messageOf(page, root.ts).getByTestId("thread-link").getByText("2 replies").waitFor();
	assert.deepEqual(await thread.getByTestId("message-body").allInnerTexts(), ["who comes?", "me", "me too"]);
	assert.equal(await page.getByTestId("messages").getByText("me too").count(), 0);
	await thread.getByTestId("composer").press("Escape");
	await thread.waitFor({ state: "hidden" });
	assert.ok(await messageOf(page, root.ts).evaluate((e) => e === document.activeElement), "the focus is back on the message");
});

test("@ offers people, # channels and : emoji, by the keyboard alone", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	await composer(page).pressSequentially("@we");
	await page.getByTestId(`suggest-${ids.wei}`).waitFor();
	await page.keyboard.press("Enter");
	await composer(page).pressSequentially("#ran");
	await page.getByTestId(`suggest-${ids["#random"]}`).waitFor();
	await page.keyboard.press("Tab");
	await composer(page).pressSequentially(":rocke");
	await page.getByTestId("suggest-rocket").waitFor();
	await page.keyboard.press("Enter");
	assert.equal(await composer(page).inputValue(), "@wei #random 🚀 ");
	await composer(page).pressSequentially("@");
	await page.getByTestId("suggestions").first().waitFor();
	const selected = () => composer(page).getAttribute("aria-activedescendant");
	const first = await selected();
	await page.keyboard.press("ArrowDown");
	assert.notEqual(await selected(), first);
	await page.keyboard.press("Escape");
	await page.getByTestId("suggestions").first().waitFor({ state: "hidden" });
	await composer(page).press("Backspace");
	await composer(page).press("Enter");
	const m = await until("the message", async () => { const found = await last("#sales"); return found.text.includes("rocket") && found; });
	assert.equal(m.text, `<@${ids.wei}> <#${ids["#random"]}|random> :rocket:`);
});

test("a channel with something new is counted until it is opened, for each person apart", async () => {
	const page = await stage.page("#as=jun&channel=random&lang=en");
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "one" });
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "two" });
	const item = page.getByTestId(`channel-${ids["#sales"]}`);
	await item.locator(".badge", { hasText: "2" }).waitFor();
	await item.click();
	await item.locator(".badge").waitFor({ state: "detached" });
	await page.getByTestId("member-switcher").click();
	await page.getByTestId(`act-as-${ids.grace}`).click();
	await page.getByTestId("member-switcher").and(page.locator(`[data-as="${ids.grace}"]`)).waitFor();
	await page.getByTestId(`channel-${ids["#random"]}`).click();
	await stage.act({ do: "say", as: "ana", channel: "#sales", text: "three" });
	await item.locator(".badge", { hasText: "1" }).waitFor();
	assert.match(page.url(), new RegExp(`as=${ids.grace}&channel=${ids["#random"]}`));
});

test("what only one person sees, no other sees, and it can be put away", async () => {
	const posted = await stage.call("chat.postEphemeral", { channel: ids["#sales"], user: ids.wei, text: "just you, *wei*" });
	assert.ok(posted.ok, posted.error);
	const wei = await stage.page("#as=wei&channel=sales&lang=en");
	const row = wei.getByTestId("messages").locator("article.ephemeral");
	assert.match(await row.innerText(), /Only visible to you[\s\S]*just you, wei/);
	const ana = await stage.page("#as=ana&channel=sales&lang=en");
	assert.equal(await ana.getByText("just you").count(), 0);
	await row.hover();
	await row.getByTestId("dismiss").click();
	await row.waitFor({ state: "detached" });
});

test("markup in people's and the bot's words stays words", async () => {
	const evil = "<img src=x onerror=document.title='owned'> <script>document.title='owned'</script> javascript:alert(1)";
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	const mine = await say(page, evil);
	const bots = await stage.call("chat.postMessage", { channel: ids["#sales"], text: `*\u200Bnot bold*\u200B <javascript:alert(1)|click> ${evil.replace(/</g, "&lt;").replace(/>/g, "&gt;")}`, blocks: undefined });
	assert.ok(bots.ok, bots.error);
	await messageOf(page, bots.ts).waitFor();
	for (const ts of [mine.ts, bots.ts]) {
		assert.equal(await messageOf(page, ts).locator("img, script, [data-testid=message-body] strong").count(), 0);
		assert.match(await messageOf(page, ts).innerText(), /<img src=x onerror=/);
		assert.equal(await messageOf(page, ts).locator("a[href^='javascript']").count(), 0);
	}
	assert.doesNotMatch(await page.title(), /owned/);
});

test("a channel one is not in is joined first, and can be left", async () => {
	await stage.act({ do: "leave", as: "tom", channel: "#random" });
	const page = await stage.page("#as=tom&channel=random&lang=en");
	assert.equal(await page.getByTestId("composer").count(), 0);
	await page.getByTestId("join").click();
	await composer(page).waitFor();
	await page.getByTestId("channel-menu").click();
	await page.getByTestId("channel-leave").click();
	await page.getByTestId("join").waitFor();
	assert.ok(!(await stage.state()).channels.find((c) => c.name === "random").members.includes(ids.tom));
	await stage.act({ do: "join", as: "tom", channel: "#random" });
});

test("someone is added to a channel, a person to the company, and one leaves it", async () => {
	const page = await stage.page("#as=ana&channel=random&lang=en");
	await page.getByTestId("channel-menu").click();
	await page.getByTestId(`invite-${ids.belltower}`).click();
	await until("the bot in #random", async () => (await stage.state()).channels.find((c) => c.name === "random").members.includes(ids.belltower));
	await page.getByTestId("member-switcher").click();
	await page.getByTestId("add-person").click();
	await page.getByTestId("person-name").fill("li.na");
	await page.getByTestId("person-real").fill("李娜");
	await page.getByTestId("person-add").click();
	const added = await until("the new person", async () => (await stage.state()).members.find((m) => m.name === "li.na"));
	assert.equal(added.real_name, "李娜");
	await page.getByTestId("member-switcher").click();
	await page.getByTestId(`deactivate-${added.id}`).click();
	await page.getByTestId("confirm-yes").click();
	await until("her to be gone", async () => (await stage.state()).members.find((m) => m.id === added.id).deleted);
	await page.getByTestId("member-switcher").click();
	await page.getByTestId(`act-as-${ids.ana}`).waitFor();
	assert.equal(await page.getByTestId(`act-as-${added.id}`).count(), 0);
});

test("the list stays at its end while one is there, and says what came while one was not", async () => {
	const page = await stage.page("#as=ana&channel=sales&lang=en");
	for (let i = 0; i < 40; i++)
		await stage.act({ do: "say", as: i % 2 ? "wei" : "jun", channel: "#sales", text: `line ${i}` });
	await page.getByText("line 39", { exact: true }).waitFor();
	const list = page.getByTestId("messages");
	const distance = () => list.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
	await until("the end", async () => (await distance()) < 5);
	await page.setViewportSize({ width: 1280, height: 520 });
	await until("the end after the window shrank", async () => (await distance()) < 5);
	await list.evaluate((e) => { e.scrollTop = 0; });
	await until("the page to notice", () => list.evaluate((e) => e.scrollTop === 0));
	await stage.act({ do: "say", as: "wei", channel: "#sales", text: "below" });
	await page.locator("#new-below").click();
	await until("the end again", async () => (await distance()) < 5);
});
