/* Every name that a scrape can have, from the tables of counters: for people and tests. */
#ifndef RY_TOOLS_WEB_NAMES_H
#define RY_TOOLS_WEB_NAMES_H

#include <stdio.h>

/* A line each, in the order of names, tabs between: the name as a query writes it, its type, its
 * unit or "-", what is counted, what to do if it is not zero or "-". */
void ry_web_names(FILE *out);

#endif
