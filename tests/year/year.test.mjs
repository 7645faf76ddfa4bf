// SPDX-License-Identifier: MIT
// Two years of three teams, played in seconds by the real daemon without its sockets (play.c), and held against what a reckoning
// of its own says should have rung: nothing is missing, nothing comes twice, nothing comes that nobody reckoned with.
// YEAR_SEED=7 is another story; YEAR_KEEP=1 leaves the folder that it was played in.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { reckon } from "./reckoning.mjs";
import { configOf, feedOf, makeStory, registerOf, worldOf } from "./story.mjs";
import { read } from "./words.mjs";

const run = promisify(execFile);
const BELLTOWER = process.env.BELLTOWER_BIN ?? new URL("../../build/dev/bot/belltower", import.meta.url).pathname;
const PLAY = join(dirname(BELLTOWER), "../tests/year/play_year");
// Every commit is synced: on a disk that is most of the time, and says nothing here.
const ROOM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

async function play(story) {
	const folder = mkdtempSync(join(ROOM, "belltower-year-"));
	try {
		writeFileSync(join(folder, "belltower.yaml"), configOf(story));
		for (const team of story.teams.filter(({ configured }) => configured?.endsWith(".ics")))
			writeFileSync(join(folder, team.configured), feedOf(team));
		writeFileSync(join(folder, "people.csv"), registerOf(story));
		writeFileSync(join(folder, "story.json"), JSON.stringify(worldOf(story)));
		await run(BELLTOWER, ["people", "import", "-c", join(folder, "belltower.yaml"), join(folder, "people.csv")]);
		const { stdout, stderr } = await run(PLAY, [folder], { maxBuffer: 2 ** 30 });
		console.log(stderr.trimEnd());
		return stdout;
	} finally {
		if (!process.env.YEAR_KEEP)
			rmSync(folder, { recursive: true });
		else
			console.log(folder);
	}
}

const when = (ms) => new Date(ms).toISOString();

function compareRings(expected, rings) {
	const wrong = [], seen = new Map();
	for (const { key, isBoard, ms } of rings) {
		if (seen.has(key))
			wrong.push(`twice: ${key} at ${when(seen.get(key))} and ${when(ms)}`);
		seen.set(key, ms);
		if (!isBoard && !expected.has(key))
			wrong.push(`unasked for: ${key} at ${when(ms)}`);
		else if (!isBoard && expected.get(key) !== ms)
			wrong.push(`at ${when(ms)} and not at ${when(expected.get(key))}: ${key}`);
	}
	for (const [key, ms] of expected)
		if (!seen.has(key))
			wrong.push(`missing: ${key} at ${when(ms)}`);
	return wrong;
}

function compareNotes(expected, notes, to) {
	return [...new Set([...notes.keys(), ...expected.keys()])].filter((key) => key.slice(0, 10) <= to && expected.get(key) !== notes.get(key))
		.map((key) => `noted ${notes.get(key)} and not ${expected.get(key)}: ${key}`);
}

function year(name, setup) {
	test(name, { timeout: 240000 }, async () => {
		const story = makeStory(setup), { rings, notes, zoneOf } = reckon(story);
		const said = read(await play(story), zoneOf);
		console.log(`seed ${story.seed}: ${rings.size} rings to come, ${said.rings.length} came; ${said.notes.size} notes`);
		assert.ok(rings.size > 100 && notes.size > 100);
		const wrong = [...compareRings(rings, said.rings), ...compareNotes(notes, said.notes, story.to)];
		assert.equal(wrong.length, 0, `${wrong.length} wrong with seed ${story.seed}:\n${wrong.slice(0, 60).join("\n")}`);
	});
}

year("two years", { seed: Number(process.env.YEAR_SEED ?? 6), from: "2025-01-01", to: "2026-12-31" });
