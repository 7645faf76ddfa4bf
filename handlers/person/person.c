/* SPDX-License-Identifier: MIT */
#include "person/person.h"

#include "base/zone.h"
#include "person_sql.h"
#include "person_texts.h"
#include "register_sql.h"
#include "team/away.h"

enum { VALUE_LIMIT = 200, HISTORY_LIMIT = 20 };

/* ---- showing ---- */

static const char *value_of(struct turn *t, const struct person *person, const struct person_field *field)
{
	const char *kept = person->entry ? person->entry->fields[field->field] : "";
	if (!*kept)
		return field->counts ? field->counts(t, person) : "";
	return field->show ? field->show(t, kept) : kept;
}

/* "acme U012AB3CD, beijing ou_8f2c": one person may be on several platforms. */
static const char *accounts_of(struct turn *t, const struct person *person)
{
	GString *text = g_string_new(NULL);
	for (struct config_workspace **w = roster_config(t->roster)->workspaces; *w; w++) {
		const char *account = roster_account((*w)->name, person);
		if (account)
			g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", (*w)->name, account);
	}
	return turn_keep(t, g_string_free(text, FALSE));
}

/* "2026-03-09..2026-03-11, 2026-03-20 am"; why is theirs alone. */
static const char *away_of(struct turn *t, const struct person *person)
{
	GError *error = NULL;
	GString *text = g_string_new(NULL);
	const char *today = turn_day(t, person, roster_first_team_of(t->roster, person), t->now_ms);
	g_autoptr(GPtrArray) list = turn_ok(t) ? away_ahead(t->db, person->id, today, &error) : NULL;
	if (error)
		turn_fail(t, error);
	for (guint i = 0; list && i < list->len; i++) {
		const struct away *away = list->pdata[i];
		gboolean one = strcmp(away->first_day, away->last_day) == 0, open = strcmp(away->last_day, AWAY_FOR_EVER) == 0;
		g_string_append_printf(text, "%s%s%s%s%s%s", i ? ", " : "", away->first_day, one ? "" : "..", one || open ? "" : away->last_day,
			*away->half ? " " : "", away->half);
	}
	return turn_keep(t, g_string_free(text, FALSE));
}

static void add_fact(struct turn *t, struct message *m, const char *label, const char *value)
{
	if (*value)
		message_fact(m, turn_text(t, label), value);
}

static gboolean may_see(struct turn *t, const struct person *person, const struct person_field *field)
{
	return !field->secret || person == t->person || turn_leads(t, person);
}

static void show(struct turn *t, const struct person *person)
{
	struct message *m = message_new();
	message_title(m, person->name);
	for (const struct person_field *field = person_fields; field->words; field++)
		add_fact(t, m, field->label, may_see(t, person, field) ? value_of(t, person, field) : "");
	add_fact(t, m, "person.away", away_of(t, person));
	add_fact(t, m, "person.accounts", accounts_of(t, person));
	message_fact(m, turn_text(t, "person.counts"),
		g_time_zone_get_identifier(roster_zone(t->roster, person, roster_next_team_of(t->roster, t->event->place.workspace, person, NULL))));
	message_context(m, turn_text(t, "person.how"));
	turn_private(t, m);
}

static const char *label_of(struct turn *t, const char *stored)
{
	for (const struct person_field *field = person_fields; field->words; field++)
		if (strcmp(register_field_name(field->field), stored) == 0)
			return turn_text(t, field->label);
	return turn_text(t, strcmp(stored, register_field_name(REGISTER_NAME)) == 0 ? "person.enrolled" : "person.other");
}

/* Who changed what, and when, but not what it was: birthdays have years, and old roles are nobody's business. */
static void show_history(struct turn *t, const struct person *person)
{
	struct message *m = message_new();
	GTimeZone *zone = roster_zone(t->roster, t->person, t->team);
	message_title(m, turn_text(t, "person.history", TEXT_ARG("name", person->name)));
	struct db_rows *rows = turn_query(t, &SQL_REGISTER_CHANGES, ARG_INT(person->entry ? person->entry->id : 0));
	for (int i = 0; db_next(rows) && i < HISTORY_LIMIT; i++) {
		char day[ZONE_DAY_SIZE];
		const struct person *by = roster_person_by_id(t->roster, db_int(rows, 3));
		zone_day(zone, db_int(rows, 4), day);
		message_item(m, turn_text(t, by ? "person.changed_by" : "person.changed_by_list", TEXT_ARG("day", (const char *)day),
					TEXT_ARG("what", label_of(t, db_text(rows, 0))), TEXT_ARG("name", by ? by->name : "")));
	}
	turn_end(t, rows);
	turn_private(t, m);
}

