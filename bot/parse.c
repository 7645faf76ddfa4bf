/* SPDX-License-Identifier: MIT */
/* `belltower parse standup`: one message from standard input, what the parser makes of it as JSON. */
#include "base/json.h"
#include "program.h"
#include "standup/parse.h"

/* Enough for any message; the parser itself stops at its own limit. */
enum { INPUT_LIMIT = 1024 * 1024 };

static GString *read_input(void)
{
	GString *text = g_string_new(NULL);
	char buffer[4096];
	size_t n;
	while (text->len < INPUT_LIMIT && (n = fread(buffer, 1, sizeof buffer, stdin)) > 0)
		g_string_append_len(text, buffer, (gssize)n);
	return text;
}

int program_parse(const struct options *options)
{
	GString *input = read_input();
	struct standup_text text = { 0 };
	enum standup_format format = options->format == 'B' ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
	gboolean accepted =
		standup_parse(input->str, input->len, format, (const char *const *)options->mentions, &text);
	g_autoptr(cJSON) tree = standup_text_to_json(&text);
	g_autofree char *json = cJSON_Print(tree);
	g_print("%s\n", json);
	standup_text_release(&text);
	g_string_free(input, TRUE);
	return accepted ? EXIT_OK : EXIT_FAILED;
}
