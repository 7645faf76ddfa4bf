/* SPDX-License-Identifier: MIT */
#include "picture/wish.h"

#include "base/json.h"

static const char *const kinds[] = { [WISH_CAKE] = "cake", [WISH_PARTY] = "party", [WISH_WALL] = "wall" };
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == WISH_KINDS);

enum { TEXT_CHARACTERS = 200 };

/* One line, not longer than anybody could read. */
static char *read_text(const cJSON *from, const char *key)
{
	g_autofree char *valid = g_utf8_make_valid(json_text_or(from, key, ""), -1);
	char *text = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), TEXT_CHARACTERS));
	return g_strstrip(g_strdelimit(text, "\r\n\t\v\f", ' '));
}

static gboolean read_kind(const cJSON *line, enum wish_kind *out, GError **error)
{
	const char *name;
	if (!json_text(line, "kind", &name, error))
		return FALSE;
	for (enum wish_kind kind = 0; kind < WISH_KINDS; kind++) {
		if (strcmp(name, kinds[kind]) == 0) {
			*out = kind;
			return TRUE;
		}
	}
	g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "'kind' is none that can be drawn: '%s'", name);
	return FALSE;
}

/* Who has promised a face that is not there, or is too large, has none; the next one's begins behind it. */
static GBytes *read_face(const cJSON *person, const char **at, const char *end)
{
	int64_t promised = json_int_or(person, "bytes", 0);
	gsize length = MIN((gsize)MAX(promised, 0), (gsize)(end - *at));
	GBytes *face = promised > 0 && promised <= WISH_FACE_BYTES && (gsize)promised == length ? g_bytes_new(*at, length) : NULL;
	*at += length;
	return face;
}

static void add_person(struct wish *wish, const cJSON *from, const char **at, const char *end)
{
	struct wish_person person = { read_text(from, "name"), read_text(from, "caption"), read_face(from, at, end) };
	guint place = wish->count++;
	if (json_bool_or(from, "star", FALSE) && wish->stars < WISH_STARS) {
		memmove(&wish->people[wish->stars + 1], &wish->people[wish->stars], (place - wish->stars) * sizeof person);
		place = wish->stars++;
	}
	wish->people[place] = person;
}

struct wish *wish_read(const char *bytes, gsize length, GError **error)
{
	const char *newline = memchr(bytes, '\n', MIN(length, WISH_LINE_BYTES));
	const char *at = newline ? newline + 1 : bytes + MIN(length, WISH_LINE_BYTES), *end = bytes + length;
	g_autoptr(cJSON) line = json_parse(bytes, (gsize)(at - bytes), error);
	enum wish_kind kind;
	if (!line || !read_kind(line, &kind, error))
		return NULL;
	struct wish *wish = g_new0(struct wish, 1);
	wish->kind = kind;
	wish->dark = strcmp(json_text_or(line, "theme", ""), "dark") == 0;
	wish->language = read_text(line, "language");
	wish->headline = read_text(line, "headline");
	wish->more = (guint)CLAMP(json_int_or(line, "more", 0), 0, 99999);
	const cJSON *person;
	cJSON_ArrayForEach (person, json_array(line, "people")) {
		if (wish->count < WISH_PEOPLE)
			add_person(wish, person, &at, end);
		else
			wish->more++;
	}
	return wish;
}

void wish_free(struct wish *wish)
{
	if (!wish)
		return;
	for (guint i = 0; i < wish->count; i++) {
		g_free(wish->people[i].name);
		g_free(wish->people[i].caption);
		g_clear_pointer(&wish->people[i].face, g_bytes_unref);
	}
	g_free(wish->language);
	g_free(wish->headline);
	g_free(wish);
}
