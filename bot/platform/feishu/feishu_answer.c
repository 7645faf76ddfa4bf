/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_answer.h"

#define RETRY_DEFAULT_MS 1000 /* a rate limit without a header (6.3); the sender doubles it */
#define RETRY_MAX_S	 3600
#define UNKNOWN_TRIES	 3 /* of a code that is not in the table */
#define STILL_SENT_MS	 1500 /* 230049 */

enum { REPLYING = 1, CHANGING = 2, ANY = REPLYING | CHANGING };

/* to: only of what replies or posts, or only of what changes a message; the same number means other things there (7.1). */
static const struct {
	int64_t code, last; /* last: of a range; 0: the code alone */
	enum feishu_class class;
	const char *says;
	unsigned to;
} codes[] = {
	{ 99991663, 0, FEISHU_TOKEN, "token expired", ANY },
	{ 99991664, 99991665, FEISHU_TOKEN, "token refused", ANY },
	{ 99991668, 0, FEISHU_TOKEN, "token refused", ANY },
	{ 99991671, 0, FEISHU_TOKEN, "token refused", ANY },
	{ 99991677, 0, FEISHU_TOKEN, "token expired", ANY },

	{ 99991662, 0, FEISHU_STOP, "app stopped", ANY },
	{ 99991673, 0, FEISHU_STOP, "app not installed", ANY },
	{ 99991401, 0, FEISHU_STOP, "our address is not on the app's white list", ANY },
	{ 10003, 0, FEISHU_STOP, "app id or secret wrong", ANY },
	{ 10014, 10015, FEISHU_STOP, "app secret wrong, or app stopped", ANY },
	{ 230006, 0, FEISHU_STOP, "the app has no bot, or is not published", ANY },
	{ 232025, 0, FEISHU_STOP, "the app has no bot", ANY },
	{ 232034, 0, FEISHU_STOP, "app stopped", ANY },

	{ 99991403, 0, FEISHU_QUOTA, "the month's calls are used up", ANY },

	{ 99991672, 0, FEISHU_FORBIDDEN, "permission missing", ANY },
	{ 99991679, 0, FEISHU_FORBIDDEN, "user's permission missing", ANY },
	{ 230027, 0, FEISHU_FORBIDDEN, "permission missing", ANY },
	{ 41050, 0, FEISHU_FORBIDDEN, "outside the app's contact range", ANY },

	{ 99991400, 0, FEISHU_SLOWER, "rate limit", ANY },
	{ 190004, 190005, FEISHU_SLOWER, "rate limit", ANY },
	{ 190010, 0, FEISHU_SLOWER, "rate limit", ANY },
	{ 230020, 0, FEISHU_CROWDED, "rate limit of the chat", ANY },
	{ 11232, 11233, FEISHU_CROWDED, "rate limit of the chat", ANY },
	{ 11247, 0, FEISHU_CROWDED, "rate limit of the chat", ANY },

	{ 230049, 0, FEISHU_BUSY, "still being sent", ANY },
	{ 231015, 0, FEISHU_BUSY, "the same is being done", ANY },

	{ 1500, 0, FEISHU_TROUBLE, "internal error", ANY },
	{ 1663, 0, FEISHU_TROUBLE, "internal error", ANY },
	{ 2200, 0, FEISHU_TROUBLE, "internal error", ANY },
	{ 5000, 0, FEISHU_TROUBLE, "internal error", ANY },
	{ 10101, 0, FEISHU_TROUBLE, "internal error", ANY },
	{ 190003, 0, FEISHU_TROUBLE, "internal error", ANY },

	{ 230002, 0, FEISHU_DESTINATION, "the bot is not in the group", ANY },
	{ 230013, 0, FEISHU_DESTINATION, "the app is not available to this person", ANY },
	{ 230018, 0, FEISHU_DESTINATION, "the group does not let us speak", ANY },
	{ 230023, 230024, FEISHU_DESTINATION, "no urgent call", ANY },
	{ 230052, 0, FEISHU_DESTINATION, "no urgent call", ANY },
	{ 230098, 0, FEISHU_DESTINATION, "no urgent call", ANY },
	{ 230029, 0, FEISHU_DESTINATION, "this person has left the company", ANY },
	{ 230035, 230036, FEISHU_DESTINATION, "this chat is closed to us", ANY },
	{ 230075, 0, FEISHU_DESTINATION, "secret chat", REPLYING },
	{ 230038, 0, FEISHU_DESTINATION, "another company's person", ANY },
	{ 230053, 0, FEISHU_DESTINATION, "this person has muted the bot", ANY },
	{ 232009, 0, FEISHU_DESTINATION, "the group was dissolved", ANY },
	{ 232011, 0, FEISHU_DESTINATION, "the bot is not in the group", ANY },
	{ 231002, 0, FEISHU_DESTINATION, "no access to the message", ANY },
	{ 231008, 0, FEISHU_DESTINATION, "no access to the message", ANY },
	{ 231019, 0, FEISHU_DESTINATION, "this person lets nobody react", ANY },
	{ 99992351, 0, FEISHU_DESTINATION, "no such id", ANY },
	{ 99992353, 99992356, FEISHU_DESTINATION, "no such id", ANY },
	{ 99992359, 99992361, FEISHU_DESTINATION, "no such id in this app", ANY },
	{ 99992363, 99992364, FEISHU_DESTINATION, "no such id", ANY },
	{ 41012, 0, FEISHU_DESTINATION, "no such person", ANY },

	{ 230011, 0, FEISHU_GONE, "the message was recalled", ANY },
	{ 230110, 230111, FEISHU_GONE, "the message was deleted", ANY },
	{ 231003, 0, FEISHU_GONE, "no such message", ANY },
	{ 230031, 0, FEISHU_LATE, "the message is older than 14 days", ANY },
	{ 230009, 0, FEISHU_LATE, "too late to recall", ANY },
	{ 230026, 0, FEISHU_LATE, "not ours to recall", ANY },
	{ 230019, 0, FEISHU_GONE, "the topic is gone", ANY },
	{ 230050, 0, FEISHU_GONE, "the bot cannot see the message", ANY },
	{ 230012, 0, FEISHU_LATE, "not our message", ANY },
	{ 230071, 0, FEISHU_LATE, "not our message", CHANGING },
	{ 230072, 0, FEISHU_LATE, "changed too often", CHANGING },
	{ 230075, 0, FEISHU_LATE, "too late to change", CHANGING },

	{ 230071, 230072, FEISHU_THREADLESS, "no threads here", REPLYING },

	{ 230022, 0, FEISHU_WORDS, "sensitive words", ANY },
	{ 230028, 0, FEISHU_WORDS, "held back lest data leak", ANY },

	{ 230001, 0, FEISHU_BUG, "parameter", ANY },
	{ 230025, 0, FEISHU_BUG, "too long", ANY },
	{ 230034, 0, FEISHU_BUG, "receiver's id is of another type", ANY },
	{ 230015, 0, FEISHU_BUG, "chat cannot be shared", ANY },
	{ 230017, 0, FEISHU_BUG, "file of another app", ANY },
	{ 230054, 230055, FEISHU_BUG, "type of message or file", ANY },
	{ 230099, 0, FEISHU_BUG, "card refused", ANY },
	{ 99991661, 0, FEISHU_BUG, "no token sent", ANY },
	{ 99992402, 0, FEISHU_BUG, "parameter", ANY },
	{ 231001, 0, FEISHU_BUG, "no such emoji", ANY },
	{ 234001, 0, FEISHU_BUG, "parameter of an upload", ANY },
	{ 234006, 0, FEISHU_BUG, "too large a file", ANY },
	{ 234010, 234011, FEISHU_BUG, "an empty file, or no picture", ANY },
	{ 234039, 0, FEISHU_BUG, "too large a picture", ANY },
	{ 10002, 0, FEISHU_BUG, "parameter", ANY },
	{ 11311, 0, FEISHU_BUG, "card refused", ANY },
	{ 200310, 0, FEISHU_BUG, "card refused", ANY },
};

