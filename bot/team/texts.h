/* SPDX-License-Identifier: MIT */
/*
 * Texts: every sentence the bot says, in the reader's language.
 *
 * Texts live in texts.yaml files beside their owner, each in all languages side by side; a build step
 * (belltower_texts in CMake, the tool belltower_textgen) makes a constant table of each file and fails the build
 * when a language or a placeholder is missing:
 *
 *	standup.thanks:
 *	  zh-CN: "收到，{name}。"
 *	  en: "Got it, {name}."
 *
 * In a text, {name} stands for a value. {count|entry|entries} writes one of two words by the number `count` (1: the
 * first) and not the number itself: "{count} {count|entry|entries}". {{ and }} write a brace.
 *
 * A formatted text is plain text: values stand in it as they are, and the renderer of a platform escapes all of it.
 *
 *	struct texts *texts = texts_new((const struct text_table *const[]){ &texts_core, &texts_standup }, 2);
 *	g_autofree char *thanks = texts_format(texts, language, "standup.thanks", TEXT_ARG("name", person->name));
 *
 * Lifetime: one per process, made at start. Immutable afterwards: any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum language { LANGUAGE_ZH_CN, LANGUAGE_EN, LANGUAGE_COUNT };

/* The tag as it is stored and written: "zh-CN", "en". */
const char *language_tag(enum language language);
/*
 * The language nearest to a tag of any platform: "zh_CN", "zh", "zh-TW" → zh-CN; "en-US" → en. FALSE for another
 * language and for NULL or "".
 */
gboolean language_match(const char *tag, enum language *out);
/* The person's language, else the team's, else the default; tags may be NULL or unknown. */
enum language language_choose(const char *person, const char *team, enum language fallback);

/* What the build step makes of a texts.yaml: entries sorted by key. */
struct text_entry {
	const char *key;
	const char *text[LANGUAGE_COUNT];
};
struct text_table {
	const struct text_entry *entries;
	size_t count;
};

/* A value for a placeholder; make it with TEXT_ARG. A NULL text is written as nothing. */
struct text_arg {
	const char *name;
	const char *text;
	int64_t number;
	gboolean is_number;
};

static inline struct text_arg text_arg_text(const char *name, const char *text)
{
	return (struct text_arg){ name, text ? text : "", 0, FALSE };
}

static inline struct text_arg text_arg_number(const char *name, int64_t number)
{
	return (struct text_arg){ name, NULL, number, TRUE };
}

/* value: a UTF-8 text (borrowed for the call) or an integer. */
#define TEXT_ARG(name, value)                                                                                          \
	_Generic((value), char *: text_arg_text, const char *: text_arg_text, default: text_arg_number)(name, value)

enum { TEXTS_LIMIT_BYTES = 64 * 1024 }; /* of one formatted text; the rest is cut at a character, and "…" ends it */

struct texts;

/* tables: borrowed for the life of the texts. The same key in two tables is our bug. */
struct texts *texts_new(const struct text_table *const *tables, size_t count);
void texts_free(struct texts *texts);

gboolean texts_has(const struct texts *texts, const char *key);

/* The text with its values; caller frees. An unknown key or a value not given is our bug: a debug build stops, a release writes the name. */
#define texts_format(texts, language, key, ...)                                                                        \
	texts_format_args(texts, language, key, (const struct text_arg[]){ __VA_ARGS__ __VA_OPT__(, ){ NULL, NULL, 0, FALSE } })
char *texts_format_args(const struct texts *texts, enum language language, const char *key, const struct text_arg *args);

/*
 * Calls `each` with every placeholder's name in a text, in order, repetitions too. FALSE with a reason (caller frees)
 * when the text is malformed. For the build step and the tests.
 */
gboolean texts_scan(const char *text, void (*each)(const char *name, gpointer data), gpointer data, char **reason);
