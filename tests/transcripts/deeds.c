/* SPDX-License-Identifier: MIT */
/* What the bot did, and whether it was expected. */
#include "play.h"

#define BOT "UBELLTOWER"

static const char *const kind_names[] = {
	[DEED_REACTION] = "reaction",
	[DEED_POST] = "post",
	[DEED_CHANGE] = "change",
	[DEED_FORM] = "form",
	[DEED_COMPLAINT] = "complaint about the form",
	[DEED_CLOSED] = "form closed",
	[DEED_HOME] = "home",
	[DEED_GONE] = "deletion",
};

static void deed_free(struct deed *deed)
{
	g_free(deed->channel);
	g_free(deed->ts);
	g_free(deed->thread);
	g_free(deed->person);
	g_free(deed->text);
	g_free(deed);
}

/* ---- seeing ---- */

static struct deed *add_deed(struct play *p, enum deed_kind kind, const char *person, char *take_text)
{
	struct deed *deed = g_new0(struct deed, 1);
	deed->kind = kind;
	deed->person = g_strdup(person);
	deed->text = take_text;
	g_queue_push_tail(&p->deeds, deed);
	return deed;
}

void deeds_add(struct play *p, enum deed_kind kind, const char *person, char *take_text)
{
	add_deed(p, kind, person, take_text);
}

void deeds_set_form(struct play *p, const cJSON *form)
{
	cJSON_Delete(p->form);
	cJSON_Delete(p->filled);
	p->form = form ? cJSON_Duplicate(form, TRUE) : NULL;
	p->filled = cJSON_CreateObject();
}

/* The other side of a direct message; NULL: a channel. */
static char *direct_with(const struct play *p, const char *channel)
{
	g_autoptr(cJSON) state = sandbox_state(p->sandbox);
	const cJSON *item;
	cJSON_ArrayForEach(item, json_array(state, "channels"))
	{
		if (strcmp(json_text_or(item, "id", ""), channel) == 0)
			return g_strdup(json_text_or(item, "user", NULL));
	}
	return NULL;
}

static void add_at(struct play *p, enum deed_kind kind, const cJSON *delta, char *take_text)
{
	const cJSON *message = json_object(delta, "message");
	const char *ts = json_text_or(message, "ts", NULL), *thread = json_text_or(message, "thread_ts", NULL);
	const char *channel = json_text_or(delta, "channel", ""), *alone = json_text_or(message, "ephemeral_to", NULL);
	g_autofree char *person = alone ? g_strdup(alone) : direct_with(p, channel);
	struct deed *deed = add_deed(p, kind, person, take_text);
	deed->channel = g_strdup(channel);
	deed->ts = g_strdup(ts);
	deed->thread = g_strcmp0(ts, thread) ? g_strdup(thread) : NULL;
	deed->alone = alone != NULL;
}

static void see_reactions(struct play *p, const cJSON *delta, const char *key)
{
	const cJSON *reaction, *user;
	cJSON_ArrayForEach(reaction, json_array(delta, "message.reactions"))
	{
		const char *name = json_text_or(reaction, "name", "");
		cJSON_ArrayForEach(user, json_array(reaction, "users"))
		{
			gboolean ours = strcmp(user->valuestring, BOT) == 0;
			if (ours && g_hash_table_add(p->reacted, g_strdup_printf("%s %s", key, name)))
				add_at(p, DEED_REACTION, delta, g_strdup(name));
		}
	}
}

/* What the message says, and the names of the files under it. */
static char *read_message(const struct play *p, const cJSON *message)
{
	g_autofree char *text = p->manner->text(message);
	GString *out = g_string_new(text);
	const cJSON *file;
	cJSON_ArrayForEach(file, json_array(message, "files"))
		g_string_append_printf(out, "\n%s", json_text_or(file, "name", ""));
	return g_string_free(out, FALSE);
}

static void see_message(struct play *p, const cJSON *delta)
{
	const cJSON *message = json_object(delta, "message");
	g_autofree char *key = g_strdup_printf("%s %s", json_text_or(delta, "channel", ""), json_text_or(message, "ts", ""));
	see_reactions(p, delta, key);
	if (!json_bool_or(message, "bot", FALSE))
		return;
	g_autofree char *text = read_message(p, message);
	const char *before = g_hash_table_lookup(p->shown, key);
	if (g_strcmp0(before, text) == 0)
		return;
	add_at(p, p->manner->kind(p, delta, before), delta, g_strdup(text));
	g_hash_table_insert(p->cards, g_strdup(key), cJSON_Duplicate(message, TRUE));
	g_hash_table_insert(p->shown, g_steal_pointer(&key), g_steal_pointer(&text));
}

/* What people delete is their own act. */
static void see_deleted(struct play *p, const cJSON *delta)
{
	const char *channel = json_text_or(delta, "channel", ""), *ts = json_text_or(delta, "ts", "");
	g_autofree char *key = g_strdup_printf("%s %s", channel, ts), *person = direct_with(p, channel);
	if (!g_hash_table_remove(p->shown, key))
		return;
	struct deed *deed = add_deed(p, DEED_GONE, person, g_strdup(""));
	deed->channel = g_strdup(channel);
	deed->ts = g_strdup(ts);
}

void deeds_see(const cJSON *delta, gpointer play)
{
	struct play *p = play;
	const char *type = json_text_or(delta, "type", "");
	if (strcmp(type, "message") == 0)
		see_message(p, delta);
	else if (strcmp(type, "deleted") == 0)
		see_deleted(p, delta);
	else
		p->manner->see(p, delta);
}

/* ---- expecting ---- */

