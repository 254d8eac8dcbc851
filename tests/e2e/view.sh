#!/bin/bash
# A battle with agents as its viewers see it: the role, the viewer alone, the export, and the sums of the files.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

crowd_battle view 5000 >battle.yaml
crowd_day
"$royale" run --dir run battle.yaml >result 2>run.err
check "the battle runs" [ $? = 0 ]
check "its viewer writes results and trades, its supervisor what disturbed cores, nothing half done" \
    [ "$(cd run && echo *.json *.jsonl ./*.tmp)" = "noise.json results.json trades.jsonl ./*.tmp" ]
check "three rounds end with one out each" [ "$(grep -c '^out: .* (\(last\|too few fills\)), ' result)" = 3 ]
state=$(hash_of state result)
check "the results have the run's state hash" grep -q "\"state\": \"$state\"" run/results.json
# keys_described PAGE: it has every key of the results.
keys_described() {
    python3 "$tree/tests/e2e/results_keys.py" "$1" run/results.json
}
if has python3; then
    check "docs/RESULTS.md describes each of their keys" keys_described "$tree/docs/RESULTS.md"
    sed 's/handed_over_lots/lots/' "$tree/docs/RESULTS.md" >poor.md
    check "and a page that leaves one out is found" bash -c "$(declare -f keys_described); tree=$tree; ! keys_described poor.md >said && grep handed_over_lots said"
else
    skip "docs/RESULTS.md describes each of their keys" "python3 is absent"
fi

cp run/results.json run/trades.jsonl .
check "the viewer alone succeeds" exits 0 "$bin/royale-view" --write run
check "it writes the same results" cmp -s results.json run/results.json
check "it writes the same trades" cmp -s trades.jsonl run/trades.jsonl
sed -n '/^round 1 at/,/^result of/{/^result of/!p}' result >role
sed -n '/^round 1 at/,/^view ended at/{/^view ended at/!p}' out >alone
check "and says the same lines" cmp -s role alone

check "JSON lines end with the results" exits 0 "$bin/royale-view" --json run
check "of that type" grep -q '"type":"results"' <(tail -n 1 out)
sed '$d' out >lines

check "the export succeeds" exits 0 "$bin/royale-export" --out all run
check "it ends with the end" grep -q '"type":"end"' <(tail -n 1 all)
"$royale" rows --schema >schema
rows() { # NAME PART
    if ! has python3; then
        skip "$1" "python3 is absent"
    elif [ "$2" = schema ] && ! python3 -c 'import jsonschema' 2>/dev/null; then
        skip "$1" "python3-jsonschema is absent"
    else
        check "$1" python3 "$tree/tests/e2e/rows.py" schema all "$2"
    fi
}
rows "each row has its members, and a key of its own" keys
rows "each row keeps the schema" schema
check "trades.jsonl has the same rows, with the same keys" \
    cmp trades.jsonl <(grep -E '^\{"type":"(trade|handed_over)",' all)
check "so has the view" cmp lines <(grep -E '^\{"type":"(rank|out|stamp)",' all)
id=$("$royale" replay run | sed -n '1s/.*, id //p')
check "each has the id that the journal has" [ "$(grep -c "\"battle_id\":\"$id\"" all)" = "$(wc -l <all)" ]
half=$(sed -n "$(($(wc -l <all) / 2))s/.*\"input\":\([0-9]*\).*/\1/p" all)
grep -m1 -n "\"input\":$half," all >first
check "it resumes" exits 0 "$bin/royale-export" --from "$half" run
check "with exactly the rest" cmp -s out <(tail -n "+$(cut -d: -f1 first)" all)

mkdir cut
half_bytes=$(($(stat -c %s run/inputs.ryj) / 2))
head -c "$half_bytes" run/inputs.ryj >cut/inputs.ryj
check "a cut journal is shown as far as it goes" exits 0 "$bin/royale-view" cut
check "and where that is" grep -q 'cut: last whole block' err
"$bin/royale-export" --follow --out live cut 2>/dev/null &
exporter=$!
started+=("$exporter")
sleep 0.3
tail -c "+$((half_bytes + 1))" run/inputs.ryj >>cut/inputs.ryj
wait "$exporter"
check "an export that follows waits for the rest, to the end" cmp -s all live

check "no journal is exit code 3" exits 3 "$bin/royale-view" .
check "of an export too" exits 3 "$bin/royale-export" --out all nowhere
check "which leaves an older file alone" [ -s all ]
check "no arguments are exit code 2" exits 2 "$bin/royale-view"

done_testing
