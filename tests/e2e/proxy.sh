#!/bin/bash
# royale-web behind the nginx of docs/examples/proxy: TLS, stream and WebSocket through it, and that nobody reads through
# it without a key, although it asks from 127.0.0.1.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/served.bash
. "$tree/tests/support/served.bash"

for command in nginx openssl; do
    if ! has "$command"; then
        skip "royale-web behind a proxy" "no $command: Debian's package ${command/nginx/nginx-light} has it"
        done_testing
        exit
    fi
done

a_library 2000 || { echo "Bail out! no library"; exit 1; }
reader=$(make_key reader read)
operator=$(make_key operator operate)
served --listen 127.0.0.1:0 --library --audit audit library || { echo "Bail out! royale-web does not start"; exit 1; }
inside=$url
port=$(python3 -c 'import socket
s = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(x.getsockname()[1] for x in s))')
read -r tls plain <<<"$port"

# The example as it is, but for ports, the certificate, and the address that it is reached by.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=royale.example.com -addext subjectAltName=DNS:royale.example.com \
    -keyout tls.key -out tls.pem 2>/dev/null || { echo "Bail out! no certificate"; exit 1; }
sed -e "s|127.0.0.1:9474|${inside#http://}|; s|listen 443 ssl|listen 127.0.0.1:$tls ssl|; s|listen 80;|listen 127.0.0.1:$plain;|" \
    -e "/listen \[::\]/d; s|/etc/ssl/certs/royale.pem|$work/tls.pem|; s|/etc/ssl/private/royale.key|$work/tls.key|" \
    "$tree/docs/examples/proxy/nginx.conf" >site.conf
cat >nginx.conf <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.err;
events {}
http {
    access_log $work/nginx.log;
    client_body_temp_path $work/nginx-body;
    proxy_temp_path $work/nginx-proxy;
    fastcgi_temp_path $work/nginx-fastcgi;
    uwsgi_temp_path $work/nginx-uwsgi;
    scgi_temp_path $work/nginx-scgi;
    include $work/site.conf;
}
END
check "nginx takes the example" nginx -t -c "$work/nginx.conf"
nginx -c "$work/nginx.conf" 2>nginx.out &
started+=("$!")
box=royale.example.com
url=https://$box:$tls
through() {
    curl -sS --max-time 60 --cacert tls.pem --resolve "$box:$tls:127.0.0.1" -o body -D head -w '%{http_code}\n' "$@"
}
ask() {
    through "$@"
}
answers() {
    [ "$(through "$url/" 2>/dev/null)" = 200 ]
}
until_true answers || { cat nginx.err nginx.out; echo "Bail out! nginx does not start"; exit 1; }

check "the page comes through" gets 200 '' ask "$url/"
check "with royale-web's own headers" says 'Content-Security-Policy' head
check "and over TLS alone" says 'Strict-Transport-Security' head
moved() {
    [ "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' -H "Host: $box" "http://127.0.0.1:$plain/x")" = "301 https://$box/x" ]
}
check "who asks without TLS is sent there" moved
for path in /v1 /v1/battles /metrics /v1/battles/current/stream; do
    check "without a key nobody reads: $path" gets 401 unauthorized ask "$url$path"
    check "whatever Host it is: $path" gets 401 unauthorized ask -H "Host: localhost" "$url$path"
    check "whatever it says of itself: $path" gets 401 unauthorized ask -H 'X-Forwarded-For: 127.0.0.1' "$url$path"
done
local_reads() {
    [ "$(curl -sS -o /dev/null -w '%{http_code}' "$inside/v1")" = 200 ]
}
check "this machine reads without one beside the proxy" local_reads
check "with a key others do" gets 200 '' with "$reader" "$url/v1"
check "and nothing else" gets 403 forbidden with "$reader" -X POST "$url/v1/battles" -d '{"file": "day.yaml"}'
check "with another they write" gets 202 '' with "$operator" -X POST "$url/v1/battles" -d '{"file": "day.yaml", "name": "monday"}'
check "and a battle runs" until_true state monday runs
# The stream's own look at what runs comes once a second.
followed() {
    [ "$(with "$reader" --head "$url/v1/battles/monday/stream")" = 200 ]
}
check "which is followed" until_true followed

# ---- the stream ----
curl -sSN --max-time 60 --cacert tls.pem --resolve "$box:$tls:127.0.0.1" -H "Authorization: Bearer $reader" \
    "$url/v1/battles/monday/stream" >stream 2>stream.err &
stream=$!
started+=("$stream")
# Ten frames while the battle goes on: nothing is kept back until it is over.
frames() {
    [ "$(grep -c '^event: delta' stream)" -ge 10 ]
}
check "frames come one by one" until_true frames
check "while it runs" state monday runs
kill "$stream"
handshake() { # STATUS CURL-ARGUMENTS
    local status=$1
    shift
    curl -sS --http1.1 --max-time 2 --cacert tls.pem --resolve "$box:$tls:127.0.0.1" -o body -D head -H 'Connection: Upgrade' \
        -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$@" \
        "$url/v1/battles/monday/stream" 2>curl.err
    says " $status " head
}
check "a WebSocket goes through" handshake 101 -H "Origin: $url" -H "Sec-WebSocket-Protocol: royale.v1, $reader"
check "with its frames" grep -qa '"type":"snapshot"' body
check "from the proxy's page alone" handshake 403 -H 'Origin: https://evil.example' -H "Sec-WebSocket-Protocol: royale.v1, $reader"
check "and with a key" handshake 401 -H "Origin: $url"

# ---- who it was ----
check "the proxy's clients are told apart in the audit" grep -q '"key":null.*"peer":"127.0.0.1"' audit
no_secret() {
    ! grep -rqF -e "${reader##*_}" -e "${operator##*_}" audit nginx.log nginx.err
}
check "and no secret is in a log" no_secret
check "the battle is stopped" gets 202 '' with "$operator" -X POST "$url/v1/battles/monday/stop"
check "in order" until_true state monday stopped
done_testing
