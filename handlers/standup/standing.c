/* SPDX-License-Identifier: MIT */
/*
 * Trouble that stands: a risk, blocker or help line which its owner writes on the third working day in a row, in the same words or
 * alike (alike.h). Days off, days away and days that were skipped do not break the row; a day without an answer, or without that
 * line, does.
 *
 * It is marked on the board and in the closing. Its owner is asked once what shall become of it: it goes to the manager, rests
 * until a date and is asked about again then, or is let go. What was decided goes on with the row.
 */
#include "standup/standup.h"

#include "base/zone.h"
#include "standup/alike.h"
#include "team/day_words.h"

enum { STANDS_FROM_DAYS = 3, LOOK_BACK_DAYS = 31, UNTIL_LIMIT = 20 /* characters */ };

gboolean standup_is_trouble(enum standup_format format, guint position)
{
	return format == STANDUP_FORMAT_A ? position == 2 : position >= 1;
}

/* ---- how long ---- */

/* A line of today's trouble, followed into the past. */
struct row {
	guint field;
	const char *line;   /* today's */
	const char *latest; /* the same in the words of the day that was looked at last; NULL: the row has ended */
	const char *since;
	guint days;
};

static void add_rows(struct turn *t, GArray *rows, guint field, const char *text, const char *day)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		const char *kept = turn_keep(t, g_strdup(*line));
		struct row row = { field, kept, kept, day, 1 };
		g_array_append_val(rows, row);
	}
}

static gboolean was_expected(struct turn *t, const struct round *r, const struct person *person, const char *day)
{
	return round_is_held(r, day) && !round_is_away(t, r, person, day);
}

/* Whether a day between the two, neither included, passed without the answer that was expected. */
static gboolean has_hole(struct turn *t, const struct round *r, const struct person *person, const char *earlier, const char *later)
{
	char day[ZONE_DAY_SIZE];
	for (zone_day_shift(earlier, 1, day); strcmp(day, later) < 0; zone_day_shift(day, 1, day))
		if (was_expected(t, r, person, day))
			return TRUE;
	return FALSE;
}

static gboolean continue_row(struct turn *t, struct row *row, const char *day, const GStrv lines)
{
	char **line = lines;
	while (row->latest && *line && !alike_is_same_trouble(row->latest, *line))
		line++;
	row->latest = row->latest && *line ? turn_keep(t, g_strdup(*line)) : NULL;
	if (!row->latest)
		return FALSE;
	row->since = turn_keep(t, g_strdup(day));
	row->days++;
	return TRUE;
}

/* The rows that go on in what was written on an earlier working day; FALSE: none does. */
static gboolean continue_rows(struct turn *t, GArray *rows, const char *day, enum standup_format format, const char *const fields[3])
{
	gboolean any = FALSE;
	g_autoptr(GStrvBuilder) trouble = g_strv_builder_new();
	for (guint k = 0; k < 3; k++) {
		g_auto(GStrv) lines = g_strsplit(standup_is_trouble(format, k) ? fields[k] : "", "\n", -1);
		g_strv_builder_addv(trouble, (const char **)lines);
	}
	g_auto(GStrv) lines = g_strv_builder_end(trouble);
	for (guint i = 0; i < rows->len; i++)
		any |= continue_row(t, &g_array_index(rows, struct row, i), day, lines);
	return any;
}

