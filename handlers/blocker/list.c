/* SPDX-License-Identifier: MIT */
/* The open blockers: one's own, a team's, or of all teams that are one's to see. */
#include "blocker/blocker.h"

#include "blocker_sql.h"
#include "blocker_texts.h"
#include "team/roles.h"

enum { LINES_MOST = 40 };
enum which { MINE, TEAM, ALL };

gboolean blocker_may_see(const struct turn *t, const struct blocker *b)
{
	return b->by == t->person || b->owner == t->person || blocker_may_see_team(t, b->team);
}

gboolean blocker_may_see_team(const struct turn *t, const struct team *team)
{
	return roster_is_member(team, t->person) || turn_is_manager(t, team) || roster_has_role(t->person, ROLE_CEO);
}

static const char *line_text(struct turn *t, const struct team *team, const struct blocker *b, enum which which)
{
	return turn_text(t, which == TEAM ? "blocker.line" : "blocker.line_of_team", TEXT_ARG("team", team->config->name),
		TEXT_ARG("number", b->id), TEXT_ARG("text", b->text),
		TEXT_ARG("owner", b->owner ? b->owner->name : turn_text(t, "blocker.nobody")),
		TEXT_ARG("age", response_age_text(t, team, b->opened_ms, turn_language(t))));
}

/* A team's lines, or of them the person's own; how many there are, shown or not. */
static guint add_team(struct turn *t, struct message *m, const struct team *team, enum which which, guint before)
{
	guint count = 0;
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_OPEN, ARG_TEXT(team->config->name));
	while (db_next(rows)) {
		const struct blocker b = { .id = db_int(rows, 0),
			.text = turn_keep(t, g_strdup(db_text(rows, 1))),
			.owner = db_is_null(rows, 2) ? NULL : roster_person_by_id(t->roster, db_int(rows, 2)),
			.opened_ms = db_int(rows, 3),
			.by = roster_person_by_id(t->roster, db_int(rows, 4)) };
		if (which == MINE && b.owner != t->person && b.by != t->person)
			continue;
		if (before + count++ < LINES_MOST)
			message_item(m, line_text(t, team, &b, which));
	}
	turn_end(t, rows);
	return count;
}

/* What is one's own may be in any team; of the others those count that one is in or leads. */
static gboolean is_listed(const struct turn *t, const struct team *team, enum which which)
{
	if (strcmp(team->config->workspace_name, t->event->place.workspace) != 0)
		return FALSE;
	return which == MINE || (which == TEAM ? team == t->team : blocker_may_see_team(t, team));
}

static void list(struct turn *t, enum which which)
{
	static const char *const titles[] = { [MINE] = "blocker.mine_title", [TEAM] = "blocker.team_title", [ALL] = "blocker.all_title" };
	guint count = 0;
	g_autoptr(message_auto) m = message_new();
	if (!t->team || !blocker_may_see_team(t, t->team)) {
		turn_whisper(t, turn_text(t, "blocker.no_team"));
		return;
	}
	message_title(m, turn_text(t, titles[which], TEXT_ARG("team", t->team->config->name)));
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		if (is_listed(t, *team, which))
			count += add_team(t, m, *team, which, count);
	if (count > LINES_MOST)
		message_context(m, turn_text(t, "blocker.more", TEXT_ARG("count", count - LINES_MOST)));
	if (count > 0)
		turn_private(t, g_steal_pointer(&m));
	else
		turn_whisper(t, turn_text(t, "blocker.none_open"));
}

gboolean blocker_list_named(struct turn *t, const char *word)
{
	static const struct {
		const char *words[5];
		enum which which;
	} names[] = { { { "mine", "我的" }, MINE }, { { "team", "团队", "list", "列表" }, TEAM }, { { "all", "全部" }, ALL } };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_strv_contains(names[i].words, word)) {
			list(t, names[i].which);
			return TRUE;
		}
	return FALSE;
}

void blocker_list_command(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	if (!blocker_list_named(t, rest))
		list(t, TEAM);
}

guint blocker_held(struct turn *t, const struct person *gone, enum language language, struct message *m)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_OF_OWNER, ARG_INT(gone->id));
	while (db_next(rows))
		g_ptr_array_add(keys, (gpointer)turn_keep(t, g_strdup(db_text(rows, 0))));
	turn_end(t, rows);
	for (guint i = 0; i < keys->len; i++) {
		const char *title = blocker_promises.title(t, keys->pdata[i], language);
		message_item(m, title ? title : keys->pdata[i]);
	}
	return keys->len;
}
