#include "core/journal/block.h"

#include <assert.h>
#include <isa-l/crc.h>
#include <string.h>

/* libisal leaves the usual inversion before and after to the caller, and takes an int of bytes. */
static uint32_t crc32c(uint32_t crc, const void *bytes, size_t count)
{
    assert(count <= INT32_MAX);
    return ~crc32_iscsi((unsigned char *)(uintptr_t)bytes, (int)count, ~crc);
}

static bool all_zero(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static uint32_t file_crc(const struct ry_journal_file *file)
{
    struct ry_journal_file copy = *file;
    copy.crc = 0;
    return crc32c(0, &copy, sizeof copy);
}

void ry_journal_file_encode(uint8_t *bytes, const struct ry_battle_id *id, const char *name,
                            uint64_t seed, enum ry_isolated isolated)
{
    struct ry_journal_file file = {
        .magic = RY_JOURNAL_FILE_MAGIC,
        .version = RY_JOURNAL_VERSION,
        .records = RY_JOURNAL_RECORDS,
        .seed = seed,
        .battle_id = *id,
        .isolated = isolated,
    };
    memcpy(file.name, name, strnlen(name, sizeof file.name - 1));
    file.crc = file_crc(&file);
    memset(bytes, 0, RY_JOURNAL_ALIGN);
    memcpy(bytes, &file, sizeof file);
}

enum ry_journal_verdict ry_journal_file_verify(const uint8_t *bytes, size_t count,
                                               struct ry_journal_file *out)
{
    if (count < sizeof *out)
        return RY_JOURNAL_SHORT;
    memcpy(out, bytes, sizeof *out);
    if (out->magic != RY_JOURNAL_FILE_MAGIC)
        return RY_JOURNAL_FOREIGN;
    if (out->version != RY_JOURNAL_VERSION)
        return RY_JOURNAL_OTHER_VERSION;
    if (out->crc != file_crc(out) || out->name[RY_NAME_BYTES - 1] != 0)
        return RY_JOURNAL_DAMAGED;
    if (out->records != RY_JOURNAL_RECORDS)
        return RY_JOURNAL_OTHER_VERSION;
    if (count < RY_JOURNAL_ALIGN)
        return RY_JOURNAL_SHORT;
    return all_zero(bytes + sizeof *out, RY_JOURNAL_ALIGN - sizeof *out) ? RY_JOURNAL_WHOLE
                                                                         : RY_JOURNAL_DAMAGED;
}

static uint32_t block_crc(const struct ry_journal_block *head, const uint8_t *payload)
{
    struct ry_journal_block copy = *head;
    copy.crc = 0;
    return crc32c(crc32c(0, &copy, sizeof copy), payload, head->payload_bytes);
}

size_t ry_journal_block_encode(uint8_t *bytes, const struct ry_journal_block *head)
{
    struct ry_journal_block whole = *head;
    size_t used = sizeof whole + whole.payload_bytes, padded = ry_journal_padded(used);
    assert(padded <= RY_JOURNAL_BLOCK_BYTES_MAX);
    whole.magic = RY_JOURNAL_BLOCK_MAGIC;
    whole.version = RY_JOURNAL_VERSION;
    whole.zero = 0;
    whole.crc = block_crc(&whole, bytes + sizeof whole);
    memcpy(bytes, &whole, sizeof whole);
    memset(bytes + used, 0, padded - used);
    return padded;
}

enum ry_journal_verdict ry_journal_block_peek(const uint8_t *bytes, size_t count, size_t *padded)
{
    struct ry_journal_block head;
    if (count < sizeof head)
        return RY_JOURNAL_SHORT;
    memcpy(&head, bytes, sizeof head);
    if (head.magic != RY_JOURNAL_BLOCK_MAGIC)
        return RY_JOURNAL_FOREIGN;
    if (head.version != RY_JOURNAL_VERSION)
        return RY_JOURNAL_OTHER_VERSION;
    if (head.payload_bytes > RY_JOURNAL_BLOCK_BYTES_MAX - sizeof head)
        return RY_JOURNAL_DAMAGED;
    *padded = ry_journal_padded(sizeof head + head.payload_bytes);
    return RY_JOURNAL_WHOLE;
}

/* The records fill the payload exactly, and are as many as the header says. */
static bool records_fit(const struct ry_journal_block *head, const uint8_t *payload)
{
    uint32_t at = 0, count = 0;
    while (at < head->payload_bytes) {
        uint32_t left = head->payload_bytes - at;
        if (left < RY_SLOT_PAYLOAD)
            return false;
        uint8_t slots = payload[at + offsetof(struct ry_input_head, slots)];
        if (slots < 1 || slots > RY_INPUT_SLOTS_MAX || slots * (uint32_t)RY_SLOT_PAYLOAD > left)
            return false;
        at += slots * (uint32_t)RY_SLOT_PAYLOAD;
        count++;
    }
    return count == head->count && count > 0;
}

enum ry_journal_verdict ry_journal_block_verify(const uint8_t *bytes, size_t count,
                                                struct ry_journal_block *out)
{
    size_t padded;
    enum ry_journal_verdict verdict = ry_journal_block_peek(bytes, count, &padded);
    if (verdict != RY_JOURNAL_WHOLE)
        return verdict;
    if (count < padded)
        return RY_JOURNAL_SHORT;
    memcpy(out, bytes, sizeof *out);
    const uint8_t *payload = bytes + sizeof *out;
    size_t used = sizeof *out + out->payload_bytes;
    if (out->crc != block_crc(out, payload) || out->zero != 0 || out->durable >= out->first_input ||
        !all_zero(bytes + used, padded - used) || !records_fit(out, payload))
        return RY_JOURNAL_DAMAGED;
    return RY_JOURNAL_WHOLE;
}
