#!/bin/bash
# `royale kafka verify` where a mock cluster does not do: transactions that are aborted or open, and compaction.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "what verify sees of transactions"

make_day 100000 || exit 1
crowd 20000000 >battle.yaml
check "Kafka ${KAFKA_VERSION:-of the house} starts" kafka_up
settings
check "the topics are made" init
check "a battle runs" run_ok battle battle.yaml
check "the battle is exported" export_all battle
check "it is equal" equal battle

# ---- transactions ----
# A transaction of somebody else's that writes a fill of the battle once more. It says "open", and aborts or commits
# when it is told to.
cat >transaction.py <<'END'
import sys
from confluent_kafka import Consumer, Producer, TopicPartition
brokers, end = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": brokers, "group.id": "x"})
consumer.assign([TopicPartition("royale.fills.v1", p, 0) for p in range(4)])
message = consumer.poll(30)
while message is None or message.error():
    message = consumer.poll(30)
producer = Producer({"bootstrap.servers": brokers, "transactional.id": "somebody", "transaction.timeout.ms": 60000})
producer.init_transactions(30)
producer.begin_transaction()
producer.produce("royale.fills.v1", message.value(), message.key(), message.partition(), headers=message.headers())
producer.flush(30)
print("open", flush=True)
sys.stdin.readline()
if end == "abort":
    producer.abort_transaction(30)
else:
    producer.commit_transaction(30)
END
# transaction abort|commit: opens it. Not in a check: those are processes of their own.
transaction() {
    coproc other { exec "$python" transaction.py "$bootstrap" "$1" 2>transaction.err; }
    other_pid=$!
    word=
    read -r -t 60 word <&"${other[0]}"
}
end_transaction() {
    echo >&"${other[1]}"
    wait "$other_pid"
    ended=$?
}
is_open() {
    [ "$word" = open ] || { cat transaction.err; return 1; }
}
transaction abort
check "a transaction is open" is_open
check "verify does not believe what it cannot see" exits 3 "$royale" kafka verify --timeout 3 --config "$conf" battle
check "and says why" matches 1 'royale.fills.v1 partition [0-9]: nothing for 3 s .*an open transaction hides' err
end_transaction
check "the transaction is aborted" [ "$ended" = 0 ]
check "what it wrote was never there" equal battle
transaction commit
check "another is open" is_open
end_transaction
check "it is committed" [ "$ended" = 0 ]
check "what it wrote is seen" exits 1 "$royale" kafka verify --config "$conf" battle
check "as a double" matches 1 '^royale.fills.v1 partition .*: double: ' out
check "the only one" matches 1 '^not equal: .* topics: 1 double$' out

# ---- compaction ----
hasten() {
    "$python" - "$bootstrap" <<'END'
import sys
from confluent_kafka.admin import AdminClient, ConfigResource, RESOURCE_TOPIC
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
resource = ConfigResource(RESOURCE_TOPIC, "c.leaderboard", set_config={
    "cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01",
    "max.compaction.lag.ms": "1000"})
for future in admin.alter_configs([resource]).values():
    future.result(30)
END
}
compacted() {
    local i
    for ((i = 0; i < 30; i++)); do
        # A segment is closed by what comes behind it.
        echo 'x' | kcat -b "$bootstrap" -P -t c.leaderboard -k "closes" -p $((i % 4))
        equal battle >said || { cat said; return 1; }
        grep -q ' rows were compacted away' said && cat said && return
        sleep 2
    done
    return 1
}
settings royale.id=c royale.topic.trades.name=c.trades royale.topic.fills.name=c.fills royale.topic.orders.name=c.orders \
    royale.topic.leaderboard.name=c.leaderboard royale.topic.rounds.name=c.rounds
check "topics that are compacted soon are made" init
check "which is set" hasten
check "the battle is exported to them" export_all battle
check "they are equal" equal battle
check "also when earlier rows of a key are gone, which are counted" compacted
kafka_down
done_testing
