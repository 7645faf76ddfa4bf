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
 *	message_chart(m, "Deals this week", "", NULL);
 *	message_bar(m, "Ana", "2");
 *	g_autofree char *json = message_to_json(m);
 *
 * Every text given here is plain text and is neutralised by the renderer: nobody can make the bot mention, link or
 * format. Lengths: the renderer fits the platform's limits (splits, shortens, says what it left out).
 *
 * The JSON: {"fallback": "…", "parts": [PART…], "urgent": [ACCOUNT…]?}, PART by "part":
 *	{"part":"title","text":T}                          one line
 *	{"part":"paragraph","spans":[SPAN…]}               SPAN: {"plain":T} | {"bold":T} | {"quiet":T} | {"mention":ACCOUNT} | {"code":T} |
 *	                                                   {"link":URL,"label":T}
 *	{"part":"facts","facts":[{"label":T,"value":T}…]}
 *	{"part":"list","items":[T…]}
 *	{"part":"table","columns":[T…],"rows":[[T…]…]}
 *	{"part":"divider"}
 *	{"part":"chart","title":T,"unit":T,"series":[T…],"bars":[{"label":T,"values":[N…]}…]}   N: a decimal number as text
 *	{"part":"picture","file":F?,"draw":true?,"alt":T,"lost":T}     draw: the file is no picture yet, but says what to draw
 *	{"part":"file","file":F?,"name":T,"lost":T}
 *	{"part":"buttons","buttons":[{"action":A,"value":V,"label":T,"style":"plain"|"primary"|"danger"}…]}
 *	{"part":"context","text":T}                        small print
 * A form: {"form":NAME,"context":V,"title":T,"submit":T,"cancel":T,"intro":T?,
 *          "inputs":[{"name":N,"label":T,"hint":T?,"value":T?,"lines":1|n,"optional":bool,"limit":code points} |
 *                    {"name":N,"label":T,"hint":T?,"value":V?,"optional":bool,"options":[{"value":V,"label":T}…]}…]}
 *
 * F is the number of one of the message's files, whose bytes travel beside the JSON (outbox_row.h). An adapter that has
 * brought it to its platform puts the platform's key there, a text; without F the words stand for it.
 *
 * Any thread; one owner at a time.
 */
#pragma once

#include "base/json.h"

enum message_style { MESSAGE_PLAIN, MESSAGE_PRIMARY, MESSAGE_DANGER };

/* All files of one message together; what is beyond is shown as lost. */
enum { MESSAGE_FILES_BYTES = 8 * 1024 * 1024 };

/* A picture or a document of a message. */
struct message_file {
	char *name; /* "birthdays.ics", "deals.png": its ending says what it is */
	GBytes *bytes;
};

void message_file_free(gpointer file);

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
/* label: what is shown. url: http:// or https://, else the label stands as it is; only our own code can make one. */
void message_link(struct message *message, const char *url, const char *label);
/* One paragraph of one plain span. */
void message_say(struct message *message, const char *text);
void message_fact(struct message *message, const char *label, const char *value);
void message_item(struct message *message, const char *text);
void message_divider(struct message *message);
/* action: "RITUAL.WORD", comes back as the pressed event's word; value: up to 2,000 characters, comes back too. */
void message_button(struct message *message, const char *action, const char *value, const char *label,
	enum message_style style);
void message_context(struct message *message, const char *text);
/*
 * A bar chart. unit: of its values, "" when they have none; series: the names of what stands side by side, ends with NULL;
 * NULL: there is but one, without a name.
 */
void message_chart(struct message *message, const char *title, const char *unit, const char *const *series);
/* A bar of the chart: value: a decimal number as text, "-12.50"; and the next series' beside it. */
void message_bar(struct message *message, const char *label, const char *value);
void message_bar_beside(struct message *message, const char *value);
/*
 * A picture (PNG, JPEG or GIF). alt: what it shows, in words. lost: what stands beside them when it cannot be sent. bytes:
 * a reference is kept.
 */
void message_picture(struct message *message, const char *name, GBytes *bytes, const char *alt, const char *lost);
/*
 * A picture that is drawn when it is sent, from what `wish` says (kit/picture.h), by the program belltower-picture: anew
 * when it is sent again. name: "cake.png". lost: "" when nobody misses it.
 */
void message_drawing(struct message *message, const char *name, GBytes *wish, const char *alt, const char *lost);
/* A picture that somebody has sent: brought from where it lies when the message goes. key: an event_file's. */
void message_kept_picture(struct message *message, const char *key, const char *alt, const char *lost);
/* A document that goes with a message that is posted; a card that replaces another only names it. */
void message_document(struct message *message, const char *name, GBytes *bytes, const char *lost);
/*
 * What the message is called when it goes to one person (turn_tell, turn_nudge), so that an answer in its thread finds it:
 * turn_about. Each message has a name of its own.
 */
void message_name(struct message *message, const char *name);
/* The message calls this person urgently when it is posted (turn_reply, turn_post): as loudly as the platform can. */
void message_urge(struct message *message, const char *account);

/* A form: name "RITUAL.WORD" comes back as the submitted event's word, context as its value. */
struct message *form_new(const char *name, const char *context, const char *title, const char *submit,
	const char *cancel);
void form_intro(struct message *form, const char *text);
/* value: what is filled in already, or NULL; lines: 1, or how many to show; limit: code points. */
void form_input(struct message *form, const char *name, const char *label, const char *hint, const char *value,
	int lines, gboolean optional, int limit);

/* Options of all choices of a form together, which any platform takes; and code points of an option's value. */
enum { FORM_OPTIONS_MOST = 100, FORM_OPTION_POINTS = 150 };

/* A list to choose one from: its options follow, one at least. value: of the one that is chosen already, or NULL. */
void form_choice(struct message *form, const char *name, const char *label, const char *hint, const char *value, gboolean optional);
/* An option of the choice that came last. value: comes back when it is chosen; label: what people see. */
void form_option(struct message *form, const char *value, const char *label);

/* Compact JSON, caller frees. */
char *message_to_json(const struct message *message);
/* The tree itself, borrowed. */
const cJSON *message_tree(const struct message *message);
/* Its files (struct message_file), for the caller to unref; NULL: none. */
GPtrArray *message_files(const struct message *message);

/* ---- for the turn: who is called, and what it is called ---- */
/* NULL: it has no name. */
const char *message_own_name(const struct message *message);
/* The accounts that the message calls urgently; NULL: nobody. */
const cJSON *message_urged(const struct message *message);
/* Says in the message itself that it is urgent, and mentions whom it calls. words: "Urgent". */
void message_call(struct message *message, const char *words);
/* What one of them is told directly where the platform has no louder call: the words, and the card without its files. */
struct message *message_call_for(const struct message *message, const char *account, const char *words);

/* ---- for adapters ---- */
/* Puts the platform's keys in the place of the files' numbers; a file without a key (NULL) is lost. */
void message_put_keys(cJSON *content, const char *const *keys, guint count);
