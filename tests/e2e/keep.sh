#!/bin/bash
# How many finished battles a library keeps, what it never removes, and whether the disk has room for the next.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --itch day.itch --messages 20000 --instruments 4 --seed 9 >/dev/null 2>&1
named() { # NAME KEYS: a battle file on standard output
    battle 'path: day.itch' "$2" | sed "s/name: test/name: $1/"
}
named day 'keep: 2' >day.yaml
named other 'keep: 1' >other.yaml
named day "" >all.yaml
run_in() { # LIBRARY FILE
    exits 0 "$royale" run --quiet --library "$1" "$2"
}
battles() { # LIBRARY NAME: how many there are
    find "$1" -maxdepth 1 -name "$2-????????T??????Z*" | wc -l
}
first_of() { # LIBRARY NAME
    find "$1" -maxdepth 1 -name "$2-????????T??????Z*" | sort | head -n 1
}

# ---- by royale run ----
two_stay() {
    local first second
    run_in lib day.yaml && first=$(first_of lib day) && run_in lib other.yaml || return 1
    # What is no battle, or not finished, or another's, is nobody's to remove.
    mkdir lib/notes lib/day-20200101T000000Z && echo mine >lib/notes/inputs && echo mine >lib/day-20200101T000000Z/notes
    run_in lib day.yaml && [ -e "$first" ] && run_in lib day.yaml || return 1
    says "removed $(realpath -m "$first"), " err && says '(keep: 2)' err && [ ! -e "$first" ] && [ "$(battles lib day)" = 3 ] &&
        [ "$(battles lib other)" = 1 ] && [ -e lib/notes/inputs ] && [ -e lib/day-20200101T000000Z/notes ] || return 1
    rm -r lib/day-20200101T000000Z
}
check "keep: 2 lets the last two of its name stay, and all else" two_stay
with_a_file() {
    local first
    first=$(first_of lib day)
    touch "$first/keep" && run_in lib day.yaml && run_in lib day.yaml && [ -e "$first/inputs.ryj.zst" ] && [ "$(battles lib day)" = 3 ]
}
check "one with a file keep in it stays, and is not counted" with_a_file
not_running() {
    local running
    # It runs beside them under the same name, and was never meant to end by itself.
    battle "$silent" 'keep: 1' | sed 's/name: test/name: day/' >silent.yaml
    "$royale" run --library lib silent.yaml >running.out 2>running.err &
    run=$!
    started+=("$run")
    until_true has_started running.out || return 1
    running=$(sed -n 's/^running in //p' running.out)
    run_in lib day.yaml && [ -e "$running/inputs.ryj" ] && exits 0 "$royale" clean lib && [ -e "$running/inputs.ryj" ] || return 1
    kill -TERM "$run"
    ends 143 && [ -e "$running/inputs.ryj" ] # who stops it does not wait for its compression
}
check "one that runs is not touched" not_running
next_time() {
    local before
    before=$(find lib -name inputs.ryj | wc -l)
    exits 0 "$royale" clean lib && [ "$before" -gt 0 ] && [ "$(find lib -name inputs.ryj | wc -l)" = 0 ]
}
check "one that was stopped is compressed the next time" next_time

