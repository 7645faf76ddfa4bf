/* SPDX-License-Identifier: MIT */
/* Rows from their cause to their report: handed in order, held, woken, recovered, undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/outbox.h"
#include "core_sql.h"
#include "core_store.h"

enum { NOW_MS = 1000 };

struct box {
	struct db *db;
	struct outbox *outbox;
};

static int make_box(void **state)
{
	struct box *b = g_new0(struct box, 1);
	b->db = core_store_open(":memory:");
	b->outbox = outbox_new(b->db);
	core_begin(b->db);
	*state = b;
	return 0;
}

static int free_box(void **state)
{
	struct box *b = *state;
	outbox_free(b->outbox);
	db_close(b->db);
	g_free(b);
	return 0;
}

/* ---- acts, all inside the open transaction ---- */

static gint64 post_in(struct box *b, const char *workspace, const char *channel, const char *name)
{
	g_autoptr(GError) error = NULL;
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_POST, workspace, NOW_MS, &error);
	core_check(row != NULL, error);
	gint64 id = row->id;
	row->channel = g_strdup(channel);
	row->content = g_strdup("{}");
	core_check(outbox_put(b->outbox, row, name, &error), error);
	return id;
}

static gint64 post(struct box *b, const char *name)
{
	return post_in(b, "acme", "C1", name);
}

static void show(struct box *b, const char *name, const char *content)
{
	g_autoptr(GError) error = NULL;
	core_check(outbox_show(b->outbox, name, "acme", "C1", content, NULL, NOW_MS, &error), error);
}

static void sent(struct box *b, gint64 row, const char *message)
{
	g_autoptr(GError) error = NULL;
	core_check(outbox_sent(b->outbox, row, NULL, message, NOW_MS, &error), error);
}

static void failed(struct box *b, gint64 row, gboolean gone)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(outbox_row_auto) lost = NULL;
	core_check(outbox_failed(b->outbox, row, gone, NOW_MS, &lost, &error), error);
}

/* Commits as the clerk does; what is handed then, and opens the next transaction. */
static GPtrArray *turn_over(struct box *b)
{
	g_autoptr(GError) error = NULL;
	core_check(outbox_refill(b->outbox, &error), error);
	core_commit(b->db);
	GPtrArray *rows = outbox_take_handed(b->outbox);
	core_begin(b->db);
	return rows;
}

/* "2 replace C1 m1 {b}, …": what is handed when the transaction commits. */
static void expect_handed(struct box *b, const char *expected)
{
	g_autoptr(GPtrArray) rows = turn_over(b);
	GString *got = g_string_new(NULL);
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct outbox_row *row = rows->pdata[i];
		g_string_append_printf(got, "%s%" G_GINT64_FORMAT " %s", i ? ", " : "", row->id,
			outbox_kind_name(row->kind));
		const char *const parts[] = { row->channel, row->message, row->content,
			row->in_doubt ? "in doubt" : NULL };
		for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
			g_string_append_printf(got, "%s%s", parts[k] ? " " : "", parts[k] ? parts[k] : "");
	}
	g_autofree char *text = g_string_free(got, FALSE);
	assert_string_equal(text, expected);
}

static void expect_stands(struct box *b, const char *name, const char *where)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *channel = NULL, *message = NULL, *at = NULL;
	core_check(outbox_find(b->outbox, name, &channel, &message, &error), error);
	if (!where) {
		assert_null(channel);
		assert_null(message);
		return;
	}
	g_autofree char *got = g_strdup_printf("%s %s", channel, message);
	assert_string_equal(got, where);
	core_check(outbox_name_at(b->outbox, "acme", channel, message, &at, &error), error);
	assert_string_equal(at, name);
}

/* The program ends and starts again: what was in memory is gone. */
static void restart(struct box *b)
{
	g_autoptr(GError) error = NULL;
	db_rollback(b->db);
	outbox_free(b->outbox);
	b->outbox = outbox_new(b->db);
	core_begin(b->db);
	core_check(outbox_recover(b->outbox, &error), error);
}

static int64_t rows_left(struct box *b)
{
	return CORE_NUMBER(b->db, "SELECT COUNT(*) FROM outbox");
}

/* ---- putting and reporting ---- */

