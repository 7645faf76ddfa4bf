/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_out.h"

#include "core/event.h"
#include "platform/slack/slack_card.h"
#include "platform/slack/slack_mrkdwn.h"

#define JSON_TYPE	    "application/json; charset=utf-8"
#define FORM_TYPE	    "application/x-www-form-urlencoded"
#define PAGE_SIZE	    "200"
#define ACKNOWLEDGEMENT_MAX 20000 /* Slack drops frames over 20,480 bytes (2.2) */
#define PROBLEM_MAX	    500	  /* code points of one problem in an acknowledgement */

/*
 * The tiers of protocols/slack.md 7. Slack counts by the minute, tolerates bursts and does not say how large: a whole
 * minute's worth may go at once, so that a team that answers all together sees its marks together. What Slack finds
 * too much it refuses with a time to wait.
 */
#define TIER2 .per_minute = 20, .burst = 20
#define TIER3 .per_minute = 50, .burst = 50
#define TIER4 .per_minute = 100, .burst = 100
#define POSTS .per_minute = 300, .burst = 60

static const struct slack_method methods[] = {
	[OUTBOX_POST] = { "chat.postMessage", .json = TRUE, POSTS },
	[OUTBOX_REPLACE] = { "chat.update", .json = TRUE, .repeatable = TRUE, TIER3 },
	[OUTBOX_DELETE] = { "chat.delete", .json = TRUE, .repeatable = TRUE, TIER3 },
	[OUTBOX_REACT] = { "reactions.add", .json = TRUE, .repeatable = TRUE, TIER3 },
	[OUTBOX_UNREACT] = { "reactions.remove", .json = TRUE, .repeatable = TRUE, TIER2 },
	[OUTBOX_PRIVATE] = { "chat.postEphemeral", .json = TRUE, TIER4 },
	[OUTBOX_FORM] = { "views.open", .json = TRUE, .repeatable = TRUE,
		TIER4 }, /* a trigger opens but once */
	[OUTBOX_HOME] = { "views.publish", .json = TRUE, .repeatable = TRUE, TIER4 },
	[OUTBOX_ASK_PERSON] = { "users.info", .repeatable = TRUE, TIER4 },
	[OUTBOX_ASK_MEMBERS] = { "conversations.members", .repeatable = TRUE, TIER4 },
	[OUTBOX_ASK_CHANNEL] = { "conversations.list", .repeatable = TRUE, TIER2 },
	[OUTBOX_ASK_HISTORY] = { "conversations.history", .repeatable = TRUE, TIER3 },
	[OUTBOX_ASK_MESSAGE] = { "reactions.get", .repeatable = TRUE, TIER3 }, /* of threads too, and without paging */
	[OUTBOX_URGE] = { "chat.postMessage", .json = TRUE, POSTS }, /* there is no louder call: a direct message */
};
G_STATIC_ASSERT(G_N_ELEMENTS(methods) == OUTBOX_KIND_COUNT);

const struct slack_method slack_method_open = { "conversations.open", .json = TRUE, .repeatable = TRUE,
	TIER3 };
const struct slack_method slack_method_history = { "conversations.history", .repeatable = TRUE, TIER3 };
const struct slack_method slack_method_replies = { "conversations.replies", .repeatable = TRUE, TIER3 };

const struct slack_method slack_method_upload = { "files.getUploadURLExternal", .repeatable = TRUE, TIER4 };
const struct slack_method slack_method_complete = { "files.completeUploadExternal", .json = TRUE, TIER4 };
const struct slack_method slack_method_file = { "files.info", .repeatable = TRUE, TIER4 };

/* What a renderer works with. */
struct job {
	const struct outbox_row *row;
	const struct slack_target *target;
	const char *channel;
	cJSON *content; /* NULL: the kind has none */
	cJSON *body;	/* of a JSON method */
	GString *form;	/* of the others */
	struct slack_request *request;
};

const struct slack_method *slack_method(enum outbox_kind kind)
{
	return &methods[kind];
}

void slack_request_release(struct slack_request *request)
{
	if (!request)
		return;
	g_clear_pointer(&request->url, g_free);
	g_clear_pointer(&request->body, g_free);
}

/* ---- bodies ---- */

static void put_field(GString *form, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	g_string_append_printf(form, "%s%s=", form->len ? "&" : "", key);
	g_string_append_uri_escaped(form, value, NULL, FALSE);
}

