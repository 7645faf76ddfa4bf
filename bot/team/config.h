/* SPDX-License-Identifier: MIT */
/*
 * The configuration: belltower.yaml, read, checked and made into one tree that never changes.
 *
 * One table of keys (config_keys.h) drives the reading, the messages, the JSON schema for editors and the man page.
 * Reading reports all problems at once, each as `file:line:column: what is wrong; what to write instead`. A reload
 * reads into a new tree, which then takes the old one's place whole.
 *
 * Any text may hold ${VARIABLE} from the environment; `$${` writes a literal `${`. A secret may come from a file:
 * `bot_token_file: acme_bot_token`; a relative path starts at $CREDENTIALS_DIRECTORY when systemd has set it, else at
 * the configuration file's directory. A relative `database` starts at $STATE_DIRECTORY when that is set, else at the
 * configuration file's directory; so does `ca_file`, always at the latter.
 *
 * Thread: any; the tree is immutable. Values of secrets never stand in a message.
 */
#pragma once

#include <glib.h>

#include "team/calendar.h"
#include "team/recurrence.h"
#include "team/texts.h"

#include "base/banned.h"

/* Bits of `days`: bit 0 Monday … bit 6 Sunday. */
enum { CONFIG_WORKDAYS = 0x1f, CONFIG_EVERY_DAY = 0x7f };

struct config_workspace {
	char *name;
	char *platform; /* "slack" or "feishu" */
	/* Slack's; NULL elsewhere. */
	char *api_url; /* ends with a slash */
	char *bot_token;
	char *app_token;
	/* Feishu's and Lark's; NULL and 0 elsewhere. */
	char *base_url; /* does not end with a slash */
	char *app_id;
	char *app_secret;
	int monthly_calls; /* that the tenant's edition allows; 0: any number */
	int gather_seconds; /* between two replacements of the same message */
	char *ca_file; /* absolute path of a PEM bundle, or NULL: the system's */
	char *proxy;   /* http://[user:password@]host:port, or NULL: the environment's (https_proxy, no_proxy) */
	char **operators; /* NULL-terminated, as a team's managers: who hears when the program needs somebody */
	int connections; /* 1 … 3 at the same time */
	gboolean rate_limits; /* FALSE only against a sandbox */
};

struct config_standup {
	gboolean enabled;	    /* the team has a `standup` section */
	char format;		    /* 'A' or 'B' */
	int deadline_minute;	    /* minutes after local midnight in the team's zone; -1: none */
	struct recurrence *prompt;  /* when each person is asked, by their own clock; NULL: nobody is */
	int prompt_minute;	    /* its minute after midnight; -1: nobody is asked */
	int remind_minute;	    /* whoever has not answered hears once more; -1: nobody does */
	int feedback_minute;	    /* the managers hear then whom nobody has answered, in the team's zone; -1: they do not */
	unsigned days;		    /* on which a standup is expected, unless the prompt names days */
};

/* How people are left alone; the hours are those of whoever has set none, by their own clock. */
struct config_quiet {
	int from_minute, to_minute; /* after local midnight; the same twice: no quiet hours */
	int messages;		    /* unasked private ones that a person gets at once on a day */
	int digest_minute;	    /* what is more comes then, as one */
};

/* Words in each language; the same in all where the file has but one text. NULL: none. */
struct config_words {
	char *in[LANGUAGE_COUNT];
};

/* A number's limits when there are none. */
enum { CONFIG_NO_LEAST = -1000000000, CONFIG_NO_MOST = 1000000000 };

struct config_question {
	struct config_words ask;
	char *kind;	/* "text", "number", "choice" or "scale" */
	char **options; /* of a choice, NULL-terminated, two at least; else NULL */
	int least, most; /* of a number or a scale, both included */
	gboolean optional;
};

