/* SPDX-License-Identifier: MIT */
#include "team/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/zone.h"
#include "team/config_keys.h"
#include "team/yaml.h"
#include "team/zone_guess.h"

enum {
	SECRET_LIMIT_BYTES = 64 * 1024,
	PAIR_LIMIT = 100,  /* keys of one section; no section knows so many */
	SHOWN_LIMIT = 60,  /* characters of a value in a message */
};

struct problem {
	struct yaml_place place;
	char *text;
};

struct reader {
	const char *path;
	char *folder;
	struct yaml_file *file;
	struct config *config;
	GPtrArray *problems; /* struct problem */
	GPtrArray *warnings; /* struct problem */
	gboolean is_open;    /* everybody on the machine can read the file */
};

/* A scalar on its way into a field. */
struct value {
	struct yaml_place place;
	const char *text;  /* with its variables filled in */
	const char *shown; /* for messages: in quotes, as written in the file */
};

/* ---- problems ---- */

static void free_problem(gpointer data)
{
	struct problem *problem = data;
	g_free(problem->text);
	g_free(problem);
}

static void add_problem(GPtrArray *list, struct yaml_place place, char *take_text)
{
	struct problem *problem = g_new(struct problem, 1);
	*problem = (struct problem){ place, take_text };
	g_ptr_array_add(list, problem);
}

static G_GNUC_PRINTF(3, 4) void tell(struct reader *r, struct yaml_place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_problem(r->problems, place, g_strdup_vprintf(format, args));
	va_end(args);
}

static G_GNUC_PRINTF(3, 4) void warn(struct reader *r, struct yaml_place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_problem(r->warnings, place, g_strdup_vprintf(format, args));
	va_end(args);
}

static int by_place(gconstpointer a, gconstpointer b)
{
	const struct problem *p = *(struct problem *const *)a, *q = *(struct problem *const *)b;
	if (p->place.line != q->place.line)
		return p->place.line < q->place.line ? -1 : 1;
	return p->place.column < q->place.column ? -1 : p->place.column > q->place.column;
}

/* Lines for people, in the order of the file. */
static void write_problems(const char *path, GPtrArray *list, GPtrArray *out)
{
	g_ptr_array_sort(list, by_place);
	for (guint i = 0; i < list->len && i < CONFIG_PROBLEM_LIMIT; i++) {
		const struct problem *problem = list->pdata[i];
		struct yaml_place place = problem->place;
		g_ptr_array_add(out, place.line ? g_strdup_printf("%s:%zu:%zu: %s", path, place.line, place.column,
							  problem->text)
						: g_strdup_printf("%s: %s", path, problem->text));
	}
	if (list->len > CONFIG_PROBLEM_LIMIT)
		g_ptr_array_add(out, g_strdup_printf("%s: and %u more", path, list->len - CONFIG_PROBLEM_LIMIT));
}

/* A value in quotes, safe to print: no control characters, not long, no token. */
static char *show(const char *text)
{
	if (g_str_has_prefix(text, "xox") || g_str_has_prefix(text, "xapp-"))
		return g_strdup("a token");
	GString *out = g_string_new("'");
	int count = 0;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		if (++count > SHOWN_LIMIT) {
			g_string_append(out, "…");
			break;
		}
		gunichar c = g_utf8_get_char(p);
		g_string_append_unichar(out, g_unichar_isprint(c) ? c : 0xfffd);
	}
	g_string_append_c(out, '\'');
	return g_string_free(out, FALSE);
}

/* ---- variables ---- */

static size_t variable_length(const char *name)
{
	if (!g_ascii_isalpha(*name) && *name != '_')
		return 0;
	return strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
}

/* Writes the value of the variable whose name begins at `name`; returns what follows "}", or NULL with the reason. */
static const char *expand_one(GString *out, const char *name, char **reason)
{
	size_t length = variable_length(name);
	if (length == 0 || name[length] != '}') {
		*reason = g_strdup("has ${ without a variable's name and }; write ${NAME}, or $${ for a literal ${");
		return NULL;
	}
	g_autofree char *variable = g_strndup(name, length);
	const char *value = g_getenv(variable);
	if (!value || !g_utf8_validate(value, -1, NULL)) {
		*reason = g_strdup_printf("needs the environment variable '%s', which is not %s", variable,
			value ? "UTF-8" : "set");
		return NULL;
	}
	g_string_append(out, value);
	return name + length + 1;
}

