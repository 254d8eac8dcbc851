/* A text that grows at its end. Its owner frees `at`. A process without memory ends. */
#ifndef RY_TOOLS_DOCTOR_TEXT_H
#define RY_TOOLS_DOCTOR_TEXT_H

#include <stddef.h>

struct ry_doctor_text {
    char *at; /* a 0 stands behind it; NULL: nothing was put yet */
    size_t bytes, room;
};

void ry_doctor_text_put(struct ry_doctor_text *text, const char *part, size_t bytes);
__attribute__((format(printf, 2, 3))) void ry_doctor_text_print(struct ry_doctor_text *text,
                                                                const char *format, ...);

#endif
