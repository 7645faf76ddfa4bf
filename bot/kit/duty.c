/* SPDX-License-Identifier: MIT */
#include "kit/duty.h"

#include "base/clock.h"
#include "duty_sql.h"
#include "team/roles.h"

enum { COVERS_BACK_DAYS = 70, USUAL_HANDOVER = 9 * 60 };

static const char *const turn_names[] = { [ROTA_WEEK] = "week", [ROTA_DAY] = "day" };

const char *duty_key(struct turn *t, const char *role)
{
	const char *const *names = role_names(role);
	return names ? names[0] : turn_keep(t, g_utf8_casefold(role, -1));
}

const struct person *duty_person(struct turn *t, gint64 person)
{
	return person ? roster_person_by_id(t->roster, person) : NULL;
}

/* ---- reading ---- */

static void take_people(struct turn *t, struct rota *rota, GArray *take)
{
	rota->count = take->len;
	rota->people = (gconstpointer)turn_keep(t, g_array_free(take, FALSE));
}

/* Whoever the configuration names and nobody knows yet keeps their place, and is not there. */
static void take_config(struct turn *t, const struct team *team, const struct config_rota *config, struct rota *rota)
{
	GArray *people = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (char **word = config->people; *word; word++) {
		const struct person *person = roster_find(t->roster, team->config->workspace_name, *word);
		gint64 id = person ? person->id : 0;
		g_array_append_val(people, id);
	}
	rota->turn = strcmp(config->turn, turn_names[ROTA_DAY]) == 0 ? ROTA_DAY : ROTA_WEEK;
	rota->handover_minute = config->handover_minute;
	for (int i = 0; calendar_weekdays[i]; i++)
		if (strcmp(calendar_weekdays[i], config->weekday) == 0)
			rota->weekday = i + 1;
	g_strlcpy(rota->from, config->from, sizeof rota->from);
	take_people(t, rota, people);
}

static void take_order(struct turn *t, struct db_rows *row, struct duty *duty)
{
	GArray *people = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(GStrv) ids = g_strsplit(db_text(row, 2), ";", -1);
	for (char **id = ids; *id; id++) {
		gint64 person = g_ascii_strtoll(*id, NULL, 10);
		g_array_append_val(people, person);
	}
	duty->rota.turn = strcmp(db_text(row, 1), turn_names[ROTA_DAY]) == 0 ? ROTA_DAY : ROTA_WEEK;
	g_strlcpy(duty->rota.from, db_text(row, 3), sizeof duty->rota.from);
	duty->by = turn_keep(t, g_strdup(db_text(row, 4)));
	take_people(t, &duty->rota, people);
}

static void read_covers(struct turn *t, struct duty *duty)
{
	char since[ZONE_DAY_SIZE];
	GArray *covers = g_array_new(FALSE, FALSE, sizeof(struct rota_cover));
	zone_day(duty->team->zone, t->now_ms - DAYS(COVERS_BACK_DAYS), since);
	struct db_rows *rows = turn_query(t, &SQL_DUTY_COVERS, ARG_TEXT(duty->team->config->name), ARG_TEXT(duty_key(t, duty->role)),
		ARG_TEXT((const char *)since));
	while (db_next(rows)) {
		struct rota_cover cover = { .id = db_int(rows, 0), .person = db_int(rows, 1) };
		g_strlcpy(cover.first, db_text(rows, 2), sizeof cover.first);
		g_strlcpy(cover.last, db_text(rows, 3), sizeof cover.last);
		g_array_append_val(covers, cover);
	}
	turn_end(t, rows);
	duty->rota.cover_count = covers->len;
	duty->rota.covers = (gconstpointer)turn_keep(t, g_array_free(covers, FALSE));
}

