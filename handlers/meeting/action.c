/* SPDX-License-Identifier: MIT */
/*
 * Actions: what somebody is to do until a day, as a meeting agrees on it. Its owner is asked about it in private, on that day and
 * on each working day after it until it is done, put off or dropped: one message a day for each team, with all that are due.
 */
#include "meeting/meeting.h"

#include "base/clock.h"
#include "kit/look.h"
#include "team/day_words.h"

#define TOPIC "action"
#define ASK   "ask"

/* What is asked late still has the rest of the day. */
#define ASK_GRACE_MS HOURS(8)

enum { USUAL_MINUTE = 16 * 60, MOST_ASKED = 5, MOST_LISTED = 30, TEXT_LIMIT = 500, USUAL_DAYS = 7 };

struct action {
	gint64 id;
	const struct team *team;
	const char *text, *due;
	const struct person *owner, *by;
	gboolean is_open;
};

/* FALSE: there is none, or its team or people are gone. */
static gboolean read_action(struct turn *t, struct db_rows *rows, struct action *out)
{
	*out = (struct action){
		.id = db_int(rows, 0),
		.team = roster_team(t->roster, db_text(rows, 1)),
		.text = turn_keep(t, g_strdup(db_text(rows, 2))),
		.due = turn_keep(t, g_strdup(db_text(rows, 3))),
		.owner = roster_person_by_id(t->roster, db_int(rows, 4)),
		.by = roster_person_by_id(t->roster, db_int(rows, 5)),
		.is_open = strcmp(db_text(rows, 6), "open") == 0,
	};
	return out->team && out->owner && out->by;
}

const char *meeting_action_line(struct turn *t, gint64 id, const char *text, const char *name, const char *due, enum language language)
{
	return turn_text_in(t, language, "meeting.action_line", TEXT_ARG("number", id), TEXT_ARG("text", text), TEXT_ARG("name", name),
		TEXT_ARG("day", turn_day_text(t, due, language)));
}

static const char *line(struct turn *t, const struct action *a, enum language language)
{
	return meeting_action_line(t, a->id, a->text, a->owner->name, a->due, language);
}

static void put_buttons(struct turn *t, struct message *m, const struct action *a, enum language language)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, a->id);
	message_button(m, "meeting.done", key, turn_text_in(t, language, "meeting.done"), MESSAGE_PRIMARY);
	message_button(m, "meeting.later", key, turn_text_in(t, language, "meeting.later"), MESSAGE_PLAIN);
	message_button(m, "meeting.drop", key, turn_text_in(t, language, "meeting.drop"), MESSAGE_PLAIN);
}

/* ---- when it is asked about ---- */

/* The person's first action of the team that is open, by its day; FALSE: none. */
static gboolean find_first_due(struct turn *t, const struct team *team, const struct person *owner, char day[static ZONE_DAY_SIZE])
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_FIRST_DUE, ARG_TEXT(team->config->name), ARG_INT(owner->id));
	gboolean found = db_next(rows) && !db_is_null(rows, 0);
	if (found)
		g_strlcpy(day, db_text(rows, 0), ZONE_DAY_SIZE);
	turn_end(t, rows);
	return found;
}

/* When they are asked about, each owner by their own clock. */
static struct ring_rules rules_of(struct turn *t, const struct team *team)
{
	return ring_rules(t, team, TOPIC, recurrence_on_weekdays(CONFIG_WORKDAYS, USUAL_MINUTE));
}

static struct ring_bell bell_of(struct turn *t, const struct team *team, const struct person *owner, const struct ring_rules *rules)
{
	return (struct ring_bell){
		.ring = { .topic = TOPIC, .team = team, .person = owner, .part = ASK },
		.rules = rules,
		.zone = roster_zone(t->roster, owner, team),
		.fits = TRUE,
		.grace_ms = ASK_GRACE_MS,
	};
}

static const struct ring_part parts[] = {
	{ ASK, "meeting.asked", "meeting.not_asked" },
	{ 0 },
};

void meeting_action_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	if (!team->config->meetings)
		return;
	const struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts, .rules = rules_of(t, team), .personal = TRUE };
	g_array_append_val(list->lines, line);
}

static void plan_asking(struct turn *t, const struct team *team, const struct person *owner)
{
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = bell_of(t, team, owner, &rules);
	char day[ZONE_DAY_SIZE];
	int64_t from_ms, at_ms;
	if (!find_first_due(t, team, owner, day) || !zone_instant(bell.zone, day, 0, &from_ms) ||
		!ring_bell_next(&bell, MAX(from_ms - 1, t->now_ms), &at_ms))
		return;
	g_autofree char *key = g_strdup_printf("%s/%" G_GINT64_FORMAT, team->config->name, owner->id);
	turn_schedule_once(t, ASK, key, at_ms);
}

