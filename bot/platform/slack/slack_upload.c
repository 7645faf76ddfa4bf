/* SPDX-License-Identifier: MIT */
/*
 * A row's files (protocols/slack.md 9): its pictures are brought and scanned before its message, which shows them; its
 * documents are brought before and shared after it, each as a message of its own under the same roof.
 *
 *	each: (a wish: draw) → address → bytes → (a picture: complete → until it is scanned)
 *	(a picture that somebody has sent: until it is scanned)
 *	the message
 *	each document: complete in the channel → until it is shared
 *
 * What breaks off before the message is done again with all of it: what was brought is seen by nobody. After the message
 * nothing is done twice without a look: completing again is only for a file that is not complete (files.info). A file
 * that is refused is lost, and said to be: in the message, or after it.
 */
#include "platform/slack/slack_room.h"

#include "base/random.h"
#include "net/backoff.h"

enum {
	ROW_TRIES = 5,	   /* of the whole row, for an upload that Slack's servers fail */
	ADDRESS_TRIES = 3, /* of one file */
	SHARE_TRIES = 6,
	UPLOAD_MS = 120000, /* 8 MiB on a slow line */
};

/* How long to wait for a scan: about a minute in all. */
static const int32_t looks_ms[] = { 300, 700, 1500, 3000, 6000, 12000, 18000, 18000 };

static void bring_next(struct errand *e);
static void ask_address(struct errand *e);
static void share_next(struct errand *e);
static void share(struct errand *e);
static void look_at_file(struct errand *e);
static void look_at_share(struct errand *e);

void slack_upload_release(struct errand *e)
{
	struct slack_upload *u = &e->upload;
	painter_cancel(e->adapter->painter, &u->drawing);
	cargo_free(u->cargo);
	g_free(u->address);
	g_free(u->candidate);
}

static struct cargo_item *at_hand(struct errand *e)
{
	return cargo_at_hand(e->upload.cargo);
}

/* --- trouble --- */

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

static void lose_and_go_on(struct errand *e, const char *reason)
{
	cargo_lose(e->upload.cargo, reason);
	bring_next(e);
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
	if (class == SLACK_STOP || (is_passing(class) && e->row->attempts < ROW_TRIES))
		errand_read(e, called, again);
	else
		lose_and_go_on(e, reason_of(called));
	return FALSE;
}

/* The next look; FALSE: it has taken too long. */
static gboolean look_later(struct errand *e, errand_step *look)
{
	if (e->upload.looks >= G_N_ELEMENTS(looks_ms))
		return FALSE;
	errand_wait(e, looks_ms[e->upload.looks++], look);
	return TRUE;
}

/* --- bringing --- */

static void brought(struct errand *e)
{
	at_hand(e)->key = g_steal_pointer(&e->upload.candidate);
	bring_next(e);
}

static gboolean is_scanned(const struct slack_called *called)
{
	return *json_text_or(called->reply.body, "file.mimetype", "") != '\0';
}

static void scan_looked_at(struct errand *e, const struct slack_called *called)
{
	gboolean told = slack_called_ok(called);
	/* Who may not look can but hope: a card that shows it too early goes as plain text. */
	if (class_of(called) == SLACK_FORBIDDEN || (told && is_scanned(called)))
		brought(e);
	else if (!(told || is_passing(class_of(called))) || !look_later(e, look_at_file))
		lose_and_go_on(e, told ? "its scan takes too long" : reason_of(called));
}

static void look_at_file(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_file_info(e->upload.candidate, &request);
	errand_call(e, &request, scan_looked_at);
}

/* Nobody sees a file without a channel: one that may be complete or not is simply brought again. */
static void completed(struct errand *e, const struct slack_called *called)
{
	if (class_of(called) == SLACK_TROUBLE && ++e->upload.tries < ADDRESS_TRIES) {
		ask_address(e);
	} else if (went_well(e, called, ask_address)) {
		e->upload.looks = 0;
		look_at_file(e);
	}
}

static void complete(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_complete(e->upload.candidate, at_hand(e)->file->name, NULL, NULL, &request);
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
	else if (++e->upload.tries < ADDRESS_TRIES)
		ask_address(e);
	else
		went_well(e, called, ask_address);
}

static void address_came(struct errand *e, const struct slack_called *called)
{
	struct slack_upload *u = &e->upload;
	if (!went_well(e, called, ask_address))
		return;
	g_free(u->address);
	g_free(u->candidate);
	u->address = g_strdup(json_text_or(called->reply.body, "upload_url", NULL));
	u->candidate = g_strdup(json_text_or(called->reply.body, "file_id", NULL));
	if (!u->address || !u->candidate) {
		lose_and_go_on(e, "files.getUploadURLExternal: no address in the answer");
		return;
	}
	gsize length;
	const char *bytes = g_bytes_get_data(at_hand(e)->file->bytes, &length);
	errand_upload(e, u->address, bytes, length, UPLOAD_MS, bytes_sent);
}

