/* SPDX-License-Identifier: MIT */
#include "team/config_value.h"

#include <unistd.h>

#include "base/span.h"
#include "base/zone.h"
#include "team/calendar_file.h"
#include "team/calendar_ics.h"
#include "team/plain_file.h"
#include "team/yaml.h"
#include "team/zone_guess.h"

enum { SHOWN_LIMIT = 60 }; /* characters of a value in a message */

/* ---- texts ---- */

char *config_value_show(const char *text)
{
	if (g_str_has_prefix(text, "xox") || g_str_has_prefix(text, "xapp-"))
		return g_strdup("a token");
	GString *out = g_string_new("'");
	int count = 0;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		if (++count > SHOWN_LIMIT) {
			g_string_append(out, "…");
			break;
		}
		gunichar c = g_utf8_get_char(p);
		g_string_append_unichar(out, g_unichar_isprint(c) ? c : 0xfffd);
	}
	g_string_append_c(out, '\'');
	return g_string_free(out, FALSE);
}

static size_t variable_length(const char *name)
{
	if (!g_ascii_isalpha(*name) && *name != '_')
		return 0;
	return strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
}

/* Writes the value of the variable whose name begins at `name`; returns what follows "}", or NULL with the reason. */
static const char *expand_one(GString *out, const char *name, char **reason)
{
	size_t length = variable_length(name);
	if (length == 0 || name[length] != '}') {
		*reason = g_strdup(
			"has ${ without a variable's name and }; write ${NAME}, or $${ for a literal ${");
		return NULL;
	}
	g_autofree char *variable = g_strndup(name, length);
	const char *value = g_getenv(variable);
	if (!value || !g_utf8_validate(value, -1, NULL)) {
		*reason = g_strdup_printf("needs the environment variable '%s', which is not %s", variable,
			value ? "UTF-8" : "set");
		return NULL;
	}
	g_string_append(out, value);
	return name + length + 1;
}

