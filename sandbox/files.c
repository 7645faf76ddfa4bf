/* SPDX-License-Identifier: MIT */
#include "sandbox/files.h"

#include "base/timer.h"
#include "sandbox/faults.h"
#include "sandbox/happen.h"
#include "sandbox/live.h"
#include "sandbox/query.h"
#include "sandbox/room.h"
#include "sandbox/speech.h"
#include "sandbox/trouble.h"

enum { AGAIN_MS = 50 };

/* Files that wait to be scanned, and to be shared when there is a channel. */
struct share {
	struct channel *channel; /* NULL: none */
	char **ids;
	char *text, *thread_ts;
	cJSON *blocks;
};

struct file_room {
	struct sandbox *sb;
	GHashTable *by_id; /* owns */
	gsize bytes;	   /* announced in all */
	GQueue shares;	   /* struct share *: to come */
	struct timer *soon;
};

static const struct {
	const char *ending, *mimetype, *pretty;
} kinds[] = {
	{ "png", "image/png", "PNG" }, { "jpg", "image/jpeg", "JPEG" }, { "jpeg", "image/jpeg", "JPEG" },
	{ "gif", "image/gif", "GIF" }, { "webp", "image/webp", "WebP" }, { "svg", "image/svg+xml", "SVG" },
	{ "pdf", "application/pdf", "PDF" }, { "csv", "text/csv", "CSV" }, { "txt", "text/plain", "Plain Text" },
	{ "json", "application/json", "JSON" },
	{ "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel Spreadsheet" },
};

static void file_free(gpointer data)
{
	struct file *file = data;
	g_free(file->id);
	g_free(file->name);
	g_free(file->title);
	g_free(file->mimetype);
	g_clear_pointer(&file->bytes, g_bytes_unref);
	cJSON_Delete(file->shares);
	g_free(file);
}

static void share_free(gpointer data)
{
	struct share *share = data;
	g_strfreev(share->ids);
	g_free(share->text);
	g_free(share->thread_ts);
	cJSON_Delete(share->blocks);
	g_free(share);
}

static const char *ending_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot ? dot + 1 : "";
}

static guint kind_of(const char *name)
{
	guint i = 0;
	while (i < G_N_ELEMENTS(kinds) && g_ascii_strcasecmp(kinds[i].ending, ending_of(name)) != 0)
		i++;
	return i;
}

struct file *files_announce(struct file_room *files, struct member *owner, const char *name, gsize length,
	const char *mimetype)
{
	if (length > FILES_MOST_BYTES - files->bytes)
		return NULL;
	guint kind = kind_of(name);
	const char *guess = kind < G_N_ELEMENTS(kinds) ? kinds[kind].mimetype : "application/octet-stream";
	struct file *file = g_new0(struct file, 1);
	file->id = room_next_id(files->sb->room, "F");
	file->name = g_strdup(name);
	file->title = g_strdup(name);
	file->mimetype = g_strdup(mimetype && *mimetype ? mimetype : guess);
	file->owner = owner;
	file->length = length;
	file->created_s = clock_now_ms(files->sb->clock) / 1000;
	file->shares = cJSON_CreateObject();
	file->scanned = TRUE;
	files->bytes += length;
	g_hash_table_insert(files->by_id, file->id, file);
	return file;
}

struct file *files_find(const struct file_room *files, const char *id)
{
	return id ? g_hash_table_lookup(files->by_id, id) : NULL;
}

gboolean files_bring(struct file *file, GBytes *take_bytes)
{
	gboolean fits = g_bytes_get_size(take_bytes) == file->length;
	if (!fits) {
		g_bytes_unref(take_bytes);
		return FALSE;
	}
	g_clear_pointer(&file->bytes, g_bytes_unref);
	file->bytes = take_bytes;
	return TRUE;
}

/* ---- objects ---- */