static void follow(struct turn *t, const struct round *r, const struct person *person, const char *day, GArray *rows)
{
	char since[ZONE_DAY_SIZE], later[ZONE_DAY_SIZE];
	zone_day_shift(day, -LOOK_BACK_DAYS, since);
	g_strlcpy(later, day, sizeof later);
	struct db_rows *days = turn_query(t, &SQL_STANDUP_BEFORE, ARG_TEXT(r->team->config->name), ARG_INT(person->id), ARG_TEXT(day),
		ARG_TEXT((const char *)since));
	while (db_next(days)) {
		const char *earlier = db_text(days, 0), *state = db_text(days, 1);
		enum standup_format format = strcmp(db_text(days, 2), "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
		if (strcmp(state, STANDUP_WITHDRAWN) == 0 || !round_is_held(r, earlier))
			continue;
		if (has_hole(t, r, person, earlier, later))
			break;
		g_strlcpy(later, earlier, sizeof later);
		if (strcmp(state, STANDUP_SKIPPED) != 0 &&
			!continue_rows(t, rows, earlier, format, (const char *const[]){ db_text(days, 3), db_text(days, 4), db_text(days, 5) }))
			break;
	}
	turn_end(t, days);
}

/* ---- the question ---- */

/* FIELD/PERSON/DAY/TEAM: a team's name may have a slash. */
static char *key_of(const struct team *team, const char *day, const struct person *person, guint field)
{
	return g_strdup_printf("%u/%" G_GINT64_FORMAT "/%s/%s", field, person->id, day, team->config->name);
}

static const char *const decisions[] = {
	[STANDUP_UNDECIDED] = "", [STANDUP_ESCALATED] = "escalate", [STANDUP_PARKED] = "park", [STANDUP_DROPPED] = "drop"
};

static struct message *question(struct turn *t, const struct team *team, const char *day, const struct person *person,
	enum standup_format format, const struct row *row)
{
	static const struct {
		const char *action; /* the text of its label is called the same */
		enum message_style style;
	} buttons[] = {
		{ "standup.escalate", MESSAGE_PRIMARY },
		{ "standup.park", MESSAGE_PLAIN },
		{ "standup.drop", MESSAGE_PLAIN },
	};
	enum language language = turn_language_of(t, person, team);
	g_autofree char *key = key_of(team, day, person, row->field);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "standup.stands_title", TEXT_ARG("days", row->days)));
	message_fact(m, standup_label(t, format, row->field, language), turn_readable(t, team->config->workspace_name, row->line));
	message_say(m, turn_text_in(t, language, "standup.stands_question"));
	for (size_t i = 0; i < G_N_ELEMENTS(buttons); i++)
		message_button(m, buttons[i].action, key, turn_text_in(t, language, buttons[i].action), buttons[i].style);
	standup_blocker_button(t, m, team, day, person, format, row->field, language);
	return m;
}

/* ---- keeping it ---- */

/* What is known of the row from its earlier days, or from before an edit. */
struct known {
	int64_t asked_ms, decided_by;
	const char *decision, *until;
};

static struct known known_of(struct turn *t, const struct team *team, const char *day, const struct person *person, const struct row *row)
{
	struct known known = { .decision = "", .until = "" };
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_STANDING_SINCE, ARG_TEXT(team->config->name), ARG_INT(person->id),
		ARG_TEXT(row->since), ARG_TEXT(day));
	while (db_next(rows)) {
		if (!alike_is_same_trouble(row->line, db_text(rows, 2)))
			continue;
		known = (struct known){ db_int(rows, 3), db_int(rows, 6), turn_keep(t, g_strdup(db_text(rows, 4))),
			turn_keep(t, g_strdup(db_text(rows, 5))) };
		break;
	}
	turn_end(t, rows);
	gboolean over = strcmp(known.decision, decisions[STANDUP_PARKED]) == 0 && strcmp(known.until, day) <= 0;
	return over ? (struct known){ .decision = "", .until = "" } : known;
}

/* A blocker asks for its decision itself. */
static gboolean is_blocker(struct turn *t, const struct team *team, const char *day, const struct person *person, const struct row *row)
{
	g_autoptr(GArray) blockers = standup_blockers_of(t, team, day);
	return standup_blocker_of(blockers, person, row->field, row->line) != NULL;
}

static void keep_row(struct turn *t, const struct team *team, const char *day, const struct person *person,
	enum standup_format format, const struct row *row, struct known known)
{
	gboolean is_today = strcmp(day, turn_day(t, person, team, t->now_ms)) == 0;
	if (!known.asked_ms && is_today && !is_blocker(t, team, day, person, row)) {
		/* It answers what they have just written. */
		turn_tell(t, team->config->workspace_name, person, question(t, team, day, person, format, row));
		known.asked_ms = t->now_ms;
	}
	turn_exec(t, &SQL_STANDUP_STAND, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id), ARG_INT(row->field),
		ARG_INT(row->days), ARG_TEXT(row->line), ARG_INT(known.asked_ms), ARG_TEXT(known.decision), ARG_TEXT(known.until),
		ARG_INT(known.decided_by));
}

