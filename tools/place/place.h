/*
 * Where the parts of royale lie: beside its programs, whichever folder the whole was moved to.
 *
 *   built                  installed, by default  what
 *   bin/royale             bin/royale             what people start
 *   bin/royale-feed ..     libexec/royale/        what royale starts
 *   lib/royale/            lib/royale/            the strategies of the house
 *   share/royale/          share/royale/          page, schemas, software bill of materials
 *
 * The ways from bin to the others are those that `make install` was told (bindir, libexecdir,
 * libdir, datadir); with all of them below one prefix they are the same for each prefix.
 * $ROYALE_LIBEXEC names another folder with the programs; if that one has a royale, the other parts
 * are those beside it.
 */
#ifndef RY_TOOLS_PLACE_PLACE_H
#define RY_TOOLS_PLACE_PLACE_H

#include <limits.h>

enum ry_place_part {
    RY_PLACE_ROYALE,     /* the program */
    RY_PLACE_PROGRAMS,   /* the folder of royale-feed and the others */
    RY_PLACE_STRATEGIES, /* a folder, as the next */
    RY_PLACE_SHARE,
    RY_PLACE_PARTS
};

/* Its path, which need not exist, of this process's installation. 0, or -1 with errno: nobody
 * knows where this program lies. */
int ry_place_find(enum ry_place_part part, char path[PATH_MAX]);

/* The same for a program that lies in the folder `own`, with `given` in $ROYALE_LIBEXEC; NULL:
 * nothing. */
void ry_place_of(enum ry_place_part part, const char *own, const char *given, char path[PATH_MAX]);

#endif
