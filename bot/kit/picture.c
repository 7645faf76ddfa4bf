/* SPDX-License-Identifier: MIT */
#include "kit/picture.h"

struct picture {
	enum picture_kind kind;
	cJSON *wish;
	cJSON *people; /* borrowed from it */
	int64_t more;
};

static const struct {
	const char *name, *file;
} kinds[] = {
	[PICTURE_CAKE] = { "cake", "cake.png" },
	[PICTURE_PARTY] = { "party", "party.png" },
	[PICTURE_WALL] = { "wall", "wall.png" },
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == PICTURE_KINDS);

static const char *const themes[] = { [PICTURE_LIGHT] = "light", [PICTURE_DARK] = "dark" };
G_STATIC_ASSERT(G_N_ELEMENTS(themes) == PICTURE_THEMES);

struct picture *picture_new(enum picture_kind kind, enum picture_theme theme, enum language language, const char *headline)
{
	struct picture *p = g_new0(struct picture, 1);
	p->kind = kind;
	p->wish = cJSON_CreateObject();
	json_put_text(p->wish, "kind", kinds[kind].name);
	json_put_text(p->wish, "theme", themes[theme]);
	json_put_text(p->wish, "language", language_tag(language));
	json_put_text(p->wish, "headline", headline);
	p->people = json_put_array(p->wish, "people");
	return p;
}

void picture_free(struct picture *p)
{
	if (!p)
		return;
	cJSON_Delete(p->wish);
	g_free(p);
}

/* NULL: there is no room for another face. */
static cJSON *add(struct picture *p, const char *name, const char *account, const char *caption)
{
	if (cJSON_GetArraySize(p->people) >= PICTURE_PEOPLE) {
		p->more++;
		return NULL;
	}
	cJSON *person = json_push_object(p->people);
	json_put_text(person, "name", name);
	json_put_text(person, "account", account);
	json_put_text(person, "caption", caption);
	return person;
}

void picture_star(struct picture *p, const char *name, const char *account, const char *caption)
{
	cJSON *person = add(p, name, account, caption);
	if (person)
		json_put_bool(person, "star", TRUE);
}

void picture_guest(struct picture *p, const char *name, const char *account, const char *caption)
{
	add(p, name, account, caption);
}

void picture_put(struct picture *take, struct message *message, const char *alt, const char *lost)
{
	json_put_int(take->wish, "more", take->more);
	char *text = json_print(take->wish);
	g_autoptr(GBytes) wish = g_bytes_new_take(text, strlen(text));
	message_drawing(message, kinds[take->kind].file, wish, alt, lost);
	picture_free(take);
}
