/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <glib.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* Writable segments hold what relocation has written; dropping it would be losing it. */
static int unmap(struct dl_phdr_info *object, size_t size, void *page)
{
	(void)size;
	uintptr_t mask = ~(GPOINTER_TO_SIZE(page) - 1);
	for (unsigned i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t from = (object->dlpi_addr + segment->p_vaddr) & mask;
		uintptr_t to = object->dlpi_addr + segment->p_vaddr + segment->p_filesz;
		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W))
			madvise((void *)from, to - from, MADV_DONTNEED); /* a locked one stays */
	}
	return 0;
}

void memory_give_back(void)
{
	dl_iterate_phdr(unmap, GSIZE_TO_POINTER((gsize)sysconf(_SC_PAGESIZE)));
}
