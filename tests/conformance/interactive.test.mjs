// SPDX-License-Identifier: MIT
// Commands, buttons, forms and shortcuts, acknowledged with and without a payload.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHas, assertLikeReal, fixture } from './support/fixtures.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { connect, errorOf, ofKind, ofType, webClient } from './support/slack.mjs';
import { until } from './support/waiting.mjs';

async function start(t, more) {
	const sandbox = await startSandbox(t, more);
	const bot = await connect(sandbox);
	return { sandbox, bot, web: webClient(sandbox), ana: await sandbox.member('ana'), sales: await sandbox.channel('sales') };
}

const plain = (text) => ({ type: 'plain_text', text });

const form = (more = {}) => ({
	type: 'modal', callback_id: 'standup', title: plain('Standup'), submit: plain('Send'), close: plain('Cancel'),
	private_metadata: '{"team":"sales"}',
	blocks: [
		{ type: 'input', block_id: 'results', label: plain('Yesterday'), element: { type: 'plain_text_input', action_id: 'text', multiline: true } },
		{ type: 'input', block_id: 'mood', optional: true, label: plain('Mood'), element: { type: 'static_select', action_id: 'pick',
			options: [{ text: plain('Good'), value: 'good' }, { text: plain('Bad'), value: 'bad' }] } },
	],
	...more,
});

// Ana runs /standup, and the bot opens a form; the view's id.
async function openForm({ sandbox, bot, web }, view = form()) {
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: '' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	return (await web.views.open({ trigger_id: body.trigger_id, view })).view;
}

const viewsOf = async (sandbox, who) => (await sandbox.state()).views[who.id];
const messagesIn = async (sandbox, channel) => (await sandbox.state()).messages[channel.id] ?? [];
const respond = (url, body) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/* ---- commands ---- */

test('a command: its payload, and an empty acknowledgement', async (t) => {
	const { sandbox, bot, ana, sales } = await start(t);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'show @wei' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	const frame = await bot.frames.next('its envelope', ({ type }) => type === 'slash_commands');
	const wei = await sandbox.member('wei');
	assert.equal(frame.accepts_response_payload, true);
	assert.ok(!('retry_attempt' in frame));
	assert.deepEqual([body.user_id, body.channel_id, body.channel_name, body.command], [ana.id, sales.id, 'sales', '/standup']);
	assert.match(body.text, new RegExp(`^show <@${wei.id}(\\|[^>]+)?>$`));
	assert.equal(body.is_enterprise_install, 'false');
	assertHas(body, ['token', 'team_id', 'team_domain', 'user_name', 'api_app_id', 'response_url', 'trigger_id']);
	assertLikeReal(frame, [fixture('slash/frame_slash_commands'), { payload: fixture('slash/slash_allfields') }],
		{ allowed: ['payload.is_enterprise_install'] }); // a text, section 4; a flag in the SDKs' samples
	assert.equal((await messagesIn(sandbox, sales)).length, 0);
});

test('a command acknowledged with a message: for one person, or for the channel', async (t) => {
	const { sandbox, bot, ana, sales } = await start(t);
	for (const [response_type, seen_by] of [[undefined, ana.id], ['ephemeral', ana.id], ['in_channel', undefined]]) {
		bot.answer = () => ({ response_type, text: `as ${response_type}` });
		await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'help' });
		const shown = (await messagesIn(sandbox, sales)).at(-1);
		assert.deepEqual([shown.text, shown.ephemeral_to, shown.bot], [`as ${response_type}`, seen_by, true]);
	}
});

test('a command that nobody acknowledges, or nobody hears', async (t) => {
	const { sandbox, bot } = await start(t);
	const command = { do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'help' };
	bot.answer = () => false;
	const pending = sandbox.tryAct(command);
	await bot.inbox.next('the command', ofKind('slash_commands'));
	await sandbox.pass(3_000);
	assert.match((await pending).error, /operation_timeout/);
	assert.equal(bot.inbox.things.length, 0, 'a command is not repeated');
	await bot.client.disconnect();
	await until('no connection', async () => (await sandbox.state()).connections === 0);
	assert.match((await sandbox.tryAct(command)).error, /dispatch_failed/);
});

