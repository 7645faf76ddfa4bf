/* SPDX-License-Identifier: MIT */
/* Feeds of holidays, which an operator downloads from anywhere. */
#include "base/zone.h"
#include "tests/fuzz/fuzz.h"
#include "team/calendar_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = g_strndup((const char *)data, size);
	struct calendar *calendar = calendar_file_read("fuzz", "fuzz.ics", text, size, zone_find("UTC"), problems);
	/* Days, or a reason. */
	if ((calendar == NULL) == (problems->len == 0))
		g_error("neither a calendar nor a problem");
	if (calendar)
		calendar_is_working_day(calendar, "2026-10-01");
	calendar_free(calendar);
	return 0;
}
