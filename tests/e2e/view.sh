#!/bin/bash
# A battle with agents as its viewers see it: the role, the viewer alone, the export, and the sums of the files.
set -u
bin=$ROYALE_BIN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0 failed=0

check() { # NAME COMMAND...: ok if the command succeeds
    number=$((number + 1))
    local name=$1
    shift
    if "$@"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        failed=1
    fi
}

exits() { # CODE COMMAND...
    local want=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    [ $? = "$want" ]
}

cat >"$work/battle.yaml" <<YAML
battle: {name: view, seed: 5}
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
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
fees: {maker_ppm: -20, taker_ppm: 30}
game: {round: 01:00:00, min_fills: 1, haircut_ppm: 10000}
YAML
"$bin/royale" generate --itch "$work/day.itch" --messages 60000 --instruments 1 --seed 9 >/dev/null 2>&1
"$bin/royale" run --dir "$work/run" "$work/battle.yaml" >"$work/result" 2>"$work/run.err"
check "the battle runs" [ $? = 0 ]
check "its viewer writes results and trades, nothing half done" \
    [ "$(cd "$work/run" && ls results.json trades.jsonl ./*.tmp 2>/dev/null | tr '\n' ' ')" = "results.json trades.jsonl " ]
check "three rounds end with one out each" [ "$(grep -c '^out: .* (last), ' "$work/result")" = 3 ]
state=$(sed -n 's/^state hash  *//p' "$work/result")
check "the results have the run's state hash" grep -q "\"state\": \"$state\"" "$work/run/results.json"

cp "$work/run/results.json" "$work/run/trades.jsonl" "$work"
check "the viewer alone succeeds" exits 0 "$bin/royale-view" --lines --write "$work/run"
check "it writes the same results" cmp -s "$work/results.json" "$work/run/results.json"
check "it writes the same trades" cmp -s "$work/trades.jsonl" "$work/run/trades.jsonl"
sed -n '/^round 1 at/,/^view ended at/p' "$work/result" >"$work/role"
sed -n '/^round 1 at/,/^view ended at/p' "$work/out" >"$work/alone"
check "and says the same lines" cmp -s "$work/role" "$work/alone"

check "JSON lines end with the results" exits 0 "$bin/royale-view" --json "$work/run"
check "of that type" grep -q '"type":"results"' <(tail -n 1 "$work/out")
cp "$work/out" "$work/json"

check "the export succeeds" exits 0 "$bin/royale-export" --out "$work/all" "$work/run"
check "it ends with the end" grep -q '"type":"end"' <(tail -n 1 "$work/all")
"$bin/royale" rows --schema >"$work/schema"
rows() { # NAME PART
    python3 "$(dirname "$0")/rows.py" "$work/schema" "$work/all" "$2" >"$work/rows.out" 2>&1
    case $? in
    77) number=$((number + 1)) && echo "ok $number - $1 # SKIP python3-jsonschema is absent" ;;
    0) check "$1" true ;;
    *) cat "$work/rows.out" && check "$1" false ;;
    esac
}
if command -v python3 >/dev/null; then
    rows "each row has its members, and a key of its own" keys
    rows "each row keeps the schema" schema
else
    number=$((number + 1)) && echo "ok $number - each row has its members, and a key of its own # SKIP python3 is absent"
    number=$((number + 1)) && echo "ok $number - each row keeps the schema # SKIP python3 is absent"
fi
check "trades.jsonl has the same rows, with the same keys" \
    cmp -s "$work/trades.jsonl" <(grep -E '^\{"type":"(trade|handed_over)",' "$work/all")
check "so has the view" cmp -s <(sed '$d' "$work/json") <(grep -E '^\{"type":"(rank|out|stamp)",' "$work/all")
id=$("$bin/royale" replay "$work/run" | sed -n '1s/.*, id //p')
check "the battle's id is that of its journal" \
    [ "$(grep -c "\"battle_id\":\"$id\"" "$work/all")" = "$(wc -l <"$work/all")" ]
half=$(sed -n "$(($(wc -l <"$work/all") / 2))s/.*\"input\":\([0-9]*\).*/\1/p" "$work/all")
grep -m1 -n "\"input\":$half," "$work/all" >"$work/first"
check "it resumes" exits 0 "$bin/royale-export" --from "$half" "$work/run"
check "with exactly the rest" cmp -s "$work/out" <(tail -n "+$(cut -d: -f1 "$work/first")" "$work/all")

mkdir "$work/cut"
head -c $(($(stat -c %s "$work/run/inputs.ryj") / 2)) "$work/run/inputs.ryj" >"$work/cut/inputs.ryj"
check "a cut journal is shown as far as it goes" exits 0 "$bin/royale-view" "$work/cut"
check "and where that is" grep -q 'cut: last whole block' "$work/err"
"$bin/royale-export" --follow --out "$work/live" "$work/cut" 2>/dev/null &
exporter=$!
sleep 0.3
tail -c "+$(($(stat -c %s "$work/cut/inputs.ryj") + 1))" "$work/run/inputs.ryj" >>"$work/cut/inputs.ryj"
wait "$exporter"
check "an export that follows waits for the rest, to the end" cmp -s "$work/all" "$work/live"

check "no journal is exit code 3" exits 3 "$bin/royale-view" "$work"
check "of an export too" exits 3 "$bin/royale-export" --out "$work/all" "$work/nowhere"
check "which leaves an older file alone" [ -s "$work/all" ]
check "no arguments are exit code 2" exits 2 "$bin/royale-view"
echo "1..$number"
exit $failed
