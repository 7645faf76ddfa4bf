/* SPDX-License-Identifier: MIT */
/*
 * bench_store FILE [EVENTS [BATCH [scattered]]]: how many events' worth of statements one writer stores in a
 * second, and how long the longest commit takes (the one that moves the log into the file). Prints one line
 * per 100,000 events, so that growth shows. `scattered`: the ids of the events come in no order, so that each
 * touches a page of its own.
 */
#include "store/db.h"

#include <sys/resource.h>

#include "base/clock.h"
#include "bench_store_sql.h"

enum {
	STATEMENTS = 8, /* for each event: six, and the savepoint's two */
	REPORT_EVERY = 100000,
};

static const struct sql_owner *const owners[] = { &SQL_BENCH_STORE };
static const char text[] =
	"昨天：成单2单，回访8个客户\n今天：触达15个新线索，跟进3个报价\n风险：某客户预算不足，需要经理支持";

struct bench {
	struct db *db;
	int64_t event;
	guint64 stride; /* from one event's id to the next */
	int64_t commit_us[REPORT_EVERY];
	int commits;
};

static void must(gboolean done, GError *error)
{
	if (!done)
		g_error("%s", error ? error->message : "failed");
}

static void one_event(struct bench *b)
{
	g_autoptr(GError) error = NULL;
	struct db *db = b->db;
	int64_t n = b->event++;
	char id[32], person[32], day[16], job[48];
	g_snprintf(id, sizeof id, "Ev%016" G_GINT64_MODIFIER "x", (guint64)n * b->stride);
	g_snprintf(person, sizeof person, "U%06d", (int)(n % 5000));
	g_snprintf(day, sizeof day, "day-%05d", (int)(n / 5000));
	g_snprintf(job, sizeof job, "standup/remind/%s", person);
	must(db_savepoint(db, &error), error);
	must(db_exec(db, &SQL_BENCH_STORE_SEE, &error, ARG_TEXT(id), ARG_INT(n)), error);
	db_rows *rows =
		db_query(db, &SQL_BENCH_STORE_PERSON, ARG_INT(n % 50), ARG_TEXT(day), ARG_TEXT(person));
	db_next(rows);
	must(db_end(rows, &error), error);
	must(db_exec(db, &SQL_BENCH_STORE_SAVE, &error, ARG_INT(n % 50), ARG_TEXT(day), ARG_TEXT(person),
		     ARG_TEXT(text), ARG_INT(n)),
		error);
	must(db_exec(db, &SQL_BENCH_STORE_CANCEL, &error, ARG_TEXT(job)), error);
	must(db_exec(db, &SQL_BENCH_STORE_PUT, &error, ARG_TEXT("C0123456789"), ARG_NULL, ARG_TEXT(text)),
		error);
	must(db_exec(db, &SQL_BENCH_STORE_SENT, &error, ARG_INT(db_last_id(db) - 100)), error);
	must(db_release(db, &error), error);
}

static void one_batch(struct bench *b, int size)
{
	g_autoptr(GError) error = NULL;
	must(db_begin(b->db, &error), error);
	for (int i = 0; i < size; i++)
		one_event(b);
	int64_t start_us = clock_cpu_us();
	must(db_commit(b->db, &error), error);
	b->commit_us[b->commits++] = clock_cpu_us() - start_us;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void report(struct bench *b, int64_t took_us, int64_t cpu_us, int64_t events)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	qsort(b->commit_us, (size_t)b->commits, sizeof *b->commit_us, compare);
	double rate = (double)events * 1e6 / (double)took_us;
	g_print("events %8" G_GINT64_FORMAT "  events/s %7.0f  statements/s %8.0f  cpu us/event %5.1f  "
		"commit us p50 %6d p99 %6d max %6d  peak MB %ld\n",
		b->event, rate, rate * STATEMENTS, (double)cpu_us / (double)events,
		(int)b->commit_us[b->commits / 2], (int)b->commit_us[b->commits * 99 / 100],
		(int)b->commit_us[b->commits - 1], usage.ru_maxrss / 1024);
	b->commits = 0;
}

static int64_t cpu_us(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	guint64 events = 300000, batch = 100;
	if (argc < 2 || (argc > 2 && !g_ascii_string_to_unsigned(argv[2], 10, 1, 100000000, &events, NULL)) ||
		(argc > 3 && !g_ascii_string_to_unsigned(argv[3], 10, 1, REPORT_EVERY, &batch, NULL))) {
		g_printerr("usage: bench_store FILE [EVENTS [BATCH [scattered]]]\n");
		return 2;
	}
	struct bench *b = g_new0(struct bench, 1);
	b->stride = argc > 4 && g_str_equal(argv[4], "scattered") ? 0x9e3779b97f4a7c15u : 1;
	b->db = db_open(argv[1], DB_WRITER, &error);
	must(b->db != NULL, error);
	must(db_migrate(b->db, owners, 1, &error), error);
	while (b->event < (int64_t)events) {
		int64_t first = b->event, start_us = clock_cpu_us(), start_cpu_us = cpu_us();
		while (b->event - first < REPORT_EVERY && b->event < (int64_t)events)
			one_batch(b, (int)batch);
		report(b, clock_cpu_us() - start_us, cpu_us() - start_cpu_us, b->event - first);
	}
	db_close(b->db);
	g_free(b);
	return 0;
}
