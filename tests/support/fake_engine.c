#include "tests/support/fake_engine.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS_MAX 20000

static void tell(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was)
{
    struct ry_test_deeds *deeds = context;
    (void)was;
    deeds->told[deed]++;
    if (deed == RY_TUNING_LOOKED)
        deeds->state[setting->state]++;
    if (setting->kind != RY_TUNING_FACT)
        deeds->only_facts = false;
    if (deed == RY_TUNING_FAILED)
        snprintf(deeds->why, sizeof deeds->why, "%s %s: %s", stage, setting->path, setting->why);
}

struct ry_test_deeds ry_test_host_check(struct ry_test_host *fake,
                                        const struct ry_tuning_target *target,
                                        ry_tuning_mask stages)
{
    struct ry_test_deeds deeds = {.only_facts = true};
    const struct ry_tuning_told told = {.tell = tell, .context = &deeds};
    ry_tuning_check(&fake->host, target, stages, &told);
    return deeds;
}

struct ry_test_deeds ry_test_host_apply(struct ry_test_host *fake,
                                        const struct ry_tuning_target *target,
                                        ry_tuning_mask stages)
{
    struct ry_test_deeds deeds = {.only_facts = true};
    const struct ry_tuning_told told = {.tell = tell, .context = &deeds};
    deeds.error = ry_tuning_apply(&fake->host, target, stages, &told);
    return deeds;
}

struct ry_test_deeds ry_test_host_verify(struct ry_test_host *fake, ry_tuning_mask stages)
{
    struct ry_test_deeds deeds = {.only_facts = true};
    const struct ry_tuning_told told = {.tell = tell, .context = &deeds};
    deeds.error = ry_tuning_verify(&fake->host, stages, &told);
    return deeds;
}

struct ry_test_deeds ry_test_host_revert(struct ry_test_host *fake, ry_tuning_mask stages)
{
    struct ry_test_deeds deeds = {.only_facts = true};
    const struct ry_tuning_told told = {.tell = tell, .context = &deeds};
    deeds.error = ry_tuning_revert(&fake->host, stages, &told);
    return deeds;
}

void ry_test_host_is(const struct ry_test_host *fake, const char *before, const char *when,
                     unsigned step)
{
    char *now = ry_test_host_whole(fake);
    size_t i = 0, line = 0;
    for (; before[i] == now[i] && before[i] != 0; i++)
        if (before[i] == '\n')
            line = i + 1;
    ck_assert_msg(before[i] == now[i], "%s %u: was  %.*s\nis  %.*s", when, step,
                  (int)strcspn(before + line, "\n"), before + line, (int)strcspn(now + line, "\n"),
                  now + line);
    free(now);
}

bool ry_test_host_killed(struct ry_test_host *fake, const struct ry_tuning_target *target,
                         ry_tuning_mask stages, unsigned step)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        fake->steps_left = step;
        struct ry_test_deeds deeds = target != NULL ? ry_test_host_apply(fake, target, stages)
                                                    : ry_test_host_revert(fake, stages);
        _exit(deeds.error == 0 ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0),
                  "step %u ends with %x", step, (unsigned)status);
    return WIFSIGNALED(status);
}

static void revert_all(struct ry_test_host *fake, const char *before, const char *when,
                       unsigned step)
{
    struct ry_test_deeds deeds = ry_test_host_revert(fake, RY_TUNING_ALL);
    ck_assert_msg(deeds.error == 0 && deeds.told[RY_TUNING_FAILED] == 0, "%s %u: %d, %s", when,
                  step, deeds.error, deeds.why);
    ry_test_host_is(fake, before, when, step);
    ck_assert_msg(!ry_tuning_host_exists(&fake->host, RY_TUNING_SAVED_PATH),
                  "%s %u: the journal of changes is left", when, step);
}

static struct ry_test_deeds whole_way(struct ry_test_host *fake,
                                      const struct ry_tuning_target *target, ry_tuning_mask stages,
                                      const char *before)
{
    struct ry_test_deeds first = ry_test_host_apply(fake, target, stages);
    ck_assert_int_eq(first.error, 0);
    char *applied = ry_test_host_whole(fake);
    struct ry_test_deeds again = ry_test_host_apply(fake, target, stages);
    ck_assert_int_eq(again.error, 0);
    ck_assert_msg(again.told[RY_TUNING_SET] == 0, "applied again, %u are set",
                  again.told[RY_TUNING_SET]);
    ry_test_host_is(fake, applied, "applied again", 2);
    free(applied);
    struct ry_test_deeds verified = ry_test_host_verify(fake, RY_TUNING_ALL);
    ck_assert_int_eq(verified.error, 0);
    ck_assert_uint_eq(verified.told[RY_TUNING_LOOKED], verified.state[RY_TUNING_OK]);
    struct ry_test_deeds checked = ry_test_host_check(fake, target, stages);
    ck_assert_uint_eq(checked.state[RY_TUNING_MISSING], first.told[RY_TUNING_FAILED]);
    revert_all(fake, before, "applied and reverted", 1);
    return first;
}

struct ry_test_deeds ry_test_host_kill_everywhere(struct ry_test_host *fake,
                                                  const struct ry_tuning_target *target,
                                                  ry_tuning_mask stages, unsigned every)
{
    char *before = ry_test_host_whole(fake);
    struct ry_test_deeds first = whole_way(fake, target, stages, before);
    unsigned apply = 1, revert = 1;
    for (; ry_test_host_killed(fake, target, stages, apply); apply += every) {
        ck_assert_uint_lt(apply, STEPS_MAX);
        revert_all(fake, before, "apply killed at step", apply);
    }
    for (; ry_test_host_killed(fake, NULL, RY_TUNING_ALL, revert); revert += every) {
        ck_assert_uint_lt(revert, STEPS_MAX);
        revert_all(fake, before, "revert killed at step", revert);
        ck_assert_int_eq(ry_test_host_apply(fake, target, stages).error, 0);
    }
    ry_test_host_is(fake, before, "reverted in a process", 1);
    for (unsigned i = 1; i < apply; i += 3 * every) {
        (void)ry_test_host_killed(fake, target, stages, i);
        (void)ry_test_host_killed(fake, NULL, RY_TUNING_ALL, 1 + i * revert / apply);
        (void)ry_test_host_killed(fake, target, stages, apply - i);
        revert_all(fake, before, "killed three times, first at step", i);
    }
    free(before);
    return first;
}
