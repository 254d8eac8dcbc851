# shellcheck shell=bash disable=SC2034,SC2154 # what is set here is used by the tests, and the other way round
# What the tests of keys, writes and the proxy share: a library with a day's market data, royale-web over it, requests.
# Sourced behind tests/e2e/support.bash.

# a_library INTERVAL_US: makes ./library with day.yaml, whose agents are asked that often, and what it reads, and
# bad.yaml with a mistake in it. Every 1,000,000 us: the day is over in a second; every 2,000: it lasts until it is stopped.
a_library() {
    mkdir library && "$royale" generate --messages 30000 --itch library/day.itch >generate.txt || return 1
    battle 'path: day.itch' "
game: {round: 00:45:00, min_fills: 0}
risk: {quantity_max: 1000, notional_max: 2500000, position_max: 300, open_orders_max: 50, rate_max: 100, collar_ppm: 50000,
       loss_max: 1000000}
agents:
  - {name: noise, strategy: noise, cash: 1000000, count: 3, params: {instrument: RYA, interval_us: $1}}" >library/day.yaml
    sed 's/^  zone: .*/  zone: Amerika/' library/day.yaml >library/bad.yaml
}

# served ARGUMENTS: starts royale-web; $web is its process, $port and $url are where it answers.
served() {
    rm -f web.out
    "$royale" web --keys keys "$@" >web.out 2>>web.err &
    web=$!
    started+=("$web")
    until_true test -s web.out || { cat web.err; return 1; }
    url=$(cat web.out)
    url=${url%/}
    port=${url##*:}
}

# unserved SIGNAL: ends it.
unserved() {
    kill "-$1" "$web"
    wait "$web" 2>/dev/null
}

# make_key NAME SCOPE: a key on standard output.
make_key() {
    "$royale" key create --name "$1" --scope "$2" --keys keys 2>/dev/null
}

# ask CURL-ARGUMENTS: the answer's headers are in ./head, its body in ./body, its status on standard output.
ask() {
    curl -sS --max-time 60 -o body -D head -w '%{http_code}\n' "$@"
}

# with KEY CURL-ARGUMENTS: the same with a key.
with() {
    local key=$1
    shift
    ask -H "Authorization: Bearer $key" "$@"
}

# gets STATUS CODE CURL-ARGUMENTS..: that status, and that code of an error; CODE "": none.
gets() {
    local status=$1 code=$2 got
    shift 2
    got=$("$@")
    [ "$got" = "$status" ] || { echo "status $got, not $status: $*"; cat head body; return 1; }
    [ -z "$code" ] || says "\"code\":\"$code\"" body
}

# state BATTLE STATE: as the library lists it. Reads by $reader.
state() {
    [ "$(with "$reader" "$url/v1/battles")" = 200 ] && python3 -c 'import json, sys
battles = {b["name"]: b["state"] for b in json.load(open("body"))["battles"]}
sys.exit(battles.get(sys.argv[1]) != sys.argv[2])' "$1" "$2"
}
