#!/bin/bash
# A day of market data is made, and its battle is run twice: from a file, and as packets through DPDK. Both
# are recomputed from their journals; all four must give the same hashes. Needs no root.
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
cp "$examples/demo-file.yaml" "$examples/demo-dpdk.yaml" "$demo"
cd "$demo"

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

say "the battle of demo-file.yaml"
show run --dir file demo-file.yaml | tee file.txt

say "the same battle out of packets, through DPDK"
show run --dir dpdk --quiet demo-dpdk.yaml >dpdk.txt
hashes dpdk.txt
grep '^throughput' dpdk.txt

say "both again, from their journals"
for run in file dpdk; do
    show replay "$run" >"$run-replay.txt"
done

[ "$(hashes file.txt | wc -l)" = 4 ]
for other in dpdk.txt file-replay.txt dpdk-replay.txt; do
    if [ "$(hashes file.txt)" != "$(hashes "$other")" ]; then
        echo "the hashes of $other differ from those of file.txt:"
        hashes "$other"
        exit 1
    fi
done
say "all equal: the run from the file, the run through DPDK, and both replays"
hashes file.txt
echo "Journals and logs: $demo/file and $demo/dpdk"
