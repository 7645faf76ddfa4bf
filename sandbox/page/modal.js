// SPDX-License-Identifier: MIT
// The modal that an app has opened for the person acted as: drawn, kept up with updates, checked and submitted.

import { h, replace, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { on, state } from "./state.js";
import { prefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { plainWords, renderBlocks } from "./blocks.js";
import { view as names } from "./message.js";

// The one that is open: {view, user, dialog, values, busy}.
let open = null;

export function startModal() {
	on("view prefs all", settle);
	on("errors", () => open && showErrors(state.errors.get(open.view.id) ?? {}));
}

function settle() {
	const view = state.views.get(prefs.as);
	if (open && (!view || view.id !== open.view.id || open.user !== prefs.as))
		dismiss();
	if (!view)
		return;
	if (!open)
		show(view);
	else if (open.view !== view || open.lang !== prefs.lang)
		update(view);
}

function dismiss() {
	const { dialog } = open;
	open = null;
	dialog.close();
	dialog.remove();
}

function show(view) {
	const dialog = h("dialog", { class: "dialog modal", testid: "modal", "aria-labelledby": "modal-title", oncancel: (event) => { event.preventDefault(); close(); } });
	open = { view, user: prefs.as, dialog, values: {}, busy: false };
	draw();
	document.body.append(dialog);
	dialog.showModal();
	(dialog.querySelector("[autofocus]") ?? dialog.querySelector(".dialog-body :is(input, textarea, select, button)") ?? dialog).focus();
}

// What was typed stays where block and action are the same.
function update(view) {
	open.view = view;
	open.busy = false;
	draw();
}

function draw() {
	const { view, dialog, values } = open;
	open.lang = prefs.lang;
	const present = new Set((view.blocks ?? []).map((block) => block.block_id));
	for (const block of Object.keys(values))
		if (!present.has(block))
			delete values[block];
	dialog.dataset.viewId = view.id;
	dialog.dataset.callbackId = view.callback_id ?? "";
	const ctx = { view: names, scope: `view-${view.id}`, values, press: (press) => act({ do: "press", as: prefs.as, view_id: view.id, values, ...press }) };
	redraw(dialog, () => replace(dialog, h("form", { method: "dialog", novalidate: true, onsubmit: submit },
		h("header", { class: "dialog-head" }, h("h2", { class: "dialog-title", id: "modal-title" }, plainWords(view.title)),
			h("button", { class: "icon-btn", type: "button", "aria-label": t("view.close"), title: t("view.close"), testid: "modal-x", onclick: close }, icon("close"))),
		h("div", { class: "dialog-body" }, h("p", { class: "view-problem", role: "alert", hidden: true, testid: "modal-problem" }), renderBlocks(view.blocks, ctx)),
		h("div", { class: "dialog-foot" }, h("button", { class: "btn", type: "button", testid: "modal-close", onclick: close }, view.close ? plainWords(view.close) : t("view.cancel")),
			(view.submit || hasInputs(view)) && h("button", { class: "btn primary", type: "submit", testid: "modal-submit" }, view.submit ? plainWords(view.submit) : t("view.submit"))))));
}

const hasInputs = (view) => (view.blocks ?? []).some((block) => block.type === "input");

async function close() {
	const { view } = open;
	const result = await act({ do: "close_view", as: prefs.as, view_id: view.id });
	if (open?.view.id === view.id && !result.ok)
		dismiss();
}

async function submit(event) {
	event.preventDefault();
	if (!open || open.busy)
		return;
	const { view, values } = open;
	const errors = problems(view, values);
	showErrors(errors);
	if (Object.keys(errors).length > 0)
		return;
	setBusy(true);
	const result = await act({ do: "submit", as: prefs.as, view_id: view.id, values });
	if (open?.view.id !== view.id)
		return;
	setBusy(false);
	if (!result.ok)
		problem(result.error ?? t("view.trouble"));
}

function setBusy(busy) {
	open.busy = busy;
	const button = open.dialog.querySelector("[data-testid=modal-submit]");
	button?.classList.toggle("waiting", busy);
	button?.setAttribute("aria-busy", String(busy));
	if (busy)
		problem("");
}

function problem(text) {
	const place = open.dialog.querySelector("[data-testid=modal-problem]");
	place.hidden = !text;
	place.textContent = text;
}

// What Slack checks itself before an app hears of it: {block_id: text}.
function problems(view, values) {
	const found = {};
	for (const block of view.blocks ?? []) {
		if (block.type !== "input")
			continue;
		const text = problemOf(block, values[block.block_id]?.[block.element?.action_id ?? "action"] ?? {});
		if (text)
			found[block.block_id] = text;
	}
	return found;
}

function problemOf(block, value) {
	const element = block.element ?? {};
	const { type, ...fields } = value;
	const content = Object.values(fields)[0];
	if (content === null || content === undefined || content.length === 0 || (type === "plain_text_input" && !content.trim()))
		return block.optional ? "" : t("view.required");
	return typeof content === "string" ? problemOfText(element, content) : "";
}

const CHECKS = {
	email_text_input: (v) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(v) ? "" : t("view.notEmail")),
	url_text_input: (v) => (/^https?:\/\/\S+$/i.test(v) ? "" : t("view.notUrl")),
	number_input: (v) => (Number.isFinite(Number(v)) ? "" : t("view.notNumber")),
};

function problemOfText(element, text) {
	const length = [...text].length;
	if (element.max_length && length > element.max_length)
		return t("view.tooLong", { n: element.max_length });
	if (element.min_length && length < element.min_length)
		return t("view.tooShort", { n: element.min_length });
	return CHECKS[element.type]?.(text) ?? "";
}

function showErrors(errors) {
	if (!open)
		return;
	setBusy(false);
	let first = null;
	for (const place of open.dialog.querySelectorAll(".field-error")) {
		const block = place.closest("[data-block]");
		const text = errors[block.dataset.block] ?? "";
		place.textContent = text;
		place.hidden = !text;
		const control = block.querySelector("input, textarea, select");
		control?.setAttribute("aria-invalid", String(Boolean(text)));
		first ??= text ? control : null;
	}
	first?.focus();
}
