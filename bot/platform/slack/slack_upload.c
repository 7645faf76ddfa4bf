/* SPDX-License-Identifier: MIT */
/*
 * A row's files (protocols/slack.md 9): its pictures are brought and scanned before its message, which shows them; its
 * documents are brought before and shared after it, each as a message of its own under the same roof.
 *
 *	each: address → bytes → (a picture: complete → until it is scanned)
 *	the message
 *	each document: complete in the channel → until it is shared
 *
 * What breaks off before the message is done again with all of it: what was brought is seen by nobody. After the message
 * nothing is done twice without a look: completing again is only for a file that is not complete (files.info). A file
 * that is refused is lost, and said to be: in the message, or after it.
 */
#include "platform/slack/slack_room.h"

#include "base/log.h"
#include "base/random.h"
#include "net/backoff.h"

enum {
	ROW_TRIES = 5,	     /* of the whole row, for an upload that Slack's servers fail */
	ADDRESS_TRIES = 3,   /* of one file */
	SHARE_TRIES = 6,
	UPLOAD_MS = 120000, /* 8 MiB on a slow line */
};

/* How long to wait for a scan: about a minute in all. */
static const int32_t looks_ms[] = { 300, 700, 1500, 3000, 6000, 12000, 18000, 18000 };

struct slack_file {
	const struct message_file *file; /* the row's */
	const cJSON *part;
	gboolean picture;
	gboolean lost, shared;
	char *id; /* brought; NULL: not (yet) */
};

struct slack_files {
	cJSON *content;
	struct slack_file *list;
	guint count, at; /* at: the one at hand */
	unsigned tries, looks;
	char *address, *candidate; /* where its bytes go, a secret, and its id then */
	errand_step *then;
	char *channel, *stands; /* the message, once it stands */
};

static void bring_next(struct errand *e);
static void ask_address(struct errand *e);
static void share_next(struct errand *e);
static void share(struct errand *e);
static void look_at_file(struct errand *e);

/* --- what there is --- */

void slack_files_free(struct slack_files *f)
{
	if (!f)
		return;
	for (guint i = 0; i < f->count; i++)
		g_free(f->list[i].id);
	g_free(f->list);
	g_free(f->address);
	g_free(f->candidate);
	g_free(f->channel);
	g_free(f->stands);
	cJSON_Delete(f->content);
	g_free(f);
}

struct slack_files *slack_files_new(const struct outbox_row *row)
{
	cJSON *content = row->files && row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	if (!content)
		return NULL;
	struct slack_files *f = g_new0(struct slack_files, 1);
	f->content = content;
	f->count = row->files->len;
	f->list = g_new0(struct slack_file, f->count);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		int64_t number = json_int_or(part, "file", -1);
		if (number < 0 || number >= f->count)
			continue;
		f->list[number] = (struct slack_file){ .file = row->files->pdata[number],
			.part = part,
			.picture = strcmp(json_text_or(part, "part", ""), "picture") == 0 };
	}
	return f;
}

static struct slack_file *at_hand(struct errand *e)
{
	return &e->files->list[e->files->at];
}

/* A card that is refused goes as plain text, and a document with a message that is posted. */
static gboolean is_wanted(const struct errand *e, const struct slack_file *file)
{
	if (!file->file || file->lost || file->shared || file->id)
		return FALSE;
	return file->picture ? !e->row->plain && !e->files->stands : e->row->kind == OUTBOX_POST;
}

gboolean slack_files_follow(const struct errand *e)
{
	for (guint i = 0; e->files && e->row->kind == OUTBOX_POST && i < e->files->count; i++)
		if (e->files->list[i].file && !e->files->list[i].picture)
			return TRUE;
	return FALSE;
}

GPtrArray *slack_files_keys(const struct errand *e)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; e->files && i < e->files->count; i++) {
		const struct slack_file *file = &e->files->list[i];
		/* The post that a replacement changes has carried the document. */
		gboolean carried = file->file && !file->picture && e->row->kind == OUTBOX_REPLACE;
		g_ptr_array_add(keys, g_strdup(carried ? file->file->name : file->id));
	}
	return keys;
}

void slack_files_note_shared(struct errand *e, const char *name)
{
	for (guint i = 0; e->files && i < e->files->count; i++) {
		struct slack_file *file = &e->files->list[i];
		if (file->file && !file->picture && !file->shared && strcmp(file->file->name, name) == 0) {
			file->shared = TRUE;
			return;
		}
	}
}

/* --- trouble --- */

