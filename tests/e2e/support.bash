# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the end-to-end tests share: TAP, a folder of one's own, battles, waiting for conditions.
# Sourced; needs $ROYALE_BIN, the folder with the programs.

bin=$(cd "$ROYALE_BIN" && pwd)
royale=$bin/royale
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
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
        sed 's/^/#   /' <<<"$out"
    fi
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

hashes() {
    grep -E '^(input|output|book|state) hash ' "$1"
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

# A feed that is there, polls, and never gets a packet.
silent='port: dpdk, device: "net_null0,no-rx=1"'

# True if the process is there and not just unreaped.
lives() {
    local state
    state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 1
    [ -n "$state" ] && [ "$state" != Z ]
}

gone() {
    ! lives "$1"
}

# has_started FILE: the run that prints there has got all its processes going.
has_started() {
    [ -e "$1" ] && grep -q "^started: " "$1"
}

# started_pid ROLE FILE: its process.
started_pid() {
    sed -n "s/^started:.* $1 (process \([0-9]*\)).*/\1/p" "$2"
}
