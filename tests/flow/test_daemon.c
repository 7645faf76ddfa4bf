/* SPDX-License-Identifier: MIT */
/* The daemon as a process: from its first moment to its last, its signals and its exit codes, and what systemd hears of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gio/gunixsocketaddress.h>
#include <signal.h>

#include "tests/support/flow.h"

enum { PEOPLE = 30 };

static const char *const channels[] = { "sales", NULL };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels });
	flow_configure(f, "");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

static void go_live(struct flow *f)
{
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
}

static char *digest_of(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize length;
	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

/* ---- beginning ---- */

/* Of the people and channels it knows only names yet: neither the open channel nor a direct message is lost on it. */
static void counts_from_the_first_moment(void **state)
{
	struct flow *f = *state;
	g_autofree char *direct = flow_direct(f, "p1");
	go_live(f);
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	g_autofree char *ts1 = flow_say(f, "p1", direct, FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts) && flow_is_accepted(f, direct, ts1));
	FLOW_UNTIL(f, flow_bot_posts(f, "#sales") == 1);
	assert_int_equal(flow_bot_posts(f, direct), 0);
	assert_int_equal(flow_stop(f), 0);
}

static void refused_tokens(void **state)
{
	struct flow *f = *state;
	g_autofree char *text = flow_config_text(f, "");
	g_auto(GStrv) parts = g_strsplit(text, "xoxb-sandbox", 2);
	g_autofree char *wrong = g_strjoinv("xoxb-1-wrong", parts);
	flow_write_config(f, wrong);
	flow_start(f);
	assert_int_equal(flow_ended(f), 3);
	assert_true(flow_logged(f, "invalid_auth"));
}

static void one_daemon_for_a_database(void **state)
{
	struct flow *f = *state;
	g_autofree char *err = NULL;
	go_live(f);
	assert_int_equal(flow_program(f, NULL, &err, "run", "-c", f->config, NULL), 1);
	assert_non_null(strstr(err, "another belltower"));
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	assert_int_equal(flow_stop(f), 0);
}

static void a_database_from_the_future(void **state)
{
	struct flow *f = *state;
	g_autofree char *err = NULL;
	go_live(f);
	assert_int_equal(flow_stop(f), 0);
	flow_change(f, "INSERT INTO migration (owner, number, checksum, version) VALUES ('standup', 999, 'x', '9.0.0')");
	g_autofree char *before = digest_of(f->database);
	assert_int_equal(flow_program(f, NULL, &err, "run", "-c", f->config, NULL), 1);
	assert_non_null(strstr(err, "9.0.0"));
	assert_non_null(strstr(err, "newer"));
	g_autofree char *after = digest_of(f->database);
	assert_string_equal(after, before);
}

/* ---- SIGTERM ---- */

struct burst {
	char *ts, *results;
};

static void say_many(struct flow *f, struct burst *said, guint count)
{
	for (guint i = 0; i < count; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i % PEOPLE);
		g_autofree char *text = g_strdup_printf("Yesterday: closed T%u\nToday: call 15 new leads\nRisks: none", i);
		said[i].ts = flow_say(f, who, "#sales", text);
		said[i].results = g_strdup_printf("closed T%u", i);
	}
}

static guint count_acked(const struct flow *f, const struct burst *said, guint count)
{
	guint acked = 0;
	for (guint i = 0; i < count; i++)
		acked += flow_is_acknowledged(f, said[i].ts) ? 1 : 0;
	return acked;
}

/* Kept and acknowledged are the same, and what was caused has been sent. */
static void check_burst(struct flow *f, struct burst *said, guint count)
{
	flow_take_left(f);
	g_autoptr(GPtrArray) kept = flow_left_texts(f, "SELECT field0 FROM standup_history");
	for (guint i = 0; i < count; i++) {
		gboolean is_kept = g_ptr_array_find_with_equal_func(kept, said[i].results, g_str_equal, NULL);
		assert_int_equal(is_kept, flow_is_acknowledged(f, said[i].ts));
	}
	assert_int_equal(flow_left_number(f, "SELECT COUNT(*) FROM outbox"), 0);
	assert_true(kept->len > 0);
}

