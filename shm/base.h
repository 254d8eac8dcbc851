/*
 * Sizes, limits and small words that every process of royale agrees on.
 *
 * Numbers (the same everywhere, in shared memory and in the machine):
 *   time      int64_t, nanoseconds since the Unix epoch, UTC
 *   price     int64_t, in the instrument's own unit (10^-price_scale of its currency);
 *             -RY_PRICE_ABS_MAX .. RY_PRICE_ABS_MAX
 *   quantity  uint32_t, lots
 *   money     int64_t, 1e-6 of the battle's one currency
 *   id        instrument uint16_t, agent uint16_t, both dense from 0
 */
#ifndef RY_SHM_BASE_H
#define RY_SHM_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two processes never write within the same pair of cache lines: x86 prefetches lines in pairs. */
#define RY_CACHE_LINE 64
#define RY_ISOLATION  128

#define RY_INSTRUMENTS_MAX 16384 /* NASDAQ lists about 9,000 */
#define RY_AGENTS_MAX      64
#define RY_FEEDS_MAX       4
#define RY_DPDK_MIB        64 /* memory that a feed from DPDK takes for itself */
#define RY_SYMBOL_BYTES    72 /* with its final NUL; DBN and ICE have 71 characters */
#define RY_NAME_BYTES      24 /* battle, feed, agent, role names, with the final NUL */
#define RY_ORDERS_MAX      (1u << 26)
#define RY_PRICE_ABS_MAX   INT64_C(2000000000) /* ITCH allows 200,000.0000; fits an int32_t */
#define RY_TIME_NEVER      INT64_MAX
#define RY_NS_PER_SECOND   INT64_C(1000000000)
#define RY_MONEY_UNIT      INT64_C(1000000) /* money per 1 of the currency */
#define RY_PPM             INT64_C(1000000)
#define RY_FEATURES_MAX    8                /* of a decision record; agents/agent.h promises them */
#define RY_PRICE_SCALE_MAX 9                /* decimals of a price */
#define RY_TICKS_MAX       1000000          /* of a collar or a haircut in ticks */
#define RY_TRADES_KEPT     65536u           /* recorded trades that the machine can take back */
#define RY_ROUND_NS_MIN    INT64_C(1000000) /* of the game */
#define RY_TIMER_NS_MIN    INT64_C(1000)    /* from the wake that sets a timer to the timer */
#define RY_LATENCY_NS_MIN  INT64_C(1000)    /* from a wake to the arrival of what it led to */

#define RY_STRING2(x) #x
#define RY_STRING(x)  RY_STRING2(x)

#define RY_OFFSET(type, field, at)                                                                 \
    _Static_assert(offsetof(type, field) == (at), #type "." #field " must lie at " #at)
#define RY_SIZE(type, bytes)                                                                       \
    _Static_assert(sizeof(type) == (bytes), #type " must be " #bytes " bytes")

#endif
