/*
 * What is wrong with a battle file: up to RY_BATTLE_ERRORS_MAX mistakes at once, each with its
 * place, its key and what would be allowed:  FILE:LINE:COLUMN: KEY: what is wrong; what is allowed
 */
#ifndef RY_CORE_BATTLE_ERRORS_H
#define RY_CORE_BATTLE_ERRORS_H

#include <stdio.h>

#include "shm/base.h"

#define RY_BATTLE_ERRORS_MAX       20
#define RY_BATTLE_ERROR_KEY_BYTES  96
#define RY_BATTLE_ERROR_TEXT_BYTES 448

struct ry_battle_error {
    uint32_t line, column;               /* from 1; 0: the file as a whole */
    char key[RY_BATTLE_ERROR_KEY_BYTES]; /* "market.instruments[0].tick_size"; empty: none */
    char text[RY_BATTLE_ERROR_TEXT_BYTES];
};

struct ry_battle_errors {
    unsigned count; /* kept */
    unsigned more;  /* found beyond those */
    struct ry_battle_error error[RY_BATTLE_ERRORS_MAX];
};

void ry_battle_error(struct ry_battle_errors *errors, uint32_t line, uint32_t column,
                     const char *key, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* In the order of the file. */
void ry_battle_errors_sort(struct ry_battle_errors *errors);

void ry_battle_errors_print(FILE *out, const char *file_name,
                            const struct ry_battle_errors *errors);

#endif
