// SPDX-License-Identifier: MIT
// The bot's menu (机器人菜单) in its own chat: each entry is an event for the bot.

import { h } from "../dom.js";
import { state } from "../state.js";
import { prefs } from "../prefs.js";
import { t } from "../i18n.js";
import { act } from "../live.js";
import { told } from "../dialog.js";

export function botMenu() {
	const entries = state.feishu.menu ?? [];
	return entries.length > 0 && h("div", { class: "fs-menu", role: "group", "aria-label": t("fs.menu"), testid: "bot-menu" },
		entries.map((entry) => h("button", { class: "fs-menu-item", type: "button", testid: `menu-${entry.key}`, data: { key: `menu-${entry.key}` }, onclick: () => told(act({ do: "menu", as: prefs.as, key: entry.key })) }, entry.name)));
}