void deeds_expect_no_more(const struct play *p)
{
	const struct deed *left = g_queue_peek_head((GQueue *)&p->deeds);
	if (left)
		play_fail(p, "before this the bot also did: %s in %s for %s: %s", kind_names[left->kind],
			left->channel ? left->channel : "-", left->person ? left->person : "all", left->text);
}

static void check_text(const struct play *p, const struct deed *deed)
{
	g_auto(GStrv) needles = g_strsplit(p->step->text->str, "\n", -1);
	for (char **needle = needles; *needle; needle++) {
		gboolean absent = g_str_has_prefix(*needle, "not: ");
		const char *text = absent ? *needle + 5 : *needle;
		if ((strstr(deed->text, text) != NULL) == absent)
			play_fail(p, "%s '%s' in what the bot said:\n%s", absent ? "there is" : "there is no", text, deed->text);
	}
}

static gboolean is_at(struct play *p, const char *label, const char *channel, const char *ts)
{
	g_autofree char *c = NULL, *t = NULL;
	acts_place(p, label, &c, &t);
	return g_strcmp0(c, channel) == 0 && g_strcmp0(t, ts) == 0;
}

static gboolean is_for(struct play *p, const struct deed *deed, const char *name)
{
	g_autofree char *id = acts_find_id(p, "members", name);
	return g_strcmp0(id, deed->person) == 0;
}

static gboolean is_post(struct play *p, const struct deed *deed, const char *rest)
{
	g_autofree char *id = acts_find_id(p, "channels", rest);
	return deed->kind == DEED_POST && !deed->thread && !deed->alone && strcmp(id, deed->channel) == 0;
}

static gboolean is_reply(struct play *p, const struct deed *deed, const char *rest)
{
	return deed->kind == DEED_POST && deed->thread && is_at(p, rest, deed->channel, deed->thread);
}

/* "NAME", or "NAME alone" */
static gboolean is_to_person(struct play *p, const struct deed *deed, const char *rest)
{
	gboolean alone = g_str_has_suffix(rest, " alone");
	g_autofree char *name = g_strndup(rest, strlen(rest) - (alone ? strlen(" alone") : 0));
	return deed->kind == DEED_POST && deed->alone == alone && is_for(p, deed, name);
}

static gboolean is_reaction(struct play *p, const struct deed *deed, const char *name, const char *label)
{
	return deed->kind == DEED_REACTION && strcmp(deed->text, name) == 0 && is_at(p, label, deed->channel, deed->ts);
}

static gboolean is_accepted(struct play *p, const struct deed *deed, const char *rest)
{
	return is_reaction(p, deed, "white_check_mark", rest);
}

static gboolean is_cheered(struct play *p, const struct deed *deed, const char *rest)
{
	return is_reaction(p, deed, "tada", rest);
}

static gboolean is_form(struct play *p, const struct deed *deed, const char *rest)
{
	return deed->kind == DEED_FORM && is_for(p, deed, rest);
}

static gboolean is_complaint(struct play *p, const struct deed *deed, const char *rest)
{
	(void)p;
	(void)rest;
	return deed->kind == DEED_COMPLAINT;
}

static gboolean is_closed(struct play *p, const struct deed *deed, const char *rest)
{
	(void)p;
	(void)rest;
	return deed->kind == DEED_CLOSED;
}

static gboolean is_home(struct play *p, const struct deed *deed, const char *rest)
{
	return deed->kind == p->manner->home && !deed->alone && is_for(p, deed, rest);
}

/* What may be expected: how the line goes on. */
static const struct {
	const char *words;
	gboolean (*fits)(struct play *p, const struct deed *deed, const char *rest);
} expectations[] = {
	{ "✅ on ", is_accepted }, { "🎉 on ", is_cheered }, { "in the thread of ", is_reply }, { "in #", is_post }, { "to ", is_to_person },
	{ "form for ", is_form }, { "form says", is_complaint }, { "form is closed", is_closed }, { "home of ", is_home },
};

static gboolean fits(struct play *p, const struct deed *deed, const char *head)
{
	for (gsize i = 0; i < G_N_ELEMENTS(expectations); i++) {
		if (g_str_has_prefix(head, expectations[i].words))
			return expectations[i].fits(p, deed, head + strlen(expectations[i].words));
	}
	const char *becomes = strstr(head, " becomes"), *end = becomes ? becomes : strstr(head, " is gone");
	if (!end)
		play_fail(p, "I do not know what to expect: %s", head);
	g_autofree char *label = g_strndup(head, (gsize)(end - head));
	return deed->kind == (becomes ? DEED_CHANGE : DEED_GONE) && is_at(p, label, deed->channel, deed->ts);
}

static void fail_expected(const struct play *p, const char *head)
{
	const struct deed *first = g_queue_peek_head((GQueue *)&p->deeds);
	if (!first)
		play_fail(p, "expected: %s %s\nbut the bot did nothing", head, p->step->text->str);
	play_fail(p, "expected: %s %s\nbut the bot did: %s in %s for %s: %s", head, p->step->text->str, kind_names[first->kind],
		first->channel ? first->channel : "-", first->person ? first->person : "all", first->text);
}

/* What one act caused may come in any order: the acknowledgement and the posts go different ways. */
void deeds_expect(struct play *p, char *head)
{
	if (strcmp(head, "nothing") == 0) {
		deeds_expect_no_more(p);
		return;
	}
	const char *label = acts_take_label(head);
	GList *found = p->deeds.head;
	while (found && !fits(p, found->data, head))
		found = found->next;
	if (!found)
		fail_expected(p, head);
	struct deed *deed = found->data;
	g_queue_delete_link(&p->deeds, found);
	check_text(p, deed);
	if (deed->ts)
		acts_name(p, label, deed->channel, deed->ts);
	deed_free(deed);
}
