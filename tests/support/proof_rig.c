#include "tests/support/proof_rig.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tools/proof/page.h"

static const char report[] =
    "{'format': 1, 'royale': '0.0', 'taken': '2026-01-05T09:30:00.000000000Z',"
    " 'taken_ns': '1767605400000000000', 'took_ns': '31000000000', 'seconds': 30,"
    " 'host': 'box', 'battle': 'demo', 'applied': ['thp'],"
    " 'machine': {'name': 'Some CPU', 'described': false, 'guest': true, 'packages': 1, 'l3s': 1,"
    "  'cores': 2, 'kinds': 1,"
    "  'nodes': [{'node': 0, 'bytes': 1073741824, 'cpus': '0-1', 'nics': 0}],"
    "  'cpus': [{'cpu': 0, 'core': 0, 'thread': 0, 'l3': 0, 'node': 0, 'package': 0, 'kind': 0,"
    "    'online': true, 'allowed': true, 'isolated': false},"
    "   {'cpu': 1, 'core': 1, 'thread': 0, 'l3': 0, 'node': 0, 'package': 0, 'kind': 0,"
    "    'online': true, 'allowed': true, 'isolated': true}]},"
    " 'uses': [{'cpu': 0, 'use': 'house', 'process': null},"
    "  {'cpu': 1, 'use': 'hot', 'process': 'exec'}],"
    " 'kernel': {'release': '6.1.0', 'version': '#1 SMP', 'line': 'ro quiet isolcpus=1'},"
    " 'versions': [{'name': 'hwloc', 'version': '2.9.0'}],"
    " 'meaning': [{'of': 'all', 'sentence': 'this is a virtual machine'}],"
    " 'not_measured': [{'what': 'rtla', 'why': 'there is no tracefs'}],"
    " 'plan': {'processes': [{'name': 'exec', 'asked': null, 'cpu': 1, 'wait': 'spin',"
    "   'why': 'a core of its own'}, {'name': 'view', 'asked': null, 'cpu': null}],"
    "  'notes': ['one core is not much']},"
    " 'stages': [{'name': 'thp', 'title': 'Transparent huge pages', 'state': 'ok', 'settings':"
    "   [{'kind': 'file', 'path': '/sys/kernel/mm/x', 'state': 'ok', 'now': 'never', 'want': 'never', 'why': ''}]},"
    "  {'name': 'swap', 'title': 'Swapping', 'state': 'missing', 'settings': [{'kind': 'file', 'path':"
    "   '/proc/sys/vm/swappiness', 'state': 'missing', 'now': '60', 'want': '1', 'why': ''}]},"
    "  {'name': 'kernel-line', 'title': 'Kernel line', 'state': 'yours', 'settings': [{'kind': 'file', 'path': 'line',"
    "   'state': 'yours', 'now': 'quiet', 'want': 'nohz_full=1', 'why': 'put nohz_full=1 there'}]}],"
    " 'gaps': {'threshold_ns': '500', 'cores': ["
    "  {'cpu': 0, 'ran_ns': '2000000000', 'count': 3, 'stolen_ns': '9000000',"
    "   'p50_ns': '3000000', 'p99_ns': '3000000', 'longest_ns': '4000000', 'bars': ["
    "   {'from_ns': '2900000', 'to_ns': '3000000', 'count': 3}]},"
    "  {'cpu': 1, 'ran_ns': '2000000000', 'count': 5, 'stolen_ns': '20000',"
    "   'p50_ns': '3000', 'p99_ns': '8000', 'longest_ns': '8123', 'bars': ["
    "   {'from_ns': '2900', 'to_ns': '3100', 'count': 4},"
    "   {'from_ns': '8000', 'to_ns': '8200', 'count': 1}]}]},"
    " 'calls': [{'name': 'syscall', 'cpu': 1, 'other': -1, 'count': 10, 'shortest_ns': '70',"
    "   'p50_ns': '80', 'p99_ns': '90', 'longest_ns': '1234'},"
    "  {'name': 'futex', 'cpu': 0, 'other': 1, 'count': 10, 'shortest_ns': '1500',"
    "   'p50_ns': '2000', 'p99_ns': '3000', 'longest_ns': '45678'}],"
    " 'pingpong': {'cpus': [0, 1], 'rows': [[null, 61700], [61700, null]]},"
    " 'memory': [{'cpu': 0, 'cpu_node': 0, 'node': 0, 'pages': '4K', 'ps': 98700}],"
    " 'rtla': [{'tool': 'timerlat', 'cpu': 1, 'what': 'irq', 'count': 100, 'shortest_us': 1,"
    "   'mean_us': 2, 'longest_us': 17}],"
    " 'counts': [{'during': 'battle', 'lasted_ns': '600000000000', 'why': null, 'cores': ["
    "   {'cpu': 1, 'processes': [{'name': 'exec', 'switches': 7, 'forced': 2}],"
    "    'interrupts': 12, 'softirqs': 3, 'arrivals': 4, 'stolen_ms': null, 'interrupts_by':"
    "    [{'name': 'local timer', 'count': 9}, {'name': 'rescheduling', 'count': 3}],"
    "    'threads': [{'name': 'ksoftirqd/1', 'kernel': true}]}]},"
    "  {'during': 'gaps', 'lasted_ns': '2000000000', 'why': 'no schedstat', 'cores': ["
    "   {'cpu': 0, 'processes': [], 'interrupts': 500, 'softirqs': 3, 'arrivals': null,"
    "    'stolen_ms': null, 'interrupts_by': [], 'threads': null},"
    "   {'cpu': 1, 'processes': [], 'interrupts': 20, 'softirqs': 3, 'arrivals': null,"
    "    'stolen_ms': null, 'interrupts_by': [], 'threads': []}]}],"
    " 'ablation': [{'stage': 'thp', 'title': 'Transparent huge pages', 'why': null, 'figures': ["
    "   {'name': 'longest gap', 'unit': 'ns', 'with': 8000, 'without': 30000, 'again': 9000},"
    "   {'name': 'interrupts', 'unit': '/s', 'with': 10, 'without': 11, 'again': 12}]},"
    "  {'stage': 'irqs', 'title': 'Interrupts', 'why': 'it has nothing set', 'figures': []}]}";

json_t *ry_test_proof_json(const char *text)
{
    json_error_t error;
    char *copy = strdup(text);
    if (copy == NULL) /* ck_assert would not do: fuzz targets come here, without a suite */
        ck_abort_msg("no memory");
    for (char *at = copy; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    json_t *value = json_loads(copy, JSON_DECODE_ANY, &error);
    if (value == NULL)
        ck_abort_msg("%s at %d of %s", error.text, error.position, text);
    free(copy);
    return value;
}

json_t *ry_test_proof_report(void)
{
    return ry_test_proof_json(report);
}

char *ry_test_proof_page(const json_t *now, const json_t *before)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    ck_assert_ptr_nonnull(out);
    ry_proof_page_write(&(struct ry_proof_page){.out = out, .now = now, .before = before});
    ck_assert_int_eq(fclose(out), 0);
    return text;
}