static void test_rows_are_handed_after_the_commit_in_order(void **state)
{
	struct box *b = *state;
	assert_int_equal(post(b, NULL), 1);
	assert_int_equal(post(b, NULL), 2);
	expect_handed(b, "1 post C1 {}, 2 post C1 {}");
	expect_handed(b, "");
	assert_int_equal(outbox_under_way(b->outbox), 2);
	sent(b, 1, "m1");
	failed(b, 2, FALSE);
	expect_handed(b, "");
	assert_int_equal(outbox_under_way(b->outbox), 0);
	assert_int_equal(rows_left(b), 0);
}

static void test_a_report_told_twice_counts_once(void **state)
{
	struct box *b = *state;
	post(b, NULL);
	post(b, NULL);
	expect_handed(b, "1 post C1 {}, 2 post C1 {}");
	sent(b, 1, "m1");
	sent(b, 1, "m1");
	failed(b, 1, TRUE);
	sent(b, 99, "m9");
	expect_handed(b, "");
	assert_int_equal(outbox_under_way(b->outbox), 1);
}

static void test_every_field_survives_waiting_in_the_store(void **state)
{
	struct box *b = *state;
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_PRIVATE, "acme", NOW_MS, NULL);
	row->channel = g_strdup("C1");
	row->thread = g_strdup("t1");
	row->person = g_strdup("U1");
	row->message = g_strdup("m1");
	row->word = g_strdup("w1");
	row->token = g_strdup("k1");
	row->content = g_strdup("{\"x\":\"站会\"}");
	row->deadline_ms = 77;
	assert_true(outbox_put(b->outbox, row, NULL, NULL));
	g_autoptr(GPtrArray) before = turn_over(b);
	restart(b);
	g_autoptr(GPtrArray) after = turn_over(b);
	const struct outbox_row *x = before->pdata[0], *y = after->pdata[0];
	assert_int_equal(y->id, x->id);
	assert_int_equal(y->kind, OUTBOX_PRIVATE);
	assert_string_equal(y->workspace, "acme");
	assert_string_equal(y->channel, "C1");
	assert_string_equal(y->thread, "t1");
	assert_string_equal(y->person, "U1");
	assert_string_equal(y->message, "m1");
	assert_string_equal(y->word, "w1");
	assert_string_equal(y->token, "k1");
	assert_string_equal(y->content, x->content);
	assert_int_equal(y->created_ms, NOW_MS);
	assert_int_equal(y->deadline_ms, 77);
	assert_false(x->in_doubt);
	assert_true(y->in_doubt);
}

static void test_a_failure_tells_what_the_row_was(void **state)
{
	struct box *b = *state;
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_ASK_PERSON, "acme", NOW_MS, NULL);
	row->person = g_strdup("U7");
	assert_true(outbox_put(b->outbox, row, NULL, NULL));
	g_autoptr(outbox_row_auto) lost = NULL, again = NULL;
	assert_true(outbox_failed(b->outbox, 1, TRUE, NOW_MS, &lost, NULL));
	assert_int_equal(lost->kind, OUTBOX_ASK_PERSON);
	assert_string_equal(lost->person, "U7");
	assert_true(outbox_failed(b->outbox, 1, TRUE, NOW_MS, &again, NULL));
	assert_null(again);
}

/* ---- names ---- */

static void test_showing_posts_then_replaces(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	expect_handed(b, "1 post C1 {a}");
	expect_stands(b, "board", NULL);
	sent(b, 1, "m1");
	expect_stands(b, "board", "C1 m1");
	show(b, "board", "{b}");
	expect_handed(b, "2 replace C1 m1 {b}");
	sent(b, 2, "m1");
	expect_handed(b, "");
	assert_int_equal(rows_left(b), 0);
}

/* What is on its way yet stands nowhere, and is left alone. */
static void test_a_named_message_is_taken_away(void **state)
{
	struct box *b = *state;
	post(b, "look");
	assert_true(outbox_withdraw(b->outbox, "look", "acme", NOW_MS, NULL));
	expect_handed(b, "1 post C1 {}");
	sent(b, 1, "m1");
	assert_true(outbox_withdraw(b->outbox, "look", "acme", NOW_MS, NULL));
	assert_true(outbox_withdraw(b->outbox, "look", "acme", NOW_MS, NULL));
	expect_handed(b, "2 delete C1 m1");
	show(b, "look", "{\"n\":2}");
	expect_handed(b, "3 post C1 {\"n\":2}");
}

