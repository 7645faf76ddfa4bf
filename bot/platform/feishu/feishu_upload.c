/* SPDX-License-Identifier: MIT */
/*
 * A row's files (protocols/feishu.md 7.1): its pictures and documents are uploaded before its card, which shows the pictures;
 * each document follows the card as a message of its own, under a uuid of its own.
 *
 * An upload is seen by nobody, so what breaks off is uploaded again; a picture's key is kept by its content, for a call of the
 * month is spent on each. A file that is refused is lost, and said to be: in the card, or after it.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"
#include "base/random.h"
#include "net/backoff.h"

enum {
	ROW_TRIES = 5, /* of the whole row, for an upload that Feishu's servers fail */
	PICTURES_KEPT = 256,
};

struct feishu_file {
	const struct message_file *file; /* the row's */
	const cJSON *part;
	gboolean picture;
	gboolean lost, shared;
	char *key; /* uploaded; NULL: not (yet) */
};

struct feishu_files {
	cJSON *content;
	struct feishu_file *list;
	guint count, at; /* at: the one at hand */
	unsigned tries;
	feishu_errand_step *then;
	char *channel, *stands; /* the card, once it stands */
};

static void bring_next(struct feishu_errand *e);
static void upload(struct feishu_errand *e);
static void share_next(struct feishu_errand *e);
static void share(struct feishu_errand *e);

/* --- what there is --- */

void feishu_files_free(struct feishu_files *f)
{
	if (!f)
		return;
	for (guint i = 0; i < f->count; i++)
		g_free(f->list[i].key);
	g_free(f->list);
	g_free(f->channel);
	g_free(f->stands);
	cJSON_Delete(f->content);
	g_free(f);
}

struct feishu_files *feishu_files_new(const struct outbox_row *row)
{
	cJSON *content = row->files && row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	if (!content)
		return NULL;
	struct feishu_files *f = g_new0(struct feishu_files, 1);
	f->content = content;
	f->count = row->files->len;
	f->list = g_new0(struct feishu_file, f->count);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		int64_t number = json_int_or(part, "file", -1);
		if (number < 0 || number >= f->count)
			continue;
		f->list[number] = (struct feishu_file){ .file = row->files->pdata[number],
			.part = part,
			.picture = strcmp(json_text_or(part, "part", ""), "picture") == 0 };
	}
	return f;
}

static struct feishu_file *at_hand(struct feishu_errand *e)
{
	return &e->files->list[e->files->at];
}

/* A card that is refused goes as plain text, and a document with a message that is posted. */
static gboolean is_wanted(const struct feishu_errand *e, const struct feishu_file *file)
{
	if (!file->file || file->lost || file->key)
		return FALSE;
	return file->picture ? !e->row->plain : e->row->kind == OUTBOX_POST;
}

gboolean feishu_files_follow(const struct feishu_errand *e)
{
	for (guint i = 0; e->files && e->row->kind == OUTBOX_POST && i < e->files->count; i++)
		if (e->files->list[i].file && !e->files->list[i].picture && !e->files->list[i].lost)
			return TRUE;
	return FALSE;
}

GPtrArray *feishu_files_keys(const struct feishu_errand *e)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; e->files && i < e->files->count; i++) {
		const struct feishu_file *file = &e->files->list[i];
		/* The post that a replacement changes has carried the document. */
		gboolean carried = file->file && !file->picture && e->row->kind == OUTBOX_REPLACE;
		g_ptr_array_add(keys, g_strdup(carried ? file->file->name : file->key));
	}
	return keys;
}

/* --- trouble --- */

static void lose(struct feishu_errand *e, const char *reason)
{
	log_warning("a file cannot be sent", "workspace", e->adapter->workspace->name, "row", e->row->id, "file",
		at_hand(e)->file->name, "reason", reason);
	at_hand(e)->lost = TRUE;
}

static gboolean is_passing(const struct feishu_answer *answer, const struct feishu_called *called)
{
	static const gboolean passing[] = { [FEISHU_TOKEN] = TRUE, [FEISHU_STOP] = TRUE, [FEISHU_SLOWER] = TRUE,
		[FEISHU_CROWDED] = TRUE, [FEISHU_BUSY] = TRUE, [FEISHU_TROUBLE] = TRUE, [FEISHU_BUG] = FALSE };
	return called->reply.transport != HTTP_OK || passing[answer->class];
}

/* --- bringing --- */

static char *picture_hash(const struct feishu_file *file)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file->file->bytes);
}

