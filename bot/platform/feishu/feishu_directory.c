/* SPDX-License-Identifier: MIT */
/*
 * Errands that ask the directory, and what is known of it. Calls about contacts are free of the month's quota, those about chats
 * are not; so facts of a person are asked for in fifties when a chat's members are, and changes come as events.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum { MEMBER_LIMIT = 5000, BATCH = 50 };

GHashTable *feishu_directory_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, event_person_free);
}

const char *feishu_directory_face(gpointer adapter, const char *account)
{
	const struct adapter *a = adapter;
	const struct event_person *p = g_hash_table_lookup(a->people, account);
	return p ? p->face : NULL;
}

/* A field without its permission is simply missing (7.4): what was known of it stays. */
static void keep_known(const struct event_person *known, struct event_person *p)
{
	if (!p->name)
		p->name = g_strdup(known->name);
	if (!p->email)
		p->email = g_strdup(known->email);
	if (!p->face)
		p->face = g_strdup(known->face);
}

static void learn(struct adapter *a, struct event_person *take)
{
	const struct event_person *known = g_hash_table_lookup(a->people, take->account);
	if (known)
		keep_known(known, take);
	/* The key lives in the value. */
	g_hash_table_replace(a->people, take->account, take);
}

static void learn_user(struct adapter *a, const cJSON *user)
{
	struct event_person *p = g_new0(struct event_person, 1);
	if (feishu_in_person(user, p))
		learn(a, p);
	else
		event_person_free(p);
}

void feishu_learn_direct(struct adapter *a, const char *chat, const char *person)
{
	if (!chat || !g_hash_table_add(a->directs, g_strdup(chat)))
		return;
	g_autofree char *name = g_strconcat(FEISHU_DIRECT_NOTE, chat, NULL);
	feishu_note(a, name, g_strdup(person ? person : ""));
}

static void learn_people(struct adapter *a, const GArray *people)
{
	for (guint i = 0; people && i < people->len; i++) {
		struct event_person *p = g_new0(struct event_person, 1);
		event_person_copy(&g_array_index(people, struct event_person, i), p);
		learn(a, p);
	}
}

void feishu_learn(struct adapter *a, const struct event *event)
{
	if (event->kind == EVENT_PEOPLE)
		learn_people(a, event->people);
	if (event->kind == EVENT_SAID)
		feishu_seen_note(a->seen, event->message, event->place.channel, event->place.thread, event->person);
	if (event->place.kind == PLACE_DIRECT && event->place.channel)
		feishu_learn_direct(a, event->place.channel, event->person);
}

static void tell(struct adapter *a, struct event *take)
{
	take->at_ms = clock_now_ms(a->clock);
	a->host->event(a->host->data, take);
}

/* --- a person --- */

static void person_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	struct adapter *a = e->adapter;
	if (feishu_called_ok(called))
		learn_user(a, json_object(called->reply.body, "data.user"));
	/* One whom the app's contact range leaves out may be known as a member of a chat. */
	const struct event_person *p = g_hash_table_lookup(a->people, e->row->person);
	if (!p && !feishu_errand_read(e, called, NULL))
		return;
	if (!p) {
		feishu_errand_fail(e, "the directory has no such person");
		return;
	}
	struct event *event = event_new(EVENT_PEOPLE, a->workspace->name);
	event_person_copy(p, event_add_person(event));
	tell(a, event);
	feishu_errand_done(e);
}

static void ask_person(struct feishu_errand *e)
{
	feishu_errand_ask(e, 0, person_answered);
}

void feishu_ask_person(struct feishu_errand *e)
{
	ask_person(e);
}

/* --- a chat's members --- */

struct members {
	GPtrArray *accounts;
	guint next;	  /* whom to ask about */
	gboolean partial; /* there are more than we read */
};

static void members_free(gpointer data)
{
	struct members *m = data;
	g_ptr_array_unref(m->accounts);
	g_free(m);
}

static void members_known(struct feishu_errand *e)
{
	struct adapter *a = e->adapter;
	const struct members *m = e->work;
	struct event *event = event_new(EVENT_PEOPLE, a->workspace->name);
	event->place.channel = g_strdup(e->row->channel);
	event->value = m->partial ? NULL : g_strdup(EVENT_PEOPLE_ALL);
	for (guint i = 0; i < m->accounts->len; i++) {
		const struct event_person *p = g_hash_table_lookup(a->people, m->accounts->pdata[i]);
		if (p)
			event_person_copy(p, event_add_person(event));
	}
	if (!event->people)
		event->people = g_array_new(FALSE, TRUE, sizeof(struct event_person));
	tell(a, event);
	feishu_errand_done(e);
}

static void ask_batch(struct feishu_errand *e);

/* Names are known from the chat; without the permission for more it must do. */
static void batch_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	struct adapter *a = e->adapter;
	struct members *m = e->work;
	if (!feishu_called_ok(called)) {
		g_auto(feishu_answer_auto) answer = { 0 };
		feishu_read(a, called, &answer);
		if (feishu_first_time(a, "contact"))
			log_warning("the directory tells nothing of a chat's members but their names", "workspace",
				a->workspace->name, "why", answer.reason);
		members_known(e);
		return;
	}
	const cJSON *user;
	cJSON_ArrayForEach (user, json_array(called->reply.body, "data.items"))
		learn_user(a, user);
	m->next += BATCH;
	ask_batch(e);
}

