/* SPDX-License-Identifier: MIT */
/*
 * kill -9 at random moments under load, again and again, with bad luck on the wire in between, on each platform. Then:
 *
 * - what was acknowledged when the process died is in its database, each time, and nothing there is half-written;
 * - when all has settled, every standup is kept once and has its ✅, every question has one answer, every team one board:
 *   no post stands twice.
 *
 * And while a form is on its way: it counts once, and whoever sent it is told when it did not arrive.
 *
 * FLOW_SEED repeats the choices of a run (not its timing), FLOW_ROUNDS makes it longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>

#include "tests/support/flow.h"

enum { PEOPLE = 9, ROUNDS = 50, LIFE_MS = 350, PAUSE_MS = 25 };

static const char *const channels[] = { "sales", "north", "south", NULL };

/* What a person did. */
enum way { IN_CHANNEL, DIRECT, COMMAND, HELP };

struct said {
	enum way way;
	char *channel; /* id, or #name */
	char *key;     /* its ts; a command's text */
	char *results; /* the first line, different each time; NULL: not a standup */
};

struct load {
	struct flow *f;
	GRand *chance;
	GPtrArray *said; /* struct said */
	char *directs[PEOPLE];
	gint64 next_us;	  /* when somebody says something */
	int64_t birth_ms; /* what a start takes here */
};

static void said_free(gpointer data)
{
	struct said *said = data;
	g_free(said->channel);
	g_free(said->key);
	g_free(said->results);
	g_free(said);
}

/* ---- people ---- */

static void add_said(struct load *load, enum way way, const char *channel, char *take_key, char *take_results)
{
	struct said *said = g_new0(struct said, 1);
	*said = (struct said){ way, g_strdup(channel), take_key, take_results };
	g_ptr_array_add(load->said, said);
}

/* Feishu has no commands. */
static enum way choose_way(struct load *load)
{
	static const enum way ways[] = { IN_CHANNEL, IN_CHANNEL, IN_CHANNEL, IN_CHANNEL, DIRECT, DIRECT, HELP, HELP, COMMAND };
	return ways[g_rand_int_range(load->chance, 0, (int)G_N_ELEMENTS(ways) - load->f->feishu)];
}

static void somebody_says(struct load *load)
{
	struct flow *f = load->f;
	enum way way = choose_way(load);
	guint person = (guint)g_rand_int_range(load->chance, 0, PEOPLE);
	g_autofree char *who = g_strdup_printf("p%u", person), *results = g_strdup_printf("closed T%u", load->said->len);
	g_autofree char *team = g_strdup_printf("#%s", channels[person % 3]);
	g_autofree char *lines = g_strdup_printf("Yesterday: %s\nToday: call 15 new leads\nRisks: none", results);
	const char *where = way == IN_CHANNEL || way == COMMAND ? team : load->directs[person];
	if (way == COMMAND) {
		g_autofree char *text = g_strdup_printf("%s; call 15 new leads; none", results);
		cJSON_Delete(flow_act(f, "{'do':'command','as':'%s','channel':'%s','command':'/standup','text':'%s'}", who, where,
			text));
		add_said(load, way, where, g_steal_pointer(&text), g_strdup(results));
	} else if (way == HELP) {
		add_said(load, way, where, flow_say(f, who, where, "help"), NULL);
	} else {
		add_said(load, way, where, flow_say(f, who, where, lines), g_strdup(results));
	}
}

/* ---- bad luck ---- */

/* Of events, or of calls: what the one uses up the other cannot. */
static const char *const faults[2][6] = {
	{ "lose_acks", "duplicate_events", "swap_events", "drop_event", "drop_ack", "garbage" },
	{ "drop_before", "drop_after", "server_error", "rate_limit", "expired_token" },
};

/* Not those of a start, or it would never come about. */
static const char *const methods[2][7] = {
	{ "chat.postMessage", "chat.update", "chat.postEphemeral", "reactions.add", "conversations.history", "conversations.members",
		"users.info" },
	{ "im.message.create", "im.message.patch", "ephemeral.send", "im.messageReaction.create", "im.message.list", "im.chatMembers.get",
		"contact.user.get" },
};

