// SPDX-License-Identifier: MIT
// The sandbox's payloads beside those of the real platforms (tests/data).
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const folder = new URL('../../data/', import.meta.url);

function read(path) {
	return JSON.parse(readFileSync(new URL(path, folder)));
}

export function fixture(name) {
	return read(`slack/${name}.json`);
}

// "events/im.message.receive_v1.post", "rest/message.create.text" …
export function feishuFixture(name) {
	return read(`feishu/${name}.json`);
}

// Stands in no captured payload, but in the protocol's reference, sections 3.1 (outer body) and 3.2 (message), and in the SDK's types.
const documented = ['context_team_id', 'context_enterprise_id', 'app_id', 'bot_profile.user_id'];

function isAllowed(at, allowed) {
	return allowed.includes(at) || documented.some((end) => at === end || at.endsWith(`.${end}`));
}

function kind(value) {
	return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

// Fields of `ours` that no real payload has, or has with another type. Arrays: the first element stands for all.
function strangers(ours, reals, path, allowed, out) {
	const kinds = new Set(reals.map(kind));
	if (kind(ours) !== 'null' && !kinds.has('null') && !kinds.has(kind(ours)))
		out.push(`${path} is ${kind(ours)} instead of ${[...kinds].join(' or ')}`);
	else if (Array.isArray(ours))
		strangersOfArray(ours, reals, path, allowed, out);
	else if (kind(ours) === 'object')
		strangersOfObject(ours, reals.filter((real) => kind(real) === 'object'), path, allowed, out);
}

function strangersOfArray(ours, reals, path, allowed, out) {
	const elements = reals.filter(Array.isArray).flat();
	if (ours.length && elements.length)
		strangers(ours[0], elements, `${path}[]`, allowed, out);
}

function strangersOfObject(ours, reals, path, allowed, out) {
	if (reals.length === 0)
		return;
	for (const [key, value] of Object.entries(ours)) {
		const at = path ? `${path}.${key}` : key;
		if (isAllowed(at, allowed))
			continue;
		const there = reals.filter((real) => key in real).map((real) => real[key]);
		if (there.length === 0)
			out.push(`${at} is in no real payload`);
		else
			strangers(value, there, at, allowed, out);
	}
}

/*
 * Every field that the sandbox sends is one that the platform sends, of the same type. reals: fixtures of the same payload,
 * taken together. allowed: paths where only the protocol's page, no fixture, has the field, or where keys are data.
 */
export function assertLikeReal(ours, reals, { allowed = [] } = {}) {
	const out = [];
	strangers(ours, reals, '', allowed, out);
	assert.deepEqual(out, []);
}

// The fields that the protocol promises are there.
export function assertHas(object, keys) {
	assert.deepEqual(keys.filter((key) => !(key in object)), []);
}
