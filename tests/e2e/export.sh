#!/bin/bash
# A battle whose file has an export: its rows are those that royale-export makes later, whatever becomes of the
# exporter meanwhile; and `royale` as the way to royale-export's other commands.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

# with_export EXPORT: a battle file.
with_export() {
    cat <<YAML
battle: {name: rows, seed: 5000000000}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30
  trade_to: 16:00
  instruments: [{symbol: RYA}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: noise, strategy: noise, count: 3, cash: 100000, latency_us: 100,
     params: {instrument: RYA, interval_us: 400000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 01:00:00}
${1:+export: {$1\}}
YAML
}

"$royale" generate --itch day.itch --messages 100000 --instruments 1 --seed 9 >/dev/null 2>&1
with_export '' >none.yaml
with_export 'sink: jsonl, rotate_bytes: 200000' >jsonl.yaml
with_export 'sink: jsonl, end_s: 0' >short.yaml

# ---- what will be exported where ----
checks() {
    exits 0 "$royale" check jsonl.yaml &&
        says "export: JSON lines to the battle's directory, rows/, a new file from 200000 bytes on; goes on 60 s at most" out
}
check "check says where the rows go" checks
mkdir -p poor/bin && cp "$bin"/royale* poor/bin && rm poor/bin/royale-export && ln -s "$bin/../lib" poor/lib
lacks_program() {
    exits 3 poor/bin/royale check jsonl.yaml && says 'export: cannot execute ' err && says 'install it beside' err &&
        exits 3 poor/bin/royale run --dir poor-run jsonl.yaml && [ ! -e poor-run ] && exits 0 poor/bin/royale check none.yaml
}
check "check and run say that royale-export is not there" lacks_program
lacks_settings() {
    with_export 'sink: kafka, config: nowhere.conf' >kafka.yaml
    exits 3 "$royale" check kafka.yaml && says "export: config: cannot read $PWD/nowhere.conf: No such file" err
}
check "and that its settings are not there" lacks_settings
wrong_settings() {
    echo 'royale.topic.trade.partitions=16' >wrong.conf
    with_export 'sink: kafka, config: wrong.conf' >kafka.yaml
    exits 3 "$royale" run --dir wrong kafka.yaml && says 'royale: ' err && says 'wrong.conf:1: royale.topic.trade.partitions' err &&
        [ ! -e wrong ] && [ "$(wc -l <err)" = 1 ] && exits 3 "$royale" check kafka.yaml && says 'wrong.conf:1: royale.topic.trade.partitions' err &&
        printf 'security.protocol=ssl\nssl.ca.location=/nowhere/ca.pem\n' >wrong.conf && exits 3 "$royale" check kafka.yaml &&
        says 'ssl.ca.location' err && echo 'bootstrap.servers=127.0.0.1:1' >wrong.conf && exits 0 "$royale" check kafka.yaml && [ ! -s err ]
}
check "wrong settings are a mistake before the start, which leaves nothing" wrong_settings
wrong_folder() {
    with_export "sink: jsonl, out: $PWD/nowhere/rows" >folder.yaml
    exits 3 "$royale" run --dir wrong folder.yaml && says "export died: cannot make $PWD/nowhere/rows/: No such file" err && [ ! -e wrong ]
}
check "so does a folder that cannot be made" wrong_folder

bare_exec() {
    cp -R poor bare && cp "$bin/royale-export" bare/bin && printf '#!/bin/sh\nexit 1\n' >bare/bin/royale-journal
    exits 1 bare/bin/royale run --dir wrong jsonl.yaml && says 'journal died' err
    rm -f bare/bin/royale-journal
    exits 3 bare/bin/royale run --dir wronger jsonl.yaml && [ ! -e wronger ]
}
check "a battle that cannot be started leaves no folder of rows" bare_exec

# ---- the rows ----
# same_rows DIR: the files that it wrote have the rows that it makes alone.
same_rows() {
    "$bin/royale-export" --force --out all "$1" && cat "$1"/rows/rows-*.jsonl | cmp - all && [ -s all ]
}
run_ok without none.yaml
check "the battle runs with an export" run_ok with jsonl.yaml
check "and gives the same hashes" same_hashes with.txt without.txt
check "its rows are those of its journal" same_rows with
rotates() {
    local file count=0 last
    last=$(find with/rows -name 'rows-*' | sort | tail -n 1)
    for file in with/rows/rows-*.jsonl; do
        [ "$file" = "$last" ] || [ "$(stat -c %s "$file")" -ge 200000 ] || return 1
        count=$((count + 1))
    done
    [ "$count" -gt 3 ]
}
check "in files of the size that was asked for" rotates
complete() {
    says "export: complete, the target has all rows of the battle's " with.txt && says " inputs, $(cat with/rows/rows-*.jsonl | wc -l) rows" with.txt &&
        ! grep -E 'export' without.txt
}
check "the result says that all of them are there" complete
check "nothing without the section" [ ! -e without/rows ]
counts() {
    exits 0 "$royale" counters with && sed -n '/^export:/,/^[a-z ]*:/p' out >export.txt && says durable_input export.txt &&
        ! grep -E 'lag_inputs|backlog_rows' export.txt
}
check "its counters say that all is there" counts

# ---- the exporter dies ----
stopped_or_gone() {
    gone "$1" || grep -q '^State:.*stopped' "/proc/$1/status"
}
stands() {
    until_true stopped_or_gone "$1" && lives "$1"
}
exports_or_gone() {
    gone "$run" || [ -n "$(find "$dir/rows" -name 'rows-*' -size +0 2>/dev/null)" ]
}
counts_inputs() {
    "$royale" counters "$dir" | grep -A3 '^export:' | grep -q ' inputs '
}
# in_the_middle FILE: starts it, and stops exec when something is exported.
in_the_middle() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        begin "$1"
        until_true exports_or_gone
        exec_pid=$(pgrep -P "$run" -x royale-exec) && kill -STOP "$exec_pid" && begun && stands "$exec_pid" && return 0
        wait "$run"
    done
    echo "the battle was over ten times before it could be stopped"
    return 1
}
exporter() {
    pgrep -P "$run" -x royale-export
}
another_exporter() {
    local now
    now=$(exporter) && [ "$now" != "$1" ]
}
killed() {
    local pid
    in_the_middle jsonl.yaml || return 1
    for _ in 1 2; do
        pid=$(exporter) && kill -9 "$pid" && until_true another_exporter "$pid" || return 1
        until_true counts_inputs || return 1
    done
    kill -CONT "$exec_pid"
    ends 0 && says 'export died: killed by signal 9 (Killed); it is started again in 1 s' err &&
        says 'export died: killed by signal 9 (Killed); it is started again in 2 s' err &&
        says "export: started again 2 times, see $dir/log/export.log" out &&
        ! grep 'not complete' out && same_rows "$dir"
}
check "killed twice, it is started again, observers see it, and no row is missing or double" killed

