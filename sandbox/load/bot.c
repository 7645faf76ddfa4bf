/* SPDX-License-Identifier: MIT */
#include "sandbox/load/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

enum { STOP_STEPS = 100, STOP_STEP_US = 100000 };

/* In the child: only what is safe after a fork. */
static void become(char *const *argv, char *const *environment, int output, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execvpe(argv[0], argv, environment);
	_exit(127);
}

pid_t load_bot_start(char *const *argv, const char *url, const char *log, GError **error)
{
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LOAD_URL", url, TRUE);
	const char *path = log ? log : "/dev/null";
	int output = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (output < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write '%s': %s", path, g_strerror(errno));
		return 0;
	}
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(argv, environment, output, parent);
	if (pid < 0)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot start '%s': %s", argv[0], g_strerror(errno));
	close(output);
	return MAX(pid, 0);
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
	clockid_t clock;
	struct timespec time = { 0 };
	if (clock_getcpuclockid(pid, &clock) == 0)
		clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
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
		.private_kb = sum_kb(rollup, "\nPrivate_Dirty:"),
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
		log_warning("the bot's peak of memory cannot be reset, it counts from its start");
	close(fd);
}
