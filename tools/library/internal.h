/*
 * What the files of tools/library share.
 */
#ifndef RY_TOOLS_LIBRARY_INTERNAL_H
#define RY_TOOLS_LIBRARY_INTERNAL_H

#include "tools/library/library.h"

/* Looks at the files of its directory, as far as they have changed; sets `found`. */
void ry_library_battle_look(struct ry_library_battle *battle);

#endif
