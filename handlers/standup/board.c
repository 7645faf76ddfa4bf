/* SPDX-License-Identifier: MIT */
/* The board: who has answered, who is missing, everybody's lines, blockers on top; and what `show` tells. */
#include "standup/standup.h"

#include "base/clock.h"
#include "base/zone.h"

/* What the entries of a board may take, in code points, of the 12,500 that a message holds; a line of it; buttons beside the board's own. */
enum { BOARD_LIMIT = 10800, LINE_LEAST = 12, LINE_MOST = 400, BUTTONS_MOST = 10 };

struct entry {
	const struct person *person;
	gboolean skipped;
	enum standup_format format;
	const char *fields[3]; /* plain text; "" for none */
	const char *stands[3]; /* how long that trouble stands, and which blocker it is; "" when neither */
	gboolean is_blocker[3];
	gboolean late, edited;
};

/* ---- words ---- */

const char *standup_label(struct turn *t, enum standup_format format, guint position, enum language language)
{
	static const char *const keys[2][3] = {
		{ "standup.results", "standup.goals", "standup.risks" },
		{ "standup.actions", "standup.blockers", "standup.help_wanted" },
	};
	return turn_text_in(t, language, keys[format][position]);
}

/* What a renderer may need for a character: entities, and marks that must not mark. */
static glong cost_of(gunichar c)
{
	return c == '&' ? 5 : c == '<' || c == '>' ? 4 : c < 128 && strchr("*_~`", (int)c) ? 3 : 1;
}

/* Lines on the board are short: breaks become " / ", what costs more than the limit ends in "…". */
static const char *one_line(struct turn *t, const struct team *team, const char *text, glong limit)
{
	GString *out = g_string_sized_new(strlen(text));
	glong cost = 0;
	for (const char *p = turn_readable(t, team->config->workspace_name, text); *p; p = g_utf8_next_char(p)) {
		cost += *p == '\n' ? 3 : cost_of(g_utf8_get_char(p));
		if (cost > limit) {
			g_string_append(out, "…");
			break;
		}
		if (*p == '\n')
			g_string_append(out, " / ");
		else
			g_string_append_len(out, p, g_utf8_next_char(p) - p);
	}
	return turn_keep(t, g_string_free(out, FALSE));
}

/* ---- what ---- */

static void read_standing(struct turn *t, const struct team *team, const char *day, GArray *entries, const GArray *blockers,
	enum language language)
{
	g_autoptr(GArray) standing = standup_standing_of(t, team, day);
	for (guint i = 0; i < entries->len; i++) {
		struct entry *e = &g_array_index(entries, struct entry, i);
		for (guint k = 0; k < 3; k++) {
			gboolean trouble = standup_is_trouble(e->format, k) && *e->fields[k];
			const struct standup_blocker *b = trouble ? standup_blocker_of(blockers, e->person, k, e->fields[k]) : NULL;
			e->is_blocker[k] = b != NULL;
			e->stands[k] = turn_keep(t, g_strconcat(standup_standing_text(t, standing, e->person, k, language),
							standup_blocker_text(t, b, language), NULL));
		}
	}
}

static GArray *read_entries(struct turn *t, const struct team *team, const char *day, const GArray *blockers, enum language language)
{
	GArray *entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRIES, ARG_TEXT(team->config->name), ARG_TEXT(day));
	while (db_next(rows)) {
		const char *state = db_text(rows, 1);
		struct entry e = {
			.person = roster_person_by_id(t->roster, db_int(rows, 0)),
			.skipped = strcmp(state, STANDUP_SKIPPED) == 0,
			.format = strcmp(db_text(rows, 2), "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A,
			.late = db_int(rows, 7) != 0,
			.edited = db_int(rows, 8) != 0,
		};
		if (!e.person || strcmp(state, STANDUP_WITHDRAWN) == 0)
			continue;
		for (int i = 0; i < 3; i++)
			e.fields[i] = turn_keep(t, g_strdup(db_text(rows, 3 + i)));
		g_array_append_val(entries, e);
	}
	turn_end(t, rows);
	read_standing(t, team, day, entries, blockers, language);
	return entries;
}