/* Of each field the line that stands longest. */
static void keep_longest(struct turn *t, const struct team *team, const char *day, const struct person *person,
	enum standup_format format, const GArray *rows)
{
	const struct row *longest[3] = { NULL };
	struct known known[3];
	for (guint i = 0; i < rows->len; i++) {
		const struct row *row = &g_array_index(rows, struct row, i);
		if (row->days >= STANDS_FROM_DAYS && (!longest[row->field] || row->days > longest[row->field]->days))
			longest[row->field] = row;
	}
	for (guint k = 0; k < 3; k++)
		if (longest[k])
			known[k] = known_of(t, team, day, person, longest[k]);
	turn_exec(t, &SQL_STANDUP_UNSTAND, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id));
	for (guint k = 0; k < 3; k++)
		if (longest[k])
			keep_row(t, team, day, person, format, longest[k], known[k]);
}

void standup_find_standing(struct turn *t, const struct round *r, const struct person *person, const char *day,
	const struct standup_text *text)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	for (guint k = 0; k < 3; k++)
		if (standup_is_trouble(text->format, k) && *text->fields[k])
			add_rows(t, rows, k, text->fields[k], day);
	/* What is written on a day off counts with the next working day. */
	if (rows->len > 0 && round_is_held(r, day))
		follow(t, r, person, day, rows);
	keep_longest(t, r->team, day, person, text->format, rows);
}

/* ---- showing it ---- */

GArray *standup_standing_of(struct turn *t, const struct team *team, const char *day)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct standup_standing));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_STANDING_OF_DAY, ARG_TEXT(team->config->name), ARG_TEXT(day));
	while (db_next(rows)) {
		struct standup_standing s = { db_int(rows, 0), (guint)db_int(rows, 1), (guint)db_int(rows, 2), STANDUP_UNDECIDED,
			turn_keep(t, g_strdup(db_text(rows, 4))) };
		for (guint d = 0; d < G_N_ELEMENTS(decisions); d++)
			if (strcmp(decisions[d], db_text(rows, 3)) == 0)
				s.decision = (enum standup_decision)d;
		g_array_append_val(all, s);
	}
	turn_end(t, rows);
	return all;
}

const char *standup_standing_text(struct turn *t, const GArray *all, const struct person *person, guint field, enum language language)
{
	static const char *const keys[] = {
		[STANDUP_UNDECIDED] = "standup.stands",
		[STANDUP_ESCALATED] = "standup.stands_escalated",
		[STANDUP_PARKED] = "standup.stands_parked",
		[STANDUP_DROPPED] = "standup.stands_dropped",
	};
	for (guint i = 0; i < all->len; i++) {
		const struct standup_standing *s = &g_array_index(all, struct standup_standing, i);
		if (s->person == person->id && s->field == field)
			return turn_text_in(t, language, keys[s->decision], TEXT_ARG("days", s->days),
				TEXT_ARG("day", *s->until ? turn_day_text(t, s->until, language) : ""));
	}
	return "";
}

/* ---- deciding ---- */

/* The mark that a button or form is about. */
struct about {
	const struct team *team;
	const struct person *person;
	const char *day, *line;
	guint field;
};

static gboolean find_line(struct turn *t, struct about *about)
{
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_STANDING_LINE, ARG_TEXT(about->team->config->name), ARG_TEXT(about->day),
		ARG_INT(about->person->id), ARG_INT(about->field));
	about->line = db_next(rows) ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL;
	turn_end(t, rows);
	return about->line != NULL;
}

