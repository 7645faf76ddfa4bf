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

GStrv query_values(const char *query, const char *name)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new();
	g_auto(GStrv) pairs = g_strsplit(query, "&", -1);
	for (char **pair = pairs; *pair; pair++) {
		g_autoptr(cJSON) one = query_parse(*pair, strlen(*pair));
		const char *value = json_text_or(one, name, NULL);
		if (value)
			g_ptr_array_add(values, g_strdup(value));
	}
	g_ptr_array_add(values, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&values), FALSE);
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

/* One part: its head and its body, within the whole. */
struct part {
	const char *head, *body;
	gsize head_length, body_length;
};

/* The part that begins after the boundary at *at; moves *at to the next boundary. FALSE: there is no more. */
static gboolean next_part(const char **at, const char *end, const char *boundary, struct part *part)
{
	const char *head = *at ? *at + strlen(boundary) : NULL;
	const char *next = head ? memmem(head, (gsize)(end - head), boundary, strlen(boundary)) : NULL;
	const char *head_end = next ? memmem(head, (gsize)(next - head), "\r\n\r\n", 4) : NULL;
	if (!head_end || next - head_end < 6)
		return FALSE;
	*part = (struct part){ head, head_end + 4, (gsize)(head_end - head), (gsize)(next - 2 - (head_end + 4)) };
	*at = next;
	return TRUE;
}

static gboolean head_says(const struct part *part, const char *words)
{
	return memmem(part->head, part->head_length, words, strlen(words)) != NULL;
}

GBytes *query_multipart_file(const char *content_type, const char *body, gsize length)
{
	g_autofree char *boundary = boundary_of(content_type);
	const char *end = body + length, *at = boundary ? memmem(body, length, boundary, strlen(boundary)) : NULL;
	struct part part, chosen = { 0 };
	gboolean named = FALSE;
	while (!named && next_part(&at, end, boundary, &part)) {
		named = head_says(&part, "filename=");
		if (named || !chosen.body)
			chosen = part;
	}
	return chosen.body ? g_bytes_new(chosen.body, chosen.body_length) : NULL;
}

GBytes *query_multipart_part(const char *content_type, const char *body, gsize length, const char *name)
{
	g_autofree char *boundary = boundary_of(content_type), *quoted = g_strdup_printf(" name=\"%s\"", name);
	const char *end = body + length, *at = boundary ? memmem(body, length, boundary, strlen(boundary)) : NULL;
	struct part part;
	while (next_part(&at, end, boundary, &part)) {
		if (head_says(&part, quoted))
			return g_bytes_new(part.body, part.body_length);
	}
	return NULL;
}
