#!/bin/bash
# The API below /v1 over a library of real battles: one that has ended, one that runs, one whose journal is damaged.
# Its answers are held to what it documents (OpenAPI, jsonschema) and to what other programs say of the same battle.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
openapi=$bin/../schemas/royale.openapi.json
part() {
    python3 -B "$tree/tests/e2e/api.py" "$@"
}

"$royale" generate --messages 120000 --itch day.itch >generate.txt || exit 1
day() { # NAME [FEED-KEYS]
    battle "path: day.itch" "
game: {round: 00:45:00, min_fills: 0}
risk: {quantity_max: 1000, notional_max: 2500000, position_max: 300, open_orders_max: 50, rate_max: 100, collar_ppm: 50000,
       loss_max: 1000000}
agents:
  - {name: maker, strategy: maker, cash: 1000000, params: {instrument: RYA, size: 100, inventory_max: 1000}}
  - {name: noise, strategy: noise, cash: 1000000, count: 3, params: {instrument: RYA, interval_us: 1000000}}
  - {name: twap, strategy: twap, cash: 1000000, params: {instrument: RYC, quantity: 2000, slices: 200}}" | sed "s/^  name: test/  name: $1/"
}
mkdir library
day over >over.yaml
day runs >runs.yaml
check "a battle that is over" run_ok library/over over.yaml
cp -R library/over library/damaged
# A stretch in the middle of the journal: a single byte could be what stood there, or fall between two blocks.
head -c 8192 /dev/zero | tr '\0' '\125' |
    dd of=library/damaged/inputs.ryj oflag=seek_bytes seek=$(($(stat -c %s library/over/inputs.ryj) / 2)) conv=notrunc status=none
mkdir library/nothing

# serve DIR [OPTIONS]: starts it; $web is its process, $url where it answers.
serve() {
    rm -f web.out
    "$royale" web --listen 127.0.0.1:0 "$@" >web.out 2>web.err &
    web=$!
    started+=("$web")
    until_true test -s web.out || { cat web.err; return 1; }
    url=$(sed 's|/$||' web.out)
}
serve --library library || { echo "Bail out! royale-web does not start"; exit 1; }

# ---- the library ----
field() { # PATH MEMBER
    curl -sS --max-time 60 "$url$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"
}
lists() {
    curl -sS --max-time 60 "$url/v1/battles" >listed && exits 0 "$royale" status --json library &&
        python3 - listed out <<'PY'
import json, sys
served, said = (json.load(open(file)) for file in sys.argv[1:])
for battle in served["battles"]:
    battle.pop("focus")
assert served["battles"] == said["battles"], (served, said)
assert [battle["name"] for battle in said["battles"]] == ["damaged", "over"], said
assert all(battle["battle"] == "over" for battle in said["battles"])
PY
}
check "the library is what royale status lists" lists
lists_text() {
    exits 0 env ROYALE_LIBRARY=library "$royale" status && says 'over' out && says 'ended' out && mv out listed &&
        cd library && exits 0 "$royale" status && cmp out ../listed
}
check "royale status alone lists \$ROYALE_LIBRARY, or the folders of this one" lists_text
by_id() {
    local id
    id=$(field /v1/battles/over battle_id)
    [ "$(field "/v1/battles/$id" battle_id)" = "$id" ] && [ "$(field "/v1/battles/current" battle)" = over ]
}
check "a battle is found by its folder, by its id, and as the current one" by_id

# ---- what it documents ----
if python3 -c 'import jsonschema' 2>/dev/null; then
    check "every documented GET answers what its schema says" part conform "$url" "$openapi" over
    check "what is not documented is refused, with codes that are" part refusals "$url"
else
    skip "every documented GET answers what its schema says" "python3-jsonschema is absent"
    skip "what is not documented is refused, with codes that are" "python3-jsonschema is absent"
fi
if python3 -c 'import openapi_spec_validator' 2>/dev/null; then
    check "the document is OpenAPI 3.1" python3 -m openapi_spec_validator "$openapi"
else
    skip "the document is OpenAPI 3.1" "no Python module openapi_spec_validator: PyPI has openapi-spec-validator"
fi
check "HEAD, gzip, headers" part http "$url" over

