/*
 * What a wrong word may have been meant to be: of all words that are offered the one that the
 * fewest edits make of it, if they are so few that they look like a slip.
 */
#ifndef RY_CORE_BATTLE_NEAREST_H
#define RY_CORE_BATTLE_NEAREST_H

#include <stdbool.h>

#define RY_BATTLE_NEAREST_BYTES 80 /* of a word; longer ones are near nothing */

struct ry_battle_nearest {
    const char *word;
    unsigned best;                           /* edits */
    char found[RY_BATTLE_NEAREST_BYTES];     /* empty: none is near */
    char said[RY_BATTLE_NEAREST_BYTES + 16]; /* ", perhaps maker", or empty */
};

void ry_battle_nearest_begin(struct ry_battle_nearest *nearest, const char *word);
/* True if this is the nearest so far. */
bool ry_battle_nearest_offer(struct ry_battle_nearest *nearest, const char *candidate);

/* Edits (insert, delete, change, swap of neighbours) that make one word the other; capital and
 * small letters are the same. */
unsigned ry_battle_edit_distance(const char *a, const char *b);

#endif
