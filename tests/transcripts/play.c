/* SPDX-License-Identifier: MIT */
/* play PLATFORM FILE.chat: acts a transcript out against the real bot. See README.md. Exit 0: it went as written. */
#include "play.h"

#include "base/log.h"

static const struct manner *const manners[] = { &manner_slack, &manner_feishu };

void play_fail(const struct play *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(stderr, "%s:%d (%s): %s\n", p->file, p->step ? p->step->number : 0, p->manner->name, text);
	exit(1);
}

/* ---- reading ---- */

static void add_step(struct play *p, int number, const char *line)
{
	struct step *step = g_new0(struct step, 1);
	const char *colon = strstr(line, ": ");
	gboolean ends = g_str_has_suffix(line, ":");
	step->number = number;
	step->expects = line[0] == '>';
	if (step->expects)
		line = line + 1 + strspn(line + 1, " ");
	gsize length = colon ? (gsize)(colon - line) : strlen(line) - (ends ? 1 : 0);
	step->head = g_strndup(line, length);
	step->text = g_string_new(colon ? colon + 2 : "");
	g_ptr_array_add(p->steps, step);
}

static void append_line(const struct play *p, const char *line)
{
	GString *text = ((struct step *)p->steps->pdata[p->steps->len - 1])->text;
	g_string_append_printf(text, "%s%s", text->len ? "\n" : "", line);
}

/* "on slack | LINE" is for Slack alone: what is left of the line here, or NULL. */
static const char *for_us(const struct play *p, const char *line)
{
	const char *bar = g_str_has_prefix(line, "on ") ? strstr(line, " | ") : NULL;
	if (!bar)
		return line;
	g_autofree char *name = g_strndup(line + 3, (gsize)(bar - line - 3));
	return strcmp(name, p->manner->name) == 0 ? bar + 3 : NULL;
}

static void read_lines(struct play *p, char **lines)
{
	gboolean ours = FALSE; /* the line to which blanks at the beginning would belong */
	for (int i = 0; lines[i]; i++) {
		const char *line = g_strchomp(lines[i]);
		gboolean more = g_str_has_prefix(line, "    ");
		if (!*line || *line == '#')
			continue;
		if (!more)
			ours = (line = for_us(p, line)) != NULL;
		if (more && ours)
			append_line(p, line + 4);
		else if (ours)
			add_step(p, i + 1, line);
	}
}

static void read_file(struct play *p)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(p->file, &text, NULL, &error))
		play_fail(p, "%s", error->message);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	read_lines(p, lines);
}

/* A word without "=" belongs to the value before it: "party=last workday of month 15:00". */
static void read_options(struct play *p, const char *text)
{
	g_autofree char *key = NULL;
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (char **word = words; *word; word++) {
		const char *equals = strchr(*word, '=');
		if (equals) {
			g_free(key);
			key = g_strndup(*word, (gsize)(equals - *word));
			g_hash_table_insert(p->options, g_strdup(key), g_strdup(equals + 1));
		} else if (key && **word) {
			const char *before = g_hash_table_lookup(p->options, key);
			g_hash_table_insert(p->options, g_strdup(key), g_strdup_printf("%s %s", before, *word));
		}
	}
}

/* ---- going through it ---- */

static void play_step(struct play *p, const struct step *step)
{
	g_autofree char *head = g_strdup(step->head);
	p->step = step;
	if (step->expects) {
		deeds_expect(p, head);
	} else {
		deeds_expect_no_more(p);
		acts_play(p, head);
	}
}

/* One more of the team's rounds, meetings or rotas. */
static void add_item(struct play *p, const char *list, const char *item)
{
	const char *before = g_hash_table_lookup(p->options, list);
	g_hash_table_insert(p->options, g_strdup(list), g_strdup_printf("%s%s{ %s }", before ? before : "", before ? ", " : "", item));
}

/* Lines that say how things are before anything happens; FALSE: the step is none of them. */
static gboolean read_setting(struct play *p, const struct step *step)
{
	if (strcmp(step->head, "team") == 0)
		read_options(p, step->text->str);
	else if (strcmp(step->head, "round") == 0)
		add_item(p, "rounds", step->text->str);
	else if (strcmp(step->head, "meeting") == 0)
		add_item(p, "meetings", step->text->str);
	else if (strcmp(step->head, "rota") == 0)
		add_item(p, "rotas", step->text->str);
	else if (strcmp(step->head, "window") == 0)
		add_item(p, "windows", step->text->str);
	else
		return FALSE;
	return TRUE;
}

static void play_all(struct play *p)
{
	read_options(p, "format=A language=zh-CN deadline=10:30 zone=Asia/Shanghai");
	for (guint i = 0; i < p->steps->len;) {
		if (read_setting(p, p->steps->pdata[i]))
			g_ptr_array_remove_index(p->steps, i);
		else
			i++;
	}
	house_open(p);
	for (guint i = 0; i < p->steps->len; i++)
		play_step(p, p->steps->pdata[i]);
	deeds_expect_no_more(p);
	house_close(p);
}

/* ---- life ---- */

static const struct manner *find_manner(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(manners); i++) {
		if (strcmp(manners[i]->name, name) == 0)
			return manners[i];
	}
	return NULL;
}

static void step_free(gpointer data)
{
	struct step *step = data;
	g_free(step->head);
	g_string_free(step->text, TRUE);
	g_free(step);
}

static void release(struct play *p)
{
	g_hash_table_unref(p->cards);
	g_hash_table_unref(p->labels);
	g_hash_table_unref(p->reacted);
	g_hash_table_unref(p->shown);
	g_hash_table_unref(p->options);
	g_ptr_array_unref(p->steps);
	cJSON_Delete(p->form);
	cJSON_Delete(p->filled);
}

int main(int argc, char **argv)
{
	const struct manner *manner = argc == 3 ? find_manner(argv[1]) : NULL;
	if (!manner) {
		g_printerr("usage: play slack|feishu FILE.chat\n");
		return 2;
	}
	struct play p = { .file = argv[2], .manner = manner };
	log_set_level(g_getenv("PLAY_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING);
	p.steps = g_ptr_array_new_with_free_func(step_free);
	p.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.reacted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p.labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.cards = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cJSON_Delete);
	read_file(&p);
	play_all(&p);
	release(&p);
	return 0;
}
