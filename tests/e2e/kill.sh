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
    find /dev/shm -maxdepth 1 -name '*royale*' 2>/dev/null
    awk '$3 == "hugetlbfs" { print $2 }' /proc/mounts | while read -r place; do
        find "$place" -name '*royale*' 2>/dev/null
    done
}

nothing_left() {
    all_gone || return 1
    [ -z "$(leftovers "${all[@]}")" ] || { leftovers "${all[@]}"; return 1; }
}

# pid_of ROLE: its process in a battle whose processes are all there, whether it has said so or not.
pid_of() {
    case $1 in
    supervisor) echo "$run" ;;
    feed0) pgrep -P "$run" -x royale-feed ;;
    *) pgrep -P "$run" -x "royale-$1" ;;
    esac
}

all_of_it() {
    mapfile -t all < <(pgrep -P "$run")
    all+=("$run")
    started+=("${all[@]}")
}

# role_dies ROLE: of a battle that was started: ends with exit code 1, says who, leaves nothing.
role_dies() {
    kill -9 "$(pid_of "$1")"
    [ "${stopped:-}" = "" ] || kill -CONT "$stopped" 2>/dev/null
    ends 1 && says "royale: $1 died: killed by signal 9 (Killed)" err &&
        says "royale: the last lines of $dir/log/$1.log:" err && nothing_left
}

supervisor_dies() {
    kill -9 "$run"
    [ "${stopped:-}" = "" ] || kill -CONT "$stopped" 2>/dev/null
    wait "$run" 2>/dev/null
    nothing_left
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
    begin flow.yaml
    until [ "$(journaled)" -gt 100000 ] || gone "$run"; do :; done
    stopped=$(pid_of journal) && kill -STOP "$stopped" && [ "$(journaled)" -lt 20000000 ] && return 0
    kill -CONT "$stopped" 2>/dev/null
    wait "$run"
    return 1
}

dies_in_the_middle() {
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do
        start_in_the_middle && break
        [ $try != 10 ] || { echo "the day was over ten times before it could be stopped"; return 1; }
    done
    all_of_it
    dies "$1"
}

# ---- while they open ----
dies_opening() {
    begin idle.yaml
    # DPDK takes a while to start; the feed's log exists before its process does.
    until_true pid_of feed0 >/dev/null && until_true pid_of journal >/dev/null || return 1
    all_of_it
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
    local code exec_pid
    start idle.yaml || return 1
    exec_pid=$(pid_of exec)
    kill -STOP "$exec_pid" # it cannot end in order
    kill -TERM "$run"
    kill -INT "$run"
    kill -CONT "$exec_pid"
    wait "$run"
    code=$?
    # The two may be taken in either order; and exec may yet have ended in order in between.
    [ $code = 143 ] || [ $code = 130 ] || { echo "exit code $code"; cat err; return 1; }
    nothing_left
}
check "stopped twice, it ends at once" stopped_twice

# ---- a role that stands still for good is killed ----
stands_still() {
    start idle.yaml || return 1
    kill -STOP "$(pid_of feed0)"
    kill -9 "$(pid_of exec)"
    ends 1 && says 'royale: exec died: killed by signal 9 (Killed)' err && nothing_left
}
check "a process that stands still is killed" stands_still

done_testing
