// SPDX-License-Identifier: MIT
// The Web API as @slack/web-api calls it: posting, reading, paging, reactions, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHas, assertLikeReal, fixture } from './support/fixtures.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { errorOf, quietLogger, webClient } from './support/slack.mjs';

async function start(t, more) {
	const sandbox = await startSandbox(t, more);
	return { sandbox, web: webClient(sandbox), ana: await sandbox.member('ana'), sales: await sandbox.channel('sales'), random: await sandbox.channel('random') };
}

const company = (scopes, more = {}) => ({ workspace: { id: 'T1', name: 'Small' }, app: { scopes }, members: [{ name: 'ana' }],
	channels: [{ name: 'sales', members: ['ana', 'belltower'] }, { name: 'random', members: ['ana'] }], ...more });

// Real messages, as the answers to chat.postMessage and chat.update carry them.
const messages = ['message_channel_plain', 'message_from_bot_no_subtype', 'message_file_share'].map((name) => ({ message: fixture(`events/${name}`).event }))
	.concat({ message: fixture('events/message_changed').event.message });

/* ---- who am I ---- */

test('auth.test, with the scopes in its headers', async (t) => {
	const { sandbox, web } = await start(t);
	const answer = await web.auth.test();
	const { app, workspace } = await sandbox.state();
	assert.deepEqual([answer.user_id, answer.bot_id, answer.team_id, answer.team], [app.bot_user, app.bot_id, workspace.id, workspace.name]);
	assert.ok(answer.response_metadata.scopes.includes('chat:write'));
	assertHas(answer, ['url', 'user', 'app_id', 'is_enterprise_install']);
});

test('a method that nobody knows, arguments that are missing', async (t) => {
	const { web, sales } = await start(t);
	assert.equal((await errorOf(web.apiCall('chat.shout', {}))).error, 'unknown_method');
	assert.equal((await errorOf(web.apiCall('chat.update', { channel: sales.id, text: 'x' }))).error, 'invalid_arguments');
	assert.equal((await errorOf(web.apiCall('users.info', {}))).error, 'user_not_found');
});

test('api.test gives back what it got, and the error that was asked for', async (t) => {
	const { web } = await start(t);
	assert.equal((await web.api.test({ foo: 'bar & <baz> 钟楼' })).args.foo, 'bar & <baz> 钟楼');
	assert.equal((await errorOf(web.api.test({ error: 'my_error' }))).error, 'my_error');
});

test('missing_scope says what is needed and what there is', async (t) => {
	const { web, sales } = await start(t, { company: company(['chat:write']) });
	await web.chat.postMessage({ channel: sales.id, text: 'may' });
	const users = await errorOf(web.users.list());
	assert.deepEqual([users.error, users.needed, users.provided], ['missing_scope', 'users:read', 'chat:write']);
	assertLikeReal(users, [fixture('webapi/composed_error_missing_scope')], { allowed: ['response_metadata'] });
	assert.equal((await errorOf(web.conversations.history({ channel: sales.id }))).error, 'missing_scope');
	assert.equal((await errorOf(web.reactions.add({ channel: sales.id, timestamp: '1.1', name: 'tada' }))).error, 'missing_scope');
	assert.equal((await errorOf(web.users.lookupByEmail({ email: 'a@b.example' }))).needed, 'users:read.email');
});

/* ---- posting ---- */

test('chat.postMessage: text, and what comes back', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const answer = await web.chat.postMessage({ channel: sales.id, text: 'good *morning* &amp; 早上好' });
	assert.equal(answer.channel, sales.id);
	assert.equal(answer.ts, answer.message.ts);
	assert.match(answer.ts, /^\d{10}\.\d{6}$/);
	const { response_metadata, ...body } = answer;
	assertLikeReal(body, [fixture('webapi/chat_postMessage_ok'), ...messages]);
	assert.equal((await sandbox.message(sales.id, answer.ts)).text, 'good *morning* &amp; 早上好');
});

