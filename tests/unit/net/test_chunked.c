/* SPDX-License-Identifier: MIT */
#include "net/chunked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct {
	const char *bytes;
	enum chunked_verdict verdict;
	const char *body;
} cases[] = {
	{ "5\r\nhello\r\n0\r\n\r\n", CHUNKED_DONE, "hello" },
	{ "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", CHUNKED_DONE, "hello world" },
	{ "A;name=value\r\n0123456789\r\n0;last\r\n\r\n", CHUNKED_DONE, "0123456789" },
	{ "0\r\n\r\n", CHUNKED_DONE, "" },
	{ "0\r\nTrailer: 1\r\nOther: 2\r\n\r\nGET /next", CHUNKED_DONE, "" },
	{ "2\nok\n0\n\n", CHUNKED_DONE, "ok" },
	{ "5\r\nhel", CHUNKED_MORE, "hel" },
	{ "5\r\nhello\r\n", CHUNKED_MORE, "hello" },
	{ "5\r\nhello\r\n0\r\n", CHUNKED_MORE, "hello" },
	{ "", CHUNKED_MORE, "" },
	{ "x\r\n", CHUNKED_BAD, "" },
	{ "\r\n", CHUNKED_BAD, "" },
	{ "5\r\nhelloX", CHUNKED_BAD, "hello" },
	{ "123456789\r\n", CHUNKED_LARGE, "" },
	{ "15\r\n0123456789abcdefghijk\r\n", CHUNKED_LARGE, "" }, /* beyond the limit of 20 */
	{ "a\r\n0123456789\r\nb\r\n0123456789a\r\n", CHUNKED_LARGE, "0123456789" },
};

static void check(size_t i, gsize piece)
{
	struct chunked c = { 0 };
	g_autoptr(GString) body = g_string_new(NULL);
	gsize length = strlen(cases[i].bytes);
	enum chunked_verdict verdict = CHUNKED_MORE;
	for (gsize at = 0; at < length; at += piece)
		verdict = chunked_feed(&c, cases[i].bytes + at, MIN(piece, length - at), body, 20);
	if (verdict != cases[i].verdict || (verdict < CHUNKED_LARGE && strcmp(body->str, cases[i].body) != 0))
		fail_msg("case %zu in pieces of %zu: verdict %u, '%s'", i, piece, verdict, body->str);
}

static void bodies_are_read_however_they_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		check(i, 1);
		check(i, 3);
		check(i, 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bodies_are_read_however_they_are_cut) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