static GHashTable *people_of(const GArray *entries)
{
	GHashTable *done = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < entries->len; i++)
		g_hash_table_add(done, (gpointer)g_array_index(entries, struct entry, i).person);
	return done;
}

/* Members who are asked and have neither answered nor been excused; managers are not asked, nor is who is away. */
static GPtrArray *missing_people(struct turn *t, const struct team *team, const char *day, const GArray *entries)
{
	g_autoptr(GHashTable) done = people_of(entries);
	struct round r = standup_round(t, team);
	return round_missing(t, &r, day, done);
}

static const char *join_names(struct turn *t, const GPtrArray *people, enum language language)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < people->len; i++) {
		const struct person *person = people->pdata[i];
		g_string_append_printf(names, "%s%s", i ? turn_text_in(t, language, "standup.comma") : "", person->name);
	}
	return turn_keep(t, g_string_free(names, FALSE));
}

struct counts {
	guint answered, late, skipped;
};

static struct counts count(const GArray *entries)
{
	struct counts c = { 0 };
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		c.skipped += e->skipped ? 1 : 0;
		c.answered += e->skipped ? 0 : 1;
		c.late += !e->skipped && e->late ? 1 : 0;
	}
	return c;
}

static gboolean is_past(struct turn *t, const struct team *team, const char *day)
{
	return strcmp(day, turn_day(t, NULL, team, t->now_ms)) < 0;
}

/* "Waiting for: …" or, of those whose time is over, "No answer from: …". */
static void write_names(struct turn *t, struct message *m, const char *key, const GPtrArray *people, enum language language)
{
	if (people->len)
		message_plain(m, turn_text_in(t, language, key, TEXT_ARG("names", join_names(t, people, language))));
}

/* Takes those out who are off by their own hours. */
static GPtrArray *split_off(struct turn *t, const struct round *r, const char *day, GPtrArray *away)
{
	GPtrArray *off = g_ptr_array_new();
	for (guint i = 0; i < away->len;) {
		const struct person *person = away->pdata[i];
		if (turn_is_off(t, person, day, round_ask_minute(r, person, day)))
			g_ptr_array_add(off, g_ptr_array_remove_index(away, i));
		else
			i++;
	}
	return off;
}

/* Who is away that morning, and who stands in. */
static void write_away(struct turn *t, struct message *m, const struct team *team, const char *day, const GArray *entries, enum language language)
{
	g_autoptr(GHashTable) done = people_of(entries);
	struct round r = standup_round(t, team);
	g_autoptr(GPtrArray) away = round_away(t, &r, day, done);
	g_autoptr(GPtrArray) off = split_off(t, &r, day, away);
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < away->len; i++) {
		const struct person *person = away->pdata[i], *stand_in = turn_stand_in(t, person, day, 0);
		g_string_append_printf(names, "%s%s", i ? turn_text_in(t, language, "standup.comma") : "",
			stand_in ? turn_text_in(t, language, "standup.away_stand_in", TEXT_ARG("name", person->name),
					   TEXT_ARG("stand_in", stand_in->name))
				 : person->name);
	}
	if (away->len)
		message_plain(m, turn_text_in(t, language, "standup.away", TEXT_ARG("names", (const char *)names->str)));
	if (off->len)
		message_plain(m, turn_text_in(t, language, "standup.off", TEXT_ARG("names", join_names(t, off, language))));
}

static void write_counts(struct turn *t, struct message *m, const GArray *entries, guint missing, enum language language)
{
	struct counts c = count(entries);
	message_paragraph(m);
	message_bold(m, turn_text_in(t, language, "standup.counts", TEXT_ARG("answered", c.answered),
				TEXT_ARG("asked", c.answered + missing)));
	if (c.late)
		message_plain(m, turn_text_in(t, language, "standup.count_late", TEXT_ARG("count", c.late)));
	if (c.skipped)
		message_plain(m, turn_text_in(t, language, "standup.count_skipped", TEXT_ARG("count", c.skipped)));
	if (!missing)
		message_plain(m, turn_text_in(t, language, "standup.all_answered"));
}

