/* SPDX-License-Identifier: MIT */
#include "sandbox/load/step.h"

enum { REFRESH_RATE = 50, MOST = 10000000 };

static const struct {
	const char *name, *form, *example;
	guint numbers;
} kinds[] = {
	[LOAD_FULL] = { "full", "full:COUNT", "full:2000", 1 },
	[LOAD_PACED] = { "paced", "paced:COUNT:RATE", "paced:1500:50", 2 },
	[LOAD_REFRESH] = { "refresh", "refresh:SECONDS", "refresh:14", 1 },
	[LOAD_DROP] = { "drop", "drop:SECONDS", "drop:8", 1 },
	[LOAD_IDLE] = { "idle", "idle:SECONDS", "idle:3", 1 },
};

static gboolean unknown(const char *text, GError **error)
{
	g_autoptr(GString) forms = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		g_string_append_printf(forms, "%s%s", i ? ", " : "", kinds[i].form);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is no step; the steps are: %s", text, forms->str);
	return FALSE;
}

static struct load_step make(enum load_step_kind kind, const int64_t numbers[2])
{
	struct load_step step = { .kind = kind, .name = kinds[kind].name };
	switch (kind) {
	case LOAD_FULL:
	case LOAD_PACED:
		step.count = numbers[0];
		step.rate = numbers[1];
		break;
	case LOAD_REFRESH:
	case LOAD_DROP:
		step.count = numbers[0] * REFRESH_RATE;
		step.rate = REFRESH_RATE;
		break;
	case LOAD_IDLE:
		step.seconds = numbers[0];
		break;
	}
	return step;
}

gboolean load_step_parse(const char *text, struct load_step *out, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", -1);
	gsize kind = 0;
	int64_t numbers[2] = { 0 };
	while (kind < G_N_ELEMENTS(kinds) && g_strcmp0(parts[0], kinds[kind].name) != 0)
		kind++;
	if (kind == G_N_ELEMENTS(kinds))
		return unknown(text, error);
	gboolean good = g_strv_length(parts) == kinds[kind].numbers + 1;
	for (guint i = 0; good && i < kinds[kind].numbers; i++)
		good = g_ascii_string_to_signed(parts[i + 1], 10, 1, MOST, &numbers[i], NULL);
	if (good)
		*out = make((enum load_step_kind)kind, numbers);
	else
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' must be %s, like %s", text, kinds[kind].form,
			kinds[kind].example);
	return good;
}
