// SPDX-License-Identifier: MIT
// What people use in a card: buttons, selects, pickers, inputs, and the form around them. Outside a form each use is told at once;
// inside, the values wait (in ctx.kept, so that a card drawn again loses nothing) until a button sends them.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { now } from "../state.js";
import { actingZone } from "../people.js";
import { confirmAsk } from "../dialog.js";
import { openMenu, openPopover } from "../menu.js";
import { offsetOf } from "../time.js";
import { plainOf } from "./card.js";

const BUTTONS = new Set(["default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled", "laser"]);
const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
const allowed = (e) => !e.confirm || confirmAsk({ title: plainOf(e.confirm.title), text: plainOf(e.confirm.text) });
const addressOf = (e) => (e.behaviors ?? []).find((b) => b.type === "open_url")?.default_url ?? e.url;
const asks = (e) => (e.behaviors ?? []).some((b) => b.type === "callback") || e.value !== undefined;
const common = (e, ctx) => ({ disabled: Boolean(e.disabled), title: e.disabled && e.disabled_tips ? plainOf(e.disabled_tips) : null, data: { key: `${ctx.scope}-${ctx.path}` }, testid: e.name ? `control-${e.name}` : "control" });

// Marks the control as waiting until the app has answered.
async function busy(source, promise) {
	source?.classList.add("waiting");
	source?.setAttribute("aria-busy", "true");
	await promise;
	source?.classList.remove("waiting");
	source?.removeAttribute("aria-busy");
}

async function use(e, ctx, what, source) {
	if (await allowed(e))
		await busy(source, ctx.press(ctx.path, what));
}

// ---- the values of a form ----

const keyOf = (ctx, name) => `form ${ctx.form.name} ${name}`;
const valueOf = (e, ctx, initial) => (ctx.form ? ctx.kept.get(keyOf(ctx, e.name)) ?? initial : initial);

function put(e, ctx, value) {
	ctx.kept.set(keyOf(ctx, e.name), value);
	complain(ctx.form.fields.get(e.name), "");
}

// A control of a form is known by its name, with what stood there at first.
function join(e, ctx, initial, control) {
	const problem = h("p", { class: "field-error", role: "alert", hidden: true, testid: `error-${e.name}` });
	const box = h("div", { class: "card-control" }, control, problem);
	ctx.form.fields.set(e.name, { e, initial, box, problem });
	return box;
}

// Outside a form the use is told; inside, the value is kept.
const settled = (e, ctx, value, what, source) => (ctx.form ? put(e, ctx, value) : use(e, ctx, what, source));
const placed = (e, ctx, initial, control) => (ctx.form ? join(e, ctx, initial, control) : control);

function complain(field, text) {
	if (!field)
		return;
	field.problem.hidden = !text;
	field.problem.textContent = text;
	field.box.querySelector("input, textarea, select, button")?.setAttribute("aria-invalid", String(Boolean(text)));
}

export function renderForm(e, ctx, renderElements) {
	const form = { name: e.name ?? "", fields: new Map() };
	const whole = { ...ctx, form };
	form.send = async (button, path, source) => {
		const missing = [...form.fields.values()].filter((field) => field.e.required && isEmpty(current(field, whole)));
		form.fields.forEach((field) => complain(field, missing.includes(field) ? t("view.required") : ""));
		if (missing.length > 0)
			return missing[0].box.querySelector("input, textarea, select, button")?.focus();
		if (!await allowed(button) || (e.confirm && !await allowed(e)))
			return null;
		return busy(source, ctx.submit(path, Object.fromEntries([...form.fields].map(([name, field]) => [name, current(field, whole)]).filter(([, value]) => !isEmpty(value) || value === "")), () => forget(whole)));
	};
	form.reset = () => { forget(whole); ctx.again(); };
	return h("form", { class: "card-form", testid: `form-${form.name}`, novalidate: true, onsubmit: (event) => event.preventDefault() }, renderElements(e.elements, `${ctx.path}.elements`, whole));
}

const current = (field, ctx) => ctx.kept.get(keyOf(ctx, field.e.name)) ?? field.initial;
const forget = (ctx) => [...ctx.kept.keys()].filter((key) => key.startsWith(`form ${ctx.form.name} `)).forEach((key) => ctx.kept.delete(key));

// ---- the controls ----

