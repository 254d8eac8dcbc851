#!/bin/bash
# What a battle came to is there whoever reads the screen, whatever dies and however full the disk is; and it says
# how far it is to be believed.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 60000 --instruments 2 --itch day.itch >generate.txt || exit 1
${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o misbehave.so "$tree/tests/e2e/strategies/misbehave.c" || exit 1

# fight: a battle of four agents.
fight() {
    cat <<YAML
battle: {name: results, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30
  trade_to: 16:00
  instruments: [{symbol: RYA}, {symbol: RYB}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, params: {instrument: RYA, size: 100}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, params: {instrument: RYA, interval_us: 5000000, size_max: 50}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 01:00:00, min_fills: 1}
YAML
}
fight >battle.yaml

# member NAME FILE: of the object itself, as it stands there.
member() {
    sed -n "s/^  \"$1\": \(.*[^,]\),\{0,1\}$/\1/p" "$2"
}

# has_member NAME VALUE FILE
has_member() {
    [ "$(member "$1" "$3")" = "$2" ] || { echo "$1 is $(member "$1" "$3"), not $2"; return 1; }
}

# whole_results DIR: of the whole battle, nothing half done beside them.
whole_results() {
    has_member complete true "$1/results.json" && [ "$(tail -n 1 "$1/results.json")" = '}' ] && [ -s "$1/trades.jsonl" ] &&
        ! ls "$1"/*.tmp 2>/dev/null
}

# ---- what stands there ----
check "a battle runs" run_ok whole battle.yaml
check "its results are whole" whole_results whole
says_who() {
    local winner most
    winner=$(sed -n 's/^winner: //p' whole.txt)
    most=$(sed -n 's/^earned most: \([^,]*\), .*/\1/p' whole.txt)
    if [ -z "$winner" ] || [ -z "$most" ]; then
        cat whole.txt
        return 1
    fi
    has_member winner "\"$winner\"" whole/results.json && has_member earned_most "\"$most\"" whole/results.json || return 1
    # The largest profit of those who traded is that of the one who is said to have earned most.
    [ "$(grep -E '^ +[1-4]  ' whole/result.txt | awk '$8 > 0 { print $4, $3 }' | sort -g | tail -n 1 | cut -d' ' -f2)" = "$most" ]
}
check "who survived and who earned most are said" says_who
adds_up() {
    grep -E '^ +[1-4]  ' whole/result.txt | awk '{ d = $4 - ($5 + $6 - $7); if (d < -0.000002 || d > 0.000002) bad = 1 } END { exit bad }'
}
ranked_twice() { # beside who survived, in the same table, who earned most: of those who traded, by profit
    local file
    for file in whole.txt whole/result.txt; do
        [ "$(grep -cE '^ +[1-4]  ' "$file")" = 4 ] || return 1
        [ "$(grep -E '^ +[1-4]  ' whole/result.txt | awk '$8 > 0 { print $4, $3 }' | sort -gr | awk '{ print NR, $2 }')" = \
            "$(grep -E '^ +[1-4]  ' "$file" | awk '$2 != "-" { print $2, $3 }' | sort -n)" ] || return 1
    done
}
check "both rankings stand in one table, once" ranked_twice
check "no line of the table is wider than 80" bash -c '! grep -E "^( +[1-4]|rank)  .{76}" whole.txt'
last_lines() {
    tail -n 2 whole.txt | head -n 1 | grep -q '^verified: .*: input [0-9a-f]*, output .*, book .*, state ' &&
        tail -n 1 whole.txt | grep -q '^all of it lies in whole: royale top, '
}
check "one line has the hashes, one says where things lie" last_lines
check "a profit is what came of the market and of agents, less the fees" adds_up
counters_wanted() {
    exits 0 "$royale" run --quiet --counters --dir counted battle.yaml && says 'throughput: ' out && says 'the machine:' out &&
        diff <(sed -n '/^exec:/,/^[a-z]*0/p' out) <(sed -n '/^exec:/,/^[a-z]*0/p' counted/counters.txt) && ! says 'throughput' whole.txt >/dev/null
}
check "counters stand there if they are wanted" counters_wanted
check "no counter stands in the result" bash -c '! grep -E "^  [a-z_]+ +[0-9]+ [a-z]+$" whole.txt'
check "they are kept" exits 0 "$royale" counters whole
check "those of each process" bash -c 'grep -q "^feed0 (itch):" out && grep -q "^agent3 (crowd-3):" out && grep -qE "^  commands +[1-9]" out'
check "nothing is odd about a healthy battle" bash -c '! grep -E "^(odd|warning|warnings|nothing|did not)" whole.txt'

isolated() { # DIR WORD SENTENCE
    [ "$(sed -n 2p "$1/result.txt")" = "isolation: $3" ] || { head -n 3 "$1/result.txt"; return 1; }
    has_member isolation "\"$2\"" "$1/results.json" || return 1
    # A result that is made again says the same: it is recorded.
    cp "$1/results.json" before.json && exits 0 "$bin/royale-view" --write "$1" && says "isolation: ${3%%;*}" out &&
        cmp before.json "$1/results.json"
}
not_root='agents were not isolated from each other: not started as root; run strategies of strangers as root: each is then a user of its own'
if [ "$(id -u)" = 0 ]; then
    check "as root: agents were users of their own" isolated whole users \
        'each agent was a user of its own; system calls, files and network were not hidden from it'
    mkdir -m 777 user && chmod 755 "$work" && cp day.itch battle.yaml user
    as_user() {
        (cd user && exits 0 setpriv --reuid 12345 --regid 12345 --clear-groups "$royale" run --quiet --dir u battle.yaml) &&
            isolated user/u none "$not_root"
    }
    check "as another user: they were not isolated" as_user
else
    check "not as root: agents were not isolated" isolated whole none "$not_root"
    skip "as root: agents were users of their own" "needs root"
fi

# ---- who reads the screen ----
head_reads() {
    "$royale" run --dir head battle.yaml 2>err | head -n 1 >first
    whole_results head && cmp head/results.json <(sed "s/$(member battle_id whole/results.json)/$(member battle_id head/results.json)/" whole/results.json)
}
check "a reader that goes leaves the results whole" head_reads
json_head() {
    ROYALE_VIEW=json "$royale" run --dir json battle.yaml 2>err | head -n 1 >first
    whole_results json
}
check "the view's too" json_head
view_alone_head() {
    rm whole/results.json
    "$bin/royale-view" --write whole 2>err | head -n 1 >first
    [ "${PIPESTATUS[0]}" = 1 ] && whole_results whole
}
check "that of a view alone" view_alone_head

# A day that takes a while.
"$royale" generate --force --messages 2000000 --instruments 2 --itch long.itch >/dev/null
sed 's/path: day.itch/path: long.itch/; s/round: 01:00:00/round: 03:00:00/' battle.yaml >long.yaml
view_dies() { # SIGNAL
    start long.yaml || return 1
    sleep 0.3
    kill "-$1" "$(started_pid view out)" || { echo "the view was gone"; return 1; }
    ends 0 && says 'royale: view died: ' err && whole_results "$dir"
}
check "a view that is killed in the middle loses nothing" view_dies KILL
check "nor one that is stopped" view_dies TERM
alone_killed() {
    local viewer
    mkdir alone && cp "$dir/inputs.ryj" alone
    "$bin/royale-view" --write alone >/dev/null 2>&1 &
    viewer=$!
    started+=("$viewer")
    until_true test -e alone/trades.jsonl.tmp || return 1
    kill -9 "$viewer"
    wait "$viewer" 2>/dev/null
    ! ls alone/results.json alone/trades.jsonl 2>/dev/null
}
dir=
for dir in run??????; do # one of them that ran to its end
    [ -s "$dir/results.json" ] && break
done
check "a view alone that is killed leaves nothing that looks finished" alone_killed
alone_stopped() {
    mkdir stopped && head -c $(($(stat -c %s "$dir/inputs.ryj") / 2)) "$dir/inputs.ryj" >stopped/inputs.ryj
    exits 0 "$bin/royale-view" --write stopped && has_member complete false stopped/results.json &&
        says '"partial": "cut: last whole block' stopped/results.json
}
check "results of half a journal say so" alone_stopped

hangup() {
    nohup "$royale" run --dir nohup long.yaml >out 2>err &
    run=$!
    started+=("$run")
    until_true has_started out || return 1
    kill -HUP "$run"
    ends 0 && whole_results nohup
}
check "under nohup a closed terminal stops nothing" hangup

# The first Ctrl-C when the battle is over: the result is being computed, or is there.
interrupted() {
    start long.yaml || return 1
    until_true gone "$(started_pid view out)" || return 1
    kill -INT "$run"
    wait "$run"
    local code=$?
    ls "$dir"/*.tmp 2>/dev/null && return 1
    if [ -e "$dir/result.txt" ]; then
        says 'journal: ' "$dir/result.txt"
    else
        [ $code = 130 ] && says 'stopped while the result was computed' err
    fi
}
check "Ctrl-C while the result is computed leaves no empty file" interrupted

# ---- nothing happened ----
# Two seconds before anybody is there.
sed 's/trade_to: 16:00/trade_to: 03:00:02/; s/trade_from: 09:30/warmup_from: 03:00\n  trade_from: 03:00:01/' battle.yaml >early.yaml
empty() { # CODE DIR FILE TEXT
    exits "$1" "$royale" run --quiet --dir "$2" "$3" && says "nothing happened: $4" out &&
        says 'verified: the journal gives the same hash' out
}
check "hours in which the record has nothing" empty 5 early early.yaml "no recorded event between trade_from and the battle's end of RYA, RYB: "
check "so do its results" bash -c 'grep -A 3 "^  \"empty\": {" early/results.json | grep -q RYA'
allow_empty <early.yaml >allowed.yaml
check "which may be allowed" empty 0 allowed allowed.yaml 'no recorded event'
sed 's/{symbol: RYB}/{symbol: NEVER}/' battle.yaml >never.yaml
check "an instrument that never comes" empty 5 never never.yaml "no recorded event between trade_from and the battle's end of NEVER: compare"
check "check --twice says it too" exits 5 "$royale" check --twice never.yaml
check "in words" says 'nothing happened: ' out
# ---- an agent that did not play ----
sed 's|^  - {name: maker,.*|  - {name: wrong, strategy: ./misbehave.so, cash: 1000000, params: {how: crash, after: 100}}|' battle.yaml >crash.yaml
did_not_play() {
    exits 4 "$royale" run --quiet --dir crash crash.yaml && says 'did not play: wrong (out: died, round 1)' out &&
        says 'winner: ' out && whole_results crash
}
check "an agent that crashes did not play: the ranks stand" did_not_play
check "check --twice says it too" exits 4 "$royale" check --twice crash.yaml


# ---- a record that says that it is incomplete ----
# offset TYPE: where the first message of that type stands in day.itch, and how long it is.
offset() {
    local at=0 bytes type
    while :; do
        read -r bytes type < <(od -An -tu1 -j$at -N3 day.itch | awk '{ print $1 * 256 + $2, $3 }')
        [ "$type" = "$(printf %d "'$1")" ] && break
        at=$((at + 2 + bytes))
    done
    echo $at $((2 + bytes))
}
# A day that begins with an order: in mid-session.
read -r at bytes < <(offset A)
{ tail -c +$((at + 1)) day.itch | head -c "$bytes"; cat day.itch; } >late.itch
sed 's/path: day.itch/path: late.itch, incomplete: warn/' battle.yaml >late.yaml
sed 's/, incomplete: warn//' late.yaml >ended.yaml
incomplete() {
    run_ok late late.yaml && says 'incomplete record: feed0, 1 times: the record begins in mid-session' out || return 1
    has_member stamps '[' late/results.json && says '"incomplete record"' late/results.json && has_member reproducible true late/results.json &&
        exits 0 "$bin/royale-export" late && says '"type":"incomplete"' out && says '"reason":"late"' out &&
        exits 0 "$bin/royale-view" late && says 'incomplete record: feed0: the record begins in mid-session' out &&
        exits 0 "$royale" replay late && says 'incomplete record: feed0, 1 times: ' out
}
check "a record that says that it is incomplete stamps the result" incomplete
check "where it ends the battle the exit code is 1" exits 1 "$royale" run --quiet --dir late-end ended.yaml

# ---- a full disk ----
small_disk() {
    mkdir -p tmp && mount -t tmpfs -o size="$1" none tmp 2>/dev/null
}
partial() { # DIR
    [ "$(head -n 1 "$1/result.txt")" != "${2:-}" ] && grep -qE '^result of results, partial, until input [1-9][0-9]*: journal died: ' "$1/result.txt" &&
        has_member complete false "$1/results.json" && says '"partial": "journal died: ' "$1/results.json"
}
full_disk() {
    exits 1 "$royale" run --quiet --dir tmp/full long.yaml || return 1
    says 'warning: the disk of tmp/full has ' err && says 'journal died: ' err &&
        says 'No space left on device: make room on the disk' err && partial tmp/full
}
no_room() {
    exits 3 "$royale" run --quiet --dir tmp/none battle.yaml && says 'every battle takes' err && [ ! -e tmp/none ]
}
if [ "$(id -u)" = 0 ] && small_disk 20m; then
    check "a disk that becomes full leaves partial results that say so" full_disk
    umount tmp
    small_disk 2m
    check "one without any room is refused" no_room
    umount tmp
else
    skip "a disk that becomes full leaves partial results that say so" "needs root, to mount a small tmpfs"
    skip "one without any room is refused" "needs root, to mount a small tmpfs"
fi

# ---- what an export writes over ----
"$bin/royale-export" --out rows whole
cp rows rows.before
check "an export goes on behind a file that is there" exits 0 "$bin/royale-export" --out rows whole
check "which lacks nothing: it stays as it is" cmp -s rows rows.before
echo "of somebody else" >letter
check "a file that is no rows is not written over" exits 3 "$bin/royale-export" --out letter whole
check "nor cut" test "$(cat letter)" = "of somebody else"
check "unless it is told to" exits 0 "$bin/royale-export" --force --out rows whole
check "a place that is not there ends it" exits 3 "$bin/royale-export" --out nowhere/rows whole
check "and is named" says 'royale-export: cannot write nowhere/rows: No such file or directory' err

done_testing
