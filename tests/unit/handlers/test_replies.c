/* SPDX-License-Identifier: MIT */
/* From what people write to answers: a line for each case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "checkin/replies.h"

static char *fruits[] = { "Apple", "Apricot", "Banana", "梨", NULL };
static char *digits[] = { "10", "20", "1", NULL };

static struct config_question text = { .kind = "text" }, note = { .kind = "text", .optional = TRUE };
static struct config_question number = { .kind = "number", .least = CONFIG_NO_LEAST, .most = CONFIG_NO_MOST };
static struct config_question pages = { .kind = "number", .least = 0, .most = 1000, .optional = TRUE };
static struct config_question fruit = { .kind = "choice", .options = fruits }, digit = { .kind = "choice", .options = digits };
static struct config_question scale = { .kind = "scale", .least = 1, .most = 5 };

static const struct {
	const struct config_question *question;
	const char *said;
	enum reply_problem problem;
	const char *text;
	int64_t thousandths;
} cases[] = {
	{ &text, "  finished chapter 3 ", REPLY_OK, "finished chapter 3", 0 },
	{ &text, "无", REPLY_OK, "无", 0 }, /* not optional: an answer like any other */
	{ &text, " ", REPLY_MISSING, "", 0 },
	{ &note, "none", REPLY_OK, "", 0 },
	{ &note, "-", REPLY_OK, "", 0 },
	{ &note, "", REPLY_OK, "", 0 },

	{ &number, "12", REPLY_OK, "12", 12000 },
	{ &number, "-2.5", REPLY_OK, "-2.5", -2500 },
	{ &number, "+7", REPLY_OK, "7", 7000 },
	{ &number, "1,200", REPLY_OK, "1200", 1200000 },
	{ &number, "1,200.125", REPLY_OK, "1200.125", 1200125 },
	{ &number, "１２．５", REPLY_OK, "12.5", 12500 },
	{ &number, "30 min", REPLY_OK, "30", 30000 },
	{ &number, "3本", REPLY_OK, "3", 3000 },
	{ &number, "80%", REPLY_OK, "80", 80000 },
	{ &number, "1000000000", REPLY_OK, "1000000000", 1000000000000 },
	{ &number, "1000000001", REPLY_NO_NUMBER, "1000000001", 0 },
	{ &number, "99999999999999999999999", REPLY_NO_NUMBER, "99999999999999999999999", 0 },
	{ &number, "12,5", REPLY_NO_NUMBER, "12,5", 0 }, /* twelve and a half, or a list? */
	{ &number, "1h30", REPLY_NO_NUMBER, "1h30", 0 },
	{ &number, "3-4", REPLY_NO_NUMBER, "3-4", 0 },
	{ &number, "1.2345", REPLY_NO_NUMBER, "1.2345", 0 },
	{ &number, "1.", REPLY_NO_NUMBER, "1.", 0 },
	{ &number, "many", REPLY_NO_NUMBER, "many", 0 },
	{ &number, "-", REPLY_NO_NUMBER, "-", 0 },
	{ &pages, "0", REPLY_OK, "0", 0 },
	{ &pages, "1000", REPLY_OK, "1000", 1000000 },
	{ &pages, "1000.001", REPLY_OUT_OF_RANGE, "1000.001", 0 },
	{ &pages, "-1", REPLY_OUT_OF_RANGE, "-1", 0 },
	{ &pages, "没有", REPLY_OK, "", 0 },

	{ &fruit, "banana", REPLY_OK, "Banana", 0 },
	{ &fruit, "b", REPLY_OK, "Banana", 0 },
	{ &fruit, "ap", REPLY_NO_OPTION, "ap", 0 }, /* two begin so */
	{ &fruit, "apr", REPLY_OK, "Apricot", 0 },
	{ &fruit, "梨", REPLY_OK, "梨", 0 },
	{ &fruit, "1", REPLY_OK, "Apple", 0 },
	{ &fruit, "４", REPLY_OK, "梨", 0 },
	{ &fruit, "5", REPLY_NO_OPTION, "5", 0 },
	{ &fruit, "0", REPLY_NO_OPTION, "0", 0 },
	{ &fruit, "1.5", REPLY_NO_OPTION, "1.5", 0 },
	{ &fruit, "cherry", REPLY_NO_OPTION, "cherry", 0 },
	{ &digit, "1", REPLY_OK, "1", 0 }, /* its words before its number */
	{ &digit, "2", REPLY_OK, "20", 0 },
	{ &digit, "3", REPLY_OK, "1", 0 },

	{ &scale, "4", REPLY_OK, "4", 4000 },
	{ &scale, "4分", REPLY_OK, "4", 4000 },
	{ &scale, "4/5", REPLY_OK, "4", 4000 },
	{ &scale, "4/10", REPLY_NO_POINT, "4/10", 0 },
	{ &scale, "0", REPLY_NO_POINT, "0", 0 },
	{ &scale, "6", REPLY_NO_POINT, "6", 0 },
	{ &scale, "4.5", REPLY_NO_POINT, "4.5", 0 },
	{ &scale, "good", REPLY_NO_POINT, "good", 0 },
};