export const CONTROLS = {
	button, input, overflow, checker, select_img: pictures,
	select_static: (e, ctx) => select(e, ctx, staticOptions(e)), select_person: (e, ctx) => select(e, ctx, people(e, ctx)),
	multi_select_static: (e, ctx) => many(e, ctx, staticOptions(e)), multi_select_person: (e, ctx) => many(e, ctx, people(e, ctx)),
	date_picker: (e, ctx) => picker(e, ctx, "date", e.initial_date), picker_time: (e, ctx) => picker(e, ctx, "time", e.initial_time),
	picker_datetime: (e, ctx) => picker(e, ctx, "datetime-local", e.initial_datetime),
};

function button(e, ctx) {
	const look = `card-btn ${BUTTONS.has(e.type) ? e.type : "default"} size-${["tiny", "small", "medium", "large"].includes(e.size) ? e.size : "medium"}${e.width === "fill" ? " fill-width" : ""}`;
	const address = addressOf(e);
	const run = (event) => {
		const source = event.currentTarget;
		if (e.form_action_type === "reset" || (ctx.form && e.action_type === "form_reset"))
			return ctx.form?.reset();
		if (ctx.form && (e.form_action_type === "submit" || e.action_type === "form_submit"))
			return ctx.form.send(e, ctx.path, source);
		return asks(e) ? use(e, ctx, {}, source) : null;
	};
	if (/^https?:/i.test(address ?? "") && !e.disabled)
		return h("a", { class: look, href: address, target: "_blank", rel: "noopener noreferrer", testid: e.name ? `control-${e.name}` : "control", onclick: run }, plainOf(e.text));
	return h("button", { class: look, type: "button", ...common(e, ctx), onclick: run }, h("span", { class: "card-btn-words" }, plainOf(e.text)));
}

function input(e, ctx) {
	const initial = e.default_value ?? "";
	const several = e.input_type === "multiline_text";
	const id = `${ctx.scope}-${ctx.path}`;
	const send = () => use(e, ctx, { input: field.value }, field);
	const field = h(several ? "textarea" : "input", { class: "input card-input", id, type: several ? null : e.input_type === "password" ? "password" : "text", rows: several ? String(Math.min(Math.max(Number(e.rows) || 5, 1), 12)) : null,
		placeholder: e.placeholder ? plainOf(e.placeholder) : null, maxlength: String(e.max_length ?? 1000), value: valueOf(e, ctx, initial), required: Boolean(e.required), autocomplete: "off", spellcheck: "false", ...common(e, ctx),
		"aria-label": e.label ? null : e.placeholder ? plainOf(e.placeholder) : e.name,
		oninput: () => ctx.form && put(e, ctx, field.value),
		onkeydown: (event) => { if (!ctx.form && event.key === "Enter" && !event.isComposing && !event.shiftKey) { event.preventDefault(); send(); } } });
	return placed(e, ctx, initial, h("div", { class: e.label_position === "left" ? "card-field-row left" : "card-field-row" },
		e.label && h("label", { for: id, class: "card-label" }, plainOf(e.label), e.required && h("span", { class: "card-required", "aria-hidden": "true" }, "*")), field));
}

const staticOptions = (e) => (e.options ?? []).map((o) => ({ value: o.value, label: plainOf(o.text) }));
const people = (e, ctx) => (e.options?.length > 0 ? e.options.map((o) => o.value) : ctx.view.everybody()).map((id) => ({ value: id, label: ctx.view.nameOf(id) }));

function select(e, ctx, options) {
	const initial = e.initial_option ?? (e.initial_index > 0 ? options[e.initial_index - 1]?.value : undefined);
	const chosen = valueOf(e, ctx, initial);
	const field = h("select", { class: "input select card-select", ...common(e, ctx), "aria-label": e.placeholder ? plainOf(e.placeholder) : t("view.choose"), onchange: () => settled(e, ctx, field.value, { option: field.value }, field) },
		h("option", { value: "", selected: isEmpty(chosen), disabled: !ctx.form || e.required }, e.placeholder ? plainOf(e.placeholder) : t("view.choose")),
		options.map((o) => h("option", { value: o.value, selected: o.value === chosen }, o.label)));
	return placed(e, ctx, initial, h("span", { class: "card-select-box" }, field));
}

