#!/bin/bash
# royale key, and royale-web with keys: who reads, who does not, what a key that is revoked or rotated is still good for,
# how often, and what the audit's lines say; through real processes.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/served.bash
. "$tree/tests/support/served.bash"

# ---- royale key ----
check "help" exits 0 "$royale" key --help
check "names the commands" says 'rotate  give a key a new secret' out
check "no command" exits 2 "$royale" key
check "a command that there is not" exits 2 "$royale" key crate
check "may have been another" says 'perhaps create' err
check "a name is needed" exits 2 "$royale" key create --keys keys
check "without blanks" exits 2 "$royale" key create --name 'my desk' --keys keys
check "a scope is one of three" exits 2 "$royale" key create --name x --scope all --keys keys
check "no file of keys is no keys" exits 0 "$royale" key list --keys keys
check "and says so" says 'no keys in keys' out
check "a key is made" exits 0 "$royale" key create --name desk --keys keys
cp out made
reader=$(cat made)
check "and printed alone" grep -qxE 'ryk_[0-9a-f]{8}_[0-9a-f]{64}' made
check "in one line" [ "$(wc -l <made)" = 1 ]
check "what is not the key is said elsewhere" says 'nobody can show it again' err
check "the file is its owner's" [ "$(stat -c %a keys)" = 600 ]
secret_kept() {
    ! grep -qF "${reader##*_}" keys keys.lock
}
check "and has no secret" secret_kept
check "a name is taken once" exits 2 "$royale" key create --name desk --keys keys
operator=$(make_key operator operate)
admin=$(make_key chief admin)
check "a list" exits 0 "$royale" key list --keys keys
check "has all" [ "$(grep -c 'created 20' out)" = 3 ]
check "and as JSON" exits 0 "$royale" key list --json --keys keys
no_hash() {
    [ "$(grep -c '"id":' out)" = 3 ] && ! grep -q hash out && ! grep -qF "${reader##*_}" out
}
check "likewise, without hashes" no_hash
check "a key that there is not" exits 2 "$royale" key revoke desc --keys keys
check "may have been another" says 'perhaps desk' err
many() {
    local n
    for n in 1 2 3 4 5 6 7 8; do
        "$royale" key create --name "many$n" --keys many >/dev/null 2>&1 &
    done
    wait
    [ "$("$royale" key list --keys many | grep -c 'created 20')" = 8 ]
}
check "eight that are made at once are eight" many
chmod 644 many
check "a file that others may read is refused" exits 3 "$royale" key list --keys many
check "with what to do" says 'chmod 600' err
echo '{' >broken && chmod 600 broken
check "a file that is none is refused" exits 3 "$royale" key create --name x --keys broken
check "and left as it is" [ "$(cat broken)" = '{' ]
mkdir home
at_home() {
    XDG_CONFIG_HOME='' HOME=$work/home as_other_user "$royale" key create --name x >out 2>err &&
        [ "$(stat -c '%a %u' home/.config/royale/keys)" = '600 12345' ]
}
if [ "$(id -u)" = 0 ]; then
    for_others >/dev/null && chown 12345 home
    check "who is not root has it at home" at_home
else
    skip "who is not root has it at home" "not started as root, who can be another"
fi

# ---- who reads ----
a_library 1000000 || { echo "Bail out! no library"; exit 1; }
mkdir battle
served --listen 127.0.0.1:0 --audit audit battle || { echo "Bail out! royale-web does not start"; exit 1; }
check "this machine reads without a key" gets 200 '' ask "$url/v1"
check "and the metrics" gets 200 '' ask "$url/metrics"
check "by the name localhost too" gets 200 '' ask "http://localhost:$port/v1"
check "not by a name that was made to lead here" gets 403 forbidden ask -H 'Host: evil.example' "$url/v1"
check "not for a page of another site" gets 403 forbidden ask -H 'Origin: http://evil.example' "$url/v1"
for header in 'X-Forwarded-For: 192.0.2.7' 'Forwarded: for=192.0.2.7' 'X-Real-IP: 192.0.2.7' 'Via: 1.1 proxy' 'X-Forwarded-For;'; do
    check "not for somebody else: $header" gets 401 unauthorized ask -H "$header" "$url/v1"