# ---- it does not come to its end ----
late() {
    local command
    in_the_middle short.yaml || return 1
    kill -STOP "$(exporter)" && kill -CONT "$exec_pid"
    ends 0 && says 'export is not done when its time after the battle is over: stopped' err &&
        says 'warning: the export is not complete: the target has the rows of the first ' out &&
        says 'verified: the journal gives the same hash' out || return 1
    command=$(sed -n 's/^  the others are exported by royale-export //p' out)
    eval "exits 0 \"\$bin/royale-export\" $command" && same_rows "$dir"
}
check "the result does not wait for it, and says what exports the rest" late
no_broker() { # nobody listens on port 1
    echo 'bootstrap.servers=127.0.0.1:1' >nobody.conf && with_export 'sink: kafka, config: nobody.conf, end_s: 1' >nobody.yaml
    sed "s/end_s: 1/end_s: 3/" nobody.yaml >waits.yaml
    exits 0 "$royale" run --dir waits waits.yaml && says 'the battle is over; waiting for the export, 3 s at most' err
    [ "$(grep -c 'waiting for the export' err)" = 1 ] || return 1
    run_ok nobody nobody.yaml && same_hashes nobody.txt without.txt && says 'the export is not complete: the target has the rows of the first 0 of ' out &&
        says "the others are exported by royale-export --sink kafka --config $PWD/nobody.conf nobody" out &&
        says 'export is not done when its time after the battle is over: stopped' err && ! grep -E 'FAIL|TERMINATE' err out
}
check "without a broker the battle is the same, and is not kept waiting" no_broker
nobody_answers() {
    "$bin/royale-export" --brokers 127.0.0.1:1 with >out 2>err &
    local alone=$!
    started+=("$alone")
    until_true says 'royale-export: kafka: no broker of 127.0.0.1:1 answers: Connection refused; waiting for it' err >said ||
        { cat said; return 1; }
    kill -TERM "$alone"
    wait "$alone" && says 'royale-export: stopped: nothing was sent; the same command goes on' err && [ "$(wc -l <err)" = 2 ]
}
check "alone it says why no broker answers, and nothing else" nobody_answers
not_a_folder() {
    exits 2 "$bin/royale-export" --out rows2 --rotate 5000 with && says '--rotate is of a folder' err && [ ! -e rows2 ] &&
        exits 2 "$bin/royale-export" --rotate 5000 with
}
check "a size for files that are none is refused" not_a_folder
taken() {
    cp -R with/rows foreign && with_export "sink: jsonl, out: $PWD/foreign" >foreign.yaml
    exits 0 "$royale" run --dir taken foreign.yaml && says 'rows of another battle' err && says 'the battle goes on without it' err &&
        says 'royale: what it lacks can be exported by royale-export --sink jsonl' err && says 'the export is not complete' out &&
        [ -s taken/log/export.log ] && diff -r with/rows foreign
}
check "rows of another battle are left alone, and the battle goes on" taken
twice() {
    exits 0 "$royale" check --twice jsonl.yaml && says 'the same battle twice' out && ! grep 'rows-' out err
}
check "trials export nothing" twice

