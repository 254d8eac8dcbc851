#include "core/role/link.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shm/denied.h"

#define NUMBER_DIGITS_MAX 3 /* more than any limit has */
#define ANY_ROLE          "ROLE."

/* ---- names ----------------------------------------------------------------------------------- */

/* A number below `limit` at *at as one would print it, moving it on; -1: there is none. */
static int read_number(const char **at, unsigned limit)
{
    unsigned value = 0, digits = 0;
    bool zero = **at == '0';
    for (; **at >= '0' && **at <= '9' && digits <= NUMBER_DIGITS_MAX; (*at)++, digits++)
        value = value * 10 + (unsigned)(**at - '0');
    return digits == 0 || (zero && digits > 1) || value >= limit ? -1 : (int)value;
}

bool ry_role_link_is(const char *pattern, const char *name, unsigned own, unsigned limit)
{
    if (strncmp(pattern, ANY_ROLE, strlen(ANY_ROLE)) == 0) {
        const char *dot = strchr(name, '.');
        return dot != NULL && dot > name && strcmp(dot, pattern + strlen(ANY_ROLE) - 1) == 0;
    }
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '*' || *pattern == '#') {
            int number = read_number(&name, limit);
            if (number < 0 || (*pattern == '#' && (unsigned)number != own))
                return false;
        } else if (*pattern != *name++) {
            return false;
        }
    }
    return *name == '\0';
}

const struct ry_role_link_row *ry_role_link_row(const char *name)
{
    char plain[RY_REGION_NAME_BYTES];
    size_t length = strlen(name);
    if (length >= sizeof plain)
        return NULL;
    /* A pattern's number is as good as any. */
    for (size_t i = 0; i <= length; i++)
        plain[i] = (char)(name[i] == '*' || name[i] == '#' ? '0' : name[i]);
    for (unsigned i = 0; i < ry_role_links_count; i++)
        if (ry_role_link_is(ry_role_links[i].name, plain, RY_ROLE_NO_NUMBER, RY_ROLE_NO_NUMBER))
            return &ry_role_links[i];
    return NULL;
}

/* ---- making and joining ---------------------------------------------------------------------- */

static int refuse(struct ry_role_link *link, char why[RY_ROLE_LINK_WHY_BYTES], const char *reason)
{
    *link = (struct ry_role_link){.region.fd = -1};
    snprintf(why, RY_ROLE_LINK_WHY_BYTES, "%s", reason);
    return -1;
}

static size_t ring_bytes(const struct ry_role_link_row *row)
{
    return row->slots == 0 ? 0 : ry_ring_footprint(row->slots);
}

size_t ry_role_link_huge_bytes(const struct ry_role_link_row *row)
{
    size_t bytes = sizeof(struct ry_region_header) + row->head_bytes + ring_bytes(row);
    if (bytes < RY_REGION_HUGE_BYTES_MIN)
        return 0;
    return (bytes + RY_REGION_HUGE_BYTES - 1) / RY_REGION_HUGE_BYTES * RY_REGION_HUGE_BYTES;
}

int ry_role_link_make(struct ry_role_link *link, const char *name, char why[RY_ROLE_LINK_WHY_BYTES])
{
    const struct ry_role_link_row *row = ry_role_link_row(name);
    if (row == NULL)
        return refuse(link, why, "there is no such link");
    struct ry_region region;
    if (ry_region_create(&region, name, row->layout, 1, row->head_bytes + ring_bytes(row)) !=
        RY_REGION_OK) {
        char denied[RY_DENIED_BYTES];
        ry_denied_print(denied, sizeof denied, region.failed, errno);
        return refuse(link, why, denied);
    }
    unsigned char *body = ry_region_body(&region);
    *link = (struct ry_role_link){.row = row, .region = region};
    if (row->head_bytes > 0)
        link->head = link->own_head = body;
    if (row->slots > 0)
        ry_ring_create(&link->writer, body + row->head_bytes, row->slots);
    ry_region_publish(&link->region);
    return 0;
}

/* NULL, or what is wrong with the body that the region's header promises. */
static const char *look_at_body(struct ry_role_link *link, const struct ry_region *region)
{
    const struct ry_role_link_row *row = link->row;
    const unsigned char *body = ry_region_body(region);
    size_t bytes = ry_region_body_bytes(region);
    if (bytes < row->head_bytes + ring_bytes(row))
        return "it is too small";
    if (row->head_bytes > 0)
        link->head = body;
    if (row->slots > 0 &&
        (ry_ring_join(&link->reader, body + row->head_bytes, bytes - row->head_bytes) != 0 ||
         link->reader.mask != row->slots - 1))
        return "it does not hold the ring that it should";
    return NULL;
}

int ry_role_link_join(struct ry_role_link *link, int fd, const char *name,
                      char why[RY_ROLE_LINK_WHY_BYTES])
{
    const struct ry_role_link_row *row = ry_role_link_row(name);
    if (row == NULL)
        return refuse(link, why, "there is no such link");
    struct ry_region region;
    int error = ry_region_join(&region, fd, name, row->layout);
    if (error != RY_REGION_OK)
        return refuse(link, why, ry_region_strerror(error));
    *link = (struct ry_role_link){.row = row};
    const char *wrong = look_at_body(link, &region);
    if (wrong != NULL) {
        region.fd = -1; /* the caller's */
        ry_region_leave(&region);
        return refuse(link, why, wrong);
    }
    link->region = region;
    return 0;
}

void ry_role_link_leave(struct ry_role_link *link)
{
    if (link->row != NULL)
        ry_region_leave(&link->region);
    *link = (struct ry_role_link){.region.fd = -1};
}
