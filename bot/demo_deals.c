/* SPDX-License-Identifier: MIT */
#include "demo_deals.h"

#include "base/log.h"
#include "kit/deal.h"
#include "program.h"
#include "team/people.h"

enum { LOOK_EVERY_MS = 500, LOOKS_MOST = 240 };

struct demo_deals {
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

static char *account_of(const struct config_team *team, const char *slack)
{
	g_autofree char *lower = g_ascii_strdown(slack, -1);
	return strcmp(team->workspace->platform, "feishu") == 0 ? g_strconcat("ou_", lower, NULL) : g_strdup(slack);
}

static const struct person *owner_of(const struct roster *roster, const struct config_team *team, gsize i)
{
	g_autofree char *account = account_of(team, planted[i].owner);
	return roster_person(roster, team->workspace_name, account);
}

static gboolean has_met_all(const struct roster *roster, const struct config *config)
{
	for (struct config_team **team = config->teams; *team; team++)
		for (gsize i = 0; i < G_N_ELEMENTS(planted); i++)
			if (!owner_of(roster, *team, i))
				return FALSE;
	return TRUE;
}

/* What is there already, of an earlier demo in the same file, stays as it has become. */
static gboolean plant(struct db *db, const struct demo_deals *d, const struct config_team *team, gsize i, gint64 owner, GError **error)
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

static gboolean plant_all(struct db *db, const struct demo_deals *d, const struct roster *roster, GError **error)
{
	gboolean done = db_begin(db, error);
	for (struct config_team **team = d->config->teams; done && *team; team++)
		for (gsize i = 0; done && i < G_N_ELEMENTS(planted); i++)
			done = plant(db, d, *team, i, owner_of(roster, *team, i)->id, error);
	return done && db_commit(db, error) && db_knock(d->config->database, error);
}

/* TRUE: it is done, or cannot be. */
static gboolean try_planting(const struct demo_deals *d)
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
		log_warning("the demo has no deals", "error", error->message);
	return done || error;
}

static gpointer work(gpointer data)
{
	struct demo_deals *d = data;
	g_mutex_lock(&d->lock);
	for (int i = 0; i < LOOKS_MOST && !d->stop; i++) {
		g_cond_wait_until(&d->stopped, &d->lock, g_get_monotonic_time() + LOOK_EVERY_MS * G_TIME_SPAN_MILLISECOND);
		if (d->stop || try_planting(d))
			break;
	}
	g_mutex_unlock(&d->lock);
	return NULL;
}

struct demo_deals *demo_deals_new(const struct config *config, const struct clock *clock)
{
	struct demo_deals *d = g_new0(struct demo_deals, 1);
	d->config = config;
	d->clock = clock;
	g_mutex_init(&d->lock);
	g_cond_init(&d->stopped);
	d->thread = g_thread_new("demo-deals", work, d);
	return d;
}

void demo_deals_free(struct demo_deals *d)
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
