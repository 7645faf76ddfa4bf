/* SPDX-License-Identifier: MIT */
/*
 * A turn: one event handled by one ritual, inside a savepoint of the clerk's transaction. All that a ritual sees and
 * all that it may do stands here: the event, the people, the clock read once, its own tables, and rows to leave.
 *
 * The turn latches the first failure and ignores what follows, so a ritual reads straight down; dispatch looks once,
 * at the end, and keeps or undoes the whole turn.
 *
 * Thread: the clerk. What is handed out is borrowed until the turn ends.
 */
#pragma once

#include "core/event.h"
#include "core/message.h"
#include "core/outbox.h"
#include "core/quiet.h"
#include "core/schedule.h"
#include "store/db.h"
#include "team/people.h"
#include "team/texts.h"

struct finding {
	gpointer data;
	GDestroyNotify free;
};

struct turn {
	int64_t now_ms;		     /* read once */
	const struct event *event;
	const struct person *person; /* who did it; NULL: nobody, or time */
	const struct team *team;     /* of the channel; in a direct message the person's first team; NULL: none */
	const char *ritual;	     /* the name of the ritual at work */
	/* The rest is for the functions below. */
	struct db *db;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	const struct texts *texts;
	const struct ritual *const *rituals;
	GPtrArray *scratch; /* texts that live as long as the turn */
	struct finding *finding; /* of `when`, for `run` */
	GArray *problems;   /* of a form or a request, for its acknowledgement */
	GArray *facts;	    /* that answer a request; NULL: the event is none */
	char *about;
	gboolean about_read;
	GError *error;
};

/* FALSE once something failed. */
gboolean turn_ok(const struct turn *t);
/* Latches an error of the ritual's own; takes it. */
void turn_fail(struct turn *t, GError *take);

/*
 * What a trigger's `when` has worked out and its `run` needs too, such as a text it has read: put there by the one, takes
 * data; taken by the other, who frees it. NULL: nothing is there. One at most, for the event at hand.
 */
void turn_put_finding(struct turn *t, gpointer take, GDestroyNotify free);
gpointer turn_take_finding(struct turn *t);

/* ---- the ritual's tables ---- */
#define turn_exec(t, sql, ...) turn_exec_args((t), (sql), DB_ARGS(__VA_ARGS__))
void turn_exec_args(struct turn *t, const struct sql *sql, const struct db_arg *args, gsize count);
/* Rows that the last turn_exec changed. */
int64_t turn_changes(const struct turn *t);
/* Never NULL; after a failure it has no rows. Read like a db_query, then end with turn_end. */
#define turn_query(t, sql, ...) db_query((t)->db, (sql)__VA_OPT__(, ) __VA_ARGS__)
#define turn_end(t, rows)	turn_end_take((t), g_steal_pointer(&(rows)))
void turn_end_take(struct turn *t, struct db_rows *take);

/* ---- who and where ---- */
gboolean turn_is_direct(const struct turn *t);
/* The reader's language: of a private answer the person's, of a team's post the team's. */
enum language turn_language(const struct turn *t);
enum language turn_team_language(const struct turn *t, const struct team *team);
/* The local day of a person in a team: YYYY-MM-DD, kept for the turn. */
const char *turn_day(struct turn *t, const struct person *person, const struct team *team, int64_t at_ms);
/* The name of our message that the event stands on or in whose thread it is; NULL: none. */
const char *turn_about(struct turn *t);
gboolean turn_is_manager(const struct turn *t, const struct team *team);
/* Whether the event's person may speak for another: as manager of a team of theirs or of the register, or as HR. */
gboolean turn_leads(const struct turn *t, const struct person *person);
/*
 * Whether by a working week of their own the person does not work on a day of theirs, or, while their team does, at that minute;
 * minute -1: on the whole day. Nobody without such a week.
 */
