/* SPDX-License-Identifier: MIT */
/*
 * Errands that ask the directory. Facts of a person are asked for once in the adapter's life; user_change and
 * team_join keep them fresh.
 */
#include "platform/slack/slack_room.h"

#include "base/log.h"

/* Up to here each new member is asked for by name (Tier 4); beyond, the whole list is read (Tier 2). */
enum { SINGLY_LIMIT = 20, MEMBER_LIMIT = 5000, CHANNEL_PAGE_LIMIT = 200, SELF_WAIT_MS = 200 };

GHashTable *slack_directory_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, event_person_free);
}

const char *slack_directory_face(gpointer adapter, const char *account)
{
	const struct adapter *a = adapter;
	const struct event_person *p = g_hash_table_lookup(a->people, account);
	return p ? p->face : NULL;
}

static void learn(struct adapter *a, const struct event_person *facts)
{
	struct event_person *p = g_new0(struct event_person, 1);
	event_person_copy(facts, p);
	/* The key lives in the value. */
	g_hash_table_replace(a->people, p->account, p);
}

void slack_directory_learn(struct adapter *a, const struct event *event)
{
	if (event->kind != EVENT_PEOPLE || !event->people)
		return;
	for (guint i = 0; i < event->people->len; i++)
		learn(a, &g_array_index(event->people, struct event_person, i));
}

/* Slackbot and what has no id is nobody. */
static void learn_user(struct adapter *a, const cJSON *user)
{
	struct event_person *p = g_new0(struct event_person, 1);
	if (slack_in_person(user, p))
		g_hash_table_replace(a->people, p->account, p);
	else
		event_person_free(p);
}

static void tell_people(struct adapter *a, struct event *take)
{
	take->at_ms = clock_now_ms(a->clock);
	a->host->event(a->host->data, take);
}

static void ask_user(struct errand *e, const char *account, errand_fn *answered)
{
	g_auto(slack_request_auto) request = { 0 };
	struct outbox_row row = { .kind = OUTBOX_ASK_PERSON, .person = (char *)account };
	g_autoptr(GError) error = NULL;
	if (slack_out(&row, NULL, &request, &error))
		errand_call(e, &request, answered);
	else
		errand_fail(e, error->message);
}

/* --- a person --- */

static void person_answered(struct errand *e, const struct slack_called *called)
{
	if (!errand_read(e, called, NULL))
		return;
	struct adapter *a = e->adapter;
	learn_user(a, json_object(called->reply.body, "user"));
	const struct event_person *p = g_hash_table_lookup(a->people, e->row->person);
	if (!p) {
		errand_fail(e, "the directory has no such person");
		return;
	}
	struct event *event = event_new(EVENT_PEOPLE, a->workspace->name);
	event_person_copy(p, event_add_person(event));
	tell_people(a, event);
	errand_done(e);
}

void slack_ask_person(struct errand *e)
{
	ask_user(e, e->row->person, person_answered);
}

/* --- a channel's members --- */

struct members {
	GPtrArray *accounts;
	guint next; /* whom to ask for singly */
	guint asked;
	gboolean listless; /* the list is refused: singly, however many */
};

static void members_free(gpointer data)
{
	struct members *m = data;
	g_ptr_array_unref(m->accounts);
	g_free(m);
}

