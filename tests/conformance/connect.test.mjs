// SPDX-License-Identifier: MIT
// Socket Mode as @slack/socket-mode sees it: the address, hello, being told to go, being dropped.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'undici';
import { assertHas, assertLikeReal, fixture } from './support/fixtures.mjs';
import { APP_TOKEN, BOT_TOKEN, startSandbox } from './support/sandbox.mjs';
import { connect, errorOf, ofType, webClient } from './support/slack.mjs';
import { until, within } from './support/waiting.mjs';

// A plain WebSocket at a fresh address; its first frame.
async function dial(sandbox, url) {
	const ws = new WebSocket(url ?? (await webClient(sandbox, { token: APP_TOKEN }).apps.connections.open()).url);
	sandbox.beforeEnd(() => ws.close());
	const refused = once(ws, 'error').then(() => null);
	const [frame] = await within('a first frame', Promise.race([once(ws, 'message'), refused.then(() => [null])]));
	return { ws, frame: frame && JSON.parse(frame.data) };
}

// Not once(): that fails on the errors which a lost connection brings with it.
function connectedAgain(client) {
	return new Promise((resolve) => client.once('connected', resolve));
}

test('the SDK connects and is greeted', async (t) => {
	const sandbox = await startSandbox(t);
	const { frames } = await connect(sandbox);
	const hello = await frames.next('hello');
	assert.equal(hello.type, 'hello');
	assert.equal(hello.num_connections, 1);
	assert.equal(hello.connection_info.app_id, (await sandbox.state()).app.id);
	assertHas(hello.debug_info, ['host', 'approximate_connection_time']);
	assertLikeReal(hello, [fixture('events/frame_hello')]);
	assert.equal((await sandbox.state()).connections, 1);
});

test('the address is a wss one with a ticket that works once', async (t) => {
	const sandbox = await startSandbox(t);
	const answer = await webClient(sandbox, { token: APP_TOKEN }).apps.connections.open();
	const url = new URL(answer.url);
	assert.equal(url.protocol, 'ws:');
	assert.equal(url.pathname, '/link/');
	assert.match(url.searchParams.get('ticket'), /^[0-9a-f-]{36}$/);
	assert.match(url.searchParams.get('app_id'), /^[0-9a-f]{64}$/);
	assert.equal((await dial(sandbox, answer.url)).frame.type, 'hello');
	assert.equal((await dial(sandbox, answer.url)).frame, null, 'the second dialling is refused');
});

test('tokens of the wrong kind are told apart', async (t) => {
	const sandbox = await startSandbox(t);
	const open = (token) => webClient(sandbox, { token }).apps.connections.open();
	const whoAmI = (token) => webClient(sandbox, { token }).auth.test();
	assert.equal((await errorOf(open(BOT_TOKEN))).error, 'not_allowed_token_type');
	assert.equal((await errorOf(open('xapp-of-another-app'))).error, 'invalid_auth');
	assert.equal((await errorOf(open(null))).error, 'not_authed');
	assert.equal((await errorOf(whoAmI('xoxb-of-another-app'))).error, 'invalid_auth');
	assert.equal((await errorOf(whoAmI(null))).error, 'not_authed');
	assert.equal((await errorOf(webClient(sandbox, { token: APP_TOKEN }).chat.postMessage({ channel: 'C1', text: 'x' }))).error,
		'not_allowed_token_type');
});

test('a client with a bad app token gives up, as with the real one', async (t) => {
	const sandbox = await startSandbox(t);
	await assert.rejects(connect(sandbox, { appToken: 'xapp-of-another-app' }), (error) => error.data?.error === 'invalid_auth');
});

test('each connection is counted, and the eleventh is told to go', async (t) => {
	const sandbox = await startSandbox(t);
	for (let number = 1; number <= 10; number++) {
		const { frame } = await dial(sandbox);
		assert.equal(frame.num_connections, number);
	}
	const { ws, frame } = await dial(sandbox);
	assert.equal(frame.type, 'disconnect');
	assert.equal(frame.reason, 'too_many_websockets');
	assertLikeReal(frame, [fixture('events/frame_disconnect_too_many_websockets')]);
	if (ws.readyState !== WebSocket.CLOSED)
		await within('the eleventh to be closed', once(ws, 'close'));
});

