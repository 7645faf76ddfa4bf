/* SPDX-License-Identifier: MIT */
/*
 * The n-th write fails, for every n of a turn of a standup, a highlight, a celebration, a blocker or an own round: whatever the disk does, the store holds all of the
 * turn or nothing of it, nothing is sent without its cause, and the same event delivered again ends where it
 * would have ended.
 *
 * Each scenario is first played on a good disk: what the tables held before and hold after are the only two
 * states that may ever be seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "handlers/registry.h"
#include "tests/support/fault_vfs.h"
#include "tests/unit/core/core_store.h"
#include "tests/unit/core/house.h"
#include "tests/unit/store/store_files.h"

enum { SWEEP_MAX = 300 };

#define MONDAY_MS G_GINT64_CONSTANT(1772413200000) /* at which the house begins, 2 March 2026 */

/* Everything but row numbers, which a failed try may use up. */
static const struct sql everything = { .name = "everything",
	.text = "SELECT 'person ' || name FROM person "
		"UNION ALL SELECT 'member ' || team || ' ' || person FROM member "
		"UNION ALL SELECT 'round ' || team || ' ' || day || ' ' || board_ms FROM standup_round "
		"UNION ALL SELECT 'entry ' || day || ' ' || person || ' ' || version || ' ' || state || ' ' "
		"|| field0 || ' ' || "
		"edited || ' ' || message FROM standup_entry "
		"UNION ALL SELECT 'stands ' || day || ' ' || person || ' ' || field || ' ' || days || ' ' || line || ' ' || "
		"asked_ms || ' ' || decision || ' ' || until FROM standup_standing "
		"UNION ALL SELECT 'feedback ' || day || ' ' || person || ' ' || manager || ' ' || how || ' ' || word || ' ' || counts "
		"FROM standup_feedback "
		"UNION ALL SELECT 'history ' || person || ' ' || version || ' ' || state || ' ' || field0 "
		"FROM standup_history "
		"UNION ALL SELECT 'highlight ' || day || ' ' || person || ' ' || whose || ' ' || text || ' ' || state || ' ' || number || ' ' || "
		"COALESCE(shared, '') || ' ' || COALESCE(message, '') FROM highlight "
		"UNION ALL SELECT 'applause ' || highlight || ' ' || person || ' ' || how FROM highlight_applause "
		"UNION ALL SELECT 'prompt ' || person || ' ' || ritual || ' ' || id || ' ' || day FROM round_prompt "
		"UNION ALL SELECT 'asked ' || round || ' ' || day || ' ' || person FROM checkin_asked "
		"UNION ALL SELECT 'taker ' || round || ' ' || person || ' ' || version || ' ' || state || ' ' || COALESCE(message, '') "
		"FROM checkin_entry "
		"UNION ALL SELECT 'answer ' || round || ' ' || person || ' ' || position || ' ' || answer FROM checkin_answer "
		"UNION ALL SELECT 'version ' || person || ' ' || version || ' ' || position || ' ' || answer FROM checkin_history "
		"UNION ALL SELECT 'ballot ' || round || ' ' || position || ' ' || answer FROM checkin_ballot " /* but for the lot drawn */
		"UNION ALL SELECT 'seen ' || workspace || ' ' || key FROM seen "
		"UNION ALL SELECT 'heard ' || channel FROM last_heard "
		"UNION ALL SELECT 'row ' || state || ' ' || kind || ' ' || COALESCE(channel, '') || ' ' || "
		"COALESCE(person, '') || "
		"' ' || COALESCE(message, '') || ' ' || COALESCE(name, '') || ' ' || COALESCE(content, '') "
		"FROM outbox "
		"UNION ALL SELECT 'stands ' || name || ' ' || channel || ' ' || message FROM message "
		"UNION ALL SELECT 'job ' || ritual || ' ' || word || ' ' || key || ' ' || due_ms FROM job "
		"UNION ALL SELECT 'entry ' || name || ' ' || birthday || ' ' || shown FROM register "
		"UNION ALL SELECT 'done ' || person || ' ' || kind || ' ' || date || ' ' || stage FROM anniversary_done "
		"UNION ALL SELECT 'asked ' || person FROM celebration_asked "
		"UNION ALL SELECT 'words ' || person || ' ' || date || ' ' || variant FROM celebration_words "
		"UNION ALL SELECT 'wish ' || person || ' ' || author || ' ' || COALESCE(text, '') FROM celebration_wish "
		"UNION ALL SELECT 'blocker ' || text || ' ' || state || ' ' || COALESCE(owner, 0) || ' ' || asked_ms || ' ' || "
		"escalated_ms || ' ' || parked_until || ' ' || why FROM blocker "
		"UNION ALL SELECT 'line ' || day || ' ' || person || ' ' || field FROM blocker_line "
		"UNION ALL SELECT 'promise ' || ritual || ' ' || subject || ' ' || target || ' ' || status || ' ' || COALESCE(due_ms, 0) || ' ' || "
		"elapsed_s FROM response "
		"UNION ALL SELECT 'happened ' || response || ' ' || kind || ' ' || why FROM response_event "
		"UNION ALL SELECT 'rang ' || response || ' ' || kind || ' ' || step || ' ' || turn || ' ' || people || ' ' || passed_over "
		"FROM response_ring "
		"UNION ALL SELECT 'waits ' || account || ' ' || event FROM waiting "
		"UNION ALL SELECT 'letter ' || ritual || ' ' || error FROM dead_letter ORDER BY 1" };