static void terminated_in_a_batch(void **state)
{
	enum { COUNT = 600 };
	struct flow *f = *state;
	struct burst *said = g_new0(struct burst, COUNT);
	go_live(f);
	g_autofree char *first = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", first));
	say_many(f, said, COUNT);
	FLOW_UNTIL(f, count_acked(f, said, COUNT) > 20);
	assert_int_equal(flow_stop(f), 0);
	print_message("%u of %d acknowledged\n", count_acked(f, said, COUNT), COUNT);
	check_burst(f, said, COUNT);
	for (guint i = 0; i < COUNT; i++) {
		g_free(said[i].ts);
		g_free(said[i].results);
	}
	g_free(said);
}

/* ---- SIGUSR1 ---- */

/* When it last heard something, and how soon it answers: a connection that stands may be deaf. */
static void tells_how_it_stands(struct flow *f, const char *const *facts)
{
	go_live(f);
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	flow_signal(f, SIGUSR1);
	FLOW_UNTIL(f, flow_logged(f, "status workspace=acme"));
	for (; *facts; facts++)
		if (!flow_logged(f, *facts))
			fail_msg("the status lacks '%s'", *facts);
	assert_false(flow_logged(f, "ticket"));
	assert_int_equal(flow_stop(f), 0);
}

static void tells_how_slack_stands(void **state)
{
	tells_how_it_stands(*state, (const char *[]){ "silent_s", "connections_of_app", "p99_us", NULL });
}

static void tells_how_feishu_stands(void **state)
{
	(void)state;
	struct flow *f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = TRUE });
	flow_configure(f, "");
	tells_how_it_stands(f, (const char *[]){ "last_frame_s", "last_event_s", "last_response_s", "drops", "p99_us", NULL });
	flow_free(f);
}

/* ---- SIGHUP ---- */