function many(e, ctx, options) {
	const initial = e.selected_values ?? [];
	const picked = new Set(valueOf(e, ctx, initial));
	const words = () => options.filter((o) => picked.has(o.value)).map((o) => h("span", { class: "chip" }, o.label));
	const box = h("button", { class: "input card-many", type: "button", "aria-haspopup": "dialog", "aria-label": e.placeholder ? plainOf(e.placeholder) : t("view.choose"), ...common(e, ctx), onclick: open });
	const show = () => box.replaceChildren(...(picked.size > 0 ? words() : [h("span", { class: "hint" }, e.placeholder ? plainOf(e.placeholder) : t("view.choose"))]));
	function open() {
		openPopover(box, h("div", { class: "choices card-choices" }, options.map((o) => h("label", { class: "choice" }, h("input", { type: "checkbox", checked: picked.has(o.value), testid: `option-${o.value}`,
			onchange: (event) => {
				picked[event.currentTarget.checked ? "add" : "delete"](o.value);
				const value = options.filter((one) => picked.has(one.value)).map((one) => one.value);
				settled(e, ctx, value, { options: value }, box);
				show();
			} }), o.label))), { label: t("view.choose"), testid: "choices" });
	}
	show();
	return placed(e, ctx, initial, box);
}

// In a form the server adds the person's offset; outside, the page does, as Feishu's client would.
function picker(e, ctx, type, initial) {
	const start = String(valueOf(e, ctx, initial) ?? "");
	const field = h("input", { class: "input input-short card-picker", type, value: type === "datetime-local" ? start.replace(" ", "T") : start, ...common(e, ctx), "aria-label": e.placeholder ? plainOf(e.placeholder) : t(`card.${type === "time" ? "time" : "date"}`),
		onchange: () => {
			const value = field.value.replace("T", " ");
			settled(e, ctx, value, { option: `${value} ${offsetOf(now(), actingZone())}` }, field);
		} });
	return placed(e, ctx, initial, e.placeholder ? h("label", { class: "card-pick" }, h("span", { class: "hint" }, plainOf(e.placeholder)), field) : field);
}

function checker(e, ctx) {
	const initial = Boolean(e.checked);
	const field = h("input", { type: "checkbox", checked: Boolean(valueOf(e, ctx, initial)), ...common(e, ctx), onchange: () => settled(e, ctx, field.checked, { checked: field.checked }, field) });
	return placed(e, ctx, initial, h("label", { class: "choice card-checker" }, field, h("span", null, plainOf(e.text))));
}

function overflow(e, ctx) {
	const choose = (o, source) => () => (o.multi_url?.url ? window.open(o.multi_url.url, "_blank", "noopener") : use(e, ctx, { option: o.value }, source));
	return h("button", { class: "card-btn default card-overflow", type: "button", "aria-haspopup": "menu", "aria-label": t("view.more"), ...common(e, ctx), onclick: (event) => {
		const source = event.currentTarget;
		openMenu(source, (e.options ?? []).map((o) => ({ label: plainOf(o.text), testid: `option-${o.value}`, run: choose(o, source) })), { testid: "overflow-menu" });
	} }, icon("more"));
}

function pictures(e, ctx) {
	const initial = e.multi_select ? [] : undefined;
	const start = [valueOf(e, ctx, initial) ?? []].flat();
	const name = `${ctx.scope}-${ctx.path}`;
	const box = h("div", { class: "card-pictures" }, (e.options ?? []).map((o) => h("label", { class: "card-picture" },
		h("input", { type: e.multi_select ? "checkbox" : "radio", name, value: o.value, checked: start.includes(o.value), disabled: Boolean(o.disabled || e.disabled), testid: `option-${o.value}`, onchange: () => {
			const values = [...box.querySelectorAll("input:checked")].map((one) => one.value);
			const value = e.multi_select ? values : values[0];
			settled(e, ctx, value, e.multi_select ? { options: value } : { option: value }, box);
		} }), ctx.view.image(o.img_key, o.value, "card-img"))));
	return placed(e, ctx, initial, box);
}

// A block of a card that is one large button.
export function renderContainer(e, ctx, content) {
	const run = () => {
		const address = addressOf(e);
		if (/^https?:/i.test(address ?? ""))
			window.open(address, "_blank", "noopener");
		if (asks(e) && !e.disabled)
			use(e, ctx, {}, box);
	};
	const box = h("div", { class: `card-container${e.has_border ? " bordered" : ""}`, role: "button", tabindex: e.disabled ? null : "0", "aria-disabled": String(Boolean(e.disabled)), testid: e.name ? `control-${e.name}` : "control",
		onclick: (event) => { if (!event.target.closest("a, button, input, select, textarea")) run(); }, onkeydown: (event) => { if (event.target === box && ["Enter", " "].includes(event.key)) { event.preventDefault(); run(); } } }, content);
	return box;
}
