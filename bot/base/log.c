/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdatomic.h>
#include <syslog.h>
#include <unistd.h>
/* sd-journal's convenience macros would log this file as the place of every line. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define MAX_FIELDS 8

static _Atomic int threshold = LOG_LEVEL_INFO;

static const struct {
	const char *word;
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", LOG_ERR },
	[LOG_LEVEL_WARNING] = { "warn ", LOG_WARNING },
	[LOG_LEVEL_INFO] = { "info ", LOG_INFO },
	[LOG_LEVEL_DEBUG] = { "debug", LOG_DEBUG },
};

void log_set_level(enum log_level level)
{
	atomic_store(&threshold, (int)level);
}

/* A value is quoted when it would not read as one word; control characters never reach the terminal raw. */
static void append_value(GString *line, const struct log_field *field)
{
	if (!field->text) {
		g_string_append_printf(line, "%" G_GINT64_FORMAT, field->number);
		return;
	}
	if (*field->text && !strpbrk(field->text, " \t\r\n\"\\=\x1b") && g_utf8_validate(field->text, -1, NULL)) {
		g_string_append(line, field->text);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid(field->text, -1);
	g_string_append_c(line, '"');
	for (const char *p = valid; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(line, '\\');
		if ((guchar)*p < 0x20 || *p == 0x7f)
			g_string_append_printf(line, "\\x%02x", (guchar)*p);
		else
			g_string_append_c(line, *p);
	}
	g_string_append_c(line, '"');
}

/* MESSAGE=, PRIORITY= and one BELLTOWER_KEY= for each field. */
static void write_journal(int priority, const char *line, const struct log_field *fields)
{
	struct iovec parts[MAX_FIELDS + 2];
	char *owned[MAX_FIELDS + 2];
	int n = 0;
	owned[n++] = g_strdup_printf("MESSAGE=%s", line);
	owned[n++] = g_strdup_printf("PRIORITY=%d", priority);
	for (const struct log_field *f = fields; f->key && n < MAX_FIELDS + 2; f++) {
		g_autofree char *key = g_ascii_strup(f->key, -1);
		owned[n++] = f->text ? g_strdup_printf("BELLTOWER_%s=%s", key, f->text)
				     : g_strdup_printf("BELLTOWER_%s=%" G_GINT64_FORMAT, key, f->number);
	}
	for (int i = 0; i < n; i++)
		parts[i] = (struct iovec){ owned[i], strlen(owned[i]) };
	sd_journal_sendv(parts, n);
	for (int i = 0; i < n; i++)
		g_free(owned[i]);
}

static gboolean stderr_is_journal(void)
{
	static gsize known; /* 1 no, 2 yes */
	if (g_once_init_enter(&known))
		g_once_init_leave(&known, g_log_writer_is_journald(STDERR_FILENO) ? 2 : 1);
	return known == 2;
}

/* ---- whoever hears of errors ---- */

static GMutex alarm_lock;
static log_alarm_fn *alarm_heard;
static gpointer alarm_data;

void log_set_alarm(log_alarm_fn *heard, gpointer data)
{
	g_mutex_lock(&alarm_lock);
	alarm_heard = heard;
	alarm_data = data;
	g_mutex_unlock(&alarm_lock);
}

static void raise_alarm(const char *message, const struct log_field *fields)
{
	g_mutex_lock(&alarm_lock);
	if (alarm_heard)
		alarm_heard(message, fields, alarm_data);
	g_mutex_unlock(&alarm_lock);
}

char *log_line(const char *message, const struct log_field *fields)
{
	GString *line = g_string_new(message);
	for (const struct log_field *f = fields; f->key; f++) {
		g_string_append_printf(line, " %s=", f->key);
		append_value(line, f);
	}
	return g_string_free(line, FALSE);
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
	if ((int)level > atomic_load_explicit(&threshold, memory_order_relaxed))
		return;
	g_autofree char *line = log_line(message, fields);
	if (stderr_is_journal())
		write_journal(levels[level].priority, line, fields);
	else
		g_printerr("%s %s\n", levels[level].word, line);
	if (level == LOG_LEVEL_ERROR)
		raise_alarm(message, fields);
}
