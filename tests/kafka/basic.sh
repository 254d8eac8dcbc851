#!/bin/bash
# A battle's rows in a real Kafka with one broker: the topics, each row once, what kcat shows, rows and formats that
# are chosen, the battle that exports itself, and that verify notices what is wrong.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "rows in a real Kafka"

make_day 200000 || exit 1
crowd 5000000 >battle.yaml
check "Kafka ${KAFKA_VERSION:-of the house} starts" kafka_up
settings royale.appliance=box1
check "a battle runs" run_ok battle battle.yaml

# ---- topics ----
check "without topics an export waits" exits 124 timeout 20 "$export" --sink kafka --config "$conf" battle
check "and says what makes them" says 'kafka init' err
check "the topics are made" init
check "and once more: they are there" init
topics() {
    kcat -b "$bootstrap" -L | sed -n 's/^  topic "\(royale[^"]*\)".*/\1/p' | sort | tr '\n' ' '
}
all_topics() {
    [[ "$(topics)" == *royale.cursors.v1*royale.fills.v1*royale.leaderboard.v1*royale.orders.v1*royale.rounds.v1*royale.trades.v1* ]] ||
        { topics; return 1; }
}
check "all of them" all_topics

# ---- rows ----
check "verify says that the battle is not there" exits 1 "$royale" kafka verify --config "$conf" battle
check "the battle is exported" export_all battle
check "verify says that they are equal" equal battle
check "so does another auditor" audited battle
check "exported once more" export_all battle
check "nothing came of it" equal battle

# ---- what kcat shows ----
shows_json() {
    kcat -q -b "$bootstrap" -C -t royale.fills.v1 -o beginning -e -f '%k %s\n' >fills || return 1
    "$python" - fills <<'END'
import json, sys
lines = open(sys.argv[1]).read().splitlines()
assert lines, "no fills"
for line in lines:
    key, value = line.split(" ", 1)
    row = json.loads(value)
    assert row["type"] in ("fill", "trade", "handed_over") and row["appliance"] == "box1", row
    assert row["type"] != "fill" or key == row["agent"], line
END
}
check "kcat shows fills as JSON, by agent" shows_json
check "and headers" bash -c "kcat -q -b $bootstrap -C -t royale.fills.v1 -c 1 -f '%h\n' | grep -q 'schema=royale.*version=[0-9].*content-type=application/json.*epoch=[0-9]'"

# ---- rows, names and formats that are chosen ----
chosen() {
    settings royale.appliance=box1 royale.id=other royale.cursors=other.cursors royale.topic.trades.rows=none \
        royale.topic.fills.name=other.fills royale.topic.fills.format=protobuf royale.topic.fills.partitions=3 \
        royale.topic.orders.name=other.orders royale.topic.orders.rows=order,ack,reject \
        royale.topic.leaderboard.name=other.leaderboard royale.topic.rounds.name=other.rounds
    init && export_all battle && equal battle || return 1
    [ "$(kcat -q -b "$bootstrap" -C -t other.orders -o beginning -e | grep -o '"type":"[a-z_]*"' | sort -u | tr '\n' ' ')" = \
        '"type":"ack" "type":"order" ' ] || { echo "other rows in other.orders"; return 1; }
    kcat -q -b "$bootstrap" -C -t other.fills -c 1 -f '%h\n' | grep -q 'content-type=application/x-protobuf' &&
        kcat -b "$bootstrap" -L -t other.fills | grep -q 'with 3 partitions'
}
check "rows, names, partitions and Protobuf, as settings say" chosen
settings royale.appliance=box1

# ---- a battle that exports itself ----
itself() {
    { crowd 5000000 8 && printf 'export: {sink: kafka, config: %s, end_s: 60}\n' "$conf"; } >self.yaml
    run_ok self self.yaml && equal self && audited self
}
check "a battle exports itself" itself

# ---- what verify notices ----
doubled() {
    kcat -q -b "$bootstrap" -C -t royale.fills.v1 -o beginning -c 1 -f '%p %k %s\n' >one
    local partition key value
    read -r partition key value <one
    printf '%s' "$value" | kcat -b "$bootstrap" -P -t royale.fills.v1 -p "$partition" -k "$key" || return 1
    exits 1 "$royale" kafka verify --config "$conf" battle
}
check "verify notices a row that stands there twice" doubled
noticed() {
    ! audited battle >audit.log && says ' 1 wrong' audit.log
}
check "so does the other auditor" noticed
kafka_down
done_testing
