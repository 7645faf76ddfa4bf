/* SPDX-License-Identifier: MIT */
/* Pictures and files that the app uploads. They become messages' by their keys. */
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/openapi.h"
#include "sandbox/files.h"
#include "sandbox/query.h"

enum { MOST_IMAGE = 10 * 1024 * 1024, MOST_FILE = 30 * 1024 * 1024, MOST_SIDE = 12000, MOST_GIF_SIDE = 2000 };

static GBytes *part(const struct open_call *call, const char *name)
{
	gsize length;
	const char *body = http_call_body(call->http, &length), *type = http_call_header(call->http, "content-type");
	return type ? query_multipart_part(type, body, length, name) : NULL;
}

static char *text_part(const struct open_call *call, const char *name)
{
	g_autoptr(GBytes) bytes = part(call, name);
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
	return data && g_utf8_validate(data, (gssize)length, NULL) ? g_strndup(data, length) : NULL;
}

/* ---- pictures ---- */

static const struct image_kind {
	const char *magic;
	gsize length, offset;
	const char *ending;
} image_kinds[] = {
	{ "\x89PNG", 4, 0, "png" }, { "\xff\xd8\xff", 3, 0, "jpg" }, { "GIF8", 4, 0, "gif" }, { "WEBP", 4, 8, "webp" }, { "BM", 2, 0, "bmp" },
	{ "\0\0\1\0", 4, 0, "ico" }, { "II*\0", 4, 0, "tiff" }, { "MM\0*", 4, 0, "tiff" }, { "ftypheic", 8, 4, "heic" },
};

static const char *ending_of(const guchar *data, gsize length)
{
	for (guint i = 0; i < G_N_ELEMENTS(image_kinds); i++) {
		const struct image_kind *kind = &image_kinds[i];
		if (length >= kind->offset + kind->length && memcmp(data + kind->offset, kind->magic, kind->length) == 0)
			return kind->ending;
	}
	return NULL;
}

/* The sides of a PNG and of a GIF are easily seen; of others they are not looked at. */
static gboolean is_too_large(const guchar *d, gsize length, const char *ending)
{
	if (g_str_equal(ending, "png") && length >= 24) {
		guint32 width = (guint32)d[16] << 24 | (guint32)d[17] << 16 | (guint32)d[18] << 8 | d[19];
		guint32 height = (guint32)d[20] << 24 | (guint32)d[21] << 16 | (guint32)d[22] << 8 | d[23];
		return width > MOST_SIDE || height > MOST_SIDE;
	}
	if (g_str_equal(ending, "gif") && length >= 10)
		return (d[6] | d[7] << 8) > MOST_GIF_SIDE || (d[8] | d[9] << 8) > MOST_GIF_SIDE;
	return FALSE;
}

static int check_image(const guchar *data, gsize length)
{
	if (length == 0)
		return 234010;
	if (length > MOST_IMAGE)
		return 234006;
	const char *ending = ending_of(data, length);
	if (!ending)
		return 234011;
	return is_too_large(data, length, ending) ? 234039 : 0;
}

static struct file *keep(struct open_call *call, const char *name, GBytes *bytes)
{
	struct file *file = files_announce(call->sb->files, call->room->bot, name, g_bytes_get_size(bytes), NULL);
	if (!file)
		return NULL;
	files_bring(file, g_bytes_ref(bytes));
	file->completed = TRUE;
	return file;
}

static int upload_image(struct open_call *call)
{
	g_autofree char *type = text_part(call, "image_type");
	g_autoptr(GBytes) image = part(call, "image");
	if (!image || (g_strcmp0(type, "message") != 0 && g_strcmp0(type, "avatar") != 0))
		return 234001;
	gsize length;
	const guchar *data = g_bytes_get_data(image, &length);
	int code = check_image(data, length);
	if (code)
		return code;
	g_autofree char *name = g_strconcat("image.", ending_of(data, length), NULL);
	const struct file *file = keep(call, name, image);
	if (!file)
		return 234006;
	g_autofree char *key = ident_image_key(file->id);
	json_put_text(call->data, "image_key", key);
	return 0;
}

/* ---- files ---- */

static int upload_file(struct open_call *call)
{
	static const char *const types[] = { "opus", "mp4", "pdf", "doc", "xls", "ppt", "stream", NULL };
	g_autofree char *type = text_part(call, "file_type"), *name = text_part(call, "file_name");
	g_autoptr(GBytes) bytes = part(call, "file");
	if (!bytes || !type || !g_strv_contains(types, type) || !name || !*name)
		return 234001;
	if (g_bytes_get_size(bytes) == 0)
		return 234010;
	const struct file *file = g_bytes_get_size(bytes) <= MOST_FILE ? keep(call, name, bytes) : NULL;
	if (!file)
		return 234006;
	g_autofree char *key = ident_file_key(file->id);
	json_put_text(call->data, "file_key", key);
	return 0;
}

const struct open_method open_file_methods[] = {
	{ "im.image.create", "POST", "im/v1/images", upload_image, OPEN_FORM, { "im:resource" } },
	{ "im.file.create", "POST", "im/v1/files", upload_file, OPEN_FORM, { "im:resource" } },
	{ 0 },
};
