// SPDX-License-Identifier: MIT
// https and wss as in production.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox } from './support/sandbox.mjs';
import { connect, ofKind, ofType, webClient } from './support/slack.mjs';

test('the SDK lives over TLS: calls, envelopes, large frames both ways', async (t) => {
	const sandbox = await startSandbox(t, { secure: true });
	assert.match(sandbox.url, /^https:/);
	const bot = await connect(sandbox);
	const web = webClient(sandbox);
	const sales = await sandbox.channel('sales');
	const long = '早上好 '.repeat(3_000);
	await sandbox.say('ana', '#sales', long);
	const { body } = await bot.inbox.next('the long message', ofType('message'));
	assert.equal(body.event.text, long);
	const { ts } = await web.chat.postMessage({ channel: sales.id, text: long });
	assert.equal((await sandbox.message(sales.id, ts)).text, long);
	await bot.inbox.next('its echo', ofType('message'));
	bot.answer = () => ({ text: 'x'.repeat(19_000) });
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'show' });
	await bot.inbox.next('the command', ofKind('slash_commands'));
	assert.equal((await sandbox.state()).messages[sales.id].at(-1).text.length, 19_000);
});

test('an untrusted certificate is refused by the client', async (t) => {
	const sandbox = await startSandbox(t, { secure: true });
	await assert.rejects(fetch(`${sandbox.api}auth.test`, { method: 'POST' }), (error) => error.cause?.code === 'DEPTH_ZERO_SELF_SIGNED_CERT');
});
