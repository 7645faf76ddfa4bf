/* SPDX-License-Identifier: MIT */
/* Days that are to come, played on a store: what rings, when, and what of it would be sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core/rehearse.h"
#include "house.h"
#include "rehearsal.h"

#define START_MS INT64_C(1772413200000) /* 2026-03-02 09:00 in Shanghai */

/* ---- rituals ---- */

static struct message *words(const char *text)
{
	struct message *m = message_new();
	message_say(m, text);
	return m;
}

/* Every day an hour after the start, in the channel, and a board that changes. */
static void bell_start(struct turn *t)
{
	turn_schedule_once(t, "ring", "", t->now_ms + HOURS(1));
}

static void bell_rings(struct turn *t, const struct event *event)
{
	(void)event;
	turn_post(t, roster_team(t->roster, "sales"), "bell/post", words("ding"));
	turn_show(t, roster_team(t->roster, "sales"), "bell/post", words("dong"));
	turn_tell(t, "acme", roster_person(t->roster, "acme", "U1"), words("hello"));
	turn_schedule(t, "ring", "", t->now_ms + DAYS(1));
}

static void fails(struct turn *t, const struct event *event)
{
	(void)event;
	turn_post(t, roster_team(t->roster, "sales"), "bell/never", words("never"));
	turn_fail(t, g_error_new(G_FILE_ERROR, 1, "the rehearsal fails"));
}

static void fail_start(struct turn *t)
{
	turn_schedule_once(t, "fail", "", t->now_ms + HOURS(2));
}

static void spins(struct turn *t, const struct event *event)
{
	(void)event;
	turn_schedule(t, "spin", "", t->now_ms);
}

static void spin_start(struct turn *t)
{
	turn_schedule_once(t, "spin", "", t->now_ms + HOURS(1));
}

static const struct trigger bell_triggers[] = { { .kind = EVENT_DUE, .word = "ring", .run = bell_rings }, { 0 } };
static const struct trigger fail_triggers[] = { { .kind = EVENT_DUE, .word = "fail", .run = fails }, { 0 } };
static const struct trigger spin_triggers[] = { { .kind = EVENT_DUE, .word = "spin", .run = spins }, { 0 } };
static const struct ritual bell = { .name = "bell", .triggers = bell_triggers, .start = bell_start };
static const struct ritual failing = { .name = "failing", .triggers = fail_triggers, .start = fail_start };
static const struct ritual spinning = { .name = "spinning", .triggers = spin_triggers, .start = spin_start };

/* ---- the scene ---- */

static int open_scene(void **state)
{
	gsize count;
	const struct sql_owner *const *owners = rehearsal_schema(&count);
	struct house *h = house_open(":memory:", (const struct ritual *const[]){ NULL }, owners, count, house_texts());
	house_do(h, house_people("U1", "Ana", "C1"));
	g_free(house_handed(h));
	*state = h;
	return 0;
}

static int close_scene(void **state)
{
	house_close(*state);
	return 0;
}

/* "+1h post C1; …": hours since the start, the kind, where to. Questions to the platform are none of it. */
static void note(gpointer data, const struct roster *roster, const struct outbox_row *row, int64_t at_ms)
{
	GString *seen = data;
	(void)roster;
	if (!row->content)
		return;
	g_string_append_printf(seen, "%s+%dh %s %s", seen->len ? "; " : "", (int)((at_ms - START_MS) / HOURS(1)),
		outbox_kind_name(row->kind), row->channel ? row->channel : row->person);
}

static gboolean play(struct house *h, const struct ritual *const *rituals, int64_t until_ms, GString *seen, GError **error)
{
	return rehearse(&(struct rehearsal_setup){ .db = h->db,
				.config = h->config,
				.texts = h->texts,
				.rituals = rituals,
				.from_ms = START_MS,
				.until_ms = until_ms,
				.shown = note,
				.data = seen },
		error);
}

static void expect(struct house *h, const struct ritual *const *rituals, int64_t until_ms, const char *expected)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	if (!play(h, rituals, until_ms, seen, &error))
		fail_msg("%s", error->message);
	assert_string_equal(seen->str, expected);
}

static const struct ritual *const bells[] = { &bell, NULL };

/* ---- */

static void the_clock_goes_from_job_to_job(void **state)
{
	expect(*state, bells, START_MS + HOURS(50),
		"+1h post C1; +1h post U1; +1h replace C1; +25h post C1; +25h replace C1; +25h post U1; "
		"+49h post C1; +49h replace C1; +49h post U1");
}

static void the_last_moment_belongs_to_it(void **state)
{
	expect(*state, bells, START_MS + HOURS(1) - 1, "");
	expect(*state, bells, START_MS + HOURS(1), "+1h post C1; +1h post U1; +1h replace C1");
}

static void what_was_on_its_way_is_left_out(void **state)
{
	struct house *h = *state;
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(h->db, &error));
	struct outbox_row *row = outbox_make(h->outbox, OUTBOX_POST, "acme", START_MS - 1, &error);
	row->channel = g_strdup("C1");
	row->content = g_strdup("{}");
	assert_true(outbox_put(h->outbox, row, NULL, &error) && db_commit(h->db, &error));
	expect(h, bells, START_MS + HOURS(2), "+1h post C1; +1h post U1; +1h replace C1");
}

static void what_is_held_stays_held(void **state)
{
	struct house *h = *state;
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(h->db, &error));
	struct outbox_row *row = outbox_make(h->outbox, OUTBOX_POST, "acme", START_MS - 1, &error);
	gint64 id = row->id;
	row->channel = g_strdup("C1");
	row->content = g_strdup("{}");
	assert_true(outbox_hold(h->outbox, row, NULL, &error) && db_commit(h->db, &error));
	expect(h, (const struct ritual *const[]){ NULL }, START_MS + HOURS(2), "");
	assert_true(db_begin(h->db, &error) && outbox_let_go(h->outbox, id, &error) && outbox_refill(h->outbox, &error) &&
		    db_commit(h->db, &error));
	house_do(h, NULL);
	house_expect(h, "post C1");
}

static void a_ritual_that_fails_stops_nobody(void **state)
{
	expect(*state, (const struct ritual *const[]){ &failing, &bell, NULL }, START_MS + HOURS(26),
		"+1h post C1; +1h post U1; +1h replace C1; +25h post C1; +25h replace C1; +25h post U1");
}

static void bells_without_an_end_are_noticed(void **state)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	assert_false(play(*state, (const struct ritual *const[]){ &spinning, NULL }, START_MS + DAYS(1), seen, &error));
	assert_non_null(strstr(error->message, "without an end"));
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(the_clock_goes_from_job_to_job),
		SCENE(the_last_moment_belongs_to_it),
		SCENE(what_was_on_its_way_is_left_out),
		SCENE(what_is_held_stays_held),
		SCENE(a_ritual_that_fails_stops_nobody),
		SCENE(bells_without_an_end_are_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