test('a command in direct messages names the channel so', async (t) => {
	const { sandbox, bot } = await start(t);
	const { channel } = await sandbox.act({ do: 'open_dm', as: 'ana' });
	await sandbox.act({ do: 'command', as: 'ana', channel, command: '/standup', text: '' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	assert.deepEqual([body.channel_id, body.channel_name, body.text], [channel, 'directmessage', '']);
});

/* ---- response_url ---- */

test('response_url: five answers, ephemeral unless said otherwise', async (t) => {
	const { sandbox, bot, ana, sales } = await start(t);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'show' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	const first = await respond(body.response_url, { text: 'for you' });
	assert.deepEqual([first.status, await first.text()], [200, 'ok']);
	assert.deepEqual((await messagesIn(sandbox, sales)).map((m) => [m.text, m.ephemeral_to]), [['for you', ana.id]]);
	await respond(body.response_url, { text: 'for all', response_type: 'in_channel' });
	const { body: said } = await bot.inbox.next('the post as an event', ofType('message', 'bot_message'));
	assert.equal(said.event.text, 'for all');
	assert.ok(!('user' in said.event));
	assertLikeReal(said, [fixture('events/message_own_response_url_post'), fixture('events/message_bot_message_captured'), fixture('events/message_channel_plain')]);
	for (let use = 3; use <= 5; use++)
		assert.equal((await respond(body.response_url, { text: `answer ${use}` })).status, 200);
	assert.equal((await respond(body.response_url, { text: 'one too many' })).status, 404);
	assert.equal((await messagesIn(sandbox, sales)).length, 5);
});

test('response_url: over after 30 minutes', async (t) => {
	const { sandbox, bot, sales } = await start(t);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'show' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	await sandbox.pass(30 * 60_000 + 1_000);
	assert.equal((await respond(body.response_url, { text: 'too late' })).status, 404);
	assert.equal((await messagesIn(sandbox, sales)).length, 0);
});

test('response_url: where the bot is no member', async (t) => {
	const { sandbox, bot } = await start(t);
	const random = await sandbox.channel('random');
	await sandbox.act({ do: 'command', as: 'ana', channel: '#random', command: '/standup', text: 'show' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	assert.equal((await respond(body.response_url, { text: 'hi', response_type: 'in_channel' })).status, 200);
	assert.equal((await messagesIn(sandbox, random)).at(-1).text, 'hi');
});

/* ---- buttons ---- */

const card = {
	text: 'Ready?',
	blocks: [
		{ type: 'section', block_id: 'words', text: { type: 'mrkdwn', text: '*Ready?*' } },
		{ type: 'actions', block_id: 'keys', elements: [
			{ type: 'button', action_id: 'answer', text: plain('Answer'), value: 'round 42', style: 'primary' },
			{ type: 'static_select', action_id: 'pick', placeholder: plain('Pick'), options: [{ text: plain('One'), value: '1' }, { text: plain('Two'), value: '2' }] },
			{ type: 'datepicker', action_id: 'day' },
		] },
	],
};

test('block_actions: a button of a message', async (t) => {
	const { sandbox, bot, web, ana, sales } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, ...card });
	await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'answer' });
	const { body } = await bot.inbox.next('the press', ofKind('block_actions'));
	const frame = await bot.frames.next('its envelope', ({ type }) => type === 'interactive');
	const [action] = body.actions;
	assert.deepEqual([action.type, action.action_id, action.block_id, action.value], ['button', 'answer', 'keys', 'round 42']);
	assert.ok(action.action_ts);
	assert.deepEqual(body.container, { type: 'message', message_ts: ts, channel_id: sales.id, is_ephemeral: false });
	assert.deepEqual([body.user.id, body.channel.id, body.channel.name, body.message.ts], [ana.id, sales.id, 'sales', ts]);
	assertHas(body, ['trigger_id', 'response_url', 'team', 'api_app_id', 'token']);
	assertHas(frame, ['envelope_id', 'accepts_response_payload']);
	assertLikeReal(body, ['block_actions_button_captured', 'block_actions_in_message', 'block_actions_in_home'].map((name) => fixture(`interactive/${name}`))
		.concat(fixture('interactive/frame_interactive_block_actions_large').payload, { message: fixture('events/message_from_bot_no_subtype').event },
			{ message: fixture('webapi/chat_postMessage_ok').message }), { allowed: ['message.blocks', 'actions[].style'] });
});

