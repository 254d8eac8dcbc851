#include "tools/explain/record.h"

#include <string.h>

const struct ry_explain_field *ry_explain_field(const struct ry_explain_record *record,
                                                const char *name)
{
    for (unsigned i = 0; i < record->fields; i++)
        if (strcmp(record->field[i].name, name) == 0)
            return &record->field[i];
    return NULL;
}
