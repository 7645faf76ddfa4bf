// SPDX-License-Identifier: MIT
// table.mjs FOLDER: the lines of tests/bench/run as a table of figures and ratios in Markdown.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const rounds = readdirSync(folder).filter((name) => /^\d+$/.test(name)).map((name) => join(folder, name));
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
const both = (name, kind) => [step(name, 'OURS', kind), step(name, 'PEER', kind)];
const round = (value) => value >= 100 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3)).toString();

const [fullOurs, fullPeer] = both('full', 'full'), [pacedOurs, pacedPeer] = both('paced', 'paced');
const [slowOurs, slowPeer] = both('slow', 'full'), [idleOurs, idlePeer] = both('idle', 'idle');
const [startOurs, startPeer] = both('idle', 'start');
const [refreshOurs, refreshPeer] = both('refresh', 'refresh'), [dropOurs, dropPeer] = both('drop', 'drop');

const rows = [];
const row = (what, unit, ours, peer, better, aim) => {
	const ratio = better === 'more' ? ours / peer : peer / ours;
	rows.push([what, `${round(ours)} ${unit}`, `${round(peer)} ${unit}`, Number.isFinite(ratio) ? `${round(ratio)} ×` : '', aim]);
};
row('standups stored, acknowledged and answered, 100 outstanding', '/s', fullOurs.per_second, fullPeer.per_second, 'more', '≥ 10 ×');
row('CPU per 1,000 standups at full speed', 's', fullOurs.cpu_s_per_1000, fullPeer.cpu_s_per_1000, 'less', '≥ 8 ×');
row('CPU per 1,000 at 50 a second', 's', pacedOurs.cpu_s_per_1000, pacedPeer.cpu_s_per_1000, 'less', '≥ 5 ×');
row('acknowledgement p50 at 50 a second (peer: before it is stored)', 'ms', pacedOurs.ack_p50_us / 1000, pacedPeer.ack_p50_us / 1000, 'less', '≥ 1 ×');
row('acknowledgement p99 at 50 a second', 'ms', pacedOurs.ack_p99_us / 1000, pacedPeer.ack_p99_us / 1000, 'less', '≥ 1 ×');
row('stored and answered (✅), p50 at 50 a second', 'ms', pacedOurs.answer_p50_us / 1000, pacedPeer.answer_p50_us / 1000, 'less', '');
row('stored and answered, p99', 'ms', pacedOurs.answer_p99_us / 1000, pacedPeer.answer_p99_us / 1000, 'less', '');
row('standups with a disk whose fsync takes 2 ms more', '/s', slowOurs.per_second, slowPeer.per_second, 'more', '≥ 25 ×');
row('resident memory idle', 'MB', idleOurs.resident_kb / 1024, idlePeer.resident_kb / 1024, 'less', '≤ 20 MB');
row('private memory idle', 'MB', idleOurs.private_kb / 1024, idlePeer.private_kb / 1024, 'less', '≤ 8 MB');
row('resident memory under load', 'MB', fullOurs.peak_kb / 1024, fullPeer.peak_kb / 1024, 'less', '≤ 32 MB');
row('start to ready', 'ms', startOurs.ready_ms, startPeer.ready_ms, 'less', '≤ 50 ms');
row('without a connection at a refresh', 'ms', refreshOurs.without_connection_ms, refreshPeer.without_connection_ms, 'less', '0');
row('events that waited at a refresh', '', refreshOurs.waited, refreshPeer.waited, 'less', '0');
row('without a connection when TCP is closed', 'ms', dropOurs.without_connection_ms, dropPeer.without_connection_ms, 'less', '');

console.log('| figure | Belltower | peer | ratio | aim |\n| --- | ---: | ---: | ---: | --- |');
for (const cells of rows)
	console.log(`| ${cells.join(' | ')} |`);
console.log(`\nThe generator took ${round(100 * fullOurs.generator_cpu_share)} % of a core at Belltower's full speed, Belltower ${round(100 * fullOurs.cpu_share)} %.`);
const board = step('board', 'OURS', 'full'), after = step('board', 'OURS', 'idle');
console.log(`Sixty people answer at once in one channel: ${board.posts + after.posts} board posted, ${board.updates + after.updates} updates of it.`);
if (existsSync(join(rounds[0], 'million.OURS'))) {
	const [first, , second, , last] = read(rounds[0], 'million.OURS').filter((line) => line.step === 'full').map((line) => line.cpu_s_per_1000);
	console.log(`CPU per 1,000 standups with 10,000, 110,000 and 1,010,000 in the database: ${round(first)}, ${round(second)}, ${round(last)} s.`);
}
