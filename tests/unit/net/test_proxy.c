/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define P "http://plain:3128"
#define S "http://secure:3128"

static const struct {
	const char *configured, *no_proxy;
	gboolean tls;
	const char *host, *expect;
} cases[] = {
	{ NULL, NULL, TRUE, "slack.com", S },
	{ NULL, NULL, FALSE, "slack.com", P },
	{ "", NULL, TRUE, "slack.com", NULL },
	{ "http://own:1", "*", TRUE, "slack.com", "http://own:1" },
	{ NULL, "*", TRUE, "slack.com", NULL },
	{ NULL, "slack.com", TRUE, "slack.com", NULL },
	{ NULL, "slack.com", TRUE, "wss-primary.slack.com", NULL },
	{ NULL, ".slack.com", TRUE, "wss-primary.SLACK.com", NULL },
	{ NULL, ".slack.com", TRUE, "slack.com", NULL },
	{ NULL, "slack.com", TRUE, "notslack.com", S },
	{ NULL, "slack.com", TRUE, "com", S },
	{ NULL, "localhost, 127.0.0.1 ,::1", TRUE, "127.0.0.1", NULL },
	{ NULL, "localhost,127.0.0.1,::1", FALSE, "::1", NULL },
	{ NULL, "", TRUE, "slack.com", S },
	{ NULL, ",.,", TRUE, "slack.com", S },
};

static void the_words_are_read_as_curl_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct proxy_words words = {
			.http_proxy = P, .https_proxy = S, .no_proxy = cases[i].no_proxy
		};
		const char *got = proxy_pick(cases[i].configured, &words, cases[i].tls, cases[i].host);
		if (g_strcmp0(got, cases[i].expect) != 0)
			fail_msg("case %zu: %s, expected %s", i, got ? got : "straight",
				cases[i].expect ? cases[i].expect : "straight");
	}
}

static void without_words_it_goes_straight(void **state)
{
	(void)state;
	const struct proxy_words none = { 0 };
	assert_null(proxy_pick(NULL, &none, TRUE, "slack.com"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_are_read_as_curl_does),
		cmocka_unit_test(without_words_it_goes_straight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
