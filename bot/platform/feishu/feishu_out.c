/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_out.h"

#include "net/multipart.h"
#include "platform/feishu/feishu_card.h"
#include "platform/feishu/feishu_emoji.h"
#include "platform/feishu/feishu_pen.h"
#include "platform/feishu/feishu_text.h"

#define MESSAGES   "/open-apis/im/v1/messages"
#define CHATS	   "/open-apis/im/v1/chats"
#define TOAST_MAX   200 /* code points */
#define REPEATS_MS  (10 * 60000) /* the second repeat comes after 5 minutes (2.7) */

/* 1,000 a minute and 50 a second is what each call has by default (6.3). */
#define LEVEL4 .per_minute = 1000, .burst = 40

static const struct feishu_method methods[] = {
	[OUTBOX_POST] = { "im.messages", "POST", .counted = TRUE, LEVEL4 },
	[OUTBOX_REPLACE] = { "im.messages.patch", "PATCH", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_DELETE] = { "im.messages.delete", "DELETE", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_REACT] = { "im.reactions", "POST", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_UNREACT] = { "im.reactions.delete", "DELETE", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_PRIVATE] = { "im.messages", "POST", .counted = TRUE, LEVEL4 },
	[OUTBOX_FORM] = { "im.messages", "POST", .counted = TRUE, LEVEL4 },
	[OUTBOX_HOME] = { "im.messages", "POST", .counted = TRUE, LEVEL4 },
	[OUTBOX_ASK_PERSON] = { "contact.users", "GET", .repeatable = TRUE, LEVEL4 },
	[OUTBOX_ASK_MEMBERS] = { "im.chats.members", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_ASK_CHANNEL] = { "im.chats", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_ASK_HISTORY] = { "im.messages.list", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_ASK_MESSAGE] = { "im.messages.get", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
	[OUTBOX_URGE] = { "im.messages.urgent", "PATCH", .repeatable = TRUE, .counted = TRUE, LEVEL4 },
};
G_STATIC_ASSERT(G_N_ELEMENTS(methods) == OUTBOX_KIND_COUNT);

const struct feishu_method feishu_method_ephemeral = { "ephemeral", "POST", .counted = TRUE, LEVEL4 };
const struct feishu_method feishu_method_token = { "auth", "POST", .repeatable = TRUE, LEVEL4 };
const struct feishu_method feishu_method_endpoint = { "endpoint", "POST", .repeatable = TRUE, LEVEL4 };
const struct feishu_method feishu_method_bot = { "bot", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 };
const struct feishu_method feishu_method_message = { "im.messages.get", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 };
const struct feishu_method feishu_method_reactions = { "im.reactions.list", "GET", .repeatable = TRUE, .counted = TRUE, LEVEL4 };

const struct feishu_method feishu_method_resource = {
	"im.messages.resources", "GET", .repeatable = TRUE, .counted = TRUE, .timeout_ms = 120000, LEVEL4
};

#define UPLOAD .repeatable = TRUE, .counted = TRUE, .timeout_ms = 120000, LEVEL4
const struct feishu_method feishu_method_picture = { "im.images", "POST", UPLOAD };
const struct feishu_method feishu_method_document = { "im.files", "POST", UPLOAD };

/* What a renderer works with. */
struct job {
	const struct outbox_row *row;
	const struct feishu_target *target; /* never NULL */
	const cJSON *content;		    /* NULL: the kind has none */
	cJSON *body;
	GString *path;
	struct feishu_request *request;
	guint number; /* of a message that follows the row's own; 0: its own */
};

const struct feishu_method *feishu_method(enum outbox_kind kind)
{
	return &methods[kind];
}

void feishu_request_release(struct feishu_request *request)
{
	if (!request)
		return;
	g_clear_pointer(&request->path, g_free);
	g_clear_pointer(&request->body, g_free);
	g_clear_pointer(&request->content_type, g_free);
}

static void put_query(GString *path, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	g_string_append_printf(path, "%c%s=", strchr(path->str, '?') ? '&' : '?', key);
	g_string_append_uri_escaped(path, value, NULL, FALSE);
}

/* ---- cards ---- */

/* Where the row's card goes: to one person's chat with the bot when no channel is known, or when told so. */
static gboolean is_direct(const struct job *job)
{
	return job->target->direct || !job->row->channel;
}

/*
 * The row's number alone is no key for ever: a database that began anew would count through the same ones. What was refused
 * and goes again in another form gets another.
 */
static void put_uuid(struct job *job)
{
	const struct outbox_row *row = job->row;
	g_autofree char *after = job->number ? g_strdup_printf("-%u", job->number) : g_strdup("");
	g_autofree char *uuid = g_strdup_printf("bt-%" G_GINT64_FORMAT "-%" G_GINT64_MODIFIER "x%s%s%s", row->id,
		(guint64)row->created_ms, row->plain ? "p" : "", job->target->flat ? "f" : "", after);
	json_put_text(job->body, "uuid", uuid);
}

/* What a message says: a card, or the key of a file. */
static void put_content(struct job *job, const cJSON *content)
{
	g_autofree char *text = json_print(content);
	json_put_text(job->body, "msg_type", json_at(content, "file_key") ? "file" : "interactive");
	json_put_text(job->body, "content", text);
}

/* A new message: to the chat, or to the person. */
static void put_create(struct job *job, const cJSON *card)
{
	const char *channel = job->row->channel;
	gboolean to_person = !channel || (job->request->direct && job->row->person);
	const char *type = to_person || g_str_has_prefix(channel, "ou_") ? "open_id" : "chat_id";
	g_string_append(job->path, MESSAGES);
	put_query(job->path, "receive_id_type", type);
	json_put_text(job->body, "receive_id", to_person ? job->row->person : channel);
	put_content(job, card);
	put_uuid(job);
}

static void put_reply(struct job *job, const cJSON *card)
{
	g_string_append_printf(job->path, MESSAGES "/%s/reply", job->row->thread);
	put_content(job, card);
	json_put_bool(job->body, "reply_in_thread", !job->target->flat);
	put_uuid(job);
}

/* Where the row says. */
static void put_post(struct job *job, const cJSON *content)
{
	job->request->direct = !job->row->channel;
	if (job->row->thread && job->row->channel)
		put_reply(job, content);
	else
		put_create(job, content);
}

static gboolean write_post(struct job *job, GError **error)
{
	(void)error;
	g_autoptr(cJSON) card = feishu_card(job->content, is_direct(job), job->row->plain);
	put_post(job, card);
	return TRUE;
}

static gboolean write_home(struct job *job, GError **error)
{
	(void)error;
	g_autoptr(cJSON) card = feishu_card(job->content, TRUE, job->row->plain);
	job->request->direct = TRUE;
	put_create(job, card);
	return TRUE;
}

/* For one person's eyes: in the chat a card that vanishes, elsewhere a message to the person. */
static void put_private(struct job *job, cJSON *take_card)
{
	g_autoptr(cJSON) card = take_card;
	job->request->direct = is_direct(job);
	job->request->ephemeral = !job->request->direct;
	if (job->request->direct) {
		put_create(job, card);
		return;
	}
	job->request->method = &feishu_method_ephemeral;
	g_string_append(job->path, "/open-apis/ephemeral/v1/send");
	json_put_text(job->body, "chat_id", job->row->channel);
	json_put_text(job->body, "open_id", job->row->person);
	json_put_text(job->body, "msg_type", "interactive");
	cJSON_AddItemToObject(job->body, "card", g_steal_pointer(&card));
}

static gboolean write_private(struct job *job, GError **error)
{
	(void)error;
	put_private(job, feishu_card(job->content, is_direct(job), job->row->plain));
	return TRUE;
}

static gboolean write_form(struct job *job, GError **error)
{
	cJSON *card = feishu_form(job->content, is_direct(job), error);
	if (!card)
		return FALSE;
	put_private(job, card);
	return TRUE;
}

static gboolean write_replace(struct job *job, GError **error)
{
	(void)error;
	g_autoptr(cJSON) card = feishu_card(job->content, is_direct(job), job->row->plain);
	g_autofree char *text = json_print(card);
	g_string_append_printf(job->path, MESSAGES "/%s", job->row->message);
	json_put_text(job->body, "content", text);
	return TRUE;
}

/* The buzz on the person's devices; where it is not to be had the same in words, in the person's chat with the bot. */
static gboolean write_urge(struct job *job, GError **error)
{
	(void)error;
	job->request->direct = job->target->direct || !job->row->message;
	if (job->request->direct) {
		g_autoptr(cJSON) card = feishu_card(job->content, TRUE, job->row->plain);
		job->request->method = feishu_method(OUTBOX_POST);
		put_create(job, card);
		return TRUE;
	}
	g_string_append_printf(job->path, MESSAGES "/%s/urgent_app", job->row->message);
	put_query(job->path, "user_id_type", "open_id");
	json_push_text(json_put_array(job->body, "user_id_list"), job->row->person);
	return TRUE;
}

/* ---- the rest ---- */

static gboolean write_path(struct job *job, GError **error)
{
	(void)error;
	g_string_append_printf(job->path, MESSAGES "/%s", job->row->message);
	return TRUE;
}

static gboolean refuse(GError **error, const char *format, const char *subject)
{
	g_autofree char *text = g_strdup_printf("%.60s", subject);
	g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "%s '%s'", format, text);
	return FALSE;
}

