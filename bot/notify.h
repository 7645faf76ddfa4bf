/* SPDX-License-Identifier: MIT */
/* What the service manager is told (sd_notify); nothing happens where there is none. Any thread. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
/* One line for `systemctl status`. */
void notify_status(const char *text);
void notify_alive(void);
/* How often notify_alive is expected, in milliseconds; 0: nobody watches. */
int64_t notify_watchdog_ms(void);