static void test_a_replacement_is_held_until_the_post_stands(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	expect_handed(b, "1 post C1 {a}");
	show(b, "board", "{b}");
	expect_handed(b, "");
	show(b, "board", "{c}"); /* says the newer thing, in the same row */
	expect_handed(b, "");
	assert_int_equal(rows_left(b), 2);
	sent(b, 1, "m1");
	expect_handed(b, "2 replace C1 m1 {c}");
}

/* The platform may answer with another channel than asked: a direct message's. */
static void test_a_held_replacement_goes_where_the_post_stands(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	show(b, "board", "{b}");
	expect_handed(b, "1 post C1 {a}");
	assert_true(outbox_sent(b->outbox, 1, "D9", "m1", NOW_MS, NULL));
	expect_handed(b, "2 replace D9 m1 {b}");
	expect_stands(b, "board", "D9 m1");
}

static void test_a_failed_post_takes_its_held_replacement_along(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	show(b, "board", "{b}");
	expect_handed(b, "1 post C1 {a}");
	failed(b, 1, FALSE);
	expect_handed(b, "");
	assert_int_equal(rows_left(b), 0);
	show(b, "board", "{c}");
	expect_handed(b, "3 post C1 {c}");
}

static void test_a_deleted_message_is_posted_anew(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	sent(b, 1, "m1");
	expect_handed(b, "1 post C1 {a}");
	show(b, "board", "{b}");
	expect_handed(b, "2 replace C1 m1 {b}");
	failed(b, 2, TRUE);
	expect_stands(b, "board", NULL);
	expect_handed(b, "3 post C1 {b}");
	show(b, "board", "{c}");
	sent(b, 3, "m3");
	expect_stands(b, "board", "C1 m3");
	expect_handed(b, "4 replace C1 m3 {c}");
}

static void test_a_failure_that_is_not_a_loss_keeps_the_place(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	sent(b, 1, "m1");
	show(b, "board", "{b}");
	expect_handed(b, "1 post C1 {a}, 2 replace C1 m1 {b}");
	failed(b, 2, FALSE);
	expect_stands(b, "board", "C1 m1");
}

/* Two replacements of the lost message are under way; the second one's report comes after the new post's. */
static void test_a_late_word_of_the_lost_message_does_not_forget_the_new_one(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	sent(b, 1, "m1");
	expect_handed(b, "1 post C1 {a}");
	show(b, "board", "{b}");
	expect_handed(b, "2 replace C1 m1 {b}");
	show(b, "board", "{c}");
	expect_handed(b, "3 replace C1 m1 {c}");
	failed(b, 2, TRUE);
	show(b, "board", "{d}");
	expect_handed(b, "4 post C1 {d}");
	sent(b, 4, "m4");
	failed(b, 3, TRUE);
	expect_stands(b, "board", "C1 m4");
	expect_handed(b, ""); /* {d} is younger than {c} */
}

static void test_names_belong_to_a_workspace_and_a_place(void **state)
{
	struct box *b = *state;
	post_in(b, "acme", "C1", "board");
	sent(b, 1, "m1");
	static const struct {
		const char *workspace, *channel, *message, *name;
	} places[] = {
		{ "acme", "C1", "m1", "board" },
		{ "other", "C1", "m1", NULL },
		{ "acme", "C2", "m1", NULL },
		{ "acme", "C1", "m2", NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *name = NULL;
		assert_true(outbox_name_at(
			b->outbox, places[i].workspace, places[i].channel, places[i].message, &name, NULL));
		assert_int_equal(g_strcmp0(name, places[i].name), 0);
	}
}

/* ---- more than memory shall hold ---- */

/* Takes what is handed, checks its order and reports it; how many. */
static guint drain(struct box *b, gint64 *next)
{
	g_autoptr(GPtrArray) rows = turn_over(b);
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct outbox_row *row = rows->pdata[i];
		assert_int_equal(row->id, (*next)++);
		sent(b, row->id, NULL);
	}
	return rows ? rows->len : 0;
}

