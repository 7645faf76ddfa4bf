/* SPDX-License-Identifier: MIT */
/* What rings for a promise, when, and who hears it. */
#include "kit/response_private.h"

#include "base/zone.h"
#include "response_sql.h"

/* One thing that may ring: a warning, a step of the ladder, or a repetition of its last one. */
struct bell {
	gboolean warning;
	guint step, again;
	int64_t planned_ms; /* RESPONSE_NEVER: unknown, or never */
	gboolean rang;	    /* or was passed over */
};

/* ---- which there are ---- */

static guint cycle_of(const struct response *r)
{
	guint count;
	response_clock_cycles(r->clock, &count);
	return count;
}

static const struct response_rung *rung_of(const struct response *r, guint step)
{
	return &g_array_index(r->terms->ladder, struct response_rung, step);
}

static void add_bells(const struct response *r, GArray *bells)
{
	const struct response_terms *terms = r->terms;
	for (guint i = 0; i < terms->warn_count; i++)
		g_array_append_vals(bells, &(struct bell){ TRUE, i, 0, response_clock_warning(r->clock, terms->warn[i]), FALSE }, 1);
	for (guint i = 0; i < terms->ladder->len; i++)
		g_array_append_vals(bells, &(struct bell){ FALSE, i, 0, response_clock_step(r->clock, &rung_of(r, i)->step), FALSE }, 1);
	if (terms->ladder->len == 0 || terms->repeat_s <= 0)
		return;
	struct response_step last = rung_of(r, terms->ladder->len - 1)->step;
	for (guint k = 1; k <= (guint)terms->repeat_most; k++) {
		last.after_s += terms->repeat_s;
		struct bell bell = { FALSE, terms->ladder->len - 1, k, response_clock_step(r->clock, &last), FALSE };
		g_array_append_val(bells, bell);
	}
}

static void mark_rung(GArray *bells, gboolean warning, guint step, guint again)
{
	for (guint i = 0; i < bells->len; i++) {
		struct bell *bell = &g_array_index(bells, struct bell, i);
		if (bell->warning == warning && bell->step == step && bell->again == again)
			bell->rang = TRUE;
	}
}

/* All bells of this cycle, in the order in which they are to ring. */
static GArray *bells_of(struct turn *t, const struct response *r)
{
	GArray *bells = g_array_new(FALSE, FALSE, sizeof(struct bell));
	add_bells(r, bells);
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_RANG, ARG_INT(r->id), ARG_INT(cycle_of(r)));
	while (db_next(rows))
		mark_rung(bells, strcmp(db_text(rows, 0), "warning") == 0, (guint)db_int(rows, 1), (guint)db_int(rows, 2));
	turn_end(t, rows);
	return bells;
}

/* When it is heard: nobody is shouted at in closed hours, unless the policy works at all hours. */
static int64_t heard_ms(const struct response *r, int64_t planned_ms)
{
	struct calendar_span span;
	if (calendar_is_always(r->terms->calendar))
		return planned_ms;
	return calendar_next(r->terms->calendar, planned_ms, &span) ? span.open_ms : planned_ms;
}

int64_t response_next_ring(const struct response_case *c)
{
	int64_t next_ms = RESPONSE_NEVER;
	g_autoptr(GArray) bells = bells_of(c->t, c->r);
	for (guint i = 0; i < bells->len; i++) {
		const struct bell *bell = &g_array_index(bells, struct bell, i);
		if (bell->rang || bell->planned_ms == RESPONSE_NEVER)
			continue;
		/* Due is still in time; it is broken after it. */
		int64_t at_ms = heard_ms(c->r, bell->planned_ms) + (bell->warning ? 0 : 1);
		if (next_ms == RESPONSE_NEVER || at_ms < next_ms)
			next_ms = at_ms;
	}
	return next_ms;
}

/* ---- who hears ---- */

static const struct person *owner_of(const struct response_case *c)
{
	return c->r->owner ? roster_person_by_id(c->t->roster, c->r->owner) : NULL;
}

/* The manager of whoever owns it; of what nobody owns, the team's. */
static const struct person *manager_of(const struct response_case *c)
{
	const struct person *owner = owner_of(c), *manager = owner ? roster_manager(c->t->roster, owner) : NULL;
	return manager ? manager : roster_team_manager(c->t->roster, c->team);
}

