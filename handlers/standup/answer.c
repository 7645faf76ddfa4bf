/* SPDX-License-Identifier: MIT */
/* From what a person said, edited or deleted to an entry of the day. */
#include "standup/standup.h"

#include "base/zone.h"
#include "core/command.h"

#define ACCEPTED "white_check_mark"

static const char *const source_names[] = {
	[STANDUP_CHANNEL] = "channel",
	[STANDUP_THREAD] = "thread",
	[STANDUP_DIRECT] = "direct",
	[STANDUP_COMMAND] = "command",
	[STANDUP_FORM] = "form",
};

enum standup_format standup_format_of(const struct team *team)
{
	return team->config->standup.format == 'B' ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
}

int64_t standup_time(const struct turn *t)
{
	return t->event->at_ms > 0 ? t->event->at_ms : t->now_ms;
}

const struct team *standup_next_team(struct turn *t, const struct team *after)
{
	const char *workspace = t->event->place.workspace;
	const struct team *here = roster_team_at(t->roster, workspace, t->event->place.channel);
	if (here)
		return after ? NULL : here->config->standup.enabled ? here : NULL;
	const struct team *managed = NULL, *team = NULL;
	gboolean passed = after == NULL, member = FALSE;
	while (t->person && (team = roster_next_team_of(t->roster, workspace, t->person, team))) {
		if (!team->config->standup.enabled)
			continue;
		member = member || roster_is_member(team, t->person);
		if (passed && roster_is_member(team, t->person))
			return team;
		managed = managed ? managed : team;
		passed = passed || team == after;
	}
	return member || after ? NULL : managed;
}

/* ---- is it an answer? ---- */

/* The thread of our prompt or board: whoever writes there means the standup. */
static gboolean is_in_our_thread(struct turn *t)
{
	const char *about = t->event->place.thread ? turn_about(t) : NULL;
	return about && g_str_has_prefix(about, "standup/");
}

/* A text that was read to see whether it is for us. */
typedef struct draft {
	const char *said; /* the event's own */
	enum standup_format format;
	gboolean accepted;
	struct standup_text text;
} draft_auto; /* only so that g_autoptr can name it */

