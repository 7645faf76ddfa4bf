/* SPDX-License-Identifier: MIT */
/* What is said to an attempt that could not be read: what was understood, what is missing, what to write. */
#include "standup/standup.h"

static const char *const problem_keys[] = {
	[STANDUP_OK] = NULL,
	[STANDUP_EMPTY] = "standup.problem_empty",
	[STANDUP_TOO_LONG] = "standup.problem_too_long",
	[STANDUP_MIXED_FORMATS] = "standup.problem_mixed",
	[STANDUP_MISSING_FIELD] = "standup.problem_missing",
	[STANDUP_NOT_THREE_PARTS] = "standup.problem_parts",
	[STANDUP_TOO_FEW_LINES] = "standup.problem_few",
	[STANDUP_TOO_MANY_LINES] = "standup.problem_many",
	[STANDUP_EMPTY_GOALS] = "standup.problem_goals",
	[STANDUP_EMPTY_ACTIONS] = "standup.problem_actions",
};

static const char *missing_labels(struct turn *t, const struct standup_text *text)
{
	enum language language = turn_language(t);
	GString *list = g_string_new(NULL);
	for (guint i = 0; i < 3; i++) {
		if (text->missing[i])
			g_string_append_printf(list, "%s%s", list->len ? turn_text(t, "standup.comma") : "",
				standup_label(t, text->format, i, language));
	}
	return turn_keep(t, g_string_free(list, FALSE));
}

const char *standup_problem_text(struct turn *t, const struct standup_text *text)
{
	const char *key = problem_keys[text->problem];
	if (text->problem == STANDUP_MISSING_FIELD)
		return turn_text(t, key, TEXT_ARG("missing", missing_labels(t, text)));
	if (text->problem == STANDUP_TOO_LONG)
		return turn_text(t, key, TEXT_ARG("limit", STANDUP_LIMIT));
	return key ? turn_text(t, key) : "";
}

static void quote_understood(struct turn *t, struct message *m, const struct standup_text *text)
{
	gboolean any = FALSE;
	for (guint i = 0; i < 3; i++) {
		if (!text->fields[i] || text->missing[i])
			continue;
		if (!any)
			message_say(m, turn_text(t, "standup.understood"));
		any = TRUE;
		const char *value = *text->fields[i] ? turn_readable(t, NULL, text->fields[i]) : turn_text(t, "standup.none");
		message_fact(m, standup_label(t, text->format, i, turn_language(t)), value);
	}
}

void standup_hint(struct turn *t, const struct standup_text *text, gboolean in_place, gboolean was_accepted)
{
	struct message *m = message_new();
	const char *problem = standup_problem_text(t, text);
	message_fallback(m, problem);
	message_say(m, problem);
	quote_understood(t, m, text);
	if (was_accepted)
		message_say(m, turn_text(t, "standup.kept_as_before"));
	gboolean b = text->format == STANDUP_FORMAT_B;
	message_context(m, turn_text(t, b ? "standup.how_b" : "standup.how_a"));
	if (in_place)
		turn_reply(t, m);
	else
		turn_private(t, m);
}
