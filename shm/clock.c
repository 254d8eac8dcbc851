#include "shm/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

#define CALIBRATION_NS    INT64_C(10000000)
#define CALIBRATION_TRIES 16
#define FRACTION_BITS     32
#define SOURCE_FILE       "/sys/devices/system/clocksource/clocksource0/current_clocksource"

/* The one choice of a process; written by the init functions alone. */
static struct {
    bool tsc;
    uint64_t base_ticks;
    int64_t base_ns;
    uint64_t ns_per_tick; /* fixed point, FRACTION_BITS */
} clock_state;

static int64_t system_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec * RY_NS_PER_SECOND + now.tv_nsec;
}

#if defined(__x86_64__)
static bool tsc_is_invariant(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;
}

static bool kernel_trusts_tsc(void)
{
    char name[32] = "";
    FILE *file = fopen(SOURCE_FILE, "re");
    if (file == NULL)
        return false;
    bool read = fgets(name, sizeof name, file) != NULL;
    fclose(file);
    name[strcspn(name, "\n")] = '\0';
    return read && (strcmp(name, "tsc") == 0 || strcmp(name, "kvm-clock") == 0);
}

/* The fence keeps stamps in program order. */
static uint64_t read_tsc(void)
{
    _mm_lfence();
    return __rdtsc();
}

/* Both clocks at one moment: of some tries the one that was interrupted least. */
static void read_both(uint64_t *ticks, int64_t *ns)
{
    uint64_t narrowest = UINT64_MAX;
    for (int i = 0; i < CALIBRATION_TRIES; i++) {
        uint64_t before = read_tsc();
        int64_t between = system_ns(CLOCK_MONOTONIC_RAW);
        uint64_t after = read_tsc();
        if (after - before < narrowest) {
            narrowest = after - before;
            *ticks = before + (after - before) / 2;
            *ns = between;
        }
    }
}

bool ry_clock_init(void)
{
    ry_clock_init_fallback();
    if (!tsc_is_invariant() || !kernel_trusts_tsc())
        return false;
    uint64_t first_ticks = 0, last_ticks = 0;
    int64_t first_ns = 0, last_ns = 0;
    read_both(&first_ticks, &first_ns);
    nanosleep(&(struct timespec){.tv_nsec = CALIBRATION_NS}, NULL);
    read_both(&last_ticks, &last_ns);
    if (last_ns <= first_ns || last_ticks <= first_ticks)
        return false;
    unsigned __int128 elapsed = (unsigned __int128)(uint64_t)(last_ns - first_ns) << FRACTION_BITS;
    clock_state.ns_per_tick = (uint64_t)(elapsed / (last_ticks - first_ticks));
    clock_state.base_ticks = last_ticks;
    clock_state.base_ns = last_ns;
    clock_state.tsc = true;
    return true;
}
#else
static uint64_t read_tsc(void)
{
    return 0;
}

bool ry_clock_init(void)
{
    ry_clock_init_fallback();
    return false;
}
#endif

void ry_clock_init_fallback(void)
{
    memset(&clock_state, 0, sizeof clock_state);
}

int64_t ry_clock_ns(void)
{
    if (!clock_state.tsc)
        return system_ns(CLOCK_MONOTONIC_RAW);
    uint64_t ticks = read_tsc() - clock_state.base_ticks;
    if ((int64_t)ticks < 0)
        return clock_state.base_ns; /* a core a little behind the one that was calibrated */
    return clock_state.base_ns +
           (int64_t)(((unsigned __int128)ticks * clock_state.ns_per_tick) >> FRACTION_BITS);
}

uint64_t ry_clock_ticks(void)
{
#if defined(__x86_64__)
    if (clock_state.tsc)
        return __rdtsc();
#endif
    return (uint64_t)system_ns(CLOCK_MONOTONIC_RAW);
}

double ry_clock_ns_per_tick(void)
{
    return clock_state.tsc
               ? (double)clock_state.ns_per_tick / (double)(UINT64_C(1) << FRACTION_BITS)
               : 1.0;
}

int64_t ry_clock_machine_ns(void)
{
    return system_ns(CLOCK_MONOTONIC);
}

int64_t ry_clock_wall_ns(void)
{
    return system_ns(CLOCK_REALTIME);
}

const char *ry_clock_source(void)
{
    return clock_state.tsc ? "tsc" : "clock_gettime";
}