static struct message *question(struct turn *t, const struct team *team, const struct person *owner, const char *today)
{
	enum language language = turn_language_of(t, owner, team);
	struct message *m = message_new();
	guint count = 0;
	struct action a;
	message_title(m, turn_text_in(t, language, "meeting.ask"));
	struct db_rows *rows = turn_query(t, &SQL_MEETING_DUE, ARG_TEXT(team->config->name), ARG_INT(owner->id), ARG_TEXT(today));
	while (count < MOST_ASKED && db_next(rows)) {
		if (!read_action(t, rows, &a))
			continue;
		count++;
		message_say(m, line(t, &a, language));
		put_buttons(t, m, &a, language);
	}
	turn_end(t, rows);
	if (count == 0)
		g_clear_pointer(&m, message_free);
	return m;
}

/* What came of asking on that day. */
static enum ring_outcome ask(struct turn *t, const struct team *team, const struct person *owner, const char *day, int64_t at_ms)
{
	struct zone_time local;
	zone_local(roster_zone(t->roster, owner, team), t->now_ms, &local);
	int minute = local.hour * 60 + local.minute;
	if (turn_is_away(t, owner, day, minute))
		return ring_outcome_away(t, owner, day, minute);
	struct message *m = question(t, team, owner, day);
	if (!m)
		return RING_ANSWERED;
	return ring_outcome_of(turn_nudge(t, team->config->workspace_name, owner, TOPIC, at_ms + ASK_GRACE_MS, m));
}

void meeting_ask_due(struct turn *t, const struct event *event)
{
	const char *slash = strrchr(event->value, '/');
	const char *name = slash ? turn_keep(t, g_strndup(event->value, (gsize)(slash - event->value))) : "";
	const struct team *team = roster_team(t->roster, name);
	const struct person *owner = slash ? roster_person_by_id(t->roster, g_ascii_strtoll(slash + 1, NULL, 10)) : NULL;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!team || !owner || !roster_is_active(owner))
		return;
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = bell_of(t, team, owner, &rules);
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
		ring_note(t, &bell.ring, day, at_ms, ask(t, team, owner, day, at_ms));
	plan_asking(t, team, owner);
}

void meeting_look(struct turn *t, struct look *look)
{
	struct action a;
	look_section(look, LOOK_WAITING, turn_text_in(t, look->language, "meeting.look"));
	struct db_rows *rows =
		turn_query(t, &SQL_MEETING_DUE, ARG_TEXT(look->team->config->name), ARG_INT(look->reader->id), ARG_TEXT(look->day));
	while (db_next(rows)) {
		if (!read_action(t, rows, &a))
			continue;
		look_line(look, look_words(t, line(t, &a, look->language)));
		look_button(look, "meeting.done", turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, a.id)),
			turn_text_in(t, look->language, "meeting.done"), MESSAGE_PRIMARY);
	}
	turn_end(t, rows);
}

/* ---- agreed on ---- */

struct draft {
	char *text; /* cut from its end */
	const struct person *owner;
	char due[ZONE_DAY_SIZE];
};

/* The last word, or a mention with its blanks; NULL: there is no more than that. */
static char *last_word(char *text)
{
	char *space = strrchr(g_strchomp(text), ' ');
	char *mention = g_str_has_suffix(text, ">") ? g_strrstr(text, "<@") : NULL;
	char *begin = mention ? mention : space ? space + 1 : text;
	return begin > text ? begin : NULL;
}

/* "… @ana 12-01" in either order. FALSE: the word is neither. */
static gboolean take_last(struct turn *t, struct draft *d, const char *today)
{
	char *word = last_word(d->text);
	if (!word)
		return FALSE;
	gboolean calls = *word == '@' || g_str_has_prefix(word, "<@");
	const struct person *owner = calls ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	if (owner)
		d->owner = owner;
	else if (!day_words_read(word, today, DAY_WORDS_AHEAD, d->due))
		return FALSE;
	*word = '\0';
	return TRUE;
}

static void read_draft(struct turn *t, const char *rest, const char *today, struct draft *d)
{
	*d = (struct draft){ .text = g_strdup(rest), .owner = t->person };
	turn_keep(t, d->text);
	zone_day_shift(today, USUAL_DAYS, d->due);
	meeting_move_day(t->team, 1, d->due);
	for (int i = 0; i < 2 && take_last(t, d, today); i++)
		;
	g_strchomp(d->text);
}

/* In the channel its owner is called there; what was agreed in private is told them. */
static void tell(struct turn *t, const struct action *a)
{
	struct message *m = message_new();
	const char *account = roster_account(t->event->place.workspace, a->owner);
	gboolean another = a->owner != t->person, direct = turn_is_direct(t);
	enum language language = direct ? turn_language(t) : turn_team_language(t, a->team);
	message_paragraph(m);
	message_plain(m, turn_text_in(t, language, "meeting.noted", TEXT_ARG("line", line(t, a, language))));
	if (another && !direct && account) {
		message_plain(m, " ");
		message_mention(m, account);
	}
	turn_reply(t, m);
	if (!another || !direct)
		return;
	struct message *told = message_new();
	language = turn_language_of(t, a->owner, a->team);
	message_say(told, turn_text_in(t, language, "meeting.given", TEXT_ARG("name", t->person->name), TEXT_ARG("line", line(t, a, language))));
	turn_nudge(t, a->team->config->workspace_name, a->owner, TOPIC, G_MAXINT64, told);
}