static void draft_free(gpointer data)
{
	struct draft *draft = data;
	standup_text_release(&draft->text);
	g_free(draft);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(draft_auto, draft_free)

static struct draft *draft_new(const char *said, enum standup_format format)
{
	struct draft *draft = g_new0(struct draft, 1);
	draft->said = said;
	draft->format = format;
	/* The adapter has taken the bot's mention off already. */
	draft->accepted = standup_parse(said, strlen(said), format, NULL, &draft->text);
	return draft;
}

static gboolean parse_for(struct turn *t, const struct team *team, const char *said, struct standup_text *out)
{
	enum standup_format format = standup_format_of(team);
	g_autoptr(draft_auto) draft = turn_take_finding(t);
	if (!draft || draft->said != said || draft->format != format) {
		g_clear_pointer(&draft, draft_free);
		draft = draft_new(said, format);
	}
	*out = draft->text;
	draft->text = (struct standup_text){ 0 };
	return draft->accepted;
}

/* Plain talk runs through a channel all day: most of it is told apart by a glance. */
static gboolean may_be_standup(const char *text)
{
	return strpbrk(text, "\n;|") || strstr(text, "；") || strstr(text, ":") || strstr(text, "：") || strstr(text, "，") ||
	       strchr(text, ',') || strstr(text, "【");
}

/* Words to the bot that answer the prompt of another ritual: then only what clearly is a standup is one. */
static gboolean is_for_another(struct turn *t)
{
	struct round_prompt prompt;
	return round_find_prompt(t, &prompt) && strcmp(prompt.ritual, "standup") != 0;
}

gboolean standup_is_for_us(struct turn *t, const struct event *event)
{
	const struct team *team = standup_next_team(t, NULL);
	if (!event->text || !*event->text || !t->person) /* a sticker, a voice: nothing to read */
		return FALSE;
	gboolean elsewhere = is_for_another(t);
	if (event->place.kind == PLACE_DIRECT && !elsewhere)
		return TRUE;
	if (!team || (elsewhere && event->place.thread))
		return FALSE;
	if (is_in_our_thread(t) || standup_is_under_answer(t, event) || (event->addressed && command_is_list(event->text)))
		return TRUE;
	if (!may_be_standup(event->text))
		return FALSE;
	struct draft *draft = draft_new(event->text, standup_format_of(team));
	turn_put_finding(t, draft, draft_free);
	return standup_is_clear(&draft->text) || (!elsewhere && standup_is_clear_attempt(&draft->text));
}

/* ---- keeping it ---- */

static int none_bits(const struct standup_text *text)
{
	return text->none[0] | text->none[1] << 1 | text->none[2] << 2;
}

static void remember(struct turn *t, const char *team, const char *day, gint64 person)
{
	turn_exec(t, &SQL_STANDUP_REMEMBER, ARG_TEXT(team), ARG_TEXT(day), ARG_INT(person), ARG_INT(t->now_ms));
}

/* A message that comes late, after a newer one of the same person, is kept and does not replace that one. */
static void pass_over(struct turn *t, const char *team, const char *day, const struct standup_text *text,
	enum standup_source source)
{
	turn_exec(t, &SQL_STANDUP_PASS_OVER, ARG_TEXT(team), ARG_TEXT(day), ARG_INT(t->person->id));
	turn_exec(t, &SQL_STANDUP_REMEMBER_PASSED_OVER, ARG_TEXT(team), ARG_TEXT(day), ARG_INT(t->person->id), ARG_INT(t->now_ms),
		ARG_TEXT(text->format == STANDUP_FORMAT_B ? "B" : "A"), ARG_TEXT(text->fields[0]), ARG_TEXT(text->fields[1]),
		ARG_TEXT(text->fields[2]), ARG_INT(none_bits(text)), ARG_TEXT(source_names[source]),
		ARG_TEXT(t->event->place.channel), ARG_TEXT(t->event->message));
}

void standup_save(struct turn *t, const struct team *team, const struct standup_text *text, enum standup_source source)
{
	const char *name = team->config->name, *day = turn_day(t, t->person, team, standup_time(t));
	gboolean has_message = source != STANDUP_FORM && source != STANDUP_COMMAND;
	struct round round = standup_round(t, team);
	turn_exec(t, &SQL_STANDUP_SAVE, ARG_TEXT(name), ARG_TEXT(day), ARG_INT(t->person->id),
		ARG_TEXT(text->format == STANDUP_FORMAT_B ? "B" : "A"), ARG_TEXT(text->fields[0]), ARG_TEXT(text->fields[1]),
		ARG_TEXT(text->fields[2]), ARG_INT(none_bits(text)), ARG_INT(round_is_over(t, &round, t->person, day, standup_time(t))),
		ARG_INT(t->event->kind == EVENT_EDITED), ARG_TEXT(source_names[source]),
		ARG_TEXT(has_message ? t->event->place.channel : NULL), ARG_TEXT(has_message ? t->event->message : NULL),
		ARG_INT(standup_time(t)));
	if (turn_ok(t) && db_changes(t->db) == 0) {
		pass_over(t, name, day, text, source);
	} else {
		remember(t, name, day, t->person->id);
		standup_find_standing(t, &round, t->person, day, text);
		standup_promise(t, team, day, t->person);
	}
	round_answered(t, &round, day, t->person);
	/* Who answers by command or form is in the team from then on; who writes in its channel is already. */
	if (!turn_is_manager(t, team))
		turn_join(t, team);
	round_touch_board(t, &round, day);
	standup_notice_copy(t, team, day);
}

/* ---- said ---- */

static enum standup_source source_of(const struct event *event)
{
	if (event->kind == EVENT_COMMANDED)
		return STANDUP_COMMAND;
	if (event->place.kind == PLACE_DIRECT)
		return STANDUP_DIRECT;
	return event->place.thread ? STANDUP_THREAD : STANDUP_CHANNEL;
}

static gboolean has_answered(struct turn *t, const struct team *team)
{
	const char *day = turn_day(t, t->person, team, standup_time(t));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRY, ARG_TEXT(team->config->name), ARG_TEXT(day),
		ARG_INT(t->person->id));
	gboolean answered = db_next(rows) && g_strcmp0(db_text(rows, 1), STANDUP_GIVEN) == 0;
	turn_end(t, rows);
	return answered;
}