static void lose(struct errand *e, const char *reason)
{
	log_warning("a file cannot be sent", "workspace", e->adapter->workspace->name, "row", e->row->id, "file",
		at_hand(e)->file->name, "reason", reason);
	at_hand(e)->lost = TRUE;
}

static const char *reason_of(const struct slack_called *called)
{
	const char *error = json_text_or(called->reply.body, "error", called->reply.transport_error);
	return error ? error : "no answer of Slack's";
}

static enum slack_class class_of(const struct slack_called *called)
{
	const struct slack_reply *reply = &called->reply;
	if (reply->transport != HTTP_OK || reply->status >= 500)
		return SLACK_TROUBLE;
	return reply->status == 429 ? SLACK_SLOWER : slack_error_class(json_text_or(reply->body, "error", NULL));
}

static gboolean is_passing(enum slack_class class)
{
	return class == SLACK_SLOWER || class == SLACK_BUSY || class == SLACK_TROUBLE || class == SLACK_STOP;
}

/*
 * Before the message: TRUE: the answer is good. FALSE: the errand waits and does it `again`, or the row comes once more, or
 * the file is lost and the next one's turn.
 */
static gboolean went_well(struct errand *e, const struct slack_called *called, errand_step *again)
{
	if (slack_called_ok(called))
		return TRUE;
	enum slack_class class = class_of(called);
	if (class == SLACK_STOP || (is_passing(class) && e->row->attempts < ROW_TRIES)) {
		errand_read(e, called, again);
		return FALSE;
	}
	lose(e, reason_of(called));
	bring_next(e);
	return FALSE;
}

/* --- bringing --- */

static void brought(struct errand *e)
{
	at_hand(e)->id = g_steal_pointer(&e->files->candidate);
	bring_next(e);
}

static gboolean is_scanned(const struct slack_called *called)
{
	return *json_text_or(called->reply.body, "file.mimetype", "") != '\0';
}

/* The next look; FALSE: it has taken too long. */
static gboolean look_later(struct errand *e, errand_step *look)
{
	if (e->files->looks >= G_N_ELEMENTS(looks_ms))
		return FALSE;
	errand_wait(e, looks_ms[e->files->looks++], look);
	return TRUE;
}

static void scan_looked_at(struct errand *e, const struct slack_called *called)
{
	/* Who may not look can but hope: a card that shows it too early goes as plain text. */
	if (class_of(called) == SLACK_FORBIDDEN || (slack_called_ok(called) && is_scanned(called))) {
		brought(e);
		return;
	}
	if ((slack_called_ok(called) || is_passing(class_of(called))) && look_later(e, look_at_file))
		return;
	lose(e, slack_called_ok(called) ? "its scan takes too long" : reason_of(called));
	bring_next(e);
}

static void look_at_file(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_file_info(e->files->candidate, &request);
	errand_call(e, &request, scan_looked_at);
}

/* Nobody sees a file without a channel: one that may be complete or not is simply brought again. */
static void completed(struct errand *e, const struct slack_called *called)
{
	if (!slack_called_ok(called) && class_of(called) == SLACK_TROUBLE && ++e->files->tries < ADDRESS_TRIES) {
		ask_address(e);
		return;
	}
	if (!went_well(e, called, ask_address))
		return;
	e->files->looks = 0;
	look_at_file(e);
}

static void complete(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_complete(e->files->candidate, at_hand(e)->file->name, NULL, NULL, &request);
	errand_call(e, &request, completed);
}

/* Slack answers in words; any status but 200 means to begin again (9). */
static void bytes_sent(struct errand *e, const struct slack_called *called)
{
	gboolean taken = called->reply.transport == HTTP_OK && called->reply.status == 200;
	if (taken && at_hand(e)->picture)
		complete(e);
	else if (taken)
		brought(e);
	else if (++e->files->tries < ADDRESS_TRIES)
		ask_address(e);
	else
		went_well(e, called, ask_address);
}

static void address_came(struct errand *e, const struct slack_called *called)
{
	if (!went_well(e, called, ask_address))
		return;
	struct slack_files *f = e->files;
	g_free(f->address);
	g_free(f->candidate);
	f->address = g_strdup(json_text_or(called->reply.body, "upload_url", NULL));
	f->candidate = g_strdup(json_text_or(called->reply.body, "file_id", NULL));
	if (!f->address || !f->candidate) {
		lose(e, "files.getUploadURLExternal: no address in the answer");
		bring_next(e);
		return;
	}
	gsize length;
	const char *bytes = g_bytes_get_data(at_hand(e)->file->bytes, &length);
	errand_upload(e, f->address, bytes, length, UPLOAD_MS, bytes_sent);
}

