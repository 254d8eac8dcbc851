#!/bin/bash
# Battles from a file and through DPDK, alone and on a busy machine, and the ways in which a run can fail.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

messages=100000
"$royale" generate --messages $messages --itch day.itch --pcap day.pcap >generate.txt || exit 1
battle 'path: day.itch' >file.yaml
battle 'port: dpdk, path: day.pcap' >dpdk.yaml

equal_replay() {
    exits 0 "$royale" replay "$1" && same_hashes "$1.txt" out
}

check "a battle from a file" run_ok file file.yaml
check "a battle through DPDK" run_ok dpdk dpdk.yaml
check "both give the same hashes" same_hashes file.txt dpdk.txt
check "the replay of the file's journal gives them" equal_replay file
check "the replay of DPDK's journal gives them" equal_replay dpdk
# The copy has the paths written out and is else the file; a battle of it is the same battle.
copied() {
    sed "s|path: day.itch|path: \"$work/day.itch\"|" file.yaml | cmp - file/battle.yaml
}
check "the directory has a copy of the battle file, with whole paths" copied
check "which can be run" run_ok copy file/battle.yaml
check "and is the same battle" same_hashes file.txt copy.txt
check "its own copy is the same again" cmp file/battle.yaml copy/battle.yaml
check "the books have traded" grep -qE '^RYA: last [0-9.]+, volume [1-9]' file.txt

# ---- a busy machine ----
# nothing_odd DIR: nothing of its journal was malformed or unmet.
nothing_odd() {
    exits 0 "$royale" replay "$1" && says 'counters:' out && ! grep -E '^  (malformed|unmet) ' out
}

# ten_runs BATTLE RESULT: each gives that result.
ten_runs() {
    local i result=0
    for i in 1 2 3 4 5 6 7 8 9 10; do
        run_ok "busy-$1-$i" "$1.yaml" || result=1
        same_hashes "$2" "busy-$1-$i.txt" || result=1
        nothing_odd "busy-$1-$i" || result=1
    done
    return $result
}
check "ten runs beside two busy loops give the same hashes" beside_two_loops ten_runs file file.txt
"$royale" generate --messages 20000 --itch small.itch --pcap small.pcap >generate.txt || exit 1
battle 'path: small.itch' >small-file.yaml
battle 'port: dpdk, path: small.pcap' >small-dpdk.yaml
check "a smaller day from a file" run_ok small-file small-file.yaml
check "ten runs through DPDK give its hashes" beside_two_loops ten_runs small-dpdk small-file.txt

# ---- cores ----
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' | while IFS=- read -r a b; do seq "$a" "${b:-$a}"; done)
one=${cores[0]} other=${cores[-1]}
battle 'path: day.itch' "placement: {supervisor: $one, feed: [$other], exec: $one, journal: $other}" >cores.yaml
explicit_cores() {
    run_ok cores cores.yaml && same_hashes file.txt cores.txt &&
        says "on core $one," cores/log/exec.log && says "on core $other," cores/log/feed0.log &&
        says "on core $other," cores/log/journal.log
}
check "cores that the file names are used" explicit_cores

# noise DIR EXPRESSION: true of noise.json's `n`, its core `c` for exec, and that process, `e`.
noise() {
    python3 -c '
import json, sys
n = json.load(open(sys.argv[1] + "/noise.json"))
c, e = next((c, p) for c in n["cores"] for p in c["processes"] if p["name"] == "exec")
sys.exit(not eval(sys.argv[2]))' "$@"
}
counted_noise() {
    says "core $one (exec" cores/result.txt && says "core $one (exec" cores.txt && says 'counted for ' cores/result.txt &&
        noise cores "n[\"format\"] == 1 and int(n[\"lasted_ns\"]) > 0 and c[\"cpu\"] == $one and c[\"online\"]" &&
        noise cores 'e["switches"] >= e["forced"] >= 0 and sum(i["count"] for i in c["interrupts_by"]) <= c["interrupts"]'
}
check "what disturbed them stands in the result" counted_noise
no_core() {
    run_ok unbound small-file.yaml taskset -c "$one" && says 'no process was bound to a core of its own' unbound.txt &&
        grep -q '"cores": \[\]' unbound/noise.json
}
check "a battle without a core of its own says so" no_core

