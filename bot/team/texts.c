/* SPDX-License-Identifier: MIT */
#include "team/texts.h"

#define ELLIPSIS "…"

static const struct {
	const char *tag;
	const char *primary; /* the subtag that decides, RFC 5646 section 2.2.1 */
} languages[LANGUAGE_COUNT] = {
	[LANGUAGE_ZH_CN] = { "zh-CN", "zh" },
	[LANGUAGE_EN] = { "en", "en" },
};

struct texts {
	GHashTable *entries; /* key → const struct text_entry *, both borrowed from the tables */
};

const char *language_tag(enum language language)
{
	return languages[language].tag;
}

gboolean language_match(const char *tag, enum language *out)
{
	if (!tag)
		return FALSE;
	size_t length = strcspn(tag, "-_.@"); /* zh-CN, zh_CN, en_US.UTF-8 */
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		const char *primary = languages[i].primary;
		if (length == strlen(primary) && g_ascii_strncasecmp(tag, primary, length) == 0) {
			*out = (enum language)i;
			return TRUE;
		}
	}
	return FALSE;
}

enum language language_choose(const char *person, const char *team, enum language fallback)
{
	enum language language = fallback;
	if (!language_match(person, &language))
		language_match(team, &language);
	return language;
}

struct texts *texts_new(const struct text_table *const *tables, size_t count)
{
	struct texts *texts = g_new0(struct texts, 1);
	texts->entries = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < tables[i]->count; j++) {
			const struct text_entry *entry = &tables[i]->entries[j];
			gboolean fresh =
				g_hash_table_insert(texts->entries, (gpointer)entry->key, (gpointer)entry);
			g_assert(fresh); /* two owners for one key */
		}
	return texts;
}

void texts_free(struct texts *texts)
{
	if (!texts)
		return;
	g_hash_table_unref(texts->entries);
	g_free(texts);
}

gboolean texts_has(const struct texts *texts, const char *key)
{
	return g_hash_table_contains(texts->entries, key);
}

/*
 * One step through a text: a run of plain text, or a placeholder with its two words. Views into the text.
 */
struct piece {
	const char *text; /* plain text of `length` bytes; or NULL for a placeholder */
	size_t length;
	char *name;
	char *one, *many; /* NULL: write the value itself */
};

static void piece_clear(struct piece *piece)
{
	g_free(piece->name);
	g_free(piece->one);
	g_free(piece->many);
	*piece = (struct piece){ 0 };
}

static gboolean name_is_valid(const char *name)
{
	if (!g_ascii_islower(name[0]))
		return FALSE;
	while (g_ascii_islower(*name) || g_ascii_isdigit(*name) || *name == '_')
		name++;
	return !*name;
}

/* What stands between the braces: name, or name|one|many. */
static const char *piece_fill(struct piece *piece, const char *inside, size_t length)
{
	g_autofree char *copy = g_strndup(inside, length);
	g_auto(GStrv) parts = g_strsplit(copy, "|", -1);
	guint count = g_strv_length(parts);
	if (count != 1 && count != 3)
		return "write {name} or {name|one|many}";
	if (!name_is_valid(parts[0]))
		return "a placeholder's name is made of a-z, 0-9 and _";
	piece->name = g_strdup(parts[0]);
	if (count == 3) {
		piece->one = g_strdup(parts[1]);
		piece->many = g_strdup(parts[2]);
	}
	return NULL;
}

/* Takes the next piece and moves *at behind it. Returns NULL, or why it cannot be read. */
static const char *piece_next(const char **at, struct piece *piece)
{
	const char *p = *at;
	*piece = (struct piece){ 0 };
	if (*p != '{' && *p != '}') {
		piece->text = p;
		piece->length = strcspn(p, "{}");
		*at = p + piece->length;
		return NULL;
	}
	if (p[1] == p[0]) {
		piece->text = p;
		piece->length = 1;
		*at = p + 2;
		return NULL;
	}
	if (*p == '}')
		return "a } without {; for a brace write }}";
	size_t length = strcspn(p + 1, "{}");
	if (p[1 + length] != '}')
		return "a { without }; for a brace write {{";
	*at = p + length + 2;
	return piece_fill(piece, p + 1, length);
}

gboolean texts_scan(
	const char *text, void (*each)(const char *name, gpointer data), gpointer data, char **reason)
{
	while (*text) {
		struct piece piece;
		const char *wrong = piece_next(&text, &piece);
		if (wrong) {
			*reason = g_strdup(wrong);
			piece_clear(&piece);
			return FALSE;
		}
		if (piece.name)
			each(piece.name, data);
		piece_clear(&piece);
	}
	return TRUE;
}

/* A mistake of ours: found in a debug build, survived in a release. */
static void our_bug(const char *what, const char *name)
{
#ifndef NDEBUG
	g_error("text bug: %s '%s'", what, name);
#else
	(void)what;
	(void)name;
#endif
}

static const struct text_arg *find_arg(const struct text_arg *args, const char *name)
{
	for (; args->name; args++)
		if (strcmp(args->name, name) == 0)
			return args;
	return NULL;
}

static void write_value(GString *out, const struct piece *piece, const struct text_arg *args)
{
	const struct text_arg *arg = find_arg(args, piece->name);
	if (!arg || (piece->one && !arg->is_number)) {
		our_bug(arg ? "a text where a number counts, for" : "no value for", piece->name);
		g_string_append(out, piece->name);
	} else if (piece->one) {
		g_string_append(out, arg->number == 1 ? piece->one : piece->many);
	} else if (arg->is_number) {
		g_string_append_printf(out, "%" G_GINT64_FORMAT, arg->number);
	} else {
		g_string_append_len(out, arg->text, (gssize)strnlen(arg->text, TEXTS_LIMIT_BYTES + 1));
	}
}

static void cut(GString *out)
{
	if (out->len <= TEXTS_LIMIT_BYTES)
		return;
	const char *end = out->str + TEXTS_LIMIT_BYTES - strlen(ELLIPSIS);
	if (((guchar)*end & 0xc0) == 0x80)
		end = g_utf8_find_prev_char(out->str, end);
	g_string_truncate(out, (gsize)(end - out->str));
	g_string_append(out, ELLIPSIS);
}

char *texts_format_args(
	const struct texts *texts, enum language language, const char *key, const struct text_arg *args)
{
	const struct text_entry *entry = g_hash_table_lookup(texts->entries, key);
	if (!entry) {
		our_bug("no text", key);
		return g_strdup(key);
	}
	GString *out = g_string_new(NULL);
	const char *at = entry->text[language];
	while (*at && out->len <= TEXTS_LIMIT_BYTES) {
		struct piece piece;
		const char *wrong = piece_next(&at, &piece);
		if (wrong) { /* the build step lets no such text through */
			our_bug(wrong, key);
			break;
		}
		if (piece.name)
			write_value(out, &piece, args);
		else
			g_string_append_len(out, piece.text, (gssize)piece.length);
		piece_clear(&piece);
	}
	cut(out);
	return g_string_free(out, FALSE);
}