test('chat.postMessage: to a name, to a person, into a thread', async (t) => {
	const { sandbox, web, ana, sales } = await start(t);
	const parent = await web.chat.postMessage({ channel: '#sales', text: 'standup, please' });
	assert.equal(parent.channel, sales.id);
	const reply = await web.chat.postMessage({ channel: sales.id, thread_ts: parent.ts, text: 'thanks' });
	assert.equal(reply.message.thread_ts, parent.ts);
	const direct = await web.chat.postMessage({ channel: ana.id, text: 'only for you' });
	assert.match(direct.channel, /^D/);
	assert.equal((await sandbox.message(direct.channel, direct.ts)).text, 'only for you');
});

test('chat.postMessage: refusals', async (t) => {
	const { web, sales } = await start(t, { company: company(['chat:write', 'channels:read'], { channels: [
		{ name: 'sales', members: ['ana', 'belltower'] }, { name: 'random', members: ['ana'] }, { name: 'secret', members: ['ana'], is_private: true },
		{ name: 'old', members: ['ana', 'belltower'], archived: true }] }) });
	const refuse = async (args) => (await errorOf(web.chat.postMessage({ channel: sales.id, text: 'x', ...args }))).error;
	assert.equal(await refuse({ channel: 'C0NOWHERE' }), 'channel_not_found');
	assert.equal(await refuse({ channel: '#random' }), 'not_in_channel');
	assert.equal(await refuse({ channel: '#secret' }), 'channel_not_found');
	assert.equal(await refuse({ channel: '#old' }), 'is_archived');
	assert.equal(await refuse({ text: '' }), 'no_text');
	assert.equal(await refuse({ username: 'Bell' }), 'missing_scope');
	assert.equal(await refuse({ blocks: 'no JSON' }), 'invalid_blocks_format');
});

test('chat.postMessage: Block Kit is counted, and the place of the fault is told', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const section = (text, more) => ({ type: 'section', text: { type: 'mrkdwn', text }, ...more });
	const refuse = (blocks) => errorOf(web.chat.postMessage({ channel: sales.id, text: 'x', blocks }));
	for (const [blocks, place] of [
		[Array.from({ length: 51 }, () => ({ type: 'divider' })), /50 items/],
		[[section('x'.repeat(3001))], /\/blocks\/0\/text/],
		[[section('')], /\/blocks\/0\/text/],
		[[{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], /\/blocks\/0/],
		[[{ type: 'nonsense' }], /\/blocks\/0/],
		[[section('a', { block_id: 'same' }), section('b', { block_id: 'same' })], /block_id/],
	]) {
		const answer = await refuse(blocks);
		assert.ok(['invalid_blocks', 'invalid_arguments'].includes(answer.error), `${answer.error} for ${JSON.stringify(blocks).slice(0, 80)}`);
		assert.match(answer.response_metadata.messages.join(), place);
		assert.match(answer.response_metadata.messages[0], /^\[ERROR\] /);
	}
	assert.equal((await sandbox.state()).messages[sales.id]?.length ?? 0, 0, 'nothing was posted');
	await web.chat.postMessage({ channel: sales.id, text: 'x', blocks: Array.from({ length: 50 }, () => section('x'.repeat(200))) });
});

test('chat.update and chat.delete: only the bot\'s own', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, text: 'draft' });
	const updated = await web.chat.update({ channel: sales.id, ts, text: 'final' });
	assert.deepEqual([updated.ts, updated.text], [ts, 'final']);
	const { response_metadata, ...body } = updated;
	assertLikeReal(body, [fixture('webapi/chat_update_ok'), fixture('webapi/chat_postMessage_ok'), ...messages]);
	assert.equal((await errorOf(web.chat.update({ channel: sales.id, ts, text: 'x'.repeat(4001) }))).error, 'msg_too_long');
	const hers = await sandbox.say('ana', '#sales', 'mine');
	assert.equal((await errorOf(web.chat.update({ channel: sales.id, ts: hers, text: 'not mine' }))).error, 'cant_update_message');
	assert.equal((await errorOf(web.chat.delete({ channel: sales.id, ts: hers }))).error, 'cant_delete_message');
	assert.equal((await errorOf(web.chat.update({ channel: sales.id, ts: '1.000001', text: 'x' }))).error, 'message_not_found');
	await web.chat.delete({ channel: sales.id, ts });
	assert.equal(await sandbox.message(sales.id, ts), undefined);
	assert.equal((await errorOf(web.chat.delete({ channel: sales.id, ts }))).error, 'message_not_found');
});

