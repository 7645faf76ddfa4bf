// SPDX-License-Identifier: MIT
// A small bot on Feishu's long connection and REST, as far as the page's tests need it: keeps every event, answers each at once.
//
//   const bot = await startFeishuBot(stage);
//   const id = await bot.send("oc_…", "text", { text: "hello" });     a message; its om_ id
//   bot.answer = (event) => ({ toast: { content: "…" } });              what a card's callback is answered

import { WebSocket } from "ws";
import { LIMIT_MS, until } from "./support.mjs";

const APP = { id: "cli_page", secret: "sandbox-page" };

// ---- frames: a protobuf of nine fields ----

function readVarint(bytes, at) {
	let value = 0n;
	for (let shift = 0n; ; shift += 7n) {
		const byte = bytes[at++];
		value |= BigInt(byte & 0x7f) << shift;
		if (byte < 0x80)
			return [value, at];
	}
}

function varint(value) {
	const out = [];
	for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
		if (rest < 0x80n)
			return Buffer.from([...out, Number(rest)]);
		out.push(Number(rest & 0x7fn) | 0x80);
	}
}

// {number: [values]}; a value is a BigInt or a Buffer.
function readFields(bytes) {
	const fields = {};
	for (let at = 0; at < bytes.length;) {
		let tag, value, length;
		[tag, at] = readVarint(bytes, at);
		if ((tag & 7n) === 0n) {
			[value, at] = readVarint(bytes, at);
		} else {
			[length, at] = readVarint(bytes, at);
			value = bytes.subarray(at, at += Number(length));
		}
		(fields[Number(tag >> 3n)] ??= []).push(value);
	}
	return fields;
}

const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const block = (field, bytes) => Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
const text = (value) => Buffer.from(value, "utf8");

function readFrame(bytes) {
	const f = readFields(bytes);
	const headers = (f[5] ?? []).map(readFields).map((h) => [String(h[1][0]), String(h[2][0])]);
	return { seq: f[1][0], log: f[2][0], service: f[3][0], method: f[4][0], headers, payload: f[8]?.[0] };
}

const writeFrame = (f) => Buffer.concat([number(1, f.seq), number(2, f.log), number(3, f.service), number(4, f.method),
	...f.headers.map(([key, value]) => block(5, Buffer.concat([block(1, text(key)), block(2, text(value))]))), f.payload ? block(8, f.payload) : Buffer.alloc(0)]);

const headerOf = (frame, name) => frame.headers.find(([key]) => key === name)?.[1];

// ---- the bot ----

export async function startFeishuBot(sandbox) {
	const ask = (method, path, body, token) => fetch(sandbox.url + path, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(LIMIT_MS),
		headers: { "Content-Type": "application/json; charset=utf-8", ...(token ? { Authorization: `Bearer ${token}` } : {}) } }).then((answer) => answer.json());
	const opened = await ask("POST", "callback/ws/endpoint", { AppID: APP.id, AppSecret: APP.secret });
	if (opened.code !== 0)
		throw new Error(`the endpoint: ${JSON.stringify(opened)}`);
	let token = "";
	const renew = async () => { token = (await ask("POST", "open-apis/auth/v3/tenant_access_token/internal", { app_id: APP.id, app_secret: APP.secret })).tenant_access_token; };
	await renew();
	const socket = new WebSocket(opened.data.URL);
	const events = [];
	const bot = {
		events, renew, answer: () => undefined, stop: () => socket.terminate(),
		next: (what, fits, from = 0) => until(`the bot to get ${what}`, () => events.slice(from).find(fits)),
		// One call; fails unless the platform says 0.
		async call(method, path, body) {
			const answer = await ask(method, `open-apis/${path}`, body, token);
			if (answer.code !== 0)
				throw new Error(`${path}: ${JSON.stringify(answer)}`);
			return answer.data;
		},
		send: async (chat, msg_type, content) => (await bot.call("POST", "im/v1/messages?receive_id_type=chat_id", { receive_id: chat, msg_type, content: JSON.stringify(content) })).message_id,
		async upload(bytes) {
			const form = new FormData();
			form.set("image_type", "message");
			form.set("image", new Blob([bytes], { type: "image/png" }), "picture.png");
			const answer = await fetch(`${sandbox.url}open-apis/im/v1/images`, { method: "POST", body: form, headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(LIMIT_MS) }).then((a) => a.json());
			return answer.data.image_key;
		},
	};
	const send = (frame) => socket.readyState === WebSocket.OPEN && socket.send(writeFrame(frame));
	socket.on("message", (data) => {
		const frame = readFrame(data);
		if (frame.method !== 1n)
			return;
		const event = JSON.parse(frame.payload.toString("utf8"));
		events.push(event);
		const answer = event.header.event_type === "card.action.trigger" ? bot.answer(event) ?? {} : undefined;
		const data64 = answer === undefined ? {} : { data: Buffer.from(JSON.stringify(answer)).toString("base64") };
		send({ ...frame, headers: [...frame.headers, ["biz_rt", "1"]], payload: text(JSON.stringify({ code: 200, ...data64 })) });
	});
	socket.on("error", () => {});
	const service = Number(new URL(opened.data.URL).searchParams.get("service_id"));
	await new Promise((resolve, reject) => { socket.once("open", resolve); socket.once("error", reject); });
	let greeted = false;
	socket.on("message", (data) => { greeted ||= headerOf(readFrame(data), "type") === "pong"; });
	send({ seq: 0, log: 0, service, method: 0, headers: [["type", "ping"]] });
	await until("the pong", () => greeted);
	return bot;
}

// The ids of Feishu: ou_ of a person, oc_ of a chat; the ts of a message's om_.
export const openId = (id) => `ou_${id.toLowerCase()}`;
export const chatId = (id) => `oc_${id.toLowerCase()}`;
export const tsOf = (messageId) => messageId.replace(/^.*(\d{10})(\d{6})$/, "$1.$2");