/* A round of the team's own: the same questions again and again. */
struct config_round {
	char *name; /* one word; each once in its team */
	struct config_words title;
	struct config_question **questions; /* NULL-terminated, at least one */
	char **audience; /* NULL-terminated: "team", "@role", or who is meant as in `managers`; empty: the team */
	struct recurrence *schedule; /* when it asks, each person by their own clock */
	/* Minutes after midnight of the day it asks, of later days from 1440 on. */
	int remind_minute; /* -1: nobody is reminded */
	int deadline_minute;
	char *summary;	   /* who reads it: "channel", "manager" or "private" */
	gboolean anonymous;
	gboolean board;
};

struct config_meeting {
	char *name;  /* one word; each once in its team */
	char *kind;  /* "review", "strategy", "clinic", "tea" or "other" */
	struct config_words title; /* nothing: what its kind is called, or its name */
	struct recurrence *schedule; /* when it begins, in the team's zone */
	int minutes;	   /* that it lasts */
	int64_t announce;  /* so long before it is announced; a span as base/span.h has it */
	char **agenda;	   /* NULL-terminated; NULL: its kind's usual one */
	char *link;	   /* where it is held, https://; NULL: not told */
	char **themes;	   /* of a tea party, NULL-terminated: the team chooses one by vote; NULL: no vote */
	int64_t vote;	   /* so long before it the vote begins; a span, longer than `announce` */
};

/* Hours of the day in which the team does one thing first. */
struct config_window {
	char *name; /* one word; each once in its team */
	struct config_words first; /* what is done */
	struct recurrence *schedule; /* when it begins, by each person's own clock */
	int until_minute; /* when it is over, after midnight of the same day */
};

/* Who has a role's duty by turns (rota.h). */
struct config_rota {
	char *role;	   /* in any of its words; each once in its team */
	char *turn;	   /* "week" or "day": a working day */
	char *weekday;	   /* one of calendar_weekdays, on which a week's turn begins */
	int handover_minute; /* minutes after midnight in the team's zone */
	char **people;	   /* NULL-terminated, in their order, as `managers` has them */
	char *from;	   /* YYYY-MM-DD: a day in the first one's turn */
};

struct config_celebrations {
	gboolean enabled;  /* the team has a `celebrations` section */
	int minute;	   /* of the day itself, minutes after the person's own midnight */
	int prepare_days;  /* so many days before, managers and HR hear; 0: nobody does */
	int wish_days;	   /* so many days before, the colleagues are asked for a wish; 0: nobody is */
	char *days_off;	   /* a day that is not worked: "keep" it, or celebrate on the working day "before" or "after" */
	char *party;	   /* when the month's children are invited together, as recurrence_parse reads it; NULL: never */
	gboolean welcome;  /* whoever is new in the channel is welcomed */
};

struct config_team {
	char *name;
	const struct config_workspace *workspace; /* in the same tree; never NULL */
	char *workspace_name;
	char *channel;	 /* a platform's id, or "#name" */
	char **managers; /* NULL-terminated; "@handle" (where there are none: "@name"), an e-mail address (has an @ inside), else a platform's id */
	struct calendar *calendar; /* days off and make-up days of the team, or NULL */
	char *zone;	 /* an IANA name that zone_find knows */
	enum language language;
	struct recurrence *highlights; /* when the day's highlights are shared, in the team's zone; NULL: never */
	char **highlight_stars;	 /* NULL-terminated; names of emojis without colons */
	char *highlight_week;	 /* one of calendar_weekdays, or "never" */
	int highlight_allowance; /* highlights that one person may share on a day */
	struct config_standup standup;
	struct config_round **rounds; /* NULL-terminated, or NULL */
	struct config_celebrations celebrations;
	struct config_meeting **meetings; /* NULL-terminated, or NULL */
	struct config_window **windows; /* NULL-terminated, or NULL */
	struct config_rota **rotas;	  /* NULL-terminated, or NULL */
	char **quick_response;		  /* NULL-terminated, or NULL: channels, as `channel`, where naming a role opens a blocker */
};

/* A step of a policy's ladder: so long after the promise is broken, who hears of it, and how. */
struct config_step {
	int64_t after_s;
	char *clock; /* "working" or "wall" */
	char *to;    /* "owner", "stand-in", "role", "manager" or "managers-manager" */
	char *how;   /* "thread", "direct" or "urgent" */
};

