/* SPDX-License-Identifier: MIT */
/* How a person is asked, beside what they wrote last; and the polite word when it is written over again. */
#include "standup/standup.h"

#include "base/zone.h"
#include "core/ritual.h"
#include "standup/alike.h"

/* What somebody wrote longer ago is no "last time". */
enum { LOOK_BACK_DAYS = 31 };

/* What a person wrote on one of their earlier days. */
struct earlier {
	const char *day;
	enum standup_format format;
	const char *fields[3];
};

static gboolean read_given(struct turn *t, struct db_rows *rows, struct earlier *out)
{
	while (db_next(rows)) {
		if (strcmp(db_text(rows, 1), STANDUP_GIVEN) != 0)
			continue;
		out->day = turn_keep(t, g_strdup(db_text(rows, 0)));
		out->format = strcmp(db_text(rows, 2), "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
		for (int i = 0; i < 3; i++)
			out->fields[i] = turn_keep(t, g_strdup(db_text(rows, 3 + i)));
		return TRUE;
	}
	return FALSE;
}

/* The latest answers before that day, at most `most`; how many there are. */
static guint read_earlier(struct turn *t, const struct team *team, const struct person *person, const char *day, guint most,
	struct earlier *out)
{
	char since[ZONE_DAY_SIZE];
	guint count = 0;
	zone_day_shift(day, -LOOK_BACK_DAYS, since);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_BEFORE, ARG_TEXT(team->config->name), ARG_INT(person->id), ARG_TEXT(day),
		ARG_TEXT((const char *)since));
	while (count < most && read_given(t, rows, &out[count]))
		count++;
	turn_end(t, rows);
	return count;
}

/* ---- the prompt ---- */

gboolean standup_last_goals(struct turn *t, const struct team *team, const struct person *person, const char *day,
	enum language language, const char **label, const char **goals)
{
	struct earlier last;
	if (read_earlier(t, team, person, day, 1, &last) == 0)
		return FALSE;
	gboolean b = last.format == STANDUP_FORMAT_B;
	*label = turn_text_in(t, language, b ? "standup.last_goals_b" : "standup.last_goals_a",
		TEXT_ARG("day", turn_day_text(t, last.day, language)));
	*goals = turn_readable(t, team->config->workspace_name, last.fields[b ? 0 : 1]);
	return TRUE;
}

struct message *standup_prompt(struct turn *t, const struct team *team, const struct person *person, const char *day,
	enum language language)
{
	gboolean b = standup_format_of(team) == STANDUP_FORMAT_B;
	const char *label, *goals;
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, b ? "standup.prompt_title_b" : "standup.prompt_title",
			 TEXT_ARG("team", team->config->name), TEXT_ARG("day", turn_day_text(t, day, language))));
	if (person && standup_last_goals(t, team, person, day, language, &label, &goals))
		message_fact(m, label, goals);
	message_say(m, turn_text_in(t, language, person ? "standup.prompt_private" : "standup.prompt"));
	message_context(m, turn_text_in(t, language, b ? "standup.how_b" : "standup.how_a"));
	message_button(m, "standup.open", team->config->name, turn_text_in(t, language, "standup.button"), MESSAGE_PRIMARY);
	for (const struct ritual *const *r = t->rituals; person && *r; r++)
		if ((*r)->ask)
			(*r)->ask(t, team, person, language, m);
	return m;
}

/* ---- written over again ---- */

static gboolean is_over_again(const struct earlier *one, const struct earlier *other)
{
	g_autofree char *a = g_strjoin("\n", one->fields[0], one->fields[1], one->fields[2], NULL);
	g_autofree char *b = g_strjoin("\n", other->fields[0], other->fields[1], other->fields[2], NULL);
	gsize shorter = MIN(strlen(a), strlen(b)), longer = MAX(strlen(a), strlen(b));
	/* Most standups are told apart by their length. */
	return one->format == other->format && longer - shorter <= longer / 4 && alike_is_copy(a, b);
}

static gboolean is_first_of_day(struct turn *t, const struct team *team, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_VERSION, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(t->person->id));
	gboolean first = db_next(rows) && db_int(rows, 0) == 1;
	turn_end(t, rows);
	return first;
}

void standup_notice_copy(struct turn *t, const struct team *team, const char *day)
{
	char tomorrow[ZONE_DAY_SIZE];
	struct earlier days[3]; /* today's, the last, and the one before */
	zone_day_shift(day, 1, tomorrow);
	/* What counts for several teams is one text, and deserves one word. */
	if (!turn_ok(t) || team != standup_next_team(t, NULL))
		return;
	guint count = read_earlier(t, team, t->person, tomorrow, G_N_ELEMENTS(days), days);
	if (count < 2 || strcmp(days[0].day, day) != 0 || !is_over_again(&days[0], &days[1]) || !is_first_of_day(t, team, day))
		return;
	/* It was said when they began to: every day it would be a lecture. */
	if (count < 3 || !is_over_again(&days[1], &days[2]))
		turn_whisper(t, turn_text(t, "standup.copied", TEXT_ARG("day", turn_day_text(t, days[1].day, turn_language(t)))));
}