static void put_texts(struct job *job, const char *text, gboolean with_blocks)
{
	json_put_text(job->body, "text", text);
	if (!with_blocks)
		return;
	cJSON *blocks = slack_card_blocks(job->content, SLACK_MESSAGE_BLOCKS, SLACK_MESSAGE_TEXT, SLACK_CHARTS);
	if (blocks->child)
		cJSON_AddItemToObject(job->body, "blocks", blocks);
	else
		cJSON_Delete(blocks);
}

static void put_card(struct job *job)
{
	g_autofree char *text = job->row->plain ? slack_card_plain(job->content, SLACK_TEXT_MAX)
						: slack_card_text(job->content);
	put_texts(job, text, !job->row->plain);
}

/* By the key a post of unknown fate is found again (10.3). */
static void put_metadata(struct job *job)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, job->row->id);
	cJSON *metadata = json_put_object(job->body, "metadata");
	json_put_text(metadata, "event_type", "belltower");
	json_put_text(json_put_object(metadata, "event_payload"), "k", key);
}

static void write_post(struct job *job)
{
	json_put_text(job->body, "channel", job->channel);
	json_put_text(job->body, "thread_ts", job->row->thread);
	put_card(job);
	put_metadata(job);
	json_put_bool(
		job->body, "unfurl_links", FALSE); /* a preview would come back as a change of the message */
	json_put_bool(job->body, "unfurl_media", FALSE);
}

static void write_replace(struct job *job)
{
	json_put_text(job->body, "channel", job->channel);
	json_put_text(job->body, "ts", job->row->message);
	put_card(job); /* text without blocks takes the old blocks away, which is what plain wants */
}

static void write_delete(struct job *job)
{
	json_put_text(job->body, "channel", job->channel);
	json_put_text(job->body, "ts", job->row->message);
}

static void write_reaction(struct job *job)
{
	json_put_text(job->body, "channel", job->channel);
	json_put_text(job->body, "timestamp", job->row->message);
	json_put_text(job->body, "name", job->row->word);
}

/* The member of the place's token that slack_in made; caller frees; NULL when there is none. */
static char *token_member(const struct outbox_row *row, const char *member)
{
	g_autoptr(cJSON) token = row->token ? json_parse(row->token, strlen(row->token), NULL) : NULL;
	return g_strdup(json_text_or(token, member, NULL));
}

/* To the response_url where there is one: it works in channels that the bot is not in. */
static void write_private(struct job *job)
{
	gboolean by_method = job->target && job->target->by_method;
	job->request->url = by_method ? NULL : token_member(job->row, "url");
	if (job->request->url) {
		json_put_text(job->body, "response_type", "ephemeral");
		json_put_bool(job->body, "replace_original", FALSE);
	} else {
		json_put_text(job->body, "channel", job->channel);
		json_put_text(job->body, "user", job->row->person);
		json_put_text(job->body, "thread_ts", job->row->thread);
	}
	put_card(job);
}

static void write_ask_person(struct job *job)
{
	put_field(job->form, "user", job->row->person);
	put_field(job->form, "include_locale", "true");
}

static void write_ask_members(struct job *job)
{
	put_field(job->form, "channel", job->channel);
	put_field(job->form, "limit", PAGE_SIZE);
	put_field(job->form, "cursor", job->target ? job->target->cursor : NULL);
}

static void write_ask_channel(struct job *job)
{
	put_field(job->form, "types", "public_channel,private_channel");
	put_field(job->form, "exclude_archived", "true");
	put_field(job->form, "limit", PAGE_SIZE);
	put_field(job->form, "cursor", job->target ? job->target->cursor : NULL);
}

static void put_history(
	GString *form, const char *channel, const char *thread, const char *oldest, const char *cursor)
{
	put_field(form, "channel", channel);
	put_field(form, "ts", thread);
	put_field(form, "oldest", oldest);
	put_field(form, "limit", PAGE_SIZE);
	put_field(form, "include_all_metadata", "true");
	put_field(form, "cursor", cursor);
}

static void write_ask_history(struct job *job)
{
	put_history(
		job->form, job->channel, NULL, job->row->message, job->target ? job->target->cursor : NULL);
}

static void write_ask_message(struct job *job)
{
	put_field(job->form, "channel", job->channel);
	put_field(job->form, "timestamp", job->row->message);
	put_field(job->form, "full", "true");
}

/* ---- views: the only ones that can be refused here ---- */

static gboolean write_form(struct job *job, GError **error)
{
	g_autofree char *trigger = token_member(job->row, "trigger");
	if (!trigger) {
		g_set_error_literal(error, JSON_ERROR, JSON_ERROR_MISSING, "a form needs a trigger");
		return FALSE;
	}
	cJSON *view = slack_view_modal(job->content, error);
	if (!view)
		return FALSE;
	json_put_text(job->body, "trigger_id", trigger);
	cJSON_AddItemToObject(job->body, "view", view);
	return TRUE;
}

