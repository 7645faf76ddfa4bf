/* SPDX-License-Identifier: MIT */
/*
 * A slow disk for any program: LD_PRELOAD=…/libslow_fsync.so SLOW_FSYNC_US=2000 makes each fsync and
 * fdatasync take 2 ms longer. For the benches, where Belltower and its peers must meet the same disk.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int fsync(int fd);
int fdatasync(int fd);

static void delay(void)
{
	const char *setting = getenv("SLOW_FSYNC_US");
	long long us = setting ? strtoll(setting, NULL, 10) : 0;
	struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	if (us > 0)
		nanosleep(&pause, NULL);
}

int fsync(int fd)
{
	delay();
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	delay();
	return (int)syscall(SYS_fdatasync, fd);
}
