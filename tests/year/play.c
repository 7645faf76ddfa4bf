/* SPDX-License-Identifier: MIT */
/*
 * play FOLDER: plays a year in seconds. FOLDER/belltower.yaml is the configuration, FOLDER/story.json what happens; to standard
 * output goes, a line of JSON each, what people see of the bot, and at the end what the daemon notes of its rings.
 *
 * All of the daemon but its sockets is the real one: the clerk with its thread and its database, dispatch, the rituals, the
 * sender. The clock stands still and goes from one thing to the next. It knows nothing of what should ring.
 *
 * The story: {"from_ms", "until_ms", "people": see world.h, "acts": […]}. An act is an event as core/event.h writes it, at its
 * at_ms, or {"at_ms", "trouble": …, "after": N}:
 *	unsent      after N more things done on the platform the program dies, and the next one was not done
 *	unreported  the same, but that one was
 *	torn        the Nth write to the disk from then on is torn in two, and the program dies of it
 *	down        the program dies and comes back at until_ms
 *	stop        the same, but in good order
 * Nobody but the platform survives a death: what was not acknowledged it delivers again.
 */
#include <glib/gstdio.h>

#include "base/log.h"
#include "core/clerk.h"
#include "core/sender.h"
#include "play_sql.h"
#include "registry.h"
#include "tests/support/fault_vfs.h"
#include "world.h"

struct play {
	cJSON *story;
	const cJSON *act;  /* the next one */
	const cJSON *open; /* one that was not acknowledged; NULL: none */
	struct config *config;
	struct texts *texts;
	struct clock *clock;
	struct fault_vfs *disk;
	struct world world;
	struct db *db;
	struct clerk *clerk;
	struct sender *sender;
	int64_t due_ms;
	gboolean heard;	  /* of a batch since something was given to the clerk */
	gboolean failing; /* the disk */
	guint deaths;
};

G_NORETURN static void fail(const char *what, const char *why)
{
	g_printerr("play: %s: %s\n", what, why);
	exit(1);
}

static void check(gboolean done, const char *what, const GError *error)
{
	if (!done)
		fail(what, error ? error->message : "no reason was given");
}

/* ---- what the clerk and the sender say ---- */

static void put(struct play *p, struct event *take)
{
	p->heard = FALSE;
	clerk_put(p->clerk, take);
}

/* What happens once the program is dead does not. */
static void take_event(gpointer data, struct event *take)
{
	struct play *p = data;
	if (p->world.dead || p->failing)
		event_free(take);
	else
		put(p, take);
}

static void take_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	sender_outcome(((struct play *)data)->sender, row, outcome);
}

static void take_verdict(gpointer data, const char *workspace, const struct verdict *verdict)
{
	(void)workspace;
	if (verdict->kept)
		((struct play *)data)->open = NULL;
}

static void take_row(gpointer data, struct outbox_row *take)
{
	struct play *p = data;
	if (p->world.dead || p->failing)
		outbox_row_free(take);
	else
		sender_put(p->sender, take);
}

static void take_due(gpointer data, int64_t due_ms)
{
	((struct play *)data)->due_ms = due_ms;
}

static void take_drained(gpointer data)
{
	((struct play *)data)->heard = TRUE;
}

static void take_configured(gpointer data, const struct config *old)
{
	(void)data;
	(void)old;
}

static void take_failing(gpointer data, gboolean failing)
{
	((struct play *)data)->failing = failing;
}

static const struct clerk_events events = {
	.verdict = take_verdict,
	.row = take_row,
	.due = take_due,
	.drained = take_drained,
	.configured = take_configured,
	.store_failing = take_failing,
};

/* ---- a life ---- */

static gboolean is_dead(const struct play *p)
{
	return p->world.dead || p->failing;
}

/* A batch that is under way wakes the loop; between two the clerk is waited for only for moments. */
static void settle(struct play *p)
{
	while (!is_dead(p) && !clerk_is_idle(p->clerk)) {
		g_main_context_iteration(NULL, !p->heard);
		g_thread_yield();
	}
}

static void live(struct play *p)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	g_autoptr(GError) error = NULL;
	p->failing = FALSE;
	p->world.dead = FALSE;
	p->world.lives = -1;
	p->due_ms = G_MAXINT64;
	p->db = db_open(p->config->database, DB_WRITER, &error);
	check(p->db && db_migrate(p->db, owners, count, &error), "cannot open the database", error);
	p->clerk = clerk_new(&(struct clerk_setup){ p->db, p->clock, p->config, p->texts, registry, &events, p }, &error);
	check(p->clerk != NULL, "no clerk", error);
	p->sender = sender_new(&(struct sender_setup){ p->clock, WORLD_WORKSPACE, &world_platform, world_adapter(&p->world), take_event, p });
	p->heard = FALSE;
	clerk_start(p->clerk);
	settle(p);
}

/* clean: in good order. Else the disk is gone first, so that nothing more is written, not even the log into the database. */
static void die(struct play *p, gboolean clean)
{
	p->world.dead = TRUE;
	if (!clean)
		fault_vfs_fail(p->disk, 1, FAULT_IO, FALSE);
	clerk_stop(p->clerk);
	clerk_free(p->clerk);
	sender_free(p->sender);
	db_close(p->db);
	fault_vfs_heal(p->disk);
	p->deaths++;
}

static void happen(struct play *p, const cJSON *act)
{
	g_autoptr(GError) error = NULL;
	struct event *event = event_from_json(act, &error);
	check(event != NULL, "an act is no event", error);
	event->receipt = 1;
	p->open = act;
	put(p, event);
	settle(p);
}

