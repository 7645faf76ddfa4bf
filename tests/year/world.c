/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "core/outbox.h"

static struct world *world_of(const struct adapter *adapter)
{
	return (struct world *)adapter;
}

struct adapter *world_adapter(struct world *world)
{
	return (struct adapter *)world;
}

/* ---- the directory ---- */

static gboolean is_there(const struct world *w, const cJSON *one)
{
	int64_t now_ms = clock_now_ms(w->clock);
	return json_int_or(one, "from_ms", 0) <= now_ms && now_ms < json_int_or(one, "until_ms", G_MAXINT64);
}

static void tell(const struct world *w, struct event *event, const cJSON *one)
{
	struct event_person *person = event_add_person(event);
	person->account = g_strdup(json_text_or(one, "account", NULL));
	person->name = g_strdup(json_text_or(one, "name", NULL));
	person->handle = g_strdup(json_text_or(one, "handle", NULL));
	person->zone = g_strdup(json_text_or(one, "zone", NULL));
	person->deactivated = !is_there(w, one);
}

static gboolean is_asked_about(const struct world *w, const struct outbox_row *row, const cJSON *one)
{
	if (row->kind == OUTBOX_ASK_PERSON)
		return g_strcmp0(row->person, json_text_or(one, "account", NULL)) == 0;
	return g_strcmp0(row->channel, json_text_or(one, "channel", NULL)) == 0 && is_there(w, one);
}

static void answer_question(struct world *w, const struct outbox_row *row)
{
	struct event *event = event_new(EVENT_PEOPLE, WORLD_WORKSPACE);
	const cJSON *one;
	event->at_ms = clock_now_ms(w->clock);
	event->place.channel = g_strdup(row->channel);
	event->value = row->kind == OUTBOX_ASK_MEMBERS ? g_strdup(EVENT_PEOPLE_ALL) : NULL;
	cJSON_ArrayForEach(one, w->people)
	{
		if (is_asked_about(w, row, one))
			tell(w, event, one);
	}
	w->host.event(w->host.data, event);
}

/* ---- messages ---- */

static gboolean is_that(const struct outbox_row *row, const cJSON *one)
{
	return strcmp(row->channel, json_text_or(one, "channel", "")) == 0 && strcmp(row->message, json_text_or(one, "message", "")) == 0;
}

static void show_message(struct world *w, const struct outbox_row *row, const cJSON *one)
{
	struct event *event = event_new(EVENT_FOUND, WORLD_WORKSPACE);
	event->at_ms = clock_now_ms(w->clock);
	event->place.channel = g_strdup(row->channel);
	event->message = g_strdup(row->message);
	event->person = g_strdup(json_text_or(one, "person", NULL));
	event->text = g_strdup(json_text_or(one, "text", NULL));
	event->word = g_strdup(row->word);
	event->value = json_bool_or(one, "public", FALSE) ? g_strdup(EVENT_FOUND_PUBLIC) : NULL;
	w->host.event(w->host.data, event);
}

static void find_message(struct world *w, const struct outbox_row *row)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, w->said)
	{
		if (is_that(row, one))
			show_message(w, row, one);
	}
}

static void write_field(FILE *log, const char *key, const char *value)
{
	if (value)
		fprintf(log, ",\"%s\":\"%s\"", key, value);
}

/* Names of kinds, channels and people are plain letters here; the content is JSON already. */
static void write_down(const struct world *w, const struct outbox_row *row)
{
	fprintf(w->log, "{\"at_ms\":%" G_GINT64_FORMAT ",\"row\":%" G_GINT64_FORMAT, clock_now_ms(w->clock), row->id);
	write_field(w->log, "kind", outbox_kind_name(row->kind));
	write_field(w->log, "channel", row->channel);
	write_field(w->log, "person", row->person);
	write_field(w->log, "thread", row->thread);
	fprintf(w->log, ",\"content\":%s}\n", row->content ? row->content : "null");
}

/* One in doubt is looked up before it is posted again, as every adapter does. */
static const char *post(struct world *w, const struct outbox_row *row)
{
	const char *message = g_hash_table_lookup(w->standing, &row->id);
	if (message && row->in_doubt)
		return message;
	char *given = g_strdup_printf("1.%06u", ++w->messages);
	g_hash_table_replace(w->standing, g_memdup2(&row->id, sizeof row->id), given);
	write_down(w, row);
	return given;
}

static const char *perform(struct world *w, const struct outbox_row *row)
{
	if (row->kind == OUTBOX_ASK_MEMBERS || row->kind == OUTBOX_ASK_PERSON)
		answer_question(w, row);
	else if (row->kind == OUTBOX_ASK_MESSAGE)
		find_message(w, row);
	else if (row->kind == OUTBOX_PRIVATE || row->kind == OUTBOX_URGE)
		write_down(w, row);
	return row->kind == OUTBOX_POST ? post(w, row) : row->message;
}

static void world_send(struct adapter *adapter, const struct outbox_row *row)
{
	struct world *w = world_of(adapter);
	if (w->dead || (w->lives == 0 && w->death == WORLD_UNSENT)) {
		w->dead = TRUE;
		return;
	}
	const char *message = perform(w, row);
	w->dead = w->lives == 0;
	if (w->dead)
		return;
	w->lives -= w->lives > 0 ? 1 : 0;
	g_autofree char *direct = row->person && !row->channel ? g_strconcat("D_", row->person, NULL) : NULL;
	w->host.outcome(w->host.data, row->id,
		&(struct outcome){ .result = SEND_DONE, .after_ms = -1, .message = message, .channel = direct ? direct : row->channel });
}

/* Nothing waits in this chat. */
static struct send_limit no_limit(const struct adapter *adapter, const struct outbox_row *row)
{
	(void)adapter;
	return (struct send_limit){ .bucket = outbox_kind_name(row->kind) };
}

const struct platform world_platform = {
	.name = "world",
	.form_life_ms = MINUTES(5),
	.send = world_send,
	.limit = no_limit,
	.channel_limit = no_limit,
};