static struct event *standup_of_ana(void)
{
	struct event *event = house_said("U1", "C1", "昨天成果：成单2单\n今天目标：触达15个\n风险：无");
	event->keys[0] = g_strdup("Ev1");
	return event;
}

static struct event *edit_of_ana(void)
{
	struct event *event = house_event(EVENT_EDITED, "U1", "C1");
	event->message = g_strdup("1.000001");
	event->text = g_strdup("昨天成果：成单3单\n今天目标：触达15个\n风险：无");
	event->keys[0] = g_strdup("Ev2");
	return event;
}

static struct event *standup_of_a_stranger(void)
{
	struct event *event = house_said("U7", "C1", "昨天成果：成单2单\n今天目标：触达15个\n风险：无");
	event->keys[0] = g_strdup("Ev3");
	return event;
}

static struct event *stranger_is_known(void)
{
	return house_people("U7", "Gus", NULL);
}

/* The same risk, said some days ago. */
static struct event *risk_of_ana(const char *key, const char *message, int days_ago)
{
	struct event *event = house_said("U1", "C1", "昨天成果：成单2单\n今天目标：触达15个\n风险：客户预算不足");
	event->keys[0] = g_strdup(key);
	g_free(event->message);
	event->message = g_strdup(message);
	event->at_ms = MONDAY_MS - DAYS(days_ago);
	return event;
}

static struct event *first_day(void)
{
	return risk_of_ana("Ev11", "1.000011", 4);
}

static struct event *second_day(void)
{
	return risk_of_ana("Ev12", "1.000012", 3);
}

static struct event *third_day(void)
{
	return risk_of_ana("Ev13", "1.000013", 0);
}

/* Where the edit finds it. */
static struct event *risk_to_edit(void)
{
	return risk_of_ana("Ev15", "1.000001", 0);
}

static struct event *manager_is_known(void)
{
	return house_people("U9", "Mia", "C1");
}

static struct event *manager_applauds(void)
{
	struct event *event = house_event(EVENT_REACTED, "U9", "C1");
	event->message = g_strdup("1.000011");
	event->word = g_strdup("+1");
	event->keys[0] = g_strdup("Ev14");
	return event;
}

static struct event *board_is_posted(void)
{
	struct event *event = house_event(EVENT_SENT, NULL, "C1");
	event->message = g_strdup("7.7");
	return event; /* its row is filled in by whoever knows it */
}

