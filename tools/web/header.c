#include "tools/web/header.h"

#include <string.h>
#include <strings.h>

static enum MHD_Result take(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value)
{
    struct ry_web_header *header = context;
    (void)kind;
    if (strcasecmp(name, header->name) != 0 || value == NULL)
        return MHD_YES;
    size_t bytes = strlen(value), room = sizeof header->text - 1 - header->bytes;
    if (header->there && room > 0) {
        header->text[header->bytes++] = ',';
        room--;
    }
    header->there = true;
    bytes = bytes < room ? bytes : room;
    memcpy(header->text + header->bytes, value, bytes);
    header->bytes += bytes;
    return MHD_YES;
}

const char *ry_web_header_take(struct ry_web_header *header, struct MHD_Connection *connection,
                               const char *name)
{
    header->name = name;
    header->bytes = 0;
    header->there = false;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, take, header);
    header->text[header->bytes] = '\0';
    return header->there ? header->text : NULL;
}
