# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the tests with a real Kafka share, on top of tests/e2e/support.bash: brokers that start, stop, die and stand
# still; battles with many rows; settings; what verify and an auditor of our own say.
#
# The brokers' folder is $work/kafka; whatever became of a test, its brokers end with it.

# shellcheck source=tests/e2e/support.bash
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/support.bash"
export=$bin/royale-export
kafka_sh=$tree/tools/dev/kafka.sh
kafka_port=${KAFKA_PORT:-29092}
# Of one broker or of three, whichever there are.
bootstrap=127.0.0.1:$kafka_port,127.0.0.1:$((kafka_port + 1)),127.0.0.1:$((kafka_port + 2))
brokers=$work/kafka
conf=$work/kafka.conf
seed=${KAFKA_SEED:-$RANDOM}
RANDOM=$seed

# The Python that has Kafka's module: Debian's, where another one comes first.
for python in python3 /usr/bin/python3; do
    "$python" -c 'import confluent_kafka' 2>/dev/null && break
done

# A broker has its ports until it is gone, and with many processes on few cores that takes a while.
kafka_end() {
    local file pid killed=()
    for file in "$brokers"/node*/pid; do
        pid=$(cat "$file" 2>/dev/null) && grep -qF "$brokers" "/proc/$pid/cmdline" 2>/dev/null && kill -9 "$pid" &&
            killed+=("$pid")
    done
    for pid in "${killed[@]}"; do
        until_true gone "$pid"
    done
}

# Also what a test began in its subshell and was ended with: its words name this folder.
all_end() {
    local pid
    kafka_end
    for pid in $(pgrep -f "$work/"); do kill -9 "$pid" 2>/dev/null; done
    finish
}
trap all_end EXIT

# say TEXT ...: a figure, for people.
say() {
    echo "# $*"
}

# needs_kafka NAME: goes on where Kafka can be had; else the script ends with one test that is skipped.
needs_kafka() {
    local why
    if ! why=$("$kafka_sh" fetch 2>&1); then
        why="Kafka cannot be had: ${why##*royale dev kafka: }"
    elif ! has kcat; then
        why="kcat is not installed: make deps-kafka"
    elif ! "$python" -c 'import confluent_kafka' 2>/dev/null; then
        why="python3-confluent-kafka is not installed: make deps-kafka"
    else
        return
    fi
    skip "$1" "${why//$'\n'/; }"
    done_testing
    exit
}

# ---- brokers, numbered from 1 ----

# Other tests may be running on these cores.
export KAFKA_READY_S=300

# kafka_up [OPTION ...]: those of `royale dev kafka up`; waits until all are ready. Again: starts who is gone.
kafka_up() {
    "$kafka_sh" up --dir "$brokers" --port "$kafka_port" "$@" >kafka.up 2>&1 || { cat kafka.up; return 1; }
}

# kafka_down: all at once, and their data.
kafka_down() {
    kafka_end
    rm -rf "$brokers"
}

broker_pid() {
    cat "$brokers/node$1/pid"
}

kafka_kill() {
    kill -9 "$(broker_pid "$1")" 2>/dev/null
}

kafka_pause() {
    kill -STOP "$(broker_pid "$1")" 2>/dev/null
}

kafka_continue() {
    kill -CONT "$(broker_pid "$1")" 2>/dev/null
}

# kafka_start N [--no-wait]: one that was killed.
kafka_start() {
    "$kafka_sh" up --dir "$brokers" --only "$@" >"kafka.start$1" 2>&1
}

# leader TOPIC: the broker that leads its first partition, as far as anybody answers.
leader() {
    timeout 3 kcat -b "$bootstrap" -L -t "$1" 2>/dev/null | sed -n 's/^ *partition 0, leader \([1-9]\).*/\1/p'
}

# The broker that coordinates transactions; there is one partition of them.
coordinator() {
    leader __transaction_state
}

# committed TOPIC: its records so far.
committed() {
    timeout 10 kcat -q -b "$bootstrap" -X isolation.level=read_committed \
        -X fetch.wait.max.ms=10 -C -t "$1" -o beginning -e 2>/dev/null | wc -l
}

# more_than N TOPIC
more_than() {
    [ "$(committed "$2")" -gt "$1" ]
}

# ---- settings, battles, exports ----

# settings LINE ...: into $conf, after the brokers'.
settings() {
    cp "$brokers/kafka.conf" "$conf" && printf '%s\n' "$@" >>"$conf"
}

# crowd INTERVAL_US [SEED]: a battle file. Eight agents act at random for a day, each once in that time on average; of
# 500,000 come about 1.1 million rows, of half as much twice as many.
crowd() {
    local symbol
    cat <<END
battle: {name: crowd, seed: ${2:-7}}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30
  trade_to: 16:00
  instruments: [{symbol: RYA}, {symbol: RYB}, {symbol: RYC}, {symbol: RYD}]
feeds: [{name: itch, format: itch50, path: day.itch}]
risk: {quantity_max: 1000, notional_max: 25000000, position_max: 500000, open_orders_max: 50, rate_max: 1000,
       collar_ppm: 50000, loss_max: 90000000}
game: {round: 06:30:00, min_fills: 0}
agents:
END
    for symbol in RYA RYB RYC RYD; do
        echo "  - {name: crowd-$symbol, strategy: noise, cash: 100000000, count: 2, latency_us: 200,"
        echo "     params: {instrument: $symbol, interval_us: $1, size_max: 50, cross_percent: 20}}"
    done
}

# make_day MESSAGES: day.itch, which battles play.
make_day() {
    "$royale" generate --force --messages "$1" --itch day.itch >generate.txt
}

# now_ms: of a clock that only goes forward.
now_ms() {
    local up
    read -r up _ </proc/uptime
    echo $((10#${up/./} * 10))
}

# init: makes the topics.
init() {
    exits 0 "$royale" kafka init --config "$conf"
}

# export_all DIR: a battle that has ended, as far as it goes.
export_all() {
    exits 0 "$export" --sink kafka --config "$conf" "$1"
}

# equal DIR: `royale kafka verify` says so.
equal() {
    exits 0 "$royale" kafka verify --config "$conf" "$1" || { cat out; return 1; }
    cat out
}

# audited DIR: royale.appliance is set; a consumer that knows nothing of ours but JSON finds each row of DIR once, in order, and as it is.
audited() {
    "$export" --out rows.jsonl --force --appliance "$(sed -n 's/^royale.appliance=//p' "$conf")" "$1" && "$python" -B "$tree/tests/kafka/audit.py" "$conf" rows.jsonl
}

# rows_of DIR
rows_of() {
    "$export" "$1" | wc -l
}

# matches COUNT PATTERN FILE: so many lines of it do.
matches() {
    [ "$(grep -c -- "$2" "$3")" = "$1" ] || { echo "not $1 times $2:"; cat "$3"; return 1; }
}
