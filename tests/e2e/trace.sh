#!/bin/bash
# Traces: of a real battle, from the packet to the report, to a collector and into a file; a collector that is away,
# hangs or refuses; the same result with them and without; an agent that forges.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

check_spans() { # FILE HOW ...
    python3 -B "$tree/tests/e2e/trace.py" "$@"
}

"$royale" generate --messages 150000 --itch day.itch --pcap day.pcap >generate.txt || exit 1
"$royale" generate --messages 40000 --itch little.itch >generate.txt || exit 1
for source in "$tree"/tests/bench/strategies/requote.c "$tree"/tests/e2e/strategies/{forge,peek}.c; do
    ${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o "$(basename "$source" .c).so" "$source" || exit 1
done

fight() { # FEED EVERY MORE-AGENTS: a battle file; requoters are woken by the market, and send orders at once
    battle "$1" "agents:
  - {name: top, strategy: ./requote.so, cash: 1000000, latency_us: 50, params: {wake: top, interval_us: 1000000}}
  - {name: levels, strategy: ./requote.so, cash: 1000000, latency_us: 20, params: {wake: levels, interval_us: 3000000}}
  - {name: maker, strategy: maker, cash: 1000000, params: {instrument: RYA, size: 20, interval_ms: 2000, gamma_ppm: 2000, k_ppm: 3000000}}
${3:-}
risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 1000,
  collar_ppm: 50000, loss_max: 100000}
trace: {every: $2}" | sed 's/trade_to: 16:00/trade_to: 11:00/'
}

# traced DIR FILE OPTIONS ...: runs the battle with royale trace beside it, whose words go to DIR.trace.
traced() {
    local dir=$1 file=$2 tracer code
    shift 2
    mkdir "$dir"
    "$royale" trace --wait 60 "$@" "$dir" >"$dir.trace" 2>"$dir.trace.err" &
    tracer=$!
    started+=("$tracer")
    run_ok "$dir" "$file" || return 1
    wait "$tracer"
    code=$?
    [ "$code" = "${wanted:-0}" ] && return 0
    echo "royale trace ended with $code:"
    cat "$dir.trace" "$dir.trace.err"
    return 1
}

collector() { # NAME HOW: its requests go to NAME.requests
    python3 -B "$tree/tests/e2e/collector.py" "$1.port" "$1.requests" "$2" >"$1.collector" 2>&1 &
    started+=("$!")
    disown
    until_true test -s "$1.port" || exit 1
}
for each in file:200 dpdk:200 hangs:hang refuses:400; do
    collector "${each%:*}" "${each#*:}"
done
url_of() { # NAME
    echo "http://127.0.0.1:$(cat "$1.port")/v1/traces"
}

events_of() { # DIR: what its feed has written
    sed -n '/^feed0/,$s/^  events *\([0-9]*\) .*/\1/p' "$1/counters.txt" | head -n 1
}

nothing_lost() { # DIR
    says 'spans lost: 0 lapped, 0 not of their process' "$1.trace" && grep -v 'counted' "$1.trace.err" | grep . && return 1
    ! grep traces_cut "$1/counters.txt"
}

# ---- whole traces, and both ways out ----
fight 'path: day.itch' 100 >file.yaml
fight 'port: dpdk, path: day.pcap' 100 >dpdk.yaml
fight 'path: day.itch' 0 >off.yaml

whole() { # DIR FILE
    traced "$1" "$2" --otlp "$(url_of "$1")" --file "$1.spans" || return 1
    nothing_lost "$1" || return 1
    check_spans "$1.spans" whole 100 "$(events_of "$1")" || { cat "$1.trace"; return 1; }
    check_spans "$1.requests" same "$1.spans"
}
check "a battle out of a file: every trace is whole, from the packet to the report" whole file file.yaml
a_line_each() {
    local hop
    for hop in feed merge apply journal durable wake callback answer command report 'packet to applied' 'packet to durable' \
        'packet to report'; do
        grep -qE "^$hop +[1-9]" file.trace || { echo "no line: $hop"; cat file.trace; return 1; }
    done
}
check "a line a hop, and the ways" a_line_each
check "the collector got all" grep -qE '^sent to .* [1-9][0-9]* spans in .*; refused: 0, dropped: 0' file.trace
check "and through DPDK" whole dpdk dpdk.yaml
check "without traces" run_ok off off.yaml
check "traces change no hash" same_hashes file.txt off.txt
check "nor through DPDK" same_hashes dpdk.txt off.txt
check "replay gives the hashes" exits 0 "$royale" replay file
check "all four" same_hashes file.txt out