static struct event *tells_birthday(void)
{
	struct event *event = house_said("U1", "DU1", "birthday 03-03");
	event->keys[0] = g_strdup("Ev4");
	return event;
}

static struct event *agrees(void)
{
	struct event *event = house_said("U1", "DU1", "birthday public");
	event->keys[0] = g_strdup("Ev5");
	return event;
}

static struct event *wishes(void)
{
	struct event *event = house_said("U2", "DU2", "wish @Ana a good year");
	event->keys[0] = g_strdup("Ev6");
	return event;
}

/* Only what is due. */
static struct event *time_passes(void)
{
	return NULL;
}

static struct event *highlight_of_ana(void)
{
	struct event *event = house_said("U1", "C1", "highlight signed Acme");
	event->addressed = TRUE;
	event->keys[0] = g_strdup("Ev14");
	return event;
}

static struct event *star_of_bo(void)
{
	struct event *event = house_event(EVENT_REACTED, "U2", "C1");
	event->word = g_strdup("star");
	event->message = g_strdup("1.000001");
	event->keys[0] = g_strdup("Ev15");
	return event;
}

static struct event *message_is_found(void)
{
	struct event *event = house_event(EVENT_FOUND, "U1", "C1");
	event->word = g_strdup("highlight.star");
	event->message = g_strdup("1.000001");
	event->text = g_strdup("signed Acme");
	return event;
}

static struct event *talk_of_ana(void)
{
	struct event *event = house_said("U1", "C1", "signed Acme");
	g_free(event->message);
	event->message = g_strdup("1.000002");
	event->keys[0] = g_strdup("Ev16");
	return event;
}

static struct event *blocker_of_ana(void)
{
	struct event *event = house_said("U1", "C1", "blocker The customer waits for the offer");
	event->addressed = TRUE;
	event->keys[0] = g_strdup("Ev17");
	return event;
}

/* The manager asks: the schedule of the house's rounds is far away. */
static struct event *mia_asks(const char *round)
{
	struct event *event = house_event(EVENT_COMMANDED, "U9", "C1");
	event->word = g_strdup("round");
	event->text = g_strdup_printf("%s ask", round);
	event->place.token = g_strdup("token");
	event->keys[0] = g_strdup("Ev4");
	return event;
}

static struct event *the_round_is_asked(void)
{
	return mia_asks("pulse");
}

static struct event *the_anonymous_round_is_asked(void)
{
	return mia_asks("mood");
}

static struct event *answer_of_ana(void)
{
	struct event *event = house_said("U1", "D1", "glad\n4");
	event->keys[0] = g_strdup("Ev5");
	return event;
}

static struct event *says_of_deals(const char *words, const char *key)
{
	struct event *event = house_said("U1", "C1", words);
	event->addressed = TRUE;
	event->keys[0] = g_strdup(key);
	return event;
}

static struct event *deal_of_ana(void)
{
	return says_of_deals("deal new Acme 12k negotiation", "Ev17");
}

static struct event *step_of_ana(void)
{
	return says_of_deals("deal next 1 tomorrow call them", "Ev18");
}

static struct event *of_blocker(enum event_kind kind, const char *word, const char *value, const char *key)
{
	struct event *event = house_event(kind, "U1", "C1");
	event->word = g_strdup(word);
	event->value = g_strdup(value);
	event->keys[0] = g_strdup(key);
	return event;
}

static struct event *line_is_pressed(void)
{
	return of_blocker(EVENT_PRESSED, "blocker.line", "2/1/2026-03-02/sales", "Ev21");
}

static struct event *blocker_is_parked(void)
{
	struct event *event = of_blocker(EVENT_SUBMITTED, "blocker.rest", "1", "Ev23");
	event->inputs = event_inputs_new();
	event_inputs_add(event->inputs, "until", "03-09");
	event_inputs_add(event->inputs, "why", "customs");
	return event;
}

static struct event *blocker_is_escalated(void)
{
	return of_blocker(EVENT_PRESSED, "blocker.escalate", "1", "Ev24");
}