test('chat.postEphemeral: one person sees it, nobody reads it later', async (t) => {
	const { sandbox, web, ana, sales } = await start(t);
	const { message_ts } = await web.chat.postEphemeral({ channel: sales.id, user: ana.id, text: 'psst' });
	assert.equal((await sandbox.message(sales.id, message_ts)).ephemeral_to, ana.id);
	assert.equal((await web.conversations.history({ channel: sales.id })).messages.length, 0);
	assert.equal((await errorOf(web.chat.update({ channel: sales.id, ts: message_ts, text: 'x' }))).error, 'message_not_found');
	const stranger = await sandbox.act({ do: 'add_member', name: 'ivan' });
	assert.equal((await errorOf(web.chat.postEphemeral({ channel: sales.id, user: stranger.id, text: 'psst' }))).error, 'user_not_in_channel');
});

test('metadata: kept, read back whole only when asked for', async (t) => {
	const { web, sales } = await start(t);
	const metadata = { event_type: 'belltower_row', event_payload: { row: 812, run: 'a1' } };
	const posted = await web.chat.postMessage({ channel: sales.id, text: 'with a mark', metadata });
	assert.deepEqual(posted.message.metadata, metadata);
	const read = async (more) => (await web.conversations.history({ channel: sales.id, ...more })).messages[0].metadata;
	assert.deepEqual(await read({ include_all_metadata: true }), metadata);
	assert.ok(!('event_payload' in (await read({}))));
	await web.chat.update({ channel: sales.id, ts: posted.ts, text: 'still marked' });
	assert.deepEqual(await read({ include_all_metadata: true }), metadata);
});

test('chat.getPermalink', async (t) => {
	const { web, sales } = await start(t);
	const { ts } = await web.chat.postMessage({ channel: sales.id, text: 'find me' });
	const { permalink } = await web.chat.getPermalink({ channel: sales.id, message_ts: ts });
	assert.match(permalink, new RegExp(`/archives/${sales.id}/p${ts.replace('.', '')}$`));
	assert.equal((await errorOf(web.chat.getPermalink({ channel: sales.id, message_ts: '1.000001' }))).error, 'message_not_found');
});

/* ---- reactions ---- */

test('reactions: added once, shown, removed', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const ts = await sandbox.say('ana', '#sales', 'done');
	const at = { channel: sales.id, timestamp: ts, name: 'white_check_mark' };
	await web.reactions.add(at);
	const { app } = await sandbox.state();
	assert.deepEqual((await sandbox.message(sales.id, ts)).reactions, [{ name: 'white_check_mark', users: [app.bot_user] }]);
	assert.equal((await errorOf(web.reactions.add(at))).error, 'already_reacted');
	const { message } = await web.reactions.get({ channel: sales.id, timestamp: ts, full: true });
	assert.deepEqual(message.reactions, [{ name: 'white_check_mark', users: [app.bot_user], count: 1 }]);
	await web.reactions.remove(at);
	assert.equal((await errorOf(web.reactions.remove(at))).error, 'no_reaction');
	assert.equal((await errorOf(web.reactions.add({ ...at, name: 'no such emoji' }))).error, 'invalid_name');
	assert.equal((await errorOf(web.reactions.add({ ...at, timestamp: '1.000001' }))).error, 'message_not_found');
});

/* ---- people ---- */

test('users.list: page by page, everybody once', async (t) => {
	const { sandbox, web } = await start(t);
	for (let i = 0; i < 20; i++)
		await sandbox.act({ do: 'add_member', name: `rep${i}` });
	const ids = [];
	const sizes = [];
	for await (const page of web.paginate('users.list', { limit: 7 })) {
		sizes.push(page.members.length);
		ids.push(...page.members.map(({ id }) => id));
	}
	const { members } = await sandbox.state();
	assert.deepEqual(ids.toSorted(), members.map(({ id }) => id).toSorted());
	assert.ok(sizes.length > 3 && sizes.every((size) => size <= 7));
	assert.equal((await errorOf(web.users.list({ cursor: 'bm9uc2Vuc2U=' }))).error, 'invalid_cursor');
});

