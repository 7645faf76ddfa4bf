/* SPDX-License-Identifier: MIT */
/*
 * Celebrations 生日与周年: birthdays, by the Gregorian or the Chinese lunar calendar, work anniversaries, newcomers.
 *
 * Nobody is celebrated in public who has not said yes to one private question. Public: the manager and HR hear some days before,
 * colleagues are asked privately for a wish, and on the day there is one post in the channel. Private: a direct message on
 * the day, and nobody else hears. None, or no answer: nothing. The year of birth is never shown and no age is ever said;
 * the years at work are.
 *
 * Somebody in several teams is celebrated in the first of the configuration that celebrates, so once. Dates and choices stand
 * in the register (team/register.h).
 *
 * In the sources: celebration.c (what wakes it, its words), rhythm.c (who is celebrated when), consent.c (the question, the command
 * `birthday`), day.c (what is said before and on the day), wish.c (the colleagues' wishes), letter.c (the CEO's letter),
 * party.c (the month's children), why.c (what became of each), welcome.c (newcomers), calendar.c (the .ics file), words.h (dates as people write them).
 *
 * Thread: the clerk.
 */
#pragma once

#include "celebration_sql.h"
#include "core/ritual.h"
#include "kit/anniversary.h"
#include "kit/feed.h"
#include "kit/picture.h"
#include "kit/ring.h"

extern const struct ritual ritual_celebration;

/* Whoever is celebrated, and when. */
struct celebrant {
	const struct person *person;
	const struct team *team; /* in whose channel */
	struct anniversary_of of;
	struct anniversary at; /* the occasion at hand */
};

/* What people have answered; the store's words are in register.h. */
enum celebration_shown { CELEBRATION_UNASKED, CELEBRATION_PUBLIC, CELEBRATION_PRIVATE, CELEBRATION_NONE, CELEBRATION_ANSWERS };

/* ---- rhythm.c ---- */
/* The team in whose channel the person is celebrated; NULL: none. */
const struct team *celebration_team(const struct roster *roster, const struct person *person);
enum celebration_shown celebration_shown(const struct person *person);
/* All but the occasion at hand. FALSE: the person has no such date, is in no such team, or is gone. */
gboolean celebration_of(const struct roster *roster, const struct person *person, enum anniversary_kind kind, struct celebrant *out);
/* Whether somebody of the team can be told something today: at work, and not away. */
gboolean celebration_is_there(struct turn *t, const struct person *person, const struct team *team);
/* Plans what comes next for the person; the question too. */
void celebration_plan_person(struct turn *t, const struct person *person);
/* Looks through everybody soon, and once a day. */
void celebration_plan(struct turn *t);
void celebration_people_changed(struct turn *t, const struct event *event);
/* The jobs. */
void celebration_plan_due(struct turn *t, const struct event *event);
void celebration_due(struct turn *t, const struct event *event);

/* ---- why.c: what became of each celebration, for `why` (kit/ring.h) ---- */
/* For struct ritual: the celebrations of a team, which have no rule. */
void celebration_add_days(struct turn *t, const struct team *team, struct ring_list *list);
/* What came of a stage. */
void celebration_note(struct turn *t, const struct celebrant *c, enum anniversary_stage stage, enum ring_outcome outcome);
/* What was to be done since then and was not, for the program was off. */
void celebration_note_missed(struct turn *t, const struct celebrant *c, int64_t since_ms);

/* ---- celebration.c ---- */
/* The value of a button or a form that is about somebody, and whom it means; NULL: nobody any more. */
const char *celebration_key(struct turn *t, const struct person *person);
const struct person *celebration_read_key(struct turn *t, const struct event *event);
/* "@ana for you": moves over the name. NULL: it names nobody. */
const struct person *celebration_read_person(struct turn *t, const char **rest);
/* What was written, as people read it. Kept for the turn. */
const char *celebration_plain(struct turn *t, const char *text);

