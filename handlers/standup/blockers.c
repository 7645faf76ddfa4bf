/* SPDX-License-Identifier: MIT */
/* Which lines of trouble are blockers, how those that are open stand, and the button that makes one. */
#include "standup/standup.h"

#include "standup/alike.h"

enum { BLOCKERS_MOST = 10, TEXT_MOST = 60 /* characters */ };

GArray *standup_blockers_of(struct turn *t, const struct team *team, const char *day)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct standup_blocker));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_BLOCKERS, ARG_TEXT(team->config->name), ARG_TEXT(day));
	while (db_next(rows)) {
		struct standup_blocker b = {
			.id = db_int(rows, 0),
			.text = turn_keep(t, g_strdup(db_text(rows, 1))),
			.role = turn_keep(t, g_strdup(db_text(rows, 2))),
			.owner = db_is_null(rows, 3) ? NULL : roster_person_by_id(t->roster, db_int(rows, 3)),
			.by = roster_person_by_id(t->roster, db_int(rows, 4)),
			.opened_ms = db_int(rows, 5),
			.open = db_int(rows, 6) != 0,
			.field = (int)db_int(rows, 7),
			.parked_until = turn_keep(t, g_strdup(db_text(rows, 8))),
		};
		g_array_append_val(all, b);
	}
	turn_end(t, rows);
	return all;
}

const struct standup_blocker *standup_blocker_of(const GArray *blockers, const struct person *person, guint field, const char *text)
{
	for (guint i = 0; i < blockers->len; i++) {
		const struct standup_blocker *b = &g_array_index(blockers, struct standup_blocker, i);
		if (b->by == person && (b->field == (int)field || (b->open && alike_is_same_trouble(b->text, text))))
			return b;
	}
	return NULL;
}

const char *standup_blocker_text(struct turn *t, const struct standup_blocker *b, enum language language)
{
	return b ? turn_text_in(t, language, b->open ? "standup.is_blocker" : "standup.was_blocker", TEXT_ARG("number", b->id)) : "";
}

/* The beginning of its text, in one line. */
static const char *short_text(struct turn *t, const char *text)
{
	g_autofree char *line = g_strdelimit(g_strdup(text), "\n", ' ');
	if (g_utf8_strlen(line, -1) <= TEXT_MOST)
		return turn_keep(t, g_steal_pointer(&line));
	g_autofree char *head = g_utf8_substring(line, 0, TEXT_MOST - 1);
	return turn_keep(t, g_strconcat(head, "…", NULL));
}

static const char *owner_of(struct turn *t, const struct standup_blocker *b, enum language language)
{
	return b->owner ? b->owner->name : *b->role ? b->role : turn_text_in(t, language, "standup.blocker_nobody");
}

/* How long it is open, or until when it rests. */
static const char *state_of(struct turn *t, const struct team *team, const struct standup_blocker *b, enum language language)
{
	return *b->parked_until ? turn_text_in(t, language, "standup.blocker_parked", TEXT_ARG("day", turn_date_text(t, b->parked_until, language)))
				: turn_text_in(t, language, "standup.blocker_age", TEXT_ARG("age", response_age_text(t, team, b->opened_ms, language)));
}

void standup_write_blockers(struct turn *t, struct message *m, const struct team *team, const GArray *blockers, enum language language)
{
	guint open = 0;
	for (guint i = 0; i < blockers->len; i++) {
		const struct standup_blocker *b = &g_array_index(blockers, struct standup_blocker, i);
		if (!b->open || open++ >= BLOCKERS_MOST)
			continue;
		if (open == 1) {
			message_paragraph(m);
			message_bold(m, turn_text_in(t, language, "standup.open_blockers"));
		}
		message_item(m, turn_text_in(t, language, "standup.blocker_line", TEXT_ARG("number", b->id),
					TEXT_ARG("text", short_text(t, b->text)), TEXT_ARG("owner", owner_of(t, b, language)),
					TEXT_ARG("state", state_of(t, team, b, language))));
	}
	if (open > BLOCKERS_MOST)
		message_item(m, turn_text_in(t, language, "standup.blockers_more", TEXT_ARG("count", open - BLOCKERS_MOST)));
}

/* FIELD/PERSON/DAY/TEAM, which the blockers read. */
void standup_blocker_button(struct turn *t, struct message *m, const struct team *team, const char *day, const struct person *person,
	enum standup_format format, guint field, enum language language)
{
	g_autofree char *key = g_strdup_printf("%u/%" G_GINT64_FORMAT "/%s/%s", field, person->id, day, team->config->name);
	message_button(m, "blocker.line", key, turn_text_in(t, language, "standup.make_blocker", TEXT_ARG("name", person->name),
		TEXT_ARG("label", standup_label(t, format, field, language))), MESSAGE_PLAIN);
}
