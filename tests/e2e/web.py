"""Parts of tests/e2e/web.sh. usage: web.py PART ...

    scrape URL OUT                 both formats, by the parser that Prometheus's makers wrote
    known NAMES FILE               each name that was scraped is one of `royale web --names`
    same COUNTERS FILE PROCESS     what `royale counters DIR` says of a process was scraped
    hostile PORT                   requests that no client sends
    crowd PORT N                   N connections that say nothing; lets go of them at end of input
    port                           a TCP port that is free
    wait PROMETHEUS                until it has scraped a few times
    rules PROMETHEUS RULES         it has evaluated each of them, without an error
    queries NAMES SERVER BATTLE ..  each query of the dashboards: names, and a result
    schema FILE..                  the dashboards keep Grafana's schema
"""
import concurrent.futures
import json
import os
import re
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def get(url, accept="*/*"):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers.get("Content-Type"), answer.read().decode()


def samples_of(text, parse):
    found = {}
    for family in parse(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key in found:
                sys.exit(f"twice: {key}")
            found[key] = sample.value
    return found


def scrape(url, out):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
    from prometheus_client.parser import text_string_to_metric_families as plain

    kind, text = get(url)
    if not kind.startswith("text/plain; version=0.0.4"):
        sys.exit(f"Content-Type: {kind}")
    plain_samples = samples_of(text, plain)
    kind, other = get(url, OPEN_METRICS)
    if not kind.startswith("application/openmetrics-text; version=1.0.0"):
        sys.exit(f"Content-Type: {kind}")
    if plain_samples.keys() != samples_of(other, open_metrics).keys():
        sys.exit("the formats have different samples")
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


def names_in(path):
    with open(path, encoding="utf-8") as file:
        return {line.split("\t")[0] for line in file}


def scraped(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if not line.startswith("#")]


def known(names, path):
    unknown = {re.split("[{ ]", line)[0] for line in scraped(path)} - names_in(names)
    if unknown:
        sys.exit(f"not in --names: {sorted(unknown)}")


def same(counters, path, process):
    """Lines such as "  itch_add   12 messages", below "feed0:"; what is zero is not there."""
    wanted, inside = {}, False
    with open(counters, encoding="utf-8") as file:
        for line in file:
            if not line.startswith(" "):
                inside = line.startswith(process + ":")
                continue
            word = line.split()
            if inside and len(word) == 3 and word[1].isdigit():
                wanted[word[0]] = (word[1], word[2])
    values = {}
    for line in scraped(path):
        if f'process="{process}"' in line:
            values[line.split("{")[0]] = line.rsplit(" ", 1)[1]
    role = process.rstrip("0123456789")
    compared = 0
    for name, (value, unit) in wanted.items():
        stem = f"royale_{role}_{name}"
        forms = (stem, stem + "_total", f"{stem}_{unit}", f"{stem}_{unit}_total")
        found = [values[form] for form in forms if form in values]
        if unit != "ns" and len(found) == 1:
            compared += 1
            if found[0] != value:
                sys.exit(f"{name}: {found[0]}, not {value}")
    if compared < 5:
        sys.exit(f"only {compared} counters compared: {wanted} {values}")


def ask(port, data):
    with socket.create_connection(("127.0.0.1", int(port)), timeout=60) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


HEAD = b"Host: localhost\r\n\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
HOSTILE = (
    (b"", b""),
    (b"\r\n\r\n\r\n", b""),
    (b"\0\1\2\3" * 100, b""),
    (b"GET /nothing HTTP/1.1\r\n" + HEAD, b" 404 "),
    (b"GET /metrics/../../etc/passwd HTTP/1.1\r\n" + HEAD, b" 404 "),
    (b"GET //metrics HTTP/1.1\r\n" + HEAD, b" 404 "),
    (b"POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n" + HEAD + b"hello", b" 405 "),
    (b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999\r\n" + HEAD, b" 405 "),
    (b"DELETE / HTTP/1.1\r\n" + HEAD, b" 405 "),
    (b"GET /metrics HTTP/1.1\r\nContent-Length: 5\r\n" + HEAD + b"hello", b" 400 "),
    (b"GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD + b"0\r\n\r\n", b" 400 "),
    (b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + HEAD, b" 4"),
    (b"GET /metrics HTTP/1.1\r\nX: " + b"a" * 100000 + b"\r\n" + HEAD, b" 4"),
    (b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 20000 + HEAD, b" 4"),
    (b"GET /metrics HTTP/9.9\r\n" + HEAD, b" 505 "),
    (b"HEAD /metrics HTTP/1.1\r\n" + HEAD, b" 200 "),
    (b"GET /metrics?a=b&c=%00%zz HTTP/1.1\r\nAccept: a/b;q=\xff,\"\r\n" + HEAD, b" 200 "),
    (b"GET /v1%00x HTTP/1.1\r\n" + HEAD, b" 404 "),
    (b"GET /v1/nothing HTTP/1.1\r\n" + HEAD, b"Content-Security-Policy: default-src 'none'"),
    (b"GET /v1/battles/current/stream HTTP/1.0\r\n" + UPGRADE + HEAD, b" 400 "),
    (b"GET / HTTP/1.1\r\n" + HEAD, b"/metrics"),
    (b"GET / HTTP/1.1\r\n" + HEAD + b"GET /nothing HTTP/1.1\r\n" + HEAD, b" 404 "),
)


def hung_up_or(port, data):
    try:
        return ask(port, data)
    except OSError:  # reset, or gone before our last byte
        return b" 4 it hung up"


def hostile(port):
    # Side by side: the server ends many of them only when they have said nothing for a while.
    with concurrent.futures.ThreadPoolExecutor(len(HOSTILE)) as pool:
        answers = list(pool.map(lambda asked: hung_up_or(port, asked[0]), HOSTILE))
    for (data, wanted), answer in zip(HOSTILE, answers):
        if wanted not in answer:
            sys.exit(f"{data[:80]!r}: {answer[:200]!r}, not {wanted!r}")


def crowd(port, number):
    held = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(int(number))]
    for connection in held:
        connection.sendall(b"GET /metr")
    print("held", flush=True)
    sys.stdin.read()


def port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        print(listener.getsockname()[1])


# ---- Prometheus ----------------------------------------------------------------------------------


def api(prometheus, path, **arguments):
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(arguments)}"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{arguments}: {error.read().decode()}")
    except (urllib.error.URLError, ConnectionError):
        return None