/* Whether a ring of this cycle has reached the person. */
static gboolean has_heard(const struct response_case *c, const struct person *person)
{
	gboolean heard = FALSE;
	struct db_rows *rows = turn_query(c->t, &SQL_RESPONSE_RANG, ARG_INT(c->r->id), ARG_INT(cycle_of(c->r)));
	while (db_next(rows)) {
		g_auto(GStrv) ids = g_strsplit(db_text(rows, 6), ";", -1);
		for (char **id = ids; *id; id++)
			heard = heard || g_ascii_strtoll(*id, NULL, 10) == person->id;
	}
	turn_end(c->t, rows);
	return heard;
}

/* Whoever is above the manager; the manager, where nobody is, who has come into the place of one who has left and knows nothing. */
static const struct person *above(const struct response_case *c)
{
	const struct person *manager = manager_of(c), *next = manager ? roster_manager(c->t->roster, manager) : NULL;
	return next || !manager || has_heard(c, manager) ? next : manager;
}

static void add_role(const struct response_case *c, gboolean without_owner, GPtrArray *out)
{
	const char *role = c->r->role;
	if (!*role)
		return;
	g_autoptr(GPtrArray) holders = c->kind->people ? c->kind->people(c->t, c->team, role, !without_owner)
						       : roster_holders(c->t->roster, c->team->config->workspace_name, role, c->team);
	for (guint i = 0; i < holders->len; i++)
		if (holders->pdata[i] != owner_of(c))
			g_ptr_array_add(out, holders->pdata[i]);
}

static void add_one(GPtrArray *out, const struct person *person)
{
	if (person)
		g_ptr_array_add(out, (gpointer)person);
}

/* Whom the step means, there or not. */
static GPtrArray *meant(const struct response_case *c, enum response_whom whom)
{
	GPtrArray *out = g_ptr_array_new();
	switch (whom) {
	case RESPONSE_OWNER:
		add_one(out, owner_of(c));
		if (out->len == 0)
			add_role(c, FALSE, out);
		break;
	case RESPONSE_STAND_IN: /* who else holds the role */
		add_role(c, TRUE, out);
		break;
	case RESPONSE_ROLE:
		add_role(c, FALSE, out);
		break;
	case RESPONSE_MANAGER:
		add_one(out, manager_of(c));
		break;
	case RESPONSE_MANAGERS_MANAGER:
		add_one(out, above(c));
		break;
	case RESPONSE_WHOM_COUNT:
		break;
	}
	return out;
}

/* Who of them can hear it now: themselves or their stand-ins. *why: "" or what kept all of them. */
static GPtrArray *hearers(const struct response_case *c, enum response_whom whom, const char **why)
{
	g_autoptr(GPtrArray) all = meant(c, whom);
	GPtrArray *out = g_ptr_array_new();
	for (guint i = 0; i < all->len; i++) {
		const struct person *person = all->pdata[i];
		if (!roster_is_active(person) || !roster_account(c->team->config->workspace_name, person))
			continue;
		const struct person *hears = turn_reach(c->t, person, c->team);
		if (hears && !g_ptr_array_find(out, hears, NULL))
			g_ptr_array_add(out, (gpointer)hears);
	}
	*why = out->len > 0 ? "" : all->len > 0 ? "away" : "nobody";
	return out;
}

/* ---- what is said ---- */

/* "took it", "made a plan": which promise it is, in words. */
static const char *ring_text(const struct response_case *c, const struct response_ring *ring, const struct person *reader,
	enum language language)
{
	static const char *const warnings[] = { "response.warn_first", "response.warn_plan", "response.warn_solution" };
	static const char *const steps[] = { "response.broken_first", "response.broken_plan", "response.broken_solution" };
	GTimeZone *zone = reader ? roster_zone(c->t->roster, reader, c->team) : c->team->zone;
	const char *due = response_time_text(c->t, zone, ring->due_ms, language);
	if (ring->asked_by)
		return turn_text_in(c->t, language, "response.escalated", TEXT_ARG("name", ring->asked_by->name));
	const char *own = (ring->percent ? c->kind->warning : c->kind->broken)[ring->target];
	return turn_text_in(c->t, language, own ? own : (ring->percent ? warnings : steps)[ring->target], TEXT_ARG("due", due));
}

