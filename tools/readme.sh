#!/bin/bash
# The sample output in README.md, made from a real run of the demo and shortened; it stands between the lines
# `$ make demo` and the end of that block.
#   tools/readme.sh BUILD           writes it into README.md
#   tools/readme.sh BUILD --check   compares: prints the difference and fails if README.md shows another output
set -euo pipefail
build=$1
readme=$(cd "$(dirname "$0")/.." && pwd)/README.md

# Of the first round the first two agents and the last; of what follows only how it ended, all agents.
shorten() {
    awk '
        function dots() { if (!dotted) print "     ..."; dotted = 1 }
        /^== the battle/   { print; next }
        /^round 1 at/      { print; table = 1; next }
        table && /^   #/   { print; next }
        table && /^ +[12] / { print; dotted = 0; next }
        table && /^ +[0-9]/ { last = $0; next }
        table && /^out: /  { dots(); print last; print; table = 0; dotted = 0; next }
        /^rank  earned/    { dots(); print; result = 1; dotted = 0; next }
        result && /^ +[0-9]/ { print; next }
        /^(winner|earned most|verified): |^state hash / { result = 0; dotted = 1 }
        /^(winner|earned most|state hash|verified): ?|^state hash / { if (seen[$1]++ == 0) { dots(); print; dotted = 1 } next }
        /^== (again|and|the hash)/ { print }
    '
}

# README.md with the lines of a file in place of the sample's.
with_sample() {
    awk -v sample="$1" '
        $0 == "$ make demo" { print; while ((getline line < sample) > 0) print line; skipping = 1; next }
        skipping && $0 == "```" { skipping = 0 }
        !skipping
    ' "$readme"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$0")/demo.sh" "$build" >"$work/demo.txt"
shorten <"$work/demo.txt" >"$work/sample.txt"
grep -q '^state hash' "$work/sample.txt" || { echo "the demo printed no state hash" >&2; exit 1; }
with_sample "$work/sample.txt" >"$work/README.md"
if [ "${2:-}" = --check ]; then
    diff "$readme" "$work/README.md" || { echo "README.md shows what the demo does not print; run: make readme" >&2; exit 1; }
else
    cp "$work/README.md" "$readme"
fi
