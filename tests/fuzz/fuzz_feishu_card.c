/* SPDX-License-Identifier: MIT */
/* The first byte chooses the kind of row and whether it is plain, the rest is its content: no limit may
 * break. */
#include "tests/fuzz/fuzz.h"

#include "platform/feishu/feishu_out.h"
#include "tests/support/feishu_rules.h"

static struct outbox_row *row_of(const uint8_t *data, size_t size)
{
	static const enum outbox_kind kinds[] = { OUTBOX_POST, OUTBOX_REPLACE, OUTBOX_PRIVATE, OUTBOX_HOME, OUTBOX_FORM };
	struct outbox_row *row = outbox_row_new(7, kinds[data[0] % G_N_ELEMENTS(kinds)], "acme");
	row->plain = (data[0] & 0x80) != 0;
	row->channel = g_strdup("oc_1");
	row->message = g_strdup("om_1");
	row->person = g_strdup("ou_1");
	row->content = g_strndup((const char *)data + 1, size - 1);
	return row;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_auto(feishu_request_auto) request = { 0 };
	if (size == 0)
		return 0;
	struct outbox_row *row = row_of(data, size);
	if (feishu_out(row, NULL, &request, NULL)) {
		g_autofree char *problem = feishu_request_problem(request.body);
		g_assert_cmpstr(problem, ==, NULL);
	}
	outbox_row_free(row);
	return 0;
}
