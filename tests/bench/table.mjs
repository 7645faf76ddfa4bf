// SPDX-License-Identifier: MIT
// table.mjs PLATFORM FOLDER: the lines of tests/bench/run as a table of figures and ratios in Markdown.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [platform, folder] = process.argv.slice(2);
const rounds = readdirSync(folder).map((name) => join(folder, name));
const read = (round, name) => readFileSync(join(round, name), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const median = (values) => {
	const sorted = values.toSorted((a, b) => a - b), half = sorted.length >> 1;
	return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
// The last step of this kind, each figure the median of the rounds.
const step = (name, who, kind) => {
	const found = rounds.filter((round) => existsSync(join(round, `${name}.${who}`)))
		.map((round) => read(round, `${name}.${who}`).filter((line) => line.step === kind).at(-1));
	return Object.fromEntries(Object.keys(found[0]).map((key) => [key, median(found.map((line) => line[key]))]));
};
const number = (value) => value >= 100 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3)).toString();

const second = { unit: '/s', better: 'more' }, ms = { unit: 'ms', scale: 1 / 1000 }, mb = { unit: 'MB', scale: 1 / 1024 };
// What, where it stands, and the aims.
const figures = [
	{ what: 'standups stored, acknowledged and answered, 100 outstanding', from: ['full', 'full', 'per_second'], ...second,
		slack: '≥ 10 ×', feishu: '≥ 10 ×' },
	{ what: 'CPU per 1,000 standups at full speed', from: ['full', 'full', 'cpu_s_per_1000'], unit: 's', slack: '≥ 8 ×', feishu: '' },
	{ what: 'CPU per 1,000 at 50 a second', from: ['paced', 'paced', 'cpu_s_per_1000'], unit: 's', slack: '≥ 5 ×', feishu: '≥ 8 ×' },
	{ what: 'acknowledgement p50 at 50 a second (peer: before it is stored)', from: ['paced', 'paced', 'ack_p50_us'], ...ms, slack: '≥ 1 ×' },
	{ what: 'acknowledgement p99 at 50 a second', from: ['paced', 'paced', 'ack_p99_us'], ...ms, slack: '≥ 1 ×' },
	{ what: 'response frame p50 at 50 a second (peer: after its reaction)', from: ['paced', 'paced', 'ack_p50_us'], ...ms, feishu: '≥ 3 ×' },
	{ what: 'response frame p99 at 50 a second', from: ['paced', 'paced', 'ack_p99_us'], ...ms, feishu: '≥ 3 ×' },
	{ what: 'stored and answered (✅), p50 at 50 a second', from: ['paced', 'paced', 'answer_p50_us'], ...ms, slack: '', feishu: '' },
	{ what: 'stored and answered, p99', from: ['paced', 'paced', 'answer_p99_us'], ...ms, slack: '', feishu: '' },
	{ what: 'standups with a disk whose fsync takes 2 ms more', from: ['slow', 'full', 'per_second'], ...second, slack: '≥ 25 ×', feishu: '' },
	{ what: 'resident memory idle', from: ['idle', 'idle', 'resident_kb'], ...mb, slack: '≤ 20 MB', feishu: '≤ 20 MB' },
	{ what: 'private memory idle', from: ['idle', 'idle', 'private_kb'], ...mb, slack: '≤ 8 MB', feishu: '' },
	{ what: 'resident memory under load', from: ['full', 'full', 'peak_kb'], ...mb, slack: '≤ 32 MB', feishu: '≤ 32 MB' },
	{ what: 'start to connected', from: ['idle', 'start', 'ready_ms'], unit: 'ms', slack: '≤ 50 ms', feishu: '≤ 50 ms' },
	{ what: 'without a connection at a refresh', from: ['refresh', 'refresh', 'without_connection_ms'], unit: 'ms', slack: '0' },
	{ what: 'events that waited at a refresh', from: ['refresh', 'refresh', 'waited'], unit: '', slack: '0' },
	{ what: 'without a connection when TCP is closed', from: ['drop', 'drop', 'without_connection_ms'], unit: 'ms', slack: '' },
];

const names = { slack: 'Slack, beside @slack/bolt', feishu: 'Feishu, beside @larksuiteoapi/node-sdk' };
console.log(`### ${names[platform]}\n\n| figure | Belltower | peer | ratio | aim |\n| --- | ---: | ---: | ---: | --- |`);
for (const { what, from: [life, kind, key], unit, scale = 1, better = 'less', [platform]: aim } of figures) {
	if (aim === undefined)
		continue;
	const [ours, peer] = ['OURS', 'PEER'].map((who) => scale * step(life, who, kind)[key]);
	const ratio = better === 'more' ? ours / peer : peer / ours;
	console.log(`| ${what} | ${number(ours)} ${unit} | ${number(peer)} ${unit} | ${Number.isFinite(ratio) ? `${number(ratio)} ×` : ''} | ${aim} |`);
}

const [full, peer] = ['OURS', 'PEER'].map((who) => step('full', who, 'full'));
const percent = (share) => `${number(100 * share)} %`;
console.log(`\nThe generator took ${percent(full.generator_cpu_share)} of a core at Belltower's full speed, Belltower ${percent(full.cpu_share)}; ` +
	`at the peer's ${percent(peer.generator_cpu_share)}, the peer ${percent(peer.cpu_share)}.`);
const board = step('board', 'OURS', 'full'), after = step('board', 'OURS', 'idle');
console.log(`Sixty people answer at once in one channel: ${board.posts + after.posts} board posted, ${board.updates + after.updates} updates of it.`);
if (existsSync(join(rounds[0], 'million.OURS'))) {
	const [first, , second, , last] = read(rounds[0], 'million.OURS').filter((line) => line.step === 'full').map((line) => line.cpu_s_per_1000);
	console.log(`CPU per 1,000 standups with 10,000, 110,000 and 1,010,000 in the database: ${number(first)}, ${number(second)}, ${number(last)} s.`);
}
console.log();
