#!/bin/bash
# Deadlines: whoever is stopped from outside together with the battle, loads slowly, or is under a debugger is late
# for nothing; whoever stands still keeps nobody from ending; an agent's log is its quota long, whatever it does.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

tracer=$bin/../tests/e2e/tracer
"$royale" generate --messages 50000 --itch day.itch >generate.txt || exit 1
compile() { # SOURCE LIBRARY [FLAGS ...]
    ${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" "${@:3}" -o "$2.so" "$tree/tests/e2e/strategies/$1.c" || exit 1
}
compile slow slow
compile slow late -DLOAD_SECONDS=600
compile loud loud

fight() { # FEED STRATEGY-KEYS GAME-KEYS
    battle "$1" "agents:
  - {name: $2, cash: 1000000}
  - {name: crowd, strategy: noise, cash: 1000000, params: {instrument: RYA, interval_us: 60000000}}
risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 100,
  collar_ppm: 50000, loss_max: 100000}
game: {$3}"
}

# ---- time in which nobody ran ----
fight 'path: day.itch' 'slow, strategy: ./slow.so, params: {pause_us: 200}' 'stall_s: 1' >slow.yaml
fight 'path: day.itch' 'late, strategy: ./late.so' 'load_s: 1' >late.yaml
nobody_is_out() {
    ! grep -E ' out: (died|stalled)|not reproducible' "$1"
}

undisturbed() {
    run_ok first slow.yaml && nobody_is_out first.txt
}
check "a strategy may load longer than stall_s" undisturbed
late() {
    exits 4 "$royale" run --quiet --dir late late.yaml && says 'royale: agent0 (late) did not finish loading in 1 s' err
}
check "but not longer than load_s" late

# In the middle: the agents have their wakes, and the first of them pauses at each.
in_the_middle() {
    start slow.yaml
    slow=$(started_pid agent0 out)
    sleep 0.5
    lives "$slow" || { echo "the battle was over"; return 1; }
}

same_as_undisturbed() {
    ends 0 && nobody_is_out out && same_hashes first.txt out
}

# As Ctrl-Z does, but for the order: whoever waits stops last and is the first to go on.
stopped_as_a_whole() {
    local pid
    in_the_middle || return 1
    for pid in "${all[@]}"; do
        [ "$pid" = "$(started_pid exec out)" ] || kill -STOP "$pid"
    done
    sleep 0.1
    kill -STOP "$(started_pid exec out)"
    sleep 3
    kill -CONT "$(started_pid exec out)"
    sleep 0.2
    kill -CONT "${all[@]}"
    same_as_undisturbed
}
check "a battle that is stopped longer than stall_s and goes on" stopped_as_a_whole

under_a_debugger() {
    local tracing
    in_the_middle || return 1
    "$tracer" "$slow" 3 >traced 2>traced.err &
    tracing=$!
    until_true grep -q attached traced || { cat traced.err; return 1; }
    wait $tracing || { cat traced.err; return 1; }
    same_as_undisturbed && says 'exec: agent 0 (slow) did not answer for 1 s, but a debugger traces it' "$dir/log/exec.log"
}
if [ "$(id -u)" = 0 ]; then
    check "an agent under a debugger" under_a_debugger
else
    skip "an agent under a debugger" "only root may trace an agent"
fi

stopped_alone() {
    in_the_middle || return 1
    kill -STOP "$slow"
    ends 4 && grep -qE ' out: stalled' out && says 'not reproducible: agent slow stalled' out && all_gone
}
check "an agent that is stopped alone is out" stopped_alone

# ---- every wait ends ----
battle "$silent" >idle.yaml

# Ten seconds without a sign of life, five to hear SIGTERM.
one_signal_is_enough() {
    local began
    start idle.yaml || return 1
    kill -STOP "$(started_pid exec out)" "$(started_pid journal out)"
    began=$SECONDS
    kill -TERM "$run"
    ends 143 && all_gone || return 1
    echo "it took $((SECONDS - began)) s"
    [ $((SECONDS - began)) -lt 40 ]
}
check "one SIGTERM ends a battle whose exec and journal stand still" one_signal_is_enough

stopped_children_go_too() {
    start idle.yaml || return 1
    kill -STOP "$(started_pid exec out)" "$(started_pid journal out)" "$(started_pid feed0 out)"
    kill -9 "$run"
    wait "$run" 2>/dev/null
    all_gone
}
check "stopped processes end with a killed supervisor" stopped_children_go_too

# ---- memory runs out: agents first ----
fight "$silent" 'quiet, strategy: noise, params: {instrument: RYA}' 'stall_s: 30' >crowd.yaml
oom_score() {
    cat "/proc/$(started_pid "$1" out)/oom_score_adj"
}

agents_go_first() {
    local agent view exec_
    start crowd.yaml || return 1
    agent=$(oom_score agent1) view=$(oom_score view) exec_=$(oom_score exec)
    echo "agent $agent, view $view, exec $exec_"
    [ "$agent" -gt "$view" ] && [ "$view" -gt "$exec_" ] || return 1
    [ "$exec_" -lt 0 ] || says 'exec: oom_score_adj stays as it was, not -500: ' "$dir/log/exec.log" || return 1
    stopped_in_order INT 130 && all_gone
}
check "agents are killed before exec when memory runs out" agents_go_first

# ---- an agent's log ----
fight 'path: day.itch' 'loud, strategy: ./loud.so' 'stall_s: 30' >loud.yaml
check "an agent floods its log" run_ok loud loud.yaml
log_is_whole() {
    local log=loud/log/agent0-loud.log bytes
    bytes=$(stat -c %s $log)
    says 'loud: first' $log && says 'loud:  [2Jsecond' $log && says 'strategy ' $log &&
        says 'this log is full: nothing more of this process is kept' $log && ! grep -q 'loud: cut' $log || return 1
    echo "$bytes bytes"
    [ "$bytes" -lt $((65 << 20)) ] && [ "$bytes" -gt $((63 << 20)) ] && nobody_is_out loud.txt
}
check "the log is whole, and no longer than its quota" log_is_whole
check "and that is said" says 'royale: agent0 (loud) has filled its log (64 MiB)' err

done_testing