test('users.info, users.lookupByEmail, users.profile.get', async (t) => {
	const { sandbox, web, ana } = await start(t);
	const { user } = await web.users.info({ user: ana.id, include_locale: true });
	assert.deepEqual([user.id, user.name, user.tz, user.tz_offset, user.locale], [ana.id, 'ana', 'Asia/Shanghai', 28_800, 'en-US']);
	assertHas(user.profile, ['real_name', 'display_name', 'email']);
	assertLikeReal({ user }, [fixture('webapi/users_info_ok'), { user: fixture('events/team_join_captured').event.user },
		{ user: fixture('events/user_change_allfields').event.user }]);
	assert.equal((await web.users.lookupByEmail({ email: user.profile.email })).user.id, ana.id);
	assert.equal((await web.users.profile.get({ user: ana.id })).profile.display_name, 'Ana');
	assert.equal((await errorOf(web.users.info({ user: 'U0NOBODY' }))).error, 'user_not_found');
	await sandbox.act({ do: 'deactivate', user: 'ana' });
	assert.equal((await errorOf(web.users.lookupByEmail({ email: user.profile.email }))).error, 'users_not_found');
	assert.equal((await web.users.info({ user: ana.id })).user.deleted, true);
});

/* ---- channels ---- */

test('conversations.list, .info, .members, users.conversations', async (t) => {
	const { sandbox, web, ana, sales, random } = await start(t);
	const listed = (await web.conversations.list()).channels.map(({ name, is_member }) => [name, is_member]);
	assert.deepEqual(listed.toSorted(), [['random', false], ['sales', true]]);
	const { channel } = await web.conversations.info({ channel: sales.id, include_num_members: true });
	assert.deepEqual([channel.name, channel.is_channel, channel.is_private, channel.is_im, channel.num_members], ['sales', true, false, false, sales.members.length]);
	const ids = [];
	for await (const page of web.paginate('conversations.members', { channel: sales.id, limit: 3 }))
		ids.push(...page.members);
	assert.deepEqual(ids.toSorted(), sales.members.toSorted());
	assert.deepEqual((await web.users.conversations()).channels.map(({ id }) => id), [sales.id]);
	assert.equal((await errorOf(web.conversations.info({ channel: 'C0NOWHERE' }))).error, 'channel_not_found');
	await web.conversations.join({ channel: random.id });
	assert.ok((await sandbox.channel('random')).members.includes((await sandbox.state()).app.bot_user));
	assert.match((await web.conversations.join({ channel: random.id })).warning, /already_in_channel/);
	assert.ok(ana);
});

test('conversations.open: the same direct messages each time', async (t) => {
	const { web, ana } = await start(t);
	const first = await web.conversations.open({ users: ana.id, return_im: true });
	const second = await web.conversations.open({ users: ana.id });
	assert.equal(first.channel.id, second.channel.id);
	assert.equal(second.already_open, true);
	assert.equal((await errorOf(web.conversations.open({ users: 'U0NOBODY' }))).error, 'user_not_found');
	const { channel } = await web.conversations.info({ channel: first.channel.id });
	assert.deepEqual([channel.is_im, channel.user], [true, ana.id]);
});

/* ---- history ---- */

test('conversations.history: newest first, page by page, no message twice', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const said = [];
	for (let i = 0; i < 25; i++)
		said.push(await sandbox.say('ana', '#sales', `number ${i}`));
	const read = [];
	for await (const page of web.paginate('conversations.history', { channel: sales.id, limit: 10 })) {
		assert.equal(page.has_more, Boolean(page.response_metadata.next_cursor));
		read.push(...page.messages.map(({ ts }) => ts));
		if (read.length === 10)
			await sandbox.say('wei', '#sales', 'said while somebody reads');
	}
	assert.deepEqual(read, said.toReversed());
	const [message] = (await web.conversations.history({ channel: sales.id, latest: said[0], inclusive: true, limit: 1 })).messages;
	assertLikeReal(message, [...fixture('webapi/conversations_history_first_page').messages, fixture('events/message_channel_plain').event]);
	assert.equal((await errorOf(web.conversations.history({ channel: sales.id, cursor: 'bm9uc2Vuc2U=' }))).error, 'invalid_cursor');
});

