#!/bin/bash
# Exporter and brokers are killed and stopped at random while a battle runs: in the end each row is there once.
#
#   KAFKA_CHAOS=N   so many blows (50), in rounds of 25, each a battle and brokers of its own
#   KAFKA_NODES=N   1 or 3 brokers (3)
#   KAFKA_HOW=HOW   who exports: alone, a program beside the battle, or battle (in turn)
#   KAFKA_SEED=N    the blows of a seed are the same; when they fall is the machine's
#   KAFKA_KEEP=DIR  what a round that failed leaves goes to DIR/SEED
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "kills and pauses"

readonly blows_of_round=25 transaction_ms=10000 catch_up_s=180 deaths_max=4 deaths_s=65
blows=${KAFKA_CHAOS:-50} nodes=${KAFKA_NODES:-3}
make_day 1000000 || exit 1
: >blows
: >recovered
: >rest

# ---- the battle: exec is let go on for a part of the time, and only so far as blows have fallen ----
readonly journal_bytes=60000000 # of such a battle, roughly

paced() { # BLOWS
    local exec_pid fallen
    exec_pid=$(pgrep -P "$run" -x royale-exec) || return
    while [ -e pace ]; do
        kill -STOP "$exec_pid" 2>/dev/null || return
        sleep 0.2
        fallen=$(wc -l <fallen)
        [ "$(stat -c %s "$dir/inputs.ryj")" -lt $((journal_bytes * (fallen + 1) / ($1 + 2))) ] || continue
        kill -CONT "$exec_pid" 2>/dev/null || return
        sleep 0.03
    done
    kill -CONT "$exec_pid" 2>/dev/null
}

# ---- the exporter: alone, begun again whenever it is killed; or of the battle, where the supervisor does that ----
kept_alive() {
    local pid code
    while :; do
        "$export" --sink kafka --config "$conf" --follow "$dir" >>export.out 2>>export.err &
        pid=$!
        echo $pid >export.pid
        wait $pid 2>/dev/null
        code=$?
        [ $code = 137 ] || break
    done
    echo $code >export.code
}

exporter_pid() {
    if [ "$how" = alone ]; then cat export.pid; else pgrep -P "$run" -x royale-export; fi
}

on_exporter() { # SIGNAL
    local pid
    pid=$(exporter_pid) && kill "-$1" "$pid" 2>/dev/null
}

