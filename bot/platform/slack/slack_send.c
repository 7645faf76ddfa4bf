/* SPDX-License-Identifier: MIT */
/*
 * A row's errand: find the channel, look whether it was done already, send it, say what became of it.
 *
 *	errand → (a person: conversations.open) → (a post in doubt: look) → (files: bring) → the method → (documents: share)
 *	→ outcome
 */
#include "platform/slack/slack_room.h"

#include "base/log.h"

/* Time for a post under way to appear in the history (protocols/slack.md, 10.3). */
enum { DOUBT_MS = 10000, SHARE_DOUBT_MS = 30000 /* and for a file, which is scanned before */ };

static void post(struct errand *e);
static void look_or_post(struct errand *e);

/* --- the errand --- */

void errand_free(struct errand *e)
{
	slack_call_cancel(e->adapter->caller, &e->call);
	timer_free(e->timer);
	if (e->work_free)
		e->work_free(e->work);
	slack_upload_release(e);
	g_free(e->channel);
	g_free(e->cursor);
	g_free(e);
}

static void called_back(const struct slack_called *called, gpointer data)
{
	struct errand *e = data;
	e->call = 0;
	e->answered(e, called);
}

void errand_call(struct errand *e, const struct slack_request *request, errand_fn *answered)
{
	struct adapter *a = e->adapter;
	e->answered = answered;
	e->call = slack_call(a->caller,
		&(struct slack_call){ .method = request->method->name,
			.url = request->url,
			.token = request->url ? NULL : a->workspace->bot_token,
			.content_type = request->content_type,
			.body = request->body },
		called_back, e);
}

void errand_upload(struct errand *e, const char *url, const char *bytes, gsize length, int32_t limit_ms, errand_fn *answered)
{
	e->answered = answered;
	e->call = slack_call(e->adapter->caller,
		&(struct slack_call){ .url = url,
			.content_type = "application/octet-stream",
			.body = bytes,
			.body_length = length,
			.timeout_ms = limit_ms },
		called_back, e);
}

static void waited(gpointer data)
{
	struct errand *e = data;
	e->next(e);
}

void errand_wait(struct errand *e, int64_t delay_ms, errand_step *next)
{
	if (!e->timer)
		e->timer = timer_new(NULL, e->adapter->clock, waited, e);
	e->next = next;
	timer_arm_in(e->timer, delay_ms);
}

static void remember_doubt(struct adapter *a, gint64 row, gboolean in_doubt)
{
	if (in_doubt) {
		gint64 now = clock_mono_ms(a->clock);
		g_hash_table_insert(a->doubts, g_memdup2(&row, sizeof row), g_memdup2(&now, sizeof now));
	} else {
		g_hash_table_remove(a->doubts, &row);
	}
}

static void leave_list(struct errand *e)
{
	GPtrArray *errands = e->adapter->errands;
	g_ptr_array_steal_index_fast(errands, e->index);
	if (e->index < errands->len)
		((struct errand *)errands->pdata[e->index])->index = e->index;
}

void errand_end(struct errand *e, const struct outcome *outcome)
{
	struct adapter *a = e->adapter;
	gint64 row = e->row->id;
	if (outcome->result != SEND_LATER && outcome->result != SEND_STOPPED)
		remember_doubt(a, row, outcome->result == SEND_IN_DOUBT);
	if (outcome->reason && outcome->result != SEND_DONE) {
		g_free(a->last_error);
		a->last_error = g_strdup_printf("%s: %s", outbox_kind_name(e->row->kind), outcome->reason);
	}
	/* The outcome may borrow from the errand. */
	leave_list(e);
	a->host->outcome(a->host->data, row, outcome);
	errand_free(e);
}

void errand_fail(struct errand *e, const char *reason)
{
	errand_end(e, &(struct outcome){ .result = SEND_FAILED, .after_ms = -1, .reason = reason });
}

void errand_done(struct errand *e)
{
	errand_end(e, &(struct outcome){ .result = SEND_DONE, .after_ms = -1 });
}

/* The token is refused: the links must go too. */
static void end_as(struct errand *e, const struct slack_answer *answer)
{
	struct adapter *a = e->adapter;
	g_autofree char *refusal = answer->outcome.result == SEND_STOPPED ? g_strdup(answer->reason) : NULL;
	errand_end(e, &answer->outcome);
	if (refusal)
		slack_refuse(a, refusal);
}

gboolean errand_read(struct errand *e, const struct slack_called *called, errand_step *again)
{
	if (slack_called_ok(called))
		return TRUE;
	struct outbox_row a_read = { .kind = OUTBOX_ASK_PERSON, .attempts = e->row->attempts };
	g_auto(slack_answer_auto) answer = { 0 };
	slack_answer(&a_read, &called->reply, FALSE, &answer);
	if (again && answer.class == SLACK_SLOWER) {
		errand_wait(e, MAX(answer.outcome.after_ms, 1000), again);
		return FALSE;
	}
	answer.outcome.method_wide = FALSE; /* the method that waits is not the row's own */
	end_as(e, &answer);
	return FALSE;
}

gboolean errand_turn_page(struct errand *e, const cJSON *body)
{
	const char *cursor = json_text_or(body, "response_metadata.next_cursor", "");
	g_free(e->cursor);
	e->cursor = *cursor ? g_strdup(cursor) : NULL;
	return e->cursor != NULL;
}

/* --- where to --- */