const char *response_whom_text(struct turn *t, enum response_whom whom, enum language language)
{
	static const char *const whoms[] = {
		[RESPONSE_OWNER] = "response.whom_owner",
		[RESPONSE_STAND_IN] = "response.whom_stand_in",
		[RESPONSE_ROLE] = "response.whom_role",
		[RESPONSE_MANAGER] = "response.whom_manager",
		[RESPONSE_MANAGERS_MANAGER] = "response.whom_managers_manager",
	};
	return turn_text_in(t, language, whoms[whom]);
}

/* "the stand-in (nobody there), the manager (away)" */
static const char *passed_text(const struct response_case *c, const struct response_ring *ring, enum language language)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < ring->passed_over->len; i++) {
		const struct response_passed *p = &g_array_index(ring->passed_over, struct response_passed, i);
		g_string_append_printf(text, "%s%s", i ? turn_text_in(c->t, language, "response.comma") : "",
			turn_text_in(c->t, language, "response.passed_one", TEXT_ARG("whom", response_whom_text(c->t, p->whom, language)),
				TEXT_ARG("why", turn_text_in(c->t, language, p->away ? "response.away" : "response.nobody"))));
	}
	return turn_keep(c->t, g_string_free(text, FALSE));
}

/* NULL: the subject is gone. */
static struct message *message_of(const struct response_case *c, const struct response_ring *ring, const struct person *reader)
{
	struct turn *t = c->t;
	enum language language = reader ? turn_language_of(t, reader, c->team) : turn_team_language(t, c->team);
	const char *title = (!reader && c->kind->open_title ? c->kind->open_title : c->kind->title)(t, ring->subject, language);
	if (!title)
		return NULL;
	struct message *m = message_new();
	message_title(m, title);
	message_paragraph(m);
	for (guint i = 0; !reader && i < ring->people->len; i++) {
		message_mention(m, roster_account(c->team->config->workspace_name, ring->people->pdata[i]));
		message_plain(m, " ");
	}
	message_plain(m, ring_text(c, ring, reader, language));
	if (ring->passed_over->len > 0)
		message_context(m, turn_text_in(t, language, "response.passed_over", TEXT_ARG("who", passed_text(c, ring, language))));
	if (c->kind->add)
		c->kind->add(t, ring, reader, m);
	return m;
}

static void tell_each(const struct response_case *c, const struct response_ring *ring)
{
	for (guint i = 0; i < ring->people->len; i++) {
		struct message *m = message_of(c, ring, ring->people->pdata[i]);
		if (m)
			turn_insist(c->t, c->team->config->workspace_name, ring->people->pdata[i], c->kind->topic, m);
	}
}

static void tell_thread(const struct response_case *c, const struct response_ring *ring)
{
	const char *thread = c->kind->thread ? c->kind->thread(c->t, ring->subject) : NULL;
	struct message *m = message_of(c, ring, NULL);
	for (guint i = 0; m && ring->how == RESPONSE_URGENT && i < ring->people->len; i++)
		message_urge(m, roster_account(c->team->config->workspace_name, ring->people->pdata[i]));
	if (m)
		turn_post_under(c->t, c->team, thread ? thread : "", m);
}

/* ---- ringing ---- */

static const char *people_text(const GPtrArray *people)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < people->len; i++)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? ";" : "", ((const struct person *)people->pdata[i])->id);
	return g_string_free(text, FALSE);
}

static void note_ring(const struct response_case *c, const struct bell *bell, const char *whom, const GPtrArray *people, const char *why)
{
	g_autofree const char *ids = people_text(people);
	struct db_arg planned = bell->planned_ms == RESPONSE_NEVER ? ARG_NULL : ARG_INT(bell->planned_ms);
	turn_exec(c->t, &SQL_RESPONSE_RING, ARG_INT(c->r->id), ARG_INT(cycle_of(c->r)), ARG_TEXT(bell->warning ? "warning" : "step"),
		ARG_INT(bell->step), ARG_INT(bell->again), planned, ARG_INT(c->t->now_ms), ARG_TEXT(whom), ARG_TEXT(ids), ARG_TEXT(why));
}

