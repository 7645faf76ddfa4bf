/* SPDX-License-Identifier: MIT */
/*
 * What a meeting begins with: what is known of the time since the last one, a month at most. Other rituals' tables are read by
 * queries of our own, which tell what they hold and no more.
 */
#include "meeting/meeting.h"

#include "base/clock.h"
#include "kit/deal_figures.h"

enum { PERIOD_DAYS = 31, LINES = 5, LINE_LIMIT = 80 }; /* LINE_LIMIT: code points */

/* From the last meeting to this one, its beginning included. */
struct period {
	const struct meeting *m;
	enum language language;
	int64_t from_ms;
	char from[ZONE_DAY_SIZE]; /* its day */
};

static struct period period_of(const struct meeting *m, enum language language)
{
	struct period p = { m, language, m->at_ms - DAYS(PERIOD_DAYS), "" };
	struct meeting before = *m;
	while (meeting_next(&before, p.from_ms) && before.at_ms < m->at_ms)
		p.from_ms = before.at_ms;
	zone_day(m->team->zone, p.from_ms, p.from);
	return p;
}

static const char *team_of(const struct period *p)
{
	return p->m->team->config->name;
}

static const char *name_of(struct turn *t, const struct period *p, gint64 person)
{
	const struct person *found = roster_person_by_id(t->roster, person);
	return found ? found->name : turn_text_in(t, p->language, "meeting.nobody");
}

static const char *plain(struct turn *t, const struct period *p, const char *text)
{
	return turn_literal(t, turn_readable(t, p->m->team->config->workspace_name, text));
}

/* The beginning of somebody's words, in one line. */
static const char *line_of(struct turn *t, const char *text)
{
	const char *line = turn_keep(t, g_strdelimit(g_strdup(text), "\n", ' '));
	if (g_utf8_strlen(line, -1) <= LINE_LIMIT)
		return line;
	g_autofree char *head = g_utf8_substring(line, 0, LINE_LIMIT - 1);
	return turn_keep(t, g_strconcat(head, "…", NULL));
}

/* ---- numbers ---- */

struct share {
	int64_t part, whole;
};

static int percent(struct share share)
{
	return (int)((share.part * 100 + share.whole / 2) / share.whole);
}

static struct share read_share(struct turn *t, struct db_rows *take)
{
	struct share share = { 0 };
	if (db_next(take))
		share = (struct share){ db_int(take, 0), db_int(take, 1) };
	turn_end_take(t, take);
	return share;
}

static const char *share_text(struct turn *t, const struct period *p, struct share share)
{
	return turn_text_in(t, p->language, "meeting.share", TEXT_ARG("percent", percent(share)), TEXT_ARG("part", share.part),
		TEXT_ARG("whole", share.whole));
}

static void put_standups(struct turn *t, struct message *out, const struct period *p)
{
	char before[ZONE_DAY_SIZE];
	zone_day_shift(p->from, -zone_days_between(p->from, p->m->day), before);
	struct share now = read_share(t, turn_query(t, &SQL_MEETING_STANDUPS, ARG_TEXT(team_of(p)), ARG_TEXT((const char *)p->from),
						 ARG_TEXT(p->m->day)));
	struct share then = read_share(t, turn_query(t, &SQL_MEETING_STANDUPS, ARG_TEXT(team_of(p)), ARG_TEXT((const char *)before),
						  ARG_TEXT((const char *)p->from)));
	if (now.whole == 0)
		return;
	const char *text = share_text(t, p, now);
	if (then.whole > 0)
		text = turn_text_in(t, p->language, "meeting.before", TEXT_ARG("now", text), TEXT_ARG("percent", percent(then)));
	message_fact(out, turn_text_in(t, p->language, "meeting.standups"), text);
}

static void put_answers(struct turn *t, struct message *out, const struct period *p, const char *label, int of_standups)
{
	struct share kept = read_share(t, turn_query(t, &SQL_MEETING_PROMISES, ARG_TEXT(team_of(p)), ARG_INT(p->from_ms), ARG_INT(p->m->at_ms),
						  ARG_INT(of_standups)));
	if (kept.whole > 0)
		message_fact(out, turn_text_in(t, p->language, label), share_text(t, p, kept));
}

static void put_promises(struct turn *t, struct message *out, const struct period *p)
{
	put_answers(t, out, p, "meeting.promises", 0);
}

static void put_feedback(struct turn *t, struct message *out, const struct period *p)
{
	put_answers(t, out, p, "meeting.feedback", 1);
}

/* ---- deals ---- */

/* "2 (¥120,000)"; without a sum the number alone. */
static const char *count_text(struct turn *t, const struct period *p, guint count, const GArray *sums)
{
	g_autofree char *sum = deal_sums_text(sums);
	return *sum ? turn_text_in(t, p->language, "meeting.with_sum", TEXT_ARG("count", count), TEXT_ARG("sum", (const char *)sum))
		    : turn_keep(t, g_strdup_printf("%u", count));
}

