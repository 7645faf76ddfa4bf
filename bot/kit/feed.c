/* SPDX-License-Identifier: MIT */
#include "kit/feed.h"

#include <libical/ical.h>

#include "base/clock.h"
#include "base/zone.h"

struct feed {
	icalcomponent *calendar;
	struct icaltimetype stamp;
	guint count;
};

static struct icaltimetype time_of(int64_t at_ms)
{
	return icaltime_from_timet_with_zone((time_t)(at_ms / 1000), 0, icaltimezone_get_utc_timezone());
}

static struct icaltimetype day_of(const char *day)
{
	struct icaltimetype time = icaltime_null_date();
	time.year = (int)g_ascii_strtoll(day, NULL, 10);
	time.month = (int)g_ascii_strtoll(day + strlen("2026-"), NULL, 10);
	time.day = (int)g_ascii_strtoll(day + strlen("2026-03-"), NULL, 10);
	return time;
}

static void set_title(icalcomponent *calendar, const char *title)
{
	icalproperty *name = icalproperty_new_x(title);
	icalproperty_set_x_name(name, "X-WR-CALNAME");
	icalcomponent_add_property(calendar, name);
}

struct feed *feed_new(const char *title, int64_t now_ms)
{
	struct feed *feed = g_new0(struct feed, 1);
	feed->calendar = icalcomponent_new_vcalendar();
	feed->stamp = time_of(now_ms);
	icalcomponent_add_property(feed->calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(feed->calendar, icalproperty_new_prodid("-//Belltower//Belltower//EN"));
	icalcomponent_add_property(feed->calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
	set_title(feed->calendar, title);
	return feed;
}

static void add_event(struct feed *feed, const char *uid, struct icaltimetype start, struct icaltimetype end, const char *summary,
	const char *description)
{
	icalcomponent *event = icalcomponent_new_vevent();
	g_autofree char *whole = g_strdup_printf("%s@belltower", uid);
	icalcomponent_add_property(event, icalproperty_new_uid(whole));
	icalcomponent_add_property(event, icalproperty_new_dtstamp(feed->stamp));
	icalcomponent_add_property(event, icalproperty_new_dtstart(start));
	icalcomponent_add_property(event, icalproperty_new_dtend(end));
	icalcomponent_add_property(event, icalproperty_new_summary(summary));
	if (description)
		icalcomponent_add_property(event, icalproperty_new_description(description));
	/* A day that is marked keeps nobody busy. */
	if (start.is_date)
		icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	icalcomponent_add_component(feed->calendar, event);
	feed->count++;
}

void feed_day(struct feed *feed, const char *uid, const char *day, const char *summary, const char *description)
{
	char next[ZONE_DAY_SIZE];
	zone_day_shift(day, 1, next);
	add_event(feed, uid, day_of(day), day_of(next), summary, description);
}

void feed_time(struct feed *feed, const char *uid, int64_t at_ms, int minutes, const char *summary, const char *description)
{
	add_event(feed, uid, time_of(at_ms), time_of(at_ms + MINUTES(minutes)), summary, description);
}

guint feed_count(const struct feed *feed)
{
	return feed->count;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	icalcomponent_free(feed->calendar);
	g_free(feed);
}

GBytes *feed_end(struct feed *take)
{
	char *text = icalcomponent_as_ical_string_r(take->calendar);
	feed_free(take);
	return g_bytes_new_with_free_func(text, strlen(text), free, text);
}
