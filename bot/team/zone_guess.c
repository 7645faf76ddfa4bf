/* SPDX-License-Identifier: MIT */
#include "team/zone_guess.h"

#include "base/nearest.h"
#include "base/zone.h"

#define ZONE_LIST "/usr/share/zoneinfo/tzdata.zi"

/* What people write that no list of zones has. */
/* clang-format off: a line for each */
static const struct {
	const char *written, *zone;
} habits[] = {
	{ "Beijing", "Asia/Shanghai" },
	{ "Asia/Beijing", "Asia/Shanghai" },
	{ "Shenzhen", "Asia/Shanghai" },
	{ "Guangzhou", "Asia/Shanghai" },
	{ "Hangzhou", "Asia/Shanghai" },
	{ "Chengdu", "Asia/Shanghai" },
	{ "China", "Asia/Shanghai" },
	{ "CST", "Asia/Shanghai" },
	{ "UTC+8", "Asia/Shanghai" },
	{ "GMT+8", "Asia/Shanghai" },
	{ "UTC+08:00", "Asia/Shanghai" },
	{ "+08:00", "Asia/Shanghai" },
	{ "Etc/UTC+8", "Asia/Shanghai" },
	{ "JST", "Asia/Tokyo" },
	{ "IST", "Asia/Kolkata" },
	{ "PST", "America/Los_Angeles" },
	{ "PDT", "America/Los_Angeles" },
	{ "EDT", "America/New_York" },
	{ "CDT", "America/Chicago" },
	{ "CEST", "Europe/Berlin" },
	{ "BST", "Europe/London" },
	{ "San Francisco", "America/Los_Angeles" },
};
/* clang-format on */

static const char *guess_habit(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(habits); i++)
		if (g_ascii_strcasecmp(name, habits[i].written) == 0)
			return habits[i].zone;
	return NULL;
}

/* The names in tzdata.zi: `Z NAME …` is a zone, `L TARGET NAME` a link (zic(8)). */
static GPtrArray *zone_names(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = NULL;
	if (g_file_get_contents(ZONE_LIST, &text, NULL, NULL)) {
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (char **line = lines; *line; line++) {
			g_auto(GStrv) words = g_strsplit(*line, " ", 4);
			guint count = g_strv_length(words);
			if (count > 1 && strcmp(words[0], "Z") == 0)
				g_ptr_array_add(names, g_strdup(words[1]));
			else if (count > 2 && strcmp(words[0], "L") == 0)
				g_ptr_array_add(names, g_strdup(words[2]));
		}
	}
	g_ptr_array_add(names, NULL);
	return names;
}

/* "shanghai", "New York": the last part of a zone's name. */
static const char *guess_place(const char *name, GPtrArray *zones)
{
	const char *slash = strrchr(name, '/');
	g_autofree char *place = g_strdup(slash ? slash + 1 : name);
	g_strdelimit(place, " ", '_');
	for (guint i = 0; i + 1 < zones->len; i++) {
		const char *last = strrchr(zones->pdata[i], '/');
		if (last && g_ascii_strcasecmp(last + 1, place) == 0)
			return zones->pdata[i];
	}
	return NULL;
}

char *zone_guess(const char *name)
{
	g_autoptr(GPtrArray) zones = zone_names();
	const char *guess = guess_habit(name);
	if (!guess)
		guess = guess_place(name, zones);
	if (!guess)
		guess = nearest_word(name, (const char *const *)zones->pdata);
	return guess && zone_find(guess) ? g_strdup(guess) : NULL;
}