void meeting_action_command(struct turn *t, const struct event *event, const char *rest)
{
	struct draft d;
	(void)event;
	if (!t->team) {
		turn_whisper(t, turn_text(t, "meeting.no_team"));
		return;
	}
	const char *today = turn_day(t, t->person, t->team, t->now_ms);
	read_draft(t, rest, today, &d);
	if (!*d.text || g_utf8_strlen(d.text, -1) > TEXT_LIMIT) {
		turn_whisper(t, turn_text(t, "meeting.action_how", TEXT_ARG("limit", TEXT_LIMIT)));
		return;
	}
	if (strcmp(d.due, today) < 0) {
		turn_whisper(t, turn_text(t, "meeting.action_passed", TEXT_ARG("day", turn_day_text(t, d.due, turn_language(t)))));
		return;
	}
	const char *text = turn_literal(t, turn_readable(t, NULL, d.text));
	turn_exec(t, &SQL_MEETING_AGREE, ARG_TEXT(t->team->config->name), ARG_TEXT(text), ARG_TEXT((const char *)d.due), ARG_INT(d.owner->id),
		ARG_INT(t->person->id), ARG_INT(t->now_ms));
	tell(t, &(struct action){ turn_ok(t) ? db_last_id(t->db) : 0, t->team, text, d.due, d.owner, t->person, TRUE });
	plan_asking(t, t->team, d.owner);
}

/* ---- what becomes of it ---- */

/* FALSE, with a word to who pressed: it is closed, or not theirs. */
static gboolean find_pressed(struct turn *t, const struct event *event, struct action *a)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_ACTION, ARG_INT(event->value ? g_ascii_strtoll(event->value, NULL, 10) : 0));
	gboolean found = db_next(rows) && read_action(t, rows, a) && a->is_open;
	turn_end(t, rows);
	gboolean may = found && t->person && (t->person == a->owner || t->person == a->by || turn_is_manager(t, a->team));
	if (!may)
		turn_whisper(t, turn_text(t, found ? "meeting.not_yours" : "meeting.closed"));
	return may;
}

static void close_action(struct turn *t, const struct event *event, const char *state, const char *said)
{
	struct action a;
	if (!find_pressed(t, event, &a))
		return;
	turn_exec(t, &SQL_MEETING_CLOSE, ARG_INT(a.id), ARG_TEXT(state), ARG_INT(t->now_ms));
	turn_whisper(t, turn_text(t, said, TEXT_ARG("number", a.id)));
}

void meeting_done_pressed(struct turn *t, const struct event *event)
{
	close_action(t, event, "done", "meeting.is_done");
}

void meeting_drop_pressed(struct turn *t, const struct event *event)
{
	close_action(t, event, "dropped", "meeting.is_dropped");
}

void meeting_later_pressed(struct turn *t, const struct event *event)
{
	struct action a;
	char due[ZONE_DAY_SIZE];
	if (!find_pressed(t, event, &a))
		return;
	const char *today = turn_day(t, a.owner, a.team, t->now_ms);
	zone_day_shift(strcmp(a.due, today) > 0 ? a.due : today, USUAL_DAYS, due);
	meeting_move_day(a.team, 1, due);
	turn_exec(t, &SQL_MEETING_PUT_OFF, ARG_INT(a.id), ARG_TEXT((const char *)due));
	plan_asking(t, a.team, a.owner);
	turn_whisper(t, turn_text(t, "meeting.is_later", TEXT_ARG("number", a.id), TEXT_ARG("day", turn_day_text(t, due, turn_language(t)))));
}

/* ---- what is open ---- */

void meeting_actions_command(struct turn *t, const struct event *event, const char *rest)
{
	guint count = 0, own = 0;
	struct action a;
	(void)event;
	(void)rest;
	if (!t->team) {
		turn_whisper(t, turn_text(t, "meeting.no_team"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "meeting.actions_of", TEXT_ARG("team", t->team->config->name)));
	struct db_rows *rows = turn_query(t, &SQL_MEETING_ACTIONS, ARG_TEXT(t->team->config->name));
	while (count < MOST_LISTED && db_next(rows)) {
		if (!read_action(t, rows, &a))
			continue;
		count++;
		message_say(m, line(t, &a, turn_language(t)));
		if (a.owner == t->person && own++ < MOST_ASKED)
			put_buttons(t, m, &a, turn_language(t));
	}
	turn_end(t, rows);
	if (count > 0) {
		turn_private(t, m);
		return;
	}
	message_free(m);
	turn_whisper(t, turn_text(t, "meeting.no_actions"));
}