static void ask_address(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	const struct cargo_item *item = at_hand(e);
	slack_out_upload(item->file->name, g_bytes_get_size(item->file->bytes), json_text_or(item->part, "alt", NULL), &request);
	errand_call(e, &request, address_came);
}

static void was_drawn(GBytes *picture, gpointer data)
{
	struct errand *e = data;
	e->upload.drawing = 0;
	cargo_draw(e->upload.cargo, picture);
	bring_next(e);
}

/* It may be shown by its id, if it is still there. */
static void look_for_kept(struct errand *e)
{
	gsize length;
	const char *id = g_bytes_get_data(at_hand(e)->file->bytes, &length);
	g_free(e->upload.candidate);
	e->upload.candidate = g_strndup(id, length);
	e->upload.looks = 0;
	look_at_file(e);
}

static void bring_next(struct errand *e)
{
	e->upload.tries = 0;
	if (!cargo_next_to_bring(e->upload.cargo))
		e->upload.then(e);
	else if (at_hand(e)->wish)
		e->upload.drawing = painter_draw(e->adapter->painter, at_hand(e)->file->bytes, was_drawn, e);
	else if (at_hand(e)->kept)
		look_for_kept(e);
	else
		ask_address(e);
}

void slack_upload_bring(struct errand *e, errand_step *then)
{
	if (e->upload.cargo)
		e->upload.cargo->at = 0;
	e->upload.then = then;
	bring_next(e);
}

/* --- sharing --- */

static void told_of_loss(struct errand *e, const struct slack_called *called)
{
	if (class_of(called) == SLACK_SLOWER && ++e->upload.tries < SHARE_TRIES) {
		errand_wait(e, looks_ms[G_N_ELEMENTS(looks_ms) - 1], share_next);
		return;
	}
	at_hand(e)->settled = TRUE; /* said once, heard or not */
	share_next(e);
}

/* The card names the document already, so what became of it is said under it. */
static void tell_of_loss(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_loss(e->upload.cargo->channel, e->row->thread, at_hand(e)->part, &request);
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

static void give_up(struct errand *e, const char *reason)
{
	cargo_lose(e->upload.cargo, reason);
	e->upload.tries = 0;
	share_next(e);
}

static void share_looked_at(struct errand *e, const struct slack_called *called)
{
	enum slack_class class = class_of(called);
	gboolean absent = g_strcmp0(json_text_or(called->reply.body, "error", NULL), "file_not_found") == 0;
	if (class == SLACK_FORBIDDEN || (slack_called_ok(called) && is_shared(called, e->upload.cargo->channel))) {
		at_hand(e)->settled = TRUE;
		share_next(e);
	} else if (absent && e->upload.tries < SHARE_TRIES) { /* it was not completed after all */
		share(e);
	} else if (class == SLACK_TROUBLE) { /* no network: a look can wait for it */
		errand_wait(e, looks_ms[G_N_ELEMENTS(looks_ms) - 1], look_at_share);
	} else if (!look_later(e, look_at_share)) {
		give_up(e, "its share does not appear");
	}
}

static void look_at_share(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	slack_out_file_info(at_hand(e)->key, &request);
	errand_call(e, &request, share_looked_at);
}

static void share_answered(struct errand *e, const struct slack_called *called)
{
	enum slack_class class = class_of(called);
	e->upload.looks = 0;
	if (slack_called_ok(called) || class == SLACK_TROUBLE) /* only a look tells */
		look_later(e, look_at_share);
	else if (is_passing(class) && e->upload.tries < SHARE_TRIES)
		errand_wait(e, backoff_delay_ms(BACKOFF_NETWORK, e->upload.tries, random_unit()), share);
	else
		give_up(e, reason_of(called));
}

static void share(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	e->upload.tries++;
	slack_out_complete(at_hand(e)->key, at_hand(e)->file->name, e->upload.cargo->channel, e->row->thread, &request);
	errand_call(e, &request, share_answered);
}

static void share_next(struct errand *e)
{
	const struct cargo *cargo = e->upload.cargo;
	if (!cargo_next_to_share(e->upload.cargo))
		errand_end(e,
			&(struct outcome){
				.result = SEND_DONE, .after_ms = -1, .message = cargo->stands, .channel = cargo->channel });
	else if (at_hand(e)->key && !at_hand(e)->lost)
		share(e);
	else
		tell_of_loss(e);
}

static void share_all(struct errand *e)
{
	e->upload.cargo->at = 0;
	e->upload.tries = 0;
	share_next(e);
}

void slack_upload_share(struct errand *e, const char *channel, const char *ts)
{
	cargo_stand(e->upload.cargo, channel, ts);
	slack_upload_bring(e, share_all);
}

void slack_upload_note_shared(struct errand *e, const char *name)
{
	struct cargo *cargo = e->upload.cargo;
	for (cargo->at = 0; cargo_next_to_share(cargo); cargo->at++) {
		if (strcmp(at_hand(e)->file->name, name) == 0) {
			at_hand(e)->settled = TRUE;
			return;
		}
	}
}
