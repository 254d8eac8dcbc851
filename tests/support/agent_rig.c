#include "tests/support/agent_rig.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/exec_rig.h"

static void open_ring(void **memory, struct ry_ring_writer *writer, struct ry_ring_reader *reader,
                      uint64_t slots)
{
    const size_t bytes = ry_ring_footprint(slots);
    *memory = rig_memory(bytes);
    ry_ring_create(writer, *memory, slots);
    ck_assert_int_eq(ry_ring_join(reader, *memory, bytes), 0);
}

void rig_agent_open(struct rig_agent *agent, uint64_t link_slots, uint64_t commands_slots)
{
    memset(agent, 0, sizeof *agent);
    open_ring(&agent->memory[0], &agent->link_writer, &agent->link, link_slots);
    open_ring(&agent->memory[1], &agent->commands, &agent->commands_reader, commands_slots);
    agent->heads = rig_memory(sizeof *agent->heads);
    agent->words = rig_memory(sizeof *agent->words);
}

void rig_agent_close(struct rig_agent *agent)
{
    free(agent->memory[0]);
    free(agent->memory[1]);
    free(agent->heads);
    free(agent->words);
}

/* ---- what it is told ------------------------------------------------------------------------- */

bool rig_told(struct rig_agent *agent, union ry_told_any *record)
{
    union {
        union ry_told_any told;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    const int slots = ry_ring_read(&agent->link, &copy);
    ck_assert_int_ge(slots, 0); /* exec never laps a reader */
    if (slots == 0)
        return false;
    ck_assert_int_le(slots, 2);
    ck_assert_uint_eq(copy.told.market.slots, (unsigned)slots);
    memset(record, 0, sizeof *record);
    memcpy(record, &copy, (size_t)slots * RY_RING_PAYLOAD);
    ry_ring_position_store(&agent->words->link, ry_ring_next(&agent->link));
    return true;
}

unsigned rig_told_all(struct rig_agent *agent)
{
    union ry_told_any record;
    unsigned n = 0;
    while (rig_told(agent, &record))
        n++;
    return n;
}

char rig_told_letter(const union ry_told_any *record)
{
    if (record->market.slots == 2)
        return record->report.kind == RY_RP_OUT ? 'O' : 'r';
    if (record->market.kind == RY_TOLD_WAKE)
        return "?bMPRT"[record->wake.by];
    switch (record->market.kind) {
    case RY_MK_CHANGE: return 'C';
    case RY_MK_TRADE: return 't';
    case RY_MK_STATE: return 'S';
    case RY_MK_END: return 'E';
    case RY_TOLD_LEVEL: return 'l';
    default: return '?';
    }
}

const char *rig_told_letters(struct rig_agent *agent)
{
    static char letters[4096];
    union ry_told_any record;
    unsigned n = 0;
    while (n < sizeof letters - 1 && rig_told(agent, &record))
        letters[n++] = rig_told_letter(&record);
    letters[n] = '\0';
    return letters;
}

/* ---- what it says ---------------------------------------------------------------------------- */

void rig_say(struct rig_agent *agent, const struct ry_command *command)
{
    ry_ring_write(&agent->commands, command, 1);
}

void rig_ack(struct rig_agent *agent, uint64_t wake, int64_t timer)
{
    rig_say(agent,
            &(struct ry_command){.kind = RY_CM_ACK, .slots = 1, .wake = wake, .timer = timer});
}

void rig_interest(struct rig_agent *agent, uint16_t instrument, unsigned interest)
{
    rig_say(agent, &(struct ry_command){.kind = RY_CM_INTEREST,
                                        .slots = 1,
                                        .instrument = instrument,
                                        .flags = (uint16_t)interest,
                                        .wake = 1});
}

void rig_order(struct rig_agent *agent, uint64_t wake, uint64_t ref, uint16_t instrument,
               enum ry_side side, int64_t price, uint32_t qty)
{
    rig_say(agent, &(struct ry_command){.kind = RY_CM_ORDER,
                                        .slots = 1,
                                        .instrument = instrument,
                                        .side = (uint8_t)side,
                                        .wake = wake,
                                        .cl_ord_id = ref,
                                        .price = price,
                                        .qty = qty});
}
