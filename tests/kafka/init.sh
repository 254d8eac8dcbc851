#!/bin/bash
# `royale kafka init` against a real broker: what is made, what is there, what differs, and who does not answer.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "topics in a real Kafka"

check "Kafka ${KAFKA_VERSION:-of the house} starts" kafka_up
settings
# init_ends CODE [OPTION ...]
init_ends() {
    local code=$1
    shift
    exits "$code" "$royale" kafka init --config "$conf" "$@"
}
check "a dry run says that something is missing" init_ends 1 --dry-run
check "which topics" matches 6 '^missing  *royale[.].*: would be made with ' out
check "and makes none" bash -c "! kcat -b $bootstrap -L | grep -q royale"
check "the topics are made" init_ends 0
check "a line each" matches 6 '^created  *royale[.]' out
check "once more, nothing is left to do" init_ends 0
check "as it says" matches 6 '^there  *royale[.]' out

compacted() {
    "$python" - "$bootstrap" <<'END'
import sys
from confluent_kafka.admin import AdminClient, ConfigResource, RESOURCE_TOPIC
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
topics = [ConfigResource(RESOURCE_TOPIC, "royale.%s.v1" % name) for name in ("cursors", "leaderboard", "fills")]
got = {topic.name: future.result(30) for topic, future in admin.describe_configs(topics).items()}
assert got["royale.cursors.v1"]["cleanup.policy"].value == "compact"
assert got["royale.cursors.v1"]["segment.bytes"].value == "4194304"
assert got["royale.leaderboard.v1"]["cleanup.policy"].value == "compact"
assert got["royale.fills.v1"]["cleanup.policy"].value == "delete"
END
}
check "cursors and leaderboard are compacted, the others are not" compacted

settings royale.topic.trades.partitions=8 royale.topic.fills.partitions=2
check "other partitions than asked are told" init_ends 1
check "more are wanted: the command" matches 1 '^differs  *royale.trades.v1: 4 partitions, 8 are asked; .*kafka-topics.sh --bootstrap-server .*--partitions 8' out
check "and where it is from" matches 1 '^kafka-topics.sh .* bin/ of Apache Kafka' out
check "fewer are wanted: the setting" matches 1 '^differs  *royale.fills.v1: 4 partitions, .* put royale.topic.fills.partitions=4 into' out
check "the others are there" matches 4 '^there ' out
settings royale.topic.rounds.name=royale.leaderboard.v1 royale.topic.leaderboard.name=other.leaderboard
check "another cleanup is told" init_ends 1
check "with the command" matches 1 '^differs .*cleanup.policy=compact, delete is asked; kafka-configs.sh .*cleanup.policy=delete' out
check "what was missing is made meanwhile" matches 1 '^created  *other.leaderboard' out
settings royale.replication=2 royale.topic.trades.name=other.trades
check "more replicas than brokers are refused" init_ends 1
check "by the broker, whose words are shown" matches 1 '^failed  *other.trades: .*replication' out
check "and told of topics that are there" matches 5 '^differs .*: 1 replicas, 2 are asked' out

settings royale.topic.trades.format=jsno
check "a wrong setting ends it" init_ends 2
check "by file, line, key" matches 1 'kafka.conf:[0-9]*: royale.topic.trades.format: jsno' err
check "nobody answers" exits 3 timeout 30 "$royale" kafka init --brokers 127.0.0.1:1
check "it is said who, and why" matches 1 'no broker of 127.0.0.1:1 answers within 10 s: .*refused' err
kafka_down

# ---- three brokers: a row is with two of them before it counts as written ----
check "three brokers start" kafka_up --nodes 3
min_insync() { # TOPIC [VALUE]: of the topic itself; with a value it is set
    "$python" - "$bootstrap" "$@" <<'END'
import sys
from confluent_kafka.admin import RESOURCE_TOPIC, AdminClient, ConfigResource, ConfigSource
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
topic = ConfigResource(RESOURCE_TOPIC, sys.argv[2])
if len(sys.argv) > 3:
    topic.set_config("min.insync.replicas", sys.argv[3])
    admin.alter_configs([topic])[topic].result(30)
else:
    entry = admin.describe_configs([topic])[topic].result(30)["min.insync.replicas"]
    print(entry.value if entry.source == ConfigSource.DYNAMIC_TOPIC_CONFIG.value else "default")
END
}
settings royale.replication=3
check "topics of three replicas are made" init_ends 0
safe() {
    [ "$(min_insync royale.fills.v1 2>&1)" = 2 ] && [ "$(min_insync royale.cursors.v1 2>&1)" = 2 ]
}
check "their rows are with two brokers" until_true safe
check "once more: all are there" init_ends 0
check "as it says" matches 6 '^there  *royale[.]' out
check "one is made weak" until_true min_insync royale.fills.v1 1
weak_is_told() { # brokers hear of it one after the other
    init_ends 0 && grep -q '^weak' out
}
check "which is no difference, but told" until_true weak_is_told
check "with the command" matches 1 '^weak  *royale.fills.v1: 3 replicas, .*kafka-configs.sh .*min.insync.replicas=2' out
kafka_down
done_testing
