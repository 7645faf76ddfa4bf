// SPDX-License-Identifier: MIT
// A card's chart: the VChart specification that apps send, drawn by Chart.js (Debian's libjs-chart.js, embedded beside this page
// and fetched with the first chart). chartOf(spec) is pure: what is to be drawn, or null for a kind that is not known here.

import { h } from "../dom.js";
import { t } from "../i18n.js";

// VChart's own palette.
const COLORS = ["#1664ff", "#1ac6ff", "#ff8a00", "#3cc780", "#7442d4", "#ffc400", "#304d77", "#b48deb", "#009488", "#ff7dda"];

const rowsOf = (spec) => [spec.data ?? []].flat().flatMap((set) => (Array.isArray(set.values) ? set.values : set.values ? [] : [set]));
const unique = (list) => [...new Set(list)];
const number = (value) => (Number.isFinite(Number(value)) ? Number(value) : 0);
const first = (field) => [field].flat()[0];

// {type, labels, series: [{name, values}], horizontal, stacked, filled, hole, title, legend, numbers}
export function chartOf(spec) {
	const make = KINDS[spec?.type];
	if (!make)
		return null;
	const chart = make(spec, rowsOf(spec));
	return { horizontal: false, stacked: false, filled: false, hole: 0, ...chart, title: spec.title?.visible === false ? "" : [spec.title?.text ?? ""].flat().join(" "),
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

// In words, for those who do not see it.
function words(chart) {
	const points = chart.series.flatMap((one) => chart.labels.map((label, i) => `${[one.name, label].filter(Boolean).join(" ")} ${one.values[i]}`));
	return [chart.title, ...points].filter(Boolean).join(", ");
}

let loading = null;
const library = () => (loading ??= new Promise((resolve, reject) => {
	document.head.append(h("script", { src: "/page/chart.min.js", onload: () => resolve(window.Chart), onerror: () => reject(new Error("chart.min.js")) }));
}));

// The element of a chart component.
export function renderChart(spec, ratio, paint) {
	const chart = chartOf(spec);
	if (!chart)
		return h("p", { class: "unsupported" }, t("card.unsupportedChart", { type: spec?.type ?? "?" }));
	const canvas = h("canvas", { role: "img", "aria-label": words(chart), data: { type: chart.type } });
	const frame = h("div", { class: `card-chart ratio-${ratio}`, testid: "chart" }, canvas);
	library().then((Chart) => draw(Chart, canvas, chart, paint)).catch(() => frame.classList.add("trouble"));
	return frame;
}

// Chart.js measures the canvas, so it must stand in the page first; charts whose message was drawn anew are let go.
function draw(Chart, canvas, chart, paint) {
	for (const old of Object.values(Chart.instances))
		if (!old.canvas?.isConnected)
			old.destroy();
	const begin = () => {
		if (!canvas.isConnected)
			return;
		new Chart(canvas, settings(chart, paint()));
		canvas.dataset.drawn = "yes";
	};
	requestAnimationFrame(begin);
}

function settings(chart, ink) {
	const round = chart.type === "pie";
	const color = (i) => COLORS[i % COLORS.length];
	const datasets = chart.series.map((one, i) => ({
		label: one.name, data: one.values, fill: chart.filled, tension: 0, borderWidth: chart.type === "bar" ? 0 : 2, maxBarThickness: 44, borderRadius: chart.type === "bar" ? 2 : 0, pointRadius: 3,
		backgroundColor: round ? one.values.map((_, at) => color(at)) : chart.filled ? `${color(i)}33` : color(i), borderColor: round ? ink.paper : color(i),
	}));
	const axis = (grid) => ({ stacked: chart.stacked, beginAtZero: true, grid: { display: grid, color: ink.line, drawBorder: !grid, borderColor: ink.line, drawTicks: false }, ticks: { color: ink.soft, padding: 6, precision: 0 } });
	const scales = round ? {} : chart.type === "radar" ? { r: { grid: { color: ink.line }, angleLines: { color: ink.line }, pointLabels: { color: ink.soft }, ticks: { display: false } } }
		: { x: axis(chart.horizontal), y: axis(!chart.horizontal) };
	return { type: round && chart.hole ? "doughnut" : chart.type, data: { labels: chart.labels, datasets }, plugins: chart.numbers ? [numbers(ink)] : [],
		options: { responsive: true, maintainAspectRatio: false, animation: false, indexAxis: chart.horizontal ? "y" : "x", cutout: chart.hole ? `${chart.hole}%` : undefined, scales, layout: { padding: chart.numbers && !round ? { top: 14, right: chart.horizontal ? 26 : 0 } : 0 },
			plugins: { title: { display: Boolean(chart.title), text: chart.title, align: "start", color: ink.text, font: { size: 14, weight: "600" }, padding: { bottom: 12 } },
				legend: { display: chart.legend || chart.series.length > 1 || round, position: "bottom", labels: { color: ink.soft, boxWidth: 10, boxHeight: 10, usePointStyle: true } } } } };
}

// The value at each bar, point or slice.
const numbers = (ink) => ({ id: "numbers", afterDatasetsDraw(chart) {
	const { ctx } = chart;
	const sideways = chart.options.indexAxis === "y";
	ctx.save();
	ctx.font = `12px ${getComputedStyle(chart.canvas).fontFamily}`;
	ctx.textAlign = sideways ? "left" : "center";
	ctx.textBaseline = sideways ? "middle" : "bottom";
	ctx.fillStyle = ink.text;
	chart.data.datasets.forEach((set, at) => chart.getDatasetMeta(at).data.forEach((shape, i) => {
		const { x, y } = shape.tooltipPosition();
		ctx.fillText(String(set.data[i]), sideways ? x + 6 : x, sideways ? y : y - 4);
	}));
	ctx.restore();
} });
