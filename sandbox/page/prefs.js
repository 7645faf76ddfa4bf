// SPDX-License-Identifier: MIT
// Where this browser stands: as which of the two the room is shown, who is acted as, which place is open, language and
// theme. All but the place is remembered in the browser; all of it stands in the address (#as=U1&channel=C1), so that a link or a test opens
// exactly that. A browser without storage works, it only forgets.

import { changed, drawNow, state } from "./state.js";

const STORE = "belltower-sandbox";
const KEPT = ["room", "as", "lang", "theme", "drawer"];
const IN_HASH = ["room", "as", "channel", "thread", "lang", "theme", "drawer"];

// channel: an id, "home" for the App Home, or "dm" for one's conversation with the app. drawer: "", "log" or "faults".
// room: "slack" or "feishu"; "": the one whose app is here.
export const prefs = { room: "", as: "", channel: "", thread: "", lang: "", theme: "auto", drawer: "" };
const explicit = new Set();

// A room of the demo's two is shown as what it is.
const ownRoom = () => state.rooms && (new URL(state.rooms.feishu).port === location.port ? "feishu" : "slack");
export const isFeishu = () => (ownRoom() || prefs.room || state.usual_room) === "feishu";

export function setPrefs(patch) {
	const before = JSON.stringify(prefs);
	Object.assign(prefs, patch);
	Object.keys(patch).forEach((key) => explicit.add(key));
	if (JSON.stringify(prefs) === before)
		return;
	remember();
	writeHash();
	changed("prefs");
	drawNow();
}

export function loadPrefs() {
	try {
		Object.assign(prefs, JSON.parse(localStorage.getItem(STORE) ?? "{}"));
	} catch {
		// storage is off or holds something else: start afresh
	}
	readHash();
	prefs.lang = ["zh-CN", "en"].includes(prefs.lang) ? prefs.lang : browserLanguage();
	addEventListener("hashchange", () => {
		readHash();
		remember();
		changed("prefs");
	});
}

function browserLanguage() {
	return (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function remember() {
	try {
		localStorage.setItem(STORE, JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, prefs[key]]))));
	} catch {
		// as above
	}
}

function readHash() {
	const hash = new URLSearchParams(location.hash.slice(1));
	for (const key of IN_HASH)
		if (hash.has(key)) {
			prefs[key] = hash.get(key);
			explicit.add(key);
		}
}

// Only what was chosen stands in the address: a language that the browser chose does not.
function writeHash() {
	const hash = new URLSearchParams();
	for (const key of IN_HASH)
		if (prefs[key] && explicit.has(key))
			hash.set(key, prefs[key]);
	history.replaceState(null, "", `#${hash}`);
}