# ---- every record ----
fight 'path: little.itch' 1 >every.yaml
fight 'path: little.itch' 0 >none.yaml
every() { # more spans than the rings hold, perhaps: what comes is right
    traced every every.yaml --file every.spans && check_spans every.spans some && run_ok none none.yaml && same_hashes every.txt none.txt
}
check "each record traced: the same result, spans that are right" every

# ---- collectors that do not take them ----
away() {
    wanted=1 traced away file.yaml --otlp http://127.0.0.1:1/v1/traces --file away.spans || return 1
    [ "$(grep -c 'is away' away.trace.err)" = 1 ] || { cat away.trace.err; return 1; }
    grep -qE 'dropped: [1-9]' away.trace && check_spans away.spans whole 100 "$(events_of away)" && same_hashes away.txt off.txt
}
check "nobody there: said once, dropped and counted, the file has them all" away
hangs() {
    wanted=1 traced hangs file.yaml --otlp "$(url_of hangs)" --file hangs.spans || return 1
    grep -qE 'dropped: [1-9]' hangs.trace && check_spans hangs.spans whole 100 "$(events_of hangs)" && same_hashes hangs.txt off.txt
}
check "one that hangs keeps nobody" hangs
refuses() {
    wanted=1 traced refuses file.yaml --otlp "$(url_of refuses)" || return 1
    [ "$(grep -c 'refuses spans (status 400' refuses.trace.err)" = 1 ] || { cat refuses.trace.err; return 1; }
    grep -qE '; refused: [1-9][0-9]*, dropped: 0' refuses.trace && same_hashes refuses.txt off.txt
}
check "one that refuses: said once, counted" refuses

# ---- agents ----
fight 'path: day.itch' 100 '  - {name: forge, strategy: ./forge.so, cash: 1000000}' >forge.yaml
forges() {
    traced forge forge.yaml --file forge.spans || return 1
    says 'forge: forges' forge/log/agent3-forge.log || return 1
    grep -qE ' [1-9][0-9]* not of their process$' forge.trace || { cat forge.trace; return 1; }
    check_spans forge.spans whole 100 "$(events_of forge)"
}
check "what an agent forges is left out, and counted" forges
fight 'path: day.itch' 100 '  - {name: peek, strategy: ./peek.so, cash: 1000000, params: {word: nowhere}}' >pry.yaml
pries() {
    run_ok pry pry.yaml && says 'peek: nothing' pry/log/agent3-peek.log
}
check "an agent has its own ring of spans and no other" pries

# ---- what is wrong ----
nobody() {
    exits 3 "$royale" trace off && says 'traces are of a battle that runs' err
}
check "a battle that is over" nobody
battle "$silent" >idle.yaml
untraced() {
    start idle.yaml || return 1
    exits 3 "$royale" trace "$dir" && says "its battle file needs a section \`trace: {every: N}\`" err && stopped_in_order INT 130
}
check "a battle without traces" untraced
secret='Authorization: Bearer open-sesame'
headed() {
    echo "$secret" >header
    collector headed 200 && traced headed file.yaml --otlp "$(url_of headed)" --header-file header || return 1
    [ "$(cat headed.requests.headers)" = "$secret" ] || { echo "sent: $(cat headed.requests.headers)"; return 1; }
    ! grep -rq sesame headed headed.trace headed.trace.err
}
check "a header out of a file goes to the collector, and nowhere else" headed
no_header() {
    echo sesame >header
    exits 2 "$royale" trace --otlp http://127.0.0.1:1/ --header-file header off && says 'is to be "Name: value"' err && ! says sesame err || return 1
    exits 3 "$royale" trace --otlp http://127.0.0.1:1/ --header-file nowhere off && says 'cannot open nowhere' err || return 1
    exits 2 "$royale" trace --otlp http://u:sesame@127.0.0.1:1/ off && says 'a user or a password' err && ! says sesame err
}
check "one that is none is not sent, nor said; a URL has no password" no_header
unwritable() {
    exits 3 "$royale" trace --file nowhere/spans off && says 'cannot open nowhere/spans: No such file or directory' err
}
check "a file that cannot be" unwritable

done_testing
