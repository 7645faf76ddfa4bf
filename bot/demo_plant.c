/* SPDX-License-Identifier: MIT */
#include "demo_plant.h"

#include "base/log.h"
#include "kit/deal.h"
#include "program.h"
#include "team/people.h"
#include "team/yearly.h"

enum { LOOK_EVERY_MS = 500, LOOKS_MOST = 240 };

struct demo_plant {
	const struct config *config;
	const struct clock *clock;
	GThread *thread;
	GMutex lock;
	GCond stopped; /* wakes the thread before its time */
	gboolean stop;
};

/* owners: their accounts on Slack; on Feishu they are written in another way. */
static const struct {
	const char *external, *customers[LANGUAGE_COUNT], *owner, *stage;
	int64_t thousands; /* of the currency */
	int64_t age_ms;	   /* since it entered its stage */
} planted[] = {
	{ "demo-1", { "星海贸易", "Harbour Trading" }, "U0WEI0000", "negotiation", 120, DAYS(7) - HOURS(12) },
	{ "demo-2", { "蓝桥科技", "Bluebridge" }, "U0ANA0000", "interest", 45, DAYS(4) },
	{ "demo-3", { "青禾食品", "Green Fields" }, "U0XIAOMEI", "lead", 8, DAYS(1) },
	{ "demo-4", { "北辰物流", "Polaris Freight" }, "U0JUN0000", "won", 60, DAYS(2) },
};

/* People's dates, days from the first one of the demo on; of its first years a first day at work has four. */
static const struct {
	const char *person; /* as an owner */
	enum register_field field;
	int days;
	gboolean lunar;
	const char *shown; /* NULL: still to be asked */
} dates[] = {
	{ "U0XIAOMEI", REGISTER_BIRTHDAY, 3, FALSE, "public" },
	{ "U0TOM0000", REGISTER_BIRTHDAY, 3, FALSE, "public" },
	{ "U0ANA0000", REGISTER_HIRED, 9, FALSE, "public" },
	{ "U0WEI0000", REGISTER_BIRTHDAY, 12, TRUE, "public" },
	{ "U0JUN0000", REGISTER_BIRTHDAY, 17, FALSE, NULL },
};
#define ORGANISER "U0GRACE00"
#define ORGANISER_ROLES "CEO;HR"
enum { YEARS_HERE = 4 };

static char *account_of(const struct config_team *team, const char *slack)
{
	g_autofree char *lower = g_ascii_strdown(slack, -1);
	return strcmp(team->workspace->platform, "feishu") == 0 ? g_strconcat("ou_", lower, NULL) : g_strdup(slack);
}

/* NULL: not met yet. */
static const struct person *find(const struct roster *roster, const struct config_team *team, const char *slack)
{
	g_autofree char *account = account_of(team, slack);
	return roster_person(roster, team->workspace_name, account);
}

static gboolean has_met_all(const struct roster *roster, const struct config *config)
{
	for (struct config_team **team = config->teams; *team; team++) {
		gboolean all = find(roster, *team, ORGANISER) != NULL;
		for (gsize i = 0; i < G_N_ELEMENTS(planted); i++)
			all = all && find(roster, *team, planted[i].owner);
		for (gsize i = 0; i < G_N_ELEMENTS(dates); i++)
			all = all && find(roster, *team, dates[i].person);
		if (!all)
			return FALSE;
	}
	return TRUE;
}

/* ---- deals ---- */

/* What is there already, of an earlier demo in the same file, stays as it has become. */
static gboolean plant_deal(struct db *db, const struct demo_plant *d, const struct config_team *team, gsize i, gint64 owner, GError **error)
{
	gint64 known;
	struct deal_result result;
	int64_t now_ms = clock_now_ms(d->clock);
	struct money sum = { .hundredths = planted[i].thousands * 1000 * 100 };
	g_autofree char *external = g_strdup_printf("%s/%s", team->name, planted[i].external);
	g_strlcpy(sum.currency, d->config->deals.currency, sizeof sum.currency);
	struct deal_teller by = { .source = "demo", .now_ms = now_ms };
	struct deal_news news = { .external = external,
		.team = team->name,
		.customer = planted[i].customers[team->language],
		.amount = &sum,
		.owner = owner,
		.stage = planted[i].stage,
		.entered_ms = now_ms - planted[i].age_ms };
	if (!deal_find(db, by.source, external, &known, error))
		return FALSE;
	return known || deal_put(db, d->config, &by, 0, &news, &result, error);
}

/* ---- dates ---- */