# ---- royale's commands that are royale-export's ----
tails() {
    "$bin/royale-export" --force --out all with && exits 0 "$royale" tail with && cmp out all && exits 0 "$royale" tail --out tailed with &&
        cmp tailed all && exits 3 "$royale" tail nowhere && exits 2 "$royale" tail
}
check "royale tail DIR is royale-export --follow" tails
tails_only() {
    echo 'bootstrap.servers=127.0.0.1:1' >nobody.conf
    local option
    for option in '--config nobody.conf' --config=nobody.conf '--conf nobody.conf' '--brokers 127.0.0.1:1' '--topic fills' '--count 3' \
        '--battle 00' '--from beginning' --from=end --json; do
        # shellcheck disable=SC2086
        exits 2 timeout 20 "$royale" tail $option with && says 'royale tail --kafka' err && [ ! -s out ] || return 1
    done
    exits 2 timeout 20 "$royale" tail --sink kafka with && says 'royale-export --sink kafka DIR' err &&
        exits 0 "$royale" tail --from 1 with && cmp out all && exits 2 "$royale" tail --from=x1 with
}
check "and only reads: options of tail --kafka are named as such" tails_only
tails_wrong() {
    exits 2 "$royale" tail --foo with && [ "$(cat err)" = "royale tail: unrecognized option '--foo'
see \`royale tail --help\`" ]
}
check "a wrong option gets its line and a pointer to --help" tails_wrong
filters() {
    local agent=noise-1
    exits 0 "$royale" tail --agent "$agent" with && grep -E "\"(agent|maker|taker)\":\"$agent\"" all | cmp - out &&
        exits 0 "$royale" tail --type fill,reject with && grep -E '^\{"type":"(fill|reject)"' all | cmp - out && [ -s out ] &&
        exits 0 "$royale" tail --instrument RYA --type state --agent "$agent" with && [ ! -s out ] &&
        exits 0 "$royale" tail --instrument RYA --type state with && grep '^{"type":"state"' all | cmp - out && [ -s out ]
}
check "tail shows the rows of an agent, an instrument, a type alone" filters
wrong_filters() {
    exits 2 "$royale" tail --agent nose-1 with && says 'no agent "nose-1", perhaps noise-1' err && [ ! -s out ] &&
        exits 2 "$royale" tail --instrument RYB with && says 'no instrument "RYB", perhaps RYA' err &&
        exits 2 "$royale" tail --type fil with && says 'no row is called "fil", perhaps fill' err &&
        exits 2 "$royale" tail --kafka --type fil && says 'no row is called "fil", perhaps fill' err &&
        exits 2 "$bin/royale-export" --sink kafka --agent noise-1 with && says 'are of --sink jsonl' err
}
check "a name that there is not is an error, with the nearest that there is" wrong_filters
prefixes() {
    exits 2 "$royale" kafka init --config nowhere.conf && says 'royale kafka: ' err && ! grep royale-export err
}
check "what royale-export says begins with what was typed" prefixes
helps() {
    exits 0 "$royale" help && says '  kafka ' out && says '  league ' out && says '  tail ' out && says '  dev ' out &&
        exits 0 "$royale" help kafka && says 'usage: royale kafka COMMAND' out && exits 0 "$royale" kafka topics &&
        exits 0 "$royale" help tail && says 'usage: royale tail [OPTIONS] DIR' out && says ' --agent NAME ' out &&
        says ' --instrument SYMBOL ' out && says ' --type ROW,..' out && exits 0 "$royale" help dev &&
        says 'usage: royale dev kafka up|down|status' out
}
check "help lists them" helps
without_program() {
    exits 3 poor/bin/royale kafka init && says 'royale: cannot execute ' err && says 'or say where they lie with ROYALE_LIBEXEC' err &&
        exits 0 env ROYALE_LIBEXEC="$bin" poor/bin/royale kafka topics
}
check "without royale-export they say what to do" without_program
develops() {
    exits 0 "$royale" dev kafka --help && says 'usage: royale dev kafka up|down|status' out && exits 2 "$royale" dev kafka sideways &&
        exits 2 "$royale" dev kafak && says 'nothing is called kafak, perhaps kafka' err && exits 2 "$royale" dev
}
check "royale dev kafka is the script" develops
installed() {
    exits 3 poor/bin/royale dev kafka status && says 'there is no script kafka.sh' err && cp "$tree/tools/dev/kafka.sh" poor/bin && exits 0 poor/bin/royale dev kafka --help
}
check "also where it is installed" installed

done_testing
