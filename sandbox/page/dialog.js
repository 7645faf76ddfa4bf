// SPDX-License-Identifier: MIT
// Questions and short notes: a confirmation, and the toast that says what went wrong.

import { h, byId, replace } from "./dom.js";
import { t } from "./i18n.js";

// Asks and resolves to true or false. Works above an open modal: both stand in the browser's top layer.
export function confirmAsk({ title, text, yes, no, danger }) {
	return new Promise((resolve) => {
		const answer = (value) => () => dialog.close(value);
		const dialog = h("dialog", { class: "dialog dialog-small", testid: "confirm", "aria-labelledby": "confirm-title" },
			h("h2", { id: "confirm-title", class: "dialog-title" }, title),
			h("div", { class: "dialog-body" }, text),
			h("div", { class: "dialog-foot" },
				h("button", { class: "btn", type: "button", testid: "confirm-no", onclick: answer("") }, no ?? t("confirm.no")),
				h("button", { class: danger ? "btn danger" : "btn primary", type: "button", testid: "confirm-yes", onclick: answer("yes") }, yes ?? t("confirm.yes"))));
		const held = document.activeElement;
		dialog.addEventListener("close", () => {
			dialog.remove();
			held?.focus?.({ preventScroll: true });
			resolve(dialog.returnValue === "yes");
		});
		document.body.append(dialog);
		dialog.showModal();
	});
}

let fading = null;

// kind: info, success, warning or error.
export function toast(text, kind = "error") {
	const place = byId("toast");
	clearTimeout(fading);
	replace(place, h("div", { class: `toast toast-${kind}`, testid: "toast", data: { kind } }, text));
	// Shown anew each time, so that it stands above a modal that opened since.
	place.hidePopover();
	place.showPopover();
	fading = setTimeout(() => { place.hidePopover(); place.replaceChildren(); }, 6000);
}

// Says an act's failure, and gives the act's result on.
export async function told(promise) {
	const result = await promise;
	if (!result.ok)
		toast(result.error);
	return result;
}

export function announce(text) {
	byId("live").textContent = text;
}
