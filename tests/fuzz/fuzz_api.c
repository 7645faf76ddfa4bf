/* SPDX-License-Identifier: MIT */
/* Any bytes as the body of a request: inputs that are one line of text each, or problems that can be printed; never both whole. */
#include "tests/fuzz/fuzz.h"

#include "platform/api/api_routes.h"

static void check_texts(const GArray *inputs)
{
	for (guint i = 0; inputs && i < inputs->len; i++) {
		const struct event_input *input = &g_array_index(inputs, struct event_input, i);
		g_assert_true(g_utf8_validate(input->name, -1, NULL) && g_utf8_validate(input->value, -1, NULL));
		g_assert_true(*input->value);
	}
}

static void read_as(const char *path, const cJSON *body)
{
	struct event *event = event_new(EVENT_REQUESTED, NULL);
	g_autoptr(GArray) problems = event_inputs_new();
	g_assert_true(api_read(api_route(path), body, event, problems) == (problems->len == 0));
	check_texts(event->inputs);
	if (problems->len == 0)
		g_assert_nonnull(event_input_value(event, "id"));
	event_free(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(cJSON) body = json_parse((const char *)data, size, &error);
	g_assert_true((body == NULL) == (error != NULL));
	if (!body)
		return 0;
	read_as("/api/v1/deals", body);
	read_as("/api/v1/enquiries", body);
	return 0;
}
