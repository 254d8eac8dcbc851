#!/bin/bash
# docs/KAFKA.md and docs/examples/consumers with a real Kafka: the messages that the page shows, its recipes for kcat, the
# consumer in Python, ClickHouse's own Kafka engine.
#
#   KAFKA_DOCS=write   writes the messages into docs/KAFKA.md instead of comparing them
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
# shellcheck source=tests/support/consumers.bash
. "$tree/tests/support/consumers.bash"
examples=$tree/docs/examples/consumers
page=$tree/docs/KAFKA.md
needs_kafka "the examples of consumers"
kafkas=$python # the one with the client of Kafka; the other has ClickHouse and others

# ---- what the page shows ----
prepare() { # SETTING ...
    kafka_up --nodes 1 && settings "$@" && init
}
check "a broker and the topics" prepare royale.appliance=fra1
bootstrap=$(sed -n 's/^bootstrap.servers=//p' "$conf")
cp "$tree/docs/examples/demo-kafka.yaml" .
demo() {
    exits 0 "$royale" generate --itch day.itch && run_ok demo demo-kafka.yaml
}
check "the battle of the page runs" demo
check "all its rows are there" equal demo
check "the page shows its messages" try messages "${KAFKA_DOCS:-compare}" "$bootstrap" "$page"

waits() {
    timeout 3 "$royale" tail --kafka --config "$conf" >out 2>err
    says 'waiting for new rows; --from beginning shows the old ones' err
}
check "tail says that it waits for new rows" waits
old_rows() {
    exits 0 "$royale" tail --kafka --config "$conf" --from beginning --topic fills --count 5 && [ "$(wc -l <out)" = 5 ] && [ ! -s err ]
}
check "and does not where it begins with the old ones" old_rows

