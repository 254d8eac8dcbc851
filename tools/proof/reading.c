#include "tools/proof/reading.h"

#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

int64_t ry_proof_whole(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

int64_t ry_proof_ns(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

const char *ry_proof_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

const json_t *ry_proof_list(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

const json_t *ry_proof_row(const json_t *list, const char *key, int64_t number)
{
    size_t i;
    const json_t *each;
    json_array_foreach(list, i, each) if (ry_proof_whole(each, key) == number) return each;
    return NULL;
}

const json_t *ry_proof_row_named(const json_t *list, const char *key, const char *text)
{
    size_t i;
    const json_t *each;
    json_array_foreach(list, i,
                       each) if (strcmp(ry_proof_string(each, key), text) == 0) return each;
    return NULL;
}

const json_t *ry_proof_cpu(const json_t *report, int64_t cpu)
{
    return ry_proof_row(ry_proof_list(json_object_get(report, "machine"), "cpus"), "cpu", cpu);
}

bool ry_proof_is_hot(const json_t *report, int64_t cpu)
{
    const json_t *row = ry_proof_row(ry_proof_list(report, "uses"), "cpu", cpu);
    return strcmp(ry_proof_string(row, "use"), "hot") == 0;
}

const char *ry_proof_role(const json_t *report, int64_t cpu)
{
    const json_t *row = ry_proof_row(ry_proof_list(report, "uses"), "cpu", cpu);
    const char *process = ry_proof_string(row, "process");
    return process[0] != '\0' ? process : ry_proof_string(row, "use");
}

const char *ry_proof_beside(const json_t *now, const json_t *before)
{
    const json_t *uses = ry_proof_list(now, "uses"), *each;
    size_t i;
    if (before == NULL)
        return NULL;
    if (strcmp(ry_proof_string(now, "host"), ry_proof_string(before, "host")) != 0)
        return "the report of before is of another machine";
    json_array_foreach(uses, i, each)
    {
        const int64_t cpu = ry_proof_whole(each, "cpu");
        if (ry_proof_is_hot(now, cpu) != ry_proof_is_hot(before, cpu))
            return "the report of before has other hot cores than this one: their figures are of "
                   "different cores";
    }
    if (ry_proof_ns(before, "taken_ns") > ry_proof_ns(now, "taken_ns"))
        return "the report of before was taken after this one";
    return NULL;
}

int64_t ry_proof_longest_ns(const json_t *report)
{
    int64_t longest = -1;
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(json_object_get(report, "gaps"), "cores"), i,
                       each) if (ry_proof_is_hot(report, ry_proof_whole(each, "cpu")) &&
                                 ry_proof_ns(each, "longest_ns") > longest) longest =
        ry_proof_ns(each, "longest_ns");
    return longest;
}

int64_t ry_proof_stolen_ppm(const json_t *report)
{
    int64_t most = -1;
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(json_object_get(report, "gaps"), "cores"), i, each)
    {
        const int64_t ran = ry_proof_ns(each, "ran_ns");
        if (ran <= 0 || !ry_proof_is_hot(report, ry_proof_whole(each, "cpu")))
            continue;
        const int64_t ppm = (int64_t)((__int128)ry_proof_ns(each, "stolen_ns") * MILLION / ran);
        if (ppm > most)
            most = ppm;
    }
    return most;
}

int64_t ry_proof_interrupts(const json_t *report, const char *during)
{
    int64_t sum = -1;
    size_t i;
    const json_t *each;
    const json_t *counts = ry_proof_row_named(ry_proof_list(report, "counts"), "during", during);
    json_array_foreach(ry_proof_list(counts, "cores"), i,
                       each) if (json_is_integer(json_object_get(each, "interrupts")) &&
                                 ry_proof_is_hot(report, ry_proof_whole(each, "cpu"))) sum =
        (sum < 0 ? 0 : sum) + ry_proof_whole(each, "interrupts");
    return sum;
}

int64_t ry_proof_core_switches(const json_t *core, const char *which)
{
    int64_t sum = -1;
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(core, "processes"), i,
                       each) if (json_is_integer(json_object_get(each, which))) sum =
        (sum < 0 ? 0 : sum) + ry_proof_whole(each, which);
    return sum;
}

int64_t ry_proof_switches(const json_t *report, const char *during)
{
    int64_t sum = -1;
    size_t i;
    const json_t *each;
    const json_t *counts = ry_proof_row_named(ry_proof_list(report, "counts"), "during", during);
    json_array_foreach(ry_proof_list(counts, "cores"), i, each)
    {
        const int64_t switches = ry_proof_core_switches(each, "switches");
        if (switches >= 0)
            sum = (sum < 0 ? 0 : sum) + switches;
    }
    return sum;
}
