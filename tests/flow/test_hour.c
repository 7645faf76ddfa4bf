/* SPDX-License-Identifier: MIT */
/*
 * An unlucky hour, in moved time and on each platform: people say, edit and delete their standups and ask for help, while everything that can
 * go wrong between them and the bot does, by chance. In the end what is stored and what the boards show is what people
 * said last, every question has one answer, and nothing stands twice.
 *
 * FLOW_SEED repeats the choices of a run; FLOW_STEPS makes it longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { PEOPLE = 12, STEPS = 150 };

static const char *const channels[] = { "sales", "north", NULL };

/* What a person's standup is now. */
struct person {
	char name[8];
	char *direct;	/* the channel of their direct messages */
	char *channel;	/* of the message that counts; NULL: none counts */
	char *ts;
	guint number;	/* of its text, "closed T7" */
	guint helps;	/* questions asked */
};

struct hour {
	struct flow *f;
	GRand *chance;
	struct person people[PEOPLE];
	guint texts, edits, deletions;
	gboolean silent; /* a fault that lasts until it is switched off */
};

/* ---- people ---- */

static char *text_of(guint number)
{
	return g_strdup_printf("Yesterday: closed T%u\\nToday: call 15 new leads\\nRisks: none", number);
}

static cJSON *act(struct hour *h, const struct person *p, const char *what, const char *channel, const char *ts)
{
	g_autofree char *text = text_of(h->texts);
	return flow_act(h->f, "{'do':'%s','as':'%s','channel':'%s','ts':'%s','text':'%s'}", what, p->name, channel, ts, text);
}

static void says(struct hour *h, struct person *p, guint index)
{
	g_autofree char *team = g_strdup_printf("#%s", channels[index % 2]);
	const char *channel = g_rand_boolean(h->chance) ? team : p->direct;
	p->number = ++h->texts;
	g_autoptr(cJSON) reply = act(h, p, "say", channel, "");
	g_free(p->channel);
	g_free(p->ts);
	p->channel = g_strdup(channel);
	p->ts = g_strdup(json_text_or(reply, "ts", NULL));
}

/* Only what the bot has taken: an edit that comes before its message is another story. */
static gboolean has_taken(const struct hour *h, const struct person *p)
{
	return p->ts && flow_is_accepted(h->f, p->channel, p->ts);
}

static void edits(struct hour *h, struct person *p)
{
	if (!has_taken(h, p))
		return;
	p->number = ++h->texts;
	h->edits++;
	cJSON_Delete(act(h, p, "edit", p->channel, p->ts));
}

static void deletes(struct hour *h, struct person *p)
{
	if (!has_taken(h, p))
		return;
	h->deletions++;
	cJSON_Delete(act(h, p, "delete", p->channel, p->ts));
	g_clear_pointer(&p->channel, g_free);
	g_clear_pointer(&p->ts, g_free);
}

static void asks(struct hour *h, struct person *p)
{
	p->helps++;
	g_free(flow_say(h->f, p->name, p->direct, "help"));
}

static void somebody_acts(struct hour *h)
{
	guint index = (guint)g_rand_int_range(h->chance, 0, PEOPLE);
	struct person *p = &h->people[index];
	switch (g_rand_int_range(h->chance, 0, 8)) {
	case 0:
	case 1:
		edits(h, p);
		break;
	case 2:
		deletes(h, p);
		break;
	case 3:
	case 4:
		asks(h, p);
		break;
	default:
		says(h, p, index);
	}
}

/* ---- bad luck ---- */

/* What has its occasions. */
static const char *const faults[] = { "rate_limit", "server_error", "drop_before", "drop_after", "expired_token", "lose_acks",
	"duplicate_events", "swap_events", "drop_event", "drop_ack", "drop_greeting", "lose_fragment", "garbage" };

static const char *const disasters[] = {
	"{'do':'drop_connections'}",
	"{'do':'disconnect','reason':'warning'}",
	"{'do':'disconnect','reason':'refresh_requested','close_ms':0}",
	"{'do':'disconnect','reason':'too_many_websockets'}",
	"{'do':'faults','silence':true}",
	"{'do':'faults','refuse_connections':true}",
};

static void switch_off(struct hour *h)
{
	g_autoptr(cJSON) act = cJSON_CreateObject();
	json_put_text(act, "do", "faults");
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
		json_put_bool(act, faults[i], FALSE);
	json_put_bool(act, "silence", FALSE);
	json_put_bool(act, "refuse_connections", FALSE);
	cJSON_Delete(sandbox_act(h->f->sandbox, act));
	h->silent = FALSE;
}

/* A few occasions of one fault, or something that lasts. */
static void something_goes_wrong(struct hour *h)
{
	switch_off(h);
	if (g_rand_int_range(h->chance, 0, 3) > 0) {
		cJSON_Delete(flow_act(h->f, "{'do':'faults','%s':true,'times':%d}",
			faults[g_rand_int_range(h->chance, 0, G_N_ELEMENTS(faults))], g_rand_int_range(h->chance, 1, 6)));
		return;
	}
	guint which = (guint)g_rand_int_range(h->chance, 0, G_N_ELEMENTS(disasters));
	h->silent = which >= 4;
	cJSON_Delete(flow_act(h->f, "%s", disasters[which]));
}

