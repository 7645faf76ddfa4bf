/* SPDX-License-Identifier: MIT */
/*
 * play_year FOLDER: plays years in seconds. FOLDER/belltower.yaml is the configuration, FOLDER/story.json what happens; to standard
 * output goes, a line of JSON each, what people see of the bot, and what the daemon notes of its rings. It knows nothing of what
 * should ring.
 *
 * The story: {"from_ms", "until_ms", "people", "said": see world.h, "acts": […]}. An act is an event as core/event.h writes it, at its
 * at_ms, or {"at_ms", "do": …}:
 *	unsent      after `after` more things done on the platform the program dies, and the next one was not done
 *	unreported  the same, but that one was
 *	torn        the `after`th write to the disk from then on is torn in two, and the program dies of it
 *	down        the program dies and comes back at until_ms
 *	stop        the same, but in good order
 *	tell        what is noted of rings is written out; the daemon forgets it after some time
 * Nobody but the platform survives a death: what was not acknowledged it delivers again.
 */
#include "base/log.h"
#include "life.h"
#include "play_sql.h"

struct play {
	struct life life;
	cJSON *story;
	const cJSON *act; /* the next one */
};

/* ---- what the daemon says of its rings ---- */

static void write_ring(struct db_rows *row)
{
	printf("{\"ring\":{\"day\":\"%s\",\"team\":\"%s\",\"topic\":\"%s\",\"part\":\"%s\",\"person\":\"%s\",\"outcome\":\"%s\"}}\n", db_text(row, 0),
		db_text(row, 1), db_text(row, 2), db_text(row, 3), db_text(row, 4), db_text(row, 5));
}

static void tell(struct play *p, const cJSON *act)
{
	(void)act;
	g_autoptr(GError) error = NULL;
	struct db *db = db_open(p->life.config->database, DB_READER, &error);
	life_check(db != NULL, "cannot read the database", error);
	struct db_rows *rows = db_query(db, &SQL_PLAY_RINGS);
	while (db_next(rows))
		write_ring(rows);
	gboolean read = db_end(rows, &error);
	life_check(read, "cannot read the rings", error);
	db_close(db);
}

/* ---- what the daemon suffers ---- */

static void rest(struct play *p, const cJSON *act, gboolean clean)
{
	life_end(&p->life, clean);
	clock_advance(p->life.clock, json_int_or(act, "until_ms", 0) - clock_now_ms(p->life.clock));
	life_begin(&p->life);
}

static void doom(struct play *p, const cJSON *act, enum world_death death)
{
	p->life.world.lives = (int)json_int_or(act, "after", 0);
	p->life.world.death = death;
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
	fault_vfs_fail(p->life.disk, (int)json_int_or(act, "after", 1), FAULT_TORN, FALSE);
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
} deeds[] = {
	{ "unsent", be_unsent },
	{ "unreported", be_unreported },
	{ "torn", be_torn },
	{ "down", be_down },
	{ "stop", be_stopped },
	{ "tell", tell },
};

/* ---- the story ---- */

static void put(struct play *p, const cJSON *act)
{
	g_autoptr(GError) error = NULL;
	struct event *event = event_from_json(act, &error);
	life_check(event != NULL, "an act is no event", error);
	event->receipt = 1;
	life_put(&p->life, event);
}

static void revive(struct play *p)
{
	while (life_is_dead(&p->life)) {
		life_end(&p->life, FALSE);
		life_begin(&p->life);
	}
}

/* As often as it takes: whoever delivers again may see the program die again. */
static void happen(struct play *p, const cJSON *act)
{
	do {
		put(p, act);
		revive(p);
	} while (!p->life.kept);
}

static void act_out(struct play *p, const cJSON *act)
{
	const char *deed = json_text_or(act, "do", NULL);
	if (!deed)
		happen(p, act);
	for (size_t i = 0; deed && i < G_N_ELEMENTS(deeds); i++)
		if (strcmp(deed, deeds[i].name) == 0)
			deeds[i].run(p, act);
}

/* To the next act or job; FALSE: there is none any more. */
static gboolean step(struct play *p)
{
	int64_t now_ms = clock_now_ms(p->life.clock), act_ms = p->act ? json_int_or(p->act, "at_ms", 0) : G_MAXINT64;
	int64_t next_ms = MAX(now_ms, MIN(act_ms, p->life.due_ms));
	if (next_ms > json_int_or(p->story, "until_ms", 0))
		return FALSE;
	if (act_ms > next_ms) {
		life_advance_to(&p->life, next_ms);
	} else {
		const cJSON *act = p->act;
		p->act = act->next;
		clock_advance(p->life.clock, next_ms - now_ms);
		act_out(p, act);
	}
	revive(p);
	return TRUE;
}

static cJSON *read_story(const char *path)
{
	g_autofree char *text = NULL;
	gsize length = 0;
	g_autoptr(GError) error = NULL;
	cJSON *story = g_file_get_contents(path, &text, &length, &error) ? json_parse(text, length, &error) : NULL;
	life_check(story != NULL, "the story", error);
	return story;
}

static void play_out(struct play *p)
{
	life_begin(&p->life);
	while (step(p))
		;
	tell(p, NULL);
	life_end(&p->life, TRUE);
	g_printerr("%u messages, %u lives\n", p->life.world.messages, p->life.ends);
}

int main(int argc, char **argv)
{
	const char *folder = argc == 2 ? argv[1] : NULL;
	life_check(folder != NULL, "usage: play_year FOLDER", NULL);
	g_autofree char *config = g_build_filename(folder, "belltower.yaml", NULL), *story = g_build_filename(folder, "story.json", NULL);
	struct play p = { .story = read_story(story) };
	const cJSON *acts = json_array(p.story, "acts");
	p.act = acts ? acts->child : NULL;
	log_set_level((enum log_level) - 1); /* a torn disk is an error, and what this is about */
	life_init(&p.life, life_read_config(config), json_int_or(p.story, "from_ms", 0), json_array(p.story, "people"), stdout);
	p.life.world.said = json_array(p.story, "said");
	play_out(&p);
	life_release(&p.life);
	cJSON_Delete(p.story);
	return 0;
}
