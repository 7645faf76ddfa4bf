// SPDX-License-Identifier: MIT
// Charts, drawn by Chart.js: Debian's libjs-chart.js, embedded beside this page and fetched with the first chart. A chart here is
//   {type: "bar"|"line"|"pie"|"radar", labels, series: [{name, values}], title, horizontal?, stacked?, filled?, hole? (per cent), legend?, numbers?}

import { h } from "./dom.js";

// VChart's own palette.
const COLORS = ["#1664ff", "#1ac6ff", "#ff8a00", "#3cc780", "#7442d4", "#ffc400", "#304d77", "#b48deb", "#009488", "#ff7dda"];

// In words, for those who do not see it.
function words(chart) {
	const points = chart.series.flatMap((one) => chart.labels.map((label, i) => `${[one.name, label].filter(Boolean).join(" ")} ${one.values[i]}`));
	return [chart.title, ...points].filter(Boolean).join(", ");
}

let loading = null;
const library = () => (loading ??= new Promise((resolve, reject) => {
	document.head.append(h("script", { src: "/page/chart.min.js", onload: () => resolve(window.Chart), onerror: () => reject(new Error("chart.min.js")) }));
}));

// ratio: "16-9", "4-3", "2-1" or "1-1".
export function renderChart(chart, ratio) {
	const canvas = h("canvas", { role: "img", "aria-label": words(chart), data: { type: chart.type } });
	const frame = h("div", { class: `chart ratio-${ratio}`, testid: "chart" }, canvas);
	library().then((Chart) => draw(Chart, canvas, chart)).catch(() => frame.classList.add("trouble"));
	return frame;
}

// Chart.js measures the canvas, so it must stand in the page first; charts whose message was drawn anew are let go.
function draw(Chart, canvas, chart) {
	for (const old of Object.values(Chart.instances))
		if (!old.canvas?.isConnected)
			old.destroy();
	requestAnimationFrame(() => {
		if (!canvas.isConnected)
			return;
		new Chart(canvas, settings(chart, inkAt(canvas.parentElement)));
		canvas.dataset.drawn = "yes";
	});
}

// A chart is painted once, in the colours that stand where it is.
function inkAt(place) {
	const probe = h("i", { hidden: true });
	place.append(probe);
	const color = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
	const ink = { text: color("--ink"), soft: color("--ink-soft"), line: color("--line"), paper: color("--raised") };
	probe.remove();
	return ink;
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
