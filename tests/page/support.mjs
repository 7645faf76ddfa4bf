// SPDX-License-Identifier: MIT
// What the page's tests stand on: a sandbox of their own on a free port, a Chromium of their own, and a small bot that speaks
// Socket Mode. Each is ended by its own process id, whatever happened. Every wait is for a condition and has an end.
//
//   const stage = await openStage();                    sandbox, browser
//   const page = await stage.page("#as=ana&channel=sales&lang=en");
//   const bot = await stage.bot();                      a connected bot; stage.call("chat.postMessage", {...})
//   await stage.close();
//
// BELLTOWER_BIN names the program; without it the newest build is taken. CHROMIUM names the browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { WebSocket } from "ws";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const LIMIT_MS = 10000;
export const BOT_TOKEN = "xoxb-sandbox-page";
export const APP_TOKEN = "xapp-sandbox-page";

const CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];

export function findBelltower() {
	if (process.env.BELLTOWER_BIN)
		return process.env.BELLTOWER_BIN;
	const built = ["dev", "release", "asan"].map((preset) => join(ROOT, "build", preset, "bot/belltower"))
		.filter((file) => existsSync(file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
	if (built.length === 0)
		throw new Error("belltower is not built: build it, or set BELLTOWER_BIN");
	return built[0];
}

// Tries until try_() gives something true, and gives that. Fails after LIMIT_MS and says what was waited for.
export async function until(what, try_, limit = LIMIT_MS) {
	const end = performance.now() + limit;
	for (;;) {
		const found = await try_();
		if (found)
			return found;
		if (performance.now() > end)
			throw new Error(`waited ${limit} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

function within(promise, what, limit = LIMIT_MS) {
	let timer;
	const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`waited ${limit} ms for ${what}`)), limit); });
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Starts a program that prints its address first. Gives {url, errors(), stop()}.
export async function startProgram(program, args, options = {}) {
	const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
	const gone = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
	let errors = "";
	child.stderr.on("data", (data) => { errors += data; });
	const failed = new Promise((_, reject) => child.once("error", reject));
	const ended = gone.then(({ code, signal }) => { throw new Error(`${program} ended (${code ?? signal}) before it was ready: ${errors}`); });
	ended.catch(() => {});
	async function stop() {
		if (child.exitCode === null && child.signalCode === null)
			child.kill("SIGTERM");
		await within(gone, `${program} to end`).catch(() => child.kill("SIGKILL"));
		return gone;
	}
	const address = new Promise((resolve) => createInterface({ input: child.stdout }).on("line", (line) => {
		const found = /https?:\/\/[^\s]+/.exec(line);
		if (found)
			resolve(found[0]);
	}));
	try {
		const url = await within(Promise.race([address, failed, ended]), `${program} to say its address`);
		return { url: url.endsWith("/") ? url : `${url}/`, pid: child.pid, errors: () => errors, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

export async function startSandbox(args = [], port = 0) {
	const sandbox = await startProgram(findBelltower(), ["sandbox", "--listen", `127.0.0.1:${port}`, ...args]);
	return { ...sandbox, ...clientOf(sandbox.url) };
}

// The real bot and its two rooms in one process, on one clock: `belltower demo`. room: the one that is meant.
export async function startDemo(args = [], room = "slack") {
	const demo = await startProgram(findBelltower(), ["demo", "--listen", "127.0.0.1:0", ...args]);
	const url = (await clientOf(demo.url).state()).rooms[room];
	return { ...demo, url, ...clientOf(url) };
}

// The acts, the state and the Web API of a sandbox.
export function clientOf(url) {
	const json = async (answer) => ({ status: answer.status, retryAfter: answer.headers.get("retry-after"), ...(await answer.json().catch(() => ({}))) });
	const post = (path, body, headers) => fetch(url + path, { method: "POST", body, headers, signal: AbortSignal.timeout(LIMIT_MS) }).then(json);
	// An act that must succeed.
	async function act(body) {
		const result = await post("sandbox/act", JSON.stringify(body), { "Content-Type": "application/json" });
		if (!result.ok)
			throw new Error(`act ${JSON.stringify(body)}: ${result.error}`);
		return result;
	}
	const state = () => fetch(`${url}sandbox/state`, { signal: AbortSignal.timeout(LIMIT_MS) }).then((answer) => answer.json());
	const call = (method, args = {}, token = BOT_TOKEN) => post(`api/${method}`, JSON.stringify(args), { "Content-Type": "application/json; charset=utf-8", Authorization: `Bearer ${token}` });
	return { act, state, call };
}

// A bot on Socket Mode: keeps every envelope, acknowledges each at once with what answer(envelope) gives.
export async function startBot(sandbox) {
	const opened = await fetch(`${sandbox.url}api/apps.connections.open`, { method: "POST", headers: { Authorization: `Bearer ${APP_TOKEN}` }, signal: AbortSignal.timeout(LIMIT_MS) }).then((a) => a.json());
	if (!opened.ok)
		throw new Error(`apps.connections.open: ${opened.error}`);
	const socket = new WebSocket(opened.url);
	const envelopes = [];
	const bot = {
		envelopes, answer: () => undefined, call: sandbox.call,
		// The first envelope, from the one numbered `from`, that fits.
		next: (what, fits, from = 0) => until(`the bot to get ${what}`, () => envelopes.slice(from).find(fits)),
		stop: () => socket.terminate(),
	};
	let greeted = false;
	socket.on("message", async (data) => {
		const envelope = JSON.parse(data);
		greeted ||= envelope.type === "hello";
		if (!envelope.envelope_id)
			return;
		envelopes.push(envelope);
		const payload = await bot.answer(envelope);
		if (socket.readyState === WebSocket.OPEN)
			socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, ...(payload ? { payload } : {}) }));
	});
	socket.on("error", () => {});
	await until("hello", () => greeted);
	return bot;
}

export async function startBrowser() {
	const server = await chromium.launchServer({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: CHROMIUM_ARGS, timeout: 30000 });
	const browser = await chromium.connect(server.wsEndpoint());
	return {
		browser, pid: server.process().pid,
		async stop() {
			await within(browser.close().then(() => server.close()), "Chromium to end").catch(() => server.kill());
		},
	};
}

// A page of the sandbox in a browser context of its own. What goes wrong inside fails the test: see problems.
export async function openPage(browser, url, hash = "", options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce", ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(LIMIT_MS);
	page.problems = [];
	page.on("pageerror", (error) => page.problems.push(error.stack ?? String(error)));
	page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.problems.push(message.text()));
	page.on("request", (request) => !request.url().startsWith(url) && page.problems.push(`asked for ${request.url()}`));
	await page.goto(url + hash);
	await page.getByTestId("offline").waitFor({ state: "hidden" });
	await page.getByTestId("main").locator("h1").waitFor();
	return page;
}

// demo: the real bot lives in it; room: in which of its rooms.
export async function openStage({ demo = false, room = "slack", args = demo ? [] : ["--no-rate-limits"] } = {}) {
	const open = [];
	const close = async () => {
		for (const stop of open.splice(0).reverse())
			await stop();
	};
	try {
		const sandbox = await (demo ? startDemo(args, room) : startSandbox(args));
		open.push(sandbox.stop);
		const browser = await startBrowser();
		open.push(browser.stop);
		const pages = [];
		return {
			...sandbox, close,
			// url: of the demo's other room.
			async page(hash, { url = sandbox.url, ...options } = {}) {
				const page = await openPage(browser.browser, url, hash, options);
				pages.push(page);
				return page;
			},
			async bot() {
				const bot = await startBot(sandbox);
				open.push(bot.stop);
				return bot;
			},
			// Closes this test's pages and gives what went wrong in them.
			async settle() {
				const problems = pages.flatMap((page) => page.problems);
				await Promise.all(pages.splice(0).map((page) => page.context().close()));
				return problems;
			},
		};
	} catch (error) {
		await close();
		throw error;
	}
}

// Ids by name: {ana: "U…", "#sales": "C…"}.
export async function idsOf(stage) {
	const state = await stage.state();
	return Object.fromEntries([...state.members.map((m) => [m.name, m.id]), ...state.channels.map((c) => [`#${c.name}`, c.id])]);
}

export const messageOf = (page, ts, where = "messages") => page.getByTestId(where).locator(`[data-testid=message][data-ts="${ts}"]`);

// The texts that stand out less than 4.5 to 1 from their ground.
export function unreadable(page) {
	return page.evaluate(() => {
		const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
		const rgb = (color) => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = color; paint.fillRect(0, 0, 1, 1); return [...paint.getImageData(0, 0, 1, 1).data]; };
		const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
		const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
		const found = [];
		for (const e of document.body.querySelectorAll("*")) {
			const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
			if (!own || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest(".unseen, .skip, .emoji, .dim, :disabled, noscript"))
				continue;
			const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
			if ((a + 0.05) / (b + 0.05) < 4.5)
				found.push(`${e.className || e.tagName}: ${e.textContent.slice(0, 20)} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
		}
		return found;
	});
}

// What the Tab key reaches, in turn; each must have a name and show its focus.
export async function tabStops(page, most = 60) {
	const visited = [];
	for (let i = 0; i < most; i++) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(() => {
			const e = document.activeElement;
			const style = getComputedStyle(e);
			const box = e.closest(".write-box") ? getComputedStyle(e.closest(".write-box")) : style;
			return { id: e.dataset.testid ?? e.className, name: e.ariaLabel || e.innerText || e.placeholder || e.title || e.labels?.[0]?.innerText || "", ring: style.outlineStyle !== "none" || box.outlineStyle !== "none" || box.boxShadow !== "none", end: e === document.body };
		});
		if (stop.end)
			break;
		visited.push(stop.id);
		assert.ok(stop.name.trim(), `${stop.id} has a name`);
		assert.ok(stop.ring, `${stop.id} shows its focus`);
	}
	return visited;
}
