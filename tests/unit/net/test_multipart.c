/* SPDX-License-Identifier: MIT */
/* A form's body, to the byte. */
#include "net/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define TYPE "multipart/form-data; boundary="

static void test_parts(void **state)
{
	static const char bytes[] = "\0\r\n--B--\xff";
	(void)state;
	g_autoptr(GBytes) file = g_bytes_new_static(bytes, sizeof bytes);
	struct multipart *m = multipart_new();
	multipart_text(m, "image_type", "message");
	multipart_file(m, "image", "报价 \"a\"\r\n.png", file);
	gsize length;
	g_autofree char *type = NULL;
	g_autofree char *body = multipart_finish(m, &length, &type);
	assert_true(g_str_has_prefix(type, TYPE));
	const char *boundary = type + strlen(TYPE);
	GString *expected = g_string_new(NULL);
	g_string_printf(expected,
		"--%s\r\nContent-Disposition: form-data; name=\"image_type\"\r\n\r\nmessage\r\n"
		"--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"报价 %%22a%%22%%0D%%0A.png\"\r\n"
		"Content-Type: application/octet-stream\r\n\r\n",
		boundary, boundary);
	g_string_append_len(expected, bytes, sizeof bytes);
	g_string_append_printf(expected, "\r\n--%s--\r\n", boundary);
	assert_int_equal(length, expected->len);
	assert_memory_equal(body, expected->str, length);
	g_string_free(expected, TRUE);
}

static char *type_of(const char *text)
{
	struct multipart *m = multipart_new();
	multipart_text(m, "a", text);
	gsize length;
	char *type;
	g_free(multipart_finish(m, &length, &type));
	return type;
}

static void test_another_content_has_another_boundary(void **state)
{
	(void)state;
	g_autofree char *one = type_of("x"), *other = type_of("y");
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_another_content_has_another_boundary),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
