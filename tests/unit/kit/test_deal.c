/* SPDX-License-Identifier: MIT */
/* Deals as rows: put and put again, moved, found, stalled and silenced. 2026-03-02 is a Monday. */
#include "kit/deal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "deal_sql.h"
#include "people_sql.h"

static const char config_text[] = "database: unused.db\ndefault_zone: Asia/Shanghai\n"
				  "workspaces: [{ name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }]\n"
				  "teams:\n  - { name: sales, workspace: acme, channel: C1, standup: { format: A } }\n"
				  "  - { name: east, workspace: acme, channel: C2, zone: Europe/Berlin, standup: { format: A } }\n";
static const struct sql person = { "test.person", "INSERT INTO person (name, updated_ms) VALUES ($1, 0)", 1 };

enum { ANA = 1, BO };

struct house {
	struct db *db;
	struct config *config;
	int64_t now_ms;
};

static void checked(gboolean done, GError *error)
{
	if (!done)
		fail_msg("%s", error ? error->message : "failed without a reason");
}

static int64_t instant(const char *text)
{
	int64_t at_ms = 0;
	assert_true(zone_read_rfc3339(text, zone_find("Asia/Shanghai"), &at_ms));
	return at_ms;
}

static struct house *house_new(void)
{
	static const struct sql_owner *const owners[] = { &SQL_PEOPLE, &SQL_DEAL };
	GError *error = NULL;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct house *h = g_new0(struct house, 1);
	h->config = config_parse("test.yaml", config_text, strlen(config_text), problems);
	h->db = db_open(":memory:", DB_WRITER, &error);
	h->now_ms = instant("2026-03-02T09:00:00");
	checked(h->config && h->db && db_migrate(h->db, owners, G_N_ELEMENTS(owners), &error) && db_begin(h->db, &error), error);
	checked(db_exec(h->db, &person, &error, ARG_TEXT("Ana")) && db_exec(h->db, &person, &error, ARG_TEXT("Bo")), error);
	return h;
}

static void house_free(struct house *h)
{
	db_close(h->db);
	config_free(h->config);
	g_free(h);
}

static struct deal_result put(struct house *h, const char *source, gint64 id, const struct deal_news *news)
{
	GError *error = NULL;
	struct deal_result result = { 0 };
	struct deal_teller by = { source, ANA, h->now_ms };
	checked(deal_put(h->db, h->config, &by, id, news, &result, &error), error);
	return result;
}

static struct deal *get(struct house *h, gint64 id)
{
	GError *error = NULL;
	struct deal *deal = deal_read(h->db, id, &error);
	checked(deal != NULL, error);
	return deal;
}

static gint64 opened(struct house *h, const char *stage)
{
	struct money sum = { 12000000, "CNY" };
	struct deal_result result =
		put(h, DEAL_CHAT, 0, &(struct deal_news){ .team = "sales", .customer = "华瑞", .amount = &sum, .owner = ANA, .stage = stage });
	assert_true(result.added && !result.changed && !result.moved);
	return result.id;
}

static guint count(struct house *h, const struct deal_filter *filter)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) deals = deal_list(h->db, filter, &error);
	checked(deals != NULL, error);
	return deals->len;
}

static void expect_history(struct house *h, gint64 id, const char *expected)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) events = deal_history(h->db, id, &error);
	g_autoptr(GString) text = g_string_new(NULL);
	checked(events != NULL, error);
	for (guint i = 0; i < events->len; i++) {
		const struct deal_event *event = events->pdata[i];
		g_string_append_printf(text, "%s%s:%s>%s", i ? " " : "", event->kind, event->before, event->after);
	}
	assert_string_equal(text->str, expected);
}

