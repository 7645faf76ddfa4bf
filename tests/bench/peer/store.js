// SPDX-License-Identifier: MIT
// What both peers do with a message: the three lines are read and stored with their history in SQLite as durably as Belltower
// does (WAL, synchronous=FULL, one transaction for each event, the event's id in it).
import { DatabaseSync } from "node:sqlite";

const labels = [/^(?:昨天|昨日|results?|yesterday)\s*[:：]\s*(.+)$/i, /^(?:今天|今日|goals?|today)\s*[:：]\s*(.+)$/i,
	/^(?:风险|risks?|blockers?)\s*[:：]\s*(.+)$/i];

// The three parts, or null.
export function parse(text) {
	const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
	const parts = lines.slice(0, 3).map((line, i) => labels[i].exec(line)?.[1]);
	return lines.length === 3 && parts.every(Boolean) ? parts : null;
}

const days = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });

export class Store {
	constructor(path) {
		const db = new DatabaseSync(path);
		db.exec(`
			PRAGMA journal_mode = WAL;
			PRAGMA synchronous = FULL;
			CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at BIGINT NOT NULL);
			CREATE TABLE IF NOT EXISTS entry (
				channel TEXT, day TEXT, person TEXT, version INTEGER, results TEXT, goals TEXT, risks TEXT, message TEXT,
				PRIMARY KEY (channel, day, person));
			CREATE TABLE IF NOT EXISTS history (
				channel TEXT, day TEXT, person TEXT, version INTEGER, results TEXT, goals TEXT, risks TEXT, message TEXT,
				PRIMARY KEY (channel, day, person, version));
		`);
		this.db = db;
		this.begin = db.prepare("BEGIN IMMEDIATE");
		this.commit = db.prepare("COMMIT");
		this.rollback = db.prepare("ROLLBACK");
		this.see = db.prepare("INSERT INTO seen (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING");
		this.save = db.prepare(`INSERT INTO entry VALUES (?, ?, ?, 1, ?, ?, ?, ?)
			ON CONFLICT (channel, day, person) DO UPDATE SET version = version + 1, results = excluded.results,
			goals = excluded.goals, risks = excluded.risks, message = excluded.message`);
		this.remember = db.prepare("INSERT INTO history SELECT * FROM entry WHERE channel = ? AND day = ? AND person = ?");
	}

	// False when the event was stored before.
	put(event, { channel, person, ms, message }, parts) {
		const key = [channel, days.format(ms), person];
		this.begin.run();
		try {
			const fresh = this.see.run(event, Date.now()).changes > 0;
			if (fresh) {
				this.save.run(...key, ...parts, message);
				this.remember.run(...key);
			}
			this.commit.run();
			return fresh;
		} catch (error) {
			this.rollback.run();
			throw error;
		}
	}

	close() {
		this.db.close();
	}
}