def wait(prometheus):
    for _ in range(600):
        data = api(prometheus, "query", query="count_over_time(royale_up[5m]) > 4")
        if data is not None and data["result"]:
            return
        time.sleep(0.1)
    sys.exit(f"Prometheus scraped nothing: {api(prometheus, 'targets')}")


def rules(prometheus, path):
    with open(path, encoding="utf-8") as file:
        wanted = re.findall(r"- alert: (\w+)", file.read())
    for _ in range(600):
        groups = api(prometheus, "rules")["groups"]
        found = {rule["name"]: rule for group in groups for rule in group["rules"]}
        if sorted(found) != sorted(wanted):
            sys.exit(f"rules: {sorted(found)}, not {sorted(wanted)}")
        bad = [rule for rule in found.values() if rule["health"] == "err"]
        if bad:
            sys.exit(f"rules that fail: {bad}")
        if all(rule["health"] == "ok" for rule in found.values()):
            return
        time.sleep(0.1)
    sys.exit("rules are not evaluated")


# What a battle need not have.
MAY_BE_EMPTY = {"royale_battle_stamp_info"}


def queries(names, prometheus, battle, *files):
    exported, asked = names_in(names), 0
    for path in files:
        with open(path, encoding="utf-8") as file:
            dashboard = json.load(file)
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                where = f"{path}: {panel['title']}: {target['expr']}"
                used = set(re.findall(r"royale_\w+", target["expr"]))
                if not used or used - exported:
                    sys.exit(f"{where}: not exported: {used - exported}")
                query = target["expr"].replace("$battle", battle).replace("$__rate_interval", "5m")
                data = api(prometheus, "query", query=query)
                if not data["result"] and not used & MAY_BE_EMPTY:
                    sys.exit(f"{where}: nothing")
                asked += 1
        for variable in dashboard["templating"]["list"]:
            unknown = set(re.findall(r"royale_\w+", variable["query"])) - exported
            if unknown:
                sys.exit(f"{path}: {variable['name']}: not exported: {unknown}")
    print(f"{asked} queries")
    if asked < 50:
        sys.exit("where are the queries?")


def schema(*files):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
    from grafana import keeps_schema

    for path in files:
        keeps_schema(path)


PARTS = scrape, known, same, hostile, crowd, port, wait, rules, queries, schema
{part.__name__: part for part in PARTS}[sys.argv[1]](*sys.argv[2:])
