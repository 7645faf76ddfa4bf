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

/* ---- multipart/form-data (RFC 7578) ---- */

/* "--" and the boundary of a content type; NULL when it names none. */
static char *boundary_of(const char *content_type)
{
	const char *at = strstr(content_type, "boundary=");
	if (!at)
		return NULL;
	at += strlen("boundary=");
	gboolean quoted = *at == '"';
	at += quoted;
	gsize length = strcspn(at, quoted ? "\"" : "; ");
	return length ? g_strdup_printf("--%.*s", (int)length, at) : NULL;
}

GBytes *query_multipart_file(const char *content_type, const char *body, gsize length)
{
	g_autofree char *boundary = boundary_of(content_type);
	const char *end = body + length, *part = boundary ? memmem(body, length, boundary, strlen(boundary)) : NULL;
	GBytes *first = NULL;
	while (part) {
		part += strlen(boundary);
		const char *next = memmem(part, (gsize)(end - part), boundary, strlen(boundary));
		const char *head_end = next ? memmem(part, (gsize)(next - part), "\r\n\r\n", 4) : NULL;
		if (!head_end || next - head_end < 6)
			break;
		gboolean named = memmem(part, (gsize)(head_end - part), "filename=", 9) != NULL;
		if (named || !first) {
			g_clear_pointer(&first, g_bytes_unref);
			first = g_bytes_new(head_end + 4, (gsize)(next - 2 - (head_end + 4)));
		}
		if (named)
			break;
		part = next;
	}
	return first;
}