static void what_is_said_again_is_no_change(void **state)
{
	struct house *h = house_new();
	struct money sum = { 500, "EUR" };
	struct deal_news news = { .external = "A-1", .team = "sales", .customer = "Acme", .owner = ANA, .amount = &sum, .stage = "interest" };
	(void)state;
	struct deal_result first = put(h, "crm", 0, &news);
	h->now_ms += DAYS(1);
	struct deal_result again = put(h, "crm", 0, &news);
	assert_true(first.added && first.id == again.id && !again.added && !again.changed);
	assert_true(put(h, "other", 0, &news).added); /* another source has numbers of its own */
	sum.hundredths = 700;
	struct deal_result richer = put(h, "crm", 0, &(struct deal_news){ .external = "A-1", .amount = &sum, .owner = BO });
	assert_true(richer.id == first.id && richer.changed && !richer.moved);
	g_autoptr(deal_auto) deal = get(h, first.id);
	assert_int_equal(deal->owner, BO);
	assert_string_equal(deal->external, "A-1");
	assert_int_equal(deal->entered_ms, h->now_ms - DAYS(1)); /* an edit is no move */
	g_autofree char *label = deal_label(deal);
	assert_string_equal(label, "Acme €7");
	expect_history(h, first.id, "opened:>interest amount:€5>€7 owner:1>2");
	house_free(h);
}

static void a_move_begins_its_stage(void **state)
{
	struct house *h = house_new();
	gint64 id = opened(h, NULL);
	(void)state;
	h->now_ms += DAYS(2);
	struct deal_result moved = put(h, DEAL_CHAT, id, &(struct deal_news){ .stage = "negotiation", .entered_ms = h->now_ms - HOURS(1) });
	assert_true(moved.moved && moved.changed);
	g_autoptr(deal_auto) deal = get(h, id);
	assert_int_equal(deal->entered_ms, h->now_ms - HOURS(1));
	assert_int_equal(deal_days(h->config, deal, h->now_ms + DAYS(3)), 3);
	h->now_ms += DAYS(1);
	put(h, DEAL_CHAT, id, &(struct deal_news){ .stage = "won", .entered_ms = h->now_ms + DAYS(9) });
	g_autoptr(deal_auto) won = get(h, id);
	assert_int_equal(won->entered_ms, h->now_ms); /* never in what is to come */
	assert_int_equal(won->closed_ms, h->now_ms);
	put(h, DEAL_CHAT, id, &(struct deal_news){ .stage = "interest" });
	g_autoptr(deal_auto) again = get(h, id);
	assert_int_equal(again->closed_ms, 0);
	expect_history(h, id, "opened:>lead stage:lead>negotiation stage:negotiation>won stage:won>interest");
	house_free(h);
}

static void lists_are_filtered(void **state)
{
	struct house *h = house_new();
	gint64 first = opened(h, "negotiation");
	(void)state;
	opened(h, "lead");
	put(h, DEAL_CHAT, 0, &(struct deal_news){ .team = "east", .customer = "Siemens", .owner = BO });
	struct deal_filter all = { 0 }, sales = { .team = "sales" }, bo = { .owner = BO }, lead = { .team = "sales", .stage = "lead" };
	struct deal_filter stalled = { .team = "sales", .config = h->config, .stalled_ms = h->now_ms + DAYS(7) };
	assert_int_equal(count(h, &all), 3);
	assert_int_equal(count(h, &sales), 2);
	assert_int_equal(count(h, &bo), 1);
	assert_int_equal(count(h, &lead), 1);
	assert_int_equal(count(h, &stalled), 0); /* seven days are not more than seven days */
	stalled.stalled_ms++;
	assert_int_equal(count(h, &stalled), 1);
	h->now_ms += DAYS(1);
	put(h, DEAL_CHAT, first, &(struct deal_news){ .stage = "lost" });
	struct deal_filter since = { .team = "sales", .closed_from_ms = h->now_ms }, later = { .team = "sales", .closed_from_ms = h->now_ms + 1 };
	assert_int_equal(count(h, &sales), 1);
	assert_int_equal(count(h, &since), 2);
	assert_int_equal(count(h, &later), 1);
	assert_int_equal(count(h, &stalled), 0);
	GError *error = NULL;
	g_autoptr(GPtrArray) moves = deal_moves(h->db, "sales", h->now_ms, h->now_ms + 1, &error);
	checked(moves != NULL, error);
	assert_int_equal(moves->len, 1);
	assert_string_equal(((struct deal_move *)moves->pdata[0])->before, "negotiation");
	house_free(h);
}