/* The text with ${NAME} filled in and $${ made ${; NULL with the reason. Values are not expanded again. */
static char *expand(const char *text, char **reason)
{
	GString *out = g_string_new(NULL);
	while (*text) {
		if (g_str_has_prefix(text, "$${")) {
			g_string_append(out, "${");
			text += 3;
		} else if (g_str_has_prefix(text, "${")) {
			text = expand_one(out, text + 2, reason);
			if (!text) {
				g_string_free(out, TRUE);
				return NULL;
			}
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

/* ---- files ---- */

static char *absolute(const char *folder, const char *path)
{
	return g_canonicalize_filename(path, folder);
}

/* The first folder in a variable of systemd (a list with colons), or the configuration file's. */
static char *folder_of(const struct reader *r, const char *variable)
{
	const char *folders = variable ? g_getenv(variable) : NULL;
	return folders && *folders ? g_strndup(folders, strcspn(folders, ":")) : g_strdup(r->folder);
}

/* Opens a plain file for reading, never waiting for a pipe's other end; -1 with the reason. */
static int open_plain(const char *path, struct stat *status, char **reason)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, status) != 0) {
		*reason = g_strdup_printf("cannot be read: %s", g_strerror(errno));
	} else if (!S_ISREG(status->st_mode)) {
		*reason = g_strdup("is not a plain file");
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The whole of a plain file; NULL with the reason. */
static char *read_plain(const char *path, gsize limit, gsize *length, gboolean *is_open, char **reason)
{
	struct stat status;
	int fd = open_plain(path, &status, reason);
	if (fd < 0)
		return NULL;
	*is_open = (status.st_mode & S_IROTH) != 0;
	char *text = g_malloc(limit + 2);
	gsize have = 0;
	gssize got = 0;
	while (have <= limit && (got = read(fd, text + have, limit + 1 - have)) > 0)
		have += (gsize)got;
	close(fd);
	text[have] = '\0';
	*length = have;
	if (got >= 0 && have <= limit)
		return text;
	*reason = got < 0 ? g_strdup("cannot be read") : g_strdup_printf("is larger than %zu KiB", limit / 1024);
	g_free(text);
	return NULL;
}

/* ---- one value of each type: NULL, or what is wrong ---- */

static char *put_text(char **out, const char *text)
{
	g_free(*out);
	*out = g_strdup(text);
	return NULL;
}

static char *take_text(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	(void)key;
	return put_text(out, value->text);
}

static char *choices_reason(const struct config_key *key, const struct value *value)
{
	g_autofree char *all = g_strjoinv(", ", (char **)key->choices);
	return g_strdup_printf("must be one of: %s; not %s", all, value->shown);
}

static char *take_choice(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	if (!g_strv_contains(key->choices, value->text))
		return choices_reason(key, value);
	return put_text(out, value->text);
}

static char *take_letter(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	g_autofree char *upper = g_ascii_strup(value->text, -1);
	if (!g_strv_contains(key->choices, upper))
		return choices_reason(key, value);
	*(char *)out = upper[0];
	return NULL;
}

static char *take_flag(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	static const char *const yes[] = { "on", "true", "yes", NULL }, *const no[] = { "off", "false", "no", NULL };
	(void)r;
	(void)key;
	g_autofree char *lower = g_ascii_strdown(value->text, -1);
	if (!g_strv_contains(yes, lower) && !g_strv_contains(no, lower))
		return g_strdup_printf("must be on or off, not %s", value->shown);
	*(gboolean *)out = g_strv_contains(yes, lower);
	return NULL;
}

static char *take_integer(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	gint64 number = 0;
	(void)r;
	if (!g_ascii_string_to_signed(value->text, 10, key->least, key->most, &number, NULL))
		return g_strdup_printf("must be a whole number from %d to %d, not %s", key->least, key->most, value->shown);
	*(int *)out = (int)number;
	return NULL;
}

static char *take_zone(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	(void)key;
	if (zone_find(value->text))
		return put_text(out, value->text);
	g_autofree char *guess = zone_guess(value->text);
	if (guess)
		return g_strdup_printf("must be an IANA time zone; %s is none. Did you mean '%s'?", value->shown, guess);
	return g_strdup_printf("must be an IANA time zone such as Asia/Shanghai or Europe/Berlin; %s is none", value->shown);
}

static char *take_language(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	(void)key;
	if (!language_match(value->text, out))
		return g_strdup_printf("must be zh-CN or en, not %s", value->shown);
	return NULL;
}

static char *take_minute(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	const char *t = value->text;
	(void)r;
	(void)key;
	gboolean shape = strlen(t) == 5 && g_ascii_isdigit(t[0]) && g_ascii_isdigit(t[1]) && t[2] == ':' &&
			 g_ascii_isdigit(t[3]) && g_ascii_isdigit(t[4]);
	int hour = shape ? (t[0] - '0') * 10 + t[1] - '0' : 99;
	int minute = shape ? (t[3] - '0') * 10 + t[4] - '0' : 99;
	if (hour > 23 || minute > 59)
		return g_strdup_printf("must be a time like \"09:30\" (00:00 to 23:59), not %s", value->shown);
	*(int *)out = hour * 60 + minute;
	return NULL;
}

static char *take_file(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	struct stat status;
	g_autofree char *reason = NULL, *path = absolute(r->folder, value->text);
	(void)key;
	int fd = open_plain(path, &status, &reason);
	if (fd < 0)
		return g_strdup_printf("names a file that %s", reason);
	close(fd);
	return put_text(out, path);
}

static char *take_store(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	g_autofree char *folder = folder_of(r, "STATE_DIRECTORY");
	g_autofree char *path = absolute(folder, value->text);
	(void)key;
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return g_strdup_printf("must be a file, and %s is a folder", value->shown);
	return put_text(out, path);
}

static char *add_days(const char *word, const char *shown, unsigned *days)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	for (int i = 0; config_day_words[i]; i++)
		if (strcmp(lower, config_day_words[i]) == 0) {
			*days |= 1u << i;
			return NULL;
		}
	if (strcmp(lower, "workdays") != 0 && strcmp(lower, "daily") != 0)
		return g_strdup_printf("must be workdays, daily, or a list of mon, tue, wed, thu, fri, sat, sun; not %s", shown);
	*days |= strcmp(lower, "daily") == 0 ? CONFIG_EVERY_DAY : CONFIG_WORKDAYS;
	return NULL;
}

static char *take_days(const struct reader *r, const struct config_key *key, const struct value *value, void *out)
{
	(void)r;
	(void)key;
	*(unsigned *)out = 0;
	return add_days(value->text, value->shown, out);
}

/* ---- from a node to a value ---- */

typedef char *take_fn(const struct reader *r, const struct config_key *key, const struct value *value, void *out);

/* Types that one scalar fills. The others are read by read_node. */
static take_fn *const takers[CONFIG_TYPE_COUNT] = {
	[CONFIG_TEXT] = take_text,     [CONFIG_CHOICE] = take_choice, [CONFIG_LETTER] = take_letter,
	[CONFIG_FLAG] = take_flag,     [CONFIG_INTEGER] = take_integer, [CONFIG_ZONE] = take_zone,
	[CONFIG_LANGUAGE] = take_language, [CONFIG_MINUTE] = take_minute, [CONFIG_FILE] = take_file,
	[CONFIG_STORE] = take_store,   [CONFIG_DAYS] = take_days,
};

static void take(struct reader *r, const struct config_key *key, const char *name, const struct value *value, void *out)
{
	char *reason = key->check ? key->check(value->text, value->shown) : NULL;
	if (!reason)
		reason = takers[key->type](r, key, value, out);
	if (reason)
		tell(r, value->place, "'%s' %s", name, reason);
	g_free(reason);
}

static gboolean has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

/* Tags other than YAML's own (!vault, !include) promise what is not done here. */
static gboolean has_foreign_tag(const yaml_node_t *node)
{
	return node->tag && !g_str_has_prefix((const char *)node->tag, "tag:yaml.org,2002:");
}

static const char *empty_hint(const struct config_key *key)
{
	return key->check && key->pattern && strchr(key->pattern, '#') ?
		       " (a value that begins with # must stand in quotes: \"#sales\")" :
		       "";
}

/* What is wrong with a scalar as it is written; NULL when its text can be used. */
static char *scalar_reason(const struct config_key *key, const yaml_node_t *node)
{
	const char *text = yaml_scalar(node);
	if (node->type != YAML_SCALAR_NODE)
		return g_strdup_printf("must be %s, not %s", key->type == CONFIG_TEXTS ? "a list of texts" : "a text",
			yaml_noun(node));
	if (has_foreign_tag(node))
		return g_strdup("has a tag (!…), which is not known here; write the plain value");
	if (text && (!*text || yaml_is_null(node)))
		return g_strdup_printf("is empty%s", empty_hint(key));
	if (!text || (has_control(text) && !key->secret))
		return g_strdup("has a line break or another control character in it");
	return NULL;
}

/* The text of a scalar with its variables filled in; NULL after the problem was told. Caller frees. */
static char *scalar_text(struct reader *r, const struct config_key *key, const char *name, const yaml_node_t *node)
{
	char *reason = scalar_reason(key, node), *text = NULL;
	if (!reason)
		text = expand(yaml_scalar(node), &reason);
	if (text && !*text) {
		reason = g_strdup("is empty: the variable in it is set, but to nothing");
		g_clear_pointer(&text, g_free);
	}
	if (reason)
		tell(r, yaml_place(node), "'%s' %s", name, reason);
	g_free(reason);
	return text;
}

static void read_scalar(struct reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	g_autofree char *text = scalar_text(r, key, key->name, node);
	if (!text)
		return;
	g_autofree char *shown = show(yaml_scalar(node));
	if (key->secret && r->is_open && !strstr(yaml_scalar(node), "${"))
		warn(r, yaml_place(node), "'%s' stands in a file that everybody on this machine can read; chmod 640 it, or use "
					  "'%s_file'",
			key->name, key->name);
	take(r, key, key->name, &(struct value){ yaml_place(node), text, shown }, out);
}

/* A secret from NAME_file: the file's text without the line end that editors add. */
static void read_secret_file(struct reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	g_autofree char *name = g_strconcat(key->name, "_file", NULL), *reason = NULL;
	g_autofree char *text = scalar_text(r, key, name, node);
	if (!text)
		return;
	g_autofree char *folder = folder_of(r, "CREDENTIALS_DIRECTORY"), *path = absolute(folder, text);
	gsize length = 0;
	gboolean is_open = FALSE;
	g_autofree char *secret = read_plain(path, SECRET_LIMIT_BYTES, &length, &is_open, &reason);
	if (!secret) {
		tell(r, yaml_place(node), "'%s': '%s' %s", name, path, reason);
		return;
	}
	while (length > 0 && strchr("\r\n", secret[length - 1]))
		secret[--length] = '\0';
	if (length == 0 || strlen(secret) != length || !g_utf8_validate(secret, -1, NULL)) {
		tell(r, yaml_place(node), "'%s': '%s' %s", name, path, length ? "is not text" : "is empty");
		return;
	}
	if (is_open)
		warn(r, yaml_place(node), "'%s': everybody on this machine can read '%s'; chmod 640 it", name, path);
	take(r, key, name, &(struct value){ yaml_place(node), secret, "'…'" }, out);
}

static void read_fallback(struct reader *r, const struct config_key *key, const yaml_node_t *section, void *out)
{
	g_autofree char *shown = show(key->fallback);
	take(r, key, key->name, &(struct value){ yaml_place(section), key->fallback, shown }, out);
}

/* ---- lists and sections ---- */

static void read_section(struct reader *r, const struct config_section *section, const yaml_node_t *node, void *out);
static void release_section(const struct config_section *section, void *item);

static gboolean is_list(struct reader *r, const struct config_key *key, const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		tell(r, yaml_place(node), "'%s' must be a list, not %s%s%s", key->name, yaml_noun(node),
			key->example ? "; such as " : "; each item begins with '- '", key->example ? key->example : "");
		return FALSE;
	}
	if (key->most > 0 && yaml_count(node) > (size_t)key->most) {
		tell(r, yaml_place(node), "'%s' has more than %d items", key->name, key->most);
		return FALSE;
	}
	return TRUE;
}