/* As often as it takes: whoever delivers again may see the program die again. */
static void revive(struct play *p)
{
	while (is_dead(p)) {
		die(p, FALSE);
		live(p);
		if (!is_dead(p) && p->open)
			happen(p, p->open);
	}
}

/* ---- the story ---- */

static void rest(struct play *p, const cJSON *act, gboolean clean)
{
	die(p, clean);
	clock_advance(p->clock, json_int_or(act, "until_ms", 0) - clock_now_ms(p->clock));
	live(p);
}

static void doom(struct play *p, const cJSON *act, enum world_death death)
{
	p->world.lives = (int)json_int_or(act, "after", 0);
	p->world.death = death;
}

static void be_unsent(struct play *p, const cJSON *act)
{
	doom(p, act, WORLD_UNSENT);
}

static void be_unreported(struct play *p, const cJSON *act)
{
	doom(p, act, WORLD_UNREPORTED);
}

static void be_torn(struct play *p, const cJSON *act)
{
	fault_vfs_fail(p->disk, (int)json_int_or(act, "after", 1), FAULT_TORN, FALSE);
}

static void be_down(struct play *p, const cJSON *act)
{
	rest(p, act, FALSE);
}

static void be_stopped(struct play *p, const cJSON *act)
{
	rest(p, act, TRUE);
}

static const struct {
	const char *name;
	void (*run)(struct play *p, const cJSON *act);
} troubles[] = {
	{ "unsent", be_unsent }, { "unreported", be_unreported }, { "torn", be_torn }, { "down", be_down }, { "stop", be_stopped },
};

static void act_out(struct play *p, const cJSON *act)
{
	const char *trouble = json_text_or(act, "trouble", NULL);
	if (!trouble)
		happen(p, act);
	for (size_t i = 0; trouble && i < G_N_ELEMENTS(troubles); i++)
		if (strcmp(trouble, troubles[i].name) == 0)
			troubles[i].run(p, act);
}

/* To the next act or job; FALSE: there is none any more. */
static gboolean step(struct play *p)
{
	int64_t now_ms = clock_now_ms(p->clock), act_ms = p->act ? json_int_or(p->act, "at_ms", 0) : G_MAXINT64;
	int64_t next_ms = MAX(now_ms, MIN(act_ms, p->due_ms));
	if (next_ms > json_int_or(p->story, "until_ms", 0))
		return FALSE;
	clock_advance(p->clock, next_ms - now_ms);
	if (act_ms <= next_ms) {
		const cJSON *act = p->act;
		p->act = act->next;
		act_out(p, act);
	} else {
		p->heard = FALSE;
		clerk_wake(p->clerk);
	}
	settle(p);
	revive(p);
	return TRUE;
}

/* ---- what the daemon says of it ---- */

static void write_ring(struct db_rows *row)
{
	printf("{\"ring\":{\"day\":\"%s\",\"team\":\"%s\",\"topic\":\"%s\",\"part\":\"%s\",\"person\":\"%s\",\"outcome\":\"%s\",\"planned_ms\":%" G_GINT64_FORMAT
	       ",\"noted_ms\":%" G_GINT64_FORMAT "}}\n",
		db_text(row, 0), db_text(row, 1), db_text(row, 2), db_text(row, 3), db_text(row, 4), db_text(row, 5), db_int(row, 6), db_int(row, 7));
}

static void write_rings(const struct play *p)
{
	g_autoptr(GError) error = NULL;
	struct db *db = db_open(p->config->database, DB_READER, &error);
	check(db != NULL, "cannot read the database", error);
	struct db_rows *rows = db_query(db, &SQL_PLAY_RINGS);
	while (db_next(rows))
		write_ring(rows);
	check(db_end(rows, &error), "cannot read the rings", error);
	db_close(db);
}

/* ---- the whole ---- */

static struct config *read_config(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "belltower.yaml", NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_load(path, problems);
	if (!config)
		fail("the configuration", problems->pdata[0]);
	return config;
}

static cJSON *read_story(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "story.json", NULL), *text = NULL;
	gsize length = 0;
	g_autoptr(GError) error = NULL;
	check(g_file_get_contents(path, &text, &length, &error), "the story", error);
	cJSON *story = json_parse(text, length, &error);
	check(story != NULL, "the story", error);
	return story;
}

static void play_out(struct play *p)
{
	live(p);
	while (step(p))
		;
	die(p, TRUE);
	write_rings(p);
	g_printerr("play: %u messages, %u lives\n", p->world.messages, p->deaths);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		fail("usage", "play FOLDER");
	log_set_level(LOG_LEVEL_ERROR); /* which a torn disk is */
	struct play p = { .config = read_config(argv[1]), .story = read_story(argv[1]), .texts = registry_texts() };
	const cJSON *acts = json_array(p.story, "acts");
	p.act = acts ? acts->child : NULL;
	p.clock = clock_new_frozen(json_int_or(p.story, "from_ms", 0));
	p.disk = fault_vfs_install();
	p.world = (struct world){ .clock = p.clock,
		.people = json_array(p.story, "people"),
		.log = stdout,
		.host = { .data = &p, .event = take_event, .outcome = take_outcome },
		.standing = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free) };
	play_out(&p);
	g_hash_table_unref(p.world.standing);
	fault_vfs_remove(p.disk);
	clock_free(p.clock);
	texts_free(p.texts);
	config_free(p.config);
	cJSON_Delete(p.story);
	return 0;
}