/* ---- changing ---- */

static const char *refusal(struct turn *t, const struct person_field *field, const char *text)
{
	g_autofree char *guess = field->guess ? field->guess(text) : NULL;
	const char *wrong = turn_text(t, field->wrong, TEXT_ARG("word", text));
	return guess ? turn_text(t, "person.meant", TEXT_ARG("wrong", wrong), TEXT_ARG("guess", (const char *)guess)) : wrong;
}

static void change(struct turn *t, const struct person *person, const struct person_field *field, const char *text)
{
	gboolean cleared = strcmp(text, "-") == 0 || strcmp(text, "无") == 0;
	const char *value = cleared ? "" : field->read(t, text);
	if (!value || g_utf8_strlen(value, -1) > VALUE_LIMIT) {
		turn_whisper(t, refusal(t, field, text));
		return;
	}
	turn_register(t, person, field->field, value);
	turn_whisper(t, turn_text(t, *value ? "person.noted" : "person.cleared", TEXT_ARG("name", person->name),
				TEXT_ARG("what", turn_text(t, field->label)), TEXT_ARG("value", value_of(t, person, field))));
}

void person_change(struct turn *t, const struct person *person, const struct person_field *field, const char *text)
{
	if (turn_leads(t, person) || (person == t->person && field->own))
		change(t, person, field, text);
	else
		turn_whisper(t, turn_text(t, "person.managers_only", TEXT_ARG("what", turn_text(t, field->label)),
					TEXT_ARG("name", person->name)));
}

/* ---- the command ---- */

static gboolean is_word(const char *word, const char *one, const char *other)
{
	return g_ascii_strcasecmp(word, one) == 0 || strcmp(word, other) == 0;
}

static void person_command(struct turn *t, const struct event *event, const char *rest)
{
	const struct person *person = turn_next_person(t, &rest);
	const char *word = turn_next_word(t, &rest);
	const struct person_field *field = person_field_called(word);
	(void)event;
	if (*word == '@' || g_str_has_prefix(word, "<@"))
		turn_whisper(t, turn_text(t, "person.unknown", TEXT_ARG("word", turn_readable(t, NULL, word))));
	else if (!*word || is_word(word, "show", "查看"))
		show(t, person);
	else if (is_word(word, "history", "记录") && (person == t->person || turn_leads(t, person)))
		show_history(t, person);
	else if (field && *rest)
		person_change(t, person, field, turn_literal(t, rest));
	else
		turn_whisper(t, field ? turn_text(t, field->wrong, TEXT_ARG("word", "")) : turn_text(t, "person.how"));
}

/* ---- what the directory tells ---- */

static void people_told(struct turn *t, const struct event *event)
{
	for (guint i = 0; event->people && i < event->people->len; i++) {
		const struct event_person *told = &g_array_index(event->people, struct event_person, i);
		const struct person *person = roster_person(t->roster, event->place.workspace, told->account);
		if (!person || person->bot)
			continue;
		person_told_left(t, person);
		if (told->zone && *told->zone)
			person_told_zone(t, person, told);
	}
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "person", "人员", NULL }, .help = "person.help", .takes_text = TRUE, .run = person_command },
	{ .words = (const char *const[]){ "zone", "timezone", "时区", NULL }, .help = "person.help_zone", .takes_text = TRUE, .run = person_zone_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_PEOPLE, .run = people_told },
	{ .kind = EVENT_PRESSED, .word = "zone", .run = person_zone_pressed },
	{ .kind = EVENT_DUE, .word = "sync", .run = person_sync_due },
	{ 0 },
};

static const struct topic topics[] = {
	{ "person", "person.topic", NULL },
	{ 0 },
};

const struct ritual ritual_person = {
	.name = "person",
	.title = "person.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_PERSON,
	.texts = &texts_person,
	.start = person_start,
};