test('block_actions: what was chosen', async (t) => {
	const { sandbox, bot, web, sales } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, ...card });
	await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'pick', selected: '2' });
	const pick = await bot.inbox.next('the choice', ofKind('block_actions'));
	assert.equal(pick.body.actions[0].type, 'static_select');
	assert.deepEqual([pick.body.actions[0].selected_option.value, pick.body.actions[0].selected_option.text.text], ['2', 'Two']);
	await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'day', selected: '2026-03-05' });
	const day = await bot.inbox.next('the day', ofKind('block_actions'));
	assert.equal(day.body.actions[0].selected_date, '2026-03-05');
});

test('a press: replaced, answered and deleted through its response_url', async (t) => {
	const { sandbox, bot, web, sales, ana } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, ...card });
	const press = async () => {
		await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'answer' });
		return (await bot.inbox.next('the press', ofKind('block_actions'))).body.response_url;
	};
	await respond(await press(), { replace_original: true, ...card, text: 'Replaced' });
	assert.equal((await sandbox.message(sales.id, ts)).text, 'Replaced');
	const url = await press();
	await respond(url, { text: 'only you', replace_original: false });
	assert.equal((await messagesIn(sandbox, sales)).at(-1).ephemeral_to, ana.id);
	await respond(url, { delete_original: true });
	assert.equal(await sandbox.message(sales.id, ts), undefined);
});

test('a press on a message that one person sees', async (t) => {
	const { sandbox, bot, web, sales, ana } = await start(t);
	const { message_ts: ts } = await web.chat.postEphemeral({ channel: sales.id, user: ana.id, ...card });
	await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'answer' });
	const { body } = await bot.inbox.next('the press', ofKind('block_actions'));
	assert.equal(body.container.is_ephemeral, true);
	assert.ok(!('message' in body));
	await respond(body.response_url, { replace_original: true, text: 'thank you' });
	assert.equal((await sandbox.message(sales.id, ts)).text, 'thank you');
});

test('a press that nobody acknowledges is not repeated', async (t) => {
	const { sandbox, bot, web, sales } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, ...card });
	bot.answer = ({ type }) => (type === 'interactive' ? false : undefined);
	const pending = sandbox.tryAct({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'answer' });
	await bot.inbox.next('the press', ofKind('block_actions'));
	await sandbox.pass(3_000);
	assert.match((await pending).error, /trouble connecting/);
	await sandbox.pass(600_000);
	await sandbox.say('ana', '#sales', 'the next thing');
	await bot.inbox.next('the next thing', ({ body }) => body.event?.text === 'the next thing');
	assert.equal(bot.inbox.things.filter(({ type }) => type === 'interactive').length, 0);
});

/* ---- forms ---- */

test('views.open: the view, whole; its trigger once and for three seconds', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, web, ana } = ready;
	const view = await openForm(ready);
	assertLikeReal({ view }, [fixture('webapi/views_open_ok'), { view: fixture('interactive/view_submission_allfields').view },
		{ view: fixture('interactive/view_submission_modal').view }], { allowed: ['view.state.values', 'view.blocks'] });
	assert.deepEqual([view.type, view.callback_id, view.private_metadata, view.root_view_id, view.previous_view_id],
		['modal', 'standup', '{"team":"sales"}', view.id, null]);
	assert.equal((await viewsOf(sandbox, ana)).id, view.id);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: '' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	await web.views.open({ trigger_id: body.trigger_id, view: form() });
	assert.equal((await errorOf(web.views.open({ trigger_id: body.trigger_id, view: form() }))).error, 'exchanged_trigger_id');
	assert.equal((await errorOf(web.views.open({ trigger_id: 'not.a.trigger', view: form() }))).error, 'invalid_trigger_id');
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: '' });
	const late = await bot.inbox.next('the last command', ofKind('slash_commands'));
	await sandbox.pass(3_500);
	assert.equal((await errorOf(web.views.open({ trigger_id: late.body.trigger_id, view: form() }))).error, 'expired_trigger_id');
});

