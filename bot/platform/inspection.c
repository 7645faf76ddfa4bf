/* SPDX-License-Identifier: MIT */
#include "platform/inspection.h"

#include "platform/skew.h"

void inspection_find(struct inspection *i, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_ptr_array_add(i->findings, g_strdup_vprintf(format, args));
	va_end(args);
}

void inspection_clock(struct inspection *i, const char *date, const char *whose)
{
	int64_t skew_s;
	if (!skew_of(date, clock_now_ms(i->setup.clock), &skew_s))
		return;
	if (ABS(skew_s) > SKEW_LIMIT_S)
		inspection_find(i, "problem: this machine's clock is %" G_GINT64_FORMAT " s %s; switch time synchronisation on",
			ABS(skew_s), skew_s > 0 ? "fast" : "slow");
	else
		inspection_find(i, "ok: the clock agrees with %s's", whose);
}

/* ---- a channel by its name ---- */

static void told(gpointer data, struct event *take)
{
	struct inspection *i = data;
	if (take->kind == EVENT_CHANNEL) {
		g_free(i->channel);
		i->channel = g_strdup(take->place.channel);
	}
	event_free(take);
}

static void go_on(gpointer data)
{
	inspection_next(data);
}

static void answered(gpointer data, gint64 row, const struct outcome *outcome)
{
	(void)row;
	struct inspection *i = data;
	if (outcome->result == SEND_DONE && i->channel) {
		i->kind->ask(i);
		return;
	}
	if (outcome->result == SEND_DONE)
		inspection_find(
			i, "problem: there is no %s '%s' %s", i->kind->place, *i->channels, i->kind->nobody);
	else
		inspection_find(i, "problem: cannot look for %s '%s': %s", i->kind->place, *i->channels,
			outcome->reason);
	if (i->kind->not_found)
		i->kind->not_found(i);
	inspection_took(i);
	g_idle_add_once(go_on, i); /* the errand is not over before we return */
}

static void nobody_cares(gpointer data, gboolean live)
{
	(void)data;
	(void)live;
}

static void refused_too(gpointer data, const char *reason)
{
	(void)data;
	(void)reason;
}

const char *inspection_took(struct inspection *i)
{
	return *i->channels++;
}

void inspection_next(struct inspection *i)
{
	g_clear_pointer(&i->channel, g_free);
	if (!i->channels || !*i->channels) {
		i->kind->finish(i);
		return;
	}
	if (**i->channels != '#') {
		i->channel = g_strdup(*i->channels);
		i->kind->ask(i);
		return;
	}
	outbox_row_free(i->row);
	i->row = outbox_row_new(1, OUTBOX_ASK_CHANNEL, i->setup.workspace->name);
	i->row->word = g_strdup(*i->channels + 1);
	i->kind->send(i, i->row);
}

/* ---- its life ---- */

void inspection_begin(struct inspection *i, const struct inspection_kind *kind,
	const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data)
{
	i->kind = kind;
	i->host = (struct host){ i, told, answered, nobody_cares, refused_too };
	i->setup = *setup;
	i->setup.host = &i->host;
	i->channels = setup->channels;
	i->findings = g_ptr_array_new_with_free_func(g_free);
	i->done = done;
	i->data = data;
}

void inspection_end(struct inspection *i)
{
	i->done(i->data, i->findings);
	outbox_row_free(i->row);
	g_free(i->channel);
}