static void reads_each_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct reply reply = reply_read(cases[i].question, cases[i].said);
		gboolean right = reply.problem == cases[i].problem && strcmp(reply.text, cases[i].text) == 0 &&
				 (reply.problem != REPLY_OK || reply.thousandths == cases[i].thousandths);
		if (!right)
			fail_msg("'%s' gave %d, '%s', %" G_GINT64_FORMAT, cases[i].said, (int)reply.problem, reply.text, reply.thousandths);
		g_free(reply.text);
	}
}

static void a_long_text_is_too_long(void **state)
{
	(void)state;
	g_autofree char *most = g_strnfill(REPLY_LIMIT, 'x'), *more = g_strnfill(REPLY_LIMIT + 1, 'x');
	struct reply fits = reply_read(&text, most), not = reply_read(&text, more);
	assert_int_equal(fits.problem, REPLY_OK);
	assert_int_equal(not.problem, REPLY_TOO_LONG);
	g_free(fits.text);
	g_free(not.text);
}

/* ---- a whole message ---- */

static struct config_question *const four[] = { &text, &pages, &fruit, &scale, NULL }, *const one[] = { &text, NULL },
				    *const notes[] = { &scale, &note, &pages, NULL };

static const struct {
	struct config_question *const *questions;
	const char *said;
	const char *expected; /* the answers with "|" between; a wrong one with its "!"; "#N": N parts, and nobody knows whose */
} messages[] = {
	{ four, "the book\n120\nbanana\n4", "the book|120|Banana|4" },
	{ four, "the book\r\n\n 120 \nbanana\n4\n", "the book|120|Banana|4" },
	{ four, "1. the book\n2. 120\n3. banana\n4. 4", "the book|120|Banana|4" },
	{ four, "1、the book\n2、120\n3、2\n4、4", "the book|120|Apricot|4" },
	{ four, "（4）5\n（1）the book\nand another\n（3）梨", "the book\nand another||梨|5" },
	{ four, "the book; 120; banana; 4", "the book|120|Banana|4" },
	{ four, "the book；120；banana；4", "the book|120|Banana|4" },
	{ four, "the book | - | banana | 4", "the book||Banana|4" },
	{ four, "the book\nmany\ncherry\n4", "the book|!many|!cherry|4" },
	{ four, "1. the book\n4. 9", "the book||!|!9" },
	{ four, "the book\n120\nbanana", "#3" },
	{ four, "the book\n120\nbanana\n4\nand more", "#5" },
	{ four, "1. a\n1. b", "#2" },
	{ four, "1. a\n5. b", "#2" },
	{ four, "thanks!", "#1" },
	{ four, "", "#0" },
	{ one, "one line\nand another; with this", "one line\nand another; with this" },
	{ one, "1.5 hours of it", "1.5 hours of it" },
	{ notes, "4", "4||" },
	{ notes, "4\nfine", "4|fine|" },
	{ notes, "4; -; 30", "4||30" },
	{ notes, "4.5\nfine", "!4.5|fine|" }, /* not question 4 */
};

static char *told(const struct replies *replies)
{
	if (!replies->list)
		return g_strdup_printf("#%u", replies->parts);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < replies->count; i++)
		g_string_append_printf(out, "%s%s%s", i ? "|" : "", replies->list[i].problem ? "!" : "", replies->list[i].text);
	return g_string_free(out, FALSE);
}

static void finds_the_answers_of_a_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		struct replies replies;
		gboolean good = replies_read(messages[i].questions, messages[i].said, &replies);
		g_autofree char *got = told(&replies);
		if (strcmp(got, messages[i].expected) != 0)
			fail_msg("'%s' gave '%s', not '%s'", messages[i].said, got, messages[i].expected);
		assert_int_equal(good, !strpbrk(messages[i].expected, "!#"));
		replies_release(&replies);
	}
}

static void a_form_has_them_in_their_places(void **state)
{
	(void)state;
	struct replies replies;
	assert_true(replies_from_form(four, (const char *const[]){ "1. the book\n2. another", NULL, "1", "5" }, &replies));
	assert_string_equal(replies.list[0].text, "1. the book\n2. another");
	assert_string_equal(replies.list[2].text, "Apple");
	replies_release(&replies);
	assert_false(replies_from_form(four, (const char *const[]){ "", "x", "1", "5" }, &replies));
	assert_int_equal(replies_problems(&replies), 2);
	replies_release(&replies);
}

static void writes_decimals(void **state)
{
	(void)state;
	static const struct {
		int64_t thousandths;
		int decimals;
		const char *text;
	} numbers[] = { { 0, 3, "0" }, { 12500, 3, "12.5" }, { 12340, 1, "12.3" }, { 12350, 1, "12.4" }, { -12350, 1, "-12.4" },
		{ 999, 0, "1" }, { -40, 1, "0" }, { 3000, 1, "3" }, { 1200125, 3, "1200.125" }, { 100000, 0, "100" } };
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autofree char *got = reply_decimal(numbers[i].thousandths, numbers[i].decimals);
		assert_string_equal(got, numbers[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_kind),
		cmocka_unit_test(a_long_text_is_too_long),
		cmocka_unit_test(finds_the_answers_of_a_message),
		cmocka_unit_test(a_form_has_them_in_their_places),
		cmocka_unit_test(writes_decimals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