test('each event goes to one connection, in turn', async (t) => {
	const sandbox = await startSandbox(t);
	const bots = [await connect(sandbox), await connect(sandbox)];
	for (let i = 0; i < 4; i++)
		await sandbox.say('ana', '#sales', `number ${i}`);
	const seen = () => bots.map(({ inbox }) => inbox.things.length);
	await until('four events', () => seen()[0] + seen()[1] === 4);
	assert.deepEqual(seen(), [2, 2]);
});

for (const reason of ['warning', 'refresh_requested']) {
	test(`${reason}: the SDK dials again and loses nothing`, async (t) => {
		const sandbox = await startSandbox(t);
		const { client, frames, inbox } = await connect(sandbox, { clientPingTimeout: 2000 });
		await frames.next('hello');
		const again = connectedAgain(client);
		await sandbox.act({ do: 'disconnect', reason });
		const goodbye = await frames.next('disconnect', ({ type }) => type === 'disconnect');
		assert.equal(goodbye.reason, reason);
		assertLikeReal(goodbye, [fixture('events/composed_frame_disconnect_refresh_requested'), fixture('events/frame_disconnect_warning')]);
		await within('the SDK to be connected again', again);
		assert.equal((await frames.next('a second hello')).type, 'hello');
		await sandbox.say('ana', '#sales', 'after the refresh');
		assert.equal((await inbox.next('the message', ofType('message'))).body.event.text, 'after the refresh');
		await until('the old connection to be gone', async () => (await sandbox.state()).connections === 1);
	});
}

test('a dropped connection is dialled again', async (t) => {
	const sandbox = await startSandbox(t);
	const { client, frames } = await connect(sandbox, { clientPingTimeout: 2000 });
	await frames.next('hello');
	const again = connectedAgain(client);
	await sandbox.act({ do: 'drop_connections' });
	await within('the SDK to be connected again', again);
	assert.equal((await frames.next('a second hello')).type, 'hello');
});

test('what is said while nobody listens comes at the retry, with its attempt', async (t) => {
	const sandbox = await startSandbox(t);
	await sandbox.say('ana', '#sales', 'is anybody there?');
	const { inbox } = await connect(sandbox);
	await sandbox.pass(60_000);
	const event = await inbox.next('the message', ofType('message'));
	assert.equal(event.body.event.text, 'is anybody there?');
	assert.ok(event.retry_num > 0);
	assert.equal(event.retry_reason, 'timeout');
});

test('a frame over 20480 bytes ends the connection with 1009', async (t) => {
	const sandbox = await startSandbox(t);
	const { ws } = await dial(sandbox);
	const closed = once(ws, 'close');
	ws.send(JSON.stringify({ envelope_id: 'x'.repeat(20_480) }));
	const [close] = await within('the connection to end', closed);
	assert.equal(close.code, 1009);
});

test('the SDK\'s pings are answered', async (t) => {
	const sandbox = await startSandbox(t);
	const logged = [];
	const keep = (...words) => logged.push(words.join(' '));
	const logger = { debug: keep, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => 'debug', setName() {} };
	await connect(sandbox, { logger, pingPongLoggingEnabled: true });
	await until('a pong', () => logged.some((line) => /received pong/i.test(line)), 30_000);
});

test('frames that are no JSON, and kinds that nobody knows, leave the connection standing', async (t) => {
	const sandbox = await startSandbox(t);
	const { inbox } = await connect(sandbox);
	await sandbox.act({ do: 'frame', text: 'not JSON' });
	await sandbox.act({ do: 'frame', text: JSON.stringify(fixture('events/composed_frame_unknown_type')) });
	await sandbox.say('ana', '#sales', 'still here');
	assert.equal((await inbox.next('the message', ofType('message'))).body.event.text, 'still here');
});
