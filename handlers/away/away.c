/* SPDX-License-Identifier: MIT */
#include "away/away.h"

#include "away/read.h"
#include "away_texts.h"
#include "base/zone.h"
#include "kit/look.h"
#include "team/away.h"
#include "team/day_words.h"

enum { LIST_DAYS = 14, LOOK_DAYS = 90 };

/* ---- telling ---- */

static const char *days_in(struct turn *t, enum language language, const char *first, const char *last, const char *half)
{
	const char *key = strcmp(half, "am") == 0   ? "away.morning"
			  : strcmp(half, "pm") == 0 ? "away.afternoon"
						    : "away.one_day";
	if (strcmp(last, AWAY_FOR_EVER) == 0)
		return turn_text_in(t, language, "away.from", TEXT_ARG("first", first));
	if (strcmp(first, last) != 0)
		return turn_text_in(t, language, "away.several_days", TEXT_ARG("first", first), TEXT_ARG("last", last));
	return turn_text_in(t, language, key, TEXT_ARG("first", first));
}

static const char *days_text(struct turn *t, const char *first, const char *last, const char *half)
{
	return days_in(t, turn_language(t), first, last, half);
}

static gboolean refuse_stranger(struct turn *t, const struct person *person)
{
	if (person == t->person || turn_leads(t, person))
		return FALSE;
	turn_whisper(t, turn_text(t, "away.managers_only", TEXT_ARG("name", person->name)));
	return TRUE;
}

/* Days, who stands in, and, for the person alone, the reason. */
static const char *line_of(struct turn *t, const struct away *away, gboolean own)
{
	const char *days = days_text(t, away->first_day, away->last_day, away->half);
	const struct person *stand_in = roster_person_by_id(t->roster, away->stand_in);
	if (stand_in)
		days = turn_text(t, "away.line_stand_in", TEXT_ARG("days", days), TEXT_ARG("name", stand_in->name));
	return own && *away->reason ? turn_text(t, "away.line_reason", TEXT_ARG("days", days), TEXT_ARG("reason", away->reason)) : days;
}

/* ---- away ---- */

static GPtrArray *ahead_of(struct turn *t, const struct person *person)
{
	GError *error = NULL;
	GPtrArray *list = turn_ok(t) ? away_ahead(t->db, person->id, away_today(t, person), &error) : NULL;
	if (error)
		turn_fail(t, error);
	return list ? list : g_ptr_array_new();
}

static void show_own(struct turn *t)
{
	g_autoptr(GPtrArray) list = ahead_of(t, t->person);
	if (list->len == 0) {
		turn_whisper(t, turn_text(t, "away.none"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "away.title"));
	for (guint i = 0; i < list->len; i++)
		message_item(m, line_of(t, list->pdata[i], TRUE));
	turn_private(t, m);
}

/* Somebody else's word about a person: they hear of it. */
static void tell(struct turn *t, const struct person *person, const char *key, const struct away_request *r)
{
	enum language language = turn_language_of(t, person, roster_next_team_of(t->roster, t->event->place.workspace, person, NULL));
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, key, TEXT_ARG("by", t->person->name), TEXT_ARG("name", r->person->name),
			       TEXT_ARG("days", days_in(t, language, r->first, r->last, r->half))));
	turn_nudge(t, t->event->place.workspace, person, "away", G_MAXINT64, m);
}

static void note(struct turn *t, const struct away_request *r)
{
	const struct away away = { (char *)r->first, (char *)r->last, (char *)r->half, (char *)r->reason,
		r->stand_in ? r->stand_in->id : 0, 0 };
	GError *error = NULL;
	if (turn_ok(t) && !away_add(t->db, r->person->id, &away, t->person->id, t->now_ms, &error))
		turn_fail(t, error);
	turn_whisper(t, turn_text(t, "away.noted", TEXT_ARG("name", r->person->name), TEXT_ARG("days", line_of(t, &away, FALSE))));
	if (r->person != t->person)
		tell(t, r->person, "away.noted_for_you", r);
	if (r->stand_in && r->stand_in != t->person)
		tell(t, r->stand_in, "away.you_stand_in", r);
}

static void away_command(struct turn *t, const struct event *event, const char *rest)
{
	struct away_request r = { .rest = rest };
	(void)event;
	if (!*rest) {
		show_own(t);
		return;
	}
	away_read_person(t, &r);
	const char *word = turn_next_word(t, &r.rest);
	if (refuse_stranger(t, r.person))
		return;
	if (!away_read_days(&r, word)) {
		turn_whisper(t, turn_text(t, "away.wrong_day", TEXT_ARG("word", turn_readable(t, NULL, word))));
		return;
	}
	if (strcmp(r.last, r.first) < 0) {
		turn_whisper(t, turn_text(t, "away.wrong_order", TEXT_ARG("word", word)));
		return;
	}
	away_read_half(t, &r);
	if (away_read_rest(t, &r))
		note(t, &r);
	else
		turn_whisper(t, turn_text(t, "away.wrong_stand_in"));
}

