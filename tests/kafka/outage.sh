#!/bin/bash
# No broker is there while a battle runs: the battle comes to the same; afterwards all its rows, an hour's and more, get
# there, each once. Both paces are said; where processes share few cores they are no measure: make bench has that.
#
#   KAFKA_ROWS=N   millions of rows (1)
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "an hour without a broker"

millions=${KAFKA_ROWS:-1}
make_day 1000000 || exit 1
# The topics are there; then nobody is.
check "Kafka starts" kafka_up
settings royale.appliance=box1
check "the topics are made" init
kafka_kill 1
crowd $((500000 / millions)) >off.yaml
{ cat off.yaml && printf 'export: {sink: kafka, config: %s, end_s: 1}\n' "$conf"; } >dead.yaml

# inputs_s DIR: what the battle said of its pace.
inputs_s() {
    sed -n 's/^throughput: .*, \([0-9]*\) inputs\/s$/\1/p' "$1/result.txt"
}

check "the battle without an export" run_ok off off.yaml
# It says that the export is not done; its result stands.
dead() {
    "$royale" run --quiet --dir dead dead.yaml >dead.txt 2>dead.err
    same_hashes off.txt dead.txt && says 'export is not done' dead.err
}
check "and with one whose broker is dead: the same result" dead
say "inputs/s without an export: $(inputs_s off), with the broker dead: $(inputs_s dead)"
check "Kafka is there again" kafka_start 1
began=$(now_ms)
check "the export catches up" export_all dead
took_ms=$(($(now_ms) - began))
rows=$(rows_of dead)
check "it was more than $millions million rows" test "$rows" -gt $((millions * 1000000))
say "$rows rows in $took_ms ms, $((rows * 1000 / took_ms)) a second"
check "verify says equal" equal dead
kafka_down
done_testing
