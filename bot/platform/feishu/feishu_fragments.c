/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_fragments.h"

enum { ID_MAX = 200 };

struct set {
	char *id;
	int sum, have;
	gsize bytes;
	int64_t last_ms;
	GBytes *parts[]; /* sum of them; NULL: not here yet */
};

/* Few sets at a time: a list in order of their last fragment, the oldest first. */
struct feishu_fragments {
	GQueue sets;
	gsize bytes;
};

struct feishu_fragments *feishu_fragments_new(void)
{
	return g_new0(struct feishu_fragments, 1);
}

static void set_free(struct set *set)
{
	for (int i = 0; i < set->sum; i++)
		g_clear_pointer(&set->parts[i], g_bytes_unref);
	g_free(set->id);
	g_free(set);
}

static void drop(struct feishu_fragments *fragments, struct set *set)
{
	g_queue_remove(&fragments->sets, set);
	fragments->bytes -= set->bytes;
	set_free(set);
}

void feishu_fragments_free(struct feishu_fragments *fragments)
{
	if (!fragments)
		return;
	g_queue_clear_full(&fragments->sets, (GDestroyNotify)set_free);
	g_free(fragments);
}

guint feishu_fragments_expire(struct feishu_fragments *fragments, int64_t now_ms)
{
	guint dropped = 0;
	for (struct set *set = g_queue_peek_head(&fragments->sets);
		set && now_ms - set->last_ms >= FEISHU_FRAGMENT_WAIT_MS; set = g_queue_peek_head(&fragments->sets)) {
		drop(fragments, set);
		dropped++;
	}
	return dropped;
}

int64_t feishu_fragments_due_ms(const struct feishu_fragments *fragments)
{
	const struct set *oldest = fragments->sets.head ? fragments->sets.head->data : NULL;
	return oldest ? oldest->last_ms + FEISHU_FRAGMENT_WAIT_MS : -1;
}

guint feishu_fragments_waiting(const struct feishu_fragments *fragments)
{
	return fragments->sets.length;
}

gsize feishu_fragments_bytes(const struct feishu_fragments *fragments)
{
	return fragments->bytes;
}

static struct set *find_set(struct feishu_fragments *fragments, const char *id)
{
	for (GList *link = fragments->sets.head; link; link = link->next) {
		struct set *set = link->data;
		if (strcmp(set->id, id) == 0)
			return set;
	}
	return NULL;
}

/* The set that the fragment belongs to, now the youngest; NULL: its number contradicts what came before. */
static struct set *open_set(struct feishu_fragments *fragments, const char *id, int sum, int64_t now_ms)
{
	struct set *set = find_set(fragments, id);
	if (set && set->sum != sum) {
		drop(fragments, set);
		return NULL;
	}
	if (set) {
		g_queue_remove(&fragments->sets, set);
	} else {
		set = g_malloc0(sizeof *set + (gsize)sum * sizeof set->parts[0]);
		set->id = g_strdup(id);
		set->sum = sum;
	}
	set->last_ms = now_ms;
	g_queue_push_tail(&fragments->sets, set);
	return set;
}

static void keep(struct feishu_fragments *fragments, struct set *set, int seq, const struct feishu_frame *frame)
{
	gsize length, before = set->parts[seq] ? g_bytes_get_size(set->parts[seq]) : 0;
	const char *payload = feishu_frame_payload(frame, &length);
	set->have += set->parts[seq] ? 0 : 1;
	g_clear_pointer(&set->parts[seq], g_bytes_unref);
	set->parts[seq] = g_bytes_new(payload, length);
	set->bytes += length - before;
	fragments->bytes += length - before;
}

static GBytes *join(const struct set *set)
{
	GByteArray *whole = g_byte_array_sized_new((guint)set->bytes);
	for (int i = 0; i < set->sum; i++) {
		gsize length;
		const guint8 *part = g_bytes_get_data(set->parts[i], &length);
		if (length > 0)
			g_byte_array_append(whole, part, (guint)length);
	}
	return g_byte_array_free_to_bytes(whole);
}

/* The oldest give way; the newest stays only while it fits alone. */
static gboolean make_room(struct feishu_fragments *fragments, const struct set *newest)
{
	gboolean stays = TRUE;
	while (stays && (fragments->bytes > FEISHU_FRAGMENT_BYTES || fragments->sets.length > FEISHU_FRAGMENT_SETS)) {
		struct set *oldest = g_queue_peek_head(&fragments->sets);
		stays = oldest != newest;
		drop(fragments, oldest);
	}
	return stays;
}

static enum feishu_fragment put_part(struct feishu_fragments *fragments, const struct feishu_frame *frame, int sum,
	int64_t now_ms, GBytes **whole)
{
	const char *id = feishu_frame_header(frame, "message_id");
	int seq = feishu_frame_number(frame, "seq", 0);
	if (!id || !*id || strlen(id) > ID_MAX || sum > FEISHU_FRAGMENTS_MAX || seq < 0 || seq >= sum)
		return FEISHU_STRAY;
	struct set *set = open_set(fragments, id, sum, now_ms);
	if (!set)
		return FEISHU_STRAY;
	keep(fragments, set, seq, frame);
	if (!make_room(fragments, set))
		return FEISHU_STRAY;
	if (set->have < set->sum)
		return FEISHU_PART;
	*whole = join(set);
	drop(fragments, set);
	return FEISHU_WHOLE;
}

enum feishu_fragment feishu_fragments_put(struct feishu_fragments *fragments, const struct feishu_frame *frame,
	int64_t now_ms, GBytes **whole)
{
	int sum = feishu_frame_number(frame, "sum", 1);
	feishu_fragments_expire(fragments, now_ms);
	if (sum > 1)
		return put_part(fragments, frame, sum, now_ms, whole);
	gsize length;
	const char *payload = feishu_frame_payload(frame, &length);
	*whole = g_bytes_new(payload, length);
	return FEISHU_WHOLE;
}
