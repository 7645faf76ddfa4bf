/* SPDX-License-Identifier: MIT */
#include "picture/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED TRUE /* its shadow of the memory is larger than any limit */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED TRUE
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED FALSE
#endif

#define MIB ((rlim_t)1024 * 1024)

enum { WALL_SECONDS = 20 };

static void limit(void)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
		gboolean shadowed;
	} limits[] = {
		{ RLIMIT_AS, 1024 * MIB, TRUE },
		{ RLIMIT_CPU, 10, FALSE },
		{ RLIMIT_FSIZE, 4 * MIB, FALSE },
		{ RLIMIT_NOFILE, 128, FALSE },
		{ RLIMIT_CORE, 0, FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
		if (!(limits[i].shadowed && IS_SANITIZED))
			setrlimit(limits[i].what, &(struct rlimit){ limits[i].most, limits[i].most });
	}
	alarm(WALL_SECONDS);
}

/* What is refused, with EPERM: a library that tries one of these for its comfort goes on without. */
static const int refused[] = {
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kill), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
	SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir),
	SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(creat), SCMP_SYS(truncate), SCMP_SYS(chmod), SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(setxattr),
	SCMP_SYS(utimensat), SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(add_key),
	SCMP_SYS(openat2), SCMP_SYS(open_by_handle_at), SCMP_SYS(memfd_create), SCMP_SYS(shmget), SCMP_SYS(msgget),
};

/* Files are opened to be read only. */
static gboolean refuse_writing(scmp_filter_ctx filter)
{
	static const unsigned flags[] = { O_WRONLY, O_RDWR, O_CREAT };
	int failed = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
	}
	return failed == 0;
}

static gboolean filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	gboolean good = filter && refuse_writing(filter);
	for (gsize i = 0; good && i < G_N_ELEMENTS(refused); i++)
		good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) == 0;
	good = good && seccomp_load(filter) == 0; /* sets no_new_privs too */
	seccomp_release(filter);
	return good;
}

gboolean confine_process(void)
{
	limit();
	prctl(PR_SET_DUMPABLE, 0);
	return filter_calls();
}