static void a_new_team_by_reload(void **state)
{
	struct flow *f = *state;
	cJSON_Delete(flow_act(f, "{'do':'add_channel','name':'north','members':['p2','belltower']}"));
	go_live(f);
	g_autofree char *early = flow_say(f, "p2", "#north", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_acknowledged(f, early));
	g_strfreev(f->channels);
	f->channels = g_strdupv((char *[]){ "sales", "north", NULL });
	flow_configure(f, "");
	flow_signal(f, SIGHUP);
	FLOW_UNTIL(f, flow_logged(f, "the new configuration is in force"));
	g_autofree char *ts = flow_say(f, "p2", "#north", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#north", ts));
	assert_false(flow_is_accepted(f, "#north", early));
	assert_int_equal(f->connections, 1);
	assert_int_equal(flow_stop(f), 0);
}

static void write_calendar(const struct flow *f, const char *days)
{
	g_autofree char *path = g_build_filename(f->folder, "days.yaml", NULL);
	g_autofree char *text = g_strdup_printf("zone: UTC\nhours:\n  mon-fri: 09:00-18:00\n%s", days);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static guint times_logged(const struct flow *f, const char *words)
{
	g_autofree char *log = NULL;
	guint count = 0;
	if (!g_file_get_contents(f->log, &log, NULL, NULL))
		return 0;
	for (const char *at = log; (at = strstr(at, words)); at++)
		count++;
	return count;
}

/* What is promised is computed anew by a calendar that has changed. */
#define RECALENDARED "SELECT count(*) FROM response_event WHERE kind = 'recalendar'"

/* A calendar's file is read again when it changes; one that is wrong leaves the old one in force. */
static void a_changed_calendar_counts_at_once(void **state)
{
	struct flow *f = *state;
	g_autofree char *text = flow_config_text(f, "");
	g_auto(GStrv) parts = g_strsplit(text, "    channel:", 2);
	g_autofree char *changed = g_strjoinv("    calendar: days.yaml\n    channel:", parts);
	write_calendar(f, "");
	flow_write_config(f, changed);
	go_live(f);
	g_autofree char *ts = flow_say(f, "p0", "#sales", "@belltower blocker The customer waits");
	FLOW_UNTIL(f, flow_number(f, "SELECT count(*) FROM response") == 2);
	write_calendar(f, "off:\n  2099-01-02: Founders' day\n");
	FLOW_UNTIL(f, times_logged(f, "the new configuration is in force") == 1);
	assert_true(flow_logged(f, "a calendar's file has changed"));
	FLOW_UNTIL(f, flow_number(f, RECALENDARED) == 2);
	write_calendar(f, "off: never\n");
	FLOW_UNTIL(f, flow_logged(f, "the old configuration stays in force"));
	assert_true(flow_logged(f, "days.yaml"));
	assert_int_equal(flow_number(f, RECALENDARED), 2);
	write_calendar(f, "");
	FLOW_UNTIL(f, times_logged(f, "the new configuration is in force") == 2);
	FLOW_UNTIL(f, flow_number(f, RECALENDARED) == 4);
	assert_int_equal(flow_stop(f), 0);
}

static void a_wrong_configuration_is_not_taken(void **state)
{
	struct flow *f = *state;
	go_live(f);
	g_autofree char *text = flow_config_text(f, "    no_such_key: 1\n");
	flow_write_config(f, text);
	flow_signal(f, SIGHUP);
	FLOW_UNTIL(f, flow_logged(f, "the old configuration stays in force"));
	assert_true(flow_logged(f, "no_such_key"));
	assert_true(flow_logged(f, "belltower.yaml:11:"));
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	assert_int_equal(flow_stop(f), 0);
}

/* ---- systemd ---- */

struct manager {
	GSocket *socket;
	GString *heard; /* all that was told, each ended by a line feed */
};

static gboolean told(GSocket *socket, GIOCondition condition, gpointer data)
{
	(void)condition;
	struct manager *m = data;
	char text[1024];
	gssize length = g_socket_receive(socket, text, sizeof text, NULL, NULL);
	if (length > 0)
		g_string_append_len(m->heard, text, length);
	g_string_append_c(m->heard, '\n');
	return G_SOURCE_CONTINUE;
}

static guint count_of(const struct manager *m, const char *word)
{
	guint count = 0;
	for (const char *at = m->heard->str; (at = strstr(at, word)); at++)
		count++;
	return count;
}

static GSource *listen_for(struct manager *m, const char *path)
{
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	m->socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
	assert_true(g_socket_bind(m->socket, address, TRUE, NULL));
	m->heard = g_string_new(NULL);
	GSource *source = g_socket_create_source(m->socket, G_IO_IN, NULL);
	g_source_set_callback(source, G_SOURCE_FUNC(told), m, NULL);
	g_source_attach(source, NULL);
	return source;
}

static void systemd_is_told(void **state)
{
	struct flow *f = *state;
	struct manager m = { 0 };
	g_autofree char *path = g_build_filename(f->folder, "notify", NULL);
	GSource *source = listen_for(&m, path);
	f->environment = (const char *[]){ "NOTIFY_SOCKET", path, "WATCHDOG_USEC", "400000", NULL };
	flow_start(f);
	FLOW_UNTIL(f, count_of(&m, "READY=1") == 1 && count_of(&m, "STATUS=1 of 1") == 1);
	FLOW_UNTIL(f, count_of(&m, "WATCHDOG=1") >= 5);
	flow_signal(f, SIGHUP);
	FLOW_UNTIL(f, count_of(&m, "RELOADING=1") >= 1 && count_of(&m, "READY=1") >= 2);
	flow_write_config(f, "nonsense");
	guint reloads = count_of(&m, "RELOADING=1"), readies = count_of(&m, "READY=1");
	flow_signal(f, SIGHUP);
	FLOW_UNTIL(f, count_of(&m, "RELOADING=1") > reloads && count_of(&m, "READY=1") > readies);
	assert_int_equal(flow_stop(f), 0);
	FLOW_UNTIL(f, count_of(&m, "STOPPING=1") == 1);
	g_source_destroy(source);
	g_source_unref(source);
	g_object_unref(m.socket);
	g_string_free(m.heard, TRUE);
}

#define FLOW_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(counts_from_the_first_moment),
		FLOW_TEST(refused_tokens),
		FLOW_TEST(one_daemon_for_a_database),
		FLOW_TEST(a_database_from_the_future),
		FLOW_TEST(terminated_in_a_batch),
		FLOW_TEST(tells_how_slack_stands),
		cmocka_unit_test(tells_how_feishu_stands),
		FLOW_TEST(a_new_team_by_reload),
		FLOW_TEST(a_changed_calendar_counts_at_once),
		FLOW_TEST(a_wrong_configuration_is_not_taken),
		FLOW_TEST(systemd_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
