#!/bin/bash
# kill -9 of each process of a battle at several moments: the others end, nothing is left, and it is said who
# died.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 1000000 --itch day.itch >generate.txt || exit 1
battle "$silent" >idle.yaml
battle 'path: day.itch' >flow.yaml

# Everything of ours that could outlive a process: where DPDK, shared memory and huge pages leave theirs.
leftovers() {
    local pid place
    for pid in "$@"; do
        for place in /var/run/dpdk /run/dpdk /tmp/dpdk "${XDG_RUNTIME_DIR:-/tmp}/dpdk"; do
            ls -d "$place/royale-$pid-"* 2>/dev/null
        done
    done
    find /dev/shm -name '*royale*' 2>/dev/null
    awk '$3 == "hugetlbfs" { print $2 }' /proc/mounts | while read -r place; do
        find "$place" -name '*royale*' 2>/dev/null
    done
}

nothing_left() {
    local pid
    for pid in "$@"; do
        until_true gone "$pid" || return 1
    done
    [ -z "$(leftovers "$@")" ] || { leftovers "$@"; return 1; }
}

# Starts a battle and waits until it runs: $run, its supervisor, and $all, every process of it.
start() {
    dir=$(mktemp -d runXXXXXX)
    rm -f out
    "$royale" run --dir "$dir" "$1" >out 2>err &
    run=$!
    started+=("$run")
    until_true has_started out || return 1
    exec_pid=$(started_pid exec out) feed_pid=$(started_pid feed0 out) journal_pid=$(started_pid journal out)
    all=("$run" "$exec_pid" "$feed_pid" "$journal_pid")
    started+=("${all[@]}")
    lives "$exec_pid" && lives "$feed_pid" && lives "$journal_pid"
}

who() {
    case $1 in
    exec) echo "$exec_pid" ;;
    feed0) echo "$feed_pid" ;;
    journal) echo "$journal_pid" ;;
    supervisor) echo "$run" ;;
    esac
}

# role_dies ROLE: of a battle that was started: ends with exit code 1, says who, leaves nothing.
role_dies() {
    local code
    kill -9 "$(who "$1")"
    [ "${stopped:-}" = "" ] || kill -CONT "$stopped" 2>/dev/null
    wait "$run"
    code=$?
    [ $code = 1 ] || { echo "exit code $code, not 1"; cat err; return 1; }
    says "royale: $1 died: killed by signal 9 (Killed)" err &&
        says "royale: the last lines of $dir/log/$1.log:" err && nothing_left "${all[@]}"
}

supervisor_dies() {
    kill -9 "$run"
    [ "${stopped:-}" = "" ] || kill -CONT "$stopped" 2>/dev/null
    wait "$run" 2>/dev/null
    nothing_left "${all[@]}"
}

dies() {
    if [ "$1" = supervisor ]; then
        supervisor_dies
    else
        role_dies "$1"
    fi
}

# ---- idle: everything runs, nothing comes ----
dies_idle() {
    stopped=
    start idle.yaml && dies "$1"
}

# ---- in the middle of a day: the journal stands still, so that the battle cannot end before the blow ----
journaled() {
    stat -c %s "$dir"/inputs.ryj 2>/dev/null || echo 0
}

# Starts a day and stops its journal when it has written something, and so little that the rest of the day
# does not fit into the rings: 1 on the way back means that it came too late.
start_in_the_middle() {
    dir=$(mktemp -d runXXXXXX)
    "$royale" run --dir "$dir" flow.yaml >out 2>err &
    run=$!
    started+=("$run")
    until [ "$(journaled)" -gt 100000 ] || gone "$run"; do :; done
    journal_pid=$(pgrep -P "$run" -x royale-journal) && kill -STOP "$journal_pid" &&
        [ "$(journaled)" -lt 20000000 ] && return 0
    kill -CONT "$journal_pid" 2>/dev/null
    wait "$run"
    return 1
}

dies_in_the_middle() {
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do
        start_in_the_middle && break
        [ $try != 10 ] || { echo "the day was over ten times before it could be stopped"; return 1; }
    done
    stopped=$journal_pid
    exec_pid=$(pgrep -P "$run" -x royale-exec) feed_pid=$(pgrep -P "$run" -x royale-feed)
    all=("$run" "$exec_pid" "$feed_pid" "$journal_pid")
    started+=("${all[@]}")
    dies "$1"
}

# ---- while they open ----
dies_opening() {
    dir=$(mktemp -d runXXXXXX)
    "$royale" run --dir "$dir" idle.yaml >out 2>err &
    run=$!
    started+=("$run")
    # DPDK takes a while to start; the feed's log exists before its process does.
    until_true pgrep -P "$run" -x royale-feed >/dev/null || return 1
    until_true pgrep -P "$run" -x royale-journal >/dev/null || return 1
    exec_pid=$(pgrep -P "$run" -x royale-exec) feed_pid=$(pgrep -P "$run" -x royale-feed)
    journal_pid=$(pgrep -P "$run" -x royale-journal)
    all=("$run" "$exec_pid" "$feed_pid" "$journal_pid")
    started+=("${all[@]}")
    stopped=
    dies "$1"
}

for victim in supervisor exec feed0 journal; do
    check "$victim is killed while all open" dies_opening $victim
    check "$victim is killed while nothing comes" dies_idle $victim
    check "$victim is killed in the middle of a day" dies_in_the_middle $victim
done

# ---- a feed dies: exec and journal end in order all the same ----
whole_journal() {
    dies_in_the_middle feed0 || return 1
    says 'exec: the battle has ended' "$dir/log/exec.log" || says 'died before the end of its data' "$dir/log/exec.log" ||
        return 1
    exits 0 "$royale" replay "$dir" || return 1
    ! grep -q 'cut after' out "$dir/log/journal.log" || { cat out "$dir/log/journal.log"; return 1; }
}
check "the journal of a battle whose feed died is whole" whole_journal

# ---- stopped twice: at once, without a result ----
stopped_twice() {
    local code
    start idle.yaml || return 1
    kill -STOP "$exec_pid" # it cannot end in order
    kill -TERM "$run"
    kill -INT "$run"
    kill -CONT "$exec_pid"
    wait "$run"
    code=$?
    # The two may be taken in either order; and exec may yet have ended in order in between.
    [ $code = 143 ] || [ $code = 130 ] || { echo "exit code $code"; cat err; return 1; }
    nothing_left "${all[@]}"
}
check "stopped twice, it ends at once" stopped_twice

# ---- a role that stands still for good is killed ----
stands_still() {
    local code
    start idle.yaml || return 1
    kill -STOP "$feed_pid"
    kill -9 "$exec_pid"
    wait "$run"
    code=$?
    [ $code = 1 ] || { echo "exit code $code, not 1"; cat err; return 1; }
    says 'royale: exec died: killed by signal 9 (Killed)' err && nothing_left "${all[@]}"
}
check "a process that stands still is killed" stands_still

done_testing
