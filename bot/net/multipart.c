/* SPDX-License-Identifier: MIT */
#include "net/multipart.h"

/* One part: its headers without the boundary, and its bytes. */
struct part {
	char *head;
	GBytes *bytes;
};

struct multipart {
	GArray *parts;
	GChecksum *checksum;
};

static void part_release(gpointer data)
{
	struct part *part = data;
	g_free(part->head);
	g_bytes_unref(part->bytes);
}

struct multipart *multipart_new(void)
{
	struct multipart *m = g_new0(struct multipart, 1);
	m->parts = g_array_new(FALSE, FALSE, sizeof(struct part));
	g_array_set_clear_func(m->parts, part_release);
	m->checksum = g_checksum_new(G_CHECKSUM_SHA256);
	return m;
}

static void add(struct multipart *m, char *take_head, GBytes *take_bytes)
{
	struct part part = { take_head, take_bytes };
	gsize length;
	const guchar *bytes = g_bytes_get_data(take_bytes, &length);
	g_checksum_update(m->checksum, (const guchar *)take_head, (gssize)strlen(take_head));
	g_checksum_update(m->checksum, bytes, (gssize)length);
	g_array_append_val(m->parts, part);
}

void multipart_text(struct multipart *m, const char *name, const char *value)
{
	add(m, g_strdup_printf("Content-Disposition: form-data; name=\"%s\"\r\n\r\n", name), g_bytes_new(value, strlen(value)));
}

/* As browsers do (RFC 7578, 4.2, and the living standard). */
static char *escaped(const char *filename)
{
	GString *out = g_string_new(filename);
	g_string_replace(out, "\"", "%22", 0);
	g_string_replace(out, "\r", "%0D", 0);
	g_string_replace(out, "\n", "%0A", 0);
	return g_string_free(out, FALSE);
}

void multipart_file(struct multipart *m, const char *name, const char *filename, GBytes *bytes)
{
	g_autofree char *safe = escaped(filename);
	add(m,
		g_strdup_printf("Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
				"Content-Type: application/octet-stream\r\n\r\n",
			name, safe),
		g_bytes_ref(bytes));
}

char *multipart_finish(struct multipart *m, gsize *length, char **content_type)
{
	const char *boundary = g_checksum_get_string(m->checksum);
	GString *body = g_string_new(NULL);
	for (guint i = 0; i < m->parts->len; i++) {
		const struct part *part = &g_array_index(m->parts, struct part, i);
		gsize size;
		const char *bytes = g_bytes_get_data(part->bytes, &size);
		g_string_append_printf(body, "--%s\r\n%s", boundary, part->head);
		g_string_append_len(body, bytes, (gssize)size);
		g_string_append(body, "\r\n");
	}
	g_string_append_printf(body, "--%s--\r\n", boundary);
	*content_type = g_strdup_printf("multipart/form-data; boundary=%s", boundary);
	*length = body->len;
	g_checksum_free(m->checksum);
	g_array_unref(m->parts);
	g_free(m);
	return g_string_free(body, FALSE);
}
