/* SPDX-License-Identifier: MIT */
#include "life.h"

#include "registry.h"

void life_check(gboolean done, const char *what, const GError *error)
{
	if (done)
		return;
	g_printerr("%s: %s\n", what, error ? error->message : "no reason was given");
	exit(1);
}

struct config *life_read_config(const char *path)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_load(path, problems);
	life_check(config != NULL, config ? NULL : problems->pdata[0], NULL);
	return config;
}

/* ---- what the clerk and the sender say ---- */

/* What happens once the program is dead does not. */
static void take_event(gpointer data, struct event *take)
{
	struct life *l = data;
	if (life_is_dead(l)) {
		event_free(take);
		return;
	}
	l->heard = FALSE;
	clerk_put(l->clerk, take);
}

static void take_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	sender_outcome(((struct life *)data)->sender, row, outcome);
}

static void take_verdict(gpointer data, const char *workspace, const struct verdict *verdict)
{
	(void)workspace;
	((struct life *)data)->kept = verdict->kept;
}

static void take_row(gpointer data, struct outbox_row *take)
{
	struct life *l = data;
	if (life_is_dead(l))
		outbox_row_free(take);
	else
		sender_put(l->sender, take);
}

static void take_due(gpointer data, int64_t due_ms)
{
	((struct life *)data)->due_ms = due_ms;
}

static void take_drained(gpointer data)
{
	((struct life *)data)->heard = TRUE;
}

static void take_configured(gpointer data, const struct config *old)
{
	(void)data;
	(void)old;
}

static void take_failing(gpointer data, gboolean failing)
{
	((struct life *)data)->failing = failing;
}

static const struct clerk_events events = {
	.verdict = take_verdict,
	.row = take_row,
	.due = take_due,
	.drained = take_drained,
	.configured = take_configured,
	.store_failing = take_failing,
};

/* ---- begin and end ---- */

void life_init(struct life *l, struct config *take, int64_t now_ms, const cJSON *people, FILE *log)
{
	*l = (struct life){ .config = take, .texts = registry_texts(), .clock = clock_new_frozen(now_ms), .disk = fault_vfs_install() };
	l->world = (struct world){ .clock = l->clock,
		.people = people,
		.log = log,
		.host = { .data = l, .event = take_event, .outcome = take_outcome },
		.standing = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free) };
}

void life_release(struct life *l)
{
	g_hash_table_unref(l->world.standing);
	fault_vfs_remove(l->disk);
	clock_free(l->clock);
	texts_free(l->texts);
	config_free(l->config);
}

void life_begin(struct life *l)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	g_autoptr(GError) error = NULL;
	l->failing = FALSE;
	l->heard = FALSE;
	l->world.dead = FALSE;
	l->world.lives = -1;
	l->due_ms = G_MAXINT64;
	l->db = db_open(l->config->database, DB_WRITER, &error);
	gboolean open = l->db && db_migrate(l->db, owners, count, &error);
	life_check(open, "cannot open the database", error);
	l->clerk = clerk_new(&(struct clerk_setup){ l->db, l->clock, l->config, l->texts, registry, &events, l }, &error);
	life_check(l->clerk != NULL, "no clerk", error);
	l->sender = sender_new(&(struct sender_setup){ l->clock, WORLD_WORKSPACE, &world_platform, world_adapter(&l->world), take_event, l });
	clerk_start(l->clerk);
	life_settle(l);
}

void life_end(struct life *l, gboolean clean)
{
	l->world.dead = TRUE;
	if (!clean)
		fault_vfs_fail(l->disk, 1, FAULT_IO, FALSE);
	clerk_stop(l->clerk);
	clerk_free(l->clerk);
	sender_free(l->sender);
	db_close(l->db);
	fault_vfs_heal(l->disk);
	l->ends++;
}

/* ---- in between ---- */

gboolean life_is_dead(const struct life *l)
{
	return l->world.dead || l->failing;
}

/* A batch that is under way wakes the loop; between two the clerk is waited for only for moments. */
void life_settle(struct life *l)
{
	while (!life_is_dead(l) && !clerk_is_idle(l->clerk)) {
		g_main_context_iteration(NULL, !l->heard);
		g_thread_yield();
	}
}

void life_put(struct life *l, struct event *take)
{
	l->kept = FALSE;
	take_event(l, take);
	life_settle(l);
}

void life_advance_to(struct life *l, int64_t now_ms)
{
	clock_advance(l->clock, MAX(now_ms - clock_now_ms(l->clock), 0));
	l->heard = FALSE;
	clerk_wake(l->clerk);
	life_settle(l);
}
