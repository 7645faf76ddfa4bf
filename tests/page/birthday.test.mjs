// SPDX-License-Identifier: MIT
// A birthday, as a person sees it: the real bot in `belltower demo`. Somebody tells their day and says yes; the next morning the
// channel has a post with a cake of the whole team's faces, in either room. With PICTURES=folder the documentation's picture is taken.

import { after, afterEach, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, openStage, until } from "./support.mjs";

const DRAWN_MS = 30000; // a drawing, beside whatever else the machine does
let stage;
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));
after(() => stage?.close());

// The day after the sandbox's, as MM-DD.
async function tomorrow() {
	const { now_ms, zone } = (await stage.state()).clock;
	const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, month: "2-digit", day: "2-digit" }).formatToParts(now_ms + 86400000);
	const of = (type) => parts.find((p) => p.type === type).value;
	return `${of("month")}-${of("day")}`;
}

// Until it is answered with these words: Feishu's bot also greets.
async function tell(who, channel, text, answer) {
	await stage.act({ do: "say", as: who, channel, text });
	await until(`to hear “${answer}”`, async () => ((await stage.state()).messages[channel] ?? []).some((m) => m.bot && JSON.stringify(m).includes(answer)));
}

for (const room of ["slack", "feishu"])
	test(`the cake stands in the channel on the day, as on ${room}`, async () => {
		await stage?.close();
		stage = await openStage({ demo: true, room });
		await until("the bot to be connected", async () => (await stage.state()).connections === 1);
		const ids = await idsOf(stage);
		const { channel } = await stage.act({ do: "open_dm", as: "wei" });
		await tell("wei", channel, `生日 ${await tomorrow()}`, "记下了");
		await tell("wei", channel, "生日 公开", "会在团队频道里为你庆祝");
		await stage.act({ do: "clock", to: "10:00", days: 1 });
		const page = await stage.page("#as=ana&channel=sales&lang=zh-CN", { viewport: { width: 1280, height: 940 } });
		const cakes = page.locator(`[data-testid=message][data-user="${ids.belltower}"] img`);
		const isDrawn = () => cakes.last().evaluate((e) => e.complete && e.naturalWidth === 1200 && e.naturalHeight === 900);
		await until("the cake", async () => await cakes.count() === 1 && isDrawn(), DRAWN_MS);
		assert.ok(await cakes.getAttribute("alt"), "who does not see it is told what it shows");
		assert.match(await page.getByTestId("messages").innerText(), /陈伟/);
		if (process.env.PICTURES) {
			await cakes.evaluate((element) => element.scrollIntoView({ block: "nearest" }));
			await page.screenshot({ path: join(process.env.PICTURES, `birthday-${room}.png`) });
		}
	});

test("the demo brings dates of its own: a wish is asked for, and two share a cake", async () => {
	await stage?.close();
	stage = await openStage({ demo: true });
	const ids = await idsOf(stage);
	const isSaid = async (text) => Object.values((await stage.state()).messages).flat().some((m) => m.bot && JSON.stringify(m).includes(text));
	// The dates are planted as soon as the bot has met everybody; the morning comes slowly, and waits for that.
	await until("a wish to be asked for", async () => {
		await stage.act({ do: "clock", advance_ms: 60000 });
		await new Promise((resolve) => setTimeout(resolve, 100));
		return isSaid("birthday is near");
	}, DRAWN_MS);
	await stage.act({ do: "clock", to: "10:00", days: 3 });
	const page = await stage.page("#as=grace&channel=sales&lang=en", { viewport: { width: 1280, height: 940 } });
	const post = page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ hasText: "Happy birthday" });
	await until("the cake for two", async () => await post.count() === 1 && /Tom and 小梅|小梅 and Tom/.test(await post.innerText()), DRAWN_MS);
});
