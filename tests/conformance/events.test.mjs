// SPDX-License-Identifier: MIT
// Every kind of event, as @slack/socket-mode hands it over, beside what the real platform sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHas, assertLikeReal, fixture } from './support/fixtures.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { connect, ofType, webClient } from './support/slack.mjs';
import { until } from './support/waiting.mjs';

const outer = ['token', 'team_id', 'api_app_id', 'event', 'type', 'event_id', 'event_time', 'authorizations',
	'is_ext_shared_channel', 'event_context'];

async function bot(t, more) {
	const sandbox = await startSandbox(t, more);
	return { sandbox, ...(await connect(sandbox)) };
}

test('the outer body is whole, and ids are the event\'s own', async (t) => {
	const { sandbox, inbox, frames } = await bot(t);
	await sandbox.say('ana', '#sales', 'one');
	await sandbox.say('ana', '#sales', 'two');
	const frame = await frames.next('an envelope', ({ type }) => type === 'events_api');
	assertLikeReal(frame, [fixture('events/frame_events_api_app_mention'), { ...frame, payload: fixture('events/message_channel_plain') }]);
	assert.equal(frame.accepts_response_payload, false);
	assert.equal(frame.retry_attempt, 0);
	assert.equal(frame.retry_reason, '');
	const first = await inbox.next('the first', ofType('message'));
	const second = await inbox.next('the second', ofType('message'));
	assertHas(first.body, outer);
	assert.match(first.body.event_id, /^Ev/);
	assert.notEqual(first.body.event_id, second.body.event_id);
	assert.notEqual(first.envelope_id, second.envelope_id);
	const { app, workspace } = await sandbox.state();
	assert.equal(first.body.team_id, workspace.id);
	assert.equal(first.body.authorizations[0].user_id, app.bot_user);
});

test('message: a person in a channel', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ts = await sandbox.say('ana', '#sales', 'closed <two> deals & more');
	const { body } = await inbox.next('the message', ofType('message'));
	const [ana, sales] = [await sandbox.member('ana'), await sandbox.channel('sales')];
	assert.deepEqual({ user: body.event.user, channel: body.event.channel, ts: body.event.ts, channel_type: body.event.channel_type },
		{ user: ana.id, channel: sales.id, ts, channel_type: 'channel' });
	assert.equal(body.event.text, 'closed &lt;two&gt; deals &amp; more');
	assert.equal(body.event.blocks[0].type, 'rich_text');
	assert.equal(body.event.blocks[0].elements[0].elements[0].text, 'closed <two> deals & more');
	assertHas(body.event, ['client_msg_id', 'event_ts', 'team']);
	assertLikeReal(body, [fixture('events/message_channel_plain'), fixture('events/message_file_share')]);
});

test('message: mentions, channels and links arrive in Slack\'s form', async (t) => {
	const { sandbox, inbox } = await bot(t);
	await sandbox.say('ana', '#sales', 'thanks @wei, see #random and https://example.com/a?b=1&c=2, @here');
	const { body } = await inbox.next('the message', ofType('message'));
	const [wei, random] = [await sandbox.member('wei'), await sandbox.channel('random')];
	assert.match(body.event.text, new RegExp(`<@${wei.id}>`));
	assert.match(body.event.text, new RegExp(`<#${random.id}(\\|random)?>`));
	assert.match(body.event.text, /<https:\/\/example\.com\/a\?b=1&amp;c=2>/);
	assert.match(body.event.text, /<!here>/);
});

test('message: a reply in a thread names its parent', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const parent = await sandbox.say('ana', '#sales', 'who is in?');
	await inbox.next('the parent', ofType('message'));
	const ts = await sandbox.say('wei', '#sales', 'me', { thread_ts: parent });
	const { body } = await inbox.next('the reply', ofType('message'));
	assert.equal(body.event.ts, ts);
	assert.equal(body.event.thread_ts, parent);
	assert.equal(body.event.parent_user_id, (await sandbox.member('ana')).id);
	assertLikeReal(body, [fixture('events/composed_message_thread_reply_smart_quotes'), fixture('events/message_channel_plain')]);
});