test('views.open: what breaks Block Kit is refused, with the place', async (t) => {
	const { sandbox, bot, web } = await start(t);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: '' });
	const { body } = await bot.inbox.next('the command', ofKind('slash_commands'));
	const refuse = (view) => errorOf(web.views.open({ trigger_id: body.trigger_id, view }));
	const tooLong = await refuse(form({ title: plain('A title of more than twenty-four characters') }));
	assert.equal(tooLong.error, 'invalid_arguments');
	assert.match(tooLong.response_metadata.messages.join(), /json-pointer:\/view\/title/);
	assert.equal((await refuse(form({ submit: undefined }))).error, 'invalid_arguments', 'inputs need a submit button');
	assert.equal((await refuse(form({ blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }))).error, 'invalid_arguments');
	assert.equal((await refuse(form({ private_metadata: 'x'.repeat(3001) }))).error, 'invalid_arguments');
});

test('view_submission: the values; an empty acknowledgement closes', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, ana } = ready;
	const view = await openForm(ready);
	await sandbox.act({ do: 'submit', as: 'ana', view_id: view.id, values: {
		results: { text: { value: 'two deals\nand a call' } }, mood: { pick: { selected_option: { text: plain('Good'), value: 'good' } } } } });
	const { body } = await bot.inbox.next('the form', ofKind('view_submission'));
	assert.deepEqual(body.view.state.values.results.text, { type: 'plain_text_input', value: 'two deals\nand a call' });
	assert.equal(body.view.state.values.mood.pick.selected_option.value, 'good');
	assert.deepEqual([body.user.id, body.view.id, body.view.hash, body.view.private_metadata], [ana.id, view.id, view.hash, '{"team":"sales"}']);
	assert.deepEqual(body.response_urls, []);
	assert.ok(!('channel' in body) && !('response_url' in body));
	assertLikeReal(body, ['view_submission_allfields', 'view_submission_modal', 'composed_frame_view_submission_standup'].map((name) => fixture(`interactive/${name}`))
		.map((real) => real.payload ?? real), { allowed: ['view.state.values', 'view.blocks', 'enterprise'] });
	assert.equal(await viewsOf(sandbox, ana), undefined);
});

test('view_submission: empty inputs are null; a required one is asked for before the bot hears', async (t) => {
	const ready = await start(t);
	const { sandbox, bot } = ready;
	const deltas = await sandbox.watch();
	const view = await openForm(ready);
	await sandbox.act({ do: 'submit', as: 'ana', view_id: view.id, values: {} });
	const { errors } = await deltas.next('the complaint', ({ type }) => type === 'view_errors');
	assert.deepEqual(Object.keys(errors), ['results']);
	await sandbox.act({ do: 'submit', as: 'ana', view_id: view.id, values: { results: { text: { value: 'one deal' } } } });
	const { body } = await bot.inbox.next('the form', ofKind('view_submission'));
	assert.equal(body.view.state.values.mood.pick.selected_option, null);
	assert.equal(bot.inbox.things.length, 0);
});

test('response_action errors keeps the form open and marks its blocks', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, ana } = ready;
	const deltas = await sandbox.watch();
	const view = await openForm(ready);
	bot.answer = () => ({ response_action: 'errors', errors: { results: 'Say more' } });
	await sandbox.act({ do: 'submit', as: 'ana', view_id: view.id, values: { results: { text: { value: '-' } } } });
	const marked = await deltas.next('the marks', ({ type }) => type === 'view_errors');
	assert.deepEqual([marked.view_id, marked.errors], [view.id, { results: 'Say more' }]);
	assert.equal((await viewsOf(sandbox, ana)).id, view.id);
	bot.answer = () => ({ response_action: 'errors', errors: { nowhere: 'Say more' } });
	const wrong = await sandbox.tryAct({ do: 'submit', as: 'ana', view_id: view.id, values: { results: { text: { value: '-' } } } });
	assert.match(wrong.error, /trouble connecting/);
	assert.equal((await viewsOf(sandbox, ana)).id, view.id);
});

