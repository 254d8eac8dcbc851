#!/bin/bash
# What battles cost in hand-overs between processes, as counted, not timed: docs/PERFORMANCE.md, "What a hand-over
# costs". The counts are at most what the model says on any machine, however busy.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 200000 --itch day.itch >generate.txt || exit 1
${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o requote.so "$tree/tests/bench/strategies/requote.c" || exit 1

# fight AGENTS WAKE: so many that requote each 2 s of market time.
fight() {
    cat <<YAML
battle: {name: handover, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:05
  trade_to: 10:15
  instruments: [{symbol: RYA}, {symbol: RYB}, {symbol: RYC}, {symbol: RYD}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: quoter, strategy: ./requote.so, cash: 10000000, count: $1, params: {instrument: RYA, wake: $2, interval_us: 2000000}}
risk: {quantity_max: 100, notional_max: 1000000, position_max: 1000000, open_orders_max: 20, rate_max: 100000,
       collar_ppm: 500000, loss_max: 10000000}
YAML
}

# count DIR PROCESSES COUNTER: of all processes whose names match, added up.
count() {
    awk -v who="$2" -v counter="$3" '/^[a-z]/ {here = $1 ~ who} here && $1 == counter {sum += $2} END {print sum + 0}' "$1/counters.txt"
}

# at_most WHAT COUNTED LIMIT
at_most() {
    echo "$1: $2, at most $3"
    [ "$2" -le "$3" ]
}

# Calls beside those for wakes: a run's start, feed and journal by the half ring, sleeps that end by themselves.
spare=500

hands_over() { # AGENTS WAKE
    local dir=$2-$1 wakes drains beyond=0
    fight "$1" "$2" >"$dir.yaml"
    exits 0 "$royale" run --quiet --dir "$dir" "$dir.yaml" || return 1
    wakes=$(count "$dir" '^agent' callbacks)
    drains=$(count "$dir" '^exec' drains)
    [ "$wakes" -gt $((1000 * $1)) ] || { echo "only $wakes wakes"; return 1; }
    # exec rings once for each wake or half link; an agent once for each answer that nothing due follows.
    at_most "exec's rings" "$(count "$dir" '^exec' rings)" $((wakes + drains + spare)) || beyond=1
    at_most "agents' rings" "$(count "$dir" '^agent' rings)" $((wakes + drains + spare)) || beyond=1
    # Who is not asleep is not woken, and who is rung for at most once a wake sleeps no oftener.
    at_most "exec's futex calls" "$(count "$dir" '^exec' rouses)" $((wakes + drains + spare)) || beyond=1
    at_most "agents' sleeps" "$(count "$dir" '^agent' sleeps)" $((wakes + drains + spare)) || beyond=1
    # exec sleeps at the bell of one at a time, and only that one rings.
    at_most "exec's sleeps" "$(count "$dir" '^exec' sleeps)" $((wakes + drains + spare)) || beyond=1
    at_most "agents' futex calls" "$(count "$dir" '^agent' rouses)" "$(($(count "$dir" '^exec' sleeps) + spare))" || beyond=1
    # Nobody looks on whom nobody hears.
    at_most "views" "$(grep -c '^view' "$dir/counters.txt")" 0 || beyond=1
    return "$beyond"
}
check "an agent by its timer" hands_over 1 timer
check "eight agents by their timers" hands_over 8 timer
check "thirty agents by their timers" hands_over 30 timer
check "an agent by every record" hands_over 1 record

done_testing
