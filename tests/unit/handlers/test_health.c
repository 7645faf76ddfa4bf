/* SPDX-License-Identifier: MIT */
/* The figures of deals, and who hears them when. 2026-03-02 is a Monday, 09:00 in Shanghai; deals have the usual stages. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "health/export.h"
#include "kit/deal_figures.h"

#define NOW INT64_C(1772413200000)

/* ---- figures ---- */

enum { ANA = 1, BO = 2 };

struct deal_case {
	gint64 id, owner;
	const char *stage;
	int days;	/* in it */
	int64_t amount; /* hundredths; -1: not known */
	const char *currency;
};

struct move_case {
	gint64 deal, owner;
	int days; /* ago */
	const char *before, *after;
	int64_t amount;
};

/* clang-format off: a line for each */
static const struct {
	struct deal_case deals[6];
	struct move_case moves[8];
	gint64 owner;
	/* "stage: deals, stalled, sums, median/oldest days, went on/left" for each open stage; then "new moved won lost; sums won; sums lost". */
	const char *stages, *fates;
} cases[] = {
	{ { { 0 } }, { { 0 } }, 0,
		"lead: 0, 0, , -1/-1, 0/0; interest: 0, 0, , -1/-1, 0/0; negotiation: 0, 0, , -1/-1, 0/0", "0 0 0 0; ; " },
	/* sums by currency, no sum where none is known; the lower of two in the middle */
	{ { { 1, ANA, "lead", 3, 1000000, "CNY" }, { 2, BO, "lead", 9, 50000, "USD" }, { 3, ANA, "lead", 5, 250050, "CNY" },
		  { 4, BO, "lead", 400, -1, "CNY" }, { 5, ANA, "interest", 0, 0, "CNY" } },
		{ { 0 } }, 0,
		"lead: 4, 0, ¥12,500.50 + $500, 5/400, 0/0; interest: 1, 0, , 0/0, 0/0; negotiation: 0, 0, , -1/-1, 0/0", "0 0 0 0; ; " },
	/* stalled: more than seven days in negotiation, to the minute */
	{ { { 1, ANA, "negotiation", 7, -1, "CNY" }, { 2, BO, "negotiation", 8, -1, "CNY" } }, { { 0 } }, 0,
		"lead: 0, 0, , -1/-1, 0/0; interest: 0, 0, , -1/-1, 0/0; negotiation: 2, 1, , 7/8, 0/0", "0 0 0 0; ; " },
	/* one rep's alone */
	{ { { 1, ANA, "lead", 3, 100, "CNY" }, { 2, BO, "lead", 9, 200, "CNY" } },
		{ { 1, ANA, 3, "", "lead", 100 }, { 2, BO, 2, "", "lead", 200 } }, BO,
		"lead: 1, 0, ¥2, 9/9, 0/0; interest: 0, 0, , -1/-1, 0/0; negotiation: 0, 0, , -1/-1, 0/0", "1 0 0 0; ; " },
	/* each deal counts once, by its last move of the week: opened and moved; moved and won; won, reopened and lost */
	{ { { 0 } },
		{ { 1, ANA, 6, "", "lead", 100 }, { 1, ANA, 5, "lead", "interest", 100 }, { 2, ANA, 4, "lead", "negotiation", 5000 },
			{ 2, ANA, 3, "negotiation", "won", 5000 }, { 3, BO, 3, "negotiation", "won", 700 }, { 3, BO, 2, "won", "negotiation", 700 },
			{ 3, BO, 1, "negotiation", "lost", 700 } }, 0,
		"lead: 0, 0, , -1/-1, 2/2; interest: 0, 0, , -1/-1, 0/0; negotiation: 0, 0, , -1/-1, 2/3", "0 1 1 1; ¥50; ¥7" },
	/* what was before the week has no fate, but 90 days of it count for who went on; back is not on, nor is a stage nobody knows */
	{ { { 0 } },
		{ { 9, ANA, 91, "lead", "won", 100 }, { 1, ANA, 80, "lead", "interest", 100 }, { 1, ANA, 70, "interest", "lead", 100 },
			{ 2, ANA, 60, "lead", "lost", 100 }, { 3, ANA, 50, "gone", "won", 100 }, { 4, ANA, 40, "lead", "gone", 100 },
			{ 5, ANA, 30, "", "negotiation", 100 } }, 0,
		"lead: 0, 0, , -1/-1, 1/3; interest: 0, 0, , -1/-1, 0/1; negotiation: 0, 0, , -1/-1, 0/0", "0 0 0 0; ; " },
};
/* clang-format on */