gboolean turn_is_off(const struct turn *t, const struct person *person, const char *day, int minute);
/* When on a day of theirs the person is to be told what is set for that minute (hours_fit). */
int turn_fit_minute(const struct turn *t, const struct person *person, const char *day, int minute);
/* Whether the person is away on a day of theirs, at that minute after midnight, or off; minute -1: on the whole day. */
gboolean turn_is_away(struct turn *t, const struct person *person, const char *day, int minute);
/* The ids of all who are away in the morning of that day; never NULL. */
GHashTable *turn_away_that_morning(struct turn *t, const char *day);
/* Who does the person's work on a day on which they are away, and is there to do it; NULL: nobody was named. */
const struct person *turn_stand_in(struct turn *t, const struct person *person, const char *day, int minute);
/* The person, or while they are away whoever stands in for them, by their clock now; NULL: nobody is there. */
const struct person *turn_reach(struct turn *t, const struct person *person, const struct team *team);
/* Notes a field of a person in the register, as told by the event's person (roster_note). */
void turn_register(struct turn *t, const struct person *person, enum register_field field, const char *value);
/* The event's person is a member of the team from now on. */
void turn_join(struct turn *t, const struct team *team);
/*
 * Neutral text as people read it, plain: <@U1> becomes @Ana, <url|label> "label (url)". workspace: where it was said;
 * NULL: where the event happened. Kept for the turn.
 */
const char *turn_readable(struct turn *t, const char *workspace, const char *text);
/* The literal characters of neutral text, its tokens untouched: for words that name something. Kept for the turn. */
const char *turn_literal(struct turn *t, const char *text);
/* The next word of what was said, kept for the turn, "" at its end; moves over it and the blanks around it. */
const char *turn_next_word(struct turn *t, const char **rest);
/* Whom the next word means when it is "@ana" or a mention, and moves over it; else, or when nobody is called so, the event's person. */
const struct person *turn_next_person(struct turn *t, const char **rest);
/* Keeps a text until the turn ends; takes it and gives it back. */
const char *turn_keep(struct turn *t, char *take);

/* ---- words ---- */
/* A text in the reader's language, kept for the turn. */
#define turn_text(t, key, ...)                                                                                         \
	turn_keep((t), texts_format((t)->texts, turn_language(t), (key)__VA_OPT__(, ) __VA_ARGS__))
#define turn_text_in(t, language, key, ...)                                                                            \
	turn_keep((t), texts_format((t)->texts, (language), (key)__VA_OPT__(, ) __VA_ARGS__))

/* A day as people write it: "Mon 2 March", "3月2日 周一"; or without its weekday: "2 March", "3月2日". Kept for the turn. */
const char *turn_day_text(struct turn *t, const char *day, enum language language);
const char *turn_date_text(struct turn *t, const char *day, enum language language);

/* ---- what it leaves ---- */
/* All take the message; a failed turn just frees it. */
/* Where the event happened, in its thread: to everybody there. */
void turn_reply(struct turn *t, struct message *take);
/* To the event's person alone, where the event happened. */
void turn_private(struct turn *t, struct message *take);
/* To a person of that workspace, by direct message, whatever woke the turn. */
void turn_tell(struct turn *t, const char *workspace, const struct person *person, struct message *take);
/*
 * An unasked private message that is for now, such as a prompt, a clock, an alert. It goes at once, or waits for the end of the person's quiet hours or for the
 * day's digest, or never goes (quiet.h); a line at its end says how to stop it. What answers a person is turn_private or
 * turn_tell.
 *
 * topic: by which people mute it: one of the ritual's `topics`, or, where the configuration names it (a round of a team's
 * own), that name. until_ms: when it is worthless; G_MAXINT64: never. What became of it so far.
 */
enum quiet_fate turn_nudge(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take);
/* The same for what can wait, such as a report or what is ahead: it leaves half of the day's number to what is for now. */
enum quiet_fate turn_hint(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take);
/* The same as turn_nudge to say it again: a person hears one reminder a day about a topic. */
enum quiet_fate turn_remind(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take);
/*
 * The same, at once whatever the hour, the day's count and what is muted: only for what somebody answers for and cannot
 * wait, such as the last step of an escalation.
 */