done
check "but with a key" gets 200 '' with "$reader" -H 'X-Forwarded-For: 192.0.2.7' -H 'Host: box.example' "$url/v1"
check "the page is free to all" gets 200 '' ask -H 'X-Forwarded-For: 192.0.2.7' -H 'Host: box.example' "$url/"
wrong=${reader%?}$([ "${reader: -1}" = 0 ] && echo 1 || echo 0)
check "a key with another digit is none" gets 401 unauthorized with "$wrong" "$url/v1"
check "and what it was is not said" [ "$(grep -c "${wrong##*_}" body)" = 0 ]
check "who is refused is told how to ask" says 'WWW-Authenticate: Bearer' head
check "a password is no key" gets 401 unauthorized ask -u root:toor "$url/v1"
check "nothing is written without a key" gets 401 unauthorized ask -X POST "$url/v1/battles"
check "or with one that reads" gets 403 forbidden with "$reader" -X POST "$url/v1/battles"

# handshake STATUS CURL-ARGUMENTS: of a WebSocket.
handshake() {
    local status=$1
    shift
    curl -sS --max-time 2 -o body -D head -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
        -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$@" "$url/v1/battles/current/stream" 2>curl.err
    says " $status " head
}
check "a WebSocket of a page of another site is refused" handshake 403 -H 'Origin: http://evil.example'
check "with a key too" handshake 403 -H 'Origin: http://evil.example' -H "Sec-WebSocket-Protocol: royale.v1, $reader"
check "with a key that is none" handshake 401 -H "Sec-WebSocket-Protocol: royale.v1, $wrong"
unserved TERM

# ---- a stream ends with its key ----
"$royale" run --quiet --dir over library/day.yaml >run.out 2>run.err || { cat run.err; echo "Bail out! no battle"; exit 1; }
served --listen 127.0.0.1:0 --audit audit --require-key over || { echo "Bail out! royale-web does not start"; exit 1; }
check "a key is wanted of this machine too, if that is said" gets 401 unauthorized ask "$url/v1"
check "and is good" gets 200 '' with "$reader" "$url/v1"
check "a WebSocket has its key among its protocols" handshake 101 -H "Sec-WebSocket-Protocol: royale.v1, $reader"
check "and is answered the other" says 'Sec-WebSocket-Protocol: royale.v1' head
check "without one it is refused" handshake 401
curl -sSN --max-time 60 -H "Authorization: Bearer $reader" "$url/v1/battles/current/stream" >stream 2>stream.err &
stream=$!
started+=("$stream")
check "a stream runs" until_true grep -q '^event: snapshot' stream
moment() {
    date +%s%N
}
refused_within_a_second() {
    local begin
    "$royale" key revoke desk --keys keys || return 1
    begin=$(moment)
    until [ "$(with "$reader" "$url/v1")" = 401 ]; do
        [ $(($(moment) - begin)) -lt 1000000000 ] || { echo "still good after a second"; return 1; }
    done
    says 'was revoked' body
}
check "a key that is revoked is refused within a second" refused_within_a_second
check "and its stream ends" until_true gone "$stream"
check "another is good still" gets 200 '' with "$operator" "$url/v1"

# ---- rotation ----
new=$("$royale" key rotate operator --grace 3 --keys keys 2>err)
check "a key that is rotated is another" [ "$new" != "$operator" ]
check "with the same id" [ "${new:0:12}" = "${operator:0:12}" ]
both() {
    gets 200 '' with "$new" "$url/v1" && gets 200 '' with "$operator" "$url/v1"
}
check "for a time both are good" until_true both
old_refused() {
    [ "$(with "$operator" "$url/v1")" = 401 ]
}
check "then the old one is not" until_true old_refused
check "and the new one is" gets 200 '' with "$new" "$url/v1"
newest=$("$royale" key rotate operator --keys keys 2>/dev/null)
at_once() {
    [ "$(with "$new" "$url/v1")" = 401 ] && [ "$(with "$newest" "$url/v1")" = 200 ]
}
check "without grace the old one is bad at once" until_true at_once
check "a key that was revoked is not rotated" exits 2 "$royale" key rotate "$(echo "$reader" | cut -c5-12)" --keys keys

# ---- how often ----
limited() {
    curl -sS --max-time 60 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $admin" "$url/v1#[1-3000]" >codes
    [ "$(grep -c 200 codes)" -ge 500 ] && [ "$(grep -c 429 codes)" -ge 1 ] && [ "$(grep -cvE '200|429' codes)" = 0 ]
}
check "a key that asks too often is told to wait" limited
# By then it may have waited: what it has used up comes back by the second.
retry_after() {
    curl -sS --max-time 60 -o /dev/null -H "Authorization: Bearer $admin" "$url/v1#[1-3000]" -D heads
    grep -qi '^Retry-After: [1-9]' heads
}
check "and how long" retry_after
check "another is not" gets 200 '' with "$newest" "$url/v1"
# Some of the burst went before, on the refusals above.
knock() {
    curl -sS --max-time 60 -o /dev/null -w '%{http_code}\n' "$url/v1#[1-200]" >codes
    [ "$(grep -c 401 codes)" -ge 1 ] && [ "$(grep -c 429 codes)" -ge 1 ]
}
check "who is refused again and again must wait" knock

# ---- the audit ----
audited() {
    local line
    python3 -c 'import json, sys
for line in open(sys.argv[1]):
    entry = json.loads(line)
    assert set(entry) == {"time_ns", "time", "what", "verdict", "key", "name", "peer", "method", "path", "why", "left_out"}, entry
    assert entry["why"] or entry["what"] == "write"' audit || return 1
    for line in "$reader" "$operator" "$admin" "$new" "$newest" "$wrong"; do
        ! grep -qF "${line##*_}" audit || { echo "a secret is in a line"; return 1; }
    done
    grep '"peer":"192.0.2.7"' audit | grep -q '"verdict":"unauthorized"' && grep '"name":"desk"' audit | grep -q '"verdict":"forbidden"'
}
check "each refusal has its line, without a secret" audited
mv audit audit.1
check "a refusal" gets 403 '' with "$newest" -X PUT "$url/v1/agents/x"
check "goes to the new file when the old one was renamed" says '"method":"PUT"' audit
unserved TERM

# ---- where others reach ----
check "without a key it does not listen where others reach" exits 2 "$royale" web --keys none --listen 0.0.0.0:0 over
check "and says how to make one" says 'royale key create' err
read -r own _ < <(hostname -I)
if [ -n "${own:-}" ]; then
    served --listen 0.0.0.0:0 --audit audit over || { echo "Bail out! royale-web does not start"; exit 1; }
    check "with keys it does, and says what that means" says 'other machines read with a key' web.err
    case $own in *:*) own="[$own]" ;; esac
    check "from there a key is needed" gets 401 unauthorized ask "http://$own:$port/v1"
    check "by whatever name" gets 401 unauthorized ask -H 'Host: localhost' "http://$own:$port/v1"
    check "and is good" gets 200 '' with "$newest" "http://$own:$port/v1"
    unserved TERM
else
    skip "from there a key is needed" "this machine has no address but its own"
fi
check "a file of keys that is damaged does not begin" exits 3 "$royale" web --keys broken --listen 127.0.0.1:0 over
done_testing
