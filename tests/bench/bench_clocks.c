/* SPDX-License-Identifier: MIT */
/*
 * bench_clocks [CLOCKS]: what open promises cost. Half as many questions of customers, each with two clocks, are asked over one
 * working day; then the daemon is started with all of them open, woken when nothing is due and when some are, given another
 * calendar, by which all of them are computed anew, and lives on until each first answer is overdue. Prints a table in Markdown.
 */
#include "bench.h"

enum { CLOCKS = 100000, TEAMS = 10, PEOPLE = 5000, MINUTES_OF_DAY = 480, WAKES = 1000 };

static const char hours[] = "zone: " BENCH_ZONE "\nhours:\n  mon-fri: 09:00-18:00\n";

/* First answers are due ten hours after the question: from ten on Tuesday. */
static char *make_teams(void)
{
	GString *text = g_string_new("policies:\n  - { name: quick, applies: customer, first_response: 10h, resolution: 80h, warn: [90%], repeat_most: 0,\n"
				     "      ladder: [{ after: 0m, to: owner }] }\nteams:\n");
	for (guint i = 0; i < TEAMS; i++)
		g_string_append_printf(text, "  - { name: team%u, workspace: " WORLD_WORKSPACE ", channel: C%07u, calendar: hours.yaml }\n", i, i);
	return g_string_free(text, FALSE);
}

/* ---- questions ---- */

static struct event *commanded(guint person, const char *word, char *take_text)
{
	struct event *event = event_new(EVENT_COMMANDED, WORLD_WORKSPACE);
	event->place.channel = g_strdup_printf("C%07u", person % TEAMS);
	event->person = g_strdup_printf("U%07u", person);
	event->word = g_strdup(word);
	event->text = take_text;
	return event;
}

/* Spread over Monday, those of a minute in one batch. */
static void ask(struct bench *b, guint count)
{
	struct bench_watch watch = bench_start();
	for (guint minute = 0, asked = 0; minute < MINUTES_OF_DAY; minute++) {
		life_advance_to(&b->life, bench_instant("2026-03-02", 9, (int)minute));
		for (; asked < (uint64_t)count * (minute + 1) / MINUTES_OF_DAY; asked++)
			clerk_put(b->life.clerk,
				commanded(asked % PEOPLE, "customer", g_strdup_printf("Customer %u: when will the offer come?", asked)));
		b->life.heard = FALSE;
		life_settle(&b->life);
	}
	bench_row(&watch, count, "a question with its two clocks");
}

/* ---- with all of them open ---- */

static void wake(struct bench *b)
{
	struct bench_watch watch = bench_start();
	for (guint i = 0; i < WAKES; i++)
		life_advance_to(&b->life, clock_now_ms(b->life.clock));
	bench_row(&watch, WAKES, "a tick, nothing due");
}

static void ring_until(struct bench *b, const char *day, int hour, int minute, const char *what)
{
	guint before = b->life.world.messages;
	struct bench_watch watch = bench_start();
	bench_pass_until(b, bench_instant(day, hour, minute));
	bench_row(&watch, 1, "%s: %u messages", what, b->life.world.messages - before);
}

/* As on a reload: Wednesday becomes a day off. It is done in slices; whatever arrives in between waits for one of them at most. */
static void change_calendar(struct bench *b)
{
	g_autofree char *closed = g_strconcat(hours, "off: [2026-03-04]\n", NULL);
	bench_write(b, "hours.yaml", closed);
	struct config *old = b->life.config;
	int64_t now_ms = clock_now_ms(b->life.clock);
	guint slices = 0;
	struct bench_watch watch = bench_start();
	b->life.config = bench_config(b);
	b->life.heard = FALSE;
	clerk_configure(b->life.clerk, b->life.config);
	for (life_settle(&b->life); b->life.due_ms <= now_ms; slices++)
		life_advance_to(&b->life, now_ms);
	bench_row(&watch, 1, "another calendar, all computed anew");
	bench_row(&watch, slices + 1, "a slice of that");
	config_free(old);
}

static void report(struct bench *b)
{
	struct bench_watch watch = bench_start();
	life_put(&b->life, commanded(0, "sla", g_strdup("")));
	bench_row(&watch, 1, "`sla`: one of %d teams", TEAMS);
}

static void run(struct bench *b, guint clocks)
{
	bench_begin(b, "a start with none");
	ask(b, clocks / 2);
	life_end(&b->life, TRUE);
	bench_begin(b, "a start with all of them open");
	wake(b);
	report(b);
	bench_pass_until(b, bench_instant("2026-03-03", 9, 30));
	ring_until(b, "2026-03-03", 9, 40, "ten minutes of warnings");
	change_calendar(b);
	ring_until(b, "2026-03-06", 0, 0, "until all first answers are overdue");
	life_end(&b->life, TRUE);
	bench_begin(b, "a start then");
	life_end(&b->life, TRUE);
}

int main(int argc, char **argv)
{
	struct bench b;
	guint clocks = bench_number(argc, argv, 1, CLOCKS);
	g_autofree char *teams = make_teams();
	bench_init(&b);
	bench_write(&b, "hours.yaml", hours);
	bench_settle(&b, teams, PEOPLE, TEAMS, bench_instant("2026-03-02", 8, 59));
	g_print("%u open clocks\n", clocks);
	bench_head();
	run(&b, clocks);
	bench_release(&b);
	return 0;
}
