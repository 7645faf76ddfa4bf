/* SPDX-License-Identifier: MIT */
/*
 * A proxy that knows CONNECT and nothing else, on the default main context, for tests. It listens on 127.0.0.1.
 *
 * With a password it asks for basic authentication and answers 407 without it.
 */
#pragma once

#include <glib.h>

struct connect_proxy;

/* user_and_password: "user:password", or NULL. */
struct connect_proxy *connect_proxy_new(const char *user_and_password);
void connect_proxy_free(struct connect_proxy *proxy);
guint16 connect_proxy_port(const struct connect_proxy *proxy);
/* Tunnels made so far, and the target of the last one, "host:port". */
unsigned connect_proxy_tunnels(const struct connect_proxy *proxy);
const char *connect_proxy_last_target(const struct connect_proxy *proxy);
