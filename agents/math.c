#include "agents/math.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

/* Arithmetic in a wider type, or reordered, would give other bits. */
_Static_assert(FLT_EVAL_METHOD == 0, "double arithmetic must be done in double");
#ifdef __FAST_MATH__
#error "agents/math.c promises bits: no -ffast-math"
#endif

/* ln 2 in two parts; the first has 21 zero bits at its end, so that a product with an exponent is
 * exact. */
#define LN2_HIGH    0x1.62e42feep-1
#define LN2_LOW     0x1.a39ef35793c76p-33
#define LN2_INVERSE 0x1.71547652b82fep+0

#define EXPONENT_BIAS 1023
#define MANTISSA_BITS 52
#define EXP_OVERFLOW  0x1.62e42fefa39efp+9    /* the largest x with a finite exp */
#define EXP_UNDERFLOW (-0x1.74910d52d3051p+9) /* the smallest x with exp > 0 */
#define HALF_SQRT2    0x1.6a09e667f3bcdp-1

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* 2^k, for exponents of normal numbers. */
static double power_of_two(int k)
{
    return from_bits((uint64_t)(k + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* value * 2^k in two exact steps; only a result below the normal numbers is rounded (once). */
static double scale(double value, int k)
{
    if (k > EXPONENT_BIAS)
        return value * power_of_two(EXPONENT_BIAS) * power_of_two(k - EXPONENT_BIAS);
    if (k < 2 - EXPONENT_BIAS)
        return value * power_of_two(k + 2 * MANTISSA_BITS) * power_of_two(-2 * MANTISSA_BITS);
    return value * power_of_two(k);
}

/* x = k ln 2 + high + low, |high + low| <= ln 2 / 2, and the Taylor series of what is left: its
 * 15th term is below 2^-60. The sum is taken from the small end, with the error of the largest sum
 * carried along. */
double ry_agent_exp(double x)
{
    if (x != x)
        return x;
    if (x > EXP_OVERFLOW)
        return from_bits(UINT64_C(0x7ff0000000000000));
    if (x < EXP_UNDERFLOW)
        return 0.0;
    const int k = (int)(x * LN2_INVERSE + (x < 0 ? -0.5 : 0.5));
    const double high = x - (double)k * LN2_HIGH;
    const double low = -((double)k * LN2_LOW);
    const double r = high + low;
    const double r_error = (high - r) + low;
    double p = 1.0 / 87178291200.0; /* 1/14! */
    p = p * r + 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    const double tail = p * (r * r) + (r_error + r_error * r);
    const double sum = 1.0 + r;
    const double sum_error = (1.0 - sum) + r;
    return scale(sum + (sum_error + tail), k);
}

/* x = 2^k (1 + f), 1 + f between sqrt(1/2) and sqrt 2. With s = f / (2 + f), ln(1 + f) = 2 atanh s
 * = f - (f^2/2 - s (f^2/2 + R)), R = 2/3 s^2 + 2/5 s^4 + ..: the 12th term is below 2^-60. */
double ry_agent_log_e(double x)
{
    uint64_t bits = bits_of(x);
    int k = 0;
    if (x != x || bits == UINT64_C(0x7ff0000000000000))
        return x;
    if (x == 0.0)
        return from_bits(UINT64_C(0xfff0000000000000));
    if (x < 0.0)
        return from_bits(UINT64_C(0x7ff8000000000000));
    if (bits >> MANTISSA_BITS == 0) { /* below the normal numbers */
        bits = bits_of(x * power_of_two(MANTISSA_BITS));
        k = -MANTISSA_BITS;
    }
    k += (int)(bits >> MANTISSA_BITS) - (EXPONENT_BIAS - 1);
    double m = from_bits((bits & ((UINT64_C(1) << MANTISSA_BITS) - 1)) |
                         (uint64_t)(EXPONENT_BIAS - 1) << MANTISSA_BITS); /* 1/2 <= m < 1 */
    if (m < HALF_SQRT2) {
        m = m * 2.0;
        k--;
    }
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    double p = 2.0 / 25.0;
    p = p * z + 2.0 / 23.0;
    p = p * z + 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    const double half_square = 0.5 * f * f;
    const double n = (double)k;
    return n * LN2_HIGH - ((half_square - (s * (half_square + p * z) + n * LN2_LOW)) - f);
}
