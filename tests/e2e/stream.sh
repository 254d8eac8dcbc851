#!/bin/bash
# The stream of royale-web beside real battles: both forms of it merge to what the API says; resuming without gap or
# double; a battle that follows another in the same place; the role that `royale run --web` starts; and what hostile or
# many clients do to it and to the battle: nothing.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
part() {
    python3 -B "$tree/tests/support/stream.py" "$@"
}
export ROYALE_PAGE=$work/no-page

"$royale" generate --messages 300000 --itch day.itch >generate.txt || exit 1
for seed in 1 2; do
    battle 'path: day.itch' "
game: {round: 00:45:00, min_fills: 0}
risk: {quantity_max: 1000, notional_max: 2500000, position_max: 300, open_orders_max: 50, rate_max: 100, collar_ppm: 50000,
       loss_max: 1000000}
agents:
  - {name: noise, strategy: noise, cash: 1000000, count: 3, params: {instrument: RYA, interval_us: 1000000}}" |
        sed "s/^  name: test/  name: test$seed\n  seed: $seed/" >"day$seed.yaml"
done

# serve DIR: starts it; $web is its process, $port and $url where it answers.
serve() {
    rm -f web.out
    "$royale" web --listen 127.0.0.1:0 "$@" >web.out 2>web.err &
    web=$!
    started+=("$web")
    until_true test -s web.out || { cat web.err; return 1; }
    url=$(cat web.out)
    port=${url##*:}
    port=${port%/}
}
metric() {
    curl -sS --max-time 60 "${url}metrics" | sed -n "s/^royale_web_$1\({[^}]*}\)\{0,1\} //p"
}
is() {
    [ "$(metric "$1")" = "$2" ]
}
descriptors() {
    find "/proc/$web/fd" -mindepth 1 | wc -l
}

# ---- the hashes, without a page ----
run_ok alone day1.yaml >/dev/null || { echo "Bail out! no battle"; exit 1; }
wanted=$(hash_of state alone/result.txt)

# ---- a place without a battle, then with one, then with another ----
mkdir place
serve place || { echo "Bail out! royale-web does not start"; exit 1; }
waits() {
    part ws "$port" 1 >out && says 'snapshot=1' out && says 'state=none' out
}
check "a place without a battle has a stream that says so" waits
unbuilt() {
    curl -sS "$url" >out && says 'make page' out && curl -sS -D - -o /dev/null "$url" >out && says 'X-Frame-Options: DENY' out
}
check "without a page that is built / says how to build it" unbuilt

part end "$port" 300 >end.out 2>&1 &
ends=$!
started+=("$ends")
part rows "$port" 30 >rows.out 2>&1 &
rows=$!
started+=("$rows")
"$royale" run --quiet --dir place day1.yaml >run.out 2>&1 &
run=$!
started+=("$run")
wait "$run"
run_code=$?
same_hash() {
    [ "$run_code" = 0 ] || { cat run.out; return 1; }
    [ "$(hash_of state place/result.txt)" = "$wanted" ]
}
check "a battle that is watched has the hash of one that is not" same_hash
wait "$ends"
end_code=$?
merged() {
    [ "$end_code" = 0 ] || { cat end.out; return 1; }
    says 'lapped=0' end.out && says 'state=ended' end.out
}
check "its snapshot and deltas merge to the state that the API has at the end" merged
wait "$rows"
rows_are_rows() {
    grep -q '"type": "rank"' rows.out || { head -c 2000 rows.out; return 1; }
}
check "rows of the interval are in it" rows_are_rows

# ---- going on ----
both() {
    part sse "$port" 2 >sse.out && part ws "$port" 2 >ws.out && says 'snapshot=1' sse.out && says 'snapshot=1' ws.out &&
        says 'lapped=0' sse.out && says 'state=ended' ws.out
}
check "server-sent events and a WebSocket begin with a snapshot" both
beats() {
    part sse "$port" 3 >out && ! grep -q 'beat=0' out && part ws "$port" 3 >out && ! grep -q 'beat=0' out
}
check "a quiet stream has heartbeats" beats
goes_on() {
    local cursor
    cursor=$(sed -n 's/.* cursor=\([^ ]*\).*/\1/p' sse.out)
    part sse "$port" 2 "$cursor" >out && says 'snapshot=0' out && part ws "$port" 2 "$cursor" >out && says 'snapshot=0' out
}
check "who comes back with its cursor goes on, without a snapshot" goes_on
lapped() {
    for cursor in 01234567-1-1 nonsense 99999999999999999999 "%00%ff"; do
        part ws "$port" 1 "$cursor" >out && says 'snapshot=1' out && says 'lapped=1' out || return 1
    done
}
check "a cursor that is gone or none is told, and given a snapshot" lapped
by_curl() {
    timeout 3 curl -sS -N -i -H 'Last-Event-ID: 1-2-3' "${url}v1/battles/place/stream" >out
    says 'text/event-stream' out && says '"lapped":true' out && says 'event: snapshot' out
}
check "curl -N reads it, by the battle's name too" by_curl
elsewhere() {
    [ "$(curl -sS -o out -w '%{http_code}' "${url}v1/battles/other/stream")" = 409 ] && says not_followed out
}
check "another battle's stream is refused by name" elsewhere

# ---- another battle in the same place ----
python3 -B "$tree/tests/support/stream.py" ws "$port" 120 >another.out 2>&1 &
another=$!
started+=("$another")
until_true is stream_clients 1
rm -rf place
"$royale" run --quiet --dir place day2.yaml >run.out 2>&1
is_another() {
    part ws "$port" 1 >out && says 'state=ended' out && ! grep -q "cursor=$first" out
}
first=$(sed -n 's/.* cursor=\([0-9a-f]*\)-.*/\1/p' sse.out)
check "another battle in the same place is taken up" until_true is_another
kill -TERM "$another" 2>/dev/null
wait "$another"

# ---- what clients should not do ----
check "a WebSocket that says what it may not is closed with the reason" part says "$port"
code_of() {
    curl -sS --max-time 60 -o out -w '%{http_code}' "$@"
}
refused() {
    [ "$(code_of -H 'Upgrade: websocket' -H 'Connection: Upgrade' "${url}v1/battles/current/stream")" = 400 ] || return 1
    [ "$(code_of -H 'Upgrade: websocket' -H 'Connection: Upgrade' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' \
        -H 'Sec-WebSocket-Version: 8' "${url}v1/battles/current/stream")" = 426 ] || return 1
    [ "$(code_of -X POST -d x "${url}v1/battles/current/stream")" = 405 ] || return 1
    [ "$(code_of -H "X: $(head -c 20000 /dev/zero | tr '\0' a)" "${url}v1/battles/current/stream")" = 431 ] || return 1
    [ "$(code_of -H 'Host: evil.example' "${url}v1/battles/current/stream")" = 403 ] || return 1
    [ "$(code_of -H 'X-Forwarded-For: 192.0.2.1' "${url}v1/battles/current/stream")" = 401 ]
}
check "handshakes, methods, headers and hosts that are wrong are refused, each in its way" refused
idle_count=10000
limit=$(ulimit -Hn)
[ "$limit" = unlimited ] || [ "$limit" -gt 10600 ] || idle_count=$((limit / 2))
before=$(descriptors)
mkfifo held
hold() { # COMMAND: connections are held open until `release`
    part "$1" "$port" "$2" <held >held.out 2>&1 &
    holder=$!
    started+=("$holder")
    exec 9>held
    until_true grep -q held held.out || { cat held.out; return 1; }
}
release() {
    exec 9>&-
    wait "$holder"
}
has_snapshot() {
    [ "$(code_of "${url}metrics")" = 200 ] && part ws "$port" 2 >out && says 'snapshot=1' out
}
lives_beside() {
    hold "$1" "$idle_count" && until_true has_snapshot
    local result=$?
    release
    return $result
}
check "$idle_count connections that say nothing do not keep it" lives_beside idle
check "$idle_count readers of the stream do not either" lives_beside crowd
few_descriptors() {
    [ "$(descriptors)" -le $((before + 8)) ]
}
nothing_left() {
    until_true few_descriptors && until_true is stream_clients 0
}
check "and when they have gone nothing is left of them" nothing_left
dripping() {
    part slow "$port" 0.5 120 >out && cat out && [ "$(sed 's/[^0-9]//g' out)" -lt 60 ]
}
check "a request that drips is let go in time" dripping
quiet() {
    grep -v '"verdict":"' web.err >said
    [ ! -s said ] || { cat said; return 1; }
    lives "$web"
}
check "it has said nothing of all that but its audit's lines, and lives" quiet
kill -TERM "$web"
wait "$web"
web_code=$?
stopped() {
    [ "$web_code" = 0 ] || { echo "exit code $web_code"; cat web.err; return 1; }
}
check "SIGTERM ends it in order" stopped

# ---- a library ----
mkdir library
cp -r alone library/first
cp -r place library/second
touch library/second/inputs.ryj
serve --library library
focus() {
    part ws "$port" 2 >out && says 'state=ended' out || return 1
    local id
    id=$(curl -sS "${url}v1/battles/second" | sed -n 's/.*"battle_id":"\([0-9a-f]\{8\}\).*/\1/p')
    says "cursor=$id" out && [ "$(code_of "${url}v1/battles/first/stream")" = 409 ]
}
check "of a library the battle that ended last is in focus" until_true focus
part ws "$port" 60 >focus.out 2>&1 &
started+=($!)
"$royale" run --quiet --dir library/third day1.yaml >run.out 2>&1
in_focus() { # FOLDER
    local id
    id=$(curl -sS "${url}v1/battles/$1" | sed -n 's/.*"battle_id":"\([0-9a-f]\{8\}\).*/\1/p')
    [ -n "$id" ] && part ws "$port" 1 >out && says "cursor=$id" out
}
check "a battle that begins in it comes into focus" until_true in_focus third
kill -TERM "$web"
wait "$web"

# ---- royale run --web ----
# A day that takes a few seconds however quick the machine is.
"$royale" generate --messages 1500000 --itch long.itch >generate.txt || exit 1
sed 's/day.itch/long.itch/' day1.yaml >long.yaml
own_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$royale" run --web="127.0.0.1:$own_port" --dir own long.yaml >run.out 2>run.err &
run=$!
started+=("$run")
answers() {
    part ws "$own_port" 1 >out 2>&1 && says 'ran=True' out
}
role_answers=1
until_true answers >role.out 2>&1 || role_answers=0
wait "$run"
run_code=$?
role_answered() {
    [ "$role_answers" = 1 ] || { cat role.out out; return 1; }
}
check "royale run --web has a page of the battle while it runs" role_answered
role_ends() {
    [ "$run_code" = 0 ] || { cat run.out run.err; return 1; }
    says "page: http://127.0.0.1:$own_port/" run.out || return 1
    "$royale" run --quiet --dir plain long.yaml >plain.out 2>&1 || { cat plain.out; return 1; }
    [ "$(hash_of state own/result.txt)" = "$(hash_of state plain/result.txt)" ] || return 1
    ! grep 'royale: ' run.err # lines of progress are no trouble
}
check "which ends with the battle, whose hash is the same" role_ends
taken_port() {
    serve alone || return 1
    exits 0 "$royale" run --web="127.0.0.1:$port" --dir twice day1.yaml && says 'web did not start: cannot listen on ' err
}
check "a page that cannot be had is told, and the battle goes on" taken_port
done_testing