/* FALSE: nobody was there to hear it. by: who wants it before its time, or NULL. */
static gboolean ring(const struct response_case *c, const struct bell *bell, const struct response_state *state, GArray *passed_over,
	const struct person *by)
{
	const struct response_rung owner = { .whom = RESPONSE_OWNER, .how = RESPONSE_DIRECT };
	const struct response_rung *rung = bell->warning ? &owner : rung_of(c->r, bell->step);
	const char *why;
	g_autoptr(GPtrArray) people = hearers(c, rung->whom, &why);
	note_ring(c, bell, response_whom_name(rung->whom), people, why);
	if (people->len == 0) {
		if (!bell->warning)
			g_array_append_vals(passed_over, &(struct response_passed){ rung->whom, strcmp(why, "away") == 0 }, 1);
		return FALSE;
	}
	struct response_ring r = { c->r->id, c->r->subject, c->r->target, c->team, state->due_ms,
		bell->warning ? c->r->terms->warn[bell->step] : 0, bell->step, bell->again, rung->whom, rung->how, people, passed_over, by };
	if (rung->how == RESPONSE_DIRECT)
		tell_each(c, &r);
	else
		tell_thread(c, &r);
	g_array_set_size(passed_over, 0);
	return TRUE;
}

/*
 * A warning of what is broken already says nothing, and of repetitions that gathered in closed hours, or while the program was off,
 * one is enough. heard: the step of the ladder that has rung in this turn; -1: none.
 */
static gboolean is_stale(const struct bell *bell, const struct response_state *state, int heard)
{
	return (bell->warning && state->breached) || (bell->again > 0 && (int)bell->step == heard);
}

void response_ring_due(const struct response_case *c)
{
	struct response_state state;
	int64_t now_ms = c->t->now_ms;
	gboolean pull = FALSE; /* nobody heard the step before */
	int heard = -1;
	gboolean covered = c->kind->is_covered && c->kind->is_covered(c->t, c->r->subject, c->r->target);
	g_autoptr(GArray) passed_over = g_array_new(FALSE, FALSE, sizeof(struct response_passed));
	g_autoptr(GArray) bells = bells_of(c->t, c->r);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	response_clock_state(c->r->clock, MAX(now_ms, c->r->last_ms), &state);
	for (guint i = 0; i < bells->len && turn_ok(c->t); i++) {
		const struct bell *bell = &g_array_index(bells, struct bell, i);
		gboolean known = !bell->rang && bell->planned_ms != RESPONSE_NEVER;
		gboolean due = known && heard_ms(c->r, bell->planned_ms) + (bell->warning ? 0 : 1) <= now_ms;
		if (due && (covered || is_stale(bell, &state, heard)))
			note_ring(c, bell, response_whom_name(bell->warning ? RESPONSE_OWNER : rung_of(c->r, bell->step)->whom), none,
				covered ? "covered" : "late");
		else if (due || (known && pull && !bell->warning && bell->again == 0)) {
			gboolean rang = ring(c, bell, &state, passed_over, NULL);
			pull = !rang && !bell->warning;
			heard = rang && !bell->warning ? (int)bell->step : heard;
		}
	}
}

gboolean response_ring_next(const struct response_case *c, const struct person *by)
{
	struct response_state state;
	gboolean heard = FALSE;
	g_autoptr(GArray) passed_over = g_array_new(FALSE, FALSE, sizeof(struct response_passed));
	g_autoptr(GArray) bells = bells_of(c->t, c->r);
	response_clock_state(c->r->clock, MAX(c->t->now_ms, c->r->last_ms), &state);
	gboolean open = state.status == RESPONSE_RUNNING || state.status == RESPONSE_PAUSED || state.status == RESPONSE_BREACHED;
	for (guint i = 0; open && !heard && i < bells->len && turn_ok(c->t); i++) {
		const struct bell *bell = &g_array_index(bells, struct bell, i);
		if (!bell->warning && !bell->rang && bell->again == 0)
			heard = ring(c, bell, &state, passed_over, by);
	}
	return heard;
}
