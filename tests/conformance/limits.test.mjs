// SPDX-License-Identifier: MIT
// 429 and bad days, as the SDK lives through them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { fixture } from './support/fixtures.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { errorOf, webClient } from './support/slack.mjs';
import { within } from './support/waiting.mjs';

const patient = { retryConfig: { retries: 5, minTimeout: 1, maxTimeout: 1 } };

async function start(t, options = []) {
	const sandbox = await startSandbox(t, { options });
	return { sandbox, sales: await sandbox.channel('sales') };
}

test('429 with Retry-After: the SDK waits and the call is done once', async (t) => {
	const { sandbox, sales } = await start(t);
	await sandbox.act({ do: 'faults', rate_limit: true, times: 1 });
	const web = webClient(sandbox, patient);
	const limited = once(web, 'rate_limited');
	await web.chat.postMessage({ channel: sales.id, text: 'patience' });
	const [seconds] = await within('the SDK to tell', limited);
	assert.equal(seconds, 1);
	assert.equal((await sandbox.state()).messages[sales.id].length, 1);
});

test('429 as it stands on the wire', async (t) => {
	const { sandbox } = await start(t);
	await sandbox.act({ do: 'faults', rate_limit: true, times: 1 });
	const response = await fetch(`${sandbox.api}auth.test`, { method: 'POST', headers: { authorization: 'Bearer xoxb-sandbox' } });
	assert.equal(response.status, 429);
	assert.match(response.headers.get('retry-after'), /^\d+$/);
	assert.deepEqual(await response.json(), { ok: false, error: 'ratelimited' });
	assert.equal(fixture('webapi/composed_error_ratelimited_429').error ?? 'ratelimited', 'ratelimited');
});

test('only the method that was called too often is limited, and time heals it', async (t) => {
	const { sandbox, sales } = await start(t);
	const web = webClient(sandbox, { rejectRateLimitedCalls: true });
	let calls = 0;
	const limited = await (async () => {
		for (; calls < 100; calls++) {
			try {
				await web.users.list({ limit: 1 });
			} catch (error) {
				return error;
			}
		}
		return null;
	})();
	assert.equal(limited?.code, 'slack_webapi_rate_limited_error');
	assert.ok(calls >= 20, `tier 2 allows twenty a minute, not ${calls}`);
	await web.conversations.history({ channel: sales.id });
	await sandbox.pass(60_000);
	await web.users.list({ limit: 1 });
});

test('one message a second in a channel, after a short burst', async (t) => {
	const { sandbox, sales } = await start(t);
	const web = webClient(sandbox, { rejectRateLimitedCalls: true });
	let posted = 0;
	const limited = await (async () => {
		for (; posted < 30; posted++) {
			try {
				await web.chat.postMessage({ channel: sales.id, text: `number ${posted}` });
			} catch (error) {
				return error;
			}
		}
		return null;
	})();
	assert.equal(limited?.code, 'slack_webapi_rate_limited_error');
	assert.equal(limited.retryAfter, 1);
	const ana = await sandbox.member('ana');
	await web.chat.postMessage({ channel: ana.id, text: 'another channel is free' });
	await sandbox.pass(1_000);
	await web.chat.postMessage({ channel: sales.id, text: 'a second later' });
	assert.equal((await sandbox.state()).messages[sales.id].length, posted + 1);
});

test('5xx with a page of HTML: the SDK tells, or tries again', async (t) => {
	const { sandbox } = await start(t);
	await sandbox.act({ do: 'faults', server_error: true, times: 1 });
	await assert.rejects(webClient(sandbox).auth.test(), (error) => error.code === 'slack_webapi_http_error' && error.statusCode === 500);
	await sandbox.act({ do: 'faults', server_error: true, times: 1 });
	assert.equal((await webClient(sandbox, patient).auth.test()).ok, true);
});

test('a connection lost before the work, and one lost after it', async (t) => {
	const { sandbox, sales } = await start(t);
	const web = webClient(sandbox, patient);
	const count = async () => (await sandbox.state()).messages[sales.id]?.length ?? 0;
	await sandbox.act({ do: 'faults', drop_before: true, times: 1, methods: ['chat.postMessage'] });
	await web.chat.postMessage({ channel: sales.id, text: 'once' });
	assert.equal(await count(), 1);
	await sandbox.act({ do: 'faults', drop_after: true, times: 1, methods: ['chat.postMessage'] });
	await web.chat.postMessage({ channel: sales.id, text: 'twice' });
	assert.equal(await count(), 3, 'the SDK posts again without looking, as it does with the real one');
});

test('faults stay with the methods they name', async (t) => {
	const { sandbox, sales } = await start(t);
	const web = webClient(sandbox, { rejectRateLimitedCalls: true });
	await sandbox.act({ do: 'faults', rate_limit: true, methods: ['chat.postMessage'] });
	await web.auth.test();
	await assert.rejects(web.chat.postMessage({ channel: sales.id, text: 'no' }), (error) => error.code === 'slack_webapi_rate_limited_error');
	await sandbox.act({ do: 'faults', rate_limit: false });
	await web.chat.postMessage({ channel: sales.id, text: 'yes' });
	assert.equal((await errorOf(web.chat.postMessage({ channel: 'C0NOWHERE', text: 'no' }))).error, 'channel_not_found');
});
