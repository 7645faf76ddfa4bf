/* SPDX-License-Identifier: MIT */
#include "tests/support/fault_vfs.h"

#include <sqlite3.h>

struct fault_vfs {
	sqlite3_vfs base;
	sqlite3_vfs *real;
	int changes, failures; /* atomic, as all below */
	int fail_from;	       /* 0: never */
	int fault, once;
	int delay_us;
};

struct fault_file {
	sqlite3_file base;
	struct fault_vfs *disk;
	sqlite3_file *real; /* behind this struct, in the room SQLite gives for szOsFile */
};

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct fault_file *)file)->real;
}

/* Counts one change; TRUE when it shall fail. */
static gboolean fails(struct fault_vfs *disk)
{
	int n = g_atomic_int_add(&disk->changes, 1) + 1;
	int from = g_atomic_int_get(&disk->fail_from);
	gboolean hit = from && (g_atomic_int_get(&disk->once) ? n == from : n >= from);
	if (hit)
		g_atomic_int_inc(&disk->failures);
	return hit;
}

static int failure(struct fault_vfs *disk, int status)
{
	return g_atomic_int_get(&disk->fault) == FAULT_FULL ? SQLITE_FULL : status;
}

/* ---- what changes the disk ---- */

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
	struct fault_vfs *disk = ((struct fault_file *)file)->disk;
	sqlite3_file *real = real_of(file);
	if (!fails(disk))
		return real->pMethods->xWrite(real, bytes, length, offset);
	if (g_atomic_int_get(&disk->fault) == FAULT_TORN)
		real->pMethods->xWrite(real, bytes, length / 2, offset);
	return failure(disk, SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct fault_vfs *disk = ((struct fault_file *)file)->disk;
	sqlite3_file *real = real_of(file);
	return fails(disk) ? failure(disk, SQLITE_IOERR_TRUNCATE) : real->pMethods->xTruncate(real, size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	struct fault_vfs *disk = ((struct fault_file *)file)->disk;
	sqlite3_file *real = real_of(file);
	int delay_us = g_atomic_int_get(&disk->delay_us);
	if (delay_us)
		g_usleep((gulong)delay_us);
	return fails(disk) ? failure(disk, SQLITE_IOERR_FSYNC) : real->pMethods->xSync(real, flags);
}

/* ---- what passes through ---- */

static int file_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int file_check_lock(sqlite3_file *file, int *taken)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), taken);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int file_sector_size(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_traits(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* without xFetch: all writes come by xWrite */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

/* ---- the layer ---- */

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
	struct fault_vfs *disk = (struct fault_vfs *)vfs;
	struct fault_file *mine = (struct fault_file *)file;
	mine->disk = disk;
	mine->real = (sqlite3_file *)(mine + 1);
	mine->real->pMethods = NULL;
	int status = disk->real->xOpen(disk->real, path, mine->real, flags, out_flags);
	mine->base.pMethods = mine->real->pMethods ? &methods : NULL;
	return status;
}

struct fault_vfs *fault_vfs_install(void)
{
	struct fault_vfs *disk = g_new0(struct fault_vfs, 1);
	disk->real = sqlite3_vfs_find(NULL);
	disk->base = *disk->real; /* the rest works on paths and the system, and its data is `real`'s */
	disk->base.zName = "fault";
	disk->base.pNext = NULL;
	disk->base.szOsFile = (int)sizeof(struct fault_file) + disk->real->szOsFile;
	disk->base.xOpen = disk_open;
	sqlite3_vfs_register(&disk->base, 1);
	return disk;
}

void fault_vfs_remove(struct fault_vfs *disk)
{
	sqlite3_vfs_unregister(&disk->base);
	sqlite3_vfs_register(disk->real, 1);
	g_free(disk);
}

void fault_vfs_fail(struct fault_vfs *disk, int n, enum fault fault, gboolean once)
{
	g_atomic_int_set(&disk->fail_from, 0);
	g_atomic_int_set(&disk->changes, 0);
	g_atomic_int_set(&disk->failures, 0);
	g_atomic_int_set(&disk->fault, (int)fault);
	g_atomic_int_set(&disk->once, once);
	g_atomic_int_set(&disk->fail_from, n);
}

void fault_vfs_heal(struct fault_vfs *disk)
{
	fault_vfs_fail(disk, 0, FAULT_IO, FALSE);
}

int fault_vfs_changes(struct fault_vfs *disk)
{
	return g_atomic_int_get(&disk->changes);
}

int fault_vfs_failures(struct fault_vfs *disk)
{
	return g_atomic_int_get(&disk->failures);
}

void fault_vfs_delay_sync(struct fault_vfs *disk, int delay_us)
{
	g_atomic_int_set(&disk->delay_us, delay_us);
}