static void read_texts(struct reader *r, const struct config_key *key, const yaml_node_t *node, char ***out)
{
	if (!is_list(r, key, node))
		return;
	g_strfreev(*out);
	*out = g_new0(char *, yaml_count(node) + 1);
	size_t count = 0;
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *item = yaml_item(r->file, node, i);
		g_autofree char *text = scalar_text(r, key, key->name, item);
		if (!text)
			continue;
		g_autofree char *shown = show(yaml_scalar(item));
		g_autofree char *reason = key->check ? key->check(text, shown) : NULL;
		if (reason)
			tell(r, yaml_place(item), "'%s' %s", key->name, reason);
		else
			(*out)[count++] = g_steal_pointer(&text);
	}
}

static void read_days(struct reader *r, const struct config_key *key, const yaml_node_t *node, unsigned *out)
{
	if (node->type == YAML_SCALAR_NODE) {
		read_scalar(r, key, node, out);
		return;
	}
	if (!is_list(r, key, node))
		return;
	if (yaml_count(node) == 0 || yaml_count(node) > 7) {
		tell(r, yaml_place(node), "'%s' must have one to seven days", key->name);
		return;
	}
	*out = 0;
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *item = yaml_item(r->file, node, i);
		g_autofree char *text = scalar_text(r, key, key->name, item);
		g_autofree char *shown = text ? show(yaml_scalar(item)) : NULL;
		g_autofree char *reason = text ? add_days(text, shown, out) : NULL;
		if (reason)
			tell(r, yaml_place(item), "'%s' %s", key->name, reason);
	}
}