static gboolean write_react(struct job *job, GError **error)
{
	const char *type = feishu_emoji_type(job->row->word);
	if (!type)
		return refuse(error, "feishu has no emoji", job->row->word);
	g_string_append_printf(job->path, MESSAGES "/%s/reactions", job->row->message);
	json_put_text(json_put_object(job->body, "reaction_type"), "emoji_type", type);
	return TRUE;
}

static gboolean write_unreact(struct job *job, GError **error)
{
	const char *reaction = job->target->reaction;
	if (!reaction || !feishu_text_is_id(reaction))
		return refuse(error, "not the id of a reaction:", reaction ? reaction : "");
	g_string_append_printf(job->path, MESSAGES "/%s/reactions/%s", job->row->message, reaction);
	return TRUE;
}

static gboolean write_ask_person(struct job *job, GError **error)
{
	(void)error;
	g_string_append_printf(job->path, "/open-apis/contact/v3/users/%s", job->row->person);
	put_query(job->path, "user_id_type", "open_id");
	return TRUE;
}

static gboolean write_ask_members(struct job *job, GError **error)
{
	(void)error;
	g_string_append_printf(job->path, CHATS "/%s/members", job->row->channel);
	put_query(job->path, "member_id_type", "open_id");
	put_query(job->path, "page_size", "100");
	put_query(job->path, "page_token", job->target->cursor);
	return TRUE;
}