static void write_home(struct job *job)
{
	json_put_text(job->body, "user_id", job->row->person);
	cJSON_AddItemToObject(job->body, "view", slack_view_home(job->content, job->row->plain));
}

/* ---- rows ---- */

enum { NEEDS_CHANNEL = 1, NEEDS_MESSAGE = 2, NEEDS_PERSON = 4, NEEDS_WORD = 8, NEEDS_CONTENT = 16 };

static const struct {
	void (*write)(struct job *job);
	unsigned needs;
} writers[] = {
	[OUTBOX_POST] = { write_post, NEEDS_CHANNEL | NEEDS_CONTENT },
	[OUTBOX_REPLACE] = { write_replace, NEEDS_CHANNEL | NEEDS_MESSAGE | NEEDS_CONTENT },
	[OUTBOX_DELETE] = { write_delete, NEEDS_CHANNEL | NEEDS_MESSAGE },
	[OUTBOX_REACT] = { write_reaction, NEEDS_CHANNEL | NEEDS_MESSAGE | NEEDS_WORD },
	[OUTBOX_UNREACT] = { write_reaction, NEEDS_CHANNEL | NEEDS_MESSAGE | NEEDS_WORD },
	[OUTBOX_PRIVATE] = { write_private, NEEDS_CHANNEL | NEEDS_PERSON | NEEDS_CONTENT },
	[OUTBOX_FORM] = { NULL, NEEDS_CONTENT },
	[OUTBOX_HOME] = { write_home, NEEDS_PERSON | NEEDS_CONTENT },
	[OUTBOX_ASK_PERSON] = { write_ask_person, NEEDS_PERSON },
	[OUTBOX_ASK_MEMBERS] = { write_ask_members, NEEDS_CHANNEL },
	[OUTBOX_ASK_CHANNEL] = { write_ask_channel, 0 },
	[OUTBOX_ASK_HISTORY] = { write_ask_history, NEEDS_CHANNEL },
	[OUTBOX_ASK_MESSAGE] = { write_ask_message, NEEDS_CHANNEL | NEEDS_MESSAGE },
	[OUTBOX_URGE] = { write_post, NEEDS_CHANNEL | NEEDS_CONTENT },
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == OUTBOX_KIND_COUNT);

static gboolean is_set(const char *text)
{
	return text && *text;
}