static void read_sections(struct reader *r, const struct config_key *key, const yaml_node_t *node, void ***out)
{
	if (!is_list(r, key, node))
		return;
	if (yaml_count(node) == 0)
		tell(r, yaml_place(node), "'%s' is empty; it needs at least one %s", key->name, key->section->noun);
	*out = g_new0(void *, yaml_count(node) + 1);
	for (size_t i = 0; i < yaml_count(node); i++) {
		(*out)[i] = g_malloc0(key->section->size);
		read_section(r, key->section, yaml_item(r->file, node, i), (*out)[i]);
	}
}

static void read_node(struct reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	if (key->type == CONFIG_TEXTS)
		read_texts(r, key, node, out);
	else if (key->type == CONFIG_DAYS)
		read_days(r, key, node, out);
	else if (key->type == CONFIG_SECTIONS)
		read_sections(r, key, node, out);
	else if (key->type == CONFIG_SECTION)
		read_section(r, key->section, node, out);
	else
		read_scalar(r, key, node, out);
}

static const yaml_node_t *secret_node(struct reader *r, const struct config_key *key, const yaml_node_t *section)
{
	g_autofree char *name = g_strconcat(key->name, "_file", NULL);
	return key->secret ? yaml_member(r->file, section, name) : NULL;
}

