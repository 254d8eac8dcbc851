/*
 * What the files of tools/picture share.
 */
#ifndef RY_TOOLS_PICTURE_INTERNAL_H
#define RY_TOOLS_PICTURE_INTERNAL_H

#include "tools/picture/picture.h"
#include "tools/text/json.h"

/* Sets object[name], `name` any bytes of at most `max`, as ry_text_json_string has them. */
void ry_picture_set_named(json_t *object, const char *name, size_t max, json_t *value);

json_t *ry_picture_agents(const struct ry_picture_of *of, const struct ry_results_board *board);

/* `more`: instruments that had no room. */
json_t *ry_picture_instruments(const struct ry_picture_of *of, unsigned *more);

json_t *ry_picture_processes(const struct ry_watch *watch);
json_t *ry_picture_machine(const struct ry_watch *watch);
json_t *ry_picture_alarms(const struct ry_watch *watch);

#endif
