// SPDX-License-Identifier: MIT
// A message in one line, as a list of chats or a quote shows it.

import { parseMrkdwn } from "../mrkdwn.js";
import { emojiChar } from "../emoji.js";
import { channel, memberName } from "../state.js";
import { t } from "../i18n.js";

const NODES = {
	user: (n) => `@${memberName(n.id)}`, channel: (n) => `#${channel(n.id)?.name ?? n.label ?? n.id}`, broadcast: () => `@${t("write.all")}`,
	emoji: (n) => emojiChar(n.name), link: (n) => n.label ?? n.url, break: () => " ", group: (n) => n.label ?? n.id, date: (n) => n.fallback ?? "",
};
const flat = (node) => NODES[node.kind]?.(node) ?? node.text ?? (node.children ?? []).map(flat).join("");

export function plainWords(m) {
	const text = parseMrkdwn(m.text ?? "", { styles: m.bot }).map(flat).join(" ").slice(0, 200);
	const [file] = m.files ?? [];
	const attached = file ? /^image\//.test(file.mimetype ?? "") ? t("fs.picture") : t("fs.file", { name: file.name }) : "";
	return [attached, text || (m.card ? t("fs.card") : "")].filter(Boolean).join(" ");
}