static GPtrArray *make_deals(const struct deal_case *from, guint count)
{
	GPtrArray *deals = g_ptr_array_new_with_free_func((GDestroyNotify)deal_free);
	for (guint i = 0; i < count && from[i].id; i++) {
		struct deal *deal = g_new0(struct deal, 1);
		*deal = (struct deal){ .id = from[i].id, .team = g_strdup("sales"), .owner = from[i].owner, .stage = g_strdup(from[i].stage),
			.has_amount = from[i].amount >= 0, .amount.hundredths = MAX(from[i].amount, 0),
			.entered_ms = NOW - DAYS(from[i].days) };
		g_strlcpy(deal->amount.currency, from[i].currency, MONEY_CURRENCY_SIZE);
		g_ptr_array_add(deals, deal);
	}
	return deals;
}

static GPtrArray *make_moves(const struct move_case *from, guint count)
{
	GPtrArray *moves = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < count && from[i].deal; i++) {
		struct deal_move *move = g_new0(struct deal_move, 1);
		*move = (struct deal_move){ from[i].deal, from[i].owner, NOW - DAYS(from[i].days), (char *)from[i].before,
			(char *)from[i].after, TRUE, { from[i].amount, "CNY" } };
		g_ptr_array_add(moves, move);
	}
	return moves;
}

static char *print_stages(const struct deal_figures *f)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < f->stages->len; i++) {
		const struct deal_stage_figures *stage = &g_array_index(f->stages, struct deal_stage_figures, i);
		g_autofree char *sums = deal_sums_text(stage->sums);
		g_string_append_printf(out, "%s%s: %u, %u, %s, %d/%d, %u/%u", i ? "; " : "", stage->stage->name, stage->deals, stage->stalled,
			sums, stage->median_days, stage->oldest_days, stage->went_on, stage->left);
	}
	return g_string_free(out, FALSE);
}

static void figures_of_deals(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) deals = make_deals(cases[i].deals, G_N_ELEMENTS(cases[i].deals));
		g_autoptr(GPtrArray) moves = make_moves(cases[i].moves, G_N_ELEMENTS(cases[i].moves));
		g_auto(deal_figures_auto) f;
		deal_figures_of(s->config, deals, moves, &(struct deal_span){ cases[i].owner, NOW - DAYS(7), NOW }, &f);
		g_autofree char *stages = print_stages(&f), *won = deal_sums_text(f.won_sums), *lost = deal_sums_text(f.lost_sums);
		g_autofree char *fates = g_strdup_printf("%u %u %u %u; %s; %s", f.opened, f.moved, f.won, f.lost, won, lost);
		assert_string_equal(stages, cases[i].stages);
		assert_string_equal(fates, cases[i].fates);
	}
	stage_free(s);
}

/* ---- who hears ---- */

static void put(struct stage *s, const char *owner, const char *customer, int64_t hundredths, const char *stage, int days)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *account = g_strdup_printf("U_%s", owner);
	const struct money amount = { hundredths, "CNY" };
	const struct deal_teller by = { .source = "crm", .now_ms = s->now_ms };
	struct deal_news news = { .team = "sales", .customer = customer, .amount = hundredths ? &amount : NULL, .stage = stage,
		.owner = roster_person(s->roster, "acme", account)->id, .entered_ms = s->now_ms - DAYS(days) };
	struct deal_result result;
	assert_true(db_begin(s->db, NULL));
	if (!deal_put(s->db, s->config, &by, 0, &news, &result, &error))
		fail_msg("%s", error->message);
	assert_true(db_commit(s->db, NULL));
}

static void begin(struct stage *s)
{
	assert_true(db_begin(s->db, NULL) && dispatch_start(s->dispatch, s->now_ms, NULL) && db_commit(s->db, NULL));
}

#define WEEKLY "deals: { report: every monday 09:00 }\n"

