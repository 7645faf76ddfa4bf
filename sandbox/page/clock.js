// SPDX-License-Identifier: MIT
// The sandbox's clock: shown in the workspace's zone, moved by a press.

import { h, byId } from "./dom.js";
import { icon } from "./icons.js";
import { now, on, state } from "./state.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { told } from "./dialog.js";
import { openPopover } from "./menu.js";
import { formatClock, formatFull, formatTime, fromLocalInput, toLocalInput } from "./time.js";

const MINUTE = 60000;
// A quarter of an hour goes by in a beat, so that everything comes at its time; the night in one.
const BEAT_MS = 300, STEP_MS = 15 * MINUTE, EVENING = 19, MORNING = "08:45";
let playing = 0;

export function startClock() {
	setInterval(tick, 1000);
	on("clock prefs", tick);
}

const face = () => formatClock(now(), state.clock.zone);
const short = () => formatTime(now(), state.clock.zone);

export function clockButton() {
	return h("button", { class: "clock-btn", type: "button", testid: "clock", "aria-haspopup": "dialog", id: "clock-button", onclick: (event) => open(event.currentTarget) },
		icon("clock"), h("span", { id: "clock-face", class: "clock-face", testid: "clock-face" }, face()), h("span", { id: "clock-short", class: "clock-short", "aria-hidden": "true" }, short()),
		h("span", { class: "clock-zone" }, state.clock.zone));
}

function tick() {
	const place = byId("clock-face");
	if (!place)
		return;
	if (place.textContent !== face())
		place.textContent = face();
	byId("clock-short").textContent = short();
	byId("clock-button").setAttribute("aria-label", t("clock.label", { time: face(), zone: state.clock.zone }));
	const full = byId("clock-full");
	if (full)
		full.textContent = formatFull(now(), state.clock.zone);
}

const isNight = () => Number(toLocalInput(now(), state.clock.zone).slice(11, 13)) >= EVENING;
const beat = () => told(act({ do: "clock", ...(isNight() ? { to: MORNING, days: 1 } : { advance_ms: STEP_MS }) }));

// Goes on, also when the panel is closed, until it is pressed again.
async function play() {
	const own = playing = playing ? 0 : performance.now();
	showPlaying();
	while (own && own === playing) {
		if (!(await beat()).ok)
			playing = 0;
		await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
	}
	showPlaying();
}

function showPlaying() {
	const button = byId("clock-play");
	if (button)
		button.textContent = t(playing ? "clock.pause" : "clock.play");
}

function open(anchor) {
	const move = (testid, text, body) => h("button", { class: "btn", type: "button", testid, onclick: () => told(act({ do: "clock", ...body })) }, text);
	const exact = h("input", { class: "input", type: "datetime-local", value: toLocalInput(now(), state.clock.zone), testid: "clock-exact", "aria-label": t("clock.exact") });
	const setExact = (event) => {
		event.preventDefault();
		const ms = fromLocalInput(exact.value, state.clock.zone);
		if (Number.isFinite(ms))
			told(act({ do: "clock", set_ms: ms }));
	};
	openPopover(anchor, [
		h("h2", { class: "popover-title" }, t("clock.title")),
		h("p", { class: "clock-full", id: "clock-full" }, formatFull(now(), state.clock.zone)),
		h("p", { class: "hint" }, state.clock.zone, state.clock.frozen && ` · ${t("clock.frozen")}`),
		h("div", { class: "row" },
			move("clock-plus-15", t("clock.plus15"), { advance_ms: 15 * MINUTE }),
			move("clock-plus-60", t("clock.plus60"), { advance_ms: 60 * MINUTE }),
			move("clock-tomorrow", t("clock.tomorrow"), { to: "09:30", days: 1 }),
			h("button", { class: "btn", type: "button", id: "clock-play", testid: "clock-play", onclick: play }, t(playing ? "clock.pause" : "clock.play"))),
		h("form", { class: "row", onsubmit: setExact }, exact, h("button", { class: "btn", type: "submit", testid: "clock-set" }, t("clock.set"))),
		h("p", { class: "hint" }, t("clock.hint")),
	], { className: "clock-panel", label: t("clock.title"), testid: "clock-panel" });
}