static struct duty *duty_new(struct turn *t, const struct team *team, const char *role)
{
	struct duty *duty = (gpointer)turn_keep(t, (char *)g_new0(struct duty, 1));
	*duty = (struct duty){ .team = team, .role = role, .by = "",
		.rota = { .turn = ROTA_WEEK, .weekday = 1, .handover_minute = USUAL_HANDOVER, .zone = team->zone, .calendar = team->config->calendar } };
	return duty;
}

static guint place_of(const GPtrArray *all, const char *role)
{
	guint i = 0;
	while (i < all->len && !role_is(((const struct duty *)all->pdata[i])->role, role))
		i++;
	return i;
}

/* The managers' words over the configuration's. */
static void read_orders(struct turn *t, const struct team *team, GPtrArray *all)
{
	struct db_rows *rows = turn_query(t, &SQL_DUTY_ORDERS, ARG_TEXT(team->config->name));
	while (db_next(rows)) {
		guint place = place_of(all, db_text(rows, 0));
		if (!*db_text(rows, 1))
			continue;
		if (place == all->len)
			g_ptr_array_add(all, duty_new(t, team, turn_keep(t, g_strdup(db_text(rows, 0)))));
		take_order(t, rows, all->pdata[place]);
	}
	turn_end(t, rows);
}

GPtrArray *duty_all(struct turn *t, const struct team *team)
{
	GPtrArray *all = g_ptr_array_new();
	for (struct config_rota **config = team->config->rotas; config && *config; config++) {
		struct duty *duty = duty_new(t, team, (*config)->role);
		take_config(t, team, *config, &duty->rota);
		g_ptr_array_add(all, duty);
	}
	read_orders(t, team, all);
	for (guint i = 0; i < all->len; i++)
		read_covers(t, all->pdata[i]);
	return all;
}

const struct duty *duty_of(struct turn *t, const struct team *team, const char *role)
{
	g_autoptr(GPtrArray) all = duty_all(t, team);
	guint place = place_of(all, role);
	return place < all->len ? all->pdata[place] : NULL;
}

/* ---- who it is ---- */

static gboolean can_be_reached(const struct team *team, const struct person *person)
{
	return person && roster_is_active(person) && roster_account(team->config->workspace_name, person);
}

/* Themselves. */
static gboolean is_there(struct turn *t, const struct team *team, const struct person *person)
{
	return can_be_reached(team, person) && turn_reach(t, person, team) == person;
}

/* Them or whoever stands in; NULL: neither. */
static const struct person *reach(struct turn *t, const struct team *team, const struct person *person)
{
	const struct person *there = can_be_reached(team, person) ? turn_reach(t, person, team) : NULL;
	return can_be_reached(team, there) ? there : NULL;
}

static const struct person *at_place(struct turn *t, const struct rota *rota, guint place)
{
	return duty_person(t, rota->people[place % rota->count]);
}

/* Whose turn it is by the rota, their stand-in, or the next one who is there. */
static struct duty_choice choose_by_rota(struct turn *t, const struct duty *duty, const struct person *except)
{
	struct rota_shift shift;
	struct duty_choice choice = { 0 };
	if (!rota_shift_at(&duty->rota, t->now_ms, &shift))
		return choice;
	const struct person *planned = duty_person(t, shift.person), *there = reach(t, duty->team, planned);
	for (guint k = 0; k <= duty->rota.count && (!there || there == except); k++) {
		const struct person *next = at_place(t, &duty->rota, shift.place + k);
		there = next != except && is_there(t, duty->team, next) ? next : NULL;
	}
	/* Whoever asks has it all the same when it is their turn and nobody else is there. */
	choice.person = there ? there : planned == except && is_there(t, duty->team, except) ? except : NULL;
	choice.instead_of = choice.person == planned || planned == except ? NULL : planned;
	return choice;
}

static int64_t last_turn_ms(struct turn *t, const struct team *team, const char *role, const struct person *person)
{
	struct db_rows *rows =
		turn_query(t, &SQL_DUTY_LAST_TURN, ARG_TEXT(team->config->name), ARG_TEXT(duty_key(t, role)), ARG_INT(person->id));
	int64_t at_ms = db_next(rows) && !db_is_null(rows, 0) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return at_ms;
}