static void ask_batch(struct feishu_errand *e)
{
	static const struct feishu_method method = { .name = "contact.users", .verb = "GET", .repeatable = TRUE };
	const struct members *m = e->work;
	if (m->next >= m->accounts->len) {
		members_known(e);
		return;
	}
	GString *path = g_string_new("/open-apis/contact/v3/users/batch?user_id_type=open_id");
	for (guint i = m->next; i < m->accounts->len && i < m->next + BATCH; i++) {
		g_string_append(path, "&user_ids=");
		g_string_append_uri_escaped(path, m->accounts->pdata[i], NULL, FALSE);
	}
	struct feishu_request request = { .method = &method, .path = g_string_free(path, FALSE) };
	feishu_errand_call(e, &request, batch_answered);
}

static void ask_members_page(struct feishu_errand *e);

static void take_member(struct feishu_errand *e, const cJSON *member)
{
	struct members *m = e->work;
	struct event_person *p = g_new0(struct event_person, 1);
	if (!feishu_in_member(member, p)) {
		event_person_free(p);
		return;
	}
	g_ptr_array_add(m->accounts, g_strdup(p->account));
	learn(e->adapter, p);
}

static void members_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	if (!feishu_errand_read(e, called, ask_members_page))
		return;
	struct members *m = e->work;
	const cJSON *member;
	cJSON_ArrayForEach (member, json_array(called->reply.body, "data.items"))
		take_member(e, member);
	gboolean more = feishu_errand_turn_page(e, called->reply.body);
	m->partial = more && m->accounts->len >= MEMBER_LIMIT;
	if (more && !m->partial) {
		ask_members_page(e);
		return;
	}
	if (m->partial)
		log_warning("chat has too many members, knowing only some", "channel", e->row->channel, "members",
			m->accounts->len);
	ask_batch(e);
}

static void ask_members_page(struct feishu_errand *e)
{
	feishu_errand_ask(e, 0, members_answered);
}

void feishu_ask_members(struct feishu_errand *e)
{
	struct members *m = g_new0(struct members, 1);
	m->accounts = g_ptr_array_new_with_free_func(g_free);
	e->work = m;
	e->work_free = members_free;
	ask_members_page(e);
}

/* --- a chat by its name --- */

static void tell_channel(struct feishu_errand *e, const char *id)
{
	struct event *event = event_new(EVENT_CHANNEL, e->adapter->workspace->name);
	event->text = g_strdup(e->row->word);
	event->place.channel = g_strdup(id);
	tell(e->adapter, event);
	feishu_errand_done(e);
}

static void ask_chats(struct feishu_errand *e);

static void chats_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	if (!feishu_errand_read(e, called, ask_chats))
		return;
	const cJSON *chat;
	cJSON_ArrayForEach (chat, json_array(called->reply.body, "data.items")) {
		const char *id = json_text_or(chat, "chat_id", NULL);
		if (id && g_strcmp0(json_text_or(chat, "name", NULL), e->row->word) == 0) {
			tell_channel(e, id);
			return;
		}
	}
	if (feishu_errand_turn_page(e, called->reply.body))
		ask_chats(e);
	else
		tell_channel(e, NULL);
}

static void ask_chats(struct feishu_errand *e)
{
	feishu_errand_ask(e, 0, chats_answered);
}

void feishu_ask_channel(struct feishu_errand *e)
{
	ask_chats(e);
}

/* --- a message --- */

/* There is no address of a message, but one of its chat; NULL for a sandbox. The caller frees. */
static char *chat_link(const struct adapter *a, const char *chat)
{
	static const struct {
		const char *base_url, *link;
	} sides[] = {
		{ "https://open.feishu.cn", "https://applink.feishu.cn/client/chat/open?openChatId=" },
		{ "https://open.larksuite.com", "https://applink.larksuite.com/client/chat/open?openChatId=" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(sides); i++)
		if (strcmp(a->workspace->base_url, sides[i].base_url) == 0)
			return g_strconcat(sides[i].link, chat, NULL);
	return NULL;
}

static void message_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	struct adapter *a = e->adapter;
	if (!feishu_errand_read(e, called, feishu_ask_message))
		return;
	const cJSON *item = json_at(called->reply.body, "data.items.0");
	struct event *event = feishu_in_found(&a->self, item, g_hash_table_contains(a->directs, e->row->channel));
	if (event) { /* a group of Feishu's is its members', so none counts as open to all */
		event->word = g_strdup(e->row->word);
		event->link = chat_link(a, event->place.channel);
		a->host->event(a->host->data, event);
	}
	feishu_errand_done(e);
}

void feishu_ask_message(struct feishu_errand *e)
{
	feishu_errand_ask(e, 0, message_answered);
}
