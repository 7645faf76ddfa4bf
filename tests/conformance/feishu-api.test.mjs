// SPDX-License-Identifier: MIT
// Feishu's REST through @larksuiteoapi/node-sdk's Client, beside the samples of the real platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertLikeReal, feishuFixture } from './support/fixtures.mjs';
import { chatId, codeOf, newApp, openId, restClient, tsOf } from './support/feishu.mjs';
import { startSandbox } from './support/sandbox.mjs';

async function open(t, options) {
	const sandbox = await startSandbox(t, options);
	const client = restClient(newApp(sandbox)), sales = chatId(await sandbox.channel('sales')), ana = openId(await sandbox.member('ana'));
	const send = (msg_type, content, more = {}) => client.im.message.create({ params: { receive_id_type: 'chat_id' },
		data: { receive_id: sales, msg_type, content: JSON.stringify(content), ...more } });
	return { sandbox, client, sales, ana, send, text: (text, more) => send('text', { text }, more) };
}

function like(answer, sample, allowed = []) {
	assertLikeReal(answer, [feishuFixture(`rest/${sample}`).response.body], { allowed });
}

test('messages are sent, answered, changed, read and taken back', async (t) => {
	const { sandbox, client, sales, ana, send, text } = await open(t);
	const first = await text(`<at user_id="${ana}">Ana</at> 早上好 <3`);
	like(first, 'message.create.text');
	const { message_id } = first.data, shown = () => sandbox.message('C0SALES00', tsOf(message_id));
	assert.equal((await shown()).text, '<@U0ANA0000> 早上好 &lt;3');
	like(await send('post', { zh_cn: { title: '日报', content: [[{ tag: 'text', text: '<at user_id="all"></at>' }], [{ tag: 'md', text: '**小结**' }]] } }), 'message.create.post');
	const reply = await client.im.message.reply({ path: { message_id }, data: { msg_type: 'text', content: '{"text":"收到"}', reply_in_thread: true } });
	like(reply, 'message.reply.thread');
	assert.equal((await sandbox.message('C0SALES00', tsOf(reply.data.message_id))).thread_ts, tsOf(message_id));
	like(await client.im.message.update({ path: { message_id }, data: { msg_type: 'text', content: '{"text":"改"}' } }), 'message.update.text',
		['data.thread_id']); // it is a thread's root by now
	assert.equal((await shown()).text, '改');
	like(await client.im.message.urgentApp({ path: { message_id }, params: { user_id_type: 'open_id' }, data: { user_id_list: [ana, 'ou_gone'] } }), 'message.urgent_app');
	assert.deepEqual((await shown()).urgent, ['U0ANA0000']);
	like(await client.im.pin.create({ data: { message_id } }), 'pin.create');
	const { data } = await client.im.message.get({ path: { message_id } });
	assert.equal(data.items[0].body.content, '{"text":"改"}');
	const seen = [];
	for await (const page of await client.im.message.listWithIterator({ params: { container_id_type: 'chat', container_id: sales, page_size: 1 } }))
		seen.push(...page.items);
	assert.deepEqual(seen.map(({ msg_type }) => msg_type), ['text', 'post']);
	like(await client.im.message.delete({ path: { message_id: reply.data.message_id } }), 'message.delete');
	assert.equal((await codeOf(client.im.message.delete({ path: { message_id: reply.data.message_id } }))).code, 230011);
});

test('the same uuid sends once', async (t) => {
	const { client, send, text } = await open(t);
	const first = await text('once', { uuid: 'u-1' });
	assert.equal((await text('once', { uuid: 'u-1' })).data.message_id, first.data.message_id);
	assert.notEqual((await text('once', { uuid: 'u-2' })).data.message_id, first.data.message_id);
	assert.ok(client && send);
});

test('a message whose answer is lost was sent', async (t) => {
	const { sandbox, text } = await open(t);
	await text('first'); // with the token fetched, the fault strikes the next message
	await sandbox.act({ do: 'faults', drop_after: true, times: 1, methods: ['im.message.create'] });
	await assert.rejects(text('lost', { uuid: 'lost-1' }));
	const again = await text('lost', { uuid: 'lost-1' });
	const messages = (await sandbox.state()).messages.C0SALES00;
	assert.equal(messages.filter((m) => m.text === 'lost').length, 1);
	assert.equal(tsOf(again.data.message_id), messages.at(-1).ts);
});

