/* SPDX-License-Identifier: MIT */
/* What people change of a rota: its order, a swap of two turns, days that somebody covers, and all of it back. */
#include "duty/duty.h"

#include "base/clock.h"
#include "duty_texts.h"
#include "team/day_words.h"

enum { PEOPLE_MOST = 50, COVER_DAYS_MOST = 92 };

/* ---- who hears ---- */

/* What has changed, as a sentence in each language: whom it concerns, and their days. */
struct change {
	const char *key;
	const struct duty *duty;
	const struct person *one, *other; /* other: NULL: nobody */
	const struct rota_shift *days, *others_days; /* NULL: none */
	gint64 number;
};

static const char *days_text(struct turn *t, const struct rota_shift *days, enum language language)
{
	return days ? duty_days(t, days->first, days->last, language) : "";
}

static const char *change_text(struct turn *t, const struct change *c, enum language language)
{
	return turn_text_in(t, language, c->key, TEXT_ARG("role", c->duty->role), TEXT_ARG("names", duty_names(t, c->duty)),
		TEXT_ARG("one", c->one->name), TEXT_ARG("other", c->other ? c->other->name : ""), TEXT_ARG("number", c->number),
		TEXT_ARG("days", days_text(t, c->days, language)), TEXT_ARG("others_days", days_text(t, c->others_days, language)));
}

static void tell(struct turn *t, const struct change *c, const struct person *person)
{
	if (!person || person == t->person)
		return;
	enum language language = turn_language_of(t, person, c->duty->team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "duty.told", TEXT_ARG("by", t->person->name), TEXT_ARG("what", change_text(t, c, language))));
	turn_nudge(t, c->duty->team->config->workspace_name, person, "duty", G_MAXINT64, m);
}

/* Where it was said, and to the two whom it concerns. */
static void announce(struct turn *t, const struct change *c)
{
	turn_say(t, change_text(t, c, turn_language(t)));
	tell(t, c, c->one);
	tell(t, c, c->other);
}

/* ---- order ---- */

/* All whom the words name, each once; NULL, and said so: a word names nobody. */
static GPtrArray *read_people(struct turn *t, const char *rest)
{
	g_autoptr(GPtrArray) people = g_ptr_array_new();
	while (*rest && people->len < PEOPLE_MOST) {
		const char *before = rest;
		const struct person *person = turn_next_person(t, &rest);
		if (rest == before) {
			turn_whisper(t, turn_text(t, "duty.nobody_called", TEXT_ARG("word", turn_readable(t, NULL, turn_next_word(t, &rest)))));
			return NULL;
		}
		if (!g_ptr_array_find(people, person, NULL))
			g_ptr_array_add(people, (gpointer)person);
	}
	return g_steal_pointer(&people);
}

/* "weekly", "按天" in front; else as it was. */
static enum rota_turn read_turn(const char **rest, enum rota_turn usual)
{
	static const struct {
		const char *word;
		enum rota_turn turn;
	} words[] = { { "weekly", ROTA_WEEK }, { "daily", ROTA_DAY }, { "按周", ROTA_WEEK }, { "按天", ROTA_DAY } };
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t length = strlen(words[i].word);
		if (g_ascii_strncasecmp(*rest, words[i].word, length) == 0) {
			*rest += length + strspn(*rest + length, " \t\n");
			return words[i].turn;
		}
	}
	return usual;
}

static void set_order(struct turn *t, const struct duty_request *r, const char *role, enum rota_turn turn, const GPtrArray *people)
{
	duty_set_order(t, r->team, role, turn, people);
	duty_plan(t);
	const struct duty *duty = duty_of(t, r->team, role);
	if (!duty)
		return;
	const struct change c = { .key = "duty.ordered", .duty = duty, .one = people->pdata[0] };
	turn_say(t, change_text(t, &c, turn_language(t)));
	for (guint i = 0; i < people->len; i++)
		tell(t, &c, people->pdata[i]);
}

void duty_say_order(struct turn *t, const struct duty_request *r)
{
	const char *rest = r->rest, *role = r->duty ? r->duty->role : r->role;
	enum rota_turn turn = read_turn(&rest, r->duty ? r->duty->rota.turn : ROTA_WEEK);
	/* A role that nobody has had so far: the rota makes it one. */
	if (!role && *rest && *rest != '<' && *rest != '@') {
		role = turn_next_word(t, &rest);
		turn = read_turn(&rest, turn);
	}
	g_autoptr(GPtrArray) people = NULL;
	if (!turn_is_manager(t, r->team))
		turn_whisper(t, turn_text(t, "duty.managers_only"));
	else if (!role || !*rest)
		turn_whisper(t, turn_text(t, "duty.how"));
	else if ((people = read_people(t, rest)))
		set_order(t, r, role, turn, people);
}

void duty_say_reset(struct turn *t, const struct duty_request *r)
{
	if (!turn_is_manager(t, r->team)) {
		turn_whisper(t, turn_text(t, "duty.managers_only"));
		return;
	}
	if (!r->duty) {
		turn_whisper(t, turn_text(t, "duty.how"));
		return;
	}
	duty_reset(t, r->team, r->duty->role);
	const struct duty *duty = duty_of(t, r->team, r->duty->role);
	duty_plan(t);
	turn_say(t, duty ? turn_text(t, "duty.reset", TEXT_ARG("role", duty->role), TEXT_ARG("names", duty_names(t, duty)))
			 : turn_text(t, "duty.dropped", TEXT_ARG("role", r->duty->role)));
}

