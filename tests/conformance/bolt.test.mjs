// SPDX-License-Identifier: MIT
// An app written with @slack/bolt lives in the sandbox as it lives in Slack.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import bolt from '@slack/bolt';
import { APP_TOKEN, BOT_TOKEN, startSandbox } from './support/sandbox.mjs';
import { quietLogger } from './support/slack.mjs';
import { until, within } from './support/waiting.mjs';

const plain = (text) => ({ type: 'plain_text', text });

const form = {
	type: 'modal', callback_id: 'echo_form', title: plain('Echo'), submit: plain('Send'), notify_on_close: true,
	blocks: [{ type: 'input', block_id: 'words', label: plain('Words'), element: { type: 'plain_text_input', action_id: 'text' } }],
};

// Echoes what it hears, reacts, has a command, a button and a form.
function addEcho(app, closed) {
	app.message(/^echo (.*)/, async ({ message, context, say, client }) => {
		await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: 'eyes' });
		await say({ text: `you said ${context.matches[1]}`, thread_ts: message.ts });
	});
	app.event('app_mention', async ({ event, say }) => say(`<@${event.user}> called`));
	app.event('reaction_added', async ({ event, say, context }) => {
		if (event.user !== context.botUserId)
			await say({ channel: event.item.channel, text: `:${event.reaction}: seen` });
	});
	app.event('app_home_opened', async ({ event, client }) => client.views.publish({ user_id: event.user,
		view: { type: 'home', blocks: [{ type: 'section', text: plain('home of echo') }] } }));
	app.command('/standup', async ({ command, ack, respond, client }) => {
		await ack();
		if (command.text === 'form')
			await client.views.open({ trigger_id: command.trigger_id, view: form });
		else
			await respond({ text: `command ${command.text}`, response_type: 'in_channel' });
	});
	app.action({ block_id: 'keys', action_id: 'again' }, async ({ ack, action, respond }) => {
		await ack();
		await respond({ replace_original: true, text: `pressed ${action.value}` });
	});
	app.view('echo_form', async ({ ack, view, client, body }) => {
		const words = view.state.values.words.text.value;
		if (words === 'bad')
			await ack({ response_action: 'errors', errors: { words: 'Better words, please' } });
		else
			await ack();
		if (words !== 'bad')
			await client.chat.postMessage({ channel: body.user.id, text: `form says ${words}` });
	});
	app.view({ callback_id: 'echo_form', type: 'view_closed' }, async ({ ack, body }) => {
		await ack();
		closed.push(body.view.id);
	});
}

async function start(t) {
	const sandbox = await startSandbox(t);
	const errors = [];
	const closed = [];
	// Logs of the SDK's own are not this test's; what a listener throws is.
	const app = new bolt.App({ token: BOT_TOKEN, appToken: APP_TOKEN, socketMode: true, logger: quietLogger(),
		clientOptions: { slackApiUrl: sandbox.api }, deferInitialization: true });
	app.error(async (error) => errors.push(error));
	addEcho(app, closed);
	await app.init();
	await within('the app to start', app.start());
	sandbox.beforeEnd(() => within('the app to stop', app.stop()));
	sandbox.beforeEnd(() => assert.deepEqual(errors, []));
	const sales = await sandbox.channel('sales');
	const said = (text, channel = sales.id) => until(`the bot to say '${text}'`, async () =>
		(await sandbox.state()).messages[channel]?.find((m) => m.bot && m.text === text));
	return { sandbox, app, sales, said, closed, ana: await sandbox.member('ana') };
}

test('it hears, reacts and answers in the thread', async (t) => {
	const { sandbox, sales, said } = await start(t);
	const ts = await sandbox.say('ana', '#sales', 'echo 你好 *friends*');
	const answer = await said('you said 你好 *friends*');
	assert.equal(answer.thread_ts, ts);
	assert.deepEqual((await sandbox.message(sales.id, ts)).reactions.map(({ name }) => name), ['eyes']);
});

test('it is called by name, and sees reactions', async (t) => {
	const { sandbox, said, ana } = await start(t);
	const ts = await sandbox.say('ana', '#sales', '@belltower are you there?');
	await said(`<@${ana.id}> called`);
	await sandbox.act({ do: 'react', as: 'ana', channel: '#sales', ts, name: 'tada', on: true });
	await said(':tada: seen');
});

test('it answers a command through the response_url', async (t) => {
	const { sandbox, said } = await start(t);
	await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'show' });
	await said('command show');
});

test('a button replaces its message', async (t) => {
	const { sandbox, app, sales } = await start(t);
	const { ts } = await app.client.chat.postMessage({ channel: sales.id, text: 'press', blocks: [{ type: 'actions', block_id: 'keys',
		elements: [{ type: 'button', action_id: 'again', text: plain('Again'), value: '42' }] }] });
	await sandbox.act({ do: 'press', as: 'ana', channel: sales.id, ts, block_id: 'keys', action_id: 'again' });
	await until('the message to change', async () => (await sandbox.message(sales.id, ts)).text === 'pressed 42');
});

test('a form: opened by a command, refused, sent, closed', async (t) => {
	const { sandbox, said, closed, ana } = await start(t);
	const open = async () => {
		await sandbox.act({ do: 'command', as: 'ana', channel: '#sales', command: '/standup', text: 'form' });
		return until('the form', async () => (await sandbox.state()).views[ana.id]);
	};
	const submit = (view, value) => sandbox.act({ do: 'submit', as: 'ana', view_id: view.id, values: { words: { text: { value } } } });
	const view = await open();
	await submit(view, 'bad');
	assert.equal((await sandbox.state()).views[ana.id].id, view.id, 'errors keep it open');
	await submit(view, 'good & <fine>');
	const { channel } = await sandbox.act({ do: 'open_dm', as: 'ana' });
	await until('the bot to say what the form said', async () => (await sandbox.state()).messages[channel]?.some((m) => m.text.startsWith('form says good')));
	assert.equal((await sandbox.state()).views[ana.id], undefined);
	const second = await open();
	await sandbox.act({ do: 'close_view', as: 'ana', view_id: second.id });
	await until('the closing to be told', () => closed.includes(second.id));
	assert.ok(said);
});

test('the home tab is published when it is opened', async (t) => {
	const { sandbox, ana } = await start(t);
	await sandbox.act({ do: 'open_home', as: 'ana' });
	const home = await until('the home tab', async () => (await sandbox.state()).homes[ana.id]);
	assert.equal(home.blocks[0].text.text, 'home of echo');
});

test('it never answers itself', async (t) => {
	const { sandbox, app, sales } = await start(t);
	await app.client.chat.postMessage({ channel: sales.id, text: 'echo myself' });
	await sandbox.say('ana', '#sales', 'echo me');
	await until('the answer to ana', async () => (await sandbox.state()).messages[sales.id].some((m) => m.text === 'you said me'));
	assert.ok(!(await sandbox.state()).messages[sales.id].some((m) => m.text === 'you said myself'));
});
