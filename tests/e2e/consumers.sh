#!/bin/bash
# The examples of docs/examples/consumers that need no Kafka: rows of a real battle in ClickHouse's tables, each twice,
# and the figures of every view; Grafana's dashboard; the sketch for Kafka Connect. tests/kafka/consumers.sh has the rest.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/consumers.bash
. "$tree/tests/support/consumers.bash"
examples=$tree/docs/examples/consumers

small_battle() {
    consumers_battle && run_ok battle battle.yaml
}
check "a battle in which agents are refused and go out" small_battle
check "its rows" exits 0 "$bin/royale-export" --out rows.jsonl battle
"$royale" rows --schema >rows.json
"$royale" rows --clickhouse >tables.sql

topics() {
    printf 'royale.topic.fills.name=house.fills\nroyale.topic.fills.rows=fill\nroyale.topic.orders.rows=none\n' >kafka.conf
    exits 0 "$royale" kafka topics --config kafka.conf && says 'house.fills: what agents traded' out && says '    rows: fill' out &&
        says '    rows: none: it is not written' out
}
check "royale kafka topics says what a settings file makes of the topics" topics
wrong_topics() {
    echo 'royale.topic.fill.name=house.fills' >kafka.conf
    exits 2 "$royale" kafka topics --config kafka.conf && says 'kafka.conf:1: royale.topic.fill.name: ' err
}
check "and which line of it is wrong" wrong_topics

# -S: a Python that has nothing but its own library, as one beside Debian's.
no_pandas() {
    exits 1 python3 -S -B "$examples/trades.py" && says 'no Python module pandas for ' err &&
        says 'package python3-pandas has it for /usr/bin/python3' err && [ "$(wc -l <err)" = 1 ]
}
check "trades.py without pandas says the package" no_pandas
no_client() {
    mkdir -p modules && touch modules/pandas.py
    PYTHONPATH=modules exits 1 python3 -S -B "$examples/trades.py" && says "package python3-confluent-kafka has it" err
}
check "and without the client of Kafka" no_client

python=python3
check "a fill in the sketch for Kafka Connect has the columns of a fill" try connect rows.json "$examples"
if python=$(consumers_python); then
    check "every figure of the views is that of results.json, with each row twice" try clickhouse tables.sql "$examples" \
        rows.jsonl battle/results.json
    check "the dashboard keeps Grafana's schema, and its panels show something" try grafana tables.sql "$examples" rows.jsonl
else
    skip "every figure of the views is that of results.json, with each row twice" "$python"
    skip "the dashboard keeps Grafana's schema, and its panels show something" "$python"
fi
done_testing
