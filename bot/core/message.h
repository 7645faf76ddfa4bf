/* SPDX-License-Identifier: MIT */
/*
 * What to say: a card or a form, free of any platform. A ritual builds it, the outbox keeps it as JSON, an adapter
 * renders it when it is sent.
 *
 *	struct message *m = message_new();
 *	message_title(m, "Standup 2 March");
 *	message_paragraph(m);
 *	message_bold(m, "Ana");
 *	message_plain(m, " closed <2> deals & more");        — people's words: shown as typed, never markup
 *	message_mention(m, "U042");                          — notifies; only our own code can make one
 *	message_button(m, "standup.form", "42", "Write mine", MESSAGE_PRIMARY);
 *	g_autofree char *json = message_to_json(m);
 *
 * Every text given here is plain text and is neutralised by the renderer: nobody can make the bot mention, link or
 * format. Lengths: the renderer fits the platform's limits (splits, shortens, says what it left out).
 *
 * The JSON: {"fallback": "…", "parts": [PART…]}, PART by "part":
 *	{"part":"title","text":T}                          one line
 *	{"part":"paragraph","spans":[SPAN…]}               SPAN: {"plain":T} | {"bold":T} | {"quiet":T} | {"mention":ACCOUNT} | {"code":T}
 *	{"part":"facts","facts":[{"label":T,"value":T}…]}
 *	{"part":"list","items":[T…]}
 *	{"part":"table","columns":[T…],"rows":[[T…]…]}
 *	{"part":"divider"}
 *	{"part":"picture","file":ID,"alt":T}
 *	{"part":"buttons","buttons":[{"action":A,"value":V,"label":T,"style":"plain"|"primary"|"danger"}…]}
 *	{"part":"context","text":T}                        small print
 * A form: {"form":NAME,"context":V,"title":T,"submit":T,"cancel":T,"intro":T?,
 *          "inputs":[{"name":N,"label":T,"hint":T?,"value":T?,"lines":1|n,"optional":bool,"limit":code points}…]}
 *
 * Any thread; one owner at a time.
 */
#pragma once

#include "base/json.h"

enum message_style { MESSAGE_PLAIN, MESSAGE_PRIMARY, MESSAGE_DANGER };

struct message;

struct message *message_new(void);
void message_free(struct message *message);
typedef struct message message_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(message_auto, message_free)

/* The line that a notification or a screen reader gives; without it, the first title or paragraph. */
void message_fallback(struct message *message, const char *text);
void message_title(struct message *message, const char *text);
/* Opens a paragraph; the span calls that follow go into it. A "\n" in a span is a line break. */
void message_paragraph(struct message *message);
void message_plain(struct message *message, const char *text);
void message_bold(struct message *message, const char *text);
void message_quiet(struct message *message, const char *text);
void message_mention(struct message *message, const char *account);
/* One paragraph of one plain span. */
void message_say(struct message *message, const char *text);
void message_fact(struct message *message, const char *label, const char *value);
void message_item(struct message *message, const char *text);
void message_divider(struct message *message);
/* action: "RITUAL.WORD", comes back as the pressed event's word; value: up to 2,000 characters, comes back too. */
void message_button(struct message *message, const char *action, const char *value, const char *label,
	enum message_style style);
void message_context(struct message *message, const char *text);

/* A form: name "RITUAL.WORD" comes back as the submitted event's word, context as its value. */
struct message *form_new(const char *name, const char *context, const char *title, const char *submit,
	const char *cancel);
void form_intro(struct message *form, const char *text);
/* value: what is filled in already, or NULL; lines: 1, or how many to show; limit: code points. */
void form_input(struct message *form, const char *name, const char *label, const char *hint, const char *value,
	int lines, gboolean optional, int limit);

/* Compact JSON, caller frees. */
char *message_to_json(const struct message *message);
/* The tree itself, borrowed. */
const cJSON *message_tree(const struct message *message);