static void test_the_surplus_waits_in_the_store_and_comes_in_order(void **state)
{
	struct box *b = *state;
	enum { ROWS = 3 * OUTBOX_HANDED_LIMIT + 7 };
	for (int i = 0; i < ROWS; i++)
		post(b, NULL);
	gint64 next = 1;
	assert_int_equal(drain(b, &next), OUTBOX_HANDED_LIMIT);
	post(b, NULL); /* behind all that waits */
	guint most = 0, handed = 0;
	while ((handed = drain(b, &next)) > 0)
		most = MAX(most, outbox_under_way(b->outbox));
	assert_int_equal(next, ROWS + 2);
	assert_int_equal(most, OUTBOX_HANDED_LIMIT);
	assert_int_equal(rows_left(b), 0);
	post(b, NULL); /* nothing waits any more: straight through */
	expect_handed(b, "6009 post C1 {}");
}

static void test_a_batch_of_few_does_not_search_the_store(void **state)
{
	struct box *b = *state;
	for (int i = 0; i < OUTBOX_HANDED_LIMIT + 10; i++)
		post(b, NULL);
	g_autoptr(GPtrArray) rows = turn_over(b);
	for (gint64 row = 1; row <= OUTBOX_HANDED_LIMIT / 2 - 1; row++)
		sent(b, row, NULL);
	expect_handed(b, ""); /* more than half is still under way */
	sent(b, OUTBOX_HANDED_LIMIT / 2, NULL);
	g_autoptr(GPtrArray) more = turn_over(b);
	assert_int_equal(more->len, 10);
	assert_int_equal(((const struct outbox_row *)more->pdata[0])->id, OUTBOX_HANDED_LIMIT + 1);
}

/* One workspace's tokens are refused for weeks: it keeps its own rows waiting and nobody else's. */
static void test_a_workspace_that_is_stuck_does_not_hold_up_the_others(void **state)
{
	struct box *b = *state;
	for (int i = 0; i < 2 * OUTBOX_HANDED_LIMIT; i++)
		post_in(b, "stuck", "C9", NULL);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, OUTBOX_HANDED_LIMIT);
	gint64 id = post_in(b, "acme", "C1", "board");
	assert_int_equal(id, 4001);
	expect_handed(b, "4001 post C1 {}");
	show(b, "board", "{b}");
	expect_handed(b, "");
	sent(b, 4001, "m1");
	expect_handed(b, "4002 replace C1 m1 {b}");
	db_rollback(b->db);
	outbox_rolled_back(b->outbox);
	core_begin(b->db);
	post(b, NULL);
	g_autoptr(GPtrArray) after = turn_over(b);
	assert_int_equal(after->len, 1); /* the lost report keeps one of acme's under way, that is all */
	assert_string_equal(((const struct outbox_row *)after->pdata[0])->workspace, "acme");
}

/* ---- undoing ---- */

static void test_a_rollback_forgets_rows_and_reports(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	expect_handed(b, "1 post C1 {a}");
	sent(b, 1, "m1");
	show(b, "board", "{b}");
	post(b, NULL);
	db_rollback(b->db);
	outbox_rolled_back(b->outbox);
	core_begin(b->db);
	assert_int_equal(outbox_under_way(b->outbox), 1);
	expect_stands(b, "board", NULL);
	expect_handed(b, "");
	sent(b, 1, "m1"); /* the report is put back and comes again */
	assert_true(post(b, NULL) > 3);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, 1);
	assert_int_equal(outbox_under_way(b->outbox), 1);
}

/* The transaction that fetched what was queued is lost: it is still queued. */
static void test_a_rollback_remembers_what_is_queued(void **state)
{
	struct box *b = *state;
	for (int i = 0; i < OUTBOX_HANDED_LIMIT + 3; i++)
		post(b, NULL);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, OUTBOX_HANDED_LIMIT);
	for (int tries = 0; tries < 2; tries++) {
		for (gint64 row = 1; row <= OUTBOX_HANDED_LIMIT; row++)
			sent(b, row, NULL);
		assert_true(outbox_refill(b->outbox, NULL));
		if (tries > 0)
			break;
		db_rollback(b->db);
		outbox_rolled_back(b->outbox);
		core_begin(b->db);
	}
	expect_handed(b, "2001 post C1 {}, 2002 post C1 {}, 2003 post C1 {}");
}

