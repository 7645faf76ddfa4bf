/* SPDX-License-Identifier: MIT */
/*
 * A row's errand: what to call, and what became of it.
 *
 *	errand → (a reaction to be taken off: which?) → (a post in doubt for long: look) → (files: upload) → the request →
 *	(documents: share) → outcome
 *
 * A post in doubt is repeated as it was: within the hour its uuid makes one message of both (protocols/feishu.md 6.4).
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum {
	UUID_LIFE_MS = 55 * 60 * 1000, /* an hour, and the clocks may differ */
	REACTIONS_KEPT = 4096,
};

#define CARD_LIFE_MS DAYS(12) /* after 14 a card cannot be changed (protocols/feishu.md 9.1) */

static void post(struct feishu_errand *e);

/* --- the errand --- */

void feishu_errand_free(struct feishu_errand *e)
{
	feishu_call_cancel(e->adapter->caller, &e->call);
	timer_free(e->timer);
	if (e->work_free)
		e->work_free(e->work);
	painter_cancel(e->adapter->painter, &e->drawing);
	cargo_free(e->cargo);
	feishu_request_release(&e->request);
	g_free(e->reaction);
	g_free(e->cursor);
	g_free(e);
}

static void called_back(const struct feishu_called *called, gpointer data)
{
	struct feishu_errand *e = data;
	e->call = 0;
	e->answered(e, called);
}

void feishu_errand_call(struct feishu_errand *e, struct feishu_request *take, feishu_errand_fn *answered)
{
	feishu_request_release(&e->request);
	e->request = *take;
	*take = (struct feishu_request){ 0 };
	e->answered = answered;
	e->call = feishu_call(e->adapter->caller, &e->request, 0, called_back, e);
}

/* FALSE: the row is broken, and the errand has ended. */
static gboolean render(struct feishu_errand *e, const struct feishu_target *target, struct feishu_request *out)
{
	g_autoptr(GError) error = NULL;
	if (feishu_out(e->row, target, out, &error))
		return TRUE;
	feishu_errand_fail(e, error->message);
	return FALSE;
}

void feishu_errand_ask(struct feishu_errand *e, int64_t since_ms, feishu_errand_fn *answered)
{
	struct feishu_request request = { 0 };
	if (render(e, &(struct feishu_target){ .cursor = e->cursor, .since_ms = since_ms }, &request))
		feishu_errand_call(e, &request, answered);
}

static void waited(gpointer data)
{
	struct feishu_errand *e = data;
	e->next(e);
}

void feishu_errand_wait(struct feishu_errand *e, int64_t delay_ms, feishu_errand_step *next)
{
	if (!e->timer)
		e->timer = timer_new(NULL, e->adapter->clock, waited, e);
	e->next = next;
	timer_arm_in(e->timer, delay_ms);
}

static void leave_list(struct feishu_errand *e)
{
	GPtrArray *errands = e->adapter->errands;
	g_ptr_array_steal_index_fast(errands, e->index);
	if (e->index < errands->len)
		((struct feishu_errand *)errands->pdata[e->index])->index = e->index;
}

void feishu_errand_end(struct feishu_errand *e, const struct outcome *outcome)
{
	struct adapter *a = e->adapter;
	if (outcome->reason && outcome->result != SEND_DONE) {
		g_free(a->last_error);
		a->last_error = g_strdup_printf("%s: %s", outbox_kind_name(e->row->kind), outcome->reason);
	}
	/* The outcome may borrow from the errand. */
	leave_list(e);
	a->host->outcome(a->host->data, e->row->id, outcome);
	feishu_errand_free(e);
}

void feishu_errand_fail(struct feishu_errand *e, const char *reason)
{
	feishu_errand_end(e, &(struct outcome){ .result = SEND_FAILED, .after_ms = -1, .reason = reason });
}

void feishu_errand_done(struct feishu_errand *e)
{
	feishu_errand_end(e, &(struct outcome){ .result = SEND_DONE, .after_ms = -1 });
}

/* --- answers --- */

static void heed(struct adapter *a, const struct feishu_answer *answer)
{
	if (answer->class == FEISHU_QUOTA)
		feishu_quota_refused(a->quota);
}

void feishu_read(struct adapter *a, const struct feishu_called *called, struct feishu_answer *out)
{
	static const struct outbox_row a_read = { .kind = OUTBOX_ASK_PERSON };
	static const struct feishu_request a_request = { 0 };
	feishu_answer(&a_read, &a_request, &called->reply, out);
	heed(a, out);
}

