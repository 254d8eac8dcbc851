/* ry_exp and ry_log: the bits that were fixed once, limits, errors, and what libm does meanwhile.
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/math.h"
#include "tests/support/test.h"

#define SAMPLES 2000000

static uint64_t bits(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static double from_bits(uint64_t word)
{
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double between(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(next(state) >> 11) * 0x1p-53);
}

/* x, exp(x), and |x|, log(|x|): the promise. A change of one of these is a change of every result.
 */
static const struct {
    uint64_t x, exp, log;
} fixed[] = {
#include "tests/unit/agents/agent_math_bits.def"
};

START_TEST(bits_are_fixed)
{
    for (unsigned i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        const double x = from_bits(fixed[i].x);
        ck_assert_msg(bits(ry_agent_exp(x)) == fixed[i].exp, "exp(%a) is %a, not %a", x,
                      ry_agent_exp(x), from_bits(fixed[i].exp));
        ck_assert_msg(bits(ry_agent_log_e(fabs(x))) == fixed[i].log, "log(%a) is %a, not %a",
                      fabs(x), ry_agent_log_e(fabs(x)), from_bits(fixed[i].log));
    }
}
END_TEST

/* All bits of two million results, folded. */
static uint64_t fold(double (*exp_of)(double), double (*log_of)(double))
{
    uint64_t state = 5, h = 0;
    for (unsigned i = 0; i < SAMPLES; i++) {
        h = (h ^ bits(exp_of(between(&state, -700, 700)))) * UINT64_C(0x100000001b3);
        h = (h ^ bits(log_of(from_bits(next(&state) & UINT64_C(0x7fefffffffffffff))))) *
            UINT64_C(0x100000001b3);
    }
    return h;
}

START_TEST(many_bits_are_fixed)
{
    ck_assert_uint_eq(fold(ry_agent_exp, ry_agent_log_e), FOLD_OF_RESULTS);
}
END_TEST

static double ulp(double value)
{
    int exponent;
    (void)frexp(value, &exponent);
    return ldexp(1.0, exponent - 53);
}

START_TEST(errors_stay_below_one_ulp)
{
    if (sizeof(long double) == sizeof(double)) {
        ry_test_skip("long double is no wider than double here");
        return;
    }
    uint64_t state = 1;
    double worst_exp = 0, worst_log = 0;
    for (unsigned i = 0; i < SAMPLES; i++) {
        const double x = i % 2 ? between(&state, -700, 700) : between(&state, -2, 2);
        const double y = i % 2 ? from_bits(next(&state) & UINT64_C(0x7fefffffffffffff))
                               : between(&state, 0.3, 3);
        const long double e = expl((long double)x), l = logl((long double)y);
        const double exp_error = (double)fabsl((long double)ry_agent_exp(x) - e) / ulp((double)e);
        const double log_error = (double)fabsl((long double)ry_agent_log_e(y) - l) / ulp((double)l);
        worst_exp = fmax(worst_exp, exp_error);
        worst_log = fmax(worst_log, log_error);
    }
    ck_assert_msg(worst_exp < 0.75, "exp is wrong by %g ulp", worst_exp);
    ck_assert_msg(worst_log < 0.95, "log is wrong by %g ulp", worst_log);
    /* Where exp leaves the normal numbers the unit is the smallest of them all, and the result is
     * rounded twice. */
    for (unsigned i = 0; i < 10000; i++) {
        const double x = between(&state, -745, -708.4);
        ck_assert(fabsl((long double)ry_agent_exp(x) - expl((long double)x)) <= 1.01L * 0x1p-1074L);
    }
}
END_TEST