static void test_an_undone_turn_leaves_no_row(void **state)
{
	struct box *b = *state;
	post(b, NULL);
	assert_true(db_savepoint(b->db, NULL));
	guint mark = outbox_mark(b->outbox);
	post(b, NULL);
	show(b, "board", "{a}");
	show(b, "board", "{b}");
	assert_true(db_undo(b->db, NULL));
	outbox_undo_to(b->outbox, mark);
	gint64 id = post(b, NULL);
	assert_true(id > 1);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, 2);
	assert_int_equal(((const struct outbox_row *)rows->pdata[0])->id, 1);
	assert_int_equal(((const struct outbox_row *)rows->pdata[1])->id, id);
	assert_int_equal(outbox_under_way(b->outbox), 2);
	assert_int_equal(rows_left(b), 2);
}

/* Undoing gives back the room that the undone rows took. */
static void test_an_undone_turn_gives_its_room_back(void **state)
{
	struct box *b = *state;
	for (int turns = 0; turns < 3; turns++) {
		assert_true(db_savepoint(b->db, NULL));
		guint mark = outbox_mark(b->outbox);
		for (int i = 0; i < OUTBOX_HANDED_LIMIT - 1; i++)
			post(b, NULL);
		assert_true(db_undo(b->db, NULL));
		outbox_undo_to(b->outbox, mark);
	}
	gint64 id = post(b, NULL);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, 1);
	assert_int_equal(((const struct outbox_row *)rows->pdata[0])->id, id);
}

/* ---- restarting ---- */

static void test_what_was_handed_is_in_doubt_after_a_restart(void **state)
{
	struct box *b = *state;
	post(b, NULL);
	show(b, "board", "{a}");
	expect_handed(b, "1 post C1 {}, 2 post C1 {a}");
	restart(b);
	expect_handed(b, "1 post C1 {} in doubt, 2 post C1 {a} in doubt");
	assert_int_equal(outbox_under_way(b->outbox), 2);
	sent(b, 2, "m2");
	show(b, "board", "{b}");
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, 1);
	assert_true(((const struct outbox_row *)rows->pdata[0])->id > 1000); /* of a block of its own */
	assert_false(((const struct outbox_row *)rows->pdata[0])->in_doubt);
}

static void test_what_was_only_queued_is_not_in_doubt(void **state)
{
	struct box *b = *state;
	for (int i = 0; i < OUTBOX_HANDED_LIMIT + 3; i++)
		post(b, NULL);
	g_autoptr(GPtrArray) before = turn_over(b);
	restart(b);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, OUTBOX_HANDED_LIMIT);
	for (gint64 row = 1; row <= OUTBOX_HANDED_LIMIT; row++) {
		const struct outbox_row *handed = rows->pdata[row - 1];
		assert_int_equal(handed->id, row);
		assert_true(handed->in_doubt);
		sent(b, row, NULL);
	}
	expect_handed(b, "2001 post C1 {}, 2002 post C1 {}, 2003 post C1 {}");
}

static void test_what_was_held_stays_held_until_its_post_is_found(void **state)
{
	struct box *b = *state;
	show(b, "board", "{a}");
	show(b, "board", "{b}");
	expect_handed(b, "1 post C1 {a}");
	restart(b);
	expect_handed(b, "1 post C1 {a} in doubt");
	show(b, "board", "{c}");
	expect_handed(b, "");
	sent(b, 1, "m1");
	expect_handed(b, "2 replace C1 m1 {c}");
	restart(b);
	expect_handed(b, "2 replace C1 m1 {c} in doubt");
}

static void test_a_woken_replacement_survives_a_crash_before_it_was_handed(void **state)
{
	struct box *b = *state;
	for (int i = 0; i < OUTBOX_HANDED_LIMIT; i++)
		post_in(b, "acme", "C2", NULL);
	show(b, "board", "{a}"); /* queued */
	show(b, "board", "{b}"); /* held */
	g_autoptr(GPtrArray) first = turn_over(b);
	for (gint64 row = 1; row <= OUTBOX_HANDED_LIMIT; row++)
		sent(b, row, NULL);
	expect_handed(b, "2001 post C1 {a}");
	sent(b, 2001, "m1"); /* wakes it, and the program ends right after this commit */
	core_commit(b->db);
	core_begin(b->db);
	restart(b);
	expect_handed(b, "2002 replace C1 m1 {b}");
}

