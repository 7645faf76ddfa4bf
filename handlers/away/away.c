/* SPDX-License-Identifier: MIT */
#include "away/away.h"

#include "away_texts.h"
#include "base/zone.h"
#include "team/away.h"
#include "team/day_words.h"

enum { REASON_LIMIT = 200 }; /* characters */

/* What was said, being read from the left. */
struct request {
	const char *rest;
	const struct person *person;
	const char *today; /* the person's */
	char first[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
	const char *half;
};

/* ---- reading ---- */

static const char *today_of(struct turn *t, const struct person *person)
{
	const struct team *team = roster_next_team_of(t->roster, t->event->place.workspace, person, NULL);
	return turn_day(t, person, team, t->now_ms);
}

/* "@ana" in front means somebody else; without it, oneself. */
static void read_person(struct turn *t, struct request *r)
{
	r->person = turn_next_person(t, &r->rest);
	r->today = today_of(t, r->person);
}

static gboolean is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	return FALSE;
}

static const char *half_of(const char *word)
{
	static const char *const morning[] = { "am", "morning", "上午", NULL }, *const afternoon[] = { "pm", "afternoon", "下午", NULL };
	return is_among(word, morning) ? "am" : is_among(word, afternoon) ? "pm" : NULL;
}

/* "12-01", "12-01..12-05", with any of the signs that people put between. */
static gboolean read_days(struct turn *t, struct request *r, const char *word)
{
	static const char *const signs[] = { "..", "~", "～", "至", "到", "—", NULL };
	for (const char *const *sign = signs; *sign; sign++) {
		g_auto(GStrv) sides = g_strsplit(word, *sign, 2);
		if (g_strv_length(sides) == 2)
			return day_words_read(g_strstrip(sides[0]), r->today, DAY_WORDS_AHEAD, r->first) &&
			       day_words_read(g_strstrip(sides[1]), r->first, DAY_WORDS_AHEAD, r->last);
	}
	gboolean read = day_words_read(word, r->today, DAY_WORDS_AHEAD, r->first);
	memcpy(r->last, r->first, ZONE_DAY_SIZE);
	(void)t;
	return read;
}

static void read_half(struct turn *t, struct request *r)
{
	const char *rest = r->rest, *half = half_of(turn_next_word(t, &rest));
	r->half = half && strcmp(r->first, r->last) == 0 ? half : "";
	if (*r->half)
		r->rest = rest;
}

/* ---- telling ---- */

static const char *days_text(struct turn *t, const char *first, const char *last, const char *half)
{
	const char *key = strcmp(half, "am") == 0   ? "away.morning"
			  : strcmp(half, "pm") == 0 ? "away.afternoon"
						    : "away.one_day";
	if (strcmp(first, last) != 0)
		return turn_text(t, "away.several_days", TEXT_ARG("first", first), TEXT_ARG("last", last));
	return turn_text(t, key, TEXT_ARG("first", first));
}

static gboolean refuse_stranger(struct turn *t, const struct person *person)
{
	if (person == t->person || turn_leads(t, person))
		return FALSE;
	turn_whisper(t, turn_text(t, "away.managers_only", TEXT_ARG("name", person->name)));
	return TRUE;
}

/* ---- away ---- */

static void show_own(struct turn *t)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = away_ahead(t->db, t->person->id, today_of(t, t->person), &error);
	if (!list) {
		turn_fail(t, g_steal_pointer(&error));
		return;
	}
	if (list->len == 0) {
		turn_whisper(t, turn_text(t, "away.none"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "away.title"));
	for (guint i = 0; i < list->len; i++) {
		const struct away *away = list->pdata[i];
		const char *days = days_text(t, away->first_day, away->last_day, away->half);
		message_item(m, *away->reason ? turn_text(t, "away.line_reason", TEXT_ARG("days", days),
							TEXT_ARG("reason", (const char *)away->reason))
					      : turn_text(t, "away.line", TEXT_ARG("days", days)));
	}
	turn_private(t, m);
}

