#!/bin/bash
# A day of market data is made, and eight agents trade it until one is left: as packets through DPDK, then again out
# of a file. The first is recomputed from its journal as well; all three must give the same hashes. Needs no root.
# usage: tools/demo.sh BUILD [MESSAGES]
set -euo pipefail
exec 3>&1 # what is done stands on the screen, wherever its output goes
build=$(cd "$1" && pwd)
messages=${2:-}
examples=$(cd "$(dirname "$0")/.." && pwd)/docs/examples
royale=$build/bin/royale
demo=$build/demo

rm -rf "$demo"
mkdir -p "$demo"
cp "$examples/demo.yaml" "$demo"
cd "$demo"
sed 's/port: dpdk/port: file/; s/path: day.pcap.*/path: day.itch/' demo.yaml >demo-from-file.yaml

say() {
    printf '\n== %s\n' "$*"
}

# A command, and what it prints.
show() {
    printf '$ royale %s\n' "$*" >&3
    "$royale" "$@"
}

hashes() {
    grep -E '^(input|output|book|state) hash ' "$1"
}

say "a made day, as a file and as a capture of packets"
show generate --itch day.itch --pcap day.pcap ${messages:+--messages "$messages"} >generate.txt
tail -n 3 generate.txt

say "the battle: eight agents, packets through DPDK"
show check demo.yaml | grep -E '^(agent|rounds)'
show run --dir dpdk demo.yaml

say "again, from its journal"
show replay dpdk >replay.txt
say "and the same battle out of the file"
show run --quiet --dir file demo-from-file.yaml >/dev/null

[ "$(hashes dpdk/result.txt | wc -l)" = 4 ]
for other in replay.txt file/result.txt; do
    if [ "$(hashes dpdk/result.txt)" != "$(hashes "$other")" ]; then
        echo "the hashes of $other differ from those of dpdk/result.txt:"
        hashes "$other"
        exit 1
    fi
done
say "the hash is the same: the run through DPDK, its replay, and the run from the file"
hashes dpdk/result.txt
grep '^winner' dpdk/result.txt
echo "Results: $demo/dpdk/results.json and trades.jsonl; journal: $demo/dpdk/inputs.ryj; logs: $demo/dpdk/log"
