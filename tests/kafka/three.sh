#!/bin/bash
# Three brokers of which one stands still, from the exporter's start or in its middle: the export goes on. One that
# stands still is worse than one that is gone: connections to it are made, and nothing answers.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "three brokers, one of them stopped"

make_day 200000 || exit 1
check "three brokers start" kafka_up --nodes 3
settings royale.appliance=box1 royale.call_ms=5000
check "the topics are made" init
for broker in 1 2 3; do
    crowd 1000000 $broker >battle$broker.yaml
    check "battle $broker runs" run_ok battle$broker battle$broker.yaml
done

# stands_still BROKER: from before the exporter's start to behind its end.
stands_still() {
    local began code
    began=$(now_ms)
    kafka_pause "$1"
    timeout 120 "$export" --sink kafka --config "$conf" "battle$1" >out 2>err
    code=$?
    kafka_continue "$1"
    echo "broker $1 stood still: exported after $(($(now_ms) - began)) ms" >>figures
    [ $code = 0 ] || { echo "exit code $code"; cat err; return 1; }
    equal "battle$1"
}
for broker in 1 2 3; do
    check "broker $broker stands still all the while" stands_still $broker
done

# ---- in the middle: each in turn, while a battle exports itself ----
in_turn() {
    local broker
    { crowd 200000 4 && printf 'export: {sink: kafka, config: %s, end_s: 120}\n' "$conf"; } >self.yaml
    start self.yaml || return 1
    while lives "$run" && ! grep -q '^winner' out; do
        broker=$((RANDOM % 3 + 1))
        kafka_pause $broker
        sleep 4
        kafka_continue $broker
        sleep 1
    done
    ends 0 && equal "$dir"
}
check "one after the other stands still for 4 s while a battle runs" in_turn
[ ! -e figures ] || while read -r line; do say "$line"; done <figures
kafka_down
done_testing
