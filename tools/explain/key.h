/*
 * The key of a language model's server: from a file, else from the environment, never from the
 * command line, which every user of the machine can read.
 */
#ifndef RY_TOOLS_EXPLAIN_KEY_H
#define RY_TOOLS_EXPLAIN_KEY_H

#include "tools/explain/client.h"

#define RY_EXPLAIN_KEY_VARIABLE "ROYALE_LLM_KEY"

/* The key into `key`: one line of printable ASCII without blanks. `file` NULL: of the environment,
 * which is cleared of it; "" if that has none. 0, or -1 with `why`, which never has a part of it.
 */
int ry_explain_key_read(char key[RY_EXPLAIN_KEY_BYTES], const char *file,
                        char why[RY_EXPLAIN_WHY_BYTES]);

#endif
