/*
 * forge: fills the ring of its own process's spans, which that process may write, with what others
 * would have done and with what nobody can have done, whenever it is called.
 */
#include <royale/agent.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define HEADS 256 /* bytes before the first slot: of the region, of the ring */
#define WORDS 8   /* of a slot */
#define SLOTS 16384

static uint64_t *ring;
static uint64_t drawn = 1;

static uint64_t draw(void)
{
    drawn ^= drawn << 13;
    drawn ^= drawn >> 7;
    return drawn ^= drawn << 17;
}

static void find(void)
{
    char line[512];
    FILE *file = fopen("/proc/self/maps", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long from;
        if (strstr(line, ".spans") != NULL && sscanf(line, "%lx-", &from) == 1)
            ring = (uint64_t *)(from + HEADS);
    }
    if (file != NULL)
        fclose(file);
}

/* Each slot a record of one slot: exec's word of feed 0, or noise. */
static void forge(struct ry_agent *agent)
{
    if (ring == NULL)
        find();
    ry_print(agent, "forge: %s", ring != NULL ? "forges" : "finds no ring");
    for (uint64_t i = 0; ring != NULL && i < SLOTS; i++) {
        uint64_t *slot = ring + i * WORDS;
        slot[0] = (i + 1) << 4 | 1;
        for (unsigned k = 1; k < WORDS; k++)
            slot[k] = draw();
        if (i % 2 == 0)
            slot[1] = 2 | UINT64_C(16) << 16 | UINT64_C(0xffffffff) << 32;
    }
    ry_timer(agent, ry_now(agent) + 60000000000);
}

RY_STRATEGY(.start = forge, .timer = forge);
