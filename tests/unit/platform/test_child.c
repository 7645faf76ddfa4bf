/* SPDX-License-Identifier: MIT */
/* Programs that behave, and programs that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/child.h"
#include "tests/unit/platform/programs.h"

enum { PATIENT_MS = 60000 };

struct heard {
	unsigned calls;
	char *answer, *why;
};

static void on_done(GBytes *answer, const char *why, gpointer data)
{
	struct heard *h = data;
	gsize length = 0;
	const char *bytes = answer ? g_bytes_get_data(answer, &length) : NULL;
	h->calls++;
	h->answer = answer ? g_strndup(bytes ? bytes : "", length) : NULL;
	h->why = g_strdup(why);
}

static void heard_clear(struct heard *h)
{
	g_free(h->answer);
	g_free(h->why);
	*h = (struct heard){ 0 };
}

static gboolean set_flag(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

/* At most half a minute. */
static void wait_for_done(struct heard *h)
{
	gboolean late = FALSE;
	guint limit = g_timeout_add_seconds(30, set_flag, &late);
	while (h->calls == 0 && !late)
		g_main_context_iteration(NULL, TRUE);
	if (!late)
		g_source_remove(limit);
	assert_int_equal(h->calls, 1);
}

static struct heard run(const char *program, const char *input, gsize length, gsize most_bytes, guint limit_ms)
{
	struct heard h = { 0 };
	g_autoptr(GBytes) in = g_bytes_new(input, length);
	child_run(&(struct child_order){ program, in, most_bytes, limit_ms }, on_done, &h);
	assert_int_equal(h.calls, 0); /* never from inside */
	wait_for_done(&h);
	return h;
}

static void what_goes_in_comes_out(void **state)
{
	(void)state;
	/* More than a pipe holds, both ways at once. */
	enum { LONG = 3 * 1024 * 1024 };
	g_autofree char *text = g_malloc(LONG + 1);
	memset(text, 'x', LONG);
	text[LONG] = '\0';
	struct heard h = run("/bin/cat", text, LONG, LONG, PATIENT_MS);
	assert_null(h.why);
	assert_string_equal(h.answer, text);
	heard_clear(&h);
	h = run("/bin/cat", "", 0, 10, PATIENT_MS);
	assert_string_equal(h.answer, "");
	heard_clear(&h);
}

static void failures_have_their_reason(void **state)
{
	struct programs *p = *state;
	static const struct {
		const char *lines, *why;
		guint limit_ms;
	} cases[] = {
		{ "echo half; exit 3", "3", PATIENT_MS },
		{ "echo half; kill -9 $$", "signal 9", PATIENT_MS },
		{ "exec sleep 1000", "too long", 50 },
		{ "exec 1>&-; exec sleep 1000", "too long", 50 },
		{ "trap '' TERM INT HUP; while :; do sleep 1; done", "too long", 50 },
		{ "sleep 2 & exit 0", "too long", 50 }, /* somebody it has started holds the pipe */
		{ "exec yes", "too much", PATIENT_MS },
		{ "echo 12345678901", "too much", PATIENT_MS },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct heard h = run(programs_write(p, cases[i].lines), "input", 5, 10, cases[i].limit_ms);
		if (h.answer || !strstr(h.why, cases[i].why))
			fail_msg("%s: %s", cases[i].lines, h.why ? h.why : h.answer);
		heard_clear(&h);
	}
}

static void one_that_does_not_listen_may_be_right(void **state)
{
	struct programs *p = *state;
	g_autofree char *much = g_strnfill(1024 * 1024, 'x');
	struct heard h = run(programs_write(p, "exec 0<&-; echo done"), much, 1024 * 1024, 10, PATIENT_MS);
	assert_string_equal(h.answer, "done\n");
	heard_clear(&h);
}

static void a_missing_program_is_told_later(void **state)
{
	(void)state;
	struct heard h = run("/nowhere/belltower-picture", "x", 1, 10, PATIENT_MS);
	assert_null(h.answer);
	assert_non_null(strstr(h.why, "belltower-picture"));
	heard_clear(&h);
}

static void who_is_cancelled_says_nothing(void **state)
{
	struct programs *p = *state;
	struct heard h = { 0 }, other = { 0 };
	g_autoptr(GBytes) in = g_bytes_new_static("x", 1);
	const char *const programs[] = { programs_write(p, "exec sleep 1000"), "/nowhere/at-all", "/bin/cat" };
	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++)
		child_cancel(child_run(&(struct child_order){ programs[i], in, 10, PATIENT_MS }, on_done, &h));
	child_cancel(NULL);
	other = run("/bin/cat", "y", 1, 10, PATIENT_MS); /* what was cancelled has had its time */
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_int_equal(h.calls, 0);
	heard_clear(&other);
}

static int open_programs(void **state)
{
	static struct programs programs;
	programs_open(&programs);
	*state = &programs;
	return 0;
}

static int close_programs(void **state)
{
	programs_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(failures_have_their_reason),
		cmocka_unit_test(one_that_does_not_listen_may_be_right),
		cmocka_unit_test(a_missing_program_is_told_later),
		cmocka_unit_test(who_is_cancelled_says_nothing),
	};
	return cmocka_run_group_tests(tests, open_programs, close_programs);
}
