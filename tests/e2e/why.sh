#!/bin/bash
# The lives of orders in a real battle: one filled, one not because lots were ahead, one refused, one whose agent went
# out; of a finished battle, one that is cut, and one that runs.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

cat >battle.yaml <<YAML
battle: {name: why, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:00
  trade_to: 16:00:00
  currency: USD
  instruments: [{symbol: RYA}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20,
     params: {instrument: RYA, size: 20, inventory_max: 200, interval_ms: 500, gamma_ppm: 1000, k_ppm: 3000000}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200, jitter_us: 300,
     params: {instrument: RYA, interval_us: 5000000, size_max: 50, cross_percent: 30}}
  - {name: -x, strategy: noise, cash: 1000000, latency_us: 200, params: {instrument: RYA, interval_us: 9000000}}
risk: {quantity_max: 40, notional_max: 250000, position_max: 500, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
fees: {maker_ppm: -20, taker_ppm: 30}
game: {round: 01:00:00, min_fills: 1, haircut_ppm: 10000}
YAML
"$royale" generate --itch day.itch --messages 60000 --instruments 1 --seed 9 >/dev/null 2>&1
"$royale" run --quiet --dir run battle.yaml >result 2>run.err
check "the battle runs" [ $? = 0 ]

# ---- filled ----
filled=$(sed -n 's/.*"type":"trade".*"maker":"maker".*"maker_cl_ord_id":"\([0-9]*\)".*/\1/p' run/trades.jsonl | head -n 1)
check "an order that was filled" exits 0 "$royale" why run "maker/$filled"
cp out life
check "its wake" grep -q '^09:3.* EST  its agent was woken, 20 us before the order could arrive$' life
check "its decision" grep -q "its agent's decision: intent 1, features [0-9]" life
check "its checks" says 'passed its checks' life
check "where it came to rest" grep -q 'came to rest with 20 lots; ahead: [0-9]* lots\? in [0-9]* orders\? at its price' life
check "its fill" grep -q 'filled [0-9]* at [0-9.]* as maker, [0-9]* left; by recorded demand' life

# adds_up FILE: what traded and left at its price was ahead of it when it came to rest.
adds_up() {
    python3 - "$1" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
ahead = next(e["ahead"]["lots"] for e in d["events"] if e["event"] == "rested")
own = [e for e in d["events"] if e["event"] == "queue" and not e["better_price"]]
gone = sum(e["lots"] for e in own if e["change"] != "came")
came = sum(e["lots"] for e in own if e["change"] == "came")
assert gone <= ahead and came == 0, (ahead, gone)
assert d["order"]["cl_ord_id"] == sys.argv[1].split(".")[1]
fills = sum(e["lots"] for e in d["events"] if e["event"] == "filled")
assert fills == d["order"]["filled"] <= d["order"]["qty"]
assert int(d["wake"]["latest_ns"]) + int(d["wake"]["latency_ns"]) == int(d["arrival_ns"])
assert d["sentence"].endswith(".")
PY
}
check "the same for programs" exits 0 "$royale" why --json run "maker/$filled"
cp out "life.$filled.json"
if has python3; then
    check "and it adds up" adds_up "life.$filled.json"
else
    skip "and it adds up" "python3 is absent"
fi

# ---- not filled ----
"$royale" why --all run crowd-1 >list 2>err
waited=
mapfile -t orders < <(awk '/ cancelled: / {print $1}' list)
for order in "${orders[@]}"; do
    "$royale" why run "$order" >out 2>err
    grep -q '^not filled because [0-9]* lots were ahead of it at its price, and [0-9]* lots of others traded at its price' out &&
        waited=$order && break
done
check "an order that was not filled, for lots were ahead" [ -n "$waited" ]
check "each change of its queue" exits 0 "$royale" why --all run "$waited"
check "says more than its sum" [ "$("$royale" why run "$waited" | wc -l)" -lt "$(wc -l <out)" ]
out_order=$(for agent in crowd-1 crowd-2 crowd-3 -x; do "$royale" why --all run -- $agent; done 2>err |
    awk '/ cancelled: its agent is out$/ {print $1}' | tail -n 1)
check "an order of an agent that went out" exits 0 "$royale" why run -- "$out_order"
check "says so" says '; its agent went out.' out

# ---- refused ----
refused=$(awk '/ refused \(quantity\): the quantity is 0, or above quantity_max$/ {print $1; exit}' list)
check "an order that was refused" exits 0 "$royale" why run "$refused"
check "with the numbers behind the check" grep -qE 'qty > quantity_max: (4[1-9]|50) and 40$' out
check "and what to do" says 'what to do: ask ry_limits for quantity_max.' out

# ---- lists ----
check "an agent's orders, the last twenty" exits 0 "$royale" why run crowd-1
check "are twenty and a line for the others" [ "$(wc -l <out)" = 21 ]
check "of --all all" [ "$(sed -n 's/^and \([0-9]*\) before them.*/\1/p' out)" = "$(($(wc -l <list) - 20))" ]
check "the list for programs" exits 0 "$royale" why --json --all run crowd-1
if has python3; then
    check "has as many" [ "$(python3 -c 'import json; print(len(json.load(open("out"))))')" = "$(wc -l <list)" ]
else
    skip "has as many" "python3 is absent"
fi

check "an agent whose name begins as an option does" exits 0 "$royale" why run -- -x
check "has its orders listed" [ "$(grep -c '^-x/[0-9]* ' out)" = 20 ]
check "each moment in a column" [ "$(grep -cE '^-x/[0-9]+ +[0-9:]{8}\.[0-9]{9} EST  (buy|sell) ' out)" = 20 ]
check "and told" exits 0 "$royale" why run -- -x/1
check "with its name" says 'order -x/1: ' out

# ---- mistakes ----
check "no such order" exits 2 "$royale" why run maker/99999999
check "says which are there" grep -q "maker has no order 99999999; its last one is [0-9]*, .royale why run maker. lists" err
check "no such agent" exits 2 "$royale" why run makre
check "says which it may be" says 'maker' err
check "no order at all" exits 2 "$royale" why run maker/
check "says what one is" says 'AGENT/NUMBER, as maker-1/42' err
check "nothing to ask for" exits 2 "$royale" why run
check "no journal" exits 3 "$royale" why . maker

# ---- without the battle file, and cut ----
mkdir cut
head -c "$(($(stat -c %s run/inputs.ryj) * 2 / 3))" run/inputs.ryj >cut/inputs.ryj
check "a journal alone, cut" exits 0 "$royale" why cut "maker/$filled"
check "says why the wake is not known" says 'its wake is not known: cut/battle.yaml' out
check "and where the journal ends" grep -q 'cut: last whole block' err

# ---- a battle that runs ----
sed 's/path: day.itch/path: day.pipe/' battle.yaml >pipe.yaml
mkfifo day.pipe
(head -c 1500000 day.itch; exec sleep 600) >day.pipe &
started+=("$!")
# told: an order of it is told already.
told() {
    "$royale" why "$dir" maker/1 >told.out 2>told.err
}
while_it_runs() {
    start pipe.yaml && until_true told && stopped_in_order INT 130
}
check "an order of a battle that runs" while_it_runs
check "its life so far" says 'its agent was woken, 20 us before the order could arrive' told.out
check "says that the battle runs" says 'so far: the battle runs' told.err

done_testing