static void write_summary(struct turn *t, struct message *m, const struct team *team, const char *day, const GArray *entries, enum language language)
{
	g_autoptr(GPtrArray) missing = missing_people(t, team, day, entries);
	write_counts(t, m, entries, missing->len, language);
	write_names(t, m, is_past(t, team, day) ? "standup.did_not_answer" : "standup.waiting_for", missing, language);
	write_away(t, m, team, day, entries, language);
}

/* At the team's deadline: whoever lives further west may still answer in time. How many have answered, in per cent. */
static guint write_closing(struct turn *t, struct message *m, const struct team *team, const char *day, const GArray *entries, enum language language)
{
	g_autoptr(GPtrArray) missing = missing_people(t, team, day, entries);
	guint answered = count(entries).answered, asked = answered + missing->len;
	write_counts(t, m, entries, missing->len, language);
	struct round r = standup_round(t, team);
	g_autoptr(GPtrArray) waiting = round_split_waiting(t, &r, day, missing);
	write_names(t, m, "standup.did_not_answer", missing, language);
	write_names(t, m, "standup.waiting_for", waiting, language);
	write_away(t, m, team, day, entries, language);
	return asked ? answered * 100 / asked : 100;
}

/* An item each, so that a board that is too long shortens every line and drops nobody's. */
static void write_trouble(struct turn *t, struct message *m, const struct team *team, const GArray *entries, glong limit, enum language language)
{
	gboolean any = FALSE;
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		for (guint k = 0; k < 3; k++) {
			if (e->skipped || !standup_is_trouble(e->format, k) || !*e->fields[k])
				continue;
			if (!any) {
				message_paragraph(m);
				message_bold(m, turn_text_in(t, language, "standup.trouble"));
			}
			any = TRUE;
			message_item(m, turn_text_in(t, language, "standup.trouble_line", TEXT_ARG("name", e->person->name),
						TEXT_ARG("label", standup_label(t, e->format, k, language)),
						TEXT_ARG("text", one_line(t, team, e->fields[k], limit)),
						TEXT_ARG("stands", e->stands[k])));
		}
	}
}

/* What is no blocker yet becomes one by a press; of what is beyond, the author's message and the evening's list do it too. */
static void write_blocker_buttons(struct turn *t, struct message *m, const struct team *team, const char *day, const GArray *entries,
	enum language language)
{
	guint buttons = 0;
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		for (guint k = 0; k < 3; k++)
			if (!e->skipped && standup_is_trouble(e->format, k) && *e->fields[k] && !e->is_blocker[k] && buttons++ < BUTTONS_MOST)
				standup_blocker_button(t, m, team, day, e->person, e->format, k, language);
	}
}

/* What each line may cost, so that all of them fit beside the names and labels. */
static glong line_limit(struct turn *t, const GArray *entries, enum language language)
{
	glong fixed = 0, lines = 0;
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		glong name = g_utf8_strlen(e->person->name, -1) + 20; /* marks of an entry, and what separates */
		fixed += name;
		for (guint k = 0; k < 3 && !e->skipped; k++) {
			glong label = g_utf8_strlen(standup_label(t, e->format, k, language), -1) + 5;
			gboolean trouble = standup_is_trouble(e->format, k) && *e->fields[k];
			fixed += label + (trouble ? name + label + g_utf8_strlen(e->stands[k], -1) : 0);
			lines += (*e->fields[k] ? 1 : 0) + (trouble ? 1 : 0);
		}
	}
	return CLAMP((BOARD_LIMIT - fixed) / MAX(lines, 1), LINE_LEAST, LINE_MOST);
}

static void write_entry(struct turn *t, struct message *m, const struct team *team, const struct entry *e, glong limit, enum language language)
{
	message_paragraph(m);
	message_bold(m, e->person->name);
	if (e->late)
		message_quiet(m, turn_text_in(t, language, "standup.late_mark"));
	if (e->edited)
		message_quiet(m, turn_text_in(t, language, "standup.edited_mark"));
	for (guint k = 0; k < 3; k++) {
		const char *text = *e->fields[k] ? one_line(t, team, e->fields[k], limit) : turn_text_in(t, language, "standup.none");
		message_plain(m, turn_text_in(t, language, "standup.line",
					 TEXT_ARG("label", standup_label(t, e->format, k, language)), TEXT_ARG("text", text)));
	}
}

