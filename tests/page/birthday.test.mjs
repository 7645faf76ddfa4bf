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

async function tell(who, channel, text) {
	const before = (await stage.state()).messages[channel]?.length ?? 0;
	await stage.act({ do: "say", as: who, channel, text });
	await until("an answer", async () => ((await stage.state()).messages[channel] ?? []).slice(before).some((m) => m.bot));
}

for (const room of ["slack", "feishu"])
	test(`the cake stands in the channel on the day, as on ${room}`, async () => {
		await stage?.close();
		stage = await openStage({ demo: true, room });
		await until("the bot to be connected", async () => (await stage.state()).connections === 1);
		const ids = await idsOf(stage);
		const { channel } = await stage.act({ do: "open_dm", as: "wei" });
		await tell("wei", channel, `生日 ${await tomorrow()}`);
		await tell("wei", channel, "生日 公开");
		await stage.act({ do: "clock", to: "10:00", days: 1 });
		const page = await stage.page("#as=ana&channel=sales&lang=zh-CN", { viewport: { width: 1280, height: 940 } });
		const cakes = page.locator(`[data-testid=message][data-user="${ids.belltower}"] img`);
		const isDrawn = () => cakes.last().evaluate((e) => e.complete && e.naturalWidth === 1200 && e.naturalHeight === 900);
		await until("the cake", async () => await cakes.count() === 1 && isDrawn(), DRAWN_MS);
		assert.ok(await cakes.getAttribute("alt"), "who does not see it is told what it shows");
		assert.match(await page.getByTestId("messages").innerText(), /陈伟/);
		await cakes.scrollIntoViewIfNeeded();
		if (process.env.PICTURES)
			await page.screenshot({ path: join(process.env.PICTURES, `birthday-${room}.png`) });
	});
