/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "registry.h"

static const char config_text[] = "database: unused.db\n"
				  "default_zone: Asia/Shanghai\n"
				  "default_language: zh-CN\n"
				  "workspaces:\n"
				  "  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
				  "teams:\n"
				  "  - name: sales\n"
				  "    workspace: acme\n"
				  "    channel: C1\n"
				  "    managers: [\"@mia\"]\n"
				  "    zone: Asia/Shanghai\n"
				  "    language: %s\n"
				  "    standup: { %s }\n"
				  "%s";

static struct config *make_config(const char *language, const char *standup, const char *more_teams)
{
	g_autofree char *text = g_strdup_printf(config_text, language, standup, more_teams);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("stage", text, strlen(text), problems);
	if (!config)
		fail_msg("%s", (const char *)problems->pdata[0]);
	return config;
}

static void check(gboolean done, GError *error)
{
	if (!done)
		fail_msg("the store failed: %s", error ? error->message : "no reason");
}

/* What is to be sent is recorded; posts get an id at once, as if the platform had answered. */
static void deliver(struct stage *s)
{
	for (guint rounds = 0; rounds < 10; rounds++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) rows = outbox_take_handed(s->outbox);
		if (!rows)
			return;
		check(db_begin(s->db, &error), error);
		for (guint i = 0; i < rows->len; i++) {
			struct outbox_row *row = g_steal_pointer(&rows->pdata[i]);
			gboolean posted = row->kind == OUTBOX_POST;
			if (posted && !row->message)
				row->message = g_strdup_printf("1.%06u", ++s->messages);
			g_autofree char *direct = row->person && !row->channel ? g_strdup_printf("D_%s", row->person + strlen("U_")) : NULL;
			if (!s->hold_reports)
				check(outbox_sent(s->outbox, row->id, direct ? direct : row->channel, row->message, s->now_ms, &error), error);
			if (row->kind == OUTBOX_ASK_MEMBERS) { /* the nightly look at who is there: no ritual's words */
				s->lists++;
				outbox_row_free(row);
			} else {
				g_ptr_array_add(s->sent, row);
			}
		}
		check(outbox_refill(s->outbox, &error) && db_commit(s->db, &error), error);
	}
}

static void ring(struct stage *s)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) due = schedule_due(s->schedule, s->now_ms, 100, &error);
	check(due != NULL, error);
	for (guint i = 0; i < due->len; i++)
		check(dispatch_event(s->dispatch, due->pdata[i], s->now_ms, NULL, &error), error);
}

/* What came between two commits is one batch. */
static void do_batch(struct stage *s, struct event *const *events, guint count)
{
	g_autoptr(GError) error = NULL;
	g_clear_pointer(&s->problems, g_array_unref);
	check(db_begin(s->db, &error), error);
	for (guint i = 0; i < count; i++)
		check(dispatch_event(s->dispatch, events[i], s->now_ms, &s->problems, &error), error);
	ring(s);
	check(dispatch_settle(s->dispatch, s->now_ms, &error) && outbox_refill(s->outbox, &error), error);
	check(db_commit(s->db, &error), error);
	deliver(s);
}

void stage_do(struct stage *s, struct event *take)
{
	do_batch(s, &take, take ? 1 : 0);
	event_free(take);
}

static struct stage *make_stage(struct config *take)
{
	struct stage *s = g_new0(struct stage, 1);
	g_autoptr(GError) error = NULL;
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	zone_instant(zone_find("Asia/Shanghai"), "2026-03-02", 9 * 60, &s->now_ms);
	s->sent = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	s->config = take;
	s->texts = registry_texts();
	s->db = db_open(":memory:", DB_WRITER, &error);
	check(s->db && db_migrate(s->db, owners, count, &error), error);
	s->roster = roster_new(s->db, s->config, &error);
	check(s->roster != NULL, error);
	s->outbox = outbox_new(s->db);
	s->schedule = schedule_new(s->db);
	s->dispatch = dispatch_new(
		&(struct dispatch_setup){ s->db, s->roster, s->outbox, s->schedule, s->texts, registry });
	static const char *const names[] = { "ana", "bo", "cai", "mia" };
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	event->place.channel = g_strdup("C1");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct event_person *person = event_add_person(event);
		person->account = g_strdup_printf("U_%s", names[i]);
		person->name = g_strdup(names[i]);
		person->name[0] = g_ascii_toupper(person->name[0]);
		person->handle = g_strdup(names[i]);
	}
	stage_do(s, event);
	return s;
}

