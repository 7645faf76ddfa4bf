/* SPDX-License-Identifier: MIT */
/*
 * Whether another process on this machine uses the same app. Feishu gives each event to one of an app's connections, by
 * chance: a process that somebody forgot swallows a share of them, and the console says "delivered" (pains, 5). Nothing
 * tells how many connections there are, so the processes of one machine at least find each other by a socket's name
 * (unix(7), abstract), which goes when the process goes.
 */
#include "platform/feishu/feishu_room.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

gboolean feishu_be_alone(struct adapter *a)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (a->alone >= 0)
		return TRUE;
	g_autofree char *name = g_strdup_printf("belltower/%s/%s", a->workspace->app_id, a->workspace->base_url);
	gsize length = MIN(strlen(name), sizeof address.sun_path - 1);
	memcpy(address.sun_path + 1, name, length);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) /* nothing can be said */
		return TRUE;
	if (bind(fd, (const struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0) {
		a->alone = fd;
		return TRUE;
	}
	close(fd);
	return FALSE;
}

void feishu_alone_release(struct adapter *a)
{
	if (a->alone >= 0)
		close(a->alone);
	a->alone = -1;
}
