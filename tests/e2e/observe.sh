#!/bin/bash
# The observers' door: a follower joins a battle that runs, and ends with its hashes; the socket goes with the
# battle, and what a killed supervisor leaves is recognised.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
observer=$bin/../tests/e2e/observer

"$royale" generate --messages 1000000 --itch day.itch >generate.txt || exit 1
battle 'path: day.itch' >day.yaml
battle "$silent" >idle.yaml

journaled() {
    stat -c %s "$dir"/inputs.ryj 2>/dev/null || echo 0
}

# Starts a day and stops exec when something is written, and little: the battle stands still in its middle until
# exec goes on.
start_in_the_middle() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        begin day.yaml
        until [ "$(journaled)" -gt 100000 ] || gone "$run"; do :; done
        exec_pid=$(pgrep -P "$run" -x royale-exec) && kill -STOP "$exec_pid" && [ "$(journaled)" -lt 20000000 ] &&
            return 0
        kill -CONT "$exec_pid" 2>/dev/null
        wait "$run"
    done
    echo "the day was over ten times before it could be stopped"
    return 1
}

go_on() {
    kill -CONT "$exec_pid"
    wait "$run" || { echo "the battle failed"; cat out err; return 1; }
}

# ---- a follower joins in the middle ----
joins() {
    start_in_the_middle || return 1
    "$observer" "$dir" >seen 2>seen.err &
    follower=$!
    started+=("$follower")
    until_true grep -q '^caught up' seen || { cat seen.err; return 1; }
    [ "$(stat -c %a "$dir/observe.sock")" = 660 ] || { stat "$dir/observe.sock"; return 1; }
    # While the journal stands still, exec fills the ring and laps nobody.
    journal_pid=$(pgrep -P "$run" -x royale-journal) && kill -STOP "$journal_pid" && kill -CONT "$exec_pid"
    until_true grep -q '^reads the ring' seen || { kill -CONT "$journal_pid"; return 1; }
    kill -CONT "$journal_pid"
    go_on || return 1
    wait "$follower" || { echo "the follower failed"; cat seen seen.err; return 1; }
    same_hashes out seen || return 1
    [ ! -e "$dir/observe.sock" ] || { echo "the socket is left"; return 1; }
    exits 1 "$observer" "$dir" && says 'observer: no battle runs there' err
}
check "a follower joins in the middle, ends with the battle's hashes, and the socket is gone" joins
came_from_both() { # it stood in the ring when exec went on
    local all ring
    read -r all ring < <(sed -n 's/^\([0-9]*\) inputs, \([0-9]*\) of them from the ring$/\1 \2/p' seen)
    [ "${ring:-0}" -gt 0 ] && [ "$ring" -lt "$all" ] && return 0
    cat seen
    return 1
}
check "the first part from the journal, the rest from the ring" came_from_both

# ---- royale counters looks in ----
counters_look_in() {
    start_in_the_middle || return 1
    exits 0 "$royale" counters "$dir" || return 1
    mv out counters
    for line in 'exec:' 'journal:' '  itch_add +[1-9][0-9]* messages' '  market_time +[1-9][0-9]* ns'; do
        grep -qE "^$line\$" counters || { echo "no line like: $line"; cat counters; return 1; }
    done
    go_on
}
check "royale counters DIR prints what each process of it has counted" counters_look_in

# ---- royale-view joins by the door ----
view_joins() {
    start_in_the_middle || return 1
    "$bin/royale-view" --follow --json "$dir" >view 2>view.err &
    follower=$!
    started+=("$follower")
    # Only what was let in maps the ring.
    until_true grep -q 'memfd:exec.inputs' "/proc/$follower/maps" || { cat view.err; return 1; }
    go_on || return 1
    wait "$follower" || { cat view.err; return 1; }
    says "\"state\":\"$(hash_of state out)\"" view
}
check "royale-view --follow joins by the door, with the same hash" view_joins

# ---- kill -9 of the supervisor leaves the socket: nobody answers ----
killed() {
    start idle.yaml && until_true test -s "$dir/inputs.ryj" && test -S "$dir/observe.sock" || return 1
    kill -9 "$run"
    wait "$run" 2>/dev/null
    test -S "$dir/observe.sock" || { echo "no socket is left: nothing to recognise"; return 1; }
    exits 1 "$observer" "$dir" && says 'observer: no battle runs there' err
}
check "after kill -9 of the supervisor nobody answers" killed

# A look at a battle that runs is no look at a damaged journal.
glanced() {
    start idle.yaml && until_true test -s "$dir/inputs.ryj" || return 1
    exits 0 "$bin/royale-view" "$dir" && says 'so far: the battle runs, --follow shows it to its end (after input ' err &&
        ! grep cut err && stopped_in_order INT 130
}
check "a view that does not follow says that the battle runs" glanced

done_testing
