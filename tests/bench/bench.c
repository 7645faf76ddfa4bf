/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <glib/gstdio.h>

#include "base/log.h"
#include "base/zone.h"

static cJSON *make_people(guint count, guint team_count)
{
	cJSON *people = cJSON_CreateArray();
	for (guint i = 0; i < count; i++) {
		cJSON *one = json_push_object(people);
		g_autofree char *account = g_strdup_printf("U%07u", i), *name = g_strdup_printf("person%u", i);
		g_autofree char *channel = g_strdup_printf("C%07u", i % team_count);
		json_put_text(one, "account", account);
		json_put_text(one, "name", name);
		json_put_text(one, "handle", name);
		json_put_text(one, "channel", channel);
	}
	return people;
}

void bench_write(const struct bench *b, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(b->folder, name, NULL);
	life_check(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL), "cannot write into the folder", NULL);
}

struct config *bench_config(const struct bench *b)
{
	g_autofree char *path = g_build_filename(b->folder, "belltower.yaml", NULL);
	return life_read_config(path);
}

void bench_init(struct bench *b)
{
	const char *where = g_getenv("BENCH_FOLDER");
	*b = (struct bench){ .folder = g_build_filename(where ? where : g_get_tmp_dir(), "belltower-bench-XXXXXX", NULL) };
	life_check(g_mkdtemp(b->folder) != NULL, "cannot make a folder", NULL);
	log_set_level(LOG_LEVEL_ERROR);
}

void bench_settle(struct bench *b, const char *config, guint people, guint teams, int64_t now_ms)
{
	g_autofree char *text = g_strdup_printf(
		"database: %s/belltower.db\ndefault_zone: " BENCH_ZONE "\ndefault_language: en\nworkspaces:\n"
		"  - { name: " WORLD_WORKSPACE ", platform: slack, bot_token: xoxb-bench, app_token: xapp-bench }\n%s",
		b->folder, config);
	bench_write(b, "belltower.yaml", text);
	b->people = make_people(people, teams);
	b->log = fopen("/dev/null", "w");
	life_init(&b->life, bench_config(b), now_ms, b->people, b->log);
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_remove(path);
	}
	g_rmdir(folder);
}

void bench_release(struct bench *b)
{
	life_release(&b->life);
	fclose(b->log);
	cJSON_Delete(b->people);
	remove_folder(b->folder);
	g_free(b->folder);
}

guint bench_number(int argc, char **argv, int index, guint usual)
{
	return MAX(index < argc ? (guint)g_ascii_strtoull(argv[index], NULL, 10) : usual, 1);
}

int64_t bench_instant(const char *day, int hour, int minute)
{
	int64_t at_ms = 0;
	zone_instant(zone_find(BENCH_ZONE), day, hour * 60 + minute, &at_ms);
	return at_ms;
}

void bench_pass_until(struct bench *b, int64_t until_ms)
{
	while (b->life.due_ms < until_ms)
		life_advance_to(&b->life, b->life.due_ms);
}

/* Resident, in MB. */
static double memory(void)
{
	g_autofree char *text = NULL;
	const char *line = g_file_get_contents("/proc/self/status", &text, NULL, NULL) ? strstr(text, "VmRSS:") : NULL;
	return line ? g_ascii_strtod(line + strlen("VmRSS:"), NULL) / 1024 : 0;
}

void bench_head(void)
{
	g_print("\n| | time | CPU | memory |\n| --- | ---: | ---: | ---: |\n");
}

struct bench_watch bench_start(void)
{
	return (struct bench_watch){ clock_cpu_us(), clock() };
}

/* In whatever unit shows something of it. */
static char *span_text(double seconds)
{
	return seconds < 0.1 ? g_strdup_printf("%.3g ms", seconds * 1000) : g_strdup_printf("%.2f s", seconds);
}

void bench_row(const struct bench_watch *since, guint each, const char *what, ...)
{
	va_list args;
	va_start(args, what);
	g_autofree char *label = g_strdup_vprintf(what, args);
	va_end(args);
	g_autofree char *time = span_text((double)(clock_cpu_us() - since->start_us) / G_USEC_PER_SEC / each);
	g_autofree char *cpu = span_text((double)(clock() - since->cpu) / CLOCKS_PER_SEC / each);
	g_print("| %s | %s | %s | %.0f MB |\n", label, time, cpu, memory());
}

void bench_begin(struct bench *b, const char *what)
{
	struct bench_watch watch = bench_start();
	life_begin(&b->life);
	bench_row(&watch, 1, "%s", what);
}
