#!/bin/bash
# What royale-web changes: battles of a library that are started, survive it and are stopped; writes that are done once,
# also across its restart; agents that are sent. Through real processes.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/served.bash
. "$tree/tests/support/served.bash"

strategies=$ROYALE_BUILD/lib/royale
case $strategies in /*) ;; *) strategies=$tree/$strategies ;; esac
a_library 2000 || { echo "Bail out! no library"; exit 1; }
reader=$(make_key reader read)
operator=$(make_key operator operate)
admin=$(make_key chief admin)

# post KEY PATH BODY [CURL-ARGUMENTS]
post() {
    local key=$1 path=$2 body=$3
    shift 3
    with "$key" -X POST -H 'Content-Type: application/json' --data-binary "$body" "$@" "$url$path"
}
# value NAME: a member of ./body
value() {
    python3 -c 'import json, sys
value = json.load(open("body"))
for name in sys.argv[1].split("."):
    value = value[int(name) if name.isdigit() else name]
print(value)' "$1"
}
is() { # NAME VALUE
    local got
    got=$(value "$1") && [ "$got" = "$2" ] && return 0
    echo "$1 is $got, not $2"
    cat body
    return 1
}
supervisor_of() { # BATTLE
    pgrep -f -- "--dir $work/library/$1 " | head -n 1
}

served --listen 127.0.0.1:0 --library --hold hold --audit audit library || { echo "Bail out! royale-web does not start"; exit 1; }

# ---- start ----
check "a battle is started" gets 202 '' post "$operator" /v1/battles '{"file": "day.yaml", "name": "monday"}'
check "and has its place" says 'Location: /v1/battles/monday' head
check "it runs" until_true state monday runs
pid=$(supervisor_of monday)
own_session() {
    [ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ] && [ "$(ps -o nice= -p "$pid" | tr -d ' ')" = "$(ps -o nice= -p $$ | tr -d ' ')" ]
}
check "in a session of its own, and no slower than others" own_session
check "its name is taken" gets 409 conflict post "$operator" /v1/battles '{"file": "day.yaml", "name": "monday"}'
touch hold
check "while battles are held none is started" gets 409 held post "$operator" /v1/battles '{"file": "day.yaml", "name": "tuesday"}'
check "and has no folder" [ ! -e library/tuesday ]
rm hold
head -c 100000 /dev/zero >long
in_parts() {
    with "$operator" -X POST -H 'Transfer-Encoding: chunked' -H 'Content-Type: application/json' --data-binary @long "$url/v1/battles"
}
check "a body that turns out too large is refused" gets 413 too_large in_parts
check "a battle file with mistakes is refused" gets 422 battle_file post "$operator" /v1/battles '{"file": "bad.yaml"}'
check "with the file" is details.mistakes.0.file bad.yaml
check "the line" is details.mistakes.0.line "$(grep -n Amerika library/bad.yaml | cut -d: -f1)"
check "the key" is details.mistakes.0.key market.zone
check "and what to do" says 'a zone of the IANA database' body
nothing_left() {
    [ "$(find library -name 'bad-*' | wc -l)" = 0 ]
}
check "it leaves nothing" nothing_left
for file in ../day.yaml /etc/passwd day 'library/../day.yaml' .hidden.yaml; do
    check "a path is no name: $file" gets 400 bad_body post "$operator" /v1/battles "{\"file\": \"$file\"}"
done
ln -s ../keys library/link.yaml
check "nor is a link a file of the library" gets 404 no_file post "$operator" /v1/battles '{"file": "link.yaml"}'
check "a body that is none is refused" gets 400 bad_body post "$operator" /v1/battles 'x'
check "who reads does not start" gets 403 forbidden post "$reader" /v1/battles '{"file": "day.yaml"}'
for what in pause resume kill limits orders; do
    check "what needs a gate is refused by name: $what" gets 501 needs_gate post "$operator" /v1/battles/monday/$what '{}'
done

# ---- royale-web goes, the battle stays ----
unserved KILL
check "the battle survives royale-web, however that ends" lives "$pid"
served --listen 127.0.0.1:0 --library --audit audit library || { echo "Bail out! royale-web does not start"; exit 1; }
check "and is known to the next" state monday runs
check "which stops it" gets 202 '' post "$operator" /v1/battles/monday/stop ''
check "in order" until_true gone "$pid"
check "with its result" until_true state monday stopped
verified() {
    says 'verified: the journal gives the same hash' library/monday/result.txt
}
check "which is verified" verified
check "twice it is not stopped" gets 409 not_running post "$operator" /v1/battles/monday/stop ''
check "a battle that there is not, neither" gets 404 no_battle post "$operator" /v1/battles/tuesday/stop ''

# ---- once ----
once() { # KEY BODY
    post "$operator" /v1/battles "$2" -H "Idempotency-Key: $1"
}
check "a write has a key" gets 202 '' once one '{"file": "day.yaml"}'
first=$(value battle)
cp body first
again() {
    gets 202 '' once one '{"file": "day.yaml"}' && says 'Idempotency-Replayed: true' head && cmp body first
}
check "again it is answered the same" again
one_battle() {
    [ "$(find library -maxdepth 1 -name 'day-*' -type d | wc -l)" = 1 ]
}
check "and nothing is done a second time" one_battle
check "another request may not have it" gets 422 idempotency_reused once one '{"file": "day.yaml", "name": "x"}'
check "another key's is its own" gets 202 '' post "$admin" /v1/battles '{"file": "day.yaml", "name": "other"}' -H 'Idempotency-Key: one'
unserved TERM
served --listen 127.0.0.1:0 --library --audit audit library || { echo "Bail out! royale-web does not start"; exit 1; }
check "a restarted royale-web knows it still" again
check "a key is printable" gets 400 bad_request once 'a b' '{"file": "day.yaml"}'
check "mistakes are answered again too" gets 422 battle_file once two '{"file": "bad.yaml"}'
check "likewise" gets 422 battle_file once two '{"file": "bad.yaml"}'
check "as such" says 'Idempotency-Replayed: true' head
for battle in "$first" other; do
    check "$battle ends" gets 202 '' post "$operator" "/v1/battles/$battle/stop" ''
    check "in its order" until_true state "$battle" stopped
done

# ---- the next battle of the library ----
check "when one has ended another begins" gets 202 '' post "$operator" /v1/battles '{"file": "day.yaml", "name": "next"}'
in_focus() {
    [ "$(ask "$url/v1/battles")" = 200 ] && python3 -c 'import json, sys
sys.exit([b["name"] for b in json.load(open("body"))["battles"] if b["focus"]] != ["next"])'
}
check "and is the one that is followed" until_true in_focus
check "it is stopped by that name" gets 202 '' post "$operator" /v1/battles/current/stop ''
check "too" until_true state next stopped

# ---- agents that are sent ----
put() { # KEY NAME TYPE FILE
    with "$1" -X PUT -H "Content-Type: $3" -H 'Expect:' --data-binary "@$4" "$url/v1/agents/$2"
}
check "none are taken if it is not said" gets 403 uploads_off put "$admin" theirs application/octet-stream "$strategies/noise.so"
unserved TERM
check "one battle's folder takes none" exits 2 "$royale" web --keys keys --listen 127.0.0.1:0 --allow-upload library/next
if [ "$(id -u)" = 0 ]; then
    for_others >/dev/null
    chmod 755 library
    royale_of_others=$royale
    royale=$bin/royale
    check "who is not root takes none" exits 3 as_other_user env HOME="$work" "$royale_of_others" web --listen 127.0.0.1:0 --library --allow-upload library
    check "and says why" says 'not started as root' err
fi
isolated() {
    served --listen 127.0.0.1:0 --library --audit audit --allow-upload library
}
if [ "$(id -u)" = 0 ] && isolated >/dev/null; then
    check "it says that they are kept apart" gets 200 '' ask "$url/v1"
    check "by users of their own" is isolation users
    check "and that agents may be sent" is uploads True
    check "not by who operates" gets 403 forbidden put "$operator" theirs application/octet-stream "$strategies/noise.so"
    check "but by an admin" gets 201 '' put "$admin" theirs application/octet-stream "$strategies/noise.so"
    check "whole" cmp library/agents/theirs.so "$strategies/noise.so"
    check "and again" gets 200 '' put "$admin" theirs application/octet-stream "$strategies/twap.so"
    check "in its place" cmp library/agents/theirs.so "$strategies/twap.so"
    gets 200 '' put "$admin" theirs application/octet-stream "$strategies/noise.so" >/dev/null
    head -c 5000 "$strategies/noise.so" >cut.so
    check "what is cut off is refused" gets 422 bad_strategy put "$admin" cut application/octet-stream cut.so
    check "as is a program" gets 422 bad_strategy put "$admin" program application/octet-stream "$bin/royale-agent"
    none_kept() {
        [ "$(find library/agents -type f | wc -l)" = 1 ]
    }
    check "neither is kept" none_kept
    head -c 17000000 /dev/zero >large.so
    check "what is too large is refused" gets 413 too_large put "$admin" large application/octet-stream large.so
    echo '{"cash": "500000", "params": {"instrument": "RYB", "interval_us": 1000000}}' >settings
    check "settings are taken" gets 200 '' put "$admin" theirs application/json settings
    check "and shown" gets 200 '' with "$reader" "$url/v1/agents/theirs"
    check "as they are" is settings.params.instrument RYB
    echo '{"strategy": "/bin/true"}' >bad
    check "but no other strategy" gets 400 bad_body put "$admin" theirs application/json bad
    check "an agent plays" gets 202 '' post "$operator" /v1/battles '{"file": "day.yaml", "name": "with", "agents": ["theirs"]}'
    plays() {
        [ "$(with "$reader" "$url/v1/battles/with/agents")" = 200 ] && says '"name":"theirs"' body >/dev/null
    }
    check "with the others" until_true plays
    alone() {
        local agent
        agent=$(pgrep -x royale-agent | while read -r agent; do
            [ "$(stat -c %u "/proc/$agent" 2>/dev/null || echo 0)" -ge 1880000000 ] && echo "$agent"
        done | wc -l)
        [ "$agent" -ge 4 ]
    }
    check "each as a user of its own" until_true alone
    check "it is stopped" gets 202 '' post "$operator" /v1/battles/with/stop ''
    check "likewise in order" until_true state with stopped
    check "an agent that there is not" gets 404 no_agent post "$operator" /v1/battles '{"file": "day.yaml", "agents": ["nobody"]}'
    check "one goes" gets 204 '' with "$admin" -X DELETE "$url/v1/agents/theirs"
    check "and is gone" gets 404 no_agent with "$reader" "$url/v1/agents/theirs"
    unserved TERM
else
    skip "agents are sent, configured, play and go" "agents have no users of their own here: not root, or no such users"
fi

# ---- lines of the audit ----
line() { # METHOD PATH VERDICT
    grep "\"method\":\"$1\",\"path\":\"$2\"" audit | grep -q "\"what\":\"write\",\"verdict\":\"$3\""
}
check "a start has its line" line POST /v1/battles ok
check "as has a stop" line POST /v1/battles/monday/stop ok
check "and who may not" line POST /v1/battles forbidden
check "nothing was said of a defect" [ ! -s web.err ]
done_testing
