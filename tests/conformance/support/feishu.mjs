// SPDX-License-Identifier: MIT
// Feishu's own clients, pointed at a sandbox.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import lark from '@larksuiteoapi/node-sdk';
import { quietLogger } from './slack.mjs';
import { Inbox, until, within } from './waiting.mjs';

// An app of its own for each caller: the SDK keeps tokens for the whole process, by app.
export function newApp(sandbox) {
	return { appId: `cli_${randomBytes(8).toString('hex')}`, appSecret: 'sandbox-conformance', domain: sandbox.url.replace(/\/$/, '') };
}

function talk() {
	const logger = quietLogger();
	const keep = (...words) => logger.lines.push(words.flat().join(' '));
	return { ...logger, trace: keep, debug: keep };
}

// With its tokens in `tokens`, to be looked at and forgotten.
export function restClient(app) {
	const tokens = new Map();
	const cache = {
		get: async (key, { namespace } = {}) => tokens.get(`${namespace}/${String(key)}`),
		set: async (key, value, expire, { namespace } = {}) => Boolean(tokens.set(`${namespace}/${String(key)}`, value)),
	};
	const client = new lark.Client({ ...app, cache, logger: talk(), loggerLevel: lark.LoggerLevel.fatal });
	return Object.assign(client, { tokens });
}

/*
 * A bot on the long connection: events come into `inbox` as the SDK gives them, with their type; what `answer(event)` gives is
 * what a card's press is answered with, and an event whose answer throws is refused.
 */
export async function connect(sandbox, { app = newApp(sandbox), answer = () => undefined, types = [], ...options } = {}) {
	// At once after a loss; the platform's own half minute is too long for a test.
	await sandbox.act({ do: 'feishu', reconnect_nonce_s: 0, reconnect_interval_s: 1 });
	const bot = { app, inbox: new Inbox(), answer, logger: talk(), reconnected: 0, failed: null };
	const take = async (event) => {
		bot.inbox.put(event);
		return bot.answer(event);
	};
	const dispatcher = new lark.EventDispatcher({ logger: talk() })
		.register(Object.fromEntries([...EVENTS, ...types].map((type) => [type, take])));
	let ready;
	const open = new Promise((resolve) => {
		ready = resolve;
	});
	bot.ws = new lark.WSClient({ ...app, logger: bot.logger, loggerLevel: lark.LoggerLevel.trace, onReady: ready,
		onReconnected: () => bot.reconnected++, onError: (error) => { bot.failed = error; ready(); }, ...options });
	sandbox.beforeEnd(() => bot.ws.close({ force: true }));
	await bot.ws.start({ eventDispatcher: dispatcher });
	await within('the long connection to stand', open);
	return bot;
}

export const EVENTS = ['im.message.receive_v1', 'im.message.recalled_v1', 'im.message.reaction.created_v1', 'im.message.reaction.deleted_v1',
	'im.chat.member.bot.added_v1', 'im.chat.member.bot.deleted_v1', 'im.chat.member.user.added_v1', 'im.chat.member.user.deleted_v1',
	'im.chat.disbanded_v1', 'contact.user.created_v3', 'contact.user.updated_v3', 'contact.user.deleted_v3', 'application.bot.menu_v6',
	'im.chat.access_event.bot_p2p_chat_entered_v1', 'card.action.trigger'];

export function ofType(type) {
	return ({ event_type }) => event_type === type;
}

// The SDK lays header and event into one object; the event's members are those that are no header's.
export function eventOf(flat) {
	const { schema, event_id, token, create_time, event_type, tenant_key, app_id, ...event } = flat;
	return { schema, header: { event_id, token, create_time, event_type, tenant_key, app_id }, event };
}

export function chatId(channel) {
	return `oc_${channel.id.toLowerCase()}`;
}

export function openId(member) {
	return `ou_${member.id.toLowerCase()}`;
}

// om_c0sales001767225600000100 → the ts that acts take.
export function tsOf(messageId) {
	const digits = messageId.slice(-16);
	return `${digits.slice(0, 10)}.${digits.slice(10)}`;
}

// The platform's code of a call that must fail.
export async function codeOf(promise) {
	try {
		const answer = await promise;
		assert.notEqual(answer.code, 0, 'the call succeeded');
		return answer;
	} catch (error) {
		const data = error.response?.data ?? (Array.isArray(error) ? error.flat().find((one) => one?.code !== undefined) : null);
		if (!data)
			throw error;
		return data;
	}
}

// All that was pushed is answered.
export function settled(sandbox) {
	return until('nothing to be under way', async () => (await sandbox.state()).feishu.pending === 0);
}

export function card(...elements) {
	return { schema: '2.0', config: { update_multi: true }, header: { title: { tag: 'plain_text', content: '标题' } }, body: { elements } };
}

export function button(text, value, more = {}) {
	return { tag: 'button', text: { tag: 'plain_text', content: text }, behaviors: [{ type: 'callback', value }], ...more };
}
