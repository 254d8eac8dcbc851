#!/bin/bash
# Feeds that are cut, begin late, have holes or come through a pipe: what is not whole does not pass for a day.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

messages=100000
"$royale" generate --messages $messages --itch day.itch --pcap day.pcap >generate.txt || exit 1

# fails DIR BATTLE TEXT: the run ends with 1, says that the feed died, and of what.
fails() {
    exits 1 "$royale" run --quiet --dir "$1" "$2" || return 1
    says 'royale: feed0 died: feed itch: ' err && says "$3" err
}

# nothing DIR FILE TEXT: likewise, with the exit code of a battle in which nothing can happen.
nothing() {
    exits 5 "$royale" run --quiet --dir "$1" "$2" || return 1
    says 'royale: feed0 died: feed itch: ' err && says "$3" err
}

# tells DIR TEXT: among the lines of that level in the feed's log is one that says it.
tells() {
    grep ' WARN ' "$1/log/feed0.log" | grep -qF -- "$2" && return 0
    cat "$1/log/feed0.log"
    return 1
}

# part_of_a_day FEED: a battle whose record may have nothing in its hours.
part_of_a_day() {
    battle "$1" | allow_empty
}

nothing_amiss() {
    ! grep -E ' (WARN|ERROR) ' "$1/log/feed0.log"
}

# ---- captures ----
size=$(stat -c %s day.pcap)

# number_at FILE BYTE: the little-endian 32-bit number there.
number_at() {
    od -An -tu4 -j"$2" -N4 --endian=little "$1" | tr -d ' '
}

# count_at FILE BYTE: of the messages in the packet whose record begins there. Behind the record's head: Ethernet,
# IPv4, UDP, session and sequence.
count_at() {
    od -An -tu1 -j$(($2 + 16 + 14 + 20 + 8 + 18)) -N2 "$1" | awk '{ print $1 * 256 + $2 }'
}

# without N FILE: the capture without its first packet from number N on (counted from 0) that has messages.
without() {
    local at=24 i
    for ((i = 0; i < $1 || $(count_at "$2" "$at") == 0; i++)); do
        at=$((at + 16 + $(number_at "$2" $((at + 8)))))
    done
    head -c "$at" "$2"
    tail -c +$((at + 16 + $(number_at "$2" $((at + 8))) + 1)) "$2"
}

# at_packet FILE BYTES: where the last packet ends that is whole in the first so many bytes.
at_packet() {
    local at=24 next=24
    while [ "$next" -le "$2" ]; do
        at=$next
        next=$((at + 16 + $(number_at "$1" $((at + 8)))))
    done
    echo "$at"
}

capture() {
    battle "port: dpdk, path: $1.pcap${2:-}" >"$1.yaml"
}

cp day.pcap whole.pcap
capture whole
check "a whole capture runs" run_ok whole whole.yaml
check "its feed has nothing to tell" nothing_amiss whole
battle 'port: pcap, path: day.pcap' >libpcap.yaml
check "without DPDK too" run_ok libpcap libpcap.yaml
check "with the same hashes" same_hashes whole.txt libpcap.txt
check "its feed has nothing to tell" nothing_amiss libpcap
gzip -c day.pcap >day.pcap.gz
battle 'port: pcap, path: day.pcap.gz' >packed.yaml
check "a packed capture runs" run_ok packed packed.yaml
check "with the same hashes" same_hashes whole.txt packed.txt
battle 'port: dpdk, path: day.pcap.gz' >unplayed.yaml
check "DPDK plays no packed one" exits 3 "$royale" run --quiet --dir unplayed unplayed.yaml
check "and it says what does" says 'day.pcap.gz: is a gzip file, which DPDK does not play; ' err
head -c $((size * 7 / 10)) day.pcap >cut.pcap
capture cut
check "a capture that lacks its last 30 %" fails cut cut.yaml 'without an end of session: it is cut'
check "and it names the capture and the sequence" \
    grep -qE "cut\.pcap: the capture ends at sequence [0-9]+ without" err
head -c "$(at_packet day.pcap 50000)" day.pcap >between.pcap
capture between
check "a capture cut between two packets" fails between between.yaml 'without an end of session: it is cut'
without 0 day.pcap >first.pcap
capture first
check "a capture without its first packet" fails first first.yaml \
    'first.pcap: the capture begins within the session: expected sequence 1, got '
without 20 day.pcap >gap.pcap
capture gap
check "a capture without a packet in between" fails gap gap.yaml 'gap.pcap: gap in the sequence: expected '
cp day.pcap port.pcap
capture port ', udp_port: 1'
check "a capture for another port" fails port port.yaml 'port.pcap: no packet was for this feed: of '
check "and it says how many packets that were" grep -qE 'of ([0-9]+) packets \1 go to other ports than UDP 1 \(' err
head -c 24 day.pcap >none.pcap
capture none
check "a capture without a packet" fails none none.yaml 'none.pcap: the capture has no packets'
mkfifo pipe.pcap
capture pipe
check "a capture cannot be a pipe" exits 3 "$royale" run --quiet --dir pipecap pipe.yaml
check "and it says so" says 'pipe.pcap: is a pipe; allowed for a capture: a file' err
check "so does the check of the battle file" exits 3 "$royale" check pipe.yaml