static const struct scenario {
	const char *name;
	struct event *(*before[4])(void);
	int64_t pause_ms; /* between them and the event */
	struct event *(*event)(void);
	const char *part; /* by which the program is called when it shall sweep these; NULL: without a word */
	const char *seen; /* what the store tells afterwards and did not before; NULL: anything */
} scenarios[] = {
	{ "the first standup of the day", { NULL }, 0, standup_of_ana, NULL, NULL },
	{ "an edit, when the board stands", { standup_of_ana, board_is_posted }, MINUTES(5), edit_of_ana, NULL, NULL },
	{ "a highlight", { NULL }, 0, highlight_of_ana, "highlights", NULL },
	{ "a star", { talk_of_ana }, 0, star_of_bo, "highlights", NULL },
	{ "what the star was on", { star_of_bo }, 0, message_is_found, "highlights", NULL },
	{ "the day's post, with the next event", { highlight_of_ana }, HOURS(9) + MINUTES(1), star_of_bo, "highlights", NULL },
	{ "a stranger's standup", { NULL }, 0, standup_of_a_stranger, NULL, NULL },
	{ "the stranger is known now", { standup_of_a_stranger }, 0, stranger_is_known, NULL, NULL },
	{ "a birthday is told", { NULL }, 0, tells_birthday, "celebrations", NULL },
	{ "a wish is kept", { tells_birthday, agrees }, 0, wishes, "celebrations", NULL },
	{ "the day has come", { tells_birthday, agrees, wishes }, HOURS(24) + MINUTES(30), time_passes, "celebrations", NULL },
	{ "a risk on its third day", { first_day, second_day }, 0, third_day, NULL, NULL },
	{ "a manager's applause", { manager_is_known, first_day }, 0, manager_applauds, NULL, "happened 1 stop feedback" },
	{ "the evening's list", { manager_is_known, third_day }, HOURS(9) + MINUTES(1), time_passes, "ladders", "Standups without an answer" },
	{ "nobody has answered a risk", { manager_is_known, third_day }, DAYS(1) + HOURS(4), time_passes, "ladders", "rang 1 step" },
	{ "a risk is taken back", { manager_is_known, risk_to_edit }, 0, edit_of_ana, "ladders", "happened 1 cancel" },
	{ "a step of a blocker's ladder", { manager_is_known, blocker_of_ana }, MINUTES(31), time_passes, "ladders", "rang 1 step" },
	{ "a round is asked", { manager_is_known }, 0, the_round_is_asked, "rounds", NULL },
	{ "an answer to a round", { manager_is_known, the_round_is_asked }, 0, answer_of_ana, "rounds", NULL },
	{ "a deal", { manager_is_known }, 0, deal_of_ana, "deals", NULL },
	{ "it has stalled", { manager_is_known, deal_of_ana }, DAYS(7) + MINUTES(1), time_passes, "deals", NULL },
	{ "its next step", { manager_is_known, deal_of_ana }, DAYS(7) - HOURS(1), step_of_ana, "deals", NULL },
	{ "a line becomes a blocker", { third_day }, 0, line_is_pressed, "blockers", NULL },
	{ "a blocker's third day", { manager_is_known, blocker_of_ana }, DAYS(2), time_passes, "blockers", NULL },
	{ "a blocker is parked", { blocker_of_ana }, HOURS(1), blocker_is_parked, "blockers", NULL },
	{ "a blocker's rest is over", { blocker_of_ana, blocker_is_parked }, DAYS(7), time_passes, "blockers", NULL },
	{ "a blocker is escalated", { manager_is_known, blocker_of_ana }, MINUTES(10), blocker_is_escalated, "blockers", NULL },
	{ "an anonymous answer", { manager_is_known, the_anonymous_round_is_asked }, 0, answer_of_ana, "rounds", NULL },
};

/* ---- a house on a disk ---- */

static struct house *open_at(const char *path)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	return house_open(path, registry, owners, count, registry_texts());
}

