// SPDX-License-Identifier: MIT
// A card of Feishu's app, schema 2.0 (and what remains of 1.0), drawn. What is pressed and filled in is in controls.js. ctx:
//   view     how names and pictures are known (names.js)
//   scope    a word that is unlike in every place that shows cards at once: makes ids unique
//   press    (path, use) → promise: a component was used; its path in the card, "body.elements.2"
//   submit   (path, form_value) → promise: a form was sent with that button
//   kept     Map of what somebody has typed or unfolded, by path or form and name: it outlives a card that is drawn again
// A component that is not known is said, never left out.

import { h } from "../dom.js";
import { prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { renderMarkdown } from "./markdown.js";
import { renderChart } from "../chart.js";
import { chartOf } from "./vchart.js";
import { CONTROLS, renderContainer, renderForm } from "./controls.js";
import { renderTable } from "./table.js";

const TEMPLATES = new Set(["blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo", "grey", "default"]);

export function renderCard(card, ctx) {
	const second = card.schema === "2.0";
	const body = second ? card.body ?? {} : { elements: card.elements };
	const path = second ? "body.elements" : "elements";
	const whole = { ...ctx, form: null };
	return h("div", { class: `card card-width-${["compact", "fill"].includes(card.config?.width_mode) ? card.config.width_mode : "default"}`, testid: "card" },
		card.header && header(card.header, card, whole),
		body.elements?.length > 0 && h("div", { class: `card-body${body.direction === "horizontal" ? " card-horizontal" : ""}` }, renderElements(body.elements, path, whole)));
}

export const renderElements = (elements, path, ctx) => (elements ?? []).map((element, i) => renderElement(element, `${path}.${i}`, ctx));

export function renderElement(element, path, ctx) {
	const draw = ELEMENTS[element.tag] ?? CONTROLS[element.tag];
	return h("div", { class: "card-element", data: { path, tag: element.tag ?? "" }, testid: element.name ? `element-${element.name}` : element.element_id ? `element-${element.element_id}` : `element-${element.tag}` },
		draw ? draw(element, { ...ctx, path }) : h("p", { class: "unsupported" }, t("card.unsupported", { tag: element.tag ?? "?" })));
}

// ---- texts ----

const LOCALE = { "zh-CN": "zh_cn", en: "en_us" };

// The reader's language where the app gave it, else what stands there.
export const localized = (object, plain = "content", own = "i18n_content") => object?.[own]?.[LOCALE[prefs.lang]] ?? object?.[plain] ?? Object.values(object?.[own] ?? {})[0] ?? "";

const SIZES = new Set(["heading-0", "heading-1", "heading-2", "heading-3", "heading-4", "heading", "normal", "notation", "xxxx-large", "xxx-large", "xx-large", "x-large", "large", "medium", "small", "x-small"]);
const textClass = (text) => [`text-${SIZES.has(text.text_size) ? text.text_size : "normal"}`, /^[a-z]+(-\d+)?$/.test(text.text_color ?? "") && `ink-${text.text_color.replace(/-\d+$/, "")}`,
	["center", "right"].includes(text.text_align) && `align-${text.text_align}`, text.lines > 0 && text.lines <= 6 && `lines-${text.lines}`].filter(Boolean).join(" ");

// A text object: plain_text is shown as written.
export function renderText(text, ctx) {
	if (!text)
		return null;
	const words = localized(text);
	return h("div", { class: `card-text ${textClass(text)}` }, text.tag === "plain_text" ? h("span", { class: "card-plain" }, words) : renderMarkdown(words, ctx.view));
}

export const plainOf = (text) => localized(text);

// Of the platform's own icons only the place is known here; an app's own picture is shown.
function icon(one, ctx) {
	if (one?.tag === "custom_icon")
		return ctx.view.image(one.img_key, "", "card-icon");
	return one ? h("span", { class: "card-icon card-icon-known", title: one.token ?? "", "aria-hidden": "true" }, "▪") : null;
}

// ---- the parts of a card ----

function header(head, card, ctx) {
	const url = card.card_link?.url ?? card.card_link?.pc_url;
	const title = h("div", { class: "card-title", testid: "card-title" }, head.title?.tag === "lark_md" ? renderMarkdown(localized(head.title), ctx.view) : localized(head.title));
	const tags = (head.text_tag_list ?? []).map((one) => h("span", { class: `text-tag tag-${/^[a-z]+$/.test(one.color ?? "") ? one.color : "neutral"}` }, localized(one.text)));
	return h("div", { class: "card-header", testid: "card-header", data: { template: TEMPLATES.has(head.template) ? head.template : "default" } }, icon(head.icon, ctx),
		h("div", { class: "card-heads" }, h("div", { class: "card-head-row" }, /^https?:/i.test(url ?? "") ? h("a", { class: "card-link", href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title, tags),
			head.subtitle && h("div", { class: "card-subtitle" }, localized(head.subtitle))));
}

const ELEMENTS = {
	markdown: (e, ctx) => h("div", { class: `card-md ${textClass(e)}` }, icon(e.icon, ctx), renderMarkdown(localized(e), ctx.view)),
	div: (e, ctx) => [h("div", { class: e.extra ? "card-row" : null }, icon(e.icon, ctx), renderText(e.text, ctx),
		e.fields?.length > 0 && h("div", { class: "card-fields" }, e.fields.map((f) => h("div", { class: f.is_short ? "card-field short" : "card-field" }, renderText(f.text, ctx)))),
		e.extra && renderElement(e.extra, `${ctx.path}.extra`, ctx))],
	hr: () => h("hr"),
	img: (e, ctx) => h("figure", { class: "card-figure" }, e.title && h("figcaption", null, localized(e.title)), ctx.view.image(localized(e, "img_key", "i18n_img_key"), localized(e.alt), "card-img")),
	column_set: columnSet,
	table: renderTable,
	chart: chartElement,
	collapsible_panel: panel,
	interactive_container: (e, ctx) => renderContainer(e, ctx, renderElements(e.elements, `${ctx.path}.elements`, ctx)),
	person: (e, ctx) => ctx.view.person(e.user_id, e),
	person_list: (e, ctx) => h("div", { class: "card-people" }, (e.persons ?? []).map((one) => ctx.view.person(one.id, { show_name: false, ...e }))),
	form: (e, ctx) => renderForm(e, ctx, renderElements),
	// Schema 1.0 alone.
	note: (e, ctx) => h("div", { class: "card-note text-notation ink-grey" }, (e.elements ?? []).map((one) => (one.tag === "img" ? ctx.view.image(one.img_key, localized(one.alt), "card-icon") : renderText(one, ctx)))),
	action: (e, ctx) => h("div", { class: "card-actions" }, renderElements(e.actions, `${ctx.path}.actions`, ctx)),
};

function chartElement(e) {
	const chart = chartOf(e.chart_spec);
	const ratio = ["1:1", "2:1", "4:3"].includes(e.aspect_ratio) ? e.aspect_ratio.replace(":", "-") : "16-9";
	return chart ? renderChart(chart, ratio) : h("p", { class: "unsupported" }, t("card.unsupportedChart", { type: e.chart_spec?.type ?? "?" }));
}

function columnSet(e, ctx) {
	const flex = ["stretch", "flow", "bisect", "trisect"].includes(e.flex_mode) ? e.flex_mode : "none";
	return h("div", { class: `columns-set columns-${flex}${background(e)}` }, (e.columns ?? []).map((column, i) => {
		const box = h("div", { class: `card-column${background(column)}${["center", "bottom"].includes(column.vertical_align) ? ` v-${column.vertical_align}` : ""}` }, renderElements(column.elements, `${ctx.path}.columns.${i}.elements`, ctx));
		box.style.flex = widthOf(column);
		return box;
	}));
}

const background = (one) => (/^[a-z]+(-\d+)?$/.test(one.background_style ?? "") && one.background_style !== "default" ? ` fill fill-${one.background_style.replace(/-\d+$/, "")}` : "");

function widthOf(column) {
	if (column.width === "weighted")
		return `${Math.min(Math.max(Number(column.weight) || 1, 1), 5)} 1 0`;
	return /^\d{2,3}px$/.test(column.width ?? "") ? `0 0 ${column.width}` : "0 1 auto";
}

function panel(e, ctx) {
	const open = ctx.kept.get(`open ${ctx.path}`) ?? Boolean(e.expanded);
	const title = e.header?.title;
	return h("details", { class: e.border ? "card-panel bordered" : "card-panel", open, ontoggle: (event) => ctx.kept.set(`open ${ctx.path}`, event.currentTarget.open) },
		h("summary", { class: "card-panel-head", testid: "panel-head" }, title?.tag === "plain_text" ? localized(title) : renderMarkdown(localized(title), ctx.view)),
		h("div", { class: "card-panel-body" }, renderElements(e.elements, `${ctx.path}.elements`, ctx)));
}
