/*
 * What a battle's own copy of its file says of its place in a library. Nothing else of the file is
 * looked at: its feeds and strategies may be gone by now.
 */
#ifndef RY_TOOLS_LIBRARY_SETTINGS_H
#define RY_TOOLS_LIBRARY_SETTINGS_H

#include "tools/library/library.h"

struct ry_library_settings {
    struct ry_battle_keep keep;
    enum ry_battle_compress compress;
};

/* Of DIR/battle.yaml; false: it is not there or cannot be read as one. */
bool ry_library_settings_read(const char *directory, struct ry_library_settings *settings);

#endif
