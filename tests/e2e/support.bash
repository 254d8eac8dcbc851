# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the end-to-end tests share: TAP, a folder of one's own, battle files, battles that run and what they say,
# waiting for conditions, the real market data. Sourced; needs $ROYALE_BIN, the folder with the programs.
#
# Every test runs in $work, its own folder, which is removed at the end. A command under test leaves its output in
# ./out and ./err, where the checks after it look. `check` runs in a subshell: what a test sets, it sets for itself.

bin=$(cd "$ROYALE_BIN" && pwd)
royale=$bin/royale
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
data_root=$(cd "${ROYALE_DATA:-$tree/../shared/data}" 2>/dev/null && pwd)
# Two recorded hours of a future, in the real market data.
es_hours=cme-ES-20231225-mbo-dbn/esh4-glbx-mdp3-20231225.mbo.dbn.zst
work=$(mktemp -d)
cd "$work" || exit 1
started=() # processes to end if the test itself is ended
tests=0
failures=0

finish() {
    local pid
    for pid in "${started[@]}"; do
        kill -9 "$pid" 2>/dev/null
    done
    cd / && rm -rf "$work"
}
trap finish EXIT

# check NAME COMMAND ...: one test; what the command said is shown if it failed.
check() {
    local name=$1 out
    shift
    tests=$((tests + 1))
    if out=$("$@" 2>&1); then
        echo "ok $tests - $name"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $name"
        printf '#   %s\n' "${out//$'\n'/$'\n#   '}"
    fi
}

# skip NAME WHY: one test that cannot run here.
skip() {
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}

# has COMMAND: it is installed.
has() {
    command -v "$1" >/dev/null
}

done_testing() {
    echo "1..$tests"
    [ "$failures" = 0 ]
}

# exits CODE COMMAND ...: the command must end with that code; its output goes to ./out and ./err.
exits() {
    local wanted=$1 code
    shift
    "$@" >out 2>err
    code=$?
    [ "$code" = "$wanted" ] && return 0
    echo "exit code $code, not $wanted:"
    cat err
    return 1
}

# ends CODE: waits for $run, which must end with that code.
ends() {
    local code
    wait "$run" 2>/dev/null
    code=$?
    [ "$code" = "$1" ] && return 0
    echo "exit code $code, not $1:"
    cat out err
    return 1
}

# says TEXT FILE: the file has that text.
says() {
    grep -qF -- "$1" "$2" && return 0
    echo "$2 does not have: $1"
    cat "$2"
    return 1
}

# until_true COMMAND ...: looks again and again, a minute at most.
until_true() {
    local end=$((SECONDS + 60))
    until "$@"; do
        [ $SECONDS -lt $end ] || { echo "waited a minute for: $*"; return 1; }
        sleep 0.02
    done
}

# data FILE: prints where that file of the real market data is; fails where there is none.
data() {
    [ -n "$data_root" ] && [ -r "$data_root/$1" ] && echo "$data_root/$1"
}

# hash_of NAME FILE: the input, output, book or state hash that was said there: in a line of its own, or in the one
# line that `royale run` ends with.
hash_of() {
    sed -nE -e "s/^$1 hash +//p" -e "s/^(verified: .*|)hashes: (.*, |)$1 ([0-9a-f]{16}).*/\3/p" "$2"
}

# hashes FILE: all four, a line each.
hashes() {
    local name
    for name in input output book state; do
        hash_of $name "$1" | sed "s/^/$name hash /"
    done
}

# same_hashes FILE FILE: both have all four hashes, and the same.
same_hashes() {
    [ "$(hashes "$1" | wc -l)" = 4 ] && [ "$(hashes "$1")" = "$(hashes "$2")" ] && return 0
    echo "the hashes of $1 and $2 differ or are missing:"
    hashes "$1"
    hashes "$2"
    grep -H 'not reproducible' "$1" "$2" # which would be why
    return 1
}

# battle FEED-KEYS [MORE]: a battle file on standard output.
battle() {
    printf 'battle:\n  name: test\nmarket:\n  date: 2026-01-05\n  zone: America/New_York\n'
    printf '  trade_from: 09:30\n  trade_to: 16:00\n  instruments:\n'
    printf '    - symbol: %s\n' RYA RYB RYC RYD
    printf 'feeds:\n  - {name: itch, format: itch50, %s}\n' "$1"
    printf '%s\n' "${2:-}"
}