/* The index in `codes`; -1: not there. */
static int find_code(int64_t code, enum outbox_kind kind)
{
	unsigned to = kind == OUTBOX_REPLACE || kind == OUTBOX_DELETE ? CHANGING : REPLYING;
	for (int i = 0; i < (int)G_N_ELEMENTS(codes); i++)
		if ((codes[i].to & to) && code >= codes[i].code && code <= MAX(codes[i].code, codes[i].last))
			return i;
	return -1;
}

enum feishu_class feishu_code_class(int64_t code, enum outbox_kind kind)
{
	int i = find_code(code, kind);
	return i < 0 ? FEISHU_UNKNOWN : codes[i].class;
}

void feishu_answer_release(struct feishu_answer *answer)
{
	if (answer)
		g_clear_pointer(&answer->reason, g_free);
}

gboolean feishu_answer_is_success(const struct feishu_reply *reply, int64_t *code)
{
	*code = json_int_or(reply->body, "code", -1);
	return reply->transport == HTTP_OK && reply->status == 200 && *code == 0;
}

/* ---- what follows for a row ---- */

/* Whether the row's card may go again as plain text. */
static gboolean may_be_plain(const struct outbox_row *row)
{
	static const gboolean cards[OUTBOX_KIND_COUNT] = {
		[OUTBOX_POST] = TRUE, [OUTBOX_URGE] = TRUE, [OUTBOX_REPLACE] = TRUE, [OUTBOX_PRIVATE] = TRUE, [OUTBOX_HOME] = TRUE
	};
	return cards[row->kind] && !row->plain;
}

