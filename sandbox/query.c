/* SPDX-License-Identifier: MIT */
#include "sandbox/query.h"

/* NULL for what is not UTF-8 or holds a NUL. */
static char *decode(const char *text, gsize length)
{
	g_autofree char *out = g_malloc(length + 1);
	gsize n = 0;
	for (gsize i = 0; i < length; i++) {
		int high = text[i] == '%' && length - i > 2 ? g_ascii_xdigit_value(text[i + 1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(text[i + 2]) : -1;
		if (low >= 0) {
			out[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			out[n++] = text[i] == '+' ? ' ' : text[i];
		}
	}
	out[n] = '\0';
	return g_utf8_validate(out, (gssize)n, NULL) ? g_steal_pointer(&out) : NULL;
}

static void put_pair(cJSON *object, const char *pair, gsize length)
{
	const char *equals = memchr(pair, '=', length);
	gsize name_length = equals ? (gsize)(equals - pair) : length;
	g_autofree char *name = decode(pair, name_length);
	g_autofree char *value = equals ? decode(equals + 1, length - name_length - 1) : g_strdup("");
	if (!name || !*name || !value)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	json_put_text(object, name, value);
}

cJSON *query_parse(const char *text, gsize length)
{
	cJSON *object = cJSON_CreateObject();
	const char *end = text + length;
	while (text < end) {
		const char *amp = memchr(text, '&', (gsize)(end - text));
		const char *stop = amp ? amp : end;
		if (stop > text)
			put_pair(object, text, (gsize)(stop - text));
		text = stop + 1;
	}
	return object;
}
