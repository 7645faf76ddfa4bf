// SPDX-License-Identifier: MIT
// The page's pure parts, without a browser: mrkdwn, emoji, texts; and that its files keep their promises.

import { test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { decode, parseMrkdwn, toTyped } from "../../sandbox/page/mrkdwn.js";
import { emojiChar, QUICK, searchEmoji, toCodes } from "../../sandbox/page/emoji.js";
import { TEXTS } from "../../sandbox/page/texts.js";
import { parseMarkdown } from "../../sandbox/page/feishu/markdown.js";

const FOLDER = new URL("../../sandbox/page/", import.meta.url);
const files = readdirSync(FOLDER, { recursive: true });
const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");

// A tree as one line: bold is <b>…</b> and so on, so that a case is one line of the table.
const TAGS = { bold: "b", italic: "i", strike: "s", quote: "q", text: "" };
function flat(node) {
	if (node.kind === "text" && !node.children)
		return node.text;
	if (node.children)
		return TAGS[node.kind] ? `<${TAGS[node.kind]}>${node.children.map(flat).join("")}</${TAGS[node.kind]}>` : node.children.map(flat).join("");
	const words = { code: () => `<c>${node.text}</c>`, pre: () => `<pre>${node.text}</pre>`, break: () => "/", emoji: () => `(${node.name})`, link: () => `[${node.url}|${node.label ?? ""}]`,
		user: () => `{@${node.id}}`, channel: () => `{#${node.id}}`, group: () => `{g${node.id}}`, broadcast: () => `{!${node.range}}`, date: () => `{d${node.at}|${node.format}|${node.link ?? ""}|${node.fallback}}` };
	return words[node.kind]();
}
const shown = (text) => parseMrkdwn(text).map(flat).join("");
const Z = "\u200B";

const CASES = [
	["plain", "plain"], ["", ""], ["a\nb", "a/b"], ["a\n\nb", "a//b"],
	["*bold* _it_ ~st~", "<b>bold</b> <i>it</i> <s>st</s>"], ["*a _b_ c*", "<b>a <i>b</i> c</b>"], ["(*b*), *c*.", "(<b>b</b>), <b>c</b>."], ["*粗体*。", "<b>粗体</b>。"],
	["2*3*4 a_b_c", "2*3*4 a_b_c"], ["中文*粗*中", "中文*粗*中"], ["* a * b *", "* a * b *"], ["*open", "*open"], ["*a\nb*", "*a/b*"], ["** x ** ***", "** x ** ***"],
	["`*a*` *`b`*", "<c>*a*</c> <b><c>b</c></b>"], ["`a&lt;b&gt;`", "<c>a<b></c>"], ["*a `b* c` d*", "<b>a <c>b* c</c> d</b>"], ["`a\nb`", "`a/b`"], ["``", "``"],
	["```\n*x* _y_\n```", "<pre>*x* _y_</pre>"], ["a ```b``` c", "a <pre>b</pre> c"], ["```&lt;i&gt; <@U1|ana>```", "<pre><i> @ana</pre>"], ["```open", "```open"],
	["&gt; a\n&gt;b\nc", "<q>a/b</q>c"], ["> a", "<q>a</q>"], ["a &gt; b", "a > b"], ["&gt;&gt;&gt; a\nb", "<q>a/b</q>"],
	["<@U1> <@U2|ana> <#C1|x> <#C2>", "{@U1} {@U2} {#C1} {#C2}"], ["<!here> <!channel> <!everyone|all> <!subteam^S1|@g>", "{!here} {!channel} {!everyone} {gS1}"],
	["<https://a.b/x_y_|*l*> _<https://c.d>_", "[https://a.b/x_y_|*l*] <i>[https://c.d|]</i>"], ["<https://a.b/?x=1&amp;y=2|a &amp; b>", "[https://a.b/?x=1&y=2|a & b]"], ["<mailto:a@b.c|a@b.c>", "[mailto:a@b.c|a@b.c]"],
	["see https://a.b/c?x=1&amp;y, ok", "see [https://a.b/c?x=1&y|], ok"], ["http://a.b/中", "[http://a.b/|]中"], ["xhttp://a.b", "xhttp://a.b"],
	["<!date^1767225600^{date} {time}^https://x.y|then>", "{d1767225600|{date} {time}|https://x.y|then}"],
	["&amp;lt; &amp; &lt;b&gt; &copy;", "&lt; & <b> &copy;"], ["a < b > c", "a [ b |] c"], ["<>", "<>"],
	[":tada: :+1: :nope: 10:30:45", "(tada) (+1) :nope: 10:30:45"], [":wave::skin-tone-3:", "(wave::skin-tone-3)"],
	// Apps that repeat people's words put a zero-width space after each character that would format.
	[`*${Z}a*${Z}`, `*${Z}a*${Z}`], [`_${Z}a_${Z} ~${Z}b~${Z}`, `_${Z}a_${Z} ~${Z}b~${Z}`], [`\`${Z}a\`${Z}`, `\`${Z}a\`${Z}`], [`\`${Z}\`${Z}\`${Z}a`, `\`${Z}\`${Z}\`${Z}a`],
	[`a *b*${Z}c`, `a <b>b</b>${Z}c`],
];

test("mrkdwn is shown as Slack shows it", () => {
	for (const [text, wanted] of CASES)
		assert.equal(shown(text), wanted, text);
});

test("a text made to be slow is not", () => {
	for (const text of ["*a<".repeat(13000), "`".repeat(40000), "*a ".repeat(13000), "_*~".repeat(13000), "<".repeat(40000)]) {
		const begin = performance.now();
		parseMrkdwn(text);
		assert.ok(performance.now() - begin < 2000, text.slice(0, 6));
	}
});

// Of a card's Markdown: blocks as lines, marks as in the table above.
const MARKS = { text: (n) => n.text, b: (n) => `<b>${inside(n)}</b>`, i: (n) => `<i>${inside(n)}</i>`, s: (n) => `<s>${inside(n)}</s>`, u: (n) => `<u>${inside(n)}</u>`, code: (n) => `<c>${n.text}</c>`, br: () => "/", hr: () => "—",
	font: (n) => `{${n.color}:${inside(n)}}`, tag: (n) => `[${n.color}:${inside(n)}]`, number: (n) => `(#${inside(n)})`, a: (n) => `[${n.url}|${inside(n)}]`, at: (n) => `{@${n.ids}}`, person: (n) => `{${n.id}}`, img: (n) => `(${n.key}|${n.alt})`, emotion: (n) => `(${n.type})`, time: (n) => `{${n.ms} ${n.format}}` };
const inside = (n) => n.children.map((child) => MARKS[child.kind](child)).join("");
const BLOCKS = { p: inside, h: (b) => `h${b.level} ${inside(b)}`, quote: (b) => `> ${inside(b)}`, li: (b) => `${"  ".repeat(b.level)}${b.mark} ${inside(b)}`, pre: (b) => `pre ${b.text}`, hr: () => "---", gap: () => "", table: (b) => b.rows.map((row) => row.map((cell) => inside({ children: cell })).join("|")).join(";") };
const marked = (text) => parseMarkdown(text).map((b) => BLOCKS[b.kind](b)).join("\n");

const MARKDOWN = [
	["a\nb", "a/b"], ["a\n\nb", "a\n\nb"], ["**b** *i* ***bi*** ~~s~~ `c*c*`", "<b>b</b> <i>i</i> <b><i>bi</i></b> <s>s</s> <c>c*c*</c>"], ["**陈伟**\u200B 说", "<b>陈伟</b>\u200B 说"], ["2*3*4 ** a ** snake_case_x", "2<i>3</i>4 ** a ** snake_case_x"],
	["&#42;&#42;b&#42;&#42; &lt;at id=all&gt; &#60;at id=all&#62; &amp;#42; &#0; &nope;", "**b** <at id=all> <at id=all> &#42; &#0; &nope;"], ["\\*a\\* \\n", "*a* \\n"],
	["<at id=ou_x></at> <at ids=ou_a,ou_b></at> <at id='all'></at>", "{@ou_x} {@ou_a,ou_b} {@all}"], ["<person id=ou_x></person>", "{ou_x}"],
	["<font color='red'>r **b**</font> <text_tag color=green>t</text_tag> <number_tag>3</number_tag>", "{red:r <b>b</b>} [green:t] (#3)"], ["a<br>b <u>u</u> <strong>x</strong>", "a/b <u>u</u> <b>x</b>"],
	["<script>x</script> <img src=x> <b>open", "<script>x</script> <img src=x> <b>open"], ["<raw>**x**</raw>", "**x**"], ["<constructor>x</constructor>", "<constructor>x</constructor>"],
	["[t](https://a.b/c_d) ![alt](img_1) [js](javascript:alert)", "[https://a.b/c_d|t] (img_1|alt) [javascript:alert|js]"], ["https://a.b/c, 和 https://a.b/中", "[https://a.b/c|https://a.b/c], 和 [https://a.b/|https://a.b/]中"],
	[":DONE: :NOPE: 09:30:00", "(DONE) :NOPE: 09:30:00"], ["# H\n### h", "h1 H\nh3 h"], ["- a\n  - b\n1. c", "• a\n  • b\n1. c"], ["> q\n> r\n---", "> q/r\n---"], ["```\n**x**\n```", "pre **x**"], ["```open", "```open"],
	["| a | b |\n| --- | :-: |\n| **1** | 2 |\nend", "a|b;<b>1</b>|2\nend"], ["a | b", "a | b"], ["<local_datetime millisecond='5' format_type='time'></local_datetime>", "{5 time}"],
];

test("the Markdown of Feishu's cards is read as its page says", () => {
	for (const [text, expected] of MARKDOWN)
		assert.equal(marked(text), expected, text);
	for (const text of ["**a ".repeat(3000), "<at id=".repeat(3000), "[".repeat(8000), "`".repeat(8000), "` `` ".repeat(3000), "&#".repeat(5000), "<font color=red>".repeat(2000), "_a _".repeat(4000), "| -".repeat(5000)])
		assert.ok(marked(text).length > 0, `${text.slice(0, 6)} made to be slow comes to an end`);
});

test("a message goes back into the words that were typed", () => {
	const view = { handle: (id) => ({ U1: "ana" })[id] ?? null, channelName: (id) => ({ C1: "sales" })[id] ?? null };
	assert.equal(toTyped("<@U1> <#C1|x> <!here> <https://a.b/?x&amp;y> a &amp; b &lt;i&gt;", view), "@ana #sales @here https://a.b/?x&y a & b <i>");
	assert.equal(decode("&amp;amp;"), "&amp;");
});

test("emoji have their names both ways", () => {
	assert.equal(toCodes("done ✅ ❤️ ❤ 👍🏽 1 # ok"), "done :white_check_mark: :heart: :heart: :+1::skin-tone-4: 1 # ok");
	assert.equal(emojiChar("white_check_mark"), "✅");
	assert.equal(emojiChar("nope"), null);
	assert.ok(QUICK.every((name) => emojiChar(name)), "every quick emoji is known");
	assert.equal(searchEmoji("tad")[0].name, "tada");
});

test("every text stands in both languages with the same placeholders", () => {
	const names = (text) => [...text.matchAll(/\{(\w+)/g)].map((found) => found[1]).sort();
	for (const [key, pair] of Object.entries(TEXTS)) {
		assert.equal(pair.length, 2, key);
		assert.ok(pair.every((text) => text.trim()), key);
		assert.deepEqual(names(pair[0]), names(pair[1]), key);
	}
});

test("every text that is asked for is there, and every one there is asked for", () => {
	const code = files.filter((name) => name.endsWith(".js") && name !== "texts.js").map(read).join("\n") + read("index.html");
	const families = [...code.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map((found) => found[1]);
	const asked = new Set([...code.matchAll(/["'`]([a-z]+(?:\.\w+)+)["'`]/g)].map((found) => found[1]));
	const isAsked = (key) => asked.has(key) || families.some((family) => key.startsWith(family));
	// "feishu.thread.title" stands in for "thread.title" in Feishu's room.
	assert.deepEqual(Object.keys(TEXTS).filter((key) => !isAsked(key.replace(/^feishu\./, ""))), [], "never used");
	for (const [, key] of code.matchAll(/\bt\("([^"]+)"/g))
		assert.ok(key in TEXTS, `${key} has no text`);
});

test("the list of files for the binary is true", () => {
	const listed = [...read("page.gresource.xml").matchAll(/<file>([^<]+)<\/file>/g)].map((found) => found[1]).sort();
	assert.deepEqual(listed, files.filter((name) => /\.(html|css|js|svg)$/.test(name)).sort());
});

test("nothing is loaded from outside, nothing inline, nothing made markup", () => {
	for (const name of files.filter((file) => /\.(html|css|js)$/.test(file))) {
		const text = read(name).replace(/\/\/ .*|<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, "");
		assert.doesNotMatch(text, /\.(innerHTML|outerHTML)\s*[+=]|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
		assert.doesNotMatch(text, /@import|url\(\s*["']?https?:|(src|href)="https?:/, name);
		if (name === "index.html")
			assert.doesNotMatch(text, /<style|style=|<script(?![^>]*src=)|\son\w+=/i, name);
	}
	assert.match(read("index.html"), /Content-Security-Policy" content="default-src 'none'/);
});
