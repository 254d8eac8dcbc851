#include "tuning/stages/words.h"

#include <string.h>

bool ry_tuning_stages_lists(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (; *list != 0; list += strspn(list, " ")) {
        size_t one = strcspn(list, " ");
        if (one == length && strncmp(list, word, one) == 0)
            return true;
        list += one;
    }
    return false;
}
