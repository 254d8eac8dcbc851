#include "tools/one/house.h"

static enum ry_one_left run(void (*call)(void *context), void *context)
{
    call(context);
    return RY_ONE_RETURNED;
}

static void enter(struct ry_role_words *words, const uint64_t *callbacks, struct ry_one_log *log)
{
    (void)words;
    (void)callbacks;
    (void)log;
}

static void leave(void)
{
}

static void limit(uint32_t seconds)
{
    (void)seconds;
}

static int code(void)
{
    return 0;
}

const struct ry_one_house ry_one_house_none = {
    .run = run,
    .enter = enter,
    .leave = leave,
    .limit = limit,
    .code = code,
};
