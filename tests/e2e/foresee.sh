#!/bin/bash
# No agent can read ahead: strategies that search all of their memory for a moment later than their `ry_now`, in every
# callback, find none, whatever their latency and interest. One that lays such a moment there itself finds it.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

if grep -qa __asan_init "$bin/royale-agent"; then
    skip "agents that search all of their memory" "the address sanitizer's shadow is terabytes of it"
    done_testing
    exit
fi

link_bytes=1048576 # RY_LINK_SLOTS of 64 bytes
latencies='1 100 10000 1000000'
interests='orders top timer'

"$royale" generate --messages 300000 --itch day.itch >generate.txt || exit 1
${CC:-cc} -O2 -fPIC -shared -I"$bin/../include" -o foresee.so "$tree/tests/e2e/strategies/foresee.c" || exit 1

seekers() { # MORE-PARAMS: one of each latency and interest
    local latency interest
    for latency in $latencies; do
        for interest in $interests; do
            printf '  - {name: %s-%s, strategy: ./foresee.so, cash: 1000000, latency_us: %s, jitter_us: %s, params: {interest: %s%s}}\n' \
                "$interest" "$latency" "$latency" $((latency / 2)) "$interest" "$1"
        done
    done
}

short_battle() { # SECONDS MORE-PARAMS: a battle file
    battle 'path: day.itch' "agents:
  - {name: crowd, strategy: noise, cash: 1000000, count: 2, latency_us: 50, jitter_us: 300, params: {interval_us: 20000}}
$(seekers "${2:-}")
risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 1000,
  collar_ppm: 50000, loss_max: 100000}" | sed "s/trade_to: 16:00/trade_to: 09:30:0$1\n  orders_max: 4000/"
}

# number TEXT FILE: the number before that text in the agent's last lines.
number() {
    sed -n "s/.* \([0-9]*\) $1.*/\1/p" "$2" | tail -n 1
}

# looked DIR NAME KIND ...: it was called in each of these ways, and each time read all of the link and more.
looked() {
    local log kind calls total=1 link
    log=$(echo "$1"/log/agent*-"$2".log)
    shift 2
    for kind in "$@"; do
        calls=$(number "callbacks of $kind" "$log")
        [ "${calls:-0}" -gt 0 ] || { echo "no callback of $kind"; cat "$log"; return 1; }
        total=$((total + calls))
    done
    total=$((total - 1))
    link=$(number 'of the link' "$log")
    [ "$link" -ge $((total * link_bytes)) ] || { echo "$link bytes of the link in $total callbacks"; return 1; }
    [ "$(number 'bytes, ' "$log")" -gt $((2 * link)) ] || { echo 'only the link'; return 1; }
    says '; 0 could not be read' "$log"
}

# nothing_found DIR NAME KIND ...: likewise, and nothing was there.
nothing_found() {
    looked "$@" && says 'foresee: nothing' "$1/log/agent"*"-$2.log"
}

# planted_found DIR NAME: in each kind of callback at least as many words as were laid there.
planted_found() {
    local log kind found calls
    log=$(echo "$1"/log/agent*-"$2".log)
    looked "$1" "$2" start market report timer || return 1
    for kind in start market report timer; do
        calls=$(number "callbacks of $kind" "$log")
        found=$(sed -n "s/.*foresee: \([0-9]*\) in $calls callbacks of $kind.*/\1/p" "$log")
        [ "$found" -ge "$calls" ] || { cat "$log"; return 1; }
    done
}

short_battle 2 >battle.yaml
check "strategies that look for the future play" run_ok battle battle.yaml
check "nothing was foreign" bash -c '! grep commands_foreign battle/counters.txt'
for latency in $latencies; do
    check "told of orders, $latency us behind: nothing" nothing_found battle "orders-$latency" start market timer
    check "told of the first levels, $latency us behind: nothing" nothing_found battle "top-$latency" start market timer
    check "called by its timer, $latency us behind: nothing" nothing_found battle "timer-$latency" start timer
    [ "$latency" = 1000000 ] || # the reports of its first order come as trading ends
        check "nor at its reports" looked battle "orders-$latency" report
done

latencies=100
interests=orders
short_battle 1 ', plant: 1' >plant.yaml
check "one that lays a later moment into its own memory plays" run_ok plant plant.yaml
check "and finds it, at every callback" planted_found plant orders-100

done_testing
