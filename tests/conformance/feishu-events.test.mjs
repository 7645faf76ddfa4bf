// SPDX-License-Identifier: MIT
// Each event as @larksuiteoapi/node-sdk dispatches it, beside the samples of the real platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertLikeReal, feishuFixture } from './support/fixtures.mjs';
import { chatId, connect, eventOf, newApp, ofType, openId, restClient, settled, tsOf } from './support/feishu.mjs';
import { startSandbox } from './support/sandbox.mjs';

function like(event, ...samples) {
	assertLikeReal(eventOf(event), samples.map((name) => feishuFixture(`events/${name}`)), { allowed: ['schema'] });
}

async function textOf(bot) {
	const event = await bot.inbox.next('a message', ofType('im.message.receive_v1'));
	return [event, JSON.parse(event.message.content)];
}

test('messages: text with mentions, in groups, threads and to the bot alone', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	const ts = await sandbox.say('ana', '#sales', '@belltower 签了两家 <3 @here ✅');
	const [first, content] = await textOf(bot);
	like(first, 'im.message.receive_v1.text_group_at_bot', 'im.message.receive_v1.text_null_user_id');
	assert.equal(content.text, '@_user_1 签了两家 <3 @_all ✅');
	assert.equal(tsOf(first.message.message_id), ts);
	assert.equal(first.message.mentions[0].id.open_id, (await sandbox.state()).feishu.bot_open_id);
	assert.equal(first.sender.sender_id.open_id, openId(await sandbox.member('ana')));
	assert.equal(first.message.chat_id, chatId(await sandbox.channel('sales')));
	await sandbox.say('wei', '#sales', '已联系客户', { thread_ts: ts });
	const [reply] = await textOf(bot);
	like(reply, 'im.message.receive_v1.text_thread_reply', 'im.message.receive_v1.text_null_user_id');
	assert.equal(reply.message.root_id, first.message.message_id);
	await sandbox.say('wei', '#sales', '补充', { thread_ts: ts, quotes: true });
	const [quote] = await textOf(bot);
	like(quote, 'im.message.receive_v1.text_quote_reply', 'im.message.receive_v1.text_null_user_id');
	assert.equal(quote.message.thread_id, undefined);
	const { channel } = await sandbox.act({ do: 'open_dm', as: 'ana' });
	like(await bot.inbox.next('entering', ofType('im.chat.access_event.bot_p2p_chat_entered_v1')),
		'im.chat.access_event.bot_p2p_chat_entered_v1', 'im.message.receive_v1.text_null_user_id');
	await sandbox.say('ana', channel, 'hello');
	const [direct] = await textOf(bot);
	like(direct, 'im.message.receive_v1.text_p2p_standup', 'im.message.receive_v1.text_null_user_id');
	assert.equal(direct.message.chat_type, 'p2p');
	await settled(sandbox);
});

test('messages: pictures, files, both with words', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	const upload = (name, more = {}) => sandbox.act({ do: 'upload', as: 'ana', channel: '#sales', name, base64: 'aGVsbG8=', ...more });
	await upload('a.png');
	const [image, key] = await textOf(bot);
	like(image, 'im.message.receive_v1.image', 'im.message.receive_v1.text_null_user_id');
	assertLikeReal(key, [JSON.parse(feishuFixture('events/im.message.receive_v1.image').event.message.content)]);
	await upload('a.pdf');
	const [file, names] = await textOf(bot);
	assertLikeReal(names, [JSON.parse(feishuFixture('events/im.message.receive_v1.file').event.message.content)]);
	assert.equal(file.message.message_type, 'file');
	await upload('b.png', { text: 'look @wei' });
	const [post, lines] = await textOf(bot);
	assert.equal(post.message.message_type, 'post');
	assert.equal(lines.content[0][0].text, 'look ');
	assert.deepEqual([lines.content[0][1].tag, lines.content[0][1].user_id], ['at', '@_user_1']);
	const client = restClient(bot.app);
	const resource = await client.im.messageResource.get({ path: { message_id: image.message.message_id, file_key: key.image_key }, params: { type: 'image' } });
	const chunks = [];
	for await (const chunk of resource.getReadableStream())
		chunks.push(chunk);
	assert.equal(Buffer.concat(chunks).toString(), 'hello');
});

