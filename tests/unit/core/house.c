/* SPDX-License-Identifier: MIT */
#include "house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core_store.h"
#include "core_texts.h"
#include "rehearsal.h"

static const char config_text[] =
	"database: unused.db\n"
	"default_zone: Asia/Shanghai\n"
	"default_language: en\n"
	"workspaces:\n"
	"  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
	"  - { name: globex, platform: slack, bot_token: xoxb-other, app_token: xapp-other }\n"
	"teams:\n"
	"  - { name: sales, workspace: acme, channel: C1, managers: [U9], language: en, highlights: \"18:00\", standup: { format: A, deadline: "
	"\"10:30\", feedback: \"18:00\" }, celebrations: { prepare: 0, wishes: 0, party: last workday of month 15:00 }, rounds: [\n"
	"    { name: pulse, schedule: last workday of month 16:00, board: on,\n"
	"      questions: [{ ask: Well? }, { ask: Good?, kind: scale }] },\n"
	"    { name: mood, schedule: last workday of month 16:00, anonymous: on,\n"
	"      questions: [{ ask: Well? }, { ask: Good?, kind: scale }] }] }\n"
	"  - { name: field, workspace: acme, channel: \"#field\", language: en }\n";

struct config *house_config(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("house.yaml", config_text, strlen(config_text), problems);
	if (!config)
		fail_msg("%s", (const char *)problems->pdata[0]);
	return config;
}

struct texts *house_texts(void)
{
	return texts_new((const struct text_table *const[]){ &texts_core }, 1);
}

static void recover(struct house *h)
{
	g_autoptr(GError) error = NULL;
	core_begin(h->db);
	core_check(outbox_recover(h->outbox, &error), error);
	core_commit(h->db);
	g_autoptr(GPtrArray) rows = outbox_take_handed(h->outbox);
	if (rows)
		g_ptr_array_extend_and_steal(h->handed, g_steal_pointer(&rows));
}

struct house *house_open(const char *path, const struct ritual *const *rituals,
	const struct sql_owner *const *owners, gsize owner_count, struct texts *take_texts)
{
	struct house *h = g_new0(struct house, 1);
	g_autoptr(GError) error = NULL;
	h->now_ms = 1772413200000; /* 2026-03-02 09:00 in Shanghai */
	h->handed = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	h->config = house_config();
	h->texts = take_texts;
	h->db = db_open(path, DB_WRITER, &error);
	core_check(h->db && db_migrate(h->db, owners, owner_count, &error), error);
	h->roster = roster_new(h->db, h->config, &error);
	core_check(h->roster != NULL, error);
	h->outbox = outbox_new(h->db);
	h->schedule = schedule_new(h->db);
	h->dispatch = dispatch_new(
		&(struct dispatch_setup){ h->db, h->roster, h->outbox, h->schedule, h->texts, rituals });
	recover(h);
	return h;
}

struct house *house_new(void)
{
	gsize count;
	const struct sql_owner *const *owners = rehearsal_schema(&count);
	struct house *h = house_open(":memory:", rehearsals, owners, count, house_texts());
	house_do(h, house_people("U1", "Ana", "C1"));
	house_do(h, house_people("U2", "Bo", "C1"));
	return h;
}

void house_close(struct house *h)
{
	g_clear_pointer(&h->problems, g_array_unref);
	g_ptr_array_unref(h->handed);
	dispatch_free(h->dispatch);
	schedule_free(h->schedule);
	outbox_free(h->outbox);
	roster_free(h->roster);
	db_close(h->db);
	texts_free(h->texts);
	config_free(h->config);
	g_free(h);
}

static gboolean ring(struct house *h, GError **error)
{
	g_autoptr(GPtrArray) due = schedule_due(h->schedule, h->now_ms, 100, error);
	for (guint i = 0; due && i < due->len; i++) {
		if (!dispatch_event(h->dispatch, due->pdata[i], h->now_ms, NULL, error))
			return FALSE;
	}
	return due != NULL;
}

static gboolean batch(struct house *h, const struct event *event, GError **error)
{
	return db_begin(h->db, error) &&
	       (!event || dispatch_event(h->dispatch, event, h->now_ms, &h->problems, error)) &&
	       ring(h, error) && dispatch_settle(h->dispatch, h->now_ms, error) &&
	       outbox_refill(h->outbox, error) && db_commit(h->db, error);
}

gboolean house_try(struct house *h, struct event *take, GError **error)
{
	g_clear_pointer(&h->problems, g_array_unref);
	gboolean kept = batch(h, take, error);
	event_free(take);
	if (!kept) {
		db_rollback(h->db);
		outbox_rolled_back(h->outbox);
		schedule_rolled_back(h->schedule);
		dispatch_rolled_back(h->dispatch);
		core_check(roster_reload(h->roster, NULL), NULL);
		return FALSE;
	}
	g_autoptr(GPtrArray) rows = outbox_take_handed(h->outbox);
	if (rows)
		g_ptr_array_extend_and_steal(h->handed, g_steal_pointer(&rows));
	return TRUE;
}

void house_do(struct house *h, struct event *take)
{
	g_autoptr(GError) error = NULL;
	core_check(house_try(h, take, &error), error);
}

/* ---- events ---- */

struct event *house_event(enum event_kind kind, const char *person, const char *channel)
{
	struct event *event = event_new(kind, "acme");
	event->person = g_strdup(person);
	event->place.channel = g_strdup(channel);
	event->place.kind = channel && channel[0] == 'D' ? PLACE_DIRECT : PLACE_CHANNEL;
	event->at_ms = 1772413200000;
	return event;
}

struct event *house_said(const char *person, const char *channel, const char *text)
{
	struct event *event = house_event(EVENT_SAID, person, channel);
	event->text = g_strdup(text);
	event->message = g_strdup("1.000001");
	return event;
}

struct event *house_people(const char *account, const char *name, const char *channel)
{
	struct event *event = house_event(EVENT_PEOPLE, NULL, channel);
	struct event_person *person = event_add_person(event);
	person->account = g_strdup(account);
	person->name = g_strdup(name);
	return event;
}

/* ---- what came of it ---- */

static void append_row(GString *out, const struct outbox_row *row)
{
	g_autoptr(cJSON) tree = row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	const char *const parts[] = { row->person, row->channel, row->thread, row->message, row->word,
		row->token, json_text_or(tree, "parts.0.spans.0.plain", NULL) };
	g_string_append_printf(out, "%s%s", out->len ? "; " : "", outbox_kind_name(row->kind));
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i] && *parts[i])
			g_string_append_printf(out, " %s", parts[i]);
	}
}

char *house_handed(struct house *h)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < h->handed->len; i++)
		append_row(out, h->handed->pdata[i]);
	g_ptr_array_set_size(h->handed, 0);
	return g_string_free(out, FALSE);
}

void house_expect(struct house *h, const char *handed)
{
	g_autofree char *got = house_handed(h);
	assert_string_equal(got, handed);
}

char *house_texts_of(struct house *h, const struct sql *query)
{
	g_autoptr(GError) error = NULL;
	GString *out = g_string_new(NULL);
	struct db_rows *rows = db_query(h->db, query);
	while (db_next(rows))
		g_string_append_printf(out, "%s%s", out->len ? "; " : "", db_text(rows, 0));
	core_check(db_end(rows, &error), error);
	return g_string_free(out, FALSE);
}

void house_expect_notes(struct house *h, const char *notes)
{
	static const struct sql query = { .name = "notes", .text = "SELECT text FROM note ORDER BY id" };
	g_autofree char *got = house_texts_of(h, &query);
	assert_string_equal(got, notes);
}