# Each line of the page that begins with kcat; a tail is ended after two seconds.
recipe() {
    local line=${1//127.0.0.1:9092/$bootstrap}
    timeout 30 bash -o pipefail -c "$line" >out 2>err || { cat err; return 1; }
    [ -s out ] || { echo 'it prints nothing'; return 1; }
}
tailing() {
    local line=${1//127.0.0.1:9092/$bootstrap}
    timeout 2 bash -c "$line" >out 2>err
    [ $? = 124 ] || { cat err; return 1; }
}
recipes=0
while IFS= read -r line; do
    recipes=$((recipes + 1))
    if [[ $line == *'-o end'* ]]; then
        check "recipe: $line" tailing "$line"
    else
        check "recipe: $line" recipe "$line"
    fi
done < <(sed -n 's/^\(\$ \)\{0,1\}kcat /kcat /p' "$page")
check "the page has recipes" [ "$recipes" -ge 11 ]

# ---- consumers, on topics of their own: one battle, each of whose rows is there twice ----
kafka_down
check "a fresh broker" prepare
small_battle() {
    consumers_battle && run_ok battle battle.yaml
}
check "a battle in which agents are refused and go out" small_battle
check "is exported" export_all battle
check "also as lines" exits 0 "$export" --out rows.jsonl battle
"$royale" rows --clickhouse >tables.sql
check "a row comes that is never committed" try aborted "$bootstrap" royale.fills.v1 rows.jsonl

trades() {
    "$kafkas" -B "$examples/trades.py" --config "$conf" "$@" >table 2>err || { cat err; return 1; }
    try trades battle/results.json <table
}
check "trades.py: rank, PnL, fills, lots, fees of each agent are those of results.json" trades
check "it keeps rows and commits their offsets" trades --group desk --keep kept.jsonl
lines=$(wc -l <kept.jsonl)
check "and goes on there" trades --group desk --keep kept.jsonl
check "without a row more" [ "$(wc -l <kept.jsonl)" = "$lines" ]
# It died before it committed: rows are in the file, the offsets are those of nobody.
again() {
    trades --group another --keep kept.jsonl && [ "$(wc -l <kept.jsonl)" -gt "$lines" ]
}
check "rows that came twice count once" again
cut() {
    cp kept.jsonl whole.jsonl && truncate -s -7 kept.jsonl && trades --group third --keep kept.jsonl
}
check "a file that was cut while it was written is mended" cut
no_topics() {
    exits 1 "$kafkas" -B "$examples/trades.py" -b "$bootstrap" --fills nothing && says 'there is no topic nothing: royale kafka init' err
}
check "a topic that is not there is said" no_topics

# no_trades PATTERN [OPTION ...]: it ends with exit code 1 and one line that says so.
no_trades() {
    local pattern=$1
    shift
    exits 1 "$kafkas" -B "$examples/trades.py" "$@" && matches 1 "$pattern" err && [ "$(wc -l <err)" = 1 ]
}
check "a settings file that is not there is said" no_trades '^trades.py: nope.conf: No such file' --config nope.conf
check "a battle that is not there" no_trades '^no battle abc there$' --config "$conf" --battle abc

# shellcheck disable=SC2016 # the page's own backticks
notebook() {
    (mkdir -p notebook && cp kept.jsonl notebook/rows.jsonl && cd notebook &&
        sed -n '/^```python$/,/^```$/p' "$page" | grep -v '^```' >cell.py && [ -s cell.py ] && ROYALE=$tree "$kafkas" -B cell.py) >table &&
        grep -q '[0-9]' table
}
check "the lines of the page for a notebook" notebook

# ---- programs that are not ours ----
clickhouse="ClickHouse's Kafka engine: every figure of the views is that of results.json"
local_py() {
    PATH=$bin:$PATH exits 0 "$python" -B "$examples/clickhouse/local.py" -b "$bootstrap" || return
    says "$(sed -n 's/^  "winner": "\(.*\)",$/\1/p' battle/results.json)" out
}
by_google="all topics as Protobuf, read by Google's Python: the rows are those of JSON"
in_protobuf() {
    local topic words=(royale.id=protobuf royale.cursors=protobuf.cursors)
    for topic in trades fills orders leaderboard rounds; do
        words+=("royale.topic.$topic.name=protobuf.$topic" "royale.topic.$topic.format=protobuf")
    done
    settings "${words[@]}" && init && export_all battle && equal battle || return
    exits 1 "$kafkas" -B "$examples/trades.py" --config "$conf" --fills protobuf.fills --leaderboard protobuf.leaderboard &&
        matches 1 '^messages passed over: .* partition [0-3] offset [0-9]*: this topic is Protobuf' err &&
        says 'no battle there' err || return
    for topic in trades fills orders leaderboard rounds; do
        kcat -b "$bootstrap" -C -t "protobuf.$topic" -o beginning -e -q -f '%R%s'
    done >messages
    "$royale" rows --proto >royale.proto && protoc --python_out=. royale.proto && try protobuf "$PWD" messages rows.jsonl
}
if python=$(consumers_python); then
    check "local.py: a leaderboard" local_py
    check "$clickhouse" try kafka tables.sql "$examples" rows.jsonl battle/results.json "$bootstrap"
    if has protoc; then
        check "$by_google" in_protobuf
    else
        skip "$by_google" "protoc is not installed: make deps-kafka"
    fi
else
    skip "$clickhouse" "$python"
    skip "$by_google" "$python"
fi

# ---- messages of somebody else's ----
# stray TOPIC [kcat's OPTION ...]: a message of somebody else's.
stray() {
    kcat -b "$bootstrap" -P -t "$@"
}
strays() {
    settings || return
    if ! { echo hello | stray royale.fills.v1 -k x -p 0 && printf '\x80\xff' | stray royale.fills.v1 -k x -p 0 &&
        echo '{"type":"fill"}' | stray royale.leaderboard.v1 -k x && echo 'a|b:' | stray royale.leaderboard.v1 -K : -Z &&
        trades && [ "$(wc -l <err)" = 1 ]; }; then
        cat err
        return 1
    fi
    matches 1 '^messages passed over: 3, the first at royale.[a-z]*.v1 partition [0-3] offset [0-9]*: no row in JSON$' err
}
check "messages that are no rows are passed over and said" strays
check "verify says them too, and that all is equal" equal battle
check "in one line" matches 1 '^3 messages are no row of any battle, the first: royale.[a-z]*.v1 partition [0-3] offset [0-9]*, key x' out
done_testing