/* The app is refused: the links must go too. */
static void end_as(struct feishu_errand *e, const struct feishu_answer *answer)
{
	struct adapter *a = e->adapter;
	g_autofree char *refusal = answer->outcome.result == SEND_STOPPED ? g_strdup(answer->reason) : NULL;
	feishu_errand_end(e, &answer->outcome);
	if (refusal)
		feishu_refuse(a, refusal, NULL);
}

gboolean feishu_errand_read(struct feishu_errand *e, const struct feishu_called *called, feishu_errand_step *again)
{
	if (feishu_called_ok(called))
		return TRUE;
	struct outbox_row a_read = { .kind = OUTBOX_ASK_PERSON, .attempts = e->row->attempts };
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_answer(&a_read, &e->request, &called->reply, &answer);
	heed(e->adapter, &answer);
	if (again && answer.class == FEISHU_SLOWER) {
		feishu_errand_wait(e, MAX(answer.outcome.after_ms, 1000), again);
		return FALSE;
	}
	answer.outcome.method_wide = FALSE; /* the method that waits is not the row's own */
	end_as(e, &answer);
	return FALSE;
}

gboolean feishu_errand_turn_page(struct feishu_errand *e, const cJSON *body)
{
	const char *token = json_text_or(body, "data.page_token", "");
	g_clear_pointer(&e->cursor, g_free);
	if (json_bool_or(body, "data.has_more", FALSE) && *token)
		e->cursor = g_strdup(token);
	return e->cursor != NULL;
}

/* --- reactions --- */

static char *reaction_key(const struct outbox_row *row)
{
	return g_strdup_printf("%s %s", row->message, row->word);
}

static void remember_reaction(struct feishu_errand *e, const cJSON *body)
{
	GHashTable *reactions = e->adapter->reactions;
	const char *id = json_text_or(body, "data.reaction_id", NULL);
	if (e->row->kind != OUTBOX_REACT || !id)
		return;
	if (g_hash_table_size(reactions) >= REACTIONS_KEPT) /* what is forgotten can be asked for */
		g_hash_table_remove_all(reactions);
	g_hash_table_insert(reactions, reaction_key(e->row), g_strdup(id));
}

static gboolean is_ours(const struct adapter *a, const cJSON *reaction)
{
	const char *who = json_text_or(reaction, "operator.operator_id", NULL);
	return g_strcmp0(json_text_or(reaction, "operator.operator_type", "app"), "app") == 0 && who &&
	       (g_strcmp0(who, a->workspace->app_id) == 0 || g_strcmp0(who, a->open_id) == 0);
}

static void ask_reactions(struct feishu_errand *e);

static void reactions_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	if (!feishu_errand_read(e, called, ask_reactions))
		return;
	const cJSON *reaction;
	cJSON_ArrayForEach (reaction, json_array(called->reply.body, "data.items")) {
		if (is_ours(e->adapter, reaction))
			e->reaction = g_strdup(json_text_or(reaction, "reaction_id", NULL));
		if (e->reaction) {
			post(e);
			return;
		}
	}
	if (feishu_errand_turn_page(e, called->reply.body))
		ask_reactions(e);
	else
		feishu_errand_done(e); /* what shall not be there is not there */
}

static void ask_reactions(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	if (feishu_out_reactions(e->row->message, e->row->word, e->cursor, &request))
		feishu_errand_call(e, &request, reactions_answered);
	else
		feishu_errand_fail(e, "no such message or emoji");
}

static void unreact(struct feishu_errand *e)
{
	g_autofree char *key = reaction_key(e->row);
	e->reaction = g_strdup(g_hash_table_lookup(e->adapter->reactions, key));
	g_hash_table_remove(e->adapter->reactions, key);
	if (e->reaction)
		post(e);
	else
		ask_reactions(e);
}

/* --- the request --- */

static gboolean is_direct(const struct feishu_errand *e)
{
	const char *channel = e->row->channel;
	if (e->row->kind == OUTBOX_URGE) /* the message that is meant may stand anywhere */
		return e->direct;
	return e->direct || (channel && g_hash_table_contains(e->adapter->directs, channel));
}

/* --- the month's calls --- */

static gboolean calls_somebody(const struct outbox_row *row)
{
	g_autoptr(cJSON) content = row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	return json_array(content, "urgent") != NULL;
}

