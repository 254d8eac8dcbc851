#!/bin/bash
# One battle, three ways to run it, one hash: a process a role, all in one process (--fast), and in a program that is one of its
# agents (docs/EMBEDDED.md). Also what agents do to one another in one process, what is said of it, and what cannot be run so.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 60000 --itch day.itch --pcap day.pcap >generate.txt || exit 1
for source in "$tree"/tests/e2e/strategies/{apart,hostile,misbehave}.c "$tree/tests/bench/strategies/requote.c"; do
    ${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o "$(basename "$source" .c).so" "$source" -lm || exit 1
done
chmod 755 . ./*.so # read by other users

# Programs that are an agent by the code of a strategy, if they can be linked here: the library is without a sanitizer, and could
# not load strategies that have one.
library=$(dirname "$bin")/library
embeds=
nm -D "$(dirname "$bin")/lib/royale/maker.so" | grep -qE '__(asan|tsan|ubsan)' || embeds=yes
for source in "$tree/agents/strategies/maker/maker.c" "$tree/tests/bench/strategies/requote.c"; do
    [ -n "$embeds" ] || break
    ${CC:-cc} -O1 -I"$bin/../include" "$tree/docs/examples/embedded/program.c" "$source" -o "as-$(basename "$source" .c)" -L"$library" -lroyale -lm || exit 1
done

risk='risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 100,
  collar_ppm: 50000, loss_max: 100000}'
house='  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, jitter_us: 5, params: {instrument: RYA, size: 20, interval_ms: 2000}}
  - {name: twap, strategy: twap, cash: 1000000, params: {instrument: RYC, quantity: 1000, slices: 100}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, jitter_us: 300, params: {interval_us: 5000000, size_max: 20}}'

# fight FEED AGENTS: a battle of the house's agents and those.
fight() {
    battle "$1" "agents:
$house
${2:-}
$risk
game: {round: ${round:-01:30:00}, min_fills: 1, stall_s: ${stall:-30}}"
}

# what_was_said DIR: the lines of the agents' logs, without wall times; a process may print late.
what_was_said() {
    local log
    for log in "$1"/log/agent*.log; do
        echo "$(basename "$log"):"
        sed -E 's/^[0-9:.]{15} //; /sandbox: partial/d; /^INFO  agent[0-9]+: process /d' "$log" | sort
    done
}

# figures DIR: its results, but for what names the run.
figures() {
    jq -c 'del(.battle_id, .isolation)' "$1/results.json" "$1/trades.jsonl"
}

# in_a_program NAME: likewise with its maker, or its first and last requoter, in a program; results and trades too.
in_a_program() {
    local name=$1 program=as-maker agents=()
    ! grep -q 'name: maker,' "$name.yaml" || agents=(maker)
    ! grep -q 'name: rq,' "$name.yaml" || { program=as-requote agents=(rq-1 rq-4); }
    exits 0 env LD_LIBRARY_PATH="$library" ROYALE_STRATEGIES="$(dirname "$bin")/lib/royale" "./$program" "$name.yaml" "$name-in" "${agents[@]}" &&
        same_hashes "$name-one.txt" out && same_hashes out "$name-in/result.txt" || return 1
    [ ! -e "$name-one/results.json" ] || diff <(figures "$name-one") <(figures "$name-in")
}

# both_ways NAME [CODE]: NAME.yaml gives the same hashes, results, trades, logs and calls both ways, and in a program if nobody
# misbehaves there; the exit code is CODE.
both_ways() {
    local name=$1 code=${2:-0}
    exits "$code" "$royale" run --quiet --dir "$name-each" "$name.yaml" || return 1
    cp out "$name-each.txt" && cp err "$name-each.err"
    exits "$code" "$royale" run --quiet --fast --dir "$name-one" "$name.yaml" || return 1
    cp out "$name-one.txt" && cp err "$name-one.err"
    same_hashes "$name-each.txt" "$name-one.txt" || return 1
    [ "$code" != 0 ] || [ -z "$embeds" ] || in_a_program "$name" || return 1
    [ -e "$name-each/results.json" ] || return 0
    diff <(figures "$name-each") <(figures "$name-one") && diff <(what_was_said "$name-each") <(what_was_said "$name-one") || return 1
    [ "$code" = 0 ] || return 0 # a process that crashes has not published its last counts
    diff <(grep -E '^  (callbacks|timers|reports|commands) ' "$name-each/counters.txt") \
            <(grep -E '^  (callbacks|timers|reports|commands) ' "$name-one/counters.txt")
}

# ---- battles ----
battle 'path: day.itch' >alone.yaml
check "a market without agents" both_ways alone
fight 'path: day.itch' >fight.yaml
check "a battle" both_ways fight
fight 'port: pcap, path: day.pcap' >capture.yaml
check "out of a capture" both_ways capture
[ -n "$embeds" ] || skip "battles in a program" "strategies have a sanitizer"
check "with the same hashes" same_hashes fight-one.txt capture-one.txt
round=00:10:00 fight 'path: day.itch' >short.yaml
check "to a winner, in short rounds" both_ways short
crowd_battle crowd 20 >crowd.yaml
check "with many rejects" both_ways crowd
for wake in timer top levels orders record; do
    fight 'path: day.itch' "  - {name: rq, strategy: ./requote.so, cash: 1000000, count: 4, jitter_us: 300, params: {instrument: RYB, wake: $wake}}" |
        sed 's/trade_to: 16:00/trade_to: 09:45/; s/round: [0-9:]*, //' >"$wake.yaml"
    check "agents that are woken by: $wake" both_ways "$wake"
done
sed 's/^feeds:/run: {processes: one}\n&/' fight.yaml >file.yaml
says_one() {
    run_ok file file.yaml && same_hashes file.txt fight-each.txt && says 'isolation: agents were not isolated from each other' out &&
        says '"isolation": "one_process"' file/results.json
}
check "the battle file can say it; the result says what it means" says_one
for name in demo-file es-hours es-battle; do
    examples=$tree/docs/examples
    if [ "$name" = demo-file ]; then
        ln -sf "$PWD/day.itch" . 2>/dev/null
    elif ! data "$es_hours" >/dev/null; then
        skip "docs/examples/$name.yaml" 'no real market data, see ROYALE_DATA'
        continue
    else
        ln -sf "$(data "$es_hours")" .
    fi
    cp "$examples/$name.yaml" .
    check "docs/examples/$name.yaml" both_ways "$name"
done

# ---- what can be done with the directory of one ----
check "it can be replayed" exits 0 "$royale" replay --levels 0 fight-one
check "to the same hashes" same_hashes out fight-one.txt
check "its decisions can be asked for" exits 0 "$royale" why fight-one maker/1
check "its counters are there, of every role" grep -qE '^agent4 \(crowd-3\):' fight-one/counters.txt
check "also those of the feed and the journal" [ "$(grep -cE '^(feed0 \(itch\)|journal|exec):' fight-one/counters.txt)" = 3 ]
exports() {
    sed 's/^feeds:/export: {sink: jsonl}\n&/' fight.yaml >export.yaml
    run_ok export-each export.yaml && exits 0 "$royale" run --quiet --fast --dir export-one export.yaml &&
        says 'export: complete' out &&
        diff <(cat export-each/rows/*.jsonl | jq -c 'del(.battle_id, .isolation)') <(cat export-one/rows/*.jsonl | jq -c 'del(.battle_id, .isolation)')
}
check "an export follows it" exports

# ---- many of one library ----
fight 'path: day.itch' "  - {name: apart, strategy: ./apart.so, cash: 1000, count: 55, jitter_us: 50}" >apart.yaml
check "sixty agents of which fifty-five are one library keep their variables apart" both_ways apart
fight 'path: day.itch' "  - {name: rounds, strategy: ./apart.so, cash: 1000, params: {rounding: up}}
  - {name: beside, strategy: ./apart.so, cash: 1000}" >floats.yaml
check "and their way to round" both_ways floats
check "which were two" [ "$(cat floats-one/log/agent[56]-*.log | grep -o 'a third is .*' | sort -u | wc -l)" = 2 ]

# ---- agents that misbehave ----
wrong() { # STRATEGY HOW AFTER
    printf '  - {name: wrong, strategy: ./%s.so, cash: 1000000, params: {how: %s, after: %s}}' "$1" "$2" "$3"
}
same_end() { # NAME: the same is said of it
    diff <(grep 'agent5 (wrong)' "$1-each.err" | sed -E 's/address 0x[0-9a-f]+/ADDRESS/') \
        <(grep 'agent5 (wrong)' "$1-one.err" | sed -E 's/address 0x[0-9a-f]+/ADDRESS/')
}
if [ "$(id -u)" = 0 ]; then
    for how in write overflow divide; do
        fight 'path: day.itch' "$(wrong hostile $how 100)" >$how.yaml
        check "a fault: $how" both_ways $how 4
        check "of which the same is said" same_end $how
    done
    fight 'path: day.itch' "$(wrong misbehave crash 0)" >crash.yaml
    check "a crash at the start" both_ways crash 4
else
    skip "faults" "where agents are processes they are the agents' own only with a user each, so as root"
fi
fight 'path: day.itch' "$(wrong misbehave fail 0)" >fail.yaml
check "an agent that refuses its parameters" both_ways fail 4
ends_alike() { # NAME: at a moment that its author chose, so the hashes may differ
    exits 4 "$royale" run --quiet --dir "$1-each" "$1.yaml" && cp err "$1-each.err" || return 1
    exits 4 "$royale" run --quiet --fast --dir "$1-one" "$1.yaml" && cp err "$1-one.err" && says 'not reproducible: agent wrong died' out &&
        says 'verified: the journal gives the same hash' out && same_end "$1"
}
for how in abort raise exit leave status; do
    fight 'path: day.itch' "$(wrong hostile $how 100)" >$how.yaml
    check "an agent that ends itself: $how" ends_alike $how
done
hangs() { # AFTER WHERE
    stall=1 fight 'path: day.itch' "$(wrong misbehave hang "$1")" >"hang-$1.yaml"
    exits 4 "$royale" run --quiet --fast --dir "hang-$1" "hang-$1.yaml" && says 'not reproducible: agent wrong stalled at wall time' out &&
        says "agent5 (wrong) has not come back, in its callback $2, at " err && says 'verified: the journal gives the same hash' out
}
check "an agent that does not come back" hangs 100 timer
check "nor from its start" hangs 0 start

# ---- what cannot be loaded, and what cannot be run so ----
printf '#include "royale/agent.h"\nvoid nowhere(void);\nstatic void stop(struct ry_agent *agent) { (void)agent; nowhere(); }\nRY_STRATEGY(.stop = stop);\n' >lacks.c
${CC:-cc} -shared -fPIC -fvisibility=hidden -I"$bin/../include" -o lacks.so lacks.c
fight 'path: day.itch' '  - {name: lacks, strategy: ./lacks.so, cash: 1}' >lacks.yaml
check "a strategy that lacks a function" exits 4 "$royale" run --quiet --fast --dir lacks lacks.yaml
check "is named" says 'agent5 (lacks): cannot load strategy' err
battle 'port: dpdk, path: day.pcap' >dpdk.yaml
check "DPDK has a process of its own" exits 2 "$royale" run --fast --dir dpdk dpdk.yaml
check "and that is said" says 'feed itch comes through DPDK' err
check "nothing was made" test ! -e dpdk
sed 's/trade_to: 16:00/trade_to: 03:00:02/; s/trade_from: 09:30/warmup_from: 03:00\n  trade_from: 03:00:01/' fight.yaml >empty.yaml
check "hours in which the record has nothing" both_ways empty 5
head -c 2000 day.itch >early.itch
sed 's/day.itch/early.itch/' fight.yaml >early.yaml
check "a file that is cut" exits 1 "$royale" run --quiet --fast --dir cut-early early.yaml
check "is told with the feed and the place" says 'feed itch: ' err
whole=$(sed -nE 's/.*the message at byte ([0-9]+):.*/\1/p;T;q' err)
head -c "$whole" day.itch >early.itch
check "a file that ends before them" exits 5 "$royale" run --quiet --fast --dir early early.yaml
check "is named" says "early.itch: nothing in it lies in the battle's hours" err
head -c 100000 day.itch >cut.itch
sed 's/day.itch/cut.itch/' fight.yaml >cut.yaml
"$royale" run --quiet --dir cut-each cut.yaml >/dev/null 2>&1
check "a file that is cut ends as elsewhere" exits $? "$royale" run --quiet --fast --dir cut-one cut.yaml
check "with the same hashes" same_hashes cut-each/result.txt cut-one/result.txt

# ---- stopped ----
mkfifo pipe.itch
sed 's/day.itch/pipe.itch/' fight.yaml >pipe.yaml
stops() { # a signal ends it in order, with its result
    (head -c 1000000 day.itch; exec sleep 100) >pipe.itch &
    local writer=$!
    "$royale" run --quiet --fast --dir stopped pipe.yaml >out 2>err &
    run=$!
    until_true test -s stopped/inputs.ryj && until_true test -s stopped/log/exec.log && sleep 0.5
    kill -TERM $run
    ends 143
    local result=$?
    kill $writer
    [ $result = 0 ] && says 'partial: stopped' out && says 'verified: the journal gives the same hash' out
}
check "SIGTERM ends a battle in order" stops

done_testing