static void remember_picture(struct feishu_errand *e)
{
	GHashTable *pictures = e->adapter->pictures;
	if (!at_hand(e)->picture)
		return;
	if (g_hash_table_size(pictures) >= PICTURES_KEPT) /* what is forgotten is uploaded again */
		g_hash_table_remove_all(pictures);
	g_hash_table_replace(pictures, picture_hash(at_hand(e)), g_strdup(at_hand(e)->key));
}

void feishu_files_forget(struct feishu_errand *e)
{
	for (guint i = 0; e->files && i < e->files->count; i++) {
		g_autofree char *hash = e->files->list[i].key ? picture_hash(&e->files->list[i]) : NULL;
		if (hash)
			g_hash_table_remove(e->adapter->pictures, hash);
	}
}

static void uploaded(struct feishu_errand *e, const struct feishu_called *called)
{
	const char *member = at_hand(e)->picture ? "data.image_key" : "data.file_key";
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(e->adapter, called, &answer);
	if (feishu_called_ok(called) && json_text_or(called->reply.body, member, NULL)) {
		at_hand(e)->key = g_strdup(json_text_or(called->reply.body, member, NULL));
		remember_picture(e);
	} else if (is_passing(&answer, called) && (answer.class == FEISHU_STOP || e->row->attempts < ROW_TRIES)) {
		feishu_errand_read(e, called, upload);
		return;
	} else {
		lose(e, answer.reason ? answer.reason : "no key in the answer");
	}
	bring_next(e);
}

static void upload(struct feishu_errand *e)
{
	const struct feishu_file *file = at_hand(e);
	struct feishu_request request = { 0 };
	if (file->picture)
		feishu_out_picture(file->file, &request);
	else
		feishu_out_document(file->file, &request);
	feishu_errand_call(e, &request, uploaded);
}

/* A picture that was uploaded before needs no call. */
static void recall_picture(struct feishu_errand *e)
{
	struct feishu_file *file = at_hand(e);
	g_autofree char *hash = file->picture ? picture_hash(file) : NULL;
	if (hash)
		file->key = g_strdup(g_hash_table_lookup(e->adapter->pictures, hash));
}

static void bring_next(struct feishu_errand *e)
{
	struct feishu_files *f = e->files;
	for (; f->at < f->count; f->at++) {
		if (!is_wanted(e, at_hand(e)))
			continue;
		recall_picture(e);
		if (!at_hand(e)->key) {
			upload(e);
			return;
		}
	}
	f->then(e);
}

void feishu_files_bring(struct feishu_errand *e, feishu_errand_step *then)
{
	if (!e->files) {
		then(e);
		return;
	}
	e->files->then = then;
	e->files->at = 0;
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
	const struct feishu_file *file = at_hand(e);
	feishu_out_loss(e->row, e->flat, file->part, (guint)(file - e->files->list) + 1, &request);
	feishu_errand_call(e, &request, told_of_loss);
}

static void shared(struct feishu_errand *e, const struct feishu_called *called)
{
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_answer(e->row, &e->request, &called->reply, &answer);
	at_hand(e)->shared = TRUE;
	if (feishu_called_ok(called)) {
		share_next(e);
		return;
	}
	/* The same again, while the platform knows its uuid. */
	gboolean again = is_passing(&answer, called) && answer.class != FEISHU_STOP && !feishu_errand_outlived_uuid(e);
	if (again || (answer.flat && !e->flat)) {
		int64_t wait_ms = backoff_delay_ms(BACKOFF_NETWORK, e->files->tries++, random_unit());
		e->flat |= answer.flat;
		feishu_errand_wait(e, MAX(answer.outcome.after_ms, wait_ms), share);
		return;
	}
	lose(e, answer.reason ? answer.reason : "no answer");
	tell_of_loss(e);
}

static void share(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	const struct feishu_file *file = at_hand(e);
	feishu_out_share(e->row, e->flat, file->key, (guint)(file - e->files->list) + 1, &request);
	feishu_errand_call(e, &request, shared);
}

static void share_next(struct feishu_errand *e)
{
	struct feishu_files *f = e->files;
	for (f->at = 0; f->at < f->count; f->at++) {
		const struct feishu_file *file = at_hand(e);
		if (file->file && !file->picture && !file->shared && file->key) {
			f->tries = 0;
			share(e);
			return;
		}
	}
	feishu_errand_end(e,
		&(struct outcome){ .result = SEND_DONE, .after_ms = -1, .message = f->stands, .channel = f->channel });
}

void feishu_files_share(struct feishu_errand *e, const char *channel, const char *message)
{
	e->files->channel = g_strdup(channel);
	e->files->stands = g_strdup(message);
	share_next(e);
}
