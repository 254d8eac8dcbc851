#!/bin/bash
# `royale plan` draws this machine and others, with the same plan as `royale check` prints; what it does not understand
# it says.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

agents='agents:
  - {name: noise, strategy: noise, count: 2, cash: 100000, latency_us: 100,
     params: {instrument: RYA, interval_us: 400000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 02:00:00}'
"$royale" generate --itch day.itch --messages 20000 --seed 3 >generate.txt || exit 1
battle 'path: day.itch' "$agents" >day.yaml
box='pack:2 numa:1 l3:2 core:8 pu:2 [nic=1]'

this_machine() {
    exits 0 "$royale" plan && says '+- socket 0 ' out && exits 0 "$royale" plan day.yaml && says 'battle test on ' out &&
        says '+- socket 0 ' out && sed -n '/^placement:/,$p' out >planned && exits 0 "$royale" check day.yaml &&
        sed -n '/^placement:/,$p' out >checked && [ -s planned ] && diff planned checked
}
check "this machine, as royale check plans for it" this_machine

another_machine() {
    exits 0 "$royale" plan --topology "$box" day.yaml && says '4 last-level caches' out && grep -qE '^\|.* [0-9]+ exec ' out &&
        grep -qE '^\|.* [0-9]+ agent1 ' out && grep -qE '^  exec +core [0-9]+, node [01], spin: ' out && says 'park: keeps house' out
}
check "a machine that is described" another_machine

the_same_twice() {
    local form
    for form in '' --json --svg; do
        # shellcheck disable=SC2086 # none is no argument
        "$royale" plan $form --topology "$box" day.yaml >one && "$royale" plan $form --topology "$box" day.yaml >two &&
            [ -s one ] && cmp one two || return 1
    done
}
check "the same plan gives the same bytes" the_same_twice

if has python3; then
    svg_is_xml() {
        exits 0 "$royale" plan --svg --topology "$box" day.yaml && mv out plan.svg && python3 - <<'PYTHON'
import xml.etree.ElementTree as tree
root = tree.parse("plan.svg").getroot()
cpus = [g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("data-cpu")]
assert sorted(int(g.get("data-cpu")) for g in cpus) == list(range(64)), len(cpus)
words = {g.find("{http://www.w3.org/2000/svg}text[@class='word']").text for g in cpus if "process" in g.get("class")}
assert words == {"exec", "feed0", "agent0", "agent1", "journal"}, words
PYTHON
    }
    check "the picture as SVG is XML with each CPU once" svg_is_xml
    json_says_the_same() {
        exits 0 "$royale" plan --json --topology "$box" day.yaml && mv out plan.json && exits 0 "$royale" plan --topology "$box" day.yaml &&
            python3 - <<'PYTHON'
import json, re
plan = json.load(open("plan.json"))
lines = dict(re.findall(r"^  (\w+) +cores? ([0-9,-]+),", open("out").read(), re.M))
assert plan["battle"] == "test" and len(plan["machine"]["cpus"]) == 64
for process in plan["placement"]["processes"]:
    where = process["cpu"] if process["cpu"] is not None else plan["placement"]["house"]
    assert lines[process["name"]] == str(where), (process, lines)
PYTHON
    }
    check "JSON says what the text says" json_says_the_same
    check "TUNING.md describes each of its fields" python3 "$tree/tests/e2e/results_keys.py" "$tree/docs/TUNING.md" plan.json
else
    skip "the picture as SVG is XML with each CPU once" "python3 is absent"
    skip "JSON says what the text says" "python3 is absent"
    skip "TUNING.md describes each of its fields" "python3 is absent"
fi

as_the_page_shows() {
    local command
    command=$(sed -n 's/^\$ royale plan --topology "\(.*\)" docs.*/\1/p' "$tree/docs/TUNING.md")
    sed -n '/^\$ royale plan --topology/,/^```/p' "$tree/docs/TUNING.md" | sed '1d;$d' >wanted
    [ -s wanted ] && exits 0 "$royale" plan --topology "$command" "$tree/docs/examples/demo-card.yaml" && diff wanted out
}
check "the page shows what it prints" as_the_page_shows

not_understood() {
    exits 2 "$royale" plan --topology nonsense && says 'nonsense' err && exits 2 "$royale" plan --topology nonsense day.yaml &&
        exits 2 "$royale" plan absent.yaml && exits 2 "$royale" plan --svg --json && exits 2 "$royale" plan day.yaml day.yaml
}
check "what it does not understand ends with 2" not_understood

done_testing
