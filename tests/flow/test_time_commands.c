/* SPDX-License-Identifier: MIT */
/* The program's own answers about time, such as "when would that be due?": what is printed where, and with which exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#define DUE "sla due --calendar cn --start 2026-09-30T17:30 --target "
#define FEW "'--target' must be a span of working time like 30m, 2h, 1h30m, or of calendar days like 7d, not "

static const struct {
	const char *line, *out, *err; /* parts of what is printed; NULL: nothing is */
	int code;
} cases[] = {
	{ DUE "2h", "2026-10-08T02:30:00Z\n2026-10-08T10:30:00+08:00\n", NULL, 0 },
	{ DUE "1h30m", "2026-10-08T02:00:00Z\n", NULL, 0 },
	{ DUE "0m", "2026-09-30T09:30:00Z\n", NULL, 0 },
	{ DUE "7d", "2026-10-07T09:30:00Z\n", NULL, 0 },
	{ DUE "2h --pause 2026-10-08T09:00..2026-10-08T09:30 --pause 2026-10-08T10:00..2026-10-08T10:10", "T11:10:00+08:00\n", NULL, 0 },
	{ "sla due --calendar always --start 2026-09-30T17:30+08:00 --target 12h", "2026-09-30T21:30:00Z\n", NULL, 0 },
	{ "sla due --calendar cn --start 2026-12-31T17:30 --target 2h", "2027-01-01T02:30:00Z\n", "knows days off only until 2026-12-31", 0 },
	{ DUE "2h --pause 2026-10-08T10:00..2026-10-08T09:00", NULL, "'--pause' must not end before it begins", 2 },
	{ DUE "2h --pause 2026-10-08T09:00..2026-10-08T10:00 --pause 2026-10-08T09:30..2026-10-08T09:40", NULL,
		"'--pause' must not begin before the one before it has ended", 2 },
	{ DUE "2h --pause tomorrow", NULL, "'--pause' must be two times, FROM..TO, not 'tomorrow'", 2 },
	{ DUE "2x", NULL, FEW "'2x'", 2 },
	{ DUE "h", NULL, FEW "'h'", 2 },
	{ DUE "99999999999999999999h", NULL, FEW, 2 },
	{ "sla due --calendar moon --start 2026-09-30T17:30 --target 2h", NULL, "there is no calendar 'moon': write always, cn, weekdays, or a file", 2 },
	{ "sla due --calendar cn --start today --target 2h", NULL, "'--start' must be a time like 2026-11-23T17:30", 2 },
	{ "sla due --calendar cn", NULL, "'sla due' needs '--calendar', '--start' and '--target'", 2 },
	{ "calendar show --calendar cn --month 2026-10",
		" Mon  Tue  Wed  Thu  Fri  Sat  Sun\n"
		"                (1)  (2)   3.   4.\n"
		" (5)  (6)  (7)    8    9 [10]  11.\n"
		"  12   13   14   15   16  17.  18.\n"
		"  19   20   21   22   23  24.  25.\n"
		"  26   27   28   29   30  31.\n\n", NULL, 0 },
	{ "calendar show --calendar cn --month 2026-10", "2026-10-07 国庆节 off\n2026-10-10 09:00-18:00\n", NULL, 0 },
	{ "calendar show --calendar cn --month 2026-10", "The next days off by their date:\n2026-10-01 Thu 国庆节\n2026-10-02 Fri 国庆节\n", NULL, 0 },
	{ "calendar show --calendar cn --month 2027-02", "known only until 2026-12-31", NULL, 0 },
	{ "calendar show --calendar always --month 2026-02", "                                 1\n   2    3", NULL, 0 },
	{ "calendar show --calendar cn --month 2026-13", NULL, "'--month' must be a month like 2026-10, not '2026-13'", 2 },
	{ "calendar show --calendar nowhere --month 2026-12", NULL, "there is no calendar 'nowhere'", 2 },
	{ "sla vectors " TEST_DATA "/sla-vectors.json", "20 vectors, 0 failures\n", NULL, 0 },
	{ "sla vectors /nowhere.json", NULL, "cannot play '/nowhere.json'", 1 },
	{ "sla vectors " TEST_DATA "/README.md", NULL, "not valid JSON", 1 },
	{ "sla vectors " TEST_DATA "/standup-texts.json", NULL, "'schema' must be 'belltower-sla-vectors/1'", 1 },
};

static void expect(const char *line, const char *stream, const char *printed, const char *part)
{
	if (part ? strstr(printed, part) == NULL : *printed != '\0')
		fail_msg("%s: on %s '%s' instead of '%s'", line, stream, printed, part ? part : "");
}

static void answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *line = g_strconcat(BELLTOWER " ", cases[i].line, NULL), *out = NULL, *err = NULL;
		int status;
		assert_true(g_spawn_command_line_sync(line, &out, &err, &status, NULL));
		expect(cases[i].line, "standard error", err, cases[i].err);
		expect(cases[i].line, "standard output", out, cases[i].out);
		assert_int_equal(WEXITSTATUS(status), cases[i].code);
	}
}

/* A file of vectors of which one does not hold: it is named, and the exit status says so. */
static void a_failure_is_told(void **state)
{
	(void)state;
	g_autofree char *text = NULL, *path = NULL, *out = NULL;
	int status, file = g_file_open_tmp("vectors-XXXXXX.json", &path, NULL);
	assert_true(file >= 0 && g_close(file, NULL));
	assert_true(g_file_get_contents(TEST_DATA "/sla-vectors.json", &text, NULL, NULL));
	g_auto(GStrv) parts = g_strsplit(text, "\"due_at\": \"2026-06-10T07:05:00Z\"", 2);
	g_autofree char *changed = g_strjoinv("\"due_at\": \"2026-06-10T07:06:00Z\"", parts);
	assert_true(g_file_set_contents(path, changed, -1, NULL));
	g_autofree char *line = g_strconcat(BELLTOWER " sla vectors ", path, NULL);
	assert_true(g_spawn_command_line_sync(line, &out, NULL, &status, NULL));
	g_unlink(path);
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_string_equal(out,
		"S01: due_at is \"2026-06-10T07:05:00Z\", expected \"2026-06-10T07:06:00Z\"\n20 vectors, 1 failures\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(a_failure_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