static gboolean write_ask_channel(struct job *job, GError **error)
{
	(void)error;
	g_string_append(job->path, CHATS);
	put_query(job->path, "page_size", "100");
	put_query(job->path, "page_token", job->target->cursor);
	return TRUE;
}

static void put_history(GString *path, const char *container, gboolean thread, int64_t since_ms, const char *cursor)
{
	g_autofree char *since_s = since_ms > 0 ? g_strdup_printf("%" G_GINT64_FORMAT, (gint64)(since_ms / 1000)) : NULL;
	g_string_append(path, MESSAGES);
	put_query(path, "container_id_type", thread ? "thread" : "chat");
	put_query(path, "container_id", container);
	put_query(path, "start_time", since_s);
	put_query(path, "sort_type", "ByCreateTimeAsc");
	put_query(path, "page_size", "50");
	put_query(path, "page_token", cursor);
}

/* From a while before the newest that the core has: an older one may wait for its repeat still. */
static int64_t since_of(const struct job *job)
{
	gint64 known_ms;
	if (job->target->since_ms > 0)
		return job->target->since_ms;
	if (!job->row->word || !g_ascii_string_to_signed(job->row->word, 10, 0, G_MAXINT64, &known_ms, NULL))
		return 0;
	return MAX(known_ms - REPEATS_MS, 0);
}

