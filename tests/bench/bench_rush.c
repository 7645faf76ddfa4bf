/* SPDX-License-Identifier: MIT */
/*
 * bench_rush [TEAMS [PEOPLE]]: how many people one daemon holds. All of them are asked for their standup at 09:30 of one zone,
 * nobody answers, all are reminded, each team is closed. Prints a table in Markdown.
 */
#include "bench.h"

#define DAY "2026-03-03"

enum { TEAMS = 500, PEOPLE_OF_A_TEAM = 20 };

static char *make_teams(guint count)
{
	GString *text = g_string_new("teams:\n");
	for (guint i = 0; i < count; i++)
		g_string_append_printf(text,
			"  - { name: team%u, workspace: " WORLD_WORKSPACE ", channel: C%07u, calendar: cn,\n"
			"      standup: { format: A, prompt: \"09:30\", remind: \"10:15\", deadline: \"10:30\" } }\n",
			i, i);
	return g_string_free(text, FALSE);
}

/* The minute that begins there. */
static void measure(struct bench *b, int hour, int minute, const char *what)
{
	bench_pass_until(b, bench_instant(DAY, hour, minute));
	guint before = b->life.world.messages;
	struct bench_watch watch = bench_start();
	bench_pass_until(b, bench_instant(DAY, hour, minute + 1));
	bench_row(&watch, 1, "%s: %u messages", what, b->life.world.messages - before);
}

static void run(struct bench *b)
{
	bench_begin(b, "the first start, which learns of everybody");
	life_end(&b->life, TRUE);
	bench_begin(b, "a start");
	measure(b, 9, 30, "09:30, all are asked");
	measure(b, 10, 15, "10:15, all are reminded");
	measure(b, 10, 30, "10:30, all teams are closed");
	life_end(&b->life, TRUE);
}

int main(int argc, char **argv)
{
	struct bench b;
	guint teams = bench_number(argc, argv, 1, TEAMS), people = bench_number(argc, argv, 2, teams * PEOPLE_OF_A_TEAM);
	g_autofree char *config = make_teams(teams);
	bench_init(&b);
	bench_settle(&b, config, people, teams, bench_instant(DAY, 8, 0));
	g_print("%u people in %u teams\n", people, teams);
	bench_head();
	run(&b);
	bench_release(&b);
	return 0;
}
