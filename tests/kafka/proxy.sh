#!/bin/bash
# What a dead exporter had sent arrives after its successor has read how far the topics are: nothing is doubled. An
# idempotent producer without transactions doubles rows by this: nothing tells the broker that it is dead.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "a dead exporter's bytes arrive late"

proxy_port=$((kafka_port + 40))
make_day 1000000 || exit 1
crowd 500000 >battle.yaml
check "Kafka starts, a proxy before it" kafka_up --advertise $proxy_port
"$python" -B "$tree/tests/kafka/proxy.py" $proxy_port "$kafka_port" >>proxy.log 2>&1 &
proxy=$!
started+=("$proxy")
disown "$proxy"
check "the proxy is ready" until_true grep -q ready proxy.log
settings royale.appliance=box1 royale.batch_rows_max=1000
check "the topics are made" init
check "a battle runs" run_ok battle battle.yaml

# hold: waits until the proxy keeps something back.
hold() {
    : >proxy.log
    kill -USR1 $proxy
    until_true grep -qE '^held [1-9]' proxy.log
}

deliver() {
    kill -USR2 $proxy
    until_true grep -q '^delivered' proxy.log && grep -E '^(delivered)' proxy.log
}

# late NUMBER: an exporter dies with bytes on their way, its successor reads the cursor, the bytes arrive.
late() {
    local first second before
    before=$(committed royale.cursors.v1)
    "$export" --sink kafka --config "$conf" battle >first.out 2>first.err &
    first=$!
    until_true more_than $((before + 2)) royale.cursors.v1 || { cat first.err; return 1; }
    lives $first || { echo "the exporter was too fast"; return 1; }
    hold || return 1
    kill -9 $first
    wait $first 2>/dev/null
    before=$(committed royale.cursors.v1)
    # Its claim is a record behind the cursor that it has read.
    "$export" --sink kafka --config "$conf" battle >second.out 2>second.err &
    second=$!
    until_true more_than "$before" royale.cursors.v1 || { cat second.err; return 1; }
    deliver || return 1
    if [ "$1" -lt 3 ]; then
        kill -9 $second # the next one goes on
        wait $second 2>/dev/null
        return 0
    fi
    wait $second || { cat second.err; return 1; }
}
for round in 1 2 3; do
    check "bytes of a dead exporter arrive late, $round" late $round
done
check "verify says equal" equal battle
check "so does another auditor" audited battle

# ---- the control ----
control() {
    local count=100000 first second before doubled
    "$python" - "$bootstrap" <<'END' || return 1
import sys
from confluent_kafka.admin import AdminClient, NewTopic
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
admin.create_topics([NewTopic("plain", 1, 1)])["plain"].result(30)
END
    "$python" -B "$tree/tests/kafka/idempotent.py" 127.0.0.1:$proxy_port plain $count >first.out 2>&1 &
    first=$!
    until_true more_than 1000 plain || { cat first.out; return 1; }
    hold || return 1
    sleep 0.2
    kill -9 $first
    wait $first 2>/dev/null
    "$python" -B "$tree/tests/kafka/idempotent.py" 127.0.0.1:$proxy_port plain $count >second.out 2>&1 &
    second=$!
    until_true grep -q '^begins at' second.out || { cat second.out; return 1; }
    deliver || return 1
    wait $second || { cat second.out; return 1; }
    doubled=$(kcat -q -b "$bootstrap" -C -t plain -o beginning -e | sort | uniq -d | wc -l)
    echo "$doubled rows of $count doubled by an idempotent producer without transactions" >figures
    [ "$doubled" -gt 0 ]
}
check "the proxy does harm: an idempotent producer doubles" control
[ ! -e figures ] || say "$(<figures)"
kafka_down
done_testing
