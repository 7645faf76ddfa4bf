/* SPDX-License-Identifier: MIT */
#include "sla/sla.h"

#include "kit/response.h"
#include "response_sql.h"
#include "sla_texts.h"

/* ---- what the words of a report ask for ---- */

/* What people call the kinds of promises, where no policy has a name of its own. */
static const struct {
	const char *word, *applies;
} kinds[] = {
	{ "blocker", "blocker" }, { "卡点", "blocker" }, { "stall", "stall" }, { "商机", "stall" },
	{ "customer", "customer" }, { "客户", "customer" }, { "feedback", "feedback" }, { "反馈", "feedback" },
};

/* The kind of promises that the word names, or NULL. */
static const char *kind_of(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].word, word) == 0)
			return kinds[i].applies;
	return NULL;
}

/* A policy's name may be of several words: how much of the text it takes; 0: none is named. */
static gsize policy_at(const struct turn *t, const char *text, const char **policy)
{
	gsize longest = 0;
	const struct config *config = roster_config(t->roster);
	for (struct config_policy **p = config->policies; p && *p; p++) {
		gsize length = strlen((*p)->name);
		if (length > longest && g_str_has_prefix(text, (*p)->name) && (!text[length] || text[length] == ' ')) {
			longest = length;
			*policy = (*p)->name;
		}
	}
	return longest;
}

/* FALSE: the word means nothing. */
static gboolean read_word(struct turn *t, struct sla_question *q, const char *word)
{
	static const char *const weeks[] = { "week", "周", "本周", NULL }, *const months[] = { "month", "月", "本月", NULL };
	static const char *const managers[] = { "manager", "主管", NULL };
	const struct team *team = roster_team(t->roster, word);
	const struct person *owner = *word == '@' || g_str_has_prefix(word, "<@") ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	const char *policy = team ? NULL : kind_of(word);
	gboolean week = g_strv_contains(weeks, word), month = g_strv_contains(months, word), manager = g_strv_contains(managers, word);
	q->month = month || (q->month && !week);
	q->manager = q->manager || manager;
	q->owner = owner ? owner : q->owner;
	q->team = team ? team : q->team;
	q->policy = policy ? policy : q->policy;
	return week || month || manager || owner || team || policy;
}

/* NULL: all was understood; else the word that was not. */
static const char *read_question(struct turn *t, struct sla_question *q, const char *rest)
{
	while (*rest) {
		gsize length = policy_at(t, rest, &q->policy);
		rest += length + strspn(rest + length, " ");
		const char *word = length ? "" : turn_next_word(t, &rest);
		if (!length && !read_word(t, q, word))
			return word;
	}
	return NULL;
}

/* A team's figures are its members' and managers'; a person's are theirs and their managers'. */
static gboolean may_see(const struct turn *t, const struct sla_question *q)
{
	if (q->owner && q->owner != t->person)
		return turn_leads(t, q->owner);
	return roster_is_member(q->team, t->person) || turn_is_manager(t, q->team);
}

static void report(struct turn *t, struct sla_question *q)
{
	if (!q->team)
		turn_whisper(t, turn_text(t, "sla.no_team"));
	else if (!may_see(t, q))
		turn_whisper(t, turn_text(t, "sla.not_yours"));
	else {
		q->from_ms = sla_since(t, q->team, q->month);
		turn_private(t, sla_report(t, q));
	}
}

/* One's own, or of somebody whom one leads; the manager has been told first, in private. */
static void report_manager(struct turn *t, const struct sla_question *q)
{
	const struct person *who = q->owner ? q->owner : t->person;
	gboolean may = who == t->person || turn_leads(t, who);
	struct message *m = may ? sla_manager_report(t, who, q->month, turn_language(t)) : NULL;
	if (m)
		turn_private(t, m);
	else
		turn_whisper(t, may ? turn_text(t, "sla.leads_nothing", TEXT_ARG("name", who->name)) : turn_text(t, "sla.not_yours"));
}

static void asked(struct turn *t, const struct event *event, const char *rest)
{
	struct sla_question q = { .team = t->team };
	(void)event;
	const char *wrong = read_question(t, &q, rest);
	if (wrong)
		turn_whisper(t, turn_text(t, "sla.how", TEXT_ARG("word", wrong)));
	else if (q.manager)
		report_manager(t, &q);
	else
		report(t, &q);
}

/* "12", "#12": a promise; "blocker 3", "卡点 #3": all on that subject. gint64, caller unrefs. */
static GArray *read_ids(struct turn *t, const char *rest)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	const char *applies = kind_of(turn_next_word(t, &(const char *){ rest }));
	const struct ritual *ritual = applies ? sla_ritual(t, applies) : NULL;
	if (applies)
		turn_next_word(t, &rest);
	const char *number = turn_next_word(t, &rest);
	number += *number == '#';
	struct db_rows *rows = ritual ? turn_query(t, &SQL_RESPONSE_OPEN_OF, ARG_TEXT(ritual->name), ARG_TEXT(number)) : NULL;
	while (rows && db_next(rows))
		g_array_append_vals(ids, &(gint64){ db_int(rows, 0) }, 1);
	if (rows)
		turn_end(t, rows);
	else
		g_array_append_vals(ids, &(gint64){ g_ascii_strtoll(number, NULL, 10) }, 1);
	return ids;
}

static void explain(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	g_autoptr(GArray) ids = read_ids(t, rest);
	struct message *m = sla_explain(t, ids);
	if (m)
		turn_private(t, m);
	else
		turn_whisper(t, turn_text(t, "sla.no_such"));
}

/* ---- what wakes it ---- */

static void start(struct turn *t)
{
	sla_plan_managers(t);
	sla_plan_check(t);
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "explain", "说明", NULL }, .help = "sla.help_explain", .only_tells = TRUE, .run = explain },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "sla", "时效", NULL }, .help = "sla.help", .only_tells = TRUE, .run = asked, .subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "managers", .run = sla_managers_due },
	{ .kind = EVENT_DUE, .word = "check", .run = sla_check_due },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "sla", .title = "sla.topic" },
	{ 0 },
};

const struct ritual ritual_sla = {
	.name = "sla",
	.title = "sla.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_sla,
	.start = start,
	.rings = sla_rings,
};
