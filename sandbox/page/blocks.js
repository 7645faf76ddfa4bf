// SPDX-License-Identifier: MIT
// Block Kit, drawn. renderBlocks(blocks, ctx) gives elements; the clickable parts are in elements.js. ctx:
//   view     how names are known (message.js)
//   scope    a word that is unlike in every place that shows blocks at once: makes ids unique
//   press    (press) → promise of {ok, error}: an action, {block_id, action_id, value | selected, ...}
//   values   {block: {action: value}} in Slack's form of state.values: filled by inputs, read by who submits

import { h } from "./dom.js";
import { decode, renderLink, renderMrkdwn } from "./mrkdwn.js";
import { emojiChar } from "./emoji.js";
import { t } from "./i18n.js";
import { renderRichText } from "./richtext.js";
import { renderElement } from "./elements.js";
import { renderChart } from "./chart.js";

export function renderBlocks(blocks, ctx) {
	const whole = { values: {}, ...ctx };
	return h("div", { class: "blocks" }, (blocks ?? []).map((block, i) => renderBlock(block, { ...whole, block_id: block.block_id ?? `b${i}`, block })));
}

function renderBlock(block, ctx) {
	const draw = BLOCKS[block.type];
	const content = draw ? draw(block, ctx) : h("p", { class: "unsupported" }, t("block.unsupported", { type: block.type }));
	return h("div", { class: `block block-${BLOCKS[block.type] ? block.type : "other"}`, data: { block: ctx.block_id }, testid: `block-${ctx.block_id}` }, content);
}

// A text object. plain_text has no markup, but emoji codes unless switched off; its entities are decoded as Slack's clients do.
export function renderText(text, view) {
	if (!text)
		return null;
	if (text.type === "mrkdwn")
		return renderMrkdwn(text.text ?? "", view, { autolink: !text.verbatim });
	return plainWords(text);
}

export function plainWords(text) {
	const words = decode(text?.text ?? "");
	return text?.emoji === false ? words : words.replace(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g, (code, name) => emojiChar(name) ?? code);
}

const BLOCKS = {
	header: (b) => h("h3", { class: "block-heading" }, plainWords(b.text)),
	divider: () => h("hr"),
	section: (b, ctx) => h("div", { class: "section-row" },
		h("div", { class: "section-words" }, b.text && h("div", { class: "section-text" }, renderText(b.text, ctx.view)),
			b.fields?.length > 0 && h("div", { class: "fields" }, b.fields.map((field) => h("div", { class: "field-cell" }, renderText(field, ctx.view))))),
		b.accessory && h("div", { class: "accessory" }, renderElement(b.accessory, ctx))),
	context: (b, ctx) => h("div", { class: "context" }, (b.elements ?? []).map((e) => (e.type === "image" ? renderElement(e, ctx) : h("div", { class: "context-text" }, renderText(e, ctx.view))))),
	actions: (b, ctx) => h("div", { class: "actions" }, (b.elements ?? []).map((e) => renderElement(e, ctx))),
	image: (b, ctx) => h("figure", { class: "figure" }, b.title && h("figcaption", null, plainWords(b.title)), renderElement({ ...b, type: "image" }, ctx)),
	input: (b, ctx) => inputBlock(b, ctx),
	rich_text: (b, ctx) => renderRichText(b.elements, ctx.view),
	table: (b, ctx) => table(b, ctx),
	data_visualization: (b) => chart(b),
	markdown: (b) => h("div", { class: "line" }, b.text ?? ""),
};

// The old attachments: a coloured bar beside blocks, or beside title, text and fields.
export function renderAttachment(a, ctx) {
	const words = (text) => text && renderMrkdwn(text, ctx.view);
	const bar = h("div", { class: "attachment" }, a.pretext && h("div", null, words(a.pretext)), a.blocks ? renderBlocks(a.blocks, { ...ctx, scope: `${ctx.scope}-a` }) : [
		a.title && h("strong", null, a.title_link ? renderLink(a.title_link, decode(a.title), ctx.view) : decode(a.title)), words(a.text ?? a.fallback),
		a.fields?.length > 0 && h("div", { class: "fields" }, a.fields.map((f) => h("div", { class: "field-cell" }, h("strong", null, f.title), words(f.value)))),
		a.footer && h("p", { class: "hint" }, a.footer)]);
	if (/^#?[0-9a-f]{6}$/i.test(a.color ?? ""))
		bar.style.setProperty("--bar", `#${a.color.replace("#", "")}`);
	return bar;
}

// Radio buttons and checkboxes are many controls: they are named as a group.
const GROUPS = new Set(["checkboxes", "radio_buttons", "multi_static_select", "multi_users_select"]);

function inputBlock(block, ctx) {
	const id = `${ctx.scope}-${ctx.block_id}`;
	const group = GROUPS.has(block.element?.type);
	const label = [plainWords(block.label), block.optional && h("span", { class: "hint" }, " ", t("view.optional"))];
	return h("div", { class: "field", role: group ? "group" : null, "aria-labelledby": group ? `${id}-label` : null },
		h(group ? "span" : "label", { class: "field-label", id: `${id}-label`, for: group ? null : `${id}-control` }, label),
		renderElement(block.element ?? {}, { ...ctx, control: `${id}-control`, described: `${id}-error ${id}-hint`, input: true, dispatch: Boolean(block.dispatch_action) }),
		block.hint && h("p", { class: "hint", id: `${id}-hint` }, plainWords(block.hint)),
		h("p", { class: "field-error", id: `${id}-error`, role: "alert", hidden: true, testid: `error-${ctx.block_id}` }));
}

function chart(block) {
	const { type, series, segments } = block.chart ?? {};
	const sets = (series ?? [{ name: "", data: segments ?? [] }]).map((one) => ({ name: one.name, values: (one.data ?? []).map((point) => point.value) }));
	return renderChart({ type: type === "area" ? "line" : type ?? "bar", filled: type === "area", labels: ((series?.[0]?.data ?? segments) ?? []).map((point) => point.label), series: sets, title: block.title ?? "", numbers: true }, "16-9");
}

function table(block, ctx) {
	const rows = block.rows ?? [];
	const align = (i) => (["left", "center", "right"].includes(block.column_settings?.[i]?.align) ? `align-${block.column_settings[i].align}` : "");
	const cell = (tag) => (c, i) => h(tag, { class: align(i), scope: tag === "th" ? "col" : null }, c.type === "rich_text" ? renderRichText(c.elements, ctx.view) : c.text ?? "");
	return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "table" }, h("table", null,
		h("thead", null, h("tr", null, (rows[0] ?? []).map(cell("th")))),
		h("tbody", null, rows.slice(1).map((row) => h("tr", null, row.map(cell("td")))))));
}
