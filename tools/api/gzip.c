/* Answers as gzip, for clients that take it. */
#include <stdlib.h>
#include <zlib.h>

#include "tools/api/internal.h"

#define LEVEL       1  /* an answer is sent once: time counts more than bytes */
#define WINDOW_GZIP 31 /* 15 bits, and gzip's header and end */
#define MEMORY      8

/* An answer that cannot be compressed stays as it is. */
void ry_api_gzip(struct ry_api_answer *answer)
{
    z_stream z = {.next_in = (Bytef *)answer->body, .avail_in = (uInt)answer->bytes};
    if (answer->bytes > UINT32_MAX ||
        deflateInit2(&z, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    const size_t room = deflateBound(&z, answer->bytes);
    char *body = malloc(room);
    z.next_out = (Bytef *)body;
    z.avail_out = (uInt)room;
    const bool whole = body != NULL && deflate(&z, Z_FINISH) == Z_STREAM_END;
    if (whole) {
        free(answer->body);
        answer->body = body;
        answer->bytes = z.total_out;
        answer->gzipped = true;
    } else {
        free(body);
    }
    (void)deflateEnd(&z);
}
