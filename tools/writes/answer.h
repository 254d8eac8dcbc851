/*
 * What a write ends with: a document, or an error by the word that the table of the API's errors
 * has for it.
 */
#ifndef RY_TOOLS_WRITES_ANSWER_H
#define RY_TOOLS_WRITES_ANSWER_H

#include <jansson.h>

#define RY_WRITES_MESSAGE_BYTES  512
#define RY_WRITES_LOCATION_BYTES 128

struct ry_writes_answer {
    const char *error;                     /* "no_library"; NULL: it was done */
    char message[RY_WRITES_MESSAGE_BYTES]; /* of an error: a sentence */
    unsigned status;                       /* done: 200, 201, 202, 204 */
    json_t *document; /* done: the body, NULL: none; an error: its details, NULL: none. The
                         caller's */
    char location[RY_WRITES_LOCATION_BYTES]; /* "": none */
};

/* Takes `details` over. */
__attribute__((format(printf, 4, 5))) void ry_writes_fail(struct ry_writes_answer *answer,
                                                          const char *error, json_t *details,
                                                          const char *format, ...);
/* Takes `document` over. */
void ry_writes_done(struct ry_writes_answer *answer, unsigned status, json_t *document);

#endif
