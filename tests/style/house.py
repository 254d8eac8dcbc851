"""The house as one table: the folders, what their public names begin with, what they may include.

A folder stands above what it may include. A name in `may` that ends with / means the folder and
all below it. Files in the same folder may always include one another.
"""

COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
TRACKED_BYTES_MAX = 300_000

# The header that authors of strategies read: an interface, so all its names count as used.
AUTHORS_HEADER = "agents/agent.h"
GUARDS = {AUTHORS_HEADER: "RY_AGENT_H"}  # installed as royale/agent.h
ATOMICS_HEADER = "shm/atomic.h"

# Names that others give: what a library calls in us, and what tests/support/stub/mock_*.c put in
# a library's place.
FOREIGN = (
    "thrd_create",
    "thrd_join",
    "exit",  # of strategies in tools/fast/leave.c
    "_exit",
    "_Exit",
    "quick_exit",
    "LLVMFuzzerTestOneInput",
    "rd_kafka_init_transactions",
    "rd_kafka_begin_transaction",
    "rd_kafka_commit_transaction",
    "rd_kafka_abort_transaction",
    "rd_kafka_produceva",
    "rd_kafka_flush",
    "rd_kafka_destroy",
    "rd_kafka_consume_queue",
    "rd_kafka_query_watermark_offsets",
)

# Each rig of tests/support has words of its own: they are short, tests are full of them.
RIGS = "top_ day_ rig_ stub_ stage_ journal_ kit_ wire_ itch_ dbn_ fuzz_ text_ told_ mock_ explain_ api_"

ROLE = "core/role core/battle shm/"
FOLLOWER = "core/follow core/arena core/journal core/battle shm/"
TOOL = "core/ feeds/counters agents tuning/ shm/"
TEST = "core/ feeds/ agents tools/ tuning/ shm/ tests/support"

