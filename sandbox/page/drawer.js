// SPDX-License-Identifier: MIT
// The drawer: API calls and frames as they happen, with filters and the JSON of each; and the faults.

import { h, byId, isAtBottom, redraw, replace } from "./dom.js";
import { icon } from "./icons.js";
import { changed, on, state } from "./state.js";
import { isFeishu, prefs, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { formatSeconds } from "./time.js";
import { faultsPanel } from "./faults.js";

const KINDS = ["all", "http", "frame", "note"];
const SHOWN = 300;
const filter = { kind: "all", words: "" };
const rows = new WeakMap();

export function startDrawer() {
	on("prefs all", draw);
	on("log", () => prefs.drawer === "log" && fillLog());
	on("faults feishu", () => prefs.drawer === "faults" && draw());
	byId("drawer").addEventListener("keydown", (event) => {
		if (event.key === "Escape")
			close();
	});
	draw();
}

function close() {
	setPrefs({ drawer: "" });
	document.querySelector("[data-testid=drawer-toggle]")?.focus();
}

let drawn = "";
function draw() {
	const drawer = byId("drawer");
	const wasOpen = !drawer.hidden;
	drawer.hidden = !prefs.drawer;
	document.body.classList.toggle("drawer-open", Boolean(prefs.drawer));
	if (!prefs.drawer)
		return;
	const what = `${prefs.drawer} ${prefs.lang} ${state.ready} ${isFeishu()} ${JSON.stringify([state.faults, state.feishu.settings, state.feishu.quota])}`;
	if (wasOpen && what === drawn)
		return prefs.drawer === "log" && fillLog();
	drawn = what;
	redraw(drawer, () => replace(drawer, head(), prefs.drawer === "faults" ? faultsPanel() : logPanel()));
	if (prefs.drawer === "log")
		fillLog(true);
}

function head() {
	const tab = (name) => h("button", { class: "tab", type: "button", role: "tab", "aria-selected": String(prefs.drawer === name), testid: `drawer-tab-${name}`,
		onclick: () => setPrefs({ drawer: name }) }, t(`drawer.${name}`));
	return h("div", { class: "drawer-head" }, h("div", { class: "tabs", role: "tablist", "aria-label": t("drawer.title") }, tab("log"), tab("faults")),
		h("button", { class: "icon-btn", type: "button", "aria-label": t("drawer.close"), title: t("drawer.close"), testid: "drawer-close", onclick: close }, icon("close")));
}

function logPanel() {
	const chip = (kind) => h("button", { class: "chip", type: "button", "aria-pressed": String(filter.kind === kind), testid: `log-filter-${kind}`,
		onclick: () => { filter.kind = kind; drawn = ""; draw(); } }, t(`drawer.filter.${kind}`));
	const words = (event) => { filter.words = event.currentTarget.value.trim().toLowerCase(); fillLog(true); };
	return h("div", { class: "log-panel" },
		h("div", { class: "log-bar" }, KINDS.map(chip),
			h("input", { class: "input", type: "search", value: filter.words, placeholder: t("drawer.search"), "aria-label": t("drawer.search"), testid: "log-search", oninput: words }),
			h("button", { class: "text-btn", type: "button", testid: "log-clear", onclick: () => { state.log.length = 0; changed("log"); } }, t("drawer.clear"))),
		h("div", { class: "log", id: "log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": t("drawer.log"), testid: "log" }));
}

const matches = (entry) => (filter.kind === "all" || entry.kind === filter.kind)
	&& (!filter.words || `${entry.title} ${entry.status ?? ""} ${plain(entry.detail)}`.toLowerCase().includes(filter.words));
const plain = (detail) => (typeof detail === "string" ? detail : JSON.stringify(detail ?? ""));

// A row is made once for its entry and stays, so that an opened one stays open.
function fillLog(toEnd = false) {
	const log = byId("log");
	if (!log)
		return;
	const follow = toEnd || isAtBottom(log);
	const shown = state.log.filter(matches).slice(-SHOWN);
	if (shown.length === 0)
		replace(log, h("p", { class: "empty" }, t("drawer.empty")));
	else
		sync(log, shown.map(rowOf));
	if (follow)
		log.scrollTop = log.scrollHeight;
}

function sync(log, wanted) {
	const keep = new Set(wanted);
	for (const child of [...log.children])
		if (!keep.has(child))
			child.remove();
	wanted.forEach((row, i) => {
		if (log.children[i] !== row)
			log.insertBefore(row, log.children[i] ?? null);
	});
}

const WAYS = { in: "→", out: "←", note: "•" };

function rowOf(entry) {
	const key = `${prefs.lang} ${state.clock.zone}`;
	const known = rows.get(entry);
	if (known?.key === key)
		return known.row;
	const row = makeRow(entry);
	rows.set(entry, { key, row });
	return row;
}

function makeRow(entry) {
	const detail = h("pre", { class: "json", testid: "log-detail", tabindex: "0" });
	const fill = () => row.open && !detail.hasChildNodes() && detail.append(...colored(entry.detail));
	const bad = entry.status >= 400 || entry.detail?.response?.ok === false;
	const row = h("details", { class: "log-row", data: { kind: entry.kind, title: entry.title }, testid: "log-entry", ontoggle: fill },
		h("summary", null,
			h("span", { class: "log-time" }, formatSeconds(entry.at_ms, state.clock.zone)),
			h("span", { class: `log-way way-${entry.dir}`, title: t(`drawer.${entry.dir}`), "aria-label": t(`drawer.${entry.dir}`), role: "img" }, WAYS[entry.dir] ?? "•"),
			h("span", { class: "log-kind" }, entry.kind),
			h("span", { class: "log-title" }, entry.title),
			entry.status ? h("span", { class: bad ? "log-status bad" : "log-status" }, entry.status) : null),
		detail);
	return row;
}

// JSON with a colour for each kind of value.
function colored(detail) {
	const text = typeof detail === "string" ? detail : JSON.stringify(detail ?? null, null, 2);
	if (typeof detail === "string")
		return [text];
	const out = [];
	let rest = 0;
	for (const found of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
		out.push(text.slice(rest, found.index), h("span", { class: found[2] ? "j-key" : found[1] ? "j-text" : "j-value" }, found[1] ?? found[0]));
		rest = found.index + (found[1] ?? found[0]).length;
	}
	out.push(text.slice(rest));
	return out;
}