/* CONFIG_SPAN of what is not promised. */
#define CONFIG_NO_SPAN INT64_MIN

/* How soon a team promises an answer; spans as base/span.h has them. */
struct config_policy {
	char *name;
	char *applies; /* to what: "blocker", "stall", "customer" or "feedback" */
	char **teams;  /* NULL-terminated; empty: all */
	int64_t first_response, plan, resolution;
	struct calendar *calendar; /* NULL: the team's */
	char **warn;		   /* NULL-terminated, "80%" */
	struct config_step **ladder; /* NULL-terminated; NULL: the usual one */
	int64_t repeat_s;	   /* between the rings after the ladder's last step */
	int repeat_most;
	char *new_target;   /* open promises under a changed target: "keep" their running time or "reset" */
	char *new_calendar; /* under a changed calendar: for the "whole" of them or "forward" from the change */
};

/* A stage of a deal. */
struct config_stage {
	char *name; /* one word; each once */
	struct config_words title; /* nothing: the name */
	int stall_days; /* a deal that stands in it for more calendar days has stalled; 0: never */
	char *end;	/* "open", "won" or "lost" */
};

struct config_deals {
	char *currency; /* of amounts that name none: three letters, as in ISO 4217 */
	struct config_stage **stages; /* NULL-terminated, in their order; never NULL */
	char *report; /* when each team's report comes, as recurrence_parse reads it; NULL: only when somebody asks */
};

/* A program that may write by the HTTP API. */
struct config_sender {
	char *name;  /* marks what it has written */
	char *token; /* NULL in a configuration without its secrets */
	char **teams; /* NULL-terminated: those it may write to; empty: all */
	int per_minute; /* requests that are answered; as many may come at once */
};

/* The HTTP API. */
struct config_api {
	char *listen; /* "ADDRESS:PORT", numeric, "[::1]:8642" for IPv6; NULL: there is none */
	gboolean exposed; /* an address that other machines reach is meant */
	struct config_sender **senders; /* NULL-terminated, at least one */
};

struct config {
	char *path;	/* of the file, as given */
	char *database; /* absolute path */
	char *default_zone;
	enum language default_language;
	struct config_quiet quiet;
	struct config_workspace **workspaces; /* NULL-terminated, at least one */
	struct config_team **teams;	      /* NULL-terminated, at least one */
	struct config_policy **policies;      /* NULL-terminated, the first that fits wins; NULL: none */
	struct config_deals deals;
	struct config_api api;
	char **warnings;		      /* NULL-terminated; for the log, once */
};

/*
 * Reads and checks the file. problems: an array that frees its items with g_free; a line (char *) is added for each
 * problem, in the order of the file, at most CONFIG_PROBLEM_LIMIT. Returns NULL exactly when there is one.
 */
enum { CONFIG_LIMIT_BYTES = 1024 * 1024, CONFIG_PROBLEM_LIMIT = 100 };
struct config *config_load(const char *path, GPtrArray *problems);
/*
 * The same without the secrets, whose fields are NULL: for commands that only read the database, run by hand where the
 * tokens' variables and files are not at hand.
 */
struct config *config_load_keyless(const char *path, GPtrArray *problems);
/* The same as config_load from memory; path names it in messages and is where relative paths start. */
struct config *config_parse(const char *path, const char *text, gsize length, GPtrArray *problems);
void config_free(struct config *config);

/* Look-ups by name and by place; NULL when there is none. Borrowed from the tree. */
const struct config_workspace *config_workspace(const struct config *config, const char *name);
const struct config_team *config_team(const struct config *config, const char *name);
/* The words in that language; NULL: none are written. */
const char *config_words_in(const struct config_words *words, enum language language);
/* The stage of that name, or that people call so in any language, without regard to case; NULL: none. */
const struct config_stage *config_stage(const struct config *config, const char *words);
const char *config_stage_title(const struct config_stage *stage, enum language language);
/* Whether the sender may write to that team. */
gboolean config_sender_may(const struct config_sender *sender, const char *team);
/* The team whose `channel` is written exactly so in that workspace. */
const struct config_team *config_team_at(const struct config *config, const char *workspace, const char *channel);