/*
 * What may have been done: again when that does no harm; what has a uuid is known again; an ephemeral card goes at most
 * once.
 */
static enum send_result doubtful(const struct outbox_row *row, const struct feishu_request *request)
{
	const struct feishu_method *method = request->method ? request->method : feishu_method(row->kind);
	if (method->repeatable)
		return SEND_LATER;
	return request->ephemeral ? SEND_FAILED : SEND_IN_DOUBT;
}

static enum send_result result_of(const struct outbox_row *row, const struct feishu_request *request, enum feishu_class class)
{
	switch (class) {
	case FEISHU_STOP:
		return SEND_STOPPED;
	case FEISHU_TOKEN: /* the adapter has had a new one by now */
	case FEISHU_SLOWER:
	case FEISHU_CROWDED:
	case FEISHU_BUSY:
		return SEND_LATER;
	case FEISHU_TROUBLE:
		return doubtful(row, request);
	case FEISHU_GONE: /* what shall not be there is not there */
		return row->kind == OUTBOX_DELETE || row->kind == OUTBOX_UNREACT ? SEND_DONE : SEND_GONE;
	case FEISHU_LATE:
		return SEND_GONE;
	case FEISHU_BUG:
		return may_be_plain(row) ? SEND_REFUSED : SEND_FAILED;
	case FEISHU_UNKNOWN:
		return row->attempts + 1 < UNKNOWN_TRIES ? SEND_LATER : SEND_FAILED;
	case FEISHU_QUOTA:
	case FEISHU_FORBIDDEN:
	case FEISHU_DESTINATION:
	case FEISHU_THREADLESS:
	case FEISHU_WORDS:
		break;
	}
	return SEND_FAILED;
}

/* "230099 (card refused): ErrCode: 11310; …" or "… needs 'im:message', 'im:chat'"; Feishu's words on our request. */
static char *reason_of(const cJSON *body, int64_t code, const char *says)
{
	GString *out = g_string_new(NULL);
	const cJSON *violation;
	const char *separator = ": needs ";
	g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)code);
	if (says)
		g_string_append_printf(out, " (%s)", says);
	cJSON_ArrayForEach (violation, json_array(body, "error.permission_violations")) {
		const char *scope = json_text_or(violation, "subject", NULL);
		if (scope) {
			g_string_append_printf(out, "%s'%s'", separator, scope);
			separator = ", ";
		}
	}
	const char *message = json_text_or(body, "msg", "");
	if (*separator == ':' && *message)
		g_string_append_printf(out, ": %.300s", message);
	return g_string_free(out, FALSE);
}

static void fail(struct feishu_answer *out, enum send_result result, char *take_reason)
{
	out->outcome.result = result;
	out->reason = take_reason;
	out->outcome.reason = take_reason;
}

static void wait_for_all(const struct feishu_reply *reply, struct feishu_answer *out)
{
	guint64 seconds;
	out->outcome.method_wide = TRUE;
	out->outcome.after_ms = RETRY_DEFAULT_MS;
	if (reply->reset && g_ascii_string_to_unsigned(reply->reset, 10, 0, RETRY_MAX_S, &seconds, NULL))
		out->outcome.after_ms = MAX((int64_t)seconds * 1000, RETRY_DEFAULT_MS);
}

static void take_success(const struct feishu_reply *reply, struct feishu_answer *out)
{
	out->outcome.result = SEND_DONE;
	/* Nobody else was called than who is in this list of those who could not be. */
	out->direct = json_at(reply->body, "data.invalid_user_id_list.0") != NULL;
	out->outcome.message = json_text_or(reply->body, "data.message_id", NULL);
	out->outcome.channel = json_text_or(reply->body, "data.chat_id", NULL);
}

/* An ephemeral card that cannot stand there, or an urgent call that is not let through: a message says the same. */
static gboolean may_go_direct(const struct outbox_row *row, const struct feishu_request *request, enum feishu_class class)
{
	static const gboolean passing[] = { [FEISHU_TOKEN] = TRUE, [FEISHU_STOP] = TRUE, [FEISHU_QUOTA] = TRUE,
		[FEISHU_SLOWER] = TRUE, [FEISHU_CROWDED] = TRUE, [FEISHU_BUSY] = TRUE, [FEISHU_TROUBLE] = TRUE,
		[FEISHU_BUG] = FALSE };
	if (row->kind == OUTBOX_URGE)
		return !request->direct && !passing[class];
	return request->ephemeral && (class == FEISHU_BUG || class == FEISHU_DESTINATION || class == FEISHU_UNKNOWN);
}

