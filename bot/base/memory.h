/* SPDX-License-Identifier: MIT */
/*
 * What starting has taken and running does not need. The linker reads through every library's tables, ours and those that
 * libcurl and libical bring along for protocols and calendars that nobody uses here: half of what is resident then. The system
 * would keep it as long as there is room; a daemon that sits beside others gives it back.
 *
 * Thread: any.
 */
#pragma once

#include "base/banned.h"

/*
 * Unmaps the unwritten pages of the program and its libraries, which come back from the page cache one by one as they are
 * touched. Breakpoints that a debugger has set before are lost, until it sets them again. The heap is left alone: there was nothing
 * to win.
 */
void memory_give_back(void);
