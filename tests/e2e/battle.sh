#!/bin/bash
# Battles of eight agents: to a winner, the same every time, and with agents and processes that die, hang, lie
# and pry.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

messages=150000
"$royale" generate --messages $messages --itch day.itch --pcap day.pcap >generate.txt || exit 1
for source in "$tree"/tests/e2e/strategies/*.c; do
    name=$(basename "$source" .c)
    ${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o "$name.so" "$source" || exit 1
done

# agents MORE-AGENTS ROUND: the sections of a battle of eight, some of them others than usual.
agents() {
    printf 'agents:\n'
    printf '  - {name: maker-%s, strategy: maker, cash: 1000000, latency_us: 20, jitter_us: 5, params: {instrument: %s, size: 20, interval_ms: 2000, gamma_ppm: 2000, k_ppm: 3000000}}\n' \
        a RYA b RYB
    printf '  - {name: twap-%s, strategy: twap, cash: 1000000, params: {instrument: %s, quantity: %s, slices: 100}}\n' \
        buy RYC 1000 sell RYC -1000
    printf '  - {name: crowd, strategy: noise, cash: 1000000, count: 3, jitter_us: 300, params: {interval_us: 5000000, size_max: 20}}\n'
    printf '%s\n' "${1:-  - {name: eighth, strategy: noise, cash: 1000000, params: {instrument: RYD, interval_us: 5000000\}\}}"
    printf 'risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 100,\n'
    printf '  collar_ppm: 50000, loss_max: 100000}\nfees: {maker_ppm: -20, taker_ppm: 30}\n'
    printf 'game: {round: %s, min_fills: 1, stall_s: %s}\n' "${2:-00:45:00}" "${stall:-30}"
}

fight() { # FEED MORE-AGENTS ROUND: a battle file
    battle "$1" "$(agents "${2:-}" "${3:-}")"
}

fight 'path: day.itch' >file.yaml
fight 'port: dpdk, path: day.pcap' >dpdk.yaml

# ---- to a winner, and the same every time ----
check "eight agents run" run_ok first file.yaml
check "to a winner" grep -q '^winner: ' first.txt
check "all eight are ranked" [ "$(grep -cE '^ +[1-8]  +[0-9-]+  [a-z]' first.txt)" = 8 ]
check "agents were filled by recorded orders" grep -qE '^  demand_agents +[1-9]' first/counters.txt
check "and took them" grep -qE '^  taken_recorded +[1-9]' first/counters.txt
# The futex calls of all agents together are at most one a wake, and one for each half of a link.
# shellcheck disable=SC2016 # awk's own
check "an agent wakes exec once an answer" awk '
    /:$/ { agent = /^agent/ }
    agent && $1 == "rouses" { rouses += $2 }
    agent && $1 == "callbacks" { wakes += $2 }
    agent && $1 == "records" { records += $2 }
    END { exit !(wakes > 0 && rouses <= wakes + records / 8192) }' first/counters.txt
check "nothing was foreign" bash -c '! grep commands_foreign first/counters.txt'
check "the whole result stands in the directory" same_hashes first.txt first/result.txt
check "nobody else may look into the directory" [ "$(stat -c %a first)" = 700 ]
check "replay gives the hashes" exits 0 "$royale" replay first
check "all four" same_hashes first.txt out
check "through DPDK" run_ok dpdk dpdk.yaml
check "the hashes are the same" same_hashes first.txt dpdk.txt

# Beside two busy loops each wake of an agent takes milliseconds: short rounds, an early winner.
fight 'path: day.itch' '' 00:10:00 >short.yaml
fight 'port: dpdk, path: day.pcap' '' 00:10:00 >short-dpdk.yaml
check "a battle of short rounds" run_ok short short.yaml
one=$(one_core)
ten_runs() {
    local i result=0 before file
    for i in 1 2 3 4 5 6 7 8 9 10; do
        before=()
        [ $((i % 2)) = 0 ] || before=(taskset -c "$one")
        # libm gives other bits without FMA; what agents compute must not.
        [ "$i" = 5 ] && before+=(env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA)
        file=short.yaml
        [ $((i % 3)) = 0 ] && file=short-dpdk.yaml
        run_ok "busy$i" $file "${before[@]}" && same_hashes short.txt "busy$i.txt" || result=1
    done
    return $result
}
check "ten runs beside two busy loops, on one core and on all, from file and DPDK" beside_two_loops ten_runs
sed 's/^  name: test/&\n  seed: 2/' file.yaml >seed.yaml
check "another seed" run_ok seed seed.yaml
check "is another battle" bash -c '! diff <(grep "^state hash" first/result.txt) <(grep "^state hash" seed/result.txt)'
mkdir twice # of our own: others may be looking for theirs in /tmp
check "check --twice agrees" exits 0 env TMPDIR="$PWD/twice" "$royale" check --twice file.yaml
check "and says so" says 'the same battle twice' out
fight 'path: day.itch' '  - {name: wrong, strategy: ./fickle.so, cash: 1000000}' >fickle.yaml
check "a strategy that asks the clock is caught" exits 1 env TMPDIR="$PWD/twice" "$royale" check --twice fickle.yaml
check "and named" says 'the commands of agent wrong (' out
check "check --twice leaves nothing" rmdir twice

# ---- what agents are told ----
${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o requote.so "$tree/tests/bench/strategies/requote.c" || exit 1
requotes() { # WAKE: four that look at every book at each input that changed one, for five minutes
    fight 'path: day.itch' "  - {name: rq, strategy: ./requote.so, cash: 1000000, count: 4, jitter_us: 300, params: {instrument: RYB, wake: $1}}" |
        sed 's/trade_to: 16:00/trade_to: 09:35/; s/round: [0-9:]*, //' >"$1.yaml"
    run_ok "$1" "$1.yaml"
}
check "agents that are told of orders" requotes orders
check "and the same told of levels" requotes levels
check "make the same battle" same_hashes orders.txt levels.txt
called() { # DIR
    "$royale" counters "$1" | grep -E '^  callbacks ' | sort
}
same_calls() {
    [ -n "$(called orders)" ] && [ "$(called orders)" = "$(called levels)" ]
}
check "with the same calls" same_calls

# ---- agents that misbehave ----
wrong() { # HOW AFTER
    printf '  - {name: wrong, strategy: ./misbehave.so, cash: 1000000, params: {how: %s, after: %s}}' "$1" "$2"
}

misbehaves() { # HOW AFTER SAID: the battle goes on, the agent is out, its end is said, the other seven play on
    local dir=$1-$2
    fight 'path: day.itch' "$(wrong "$1" "$2")" >"$dir.yaml"
    # Who is out by a round and only stays has played.
    exits "$([ "$1" = stay ] && echo 0 || echo 4)" "$royale" run --quiet --dir "$dir" "$dir.yaml" || return 1
    cp out "$dir.txt"
    cp err "$dir.err"
    [ -z "$3" ] || says "royale: agent7 (wrong) $3" err || return 1
    says 'winner: ' out && says 'verified: the journal gives the same hash' out &&
        ! grep -q '^winner: wrong' out && [ "$(grep -cE '^ +[1-8]  +[0-9-]+  [a-z]' out)" = 8 ]
}

was_out() { # DIR WORD
    grep -qE "^ +[1-8]  +[0-9-]+  wrong .* out: $2, round 1" "$1.txt" || { cat "$1.txt"; return 1; }
}

for after in 0 1 100 2000; do
    check "an agent crashes after $after s" misbehaves crash $after 'died: crashed by signal 11 (Segmentation fault) at address 0x0 in its callback '
    check "it is out" was_out crash-$after died
done
check "a crash in a callback is the same every time" exits 4 "$royale" run --quiet --dir crash-again crash-100.yaml
check "all hashes" same_hashes crash-100.txt out
if [ "$(id -u)" = 0 ]; then
    check "so that result is not stamped" bash -c '! grep "not reproducible" crash-100.txt'
else
    check "but agents share a user, so that result is stamped" says 'not reproducible: agent wrong died' crash-100.txt
fi
check "an agent leaves" misbehaves leave 100 'died: called exit(0) in its callback timer, at '
check "it is out" was_out leave-100 died
check "an agent refuses its parameters" misbehaves fail 0 'died: nothing is right (exit code 1); the battle goes on'
check "it is out" was_out fail-0 died
stall=1 # on a busy machine nobody else may be found to hang
check "an agent hangs" misbehaves hang 100 'has not come back, in its callback timer, at 2026-01-05 09:31:40 EST (14:31:40 UTC): killed'
check "it is out" was_out hang-100 stalled
check "and the result is stamped" says 'not reproducible: agent wrong stalled at wall time' hang-100.txt
check "an agent hangs at the start" misbehaves hang 0 'has not come back, in its callback start, at 2026-01-05 09:30:00 EST (14:30:00 UTC): killed'
check "it is out" was_out hang-0 stalled
stall=
check "an agent does not end when it is out" misbehaves stay 1 'has not come back, in its callback stop, at '

# ---- agents that cannot load: the run ends before it begins ----
cannot_load() { # NAME STRATEGY TEXT
    fight 'path: day.itch' "  - {name: wrong, strategy: $2, cash: 1000000}" >"$1.yaml"
    exits 4 "$royale" run --quiet --dir "$1" "$1.yaml" && says "royale: agent7 (wrong) died: " err && says "$3" err &&
        ! grep -q . out
}
echo 'no library' >text.so
echo 'int nothing;' >empty.c && ${CC:-cc} -shared -fPIC -o empty.so empty.c
not_read() { # DIR FILE TEXT
    fight 'path: day.itch' "  - {name: wrong, strategy: $2, cash: 1}" >"$1.yaml"
    exits 3 "$royale" run --quiet --dir "$1" "$1.yaml" && says "$3" err && [ ! -e "$1" ]
}
check "what is no library does not start a battle" not_read text ./text.so ': is no shared library'
check "nor does a library that is no strategy" not_read empty ./empty.so 'exports no ry_strategy'
printf '#include "royale/agent.h"\nvoid nowhere(void);\nstatic void stop(struct ry_agent *agent) { (void)agent; nowhere(); }\nRY_STRATEGY(.stop = stop);\n' >lacks.c
${CC:-cc} -shared -fPIC -fvisibility=hidden -I"$bin/../include" -o lacks.so lacks.c
check "a strategy that lacks a function" cannot_load lacks ./lacks.so 'undefined symbol: nowhere'
fight 'path: day.itch' '  - {name: wrong, strategy: nobody, cash: 1}' >nobody.yaml
check "a strategy that is not there" exits 2 "$royale" run --quiet --dir none nobody.yaml
check "is named" says 'agents[5].strategy: "nobody" is no installed strategy; allowed: maker, noise, twap' err
check "and nothing was made" test ! -e none

# ---- kill -9 from outside ----
# The feed never ends, nothing comes: agents stay where they are until the battle is stopped.
fight "$silent" >idle.yaml

named_by_agent() {
    start idle.yaml || return 1
    says 'royale-agent 0 / maker-a' <(tr '\0' ' ' <"/proc/$(started_pid agent0 out)/cmdline") &&
        [ -e "$dir/log/agent0-maker-a.log" ] && stopped_in_order INT 130 && all_gone
}
check "processes and logs have the agents' names" named_by_agent

agent_killed() { # how many
    local i
    start idle.yaml || return 1
    for ((i = 0; i < $1; i++)); do
        kill -9 "$(started_pid "agent$i" out)"
        until_true grep -q "agent$i (.*) died: killed by signal 9 (Killed) between its callbacks: a victim, .*; the battle goes on" err || return 1
    done
    lives "$(started_pid exec out)" || return 1
    stopped_in_order INT 130 && all_gone
}
check "one agent is killed before trading" agent_killed 1
check "all agents are killed before trading" agent_killed 8

# In the middle of a day: some time after the first round's end, wherever that is.
agent_killed_trading() {
    local victim code
    [ -e long.itch ] || "$royale" generate --messages 3000000 --itch long.itch >/dev/null
    fight 'path: long.itch' '' 03:00:00 >long.yaml
    start long.yaml || return 1
    sleep "$1"
    victim=$(started_pid agent4 out)
    kill -9 "$victim" || { echo "the battle was over"; return 1; }
    wait "$run" 2>/dev/null
    code=$?
    [ "$code" = "$(grep -cE '  crowd-1 .* out: died,' out | sed 's/1/4/')" ] || { echo "exit code $code"; return 1; }
    says 'royale: agent4 (crowd-1) died: killed by signal 9 (Killed) ' err &&
        says 'verified: the journal gives the same hash' out &&
        grep -qE '  crowd-1 .* out: (died|last), round' out && all_gone &&
        { ! grep -qE '  crowd-1 .* out: died,' out || says 'not reproducible: agent crowd-1 died at wall time' out; }
}
for wait in 0.3 0.8 1.5; do
    check "an agent is killed after $wait s" agent_killed_trading $wait
done

killed() { # ROLE CODE: ends the battle
    start idle.yaml || return 1
    if [ "$1" = supervisor ]; then
        kill -9 "$run"
        wait "$run" 2>/dev/null
        all_gone
        return
    fi
    kill -9 "$(started_pid "$1" out)"
    ends "$2" && says "royale: $1 died: killed by signal 9 (Killed)" err && all_gone
}
for role in supervisor exec feed0 journal; do
    check "$role is killed" killed $role 1
done

view_killed() {
    start idle.yaml || return 1
    kill -9 "$(started_pid view out)"
    until_true grep -q 'royale: view died: killed by signal 9 (Killed); the battle goes on without it' err || return 1
    stopped_in_order INT 130 && all_gone
}
check "the view is killed" view_killed

# ---- an export that follows ----
export_killed() {
    local code exporter
    start idle.yaml || return 1
    "$bin/royale-export" --follow "$dir" >/dev/null 2>export.err &
    exporter=$!
    started+=("$exporter")
    until_true test -e "$dir/inputs.ryj" || return 1
    lives "$exporter" || { cat export.err; return 1; }
    kill -9 "$exporter"
    wait "$exporter"
    code=$?
    [ $code = 137 ] || { echo "it had ended: $code"; cat export.err; return 1; }
    lives "$(started_pid exec out)" || return 1
    stopped_in_order INT 130 && ! grep . err && all_gone
}
check "an export that follows is killed: the battle does not feel it" export_killed

# ---- a recorded hour ----
recorded=$(data "$es_hours")

recorded_hour() {
    sed "s|path: ${es_hours##*/}|path: $recorded|" "$tree/docs/examples/es-battle.yaml" >es.yaml
    run_ok es es.yaml && says 'winner: ' out
}

