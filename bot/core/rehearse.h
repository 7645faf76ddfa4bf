/* SPDX-License-Identifier: MIT */
/*
 * A rehearsal: days that are to come, played at once on a copy of the store. The clock goes from job to job; each wakes its
 * ritual as ever, and what it would send is shown instead and counts as sent. People do nothing meanwhile.
 *
 * What the copy had on its way to a platform already is left out. Thread: one, which owns the database; no network, no loop.
 */
#pragma once

#include "core/ritual.h"

struct rehearsal_setup {
	struct db *db; /* the copy's writer, migrated; it changes */
	const struct config *config;
	const struct texts *texts;
	const struct ritual *const *rituals;
	int64_t from_ms, until_ms; /* UTC; what is due at from_ms and before rings at from_ms */
	/* Each row that would be handed to a platform, at that instant. Both borrowed. */
	void (*shown)(gpointer data, const struct roster *roster, const struct outbox_row *row, int64_t at_ms);
	/* Whether to end now, asked again and again; NULL: never. */
	gboolean (*stopped)(gpointer data);
	gpointer data;
};

/* FALSE when the store failed, when rituals ring without an end, or when it was stopped. */
gboolean rehearse(const struct rehearsal_setup *setup, GError **error);
