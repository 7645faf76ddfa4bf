// SPDX-License-Identifier: MIT
// The app's Home tab for the person acted as. Opening it tells the app (app_home_opened), each time.

import { h } from "./dom.js";
import { avatar } from "./people.js";
import { memberName, state } from "./state.js";
import { prefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { told } from "./dialog.js";
import { renderBlocks } from "./blocks.js";
import { view as names } from "./message.js";

// A home is drawn once for each view that the app publishes, so that what is typed there stays. {view, lang, as, element}
let drawn = {};

export function homePanel(opened) {
	if (opened)
		told(act({ do: "open_home", as: prefs.as }));
	const view = state.homes.get(prefs.as);
	if (drawn.view !== view || drawn.lang !== prefs.lang || drawn.as !== prefs.as)
		drawn = { view, lang: prefs.lang, as: prefs.as, element: view ? content(view) : nothing() };
	return [h("header", { class: "pane-head" }, avatar(state.app.bot_user, "avatar avatar-tiny"),
		h("div", { class: "pane-words" }, h("h1", { class: "pane-title" }, t("side.home", { name: state.app.name ?? "belltower" })))),
	h("div", { class: "home", testid: "home", data: { as: prefs.as } }, drawn.element)];
}

const nothing = () => h("p", { class: "empty", testid: "home-empty" }, t("home.empty", { name: memberName(prefs.as) }));

function content(view) {
	const values = {};
	return renderBlocks(view.blocks, { view: names, scope: `home-${view.id ?? prefs.as}`, values,
		press: (press) => told(act({ do: "press", as: prefs.as, view_id: view.id, values, ...press })) });
}
