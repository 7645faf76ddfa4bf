// SPDX-License-Identifier: MIT
// Where people write: a channel's, a thread's, and the box in which a message is edited. What is typed goes to the server
// as typed (it makes mentions and escapes); commands go as commands.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { directWithBot, state } from "./state.js";
import { isFeishu, prefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { toast, told } from "./dialog.js";
import { openEmojiPicker } from "./menu.js";
import { emojiChar, toCodes } from "./emoji.js";
import { createSuggestions } from "./complete.js";

// What was being written, by person and place, for as long as the page is open.
const drafts = new Map();

// Enter that ends a word in an input method does not send.
const isPlainEnter = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

function fit(area) {
	area.style.height = "auto";
	area.style.height = `${Math.min(area.scrollHeight + 2, 240)}px`;
}

// channel: an id, or "dm". {key, channel, thread?, label, editLast(), sent()?, more()?} → {key, element, focus()}.
// more: what an act "say" carries besides.
export function createComposer({ key, channel, thread, label, editLast, sent = () => {}, more = () => ({}) }) {
	const files = [];
	const draftKey = `${prefs.as} ${channel} ${thread ?? ""}`;
	const area = h("textarea", { class: "write-area", rows: "1", placeholder: label, "aria-label": label, testid: "composer", autocomplete: "off", spellcheck: "false",
		oninput: onInput, onkeydown: onKey, onpaste: onPaste });
	const suggestions = createSuggestions(area, channel);
	const problem = h("p", { class: "write-problem", role: "alert", hidden: true, testid: "composer-error" });
	const chosen = h("div", { class: "write-files", hidden: true });
	const picker = h("input", { type: "file", multiple: true, hidden: true, testid: "file-input", onchange: () => { addFiles(picker.files); picker.value = ""; } });
	const button = (testid, text, picture, run) => h("button", { class: "icon-btn", type: "button", testid, "aria-label": text, title: text, onclick: run }, icon(picture));
	const element = h("form", { class: "write", onsubmit: (event) => { event.preventDefault(); send(); }, ondragover: (event) => event.preventDefault(), ondrop: onDrop },
		suggestions.elements, problem,
		h("div", { class: "write-box" }, area, chosen,
			h("div", { class: "write-bar" }, isFeishu() && button("at", t("write.at"), "at", () => insert("@")), button("attach", t("write.attach"), "clip", () => picker.click()), picker,
				button("emoji", t("write.emoji"), "smile", (event) => openEmojiPicker(event.currentTarget, insertEmoji)),
				h("span", { class: "write-hint" }, t("write.hint")),
				h("button", { class: "send", type: "submit", testid: "send", "aria-label": t("write.send"), title: t("write.send") }, icon("send")))));
	area.value = drafts.get(draftKey) ?? "";
	queueMicrotask(() => area.isConnected && fit(area));

	function onInput() {
		drafts.set(draftKey, area.value);
		complain("");
		fit(area);
		suggestions.update();
	}

	function onKey(event) {
		if (suggestions.key(event))
			return;
		if (isPlainEnter(event)) {
			event.preventDefault();
			send();
		} else if (event.key === "ArrowUp" && area.value === "") {
			event.preventDefault();
			editLast();
		}
	}

	const insertEmoji = (name) => insert(`${emojiChar(name)} `);

	function insert(text) {
		area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
		area.focus();
		onInput();
	}

	function onPaste(event) {
		if (event.clipboardData.files.length > 0) {
			event.preventDefault();
			addFiles(event.clipboardData.files);
		}
	}

	function onDrop(event) {
		event.preventDefault();
		addFiles(event.dataTransfer.files);
	}

	function addFiles(list) {
		files.push(...list);
		drawFiles();
	}

	function drawFiles() {
		chosen.hidden = files.length === 0;
		replace(chosen, files.map((f, i) => h("span", { class: "chip" }, icon("file"), f.name,
			h("button", { class: "chip-x", type: "button", "aria-label": t("write.remove", { name: f.name }), onclick: () => { files.splice(i, 1); drawFiles(); } }, icon("close")))));
	}

	function complain(text) {
		problem.hidden = !text;
		problem.textContent = text;
	}

	async function send() {
		const typed = area.value;
		if (!typed.trim() && files.length === 0)
			return;
		const body = actOf(typed);
		if (body.problem)
			return complain(body.problem);
		clear();
		if (!await deliver(body.act, files.splice(0)))
			restore(typed);
		sent();
	}

	// What a text is: a command, or something said. A blank in front says a text that begins with a slash; Feishu has no commands.
	function actOf(typed) {
		const command = isFeishu() ? null : /^(\/[a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(typed.trimEnd());
		if (!command)
			return { act: { do: "say", as: prefs.as, channel, text: written(typed.trim()), ...(thread ? { thread_ts: thread } : more()) } };
		if (!state.commands.some((c) => c.command === command[1]))
			return { problem: t("write.unknownCommand", { command: command[1] }) };
		if (thread)
			return { problem: t("write.noCommandInThread", { command: command[1] }) };
		return { act: { do: "command", as: prefs.as, channel, command: command[1], text: toCodes(command[2] ?? "") } };
	}

	function clear() {
		area.value = "";
		onInput();
		queueMicrotask(drawFiles);
	}

	function restore(typed) {
		if (area.value === "")
			area.value = typed;
		onInput();
	}

	return { key, element, focus: () => area.focus() };
}

// Files go one act each, the words with the first. True when all of it was taken.
async function deliver(said, files) {
	const channel = said.channel === "dm" ? await directOf(said.as) : said.channel;
	if (!channel)
		return false;
	const body = { ...said, channel };
	if (files.length === 0 || body.do !== "say")
		return (await told(act(body))).ok;
	for (const [i, file] of files.entries()) {
		const upload = { ...body, do: "upload", name: file.name, mimetype: file.type || "application/octet-stream", base64: await base64(file), text: i === 0 ? body.text : "" };
		if (!(await told(act(upload))).ok)
			return false;
	}
	return true;
}

// What is typed as the server understands it: emoji by name, and everybody by Slack's word.
export const written = (text) => toCodes(isFeishu() ? text.replace(/@(?:所有人|all)(?![\p{L}\p{N}])/giu, "@channel") : text);

const directOf = async (as) => directWithBot(as)?.id ?? (await told(act({ do: "open_dm", as }))).channel;

function base64(file) {
	return new Promise((resolve) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
		reader.onerror = () => { toast(t("act.failed")); resolve(""); };
		reader.readAsDataURL(file);
	});
}

// The box in which a message is edited: {text, channel, save(text), cancel()}.
export function editor({ text, channel, save, cancel }) {
	const area = h("textarea", { class: "write-area", rows: "1", testid: "edit-area", "aria-label": t("msg.edit"), spellcheck: "false",
		oninput: () => { fit(area); suggestions.update(); }, onkeydown: onKey });
	const suggestions = createSuggestions(area, channel);
	area.value = text;
	queueMicrotask(() => fit(area));
	const done = () => (area.value.trim() && area.value !== text ? save(area.value.trim()) : cancel());

	function onKey(event) {
		if (suggestions.key(event))
			return;
		if (isPlainEnter(event)) {
			event.preventDefault();
			done();
		} else if (event.key === "Escape") {
			event.preventDefault();
			cancel();
		}
	}

	return h("form", { class: "write edit-box", onsubmit: (event) => { event.preventDefault(); done(); } }, suggestions.elements,
		h("div", { class: "write-box" }, area),
		h("div", { class: "edit-bar" }, h("span", { class: "hint" }, t("write.editHint")),
			h("button", { class: "btn small", type: "button", testid: "edit-cancel", onclick: cancel }, t("write.cancel")),
			h("button", { class: "btn primary small", type: "submit", testid: "edit-save" }, t("write.save"))));
}