test('message: broadcast from a thread', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const parent = await sandbox.say('ana', '#sales', 'who is in?');
	await sandbox.say('wei', '#sales', 'all of us', { thread_ts: parent, broadcast: true });
	const { body } = await inbox.next('the broadcast', ofType('message', 'thread_broadcast'));
	assert.equal(body.event.root.ts, parent);
	assert.equal(body.event.thread_ts, parent);
});

test('message: edited, with what it was', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ts = await sandbox.say('ana', '#sales', 'three deals');
	await sandbox.act({ do: 'edit', as: 'ana', channel: '#sales', ts, text: 'four deals' });
	const { body } = await inbox.next('the change', ofType('message', 'message_changed'));
	const { event } = body;
	assert.equal(event.hidden, true);
	assert.notEqual(event.ts, ts);
	assert.deepEqual([event.message.ts, event.message.text, event.previous_message.text], [ts, 'four deals', 'three deals']);
	assert.equal(event.message.edited.user, (await sandbox.member('ana')).id);
	assert.ok(!('user' in event) && !('text' in event));
	assertLikeReal(body, [fixture('events/message_changed'), fixture('events/message_changed_by_bot'), {
		event: { message: fixture('events/message_channel_plain').event, previous_message: fixture('events/message_channel_plain').event },
		...fixture('events/message_channel_plain') }], { allowed: ['event.message', 'event.previous_message'] });
});

test('message: deleted', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ts = await sandbox.say('ana', '#sales', 'oops');
	await sandbox.act({ do: 'delete', as: 'ana', channel: '#sales', ts });
	const { body } = await inbox.next('the deletion', ofType('message', 'message_deleted'));
	assert.equal(body.event.deleted_ts, ts);
	assert.equal(body.event.previous_message.text, 'oops');
	assert.equal(body.event.hidden, true);
	assertLikeReal(body, [fixture('events/message_deleted'), fixture('events/message_channel_plain')], { allowed: ['event.previous_message'] });
});

test('message: direct, to the bot', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const { channel } = await sandbox.act({ do: 'open_dm', as: 'ana' });
	assert.match(channel, /^D/);
	await sandbox.say('ana', channel, 'my standup');
	const { body } = await inbox.next('the message', ofType('message'));
	assert.equal(body.event.channel, channel);
	assert.equal(body.event.channel_type, 'im');
	assertLikeReal(body, [fixture('events/composed_frame_message_im_three_lines').payload, fixture('events/message_channel_plain')]);
});

test('message: what the bot posts comes back with its bot_id', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const sales = await sandbox.channel('sales');
	const posted = await webClient(sandbox).chat.postMessage({ channel: sales.id, text: 'good morning' });
	const { body } = await inbox.next('its own message', ofType('message'));
	const { app } = await sandbox.state();
	assert.deepEqual([body.event.ts, body.event.bot_id, body.event.user, body.event.app_id], [posted.ts, app.bot_id, app.bot_user, app.id]);
	assert.ok(!('client_msg_id' in body.event));
	assertLikeReal(body, [fixture('events/message_from_bot_no_subtype'), fixture('events/message_channel_plain')]);
});

test('app_mention: beside the message, with the same ts and another id', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ts = await sandbox.say('ana', '#sales', '@belltower help');
	const message = await inbox.next('the message', ofType('message'));
	const mention = await inbox.next('the mention', ofType('app_mention'));
	const { app } = await sandbox.state();
	assert.equal(mention.body.event.text, `<@${app.bot_user}> help`);
	assert.equal(mention.body.event.ts, ts);
	assert.notEqual(mention.body.event_id, message.body.event_id);
	assert.ok(!('channel_type' in mention.body.event));
	assertLikeReal(mention.body, [fixture('events/app_mention'), fixture('events/frame_events_api_app_mention').payload, fixture('events/message_channel_plain')]);
});