static void read_key(struct reader *r, const struct config_section *section, const struct config_key *key,
	const yaml_node_t *node, void *out)
{
	const yaml_node_t *value = yaml_member(r->file, node, key->name), *file = secret_node(r, key, node);
	if (value && file)
		tell(r, yaml_place(file), "'%s' and '%s_file' both stand here; keep one", key->name, key->name);
	else if (file)
		read_secret_file(r, key, file, out);
	else if (value)
		read_node(r, key, value, out);
	else if (key->required)
		tell(r, yaml_place(node), "'%s' is missing in this %s; write %s: %s", key->name, section->noun, key->name,
			key->example ? key->example : "and a list below it");
	else if (key->fallback)
		read_fallback(r, key, node, out);
}

/* The section in which a key stands that was written elsewhere: the name of the key that holds it, or NULL. */
static const char *home_of(const struct config_section *section, const char *holder, const char *name)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		const char *home = key->section ? home_of(key->section, key->name, name) : NULL;
		if (strcmp(key->name, name) == 0)
			return holder;
		if (home)
			return home;
	}
	return NULL;
}

static GPtrArray *names_of(const struct config_section *section)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < section->count; i++) {
		g_ptr_array_add(names, g_strdup(section->keys[i].name));
		if (section->keys[i].secret)
			g_ptr_array_add(names, g_strconcat(section->keys[i].name, "_file", NULL));
	}
	g_ptr_array_add(names, NULL);
	return names;
}