# ---- directories ----
default_directory() {
    mkdir here && cd here && exits 0 "$royale" run ../file.yaml && ls -d royale-test-????????-??????/inputs.ryj
}
check "without --dir the directory is named after the battle" default_directory
# Twelve battles of one name begin at once: in a second or two each has a folder of its own.
at_once() {
    local i runs=()
    mkdir crowd && cd crowd || return 1
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        "$royale" run --quiet ../small-file.yaml >"$i.txt" 2>&1 &
        runs+=($!)
    done
    for i in "${!runs[@]}"; do
        wait "${runs[i]}" || { cat "$((i + 1)).txt"; return 1; }
    done
    [ "$(find . -maxdepth 1 -name 'royale-test-????????-??????*' | wc -l)" = 12 ] && ls -d royale-test-????????-??????-2
}
check "battles of one name in one second have a directory each" at_once
in_library() {
    exits 0 "$royale" run --quiet --library shelf file.yaml && exits 0 "$royale" run --quiet --library shelf small-file.yaml || return 1
    local made=(shelf/*)
    [ "${#made[@]}" = 2 ] && [[ ${made[0]} =~ ^shelf/test-[0-9]{8}T[0-9]{6}Z$ ]] && [ -s "${made[0]}/inputs.ryj.zst" ] &&
        [ "$(stat -c %a "${made[0]}")" = 750 ]
}
check "--library makes a folder for each battle" in_library
check "--library and --dir are one too many" exits 2 "$royale" run --library shelf --dir shelf/one file.yaml
check "and it says why" says 'give one of them' err
check "a library that cannot be made is refused" exits 3 "$royale" run --library nowhere/sub file.yaml
mkdir empty
check "an empty directory will do" run_ok empty file.yaml
check "a directory in use is refused" exits 3 "$royale" run --dir file file.yaml
check "and it says why" says 'file is there already and is no empty directory' err
check "a directory that cannot be made is refused" exits 3 "$royale" run --dir nowhere/sub file.yaml

# ---- what is missing or wrong ----
battle 'path: nothing.itch' >missing.yaml
check "a feed's file that is not there" exits 3 "$royale" run --dir m1 missing.yaml
check "and it says which" says 'nothing.itch: cannot be read: No such file or directory' err
check "and nothing was made" test ! -e m1
check "a binary that is not there" exits 3 env ROYALE_LIBEXEC=/nowhere "$royale" run --dir m2 file.yaml
check "and it says which" says 'cannot execute /nowhere/royale-exec: No such file or directory' err
battle 'port: dpdk, device: net_no_such_driver0' >driver.yaml
check "a device that DPDK does not have" exits 1 "$royale" run --quiet --dir m3 driver.yaml
check "and it says who died" says 'royale: feed0 died: feed itch: ' err
check "and the last lines of the log" says 'royale: the last lines of m3/log/feed0.log:' err
head -c 1000000 day.itch >cut.itch
battle 'path: cut.itch' >cut.yaml
check "a file that ends within a message" exits 1 "$royale" run --quiet --dir m4 cut.yaml
check "and it says who died" says 'royale: feed0 died: feed itch: ' err

# ---- open files ----
few_files() {
    (ulimit -n 60 && exits 3 "$royale" run --quiet --dir few small-file.yaml) || return 1
    says 'royale: too few open files are allowed (60, ulimit -n): the 3 processes of this battle need ' err && [ ! -e few ]
}
enough_files() {
    local files
    files=$(sed -n 's/.* need \([0-9]*\),.*/\1/p' err)
    (ulimit -n "$files" && run_ok enough small-file.yaml) && (ulimit -Sn 60 && run_ok soft small-file.yaml)
}
check "too few open files are told before anything starts" few_files
check "as many as it says will do, and a soft limit is raised" enough_files

# ---- a disk that fails ----
# A journal whose fdatasync fails (EIO), and without io_uring, which no filter would see.
cat >sick-journal <<'PERL'
#!/usr/bin/perl
my @filter = ([0x20, 0, 0, 0], [0x15, 2, 0, 75], [0x15, 2, 0, 425], [0x06, 0, 0, 0x7fff0000], # load, fdatasync, io_uring_setup, allow
              [0x06, 0, 0, 0x00050005], [0x06, 0, 0, 0x00050026]);                            # EIO, ENOSYS
my $code = join '', map { pack 'SCCL', @$_ } @filter;
my $program = pack 'Sx6P', scalar @filter, $code;
syscall(157, 38, 1, 0, 0, 0) == 0 && syscall(157, 22, 2, $program, 0, 0) == 0 or die "prctl: $!";
exec "$ENV{HEALTHY}/royale-journal", @ARGV;
PERL
sick_disk() {
    mkdir sick && ln -s "$bin"/royale-* sick && rm sick/royale-journal && install -m 755 sick-journal sick/royale-journal || return 1
    exits 1 env ROYALE_LIBEXEC="$PWD/sick" HEALTHY="$bin" "$royale" run --quiet --dir m5 file.yaml &&
        says 'royale: journal died: fdatasync of the journal: Input/output error' err
}
if [ "$(uname -m)" = x86_64 ] && has perl; then
    check "a journal that cannot be made durable ends the battle" sick_disk
else
    skip "a journal that cannot be made durable ends the battle" "needs perl and x86_64"
fi

# ---- what a person should look at ----
quiet() {
    ! grep -E '^(odd|warning|warnings):' file.txt
}
check "a whole day gives nothing to look at" quiet
LC_ALL=C sed 's/\(RY[A-D]     \)T   /\1Z   /g' day.itch >state.itch
battle 'path: state.itch' >state.yaml
warned() {
    exits 0 "$royale" run --quiet --dir state state.yaml && says 'warnings:' out || return 1
    local told
    told=$(grep -cE '^  feed0: [0-9:.]{15} WARN  .*unknown trading state 0x5a' out)
    [ "$told" -ge 4 ] && [ "$told" = "$(grep -c 'WARN ' state/log/feed0.log)" ]
}
check "the warnings of the feed are part of the result" warned
sed 's/^  instruments:/  orders_max: 100\n&/' file.yaml >small.yaml
refused() {
    exits 0 "$royale" run --quiet --dir small small.yaml && grep -E '^odd: book_full [1-9][0-9]* \(.*orders_max' out
}
check "so is what the machine refused" refused

# message HEX: one ITCH message in its two bytes of length. TIME is of the day, in hours.
message() {
    # shellcheck disable=SC2059 # the format is the data
    printf "$(printf '%04x%s' $((${#1} / 2)) "$1" | sed 's/../\\x&/g')"
}
hex() {
    printf %s "$1" | od -An -tx1 | tr -d ' \n'
}
at() { # LOCATE HOUR: what all messages have behind their type
    printf '%04x0000%012x' "$1" $(($2 * 3600000000000))
}
order() { # LOCATE SYMBOL REF SIDE PRICE HOUR
    message "41$(at "$1" "$6")$(printf %016x "$3")$(hex "$4")$(printf %08x 100)$(hex "$2     ")$(printf %08x "$5")"
}
{
    message "53$(at 0 4)$(hex O)"
    for i in 1 2 3 4; do
        symbol=$(hex "RY$(printf %b "\\x4$i")     ")
        message "52$(at $i 4)$symbol$(hex QN)00000064$(hex 'NCZ PNN1N')00000000$(hex N)"
    done
    order 1 RYA 1 B 100500 5
    order 1 RYA 2 S 100400 5
    order 2 RYB 3 B 200000 5
    order 2 RYB 4 S 200000 5
    order 3 RYC 5 B 300000 5
    order 3 RYC 6 S 300100 5
    order 4 RYD 7 S 400000 5
    order 3 RYC 8 B 300200 10 # crossed too, but only after trade_from
    message "53$(at 0 20)$(hex C)"
} >crossed.itch
battle 'path: crossed.itch' | allow_empty >crossed.yaml
sed 's/trade_from: .*/trade_from: 04:30/' crossed.yaml >early.yaml
crossed() {
    exits 0 "$royale" run --quiet --dir crossed crossed.yaml && grep ^warning: out >warnings
    printf 'warning: the book of %s at trade_from: bid %s, ask %s\n' 'RYA is crossed' 10.0500 10.0400 \
        'RYB is locked' 20.0000 20.0000 | diff - warnings
}
check "and a book that is crossed or locked at trade_from" crossed
uncrossed() {
    exits 0 "$royale" run --quiet --dir early early.yaml && ! grep ^warning: out
}
check "at no other time" uncrossed

# ---- two recorded hours of a future ----
recorded=$(data "$es_hours")
figures=$(data "${es_hours%/*}/EXPECTED.json")

# es TRADE_FROM: their battle.
es() {
    printf 'battle: {name: es}\nmarket:\n  date: 2023-12-25\n  zone: UTC\n  warmup_from: 23:00\n  trade_from: %s\n' "$1"
    printf '  instruments: [{symbol: ESH4, price_scale: 2, tick_size: 0.25, multiplier: 50}]\n'
    printf 'feeds: [{name: globex, format: dbn, path: "%s"}]\n' "$recorded"
}

# expected KEY: a number of EXPECTED.json, or all numbers of a list, without white space: [[4810.0,22],...
expected() {
    tr -d ' \n' <"$figures" | grep -oE "\"$1\":(\[(\[[^]]*\],?)*\]|[0-9]+)" | sed 's/^[^:]*://'
}

# levels KEY: that list as "4810.00 22" lines.
levels() {
    expected "$1" | sed 's/\],\[/\n/g' | tr -d '[]' | awk -F, '{ printf "%.2f %d\n", $1, $2 }'
}

recorded_hours() {
    es 23:00:01 >es.yaml
    exits 0 "$royale" run --quiet --dir es es.yaml && says 'verified: the journal gives the same hash' out || return 1
    says "volume $(expected trade_contracts), " out && says "live orders $(expected live_orders), levels $(expected bid_levels) and $(expected ask_levels)" out || return 1
    if grep -E '^(odd|warning):' out; then return 1; fi
    exits 0 "$royale" replay --levels 5 es && awk '/^ESH4:/ { on = 5; next } on-- > 0 { print $3, $2 }' out >bids &&
        awk '/^ESH4:/ { on = 5; next } on-- > 0 { print $4, $5 }' out >asks || return 1
    [ "$(wc -l <bids)" = 5 ] && levels final_top5_bid | diff - bids && levels final_top5_ask | diff - asks
}

# In the opening auction, 50 ms after the snapshot of the book.
crossed_hours() {
    es 23:00:00.05 >auction.yaml
    exits 0 "$royale" run --quiet --dir auction auction.yaml &&
        says 'warning: the book of ESH4 is crossed at trade_from: bid 4809.00, ask 4785.50' out
}

if [ -n "$recorded" ] && [ -n "$figures" ]; then
    check "recorded hours end with the book that others computed" recorded_hours
    check "within their auction the book is crossed" crossed_hours
else
    skip "recorded hours end with the book that others computed" "no $es_hours"
fi

# ---- a result that nobody gets ----
nobody_reads() {
    local code
    exec 3> >(:)
    wait $! # the other end is closed
    "$royale" run --dir unread file.yaml >&3 2>err
    code=$?
    exec 3>&-
    [ $code = 1 ] || { echo "exit code $code, not 1"; cat err; return 1; }
    says 'royale: the output could not be written: Broken pipe' err && exits 0 "$royale" replay unread &&
        same_hashes file.txt out
}
check "a run whose reader has gone runs to its end, and fails" nobody_reads
head_only() {
    "$royale" run --dir head file.yaml 2>err | head -1 >first
    [ "${PIPESTATUS[0]}" = 1 ] && says 'battle test: ' first && exits 0 "$royale" replay head && same_hashes file.txt out
}
check "so does one that is cut by head" head_only
full() {
    "$royale" "$@" >/dev/full 2>err
    [ $? = 1 ] && says 'royale: the output could not be written: No space left on device' err
}
check "a result that does not fit fails" full run --quiet --dir full file.yaml
check "that of replay too" full replay file
check "as JSON too" full replay --json file

# ---- stopped from outside ----
battle "$silent" >silent.yaml
stopped() {
    start silent.yaml && stopped_in_order "$1" "$2"
}
check "SIGTERM ends in order, with the result" stopped TERM 143
# A shell starts background jobs with SIGINT ignored; the supervisor takes it all the same.
check "SIGINT ends in order, with the result" stopped INT 130

# A stranger who works on exec's core, and whom the kernel lets in.
battle "$silent" "placement: {exec: $one}" >disturbed.yaml
disturbed() {
    local stranger stopped
    start disturbed.yaml || return 1
    taskset -c "$one" bash -c 'while :; do :; done' &
    stranger=$!
    started+=("$stranger")
    sleep 0.5
    stopped_in_order TERM 143
    stopped=$?
    kill "$stranger"
    wait "$stranger" 2>/dev/null
    [ $stopped = 0 ] && says "core $one (exec" out && noise "$dir" 'c["interrupts"] > 0' &&
        noise "$dir" "any(t[\"pid\"] == $stranger and not t[\"kernel\"] and t[\"bound\"] for t in c[\"threads\"])"
}
check "who disturbs exec's core stands in the result" disturbed

# As a terminal or a service manager does it: the signal goes to every process of the group.
stopped_as_a_group() {
    set -m # a group of its own
    begin silent.yaml
    set +m
    begun || return 1
    kill "-$1" -- "-$run"
    ends "$2" && ! grep died err && ! pgrep -g "$run"
}
check "SIGINT to the whole group" stopped_as_a_group INT 130
check "it ends in order" grep -q 'verified: the journal gives the same hash' out
check "SIGTERM to the whole group" stopped_as_a_group TERM 143

done_testing
