/* SPDX-License-Identifier: MIT */
#include "base/roff.h"

void roff_append(GString *page, const char *text)
{
	if (*text == '.' || *text == '\'')
		g_string_append(page, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			g_string_append(page, "\\e");
		else if (*text == '-')
			g_string_append(page, "\\-");
		else
			g_string_append_c(page, *text);
	}
}
