/*
 * Lists of words as the kernel prints what there is to choose from: "tsc hpet acpi_pm".
 */
#ifndef RY_TUNING_STAGES_WORDS_H
#define RY_TUNING_STAGES_WORDS_H

#include <stdbool.h>

/* Is it one of them, whole? */
bool ry_tuning_stages_lists(const char *list, const char *word);

#endif