test('conversations.history: oldest, latest, inclusive', async (t) => {
	const { sandbox, web, sales, random } = await start(t);
	const [a, b, c, d] = [await sandbox.say('ana', '#sales', 'a'), await sandbox.say('ana', '#sales', 'b'), await sandbox.say('ana', '#sales', 'c'), await sandbox.say('ana', '#sales', 'd')];
	const texts = async (more) => (await web.conversations.history({ channel: sales.id, ...more })).messages.map(({ text }) => text).join('');
	assert.equal(await texts({ oldest: b }), 'dc');
	assert.equal(await texts({ oldest: b, inclusive: true }), 'dcb');
	assert.equal(await texts({ oldest: a, latest: d }), 'cb');
	assert.equal(await texts({ oldest: a, latest: c, inclusive: true }), 'cba');
	assert.equal(await texts({ oldest: '0' }), 'dcba');
	assert.equal((await errorOf(web.conversations.history({ channel: sales.id, oldest: 'yesterday' }))).error, 'invalid_ts_oldest');
	assert.equal((await errorOf(web.conversations.history({ channel: random.id }))).error, 'not_in_channel');
});

test('conversations.replies: the parent first, then oldest first', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const parent = await sandbox.say('ana', '#sales', 'parent');
	for (let i = 0; i < 5; i++)
		await sandbox.say('wei', '#sales', `reply ${i}`, { thread_ts: parent });
	const pages = [];
	for await (const page of web.paginate('conversations.replies', { channel: sales.id, ts: parent, limit: 2 }))
		pages.push(page.messages.map(({ text }) => text));
	assert.ok(pages.every(([first]) => first === 'parent'));
	assert.deepEqual(pages.flatMap((texts) => texts.slice(1)), ['reply 0', 'reply 1', 'reply 2', 'reply 3', 'reply 4']);
	const [{ reply_count, thread_ts, latest_reply }] = (await web.conversations.history({ channel: sales.id })).messages;
	assert.deepEqual([reply_count, thread_ts], [5, parent]);
	assert.ok(latest_reply > parent);
	assert.equal((await errorOf(web.conversations.replies({ channel: sales.id, ts: '1.000001' }))).error, 'thread_not_found');
});

test('a page of history is short where the platform allows only 15', async (t) => {
	const { sandbox, web, sales } = await start(t, { options: ['--no-rate-limits', '--small-pages'] });
	for (let i = 0; i < 20; i++)
		await sandbox.say('ana', '#sales', `number ${i}`);
	const sizes = [];
	for await (const page of web.paginate('conversations.history', { channel: sales.id, limit: 200 }))
		sizes.push(page.messages.length);
	assert.deepEqual(sizes, [15, 5]);
});

/* ---- forms of a request ---- */

test('JSON bodies: taken where the reference says so, ignored elsewhere', async (t) => {
	const { sandbox, sales, ana } = await start(t);
	const call = async (method, body, type = 'application/json; charset=utf-8') => (await fetch(sandbox.api + method, { method: 'POST',
		headers: { authorization: 'Bearer xoxb-sandbox', 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) })).json();
	assert.equal((await call('chat.postMessage', { channel: sales.id, text: 'as JSON' })).ok, true);
	assert.equal((await call('chat.postMessage', { channel: sales.id, text: 'x' }, 'application/json')).warning, 'missing_charset');
	assert.equal((await call('users.info', { user: ana.id })).ok, false);
	assert.equal((await call('chat.postMessage', '{no JSON')).error, 'invalid_json');
	assert.equal((await call('chat.postMessage', '[]')).error, 'json_not_object');
});

test('the SDK warns of nothing that the sandbox did not mean', async (t) => {
	const { sandbox, sales } = await start(t);
	const logger = quietLogger();
	const web = webClient(sandbox, { logger });
	await web.auth.test();
	await web.chat.postMessage({ channel: sales.id, text: 'fine' });
	await web.conversations.history({ channel: sales.id });
	assert.deepEqual(logger.lines, []);
});