static gboolean write_ask_history(struct job *job, GError **error)
{
	(void)error;
	put_history(job->path, job->row->channel, FALSE, since_of(job), job->target->cursor);
	return TRUE;
}

/* ---- rows ---- */

enum { NEEDS_CHANNEL = 1, NEEDS_MESSAGE = 2, NEEDS_PERSON = 4, NEEDS_WORD = 8, NEEDS_CONTENT = 16, NEEDS_PLACE = 32 };

static const struct {
	gboolean (*write)(struct job *job, GError **error);
	unsigned needs;
} writers[] = {
	[OUTBOX_POST] = { write_post, NEEDS_PLACE | NEEDS_CONTENT },
	[OUTBOX_REPLACE] = { write_replace, NEEDS_MESSAGE | NEEDS_CONTENT },
	[OUTBOX_DELETE] = { write_path, NEEDS_MESSAGE },
	[OUTBOX_REACT] = { write_react, NEEDS_MESSAGE | NEEDS_WORD },
	[OUTBOX_UNREACT] = { write_unreact, NEEDS_MESSAGE },
	[OUTBOX_PRIVATE] = { write_private, NEEDS_PERSON | NEEDS_CONTENT },
	[OUTBOX_FORM] = { write_form, NEEDS_PERSON | NEEDS_CONTENT },
	[OUTBOX_HOME] = { write_home, NEEDS_PERSON | NEEDS_CONTENT },
	[OUTBOX_ASK_PERSON] = { write_ask_person, NEEDS_PERSON },
	[OUTBOX_ASK_MEMBERS] = { write_ask_members, NEEDS_CHANNEL },
	[OUTBOX_ASK_CHANNEL] = { write_ask_channel, 0 },
	[OUTBOX_ASK_HISTORY] = { write_ask_history, NEEDS_CHANNEL },
	[OUTBOX_ASK_MESSAGE] = { write_path, NEEDS_MESSAGE },
	[OUTBOX_URGE] = { write_urge, NEEDS_PERSON | NEEDS_CONTENT },
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == OUTBOX_KIND_COUNT);

static gboolean is_set(const char *text)
{
	return text && *text;
}