test('reaction_added and reaction_removed', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ts = await sandbox.say('ana', '#sales', 'won it');
	const [ana, wei, sales] = [await sandbox.member('ana'), await sandbox.member('wei'), await sandbox.channel('sales')];
	for (const [type, on] of [['reaction_added', true], ['reaction_removed', false]]) {
		await sandbox.act({ do: 'react', as: 'wei', channel: '#sales', ts, name: 'tada', on });
		const { body } = await inbox.next(type, ofType(type));
		const { event_ts, ...event } = body.event;
		assert.ok(event_ts);
		assert.deepEqual(event, { type, user: wei.id, reaction: 'tada', item: { type: 'message', channel: sales.id, ts }, item_user: ana.id });
		assertLikeReal(body, [fixture('events/reaction_added'), fixture('events/reaction_removed_allfields')]);
	}
});

test('member_joined_channel and member_left_channel', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const [tom, sales] = [await sandbox.member('tom'), await sandbox.channel('sales')];
	await sandbox.act({ do: 'leave', as: 'tom', channel: '#sales' });
	const left = await inbox.next('the leaving', ofType('member_left_channel'));
	assert.deepEqual([left.body.event.user, left.body.event.channel, left.body.event.channel_type], [tom.id, sales.id, 'C']);
	assertLikeReal(left.body, [fixture('events/member_left_channel'), fixture('events/message_channel_plain')]);
	await sandbox.act({ do: 'invite', as: 'ana', channel: '#sales', user: 'tom' });
	const joined = await inbox.next('the joining', ofType('member_joined_channel'));
	assert.equal(joined.body.event.inviter, (await sandbox.member('ana')).id);
	assertLikeReal(joined.body, [fixture('events/member_joined_channel'), fixture('events/message_channel_plain')]);
});

test('the bot itself is invited and leaves', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const { app } = await sandbox.state();
	await sandbox.act({ do: 'invite', as: 'ana', channel: '#random', user: 'belltower' });
	assert.equal((await inbox.next('the invitation', ofType('member_joined_channel'))).body.event.user, app.bot_user);
	await sandbox.act({ do: 'leave', as: 'belltower', channel: '#random' });
	assert.equal((await inbox.next('the leaving', ofType('channel_left'))).body.event.channel, (await sandbox.channel('random')).id);
});

test('team_join and user_change carry the person', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const { id } = await sandbox.act({ do: 'add_member', name: 'ivan', real_name: 'Ivan Petrov', zone: 'Europe/Berlin', locale: 'de-DE' });
	const { body } = await inbox.next('the newcomer', ofType('team_join'));
	assert.deepEqual([body.event.user.id, body.event.user.tz, body.event.user.profile.real_name, body.event.user.deleted],
		[id, 'Europe/Berlin', 'Ivan Petrov', false]);
	assertLikeReal(body, [fixture('events/team_join_captured'), fixture('events/user_change_allfields'), fixture('events/message_channel_plain')]);
	await sandbox.act({ do: 'deactivate', user: 'ivan' });
	const change = await inbox.next('the change', ofType('user_change'));
	assert.equal(change.body.event.user.deleted, true);
	assertLikeReal(change.body, [fixture('events/team_join_captured'), fixture('events/user_change_allfields'), fixture('events/message_channel_plain')]);
});

