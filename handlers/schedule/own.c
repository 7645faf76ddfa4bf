/* SPDX-License-Identifier: MIT */
/* Anybody's own day: how many unasked messages went, and what became of the others. It shows them to nobody else. */
#include "schedule/schedule.h"

#include "core/nudge.h"

/* In the order of their lines. */
static const struct {
	enum quiet_fate fate;
	const char *text;
} lines[] = {
	{ QUIET_SENT, "schedule.own_sent" },
	{ QUIET_WAITS, "schedule.own_waits" },
	{ QUIET_DIGEST, "schedule.own_digest" },
	{ QUIET_LISTED, "schedule.own_listed" },
	{ QUIET_MUTED, "schedule.own_muted" },
	{ QUIET_REPEATED, "schedule.own_repeated" },
	{ QUIET_LATE, "schedule.own_late" },
	{ QUIET_SETTLED, "schedule.own_settled" },
};

/* "standup, birthday ×3" of one fate; "" when there is none. */
static const char *topics_of(struct turn *t, const GArray *all, enum quiet_fate fate)
{
	GString *topics = g_string_new(NULL);
	for (guint i = 0; i < all->len; i++) {
		const struct nudge_fate *one = &g_array_index(all, struct nudge_fate, i);
		if (one->fate != fate)
			continue;
		g_string_append_printf(topics, "%s%s", topics->len ? ", " : "", nudge_title(t, turn_language(t), one->topic));
		if (one->count > 1)
			g_string_append_printf(topics, " ×%" G_GINT64_FORMAT, one->count);
	}
	return turn_keep(t, g_string_free(topics, FALSE));
}

static int64_t count_sent(const GArray *all)
{
	int64_t sent = 0;
	for (guint i = 0; i < all->len; i++) {
		const struct nudge_fate *one = &g_array_index(all, struct nudge_fate, i);
		sent += one->fate == QUIET_SENT ? one->counted : 0;
	}
	return sent;
}

void schedule_own_day(struct turn *t)
{
	const struct config_quiet *rules = &roster_config(t->roster)->quiet;
	g_autofree char *digest = g_strdup_printf("%02d:%02d", rules->digest_minute / 60, rules->digest_minute % 60);
	g_autoptr(GArray) all = nudge_today(t, t->person);
	struct message *m = message_new();
	message_title(m, turn_text(t, "schedule.own_title"));
	message_say(m, turn_text(t, "schedule.own_count", TEXT_ARG("sent", count_sent(all)), TEXT_ARG("most", rules->messages)));
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		const char *topics = topics_of(t, all, lines[i].fate);
		if (*topics)
			message_item(m, turn_text(t, lines[i].text, TEXT_ARG("topics", topics), TEXT_ARG("time", (const char *)digest)));
	}
	turn_private(t, m);
}
