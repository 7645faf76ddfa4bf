// SPDX-License-Identifier: MIT
// Cards as @larksuiteoapi/node-sdk brings them to an app and back: presses, forms, answers, updates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import lark from '@larksuiteoapi/node-sdk';
import { assertLikeReal, feishuFixture } from './support/fixtures.mjs';
import { button, card, chatId, codeOf, connect, eventOf, ofType, openId, restClient, settled, tsOf } from './support/feishu.mjs';
import { startSandbox } from './support/sandbox.mjs';

async function bring(t, content, options) {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox, options);
	const client = restClient(bot.app), sales = await sandbox.channel('sales');
	const { data } = await client.im.message.create({ params: { receive_id_type: 'chat_id' },
		data: { receive_id: chatId(sales), msg_type: 'interactive', content: JSON.stringify(content) } });
	const ts = tsOf(data.message_id);
	return { sandbox, bot, client, data, ts, shown: () => sandbox.message(sales.id, ts),
		press: (more) => sandbox.act({ do: 'press', as: 'wei', channel: '#sales', ts, ...more }),
		tryPress: (more) => sandbox.tryAct({ do: 'press', as: 'wei', channel: '#sales', ts, ...more }) };
}

test('a press is answered with a toast and another card', async (t) => {
	const answer = { toast: { type: 'success', content: 'thanks' }, card: { type: 'raw', data: card({ tag: 'markdown', content: 'done' }) } };
	const { sandbox, bot, data, shown, press } = await bring(t, card(button('Go', { belltower: 'blocker.ack', blocker_id: 42 })), { answer: () => answer });
	assert.equal((await shown()).card.body.elements[0].text.content, 'Go');
	const deltas = await sandbox.watch();
	await press({ button: 'Go' });
	const event = await bot.inbox.next('the press', ofType('card.action.trigger'));
	assertLikeReal(eventOf(event), [feishuFixture('events/card.action.trigger.button'), feishuFixture('events/im.message.receive_v1.text_null_user_id')],
		{ allowed: ['schema', 'event.operator.user_id'] });
	assert.equal(event.create_time.length, 16);
	assert.equal(event.context.open_message_id, data.message_id);
	assert.equal(event.action.value.blocker_id, 42);
	assert.equal((await deltas.next('the toast', ({ type }) => type === 'notice')).text, 'thanks');
	assert.equal((await shown()).card.body.elements[0].content, 'done');
	await settled(sandbox);
});

test('an answer of nothing changes nothing; one that never comes is told to the person', async (t) => {
	const { sandbox, bot, shown, press, tryPress } = await bring(t, card(button('Go', { n: 1 })), { answer: () => ({}) });
	await press({ button: 'Go' });
	assert.equal((await shown()).card.body.elements[0].tag, 'button');
	bot.answer = () => new Promise(() => {});
	const pressed = tryPress({ button: 'Go' });
	await bot.inbox.next('the first press', ofType('card.action.trigger'));
	await bot.inbox.next('the second press', ofType('card.action.trigger'));
	await sandbox.pass(3000);
	assert.match((await pressed).error, /200341/);
});

test('other components say what was chosen', async (t) => {
	const people = await (async () => ({ tag: 'select_person', behaviors: [{ type: 'callback', value: { a: 2 } }] }))();
	const choose = { tag: 'select_static', name: 'snooze', options: [{ text: { tag: 'plain_text', content: '3 天' }, value: '3d' }],
		behaviors: [{ type: 'callback', value: { belltower: 'stall.snooze', deal: 7 } }] };
	const check = { tag: 'checker', text: { tag: 'plain_text', content: 'x' }, behaviors: [{ type: 'callback', value: { a: 3 } }] };
	const write = { tag: 'input', behaviors: [{ type: 'callback', value: { a: 4 } }] };
	const { sandbox, bot, press } = await bring(t, card(choose, people, check, write), { answer: () => ({}) });
	const wei = openId(await sandbox.member('wei'));
	for (const [path, args, sample, key, value] of [
		['body.elements.0', { option: '3d' }, 'select_static', 'option', '3d'],
		['body.elements.1', { option: wei }, 'select_person', 'option', wei],
		['body.elements.2', { checked: true }, 'checker', 'checked', true],
		['body.elements.3', { input: '客户推迟' }, 'input', 'input_value', '客户推迟'],
	]) {
		await press({ path, ...args });
		const event = await bot.inbox.next(sample, ofType('card.action.trigger'));
		assertLikeReal(event.action, [feishuFixture(`events/card.action.trigger.${sample}`).event.action], { allowed: ['value.a', 'timezone', 'name'] });
		assert.equal(event.action[key], value);
	}
});

