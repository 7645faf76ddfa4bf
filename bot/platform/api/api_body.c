/* SPDX-License-Identifier: MIT */
#include "platform/api/api_body.h"

#include <math.h>

#include "base/nearest.h"

/* What a double holds without a gap. */
#define WHOLE_MOST 9007199254740992.0

static const struct {
	glong most;
	const char *must;
	const char *pattern;
} types[] = {
	[API_TEXT] = { 1000, "must be a text", NULL },
	[API_NAME] = { 128, "must be a text without blanks at its ends", "^\\S(.*\\S)?$" },
	[API_AMOUNT] = { 20, "must be a whole number, or digits in quotes such as \"128000.50\"", "^[0-9]+(\\.[0-9]{1,2})?$" },
	[API_DAY] = { 10, "must be a day such as \"2026-03-31\"", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
};

static gboolean has_control(const char *text, const char *but)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text) && !strchr(but, *text))
			return TRUE;
	return FALSE;
}

static gboolean is_real_day(const char *text)
{
	return g_date_valid_dmy((GDateDay)g_ascii_strtoull(text + 8, NULL, 10), (GDateMonth)g_ascii_strtoull(text + 5, NULL, 10),
		(GDateYear)g_ascii_strtoull(text, NULL, 10));
}

/* The value as text; NULL: it is of another type. */
static char *text_of(enum api_type type, const cJSON *value)
{
	if (cJSON_IsString(value))
		return g_strdup(value->valuestring);
	double number = cJSON_IsNumber(value) ? value->valuedouble : -1;
	if (type == API_AMOUNT && number >= 0 && number <= WHOLE_MOST && floor(number) == number)
		return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number);
	return NULL;
}

/* What is wrong with it; NULL: nothing. The caller frees. */
static char *problem_of(const struct api_field *field, const char *text)
{
	glong most = field->most ? field->most : types[field->type].most;
	const char *pattern = types[field->type].pattern;
	if (!text)
		return g_strdup(types[field->type].must);
	if (has_control(text, field->type == API_TEXT ? "\r\n\t" : ""))
		return g_strdup(field->type == API_TEXT ? "must be without control characters" : "must be one line, without control characters");
	if (!*text)
		return g_strdup("is empty");
	if (g_utf8_strlen(text, -1) > most)
		return g_strdup_printf("must not be longer than %ld characters", most);
	if ((pattern && !g_regex_match_simple(pattern, text, 0, 0)) || (field->type == API_DAY && !is_real_day(text)))
		return g_strdup(types[field->type].must);
	return NULL;
}

static void take_field(const struct api_field *field, const cJSON *value, struct event *into, GArray *problems)
{
	g_autofree char *text = text_of(field->type, value);
	g_autofree char *problem = problem_of(field, text);
	if (problem)
		event_inputs_add(problems, field->name, problem);
	else
		event_add_input(into, field->name, text);
}

static const struct api_field *find_field(const struct api_resource *resource, const char *name)
{
	for (const struct api_field *f = resource->fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void tell_unknown(const struct api_resource *resource, const char *name, GArray *problems)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const struct api_field *f = resource->fields; f->name; f++)
		g_ptr_array_add(names, (gpointer)f->name);
	g_ptr_array_add(names, NULL);
	const char *near = nearest_word(name, (const char *const *)names->pdata);
	g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
	g_autofree char *text = near ? g_strdup_printf("is no field; did you mean '%s'?", near)
				     : g_strdup_printf("is no field; there are: %s", all);
	event_inputs_add(problems, name, text);
}

static void tell_missing(const struct api_resource *resource, GHashTable *seen, GArray *problems)
{
	for (const struct api_field *f = resource->fields; f->name; f++)
		if (f->required && !g_hash_table_contains(seen, f->name))
			event_inputs_add(problems, f->name, "is missing");
}

gboolean api_read(const struct api_resource *resource, const cJSON *body, struct event *into, GArray *problems)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *value;
	if (!cJSON_IsObject(body)) {
		event_inputs_add(problems, "", "the body must be one JSON object");
		return FALSE;
	}
	cJSON_ArrayForEach(value, body)
	{
		const struct api_field *field = find_field(resource, value->string);
		if (!g_hash_table_add(seen, value->string))
			event_inputs_add(problems, value->string, "stands there twice");
		else if (!field)
			tell_unknown(resource, value->string, problems);
		else
			take_field(field, value, into, problems);
	}
	tell_missing(resource, seen, problems);
	return problems->len == 0;
}
