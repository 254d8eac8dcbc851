#include "tests/support/arena_flow.h"

static uint8_t flow_kind(struct ry_test_flow *f)
{
    uint32_t x = ry_test_rng_below(&f->rng, 1000);
    if (x < 330)
        return RY_IN_ADD;
    if (x < 520)
        return RY_IN_EXEC;
    if (x < 620)
        return RY_IN_CANCEL;
    if (x < 700)
        return RY_IN_REPLACE;
    if (x < 730)
        return RY_IN_PRINT;
    if (x < 740)
        return RY_IN_AUCTION;
    if (x < 745)
        return RY_IN_LAST;
    if (x < 747)
        return RY_IN_CLEAR;
    if (x < 755)
        return RY_IN_STATE;
    if (x < 757)
        return RY_IN_SESSION;
    if (x < 759)
        return RY_IN_TIME;
    if (x < 769)
        return RY_IN_BROKEN;
    if (x < 771)
        return RY_IN_INCOMPLETE;
    return x < 940 || !f->agents ? RY_IN_ORDER : RY_IN_ORDER_CANCEL;
}

union ry_input_any ry_test_flow_next(struct ry_test_flow *f, int64_t time)
{
    struct ry_test_rng *r = &f->rng;
    struct ry_input in = {.head = {.kind = flow_kind(f), .slots = 1, .time = time}};
    uint32_t noise = ry_test_rng_below(r, 20);
    in.head.instrument = (uint16_t)ry_test_rng_below(r, f->instruments);
    in.head.source = RY_SOURCE_FEED;
    in.side = (uint8_t)(1 + ry_test_rng_below(r, 2));
    in.ref = 1 + ry_test_rng_below(r, f->refs);
    in.ref_new = 1 + ry_test_rng_below(r, f->refs);
    in.qty = 1 + ry_test_rng_below(r, 30);
    /* Buys below the middle, sells above, with some overlap. */
    int64_t off = (int64_t)ry_test_rng_below(r, f->prices) - f->prices / 8;
    in.price = (1000 + (in.side == RY_BUY ? -off : off)) * f->tick;
    if (in.head.kind == RY_IN_STATE || in.head.kind == RY_IN_SESSION)
        in.qty = ry_test_rng_below(r, 3) == 0;
    if (in.head.kind == RY_IN_INCOMPLETE)
        in.qty = 1 + in.qty % RY_INCOMPLETE_GAP;
    if (in.head.kind == RY_IN_EXEC || in.head.kind == RY_IN_AUCTION)
        in.head.flags = (uint16_t)ry_test_rng_below(r, 4);
    if (in.head.kind == RY_IN_CANCEL && noise < 8) {
        in.head.flags = RY_INF_ALL;
        in.qty = 0;
    }
    if (in.head.kind == RY_IN_ADD && noise == 0)
        in.price += 1 + ry_test_rng_below(r, 3);
    if (in.head.kind == RY_IN_ADD && noise == 1)
        in.price = (int64_t)ry_test_rng_below(r, 100000) * f->tick - 10000;
    if (in.head.kind == RY_IN_ORDER || in.head.kind == RY_IN_ORDER_CANCEL) {
        uint16_t agent = (uint16_t)ry_test_rng_below(r, f->agents ? f->agents : 1u);
        in.head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
        in.ref_new = 0;
        if (in.head.kind == RY_IN_ORDER) {
            in.ref = noise == 2 ? f->cl_ord_id[agent] : ++f->cl_ord_id[agent];
            in.head.flags = noise < 6 ? (uint16_t)(noise % 2 ? RY_INF_IOC : RY_INF_MARKET) : 0;
            if (in.head.flags & RY_INF_MARKET)
                in.price = 0;
        } else {
            uint64_t back = ry_test_rng_below(r, 30);
            in.ref = f->cl_ord_id[agent] > back ? f->cl_ord_id[agent] - back : 1;
        }
    }
    return (union ry_input_any){.event = in};
}