static void tell_unknown(struct reader *r, const struct config_section *section, const yaml_node_t *node,
	const char *name)
{
	g_autoptr(GPtrArray) names = names_of(section);
	const char *guess = nearest_word(name, (const char *const *)names->pdata);
	const char *home = home_of(&config_top, "the top of the file", name);
	g_autofree char *shown = show(name), *all = g_strjoinv(", ", (char **)names->pdata);
	if (home)
		tell(r, yaml_place(node), "%s is no key of a %s; it belongs into '%s'", shown, section->noun, home);
	else if (guess)
		tell(r, yaml_place(node), "unknown key %s; did you mean '%s'?", shown, guess);
	else
		tell(r, yaml_place(node), "unknown key %s; the keys of a %s are: %s", shown, section->noun, all);
}

static void check_names(struct reader *r, const struct config_section *section, const yaml_node_t *node)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) names = names_of(section);
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *key, *value;
		yaml_pair(r->file, node, i, &key, &value);
		const char *name = yaml_scalar(key);
		if (!name)
			tell(r, yaml_place(key), "a key must be a text, not %s", yaml_noun(key));
		else if (!g_strv_contains((const char *const *)names->pdata, name))
			tell_unknown(r, section, key, name);
		else if (!g_hash_table_add(seen, (gpointer)name))
			tell(r, yaml_place(key), "'%s' stands in this %s twice", name, section->noun);
	}
}

static gboolean needs_nothing(const struct config_section *section)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->keys[i].required)
			return FALSE;
	return TRUE;
}

static void read_section(struct reader *r, const struct config_section *section, const yaml_node_t *node, void *out)
{
	gboolean bare = yaml_is_null(node) && needs_nothing(section); /* "standup:" and nothing more: all defaults */
	if (section->begin)
		section->begin(r->config, out);
	if (node->type != YAML_MAPPING_NODE && !bare) {
		tell(r, yaml_place(node), "a %s must be a section of keys, not %s", section->noun, yaml_noun(node));
		return;
	}
	if (yaml_count(node) > PAIR_LIMIT) {
		tell(r, yaml_place(node), "a %s has no more than %d keys", section->noun, PAIR_LIMIT);
		return;
	}
	check_names(r, section, node);
	for (size_t i = 0; i < section->count; i++)
		read_key(r, section, &section->keys[i], node, (char *)out + section->keys[i].offset);
}

/* ---- what several keys mean together ---- */

static const yaml_node_t *item_of(const struct reader *r, const char *list, size_t index)
{
	return yaml_item(r->file, yaml_member(r->file, r->file->root, list), index);
}

static struct yaml_place place_in(const struct reader *r, const yaml_node_t *item, const char *key)
{
	const yaml_node_t *node = yaml_member(r->file, item, key);
	return yaml_place(node ? node : item);
}

static gboolean is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static gboolean is_slack_itself(const char *api_url)
{
	g_autoptr(GUri) uri = api_url ? g_uri_parse(api_url, G_URI_FLAGS_NONE, NULL) : NULL;
	g_autofree char *host = uri ? g_ascii_strdown(g_uri_get_host(uri), -1) : NULL;
	static const char *const hosts[] = { "slack.com", "slack-gov.com" };
	for (size_t i = 0; host && i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *below = g_strconcat(".", hosts[i], NULL);
		if (strcmp(host, hosts[i]) == 0 || g_str_has_suffix(host, below))
			return TRUE;
	}
	return FALSE;
}

