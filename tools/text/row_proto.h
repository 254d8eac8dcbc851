/*
 * Rows as messages of Protocol Buffers: one .proto (proto3) made of core/results/rows.def. A
 * message Row, the file's first, has the key and one of the rows; tags are the table's.
 */
#ifndef RY_TOOLS_TEXT_ROW_PROTO_H
#define RY_TOOLS_TEXT_ROW_PROTO_H

#include <stdbool.h>
#include <stdio.h>

/* `oneofs`: what may be null stands in a oneof of its own and is not called `optional`, which
 * protoc-c 1.4 does not know. The bytes of messages are the same. */
void ry_text_row_proto(FILE *out, bool oneofs);

#endif
