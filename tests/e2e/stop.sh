#!/bin/bash
# A signal at every moment of a start is a stop, never a death: 128 + its number, nothing of "died", nobody left.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

battle "$silent" >idle.yaml

# Which moment of the start a delay meets differs from machine to machine; what must hold does not.
stopped_after() {
    local signal=$1 number=$2 ms=$3
    begin idle.yaml
    sleep "$(printf '0.%03d' "$ms")"
    mapfile -t all < <(pgrep -P "$run")
    kill -"$signal" "$run"
    ends $((128 + number)) || { echo "after $ms ms"; return 1; }
    if grep -q 'died' err; then
        echo "after $ms ms:"
        cat err
        return 1
    fi
    all_gone
}

sweep() {
    local ms
    for ms in $(seq 1 40) 50 70 100 150 200 300 500; do
        stopped_after "$1" "$2" "$ms" || return 1
    done
}

check "SIGTERM at any moment of the start" sweep TERM 15
check "SIGHUP at any moment of the start" sweep HUP 1

# SIGTERM to one that runs: the result until then, in order.
stopped_running() {
    start idle.yaml || return 1
    kill -TERM "$run"
    ends 143 && says 'stopped by signal 15: this is the result until then' out &&
        says 'result of test, partial: stopped before trading began at ' out
}
check "SIGTERM to a battle that runs ends it in order" stopped_running

# ---- a battle without events sleeps ----
# Who sleeps and is not woken sleeps a whole millisecond: more sleeps than milliseconds slept mean that somebody
# wakes for nothing, whatever else the machine does.
sleeps() {
    awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$1/status"
}

# Neither running nor waiting for a core.
milliseconds_slept() {
    awk 'NR == FNR { up = $1; next } { printf "%d\n", up * 1000 - ($1 + $2) / 1000000 }' \
        /proc/uptime "/proc/$1/schedstat"
}

sleeps_whole() {
    local began before
    began=$(milliseconds_slept "$1")
    before=$(sleeps "$1")
    sleep 1
    before=$(($(sleeps "$1") - before))
    began=$(($(milliseconds_slept "$1") - began))
    echo "$2: $before sleeps in $began ms"
    [ "$before" -le $((began + 50)) ]
}

idle_battle_sleeps() {
    local role
    start idle.yaml || return 1
    for role in exec journal feed0; do
        # What comes at the start is soon done.
        until_true sleeps_whole "$(started_pid $role out)" $role || return 1
    done
    kill -TERM "$run"
    ends 143
}
check "a battle without events sleeps" idle_battle_sleeps

done_testing
