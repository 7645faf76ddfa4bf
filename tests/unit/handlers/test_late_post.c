/* SPDX-License-Identifier: MIT */
/*
 * Posts of jobs: on time whatever the hour, for somebody has set it; late ones wait for the team's working time. Team office has a
 * calendar (Monday to Friday, 09:00 to 18:00 and China's days off), team sales has none. "ring TEAM" plans a post in an hour,
 * "until TEAM" one that is worthless four hours after that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "handlers/registry.h"
#include "quiet/quiet.h"
#include "tests/unit/core/house.h"

static const char config_text[] = "database: unused.db\n"
				  "default_zone: Asia/Shanghai\n"
				  "workspaces:\n"
				  "  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
				  "teams:\n"
				  "  - { name: sales, workspace: acme, channel: C1 }\n"
				  "  - { name: office, workspace: acme, channel: C2, calendar: cn }\n";

struct scene {
	struct house *house;
	struct config *config;
};

/* ---- the ritual ---- */

static void plan(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	turn_schedule(t, "post", rest, t->now_ms + HOURS(1));
}

static void plan_until(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	turn_schedule(t, "until", rest, t->now_ms + HOURS(1));
}

static struct message *words(void)
{
	struct message *m = message_new();
	message_say(m, "the day");
	return m;
}

static void post(struct turn *t, const struct event *event)
{
	turn_post(t, roster_team(t->roster, event->value), "bell/post", words());
}

static void post_until(struct turn *t, const struct event *event)
{
	turn_post_until(t, roster_team(t->roster, event->value), "bell/post", event->at_ms + HOURS(4), words());
}

static void post_now(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	turn_post(t, roster_team(t->roster, rest), "bell/answer", words());
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct command commands[] = {
	{ .words = WORDS("ring"), .run = plan },
	{ .words = WORDS("until"), .run = plan_until },
	{ .words = WORDS("answer"), .run = post_now },
	{ 0 },
};
static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "post", .run = post },
	{ .kind = EVENT_DUE, .word = "until", .run = post_until },
	{ 0 },
};
static const struct ritual ritual_bell = { .name = "bell", .triggers = triggers, .commands = commands };
static const struct ritual *const rituals[] = { &ritual_bell, &ritual_quiet, NULL };

/* ---- the scene ---- */

static int open_scene(void **state)
{
	gsize count;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	const struct sql_owner *const *owners = registry_schema(&count);
	struct scene *s = g_new0(struct scene, 1);
	s->config = config_parse("late.yaml", config_text, strlen(config_text), problems);
	assert_non_null(s->config);
	s->house = house_open(":memory:", rituals, owners, count, registry_texts());
	assert_true(roster_configure(s->house->roster, s->config, NULL));
	house_do(s->house, house_people("U1", "Ana", "C1"));
	g_free(house_handed(s->house));
	*state = s;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	house_close(s->house);
	config_free(s->config);
	g_free(s);
	return 0;
}

/* The daemon runs at that time; nothing happened since the last. */
static void at(struct scene *s, const char *local)
{
	g_autofree char *text = g_strconcat(local, ":00", NULL);
	assert_true(zone_read_rfc3339(text, zone_find("Asia/Shanghai"), &s->house->now_ms));
	house_do(s->house, NULL);
}

static void say(struct scene *s, const char *text)
{
	struct event *event = house_said("U1", "DU1", text);
	event->keys[0] = g_strdup_printf("%s %" G_GINT64_FORMAT, text, s->house->now_ms);
	house_do(s->house, event);
}

static void expect(struct scene *s, const char *handed)
{
	house_expect(s->house, handed);
}

/* ---- */

static void a_post_goes_at_its_hour(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-06T20:00");
	say(s, "ring office");
	at(s, "2026-03-06T21:05");
	expect(s, "post C2 the day");
	say(s, "ring sales");
	at(s, "2026-03-06T22:10");
	expect(s, "post C1 the day");
}

static void a_late_one_waits_for_the_teams_hours(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-06T17:00");
	say(s, "ring office");
	at(s, "2026-03-06T19:30");
	at(s, "2026-03-07T12:00"); /* Saturday */
	expect(s, "");
	at(s, "2026-03-09T09:00");
	expect(s, "post C2 the day");
}

static void over_the_holidays_too(void **state)
{
	struct scene *s = *state;
	at(s, "2026-09-30T17:00");
	say(s, "ring office");
	at(s, "2026-10-02T10:00"); /* Friday, off */
	at(s, "2026-10-07T23:59");
	expect(s, "");
	at(s, "2026-10-08T09:00");
	expect(s, "post C2 the day");
}

static void without_a_calendar_it_waits_for_the_day(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-05T17:00"); /* Thursday */
	say(s, "ring sales");
	at(s, "2026-03-05T21:00");
	at(s, "2026-03-06T07:59");
	expect(s, "");
	at(s, "2026-03-06T08:00");
	expect(s, "post C1 the day");
}

/* Monday to Friday, by day: Friday's night and the weekend are one. */
static void without_a_calendar_the_weekend_is_off(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-06T19:00"); /* Friday */
	say(s, "ring sales");
	at(s, "2026-03-06T21:00");
	at(s, "2026-03-07T12:00");
	at(s, "2026-03-08T12:00");
	at(s, "2026-03-09T07:59");
	expect(s, "");
	at(s, "2026-03-09T08:00");
	expect(s, "post C1 the day");
}

static void late_in_working_time_it_goes_at_once(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-06T09:00");
	say(s, "ring office");
	at(s, "2026-03-06T17:59");
	expect(s, "post C2 the day");
}

static void what_would_be_worthless_never_goes(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-06T17:00");
	say(s, "until office");
	at(s, "2026-03-06T19:30");
	at(s, "2026-03-09T09:00");
	at(s, "2026-03-09T12:00");
	expect(s, "");
}

static void people_are_answered_at_any_time(void **state)
{
	struct scene *s = *state;
	at(s, "2026-03-07T03:00");
	say(s, "answer office");
	expect(s, "post C2 the day");
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_post_goes_at_its_hour),
		SCENE(a_late_one_waits_for_the_teams_hours),
		SCENE(over_the_holidays_too),
		SCENE(without_a_calendar_it_waits_for_the_day),
		SCENE(without_a_calendar_the_weekend_is_off),
		SCENE(late_in_working_time_it_goes_at_once),
		SCENE(what_would_be_worthless_never_goes),
		SCENE(people_are_answered_at_any_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
