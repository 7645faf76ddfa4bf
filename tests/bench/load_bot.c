/* SPDX-License-Identifier: MIT */
#include "load_bot.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_STEPS = 100, STOP_STEP_US = 100000 };

pid_t load_bot_start(char **argv, const char *log)
{
	pid_t parent = getpid(), pid = fork();
	if (pid != 0)
		return MAX(pid, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

int load_bot_stop(pid_t pid)
{
	int status = 0;
	kill(pid, SIGTERM);
	for (int i = 0; i < STOP_STEPS; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
		g_usleep(STOP_STEP_US);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -SIGKILL;
}

gboolean load_bot_is_gone(pid_t pid)
{
	siginfo_t info = { 0 };
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

static char *read_proc(pid_t pid, const char *file)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, file);
	char *text = NULL;
	return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

double load_bot_cpu_s(pid_t pid)
{
	g_autofree char *stat = read_proc(pid, "stat");
	const char *at = strrchr(stat, ')');
	if (!at)
		return 0;
	g_auto(GStrv) fields = g_strsplit(at + 2, " ", 15);
	/* utime and stime are fields 14 and 15 of stat; the ")" ends field 2. */
	if (g_strv_length(fields) < 14)
		return 0;
	guint64 ticks = g_ascii_strtoull(fields[11], NULL, 10) + g_ascii_strtoull(fields[12], NULL, 10);
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

/* The sum of all lines with this name. */
static int64_t sum_kb(const char *text, const char *name)
{
	int64_t sum = 0;
	for (const char *at = strstr(text, name); at; at = strstr(at + 1, name))
		sum += g_ascii_strtoll(at + strlen(name), NULL, 10);
	return sum;
}

struct load_memory load_bot_memory(pid_t pid)
{
	g_autofree char *rollup = read_proc(pid, "smaps_rollup");
	g_autofree char *status = read_proc(pid, "status");
	return (struct load_memory){
		.resident_kb = sum_kb(rollup, "\nRss:"),
		.private_kb = sum_kb(rollup, "\nPrivate_Clean:") + sum_kb(rollup, "\nPrivate_Dirty:"),
		.peak_kb = sum_kb(status, "\nVmHWM:"),
	};
}

void load_bot_forget_peak(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/clear_refs", (int)pid);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "5", 1) != 1)
		g_printerr("load: the peak of memory cannot be reset, it counts from the start\n");
	close(fd);
}
