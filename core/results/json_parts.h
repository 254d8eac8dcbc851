/* Parts of JSON, private to tools/results_json*.c. Each aborts where there is no memory. */
#ifndef RY_CORE_RESULTS_JSON_PARTS_H
#define RY_CORE_RESULTS_JSON_PARTS_H

#include "core/results/json.h"

#define RY_TEXT_MONEY_DIGITS 6 /* RY_MONEY_UNIT */

json_t *ry_results_json_whole(json_t *value); /* itself; aborts if there is none */
void ry_results_json_set(json_t *object, const char *key, json_t *value);
void ry_results_json_add(json_t *array, json_t *value);
json_t *ry_results_json_count(uint64_t count); /* at most INT64_MAX, as jansson's integers */
json_t *ry_results_json_decimal(__int128 value, unsigned scale);
json_t *ry_results_json_money(__int128 money);
/* its name; null for the recorded account */
json_t *ry_results_json_agent(const struct ry_results *r, unsigned agent);

#endif