static void test_a_recovery_that_fails_can_be_repeated(void **state)
{
	struct box *b = *state;
	post(b, NULL);
	expect_handed(b, "1 post C1 {}");
	restart(b);
	db_rollback(b->db);
	outbox_rolled_back(b->outbox);
	core_begin(b->db);
	assert_true(outbox_recover(b->outbox, NULL));
	expect_handed(b, "1 post C1 {} in doubt");
	assert_int_equal(outbox_under_way(b->outbox), 1);
}

static void ask_history(struct box *b, const char *workspace, const char *channel, const char *since)
{
	g_autoptr(GError) error = NULL;
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_ASK_HISTORY, workspace, NOW_MS, &error);
	core_check(row != NULL, error);
	row->channel = g_strdup(channel);
	row->message = g_strdup(since);
	core_check(outbox_put(b->outbox, row, NULL, &error), error);
}

/* A program that crashes again and again asks at each start for what it missed: the earliest question does for all. */
static void test_crashes_do_not_pile_up_questions(void **state)
{
	struct box *b = *state;
	ask_history(b, "acme", "C1", "1.0");
	ask_history(b, "acme", "C2", "2.0");
	ask_history(b, "globex", "C1", "3.0");
	g_autoptr(GPtrArray) asked = turn_over(b);
	assert_int_equal(asked->len, 3);
	for (int life = 0; life < 5; life++) {
		restart(b);
		ask_history(b, "acme", "C1", "9.0");
		g_autoptr(GPtrArray) rows = turn_over(b);
		assert_int_equal(rows->len, 4);
		assert_string_equal(((const struct outbox_row *)rows->pdata[0])->message, "1.0");
	}
	post(b, NULL); /* two posts are two posts */
	post(b, NULL);
	g_autoptr(GPtrArray) posts = turn_over(b);
	restart(b);
	g_autoptr(GPtrArray) last = turn_over(b);
	assert_int_equal(last->len, 3 + 2);
}

/* ---- files ---- */

static GPtrArray *make_files(gsize length)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(message_file_free);
	for (int i = 0; i < 2; i++) {
		struct message_file *file = g_new0(struct message_file, 1);
		char *bytes = g_malloc(length);
		for (gsize k = 0; k < length; k++)
			bytes[k] = (char)(k * 7 + (gsize)i);
		file->name = g_strdup_printf("%d.bin", i);
		file->bytes = g_bytes_new_take(bytes, length);
		g_ptr_array_add(files, file);
	}
	return files;
}

static gint64 post_files(struct box *b, gsize length)
{
	g_autoptr(GPtrArray) files = make_files(length);
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_POST, "acme", NOW_MS, NULL);
	gint64 id = row->id;
	row->channel = g_strdup("C1");
	outbox_row_carry(row, files);
	assert_true(outbox_put(b->outbox, row, NULL, NULL));
	return id;
}

static void show_files(struct box *b, const char *name, gsize length)
{
	g_autoptr(GPtrArray) files = length ? make_files(length) : NULL;
	assert_true(outbox_show(b->outbox, name, "acme", "C1", "{}", files, NOW_MS, NULL));
}

/* length 0: the row carries none. */
static void expect_files(const struct outbox_row *row, gsize length)
{
	g_autoptr(GPtrArray) files = make_files(length);
	if (length == 0) {
		assert_null(row->files);
		return;
	}
	assert_int_equal(row->files->len, 2);
	assert_int_equal(row->weight, outbox_weight(files));
	for (guint i = 0; i < 2; i++) {
		const struct message_file *want = files->pdata[i], *got = row->files->pdata[i];
		assert_string_equal(got->name, want->name);
		assert_true(g_bytes_equal(got->bytes, want->bytes));
	}
}

static void expect_one_with_files(struct box *b, gint64 id, gsize length)
{
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_non_null(rows);
	assert_int_equal(rows->len, 1);
	assert_int_equal(((const struct outbox_row *)rows->pdata[0])->id, id);
	expect_files(rows->pdata[0], length);
}

static int64_t files_left(struct box *b)
{
	return CORE_NUMBER(b->db, "SELECT COUNT(*) FROM outbox_file");
}

static void test_files_live_as_long_as_their_row(void **state)
{
	struct box *b = *state;
	gint64 id = post_files(b, 100);
	expect_one_with_files(b, id, 100);
	assert_int_equal(files_left(b), 2);
	restart(b);
	expect_one_with_files(b, id, 100);
	sent(b, id, "m1");
	assert_int_equal(files_left(b), 0);
	assert_int_equal(outbox_under_way(b->outbox), 3);
	expect_handed(b, "");
	assert_int_equal(outbox_under_way(b->outbox), 0);
}