struct stage *stage_new(const char *language, const char *format)
{
	return stage_new_with(language, format, "");
}

struct stage *stage_new_with(const char *language, const char *format, const char *more_teams)
{
	g_autofree char *standup = g_strdup_printf("format: %s, deadline: \"10:30\"", format);
	return make_stage(make_config(language, standup, more_teams));
}

struct stage *stage_new_standup(const char *language, const char *standup)
{
	return make_stage(make_config(language, standup, ""));
}

void stage_free(struct stage *s)
{
	g_clear_pointer(&s->problems, g_array_unref);
	g_ptr_array_unref(s->sent);
	dispatch_free(s->dispatch);
	schedule_free(s->schedule);
	outbox_free(s->outbox);
	roster_free(s->roster);
	db_close(s->db);
	texts_free(s->texts);
	config_free(s->config);
	g_free(s);
}

struct config *stage_config(struct stage *s)
{
	return s->config;
}

/* ---- acts ---- */

static struct event *make(struct stage *s, enum event_kind kind, const char *name)
{
	struct event *event = event_new(kind, "acme");
	event->person = name ? g_strdup_printf("U_%s", name) : NULL;
	event->at_ms = s->now_ms;
	return event;
}

static struct event *say(struct stage *s, const char *name, const char *text)
{
	struct event *event = make(s, EVENT_SAID, name);
	event->message = g_strdup_printf("1.%06u", ++s->messages);
	event->keys[0] = g_strdup_printf("m:%s", event->message);
	event->place.channel = g_strdup("C1");
	event->text = g_strdup(text);
	return event;
}

static const char *said(struct stage *s, struct event *take)
{
	static char message[32];
	g_strlcpy(message, take->message, sizeof message);
	stage_do(s, take);
	return message;
}

static void make_direct(struct event *event, const char *name)
{
	g_free(event->place.channel);
	event->place.channel = g_strdup_printf("D_%s", name);
	event->place.kind = PLACE_DIRECT;
}

const char *stage_say(struct stage *s, const char *name, const char *text)
{
	return said(s, say(s, name, text));
}

const char *stage_say_direct(struct stage *s, const char *name, const char *text)
{
	struct event *event = say(s, name, text);
	make_direct(event, name);
	return said(s, event);
}

const char *stage_say_in_thread(struct stage *s, const char *name, const char *thread, const char *text)
{
	struct event *event = say(s, name, text);
	event->place.thread = g_strdup(thread);
	return said(s, event);
}

const char *stage_call(struct stage *s, const char *name, const char *text)
{
	struct event *event = say(s, name, text);
	event->addressed = TRUE;
	return said(s, event);
}

static struct event *about(struct stage *s, enum event_kind kind, const char *name, const char *message)
{
	struct event *event = make(s, kind, name);
	event->message = g_strdup(message);
	event->subject = kind == EVENT_PRESSED ? NULL : g_strdup_printf("m:%s", message);
	event->place.channel = g_strdup("C1");
	return event;
}

void stage_edit(struct stage *s, const char *name, const char *message, const char *text)
{
	struct event *event = about(s, EVENT_EDITED, name, message);
	event->text = g_strdup(text);
	stage_do(s, event);
}

void stage_delete(struct stage *s, const char *name, const char *message)
{
	stage_do(s, about(s, EVENT_DELETED, name, message));
}

void stage_command(struct stage *s, const char *name, const char *word, const char *text)
{
	struct event *event = make(s, EVENT_COMMANDED, name);
	event->place.channel = g_strdup("C1");
	event->place.token = g_strdup("token");
	event->word = g_strdup(word);
	event->text = g_strdup(text);
	stage_do(s, event);
}

static struct event *press(struct stage *s, const char *name, const char *word, const char *value)
{
	struct event *event = about(s, EVENT_PRESSED, name, "1.000000");
	event->place.token = g_strdup("token");
	event->word = g_strdup(word);
	event->value = g_strdup(value);
	return event;
}

void stage_press(struct stage *s, const char *name, const char *word, const char *value)
{
	stage_do(s, press(s, name, word, value));
}