# crowd_day: makes ./day.itch, which crowd_battle NAME POSITION_MAX, a battle file on standard output, wants: a maker and a
# crowd of three in six rounds. Small limits of positions make many rejects.
crowd_day() {
    "$royale" generate --itch day.itch --messages 60000 --instruments 1 --seed 9 >/dev/null 2>&1
}
crowd_battle() {
    cat <<YAML
battle: {name: $1, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:00
  trade_to: 16:00:00
  currency: USD
  instruments: [{symbol: RYA}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, params: {instrument: RYA, size: 100}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200,
     params: {instrument: RYA, interval_us: 5000000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: $2, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
fees: {maker_ppm: -20, taker_ppm: 30}
game: {round: 01:00:00, min_fills: 1, haircut_ppm: 10000}
YAML
}

# allow_empty: the battle file on standard input, whose instruments may be without events.
allow_empty() {
    sed 's/^  instruments:/  allow_empty: true\n&/'
}

# A feed that is there, polls, and never gets a packet.
silent='port: dpdk, device: "net_null0,no-rx=1"'

# run_ok DIR FILE [COMMAND BEFORE ...]: the battle runs to its end and is verified; what it says is in DIR.txt too.
run_ok() {
    local dir=$1 file=$2
    shift 2
    exits 0 "$@" "$royale" run --quiet --dir "$dir" "$file" || return 1
    cp out "$dir.txt"
    says 'verified: the journal gives the same hash' out && says "all of it lies in $dir: " out
}

# for_others: another user may enter $work, and $royale is a copy there: who made the build folder may have closed it.
for_others() {
    chmod 755 "$work" && mkdir -p "$work/for-others/lib" || return 1
    cp -R "$bin" "$work/for-others/bin" && cp -R "$bin/../lib/royale" "$work/for-others/lib" || return 1
    chmod -R a+rX "$work/for-others"
    royale=$work/for-others/bin/royale
    as_other_user "$royale" version || { echo "another user cannot reach $work: set TMPDIR to a folder that all may enter"; return 1; }
}

# as_other_user COMMAND ...: as a user who is neither root nor this one, after for_others.
as_other_user() {
    setpriv --reuid 12345 --regid 12345 --clear-groups "$@"
}

# beside_two_loops COMMAND ...: runs it while two processes keep the machine busy.
beside_two_loops() {
    local first second result
    (while :; do :; done) &
    first=$!
    (while :; do :; done) &
    second=$!
    started+=("$first" "$second")
    "$@"
    result=$?
    kill "$first" "$second"
    return $result
}

# The first core that this process may use.
one_core() {
    taskset -cp $$ | sed 's/.*: //; s/[-,].*//'
}

# ---- battles that run: $dir, $run (the supervisor), $all (every process, the supervisor last) ----

# begin FILE: starts the battle, and does not wait.
begin() {
    dir=$(mktemp -d runXXXXXX)
    rm -f out
    "$royale" run --dir "$dir" "$1" >out 2>err &
    run=$!
    all=("$run")
    started+=("$run")
}

# begun: waits until all its processes are going.
begun() {
    until_true has_started out || return 1
    mapfile -t all < <(grep '^started: ' out | grep -o 'process [0-9]*' | cut -d' ' -f2)
    started+=("${all[@]}")
    all+=("$run")
}

# start FILE: both.
start() {
    begin "$1"
    begun
}

# stopped_in_order SIGNAL CODE: the battle that runs ends by that signal, with its result.
stopped_in_order() {
    kill "-$1" "$run"
    ends "$2" && says 'verified: the journal gives the same hash' out && says 'stopped by signal' out
}

# True if the process is there and not just unreaped.
lives() {
    local state
    state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 1
    [ -n "$state" ] && [ "$state" != Z ]
}

gone() {
    ! lives "$1"
}

# all_gone: none of $all is left.
all_gone() {
    local pid
    for pid in "${all[@]}"; do
        until_true gone "$pid" || return 1
    done
}

# has_started FILE: the run that prints there has got all its processes going.
has_started() {
    [ -e "$1" ] && grep -q "^started: " "$1"
}

# started_pid ROLE FILE: its process.
started_pid() {
    sed -n "s/^started:.* $1 (process \([0-9]*\)).*/\1/p" "$2"
}
