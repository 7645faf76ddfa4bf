/* SPDX-License-Identifier: MIT */
/* The company's CRM and its mailbox, which write by the API of the bot. */
#include <gio/gio.h>

#include "net/http_client.h"
#include "play.h"

#define TOKEN "crm-0123456789abcdef0123456789"

/* The configuration's part, with a port that is free; caller frees. */
char *crm_config(struct play *p)
{
	g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
	g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
	g_autoptr(GSocketAddress) bound =
		g_socket_bind(socket, any, TRUE, NULL) ? g_socket_get_local_address(socket, NULL) : NULL;
	if (!bound)
		play_fail(p, "no port is free for the API");
	p->api_port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
	return g_strdup_printf("api: { listen: \"127.0.0.1:%u\", senders: [{ name: crm, token: %s, per_minute: 60000 }] }\n", p->api_port,
		TOKEN);
}

struct heard {
	gboolean done;
	int status;
	char *body;
};

static void heard(const struct http_response *response, gpointer data)
{
	struct heard *h = data;
	*h = (struct heard){ TRUE, response->status, g_strdup(response->body) };
}

void crm_push(struct play *p, const char *to, const char *body)
{
	static const char *const headers[] = { "Content-Type: application/json", "Authorization: Bearer " TOKEN, NULL };
	struct http_client *client = http_client_new(&(struct http_options){ .proxy = "" });
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/api/v1/%s", p->api_port, to);
	struct heard h = { 0 };
	http_send(client, &(struct http_request){ .url = url, .headers = headers, .body = body, .body_length = strlen(body) }, heard, &h);
	while (!h.done)
		g_main_context_iteration(NULL, TRUE);
	http_client_free(client);
	if (h.status != 200)
		play_fail(p, "it was not taken: %d %s", h.status, h.body);
	g_free(h.body);
	house_settle(p);
}
