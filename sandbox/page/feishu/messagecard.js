// SPDX-License-Identifier: MIT
// The card of one message, with its acts.

import { h, replace } from "../dom.js";
import { prefs } from "../prefs.js";
import { act } from "../live.js";
import { told } from "../dialog.js";
import { renderCard } from "./card.js";
import { viewOf } from "./names.js";

// What people typed and unfolded in cards, by person and message, for as long as the page is open.
const kept = new Map();

function keptOf(key) {
	if (!kept.has(key))
		kept.set(key, new Map());
	return kept.get(key);
}

export function cardOf(m, place) {
	const as = prefs.as;
	const where = { as, channel: place.channel, ts: m.ts };
	const holder = h("div", { class: "card-holder" });
	const ctx = {
		view: viewOf(place.channel), scope: `${place.pane}-${m.ts}`, kept: keptOf(`${as} ${place.channel} ${m.ts}`), again: draw,
		press: (path, use) => told(act({ do: "press", ...where, path, ...use })),
		async submit(path, form_value, forget) {
			const result = await told(act({ do: "submit", ...where, path, form_value }));
			if (result.ok)
				forget();
		},
	};
	function draw() {
		replace(holder, renderCard(m.card, ctx));
	}
	draw();
	return holder;
}