void turn_insist(struct turn *t, const char *workspace, const struct person *person, const char *topic, struct message *take);
/* It is done: what still waits for the person about that topic is dropped; NULL: about any. */
void turn_unnudge(struct turn *t, const struct person *person, const char *topic);
/* The language to write to a person in. */
enum language turn_language_of(const struct turn *t, const struct person *person, const struct team *team);
/* Both of one plain text. */
void turn_say(struct turn *t, const char *text);
void turn_whisper(struct turn *t, const char *text);
/* One message of that name in a team's channel: posted, or replaced where it stands. */
void turn_show(struct turn *t, const struct team *team, const char *name, struct message *take);
/*
 * A new message with a name in a team's channel. What a job posts goes at its hour, which somebody has set; when it is late by
 * more than ten minutes (the program was off), or posted at the start, it goes in the team's working time: now, or when that
 * begins, if that is not after until_ms. turn_post: however late that is. Answers to people go at any time, and so do boards.
 */
void turn_post_until(struct turn *t, const struct team *team, const char *name, int64_t until_ms, struct message *take);
void turn_post(struct turn *t, const struct team *team, const char *name, struct message *take);
/*
 * In the thread of the message of that name; in the team's channel when it does not stand anywhere (yet). The message may have a
 * name of its own (message_name), by which turn_show replaces it there.
 */
void turn_post_under(struct turn *t, const struct team *team, const char *name, struct message *take);
/* The event's message, or the one in whose thread it is, is called so from now on, as if it were ours. */
void turn_name_thread(struct turn *t, const char *name);
/*
 * Whether that instant is the team's working time, by its calendar; without one, Monday to Friday by day. FALSE: *open_ms is when it begins: for
 * jobs that are planned by an interval and not for an hour.
 */
gboolean turn_is_working_time(const struct turn *t, const struct team *team, int64_t at_ms, int64_t *open_ms);
/* Whether a message of that name stands somewhere, by turn_tell too. */
gboolean turn_stands(struct turn *t, const char *name);
/* Replaces it where it stands; without one nothing happens. */
void turn_renew(struct turn *t, const char *name, struct message *take);
/* Takes it away from where it stands. */
void turn_withdraw(struct turn *t, const char *name);
/* An emoji on the event's message, or off it. */
void turn_react(struct turn *t, const char *emoji);
void turn_unreact(struct turn *t, const char *emoji);
/* Opens a form for the event's person; how soon it must open is the platform's to say. */
void turn_form(struct turn *t, struct message *take);
/* The submitted form stays open and shows this at an input; a request is refused, and nothing of it must have been done. */
void turn_problem(struct turn *t, const char *input, const char *text);
/* A request is done: a fact of its answer, one at least. */
void turn_answer(struct turn *t, const char *name, const char *value);
/* The home page of the event's person. name: what it is called where the home is no page but a message. */
void turn_home(struct turn *t, const char *name, struct message *take);
/* Asks the platform about an account: answered by EVENT_PEOPLE. */
void turn_ask_person(struct turn *t, const char *workspace, const char *account);
/* Asks who is in a team's channel, the same way. */
void turn_ask_members(struct turn *t, const struct team *team);
/* Asks the platform for the message that the event is about: answered by EVENT_FOUND, whose word is the ritual's `word`. */
void turn_ask_message(struct turn *t, const char *word);

/* A job of this ritual. at: UTC milliseconds; once: of two times of one name the earlier counts. */
void turn_schedule(struct turn *t, const char *word, const char *key, int64_t due_ms);
void turn_schedule_once(struct turn *t, const char *word, const char *key, int64_t due_ms);
/* TRUE: what turn_schedule_once put surely still waits, and there is nothing to do; FALSE: it may. Costs next to nothing. */
gboolean turn_is_scheduled(const struct turn *t, const char *word, const char *key);
void turn_cancel(struct turn *t, const char *word, const char *key);