/* TRUE when the row has all that its kind needs. */
static gboolean check(const struct job *job, GError **error)
{
	const struct outbox_row *row = job->row;
	const struct {
		unsigned need;
		gboolean there;
		const char *name;
	} needs[] = {
		{ NEEDS_CHANNEL, is_set(job->channel), "channel" },
		{ NEEDS_MESSAGE, is_set(row->message), "message" },
		{ NEEDS_PERSON, is_set(row->person), "person" },
		{ NEEDS_WORD, is_set(row->word), "word" },
		{ NEEDS_CONTENT, job->content != NULL, "content" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(needs); i++) {
		if ((writers[row->kind].needs & needs[i].need) && !needs[i].there) {
			g_set_error(error, JSON_ERROR, JSON_ERROR_MISSING, "row of kind '%s' has no %s",
				outbox_kind_name(row->kind), needs[i].name);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean write_row(struct job *job, GError **error)
{
	if (job->row->content &&
		!(job->content = json_parse(job->row->content, strlen(job->row->content), error)))
		return FALSE;
	if (!check(job, error))
		return FALSE;
	message_put_keys(job->content, job->target ? job->target->keys : NULL, job->target ? job->target->key_count : 0);
	if (job->row->kind == OUTBOX_FORM)
		return write_form(job, error);
	writers[job->row->kind].write(job);
	return TRUE;
}

gboolean slack_out(const struct outbox_row *row, const struct slack_target *target, struct slack_request *out,
	GError **error)
{
	const struct slack_method *method = slack_method(row->kind);
	g_autoptr(cJSON) body = method->json ? cJSON_CreateObject() : NULL;
	GString *form = g_string_new(NULL);
	struct slack_request request = { .method = method,
		.content_type = method->json ? JSON_TYPE : FORM_TYPE };
	struct job job = { .row = row,
		.target = target,
		.body = body,
		.form = form,
		.request = &request,
		.channel = target && target->channel ? target->channel : row->channel };
	gboolean written = write_row(&job, error);
	cJSON_Delete(job.content);
	if (written && method->json) {
		request.body = json_print(body);
		g_string_free(form, TRUE);
	} else {
		request.body = g_string_free(form, FALSE);
	}
	if (written)
		*out = request;
	else
		slack_request_release(&request);
	return written;
}

void slack_out_open(const char *person, struct slack_request *out)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	json_put_text(body, "users", person);
	*out = (struct slack_request){
		.method = &slack_method_open, .body = json_print(body), .content_type = JSON_TYPE
	};
}

void slack_out_history(const char *channel, const char *thread, const char *oldest, const char *cursor,
	struct slack_request *out)
{
	GString *form = g_string_new(NULL);
	put_history(form, channel, thread, oldest, cursor);
	*out = (struct slack_request){ .method = thread ? &slack_method_replies : &slack_method_history,
		.body = g_string_free(form, FALSE),
		.content_type = FORM_TYPE };
}

/* ---- files ---- */

#define ALT_MAX 1000 /* code points of alt_txt */

void slack_out_upload(const char *name, gsize length, const char *alt, struct slack_request *out)
{
	g_autofree char *size = g_strdup_printf("%" G_GSIZE_FORMAT, length);
	g_autofree char *words = ink_plain(alt ? alt : "", ALT_MAX, TRUE);
	GString *form = g_string_new(NULL);
	put_field(form, "filename", name);
	put_field(form, "length", size);
	put_field(form, "alt_txt", words);
	*out = (struct slack_request){
		.method = &slack_method_upload, .body = g_string_free(form, FALSE), .content_type = FORM_TYPE
	};
}

void slack_out_complete(const char *file, const char *title, const char *channel, const char *thread,
	struct slack_request *out)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	cJSON *item = json_push_object(json_put_array(body, "files"));
	json_put_text(item, "id", file);
	json_put_text(item, "title", title);
	json_put_text(body, "channel_id", channel);
	json_put_text(body, "thread_ts", thread);
	*out = (struct slack_request){
		.method = &slack_method_complete, .body = json_print(body), .content_type = JSON_TYPE
	};
}

void slack_out_file_info(const char *file, struct slack_request *out)
{
	GString *form = g_string_new(NULL);
	put_field(form, "file", file);
	*out = (struct slack_request){
		.method = &slack_method_file, .body = g_string_free(form, FALSE), .content_type = FORM_TYPE
	};
}

void slack_out_loss(const char *channel, const char *thread, const cJSON *part, struct slack_request *out)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	g_autoptr(cJSON) card = cJSON_CreateObject();
	cJSON *lost = cJSON_Duplicate(part, TRUE);
	cJSON_DeleteItemFromObjectCaseSensitive(lost, "file");
	cJSON_AddItemToArray(json_put_array(card, "parts"), lost);
	g_autofree char *text = slack_card_plain(card, SLACK_TEXT_MAX);
	json_put_text(body, "channel", channel);
	json_put_text(body, "thread_ts", thread);
	json_put_text(body, "text", text);
	*out = (struct slack_request){
		.method = slack_method(OUTBOX_POST), .body = json_print(body), .content_type = JSON_TYPE
	};
}

/* ---- times ---- */

char *slack_out_ts(int64_t utc_ms)
{
	int64_t ms = MAX(utc_ms, 0);
	return g_strdup_printf("%" G_GINT64_FORMAT ".%03d000", (gint64)(ms / 1000), (int)(ms % 1000));
}

/* ---- acknowledgements ---- */

static char *acknowledgement(const char *envelope_id, const GArray *problems, guint limit)
{
	g_autoptr(cJSON) root = cJSON_CreateObject();
	json_put_text(root, "envelope_id", envelope_id);
	cJSON *payload = problems && problems->len > 0 ? json_put_object(root, "payload") : NULL;
	json_put_text(payload, "response_action", payload ? "errors" : NULL);
	cJSON *errors = payload ? json_put_object(payload, "errors") : NULL;
	for (guint i = 0; errors && i < problems->len; i++) {
		const struct event_input *problem = &g_array_index(problems, struct event_input, i);
		g_autofree char *text = ink_plain(problem->value, limit, TRUE);
		json_put_text(errors, problem->name, text);
	}
	return json_print(root);
}

char *slack_out_acknowledgement(const char *envelope_id, const GArray *problems)
{
	for (guint limit = PROBLEM_MAX; limit > 1; limit /= 2) {
		char *text = acknowledgement(envelope_id, problems, limit);
		if (strlen(text) <= ACKNOWLEDGEMENT_MAX)
			return text;
		g_free(text);
	}
	return acknowledgement(envelope_id, NULL, 0);
}