# ---- what others say ----
"$royale" tail library/over >tailed || exit 1
check "its rows are those of royale tail" part pages "$url" over rows tailed
of_path() { # PATH TYPE ...
    local path=$1
    shift
    part types tailed "$@" >some && part pages "$url" over "$path" some
}
check "its fills" of_path fills fill
check "its trades" of_path trades market_trade trade
check "its rounds" of_path rounds round rank out standing end
check "its orders" of_path orders order ack rested reject cancel_request cancel decision
check "rows of several types" of_path "rows?type=fill,out" fill out
one_agent() {
    exits 0 "$royale" tail --agent noise-2 --type fill,order library/over && mv out some &&
        part pages "$url" over "rows?type=fill,order&agent=noise-2" some
}
check "rows of one agent" one_agent
figures() {
    exits 0 "$royale" status --json library/over && mv out said && part status "$url" over said
}
check "its figures are those of royale status, to the last digit" figures
whys() {
    exits 0 "$royale" why library/over noise-1/1 && mv out said && part why "$url" over noise-1 1 said
}
check "its why is that of royale why" whys
explanations() {
    exits 0 "$royale" explain --json library/over && mv out said && part explained "$url" over said
}
check "its explanations are those of royale explain" explanations
books() {
    local inputs
    inputs=$(field /v1/battles/over inputs)
    part book "$url" over "$inputs" && part book "$url" over $((inputs / 3))
}
check "a book's levels are its orders" books
jump() { # the end by its number is the end; an input is what the journal says
    local inputs
    inputs=$(field /v1/battles/over inputs)
    [ "$(curl -sS "$url/v1/battles/over/leaderboard?input=$inputs")" = "$(curl -sS "$url/v1/battles/over/leaderboard")" ] &&
        [ "$(field "/v1/battles/over/journal?from=$inputs" complete)" = True ]
}
check "the last input is the end" jump

# ---- the document ----
# Each reading example of docs/API.md, asked of this battle: names and numbers of the document's are put in its place.
examples() {
    local line request answered=0 out_input
    out_input=$(grep '"type":"out"' tailed | head -n 1 | sed 's/.*"input":\([0-9]*\).*/\1/')
    while IFS= read -r line; do
        request=$(sed -E "s/^\\$ curl -sN? '?//; s/'? *(\||>|\$).*//; s/'$//; s|http://127.0.0.1:9474|$url|; s|/battles/demo|/battles/over|
            s/twap-buy/twap/; s/input=230307/input=$out_input/; s/input=400000/input=50000/" <<<"$line")
        [[ $request != */stream ]] || continue
        if ! curl -sSf --max-time 60 -o answered "$request" || [ ! -s answered ]; then
            echo "$line: $request"
            return 1
        fi
        answered=$((answered + 1))
    done < <(grep -E '^\$ curl -sN? .?http' "$tree/docs/API.md")
    echo "$answered examples"
    [ "$answered" -ge 15 ]
}
check "every reading example of docs/API.md answers" examples

# ---- a journal that is damaged ----
damaged() {
    local inputs
    inputs=$(field /v1/battles/damaged inputs)
    curl -sS "$url/v1/battles/damaged"
    [ "$inputs" -gt 1000 ] && [ "$(field /v1/battles/damaged state)" != ended ] && [ "$(field /v1/battles/damaged trouble)" != None ] &&
        [ "$(curl -sS "$url/v1/battles/damaged/leaderboard?input=$inputs")" = "$(curl -sS "$url/v1/battles/over/leaderboard?input=$inputs")" ]
}
check "of a damaged journal all before the damage is to be had" damaged

# ---- a battle that runs ----
"$royale" run --quiet --dir library/runs runs.yaml >run.out 2>run.err &
run=$!
started+=("$run")
until_true test -s library/runs/inputs.ryj
stand() {
    local supervised
    supervised=$(pgrep -P "$run" -x royale-exec) && kill -STOP "$supervised"
}
sleep 0.3
if stand; then
    conform_live() {
        until_true current_is runs && [ "$(field /v1/battles/runs state)" = runs ] && part conform "$url" "$openapi" runs
    }
    current_is() {
        [ "$(field /v1/battles/current name)" = "$1" ]
    }
    check "a battle that runs is in focus, and answers the same paths" conform_live
    live() {
        curl -sS "$url/v1/battles/runs/state" | python3 -c 'import json, sys; s = json.load(sys.stdin); assert s["processes"]["exec"] and s["machine"]["cores"] > 0, s'
    }
    check "its state has its processes" live
    kill -CONT "$(pgrep -P "$run" -x royale-exec)"
else
    skip "a battle that runs is in focus, and answers the same paths" "it was over too soon"
    skip "its state has its processes" "it was over too soon"
fi
wait "$run"
over() {
    until_true is_over && "$royale" tail library/runs >tailed && part pages "$url" runs rows tailed
}
is_over() {
    [ "$(field /v1/battles/runs state)" = ended ]
}
check "and when it is over, its pages are its rows" over

# ---- a battle that goes ----
gone_battle() {
    rm -rf library/runs
    until_true no_battle runs
}
no_battle() {
    [ "$(field "/v1/battles/$1/state" code)" = no_battle ]
}
check "a battle that was removed is none" gone_battle
check "a folder without a journal is none" no_battle nothing
quiet() {
    lives "$web" && [ ! -s web.err ]
}
check "and it lives on, and has said nothing" quiet

done_testing
