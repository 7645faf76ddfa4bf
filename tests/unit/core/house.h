/* SPDX-License-Identifier: MIT */
/*
 * All of the clerk's half but its thread: a store, people, outbox, schedule and dispatch, with rituals of the
 * test's own. Each house_do is a batch as the clerk makes it; a platform of straw knows no one and answers
 * nothing by itself.
 *
 * Workspaces acme and globex; teams of acme: sales in C1 (members U1 Ana and U2 Bo, manager U9), field in "#field".
 */
#pragma once

#include "core/dispatch.h"

struct house {
	int64_t now_ms;
	struct db *db;
	struct config *config;
	struct texts *texts;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	struct dispatch *dispatch;
	GPtrArray *handed; /* struct outbox_row, not looked at yet */
	GArray *problems;  /* of the last form */
};

struct config *house_config(void);
struct texts *house_texts(void);

/* path: ":memory:" or a file. Rows of an earlier life are recovered, nothing is started. Takes the texts. */
struct house *house_open(const char *path, const struct ritual *const *rituals,
	const struct sql_owner *const *owners, gsize owner_count, struct texts *take_texts);
/* In memory, with the rehearsals and the people. */
struct house *house_new(void);
void house_close(struct house *house);

/* One batch; FALSE when the store failed, all is rolled back then. Takes the event; NULL: only what is due.
 */
gboolean house_try(struct house *house, struct event *take, GError **error);
/* The same, which must succeed. */
void house_do(struct house *house, struct event *take);

struct event *house_event(enum event_kind kind, const char *person, const char *channel);
struct event *house_said(const char *person, const char *channel, const char *text);
/* One person of the directory's. */
struct event *house_people(const char *account, const char *name, const char *channel);

/* What was handed since the last call, "react U… C1 eyes; post …": kind, person, channel, word, text. Caller
 * frees. */
char *house_handed(struct house *house);
void house_expect(struct house *house, const char *handed);
/* The notes kept so far, "a; b". Caller frees. */
char *house_texts_of(struct house *house, const struct sql *query);
void house_expect_notes(struct house *house, const char *notes);
