/* The words in brackets of a machine's description, behind one of a few machines (the first byte):
 * refused with a reason, or a machine whose rows fit each other, for which a plan can be made. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tuning/machine.h"

static const char *const machines[] = {"core:1 pu:1", "core:4 pu:2", "pack:2 l3:2 core:3 pu:2"};

static struct ry_tuning_machine machine; /* large */

static void check_row(const struct ry_tuning_cpu *row)
{
    assert(ry_tuning_machine_cpu(&machine, row->cpu) == row);
    assert(row->core < machine.cores && row->l3 < machine.l3s);
    const struct ry_tuning_cpus siblings = ry_tuning_machine_siblings(&machine, row->cpu);
    assert(ry_tuning_cpus_has(&siblings, row->cpu));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[2048], error[RY_TUNING_MACHINE_ERROR_BYTES] = "";
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0 || size > sizeof text / 2 || memchr(data, '[', size) != NULL)
        return 0; /* hwloc's own words stay what they are */
    const char *first = machines[data[0] % (sizeof machines / sizeof *machines)];
    snprintf(text, sizeof text, "%s [%.*s]", first, (int)(size - 1), (const char *)data + 1);
    if (ry_tuning_machine_look(&machine, text, error) != 0) {
        assert(memchr(error, '\0', sizeof error) != NULL && error[0] != '\0');
        return 0;
    }
    assert(machine.cards <= RY_TUNING_CARDS_MAX);
    for (unsigned i = 0; i < machine.cpus; i++)
        check_row(&machine.cpu[i]);
    return 0;
}