cJSON *files_wire(const struct file_room *files, const struct file *file)
{
	const struct room *room = files->sb->room;
	guint kind = kind_of(file->name);
	g_autofree char *url = g_strdup_printf("%sfiles/%s", files->sb->url, file->id);
	g_autofree char *link = g_strdup_printf("https://%s.slack.com/files/%s/%s", room->domain, file->owner->id, file->id);
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "id", file->id);
	json_put_int(object, "created", file->created_s);
	json_put_int(object, "timestamp", file->created_s);
	json_put_text(object, "name", file->name);
	json_put_text(object, "title", file->title);
	json_put_text(object, "mimetype", file->scanned ? file->mimetype : "");
	json_put_text(object, "filetype", file->scanned ? ending_of(file->name) : "");
	json_put_text(object, "pretty_type", !file->scanned ? "" : kind < G_N_ELEMENTS(kinds) ? kinds[kind].pretty : "Binary");
	json_put_text(object, "user", file->owner->id);
	json_put_bool(object, "editable", FALSE);
	json_put_int(object, "size", (int64_t)file->length);
	json_put_text(object, "mode", "hosted");
	json_put_bool(object, "is_external", FALSE);
	json_put_bool(object, "is_public", json_object(file->shares, "public") != NULL);
	json_put_bool(object, "public_url_shared", FALSE);
	json_put_text(object, "url_private", url);
	json_put_text(object, "url_private_download", url);
	json_put_text(object, "permalink", link);
	json_put_bool(object, "has_rich_preview", FALSE);
	return object;
}

static void note_share(struct file *file, const struct channel *channel, const char *ts)
{
	const char *kind = channel->kind == CHANNEL_PUBLIC ? "public" : "private";
	cJSON *of_kind = json_object(file->shares, kind);
	if (!of_kind)
		of_kind = json_put_object(file->shares, kind);
	cJSON *places = json_array(of_kind, channel->id);
	if (!places)
		places = json_put_array(of_kind, channel->id);
	json_put_text(json_push_object(places), "ts", ts);
}

/* ---- sharing ---- */

struct message *files_share(struct file_room *files, struct member *who, struct channel *channel, const char *const *ids,
	const char *text, const char *thread_ts, cJSON *take_blocks)
{
	cJSON *objects = cJSON_CreateArray();
	for (const char *const *id = ids; *id; id++)
		cJSON_AddItemToArray(objects, files_wire(files, files_find(files, *id)));
	const char *said = text ? text : "";
	gboolean by_client = !who->is_bot;
	struct message *m = room_say(files->sb->room, channel,
		&(struct saying){ .author = who, .text = said, .thread_ts = thread_ts, .subtype = "file_share", .files = objects,
			.blocks = take_blocks || by_client || !*said ? take_blocks : speech_blocks(said), .by_client = by_client });
	for (const char *const *id = ids; *id; id++)
		note_share(files_find(files, *id), channel, m->ts);
	happen_said(files->sb, channel, m);
	return m;
}

static void scan(struct file_room *files, struct share *share)
{
	for (char **id = share->ids; *id; id++)
		files_find(files, *id)->scanned = TRUE;
	if (share->channel)
		files_share(files, files->sb->room->bot, share->channel, (const char *const *)share->ids, share->text,
			share->thread_ts, g_steal_pointer(&share->blocks));
}

static void scan_due(gpointer data)
{
	struct file_room *files = data;
	struct share *share;
	if (faults_on(files->sb->faults, FAULT_NO_SCANS, NULL)) {
		timer_arm_in(files->soon, AGAIN_MS);
		return;
	}
	while ((share = g_queue_pop_head(&files->shares))) {
		scan(files, share);
		share_free(share);
	}
}

/* ---- shown in blocks ---- */

static gboolean may_be_shown(const struct file *file)
{
	static const char *const shown[] = { "image/png", "image/jpeg", "image/gif", NULL };
	return file && file->completed && file->scanned && g_strv_contains(shown, file->mimetype);
}

const char *files_check_shown(const struct file_room *files, const cJSON *blocks, GPtrArray *messages)
{
	guint before = messages->len, i = 0;
	const cJSON *block;
	cJSON_ArrayForEach(block, blocks)
	{
		const char *id = json_text_or(block, "slack_file.id", NULL);
		if (json_object(block, "slack_file") && !may_be_shown(files_find(files, id)))
			g_ptr_array_add(messages, g_strdup_printf("[ERROR] invalid slack file [json-pointer:/blocks/%u/slack_file]", i));
		i++;
	}
	return messages->len > before ? "invalid_blocks" : NULL;
}