/* The person is there again from r->first on. */
static void end_from(struct turn *t, struct away_request *r)
{
	gboolean changed = FALSE;
	GError *error = NULL;
	if (turn_ok(t) && !away_end(t->db, r->person->id, r->first, &changed, &error))
		turn_fail(t, error);
	turn_whisper(t, changed ? turn_text(t, "away.back", TEXT_ARG("name", r->person->name), TEXT_ARG("day", (const char *)r->first))
				: turn_text(t, "away.was_not", TEXT_ARG("name", r->person->name)));
	memcpy(r->last, r->first, ZONE_DAY_SIZE);
	if (changed && r->person != t->person)
		tell(t, r->person, "away.back_for_you", r);
}

/* The look's button: whose, and which day the time begins. */
static void back_pressed(struct turn *t, const struct event *event)
{
	const char *slash = event->value ? strchr(event->value, '/') : NULL;
	const struct person *person = slash ? roster_person_by_id(t->roster, g_ascii_strtoll(event->value, NULL, 10)) : NULL;
	struct away_request r = { .person = person, .half = "" };
	if (!person || !zone_day_is_valid(slash + 1) || refuse_stranger(t, person))
		return;
	const char *today = away_today(t, person);
	g_strlcpy(r.first, strcmp(slash + 1, today) > 0 ? slash + 1 : today, ZONE_DAY_SIZE);
	end_from(t, &r);
}

static void back(struct turn *t, const struct event *event, const char *rest)
{
	struct away_request r = { .rest = rest, .half = "" };
	(void)event;
	away_read_person(t, &r);
	const char *word = turn_next_word(t, &r.rest);
	memcpy(r.first, r.today, ZONE_DAY_SIZE);
	if (refuse_stranger(t, r.person))
		return;
	if (*word && !day_words_read(word, r.today, DAY_WORDS_AHEAD, r.first)) {
		turn_whisper(t, turn_text(t, "away.wrong_day", TEXT_ARG("word", word)));
		return;
	}
	end_from(t, &r);
}

/* The members of the person's teams, each once, by name. */
static GPtrArray *colleagues(struct turn *t)
{
	GPtrArray *people = g_ptr_array_new();
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, t->event->place.workspace, t->person, team));) {
		GHashTableIter iter;
		gpointer person;
		g_hash_table_iter_init(&iter, team->members);
		while (g_hash_table_iter_next(&iter, &person, NULL))
			if (!g_ptr_array_find(people, person, NULL))
				g_ptr_array_add(people, person);
	}
	g_ptr_array_sort(people, roster_by_name);
	return people;
}

/* NULL: today is one of the person's working days. */
static const char *off_line(struct turn *t, const struct person *person)
{
	return turn_is_off(t, person, away_today(t, person), -1) ? turn_text(t, "away.off", TEXT_ARG("name", person->name)) : NULL;
}

/* A line for each time between the person's today and so many days later; without reasons: those are private. */
static guint add_absences(struct turn *t, struct message *m, const struct person *person, int days)
{
	char until[ZONE_DAY_SIZE];
	g_autoptr(GPtrArray) list = ahead_of(t, person);
	guint lines = 0;
	zone_day_shift(away_today(t, person), days, until);
	for (guint i = 0; i < list->len; i++) {
		const struct away *away = list->pdata[i];
		if (strcmp(away->first_day, until) > 0)
			continue;
		message_item(m, turn_text(t, "away.line_person", TEXT_ARG("name", person->name), TEXT_ARG("days", line_of(t, away, FALSE))));
		lines++;
	}
	const char *off = lines == 0 && days == 0 ? off_line(t, person) : NULL;
	if (off)
		message_item(m, off);
	return off ? 1 : lines;
}

static void tell_absences(struct turn *t, int days, const char *title, const char *nobody)
{
	g_autoptr(GPtrArray) people = colleagues(t);
	struct message *m = message_new();
	guint lines = 0;
	message_title(m, turn_text(t, title));
	for (guint i = 0; i < people->len; i++)
		lines += add_absences(t, m, people->pdata[i], days);
	if (lines) {
		turn_private(t, m);
		return;
	}
	message_free(m);
	turn_whisper(t, turn_text(t, nobody));
}

static void who_is_absent(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	tell_absences(t, 0, "away.today_title", "away.nobody");
}

