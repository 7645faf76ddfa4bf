// SPDX-License-Identifier: MIT
// A sandbox of one's own for each test, on a port that the kernel chooses, and what people do in it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, WebSocket, fetch as fetchBy } from 'undici';
import { Inbox, within } from './waiting.mjs';

export const BOT_TOKEN = 'xoxb-sandbox-conformance';
export const APP_TOKEN = 'xapp-sandbox-conformance';

const program = process.env.BELLTOWER_BIN ?? new URL('../../../build/dev/bot/belltower', import.meta.url).pathname;

async function stop(child) {
	if (child.exitCode === null && child.signalCode === null) {
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		await within('the sandbox to end', ended).catch((error) => {
			child.kill('SIGKILL');
			throw error;
		});
	}
	assert.equal(child.exitCode, 0, 'the sandbox ended well');
}

// A key, and a certificate for this machine that nobody but who is given it trusts.
function makeCertificate(folder) {
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
		'-subj', '/CN=sandbox', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'pipe' });
	return { key, cert };
}

function commandLine(folder, { options, company, tls }) {
	const args = ['sandbox', '--listen', '127.0.0.1:0', ...options];
	if (company) {
		const file = join(folder, 'company.json');
		writeFileSync(file, JSON.stringify(company));
		args.push('--company', file);
	}
	if (tls)
		args.push('--tls-cert', tls.cert, '--tls-key', tls.key);
	return args;
}

/*
 * A running sandbox; the test `t` ends it. options: command-line options; company: what the company file says (default: the
 * built-in one); secure: https and wss, with a certificate that the sandbox's `dispatcher` trusts.
 */
export async function startSandbox(t, { options = ['--no-rate-limits'], company, secure = false } = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'belltower-conformance-'));
	const tls = secure ? makeCertificate(folder) : null;
	const dispatcher = tls ? new Agent({ connect: { ca: readFileSync(tls.cert) } }) : undefined;
	const args = commandLine(folder, { options, company, tls });
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const guests = []; // what ends before the sandbox does, the youngest first
	t.after(async () => {
		try {
			for (const end of guests.reverse())
				await end();
		} finally {
			await dispatcher?.destroy();
			await stop(child);
			rmSync(folder, { recursive: true });
		}
	});
	const lines = createInterface({ input: child.stdout });
	const first = Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [null]), once(child, 'error').then(([e]) => { throw e; })]);
	const [url] = await within('the sandbox to say its address', first);
	assert.ok(url, 'the sandbox started');
	return new Sandbox(url, guests, dispatcher);
}

class Sandbox {
	#guests;

	constructor(url, guests, dispatcher) {
		this.#guests = guests;
		this.dispatcher = dispatcher;
		this.url = url;
		this.api = `${url}api/`;
	}

	// Registers what the test's end does while the sandbox still runs.
	beforeEnd(end) {
		this.#guests.push(end);
	}

	// As the sandbox's peers fetch: Node's own, which alone takes Node's own forms, but where a certificate must be trusted.
	get fetch() {
		return this.dispatcher ? (url, init) => fetchBy(url, { ...init, dispatcher: this.dispatcher }) : fetch;
	}

	async #json(path, body) {
		const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
		const response = await this.fetch(this.url + path, { ...init, signal: AbortSignal.timeout(20_000) });
		return response.json();
	}

	// One act and its answer, whatever it is.
	tryAct(act) {
		return this.#json('sandbox/act', act);
	}

	// One act that must succeed.
	async act(act) {
		const answer = await this.tryAct(act);
		assert.equal(answer.ok, true, `${JSON.stringify(act)}: ${answer.error}`);
		return answer;
	}

	state() {
		return this.#json('sandbox/state');
	}

	async member(name) {
		const found = (await this.state()).members.find((m) => m.name === name);
		assert.ok(found, `there is a member ${name}`);
		return found;
	}

	async channel(name) {
		const found = (await this.state()).channels.find((c) => c.name === name);
		assert.ok(found, `there is a channel ${name}`);
		return found;
	}

	// The message as the page shows it; undefined: there is none.
	async message(channelId, ts) {
		return (await this.state()).messages[channelId]?.find((m) => m.ts === ts);
	}

	// A person speaks; the message's ts.
	async say(who, channel, text, more = {}) {
		return (await this.act({ do: 'say', as: who, channel, text, ...more })).ts;
	}

	// What the page is told from now on, as it happens.
	async watch() {
		const deltas = new Inbox();
		const ws = new WebSocket(`${this.url.replace(/^http/, 'ws')}sandbox/live`, { dispatcher: this.dispatcher });
		ws.addEventListener('message', ({ data }) => deltas.put(JSON.parse(data)));
		this.beforeEnd(() => ws.close());
		await deltas.next('the page\'s greeting', ({ type }) => type === 'hello');
		return deltas;
	}

	// Lets time pass for all that waits: retries, triggers, limits.
	pass(ms) {
		return this.act({ do: 'clock', advance_ms: ms, intervals: true });
	}
}