static void ask_address(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	const struct slack_file *file = at_hand(e);
	slack_out_upload(file->file->name, g_bytes_get_size(file->file->bytes), json_text_or(file->part, "alt", NULL), &request);
	errand_call(e, &request, address_came);
}

static void bring_next(struct errand *e)
{
	struct slack_files *f = e->files;
	while (f->at < f->count && !is_wanted(e, &f->list[f->at]))
		f->at++;
	f->tries = 0;
	if (f->at < f->count)
		ask_address(e);
	else
		f->then(e);
}

void slack_files_bring(struct errand *e, errand_step *then)
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

static void end(struct errand *e)
{
	errand_end(e,
		&(struct outcome){
			.result = SEND_DONE, .after_ms = -1, .message = e->files->stands, .channel = e->files->channel });
}

static void told_of_loss(struct errand *e, const struct slack_called *called)
{
	if (class_of(called) == SLACK_SLOWER && ++e->files->tries < SHARE_TRIES) {
		errand_wait(e, looks_ms[G_N_ELEMENTS(looks_ms) - 1], share_next);
		return;
	}
	at_hand(e)->shared = TRUE; /* said once, heard or not */
	share_next(e);
}

/* The card names the document already, so what became of it is said under it. */
static void tell_of_loss(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_loss(e->files->channel, e->row->thread, at_hand(e)->part, &request);
	errand_call(e, &request, told_of_loss);
}

/* Whether it stands in the channel, among public or private shares. */
static gboolean is_shared(const struct slack_called *called, const char *channel)
{
	const cJSON *kind;
	cJSON_ArrayForEach (kind, json_object(called->reply.body, "file.shares")) {
		if (cJSON_GetArraySize(json_array(kind, channel)) > 0)
			return TRUE;
	}
	return FALSE;
}

static void look_at_share(struct errand *e);

static void give_up(struct errand *e, const char *reason)
{
	lose(e, reason);
	e->files->tries = 0;
	share_next(e);
}

static void share_looked_at(struct errand *e, const struct slack_called *called)
{
	gboolean absent = g_strcmp0(json_text_or(called->reply.body, "error", NULL), "file_not_found") == 0;
	if (class_of(called) == SLACK_FORBIDDEN || (slack_called_ok(called) && is_shared(called, e->files->channel))) {
		at_hand(e)->shared = TRUE;
		share_next(e);
		return;
	}
	if (absent && e->files->tries < SHARE_TRIES) /* it was not completed after all */
		share(e);
	else if (class_of(called) == SLACK_TROUBLE) /* no network: a look can wait for it */
		errand_wait(e, looks_ms[G_N_ELEMENTS(looks_ms) - 1], look_at_share);
	else if (!look_later(e, look_at_share))
		give_up(e, "its share does not appear");
}

static void look_at_share(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_file_info(at_hand(e)->id, &request);
	errand_call(e, &request, share_looked_at);
}

static void share_answered(struct errand *e, const struct slack_called *called)
{
	enum slack_class class = class_of(called);
	e->files->looks = 0;
	if (slack_called_ok(called) || class == SLACK_TROUBLE) /* only a look tells */
		look_later(e, look_at_share);
	else if (is_passing(class) && e->files->tries < SHARE_TRIES)
		errand_wait(e, backoff_delay_ms(BACKOFF_NETWORK, e->files->tries, random_unit()), share);
	else
		give_up(e, reason_of(called));
}

static void share(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	e->files->tries++;
	slack_out_complete(at_hand(e)->id, at_hand(e)->file->name, e->files->channel, e->row->thread, &request);
	errand_call(e, &request, share_answered);
}

static void share_next(struct errand *e)
{
	struct slack_files *f = e->files;
	for (; f->at < f->count; f->at++) {
		const struct slack_file *file = at_hand(e);
		if (!file->file || file->picture || file->shared)
			continue;
		if (file->id && !file->lost)
			share(e);
		else
			tell_of_loss(e);
		return;
	}
	end(e);
}

/* What was lost before the message was said in it. */
static void settle_lost(struct errand *e)
{
	for (guint i = 0; i < e->files->count; i++)
		e->files->list[i].shared |= e->files->list[i].lost;
}

static void share_all(struct errand *e)
{
	e->files->at = 0;
	e->files->tries = 0;
	share_next(e);
}

void slack_files_share(struct errand *e, const char *channel, const char *ts)
{
	struct slack_files *f = e->files;
	f->channel = g_strdup(channel);
	f->stands = g_strdup(ts);
	settle_lost(e);
	slack_files_bring(e, share_all);
}