/* ---- the hour ---- */

static int set_up(void **state)
{
	struct hour *h = g_new0(struct hour, 1);
	const char *seed_text = g_getenv("FLOW_SEED");
	guint seed = seed_text ? (guint)g_ascii_strtoull(seed_text, NULL, 10) : g_random_int();
	print_message("FLOW_SEED=%u\n", seed);
	h->chance = g_rand_new_with_seed(seed);
	h->f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .frozen = TRUE, .feishu = GPOINTER_TO_INT(*state) });
	flow_configure(h->f, "    connections: 2\n");
	/* An edit is an event, which Feishu promises nowhere; and some events come in pieces. */
	cJSON_Delete(flow_act(h->f, "{'do':'feishu','edit_events':true,'fragment_bytes':1000}"));
	for (guint i = 0; i < PEOPLE; i++) {
		g_snprintf(h->people[i].name, sizeof h->people[i].name, "p%u", i);
		h->people[i].direct = flow_direct(h->f, h->people[i].name);
	}
	flow_start_here(h->f);
	FLOW_PASS_UNTIL(h->f, h->f->connections == 2);
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct hour *h = *state;
	flow_free(h->f);
	g_rand_free(h->chance);
	for (guint i = 0; i < PEOPLE; i++) {
		g_free(h->people[i].direct);
		g_free(h->people[i].channel);
		g_free(h->people[i].ts);
	}
	g_free(h);
	return 0;
}

static gboolean nothing_waits(const struct flow *f)
{
	return sandbox_is_quiet(f->sandbox) && flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM job WHERE word = 'board'") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM waiting") == 0;
}

/* All that a channel shows, as one text. */
static char *shown_in(const struct hour *h, const char *channel)
{
	g_autoptr(cJSON) messages = flow_messages(h->f, channel);
	GString *shown = g_string_new(NULL);
	const cJSON *message;
	cJSON_ArrayForEach(message, messages)
	{
		if (!json_bool_or(message, "bot", FALSE))
			continue;
		g_autofree char *text = json_print(message);
		g_string_append(shown, text);
	}
	return g_string_free(shown, FALSE);
}

static void check_person(struct hour *h, guint index, const char *board)
{
	const struct person *p = &h->people[index];
	g_autofree char *given = g_strdup_printf("SELECT COUNT(*) FROM standup_entry e JOIN person p ON p.id = e.person WHERE "
						 "p.name = '%s' AND e.state = 'given' AND (e.field0 = 'closed T%u' OR %d)",
		p->name, p->number, p->ts ? 0 : 1);
	if (flow_number(h->f, given) != (p->ts ? 1 : 0))
		fail_msg("%s: not what was said last, %s", p->name, p->ts ? "and stands" : "for it was deleted");
	/* The last character of a number is followed by the end of its line, or the text of another would do. */
	g_autofree char *line = g_strdup_printf("closed T%u[^0-9]", p->number);
	if (g_regex_match_simple(line, board, 0, 0) != (p->ts != NULL))
		fail_msg("%s: the board of #%s does not show it rightly: %s", p->name, channels[index % 2], line);
	if (p->ts && !flow_is_accepted(h->f, p->channel, p->ts))
		fail_msg("%s: no check mark", p->name);
	guint answers = flow_bot_posts(h->f, p->direct);
	if (answers != p->helps)
		fail_msg("%s: %u questions, %u answers", p->name, p->helps, answers);
}

static void an_unlucky_hour(void **state)
{
	struct hour *h = *state;
	const char *steps_text = g_getenv("FLOW_STEPS");
	guint steps = steps_text ? (guint)g_ascii_strtoull(steps_text, NULL, 10) : STEPS;
	for (guint step = 0; step < steps; step++) {
		if (step % 3 == 0)
			something_goes_wrong(h);
		somebody_acts(h);
		flow_pass(h->f, g_rand_int_range(h->chance, 0, h->silent ? 25000 : 15000), 1000);
	}
	switch_off(h);
	FLOW_PASS_UNTIL(h->f, flow_is_live(h->f));
	if (h->f->feishu) /* its last push is more than seven hours after the first */
		flow_pass(h->f, HOURS(8), MINUTES(1));
	FLOW_PASS_UNTIL(h->f, nothing_waits(h->f));
	g_autofree char *sales = shown_in(h, "#sales"), *north = shown_in(h, "#north");
	for (guint i = 0; i < PEOPLE; i++)
		check_person(h, i, i % 2 ? north : sales);
	flow_check_posted_once(h->f);
	assert_true(flow_bot_posts(h->f, "#sales") <= 1 && flow_bot_posts(h->f, "#north") <= 1);
	assert_int_equal(flow_number(h->f, "SELECT COUNT(*) FROM dead_letter"), 0);
	print_message("%u texts, %u of them edits, %u deletions, %u posts, %u acknowledgements lost\n", h->texts, h->edits,
		h->deletions, g_hash_table_size(h->f->posted), h->f->lost_acks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(an_unlucky_hour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