/* The lunar date that is next on that day. */
static void find_lunar(const char *day, struct yearly *out)
{
	char next[ZONE_DAY_SIZE];
	*out = (struct yearly){ .lunar = TRUE };
	for (out->month = 1; out->month <= 12; out->month++)
		for (out->day = 1; out->day <= 30; out->day++)
			if (yearly_next(out, day, next) && strcmp(next, day) == 0)
				return;
	*out = (struct yearly){ .lunar = TRUE, .month = 1, .day = 1 };
}

/* As the register has it: "11-27", "lunar 10-18", "2022-12-03". */
static char *date_text(const struct demo_plant *d, gsize i)
{
	char day[ZONE_DAY_SIZE];
	struct yearly date;
	zone_day(zone_find(d->config->default_zone), clock_now_ms(d->clock), day);
	zone_day_shift(day, dates[i].days, day);
	if (dates[i].lunar) {
		find_lunar(day, &date);
		return yearly_print(&date);
	}
	if (dates[i].field == REGISTER_BIRTHDAY)
		return g_strdup(day + strlen("2026-"));
	return g_strdup_printf("%d%s", (int)g_ascii_strtoll(day, NULL, 10) - YEARS_HERE, day + strlen("2026"));
}

static gboolean plant_date(struct roster *roster, const struct demo_plant *d, const struct config_team *team, gsize i, GError **error)
{
	const struct person *person = find(roster, team, dates[i].person);
	int64_t now_ms = clock_now_ms(d->clock);
	g_autofree char *text = date_text(d, i);
	if (person->entry && *person->entry->fields[dates[i].field])
		return TRUE;
	return roster_note(roster, person, dates[i].field, text, 0, now_ms, error) &&
	       (!dates[i].shown || roster_note_shown(roster, person, dates[i].shown, 0, now_ms, error));
}

static gboolean plant_people(struct roster *roster, const struct demo_plant *d, const struct config_team *team, GError **error)
{
	gboolean done = roster_note(roster, find(roster, team, ORGANISER), REGISTER_ROLES, ORGANISER_ROLES, 0, clock_now_ms(d->clock), error);
	for (gsize i = 0; done && i < G_N_ELEMENTS(dates); i++)
		done = plant_date(roster, d, team, i, error);
	return done;
}

/* ---- all of it ---- */

static gboolean plant_all(struct db *db, const struct demo_plant *d, struct roster *roster, GError **error)
{
	gboolean done = db_begin(db, error) && roster_reload(roster, error); /* somebody may have told since */
	for (struct config_team **team = d->config->teams; done && *team; team++) {
		done = plant_people(roster, d, *team, error);
		for (gsize i = 0; done && i < G_N_ELEMENTS(planted); i++)
			done = plant_deal(db, d, *team, i, find(roster, *team, planted[i].owner)->id, error);
	}
	return done && db_commit(db, error) && db_knock(d->config->database, error);
}

/* TRUE: it is done, or cannot be. */
static gboolean try_planting(const struct demo_plant *d)
{
	gboolean guest, done = FALSE;
	g_autoptr(GError) error = NULL;
	struct db *db = program_writer(d->config, &guest, &error);
	struct roster *roster = db ? roster_new(db, d->config, &error) : NULL;
	if (roster && has_met_all(roster, d->config))
		done = plant_all(db, d, roster, &error);
	roster_free(roster);
	db_close(db);
	if (error)
		log_warning("the demo has no deals and no dates", "error", error->message);
	return done || error;
}

static gpointer work(gpointer data)
{
	struct demo_plant *d = data;
	g_mutex_lock(&d->lock);
	for (int i = 0; i < LOOKS_MOST && !d->stop; i++) {
		g_cond_wait_until(&d->stopped, &d->lock, g_get_monotonic_time() + LOOK_EVERY_MS * G_TIME_SPAN_MILLISECOND);
		if (d->stop || try_planting(d))
			break;
	}
	g_mutex_unlock(&d->lock);
	return NULL;
}

struct demo_plant *demo_plant_new(const struct config *config, const struct clock *clock)
{
	struct demo_plant *d = g_new0(struct demo_plant, 1);
	d->config = config;
	d->clock = clock;
	g_mutex_init(&d->lock);
	g_cond_init(&d->stopped);
	d->thread = g_thread_new("demo-plant", work, d);
	return d;
}

void demo_plant_free(struct demo_plant *d)
{
	if (!d)
		return;
	g_mutex_lock(&d->lock);
	d->stop = TRUE;
	g_cond_signal(&d->stopped);
	g_mutex_unlock(&d->lock);
	g_thread_join(d->thread);
	g_mutex_clear(&d->lock);
	g_cond_clear(&d->stopped);
	g_free(d);
}