/* ---- consent.c ---- */
/* Plans the question, unless it was asked before. */
void celebration_plan_question(struct turn *t, const struct person *person, const struct team *team);
void celebration_ask_due(struct turn *t, const struct event *event);
void celebration_chosen(struct turn *t, const struct event *event);
void celebration_birthday_command(struct turn *t, const struct event *event, const char *rest);

/* ---- day.c ---- */
/* The manager and HR hear of it. All three say what came of it. */
enum ring_outcome celebration_prepare(struct turn *t, const struct celebrant *c);
/* The day has come. */
enum ring_outcome celebration_hold(struct turn *t, const struct celebrant *c);
/* Of several, struct celebrant, at least one. */
void celebration_sort(GArray *all);
/* "Ana", "Ana and Bo", "Ana, Bo and Cai". Kept for the turn. */
const char *celebration_names(struct turn *t, const GArray *all, enum language language);
/* A paragraph that calls them; whoever is away is named and not called. */
void celebration_write_names(struct turn *t, struct message *m, const GArray *all);
/* The picture with them as its stars and the rest of the team as guests. */
void celebration_draw(struct turn *t, struct message *m, enum picture_kind kind, const struct team *team, const GArray *all,
	const char *headline, enum language language);

/* ---- party.c ---- */
/* For struct ritual. */
void celebration_rings(struct turn *t, const struct team *team, struct ring_list *list);
void celebration_plan_party(struct turn *t, const struct team *team);
void celebration_party_due(struct turn *t, const struct event *event);

/* ---- wish.c ---- */
enum ring_outcome celebration_ask_wishes(struct turn *t, const struct celebrant *c);
void celebration_wish_pressed(struct turn *t, const struct event *event);
void celebration_wish_submitted(struct turn *t, const struct event *event);
void celebration_unwish_pressed(struct turn *t, const struct event *event);
void celebration_wish_command(struct turn *t, const struct event *event, const char *rest);
/* A direct message of somebody who was asked for a wish, and that no other ritual wants. */
gboolean celebration_is_wish(struct turn *t, const struct event *event);
void celebration_wish_said(struct turn *t, const struct event *event);
/* alone: nobody else is celebrated in the post. */
void celebration_write_wishes(struct turn *t, struct message *m, const struct celebrant *c, gboolean alone, enum language language);

/* Whether the event's person can wish that one a happy birthday now. */
gboolean celebration_takes_wish(struct turn *t, const struct person *person);

/* ---- look.c ---- */
void celebration_look(struct turn *t, struct look *look);

/* ---- letter.c ---- */
/* The CEO hears that a work anniversary comes, and may write. */
void celebration_ask_letter(struct turn *t, const struct celebrant *c);
void celebration_letter_pressed(struct turn *t, const struct event *event);
void celebration_letter_submitted(struct turn *t, const struct event *event);
void celebration_letter_command(struct turn *t, const struct event *event, const char *rest);
/* On the day, to the person alone. */
void celebration_deliver_letters(struct turn *t, const struct celebrant *c);
/* The person wants nothing any more: whoever wrote has it back on the day, to give it themselves. */
void celebration_return_letters(struct turn *t, const struct celebrant *c);

/* ---- welcome.c ---- */
/* Somebody came into a channel, or all who are in it are told. */
void celebration_welcome(struct turn *t, const struct event *event);
void celebration_introduce_pressed(struct turn *t, const struct event *event);
void celebration_introduce_submitted(struct turn *t, const struct event *event);

/* ---- calendar.c ---- */
/* Whose eyes a calendar is for. */
struct celebration_view {
	enum language language;
	const struct team *team;
	const struct person *reader; /* sees their own private days too, and rings by their own clock; NULL: only what is public */
	char from[ZONE_DAY_SIZE], to[ZONE_DAY_SIZE];
};
/* What of the team stands in the reader's calendar: rings, the celebrations of people. */
void celebration_fill_feed(struct turn *t, struct feed *feed, const struct celebration_view *view);
void celebration_calendar_command(struct turn *t, const struct event *event, const char *rest);