/* "Well done!" under the board is talk: of those who have answered or are not asked, or when it calls somebody else. */
static gboolean is_talk(struct turn *t, const struct event *event, const struct team *team)
{
	return !command_is_list(event->text) &&
	       (turn_is_manager(t, team) || g_str_has_prefix(event->text, "<@") || has_answered(t, team));
}

/* Whether a failed text deserves a hint, and where. */
static void hint_if_due(struct turn *t, const struct event *event, const struct team *team, const struct standup_text *text)
{
	gboolean direct = event->place.kind == PLACE_DIRECT, thread = is_in_our_thread(t);
	gboolean asked_for = event->addressed || direct || thread;
	if (standup_is_clear_attempt(text)) {
		standup_hint(t, text, direct || thread, FALSE);
	} else if (thread && !event->addressed && is_talk(t, event, team)) {
		return;
	} else if (direct && !command_is_list(event->text) && has_answered(t, team)) {
		turn_whisper(t, turn_text(t, "standup.already")); /* "thanks!" */
	} else if (asked_for) {
		standup_hint(t, text, direct || thread, FALSE);
	}
}

/* Reads the text for each of the person's teams; TRUE when it was an answer for one at least. */
static gboolean take_answer(struct turn *t, const struct event *event, const char *said, gboolean clear_only)
{
	gboolean accepted = FALSE;
	for (const struct team *team = standup_next_team(t, NULL); team; team = standup_next_team(t, team)) {
		struct standup_text text = { 0 };
		if (parse_for(t, team, said, &text) && (!clear_only || standup_is_clear(&text))) {
			standup_save(t, team, &text, source_of(event));
			accepted = TRUE;
		}
		standup_text_release(&text);
	}
	return accepted;
}

/* In the open channel a text counts only when it clearly is a standup. */
static gboolean must_be_clear(struct turn *t, const struct event *event)
{
	return event->place.kind == PLACE_CHANNEL && !event->addressed && event->kind != EVENT_COMMANDED &&
	       !is_in_our_thread(t);
}

void standup_said(struct turn *t, const struct event *event)
{
	const struct team *team = standup_next_team(t, NULL);
	if (!team) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	if (take_answer(t, event, event->text, must_be_clear(t, event))) {
		turn_react(t, ACCEPTED);
		return;
	}
	if (standup_take_reply(t, event))
		return;
	struct standup_text text = { 0 };
	parse_for(t, team, event->text, &text);
	hint_if_due(t, event, team, &text);
	standup_text_release(&text);
}

void standup_given(struct turn *t, const struct event *event, const char *said)
{
	const struct team *team = standup_next_team(t, NULL);
	if (!team) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	/* "Standup 2 March" may be the command's word, or a heading that the parser knows. */
	gboolean accepted = take_answer(t, event, said, FALSE) ||
			    (event->kind == EVENT_SAID && take_answer(t, event, event->text, FALSE));
	if (accepted && event->message) {
		turn_react(t, ACCEPTED);
	} else if (accepted) {
		turn_whisper(t, turn_text(t, "standup.kept"));
	} else {
		struct standup_text text = { 0 };
		parse_for(t, team, said, &text);
		standup_hint(t, &text, event->place.kind == PLACE_DIRECT && event->kind == EVENT_SAID, FALSE);
		standup_text_release(&text);
	}
}

/* ---- edited, deleted ---- */

/* An entry whose source is the event's message. */
struct source {
	const struct team *team;
	char *day;
	gint64 person;
};

static void source_release(gpointer data)
{
	struct source *source = data;
	g_free(source->day);
}

/* Of several teams when it was a direct message. They are their author's, whom the event need not name. */
static GArray *entries_of_message(struct turn *t, const char *message, const char *channel)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct source));
	g_array_set_clear_func(found, source_release);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_OF_MESSAGE, ARG_TEXT(message), ARG_TEXT(channel));
	while (db_next(rows)) {
		struct source source = { roster_team(t->roster, db_text(rows, 0)), g_strdup(db_text(rows, 1)), db_int(rows, 2) };
		g_array_append_val(found, source);
	}
	turn_end(t, rows);
	return found;
}

