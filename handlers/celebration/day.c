/* SPDX-License-Identifier: MIT */
/* What is said before the day, and on it. */
#include "celebration/celebration.h"

#include "team/roles.h"

/* ---- before ---- */

/* The manager and HR, each once, but for whom it is about and who is away. */
static GPtrArray *organisers(struct turn *t, const struct celebrant *c)
{
	GPtrArray *people = roster_holders(t->roster, c->team->config->workspace_name, ROLE_HR, c->team);
	const struct person *manager = roster_manager(t->roster, c->person);
	if (manager && !g_ptr_array_find(people, manager, NULL))
		g_ptr_array_add(people, (gpointer)manager);
	g_ptr_array_remove(people, (gpointer)c->person);
	for (guint i = people->len; i > 0; i--)
		if (!celebration_is_there(t, people->pdata[i - 1], c->team))
			g_ptr_array_remove_index(people, i - 1);
	return people;
}

static struct message *preparation(struct turn *t, const struct celebrant *c, enum language language)
{
	static const char *const texts[] = { [ANNIVERSARY_BIRTHDAY] = "celebration.prepare_birthday",
		[ANNIVERSARY_WORK] = "celebration.prepare_work" };
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, texts[c->of.kind], TEXT_ARG("name", c->person->name),
			       TEXT_ARG("day", turn_day_text(t, c->at.day, language)),
			       TEXT_ARG("years", yearly_count(&c->of.date, c->at.date))));
	message_context(m, turn_text_in(t, language, "celebration.prepare_note"));
	return m;
}

enum ring_outcome celebration_prepare(struct turn *t, const struct celebrant *c)
{
	if (celebration_shown(c->person) != CELEBRATION_PUBLIC)
		return RING_NOBODY;
	g_autoptr(GPtrArray) people = organisers(t, c);
	for (guint i = 0; i < people->len; i++)
		turn_hint(t, c->team->config->workspace_name, people->pdata[i], anniversary_kind_name(c->of.kind),
			c->at.due_ms[ANNIVERSARY_DAY], preparation(t, c, turn_language_of(t, people->pdata[i], c->team)));
	if (c->of.kind == ANNIVERSARY_WORK)
		celebration_ask_letter(t, c);
	return people->len > 0 ? RING_RUNG : RING_NOBODY;
}

/* ---- the words ---- */

static const char *const variants[ANNIVERSARY_KINDS][4] = {
	[ANNIVERSARY_BIRTHDAY] = { "celebration.birthday1", "celebration.birthday2", "celebration.birthday3", "celebration.birthday4" },
	[ANNIVERSARY_WORK] = { "celebration.work1", "celebration.work2", "celebration.work3", "celebration.work4" },
};

enum { VARIANTS = G_N_ELEMENTS(variants[0]) };

static int last_variant(struct turn *t, const struct celebrant *c)
{
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_LAST_WORDS, ARG_INT(c->person->id),
		ARG_TEXT(anniversary_kind_name(c->of.kind)));
	int variant = db_next(rows) ? (int)db_int(rows, 0) : -1;
	turn_end(t, rows);
	return variant;
}

/* The next one that none of them was told the last time; among five people there may be none. */
static const char *choose_words(struct turn *t, const GArray *all)
{
	const struct celebrant *first = &g_array_index(all, struct celebrant, 0);
	unsigned used = 0;
	int variant = (last_variant(t, first) + 1) % VARIANTS;
	for (guint i = 0; i < all->len; i++) {
		int last = last_variant(t, &g_array_index(all, struct celebrant, i));
		used |= last >= 0 ? 1u << last : 0;
	}
	for (int tries = 0; tries < VARIANTS && used & 1u << variant; tries++)
		variant = (variant + 1) % VARIANTS;
	for (guint i = 0; i < all->len; i++) {
		const struct celebrant *c = &g_array_index(all, struct celebrant, i);
		turn_exec(t, &SQL_CELEBRATION_KEEP_WORDS, ARG_INT(c->person->id), ARG_TEXT(anniversary_kind_name(c->of.kind)),
			ARG_TEXT((const char *)c->at.date), ARG_INT(variant));
	}
	return variants[first->of.kind][variant];
}

/* "Ana", "Ana and Bo", "Ana, Bo and Cai". */
const char *celebration_names(struct turn *t, const GArray *all, enum language language)
{
	const char *names = g_array_index(all, struct celebrant, 0).person->name;
	for (guint i = 1; i < all->len; i++)
		names = turn_text_in(t, language, i + 1 < all->len ? "celebration.names" : "celebration.names_last",
			TEXT_ARG("names", names), TEXT_ARG("name", g_array_index(all, struct celebrant, i).person->name));
	return names;
}

/* ---- the post ---- */

/* Whoever is away is named and not called. */
void celebration_write_names(struct turn *t, struct message *m, const GArray *all)
{
	message_paragraph(m);
	for (guint i = 0; i < all->len; i++) {
		const struct celebrant *c = &g_array_index(all, struct celebrant, i);
		const char *account = roster_account(c->team->config->workspace_name, c->person);
		if (i > 0)
			message_plain(m, " ");
		if (account && celebration_is_there(t, c->person, c->team))
			message_mention(m, account);
		else
			message_bold(m, c->person->name);
	}
}

static void write_years(struct turn *t, struct message *m, const GArray *all, enum language language)
{
	for (guint i = 0; i < all->len; i++) {
		const struct celebrant *c = &g_array_index(all, struct celebrant, i);
		if (c->of.kind == ANNIVERSARY_WORK)
			message_item(m, turn_text_in(t, language, "celebration.years", TEXT_ARG("name", c->person->name),
					       TEXT_ARG("years", yearly_count(&c->of.date, c->at.date))));
	}
}

