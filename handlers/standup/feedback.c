/* SPDX-License-Identifier: MIT */
/*
 * A manager's answer to somebody's standup. What counts: an applauding reaction on the message it was written in; words in that
 * message's thread; words in the thread of the prompt, the board or the closing that name who wrote it; words given by the
 * evening's button, which go to its owner privately. A reaction on the board is to all and to nobody, and counts for nobody.
 */
#include "standup/standup.h"

#include "base/zone.h"

enum { WORDS_LIMIT = 1000, NAME_LEAST = 2 /* characters */ };

/* ---- what is kept ---- */

GArray *standup_troubled_of(struct turn *t, const struct team *team, const char *from, const char *to)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct standup_troubled));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_TROUBLED, ARG_TEXT(team->config->name), ARG_TEXT(from), ARG_TEXT(to));
	while (db_next(rows)) {
		struct standup_troubled s = {
			.day = turn_keep(t, g_strdup(db_text(rows, 0))),
			.person = roster_person_by_id(t->roster, db_int(rows, 1)),
			.format = strcmp(db_text(rows, 2), "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A,
			.posted_ms = db_int(rows, 6),
			.answered_ms = db_int(rows, 7) > 0 ? db_int(rows, 8) : 0,
		};
		for (int k = 0; k < 3; k++)
			s.fields[k] = turn_keep(t, g_strdup(db_text(rows, 3 + k)));
		if (s.person)
			g_array_append_val(all, s);
	}
	turn_end(t, rows);
	return all;
}

struct about {
	const struct team *team;
	const char *day;
	const struct person *person;
};

/* Nobody answers themselves. */
static gboolean may_answer(struct turn *t, const struct about *about)
{
	return about->person && about->person != t->person && turn_is_manager(t, about->team);
}

static void keep(struct turn *t, const struct about *about, const struct sql *sql, const char *how, const char *word)
{
	turn_exec(t, sql, ARG_TEXT(about->team->config->name), ARG_TEXT(about->day), ARG_INT(about->person->id), ARG_INT(t->person->id),
		ARG_TEXT(how), ARG_TEXT(word), ARG_INT(standup_time(t)));
	standup_promise(t, about->team, about->day, about->person);
}

/* Those whose answer that message was, as far as the event's person may answer them: one for each team. Caller unrefs. */
static GArray *answers_in(struct turn *t, const char *channel, const char *message)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct about));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_OF_MESSAGE, ARG_TEXT(message), ARG_TEXT(channel));
	while (db_next(rows)) {
		struct about about = { roster_team(t->roster, db_text(rows, 0)), turn_keep(t, g_strdup(db_text(rows, 1))),
			roster_person_by_id(t->roster, db_int(rows, 2)) };
		if (about.team && may_answer(t, &about))
			g_array_append_val(found, about);
	}
	turn_end(t, rows);
	return found;
}

/* ---- reactions ---- */

/* All but those that doubt: companies have emoji of their own. */
static gboolean is_applause(const char *emoji)
{
	static const char *const doubts[] = { "-1", "thumbsdown", "x", "question", "grey_question", "thinking_face", "confused", "warning",
		"exclamation", "disappointed", "rage", "crossmark", "error", "what", "thinking", NULL };
	return emoji && !g_strv_contains(doubts, emoji);
}

gboolean standup_is_reaction(struct turn *t, const struct event *event)
{
	return event->message && event->place.channel && is_applause(event->word) && turn_is_manager(t, t->team);
}

void standup_reacted(struct turn *t, const struct event *event)
{
	gboolean gives = event->kind == EVENT_REACTED;
	g_autoptr(GArray) found = answers_in(t, event->place.channel, event->message);
	for (guint i = 0; i < found->len; i++)
		keep(t, &g_array_index(found, struct about, i), gives ? &SQL_STANDUP_GIVE_FEEDBACK : &SQL_STANDUP_TAKE_FEEDBACK_BACK,
			"reaction", event->word);
}

/* ---- words ---- */

