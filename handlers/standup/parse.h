/* SPDX-License-Identifier: MIT */
/*
 * The standup parser: from what a person wrote to three answers, or to the reason why not.
 *
 * The rules are those of tests/data/README.md (rules 1 to 8), whole: two formats of three fields, labels in
 * Chinese and English, bare lines, lists, code fences, "none". They say what a message means to somebody who
 * asked for a standup (a thread, a direct message, a command). Whether a message in the open channel is meant
 * as a standup at all is a second question; standup_is_clear and standup_is_clear_attempt answer it.
 *
 * Pure: no clock, no store, no globals; any thread. The work is linear in `length`, memory a small multiple
 * of it, and nothing behind the 4000th code point is looked at. A typical message takes a few microseconds.
 *
 * In the sources: lines.c (rules 1 to 3), marks.c (list markers, emoji), words.c and labels.c (rules 4 and
 * 5), items.c (rule 7), parse.c (rules 6 and 8, and the whole), text.c (what came of it: names, JSON,
 * release).
 */
#pragma once

#include "base/json.h"
#include <glib.h>

#include "base/banned.h"

/* A: results, goals, risks. B: actions, blockers, help. */
enum standup_format { STANDUP_FORMAT_A, STANDUP_FORMAT_B };

/* Field `position` (0 to 2) of format f is 3 * f + position. */
enum standup_field {
	STANDUP_RESULTS,
	STANDUP_GOALS,
	STANDUP_RISKS,
	STANDUP_ACTIONS,
	STANDUP_BLOCKERS,
	STANDUP_HELP,
	STANDUP_FIELD_COUNT
};

enum standup_problem {
	STANDUP_OK,
	STANDUP_EMPTY,
	STANDUP_TOO_LONG,
	STANDUP_MIXED_FORMATS,
	STANDUP_MISSING_FIELD,
	STANDUP_NOT_THREE_PARTS,
	STANDUP_TOO_FEW_LINES,
	STANDUP_TOO_MANY_LINES,
	STANDUP_EMPTY_GOALS,
	STANDUP_EMPTY_ACTIONS
};

enum { STANDUP_LIMIT = 4000 /* code points of one standup, all three fields together */ };

/*
 * What was understood. Positions are those of `format`.
 *
 * Accepted (problem is STANDUP_OK): every field is set; one answered "none" is "" and marked in `none`.
 *
 * Not accepted: a field is what was understood of it, so that a hint can quote it, or NULL:
 *   - missing_*, empty_goals, empty_actions: every field that came;
 *   - mixed_formats: those of the default format that came, `format` being the default;
 *   - too_few_lines, too_many_lines, not_three_parts: results and goals, `format` being A, if their lines open
 *     with yesterday and today words; else nothing;
 *   - too_long: what the first 4000 code points gave;
 *   - empty: nothing.
 */
struct standup_text {
	enum standup_format format;
	enum standup_problem problem;
	char *fields[3]; /* UTF-8, lines joined with LF; owned */
	gboolean none[3];
	gboolean missing[3]; /* nothing was said for this field; never with too_many_lines */
	gboolean labelled;   /* at least one label was found */
	gboolean dated; /* no label; one item opens with a yesterday word and another one with a today word */
	gboolean attempt; /* see standup_is_clear_attempt */
};

/*
 * Reads `length` bytes of a person's text as it came from the platform (entities, CR LF and so on still in
 * it). Bytes that are not UTF-8, and NUL, are taken as U+FFFD. default_format is the team's. mentions: how
 * the bot is addressed there, such as "<@U123>" and "@Belltower"; NULL-terminated, may be NULL. Fills *out
 * (nothing in it is freed first) whatever the answer; release it. TRUE when accepted.
 */
gboolean standup_parse(const char *text, gsize length, enum standup_format default_format,
	const char *const *mentions, struct standup_text *out);

/*
 * The same from a form's three inputs, in format order; NULL is an empty input. Each is normalised as rule 1
 * says (entities too: whether Slack escapes input values is not established, so they are decoded once),
 * nothing else is changed: no labels, no list markers. Rule 8 decides what is none. Problems: too_long (all
 * three together), empty_goals, empty_actions. All fields are set in any case.
 */
gboolean standup_from_fields(
	enum standup_format format, const char *const values[3], struct standup_text *out);

/* Whether a field says that there is nothing to say (rule 8): "", "无", "no blockers." */
gboolean standup_is_none(const char *value);

/* Frees the contents; *text is zeroed. Accepts zeroed and NULL. */
void standup_text_release(struct standup_text *text);

/* "results", "goals", …; position 0 to 2. */
const char *standup_field_name(enum standup_format format, guint position);
/* "empty", "missing_risks" (the first one missing), …; NULL when accepted. */
const char *standup_problem_name(const struct standup_text *text);
/* The `expect` object of the fixtures, keys in their order. Caller owns. */
cJSON *standup_text_to_json(const struct standup_text *text);

/*
 * In the open channel only what clearly is a standup counts: an accepted text with labels (then all three
 * fields are labelled), or with its yesterday and today words in their places. Three bare lines are ordinary
 * talk there.
 */
gboolean standup_is_clear(const struct standup_text *text);

/*
 * And this is a clear attempt that failed, worth a private hint. Either
 *   - all three fields are labelled (but goals are "none", or the formats mixed, or the text is too long); or
 *   - two fields are labelled, one of them at least with a telling word, which ordinary talk does not put before
 *     a colon: "yesterday", "blockers", 今天目标; but not "today", "friday", "plan", "help", "done", 今天, 风险; or
 *   - the first line (after a heading) opens with a yesterday or today word, and another line, or part of the only
 *     line between semicolons or bars, with one of the other kind. Commas do not count: "昨天没睡好，今天好困" is talk.
 *
 * So "today: lunch at 12?", "Help: anyone has the deck?", "results: see link" and "Today: townhall / Friday: lunch"
 * are left alone, while "Yesterday: x / Today: y" gets its hint.
 */
gboolean standup_is_clear_attempt(const struct standup_text *text);