/* ---- swap ---- */

static gboolean may_speak_for(const struct turn *t, const struct duty *duty, const struct person *one, const struct person *other)
{
	return t->person == one || t->person == other || turn_is_manager(t, duty->team);
}

static void swap(struct turn *t, const struct duty *duty, const struct person *one, const struct person *other)
{
	struct rota_shift first, second;
	if (one == other || !rota_next_of(&duty->rota, one->id, t->now_ms, &first) || !rota_next_of(&duty->rota, other->id, t->now_ms, &second)) {
		turn_whisper(t, turn_text(t, "duty.no_turns", TEXT_ARG("one", one->name), TEXT_ARG("other", other->name), TEXT_ARG("role", duty->role)));
		return;
	}
	duty_plan_cover(t, duty, duty_cover(t, duty, other, first.first, first.last), first.first);
	duty_plan_cover(t, duty, duty_cover(t, duty, one, second.first, second.last), second.first);
	announce(t, &(struct change){ .key = "duty.swapped", .duty = duty, .one = one, .other = other, .days = &first, .others_days = &second });
}

/* "swap @bo": one's own next turn and Bo's; "swap @ana @bo": theirs. */
void duty_say_swap(struct turn *t, const struct duty_request *r)
{
	const char *rest = r->rest;
	const struct person *one = turn_next_person(t, &rest), *other = t->person;
	gboolean named = rest != r->rest;
	if (*rest)
		other = turn_next_person(t, &rest);
	if (!r->duty || !named || *rest)
		turn_whisper(t, turn_text(t, "duty.how"));
	else if (!may_speak_for(t, r->duty, one, other))
		turn_whisper(t, turn_text(t, "duty.not_yours"));
	else
		swap(t, r->duty, one, other);
}

/* ---- cover ---- */

static void cover(struct turn *t, const struct duty *duty, const struct person *person, const struct rota_shift *days)
{
	struct rota_shift shift;
	int64_t at_ms = t->now_ms;
	zone_instant(duty->rota.zone, days->first, duty->rota.handover_minute, &at_ms);
	const struct person *had = rota_shift_at(&duty->rota, MAX(at_ms, t->now_ms), &shift) ? duty_person(t, shift.person) : NULL;
	if (!may_speak_for(t, duty, person, had)) {
		turn_whisper(t, turn_text(t, "duty.not_yours"));
		return;
	}
	gint64 number = duty_cover(t, duty, person, days->first, days->last);
	duty_plan_cover(t, duty, number, days->first);
	announce(t, &(struct change){ .key = "duty.covered", .duty = duty, .one = person, .other = had == person ? NULL : had, .days = days, .number = number });
}

/* "cover @bo 03-09..03-11"; without a name oneself, without a day today. */
void duty_say_cover(struct turn *t, const struct duty_request *r)
{
	const char *rest = r->rest;
	const struct person *person = turn_next_person(t, &rest);
	const char *word = turn_next_word(t, &rest);
	struct rota_shift days = { 0 };
	char today[ZONE_DAY_SIZE];
	if (!r->duty || *rest) {
		turn_whisper(t, turn_text(t, "duty.how"));
		return;
	}
	rota_day(&r->duty->rota, t->now_ms, today);
	memcpy(days.first, today, sizeof today);
	memcpy(days.last, today, sizeof today);
	gboolean read = !*word || day_words_read_span(word, today, days.first, days.last);
	if (!read || strcmp(days.last, days.first) < 0 || strcmp(days.last, today) < 0 || zone_days_between(days.first, days.last) >= COVER_DAYS_MOST)
		turn_whisper(t, turn_text(t, "duty.wrong_days", TEXT_ARG("word", turn_readable(t, NULL, word))));
	else
		cover(t, r->duty, person, &days);
}

/* ---- back ---- */

/* "back 3", "撤回 #3". */
void duty_say_back(struct turn *t, const struct duty_request *r)
{
	const char *word = r->rest + (*r->rest == '#');
	struct duty_covered c;
	if (!duty_read_cover(t, g_ascii_strtoll(word, NULL, 10), &c) || c.team != r->team || c.ended || !c.person) {
		turn_whisper(t, turn_text(t, "duty.no_cover", TEXT_ARG("word", r->rest)));
		return;
	}
	const struct duty *duty = duty_of(t, c.team, c.role);
	if (!duty || !may_speak_for(t, duty, c.person, c.said_by)) {
		turn_whisper(t, turn_text(t, "duty.not_yours"));
		return;
	}
	struct rota_shift days = { 0 };
	memcpy(days.first, c.first, sizeof days.first);
	memcpy(days.last, c.last, sizeof days.last);
	duty_end_cover(t, c.id);
	announce(t, &(struct change){ .key = "duty.taken_back", .duty = duty, .one = c.person, .other = c.said_by, .days = &days, .number = c.id });
}