gboolean standup_is_under_answer(struct turn *t, const struct event *event)
{
	if (!event->place.thread || !turn_is_manager(t, t->team))
		return FALSE;
	g_autoptr(GArray) found = answers_in(t, event->place.channel, event->place.thread);
	return found->len > 0;
}

/* A whole name: "Li" is not in "Lisa". Han names need no gaps around them. */
static gboolean has_name(const char *text, const char *name)
{
	g_autofree char *escaped = g_regex_escape_string(name, -1);
	g_autofree char *pattern = g_strdup_printf("(?<![A-Za-z])%s(?![A-Za-z])", escaped);
	return g_utf8_strlen(name, -1) >= NAME_LEAST && g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0);
}

/* The team and day of the message of ours in whose thread the event is: standup/WHAT/TEAM/DAY. */
static gboolean read_thread(struct turn *t, struct about *about)
{
	const char *name = t->event->place.thread ? turn_about(t) : NULL;
	const char *team = name && g_str_has_prefix(name, "standup/") ? strchr(name + strlen("standup/"), '/') : NULL;
	const char *day = team ? strrchr(team + 1, '/') : NULL;
	if (!day || !zone_day_is_valid(day + 1))
		return FALSE;
	about->day = day + 1;
	about->team = roster_team(t->roster, turn_keep(t, g_strndup(team + 1, (gsize)(day - team - 1))));
	return about->team != NULL;
}

/* Those of the thread's day whom the words name. */
static GArray *answers_named(struct turn *t, const char *words)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct about));
	struct about about = { 0 };
	if (!read_thread(t, &about) || !turn_is_manager(t, about.team))
		return found;
	const char *readable = turn_readable(t, NULL, words);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRIES, ARG_TEXT(about.team->config->name), ARG_TEXT(about.day));
	while (db_next(rows)) {
		about.person = roster_person_by_id(t->roster, db_int(rows, 0));
		if (strcmp(db_text(rows, 1), STANDUP_GIVEN) == 0 && may_answer(t, &about) && has_name(readable, about.person->name))
			g_array_append_val(found, about);
	}
	turn_end(t, rows);
	return found;
}

gboolean standup_take_reply(struct turn *t, const struct event *event)
{
	if (!event->place.thread || !t->person)
		return FALSE;
	g_autoptr(GArray) under = answers_in(t, event->place.channel, event->place.thread), named = answers_named(t, event->text);
	const GArray *found = under->len ? under : named;
	for (guint i = 0; i < found->len; i++)
		keep(t, &g_array_index(found, struct about, i), &SQL_STANDUP_GIVE_FEEDBACK, "reply", "");
	return found->len > 0;
}

/* ---- the button and its form ---- */

/* What a manager reads of it: "\n卡点：…" for each line of trouble. */
void standup_write_trouble_of(struct turn *t, struct message *m, const struct team *team, const struct standup_troubled *s,
	const GArray *standing, enum language language)
{
	message_paragraph(m);
	message_bold(m, s->person->name);
	for (guint k = 0; k < 3; k++) {
		if (!standup_is_trouble(s->format, k) || !*s->fields[k])
			continue;
		const char *text = turn_readable(t, team->config->workspace_name, s->fields[k]);
		message_plain(m, turn_text_in(t, language, "standup.line", TEXT_ARG("label", standup_label(t, s->format, k, language)),
					 TEXT_ARG("text", text)));
		message_quiet(m, standup_standing_text(t, standing, s->person, k, language));
	}
}

/* PERSON/DAY/TEAM: a team's name may have a slash. */
const char *standup_reply_key(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	return turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT "/%s/%s", person->id, day, team->config->name));
}

void standup_reply_button(struct turn *t, struct message *m, const struct team *team, const char *day, const struct person *person,
	enum language language)
{
	message_button(m, "standup.reply", standup_reply_key(t, team, day, person), turn_text_in(t, language, "standup.reply", TEXT_ARG("name", person->name)), MESSAGE_PLAIN);
}

