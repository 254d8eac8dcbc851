#!/bin/bash
# `royale status`: of a battle that is over it says what the results say, of one that runs how it stands, and its exit
# code tells a script whether something is wrong.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

agents='agents:
  - {name: noise, strategy: noise, count: 3, cash: 100000, latency_us: 100,
     params: {instrument: RYA, interval_us: 400000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 02:00:00}'
"$royale" generate --itch day.itch --messages 200000 --seed 3 >generate.txt || exit 1
battle 'path: day.itch' "$agents" >day.yaml
battle "$silent" "$agents" >idle.yaml

# ---- a battle that is over ----
check "a battle with agents" run_ok over day.yaml
says_the_result() {
    exits 0 "$royale" status over && says 'battle test: ended, round 2' out && says '2026-01-05 13:30:00 EST' out &&
        says 'out: last, round 1' out && ! grep -E '^(critical|warning) ' out && grep -qE '^exec +ended +[0-9]+ ' out && grep -qE '^agent0 \(noise-1\) +ended' out
}
check "status says how it ended, and what its processes were" says_the_result
if has python3; then
    same_figures() {
        exits 0 "$royale" status --json over && mv out status.json && python3 - status.json over/results.json <<'PYTHON'
import json, sys
status, results = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
of = {agent["name"]: agent for agent in results["agents"]}
assert len(status["agents"]) == len(of) == 3
for agent in status["agents"]:
    same = of[agent["name"]]
    assert agent["rank"] == same["rank"], agent
    assert agent["gain"] == same["pnl"]["total"], (agent, same["pnl"])
    assert agent["fills"] == same["fills"], (agent, same)
    assert agent["out"] == (same["out"] and same["out"]["reason"]), agent
    assert not agent["goes_next"]
assert status["battle_id"] == results["battle_id"] and status["inputs"] == results["inputs"]
assert {process["name"] for process in status["processes"]} >= {"exec", "feed0", "journal", "agent2"}
exec_counters = next(p["counters"] for p in status["processes"] if p["name"] == "exec")
assert exec_counters["inputs"] == results["inputs"], exec_counters
assert exec_counters["state_hash"] == results["hashes"]["state"]
PYTHON
    }
    check "its figures are those of results.json" same_figures
    check "WATCHING.md describes each of its fields" python3 "$tree/tests/e2e/results_keys.py" "$tree/docs/WATCHING.md" status.json
else
    skip "its figures are those of results.json" "python3 is absent"
    skip "WATCHING.md describes each of its fields" "python3 is absent"
fi

broken_off() {
    mkdir -p cut && cp over/battle.yaml cut && head -c $(($(stat -c %s over/inputs.ryj) / 2)) over/inputs.ryj >cut/inputs.ryj
    exits 6 "$royale" status cut && says 'battle test: broke off, ' out && says 'critical  the battle has not ended, and no battle runs there' out
}
check "of a journal that stops it says that the battle broke off" broken_off
damaged() {
    local half=$(($(stat -c %s over/inputs.ryj) / 2))
    # As long as that it cannot fall between two blocks.
    mkdir -p bad && { head -c "$half" over/inputs.ryj; head -c 8192 /dev/zero | tr '\0' U; tail -c "+$((half + 8193))" over/inputs.ryj; } >bad/inputs.ryj
    exits 1 "$royale" status bad && says 'battle test: damaged' out && says 'critical  the journal cannot be followed' out && says 'the journal is damaged' err
}
check "of one that is damaged too, with exit code 1" damaged
wrong() {
    exits 3 "$royale" status nowhere && says 'nowhere' err && exits 2 "$royale" status over over && exits 0 "$royale" help status
}
check "no battle and wrong arguments have exit codes of their own" wrong
listed() {
    exits 0 "$royale" status && grep -qE '^over +ended ' out && grep -qE '^cut +broke off ' out
}
check "without a DIR it lists the battles of the current folder" listed
odd() {
    mkdir -p odd && cp over/inputs.ryj odd
    printf 'feed0 (itch):\n  gaps %30s gaps\nodd: gaps 3 (holes): listen again\n' 3 >odd/counters.txt
    exits 6 "$royale" status odd && says 'critical  feed0 (itch): gaps 3 (holes): listen again' out
}
check "a critical alarm is exit code 6" odd

# ---- a battle that runs ----
barred() { # another user may read the journal, and not enter; only root can be another user
    [ "$(id -u)" != 0 ] && return
    chmod -R a+rX "$dir" && for_others && as_other_user "$royale" status "$work/$dir" >out 2>err &&
        says 'battle test: not known' out && says 'whether the battle runs cannot be seen (Permission denied)' out
}
stands() {
    "$royale" status "$dir" >out 2>err
    [ $? = 6 ] && grep -qE '^exec +stands ' out && grep -q 'critical  exec stands still: no heartbeat for' out
}
runs_again() {
    exits 0 "$royale" status "$dir" && grep -qE '^exec +runs +[0-9]+ ' out
}
standing() {
    start idle.yaml && until_true test -s "$dir/inputs.ryj" || return 1
    mv out run.out
    runs_again && says 'battle test: runs, agents do not trade yet' out && grep -qE '^agent2 \(noise-3\) +runs' out || return 1
    (barred) || return 1
    exec_pid=$(started_pid exec run.out)
    kill -STOP "$exec_pid" && until_true stands || return 1
    kill -CONT "$exec_pid" && until_true runs_again || return 1
    kill -INT "$run"
    wait "$run"
    exits 6 "$royale" status "$dir" && says 'battle test: stopped' out && says 'not reproducible: stopped at wall time' out
}
check "exec that stands still is a critical alarm until it goes on" standing
killed() {
    start idle.yaml && until_true test -s "$dir/inputs.ryj" || return 1
    kill -KILL "$(started_pid exec out)"
    wait "$run"
    exits 6 "$royale" status "$dir" && head -n 1 out | grep -qE '^battle test: broke off \(exec died: ' && says 'critical  the battle has not ended' out
}
check "exec that was killed is the reason why a battle broke off" killed

done_testing
