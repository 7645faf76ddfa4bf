/* SPDX-License-Identifier: MIT */
/* The first byte (A or B) chooses the format, the rest is the message; what the header promises must hold. */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "handlers/standup/parse.h"

static glong check_field(const struct standup_text *text, guint i)
{
	g_assert_true(g_utf8_validate(text->fields[i], -1, NULL));
	g_assert_cmpint(text->none[i], ==, *text->fields[i] == '\0');
	return g_utf8_strlen(text->fields[i], -1);
}

static void check(const struct standup_text *text)
{
	glong chars = 0;
	for (guint i = 0; i < 3; i++) {
		g_assert_false(text->fields[i] && text->missing[i]);
		if (text->problem == STANDUP_OK)
			g_assert_nonnull(text->fields[i]);
		if (text->fields[i])
			chars += check_field(text, i);
	}
	if (text->problem == STANDUP_OK)
		g_assert_cmpint(chars, <=, STANDUP_LIMIT);
	g_assert_cmpint(text->problem == STANDUP_OK, ==, !standup_problem_name(text));
	g_assert_false(standup_is_clear(text) && standup_is_clear_attempt(text));
	g_autoptr(cJSON) json = standup_text_to_json(text);
	g_autofree char *printed = json_print(json);
	g_assert_nonnull(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const mentions[] = { "<@UBELLTOWER>", "@Belltower", "@钟楼", NULL };
	if (size == 0)
		return 0;
	enum standup_format format = data[0] == 'B' ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
	struct standup_text text, form;
	standup_parse((const char *)data + 1, size - 1, format, mentions, &text);
	check(&text);
	standup_from_fields(text.format, (const char *const *)text.fields, &form);
	check(&form);
	standup_text_release(&form);
	standup_text_release(&text);
	return 0;
}