/* TRUE when the row has all that its kind needs. */
static gboolean has_all(const struct job *job, GError **error)
{
	const struct outbox_row *row = job->row;
	const struct {
		unsigned need;
		gboolean there;
		const char *name;
	} needs[] = {
		{ NEEDS_CHANNEL, is_set(row->channel), "channel" },
		{ NEEDS_MESSAGE, is_set(row->message), "message" },
		{ NEEDS_PERSON, is_set(row->person), "person" },
		{ NEEDS_WORD, is_set(row->word), "word" },
		{ NEEDS_CONTENT, job->content != NULL, "content" },
		{ NEEDS_PLACE, is_set(row->channel) || is_set(row->person), "channel or person" },
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

/* Ids stand in paths: nothing else may. */
static gboolean are_ids(const struct outbox_row *row, GError **error)
{
	const char *const ids[] = { row->channel, row->thread, row->person, row->message };
	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
		if (ids[i] && *ids[i] && !feishu_text_is_id(ids[i]))
			return refuse(error, "not an id of feishu:", ids[i]);
	return TRUE;
}

static gboolean write_row(struct job *job, GError **error)
{
	return has_all(job, error) && are_ids(job->row, error) && writers[job->row->kind].write(job, error);
}

gboolean feishu_out(const struct outbox_row *row, const struct feishu_target *target, struct feishu_request *out,
	GError **error)
{
	static const struct feishu_target nothing_known;
	g_autoptr(cJSON) content = row->content ? json_parse(row->content, strlen(row->content), error) : NULL;
	if (row->content && !content)
		return FALSE;
	target = target ? target : &nothing_known;
	message_put_keys(content, target->keys, target->key_count);
	g_autoptr(cJSON) body = cJSON_CreateObject();
	struct feishu_request request = { .method = feishu_method(row->kind) };
	struct job job = { .row = row,
		.target = target,
		.content = content,
		.body = body,
		.path = g_string_new(NULL),
		.request = &request };
	gboolean written = write_row(&job, error);
	request.path = g_string_free(job.path, FALSE);
	request.body = body->child ? json_print(body) : NULL;
	if (written)
		*out = request;
	else
		feishu_request_release(&request);
	return written;
}

/* ---- files ---- */

static void put_form(struct multipart *form, const struct feishu_method *method, const char *path, struct feishu_request *out)
{
	*out = (struct feishu_request){ .method = method, .path = g_strdup(path) };
	out->body = multipart_finish(form, &out->body_length, &out->content_type);
}

void feishu_out_picture(const struct message_file *file, struct feishu_request *out)
{
	struct multipart *form = multipart_new();
	multipart_text(form, "image_type", "message");
	multipart_file(form, "image", file->name, file->bytes);
	put_form(form, &feishu_method_picture, "/open-apis/im/v1/images", out);
}

/* The kinds that clients show in a way of their own; all else is "stream". */
static const char *type_of(const char *name)
{
	static const char *const types[][2] = { { "opus", "opus" }, { "mp4", "mp4" }, { "pdf", "pdf" }, { "doc", "doc" },
		{ "docx", "doc" }, { "xls", "xls" }, { "xlsx", "xls" }, { "ppt", "ppt" }, { "pptx", "ppt" } };
	const char *dot = strrchr(name, '.');
	for (gsize i = 0; dot && i < G_N_ELEMENTS(types); i++)
		if (g_ascii_strcasecmp(dot + 1, types[i][0]) == 0)
			return types[i][1];
	return "stream";
}

void feishu_out_document(const struct message_file *file, struct feishu_request *out)
{
	struct multipart *form = multipart_new();
	multipart_text(form, "file_type", type_of(file->name));
	multipart_text(form, "file_name", file->name);
	multipart_file(form, "file", file->name, file->bytes);
	put_form(form, &feishu_method_document, "/open-apis/im/v1/files", out);
}

/* A message that follows the row's own. */
static void put_after(const struct outbox_row *row, gboolean flat, const cJSON *content, guint number, struct feishu_request *out)
{
	const struct feishu_target target = { .flat = flat };
	g_autoptr(cJSON) body = cJSON_CreateObject();
	*out = (struct feishu_request){ .method = feishu_method(OUTBOX_POST) };
	struct job job = {
		.row = row, .target = &target, .body = body, .path = g_string_new(NULL), .request = out, .number = number
	};
	put_post(&job, content);
	out->path = g_string_free(job.path, FALSE);
	out->body = json_print(body);
}

void feishu_out_share(const struct outbox_row *row, gboolean flat, const char *key, guint number, struct feishu_request *out)
{
	g_autoptr(cJSON) content = cJSON_CreateObject();
	json_put_text(content, "file_key", key);
	put_after(row, flat, content, number, out);
}

/* Another uuid than the file's: what that one has done may be its message. */
#define LOSSES 1000

void feishu_out_loss(const struct outbox_row *row, gboolean flat, const cJSON *part, guint number, struct feishu_request *out)
{
	g_autoptr(cJSON) message = cJSON_CreateObject();
	cJSON *lost = cJSON_Duplicate(part, TRUE);
	cJSON_DeleteItemFromObjectCaseSensitive(lost, "file");
	cJSON_AddItemToArray(json_put_array(message, "parts"), lost);
	g_autoptr(cJSON) card = feishu_card(message, !row->channel, FALSE);
	put_after(row, flat, card, LOSSES + number, out);
}

/* ---- what else is asked ---- */

static void put_secret(const char *path, const struct feishu_method *method, const char *id_key, const char *id,
	const char *secret_key, const char *secret, struct feishu_request *out)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	json_put_text(body, id_key, id);
	json_put_text(body, secret_key, secret);
	*out = (struct feishu_request){ .method = method, .path = g_strdup(path), .body = json_print(body) };
}

void feishu_out_token(const char *app_id, const char *app_secret, struct feishu_request *out)
{
	put_secret("/open-apis/auth/v3/tenant_access_token/internal", &feishu_method_token, "app_id", app_id, "app_secret",
		app_secret, out);
}

void feishu_out_endpoint(const char *app_id, const char *app_secret, struct feishu_request *out)
{
	put_secret("/callback/ws/endpoint", &feishu_method_endpoint, "AppID", app_id, "AppSecret", app_secret, out);
}

void feishu_out_bot(struct feishu_request *out)
{
	*out = (struct feishu_request){ .method = &feishu_method_bot, .path = g_strdup("/open-apis/bot/v3/info") };
}

gboolean feishu_out_message(const char *message, struct feishu_request *out)
{
	if (!feishu_text_is_id(message))
		return FALSE;
	*out = (struct feishu_request){ .method = &feishu_method_message, .path = g_strconcat(MESSAGES "/", message, NULL) };
	return TRUE;
}

gboolean feishu_out_resource(const char *key, struct feishu_request *out)
{
	g_auto(GStrv) parts = g_strsplit(key, " ", 2);
	if (g_strv_length(parts) != 2 || !feishu_text_is_id(parts[0]) || !feishu_text_is_id(parts[1]))
		return FALSE;
	*out = (struct feishu_request){ .method = &feishu_method_resource,
		.path = g_strdup_printf(MESSAGES "/%s/resources/%s?type=image", parts[0], parts[1]) };
	return TRUE;
}

gboolean feishu_out_reactions(const char *message, const char *emoji, const char *cursor, struct feishu_request *out)
{
	const char *type = feishu_emoji_type(emoji);
	if (!type || !feishu_text_is_id(message))
		return FALSE;
	GString *path = g_string_new(NULL);
	g_string_append_printf(path, MESSAGES "/%s/reactions", message);
	put_query(path, "reaction_type", type);
	put_query(path, "page_size", "50");
	put_query(path, "page_token", cursor);
	*out = (struct feishu_request){ .method = &feishu_method_reactions, .path = g_string_free(path, FALSE) };
	return TRUE;
}

gboolean feishu_out_history(const char *container, gboolean thread, int64_t since_ms, const char *cursor,
	struct feishu_request *out)
{
	if (!feishu_text_is_id(container))
		return FALSE;
	GString *path = g_string_new(NULL);
	put_history(path, container, thread, since_ms, cursor);
	*out = (struct feishu_request){ .method = feishu_method(OUTBOX_ASK_HISTORY), .path = g_string_free(path, FALSE) };
	return TRUE;
}

/* ---- callbacks ---- */

static void put_toast(cJSON *root, const char *type, const char *text)
{
	g_autofree char *shown = pen_lines(text, TOAST_MAX);
	cJSON *toast = json_put_object(root, "toast");
	json_put_text(toast, "type", type);
	json_put_text(toast, "content", shown);
}

static void put_problems(cJSON *root, const GArray *problems)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < problems->len; i++) {
		const struct event_input *problem = &g_array_index(problems, struct event_input, i);
		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", problem->value);
	}
	put_toast(root, "error", text->str);
	g_string_free(text, TRUE);
}

static void put_words(cJSON *root, const char *words)
{
	g_autoptr(cJSON) message = json_parse(words, strlen(words), NULL);
	g_autofree char *text = message ? feishu_card_text(message) : NULL;
	if (text)
		put_toast(root, "info", text);
}

static void put_card(cJSON *root, const char *closing)
{
	g_autoptr(cJSON) message = json_parse(closing, strlen(closing), NULL);
	cJSON *card = json_put_object(root, "card");
	json_put_text(card, "type", "raw");
	cJSON_AddItemToObject(card, "data", feishu_card(message, TRUE, FALSE));
}

char *feishu_out_callback(const struct feishu_delivery *delivery, const GArray *problems, const char *words)
{
	g_autoptr(cJSON) root = cJSON_CreateObject();
	gboolean wrong = problems && problems->len > 0;
	if (wrong)
		put_problems(root, problems);
	else if (words)
		put_words(root, words);
	if (!wrong && delivery->closing)
		put_card(root, delivery->closing);
	return json_print(root);
}
