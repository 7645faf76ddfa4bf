// SPDX-License-Identifier: MIT
// The page's drawings: the bell tower, and one path for each small icon (24 by 24, drawn with lines).

import { svg } from "./dom.js";

const PATHS = {
	menu: "M4 7h16M4 12h16M4 17h16",
	close: "M6 6l12 12M18 6L6 18",
	hash: "M9.5 4L7.5 20M16.5 4l-2 16M5 9h15M4 15h15",
	home: "M4 11.5L12 4.5l8 7M6.5 10v9.5h11V10M10 19.5V14h4v5.5",
	smile: "M12 21a9 9 0 100-18 9 9 0 000 18zM9 10h.01M15 10h.01M8.5 14.2c1.8 2.6 5.2 2.6 7 0",
	reply: "M20 12.5a7 6 0 01-9.9 5.6L5 19.5l1.5-3.6A6.3 6.3 0 016 12.5c0-3.6 3.1-6.5 7-6.5s7 2.9 7 6.5z",
	edit: "M5 19l1-4.2L16.2 4.6a1.6 1.6 0 012.3 0l.9.9a1.6 1.6 0 010 2.3L9.2 18z",
	trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6",
	clip: "M19 11.5l-7.3 7.2a4.5 4.5 0 01-6.4-6.3l7.7-7.7a3 3 0 014.3 4.2l-7.6 7.6a1.5 1.5 0 01-2.2-2.1l6.7-6.7",
	send: "M4.5 12L19.5 5l-4.3 14.5-3.7-6z M11.5 13.5l8-8.5",
	clock: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5.2l3.3 2",
	drawer: "M4 5h16v14H4zM4 14h16",
	plus: "M12 5v14M5 12h14",
	more: "M6 12h.01M12 12h.01M18 12h.01",
	chevron: "M8 10l4 4 4-4",
	check: "M5 12.5l4.5 4.5L19 7.5",
	sun: "M12 16.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
	moon: "M19.5 14.5A8 8 0 019.5 4.5a8 8 0 1010 10z",
	auto: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 3v18M15 5v14M18 7.5v9",
	file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
	warn: "M12 4.5l8.5 15h-17zM12 10v4.5M12 17h.01",
	eye: "M3 12s3.3-6 9-6 9 6 9 6-3.3 6-9 6-9-6-9-6zM12 14.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
	bolt: "M13 3L5.5 13.5H11L10 21l8-11h-5.5z",
	person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
	lines: "M5 7h14M5 12h9M5 17h12",
	at: "M15.5 12a3.5 3.5 0 11-7 0 3.5 3.5 0 017 0zM15.5 12v1.5a2.3 2.3 0 004.6 0V12a8.1 8.1 0 10-3.2 6.5",
	quote: "M9.5 7L4.5 12l5 5M5 12h8.5a6 6 0 016 6v.5",
	next: "M10 7l5 5-5 5",
	previous: "M14 7l-5 5 5 5",
	chat: "M4 5.5h16v11.5h-9L6.5 20.5V17H4zM8.5 11.2h.01M12 11.2h.01M15.5 11.2h.01",
	robot: "M5 9h14v10H5zM12 9V5.5M12 5.5h.01M9.5 13.5v1.5M14.5 13.5v1.5M2.5 13v3M21.5 13v3",
	group: "M9 11.5a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4zM2.8 18.5c.6-3.2 3.2-4.8 6.2-4.8s5.6 1.6 6.2 4.8M15.5 5.4a3 3 0 010 5.8M17.2 14.2c2.2.5 3.6 2 4 4.3",
};

export function icon(name, title) {
	const picture = svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": title ? "false" : "true" },
		svg("path", { d: PATHS[name] }));
	if (title) {
		picture.setAttribute("role", "img");
		picture.setAttribute("aria-label", title);
	}
	return picture;
}

// A tower with a swept roof, and the bell in its arch.
export function towerMark(className = "mark") {
	return svg("svg", { viewBox: "0 0 32 32", class: className, "aria-hidden": "true" },
		svg("path", { class: "mark-roof", d: "M16 2.5c1.6 3.3 5.3 5.6 11.5 6.5-.8 1.5-2 2.3-3.5 2.5H8c-1.5-.2-2.7-1-3.5-2.5C10.7 8.1 14.4 5.8 16 2.5z" }),
		svg("path", { class: "mark-wall", d: "M8 13h16v9.5h-3V19a5 5 0 00-10 0v3.5H8z" }),
		svg("path", { class: "mark-bell", d: "M16 16a3.2 3.2 0 013.2 3.2c0 2 .5 3 1.3 3.8h-9c.8-.8 1.3-1.8 1.3-3.8A3.2 3.2 0 0116 16zM14.7 24.2h2.6a1.3 1.3 0 01-2.6 0z" }),
		svg("path", { class: "mark-base", d: "M6 26.5h20v3H6z" }));
}
