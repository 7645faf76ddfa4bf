// SPDX-License-Identifier: MIT
// Waiting for what shall happen, never for time: each wait has a condition, and a limit after which the test fails in words.

export const LIMIT_MS = 20_000;

// What the promise gives, or an error that says what was awaited.
export async function within(what, promise, limitMs = LIMIT_MS) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`waited ${limitMs} ms for ${what}`)), limitMs);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

// Asks again until the answer is truthy.
export async function until(what, ask, limitMs = LIMIT_MS) {
	const end = performance.now() + limitMs;
	for (;;) {
		const answer = await ask();
		if (answer)
			return answer;
		if (performance.now() > end)
			throw new Error(`waited ${limitMs} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

// Things as they arrive; next() takes the first that fits, of those here already or of those to come.
export class Inbox {
	things = [];
	#waiting = [];

	put(thing) {
		const at = this.#waiting.findIndex((one) => one.fits(thing));
		if (at >= 0)
			this.#waiting.splice(at, 1)[0].resolve(thing);
		else
			this.things.push(thing);
	}

	next(what, fits = () => true, limitMs = LIMIT_MS) {
		const at = this.things.findIndex(fits);
		if (at >= 0)
			return this.things.splice(at, 1)[0];
		const coming = new Promise((resolve) => this.#waiting.push({ fits, resolve }));
		return within(what, coming, limitMs).catch((error) => {
			error.message += `; there are: ${JSON.stringify(this.things).slice(0, 2000)}`;
			throw error;
		});
	}
}