/* Of these people the one who had a turn longest ago; NULL: there is none. */
static const struct person *fairest(struct turn *t, const struct team *team, const char *role, const GPtrArray *people)
{
	g_autoptr(GArray) had = g_array_new(FALSE, FALSE, sizeof(struct rota_had));
	for (guint i = 0; i < people->len; i++) {
		const struct person *person = people->pdata[i];
		const struct rota_had one = { person->id, last_turn_ms(t, team, role, person) };
		g_array_append_val(had, one);
	}
	return had->len ? people->pdata[rota_fairest((const struct rota_had *)(gconstpointer)had->data, had->len)] : NULL;
}

static struct duty_choice choose_by_turns(struct turn *t, const struct team *team, const char *role, const struct person *except)
{
	g_autoptr(GPtrArray) holders = roster_holders(t->roster, team->config->workspace_name, role, team), there = g_ptr_array_new();
	struct duty_choice choice = { 0 };
	for (guint i = 0; i < holders->len; i++)
		if (holders->pdata[i] != except && is_there(t, team, holders->pdata[i]))
			g_ptr_array_add(there, holders->pdata[i]);
	choice.person = fairest(t, team, role, there);
	for (guint i = 0; i < holders->len && !choice.person; i++) {
		const struct person *stand_in = holders->pdata[i] == except ? NULL : reach(t, team, holders->pdata[i]);
		if (stand_in && stand_in != except)
			choice = (struct duty_choice){ stand_in, holders->pdata[i] };
	}
	if (!choice.person && except && g_ptr_array_find(holders, except, NULL))
		choice.person = except;
	return choice;
}

struct duty_choice duty_choose(struct turn *t, const struct team *team, const char *role, const struct person *except)
{
	const struct duty *duty = duty_of(t, team, role);
	return duty ? choose_by_rota(t, duty, except) : choose_by_turns(t, team, role, except);
}

struct duty_choice duty_address(
	struct turn *t, const struct team *team, const struct person *person, const char *role, const struct person *except)
{
	if (!person)
		return *role ? duty_choose(t, team, role, except) : (struct duty_choice){ 0 };
	const struct person *there = turn_reach(t, person, team);
	return there && there != person ? (struct duty_choice){ there, person } : (struct duty_choice){ person, NULL };
}

void duty_note_turn(struct turn *t, const struct team *team, const char *role, const struct person *person, const char *subject)
{
	turn_exec(t, &SQL_DUTY_ADD_TURN, ARG_TEXT(team->config->name), ARG_TEXT(duty_key(t, role)), ARG_INT(person->id), ARG_TEXT(t->ritual),
		ARG_TEXT(subject), ARG_INT(t->now_ms));
}

GPtrArray *duty_people(struct turn *t, const struct team *team, const char *role, gboolean now)
{
	const struct duty *duty = duty_of(t, team, role);
	if (!duty)
		return roster_holders(t->roster, team->config->workspace_name, role, team);
	GPtrArray *people = g_ptr_array_new();
	const struct person *on_duty = now ? choose_by_rota(t, duty, NULL).person : NULL;
	if (on_duty)
		g_ptr_array_add(people, (gpointer)on_duty);
	for (guint i = 0; !now && i < duty->rota.count; i++)
		if (can_be_reached(team, at_place(t, &duty->rota, i)))
			g_ptr_array_add(people, (gpointer)at_place(t, &duty->rota, i));
	return people;
}

gboolean duty_is_shared_by(struct turn *t, const struct team *team, const char *role, const struct person *person)
{
	g_autoptr(GPtrArray) people = duty_people(t, team, role, FALSE);
	return roster_has_role(person, role) || g_ptr_array_find(people, person, NULL);
}

