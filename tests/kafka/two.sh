#!/bin/bash
# Two appliances with a battle each write to one cluster at the same time.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "two appliances, one cluster"

make_day 200000 || exit 1
check "Kafka starts" kafka_up
for box in box1 box2; do
    settings royale.appliance=$box
    mv "$conf" $box.conf
done
conf=box1.conf
check "the topics are made" init
crowd 1000000 1 >box1.yaml
crowd 1000000 2 >box2.yaml

# Each exports itself, and both run at once.
both() {
    local box
    for box in box1 box2; do
        printf 'export: {sink: kafka, config: %s, end_s: 60}\n' $box.conf >>$box.yaml
        "$royale" run --quiet --dir $box $box.yaml >$box.out 2>$box.err &
        eval "$box=\$!"
        started+=($!)
    done
    # shellcheck disable=SC2154 # from eval
    if ! wait "$box1" || ! wait "$box2"; then
        cat box?.out box?.err
        return 1
    fi
}
check "two battles run at the same time" both
for box in box1 box2; do
    conf=$box.conf
    check "$box: verify says equal" equal $box
done
each_its_own() {
    local box
    kcat -q -b "$bootstrap" -C -t royale.leaderboard.v1 -o beginning -e >board || return 1
    for box in box1 box2; do
        grep -q "\"appliance\":\"$box\",\"battle_id\":\"$(sed -n 's/.*"battle_id": "\(.*\)".*/\1/p' $box/results.json)\"" board ||
            { echo "nothing of $box"; return 1; }
    done
}
check "the table has both" each_its_own
kafka_down
done_testing