static void direct_opened(struct errand *e, const struct slack_called *called)
{
	if (!errand_read(e, called, NULL))
		return;
	const char *channel = json_text_or(called->reply.body, "channel.id", NULL);
	if (!channel) {
		errand_fail(e, "conversations.open: no channel in the answer");
		return;
	}
	g_hash_table_insert(e->adapter->directs, g_strdup(e->row->person), g_strdup(channel));
	e->channel = g_strdup(channel);
	look_or_post(e);
}

/* An urgent call goes to its person alone: the channel is where the message stands that is meant. */
static void find_channel(struct errand *e)
{
	if (e->row->kind != OUTBOX_URGE && (e->row->channel || !e->row->person)) {
		look_or_post(e);
		return;
	}
	const char *known = g_hash_table_lookup(e->adapter->directs, e->row->person);
	if (known) {
		e->channel = g_strdup(known);
		look_or_post(e);
		return;
	}
	g_auto(slack_request_auto) request = { 0 };
	slack_out_open(e->row->person, &request);
	errand_call(e, &request, direct_opened);
}

/* --- is it there already --- */

/* When all shows what was done by the try in doubt; one of an earlier life of the program was before this one began. */
static int64_t due_ms(const struct errand *e)
{
	const gint64 *tried = g_hash_table_lookup(e->adapter->doubts, &e->row->id);
	return (tried ? *tried : e->adapter->started_ms) + (cargo_follows(e->upload.cargo) ? SHARE_DOUBT_MS : DOUBT_MS);
}

static void look(struct errand *e)
{
	slack_look_for(e, due_ms(e), look_or_post);
}

/* Not found: it may only be late, so the look counts when it began long enough after the try. */
static void look_or_post(struct errand *e)
{
	if (!e->row->in_doubt || slack_method(e->row->kind)->repeatable) {
		slack_upload_bring(e, post);
		return;
	}
	if (e->row->kind != OUTBOX_POST && e->row->kind != OUTBOX_URGE) {
		errand_fail(e, "its fate is unknown, and it cannot be looked up");
		return;
	}
	int64_t due = due_ms(e), now = clock_mono_ms(e->adapter->clock);
	gboolean all_at_once = cargo_follows(e->upload.cargo); /* a look that is too early sees a part of it */
	if (e->looked_ms >= 0 && e->looked_ms >= due)
		slack_upload_bring(e, post);
	else if ((e->looked_ms >= 0 || all_at_once) && now < due)
		errand_wait(e, due - now, look);
	else
		look(e);
}

/* --- the method --- */

/* A response_url that is used up is not the end: whoever shares the channel can be told by name. */
static gboolean try_by_method(struct errand *e, const struct slack_answer *answer, gboolean by_url)
{
	if (!by_url || !e->row->channel || !e->row->person)
		return FALSE;
	if (answer->outcome.result != SEND_GONE) /* it may have been heard */
		return FALSE;
	e->by_method = TRUE;
	post(e);
	return TRUE;
}

static void answered(struct errand *e, const struct slack_called *called)
{
	gboolean by_url = e->by_url;
	g_auto(slack_answer_auto) answer = { 0 };
	slack_answer(e->row, &called->reply, by_url, &answer);
	if (try_by_method(e, &answer, by_url))
		return;
	if (e->channel && answer.class == SLACK_DESTINATION)
		g_hash_table_remove(e->adapter->directs, e->row->person); /* it may be another one by now */
	if (answer.outcome.result == SEND_DONE && !answer.outcome.channel)
		answer.outcome.channel = e->channel;
	if (answer.outcome.result == SEND_DONE && answer.outcome.message && cargo_follows(e->upload.cargo))
		slack_upload_share(e, answer.outcome.channel, answer.outcome.message);
	else
		end_as(e, &answer);
}

static void post(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) keys = cargo_keys(e->upload.cargo);
	struct slack_target target = { .channel = e->channel,
		.keys = (const char *const *)keys->pdata,
		.key_count = keys->len,
		.by_method = e->by_method };
	if (!slack_out(e->row, &target, &request, &error)) {
		errand_fail(e, error->message);
		return;
	}
	e->by_url = request.url != NULL;
	errand_call(e, &request, answered);
}

static errand_step *const first_steps[] = {
	[OUTBOX_POST] = find_channel,
	[OUTBOX_REPLACE] = find_channel,
	[OUTBOX_DELETE] = find_channel,
	[OUTBOX_REACT] = find_channel,
	[OUTBOX_UNREACT] = find_channel,
	[OUTBOX_PRIVATE] = look_or_post,
	[OUTBOX_FORM] = look_or_post,
	[OUTBOX_HOME] = look_or_post,
	[OUTBOX_ASK_PERSON] = slack_ask_person,
	[OUTBOX_ASK_MEMBERS] = slack_ask_members,
	[OUTBOX_ASK_CHANNEL] = slack_ask_channel,
	[OUTBOX_ASK_HISTORY] = slack_ask_history,
	[OUTBOX_ASK_MESSAGE] = slack_ask_message,
	[OUTBOX_URGE] = find_channel,
};
G_STATIC_ASSERT(G_N_ELEMENTS(first_steps) == OUTBOX_KIND_COUNT);

void slack_send(struct adapter *a, const struct outbox_row *row)
{
	struct errand *e = g_new0(struct errand, 1);
	e->adapter = a;
	e->row = row;
	e->looked_ms = -1;
	e->upload.cargo = cargo_new(row);
	e->index = a->errands->len;
	g_ptr_array_add(a->errands, e);
	if (a->refused)
		errand_end(
			e, &(struct outcome){ .result = SEND_STOPPED, .after_ms = -1, .reason = a->refused });
	else
		first_steps[row->kind](e);
}
