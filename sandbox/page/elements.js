// SPDX-License-Identifier: MIT
// Block Kit's elements. An element in an input block only keeps its value (in ctx.values, as Slack's state.values has it); any
// other one, and one whose input block says dispatch_action, presses: it sends its action at once. A link button does both.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { people, state } from "./state.js";
import { t } from "./i18n.js";
import { confirmAsk } from "./dialog.js";
import { openMenu } from "./menu.js";
import { decode } from "./mrkdwn.js";
import { plainWords, renderText } from "./blocks.js";

export function renderElement(element, ctx) {
	const draw = ELEMENTS[element.type];
	if (!draw)
		return h("p", { class: "unsupported" }, t("block.unsupported", { type: element.type ?? "?" }));
	return draw(element, { ...ctx, action_id: element.action_id ?? "action", testid: `action-${element.action_id ?? "action"}` });
}

// The value kept for an element; what was there before a view was updated stays, as in Slack, when block and action are the same.
function keep(ctx, type, fields) {
	const block = (ctx.values[ctx.block_id] ??= {});
	block[ctx.action_id] = { type, ...fields };
}

const kept = (ctx, type) => {
	const value = ctx.values[ctx.block_id]?.[ctx.action_id];
	return value?.type === type ? value : null;
};

// Keeps the value and, where the element acts, sends it. detail: what the act carries.
function changed(element, ctx, fields, detail) {
	keep(ctx, element.type, fields);
	if (!ctx.input || ctx.dispatch)
		press(element, ctx, detail);
}

const waiting = new WeakSet();

async function press(element, ctx, detail, source) {
	if (element.confirm && !await confirmed(element.confirm))
		return;
	if (source) {
		if (waiting.has(source))
			return;
		waiting.add(source);
		source.classList.add("waiting");
	}
	const result = await ctx.press({ block_id: ctx.block_id, action_id: ctx.action_id, ...detail });
	if (!source)
		return;
	waiting.delete(source);
	source.classList.remove("waiting");
	source.classList.toggle("trouble", !result.ok);
	source.title = result.ok ? "" : result.error ?? t("view.failed");
}

const confirmed = (c) => confirmAsk({ title: plainWords(c.title), text: decode(c.text?.text ?? ""), yes: c.confirm && plainWords(c.confirm), no: c.deny && plainWords(c.deny), danger: c.style === "danger" });

const common = (ctx) => ({ id: ctx.control ?? null, testid: ctx.testid, "aria-describedby": ctx.described ?? null });
const placeholder = (element) => (element.placeholder ? plainWords(element.placeholder) : null);

const ELEMENTS = {
	button, image, overflow, static_select: select, external_select: select, users_select: people_select, conversations_select: channel_select, channels_select: channel_select,
	multi_static_select: checks, multi_users_select: manyPeople, checkboxes: checks, radio_buttons: radios,
	datepicker: (e, ctx) => picker(e, ctx, "date", "selected_date", "initial_date"),
	timepicker: (e, ctx) => picker(e, ctx, "time", "selected_time", "initial_time"),
	datetimepicker,
	plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput, number_input: textInput,
};

function button(element, ctx) {
	const style = { primary: "btn primary", danger: "btn danger" }[element.style] ?? "btn";
	const label = element.accessibility_label ?? null;
	const run = (event) => press(element, ctx, { value: element.value ?? "" }, event.currentTarget);
	if (/^https?:/i.test(element.url ?? ""))
		return h("a", { class: style, href: element.url, target: "_blank", rel: "noopener noreferrer", "aria-label": label, testid: ctx.testid, onclick: run }, plainWords(element.text));
	return h("button", { class: style, type: "button", "aria-label": label, testid: ctx.testid, data: { key: `${ctx.scope}-${ctx.block_id}-${ctx.action_id}` }, onclick: run }, plainWords(element.text));
}

