/* SPDX-License-Identifier: MIT */
#include "handlers/standup/parse.h"

#include "base/json.h"

static const char *const field_names[STANDUP_FIELD_COUNT] = {
	[STANDUP_RESULTS] = "results",
	[STANDUP_GOALS] = "goals",
	[STANDUP_RISKS] = "risks",
	[STANDUP_ACTIONS] = "actions",
	[STANDUP_BLOCKERS] = "blockers",
	[STANDUP_HELP] = "help",
};

static const char *const missing_names[STANDUP_FIELD_COUNT] = {
	[STANDUP_RESULTS] = "missing_results",
	[STANDUP_GOALS] = "missing_goals",
	[STANDUP_RISKS] = "missing_risks",
	[STANDUP_ACTIONS] = "missing_actions",
	[STANDUP_BLOCKERS] = "missing_blockers",
	[STANDUP_HELP] = "missing_help",
};

static const char *const problem_names[] = {
	[STANDUP_OK] = NULL,
	[STANDUP_EMPTY] = "empty",
	[STANDUP_TOO_LONG] = "too_long",
	[STANDUP_MIXED_FORMATS] = "mixed_formats",
	[STANDUP_MISSING_FIELD] = "missing", /* with the field's name: missing_names */
	[STANDUP_NOT_THREE_PARTS] = "not_three_parts",
	[STANDUP_TOO_FEW_LINES] = "too_few_lines",
	[STANDUP_TOO_MANY_LINES] = "too_many_lines",
	[STANDUP_EMPTY_GOALS] = "empty_goals",
	[STANDUP_EMPTY_ACTIONS] = "empty_actions",
};

void standup_text_release(struct standup_text *text)
{
	if (!text)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(text->fields); i++)
		g_free(text->fields[i]);
	memset(text, 0, sizeof *text);
}

const char *standup_field_name(enum standup_format format, guint position)
{
	return field_names[3 * (guint)format + position];
}

const char *standup_problem_name(const struct standup_text *text)
{
	if (text->problem != STANDUP_MISSING_FIELD)
		return problem_names[text->problem];
	guint first = text->missing[0] ? 0 : text->missing[1] ? 1 : 2;
	return missing_names[3 * (guint)text->format + first];
}

static void put_names(cJSON *object, const char *key, enum standup_format format, const gboolean marked[3])
{
	cJSON *names = json_put_array(object, key);
	for (guint i = 0; i < 3; i++) {
		if (marked[i])
			json_push_text(names, standup_field_name(format, i));
	}
}

static void put_accepted(cJSON *object, const struct standup_text *text)
{
	json_put_text(object, "format", text->format == STANDUP_FORMAT_A ? "A" : "B");
	cJSON *fields = json_put_object(object, "fields");
	for (guint i = 0; i < 3; i++)
		json_put_text(fields, standup_field_name(text->format, i), text->fields[i]);
	put_names(object, "none", text->format, text->none);
}

cJSON *standup_text_to_json(const struct standup_text *text)
{
	cJSON *object = cJSON_CreateObject();
	json_put_bool(object, "accept", text->problem == STANDUP_OK);
	if (text->problem == STANDUP_OK) {
		put_accepted(object, text);
		return object;
	}
	json_put_text(object, "problem", standup_problem_name(text));
	if (text->problem == STANDUP_MISSING_FIELD)
		put_names(object, "missing", text->format, text->missing);
	return object;
}

gboolean standup_is_clear(const struct standup_text *text)
{
	return text->problem == STANDUP_OK && (text->labelled || text->dated);
}

gboolean standup_is_clear_attempt(const struct standup_text *text)
{
	return text->problem != STANDUP_OK && text->attempt;
}