static enum feishu_rank rank_of(const struct feishu_errand *e)
{
	static const enum feishu_rank ranks[] = {
		[OUTBOX_POST] = FEISHU_RANK_WORD,
		[OUTBOX_REPLACE] = FEISHU_RANK_BOARD,
		[OUTBOX_DELETE] = FEISHU_RANK_BOARD,
		[OUTBOX_REACT] = FEISHU_RANK_NOD,
		[OUTBOX_UNREACT] = FEISHU_RANK_NOD,
		[OUTBOX_PRIVATE] = FEISHU_RANK_ANSWER,
		[OUTBOX_FORM] = FEISHU_RANK_ANSWER,
		[OUTBOX_HOME] = FEISHU_RANK_WORD,
		[OUTBOX_ASK_PERSON] = FEISHU_RANK_FREE,
		[OUTBOX_ASK_MEMBERS] = FEISHU_RANK_QUESTION,
		[OUTBOX_ASK_CHANNEL] = FEISHU_RANK_QUESTION,
		[OUTBOX_ASK_HISTORY] = FEISHU_RANK_PAST,
		[OUTBOX_ASK_MESSAGE] = FEISHU_RANK_QUESTION,
		[OUTBOX_URGE] = FEISHU_RANK_ALARM,
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(ranks) == OUTBOX_KIND_COUNT);
	if (e->row->kind != OUTBOX_POST)
		return ranks[e->row->kind];
	return calls_somebody(e->row) ? FEISHU_RANK_ALARM : e->row->thread || is_direct(e) ? FEISHU_RANK_ANSWER : FEISHU_RANK_WORD;
}

static void fail_spared(struct feishu_errand *e)
{
	gboolean spent = feishu_quota_is_spent(e->adapter->quota);
	feishu_errand_fail(e, spent ? "99991403 (the month's calls are used up)" : "spared, for the month's calls are not many");
}

/* FALSE: the errand has ended, for the month's calls are worth more than it. */
static gboolean may_go(struct feishu_errand *e)
{
	int64_t wait_ms;
	switch (feishu_quota_course(e->adapter->quota, rank_of(e), &wait_ms)) {
	case FEISHU_GO:
	case FEISHU_GATHER: /* the sender has seen to it (channel_limit) */
		e->probe = feishu_quota_is_spent(e->adapter->quota);
		return TRUE;
	case FEISHU_WAIT:
		if (e->row->kind == OUTBOX_REPLACE && clock_now_ms(e->adapter->clock) - e->row->created_ms > CARD_LIFE_MS) {
			feishu_errand_done(e); /* it would be posted anew, a board of two weeks ago */
			return FALSE;
		}
		feishu_errand_end(e, &(struct outcome){ .result = SEND_LATER,
					     .after_ms = wait_ms,
					     .aside = e->row->kind != OUTBOX_REPLACE,
					     .reason = "few of the month's calls are left" });
		return FALSE;
	case FEISHU_ANSWER:
		if (e->row->kind != OUTBOX_FORM && feishu_answer_press(e->adapter, e->row))
			feishu_errand_done(e);
		else
			fail_spared(e);
		return FALSE;
	case FEISHU_DROP:
		feishu_errand_done(e);
		return FALSE;
	case FEISHU_FAIL:
		fail_spared(e);
		return FALSE;
	}
	g_return_val_if_reached(TRUE);
}

/* --- the answer to a request --- */

gboolean feishu_errand_outlived_uuid(const struct feishu_errand *e)
{
	return clock_now_ms(e->adapter->clock) - e->row->created_ms >= UUID_LIFE_MS;
}

/* An urgent call was not let through. */
static void tell_of_silence(struct feishu_errand *e, const struct feishu_answer *answer)
{
	if (feishu_first_time(e->adapter, "urgent"))
		log_warning("an urgent call (加急) is not let through, people get a direct message instead; see whether the app has "
			    "im:message.urgent and the group allows it",
			"workspace", e->adapter->workspace->name, "reason", answer->reason);
}

/* What a first answer asks for is tried at once, once. */
static gboolean try_otherwise(struct feishu_errand *e, const struct feishu_answer *answer)
{
	if ((!answer->flat || e->flat) && (!answer->direct || e->direct))
		return FALSE;
	if (e->row->kind == OUTBOX_URGE) {
		tell_of_silence(e, answer);
		if (e->row->in_doubt && feishu_errand_outlived_uuid(e)) /* the words may have been said */
			return FALSE;
	}
	e->flat |= answer->flat;
	e->direct |= answer->direct;
	post(e);
	return TRUE;
}