test('response_action update, push and clear', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, ana } = ready;
	const view = await openForm(ready);
	const submit = (view_id) => sandbox.act({ do: 'submit', as: 'ana', view_id, values: { results: { text: { value: 'x' } } } });
	bot.answer = () => ({ response_action: 'update', view: form({ callback_id: 'updated' }) });
	await submit(view.id);
	const updated = await viewsOf(sandbox, ana);
	assert.deepEqual([updated.id, updated.callback_id], [view.id, 'updated']);
	assert.notEqual(updated.hash, view.hash);
	bot.answer = () => ({ response_action: 'push', view: form({ callback_id: 'pushed' }) });
	await submit(view.id);
	const pushed = await viewsOf(sandbox, ana);
	assert.deepEqual([pushed.callback_id, pushed.root_view_id, pushed.previous_view_id], ['pushed', view.id, view.id]);
	bot.answer = () => undefined;
	await submit(pushed.id);
	assert.equal((await viewsOf(sandbox, ana)).id, view.id, 'the one below shows');
	bot.answer = () => ({ response_action: 'clear' });
	await submit(view.id);
	assert.equal(await viewsOf(sandbox, ana), undefined);
});

test('an acknowledgement that is no answer leaves the form open with trouble', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, ana } = ready;
	const view = await openForm(ready);
	bot.answer = () => ({ text: 'thanks' });
	const answer = await sandbox.tryAct({ do: 'submit', as: 'ana', view_id: view.id, values: { results: { text: { value: 'x' } } } });
	assert.match(answer.error, /trouble connecting/);
	assert.equal((await viewsOf(sandbox, ana)).id, view.id);
});

test('view_closed comes only when asked for', async (t) => {
	const ready = await start(t);
	const { sandbox, bot } = ready;
	const quiet = await openForm(ready);
	await sandbox.act({ do: 'close_view', as: 'ana', view_id: quiet.id });
	const view = await openForm(ready, form({ notify_on_close: true }));
	await sandbox.act({ do: 'close_view', as: 'ana', view_id: view.id, all: true });
	const { body } = await bot.inbox.next('the closing', ofKind('view_closed'));
	assert.deepEqual([body.view.id, body.is_cleared], [view.id, true]);
	assert.deepEqual(body.view.state.values, {});
	const frame = await bot.frames.next('its envelope', ({ payload }) => payload?.type === 'view_closed');
	assert.ok(!('retry_attempt' in frame));
	assert.equal(bot.inbox.things.length, 0);
});

test('views.update: by id and hash, by external_id', async (t) => {
	const ready = await start(t);
	const { web } = ready;
	const view = await openForm(ready, form({ external_id: 'standup-42' }));
	const updated = await web.views.update({ view_id: view.id, hash: view.hash, view: form({ callback_id: 'second', external_id: 'standup-42' }) });
	assert.equal(updated.view.id, view.id);
	assert.notEqual(updated.view.hash, view.hash);
	assert.equal((await errorOf(web.views.update({ view_id: view.id, hash: view.hash, view: form() }))).error, 'hash_conflict');
	const third = await web.views.update({ external_id: 'standup-42', view: form({ callback_id: 'third' }) });
	assert.equal(third.view.callback_id, 'third');
	assert.equal((await errorOf(web.views.update({ view_id: 'V0NOWHERE', view: form() }))).error, 'not_found');
});

