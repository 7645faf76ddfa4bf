/* SPDX-License-Identifier: MIT */
/* What wakes celebrations, and the words they obey. */
#include "celebration/celebration.h"

#include "celebration_texts.h"

/* ---- what is shared ---- */

const char *celebration_key(struct turn *t, const struct person *person)
{
	return turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, person->id));
}

const struct person *celebration_read_key(struct turn *t, const struct event *event)
{
	return event->value ? roster_person_by_id(t->roster, g_ascii_strtoll(event->value, NULL, 10)) : NULL;
}

const struct person *celebration_read_person(struct turn *t, const char **rest)
{
	size_t length = strcspn(*rest, " \t\n");
	g_autofree char *word = g_strndup(*rest, length);
	const struct person *found = *word ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	*rest += found ? length + strspn(*rest + length, " \t\n") : 0;
	return found;
}

const char *celebration_plain(struct turn *t, const char *text)
{
	return turn_literal(t, turn_readable(t, NULL, text));
}

/* ---- tables ---- */

static const struct command commands[] = {
	{ .words = (const char *const[]){ "birthday", "生日", NULL },
		.help = "celebration.help_birthday",
		.takes_text = TRUE,
		.run = celebration_birthday_command },
	{ .words = (const char *const[]){ "wish", "祝福", NULL },
		.help = "celebration.help_wish",
		.takes_text = TRUE,
		.run = celebration_wish_command },
	{ .words = (const char *const[]){ "letter", "信", NULL },
		.help = "celebration.help_letter",
		.takes_text = TRUE,
		.run = celebration_letter_command },
	{ .words = (const char *const[]){ "calendar", "日历", NULL },
		.help = "celebration.help_calendar",
		.only_tells = TRUE,
		.run = celebration_calendar_command },
	{ 0 },
};

static const struct topic topics[] = {
	{ "birthday", "celebration.topic_birthday", NULL },
	{ "anniversary", "celebration.topic_work", (const char *const[]){ "周年", NULL } },
	{ "party", "celebration.topic_party", (const char *const[]){ "生日会", NULL } },
	{ "wish", "celebration.topic_wish", (const char *const[]){ "wishes", NULL } },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_PRESSED, .word = "choose", .run = celebration_chosen },
	{ .kind = EVENT_PRESSED, .word = "wish", .run = celebration_wish_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "wish", .run = celebration_wish_submitted },
	{ .kind = EVENT_PRESSED, .word = "unwish", .run = celebration_unwish_pressed },
	{ .kind = EVENT_SAID, .when = celebration_is_wish, .run = celebration_wish_said },
	{ .kind = EVENT_PRESSED, .word = "letter", .run = celebration_letter_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "letter", .run = celebration_letter_submitted },
	{ .kind = EVENT_PRESSED, .word = "introduce", .run = celebration_introduce_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "introduce", .run = celebration_introduce_submitted },
	{ .kind = EVENT_DUE, .word = "plan", .run = celebration_plan_due },
	{ .kind = EVENT_DUE, .word = "anniversary", .run = celebration_due },
	{ .kind = EVENT_DUE, .word = "ask", .run = celebration_ask_due },
	{ .kind = EVENT_DUE, .word = "party", .run = celebration_party_due },
	{ .kind = EVENT_PEOPLE, .run = celebration_people_changed },
	{ .kind = EVENT_JOINED, .run = celebration_people_changed },
	{ 0 },
};

const struct ritual ritual_celebration = {
	.name = "celebration",
	.title = "celebration.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_CELEBRATION,
	.texts = &texts_celebration,
	.start = celebration_plan,
	.rings = celebration_rings,
	.look = celebration_look,
};
