/* SPDX-License-Identifier: MIT */
#include "sandbox/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void forms(void **state)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{ "", "{}" },
		{ "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}" },
		{ "a=x+y%20z&b=%E7%AB%99", "{\"a\":\"x y z\",\"b\":\"站\"}" },
		{ "a=1&a=2", "{\"a\":\"2\"}" },
		{ "a&b=&&=c", "{\"a\":\"\",\"b\":\"\"}" },
		{ "a=%4", "{\"a\":\"%4\"}" },
		{ "a=%zz", "{\"a\":\"%zz\"}" },
		{ "a=%ff&b=1", "{\"b\":\"1\"}" },
		{ "a=%00&b=1", "{\"b\":\"1\"}" },
		{ "a=b=c", "{\"a\":\"b=c\"}" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(cJSON) tree = query_parse(rows[i].text, strlen(rows[i].text));
		g_autofree char *json = json_print(tree);
		assert_string_equal(json, rows[i].json);
	}
}

static void check_file(const char *type, const char *body, const char *want)
{
	GBytes *bytes = query_multipart_file(type, body, strlen(body));
	if (!want) {
		assert_null(bytes);
		return;
	}
	assert_non_null(bytes);
	assert_int_equal(g_bytes_get_size(bytes), strlen(want));
	assert_memory_equal(g_bytes_get_data(bytes, NULL), want, strlen(want));
	g_bytes_unref(bytes);
}

static void multipart(void **state)
{
	(void)state;
	check_file("multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\nbody\r\n--x--\r\n", "body");
	check_file("multipart/form-data; boundary=x", "--x\r\nA: filename=\"f\"\r\n\r\n\r\n--x--\r\n", "");
	check_file("multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\none\r\n--x\r\nfilename=z\r\n\r\ntwo\r\n--x--", "two");
	check_file("multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\nno end", NULL);
	check_file("multipart/form-data; boundary=x", "--x\r\n\r\n--x--", NULL);
	check_file("multipart/form-data; boundary=x", "--x", NULL);
	check_file("multipart/form-data", "--x\r\nA: b\r\n\r\nbody\r\n--x--\r\n", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(forms), cmocka_unit_test(multipart) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