test('views.push: three high, no more', async (t) => {
	const ready = await start(t);
	const { sandbox, bot, web } = ready;
	const asking = form({ blocks: [{ type: 'actions', block_id: 'keys', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] }] });
	let top = await openForm(ready, asking);
	for (let high = 2; high <= 4; high++) {
		await sandbox.act({ do: 'press', as: 'ana', view_id: top.id, block_id: 'keys', action_id: 'more' });
		const { body } = await bot.inbox.next('the press', ofKind('block_actions'));
		assert.deepEqual(body.container, { type: 'view', view_id: top.id });
		assert.equal(body.view.id, top.id);
		if (high <= 3)
			top = (await web.views.push({ trigger_id: body.trigger_id, view: asking })).view;
		else
			assert.equal((await errorOf(web.views.push({ trigger_id: body.trigger_id, view: asking }))).error, 'push_limit_reached');
	}
});

test('App Home: published, opened, pressed', async (t) => {
	const { sandbox, bot, web, ana } = await start(t);
	const view = { type: 'home', blocks: [{ type: 'actions', block_id: 'keys', elements: [{ type: 'button', action_id: 'answer', text: plain('Answer'), value: 'now' }] }] };
	const published = (await web.views.publish({ user_id: ana.id, view })).view;
	assert.equal((await sandbox.state()).homes[ana.id].id, published.id);
	await sandbox.act({ do: 'press', as: 'ana', view_id: published.id, block_id: 'keys', action_id: 'answer' });
	const { body } = await bot.inbox.next('the press', ofKind('block_actions'));
	assert.deepEqual([body.view.type, body.view.id, body.actions[0].value], ['home', published.id, 'now']);
	assert.ok(!('response_url' in body) && !('channel' in body));
	assertLikeReal(body, [fixture('interactive/block_actions_in_home'), fixture('interactive/block_actions_button_captured'),
		fixture('events/app_home_opened_allfields').event], { allowed: ['view.blocks', 'view.state.values'] });
	const again = (await web.views.publish({ user_id: ana.id, hash: published.hash, view })).view;
	assert.equal(again.id, published.id);
	assert.equal((await errorOf(web.views.publish({ user_id: ana.id, hash: published.hash, view }))).error, 'hash_conflict');
});

/* ---- shortcuts, suggestions ---- */

test('shortcut and message_action', async (t) => {
	const { sandbox, bot, sales, ana } = await start(t);
	await sandbox.act({ do: 'shortcut', as: 'ana', callback_id: 'new_blocker' });
	const global = await bot.inbox.next('the shortcut', ofKind('shortcut'));
	assert.deepEqual([global.body.callback_id, global.body.user.id, 'channel' in global.body, 'response_url' in global.body], ['new_blocker', ana.id, false, false]);
	assertHas(global.body, ['trigger_id', 'action_ts', 'team']);
	const ts = await sandbox.say('ana', '#sales', 'the contract is stuck');
	await sandbox.act({ do: 'shortcut', as: 'ana', channel: sales.id, ts, callback_id: 'new_blocker' });
	const { body } = await bot.inbox.next('the message action', ofKind('message_action'));
	assert.deepEqual([body.message_ts, body.message.text, body.channel.id], [ts, 'the contract is stuck', sales.id]);
	assertHas(body, ['trigger_id', 'response_url', 'callback_id']);
	assertLikeReal(body, [fixture('interactive/message_action_captured'), fixture('interactive/block_actions_button_captured')]);
});

test('block_suggestion: options for what was typed', async (t) => {
	const ready = await start(t);
	const { sandbox, bot } = ready;
	const deltas = await sandbox.watch();
	const view = await openForm(ready, form({ blocks: [{ type: 'input', block_id: 'deal', label: plain('Deal'),
		element: { type: 'external_select', action_id: 'find', min_query_length: 1 } }] }));
	const options = [{ text: plain('Deal 17'), value: '17' }];
	bot.answer = () => ({ options });
	await sandbox.act({ do: 'suggest', as: 'ana', view_id: view.id, block_id: 'deal', action_id: 'find', value: 'de' });
	const { body } = await bot.inbox.next('the question', ofKind('block_suggestion'));
	assert.deepEqual([body.value, body.action_id, body.block_id, body.container], ['de', 'find', 'deal', { type: 'view', view_id: view.id }]);
	assert.deepEqual((await deltas.next('the options', ({ type }) => type === 'options')).options, options);
});
