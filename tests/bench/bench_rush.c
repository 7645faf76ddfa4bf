/* SPDX-License-Identifier: MIT */
/*
 * bench_rush [TEAMS [PEOPLE]]: how many people one daemon holds. All of them are asked for their standup at 09:30 of one zone,
 * nobody answers, all are reminded, each team is closed. Everything but the sockets is the real daemon (tests/year/life.h); the
 * database stands in BENCH_FOLDER, or the temporary folder. Prints a table in Markdown.
 */
#include <glib/gstdio.h>

#include "base/log.h"
#include "base/zone.h"
#include "tests/year/life.h"

#define ZONE "Asia/Shanghai"
#define DAY  "2026-03-03"

enum { TEAMS = 500, PEOPLE_OF_A_TEAM = 20 };

struct bench {
	guint teams, people;
	char *folder;
	cJSON *world;
	FILE *log;
	struct life life;
};

static char *make_config(const struct bench *b)
{
	GString *text = g_string_new(NULL);
	g_string_printf(text,
		"database: %s/belltower.db\ndefault_zone: " ZONE "\ndefault_language: en\nworkspaces:\n"
		"  - { name: " WORLD_WORKSPACE ", platform: slack, bot_token: xoxb-bench, app_token: xapp-bench }\nteams:\n",
		b->folder);
	for (guint i = 0; i < b->teams; i++)
		g_string_append_printf(text,
			"  - { name: team%u, workspace: " WORLD_WORKSPACE ", channel: C%07u, calendar: cn,\n"
			"      standup: { format: A, prompt: \"09:30\", remind: \"10:15\", deadline: \"10:30\" } }\n",
			i, i);
	return g_string_free(text, FALSE);
}

static cJSON *make_world(const struct bench *b)
{
	cJSON *people = cJSON_CreateArray();
	for (guint i = 0; i < b->people; i++) {
		cJSON *one = json_push_object(people);
		g_autofree char *account = g_strdup_printf("U%07u", i), *name = g_strdup_printf("person%u", i);
		g_autofree char *channel = g_strdup_printf("C%07u", i % b->teams);
		json_put_text(one, "account", account);
		json_put_text(one, "name", name);
		json_put_text(one, "handle", name);
		json_put_text(one, "channel", channel);
	}
	return people;
}

/* ---- what is measured ---- */

static double seconds_since(int64_t start_us)
{
	return (double)(clock_cpu_us() - start_us) / G_USEC_PER_SEC;
}

/* Resident, in MB. */
static double memory(void)
{
	g_autofree char *text = NULL;
	const char *line = g_file_get_contents("/proc/self/status", &text, NULL, NULL) ? strstr(text, "VmRSS:") : NULL;
	return line ? g_ascii_strtod(line + strlen("VmRSS:"), NULL) / 1024 : 0;
}

static int64_t instant(const char *day, int hour, int minute)
{
	int64_t at_ms = 0;
	zone_instant(zone_find(ZONE), day, hour * 60 + minute, &at_ms);
	return at_ms;
}

static void begin(struct bench *b, const char *what)
{
	int64_t start_us = clock_cpu_us();
	life_begin(&b->life);
	g_print("| %s | %.2f s | %.0f MB |\n", what, seconds_since(start_us), memory());
}

/* From job to job until that time of the day. */
static void pass_until(struct bench *b, int hour, int minute)
{
	int64_t until_ms = instant(DAY, hour, minute);
	while (b->life.due_ms < until_ms)
		life_advance_to(&b->life, b->life.due_ms);
}

/* The minute that begins there. */
static void measure(struct bench *b, int hour, int minute, const char *what)
{
	pass_until(b, hour, minute);
	guint before = b->life.world.messages;
	int64_t start_us = clock_cpu_us();
	pass_until(b, hour, minute + 1);
	g_print("| %s: %u messages | %.2f s | %.0f MB |\n", what, b->life.world.messages - before, seconds_since(start_us), memory());
}

static void run(struct bench *b)
{
	g_print("%u people in %u teams\n\n| | time | memory |\n| --- | ---: | ---: |\n", b->people, b->teams);
	begin(b, "the first start, which learns of everybody");
	life_end(&b->life, TRUE);
	begin(b, "a start");
	measure(b, 9, 30, "09:30, all are asked");
	measure(b, 10, 15, "10:15, all are reminded");
	measure(b, 10, 30, "10:30, all teams are closed");
	life_end(&b->life, TRUE);
}

/* ---- the whole ---- */

static void remove_folder(const char *folder)
{
	static const char *const names[] = { "belltower.yaml", "belltower.db", "belltower.db-wal", "belltower.db-shm", "belltower.db.lock" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		g_remove(path);
	}
	g_rmdir(folder);
}

static guint number(const char *text, guint fallback)
{
	return text ? (guint)g_ascii_strtoull(text, NULL, 10) : fallback;
}

int main(int argc, char **argv)
{
	const char *where = g_getenv("BENCH_FOLDER");
	struct bench b = { .teams = MAX(number(argc > 1 ? argv[1] : NULL, TEAMS), 1) };
	b.people = number(argc > 2 ? argv[2] : NULL, b.teams * PEOPLE_OF_A_TEAM);
	g_autofree char *pattern = g_build_filename(where ? where : g_get_tmp_dir(), "belltower-rush-XXXXXX", NULL);
	b.folder = g_mkdtemp(pattern);
	life_check(b.folder != NULL, "cannot make a folder", NULL);
	g_autofree char *config = make_config(&b), *path = g_build_filename(b.folder, "belltower.yaml", NULL);
	life_check(g_file_set_contents_full(path, config, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL), "cannot write the configuration", NULL);
	b.world = make_world(&b);
	b.log = fopen("/dev/null", "w");
	log_set_level(LOG_LEVEL_ERROR);
	life_init(&b.life, life_read_config(path), instant(DAY, 8, 0), b.world, b.log);
	run(&b);
	life_release(&b.life);
	fclose(b.log);
	cJSON_Delete(b.world);
	remove_folder(b.folder);
	return 0;
}