static void take_code(const struct outbox_row *row, const struct feishu_request *request, const struct feishu_reply *reply,
	struct feishu_answer *out)
{
	int i = find_code(out->code, row->kind);
	out->class = i < 0 ? FEISHU_UNKNOWN : codes[i].class;
	out->renew = out->class == FEISHU_TOKEN;
	out->flat = out->class == FEISHU_THREADLESS;
	out->direct = may_go_direct(row, request, out->class);
	enum send_result result = result_of(row, request, out->class);
	fail(out, result, result == SEND_DONE ? NULL : reason_of(reply->body, out->code, i < 0 ? NULL : codes[i].says));
	if (out->class == FEISHU_SLOWER)
		wait_for_all(reply, out);
	if (out->class == FEISHU_BUSY)
		out->outcome.after_ms = STILL_SENT_MS;
}

static void take_transport(const struct outbox_row *row, const struct feishu_request *request,
	const struct feishu_reply *reply, struct feishu_answer *out)
{
	gboolean sent = reply->transport != HTTP_NOT_SENT;
	fail(out, sent ? doubtful(row, request) : SEND_LATER,
		g_strdup(reply->transport_error ? reply->transport_error : "no answer"));
}

/* An answer without a code: a gateway's, or none of Feishu's. */
static void take_status(const struct outbox_row *row, const struct feishu_request *request, const struct feishu_reply *reply,
	struct feishu_answer *out)
{
	gboolean broken = reply->status >= 500 || reply->status == 200;
	out->class = reply->status == 429 ? FEISHU_SLOWER : broken ? FEISHU_TROUBLE : FEISHU_UNKNOWN;
	fail(out, result_of(row, request, out->class),
		g_strdup_printf("answer of HTTP status %d is not Feishu's", reply->status));
	if (out->class == FEISHU_SLOWER)
		wait_for_all(reply, out);
}

void feishu_answer(const struct outbox_row *row, const struct feishu_request *request, const struct feishu_reply *reply,
	struct feishu_answer *out)
{
	*out = (struct feishu_answer){ .outcome.after_ms = -1 };
	int64_t code;
	if (reply->transport != HTTP_OK) {
		take_transport(row, request, reply, out);
	} else if (feishu_answer_is_success(reply, &code)) {
		take_success(reply, out);
	} else if (code > 0) {
		out->code = code;
		take_code(row, request, reply, out);
	} else {
		take_status(row, request, reply, out);
	}
}

/* ---- the endpoint ---- */

static const struct {
	int64_t code;
	enum feishu_endpoint class;
} endpoint_codes[] = {
	{ 1, FEISHU_ENDPOINT_RETRY },
	{ 1000040343, FEISHU_ENDPOINT_RETRY },
	{ 1000040345, FEISHU_ENDPOINT_SLOWLY }, /* fatal in the SDKs, and yet it passes */
	{ 1000040350, FEISHU_ENDPOINT_CROWDED },
	{ 1000040344, FEISHU_ENDPOINT_NEVER },
	{ 1000040351, FEISHU_ENDPOINT_NEVER }, /* an app of Lark's on Feishu's domain, or the reverse */
	{ 403, FEISHU_ENDPOINT_NEVER },
	{ 514, FEISHU_ENDPOINT_NEVER },
	{ 10003, FEISHU_ENDPOINT_NEVER },
	{ 10014, FEISHU_ENDPOINT_NEVER },
	{ 10015, FEISHU_ENDPOINT_NEVER },
};

enum feishu_endpoint feishu_endpoint_class(const struct feishu_reply *reply)
{
	int64_t code;
	if (feishu_answer_is_success(reply, &code))
		return *json_text_or(reply->body, "data.URL", "") ? FEISHU_ENDPOINT_OK : FEISHU_ENDPOINT_RETRY;
	for (gsize i = 0; reply->transport == HTTP_OK && i < G_N_ELEMENTS(endpoint_codes); i++)
		if (endpoint_codes[i].code == code)
			return endpoint_codes[i].class;
	/* Any other code is the client's fault in every SDK; any other status is Feishu's trouble. */
	return reply->transport == HTTP_OK && reply->status == 200 && code > 0 ? FEISHU_ENDPOINT_NEVER : FEISHU_ENDPOINT_RETRY;
}

enum feishu_endpoint feishu_handshake_class(const char *status, const char *autherrcode)
{
	if (g_strcmp0(status, "403") == 0)
		return FEISHU_ENDPOINT_NEVER;
	gboolean crowded = g_strcmp0(status, "514") == 0 && g_strcmp0(autherrcode, "1000040350") == 0;
	return crowded ? FEISHU_ENDPOINT_CROWDED : FEISHU_ENDPOINT_RETRY;
}