static void switch_faults(struct load *load, gboolean on)
{
	g_autoptr(cJSON) act = cJSON_CreateObject();
	int kind = g_rand_int_range(load->chance, 0, 2);
	json_put_text(act, "do", "faults");
	for (int k = 0; k < 2; k++) {
		for (guint i = 0; i < G_N_ELEMENTS(faults[k]) && faults[k][i]; i++)
			json_put_bool(act, faults[k][i], on && k == kind && g_rand_boolean(load->chance));
	}
	cJSON *only = json_put_array(act, "methods");
	for (guint i = 0; i < G_N_ELEMENTS(methods[0]); i++)
		json_push_text(only, methods[load->f->feishu][i]);
	json_put_int(act, "times", on ? g_rand_int_range(load->chance, 1, 20) : 0);
	g_autoptr(cJSON) reply = sandbox_act(load->f->sandbox, act);
	assert_true(json_bool_or(reply, "ok", FALSE));
}

/* As if this time had passed on the platform: what was not acknowledged comes again. The date stays. */
static void platform_waits(struct load *load, int64_t ms)
{
	clock_advance(load->f->clock, ms);
	clock_set(load->f->clock, g_get_real_time() / 1000);
}

/* ---- lives ---- */

static void talk_until(struct load *load, gint64 end_us)
{
	gint64 now_us;
	while ((now_us = g_get_monotonic_time()) < end_us) {
		if (now_us >= load->next_us) {
			somebody_says(load);
			load->next_us = now_us + g_rand_int_range(load->chance, 1, PAUSE_MS) * 1000;
		}
		flow_turn((int)(MIN(end_us, load->next_us) - now_us) / 1000 + 1);
	}
}

static void live_and_die(struct load *load, guint round)
{
	struct flow *f = load->f;
	gint64 born_us = g_get_monotonic_time();
	switch_faults(load, round % 4 != 0);
	flow_start(f);
	if (round % 5 == 4) { /* dies while it wakes */
		talk_until(load, born_us + g_rand_int_range(load->chance, 0, (int)load->birth_ms) * 1000);
	} else {
		gint64 end_us = born_us + 20 * G_USEC_PER_SEC;
		while (!flow_is_live(f) && g_get_monotonic_time() < end_us)
			talk_until(load, g_get_monotonic_time() + 10000);
		platform_waits(load, SECONDS(61));
		talk_until(load, g_get_monotonic_time() + g_rand_int_range(load->chance, 1, LIFE_MS) * 1000);
	}
	flow_kill(f);
}

/* ---- what must be true at each death ---- */

static gboolean stands_in(const GPtrArray *texts, const char *part)
{
	for (guint i = 0; i < texts->len; i++) {
		if (strstr(texts->pdata[i], part))
			return TRUE;
	}
	return FALSE;
}

/* Borrows the texts. */
static GHashTable *set_of(const GPtrArray *texts)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < texts->len; i++)
		g_hash_table_add(set, texts->pdata[i]);
	return set;
}

static void check_acknowledged(struct load *load)
{
	g_autoptr(GPtrArray) kept = flow_left_texts(load->f, "SELECT field0 FROM standup_history");
	/* Of people whom the bot does not know yet: kept until the directory has answered. */
	g_autoptr(GPtrArray) parked = flow_left_texts(load->f, "SELECT event FROM waiting");
	g_autoptr(GHashTable) set = set_of(kept);
	for (guint i = 0; i < load->said->len; i++) {
		const struct said *said = load->said->pdata[i];
		if (!said->results || !flow_is_acknowledged(load->f, said->key) || g_hash_table_contains(set, said->results))
			continue;
		if (stands_in(parked, said->results))
			continue;
		flow_show_log(load->f);
		fail_msg("acknowledged and lost: '%s', said in %s at %s", said->results, said->channel, said->key);
	}
}