struct message *standup_board(struct turn *t, const struct team *team, const char *day, enum language language)
{
	g_autoptr(GArray) blockers = standup_blockers_of(t, team, day);
	g_autoptr(GArray) entries = read_entries(t, team, day, blockers, language);
	struct round r = standup_round(t, team);
	if (entries->len == 0 && !round_has_board(t, &r, day) && strcmp(day, turn_day(t, NULL, team, t->now_ms)) != 0)
		return NULL;
	const char *title = turn_text_in(t, language, "standup.board_title", TEXT_ARG("team", team->config->name),
		TEXT_ARG("day", turn_day_text(t, day, language)));
	struct message *m = message_new();
	struct counts c = count(entries);
	message_fallback(m, turn_text_in(t, language, "standup.board_fallback", TEXT_ARG("title", title),
				 TEXT_ARG("answered", c.answered)));
	message_title(m, title);
	write_summary(t, m, team, day, entries, language);
	glong limit = line_limit(t, entries, language);
	write_trouble(t, m, team, entries, limit, language);
	write_blocker_buttons(t, m, team, day, entries, language);
	standup_write_blockers(t, m, team, blockers, language);
	message_divider(m);
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		if (!e->skipped)
			write_entry(t, m, team, e, limit, language);
	}
	message_button(m, "standup.open", team->config->name, turn_text_in(t, language, "standup.button"), MESSAGE_PRIMARY);
	message_context(m, turn_text_in(t, language, "standup.board_note"));
	return m;
}

/* What everybody wants to reach: goals in A, key actions in B. */
static void write_goals(struct turn *t, struct message *m, const struct team *team, const GArray *entries, glong limit, enum language language)
{
	gboolean any = FALSE;
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		const char *goal = e->fields[e->format == STANDUP_FORMAT_A ? 1 : 0];
		if (e->skipped || !*goal)
			continue;
		if (!any) {
			message_paragraph(m);
			message_bold(m, turn_text_in(t, language, "standup.today"));
		}
		any = TRUE;
		message_item(m, turn_text_in(t, language, "standup.goal_line", TEXT_ARG("name", e->person->name),
					TEXT_ARG("text", one_line(t, team, goal, limit))));
	}
}

struct message *standup_closing(struct turn *t, const struct team *team, const char *day, enum language language)
{
	g_autoptr(GArray) blockers = standup_blockers_of(t, team, day);
	g_autoptr(GArray) entries = read_entries(t, team, day, blockers, language);
	struct round r = standup_round(t, team);
	int before = round_share_before(t, &r, day);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "standup.closing_title", TEXT_ARG("team", team->config->name),
			 TEXT_ARG("day", turn_day_text(t, day, language))));
	guint share = write_closing(t, m, team, day, entries, language);
	glong limit = line_limit(t, entries, language);
	write_trouble(t, m, team, entries, limit, language);
	standup_write_blockers(t, m, team, blockers, language);
	write_goals(t, m, team, entries, limit, language);
	if (before >= 0)
		message_context(m, turn_text_in(t, language, "standup.week_before", TEXT_ARG("share", share), TEXT_ARG("before", before)));
	return m;
}

struct message *standup_one(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	enum language language = turn_language(t);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRY, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id));
	struct message *m = NULL;
	if (db_next(rows) && strcmp(db_text(rows, 1), STANDUP_GIVEN) == 0) {
		enum standup_format format = strcmp(db_text(rows, 2), "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A;
		m = message_new();
		message_title(m, turn_text(t, "standup.one_title", TEXT_ARG("name", person->name),
				 TEXT_ARG("day", turn_day_text(t, day, language))));
		for (guint k = 0; k < 3; k++) {
			const char *text = db_text(rows, 3 + (int)k);
			message_fact(m, standup_label(t, format, k, language),
				*text ? turn_readable(t, NULL, text) : turn_text(t, "standup.none"));
		}
	}
	turn_end(t, rows);
	return m;
}