static void list_absences(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	tell_absences(t, LIST_DAYS, "away.list_title", "away.nobody_ahead");
}

/* ---- in a look ---- */

/* The person's next times, the reasons only for themselves; until: the last day on which they begin. How many. */
static guint add_to_look(struct turn *t, struct look *look, const struct person *person, const char *until)
{
	g_autoptr(GPtrArray) list = ahead_of(t, person);
	guint lines = 0;
	for (guint i = 0; i < list->len; i++) {
		const struct away *away = list->pdata[i];
		gboolean own = person == look->reader;
		if (strcmp(away->first_day, until) > 0)
			continue;
		lines++;
		const char *days = line_of(t, away, own);
		look_line(look, own ? days : turn_text(t, "away.line_person", TEXT_ARG("name", person->name), TEXT_ARG("days", days)));
		/* What the platform's status says ends there. */
		if (strcmp(away->last_day, AWAY_FOR_EVER) != 0)
			look_button(look, "away.back", turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT "/%s", person->id, away->first_day)),
				turn_text_in(t, look->language, "away.button_back"), MESSAGE_PLAIN);
	}
	return lines;
}

static void add_absent(struct turn *t, struct look *look)
{
	g_autoptr(GList) members = g_hash_table_get_keys(look->team->members);
	g_autoptr(GPtrArray) people = g_ptr_array_new();
	for (const GList *l = members; l; l = l->next)
		if (l->data != look->reader && roster_is_active(l->data))
			g_ptr_array_add(people, l->data);
	g_ptr_array_sort(people, roster_by_name);
	look_section(look, LOOK_DAY, turn_text_in(t, look->language, "away.look"));
	for (guint i = 0; i < people->len; i++) {
		const char *off = off_line(t, people->pdata[i]);
		guint lines = add_to_look(t, look, people->pdata[i], away_today(t, people->pdata[i]));
		if (lines == 0 && off)
			look_line(look, off);
	}
}

static void away_look(struct turn *t, struct look *look)
{
	char until[ZONE_DAY_SIZE];
	if (look->leads)
		add_absent(t, look);
	if (!look->first)
		return;
	zone_day_shift(look->day, LOOK_DAYS, until);
	look_section(look, LOOK_AHEAD, turn_text_in(t, look->language, "away.look_own"));
	add_to_look(t, look, look->reader, until);
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "back", "销假", NULL }, .help = "away.help_back", .takes_text = TRUE, .run = back },
	{ .words = (const char *const[]){ "absent", "谁不在", NULL }, .help = "away.help_absent", .only_tells = TRUE, .run = who_is_absent },
	{ .words = (const char *const[]){ "list", "名单", NULL }, .help = "away.help_list", .only_tells = TRUE, .run = list_absences },
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

/* ---- the platform's status ---- */

/* The last whole day until that instant, the person's; "": it does not end. */
static void last_day_of(struct turn *t, const struct person *person, int64_t until_ms, char out[static ZONE_DAY_SIZE])
{
	out[0] = '\0';
	if (until_ms)
		zone_day(roster_zone(t->roster, person, roster_next_team_of(t->roster, t->event->place.workspace, person, NULL)),
			until_ms - 1, out);
}

static void take_status(struct turn *t, const struct person *person, const struct event_person *told)
{
	char last[ZONE_DAY_SIZE];
	const char *today = away_today(t, person);
	GError *error = NULL;
	last_day_of(t, person, told->absent_until_ms, last);
	gboolean absent = told->absence == EVENT_ABSENT && (!*last || strcmp(last, today) >= 0);
	if (turn_ok(t) && !away_by_status(t->db, person->id, today, absent ? last : NULL, absent ? told->absent_until_ms : 0, t->now_ms, &error))
		turn_fail(t, error);
}

static void people_told(struct turn *t, const struct event *event)
{
	for (guint i = 0; event->people && i < event->people->len; i++) {
		const struct event_person *told = &g_array_index(event->people, struct event_person, i);
		const struct person *person = roster_person(t->roster, event->place.workspace, told->account);
		if (told->absence != EVENT_ABSENCE_UNTOLD && roster_is_active(person))
			take_status(t, person, told);
	}
}

static const struct trigger triggers[] = {
	{ .kind = EVENT_PEOPLE, .run = people_told },
	{ .kind = EVENT_PRESSED, .word = "back", .run = back_pressed },
	{ 0 },
};

static const struct topic topics[] = {
	{ "away", "away.topic", NULL },
	{ 0 },
};

const struct ritual ritual_away = {
	.name = "away",
	.title = "away.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_away,
	.look = away_look,
};
