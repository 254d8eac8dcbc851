/* hwloc says no more of a description than that it is none: which part of it is found by trying. */
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuning/machine_parts.h"

#define EXAMPLE   "an example: pack:2 numa:1 l3:4 core:8 pu:2"
#define TRY_BYTES 1100

static bool understood(hwloc_topology_t topology, const char *text)
{
    return hwloc_topology_set_synthetic(topology, text) == 0;
}

/* The end of the part that begins at `part`: a blank outside brackets, or the end. */
static const char *end_of(const char *part)
{
    int depth = 0;
    for (; *part != 0 && (depth > 0 || *part != ' '); part++)
        depth += (*part == '(' || *part == '[') - (*part == ')' || *part == ']');
    return part;
}

/* The first part behind which hwloc understands no more, whatever follows; NULL: all are well, but
 * threads are not said. */
static const char *culprit(hwloc_topology_t topology, const char *text)
{
    char tried[TRY_BYTES];
    for (const char *part = text, *end; *part != 0; part = end + strspn(end, " ")) {
        end = end_of(part);
        snprintf(tried, sizeof tried, "%.*s", (int)(end - text), text);
        if (understood(topology, tried))
            continue;
        snprintf(tried, sizeof tried, "%.*s pu:1", (int)(end - text), text);
        if (!understood(topology, tried))
            return part;
    }
    return NULL;
}

static bool refuse(char error[RY_TUNING_MACHINE_ERROR_BYTES], hwloc_topology_t topology,
                   const char *text)
{
    const char *part = culprit(topology, text);
    if (text[0] == 0)
        snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES, "an empty description; " EXAMPLE);
    else if (part == NULL)
        snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES,
                 "%.120s: there is no pu: (threads of a core) at its end; " EXAMPLE, text);
    else
        snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES,
                 "%.80s: \"%.*s\" is neither a file nor understood there; " EXAMPLE, text,
                 (int)(end_of(part) - part < 40 ? end_of(part) - part : 40), part);
    return false;
}

/* hwloc makes one CPU of two with the same number. */
static bool is_twice(const char *list, char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    struct ry_tuning_cpus seen = {.word = {0}};
    const char *at = list;
    char *end;
    for (;; at = end + 1) {
        unsigned long cpu = strtoul(at, &end, 10);
        if (end == at || (*end != ',' && *end != ')' && *end != ' '))
            return false; /* another form of it */
        if (cpu < RY_TUNING_CPUS_MAX && ry_tuning_cpus_has(&seen, (unsigned)cpu)) {
            snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES,
                     "indexes=%.*s: number %lu is there twice", (int)strcspn(list, ") "), list,
                     cpu);
            return true;
        }
        if (cpu < RY_TUNING_CPUS_MAX)
            ry_tuning_cpus_add(&seen, (unsigned)cpu);
        if (*end != ',')
            return false;
    }
}

bool ry_tuning_machine_synthetic(const char *text, char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    static const char indexes[] = "indexes=";
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) != 0) {
        snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES, "hwloc cannot begin");
        return false;
    }
    bool good = understood(topology, text) || refuse(error, topology, text);
    hwloc_topology_destroy(topology);
    for (const char *at = text; good && (at = strstr(at, indexes)) != NULL;) {
        at += sizeof indexes - 1;
        good = !is_twice(at, error);
    }
    return good;
}