test('reactions', async (t) => {
	const { client, text } = await open(t);
	const { message_id } = (await text('x')).data;
	const made = await client.im.messageReaction.create({ path: { message_id }, data: { reaction_type: { emoji_type: 'DONE' } } });
	like(made, 'reaction.create');
	const listed = await client.im.messageReaction.list({ path: { message_id }, params: { reaction_type: 'DONE' } });
	like(listed, 'reaction.list');
	assert.equal(listed.data.items.length, 1);
	assert.equal((await client.im.messageReaction.delete({ path: { message_id, reaction_id: made.data.reaction_id } })).code, 0);
	assert.equal((await codeOf(client.im.messageReaction.create({ path: { message_id }, data: { reaction_type: { emoji_type: 'nope' } } }))).code, 231001);
});

test('chats and people', async (t) => {
	const { sandbox, client, sales, ana } = await open(t);
	like(await client.im.chat.list({ params: { page_size: 100 } }), 'chats.list');
	assert.equal((await client.im.chat.get({ path: { chat_id: sales } })).data.user_count, '6');
	like(await client.im.chatMembers.get({ path: { chat_id: sales }, params: { member_id_type: 'open_id' } }), 'chat.members');
	like(await client.contact.user.get({ path: { user_id: ana }, params: { user_id_type: 'open_id' } }), 'contact.user.get');
	const batch = await client.contact.user.batch({ params: { user_ids: [ana, openId(await sandbox.member('wei'))] } });
	assert.equal(batch.data.items.length, 2);
	const found = await client.contact.user.batchGetId({ params: { user_id_type: 'open_id' }, data: { emails: ['ana@lantern.example', 'nobody@example.com'] } });
	like(found, 'contact.users.batch_get_id');
	assert.deepEqual(found.data.user_list.map(({ user_id }) => user_id), [ana, undefined]);
	like(await client.contact.user.findByDepartment({ params: { department_id: '0', page_size: 50 } }), 'contact.users.find_by_department');
	like(await client.request({ method: 'GET', url: '/open-apis/bot/v3/info' }), 'bot.info');
});

test('what the app may do', async (t) => {
	const { client } = await open(t);
	const { scopes } = (await client.application.scope.list()).data;
	assert.deepEqual(scopes.find(({ scope_name }) => scope_name === 'im:message:send_as_bot'), { scope_name: 'im:message:send_as_bot', grant_status: 1 });
});

test('uploads', async (t) => {
	const { sandbox, client, send } = await open(t);
	const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), Buffer.from('IHDR'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
	const image = await client.im.image.create({ data: { image_type: 'message', image: png } });
	assertLikeReal(image, [feishuFixture('rest/image.upload').response.body.data]);
	const { message_id } = (await send('image', image)).data;
	const { files } = await sandbox.message('C0SALES00', tsOf(message_id));
	assert.deepEqual(Buffer.from(await (await fetch(new URL(files[0].url, sandbox.url))).arrayBuffer()), png);
	const file = await client.im.file.create({ data: { file_type: 'pdf', file_name: '报价.pdf', file: Buffer.from('pdf') } });
	assert.equal((await send('file', file)).code, 0);
	assert.equal((await codeOf(client.im.image.create({ data: { image_type: 'message', image: Buffer.from('words') } }))).code, 234011);
});

test('tokens: fetched once, refused when they are expired, fetched again', async (t) => {
	const { sandbox, client, text } = await open(t);
	await text('one');
	await text('two');
	const [key, first] = [...client.tokens][0];
	assert.match(first, /^t-/);
	await sandbox.act({ do: 'faults', expired_token: true, times: 1 });
	const refused = await codeOf(text('three'));
	assert.equal(refused.code, 99991663);
	assertLikeReal(refused, [feishuFixture('rest/errors').find(({ body }) => body.code === 99991663).body]);
	client.tokens.clear();
	assert.equal((await text('four')).code, 0);
	assert.notEqual(client.tokens.get(key), first);
	const bad = restClient({ ...newApp(sandbox), appSecret: 'wrong' });
	await assert.rejects(bad.im.chat.list({}));
});

test('limits: five a second to a chat, and the month\'s quota', async (t) => {
	const { sandbox, text } = await open(t, { options: [] });
	for (let i = 0; i < 5; i++)
		await text(`${i}`);
	const limited = await codeOf(text('one too many'));
	assert.equal(limited.code, 230020);
	assertLikeReal(limited, [feishuFixture('rest/errors').find(({ body }) => body.code === 230020).body]);
	await sandbox.pass(1000);
	assert.equal((await text('again')).code, 0);
	assert.equal((await sandbox.state()).feishu.quota.used, 7);
	await sandbox.act({ do: 'feishu', quota: 7 });
	await sandbox.pass(1000);
	assert.equal((await codeOf(text('no more'))).code, 99991403);
	await sandbox.act({ do: 'faults', rate_limit: true, times: 1 });
	const failed = await text('x').catch((error) => error);
	const response = failed.response ?? failed;
	assert.equal(response.status, 429);
	assert.equal(response.headers['x-ogw-ratelimit-reset'], '1');
});