/* The answer that a key means; FALSE: it was withdrawn, or is not the event's person's to answer, which is said. */
static gboolean find_troubled(struct turn *t, const char *key, struct about *about, struct standup_troubled *out)
{
	g_auto(GStrv) parts = g_strsplit(key ? key : "", "/", 3);
	gboolean whole = g_strv_length(parts) == 3 && zone_day_is_valid(parts[1]);
	*about = (struct about){ whole ? roster_team(t->roster, parts[2]) : NULL, whole ? turn_keep(t, g_strdup(parts[1])) : NULL,
		whole ? roster_person_by_id(t->roster, g_ascii_strtoll(parts[0], NULL, 10)) : NULL };
	if (!about->team || !may_answer(t, about)) {
		turn_whisper(t, turn_text(t, "standup.reply_managers_only"));
		return FALSE;
	}
	g_autoptr(GArray) all = standup_troubled_of(t, about->team, about->day, about->day);
	for (guint i = 0; i < all->len; i++) {
		*out = g_array_index(all, struct standup_troubled, i);
		if (out->person == about->person)
			return TRUE;
	}
	turn_whisper(t, turn_text(t, "standup.reply_withdrawn", TEXT_ARG("name", about->person->name)));
	return FALSE;
}

static const char *intro(struct turn *t, const struct standup_troubled *s)
{
	GString *words = g_string_new(s->person->name);
	for (guint k = 0; k < 3; k++)
		if (standup_is_trouble(s->format, k) && *s->fields[k])
			g_string_append(words, turn_text(t, "standup.line",
							TEXT_ARG("label", standup_label(t, s->format, k, turn_language(t))),
							TEXT_ARG("text", turn_readable(t, NULL, s->fields[k]))));
	return turn_keep(t, g_string_free(words, FALSE));
}

void standup_reply_pressed(struct turn *t, const struct event *event)
{
	struct about about;
	struct standup_troubled s;
	if (!find_troubled(t, event->value, &about, &s))
		return;
	struct message *form = form_new("standup.words", event->value, turn_text(t, "standup.reply_title"),
		turn_text(t, "standup.form_send"), turn_text(t, "standup.form_cancel"));
	form_intro(form, intro(t, &s));
	form_input(form, "words", turn_text(t, "standup.reply_words"), turn_text(t, "standup.reply_hint", TEXT_ARG("name", s.person->name)),
		NULL, 3, FALSE, WORDS_LIMIT);
	turn_form(t, form);
}

static void pass_on(struct turn *t, const struct about *about, const struct standup_troubled *s, const char *words)
{
	enum language language = turn_language_of(t, s->person, about->team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "standup.reply_from", TEXT_ARG("name", t->person->name),
			 TEXT_ARG("day", turn_day_text(t, s->day, language))));
	message_say(m, words);
	g_autoptr(GArray) standing = g_array_new(FALSE, FALSE, sizeof(struct standup_standing));
	standup_write_trouble_of(t, m, about->team, s, standing, language);
	turn_nudge(t, about->team->config->workspace_name, s->person, "feedback", G_MAXINT64, m);
}

static guint count_unanswered(struct turn *t, const struct about *about)
{
	guint left = 0;
	g_autoptr(GArray) all = standup_troubled_of(t, about->team, about->day, about->day);
	for (guint i = 0; i < all->len; i++)
		left += g_array_index(all, struct standup_troubled, i).answered_ms == 0 ? 1 : 0;
	return left;
}

void standup_reply_submitted(struct turn *t, const struct event *event)
{
	struct about about;
	struct standup_troubled s;
	const char *words = event_input_value(event, "words");
	if (!find_troubled(t, event->value, &about, &s))
		return;
	if (!words || !*words) {
		turn_problem(t, "words", turn_text(t, "standup.reply_empty"));
		return;
	}
	pass_on(t, &about, &s, words);
	keep(t, &about, &SQL_STANDUP_GIVE_FEEDBACK, "form", "");
	guint left = count_unanswered(t, &about);
	turn_whisper(t, turn_text(t, left ? "standup.replied_left" : "standup.replied", TEXT_ARG("name", s.person->name), TEXT_ARG("left", left)));
}