/* Each statement counts what must not be. */
static const char *const half_written[] = {
	"SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
	"SELECT COUNT(*) FROM pragma_foreign_key_check",
	"SELECT COUNT(*) FROM standup_entry e WHERE version <> (SELECT COUNT(*) FROM standup_history h WHERE h.team = e.team AND "
	"h.day = e.day AND h.person = e.person)",
	"SELECT COUNT(*) FROM standup_history h WHERE NOT EXISTS (SELECT 1 FROM standup_round r WHERE r.team = h.team AND r.day = "
	"h.day)",
	"SELECT COUNT(*) - COUNT(DISTINCT field0) FROM standup_history",
	"SELECT COUNT(*) FROM dead_letter",
};

static void check_consistent(struct load *load)
{
	for (guint i = 0; i < G_N_ELEMENTS(half_written); i++) {
		if (flow_left_number(load->f, half_written[i]) > 0)
			fail_msg("not zero: %s", half_written[i]);
	}
}

/* ---- what must be true in the end ---- */

static guint helps_in(const struct load *load, const char *channel)
{
	guint helps = 0;
	for (guint i = 0; i < load->said->len; i++) {
		const struct said *said = load->said->pdata[i];
		helps += said->way == HELP && g_str_equal(said->channel, channel) ? 1 : 0;
	}
	return helps;
}

/* The keys of all messages in the channels and direct messages that bear the ✅. */
static GHashTable *find_checked(const struct load *load)
{
	GHashTable *checked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(channels) - 1 + PEOPLE; i++) {
		g_autofree char *team = i < 3 ? g_strdup_printf("#%s", channels[i]) : NULL;
		g_autoptr(cJSON) messages = flow_messages(load->f, team ? team : load->directs[i - 3]);
		const cJSON *message;
		cJSON_ArrayForEach(message, messages)
		{
			if (flow_is_checked(message))
				g_hash_table_add(checked, g_strdup(json_text_or(message, "ts", "")));
		}
	}
	return checked;
}