# ---- by royale clean ----
dry() {
    for _ in 1 2 3; do run_in dry all.yaml || return 1; done
    run_in dry other.yaml && echo 'keep: 1' >>"$(find dry -maxdepth 1 -name 'day-*' | sort | tail -n 1)/battle.yaml"
    find dry -type f -exec sha256sum {} + >dry.sums
    exits 0 "$royale" clean --dry-run dry && [ "$(grep -c 'would remove ' err)" = 2 ] && sha256sum --quiet -c dry.sums
}
check "clean --dry-run says what would go, and does nothing" dry
cleaned() {
    exits 0 "$royale" clean dry && [ "$(grep -c 'removed ' err)" = 2 ] && [ "$(battles dry day)" = 1 ] && [ "$(battles dry other)" = 1 ]
}
check "clean goes by the file of the newest of each name" cleaned
nothing_to_do() {
    exits 0 "$royale" clean dry && [ "$(cat out)" = '2 battles looked at in dry' ] && exits 0 "$royale" clean --quiet dry && [ ! -s out ]
}
check "with nothing to do it says what it has looked at" nothing_to_do
broke_off() {
    mkdir dry/day-20200101T000000Z && "$royale" run --quiet --dir whole other.yaml >/dev/null 2>&1 &&
        head -c $(($(stat -c %s whole/inputs.ryj) / 2)) whole/inputs.ryj >dry/day-20200101T000000Z/inputs.ryj && cp all.yaml dry/day-20200101T000000Z/battle.yaml &&
        exits 0 "$royale" clean dry && [ -e dry/day-20200101T000000Z/inputs.ryj ]
}
check "one that broke off stays" broke_off
check "a folder that is not there" exits 3 "$royale" clean nowhere
strange() {
    mkdir -p odd/one && cp whole/inputs.ryj odd/one && exits 1 "$royale" clean odd && says 'stay as they are: cannot read odd/one/battle.yaml' err &&
        [ -e odd/one/inputs.ryj ]
}
check "battles without their file stay as they are" strange
restored() { # its files are born when they come back, and as old as they were
    named day 'keep: 1' >one.yaml
    mkdir old back && exits 0 "$royale" run --quiet --dir old/one one.yaml && run_in back all.yaml && run_in back all.yaml &&
        cp -a old/one back/day-20200101T000000Z && exits 0 "$royale" clean back && [ "$(battles back day)" = 3 ]
}
check "an old one that comes back from a backup does not speak for the others" restored
beside() {
    named beside 'keep: 1' >beside.yaml
    mkdir side && exits 0 "$royale" run --quiet --dir side/a beside.yaml && exits 0 "$royale" run --quiet --dir side/b beside.yaml &&
        [ ! -e side/a ] && [ -e side/b/inputs.ryj ]
}
check "beside --dir it counts the same" beside

# ---- an export that is not complete ----
lacking() {
    local first
    printf 'bootstrap.servers=127.0.0.1:1\n' >kafka.conf
    named sent 'keep: 1
export: {sink: kafka, config: kafka.conf, end_s: 0}' >sent.yaml
    "$royale" run --quiet --library sent sent.yaml >out 2>err
    first=$(first_of sent sent)
    says 'The export of this battle is not complete' "$first/keep" && says 'royale-export --sink kafka --config ' "$first/keep" || return 1
    "$royale" run --quiet --library sent sent.yaml >out 2>err
    "$royale" run --quiet --library sent sent.yaml >out 2>err
    [ -e "$first/inputs.ryj.zst" ]
}
check "a battle whose export is not complete stays" lacking

# ---- the disk ----
small_disk() {
    mkdir -p tmp && mount -t tmpfs -o size="$1" none tmp 2>/dev/null
}
as_before() {
    local free
    "$royale" generate --itch big.itch --messages 200000 --instruments 4 --seed 9 >/dev/null 2>&1
    named day 'keep: 2' | sed 's/day.itch/big.itch/' >big.yaml
    run_in tmp/lib big.yaml || return 1
    # The battle before took 11 MiB; now 4 are left, which is more than what every battle takes.
    free=$(($(stat -f -c '%a * %S / 1048576' tmp)))
    dd if=/dev/zero of=tmp/fill bs=1M count=$((free - 4)) status=none
    exits 3 "$royale" run --quiet --library tmp/lib day.yaml && says 'the battle of this name before took' err && says 'royale clean' err &&
        [ "$(battles tmp/lib day)" = 1 ] && exits 0 "$royale" run --quiet --library tmp/lib other.yaml
}
if [ "$(id -u)" = 0 ] && small_disk 60m; then
    check "without room for what the battle before took none is started" as_before
    umount tmp
else
    skip "without room for what the battle before took none is started" "needs root, to mount a small tmpfs"
fi

done_testing