static void put_figures(struct turn *t, struct message *out, const struct period *p, const struct deal_figures *f)
{
	if (f->open + f->opened + f->moved + f->won + f->lost == 0)
		return;
	message_fact(out, turn_text_in(t, p->language, "meeting.deals"),
		turn_text_in(t, p->language, "meeting.deals_since", TEXT_ARG("won", count_text(t, p, f->won, f->won_sums)),
			TEXT_ARG("lost", count_text(t, p, f->lost, f->lost_sums)), TEXT_ARG("opened", f->opened), TEXT_ARG("moved", f->moved)));
	message_fact(out, turn_text_in(t, p->language, "meeting.pipeline"),
		turn_text_in(t, p->language, "meeting.pipeline_now", TEXT_ARG("open", f->open), TEXT_ARG("stalled", f->stalled)));
}

/* What became of deals since then, and what stands; sums only where nobody else reads them. */
static void put_deals(struct turn *t, struct message *out, const struct period *p)
{
	g_auto(deal_figures_auto) figures = { 0 };
	g_autoptr(GPtrArray) deals =
		turn_ok(t) ? deal_list(t->db, &(struct deal_filter){ .team = team_of(p) }, &t->error) : NULL;
	g_autoptr(GPtrArray) moves = deals ? deal_moves(t->db, team_of(p), p->from_ms, t->now_ms + 1, &t->error) : NULL;
	if (!moves)
		return;
	deal_figures_of(roster_config(t->roster), deals, moves, &(struct deal_span){ 0, p->from_ms, t->now_ms }, &figures);
	if (!deal_shows_sums(t->roster, p->m->team))
		deal_figures_drop_sums(&figures);
	put_figures(t, out, p, &figures);
}

/* ---- lists ---- */

static void put_heading(struct turn *t, struct message *out, const struct period *p, const char *key, int64_t count)
{
	message_paragraph(out);
	message_bold(out, turn_text_in(t, p->language, key, TEXT_ARG("count", count)));
}

static void put_highlights(struct turn *t, struct message *out, const struct period *p)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_HIGHLIGHTS, ARG_TEXT(team_of(p)), ARG_TEXT((const char *)p->from), ARG_TEXT(p->m->day));
	for (int i = 0; i < LINES && db_next(rows); i++) {
		if (i == 0)
			put_heading(t, out, p, "meeting.highlights", db_int(rows, 3));
		message_item(out, turn_text_in(t, p->language, "meeting.highlight", TEXT_ARG("name", name_of(t, p, db_int(rows, 0))),
					  TEXT_ARG("text", line_of(t, plain(t, p, db_text(rows, 1)))), TEXT_ARG("voices", db_int(rows, 2))));
	}
	turn_end(t, rows);
}

static void put_blockers(struct turn *t, struct message *out, const struct period *p)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_BLOCKERS, ARG_TEXT(team_of(p)));
	for (int i = 0; i < LINES && db_next(rows); i++) {
		if (i == 0)
			put_heading(t, out, p, "meeting.blockers", db_int(rows, 4));
		message_item(out, turn_text_in(t, p->language, "meeting.blocker", TEXT_ARG("number", db_int(rows, 0)),
					  TEXT_ARG("text", line_of(t, db_text(rows, 1))), TEXT_ARG("name", name_of(t, p, db_int(rows, 2))),
					  TEXT_ARG("days", (p->m->at_ms - db_int(rows, 3)) / DAYS(1))));
	}
	turn_end(t, rows);
}

static void put_actions(struct turn *t, struct message *out, const struct period *p)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_OPEN_ACTIONS, ARG_TEXT(team_of(p)));
	for (int i = 0; i < LINES && db_next(rows); i++) {
		if (i == 0)
			put_heading(t, out, p, "meeting.actions", db_int(rows, 4));
		message_item(out, meeting_action_line(t, db_int(rows, 0), line_of(t, db_text(rows, 1)), name_of(t, p, db_int(rows, 2)),
					  turn_keep(t, g_strdup(db_text(rows, 3))), p->language));
	}
	turn_end(t, rows);
}

static void (*const parts[])(struct turn *t, struct message *out, const struct period *p) = {
	put_standups,
	put_promises,
	put_feedback,
	put_deals,
	put_highlights,
	put_blockers,
	put_actions,
};

struct message *meeting_beginning(struct turn *t, const struct meeting *m)
{
	struct period p = period_of(m, turn_team_language(t, m->team));
	struct message *out = message_new();
	message_title(out, turn_text_in(t, p.language, "meeting.begins", TEXT_ARG("title", meeting_title(t, m, p.language)),
				   TEXT_ARG("team", team_of(&p))));
	meeting_put_link(t, out, m, p.language);
	if (strcmp(m->config->kind, "tea") == 0)
		return out;
	message_say(out, turn_text_in(t, p.language, "meeting.since", TEXT_ARG("day", turn_day_text(t, p.from, p.language))));
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		parts[i](t, out, &p);
	return out;
}
