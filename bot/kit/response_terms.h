/* SPDX-License-Identifier: MIT */
/*
 * The terms of a promise: what a policy says of one target, with its calendar, as they were when they came to count. They are
 * kept whole in the store, so that a verdict can be found again whatever the configuration says later.
 *
 * The policy is the first of the configuration that applies to that kind of thing and that team; without one the usual
 * promises hold (a table in response_terms.c). Immutable once made; any thread.
 */
#pragma once

#include "kit/response_clock.h"
#include "team/config.h"

#include "base/banned.h"

enum response_target { RESPONSE_FIRST, RESPONSE_PLAN, RESPONSE_SOLUTION, RESPONSE_TARGETS };
/* Who hears. */
enum response_whom { RESPONSE_OWNER, RESPONSE_STAND_IN, RESPONSE_ROLE, RESPONSE_MANAGER, RESPONSE_MANAGERS_MANAGER, RESPONSE_WHOM_COUNT };
enum response_how { RESPONSE_THREAD, RESPONSE_DIRECT, RESPONSE_URGENT, RESPONSE_HOW_COUNT };

/* A step of the ladder. */
struct response_rung {
	struct response_step step;
	enum response_whom whom;
	enum response_how how;
};

struct response_terms {
	char *policy; /* its name; "" for the usual promises */
	int64_t span; /* the target, as base/span.h has it */
	const struct calendar *calendar; /* the configuration's, which must outlive these terms, or `own` */
	struct calendar *own;
	char *hours; /* the calendar as its file would say it: by this two are compared */
	int warn[5]; /* per cent, in the policy's order */
	guint warn_count;
	GArray *ladder; /* struct response_rung */
	int64_t repeat_s;
	int repeat_most;
	enum response_reopen reopen;
	gboolean afresh; /* another target later begins the clock anew */
	gboolean onward; /* another calendar later counts from then on */
};

/* "first_response", "plan", "resolution": in the configuration and in the store. */
const char *response_target_name(enum response_target target);
gboolean response_target_read(const char *name, enum response_target *out);
/* "owner", "stand-in", …: in the configuration and in the store. */
const char *response_whom_name(enum response_whom whom);

/* The terms that count now; NULL: nothing is promised. applies: "blocker", "stall", "customer", "feedback". */
struct response_terms *response_terms_now(const struct config *config, const struct config_team *team, GTimeZone *zone,
	const char *applies, enum response_target target);
void response_terms_free(struct response_terms *terms);
/* Nine to six, Monday to Friday: of a team whose hours are not told. Caller frees. */
struct calendar *response_plain_week(GTimeZone *zone);
/* The promise that begins at that instant; the calendar stays the terms'. */
struct response_promise response_terms_promise(const struct response_terms *terms, int64_t start_ms);

/*
 * What other terms change for an open promise's clock, in order: RESPONSE_RETARGET, RESPONSE_RECALENDAR, both or none; gives how
 * many, their instants are the caller's. Calendar days and working time are different promises: an open one keeps what it has.
 */
guint response_terms_change(const struct response_terms *old, const struct response_terms *now, struct response_event out[2]);

/* As text, the same for the same terms; caller frees. And back; NULL with the error. */
char *response_terms_print(const struct response_terms *terms);
struct response_terms *response_terms_parse(const char *text, GError **error);

typedef struct response_terms response_terms_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(response_terms_auto, response_terms_free)