static void check_workspace_pair(struct reader *r, const struct config_workspace *one, const struct config_workspace *two,
	const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		tell(r, place_in(r, item, "name"), "another workspace is called '%s' already; each name once", two->name);
	if (is_same(one->bot_token, two->bot_token))
		tell(r, place_in(r, item, "bot_token"), "'bot_token' is that of workspace '%s' too; each workspace has its own",
			one->name ? one->name : "?");
	if (is_same(one->app_token, two->app_token))
		tell(r, place_in(r, item, "app_token"), "'app_token' is that of workspace '%s' too; each needs an app of its own, "
							"for Slack gives an event to only one of an app's connections",
			one->name ? one->name : "?");
}

static void finish_workspace(struct config_workspace *workspace)
{
	if (workspace->api_url && !g_str_has_suffix(workspace->api_url, "/")) {
		char *whole = g_strconcat(workspace->api_url, "/", NULL);
		g_free(workspace->api_url);
		workspace->api_url = whole;
	}
}

static void check_workspaces(struct reader *r)
{
	struct config_workspace **list = r->config->workspaces;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "workspaces", i);
		finish_workspace(list[i]);
		if (!list[i]->rate_limits && is_slack_itself(list[i]->api_url))
			tell(r, place_in(r, item, "rate_limits"), "'rate_limits' must stay on for slack.com: off is for a sandbox");
		for (size_t j = 0; j < i; j++)
			check_workspace_pair(r, list[j], list[i], item);
	}
}

static const struct config_workspace *find_workspace(const struct config *config, const char *name)
{
	for (size_t i = 0; config->workspaces && config->workspaces[i]; i++)
		if (is_same(config->workspaces[i]->name, name))
			return config->workspaces[i];
	return NULL;
}

static void tell_unknown_workspace(struct reader *r, const char *name, struct yaml_place place)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (size_t i = 0; r->config->workspaces && r->config->workspaces[i]; i++)
		if (r->config->workspaces[i]->name)
			g_ptr_array_add(names, r->config->workspaces[i]->name);
	g_ptr_array_add(names, NULL);
	const char *guess = nearest_word(name, (const char *const *)names->pdata);
	g_autofree char *shown = show(name), *all = g_strjoinv(", ", (char **)names->pdata);
	if (guess)
		tell(r, place, "there is no workspace %s; did you mean '%s'?", shown, guess);
	else if (*all)
		tell(r, place, "there is no workspace %s; there is: %s", shown, all);
	else
		tell(r, place, "there is no workspace %s; 'workspaces' names none", shown);
}

static void check_team_pair(struct reader *r, const struct config_team *one, const struct config_team *two,
	const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		tell(r, place_in(r, item, "name"), "another team is called '%s' already; each name once", two->name);
	if (is_same(one->workspace_name, two->workspace_name) && is_same(one->channel, two->channel))
		tell(r, place_in(r, item, "channel"), "the channel '%s' is that of team '%s' already; one team for each channel",
			two->channel, one->name ? one->name : "?");
}

static void check_teams(struct reader *r)
{
	struct config_team **list = r->config->teams;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "teams", i);
		list[i]->workspace = find_workspace(r->config, list[i]->workspace_name);
		if (list[i]->workspace_name && !list[i]->workspace)
			tell_unknown_workspace(r, list[i]->workspace_name, place_in(r, item, "workspace"));
		for (size_t j = 0; j < i && r->problems->len <= CONFIG_PROBLEM_LIMIT; j++)
			check_team_pair(r, list[j], list[i], item);
	}
}

/* ---- the whole file ---- */

static void read_file(struct reader *r, const char *text, gsize length)
{
	struct yaml_place place;
	char *reason = NULL;
	r->file = yaml_file_parse(text, length, &place, &reason);
	if (!r->file) {
		add_problem(r->problems, place, reason);
		return;
	}
	if (yaml_is_null(r->file->root))
		tell(r, (struct yaml_place){ 0, 0 }, "is empty");
	else
		read_section(r, &config_top, r->file->root, r->config);
	if (r->file->root->type == YAML_MAPPING_NODE) {
		check_workspaces(r);
		check_teams(r);
	}
}

