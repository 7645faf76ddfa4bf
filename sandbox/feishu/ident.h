/* SPDX-License-Identifier: MIT */
/*
 * Who is who on Feishu: the room's own ids, said in Feishu's way. U0ANA0000 is ou_u0ana0000 (open_id), on_u0ana0000
 * (union_id) and u0ana0000 (user_id); C0SALES00 is oc_c0sales00; the message 1767225600.000100 of that channel is
 * om_c0sales001767225600000100, and its thread the same with omt_. So nothing has to be remembered, and the same company
 * has the same ids after a reset. A bot must not look at anything but the prefix. Pure.
 */
#pragma once

#include "sandbox/room.h"

/* Caller frees. */
char *ident_open_id(const struct member *member);
char *ident_union_id(const struct member *member);
char *ident_user_id(const struct member *member);
/* By the name of a type of id: "open_id", "union_id", "user_id"; NULL for another type. */
char *ident_of_type(const struct member *member, const char *type);
/* Puts {"union_id","open_id","user_id"} under key; user_id is null without the scope for it. */
void ident_put(cJSON *object, const char *key, const struct member *member, gboolean user_id);
/* NULL: nobody. type as above, or "email". */
struct member *ident_member(const struct room *room, const char *type, const char *text);

char *ident_chat_id(const struct channel *channel);
struct channel *ident_chat(const struct room *room, const char *chat_id);

char *ident_message_id(const struct channel *channel, const char *ts);
char *ident_thread_id(const struct channel *channel, const char *ts);
/* The place that an om_ or omt_ id means, whether or not a message is there. FALSE: it is no id of ours. */
gboolean ident_place(const struct room *room, const char *id, struct channel **channel, char **take_ts);

/* img_v3_… and file_v3_… of a file's id, and back; the latter NULL for what is no key. Caller frees. */
char *ident_image_key(const char *file_id);
char *ident_file_key(const char *file_id);
char *ident_file_of_key(const char *key);

/* create_time of a message: ms, different for each message even while the clock stands. */
int64_t ident_time_ms(const char *ts);
