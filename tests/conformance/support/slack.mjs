// SPDX-License-Identifier: MIT
// Slack's own clients, pointed at a sandbox.
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { APP_TOKEN, BOT_TOKEN } from './sandbox.mjs';
import { Inbox, within } from './waiting.mjs';

// The SDKs' talk is kept, and shown by the tests that ask for it.
export function quietLogger() {
	const lines = [];
	const keep = (level) => (...words) => lines.push(`${level}: ${words.join(' ')}`);
	return { lines, debug() {}, info: keep('info'), warn: keep('warn'), error: keep('error'), setLevel() {}, getLevel: () => 'info', setName() {} };
}

export function webClient(sandbox, { token = BOT_TOKEN, ...options } = {}) {
	return new WebClient(token, { slackApiUrl: sandbox.api, fetch: sandbox.fetch, logger: quietLogger(), retryConfig: { retries: 0 }, timeout: 20_000, ...options });
}

/*
 * A bot on Socket Mode: what comes is acknowledged with what answer(event) gives (undefined: an empty acknowledgement;
 * false: none) and put into `inbox`; whole frames go into `frames`, as objects. The bot's `answer` may be set later.
 */
export async function connect(sandbox, { answer = () => undefined, ...options } = {}) {
	const client = new SocketModeClient({
		appToken: APP_TOKEN, logger: quietLogger(), dispatcher: sandbox.dispatcher,
		// Under load this machine may be slow; a silent server is another test's matter.
		clientPingTimeout: 10_000,
		clientOptions: { slackApiUrl: sandbox.api }, ...options,
	});
	const bot = { client, inbox: new Inbox(), frames: new Inbox(), answer };
	client.on('ws_message', (data) => {
		const text = data.toString();
		if (text.startsWith('{'))
			bot.frames.put(JSON.parse(text));
	});
	client.on('slack_event', async (event) => {
		const payload = bot.answer(event);
		bot.inbox.put(event);
		if (payload !== false)
			await event.ack(payload);
	});
	await within('the connection to stand', client.start());
	sandbox.beforeEnd(() => within('the connection to end', client.disconnect()));
	return bot;
}

// Fits an Events API event of this inner type (and subtype).
export function ofType(type, subtype) {
	return ({ body }) => body?.event?.type === type && body.event.subtype === subtype;
}

// Fits a command or an interactive payload.
export function ofKind(kind) {
	return ({ body, type }) => (kind === 'slash_commands' ? type === kind : body?.type === kind);
}

// The platform's error code of a call that must fail.
export async function errorOf(promise) {
	try {
		await promise;
	} catch (error) {
		if (error.data?.error)
			return error.data;
		throw error;
	}
	throw new Error('the call succeeded');
}