static void ask_page(struct errand *e, errand_fn *answered)
{
	g_auto(slack_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (slack_out(e->row, &(struct slack_target){ .cursor = e->cursor }, &request, &error))
		errand_call(e, &request, answered);
	else
		errand_fail(e, error->message);
}

static void members_known(struct errand *e)
{
	struct adapter *a = e->adapter;
	const struct members *m = e->work;
	if (!a->user_id && !a->refused) { /* the bot is a member too, and is not to be told */
		errand_wait(e, SELF_WAIT_MS, members_known);
		return;
	}
	struct event *event = event_new(EVENT_PEOPLE, a->workspace->name);
	event->place.channel = g_strdup(e->row->channel);
	gboolean all = TRUE;
	for (guint i = 0; i < m->accounts->len; i++) {
		const struct event_person *p = g_hash_table_lookup(a->people, m->accounts->pdata[i]);
		if (p && g_strcmp0(p->account, a->user_id) != 0)
			event_person_copy(p, event_add_person(event));
		all = all && (p || g_strcmp0(m->accounts->pdata[i], a->user_id) == 0);
	}
	event->value = all ? g_strdup(EVENT_PEOPLE_ALL) : NULL;
	if (!event->people)
		event->people = g_array_new(FALSE, TRUE, sizeof(struct event_person));
	tell_people(a, event);
	errand_done(e);
}

static void next_unknown(struct errand *e);

static void member_answered(struct errand *e, const struct slack_called *called)
{
	struct members *m = e->work;
	const char *error = json_text_or(called->reply.body, "error", NULL);
	/* One whom we may not see does not hide the others. */
	if (slack_error_class(error) != SLACK_DESTINATION && !errand_read(e, called, next_unknown))
		return;
	learn_user(e->adapter, json_object(called->reply.body, "user"));
	m->next++;
	next_unknown(e);
}

static void next_unknown(struct errand *e)
{
	struct members *m = e->work;
	while (m->next < m->accounts->len &&
		g_hash_table_contains(e->adapter->people, m->accounts->pdata[m->next]))
		m->next++;
	if (m->next < m->accounts->len && (m->listless || m->asked++ < SINGLY_LIMIT))
		ask_user(e, m->accounts->pdata[m->next], member_answered);
	else
		members_known(e);
}

static guint count_unknown(const struct errand *e)
{
	const struct members *m = e->work;
	guint n = 0;
	for (guint i = 0; i < m->accounts->len; i++)
		n += !g_hash_table_contains(e->adapter->people, m->accounts->pdata[i]);
	return n;
}

static void ask_users(struct errand *e);

/* The list will not be had: it is not a matter of time. */
static gboolean is_refused(const struct slack_called *called)
{
	const char *error = json_text_or(called->reply.body, "error", NULL);
	enum slack_class class = slack_error_class(error);
	return error && (class == SLACK_UNKNOWN || class == SLACK_FORBIDDEN || class == SLACK_BUG);
}

/* Only whom we asked about is kept: a company's list may be a hundred times a team. */
static void users_answered(struct errand *e, const struct slack_called *called)
{
	struct members *m = e->work;
	if (is_refused(called)) {
		m->listless = TRUE;
		next_unknown(e);
		return;
	}
	if (!errand_read(e, called, ask_users))
		return;
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < m->accounts->len; i++)
		g_hash_table_add(wanted, m->accounts->pdata[i]);
	const cJSON *user;
	cJSON_ArrayForEach (user, json_array(called->reply.body, "members")) {
		const char *id = json_text_or(user, "id", NULL);
		if (id && g_hash_table_contains(wanted, id))
			learn_user(e->adapter, user);
	}
	if (errand_turn_page(e, called->reply.body) && count_unknown(e) > 0)
		ask_users(e);
	else
		next_unknown(e);
}

static void ask_users(struct errand *e)
{
	static const struct slack_method users_list = { .name = "users.list" };
	g_auto(slack_request_auto) request = { .method = &users_list,
		.body = slack_form("limit", "200", "include_locale", "true", "cursor", e->cursor, NULL),
		.content_type = "application/x-www-form-urlencoded" };
	errand_call(e, &request, users_answered);
}

static void ask_members_page(struct errand *e);

static void members_answered(struct errand *e, const struct slack_called *called)
{
	if (!errand_read(e, called, ask_members_page))
		return;
	struct members *m = e->work;
	const cJSON *account;
	cJSON_ArrayForEach (account, json_array(called->reply.body, "members")) {
		if (cJSON_IsString(account) && m->accounts->len < MEMBER_LIMIT)
			g_ptr_array_add(m->accounts, g_strdup(account->valuestring));
	}
	if (errand_turn_page(e, called->reply.body) && m->accounts->len < MEMBER_LIMIT) {
		ask_members_page(e);
		return;
	}
	g_clear_pointer(&e->cursor, g_free);
	if (m->accounts->len >= MEMBER_LIMIT)
		log_warning("channel has too many members, knowing only some", "channel", e->row->channel,
			"members", m->accounts->len);
	if (count_unknown(e) > SINGLY_LIMIT)
		ask_users(e);
	else
		next_unknown(e);
}

static void ask_members_page(struct errand *e)
{
	ask_page(e, members_answered);
}

void slack_ask_members(struct errand *e)
{
	struct members *m = g_new0(struct members, 1);
	m->accounts = g_ptr_array_new_with_free_func(g_free);
	e->work = m;
	e->work_free = members_free;
	ask_members_page(e);
}

/* --- a channel by its name --- */

static void tell_channel(struct errand *e, const char *id)
{
	struct adapter *a = e->adapter;
	struct event *event = event_new(EVENT_CHANNEL, a->workspace->name);
	event->at_ms = clock_now_ms(a->clock);
	event->text = g_strdup(e->row->word);
	event->place.channel = g_strdup(id);
	a->host->event(a->host->data, event);
	errand_done(e);
}

static void ask_channels(struct errand *e);

static void channels_answered(struct errand *e, const struct slack_called *called)
{
	if (!errand_read(e, called, ask_channels))
		return;
	const cJSON *channel;
	cJSON_ArrayForEach (channel, json_array(called->reply.body, "channels")) {
		const char *id = json_text_or(channel, "id", NULL);
		if (id && g_strcmp0(json_text_or(channel, "name", NULL), e->row->word) == 0) {
			tell_channel(e, id);
			return;
		}
	}
	if (errand_turn_page(e, called->reply.body))
		ask_channels(e);
	else
		tell_channel(e, NULL);
}

static void ask_channels(struct errand *e)
{
	ask_page(e, channels_answered);
}

void slack_ask_channel(struct errand *e)
{
	ask_channels(e);
}