static void note_success(struct feishu_errand *e, struct feishu_answer *answer, const cJSON *body)
{
	struct adapter *a = e->adapter;
	if (e->probe)
		feishu_quota_granted(a->quota);
	if (e->request.direct)
		feishu_learn_direct(a, answer->outcome.channel, e->row->person);
	if (!answer->outcome.channel)
		answer->outcome.channel = e->row->channel;
	if (e->row->kind == OUTBOX_POST) {
		feishu_seen_note(a->seen, answer->outcome.message, answer->outcome.channel, e->row->thread, NULL);
		feishu_seen_settle(a->seen, answer->outcome.message);
	}
	remember_reaction(e, body);
}

static void answered(struct feishu_errand *e, const struct feishu_called *called)
{
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_answer(e->row, &e->request, &called->reply, &answer);
	heed(e->adapter, &answer);
	if (try_otherwise(e, &answer) || (answer.class == FEISHU_QUOTA && !may_go(e)))
		return;
	if (answer.outcome.result == SEND_DONE)
		note_success(e, &answer, called->reply.body);
	if (answer.outcome.result == SEND_REFUSED)
		feishu_upload_forget(e);
	if (answer.outcome.result == SEND_DONE && cargo_follows(e->cargo))
		feishu_upload_share(e, answer.outcome.channel, answer.outcome.message);
	else
		end_as(e, &answer);
}

/* 230071 and 230072 have told that a chat has no threads; what is said in a thread elsewhere stays there. */
static void post(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	g_autoptr(GPtrArray) keys = cargo_keys(e->cargo);
	const struct feishu_target target = { .flat = e->flat,
		.direct = is_direct(e),
		.reaction = e->reaction,
		.keys = (const char *const *)keys->pdata,
		.key_count = keys->len };
	if (render(e, &target, &request))
		feishu_errand_call(e, &request, answered);
}

static void bring_and_post(struct feishu_errand *e)
{
	feishu_upload_bring(e, post);
}

/* In doubt for longer than the platform knows the uuid: a second one would be a second message. */
static void post_once(struct feishu_errand *e)
{
	if (!e->row->in_doubt || !feishu_errand_outlived_uuid(e))
		bring_and_post(e);
	else
		feishu_look_for(e, bring_and_post);
}

/* An ephemeral card has no uuid, and cannot be looked for. */
static void post_private(struct feishu_errand *e)
{
	if (e->row->in_doubt && !is_direct(e))
		feishu_errand_fail(e, "its fate is unknown, and it cannot be looked up");
	else
		post_once(e);
}

static feishu_errand_step *const first_steps[] = {
	[OUTBOX_POST] = post_once,
	[OUTBOX_REPLACE] = bring_and_post,
	[OUTBOX_DELETE] = post,
	[OUTBOX_REACT] = post,
	[OUTBOX_UNREACT] = unreact,
	[OUTBOX_PRIVATE] = post_private,
	[OUTBOX_FORM] = post_private,
	[OUTBOX_HOME] = post_once, /* there is no home page: a message, at a person's first visit alone */
	[OUTBOX_ASK_PERSON] = feishu_ask_person,
	[OUTBOX_ASK_MEMBERS] = feishu_ask_members,
	[OUTBOX_ASK_CHANNEL] = feishu_ask_channel,
	[OUTBOX_ASK_HISTORY] = feishu_ask_history,
	[OUTBOX_ASK_MESSAGE] = feishu_ask_message,
	[OUTBOX_URGE] = post, /* to be called twice does no harm */
};
G_STATIC_ASSERT(G_N_ELEMENTS(first_steps) == OUTBOX_KIND_COUNT);

void feishu_send(struct adapter *a, const struct outbox_row *row)
{
	struct feishu_errand *e = g_new0(struct feishu_errand, 1);
	e->adapter = a;
	e->row = row;
	e->cargo = cargo_new(row);
	e->index = a->errands->len;
	g_ptr_array_add(a->errands, e);
	if (a->refused)
		feishu_errand_end(
			e, &(struct outcome){ .result = SEND_STOPPED, .after_ms = -1, .reason = a->refused });
	else if (may_go(e))
		first_steps[row->kind](e);
}