test('a form brings its values', async (t) => {
	const form = feishuFixture('cards/v2.standup_form').body.elements[1];
	const members = (element) => (element.tag === 'select_person' ? { ...element, options: undefined } : element);
	const { sandbox, bot, ts } = await bring(t, card({ ...form, elements: form.elements.map(members) }), { answer: () => ({ toast: { type: 'info', content: '收到' } }) });
	const submit = (form_value) => sandbox.tryAct({ do: 'submit', as: 'ana', channel: '#sales', ts, form_value });
	assert.match((await submit({ done: '一' })).error, /next.*required/);
	assert.equal((await submit({ done: '拜访 3 家', next: '报价', due: '2026-01-03' })).ok, true);
	const event = await bot.inbox.next('the form', ofType('card.action.trigger'));
	const real = feishuFixture('events/card.action.trigger.form_submit').event.action;
	assertLikeReal(event.action, [real]);
	assert.equal(event.action.name, real.name);
	assert.deepEqual(event.action.form_value, { done: '拜访 3 家', next: '报价', blocked: '', due: '2026-01-03 +0800' });
});

test('the card is updated by the callback\'s token, after the answer, twice', async (t) => {
	const { bot, client, shown, press } = await bring(t, card(button('Go', {})), { answer: () => ({}) });
	await press({ button: 'Go' });
	const { token } = await bot.inbox.next('the press', ofType('card.action.trigger'));
	const update = (content) => client.request({ method: 'POST', url: '/open-apis/interactive/v1/card/update',
		data: { token, card: card({ tag: 'markdown', content }) } });
	assert.equal((await update('one')).code, 0);
	assert.equal((await update('two')).code, 0);
	assert.equal((await codeOf(update('three'))).code, 300040);
	assert.equal((await shown()).card.body.elements[0].content, 'two');
});

test('all sample cards are taken, and wrong ones refused with the platform\'s words', async (t) => {
	const { sandbox, client, data } = await bring(t, card());
	const patch = (content) => client.im.message.patch({ path: { message_id: data.message_id }, data: { content: JSON.stringify(content) } });
	for (const name of ['v2.stall_alert', 'v2.standup_done', 'v2.chart_line', 'v2.i18n', 'v2.leaderboard_table'])
		assert.equal((await patch(feishuFixture(`cards/${name}`))).code, 0, name);
	const refused = await codeOf(patch(card({ tag: 'note', elements: [] })));
	assert.equal(refused.code, 230099);
	assert.match(refused.msg, /ErrCode: 200861/);
	const real = feishuFixture('rest/errors').find(({ name }) => name.startsWith('230099'));
	if (real)
		assertLikeReal(refused, [real.body]);
	const sent = await client.request({ method: 'POST', url: '/open-apis/ephemeral/v1/send', data: { chat_id: chatId(await sandbox.channel('sales')),
		open_id: openId(await sandbox.member('ana')), msg_type: 'interactive', card: feishuFixture('cards/v2.stall_alert') } });
	assertLikeReal(sent, [feishuFixture('rest/ephemeral.send').response.body]);
});

test('CardActionHandler reads what is pushed', async (t) => {
	const seen = [];
	const handler = new lark.CardActionHandler({ loggerLevel: lark.LoggerLevel.fatal }, async (event) => {
		seen.push(event);
		return { toast: { type: 'info', content: 'seen' } };
	});
	const { sandbox, bot, press } = await bring(t, card(button('Go', { n: 1 })));
	bot.answer = (event) => handler.invoke(eventOf(event));
	const deltas = await sandbox.watch();
	await press({ button: 'Go' });
	assert.equal(seen[0].action.value.n, 1);
	assert.equal((await deltas.next('the toast', ({ type }) => type === 'notice')).text, 'seen');
});
