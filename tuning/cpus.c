#include "tuning/cpus.h"

#include <stdio.h>
#include <string.h>

#define WORDS     (RY_TUNING_CPUS_MAX / 64)
#define PART_BITS 32u /* the kernel's masks come in parts of 32 bits */

void ry_tuning_cpus_add(struct ry_tuning_cpus *set, unsigned cpu)
{
    if (cpu < RY_TUNING_CPUS_MAX)
        set->word[cpu / 64] |= UINT64_C(1) << (cpu % 64);
}

void ry_tuning_cpus_drop(struct ry_tuning_cpus *set, unsigned cpu)
{
    if (cpu < RY_TUNING_CPUS_MAX)
        set->word[cpu / 64] &= ~(UINT64_C(1) << (cpu % 64));
}

bool ry_tuning_cpus_has(const struct ry_tuning_cpus *set, unsigned cpu)
{
    return cpu < RY_TUNING_CPUS_MAX && (set->word[cpu / 64] >> (cpu % 64) & 1u) != 0;
}

unsigned ry_tuning_cpus_count(const struct ry_tuning_cpus *set)
{
    unsigned count = 0;
    for (unsigned i = 0; i < WORDS; i++)
        count += (unsigned)__builtin_popcountll(set->word[i]);
    return count;
}

bool ry_tuning_cpus_same(const struct ry_tuning_cpus *a, const struct ry_tuning_cpus *b)
{
    return memcmp(a->word, b->word, sizeof a->word) == 0;
}

bool ry_tuning_cpus_meet(const struct ry_tuning_cpus *a, const struct ry_tuning_cpus *b)
{
    for (unsigned i = 0; i < WORDS; i++)
        if ((a->word[i] & b->word[i]) != 0)
            return true;
    return false;
}

void ry_tuning_cpus_without(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                            const struct ry_tuning_cpus *b)
{
    for (unsigned i = 0; i < WORDS; i++)
        out->word[i] = a->word[i] & ~b->word[i];
}

void ry_tuning_cpus_with(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                         const struct ry_tuning_cpus *b)
{
    for (unsigned i = 0; i < WORDS; i++)
        out->word[i] = a->word[i] | b->word[i];
}

void ry_tuning_cpus_both(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                         const struct ry_tuning_cpus *b)
{
    for (unsigned i = 0; i < WORDS; i++)
        out->word[i] = a->word[i] & b->word[i];
}

int ry_tuning_cpus_next(const struct ry_tuning_cpus *set, unsigned cpu)
{
    for (; cpu < RY_TUNING_CPUS_MAX; cpu++)
        if (ry_tuning_cpus_has(set, cpu))
            return (int)cpu;
    return -1;
}

/* A CPU's number at `*text`, which is moved behind it; -1: none, or too large. */
static int number(const char **text)
{
    if (**text < '0' || **text > '9')
        return -1;
    unsigned value = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        value = value * 10 + (unsigned)(**text - '0');
        if (value >= RY_TUNING_CPUS_MAX)
            return -1;
    }
    return (int)value;
}

static bool at_end(const char *text)
{
    return strcmp(text, "") == 0 || strcmp(text, "\n") == 0;
}

bool ry_tuning_cpus_read_list(struct ry_tuning_cpus *set, const char *text)
{
    *set = (struct ry_tuning_cpus){.word = {0}};
    if (at_end(text))
        return true;
    for (;; text++) {
        int first = number(&text);
        int last = first;
        if (first >= 0 && *text == '-') {
            text++;
            last = number(&text);
        }
        if (first < 0 || last < first)
            return false;
        for (int cpu = first; cpu <= last; cpu++)
            ry_tuning_cpus_add(set, (unsigned)cpu);
        if (*text != ',')
            return at_end(text);
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The 32 bits of one part, its digits at `text`, `length` of them. */
static bool read_part(struct ry_tuning_cpus *set, const char *text, size_t length, unsigned base)
{
    if (length == 0 || length > PART_BITS / 4)
        return false;
    for (size_t i = 0; i < length; i++) {
        int value = digit(text[length - 1 - i]);
        if (value < 0)
            return false;
        for (unsigned bit = 0; bit < 4; bit++) {
            unsigned cpu = base + 4 * (unsigned)i + bit;
            if (((unsigned)value >> bit & 1u) == 0)
                continue;
            if (cpu >= RY_TUNING_CPUS_MAX)
                return false;
            ry_tuning_cpus_add(set, cpu);
        }
    }
    return true;
}

bool ry_tuning_cpus_read_mask(struct ry_tuning_cpus *set, const char *text)
{
    *set = (struct ry_tuning_cpus){.word = {0}};
    size_t end = strcspn(text, "\n");
    if (end == 0 || !at_end(text + end))
        return false;
    for (unsigned base = 0;; base += PART_BITS) { /* from the last part, CPU 0's, to the first */
        size_t start = end;
        while (start > 0 && text[start - 1] != ',')
            start--;
        if (!read_part(set, text + start, end - start, base))
            return false;
        if (start == 0)
            return true;
        end = start - 1;
    }
}

char *ry_tuning_cpus_list(const struct ry_tuning_cpus *set, char text[RY_TUNING_CPUS_TEXT_BYTES])
{
    size_t used = 0;
    text[0] = 0;
    for (int first = ry_tuning_cpus_next(set, 0); first >= 0;) {
        int last = first;
        while (ry_tuning_cpus_has(set, (unsigned)last + 1))
            last++;
        const char *comma = used > 0 ? "," : "";
        int wrote = first == last ? snprintf(text + used, RY_TUNING_CPUS_TEXT_BYTES - used, "%s%d",
                                             comma, first)
                                  : snprintf(text + used, RY_TUNING_CPUS_TEXT_BYTES - used,
                                             "%s%d-%d", comma, first, last);
        used += (size_t)wrote;
        first = ry_tuning_cpus_next(set, (unsigned)last + 1);
    }
    return text;
}

char *ry_tuning_cpus_mask(const struct ry_tuning_cpus *set, unsigned cpus,
                          char text[RY_TUNING_CPUS_TEXT_BYTES])
{
    unsigned bits = cpus == 0 ? 1 : cpus < RY_TUNING_CPUS_MAX ? cpus : RY_TUNING_CPUS_MAX;
    size_t used = 0;
    for (unsigned part = (bits - 1) / PART_BITS + 1; part-- > 0;) {
        unsigned base = part * PART_BITS;
        unsigned width = bits - base < PART_BITS ? bits - base : PART_BITS;
        uint32_t value = (uint32_t)(set->word[base / 64] >> (base % 64));
        if (width < PART_BITS)
            value &= (UINT32_C(1) << width) - 1;
        used += (size_t)snprintf(text + used, RY_TUNING_CPUS_TEXT_BYTES - used, "%s%0*x",
                                 used > 0 ? "," : "", (int)((width + 3) / 4), value);
    }
    return text;
}