test('reactions and recalls', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	const ts = await sandbox.say('ana', '#sales', 'x');
	const [said] = await textOf(bot);
	await sandbox.act({ do: 'react', as: 'wei', channel: '#sales', ts, name: 'DONE' });
	const reacted = await bot.inbox.next('the reaction', ofType('im.message.reaction.created_v1'));
	like(reacted, 'im.message.reaction.created_v1.user', 'im.message.receive_v1.text_null_user_id');
	assert.equal(reacted.reaction_type.emoji_type, 'DONE');
	assert.deepEqual((await sandbox.message((await sandbox.channel('sales')).id, ts)).reactions[0].name, 'white_check_mark');
	await sandbox.act({ do: 'react', as: 'wei', channel: '#sales', ts, name: 'white_check_mark', on: false });
	like(await bot.inbox.next('its end', ofType('im.message.reaction.deleted_v1')), 'im.message.reaction.deleted_v1');
	await restClient(bot.app).im.messageReaction.create({ path: { message_id: said.message.message_id }, data: { reaction_type: { emoji_type: 'OK' } } });
	like(await bot.inbox.next('the bot\'s own', ofType('im.message.reaction.created_v1')), 'im.message.reaction.created_v1.app');
	await sandbox.act({ do: 'delete', as: 'ana', channel: '#sales', ts });
	const recalled = await bot.inbox.next('the recall', ofType('im.message.recalled_v1'));
	like(recalled, 'im.message.recalled_v1');
	assert.equal(recalled.message_id, said.message.message_id);
});

test('chats, people and the menu', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	const expect = async (act, type, ...samples) => {
		await sandbox.act(act);
		like(await bot.inbox.next(type, ofType(type)), ...(samples.length ? samples : [type]));
	};
	await expect({ do: 'invite', as: 'ana', channel: '#random', user: 'belltower' }, 'im.chat.member.bot.added_v1');
	await expect({ do: 'leave', as: 'tom', channel: '#random' }, 'im.chat.member.user.deleted_v1');
	await expect({ do: 'join', as: 'tom', channel: '#random' }, 'im.chat.member.user.added_v1');
	await expect({ do: 'archive', as: 'ana', channel: '#random', on: true }, 'im.chat.disbanded_v1');
	await expect({ do: 'add_member', name: 'mina', real_name: 'Mina Sato' }, 'contact.user.created_v3');
	await expect({ do: 'deactivate', user: 'mina' }, 'contact.user.deleted_v3');
	await expect({ do: 'menu', as: 'ana', key: 'standup' }, 'application.bot.menu_v6');
	await settled(sandbox);
});

test('an event whose handler fails comes again, the same', async (t) => {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	bot.answer = () => {
		throw new Error('on purpose');
	};
	await sandbox.say('ana', '#sales', 'x');
	const [first] = await textOf(bot);
	bot.answer = () => undefined;
	await sandbox.pass(15_000);
	const [again] = await textOf(bot);
	assert.equal(again.event_id, first.event_id);
	assert.equal(again.create_time, first.create_time);
	await settled(sandbox);
});

test('only what the scopes allow is heard', async (t) => {
	const scopes = ['im:message.group_at_msg:readonly'];
	const company = { members: [{ name: 'ana' }], channels: [{ name: 'sales', members: ['ana', 'belltower'] }], feishu: { scopes } };
	const sandbox = await startSandbox(t, { company });
	const bot = await connect(sandbox, { app: newApp(sandbox) });
	await sandbox.say('ana', '#sales', 'among us');
	await sandbox.say('ana', '#sales', '@belltower for you');
	const [, content] = await textOf(bot);
	assert.equal(content.text, '@_user_1 for you');
});
