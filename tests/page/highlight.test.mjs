// SPDX-License-Identifier: MIT
// A day's highlights as a person sees them: the real bot in `belltower demo`. One is said with a picture, one thanks a colleague, one is
// a message with a star; at 18:00 one post shows them all and is applauded by a press. With PICTURES=folder the page's picture is taken.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, openStage, until } from "./support.mjs";

let stage, ids;
before(async () => {
	stage = await openStage({ demo: true });
	ids = await idsOf(stage);
	await until("the bot to be connected", async () => (await stage.state()).connections === 1);
});
after(() => stage?.close());
afterEach(async () => assert.deepEqual(await stage.settle(), [], "no page complained"));

const MINUTES = 60000;
const channel = () => ids["#sales"];
const posts = async () => (await stage.state()).messages[channel()].filter((m) => m.user === ids.belltower && JSON.stringify(m).includes("Today's highlights"));

// A contract with a seal, drawn by the browser itself.
async function contract(page) {
	const url = await page.evaluate(() => {
		const canvas = Object.assign(document.createElement("canvas"), { width: 720, height: 300 });
		const pen = canvas.getContext("2d"), sky = pen.createLinearGradient(0, 0, 720, 300);
		sky.addColorStop(0, "#1f3a5f");
		sky.addColorStop(1, "#c9a227");
		pen.fillStyle = sky;
		pen.fillRect(0, 0, 720, 300);
		pen.fillStyle = "#fffdf5";
		pen.fillRect(210, 30, 300, 240);
		pen.fillStyle = "#9aa5b1";
		for (let y = 70; y < 190; y += 24)
			pen.fillRect(240, y, y === 70 ? 120 : 240, 8);
		pen.strokeStyle = "#c0392b";
		pen.lineWidth = 6;
		pen.beginPath();
		pen.arc(450, 215, 34, 0, 2 * Math.PI);
		pen.stroke();
		return canvas.toDataURL("image/png");
	});
	return url.slice(url.indexOf(",") + 1);
}

test("one post at the day's end, with its picture, the thanks and the star", async () => {
	const page = await stage.page("#as=jun&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	await stage.act({ do: "upload", as: ids.wei, channel: channel(), name: "contract.png", text: "@belltower highlight Huarui signed for three years: four months from the first visit to the seal", base64: await contract(page) });
	await stage.act({ do: "say", as: ids.xiaomei, channel: channel(), text: "@belltower highlight @wei who mended the offer with me at ten at night" });
	const said = await stage.act({ do: "say", as: ids.ana, channel: channel(), text: "Nordwind goes live: two hours saved on the first day https://nordwind.example/case" });
	await stage.act({ do: "react", as: ids.jun, channel: channel(), ts: said.ts, name: "star" });
	await until("the star to be seen", async () => (await stage.state()).messages[channel()].find((m) => m.ts === said.ts).reactions?.some((r) => r.name === "tada"));
	await stage.act({ do: "clock", advance_ms: 9 * 60 * MINUTES });
	const post = page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ hasText: "Today's highlights" });
	await post.getByText("Huarui signed").waitFor();
	const words = await post.innerText();
	for (const line of ["who mended the offer with me", "Nordwind goes live"])
		assert.ok(words.includes(line), `${line} stands in the post: ${words}`);
	const picture = post.locator("img[alt*=picture]");
	await picture.waitFor();
	await until("the picture to be there", () => picture.evaluate((image) => image.complete && image.naturalWidth === 720));
});

test("a press is applause, and the post counts along", async () => {
	const page = await stage.page("#as=jun&channel=sales&lang=en", { viewport: { width: 1280, height: 1000 } });
	const post = page.locator(`[data-testid=message][data-user="${ids.belltower}"]`).filter({ hasText: "Today's highlights" });
	await post.getByRole("button", { name: "👏 1️⃣" }).click();
	await stage.act({ do: "react", as: ids.grace, channel: channel(), ts: (await posts())[0].ts, name: "tada" });
	// It is shown anew by a job; the clock of the demo stands still until somebody moves it.
	await until("the post to count two", async () => {
		await stage.act({ do: "clock", advance_ms: 2 * MINUTES });
		return (await post.innerText()).includes("👏 2");
	});
	assert.equal((await posts()).length, 1, "one post a day");
	if (process.env.PICTURES) {
		await post.evaluate((element) => element.scrollIntoView({ block: "nearest" })); // at once: it may be replaced while one waits
		await page.screenshot({ path: join(process.env.PICTURES, "highlight.png") });
	}
});
