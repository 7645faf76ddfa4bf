/* SPDX-License-Identifier: MIT */
#include "base/zone.h"

static GMutex zones_lock;
static GHashTable *zones; /* name → GTimeZone, kept for the process: a team has a handful */

/*
 * GLib takes more than IANA names: offsets (+08) and POSIX rules (UTC+8, which means eight hours *behind*), which are
 * no places, and other files of the zone folder (zone.tab, leapseconds), on which it stumbles.
 */
static gboolean is_zone_name(const char *name)
{
	const char *slash = strchr(name, '/');
	size_t place = slash ? (size_t)(slash - name) : strlen(name);
	return g_ascii_isupper(name[0]) && strcspn(name, "0123456789+-") >= place &&
	       strspn(name, G_CSET_A_2_Z G_CSET_a_2_z "0123456789_+-/") == strlen(name);
}

GTimeZone *zone_find(const char *name)
{
	if (!name || !is_zone_name(name))
		return NULL;
	g_mutex_lock(&zones_lock);
	if (!zones)
		zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GTimeZone *zone = g_hash_table_lookup(zones, name);
	if (!zone && g_hash_table_size(zones) < 1000) {
		zone = g_time_zone_new_identifier(name);
		if (zone)
			g_hash_table_insert(zones, g_strdup(name), zone);
	}
	g_mutex_unlock(&zones_lock);
	return zone;
}

static int64_t floor_seconds(int64_t ms)
{
	return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

/* Days since 1970-01-01 of a civil date, and back (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_from_civil(int y, int m, int d)
{
	y -= m <= 2;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return (int64_t)era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t days, int *y, int *m, int *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int doe = (int)(days - era * 146097);
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (int)(yoe + era * 400) + (*m <= 2);
}

static int weekday_of(int64_t days)
{
	return (int)(((days % 7) + 10) % 7) + 1; /* 1970-01-01 was a Thursday */
}

void zone_local(GTimeZone *zone, int64_t at_ms, struct zone_time *out)
{
	int64_t utc = floor_seconds(at_ms);
	int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc);
	int64_t local = utc + g_time_zone_get_offset(zone, interval);
	int64_t days = local / 86400 - (local % 86400 < 0);
	int rest = (int)(local - days * 86400);
	civil_from_days(days, &out->year, &out->month, &out->day);
	out->hour = rest / 3600;
	out->minute = rest / 60 % 60;
	out->second = rest % 60;
	out->weekday = weekday_of(days);
}

static void write_digits(int number, int count, char *out)
{
	for (; count > 0; number /= 10)
		out[--count] = (char)('0' + number % 10);
}

/* Digit by digit, for calendars write days by the thousand. */
static void write_day(int y, int m, int d, char out[static ZONE_DAY_SIZE])
{
	/* Years outside four digits cannot be written as a day; no ritual reaches them. */
	write_digits(CLAMP(y, 0, 9999), 4, out);
	write_digits(m, 2, out + 5);
	write_digits(d, 2, out + 8);
	out[4] = out[7] = '-';
	out[10] = '\0';
}

void zone_day(GTimeZone *zone, int64_t at_ms, char out[static ZONE_DAY_SIZE])
{
	struct zone_time t;
	zone_local(zone, at_ms, &t);
	write_day(t.year, t.month, t.day, out);
}

static gboolean read_digits(const char *text, int count, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*out = *out * 10 + (text[i] - '0');
	}
	return TRUE;
}

static gboolean read_day(const char *day, int *y, int *m, int *d)
{
	return day && strlen(day) == 10 && read_digits(day, 4, y) && day[4] == '-' && read_digits(day + 5, 2, m) &&
	       day[7] == '-' && read_digits(day + 8, 2, d) && *y > 0 &&
	       g_date_valid_dmy((GDateDay)*d, (GDateMonth)*m, (GDateYear)*y);
}

gboolean zone_day_is_valid(const char *day)
{
	int y, m, d;
	return read_day(day, &y, &m, &d);
}

void zone_day_shift(const char *day, int days, char out[static ZONE_DAY_SIZE])
{
	int y = 1970, m = 1, d = 1;
	read_day(day, &y, &m, &d);
	civil_from_days(days_from_civil(y, m, d) + days, &y, &m, &d);
	write_day(y, m, d, out);
}

static int64_t number_of_day(const char *day)
{
	int y = 1970, m = 1, d = 1;
	read_day(day, &y, &m, &d);
	return days_from_civil(y, m, d);
}

int zone_days_between(const char *from, const char *to)
{
	return (int)(number_of_day(to) - number_of_day(from));
}

int zone_weekday(const char *day)
{
	int y = 1970, m = 1, d = 1;
	read_day(day, &y, &m, &d);
	return weekday_of(days_from_civil(y, m, d));
}

static int64_t offset_at(GTimeZone *zone, int64_t utc)
{
	return g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc));
}

/* The first instant, in seconds UTC, at which the local clock reads `local` (seconds of its own) or later. */
static int64_t instant_of(GTimeZone *zone, int64_t local)
{
	/*
	 * The wanted instant lies between local-14h and local+14h of UTC. Within one offset the local clock runs evenly,
	 * so the first instant that reads `local` or later is either local - offset, or the moment an offset begins.
	 */
	int64_t at = local - 26 * 3600, end = local + 26 * 3600;
	while (at < end) {
		int64_t offset = offset_at(zone, at);
		int64_t exact = local - offset;
		if (exact <= at) {
			/* Already past it when this offset began: the jump skipped it, unless the day itself is not reached. */
			break;
		}
		/* Find the end of this offset's interval by bisection; intervals are months long, so look within the window. */
		int64_t low = at, high = end;
		if (offset_at(zone, high) == offset && offset_at(zone, (low + high) / 2) == offset) {
			at = exact;
			break;
		}
		while (high - low > 1) {
			int64_t mid = low + (high - low) / 2;
			if (offset_at(zone, mid) == offset)
				low = mid;
			else
				high = mid;
		}
		if (exact < high) {
			at = exact;
			break;
		}
		at = high;
	}
	return at;
}

gboolean zone_instant(GTimeZone *zone, const char *day, int minute, int64_t *out_ms)
{
	int y, m, d;
	if (!read_day(day, &y, &m, &d) || minute < 0 || minute > 1440)
		return FALSE;
	*out_ms = instant_of(zone, days_from_civil(y, m, d) * 86400 + (int64_t)minute * 60) * 1000;
	return TRUE;
}

int64_t zone_days_later(GTimeZone *zone, int64_t at_ms, int days)
{
	int64_t utc = floor_seconds(at_ms);
	int64_t later = instant_of(zone, utc + offset_at(zone, utc) + (int64_t)days * 86400);
	return later * 1000 + (at_ms - utc * 1000);
}

char *zone_rfc3339(int64_t at_ms)
{
	struct zone_time t;
	zone_local(zone_find("UTC"), at_ms, &t);
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

char *zone_rfc3339_local(GTimeZone *zone, int64_t at_ms)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(floor_seconds(at_ms));
	g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, zone) : NULL;
	return local ? g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z") : g_strdup("");
}

gboolean zone_read_rfc3339(const char *text, GTimeZone *zone, int64_t *out_ms)
{
	g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, zone) : NULL;
	if (!time)
		return FALSE;
	*out_ms = g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000;
	return TRUE;
}