/* Pages go to the disk in the middle of the turn, so that it can fail there. */
static void starve_cache(struct house *h)
{
	static const struct sql starve = { .name = "starve", .text = "PRAGMA cache_size = 1" };
	g_autoptr(db_rows) rows = db_query(h->db, &starve);
	while (db_next(rows))
		;
}

static gint64 row_of_the_board(struct house *h)
{
	for (guint i = 0; i < h->handed->len; i++) {
		const struct outbox_row *row = h->handed->pdata[i];
		if (row->kind == OUTBOX_POST)
			return row->id;
	}
	fail_msg("no board was posted");
	return 0;
}

static struct event *prepared(struct house *h, struct event *event)
{
	if (event->kind == EVENT_SENT)
		event->row = row_of_the_board(h);
	return event;
}

/* What all scenes begin with, made once: to make every table anew for each try takes most of the time. */
static GBytes *make_store(void)
{
	struct files *files;
	assert_int_equal(files_make((void **)&files), 0);
	struct house *h = open_at(files->db);
	house_do(h, house_people("U1", "Ana", "C1"));
	house_do(h, house_people("U2", "Bo", "C1"));
	house_close(h);
	GBytes *store = files_bytes(files->db);
	files_remove((void **)&files);
	return store;
}

static struct house *set_scene(const struct scenario *scenario, GBytes *store, const char *path, gboolean starved)
{
	assert_true(g_file_set_contents_full(path, g_bytes_get_data(store, NULL), (gssize)g_bytes_get_size(store),
		G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	struct house *h = open_at(path);
	for (size_t i = 0; i < G_N_ELEMENTS(scenario->before) && scenario->before[i]; i++)
		house_do(h, prepared(h, scenario->before[i]()));
	h->now_ms += scenario->pause_ms;
	g_ptr_array_set_size(h->handed, 0);
	if (starved)
		starve_cache(h);
	return h;
}

struct outcome_of {
	char *before, *after; /* what the tables hold */
	char *handed;
	int changes; /* of the disk */
};

static void outcome_release(struct outcome_of *o)
{
	g_free(o->before);
	g_free(o->after);
	g_free(o->handed);
}

/* On a disk without faults. */
static void rehearse(const struct scenario *scenario, GBytes *store, struct fault_vfs *disk, gboolean starved,
	struct outcome_of *out)
{
	struct files *files;
	assert_int_equal(files_make((void **)&files), 0);
	struct house *h = set_scene(scenario, store, files->db, starved);
	out->before = house_texts_of(h, &everything);
	fault_vfs_heal(disk);
	house_do(h, scenario->event());
	out->changes = fault_vfs_changes(disk);
	out->after = house_texts_of(h, &everything);
	out->handed = house_handed(h);
	assert_string_not_equal(out->before, out->after);
	if (scenario->seen && (strstr(out->before, scenario->seen) || !strstr(out->after, scenario->seen)))
		fail_msg("%s: no '%s' in %s", scenario->name, scenario->seen, out->after);
	house_close(h);
	files_remove((void **)&files);
}

static void expect_text(const char *what, int n, const char *got, const char *expected)
{
	if (strcmp(got, expected) != 0) {
		size_t same = 0;
		while (got[same] == expected[same])
			same++;
		same -= MIN(same, 100);
		fail_msg("write %d: %s: …%.300s\ninstead of …%.300s", n, what, got + same, expected + same);
	}
}

static void expect_state(const char *what, int n, struct house *h, const char *expected)
{
	g_autofree char *got = house_texts_of(h, &everything);
	expect_text(what, n, got, expected);
}

/* A program that was cut off at this moment starts again: it finds all of the turn or nothing. */
static void check_cut(const char *path, int n, gboolean kept, const struct outcome_of *right)
{
	struct house *h = open_at(path);
	g_autofree char *got = house_texts_of(h, &everything);
	if (kept || strcmp(got, right->before) != 0)
		expect_text("half-written after a crash", n, got, right->after);
	house_close(h);
}

/* One round; FALSE when the turn made fewer than n changes, so that none failed. */
static gboolean fail_nth(const struct scenario *scenario, GBytes *store, struct fault_vfs *disk, int n, enum fault fault,
	gboolean once, gboolean starved, const struct outcome_of *right)
{
	struct files *files;
	assert_int_equal(files_make((void **)&files), 0);
	struct house *h = set_scene(scenario, store, files->db, starved);
	g_autoptr(GError) error = NULL;
	fault_vfs_fail(disk, n, fault, once);
	gboolean kept = house_try(h, scenario->event(), &error);
	gboolean failed = fault_vfs_failures(disk) > 0;
	g_autofree char *cut = files_crash_copy(files, "cut.db");
	fault_vfs_heal(disk);
	assert_true(kept == !failed); /* nothing is swallowed, by a ritual or by the house */
	if (!kept) {
		assert_true(dispatch_is_store_failure(error));
		expect_state("half-written", n, h, right->before);
		house_expect(h, ""); /* nothing is sent without its cause */
		house_do(h, scenario->event());
	}
	expect_state("delivered again", n, h, right->after);
	g_autofree char *handed = house_handed(h);
	expect_text("sent", n, handed, right->handed);
	house_do(h, scenario->event()); /* and once more: a repetition */
	if (scenario->event != stranger_is_known)
		expect_state("a repetition", n, h, right->after);
	house_close(h);
	check_cut(cut, n, kept, right);
	files_remove((void **)&files);
	return failed;
}

static void sweep(const char *part, enum fault fault, gboolean once, gboolean starved)
{
	g_autoptr(GBytes) store = make_store();
	struct fault_vfs *disk = fault_vfs_install();
	for (size_t i = 0; i < G_N_ELEMENTS(scenarios); i++) {
		if (g_strcmp0(scenarios[i].part, part) != 0)
			continue;
		struct outcome_of right = { 0 };
		rehearse(&scenarios[i], store, disk, starved, &right);
		int n = 1;
		while (n < SWEEP_MAX && fail_nth(&scenarios[i], store, disk, n, fault, once, starved, &right))
			n++;
		print_message("%s: %d writes failed, one after the other\n", scenarios[i].name, n - 1);
		assert_in_range(n, 5, SWEEP_MAX - 1);
		assert_in_range(
			n - 1, right.changes - 2, right.changes); /* every write of the turn had its turn */
		outcome_release(&right);
	}
	fault_vfs_remove(disk);
}

static void test_an_io_error_at_every_write(void **state)
{
	sweep(*state, FAULT_IO, TRUE, FALSE);
}

static void test_a_disk_that_is_full_from_every_write_on(void **state)
{
	sweep(*state, FAULT_FULL, FALSE, FALSE);
}

static void test_a_torn_write_at_every_write(void **state)
{
	sweep(*state, FAULT_TORN, FALSE, FALSE);
}

/* The turn is in the middle of its work when the disk fails. */
static void test_an_io_error_in_the_middle_of_the_turn(void **state)
{
	sweep(*state, FAULT_IO, TRUE, TRUE);
}

static void test_a_disk_that_is_full_in_the_middle_of_the_turn(void **state)
{
	sweep(*state, FAULT_FULL, FALSE, TRUE);
}

/* A part at a time: together they take too long for one test. */
int main(int argc, char **argv)
{
	log_set_level((enum log_level) - 1); /* failures are what these tests are about */
#define IN_PART(test) cmocka_unit_test_prestate(test, argc > 1 ? argv[1] : NULL)
	const struct CMUnitTest tests[] = {
		IN_PART(test_an_io_error_at_every_write),
		IN_PART(test_a_disk_that_is_full_from_every_write_on),
		IN_PART(test_a_torn_write_at_every_write),
		IN_PART(test_an_io_error_in_the_middle_of_the_turn),
		IN_PART(test_a_disk_that_is_full_in_the_middle_of_the_turn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
