/* SPDX-License-Identifier: MIT */
/*
 * The painter makes the pictures that rituals wish for (kit/picture.h), when their message is sent: it fetches the faces
 * of those who are on it, gives them with the wish to the program belltower-picture, and gets a PNG.
 *
 *	wish → faces (kept; who has none in FACES_MS has initials) → belltower-picture, for PAINTER_MS → PNG
 *
 * A crash, a hanging server or a broken image costs the picture at most, never the message: `done` is told in bounded
 * time, with the picture or without. When the program fails over somebody's face it is tried once more with none.
 *
 * One painter for each workspace, for its faces come by its proxy and its authorities. Thread: the loop.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum {
	PAINTER_MS = 15000,	  /* a drawing, real time */
	PAINTER_FACES_MS = 8000,  /* all the faces of one, real time */
	PAINTER_FACE_BYTES = 512 * 1024, /* as bot/picture/wish.h takes */
	PAINTER_PICTURE_BYTES = 2 * 1024 * 1024,
};

struct painter;

struct painter_setup {
	const char *program;	    /* belltower-picture's path; NULL: there are no pictures */
	const char *ca_file, *proxy; /* as of struct http_options; borrowed */
	guint limit_ms, faces_ms;    /* 0: PAINTER_MS, PAINTER_FACES_MS */
	/* Where the face of an account is: a URL, borrowed; NULL: nowhere. */
	const char *(*face)(gpointer data, const char *account);
	gpointer data;
};

struct painter *painter_new(const struct painter_setup *setup);
/* Cancels what is under way. */
void painter_free(struct painter *painter);

/* picture: borrowed until return; NULL: none, and the log says why. Called once from the loop, never from inside. */
typedef void painter_done_fn(GBytes *picture, gpointer data);
/* Returns the drawing's id, never 0. wish: JSON; a reference is kept. */
guint64 painter_draw(struct painter *painter, GBytes *wish, painter_done_fn *done, gpointer data);
/* `done` will not be called; sets the id to 0. An unknown or finished one is nothing. */
void painter_cancel(struct painter *painter, guint64 *id);

/* Where belltower-picture is: beside this program, or in the libexec of its tree. The caller frees; NULL: nowhere. */
char *painter_find_program(void);
