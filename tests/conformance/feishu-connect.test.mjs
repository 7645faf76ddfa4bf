// SPDX-License-Identifier: MIT
// The long connection as @larksuiteoapi/node-sdk sees it: endpoint, pings, several connections, loss, fragments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertLikeReal, feishuFixture } from './support/fixtures.mjs';
import { connect, newApp, ofType, settled } from './support/feishu.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { until } from './support/waiting.mjs';

async function askEndpoint(sandbox, { appId, appSecret }) {
	const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ AppID: appId, AppSecret: appSecret }) };
	return (await fetch(`${sandbox.url}callback/ws/endpoint`, init)).json();
}

test('the endpoint answers as the real one', async (t) => {
	const sandbox = await startSandbox(t);
	const answer = await askEndpoint(sandbox, newApp(sandbox));
	assertLikeReal(answer, [feishuFixture('rest/ws_endpoint.ok').response.body]);
	assert.deepEqual(answer.data.ClientConfig, feishuFixture('rest/ws_endpoint.ok').response.body.data.ClientConfig);
	const real = new URL(feishuFixture('rest/ws_endpoint.ok').response.body.data.URL), url = new URL(answer.data.URL);
	assert.deepEqual([...url.searchParams.keys()], [...real.searchParams.keys()]);
});

test('the SDK connects, pings and hears the pong', async (t) => {
	const sandbox = await startSandbox(t);
	await sandbox.act({ do: 'feishu', ping_interval_s: 1 });
	const bot = await connect(sandbox, { wsConfig: { pingTimeout: 20 } });
	assert.equal((await sandbox.state()).connections, 1);
	await until('a pong', () => bot.logger.lines.some((line) => /receive pong/.test(line)));
	await sandbox.act({ do: 'feishu', ping_interval_s: 2 });
	await until('the new configuration', () => bot.ws.wsConfig.getWS().pingInterval === 2000);
	assert.equal(bot.reconnected, 0);
});

test('a wrong secret and a forbidden app are refused for good', async (t) => {
	const sandbox = await startSandbox(t);
	assert.match((await connect(sandbox, { app: { ...newApp(sandbox), appSecret: 'wrong' } })).failed?.message ?? '', /./);
	await sandbox.act({ do: 'feishu', endpoint_code: 403 });
	assert.match((await connect(sandbox)).failed?.message ?? '', /./);
	assert.equal((await sandbox.state()).connections, 0);
});

test('a dropped connection is dialled again, and loses nothing', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	await sandbox.act({ do: 'drop_connections' });
	await until('the SDK to be connected again', () => bot.reconnected === 1);
	await sandbox.say('ana', '#sales', 'after the loss');
	const event = await bot.inbox.next('the message', ofType('im.message.receive_v1'));
	assert.equal(JSON.parse(event.message.content).text, 'after the loss');
});

test('what is said while nobody is connected is pushed again', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	bot.ws.close({ force: true });
	await until('the connection to be gone', async () => (await sandbox.state()).connections === 0);
	await sandbox.say('ana', '#sales', 'is anybody there?');
	const again = await connect(sandbox, { app: bot.app });
	await sandbox.pass(15_000);
	const event = await again.inbox.next('the message', ofType('im.message.receive_v1'));
	assert.equal(JSON.parse(event.message.content).text, 'is anybody there?');
	await settled(sandbox);
});

test('each event goes to one connection of several', async (t) => {
	const sandbox = await startSandbox(t);
	const app = newApp(sandbox);
	const bots = [await connect(sandbox, { app }), await connect(sandbox, { app })];
	for (let i = 0; i < 40; i++)
		await sandbox.say('ana', '#sales', `number ${i}`);
	const seen = () => bots.map(({ inbox }) => inbox.things.length);
	await until('forty events', () => seen()[0] + seen()[1] === 40);
	assert.ok(seen()[0] > 0 && seen()[1] > 0, `${seen()}`);
	await settled(sandbox);
});

for (const [name, settings] of [['in order', {}], ['backwards, each twice', { fragment_reverse: true, fragment_repeat: true }]]) {
	test(`fragments are put together: ${name}`, async (t) => {
		const sandbox = await startSandbox(t);
		await sandbox.act({ do: 'feishu', fragment_bytes: 97, ...settings });
		const bot = await connect(sandbox);
		await sandbox.say('ana', '#sales', '云峰集团'.repeat(200));
		const event = await bot.inbox.next('the message', ofType('im.message.receive_v1'));
		assert.equal(JSON.parse(event.message.content).text, '云峰集团'.repeat(200));
	});
}

test('garbage leaves the connection standing', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	await sandbox.act({ do: 'frame', hex: 'ffffffff' });
	await sandbox.act({ do: 'frame', hex: '08001000180020012a00' });
	await sandbox.say('ana', '#sales', 'still here');
	assert.equal(JSON.parse((await bot.inbox.next('the message', ofType('im.message.receive_v1'))).message.content).text, 'still here');
	assert.equal(bot.reconnected, 0);
});
