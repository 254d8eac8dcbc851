#!/bin/bash
# A transaction fails while messages that the broker has taken wait to be sent again: none is lost. librdkafka gives the
# numbers of those that an abort drops to the next ones, and a broker takes these for a repetition.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "a transaction fails with messages in doubt"

proxy_port=$((kafka_port + 40))
readonly lies_min=5
make_day 200000 || exit 1
crowd 2000000 >battle.yaml
check "Kafka starts, a proxy before it" kafka_up --advertise $proxy_port
"$python" -B "$tree/tests/kafka/liar.py" $proxy_port "$kafka_port" royale.orders.v1 >liar.log 2>&1 &
liar=$!
started+=("$liar")
disown "$liar"
check "the proxy is ready" until_true grep -q ready liar.log
settings royale.appliance=box1 royale.batch_rows_max=1000
check "the topics are made" init
check "a battle runs" run_ok battle battle.yaml
check "it is exported" export_all battle
lied() {
    [ "$(grep -c '^lied' liar.log)" -ge $lies_min ] || { cat liar.log; return 1; }
}
check "the proxy has failed transactions" lied
say "transactions that failed: $(grep -c '^lied' liar.log)"
check "verify says equal" equal battle
check "so does another auditor" audited battle
kafka_down
done_testing