static void changed(struct turn *t, const struct source *source)
{
	remember(t, source->team->config->name, source->day, source->person);
	standup_touch_board(t, source->team, source->day);
}

static void correct(struct turn *t, const struct source *source, const struct standup_text *text)
{
	turn_exec(t, &SQL_STANDUP_CORRECT, ARG_TEXT(source->team->config->name), ARG_TEXT(source->day), ARG_INT(source->person),
		ARG_TEXT(text->format == STANDUP_FORMAT_B ? "B" : "A"), ARG_TEXT(text->fields[0]), ARG_TEXT(text->fields[1]),
		ARG_TEXT(text->fields[2]), ARG_INT(none_bits(text)), ARG_INT(standup_time(t)));
	/* Repeats come in any order: what was edited again or deleted since stays so. */
	if (!turn_ok(t) || db_changes(t->db) == 0)
		return;
	changed(t, source);
	struct round round = standup_round(t, source->team);
	standup_find_standing(t, &round, roster_person_by_id(t->roster, source->person), source->day, text);
	standup_promise(t, source->team, source->day, roster_person_by_id(t->roster, source->person));
}

void standup_edited(struct turn *t, const struct event *event)
{
	if (!event->text || !event->message)
		return;
	g_autoptr(GArray) entries = entries_of_message(t, event->message, event->place.channel);
	if (entries->len == 0) {
		/* A failed attempt put right by editing is an answer like any other. */
		if (standup_is_for_us(t, event))
			standup_said(t, event);
		return;
	}
	for (guint i = 0; i < entries->len; i++) {
		const struct source *source = &g_array_index(entries, struct source, i);
		struct standup_text text = { 0 };
		if (source->team && parse_for(t, source->team, event->text, &text))
			correct(t, source, &text);
		else if (source->team && t->person)
			standup_hint(t, &text, event->place.kind == PLACE_DIRECT, TRUE);
		standup_text_release(&text);
	}
}

static void withdraw(struct turn *t, const char *message, const char *channel, int64_t at_ms)
{
	g_autoptr(GArray) entries = entries_of_message(t, message, channel);
	for (guint i = 0; i < entries->len; i++) {
		const struct source *source = &g_array_index(entries, struct source, i);
		if (!source->team)
			continue;
		turn_exec(t, &SQL_STANDUP_WITHDRAW, ARG_TEXT(source->team->config->name), ARG_TEXT(source->day),
			ARG_INT(source->person), ARG_INT(at_ms));
		changed(t, source);
		standup_promise(t, source->team, source->day, roster_person_by_id(t->roster, source->person));
	}
}

void standup_deleted(struct turn *t, const struct event *event)
{
	if (event->message)
		withdraw(t, event->message, event->place.channel, standup_time(t));
}

/* ---- read after a gap ---- */

/* The messages of a team's answers that should stand in the channel: g_free them. Answers in threads are not listed there. */
static GPtrArray *expected(struct turn *t, const struct team *team, const struct event *event)
{
	GPtrArray *messages = g_ptr_array_new_with_free_func(g_free);
	char since[ZONE_DAY_SIZE];
	zone_day_shift(turn_day(t, NULL, team, event->at_ms), -1, since); /* a person's day may have begun later */
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_STANDING, ARG_TEXT(team->config->name), ARG_TEXT(since),
		ARG_TEXT(event->place.channel), ARG_INT(event->at_ms), ARG_INT(event->until_ms));
	while (db_next(rows))
		g_ptr_array_add(messages, g_strdup(db_text(rows, 0)));
	turn_end(t, rows);
	return messages;
}

void standup_stands(struct turn *t, const struct event *event)
{
	g_auto(GStrv) standing = g_strsplit(event->text, "\n", -1);
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		if (strcmp((*team)->config->workspace_name, event->place.workspace) != 0)
			continue;
		g_autoptr(GPtrArray) messages = expected(t, *team, event);
		for (guint i = 0; i < messages->len; i++) {
			if (!g_strv_contains((const char *const *)standing, messages->pdata[i]))
				withdraw(t, messages->pdata[i], event->place.channel, event->until_ms);
		}
	}
}
