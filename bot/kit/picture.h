/* SPDX-License-Identifier: MIT */
/*
 * A picture of people for a message: a ritual says who is on it, and the picture is drawn when the message is sent, by the
 * program belltower-picture, with the faces that the platform shows of them. Who has none, or whose face cannot be had, is
 * shown by initials; when nothing can be drawn at all the message goes without its picture.
 *
 *	struct picture *p = picture_new(PICTURE_CAKE, PICTURE_LIGHT, turn_team_language(t, team), "Happy birthday!");
 *	picture_star(p, ana->name, roster_account(workspace, ana), NULL);
 *	picture_guest(p, bo->name, roster_account(workspace, bo), NULL);
 *	picture_put(p, m, "A cake with the faces of the team", "");
 *
 * What is stored is the wish, never the picture: {"kind":K,"theme":T,"language":L,"headline":T,"more":N,
 * "people":[{"name":T,"account":A?,"caption":T?,"star":true?}…]}, a few kilobytes. bot/picture/wish.h reads it.
 *
 * Any thread; one owner at a time.
 */
#pragma once

#include "core/message.h"
#include "team/texts.h"

enum picture_kind {
	PICTURE_CAKE,  /* the stars' names on a cake that the guests stand on, the stars on top */
	PICTURE_PARTY, /* the stars side by side before everybody: several of one month */
	PICTURE_WALL,  /* the stars large and in their order, the guests around: each with its caption */
	PICTURE_KINDS
};

enum picture_theme { PICTURE_LIGHT, PICTURE_DARK, PICTURE_THEMES };

/* Faces on one picture; who comes later is counted: "+7". */
enum { PICTURE_PEOPLE = 60 };

struct picture;

/* language: of the readers, for the shapes of Chinese characters; headline: one line. */
struct picture *picture_new(
	enum picture_kind kind, enum picture_theme theme, enum language language, const char *headline);
void picture_free(struct picture *picture);
typedef struct picture picture_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(picture_auto, picture_free)

/*
 * Somebody whom it is about; stars come before guests. name: as people know them, in any script; account: in the workspace that the message goes to
 * (roster_account), NULL: none there; caption: a few words under the name on a wall, NULL: none. All copied.
 */
void picture_star(struct picture *picture, const char *name, const char *account, const char *caption);
/* Somebody of the others. */
void picture_guest(struct picture *picture, const char *name, const char *account, const char *caption);
/*
 * Puts it into the message, takes it. alt: what it shows, in words; lost: what stands there when it cannot be drawn, "" for
 * nothing.
 */
void picture_put(struct picture *take, struct message *message, const char *alt, const char *lost);