START_TEST(edges)
{
    const double inf = from_bits(UINT64_C(0x7ff0000000000000));
    const double nan = from_bits(UINT64_C(0x7ff8000000000000));
    ck_assert(bits(ry_agent_exp(0.0)) == bits(1.0) && bits(ry_agent_exp(-0.0)) == bits(1.0));
    ck_assert(ry_agent_exp(inf) == inf && ry_agent_exp(-inf) == 0.0 && isnan(ry_agent_exp(nan)));
    ck_assert(ry_agent_exp(0x1.62e42fefa39efp+9) < inf &&
              ry_agent_exp(0x1.62e42fefa39f0p+9) == inf);
    ck_assert(ry_agent_exp(-745.1) == 0x1p-1074 && ry_agent_exp(-745.2) == 0.0 &&
              ry_agent_exp(-1e300) == 0.0);
    ck_assert(ry_agent_exp(0x1p-1074) == 1.0 && ry_agent_exp(1e300) == inf);
    ck_assert(bits(ry_agent_log_e(1.0)) == 0);
    ck_assert(ry_agent_log_e(0.0) == -inf && ry_agent_log_e(-0.0) == -inf &&
              ry_agent_log_e(inf) == inf);
    ck_assert(isnan(ry_agent_log_e(-1.0)) && isnan(ry_agent_log_e(-inf)) &&
              isnan(ry_agent_log_e(nan)));
    ck_assert(fabs(ry_agent_log_e(0x1p-1074) - -744.44007192138122) < 1e-12);
    ck_assert(fabs(ry_agent_log_e(from_bits(UINT64_C(0x7fefffffffffffff))) - 709.78271289338397) <
              1e-12);
}
END_TEST

START_TEST(monotone_beyond_an_ulp)
{
    uint64_t state = 3;
    for (unsigned i = 0; i < SAMPLES; i++) {
        const double x = between(&state, -700, 700), y = between(&state, 1e-3, 1e3);
        ck_assert(ry_agent_exp(x + 4 * ulp(x)) >= ry_agent_exp(x));
        ck_assert(ry_agent_log_e(y + 4 * ulp(y)) >= ry_agent_log_e(y));
    }
}
END_TEST

START_TEST(inverse)
{
    uint64_t state = 4;
    for (unsigned i = 0; i < SAMPLES / 10; i++) {
        const double x = between(&state, -700, 700);
        ck_assert(fabs(ry_agent_log_e(ry_agent_exp(x)) - x) <= 2 * ulp(fmax(fabs(x), 1.0)));
        const double y = between(&state, 0.5, 2.0);
        ck_assert(fabs(ry_agent_exp(ry_agent_log_e(y)) - y) <= 2 * ulp(y));
    }
}
END_TEST

/* This program once more, with the CPU's FMA hidden from libm or not: "libm's fold, ours". */
static void folds_of_child(const char *tunables, uint64_t out[2])
{
    char command[512], self[256] = {0};
    ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    snprintf(command, sizeof command, "GLIBC_TUNABLES='%s' MATH_FOLD=1 '%s'", tunables, self);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%" SCNx64 " %" SCNx64, &out[0], &out[1]), 2);
    ck_assert_int_eq(pclose(pipe), 0);
}

START_TEST(libm_differs_without_fma_and_we_do_not)
{
    uint64_t with[2], without[2];
    folds_of_child("", with);
    folds_of_child("glibc.cpu.hwcaps=-FMA,-FMA4", without);
    ck_assert_uint_eq(with[1], without[1]);
    if (with[0] == without[0])
        ry_test_skip(
            "libm's exp and log give the same bits with and without FMA here: nothing to compare with");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_math");
    TCase *c = tcase_create("math");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, bits_are_fixed);
    tcase_add_test(c, many_bits_are_fixed);
    tcase_add_test(c, errors_stay_below_one_ulp);
    tcase_add_test(c, edges);
    tcase_add_test(c, monotone_beyond_an_ulp);
    tcase_add_test(c, inverse);
    tcase_add_test(c, libm_differs_without_fma_and_we_do_not);
    suite_add_tcase(s, c);
    return s;
}

static int print_folds(void)
{
    /* volatile: pointers that the compiler cannot see through */
    double (*volatile libm_exp)(double) = exp;
    double (*volatile libm_log)(double) = log;
    printf("%" PRIx64 " %" PRIx64 "\n", fold(libm_exp, libm_log),
           fold(ry_agent_exp, ry_agent_log_e));
    return 0;
}

int main(void)
{
    return getenv("MATH_FOLD") != NULL ? print_folds() : ry_test_run(suite());
}