# ---- files ----
battle 'path: day.itch' >file.yaml
check "a whole file runs" run_ok file file.yaml
check "its feed has nothing to tell" nothing_amiss file
cp day.itch odd.itch
at=$(($(od -An -tu1 -N2 day.itch | awk '{ print $1 * 256 + $2 }') + 2)) # the second message
printf '\001' | dd of=odd.itch bs=1 seek="$at" conv=notrunc status=none # makes its length larger by 256
battle 'path: odd.itch' >odd.yaml
check "a length that is not the type's" fails odd odd.yaml "odd.itch: damaged at byte $at: a message of type "
head -c $((at + 2)) day.itch >prefix.itch
battle 'path: prefix.itch' >prefix.yaml
check "a file that ends behind a length" fails prefix prefix.yaml "prefix.itch: the file ends within the message at byte $at: it is cut, take it anew"
head -c "$at" day.itch >early.itch
battle 'path: early.itch' >early.yaml
check "a file that ends before trade_from" nothing early early.yaml \
    "early.itch: nothing in it lies in the battle's hours (write trade_from and trade_to within it, or take another): "
part_of_a_day 'path: early.itch' >early.yaml
check "runs with allow_empty" run_ok empty early.yaml
check "which is told" tells empty "early.itch: nothing in it lies in the battle's hours"
check "so is what else it lacks" tells empty 'early.itch: the record does not have RYA'
check "and its end" tells empty 'early.itch: the day ends without the end-of-messages event'

# ---- files of another format ----
# named FEED TEXT: check says what the feed's file is, before anything starts, and so does run.
named() {
    battle "$1" >other.yaml
    exits 3 "$royale" check other.yaml && says "feed itch: $PWD/$2" err &&
        exits 3 "$royale" run --quiet --dir other other.yaml && says "feed itch: $PWD/$2" err
}
check "a capture that is given as a file" named 'path: day.pcap' \
    'day.pcap: is a capture of packets (pcap), and the battle file says format: itch50, port: file: write port: pcap'
check "a file that is given as a capture" named 'port: dpdk, path: day.itch' \
    'day.itch: is ITCH 5.0 as BinaryFILE, and the battle file says format: itch50, port: dpdk: write port: file'
printf 'time,price,size\n1,2,3\n' | gzip >day.csv.gz
check "text in an archive" named 'path: day.csv.gz' 'day.csv.gz: is plain text (CSV?), and the battle file says format: itch50'

# sample FILE [WARNING] [KEYS]: runs, though it is only a part of a day.
sample() {
    local path
    path=$(data "$1") || { skip "$1 runs" "no such data"; return; }
    part_of_a_day "path: \"$path\"${3:-}" >sample.yaml
    check "$1 runs" run_ok "sample$tests" sample.yaml
    [ -z "${2:-}" ] || check "and warns of its end" tells "sample$((tests - 1))" "$2"
}
sample nasdaq-itch50-20191230-head1000/12302019.first1000.itch50 'first1000.itch50: the day ends without the end-of-messages'
sample nasdaq-itch50-20191230-first500/12302019.filtered_500.itch50 \
    '' ', incomplete: warn'
sample ritch-itch50-artificial/ex20101224.TEST_ITCH_50.gz

# ---- pipes ----
mkfifo day.pipe
battle 'path: day.pipe' >pipe.yaml

through_a_pipe() {
    "$@" >day.pipe &
    started+=("$!")
    run_ok "pipe-$1" pipe.yaml && same_hashes file.txt "pipe-$1.txt"
}
check "a day through a pipe gives the file's hashes" through_a_pipe cat day.itch
check "an archive through a pipe too" through_a_pipe gzip -c day.itch

# stopped SIGNAL CODE: the run on the pipe ends in order.
stopped() {
    start pipe.yaml && stopped_in_order "$1" "$2" && ! grep -i interrupted err
}

# Half a day is in the pipe and more may come: this shell is the writer and stays.
with_half_a_day() {
    local result
    exec 9<>day.pipe
    head -c 1000000 day.itch >&9 9>&- &
    started+=("$!")
    "$@"
    result=$?
    exec 9>&-
    return $result
}
check "SIGINT ends a run on a pipe that nobody writes" stopped INT 130
check "SIGTERM too" stopped TERM 143
check "SIGINT ends a run in the middle of a pipe's day" with_half_a_day stopped INT 130

# The feed must not outlive it: its own alarm would come after 5 s, so half of that is "at once".
supervisor_dies() {
    local i feed
    start pipe.yaml || return 1
    feed=$(started_pid feed0 out)
    kill -9 "$run"
    wait "$run" 2>/dev/null
    for ((i = 0; i < 100; i++)); do
        gone "$feed" && return 0
        sleep 0.025
    done
    echo "the feed lives"
    return 1
}
check "kill -9 of the supervisor ends a feed on an empty pipe" supervisor_dies
check "and one in the middle of a day" with_half_a_day supervisor_dies

done_testing
