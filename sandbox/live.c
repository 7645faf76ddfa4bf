/* SPDX-License-Identifier: MIT */
#include "sandbox/live.h"

enum { LOG_ENTRIES = 200, DETAIL_BYTES = 8 * 1024 };

struct live {
	struct sandbox *sb;
	GPtrArray *pages; /* struct ws *, owned */
	sandbox_observe_fn *observe;
	gpointer observe_data;
	gboolean log;
	GQueue entries; /* cJSON * */
};

struct live *live_new(struct sandbox *sb, gboolean log)
{
	struct live *live = g_new0(struct live, 1);
	live->sb = sb;
	live->log = log;
	live->pages = g_ptr_array_new_with_free_func((GDestroyNotify)ws_free);
	g_queue_init(&live->entries);
	return live;
}

void live_free(struct live *live)
{
	if (!live)
		return;
	g_ptr_array_unref(live->pages);
	g_queue_clear_full(&live->entries, (GDestroyNotify)cJSON_Delete);
	g_free(live);
}

void live_observe(struct live *live, sandbox_observe_fn *observe, gpointer data)
{
	live->observe = observe;
	live->observe_data = data;
}

static void page_left(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)code;
	(void)text;
	struct live *live = data;
	g_ptr_array_remove_fast(live->pages, ws);
}

static const struct ws_events page_events = { .closed = page_left };

static cJSON *hello(const struct live *live)
{
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "hello");
	cJSON_AddItemToObject(delta, "state", sandbox_state(live->sb));
	return delta;
}

void live_welcome(struct live *live, struct ws *take_ws)
{
	g_autoptr(cJSON) delta = hello(live);
	g_autofree char *text = json_print(delta);
	g_ptr_array_add(live->pages, take_ws);
	ws_set_events(take_ws, &page_events, live);
	ws_send_text(take_ws, text, strlen(text), 0);
}

gboolean live_is_watched(const struct live *live)
{
	return live->pages->len > 0 || live->observe;
}

/* A page that does not read is dropped: its `closed` follows, and it comes back with a fresh state. */
static void send_to_pages(struct live *live, const cJSON *delta)
{
	if (live->pages->len == 0)
		return;
	g_autofree char *text = json_print(delta);
	gsize length = strlen(text);
	for (guint i = 0; i < live->pages->len; i++) {
		struct ws *ws = g_ptr_array_index(live->pages, i);
		if (!ws_send_text(ws, text, length, 0))
			ws_drop(ws);
	}
}

void live_push(struct live *live, cJSON *take_delta)
{
	send_to_pages(live, take_delta);
	if (live->observe)
		live->observe(take_delta, live->observe_data);
	cJSON_Delete(take_delta);
}

void live_push_value(struct live *live, const char *type, const char *key, cJSON *take_value)
{
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", type);
	cJSON_AddItemToObject(delta, key, take_value);
	live_push(live, delta);
}

void live_push_state(struct live *live)
{
	if (live_is_watched(live))
		live_push(live, hello(live));
}

gboolean live_logs(const struct live *live)
{
	return live->log;
}

/* What is too long for a drawer is shown as its beginning, cut between characters. */
static cJSON *bounded(cJSON *take_detail)
{
	g_autofree char *text = json_print(take_detail);
	if (!text || strlen(text) <= DETAIL_BYTES)
		return take_detail;
	cJSON_Delete(take_detail);
	const char *end = text + DETAIL_BYTES;
	while (((guchar)*end & 0xc0) == 0x80)
		end--;
	g_autofree char *cut = g_strdup_printf("%.*s…", (int)(end - text), text);
	return cJSON_CreateString(cut);
}

void live_log(struct live *live, enum log_dir dir, const char *kind, const char *title, int status, cJSON *take_detail)
{
	static const char *const dirs[] = { [LOG_IN] = "in", [LOG_OUT] = "out", [LOG_NOTE] = "note" };
	if (!live->log) {
		cJSON_Delete(take_detail);
		return;
	}
	cJSON *entry = cJSON_CreateObject();
	json_put_int(entry, "at_ms", clock_now_ms(live->sb->clock));
	json_put_text(entry, "dir", dirs[dir]);
	json_put_text(entry, "kind", kind);
	json_put_text(entry, "title", title);
	if (status)
		json_put_int(entry, "status", status);
	if (take_detail)
		cJSON_AddItemToObject(entry, "detail", bounded(take_detail));
	g_queue_push_tail(&live->entries, entry);
	if (live->entries.length > LOG_ENTRIES)
		cJSON_Delete(g_queue_pop_head(&live->entries));
	if (live_is_watched(live))
		live_push_value(live, "log", "entry", cJSON_Duplicate(entry, TRUE));
}

void live_note(struct live *live, const char *text)
{
	live_log(live, LOG_NOTE, "note", text, 0, NULL);
}

cJSON *live_entries(const struct live *live)
{
	cJSON *array = cJSON_CreateArray();
	for (const GList *link = live->entries.head; link; link = link->next)
		cJSON_AddItemToArray(array, cJSON_Duplicate(link->data, TRUE));
	return array;
}
