/* SPDX-License-Identifier: MIT */
/*
 * The whole of it over real sockets: the sandbox in this process, and before it the program as a process of its own
 * (`belltower run`), or the bot in this process with a clock that is moved.
 *
 *	struct flow *f = flow_new(&(struct flow_setup){ .people = 3, .channels = (const char *[]){ "sales", NULL } });
 *	flow_configure(f, "");
 *	flow_start(f);				or flow_start_here(f)
 *	FLOW_UNTIL(f, flow_is_live(f));
 *	ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
 *	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts));
 *	flow_free(f);
 *
 * People are called p0, p1, …; each channel's team has the channel's name, speaks English and lives where it is about noon
 * now, so that no day ends during a test. Waiting is always for a condition, for at most FLOW_PATIENCE_S; a wait in vain
 * shows the bot's log, and FLOW_KEEP=1 leaves the folder with it. Only processes that were started here are ended.
 *
 * Thread: the loop, the default main context.
 */
#pragma once

#include <gio/gio.h>

#include "base/clock.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

enum { FLOW_PATIENCE_S = 60 };

/* A test with the file's set_up, which finds in *state whether it is on Feishu, and its tear_down. */
#define FLOW_ON_SLACK(name)  { #name " on Slack", name, set_up, tear_down, GINT_TO_POINTER(FALSE) }
#define FLOW_ON_FEISHU(name) { #name " on Feishu", name, set_up, tear_down, GINT_TO_POINTER(TRUE) }
#define FLOW_ON_BOTH(name)   FLOW_ON_SLACK(name), FLOW_ON_FEISHU(name)

#define FLOW_STANDUP "Yesterday: closed 2 deals\nToday: call 15 new leads\nRisks: none"

struct flow_setup {
	guint people;
	const char *const *channels; /* names without #; person i is in channel i modulo their number */
	const char *cert_file, *key_file; /* PEM; NULL: no TLS */
	gboolean frozen;	     /* the clocks stand still until they are moved: for a bot in this process */
	gboolean rate_limits;	     /* the platform's own, on both sides; FALSE: none, and nothing is gathered */
	gboolean feishu;	     /* the bot's workspace is one of Feishu; FALSE: of Slack */
	const char *zone;	     /* where all live; NULL: where it is about noon now */
};

struct flow {
	struct clock *clock, *bot_clock; /* the sandbox's; the bot's when it runs here */
	struct lws_loop *lws;
	struct sandbox *sandbox;
	struct app *app; /* the bot, when it runs here */
	GSubprocess *bot;
	gboolean ended;	     /* the process, since flow_start */
	guint64 file_limit;  /* of the next process: the largest file it may write, in bytes; 0: no limit */
	const char *const *environment; /* of the next process, over ours: NAME, VALUE, …, NULL; NULL: none */
	char *folder, *config, *database, *left, *log;
	char *zone;
	char **channels;
	gboolean rate_limits, feishu;
	int connections; /* the bot's, as the sandbox counts */
	/* What went over the wire, as the sandbox saw it. */
	GHashTable *envelopes; /* an envelope's or event's id → key: a message's ts, a command's text */
	GHashTable *acked;     /* keys whose acknowledgement reached the sandbox, also one that it lost then */
	GHashTable *answered;  /* ids of all acknowledgements */
	GHashTable *posted;    /* a post's metadata or uuid → the message it became */
	char *posted_twice;    /* the first of them that became a second message; NULL: none */
	GHashTable *calls;     /* method → how many calls of it were answered */
	guint lost_acks, refusals; /* refusals: calls answered 429 */
	/* Every delta of the sandbox; NULL: nobody looks. Must not act from inside. */
	void (*observe)(const cJSON *delta, gpointer data);
	gpointer data;
};

struct flow *flow_new(const struct flow_setup *setup);
/* Kills what still runs, removes the folder. */
void flow_free(struct flow *f);
/* With all that is in it. */
void flow_remove_folder(const char *folder);

/* Writes the configuration; `workspace`: further lines of it, each "    key: value\n". */
void flow_configure(struct flow *f, const char *workspace);
/* One program for two sandboxes: the workspaces are acme and other, each p0 an operator. Their channels must have different names. */
void flow_configure_both(struct flow *f, const struct flow *other);
/* Writes any text in its place. */
void flow_write_config(struct flow *f, const char *text);
/* The configuration of flow_configure. The caller frees. */
char *flow_config_text(const struct flow *f, const char *workspace);

/* ---- the bot ---- */

