// SPDX-License-Identifier: MIT
// A card's chart: the VChart specification that apps send, read into what chart.js draws. Pure.

const rowsOf = (spec) => [spec.data ?? []].flat().flatMap((set) => (Array.isArray(set.values) ? set.values : set.values ? [] : [set]));
const unique = (list) => [...new Set(list)];
const number = (value) => (Number.isFinite(Number(value)) ? Number(value) : 0);
const first = (field) => [field].flat()[0];

// What chart.js draws, or null for a kind that is not known here.
export function chartOf(spec) {
	const make = KINDS[spec?.type];
	if (!make)
		return null;
	const chart = make(spec, rowsOf(spec));
	return { ...chart, title: spec.title?.visible === false ? "" : [spec.title?.text ?? ""].flat().join(" "),
		legend: spec.legends?.visible ?? [spec.legends ?? []].flat().some((l) => l.visible !== false) ?? false, numbers: spec.label?.visible ?? Boolean(spec.label && spec.label.visible !== false) };
}

function across(spec, rows, extra = {}) {
	const horizontal = spec.direction === "horizontal";
	const labelFields = [horizontal ? spec.yField : spec.xField].flat();
	const seriesField = spec.seriesField ?? labelFields[1];
	const valueField = first(horizontal ? spec.xField : spec.yField);
	const labels = unique(rows.map((row) => String(row[labelFields[0]] ?? "")));
	const names = seriesField ? unique(rows.map((row) => String(row[seriesField] ?? ""))) : [""];
	const valueOf = (name, label) => rows.filter((row) => String(row[labelFields[0]] ?? "") === label && (!seriesField || String(row[seriesField] ?? "") === name)).reduce((sum, row) => sum + number(row[valueField]), 0);
	return { labels, horizontal, stacked: spec.stack ?? (Boolean(spec.seriesField) && labelFields.length < 2), series: names.map((name) => ({ name, values: labels.map((label) => valueOf(name, label)) })), ...extra };
}

const slices = (spec, rows, hole) => ({ type: "pie", hole, labels: rows.map((row) => String(row[spec.categoryField] ?? "")), series: [{ name: "", values: rows.map((row) => number(row[spec.valueField])) }] });

const KINDS = {
	bar: (spec, rows) => ({ type: "bar", ...across(spec, rows) }),
	line: (spec, rows) => ({ type: "line", ...across(spec, rows, { stacked: spec.stack ?? false }) }),
	area: (spec, rows) => ({ type: "line", filled: true, ...across(spec, rows) }),
	pie: (spec, rows) => slices(spec, rows, spec.innerRadius ? 60 : 0),
	radar: (spec, rows) => ({ type: "radar", filled: true, ...across({ ...spec, direction: "vertical", xField: spec.categoryField, yField: spec.valueField }, rows, { stacked: false }) }),
};
