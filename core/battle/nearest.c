#include "core/battle/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

unsigned ry_battle_edit_distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b);
    if (na >= RY_BATTLE_NEAREST_BYTES || nb >= RY_BATTLE_NEAREST_BYTES)
        return RY_BATTLE_NEAREST_BYTES;
    unsigned row[3][RY_BATTLE_NEAREST_BYTES]; /* of prefixes of a: two before, one before, this */
    for (unsigned j = 0; j <= nb; j++)
        row[1][j] = j;
    for (unsigned i = 1; i <= na; i++) {
        row[2][0] = i;
        for (unsigned j = 1; j <= nb; j++) {
            unsigned change = row[1][j - 1] + !same(a[i - 1], b[j - 1]);
            row[2][j] = smaller(change, smaller(row[1][j], row[2][j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[2][j] = smaller(row[2][j], row[0][j - 2] + 1);
        }
        memcpy(row[0], row[1], sizeof row[0]);
        memcpy(row[1], row[2], sizeof row[1]);
    }
    return row[1][nb];
}

void ry_battle_nearest_begin(struct ry_battle_nearest *nearest, const char *word)
{
    /* One more than so many edits look like a slip. */
    *nearest = (struct ry_battle_nearest){.word = word, .best = 2 + (unsigned)strlen(word) / 3};
}

bool ry_battle_nearest_offer(struct ry_battle_nearest *nearest, const char *candidate)
{
    unsigned edits = ry_battle_edit_distance(nearest->word, candidate);
    size_t length = strlen(candidate);
    if (edits >= nearest->best || edits >= length || length >= sizeof nearest->found)
        return false;
    nearest->best = edits;
    memcpy(nearest->found, candidate, length + 1);
    snprintf(nearest->said, sizeof nearest->said, ", perhaps %s", candidate);
    return true;
}
