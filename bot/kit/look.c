/* SPDX-License-Identifier: MIT */
#include "kit/look.h"

enum { WORDS_SHOWN = 80 };
/* Of a section, as many lines as let the whole stay below what a platform takes: of Slack's 50 blocks a line has one, its buttons another. */
enum { LINES_MOST = 8, LINES_LEAST = 2, BLOCKS_MOST = 44 };

struct button {
	const char *action, *value, *label;
	enum message_style style;
};

struct line {
	const char *text;
	GArray *buttons; /* struct button */
};

struct section {
	enum look_part part;
	const char *heading;
	GPtrArray *lines; /* struct line */
};

static void line_free(gpointer data)
{
	struct line *line = data;
	g_array_unref(line->buttons);
	g_free(line);
}

static void section_free(gpointer data)
{
	struct section *section = data;
	g_ptr_array_unref(section->lines);
	g_free(section);
}

/* ---- for rituals ---- */

void look_section(struct look *look, enum look_part part, const char *heading)
{
	struct section *section = g_new(struct section, 1);
	*section = (struct section){ part, heading, g_ptr_array_new_with_free_func(line_free) };
	g_ptr_array_add(look->sections, section);
}

static gpointer last(const GPtrArray *array)
{
	return array->pdata[array->len - 1];
}

void look_line(struct look *look, const char *text)
{
	struct line *line = g_new(struct line, 1);
	*line = (struct line){ text, g_array_new(FALSE, FALSE, sizeof(struct button)) };
	g_ptr_array_add(((struct section *)last(look->sections))->lines, line);
}

void look_button(struct look *look, const char *action, const char *value, const char *label, enum message_style style)
{
	struct line *line = last(((struct section *)last(look->sections))->lines);
	struct button button = { action, value, label, style };
	g_array_append_val(line->buttons, button);
}

const char *look_words(struct turn *t, const char *text)
{
	g_autofree char *start = g_utf8_strlen(text, -1) > WORDS_SHOWN ? g_utf8_substring(text, 0, WORDS_SHOWN - 1) : NULL;
	return turn_keep(t, g_strdelimit(g_strconcat(start ? start : text, start ? "…" : "", NULL), "\n", ' '));
}

/* ---- the message ---- */

static void write_line(struct message *m, const struct line *line)
{
	if (line->buttons->len == 0)
		message_item(m, line->text);
	else
		message_say(m, line->text);
	for (guint i = 0; i < line->buttons->len; i++) {
		const struct button *b = &g_array_index(line->buttons, struct button, i);
		message_button(m, b->action, b->value, b->label, b->style);
	}
}

static void write_section(struct turn *t, struct message *m, const struct section *section, guint most, enum language language)
{
	const GPtrArray *lines = section->lines;
	message_paragraph(m);
	message_bold(m, section->heading);
	for (guint i = 0; i < MIN(lines->len, most); i++)
		write_line(m, lines->pdata[i]);
	if (lines->len > most)
		message_context(m, turn_text_in(t, language, "look.more", TEXT_ARG("count", lines->len - most)));
}

/* How many sections were written. */
static guint write_sections(struct turn *t, struct message *m, const struct look *look, guint most)
{
	guint count = 0;
	for (int part = 0; part < LOOK_PARTS; part++)
		for (guint i = 0; i < look->sections->len; i++) {
			const struct section *section = look->sections->pdata[i];
			if ((int)section->part != part || section->lines->len == 0)
				continue;
			write_section(t, m, section, most, look->language);
			count++;
		}
	return count;
}

/* Each ritual at work under its own name, by which it finds what is its own. */
static void ask_rituals(struct turn *t, struct look *look)
{
	const char *asking = t->ritual;
	for (const struct ritual *const *r = t->rituals; *r; r++) {
		t->ritual = (*r)->name;
		if ((*r)->look)
			(*r)->look(t, look);
	}
	t->ritual = asking;
}

static void look_free(gpointer data)
{
	struct look *look = data;
	g_ptr_array_unref(look->sections);
	g_free(look);
}

static struct look *look_at(struct turn *t, const struct team *team, gboolean first)
{
	struct look *look = g_new(struct look, 1);
	*look = (struct look){
		.team = team,
		.reader = t->person,
		.leads = turn_is_manager(t, team),
		.first = first,
		.language = turn_language_of(t, t->person, team),
		.day = turn_day(t, t->person, team, t->now_ms),
		.sections = g_ptr_array_new_with_free_func(section_free),
	};
	ask_rituals(t, look);
	return look;
}

/* Each of the person's teams. */
static GPtrArray *look_around(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	GPtrArray *looks = g_ptr_array_new_with_free_func(look_free);
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, workspace, t->person, team));)
		g_ptr_array_add(looks, look_at(t, team, looks->len == 0));
	return looks;
}

static guint count_blocks(const struct section *section, guint most)
{
	guint count = section->lines->len > most ? 2 : 1;
	for (guint i = 0; i < MIN(section->lines->len, most); i++)
		count += ((const struct line *)section->lines->pdata[i])->buttons->len ? 2 : 1;
	return section->lines->len ? count : 0;
}

static guint lines_that_fit(const GPtrArray *looks)
{
	for (guint most = LINES_MOST; most > LINES_LEAST; most--) {
		guint blocks = 0;
		for (guint i = 0; i < looks->len; i++) {
			const struct look *look = looks->pdata[i];
			blocks++;
			for (guint k = 0; k < look->sections->len; k++)
				blocks += count_blocks(look->sections->pdata[k], most);
		}
		if (blocks <= BLOCKS_MOST)
			return most;
	}
	return LINES_LEAST;
}

static void write_team(struct turn *t, struct message *m, const struct look *look, guint most)
{
	message_title(m, turn_text_in(t, look->language, look->leads ? "look.team" : "look.own", TEXT_ARG("team", look->team->config->name),
			 TEXT_ARG("day", turn_day_text(t, look->day, look->language))));
	if (write_sections(t, m, look, most) == 0)
		message_say(m, turn_text_in(t, look->language, "look.nothing"));
}

gboolean look_write(struct turn *t, struct message *m)
{
	g_autoptr(GPtrArray) looks = look_around(t);
	guint most = lines_that_fit(looks);
	for (guint i = 0; i < looks->len; i++)
		write_team(t, m, looks->pdata[i], most);
	return looks->len > 0;
}