/* Big ones wait in the store, so that memory stays bounded; one beyond all bounds goes alone. */
static void test_files_weigh(void **state)
{
	struct box *b = *state;
	const gsize half = (gsize)OUTBOX_FILE_UNIT * (OUTBOX_HANDED_LIMIT / 2 - 3) / 2;
	gint64 first = post_files(b, half), second = post_files(b, half), third = post_files(b, half);
	gint64 huge = post_files(b, (gsize)OUTBOX_FILE_UNIT * OUTBOX_HANDED_LIMIT);
	post(b, NULL);
	g_autoptr(GPtrArray) rows = turn_over(b);
	assert_int_equal(rows->len, 2);
	assert_int_equal(((const struct outbox_row *)rows->pdata[1])->id, second);
	expect_handed(b, "");
	sent(b, first, "m1");
	sent(b, second, "m2");
	expect_one_with_files(b, third, half);
	sent(b, third, "m3");
	expect_one_with_files(b, huge, (gsize)OUTBOX_FILE_UNIT * OUTBOX_HANDED_LIMIT);
	sent(b, huge, "m4");
	expect_handed(b, "5 post C1 {}");
	assert_int_equal(files_left(b), 0);
}

static void test_a_replacement_carries_the_newest_files(void **state)
{
	struct box *b = *state;
	show_files(b, "board", 10);
	expect_one_with_files(b, 1, 10);
	show_files(b, "board", 20); /* held */
	show_files(b, "board", 30000);
	sent(b, 1, "m1");
	expect_one_with_files(b, 2, 30000);
	sent(b, 2, NULL);
	show_files(b, "board", 40);
	expect_one_with_files(b, 3, 40);
	failed(b, 3, TRUE); /* somebody deleted it: posted anew, with what it showed */
	expect_one_with_files(b, 4, 40);
	show_files(b, "board", 50); /* held */
	show_files(b, "board", 0);
	sent(b, 4, "m4");
	expect_one_with_files(b, 5, 0);
	sent(b, 5, NULL);
	expect_handed(b, "");
	assert_int_equal(files_left(b), 0);
	assert_int_equal(outbox_under_way(b->outbox), 0);
}

static void test_an_undone_turn_gives_the_room_of_files_back(void **state)
{
	struct box *b = *state;
	assert_true(db_savepoint(b->db, NULL));
	guint mark = outbox_mark(b->outbox);
	post_files(b, 100000);
	assert_true(db_undo(b->db, NULL));
	outbox_undo_to(b->outbox, mark);
	expect_handed(b, "");
	assert_int_equal(outbox_under_way(b->outbox), 0);
	assert_int_equal(files_left(b), 0);
}

/* ---- rows of an older program ---- */

static void run(struct db *db, const char *text)
{
	g_autoptr(GError) error = NULL;
	const struct sql sql = { .name = "test", .text = text };
	core_check(db_exec_args(db, &sql, NULL, 0, &error), error);
}

/* Before files and calls were: what it left is handed as it was. */
static void test_rows_of_an_older_program(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	struct sql_owner old = SQL_CORE;
	const struct sql_owner *const then[] = { &old }, *const now[] = { &SQL_CORE };
	struct box b = { .db = db_open(":memory:", DB_WRITER, &error) };
	old.migration_count = 2;
	core_check(db_migrate(b.db, then, 1, &error), error);
	core_begin(b.db);
	run(b.db, "INSERT INTO outbox (id, state, kind, workspace, channel, content, created_ms) "
		  "VALUES (7, 1, 0, 'acme', 'C1', '{\"parts\":[{\"part\":\"picture\",\"file\":\"F1\",\"alt\":\"a\"}]}', 1)");
	core_commit(b.db);
	core_check(db_migrate(b.db, now, 1, &error), error);
	b.outbox = outbox_new(b.db);
	core_begin(b.db);
	core_check(outbox_recover(b.outbox, &error), error);
	expect_handed(&b, "7 post C1 {\"parts\":[{\"part\":\"picture\",\"file\":\"F1\",\"alt\":\"a\"}]} in doubt");
	assert_int_equal(outbox_under_way(b.outbox), 1);
	sent(&b, 7, "m1");
	assert_int_equal(rows_left(&b), 0);
	outbox_free(b.outbox);
	db_close(b.db);
}