static gboolean step(struct house *h, gint64 id, const char *day, const char *rings_day)
{
	GError *error = NULL;
	gboolean silences = FALSE;
	struct deal_teller by = { DEAL_CHAT, ANA, h->now_ms };
	checked(deal_plan_step(h->db, &by, id, day, "call", rings_day, &silences, &error), error);
	return silences;
}

static void a_next_step_silences_twice(void **state)
{
	struct house *h = house_new();
	gint64 id = opened(h, "negotiation");
	(void)state;
	assert_false(step(h, id, "2026-03-05", "2026-03-09")); /* it puts nothing off */
	assert_true(step(h, id, "2026-03-12", "2026-03-09"));
	assert_true(step(h, id, "2026-03-11", "2026-03-12")); /* earlier than agreed: not counted */
	g_autoptr(deal_auto) once = get(h, id);
	assert_int_equal(once->silences, 1);
	assert_int_equal(deal_stalls_ms(h->config, once), instant("2026-03-11T00:00:00"));
	assert_true(step(h, id, "2026-03-20", "2026-03-11"));
	assert_false(step(h, id, "2026-03-30", "2026-03-20")); /* the third time it is but a day */
	g_autoptr(deal_auto) twice = get(h, id);
	assert_int_equal(twice->silences, DEAL_SILENCES);
	assert_string_equal(twice->next_day, "2026-03-30");
	assert_int_equal(deal_stalls_ms(h->config, twice), instant("2026-03-20T00:00:00"));
	put(h, DEAL_CHAT, id, &(struct deal_news){ .stage = "interest" });
	put(h, DEAL_CHAT, id, &(struct deal_news){ .stage = "negotiation" });
	g_autoptr(deal_auto) afresh = get(h, id);
	assert_int_equal(afresh->silences, 0);
	assert_null(afresh->next_day);
	assert_int_equal(deal_stalls_ms(h->config, afresh), h->now_ms + DAYS(7));
	house_free(h);
}

/* Seven days by the wall clock of the team: over the change to summer time an hour less. */
static void days_are_the_teams_calendar_days(void **state)
{
	struct house *h = house_new();
	(void)state;
	h->now_ms = instant("2026-03-27T18:00:00");
	gint64 id = put(h, DEAL_CHAT, 0, &(struct deal_news){ .team = "east", .customer = "Siemens", .owner = BO, .stage = "negotiation" }).id;
	g_autoptr(deal_auto) deal = get(h, id);
	assert_int_equal(deal_stalls_ms(h->config, deal), h->now_ms + DAYS(7) - HOURS(1));
	house_free(h);
}

static void what_changes_stirs(void **state)
{
	struct house *h = house_new();
	gint64 id = opened(h, NULL);
	GError *error = NULL;
	(void)state;
	for (int i = 0; i < 2; i++) {
		g_autoptr(GArray) ids = deal_stirred(h->db, &error);
		checked(ids != NULL, error);
		assert_int_equal(ids->len, 1);
		checked(deal_calm(h->db, id, &error), error);
		g_autoptr(GArray) none = deal_stirred(h->db, &error);
		assert_int_equal(none->len, 0);
		put(h, DEAL_CHAT, id, &(struct deal_news){ .owner = BO });
	}
	house_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_again_is_no_change),
		cmocka_unit_test(a_move_begins_its_stage),
		cmocka_unit_test(lists_are_filtered),
		cmocka_unit_test(a_next_step_silences_twice),
		cmocka_unit_test(days_are_the_teams_calendar_days),
		cmocka_unit_test(what_changes_stirs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