void flow_start(struct flow *f);
void flow_signal(struct flow *f, int number);
/* Waits until the process has ended: its exit code; minus the signal that ended it. */
int flow_ended(struct flow *f);
/* SIGTERM and flow_ended. */
int flow_stop(struct flow *f);
/* kill -9; returns when it has ended and the sandbox has read all that it had sent. */
void flow_kill(struct flow *f);
gboolean flow_is_live(const struct flow *f);
/* Whether the process has logged this since flow_new. */
gboolean flow_logged(const struct flow *f, const char *text);

/* The bot in this process, with bot_clock; only in a flow whose clocks are frozen. */
void flow_start_here(struct flow *f);
void flow_stop_here(struct flow *f);
/* Moves both hands of both clocks in steps of at most `step_ms`, and lets arrive what each sets off. */
void flow_pass(struct flow *f, int64_t ms, int64_t step_ms);

/* The program with these arguments, to its end: its exit code. out, err: what it wrote, the caller frees; NULL: not asked. */
int flow_program(struct flow *f, char **out, char **err, const char *argument, ...) G_GNUC_NULL_TERMINATED;

/* ---- people ---- */

/* An act of the sandbox that must succeed, with ' for ". The caller frees. */
cJSON *flow_act(struct flow *f, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The ts. The caller frees. */
char *flow_say(struct flow *f, const char *who, const char *channel, const char *text);
/* The channel of the direct messages with the bot. The caller frees. */
char *flow_direct(struct flow *f, const char *who);

/* ---- what stands ---- */

/* By what name the bot knows a message. The caller frees. */
char *flow_id(const struct flow *f, const char *channel, const char *ts);
/* The messages of a channel as the page sees them: "#name" or id. The caller frees. */
cJSON *flow_messages(const struct flow *f, const char *channel);
/* Those that the bot posted for all to see. */
guint flow_bot_posts(const struct flow *f, const char *channel);
guint flow_calls(const struct flow *f, const char *method);
gboolean flow_is_acknowledged(const struct flow *f, const char *key);
/* Fails when a post of the bot stands twice, told by the row's number in its metadata or uuid. */
void flow_check_posted_once(const struct flow *f);
/* Whether the bot has put its ✅ on a message (of flow_messages), once; and on the one of this ts. */
gboolean flow_is_checked(const cJSON *message);
gboolean flow_is_accepted(const struct flow *f, const char *channel, const char *ts);
/* The first number that a statement gives, in the database as it is committed now; -1: no database or row yet. */
int64_t flow_number(const struct flow *f, const char *sql);
/* Runs a statement in the database while no bot does. */
void flow_change(struct flow *f, const char *sql);
/* Copies the files that a process has left, as they are, to where the next two look; no other process touches them. */
void flow_take_left(struct flow *f);
int64_t flow_left_number(const struct flow *f, const char *sql);
/* The texts of the first column, one for each row. The caller unrefs. */
GPtrArray *flow_left_texts(const struct flow *f, const char *sql);

/* ---- waiting ---- */

/* One turn of the loop, `wait_ms` at most. */
void flow_turn(int wait_ms);
void flow_show_log(const struct flow *f);

#define FLOW_UNTIL(f, condition)                                                                                    \
	do {                                                                                                        \
		gint64 flow_end_ = g_get_monotonic_time() + (gint64)FLOW_PATIENCE_S * G_USEC_PER_SEC;               \
		while (!(condition)) {                                                                              \
			flow_turn(20);                                                                              \
			if (g_get_monotonic_time() > flow_end_) {                                                   \
				flow_show_log(f);                                                                   \
				fail_msg("waited in vain for: %s", #condition);                                     \
			}                                                                                           \
		}                                                                                                   \
	} while (0)

/*
 * The same in moved time, for ten minutes of it, and a minute of real time: a request that nobody answers ends by libcurl's
 * own clock.
 */
#define FLOW_PASS_UNTIL(f, condition)                                                                               \
	do {                                                                                                        \
		int flow_seconds_ = 0;                                                                              \
		gint64 flow_end_ = g_get_monotonic_time() + (gint64)FLOW_PATIENCE_S * G_USEC_PER_SEC;               \
		for (flow_pass(f, 0, 1); !(condition); flow_pass(f, 1000, 500)) {                                   \
			if (++flow_seconds_ > 600)                                                                  \
				flow_turn(100);                                                                     \
			if (flow_seconds_ > 600 && g_get_monotonic_time() > flow_end_)                              \
				fail_msg("ten minutes passed in vain for: %s", #condition);                         \
		}                                                                                                   \
	} while (0)