test('app_home_opened, with the view once there is one', async (t) => {
	const { sandbox, inbox } = await bot(t);
	const ana = await sandbox.member('ana');
	await sandbox.act({ do: 'open_home', as: 'ana' });
	const first = await inbox.next('the first opening', ofType('app_home_opened'));
	assert.deepEqual([first.body.event.user, first.body.event.tab, 'view' in first.body.event], [ana.id, 'home', false]);
	assert.match(first.body.event.channel, /^D/);
	const view = { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Your day' } }] };
	const published = await webClient(sandbox).views.publish({ user_id: ana.id, view });
	await sandbox.act({ do: 'open_home', as: 'ana' });
	const second = await inbox.next('the second opening', ofType('app_home_opened'));
	assert.equal(second.body.event.view.id, published.view.id);
	assertLikeReal(second.body, [fixture('events/app_home_opened_allfields'), fixture('events/message_channel_plain'),
		{ event: { view: fixture('interactive/block_actions_in_home').view } }]);
});

test('an event that is not acknowledged comes again: at once, after one minute, after five, and no more', async (t) => {
	const sandbox = await startSandbox(t);
	const { inbox } = await connect(sandbox, { answer: () => false });
	await sandbox.say('ana', '#sales', 'hello?');
	const first = await inbox.next('the first delivery', ofType('message'));
	assert.deepEqual([first.retry_num, first.retry_reason], [0, '']);
	for (const [attempt, wait] of [[1, 0], [2, 60_000], [3, 300_000]]) {
		await sandbox.pass(3_000);
		await sandbox.state(); // the deadline has been seen
		await sandbox.pass(wait);
		const again = await inbox.next(`retry ${attempt}`, ofType('message'));
		assert.deepEqual([again.retry_num, again.retry_reason, again.body.event_id], [attempt, 'timeout', first.body.event_id]);
	}
	await sandbox.pass(3_000_000);
	await sandbox.say('ana', '#sales', 'the next one');
	assert.equal((await inbox.next('the next message', ofType('message'))).body.event.text, 'the next one');
});

test('acknowledged events do not come again, lost acknowledgements do', async (t) => {
	const { sandbox, inbox } = await bot(t);
	await sandbox.say('ana', '#sales', 'once');
	await inbox.next('the message', ofType('message'));
	await until('quiet', async () => (await sandbox.state()).log.some(({ title }) => title === 'acknowledgement'));
	await sandbox.act({ do: 'faults', lose_acks: true, times: 1 });
	await sandbox.say('ana', '#sales', 'twice');
	const first = await inbox.next('the second message', ofType('message'));
	await until('the loss', async () => (await sandbox.state()).log.some(({ title }) => /lost/.test(title)));
	await sandbox.pass(3_000);
	const second = await inbox.next('the second message again', ofType('message'));
	assert.equal(second.body.event_id, first.body.event_id);
	assert.equal(second.body.event.text, 'twice');
	assert.equal(inbox.things.length, 0);
});

test('duplicates carry the same event id', async (t) => {
	const { sandbox, inbox } = await bot(t);
	await sandbox.act({ do: 'faults', duplicate_events: true, times: 1 });
	await sandbox.say('ana', '#sales', 'twice');
	const [one, two] = [await inbox.next('one', ofType('message')), await inbox.next('two', ofType('message'))];
	assert.equal(one.body.event_id, two.body.event_id);
	assert.notEqual(one.envelope_id, two.envelope_id);
});

test('without its scope an event does not come', async (t) => {
	const scopes = ['channels:history', 'channels:read', 'chat:write'];
	const company = { workspace: { id: 'T1' }, app: { scopes }, members: [{ name: 'ana' }], channels: [{ name: 'sales', members: ['ana', 'belltower'] }] };
	const { sandbox, inbox } = await bot(t, { company });
	const ts = await sandbox.say('ana', '#sales', '@belltower hello');
	await sandbox.act({ do: 'react', as: 'ana', channel: '#sales', ts, name: 'wave', on: true });
	await sandbox.say('ana', '#sales', 'the last');
	await inbox.next('the last message', ({ body }) => body.event.text === 'the last');
	assert.deepEqual(inbox.things.map(({ body }) => body.event.type), ['message']);
});