void stage_press_together(struct stage *s, const char *name, const char *word, const char *other, const char *others_word, const char *value)
{
	struct event *const both[] = { press(s, name, word, value), press(s, other, others_word, value) };
	do_batch(s, both, G_N_ELEMENTS(both));
	event_free(both[0]);
	event_free(both[1]);
}

void stage_submit(struct stage *s, const char *name, const char *word, const char *value, const char *const *inputs)
{
	struct event *event = make(s, EVENT_SUBMITTED, name);
	event->receipt = 1;
	event->word = g_strdup(word);
	event->value = g_strdup(value);
	for (; *inputs; inputs += 2)
		event_add_input(event, inputs[0], inputs[1]);
	stage_do(s, event);
}

void stage_learn(struct stage *s, const char *name, const char *zone, const char *language)
{
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	struct event_person *person = event_add_person(event);
	person->account = g_strdup_printf("U_%s", name);
	person->name = g_strdup(name);
	person->zone = g_strdup(zone);
	person->language = g_strdup(language);
	stage_do(s, event);
}

void stage_members(struct stage *s, const char *const *names)
{
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	event->place.channel = g_strdup("C1");
	event->value = g_strdup(EVENT_PEOPLE_ALL);
	for (; *names; names++)
		event_add_person(event)->account = g_strdup_printf("U_%s", *names);
	stage_do(s, event);
}

void stage_advance(struct stage *s, int64_t ms)
{
	s->now_ms += ms;
	stage_do(s, NULL);
}

/* ---- what came of it ---- */

/* "react white_check_mark on 1.000001", "post C1", "replace C1 1.000002", "private U_ana in C1", "form U_ana", … */
static char *line_of(const struct outbox_row *row)
{
	const char *kind = outbox_kind_name(row->kind);
	const char *where = row->channel ? row->channel : row->person;
	if (row->kind == OUTBOX_REACT || row->kind == OUTBOX_UNREACT)
		return g_strdup_printf("%s %s on %s", kind, row->word, row->message);
	if (row->kind == OUTBOX_PRIVATE)
		return g_strdup_printf("%s %s in %s", kind, row->person, row->channel);
	if (row->kind == OUTBOX_REPLACE)
		return g_strdup_printf("%s %s %s", kind, row->channel, row->message);
	if (row->kind == OUTBOX_FORM || row->kind == OUTBOX_HOME || row->kind == OUTBOX_ASK_PERSON)
		return g_strdup_printf("%s %s", kind, row->person);
	if (row->thread)
		return g_strdup_printf("%s %s thread %s", kind, where, row->thread);
	return g_strdup_printf("%s %s", kind, where);
}

static struct outbox_row *take_next(struct stage *s, const char *expected)
{
	if (s->sent->len == 0)
		fail_msg("expected '%s', but nothing was sent", expected);
	return g_ptr_array_steal_index(s->sent, 0);
}

void stage_expect(struct stage *s, const char *line)
{
	struct outbox_row *row = take_next(s, line);
	g_autofree char *got = line_of(row);
	if (strcmp(got, line) != 0)
		fail_msg("expected '%s', got '%s' %s", line, got, row->content ? row->content : "");
	outbox_row_free(row);
}

const char *stage_expect_text(struct stage *s, const char *begin, const char *text)
{
	static char message[32];
	struct outbox_row *row = take_next(s, begin);
	g_autofree char *got = line_of(row);
	if (!g_str_has_prefix(got, begin) || (*text && (!row->content || !strstr(row->content, text))))
		fail_msg("expected '%s' with '%s', got '%s' %s", begin, text, got, row->content ? row->content : "");
	g_strlcpy(message, row->message ? row->message : "", sizeof message);
	outbox_row_free(row);
	return message;
}

void stage_expect_nothing(struct stage *s)
{
	if (s->sent->len == 0)
		return;
	const struct outbox_row *row = s->sent->pdata[0];
	g_autofree char *got = line_of(row);
	fail_msg("expected nothing, got '%s' %s", got, row->content ? row->content : "");
}

void stage_clear(struct stage *s)
{
	g_ptr_array_set_size(s->sent, 0);
}

int64_t stage_count(struct stage *s, const struct sql *query)
{
	g_autoptr(GError) error = NULL;
	struct db_rows *rows = db_query(s->db, query);
	int64_t count = db_next(rows) ? db_int(rows, 0) : -1;
	check(db_end(rows, &error), error);
	return count;
}
