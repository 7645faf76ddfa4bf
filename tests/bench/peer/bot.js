// SPDX-License-Identifier: MIT
// The bench's peer: what a good programmer writes on Slack's own SDK for the same job. It reads the three lines, stores them
// with their history in SQLite as durably as Belltower does (WAL, synchronous=FULL, one transaction for each event, the event's id
// in it), and answers with a reaction, which the SDK repeats when it fails. It posts no board.
//
// node bot.js DATABASE; LOAD_URL: the Web API's address.
import { DatabaseSync } from "node:sqlite";
import bolt from "@slack/bolt";
import webApi from "@slack/web-api";

const db = new DatabaseSync(process.argv[2]);
db.exec(`
	PRAGMA journal_mode = WAL;
	PRAGMA synchronous = FULL;
	CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at BIGINT NOT NULL);
	CREATE TABLE IF NOT EXISTS entry (
		channel TEXT, day TEXT, person TEXT, version INTEGER, results TEXT, goals TEXT, risks TEXT, ts TEXT,
		PRIMARY KEY (channel, day, person));
	CREATE TABLE IF NOT EXISTS history (
		channel TEXT, day TEXT, person TEXT, version INTEGER, results TEXT, goals TEXT, risks TEXT, ts TEXT,
		PRIMARY KEY (channel, day, person, version));
`);
const begin = db.prepare("BEGIN IMMEDIATE");
const commit = db.prepare("COMMIT");
const rollback = db.prepare("ROLLBACK");
const see = db.prepare("INSERT INTO seen (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING");
const save = db.prepare(`INSERT INTO entry VALUES (?, ?, ?, 1, ?, ?, ?, ?)
	ON CONFLICT (channel, day, person) DO UPDATE SET version = version + 1, results = excluded.results,
	goals = excluded.goals, risks = excluded.risks, ts = excluded.ts`);
const remember = db.prepare("INSERT INTO history SELECT * FROM entry WHERE channel = ? AND day = ? AND person = ?");

const labels = [/^(?:昨天|昨日|results?|yesterday)\s*[:：]\s*(.+)$/i, /^(?:今天|今日|goals?|today)\s*[:：]\s*(.+)$/i,
	/^(?:风险|risks?|blockers?)\s*[:：]\s*(.+)$/i];

function parse(text) {
	const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
	const parts = lines.slice(0, 3).map((line, i) => labels[i].exec(line)?.[1]);
	return lines.length === 3 && parts.every(Boolean) ? parts : null;
}

const days = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });

function store(id, message, parts) {
	const key = [message.channel, days.format(Number(message.ts) * 1000), message.user];
	begin.run();
	try {
		const fresh = see.run(id, Date.now()).changes > 0;
		if (fresh) {
			save.run(...key, ...parts, message.ts);
			remember.run(...key);
		}
		commit.run();
		return fresh;
	} catch (error) {
		rollback.run();
		throw error;
	}
}

const app = new bolt.App({
	token: "xoxb-load",
	appToken: "xapp-1-load",
	socketMode: true,
	logLevel: bolt.LogLevel.ERROR,
	clientOptions: { slackApiUrl: process.env.LOAD_URL, retryConfig: webApi.retryPolicies.tenRetriesInAboutThirtyMinutes },
});

app.message(async ({ message, body, client }) => {
	const parts = message.text && parse(message.text);
	if (parts && store(body.event_id, message, parts))
		await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "white_check_mark" });
});

process.on("SIGTERM", async () => {
	await app.stop();
	db.close();
	process.exit(0);
});
await app.start();
