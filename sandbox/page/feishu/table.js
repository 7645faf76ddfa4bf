// SPDX-License-Identifier: MIT
// A card's table: cells by their column's type, a page of rows at a time.

import { h, replace } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { formatDate } from "../time.js";
import { actingZone } from "../people.js";
import { renderMarkdown } from "./markdown.js";

export function renderTable(e, ctx) {
	const size = Math.min(Math.max(Number(e.page_size) || 5, 1), 10);
	const rows = e.rows ?? [];
	const pages = Math.max(1, Math.ceil(rows.length / size));
	const key = `page ${ctx.path}`;
	const body = h("tbody");
	const foot = h("div", { class: "table-foot", hidden: pages < 2 });
	const style = e.header_style ?? {};
	const align = (column) => (["center", "right"].includes(column.horizontal_align) ? `align-${column.horizontal_align}` : null);
	const turn = (at) => { ctx.kept.set(key, at); fill(at); };
	const step = (name, by, at) => h("button", { class: "icon-btn small", type: "button", testid: `table-${name}`, "aria-label": t(`card.${name}Page`), disabled: at + by < 0 || at + by >= pages, onclick: () => turn(at + by) }, icon(name));
	function fill(at) {
		replace(body, rows.slice(at * size, (at + 1) * size).map((row) => h("tr", null, (e.columns ?? []).map((column) => h("td", { class: align(column) }, cell(row[column.name], column, ctx))))));
		replace(foot, step("previous", -1, at), h("span", { testid: "table-page" }, `${at + 1} / ${pages}`), step("next", 1, at));
	}
	fill(Math.min(ctx.kept.get(key) ?? 0, pages - 1));
	return [h("div", { class: "card-scroll", tabindex: "0", role: "region", "aria-label": t("card.table") }, h("table", { class: `card-table row-${["low", "medium", "high"].includes(e.row_height) ? e.row_height : "low"}` },
		h("thead", null, h("tr", null, (e.columns ?? []).map((column) => h("th", { scope: "col", class: [align(column), style.bold === false && "thin", style.background_style === "none" && "bare"].filter(Boolean).join(" ") }, column.display_name ?? "")))), body)), foot];
}

function cell(value, column, ctx) {
	if (value === undefined || value === null)
		return "";
	return (CELLS[column.data_type ?? "text"] ?? CELLS.text)(value, column, ctx);
}

const CELLS = {
	text: (value) => h("span", { class: "card-plain" }, String(value)),
	lark_md: (value, column, ctx) => renderMarkdown(String(value), ctx.view),
	markdown: (value, column, ctx) => renderMarkdown(String(value), ctx.view),
	number: (value, column) => amount(value, column.format ?? {}),
	options: (value) => [value].flat().map((one) => h("span", { class: `text-tag tag-${/^[a-z]+$/.test(one?.color ?? "") ? one.color : "neutral"}` }, one?.text ?? String(one))),
	persons: (value, column, ctx) => [value].flat().map((id) => ctx.view.person(id)),
	date: (value, column) => dateWords(Number(value), column.date_format ?? "YYYY/MM/DD"),
};

function amount(value, format) {
	const digits = format.precision ?? undefined;
	const words = Number.isFinite(Number(value)) ? Number(value).toLocaleString("en-US", { useGrouping: Boolean(format.separator ?? format.seperator), minimumFractionDigits: digits, maximumFractionDigits: digits ?? 20 }) : String(value);
	return `${format.symbol ?? ""}${words}`;
}

const PARTS = { YYYY: { year: "numeric" }, MM: { month: "2-digit" }, DD: { day: "2-digit" }, HH: { hour: "2-digit", hourCycle: "h23" }, mm: { minute: "2-digit" }, ss: { second: "2-digit" } };
const part = (ms, token) => formatDate(ms, actingZone(), PARTS[token]).replace(/\D/g, "").padStart(2, "0");
const dateWords = (ms, format) => (Number.isFinite(ms) ? format.replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => part(ms, token)) : "");