static char **steal_lines(GPtrArray *take_lines)
{
	g_ptr_array_add(take_lines, NULL);
	return (char **)g_ptr_array_free(take_lines, FALSE);
}

static struct config *parse(const char *path, const char *text, gsize length, gboolean is_open, GPtrArray *problems)
{
	struct reader r = {
		.path = path,
		.folder = g_path_get_dirname(path),
		.config = g_new0(struct config, 1),
		.problems = g_ptr_array_new_with_free_func(free_problem),
		.warnings = g_ptr_array_new_with_free_func(free_problem),
		.is_open = is_open,
	};
	if (!g_path_is_absolute(r.folder)) {
		char *folder = g_canonicalize_filename(r.folder, NULL);
		g_free(r.folder);
		r.folder = folder;
	}
	r.config->path = g_strdup(path);
	read_file(&r, text, length);
	GPtrArray *warnings = g_ptr_array_new();
	write_problems(path, r.problems, problems);
	write_problems(path, r.warnings, warnings);
	r.config->warnings = steal_lines(warnings);
	if (r.problems->len > 0)
		g_clear_pointer(&r.config, config_free);
	g_ptr_array_unref(r.problems);
	g_ptr_array_unref(r.warnings);
	yaml_file_free(r.file);
	g_free(r.folder);
	return r.config;
}

struct config *config_parse(const char *path, const char *text, gsize length, GPtrArray *problems)
{
	return parse(path, text, length, FALSE, problems);
}

struct config *config_load(const char *path, GPtrArray *problems)
{
	g_autofree char *reason = NULL;
	gsize length = 0;
	gboolean is_open = FALSE;
	g_autofree char *text = read_plain(path, CONFIG_LIMIT_BYTES, &length, &is_open, &reason);
	if (!text) {
		g_ptr_array_add(problems, g_strdup_printf("%s: %s", path, reason));
		return NULL;
	}
	return parse(path, text, length, is_open, problems);
}

/* ---- freeing, by the same table ---- */

static void release_field(const struct config_key *key, void *field)
{
	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_CHOICE:
	case CONFIG_ZONE:
	case CONFIG_FILE:
	case CONFIG_STORE:
		g_clear_pointer((char **)field, g_free);
		break;
	case CONFIG_TEXTS:
		g_clear_pointer((char ***)field, g_strfreev);
		break;
	case CONFIG_SECTION:
		release_section(key->section, field);
		break;
	case CONFIG_SECTIONS:
		for (void **item = *(void ***)field; item && *item; item++) {
			release_section(key->section, *item);
			g_free(*item);
		}
		g_clear_pointer((void ***)field, g_free);
		break;
	case CONFIG_LETTER:
	case CONFIG_FLAG:
	case CONFIG_INTEGER:
	case CONFIG_LANGUAGE:
	case CONFIG_MINUTE:
	case CONFIG_DAYS:
	case CONFIG_TYPE_COUNT:
		break;
	}
}

static void release_section(const struct config_section *section, void *item)
{
	for (size_t i = 0; i < section->count; i++)
		release_field(&section->keys[i], (char *)item + section->keys[i].offset);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	release_section(&config_top, config);
	g_strfreev(config->warnings);
	g_free(config->path);
	g_free(config);
}

/* ---- look-ups ---- */

const struct config_workspace *config_workspace(const struct config *config, const char *name)
{
	return find_workspace(config, name);
}

const struct config_team *config_team(const struct config *config, const char *name)
{
	for (size_t i = 0; config->teams[i]; i++)
		if (is_same(config->teams[i]->name, name))
			return config->teams[i];
	return NULL;
}

const struct config_team *config_team_at(const struct config *config, const char *workspace, const char *channel)
{
	for (size_t i = 0; config->teams[i]; i++)
		if (is_same(config->teams[i]->workspace_name, workspace) && is_same(config->teams[i]->channel, channel))
			return config->teams[i];
	return NULL;
}