# Each of the eight, and divergence from the record.
everybody_traded() {
    local with
    with=$(sed 's/,$//' es/results.json | awk '/^      "fills": / && $2 > 0' | wc -l)
    [ "$with" = 8 ] || { echo "$with of eight have fills"; grep '^      "fills": ' es/results.json; return 1; }
    grep -qE '^    "participation_ppm": [1-9]' es/results.json && grep -qE '^    "demand_lots": [1-9]' es/results.json
}
if [ -n "$recorded" ]; then
    check "eight agents on a recorded hour of a future" recorded_hour
    check "makers and takers have fills, and the divergence is counted" everybody_traded
else
    skip "eight agents on a recorded hour of a future" "no $es_hours"
fi

# ---- an agent that pries ----
pries() { # DIR [COMMAND BEFORE ...]
    local dir=$1
    shift
    exits 0 "$@" "$royale" run --quiet --dir "$dir" "$dir.yaml" || return 1
    says 'peek: nothing' "$dir/log/agent6-peek.log" && says 'peek: 11 processes of the battle' "$dir/log/agent6-peek.log"
}
peek() { # PARAMS
    fight 'path: day.itch' "  - {name: peek, strategy: ./peek.so, cash: 1000000, params: {$1}}
  - {name: secret, strategy: noise, cash: 1000000, params: {instrument: RYA, word: tellnobody}}" | sed 's/count: 3/count: 2/'
}
peek "word: tellnobody, journal: $work/pry/inputs.ryj, door: $work/pry/observe.sock" >pry.yaml
pry_as_root() {
    pries pry && says 'peek: the door: Permission denied' pry/log/agent6-peek.log
}
if [ "$(id -u)" = 0 ]; then
    check "an agent that pries gets nothing, as root" pry_as_root
    mkdir -m 777 other
    peek "word: tellnobody, door: $work/other/pry2/observe.sock" >other/pry2.yaml
    cp day.itch peek.so other && chmod 755 other/peek.so
    pry_as_other() {
        for_others && cd other && pries pry2 as_other_user &&
            says 'peek: the door says: process ' pry2/log/agent6-peek.log &&
            says ' belongs to the battle' pry2/log/agent6-peek.log
    }
    check "nor as another user, whose processes are all that user's" pry_as_other
else
    pry_as_user() {
        pries pry && says ' belongs to the battle' pry/log/agent6-peek.log
    }
    # The journal lies open to its own user.
    sed -i 's/, journal: [^,]*//' pry.yaml
    check "an agent that pries gets nothing" pry_as_user
fi

done_testing