/* Says so when there is nothing to decide any more, or not for this person. */
static gboolean read_about(struct turn *t, const char *key, struct about *about)
{
	g_auto(GStrv) parts = g_strsplit(key ? key : "", "/", 4);
	gboolean whole = g_strv_length(parts) == 4 && zone_day_is_valid(parts[2]);
	*about = (struct about){
		.team = whole ? roster_team(t->roster, parts[3]) : NULL,
		.person = whole ? roster_person_by_id(t->roster, g_ascii_strtoll(parts[1], NULL, 10)) : NULL,
		.day = whole ? turn_keep(t, g_strdup(parts[2])) : NULL,
		.field = whole ? (guint)g_ascii_strtoull(parts[0], NULL, 10) : 0,
	};
	gboolean known = about->team && about->person && find_line(t, about);
	gboolean allowed = known && (about->person == t->person || turn_is_manager(t, about->team));
	if (!allowed)
		turn_whisper(t, turn_text(t, known ? "standup.stands_not_yours" : "standup.stands_no_more"));
	return allowed;
}

/* On that day and since: the question may be older than the latest answer. */
static void decide(struct turn *t, const struct about *about, enum standup_decision decision, const char *until)
{
	const char *name = about->team->config->name;
	g_autoptr(GPtrArray) days = g_ptr_array_new(), fields = g_ptr_array_new();
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_STANDING_SINCE, ARG_TEXT(name), ARG_INT(about->person->id), ARG_TEXT(about->day),
		ARG_TEXT("9999-12-31"));
	while (db_next(rows))
		if (alike_is_same_trouble(about->line, db_text(rows, 2))) {
			g_ptr_array_add(days, (gpointer)turn_keep(t, g_strdup(db_text(rows, 0))));
			g_ptr_array_add(fields, GUINT_TO_POINTER((guint)db_int(rows, 1)));
		}
	turn_end(t, rows);
	for (guint i = 0; i < days->len; i++) {
		turn_exec(t, &SQL_STANDUP_DECIDE, ARG_TEXT(name), ARG_TEXT(days->pdata[i]), ARG_INT(about->person->id),
			ARG_INT(GPOINTER_TO_UINT(fields->pdata[i])), ARG_TEXT(decisions[decision]), ARG_TEXT(until), ARG_INT(t->person->id));
		standup_touch_board(t, about->team, days->pdata[i]);
	}
}

void standup_escalate_pressed(struct turn *t, const struct event *event)
{
	struct about about;
	if (!read_about(t, event->value, &about))
		return;
	decide(t, &about, STANDUP_ESCALATED, "");
	standup_call_managers(t, about.team, about.day, about.person);
	turn_whisper(t, turn_text(t, "standup.escalated"));
}

void standup_drop_pressed(struct turn *t, const struct event *event)
{
	struct about about;
	if (!read_about(t, event->value, &about))
		return;
	decide(t, &about, STANDUP_DROPPED, "");
	turn_whisper(t, turn_text(t, "standup.dropped"));
}

void standup_park_pressed(struct turn *t, const struct event *event)
{
	struct about about;
	if (!read_about(t, event->value, &about))
		return;
	struct message *form = form_new("standup.until", event->value, turn_text(t, "standup.park_title"),
		turn_text(t, "standup.form_send"), turn_text(t, "standup.form_cancel"));
	form_intro(form, turn_readable(t, about.team->config->workspace_name, about.line));
	form_input(form, "until", turn_text(t, "standup.park_until"), turn_text(t, "standup.park_hint"), NULL, 1, FALSE, UNTIL_LIMIT);
	turn_form(t, form);
}

void standup_until_submitted(struct turn *t, const struct event *event)
{
	struct about about;
	char until[ZONE_DAY_SIZE];
	const char *words = event_input_value(event, "until");
	if (!read_about(t, event->value, &about))
		return;
	const char *today = turn_day(t, t->person, about.team, t->now_ms);
	g_autofree char *word = g_strstrip(g_strdup(words ? words : ""));
	if (!day_words_read(word, today, DAY_WORDS_AHEAD, until) || strcmp(until, today) <= 0) {
		turn_problem(t, "until", turn_text(t, "standup.park_problem"));
		return;
	}
	decide(t, &about, STANDUP_PARKED, until);
	turn_whisper(t, turn_text(t, "standup.parked", TEXT_ARG("day", turn_day_text(t, until, turn_language(t)))));
}