# folder, or files that lie below their folder: (prefixes of its public names, what it may include)
FOLDERS = {
    "shm": ("ry_", ""),
    "shm/records": ("ry_", "shm"),
    "tuning": ("ry_tuning_", "shm"),
    "tuning/stages": ("ry_tuning_", "tuning shm"),
    "tuning/probe": ("ry_probe_", "tuning shm"),
    "core/battle": ("ry_battle_", "shm/"),
    "core/role": ("ry_role_", "tuning core/battle shm/"),
    "core/supervisor": ("ry_supervisor_", "tuning core/role core/battle shm/"),
    "core/arena": ("ry_arena_ ry_owner_", "shm/"),
    "core/exec": ("ry_exec_", "core/arena " + ROLE),
    "core/journal": ("ry_journal_", ROLE),
    "core/follow": ("ry_follow_", "core/arena core/journal " + ROLE),
    "core/results": ("ry_results_", FOLLOWER),
    "feeds/port": ("ry_port_", "shm/"),
    "feeds/wire": ("ry_wire_", "shm/"),
    "feeds/counters": ("ry_feed_", "shm"),
    "feeds/line": ("ry_line_", "feeds/counters feeds/wire shm/"),
    "feeds/market": ("ry_normalise_", "feeds/counters feeds/wire core/battle shm/"),
    "feeds": ("ry_feed_", "feeds/ " + ROLE),
    "agents": ("ry_host_", ROLE),
    "agents/strategies": ("ry_", "agents"),
    "tools/text": ("ry_text_ ry_exit_ ry_version", TOOL),
    "tools/place": ("ry_place_", ""),
    "tools/http": ("ry_http_", ""),
    "tools/trace": ("ry_trace_", "tools/http tools/text " + TOOL),
    "tools/generate": ("ry_generate_", "tools/text " + TOOL),
    "tools/view": ("ry_view_", "tools/view/counters tools/text " + TOOL),
    "tools/picture": ("ry_picture_", "tools/watch tools/text " + TOOL),
    "tools/top": ("ry_top_", "tools/picture tools/watch tools/text " + TOOL),
    "tools/library": ("ry_library_", "tools/text " + TOOL),
    "tools/queue": ("ry_queue_", "tools/library tools/text " + TOOL),
    "tools/watch": ("ry_watch_", "tools/counters " + TOOL),
    "tools/export/sink": ("ry_export_", TOOL),  # what each room of sinks fills in
    "tools/export/counters": ("ry_export_", "shm/"),  # for `royale counters`
    "tools/view/counters": ("ry_view_", "shm/"),  # likewise
    "tools/counters": ("ry_counters_", "tools/export/counters tools/view/counters " + TOOL),
    "tools/one": ("ry_one_", "feeds feeds/counters agents core/ shm/"),
    "tools/fast": ("ry_fast_", "tools/one agents core/ shm/"),
    "tools/embedded": ("ry_embedded_", "tools/one tools/view tools/text agents core/ shm/"),
    "tools/film": ("ry_film_", "tools/text " + TOOL),
    "tools/past": ("ry_past_", "tools/film tools/text " + TOOL),
    "tools/keys": ("ry_keys_", "tools/text shm/"),
    "tools/api": (
        "ry_api_",
        "tools/writes tools/library tools/picture tools/past tools/film tools/why tools/explain/record tools/watch tools/text " + TOOL,
    ),
    "tools/tune": ("ry_tune_", "tools/plan tools/text " + TOOL),
    "tools/plan": ("ry_plan_", "tools/text " + TOOL),
    "tools/doctor": ("ry_doctor_", "tools/place tools/proof tools/keys tools/text " + TOOL),
    "tools/strategy": ("ry_strategy_", "agents"),
    "tools/writes": ("ry_writes_", "tools/place tools/library tools/strategy tools/text " + TOOL),
    "tools/web": (
        "ry_web_",
        "tools/place tools/page tools/api tools/writes tools/library tools/picture tools/past tools/film tools/keys tools/counters tools/watch tools/text "
        + TOOL,
    ),
    "tools/page": (
        "ry_page_",
        "tools/api tools/picture tools/explain tools/explain/record tools/explain/template tools/why tools/text " + TOOL,
    ),
    "tools/proof": ("ry_proof_", "tools/plan tools/text " + TOOL),
    "tools/kafka": ("ry_kafka_", "tools/export/sink tools/text " + TOOL),
    "tools/export": ("ry_export_", "tools/export/sink tools/export/counters tools/kafka tools/text " + TOOL),
    "tools/explain/fields": ("", ""),  # what records may have, for who makes them
    "tools/explain/record": ("ry_explain_", "shm/"),
    "tools/explain/template": ("ry_explain_", "tools/explain/record shm/"),
    "tools/why": ("ry_why_", "tools/explain/fields tools/explain/record tools/text " + TOOL),
    "tools/explain": ("ry_explain_", "tools/explain/record tools/why tools/http tools/text " + TOOL),
    "tools/cli": ("ry_cli_", "tools/place tools/queue tools/proof tools/tune tools/plan tools/doctor tools/picture tools/keys tools/strategy tools/why tools/explain/record tools/library tools/text tools/counters tools/generate tools/view tools/watch tools/export/counters tools/view/counters feeds/port feeds " + TOOL),
    "tests/support": ("ry_test_ ry_bench_ " + RIGS, TEST),
    "tests/model": ("ry_model_ ry_hit ry_seen_", "tests/support core/arena shm/"),
    "tests/time": ("ry_time_", "core/ agents shm/ tests/support"),
    "tests/unit": ("", "tests/model tests/time " + TEST),
    "tests/e2e": ("", TEST),
    "tests/fuzz": ("", TEST),
    "tests/bench": ("", TEST),
    "docs/examples": ("", "agents"),
    "ansible/inventory/files": ("", "agents"),
}
# Each folder below these is a room of its own with the row of its parent.
ROOMS = ("agents/strategies", "tests/unit")


def room(path):
    """The row's name for a path, rooms counted apart: tests/unit/feeds."""
    if path.rsplit(".", 1)[0] in FOLDERS:
        return path.rsplit(".", 1)[0]
    parts = path.split("/")[:-1]
    for parent in ROOMS:
        if path.startswith(parent + "/") and len(parts) > parent.count("/") + 1:
            return parent + "/" + parts[parent.count("/") + 1]
    while parts and "/".join(parts) not in FOLDERS:
        parts.pop()
    return "/".join(parts)


def row(folder):
    """The row of a folder or room; None: it has none."""
    for parent in ROOMS:
        if folder.startswith(parent + "/"):
            folder = parent
    return FOLDERS.get(folder)


def may_include(folder, other):
    if folder == other:
        return True
    for word in row(folder)[1].split():
        if other == word or (word.endswith("/") and (other + "/").startswith(word)):
            return True
    return False
