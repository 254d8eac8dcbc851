#!/bin/bash
# One day, one hash: by file and through DPDK, in whatever build runs this, and in a second build that does not
# optimise. Who changes records or rules on purpose changes the constant.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

# The state hash of the day below.
state_hash=01c8e511041ab903

"$royale" generate --messages 60000 --seed 20260105 --itch day.itch --pcap day.pcap >generate.txt || exit 1
battle 'path: day.itch' >file.yaml
battle 'port: dpdk, path: day.pcap' >dpdk.yaml

# gives_it PROGRAMS FEED: the battle, run by those programs, ends in that state; and nothing in it was odd.
gives_it() {
    local dir=$2-$RANDOM$RANDOM
    exits 0 "$1/royale" run --quiet --dir "$dir" "$2.yaml" || return 1
    says "state $state_hash" out && says "state hash  $state_hash" "$dir/result.txt" && says 'verified: the journal gives the same hash' out || return 1
    if grep -E '^(odd|warning):' out; then return 1; fi
    exits 0 "$1/royale" replay --levels 0 --expect "$state_hash" "$dir"
}
check "the day from a file gives the hash" gives_it "$bin" file
check "through DPDK too" gives_it "$bin" dpdk

# The same programs, made by clang without optimisation.
second_build() {
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$tree" -j "$(nproc)" BUILD="$work/o0" CC=clang CFLAGS=-O0 SAN= programs
}
if has clang; then
    check "clang builds the programs without optimisation" second_build
    check "they give the hash from a file" gives_it "$work/o0/bin" file
    check "and through DPDK" gives_it "$work/o0/bin" dpdk
else
    skip "clang's build gives the hash" "clang is absent"
fi

done_testing