/* ---- urgent calls ---- */

static gint64 urge(struct box *b, gint64 about, const char *person)
{
	struct outbox_row *row = outbox_make(b->outbox, OUTBOX_URGE, "acme", NOW_MS, NULL);
	gint64 id = row->id;
	row->person = g_strdup(person);
	row->content = g_strdup("{u}");
	assert_true(outbox_put_after(b->outbox, about, row, NULL));
	return id;
}

static void test_a_call_waits_for_its_message(void **state)
{
	struct box *b = *state;
	gint64 about = post(b, NULL), other = post(b, NULL);
	urge(b, about, "U1");
	urge(b, about, "U2");
	expect_handed(b, "1 post C1 {}, 2 post C1 {}");
	sent(b, other, "m2");
	expect_handed(b, "");
	restart(b);
	expect_handed(b, "1 post C1 {} in doubt");
	sent(b, about, "m1");
	expect_handed(b, "3 urge C1 m1 {u}, 4 urge C1 m1 {u}");
	sent(b, 3, NULL);
	sent(b, 4, NULL);
	assert_int_equal(rows_left(b), 0);
}

/* Who should have been called is told all the same. */
static void test_a_call_outlives_a_post_that_failed(void **state)
{
	struct box *b = *state;
	gint64 about = post(b, "alert");
	urge(b, about, "U1");
	expect_handed(b, "1 post C1 {}");
	failed(b, about, FALSE);
	expect_handed(b, "2 urge {u}");
	sent(b, 2, NULL);
	assert_int_equal(rows_left(b), 0);
}

#define ON_BOX(test) cmocka_unit_test_setup_teardown(test, make_box, free_box)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOX(test_rows_are_handed_after_the_commit_in_order),
		ON_BOX(test_a_report_told_twice_counts_once),
		ON_BOX(test_every_field_survives_waiting_in_the_store),
		ON_BOX(test_a_failure_tells_what_the_row_was),
		ON_BOX(test_showing_posts_then_replaces),
		ON_BOX(test_a_named_message_is_taken_away),
		ON_BOX(test_a_replacement_is_held_until_the_post_stands),
		ON_BOX(test_a_held_replacement_goes_where_the_post_stands),
		ON_BOX(test_a_failed_post_takes_its_held_replacement_along),
		ON_BOX(test_a_deleted_message_is_posted_anew),
		ON_BOX(test_a_failure_that_is_not_a_loss_keeps_the_place),
		ON_BOX(test_a_late_word_of_the_lost_message_does_not_forget_the_new_one),
		ON_BOX(test_names_belong_to_a_workspace_and_a_place),
		ON_BOX(test_the_surplus_waits_in_the_store_and_comes_in_order),
		ON_BOX(test_a_batch_of_few_does_not_search_the_store),
		ON_BOX(test_a_workspace_that_is_stuck_does_not_hold_up_the_others),
		ON_BOX(test_a_rollback_forgets_rows_and_reports),
		ON_BOX(test_a_rollback_remembers_what_is_queued),
		ON_BOX(test_an_undone_turn_leaves_no_row),
		ON_BOX(test_an_undone_turn_gives_its_room_back),
		ON_BOX(test_what_was_handed_is_in_doubt_after_a_restart),
		ON_BOX(test_what_was_only_queued_is_not_in_doubt),
		ON_BOX(test_what_was_held_stays_held_until_its_post_is_found),
		ON_BOX(test_a_woken_replacement_survives_a_crash_before_it_was_handed),
		ON_BOX(test_a_recovery_that_fails_can_be_repeated),
		ON_BOX(test_crashes_do_not_pile_up_questions),
		ON_BOX(test_files_live_as_long_as_their_row),
		ON_BOX(test_files_weigh),
		ON_BOX(test_a_replacement_carries_the_newest_files),
		ON_BOX(test_an_undone_turn_gives_the_room_of_files_back),
		cmocka_unit_test(test_rows_of_an_older_program),
		ON_BOX(test_a_call_waits_for_its_message),
		ON_BOX(test_a_call_outlives_a_post_that_failed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
