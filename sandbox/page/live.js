// SPDX-License-Identifier: MIT
// The two ways to the server: the live socket that tells what changed, and one POST for each act of a person.

import { apply, changed, state } from "./state.js";
import { t } from "./i18n.js";

const WAIT_MS = [250, 500, 1000, 2000, 4000];
let attempt = 0;

export function connect() {
	const scheme = location.protocol === "https:" ? "wss:" : "ws:";
	const socket = new WebSocket(`${scheme}//${location.host}/sandbox/live`);
	socket.addEventListener("message", (event) => {
		const delta = JSON.parse(event.data);
		if (delta.type === "hello")
			setOnline(true);
		apply(delta);
	});
	// A socket that fails closes too: reconnecting has this one owner.
	socket.addEventListener("close", () => {
		setOnline(false);
		setTimeout(connect, WAIT_MS[Math.min(attempt++, WAIT_MS.length - 1)]);
	});
}

function setOnline(online) {
	if (online)
		attempt = 0;
	if (state.online === online)
		return;
	state.online = online;
	changed("online");
}

// Does one act and gives {ok, error?, ...}; a failure of any kind is an answer too, never an exception.
export async function act(body) {
	try {
		const answer = await fetch("/sandbox/act", {
			method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
		});
		const result = await answer.json();
		return result.ok ? result : { ok: false, error: result.error ?? t("act.failed") };
	} catch {
		return { ok: false, error: t("act.offline") };
	}
}
