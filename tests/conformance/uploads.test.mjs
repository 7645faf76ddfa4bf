// SPDX-License-Identifier: MIT
// Files: the SDK's upload in three steps, and files that people share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHas, assertLikeReal, fixture } from './support/fixtures.mjs';
import { startSandbox } from './support/sandbox.mjs';
import { connect, errorOf, ofType, webClient } from './support/slack.mjs';
import { until } from './support/waiting.mjs';

async function start(t) {
	const sandbox = await startSandbox(t);
	const bot = await connect(sandbox);
	return { sandbox, bot, web: webClient(sandbox), sales: await sandbox.channel('sales') };
}

// What a file's address gives.
async function bytesOf(sandbox, file) {
	const response = await fetch(new URL(file.url, sandbox.url));
	assert.equal(response.status, 200);
	return Buffer.from(await response.arrayBuffer());
}

test('files.uploadV2: a file with a comment lands in the channel', async (t) => {
	const { sandbox, bot, web, sales } = await start(t);
	const bytes = Buffer.from('name,deals\n小梅,3\n');
	const { files } = await web.files.uploadV2({ channel_id: sales.id, initial_comment: 'this week', file: bytes, filename: 'week.csv', title: 'The week' });
	assert.equal(files[0].files[0].title, 'The week');
	const { body } = await bot.inbox.next('the shared file', ofType('message', 'file_share'));
	assert.deepEqual([body.event.text, body.event.files[0].name, body.event.files[0].size], ['this week', 'week.csv', bytes.length]);
	const message = await sandbox.message(sales.id, body.event.ts);
	assert.deepEqual(await bytesOf(sandbox, message.files[0]), bytes);
});

test('files.uploadV2: several files, a text, into a thread', async (t) => {
	const { sandbox, bot, web, sales } = await start(t);
	const thread_ts = await sandbox.say('ana', '#sales', 'files, please');
	await web.files.uploadV2({ channel_id: sales.id, thread_ts, initial_comment: 'two', file_uploads: [
		{ file: Buffer.from([0, 1, 2, 255]), filename: 'a.bin' }, { content: 'plain 早上好', filename: 'b.txt' }] });
	const { body } = await bot.inbox.next('the shared files', ofType('message', 'file_share'));
	assert.equal(body.event.thread_ts, thread_ts);
	assert.deepEqual(body.event.files.map(({ name }) => name).toSorted(), ['a.bin', 'b.txt']);
	const shown = (await sandbox.message(sales.id, body.event.ts)).files;
	assert.deepEqual(await bytesOf(sandbox, shown.find(({ name }) => name === 'a.bin')), Buffer.from([0, 1, 2, 255]));
	assert.deepEqual((await bytesOf(sandbox, shown.find(({ name }) => name === 'b.txt'))).toString(), 'plain 早上好');
});

test('the three steps by hand, and what they refuse', async (t) => {
	const { web, sales } = await start(t);
	const step1 = await web.files.getUploadURLExternal({ filename: 'x.txt', length: 5 });
	assertHas(step1, Object.keys(fixture('webapi/files_getUploadURLExternal_ok')));
	assert.equal((await errorOf(web.files.getUploadURLExternal({ filename: 'x.txt', length: 0 }))).error, 'missing_argument');
	const complete = (id, more) => web.files.completeUploadExternal({ files: [{ id, title: 'X' }], channel_id: sales.id, ...more });
	assert.equal((await errorOf(complete(step1.file_id))).error, 'file_not_found', 'nothing was brought yet');
	assert.notEqual((await fetch(step1.upload_url, { method: 'POST', body: 'too many bytes' })).status, 200);
	assert.equal((await fetch(step1.upload_url, { method: 'POST', body: 'bytes' })).status, 200);
	assert.equal((await errorOf(complete(step1.file_id, { channel_id: 'C0NOWHERE' }))).error, 'channel_not_found');
	const step3 = await complete(step1.file_id);
	const { response_metadata, ...body } = step3;
	assertLikeReal(body, [fixture('webapi/files_completeUploadExternal_ok')]);
	assert.equal((await errorOf(complete(step1.file_id))).error, 'file_not_found', 'it works once');
	const shares = await until('the sharing', async () => (await web.files.info({ file: step1.file_id })).file.shares?.public?.[sales.id]);
	assert.match(shares[0].ts, /^\d+\.\d+$/);
});

test('a picture in a block: an uploaded file, once it is scanned', async (t) => {
	const { sandbox, web, sales } = await start(t);
	const upload = async (filename, bytes) => (await web.files.uploadV2({ file: Buffer.from(bytes), filename })).files[0].files[0].id;
	const show = (...ids) => web.chat.postMessage({ channel: sales.id, text: 'deals', blocks: ids.map((id) => ({ type: 'image', alt_text: 'a bell', slack_file: { id } })) });
	const info = async (file) => (await web.files.info({ file })).file;
	await sandbox.act({ do: 'faults', no_scans: true });
	const picture = await upload('bell.png', [0x89, 0x50]);
	assert.deepEqual([(await info(picture)).mimetype, (await info(picture)).shares], ['', {}], 'it is there, and not scanned yet');
	const early = await errorOf(show(picture));
	assert.deepEqual([early.error, early.response_metadata.messages], ['invalid_blocks', ['[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]']]);
	await sandbox.act({ do: 'faults', no_scans: false });
	await until('the scan', async () => (await info(picture)).mimetype === 'image/png');
	const { ts } = await show(picture);
	assert.equal((await sandbox.message(sales.id, ts)).blocks[0].slack_file.id, picture);
	const words = await upload('bell.txt', [65]);
	await until('the scan', async () => (await info(words)).mimetype);
	assert.equal((await errorOf(show(picture, words))).error, 'invalid_blocks', 'no picture');
	assert.equal((await errorOf(show('F0NOWHERE'))).error, 'invalid_blocks');
});

test('charts: two in a message', async (t) => {
	const { web, sales } = await start(t);
	const chart = { type: 'data_visualization', title: 'Deals', chart: { type: 'bar', series: [{ name: 'now', data: [{ label: 'Ana', value: 2 }] }], axis_config: { categories: ['Ana'] } } };
	const post = (blocks) => web.chat.postMessage({ channel: sales.id, text: 'deals', blocks });
	assert.deepEqual((await post([chart, chart])).message.blocks.map(({ type }) => type), ['data_visualization', 'data_visualization']);
	assert.match((await errorOf(post([chart, chart, chart]))).response_metadata.messages[0], /no more than 2 data visualizations/);
});

test('a file that a person shares comes as file_share', async (t) => {
	const { sandbox, bot, sales } = await start(t);
	const ana = await sandbox.member('ana');
	await sandbox.act({ do: 'upload', as: 'ana', channel: '#sales', name: 'photo.png', mimetype: 'image/png', base64: Buffer.from('not really a picture').toString('base64'), text: 'our stand' });
	const { body } = await bot.inbox.next('the shared file', ofType('message', 'file_share'));
	assert.deepEqual([body.event.user, body.event.channel, body.event.text], [ana.id, sales.id, 'our stand']);
	assert.deepEqual([body.event.files[0].name, body.event.files[0].mimetype, body.event.files[0].user], ['photo.png', 'image/png', ana.id]);
	assertHas(body.event, ['upload', 'display_as_bot', 'ts']);
	assertLikeReal(body, [fixture('events/message_file_share'), fixture('events/message_channel_plain')]);
});