char *config_value_expand(const char *text, char **reason)
{
	GString *out = g_string_new(NULL);
	while (*text) {
		if (g_str_has_prefix(text, "$${")) {
			g_string_append(out, "${");
			text += 3;
		} else if (g_str_has_prefix(text, "${")) {
			text = expand_one(out, text + 2, reason);
			if (!text) {
				g_string_free(out, TRUE);
				return NULL;
			}
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

/* ---- folders ---- */

char *config_absolute(const char *folder, const char *path)
{
	return g_canonicalize_filename(path, folder);
}

char *config_folder(const char *variable, const char *fallback)
{
	const char *folders = g_getenv(variable);
	return folders && *folders ? g_strndup(folders, strcspn(folders, ":")) : g_strdup(fallback);
}

/* ---- one value of each type: NULL, or what is wrong ---- */

static char *put_text(char **out, const char *text)
{
	g_free(*out);
	*out = g_strdup(text);
	return NULL;
}

static char *take_text(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	(void)key;
	return put_text(out, value->text);
}

static char *choices_reason(const struct config_key *key, const struct config_value *value)
{
	g_autofree char *all = g_strjoinv(", ", (char **)key->choices);
	return g_strdup_printf("must be one of: %s; not %s", all, value->shown);
}

static char *take_choice(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	if (!g_strv_contains(key->choices, value->text))
		return choices_reason(key, value);
	return put_text(out, value->text);
}

static char *take_letter(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	g_autofree char *upper = g_ascii_strup(value->text, -1);
	if (!g_strv_contains(key->choices, upper))
		return choices_reason(key, value);
	*(char *)out = upper[0];
	return NULL;
}

static char *take_flag(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	static const char *const yes[] = { "on", "true", "yes", NULL }, *const no[] = { "off", "false", "no",
		NULL };
	(void)folder;
	(void)key;
	g_autofree char *lower = g_ascii_strdown(value->text, -1);
	if (!g_strv_contains(yes, lower) && !g_strv_contains(no, lower))
		return g_strdup_printf("must be on or off, not %s", value->shown);
	*(gboolean *)out = g_strv_contains(yes, lower);
	return NULL;
}

static char *take_integer(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	gint64 number = 0;
	(void)folder;
	if (!g_ascii_string_to_signed(value->text, 10, key->least, key->most, &number, NULL))
		return g_strdup_printf(
			"must be a whole number from %d to %d, not %s", key->least, key->most, value->shown);
	*(int *)out = (int)number;
	return NULL;
}

static char *take_zone(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	(void)key;
	if (zone_find(value->text))
		return put_text(out, value->text);
	g_autofree char *guess = zone_guess(value->text);
	if (guess)
		return g_strdup_printf(
			"must be an IANA time zone; %s is none. Did you mean '%s'?", value->shown, guess);
	return g_strdup_printf(
		"must be an IANA time zone such as Asia/Shanghai or Europe/Berlin; %s is none", value->shown);
}

static char *take_language(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	(void)key;
	if (!language_match(value->text, out))
		return g_strdup_printf("must be zh-CN or en, not %s", value->shown);
	return NULL;
}

static char *take_span(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	(void)key;
	return span_parse(value->text, out)
		       ? NULL
		       : g_strdup_printf("must be a span of working time like 30m, 2h or 1h30m, or of calendar days like 7d, not %s", value->shown);
}

static char *take_minute(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	const char *t = value->text;
	int days = 0;
	(void)folder;
	if (key->most > 0 && t[0] == '+' && g_ascii_isdigit(t[1]) && t[2] == ' ') {
		days = t[1] - '0';
		t += 3;
	}
	gboolean shape = strlen(t) == 5 && g_ascii_isdigit(t[0]) && g_ascii_isdigit(t[1]) && t[2] == ':' &&
			 g_ascii_isdigit(t[3]) && g_ascii_isdigit(t[4]);
	int hour = shape ? (t[0] - '0') * 10 + t[1] - '0' : 99;
	int minute = shape ? (t[3] - '0') * 10 + t[4] - '0' : 99;
	if ((hour > 23 || minute > 59 || days > key->most) && key->most > 0)
		return g_strdup_printf("must be a time like \"18:00\", or \"+1 12:00\" for the next day (up to +%d), not %s", key->most,
			value->shown);
	if (hour > 23 || minute > 59)
		return g_strdup_printf(
			"must be a time like \"09:30\" (00:00 to 23:59), not %s", value->shown);
	*(int *)out = days * 24 * 60 + hour * 60 + minute;
	return NULL;
}

static char *take_rule(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	g_autoptr(GError) error = NULL;
	struct recurrence *rule = recurrence_parse(value->text, &error);
	(void)folder;
	(void)key;
	if (!rule)
		return g_strdup_printf("is no schedule: %s", error->message);
	recurrence_free(*(struct recurrence **)out);
	*(struct recurrence **)out = rule;
	return NULL;
}

static char *first_problem(const char *path, const char *text, gsize length, struct calendar **calendar)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	*calendar = calendar_file_read(path, path, text, length, NULL, problems);
	return *calendar ? NULL : g_strdup_printf("names a calendar that cannot be read: %s", (const char *)problems->pdata[0]);
}

static char *take_calendar(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	gsize length;
	gboolean is_open;
	struct calendar *calendar = calendar_shipped(value->text);
	g_autofree char *path = config_absolute(folder, value->text), *reason = NULL;
	g_autofree char *text = calendar ? NULL : plain_file_read(path, CALENDAR_ICS_LIMIT_BYTES, &length, &is_open, &reason);
	(void)key;
	if (!calendar && !text) {
		g_autofree char *names = g_strjoinv(", ", (char **)calendar_shipped_names());
		return g_strdup_printf("must be one of %s, or a calendar's file; %s is none, and as a file it %s", names, value->shown, reason);
	}
	char *problem = calendar ? NULL : first_problem(path, text, length, &calendar);
	if (!problem) {
		calendar_free(*(struct calendar **)out);
		*(struct calendar **)out = calendar;
	}
	return problem;
}

static char *take_file(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	struct stat status;
	g_autofree char *reason = NULL, *path = config_absolute(folder, value->text);
	(void)key;
	int fd = plain_file_open(path, &status, &reason);
	if (fd < 0)
		return g_strdup_printf("names a file that %s", reason);
	close(fd);
	return put_text(out, path);
}

static char *take_store(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	g_autofree char *start = config_folder("STATE_DIRECTORY", folder);
	g_autofree char *path = config_absolute(start, value->text);
	(void)key;
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return g_strdup_printf("must be a file, and %s is a folder", value->shown);
	return put_text(out, path);
}

char *config_value_add_days(const char *word, const char *shown, unsigned *days)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	for (int i = 0; calendar_weekdays[i]; i++)
		if (strcmp(lower, calendar_weekdays[i]) == 0) {
			*days |= 1u << i;
			return NULL;
		}
	if (strcmp(lower, "workdays") != 0 && strcmp(lower, "daily") != 0)
		return g_strdup_printf(
			"must be workdays, daily, or a list of mon, tue, wed, thu, fri, sat, sun; not %s",
			shown);
	*days |= strcmp(lower, "daily") == 0 ? CONFIG_EVERY_DAY : CONFIG_WORKDAYS;
	return NULL;
}

static char *take_days(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out)
{
	(void)folder;
	(void)key;
	*(unsigned *)out = 0;
	return config_value_add_days(value->text, value->shown, out);
}

typedef char *take_fn(
	const char *folder, const struct config_key *key, const struct config_value *value, void *out);

/* Types that one value fills; config.c makes the others of several. */
static take_fn *const takers[CONFIG_TYPE_COUNT] = {
	[CONFIG_TEXT] = take_text,
	[CONFIG_CHOICE] = take_choice,
	[CONFIG_LETTER] = take_letter,
	[CONFIG_FLAG] = take_flag,
	[CONFIG_INTEGER] = take_integer,
	[CONFIG_ZONE] = take_zone,
	[CONFIG_LANGUAGE] = take_language,
	[CONFIG_SPAN] = take_span,
	[CONFIG_MINUTE] = take_minute,
	[CONFIG_RULE] = take_rule,
	[CONFIG_CALENDAR] = take_calendar,
	[CONFIG_FILE] = take_file,
	[CONFIG_STORE] = take_store,
	[CONFIG_DAYS] = take_days,
};

char *config_value_put(
	const struct config_key *key, const char *folder, const struct config_value *value, void *out)
{
	char *reason = key->check ? key->check(value->text, value->shown) : NULL;
	return reason ? reason : takers[key->type](folder, key, value, out);
}