void files_scan_soon(struct file_room *files, struct channel *channel, const char *const *ids, const char *text,
	const char *thread_ts, cJSON *take_blocks)
{
	struct share *share = g_new0(struct share, 1);
	share->channel = channel;
	share->ids = g_strdupv((char **)ids);
	share->text = g_strdup(text);
	share->thread_ts = g_strdup(thread_ts);
	share->blocks = take_blocks;
	for (char **id = share->ids; *id; id++)
		files_find(files, *id)->scanned = FALSE;
	g_queue_push_tail(&files->shares, share);
	timer_arm_in(files->soon, 0);
}

gboolean files_are_pending(const struct file_room *files)
{
	return files->shares.length > 0;
}

/* ---- life ---- */

struct file_room *file_room_new(struct sandbox *sb)
{
	struct file_room *files = g_new0(struct file_room, 1);
	files->sb = sb;
	files->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
	files->soon = timer_new(NULL, sb->clock, scan_due, files);
	g_queue_init(&files->shares);
	return files;
}

void file_room_forget(struct file_room *files)
{
	g_queue_clear_full(&files->shares, share_free);
	g_hash_table_remove_all(files->by_id);
	files->bytes = 0;
}

void file_room_free(struct file_room *files)
{
	if (!files)
		return;
	file_room_forget(files);
	g_hash_table_unref(files->by_id);
	timer_free(files->soon);
	g_free(files);
}

/* ---- over HTTP ---- */

static void reply_text(struct http_call *http, int status, const char *text)
{
	static const char *const headers[] = { "Content-Type: text/plain; charset=utf-8", NULL };
	http_reply(http, status, headers, text, strlen(text));
}

/* "/files/F0…/name" → "F0…". Caller frees. */
static char *id_of_path(const char *path)
{
	const char *id = strchr(path + 1, '/') + 1;
	return g_strndup(id, strcspn(id, "/"));
}

static GBytes *uploaded_bytes(const struct http_call *http)
{
	gsize length;
	const char *body = http_call_body(http, &length), *type = http_call_header(http, "content-type");
	if (type && g_str_has_prefix(type, "multipart/form-data"))
		return query_multipart_file(type, body, length);
	return g_bytes_new(body, length);
}

void files_serve_upload(struct sandbox *sb, struct http_call *http)
{
	g_autofree char *id = id_of_path(http_call_path(http));
	if (trouble_met(sb, http, "upload"))
		return;
	struct file *file = files_find(sb->files, id);
	GBytes *bytes = file && !file->completed ? uploaded_bytes(http) : NULL;
	gboolean fine = bytes && files_bring(file, bytes);
	live_log(sb->live, LOG_IN, "http", "upload", fine ? 200 : 400, cJSON_CreateString(id));
	if (!fine) {
		reply_text(http, 400, "no such upload, or not as many bytes as announced\n");
		return;
	}
	g_autofree char *text = g_strdup_printf("OK - %" G_GSIZE_FORMAT, file->length);
	reply_text(http, 200, text);
}

/* A stranger's file shown by the page's own server must not act as the page: no scripts, no guessing of types. */
void files_serve(struct sandbox *sb, struct http_call *http)
{
	g_autofree char *id = id_of_path(http_call_path(http));
	const struct file *file = files_find(sb->files, id);
	if (!file || !file->bytes) {
		reply_text(http, 404, "there is no such file\n");
		return;
	}
	g_autofree char *clean = g_strdup(file->mimetype);
	g_autofree char *type = g_strconcat("Content-Type: ", g_strdelimit(clean, "\r\n", ' '), NULL);
	const char *headers[] = { type, "X-Content-Type-Options: nosniff", "Content-Security-Policy: sandbox", NULL };
	gsize length;
	const char *data = g_bytes_get_data(file->bytes, &length);
	http_reply(http, 200, headers, data, length);
}