static void note(struct turn *t, const struct request *r)
{
	g_autofree char *reason = g_utf8_substring(r->rest, 0, MIN(g_utf8_strlen(r->rest, -1), REASON_LIMIT));
	const struct away away = { (char *)r->first, (char *)r->last, (char *)r->half, g_strstrip(reason), 0 };
	GError *error = NULL;
	if (turn_ok(t) && !away_add(t->db, r->person->id, &away, t->person->id, t->now_ms, &error))
		turn_fail(t, error);
	turn_whisper(t, turn_text(t, "away.noted", TEXT_ARG("name", r->person->name),
				TEXT_ARG("days", days_text(t, r->first, r->last, r->half))));
}

static void away_command(struct turn *t, const struct event *event, const char *rest)
{
	struct request r = { .rest = rest };
	(void)event;
	if (!*rest) {
		show_own(t);
		return;
	}
	read_person(t, &r);
	const char *word = turn_next_word(t, &r.rest);
	if (refuse_stranger(t, r.person))
		return;
	if (!read_days(t, &r, word)) {
		turn_whisper(t, turn_text(t, "away.wrong_day", TEXT_ARG("word", word)));
	} else if (strcmp(r.last, r.first) < 0) {
		turn_whisper(t, turn_text(t, "away.wrong_order", TEXT_ARG("word", word)));
	} else {
		read_half(t, &r);
		note(t, &r);
	}
}

static void back(struct turn *t, const struct event *event, const char *rest)
{
	struct request r = { .rest = rest };
	gboolean changed = FALSE;
	GError *error = NULL;
	(void)event;
	read_person(t, &r);
	const char *word = turn_next_word(t, &r.rest);
	memcpy(r.first, r.today, ZONE_DAY_SIZE);
	if (refuse_stranger(t, r.person))
		return;
	if (*word && !day_words_read(word, r.today, DAY_WORDS_AHEAD, r.first)) {
		turn_whisper(t, turn_text(t, "away.wrong_day", TEXT_ARG("word", word)));
		return;
	}
	if (turn_ok(t) && !away_end(t->db, r.person->id, r.first, &changed, &error))
		turn_fail(t, error);
	turn_whisper(t, changed ? turn_text(t, "away.back", TEXT_ARG("name", r.person->name), TEXT_ARG("day", (const char *)r.first))
				: turn_text(t, "away.was_not", TEXT_ARG("name", r.person->name)));
}

/* The members of the person's teams who are away today, each once, by name and without reasons: those are private. */
static GPtrArray *absent_people(struct turn *t)
{
	GPtrArray *absent = g_ptr_array_new();
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, t->event->place.workspace, t->person, team));) {
		GHashTableIter iter;
		gpointer person;
		g_hash_table_iter_init(&iter, team->members);
		while (g_hash_table_iter_next(&iter, &person, NULL))
			if (turn_is_away(t, person, turn_day(t, person, team, t->now_ms), -1) && !g_ptr_array_find(absent, person, NULL))
				g_ptr_array_add(absent, person);
	}
	return absent;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct person *const *x = a, *const *y = b;
	return g_utf8_collate((*x)->name, (*y)->name);
}

static void who_is_absent(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	g_autoptr(GPtrArray) absent = absent_people(t);
	if (absent->len == 0) {
		turn_whisper(t, turn_text(t, "away.nobody"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "away.today_title"));
	g_ptr_array_sort(absent, by_name);
	for (guint i = 0; i < absent->len; i++)
		message_item(m, ((const struct person *)absent->pdata[i])->name);
	turn_private(t, m);
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "back", "销假", NULL }, .help = "away.help_back", .takes_text = TRUE, .run = back },
	{ .words = (const char *const[]){ "absent", "谁不在", NULL }, .help = "away.help_absent", .only_tells = TRUE, .run = who_is_absent },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "away", "请假", "休假", NULL },
		.help = "away.help",
		.takes_text = TRUE,
		.run = away_command,
		.subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = { { 0 } };

const struct ritual ritual_away = {
	.name = "away",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_away,
};
