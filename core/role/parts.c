#include "core/role/parts.h"

#include <string.h>

#include "shm/printable.h"

void ry_role_part_died(struct ry_role_part *part, const char *death)
{
    if (ry_load_relaxed(&part->died) != 0)
        return;
    memcpy(part->death, death, strnlen(death, sizeof part->death - 1));
    /* R50: pairs with A50 in core/role/parts.c: the text stands there. */
    ry_store_release(&part->died, 1u);
}

bool ry_role_part_death(const struct ry_role_part *part, char death[RY_ROLE_PART_DEATH_BYTES])
{
    uint64_t text[RY_ROLE_PART_DEATH_BYTES / sizeof(uint64_t)];
    death[0] = '\0';
    if (ry_load_acquire(&part->died) == 0) /* A50: pairs with R50 in core/role/parts.c */
        return false;
    ry_load_words(text, part->death, sizeof text / sizeof text[0]);
    memcpy(death, text, sizeof text);
    death[RY_ROLE_PART_DEATH_BYTES - 1] = '\0';
    ry_make_printable(death, strlen(death), '?');
    return true;
}
