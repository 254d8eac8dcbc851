#!/bin/bash
# A battle that gives a million rows.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "a million rows"

make_day 1000000 || exit 1
crowd 500000 >battle.yaml
check "Kafka starts" kafka_up
settings royale.appliance=box1
check "a battle runs" run_ok battle battle.yaml
check "the topics are made" init
began=$(now_ms)
check "it is exported" export_all battle
took_ms=$(($(now_ms) - began))
rows=$(rows_of battle)
check "it has more than a million rows" test "$rows" -gt 1000000
say "$rows rows in $took_ms ms, $((rows * 1000 / took_ms)) a second, from the start of the program to its end"
check "verify says that they are equal" equal battle
kafka_down
done_testing