const char *duty_role_named(struct turn *t, const struct team *team, const char *word)
{
	g_autoptr(GPtrArray) holders = roster_holders(t->roster, team->config->workspace_name, word, team);
	return holders->len > 0 || duty_of(t, team, word) ? turn_keep(t, g_strdup(word)) : NULL;
}

const char *duty_role_in(struct turn *t, const struct team *team, const char *text)
{
	g_autoptr(GPtrArray) all = duty_all(t, team), words = g_ptr_array_new();
	for (guint i = 0; i < all->len; i++) {
		const char *role = ((const struct duty *)all->pdata[i])->role, *const *names = role_names(role);
		g_ptr_array_add(words, (gpointer)role);
		for (; names && *names; names++)
			g_ptr_array_add(words, (gpointer)*names);
	}
	g_ptr_array_add(words, NULL);
	char *role = roster_role_called(t->roster, text, (const char *const *)words->pdata);
	return role ? turn_keep(t, role) : NULL;
}

/* ---- what is said about rotas ---- */

static void add_order(struct turn *t, const struct team *team, const char *role, const char *turn, const char *people, const char *from)
{
	turn_exec(t, &SQL_DUTY_ADD_ORDER, ARG_TEXT(team->config->name), ARG_TEXT(duty_key(t, role)), ARG_TEXT(role), ARG_TEXT(turn), ARG_TEXT(people),
		ARG_TEXT(from), ARG_INT(t->person->id), ARG_INT(t->now_ms));
}

void duty_set_order(struct turn *t, const struct team *team, const char *role, enum rota_turn turn, const GPtrArray *people)
{
	const struct duty *duty = duty_of(t, team, role);
	char today[ZONE_DAY_SIZE];
	g_autoptr(GString) ids = g_string_new(NULL);
	for (guint i = 0; i < people->len; i++)
		g_string_append_printf(ids, "%s%" G_GINT64_FORMAT, i ? ";" : "", ((const struct person *)people->pdata[i])->id);
	duty = duty ? duty : duty_new(t, team, role);
	rota_day(&duty->rota, t->now_ms, today);
	add_order(t, team, duty->role, turn_names[turn], ids->str, today);
}

void duty_reset(struct turn *t, const struct team *team, const char *role)
{
	add_order(t, team, role, "", "", "");
}

gint64 duty_cover(struct turn *t, const struct duty *duty, const struct person *person, const char *first, const char *last)
{
	turn_exec(t, &SQL_DUTY_ADD_COVER, ARG_TEXT(duty->team->config->name), ARG_TEXT(duty_key(t, duty->role)), ARG_INT(person->id),
		ARG_TEXT(first), ARG_TEXT(last), ARG_INT(t->person->id), ARG_INT(t->now_ms));
	return turn_ok(t) ? db_last_id(t->db) : 0;
}

gboolean duty_read_cover(struct turn *t, gint64 id, struct duty_covered *out)
{
	struct db_rows *rows = turn_query(t, &SQL_DUTY_COVER, ARG_INT(id));
	gboolean found = db_next(rows);
	if (found) {
		*out = (struct duty_covered){ .id = id,
			.team = roster_team(t->roster, db_text(rows, 0)),
			.role = turn_keep(t, g_strdup(db_text(rows, 1))),
			.person = duty_person(t, db_int(rows, 2)),
			.said_by = duty_person(t, db_int(rows, 5)),
			.ended = !db_is_null(rows, 6) };
		g_strlcpy(out->first, db_text(rows, 3), sizeof out->first);
		g_strlcpy(out->last, db_text(rows, 4), sizeof out->last);
	}
	turn_end(t, rows);
	return found;
}

void duty_end_cover(struct turn *t, gint64 id)
{
	turn_exec(t, &SQL_DUTY_END_COVER, ARG_INT(id), ARG_INT(t->person->id), ARG_INT(t->now_ms));
}
