/*
 * Compresses the journal of a battle that has ended: DIR/inputs.ryj becomes DIR/inputs.ryj.zst
 * (core/journal/packed.h). Example: a day of 1.9 GB becomes 0.4 GB.
 *
 *     1. inputs.ryj is read and verified to its END; another is left as it is
 *     2. written to inputs.ryj.zst.part, which is made durable
 *     3. the copy is read back and compared with inputs.ryj, byte by byte
 *     4. it is renamed to inputs.ryj.zst, and the name made durable
 *     5. inputs.ryj is removed
 *
 * Whoever is killed in between loses nothing: until 4 inputs.ryj is whole, after it both are, and
 * the next call goes on from there. A reader that has inputs.ryj open keeps it. Two at a time:
 * the second finds a lock and leaves the journal alone.
 */
#ifndef RY_CORE_JOURNAL_PACK_H
#define RY_CORE_JOURNAL_PACK_H

#include "core/journal/read.h"

#define RY_JOURNAL_PART_FILE RY_JOURNAL_PACKED_FILE ".part"

enum ry_journal_pack_how {
    RY_JOURNAL_PACKED,    /* it is compressed now, and was not before */
    RY_JOURNAL_WAS,       /* compressed already */
    RY_JOURNAL_NOT_ENDED, /* it breaks off, or still runs: left as it is */
    RY_JOURNAL_BUSY,      /* somebody else compresses it */
    RY_JOURNAL_STOPPED,   /* `stop` said so: left as it is */
    RY_JOURNAL_FAILED,    /* `text`: left as it is */
};

struct ry_journal_pack {
    /* Asked after each frame; NULL: never. */
    bool (*stop)(void *context);
    void *context;
    /* Told. */
    uint64_t bytes, packed_bytes; /* of inputs.ryj, of inputs.ryj.zst */
    char text[RY_JOURNAL_TEXT_BYTES];
};

enum ry_journal_pack_how ry_journal_pack(const char *directory, struct ry_journal_pack *pack);

#endif
