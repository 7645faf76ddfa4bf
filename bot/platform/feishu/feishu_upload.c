/* SPDX-License-Identifier: MIT */
/*
 * A row's files (protocols/feishu.md 7.1): its pictures and documents are uploaded before its card, which shows the pictures;
 * each document follows the card as a message of its own, under a uuid of its own.
 *
 * An upload is seen by nobody, so what breaks off is uploaded again; a picture's key is kept by its content, for a call of the
 * month is spent on each. A file that is refused is lost, and said to be: in the card, or after it.
 */
#include "platform/feishu/feishu_room.h"

#include "base/random.h"
#include "net/backoff.h"

enum {
	ROW_TRIES = 5, /* of the whole row, for an upload that Feishu's servers fail */
	PICTURES_KEPT = 256,
};

static void bring_next(struct feishu_errand *e);
static void upload(struct feishu_errand *e);
static void fetch(struct feishu_errand *e);
static void share_next(struct feishu_errand *e);
static void share(struct feishu_errand *e);

static struct cargo_item *at_hand(struct feishu_errand *e)
{
	return cargo_at_hand(e->cargo);
}

static gboolean is_passing(const struct feishu_answer *answer, const struct feishu_called *called)
{
	static const gboolean passing[] = { [FEISHU_TOKEN] = TRUE, [FEISHU_STOP] = TRUE, [FEISHU_SLOWER] = TRUE,
		[FEISHU_CROWDED] = TRUE, [FEISHU_BUSY] = TRUE, [FEISHU_TROUBLE] = TRUE, [FEISHU_BUG] = FALSE };
	return called->reply.transport != HTTP_OK || passing[answer->class];
}

/* --- pictures that were uploaded before --- */

static char *hash_of(const struct cargo_item *item)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, (item->kept ? item->kept : item->file)->bytes);
}

static void remember_picture(struct feishu_errand *e)
{
	GHashTable *pictures = e->adapter->pictures;
	if (!at_hand(e)->picture)
		return;
	if (g_hash_table_size(pictures) >= PICTURES_KEPT) /* what is forgotten is uploaded again */
		g_hash_table_remove_all(pictures);
	g_hash_table_replace(pictures, hash_of(at_hand(e)), g_strdup(at_hand(e)->key));
}

static void recall_picture(struct feishu_errand *e)
{
	struct cargo_item *item = at_hand(e);
	g_autofree char *hash = item->picture ? hash_of(item) : NULL;
	if (hash)
		item->key = g_strdup(g_hash_table_lookup(e->adapter->pictures, hash));
}

void feishu_upload_forget(struct feishu_errand *e)
{
	for (guint i = 0; e->cargo && i < e->cargo->count; i++) {
		g_autofree char *hash = e->cargo->items[i].key ? hash_of(&e->cargo->items[i]) : NULL;
		if (hash)
			g_hash_table_remove(e->adapter->pictures, hash);
	}
}

/* --- bringing --- */

static void uploaded(struct feishu_errand *e, const struct feishu_called *called)
{
	const char *key = json_text_or(called->reply.body, at_hand(e)->picture ? "data.image_key" : "data.file_key", NULL);
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(e->adapter, called, &answer);
	if (feishu_called_ok(called) && key) {
		at_hand(e)->key = g_strdup(key);
		remember_picture(e);
	} else if (is_passing(&answer, called) && (answer.class == FEISHU_STOP || e->row->attempts < ROW_TRIES)) {
		feishu_errand_read(e, called, upload);
		return;
	} else {
		cargo_lose(e->cargo, answer.reason ? answer.reason : "no key in the answer");
	}
	bring_next(e);
}

static void upload(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	if (at_hand(e)->picture)
		feishu_out_picture(at_hand(e)->file, &request);
	else
		feishu_out_document(at_hand(e)->file, &request);
	feishu_errand_call(e, &request, uploaded);
}

static void was_drawn(GBytes *picture, gpointer data)
{
	struct feishu_errand *e = data;
	e->drawing = 0;
	cargo_draw(e->cargo, picture);
	bring_next(e);
}