// Nothing is loaded from outside: an image from elsewhere is named, with its address as a link.
function image(element) {
	const file = element.slack_file?.id;
	const url = String(file ? `/files/${encodeURIComponent(file)}` : element.image_url ?? element.slack_file?.url ?? "");
	if (/^\/files\//.test(url) || url.startsWith(`${location.origin}/files/`))
		return h("img", { class: "block-img", src: url, alt: element.alt_text ?? "" });
	return h("a", { class: "image-outside", href: /^https?:/i.test(url) ? url : null, target: "_blank", rel: "noopener noreferrer" }, icon("file"), t("block.imageOutside", { alt: element.alt_text ?? "" }));
}

function overflow(element, ctx) {
	const choose = (option, source) => () => press(element, ctx, { selected: option.value, selected_option: option }, source);
	return h("button", { class: "icon-btn bordered", type: "button", "aria-haspopup": "menu", "aria-label": t("view.more"), title: t("view.more"), testid: ctx.testid,
		onclick: (event) => {
			const source = event.currentTarget;
			openMenu(source, (element.options ?? []).map((o) => ({ label: plainWords(o.text), testid: `option-${o.value}`, run: choose(o, source) })), { testid: "overflow-menu" });
		} }, icon("more"));
}

const optionsOf = (element) => (element.option_groups ? element.option_groups.flatMap((g) => g.options ?? []) : element.options ?? []);
const bare = (option) => (option ? { text: option.text, value: option.value } : null);

function select(element, ctx) {
	const all = optionsOf(element);
	const start = kept(ctx, element.type)?.selected_option ?? element.initial_option ?? null;
	const make = (o) => h("option", { value: String(all.indexOf(o)), selected: o.value === start?.value }, plainWords(o.text));
	const list = element.option_groups ? element.option_groups.map((g) => h("optgroup", { label: plainWords(g.label) }, (g.options ?? []).map(make))) : all.map(make);
	keep(ctx, element.type, { selected_option: bare(start) });
	return nativeSelect(element, ctx, t("view.choose"), !start, list, (index) => {
		const option = bare(all[Number(index)]);
		changed(element, ctx, { selected_option: option }, { selected: option?.value ?? null, selected_option: option });
	});
}

function nativeSelect(element, ctx, hint, empty, list, chosen) {
	return h("select", { class: "input select", ...common(ctx), "aria-label": ctx.input ? null : placeholder(element) ?? hint, data: { key: `${ctx.scope}-${ctx.block_id}-${ctx.action_id}` },
		onchange: (event) => chosen(event.currentTarget.value) },
	h("option", { value: "", selected: empty, disabled: !ctx.block?.optional }, placeholder(element) ?? hint), list);
}

function people_select(element, ctx) {
	const start = kept(ctx, element.type)?.selected_user ?? element.initial_user ?? null;
	keep(ctx, element.type, { selected_user: start });
	const list = people().map((m) => h("option", { value: m.id, selected: m.id === start }, m.display_name || m.real_name || m.name));
	return nativeSelect(element, ctx, t("view.choosePerson"), !start, list, (id) => changed(element, ctx, { selected_user: id || null }, { selected: id, selected_user: id }));
}

function channel_select(element, ctx) {
	const field = element.type === "channels_select" ? "channel" : "conversation";
	const start = kept(ctx, element.type)?.[`selected_${field}`] ?? element[`initial_${field}`] ?? null;
	keep(ctx, element.type, { [`selected_${field}`]: start });
	const list = [...state.channels.values()].filter((c) => c.kind !== "im").map((c) => h("option", { value: c.id, selected: c.id === start }, `#${c.name}`));
	return nativeSelect(element, ctx, t("view.chooseChannel"), !start, list, (id) => changed(element, ctx, { [`selected_${field}`]: id || null }, { selected: id, [`selected_${field}`]: id }));
}

function checks(element, ctx) {
	const start = kept(ctx, element.type)?.selected_options ?? element.initial_options ?? [];
	const all = optionsOf(element);
	const picked = new Set(start.map((o) => o.value));
	const read = () => all.filter((o) => picked.has(o.value)).map(bare);
	keep(ctx, element.type, { selected_options: read() });
	return choices(all, ctx, "checkbox", (o) => picked.has(o.value), (o, on) => {
		picked[on ? "add" : "delete"](o.value);
		changed(element, ctx, { selected_options: read() }, { selected: read().map((r) => r.value), selected_options: read() });
	});
}

function manyPeople(element, ctx) {
	const picked = new Set(kept(ctx, element.type)?.selected_users ?? element.initial_users ?? []);
	keep(ctx, element.type, { selected_users: [...picked] });
	const all = people().map((m) => ({ value: m.id, text: { type: "plain_text", emoji: false, text: m.display_name || m.name } }));
	return choices(all, ctx, "checkbox", (o) => picked.has(o.value), (o, on) => {
		picked[on ? "add" : "delete"](o.value);
		changed(element, ctx, { selected_users: [...picked] }, { selected: [...picked], selected_users: [...picked] });
	});
}

function radios(element, ctx) {
	const start = kept(ctx, element.type)?.selected_option ?? element.initial_option ?? null;
	keep(ctx, element.type, { selected_option: bare(start) });
	return choices(optionsOf(element), ctx, "radio", (o) => o.value === start?.value,
		(o) => changed(element, ctx, { selected_option: bare(o) }, { selected: o.value, selected_option: bare(o) }));
}

function choices(options, ctx, type, isOn, set) {
	const name = `${ctx.scope}-${ctx.block_id}-${ctx.action_id}`;
	return h("div", { class: "choices", testid: ctx.testid }, options.map((o) => h("label", { class: "choice" },
		h("input", { type, name, value: o.value, checked: isOn(o), testid: `${ctx.testid}-${o.value}`, onchange: (event) => set(o, event.currentTarget.checked) }),
		h("span", null, renderText(o.text, ctx.view), o.description && h("span", { class: "hint" }, renderText(o.description, ctx.view))))));
}

function picker(element, ctx, type, field, initial) {
	const start = kept(ctx, element.type)?.[field] ?? element[initial] ?? null;
	keep(ctx, element.type, { [field]: start });
	return h("input", { class: "input input-short", type, ...common(ctx), value: start ?? "", "aria-label": ctx.input ? null : placeholder(element) ?? type,
		onchange: (event) => {
			const value = event.currentTarget.value || null;
			changed(element, ctx, { [field]: value }, { selected: value, [field]: value });
		} });
}

// Its value is an instant in seconds, shown in the browser's own zone.
function datetimepicker(element, ctx) {
	const start = kept(ctx, element.type)?.selected_date_time ?? element.initial_date_time ?? null;
	const local = (seconds) => new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
	keep(ctx, element.type, { selected_date_time: start });
	return h("input", { class: "input", type: "datetime-local", ...common(ctx), value: start ? local(start) : "",
		onchange: (event) => {
			const value = event.currentTarget.value ? Math.floor(new Date(event.currentTarget.value).getTime() / 1000) : null;
			changed(element, ctx, { selected_date_time: value }, { selected: value, selected_date_time: value });
		} });
}

const INPUT_MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

function textInput(element, ctx) {
	const start = kept(ctx, element.type)?.value ?? element.initial_value ?? "";
	keep(ctx, element.type, { value: start === "" ? null : String(start) });
	const left = h("span", { class: "hint char-left", hidden: true });
	const attributes = { class: "input", ...common(ctx), value: String(start), placeholder: placeholder(element), inputmode: INPUT_MODES[element.type] ?? null, autofocus: element.focus_on_load === true,
		oninput: (event) => { keep(ctx, element.type, { value: event.currentTarget.value || null }); count(event.currentTarget); },
		onkeydown: (event) => ctx.dispatch && event.key === "Enter" && !element.multiline && send(event) };
	const field = element.multiline ? h("textarea", { ...attributes, rows: "3" }) : h("input", { type: "text", ...attributes });
	const send = (event) => {
		event.preventDefault();
		press(element, ctx, { value: field.value });
	};
	// Characters are counted as Slack counts them, not as UTF-16 units, so the browser's own maxlength would be wrong.
	function count(target) {
		const rest = (element.max_length ?? Infinity) - [...target.value].length;
		left.hidden = !(rest <= 30);
		left.classList.toggle("bad", rest < 0);
		left.textContent = left.hidden ? "" : t("view.left", { n: rest });
	}
	return h("span", { class: "text-field" }, field, left);
}
