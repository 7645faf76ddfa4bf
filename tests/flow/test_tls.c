/* SPDX-License-Identifier: MIT */
/* As in production: https and wss with an authority of one's own, straight and through a proxy; and what is not trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "connect_proxy.h"
#include "tests/support/flow.h"

static const char *const channels[] = { "sales", NULL };

struct tls {
	struct flow *f;
	char *folder; /* the certificates */
	gboolean feishu;
};

static int set_up(void **state)
{
	struct tls *t = g_new0(struct tls, 1);
	t->feishu = GPOINTER_TO_INT(*state);
	t->folder = g_dir_make_tmp("belltower-tls-XXXXXX", NULL);
	char *argv[] = { (char *)"sh", (char *)SOURCE_ROOT "/tests/support/test-ca.sh", t->folder, NULL };
	int status;
	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
	assert_int_equal(status, 0);
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	struct tls *t = *state;
	flow_free(t->f);
	flow_remove_folder(t->folder);
	g_free(t->folder);
	g_free(t);
	return 0;
}

/* The sandbox with this certificate. */
static void open_sandbox(struct tls *t, const char *certificate)
{
	g_autofree char *cert = g_strdup_printf("%s/%s.pem", t->folder, certificate);
	g_autofree char *key = g_strdup_printf("%s/%s.key", t->folder, certificate);
	t->f = flow_new(&(struct flow_setup){ .people = 2, .channels = channels, .cert_file = cert, .key_file = key, .feishu = t->feishu });
	assert_true(g_str_has_prefix(sandbox_url(t->f->sandbox), "https://"));
}

static void trust(struct tls *t, const char *authority, const char *further)
{
	g_autofree char *lines = g_strdup_printf("    ca_file: %s/%s.pem\n%s", t->folder, authority, further);
	flow_configure(t->f, lines);
}

/* A standup, an edit of it, a frame of more than 64 KiB, and one more standup after it. */
static void check_standup(struct flow *f)
{
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts) && flow_bot_posts(f, "#sales") == 1);
	g_autofree char *padding = g_strnfill(100 * 1024, 'x');
	g_free(flow_say(f, "p1", "#sales", padding));
	FLOW_UNTIL(f, sandbox_is_quiet(f->sandbox)); /* acknowledged */
	g_autofree char *after = flow_say(f, "p1", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", after));
	assert_int_equal(f->connections, 1);
	assert_int_equal(flow_stop(f), 0);
	flow_check_posted_once(f);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), 2);
}

static void an_authority_of_ones_own(void **state)
{
	struct tls *t = *state;
	open_sandbox(t, "server");
	trust(t, "ca", "");
	check_standup(t->f);
}

static void through_a_proxy(void **state)
{
	struct tls *t = *state;
	struct connect_proxy *proxy = connect_proxy_new("user:secret");
	open_sandbox(t, "server");
	g_autofree char *line = g_strdup_printf("    proxy: http://user:secret@127.0.0.1:%u\n", connect_proxy_port(proxy));
	trust(t, "ca", line);
	check_standup(t->f);
	/* The WebSocket and at least one connection for requests. */
	assert_true(connect_proxy_tunnels(proxy) >= 2);
	assert_false(flow_logged(t->f, "secret"));
	connect_proxy_free(proxy);
}

static void through_the_environments_proxy(void **state)
{
	struct tls *t = *state;
	struct connect_proxy *proxy = connect_proxy_new(NULL);
	open_sandbox(t, "server");
	trust(t, "ca", "");
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", connect_proxy_port(proxy));
	t->f->environment = (const char *[]){ "https_proxy", url, "no_proxy", "", NULL };
	check_standup(t->f);
	assert_true(connect_proxy_tunnels(proxy) >= 2);
	connect_proxy_free(proxy);
}

/* Nothing is said to whom we do not trust, the operator is told why, and `check` tells it too. */
static void check_refused(struct tls *t, const char *why)
{
	struct flow *f = t->f;
	g_autofree char *out = NULL;
	flow_start(f);
	FLOW_UNTIL(f, flow_logged(f, why));
	assert_int_equal(f->connections, 0);
	assert_int_equal(flow_program(f, &out, NULL, "check", "--online", "-c", f->config, NULL), 1);
	if (!strstr(out, why))
		fail_msg("%s", out);
	assert_int_equal(flow_stop(f), 0);
}

static void a_stranger_is_refused(void **state)
{
	struct tls *t = *state;
	open_sandbox(t, "server");
	trust(t, "stranger-ca", "");
	check_refused(t, "unable to get local issuer certificate");
}

static void another_hosts_certificate_is_refused(void **state)
{
	struct tls *t = *state;
	open_sandbox(t, "elsewhere");
	trust(t, "ca", "");
	check_refused(t, "127.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(an_authority_of_ones_own),
		FLOW_ON_BOTH(through_a_proxy),
		FLOW_ON_BOTH(through_the_environments_proxy),
		FLOW_ON_BOTH(a_stranger_is_refused),
		FLOW_ON_BOTH(another_hosts_certificate_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