/* A key belongs to whoever has uploaded the picture, so what a person has sent is read and uploaded (7.1). */
static void fetched(struct feishu_errand *e, const struct feishu_called *called)
{
	const struct http_response *http = called->http;
	gboolean whole = called->reply.transport == HTTP_OK && called->reply.status == 200 && !called->reply.body && http->body_length > 0;
	if (whole) {
		g_autoptr(GBytes) bytes = g_bytes_new(http->body, http->body_length);
		cargo_draw(e->cargo, bytes);
		upload(e);
		return;
	}
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(e->adapter, called, &answer);
	if (is_passing(&answer, called) && (answer.class == FEISHU_STOP || e->row->attempts < ROW_TRIES)) {
		feishu_errand_read(e, called, fetch);
		return;
	}
	cargo_lose(e->cargo, answer.reason ? answer.reason : "what was sent cannot be read");
	bring_next(e);
}

static void fetch(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	gsize length;
	const char *bytes = g_bytes_get_data(at_hand(e)->file->bytes, &length);
	g_autofree char *key = g_strndup(bytes, length);
	if (feishu_out_resource(key, &request)) {
		feishu_errand_call(e, &request, fetched);
		return;
	}
	cargo_lose(e->cargo, "no key of a picture");
	bring_next(e);
}

static void bring_next(struct feishu_errand *e)
{
	while (cargo_next_to_bring(e->cargo)) {
		if (at_hand(e)->wish) {
			e->drawing = painter_draw(e->adapter->painter, at_hand(e)->file->bytes, was_drawn, e);
			return;
		}
		recall_picture(e);
		if (!at_hand(e)->key && at_hand(e)->kept) {
			fetch(e);
			return;
		}
		if (!at_hand(e)->key) {
			upload(e);
			return;
		}
	}
	e->brought(e);
}

void feishu_upload_bring(struct feishu_errand *e, feishu_errand_step *then)
{
	e->brought = then;
	bring_next(e);
}

/* --- sharing --- */

static void told_of_loss(struct feishu_errand *e, const struct feishu_called *called)
{
	(void)called; /* said once, heard or not */
	share_next(e);
}

/* The card names the document already, so what became of it is said under it. */
static void tell_of_loss(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	at_hand(e)->settled = TRUE;
	feishu_out_loss(e->row, e->flat, at_hand(e)->part, e->cargo->at + 1, &request);
	feishu_errand_call(e, &request, told_of_loss);
}

static void shared(struct feishu_errand *e, const struct feishu_called *called)
{
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_answer(e->row, &e->request, &called->reply, &answer);
	if (feishu_called_ok(called)) {
		at_hand(e)->settled = TRUE;
		share_next(e);
		return;
	}
	/* The same again, while the platform knows its uuid. */
	gboolean again = is_passing(&answer, called) && answer.class != FEISHU_STOP && !feishu_errand_outlived_uuid(e);
	if (again || (answer.flat && !e->flat)) {
		int64_t wait_ms = backoff_delay_ms(BACKOFF_NETWORK, e->share_tries++, random_unit());
		e->flat |= answer.flat;
		feishu_errand_wait(e, MAX(answer.outcome.after_ms, wait_ms), share);
		return;
	}
	cargo_lose(e->cargo, answer.reason ? answer.reason : "no answer");
	tell_of_loss(e);
}

static void share(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	feishu_out_share(e->row, e->flat, at_hand(e)->key, e->cargo->at + 1, &request);
	feishu_errand_call(e, &request, shared);
}

static void share_next(struct feishu_errand *e)
{
	const struct cargo *cargo = e->cargo;
	e->share_tries = 0;
	if (cargo_next_to_share(e->cargo))
		share(e);
	else
		feishu_errand_end(e,
			&(struct outcome){
				.result = SEND_DONE, .after_ms = -1, .message = cargo->stands, .channel = cargo->channel });
}

void feishu_upload_share(struct feishu_errand *e, const char *channel, const char *message)
{
	cargo_stand(e->cargo, channel, message);
	share_next(e);
}