static gint by_persons_name(gconstpointer a, gconstpointer b)
{
	const struct celebrant *x = a, *y = b;
	return g_utf8_collate(x->person->name, y->person->name);
}

void celebration_sort(GArray *all)
{
	g_array_sort(all, by_persons_name);
}

static gboolean is_celebrated(const GArray *all, const struct person *person)
{
	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, struct celebrant, i).person == person)
			return TRUE;
	return FALSE;
}

void celebration_draw(struct turn *t, struct message *m, enum picture_kind kind, const struct team *team, const GArray *all,
	const char *headline, enum language language)
{
	const char *workspace = team->config->workspace_name;
	struct picture *picture = picture_new(kind, PICTURE_LIGHT, language, headline);
	g_autoptr(GPtrArray) guests = g_ptr_array_new();
	GHashTableIter iter;
	gpointer person;
	for (guint i = 0; i < all->len; i++) {
		const struct person *star = g_array_index(all, struct celebrant, i).person;
		picture_star(picture, star->name, roster_account(workspace, star), NULL);
	}
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (roster_is_active(person) && !is_celebrated(all, person))
			g_ptr_array_add(guests, person);
	g_ptr_array_sort(guests, roster_by_name);
	for (guint i = 0; i < guests->len; i++) {
		const struct person *guest = guests->pdata[i];
		picture_guest(picture, guest->name, roster_account(workspace, guest), NULL);
	}
	picture_put(picture, m, turn_text_in(t, language, "celebration.picture", TEXT_ARG("names", celebration_names(t, all, language))), "");
}

static struct message *post_of(struct turn *t, const struct team *team, const GArray *all, enum language language)
{
	static const char *const titles[] = { [ANNIVERSARY_BIRTHDAY] = "celebration.birthday_title",
		[ANNIVERSARY_WORK] = "celebration.work_title" };
	enum anniversary_kind kind = g_array_index(all, struct celebrant, 0).of.kind;
	const char *names = celebration_names(t, all, language);
	const char *title = turn_text_in(t, language, titles[kind], TEXT_ARG("names", names));
	struct message *m = message_new();
	message_title(m, title);
	celebration_write_names(t, m, all);
	message_say(m, turn_text_in(t, language, choose_words(t, all), TEXT_ARG("names", names)));
	write_years(t, m, all, language);
	for (guint i = 0; kind == ANNIVERSARY_BIRTHDAY && i < all->len; i++)
		celebration_write_wishes(t, m, &g_array_index(all, struct celebrant, i), all->len == 1, language);
	celebration_draw(t, m, PICTURE_CAKE, team, all, title, language);
	message_context(m, turn_text_in(t, language, "celebration.post_note"));
	return m;
}

/* Everybody else of the team whose day it is, too: one post for all. */
static void gather(struct turn *t, const struct celebrant *first, GArray *all)
{
	GHashTableIter iter;
	gpointer person;
	struct celebrant c;
	g_hash_table_iter_init(&iter, first->team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (person != first->person && celebration_shown(person) == CELEBRATION_PUBLIC &&
			celebration_of(t->roster, person, first->of.kind, &c) && c.team == first->team && anniversary_take_day(t, &c.of, &c.at))
			g_array_append_val(all, c);
	celebration_sort(all);
}

static void hold_in_public(struct turn *t, const struct celebrant *c)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct celebrant));
	g_autofree char *name =
		g_strdup_printf("celebration/%s/%" G_GINT64_FORMAT "/%s", anniversary_kind_name(c->of.kind), c->person->id, c->at.date);
	g_array_append_val(all, *c);
	gather(t, c, all);
	turn_post_until(t, c->team, name, c->at.until_ms[ANNIVERSARY_DAY], post_of(t, c->team, all, turn_team_language(t, c->team)));
	for (guint i = 0; i < all->len; i++) {
		celebration_deliver_letters(t, &g_array_index(all, struct celebrant, i));
		celebration_note(t, &g_array_index(all, struct celebrant, i), ANNIVERSARY_DAY, RING_RUNG);
	}
}

static void congratulate(struct turn *t, const struct celebrant *c)
{
	enum language language = turn_language_of(t, c->person, c->team);
	g_autoptr(GArray) alone = g_array_new(FALSE, FALSE, sizeof(struct celebrant));
	struct message *m = message_new();
	g_array_append_val(alone, *c);
	message_say(m, turn_text_in(t, language, choose_words(t, alone), TEXT_ARG("names", c->person->name)));
	write_years(t, m, alone, language);
	message_context(m, turn_text_in(t, language, "celebration.private_note"));
	turn_nudge(t, c->team->config->workspace_name, c->person, anniversary_kind_name(c->of.kind), c->at.until_ms[ANNIVERSARY_DAY], m);
}

static void hold_in_private(struct turn *t, const struct celebrant *c)
{
	if (celebration_is_there(t, c->person, c->team))
		congratulate(t, c);
	celebration_deliver_letters(t, c);
}

enum ring_outcome celebration_hold(struct turn *t, const struct celebrant *c)
{
	/* Whoever was not asked, or has not answered, still gets a letter: one human being wrote it to another. */
	static void (*const ways[])(struct turn *t, const struct celebrant *c) = { [CELEBRATION_UNASKED] = celebration_deliver_letters,
		[CELEBRATION_PUBLIC] = hold_in_public, [CELEBRATION_PRIVATE] = hold_in_private, [CELEBRATION_NONE] = celebration_return_letters };
	ways[celebration_shown(c->person)](t, c);
	return RING_RUNG;
}