static void the_week_is_told(void **state)
{
	struct stage *s = stage_new_with("en", "A", WEEKLY);
	(void)state;
	begin(s);
	put(s, "ana", "Lantern", 12000000, "negotiation", 12);
	put(s, "bo", "Harbour", 3000000, "lead", 1);
	stage_clear(s);
	stage_advance(s, DAYS(7) - MINUTES(1));
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	const char *post = stage_expect_text(s, "post C1", "Deals of sales: the week");
	assert_non_null(post);
	stage_expect_text(s, "post U_mia", "#1 Lantern ¥120,000 (Ana): 19 days in negotiation");
	stage_expect_text(s, "post U_ana", "Deals of Ana: the week");
	stage_expect_text(s, "post U_bo", "Deals of Bo: the week");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Somebody of another team is in the channel: it hears how many, and only who may see the deals how much. */
static void sums_are_not_for_guests(void **state)
{
	struct stage *s = stage_new_with("en", "A", "  - { name: east, workspace: acme, channel: C2, standup: { format: A } }\n" WEEKLY);
	(void)state;
	begin(s);
	put(s, "ana", "Lantern", 12000000, "lead", 12);
	stage_command(s, "mia", "person", "@cai team east");
	stage_clear(s);
	stage_advance(s, DAYS(7) - MINUTES(1));
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	const struct outbox_row *post = s->sent->pdata[0];
	assert_null(strstr(post->content, "¥"));
	assert_null(strstr(post->content, "120000"));
	assert_non_null(strstr(post->content, "Deals by stage"));
	stage_expect_text(s, "post C1", "deals: 1; days in it: 19");
	stage_expect_text(s, "post U_mia", "¥120,000");
	stage_expect_text(s, "post U_ana", "¥120,000");
	stage_free(s);
}

static void a_team_without_deals_hears_nothing(void **state)
{
	struct stage *s = stage_new_with("en", "A", WEEKLY);
	(void)state;
	begin(s);
	stage_clear(s);
	stage_advance(s, DAYS(8));
	stage_expect_nothing(s);
	stage_command(s, "ana", "deals", "report");
	stage_expect_text(s, "private", "There are no deals yet");
	stage_free(s);
}

static void by_command_each_sees_what_is_theirs(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	put(s, "ana", "Lantern", 12000000, "negotiation", 12);
	put(s, "bo", "Harbour", 0, "lead", 1);
	stage_clear(s);
	stage_command(s, "ana", "deals", "report");
	stage_expect_text(s, "private", "deals: 1 (¥120,000); days in it: 12 (median), 12 at most; 1 stalled");
	stage_command(s, "ana", "deals", "report @ana");
	stage_expect_text(s, "private", "#1 Lantern ¥120,000");
	stage_command(s, "ana", "deals", "report @bo");
	stage_expect_text(s, "private", "Deals are for their owner");
	stage_command(s, "mia", "deals", "report @bo");
	stage_expect_text(s, "private", "Deals of Bo: the week");
	stage_command(s, "mia", "deals", "report sales");
	stage_expect_text(s, "private", "What has stalled");
	stage_command(s, "mia", "deals", "report nobody");
	stage_expect_text(s, "private", "I do not know “nobody”");
	stage_free(s);
}

/* ---- records ---- */

static gboolean print_record(const cJSON *record, gpointer out)
{
	g_autofree char *text = json_print(record);
	g_string_append_printf(out, "%s\n", text);
	return TRUE;
}

static void deals_are_exported(void **state)
{
	struct stage *s = stage_new("en", "A");
	g_autoptr(GString) out = g_string_new(NULL);
	(void)state;
	put(s, "ana", "Lantern", 12000050, "negotiation", 12);
	put(s, "bo", "Harbour", 0, "won", 3);
	assert_true(health_export(s->db, &(struct record_choice){ .config = s->config, .team = "sales", .from = "2026-03-02" }, s->now_ms, print_record,
		out, NULL));
	assert_string_equal(out->str,
		"{\"number\":1,\"team\":\"sales\",\"customer\":\"Lantern\",\"amount\":\"120000.50\",\"currency\":\"CNY\",\"owner\":\"U_ana\","
		"\"owner_name\":\"Ana\",\"stage\":\"negotiation\",\"entered_at\":\"2026-02-18T01:00:00Z\",\"days\":12,\"stalled\":true,"
		"\"source\":\"crm\",\"opened_at\":\"2026-03-02T01:00:00Z\"}\n"
		"{\"number\":2,\"team\":\"sales\",\"customer\":\"Harbour\",\"currency\":\"CNY\",\"owner\":\"U_bo\",\"owner_name\":\"Bo\","
		"\"stage\":\"won\",\"entered_at\":\"2026-02-27T01:00:00Z\",\"days\":0,\"stalled\":false,\"source\":\"crm\","
		"\"opened_at\":\"2026-03-02T01:00:00Z\",\"closed_at\":\"2026-02-27T01:00:00Z\"}\n");
	g_string_truncate(out, 0);
	assert_true(health_export(s->db, &(struct record_choice){ .config = s->config, .to = "2026-03-01" }, s->now_ms, print_record, out, NULL));
	assert_string_equal(out->str, "");
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_of_deals),
		cmocka_unit_test(the_week_is_told),
		cmocka_unit_test(sums_are_not_for_guests),
		cmocka_unit_test(a_team_without_deals_hears_nothing),
		cmocka_unit_test(by_command_each_sees_what_is_theirs),
		cmocka_unit_test(deals_are_exported),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