static gboolean is_answered(const struct load *load)
{
	for (guint i = 0; i < PEOPLE; i++) {
		if (flow_bot_posts(load->f, load->directs[i]) < helps_in(load, load->directs[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean has_settled(const struct load *load)
{
	return sandbox_is_quiet(load->f->sandbox) && flow_number(load->f, "SELECT COUNT(*) FROM outbox") == 0 &&
	       flow_number(load->f, "SELECT COUNT(*) FROM job WHERE word = 'board'") == 0 && is_answered(load);
}

static void settle(struct load *load)
{
	struct flow *f = load->f;
	switch_faults(load, FALSE);
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	gint64 end_us = g_get_monotonic_time() + 3 * FLOW_PATIENCE_S * G_USEC_PER_SEC;
	while (!has_settled(load) && g_get_monotonic_time() < end_us) {
		/* Feishu's last push is six hours later, but it knows a post's uuid for one: only while none is under way. */
		if (flow_number(f, "SELECT COUNT(*) FROM outbox") == 0)
			platform_waits(load, MINUTES(10));
		gint64 soon_us = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
		while (g_get_monotonic_time() < soon_us)
			flow_turn(50);
	}
	if (!has_settled(load))
		flow_show_log(f);
	assert_true(has_settled(load));
	assert_int_equal(flow_stop(f), 0);
}

static void check_once(struct load *load)
{
	flow_check_posted_once(load->f);
	for (guint i = 0; i < PEOPLE; i++)
		assert_int_equal(flow_bot_posts(load->f, load->directs[i]), helps_in(load, load->directs[i]));
	for (guint i = 0; channels[i]; i++) {
		g_autofree char *channel = g_strdup_printf("#%s", channels[i]);
		assert_int_equal(flow_bot_posts(load->f, channel), 1);
	}
}

static void check_all_kept(struct load *load)
{
	g_autoptr(GPtrArray) kept = flow_left_texts(load->f, "SELECT field0 FROM standup_history");
	g_autoptr(GHashTable) set = set_of(kept), checked = find_checked(load);
	for (guint i = 0; i < load->said->len; i++) {
		const struct said *said = load->said->pdata[i];
		if (!said->results || said->way == COMMAND) /* nobody repeats a command: its person was told that it failed */
			continue;
		if (!g_hash_table_contains(set, said->results))
			fail_msg("said and not kept: '%s' in %s at %s", said->results, said->channel, said->key);
		if (!g_hash_table_contains(checked, said->key))
			fail_msg("no check mark on '%s' in %s at %s", said->results, said->channel, said->key);
	}
	assert_int_equal(flow_left_number(load->f, "SELECT COUNT(*) FROM waiting"), 0);
}

/* What the export tells is what stands: one entry for each person who said something. */
static void check_export(struct load *load)
{
	g_autofree char *out = NULL;
	int code = flow_program(load->f, &out, NULL, "export", "standups", "-c", load->f->config, "--format", "json", NULL);
	assert_int_equal(code, 0);
	g_autoptr(cJSON) records = json_parse(out, strlen(out), NULL);
	int64_t entries = flow_left_number(load->f, "SELECT COUNT(*) FROM standup_entry WHERE state = 'given'");
	assert_int_equal(cJSON_GetArraySize(records), entries);
	assert_true(entries > 0);
}

/* ---- the test ---- */

static guint number_from(const char *variable, guint fallback)
{
	const char *text = g_getenv(variable);
	return text ? (guint)g_ascii_strtoull(text, NULL, 10) : fallback;
}

static int set_up(void **state)
{
	struct load *load = g_new0(struct load, 1);
	guint seed = number_from("FLOW_SEED", g_random_int());
	print_message("FLOW_SEED=%u\n", seed);
	load->chance = g_rand_new_with_seed(seed);
	load->said = g_ptr_array_new_with_free_func(said_free);
	load->f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = GPOINTER_TO_INT(*state) });
	flow_configure(load->f, "");
	for (guint i = 0; i < PEOPLE; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		load->directs[i] = flow_direct(load->f, who);
	}
	*state = load;
	return 0;
}

static int tear_down(void **state)
{
	struct load *load = *state;
	flow_free(load->f);
	g_rand_free(load->chance);
	g_ptr_array_unref(load->said);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(load->directs[i]);
	g_free(load);
	return 0;
}

/* The first start makes the database; it also tells how long a start takes. */
static void be_born(struct load *load)
{
	gint64 born_us = g_get_monotonic_time();
	flow_start(load->f);
	FLOW_UNTIL(load->f, flow_is_live(load->f));
	load->birth_ms = MAX((g_get_monotonic_time() - born_us) / 1000, 20);
	flow_kill(load->f);
}

static void killed_at_random(void **state)
{
	struct load *load = *state;
	guint rounds = number_from("FLOW_ROUNDS", ROUNDS);
	be_born(load);
	for (guint round = 0; round < rounds; round++) {
		live_and_die(load, round);
		flow_take_left(load->f);
		check_acknowledged(load);
		check_consistent(load);
	}
	settle(load);
	flow_take_left(load->f);
	check_once(load);
	check_all_kept(load);
	check_consistent(load);
	check_export(load);
	print_message("%u deaths, %u messages and commands, %u acknowledged, %u acknowledgements lost, %u posts\n", rounds,
		load->said->len, g_hash_table_size(load->f->acked), load->f->lost_acks, g_hash_table_size(load->f->posted));
}

/* ---- a form in flight ---- */

enum { FORM_DEATHS = 10, FORM_MS = 40 };

static void hear_trouble(const cJSON *delta, gpointer told)
{
	if (g_str_equal(json_text_or(delta, "type", ""), "notice"))
		*(gboolean *)told = TRUE;
}

/* Where p0's form stands: the view's id, the card's ts. The caller frees; NULL: none is open. */
static char *open_form(const struct load *load)
{
	if (!load->f->feishu) {
		g_autoptr(cJSON) state = sandbox_state(load->f->sandbox);
		return g_strdup(json_text_or(state, "views.U0P000000.id", NULL));
	}
	g_autoptr(cJSON) messages = flow_messages(load->f, load->directs[0]);
	for (int i = cJSON_GetArraySize(messages) - 1; i >= 0; i--) {
		const cJSON *m = cJSON_GetArrayItem(messages, i);
		g_autofree char *card = json_object(m, "card") ? json_print(json_object(m, "card")) : NULL;
		if (card && strstr(card, "belltower_form"))
			return g_strdup(json_text_or(m, "ts", NULL));
	}
	return NULL;
}

static gboolean is_open(const struct load *load)
{
	g_autofree char *form = open_form(load);
	return form != NULL;
}

static void send_form(struct load *load, guint number)
{
	g_autofree char *form = open_form(load);
	if (load->f->feishu)
		cJSON_Delete(flow_act(load->f,
			"{'do':'submit','as':'p0','channel':'%s','ts':'%s','form_value':{'results':'closed F%u','goals':'call 7','risks':''}}",
			load->directs[0], form, number));
	else
		cJSON_Delete(flow_act(load->f,
			"{'do':'submit','as':'p0','view_id':'%s','values':{'results':{'v':{'value':'closed F%u'}},"
			"'goals':{'v':{'value':'call 7'}}}}",
			form, number));
}

/* What tells how often a form is kept. The caller frees. */
static char *count_of(guint number)
{
	return g_strdup_printf("SELECT COUNT(*) FROM standup_history WHERE field0 = 'closed F%u'", number);
}

static int64_t times_kept(const struct load *load, guint number)
{
	g_autofree char *sql = count_of(number);
	return flow_left_number(load->f, sql);
}

static void ask_for_form(struct load *load)
{
	if (load->f->feishu)
		cJSON_Delete(flow_act(load->f, "{'do':'menu','as':'p0','key':'standup'}"));
	else
		cJSON_Delete(flow_act(load->f, "{'do':'command','as':'p0','channel':'#sales','command':'/standup','text':''}"));
}

/* At once or a moment later; or surely between the commit and the platform's having its acknowledgement. */
static void send_form_and_die(struct load *load, guint number)
{
	struct flow *f = load->f;
	gboolean kept = number % 2;
	g_autofree char *sql = count_of(number);
	gint64 end_us = g_get_monotonic_time() + (gint64)number * FORM_MS * 1000 / FORM_DEATHS;
	cJSON_Delete(flow_act(f, "{'do':'faults','lose_acks':%s,'times':1}", kept ? "true" : "false"));
	send_form(load, number);
	if (kept)
		FLOW_UNTIL(f, flow_number(f, sql) == 1);
	while (g_get_monotonic_time() < end_us)
		flow_turn(1);
	flow_kill(f);
	cJSON_Delete(flow_act(f, "{'do':'faults','lose_acks':false}"));
}

/* A form that closed is kept, of one that did not its person is told. */
static void die_over_a_form(struct load *load, guint number)
{
	struct flow *f = load->f;
	gboolean told = FALSE;
	f->observe = hear_trouble;
	f->data = &told;
	send_form_and_die(load, number);
	flow_take_left(f);
	assert_in_range(times_kept(load, number), 0, 1);
	if (!is_open(load)) {
		assert_int_equal(times_kept(load, number), 1);
		assert_false(told);
	} else {
		platform_waits(load, SECONDS(4));
		FLOW_UNTIL(f, told);
	}
	f->observe = NULL;
}

/* Told of trouble, people send it once more: it counts once. */
static void a_form_in_flight(void **state)
{
	struct load *load = *state;
	guint open = 0;
	for (guint number = 0; number < FORM_DEATHS; number++) {
		flow_start(load->f);
		FLOW_UNTIL(load->f, flow_is_live(load->f));
		ask_for_form(load);
		FLOW_UNTIL(load->f, is_open(load));
		die_over_a_form(load, number);
		open += is_open(load) ? 1 : 0;
		flow_start(load->f);
		FLOW_UNTIL(load->f, flow_is_live(load->f));
		if (is_open(load))
			send_form(load, number);
		FLOW_UNTIL(load->f, !is_open(load) && flow_number(load->f, "SELECT COUNT(*) FROM outbox") == 0);
		assert_int_equal(flow_stop(load->f), 0);
		flow_take_left(load->f);
		assert_int_equal(times_kept(load, number), 1);
	}
	check_consistent(load);
	assert_int_equal(flow_bot_posts(load->f, "#sales"), 1);
	flow_check_posted_once(load->f);
	print_message("%u deaths over a form, %u before its acknowledgement\n", FORM_DEATHS, open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(killed_at_random),
		FLOW_ON_BOTH(a_form_in_flight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