# ---- blows ----
# draw A B: a number from A to B, in $drawn.
draw() {
    drawn=$(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
}

# rest A B: so many ms.
rest() {
    draw "$1" "$2"
    printf -v drawn %d.%03d $((drawn / 1000)) $((drawn % 1000))
    sleep "$drawn"
}

# Before an exporter is killed: one that dies a sixth time within a minute is given up by the battle's supervisor, and
# blows would meet nobody.
may_die() {
    while [ "$how" = battle ] && [ ${#deaths[@]} -ge $deaths_max ] &&
        [ $((SECONDS - deaths[-deaths_max])) -lt $deaths_s ]; do
        sleep 0.5
    done
    deaths+=($SECONDS)
}

exporter_killed() {
    may_die
    on_exporter KILL
}

exporter_paused() {
    on_exporter STOP
    rest 50 3000
    on_exporter CONT
}

# So long that the brokers give its transaction up.
exporter_paused_long() {
    on_exporter STOP
    rest $((transaction_ms + 1000)) $((transaction_ms + 3000))
    on_exporter CONT
}

broker_killed() { # [BROKER]
    local broker=${1:-}
    [ -n "$broker" ] || { draw 1 "$nodes"; broker=$drawn; }
    kafka_kill "$broker"
    rest 0 1500
    kafka_start "$broker" --no-wait
}

broker_paused() { # [BROKER]
    local broker=${1:-}
    [ -n "$broker" ] || { draw 1 "$nodes"; broker=$drawn; }
    kafka_pause "$broker"
    rest 50 4000
    kafka_continue "$broker"
}

coordinator_killed() {
    broker_killed "$(coordinator)"
}

coordinator_paused() {
    broker_paused "$(coordinator)"
}

exporter_and_broker_killed() {
    exporter_killed
    broker_killed
}

exporter_killed_while_broker_paused() {
    may_die
    draw 1 "$nodes"
    local broker=$drawn
    kafka_pause "$broker"
    rest 50 500
    on_exporter KILL
    rest 50 3000
    kafka_continue "$broker"
}

# Each as often as it stands here.
kinds=(exporter_killed exporter_killed exporter_killed exporter_killed exporter_killed exporter_paused exporter_paused
    exporter_paused_long broker_killed broker_killed broker_killed broker_paused broker_paused broker_paused
    coordinator_killed coordinator_killed coordinator_killed coordinator_paused coordinator_paused
    exporter_and_broker_killed exporter_and_broker_killed exporter_killed_while_broker_paused
    exporter_killed_while_broker_paused)

# going_again KIND: the exporter has begun to export again, or goes on to do so: a claim and a batch, or two batches. 30 s
# at most.
going_again() {
    local began before
    began=$(now_ms)
    before=$(committed royale.cursors.v1)
    until more_than $((before + 1)) royale.cursors.v1; do
        [ $(($(now_ms) - began)) -lt 30000 ] || break
        sleep 0.05
    done
    echo "$1 $(($(now_ms) - began))" >>recovered
}

# Two blows of three fall when the export goes on again; the third falls into whatever goes on.
beat() { # BLOWS
    local i kind
    for ((i = 0; i < $1; i++)); do
        draw 0 $((${#kinds[@]} - 1))
        kind=${kinds[$drawn]}
        echo "$kind" >>fallen
        $kind
        draw 1 3
        if [ $drawn = 3 ]; then rest 0 1500; else going_again "$kind"; fi
    done
    for ((i = 1; i <= nodes; i++)); do kafka_continue $i; done
    kafka_up --nodes "$nodes"
}

# ---- a round ----
# ended: the battle and its export, in bounded time. A battle's own export may be given up, having died too often in a
# minute, or not be done in its time; then the result says with which command the rest goes out.
ended() {
    local end=$((SECONDS + catch_up_s * $([ "$how" = alone ] && echo 1 || echo 2)))
    rm pace
    while lives "$run" || { [ "$how" = alone ] && [ ! -e export.code ]; }; do
        [ $SECONDS -lt $end ] || { echo "not exported so long after the last blow"; tail -n 20 out err export.err; return 1; }
        sleep 0.1
    done
    ends 0 || return 1
    if [ "$how" = alone ]; then
        [ "$(<export.code)" = 0 ] || { echo "exit code $(<export.code)"; tail -n 20 export.err; return 1; }
    elif grep -q 'the export is not complete' out; then
        echo "$dir" >>rest
        export_all "$dir"
    fi
}

# Whatever a round did: nothing of it runs on.
round_over() {
    rm -f pace
    cat fallen >>blows
    kill -9 ${keeper:+"$keeper"} ${run:+"$run" "$(exporter_pid)"} 2>/dev/null
    kafka_down
}

# What a round that failed leaves for whoever looks into it: brokers' data and logs, the battle, the exporter's lines.
kept() { # SEED
    [ -n "${KAFKA_KEEP:-}" ] || return
    kafka_end
    mkdir -p "$KAFKA_KEEP/$1" && cp -r kafka kafka.conf "$dir" fallen out err export.* "$KAFKA_KEEP/$1" 2>/dev/null
    echo "kept in $KAFKA_KEEP/$1"
}

round() { # SEED BLOWS HOW
    how=$3 run='' keeper='' deaths=()
    RANDOM=$1 # of this subshell
    trap round_over EXIT
    rm -f export.* out err
    : >fallen
    touch pace
    kafka_up --nodes "$nodes" || return 1
    settings royale.appliance=box1 royale.call_ms=3000 royale.transaction_ms=$transaction_ms
    init || return 1
    crowd 1000000 "$1" >battle.yaml
    [ "$how" = alone ] || printf 'export: {sink: kafka, config: %s, end_s: %d}\n' "$conf" $catch_up_s >>battle.yaml
    start battle.yaml || return 1
    paced "$2" &
    if [ "$how" = alone ]; then
        kept_alive &
        keeper=$!
    fi
    sleep 1
    beat "$2" || return 1
    lives "$run" || { echo "the battle was over too early"; tail -n 20 out err; return 1; }
    ended && equal "$dir" && audited "$dir" && return
    kept "$1"
    return 1
}

for ((first = 0; first < blows; first += blows_of_round)); do
    n=$((blows - first < blows_of_round ? blows - first : blows_of_round))
    how=${KAFKA_HOW:-$([ $((first / blows_of_round % 2)) = 0 ] && echo alone || echo battle)}
    round_seed=$((seed + first))
    say "seed $round_seed: KAFKA_SEED=$round_seed KAFKA_CHAOS=$n KAFKA_NODES=$nodes KAFKA_HOW=$how tests/kafka/run build kafka_chaos"
    check "$n blows, seed $round_seed, export by ${how/battle/the battle}: each row once" round $round_seed $n "$how"
done
say "battles whose export the command at their end has finished: $(wc -l <rest)"
say "blows, and ms until the export was going again: times, in the middle, at most"
sort -k1,1 -k2,2n recovered | awk '
    NR == FNR { blows[$1]++; next }
    { n[$1]++; ms[$1, n[$1]] = $2 }
    END { for (kind in blows) printf "# %-36s %3d blows; %3d, %6d, %6d\n", kind, blows[kind], n[kind],
        ms[kind, int((n[kind] + 1) / 2)], ms[kind, n[kind]] }' blows -
done_testing
