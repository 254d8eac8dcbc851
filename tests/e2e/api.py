"""Holds what royale-web answers below /v1 to what it documents and to what other programs say.

conform URL OPENAPI BATTLE ...: every documented GET of every battle, its answer against its schema.
refusals URL: what is not documented is refused, with codes that are.
pages URL BATTLE PATH TAILED: the pages of a path, one behind the other, are the lines of TAILED.
types FILE TYPE ...: prints those lines of FILE that are of these types.
status URL BATTLE STATUS: figures are those of `royale status --json`.
why URL BATTLE AGENT ORDER TEXT: is what `royale why` printed.
explained URL BATTLE FILE: explanations are those of `royale explain --json`.
book URL BATTLE INPUT: levels and orders of a book add up.
http URL BATTLE: HEAD, gzip, headers.
Exit code 0 ok, 1 not.
"""
import gzip
import json
import re
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_S = 120


def ask(url, method="GET", headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def get(url):
    status, _, body = ask(url)
    if status != 200:
        sys.exit(f"{url}: {status} {body[:500]!r}")
    return json.loads(body)


def document_of(url):
    return get(f"{url}/v1/openapi.json")


class Schemas:
    def __init__(self, document):
        from jsonschema import Draft202012Validator

        self.document = document
        self.make = Draft202012Validator
        self.made = {}
        for schema in document["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)

    def hold(self, what, value, schema):
        key = json.dumps(schema)
        if key not in self.made:
            self.made[key] = self.make({**schema, "components": self.document["components"]})
        errors = list(self.made[key].iter_errors(value))
        for error in errors[:3]:
            deepest = error
            while deepest.context:
                deepest = min(deepest.context, key=lambda e: -len(e.absolute_path))
            print(f"{what}: {list(error.absolute_path)}: {deepest.message[:300]}")
        if errors:
            sys.exit(1)


# ---- real values of parameters -------------------------------------------------------------------


def values_of(url, battle):
    state = get(f"{url}/v1/battles/{battle}/state")
    order = get(f"{url}/v1/battles/{battle}/orders?limit=1000")["rows"]
    first = next((row for row in order if row["type"] == "order"), None)
    return {
        "battle": battle,
        "instrument": next(iter(state["instruments"])),
        "input": max(1, state["battle"]["input"] // 2),
        "row_input": first["input"],
        "time_ns": state["battle"]["time_ns"],
        "levels": 3,
        "orders": "true",
        "type": "fill,trade,order",
        "agent": first["agent"],
        "cl_ord_id": first["cl_ord_id"],
        "after": f"{first['input']}.{first['n']}",
        "limit": 50,
        "columns": 64,
        "from_ns": state["battle"]["trade_from_ns"],
        "to_ns": state["battle"]["time_ns"],
        "from": 2,
        "since": "x",
    }


# Parameters that do not go with one another.
APART = {"why": [["agent", "cl_ord_id"], ["input"]], "state": [["input"], ["time_ns"]]}
APART["agents"] = APART["leaderboard"] = APART["state"]
APART["books/{instrument}"] = [["input", "levels"], ["time_ns", "orders"]]
APART["course"] = [["columns"], ["columns", "from_ns", "to_ns"]]
APART["depth"] = [["instrument"], ["instrument", "columns", "from_ns", "to_ns"]]


def asked_of(path, operation, values):
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(str(values[parameter["name"]])))
    return path


def queries_of(path, operation, values):
    names = [p["name"] for p in operation["parameters"] if p["in"] == "query"]
    rest = path.removeprefix("/v1/battles/{battle}/")
    if rest == "why":
        values = {**values, "input": values["row_input"]}
    groups = APART.get(rest, [[], names] if names else [[]])
    unknown = set(names) ^ {name for group in groups for name in group}
    if unknown:
        sys.exit(f"{path}: parameters that are not tried: {unknown}")
    return [urllib.parse.urlencode({name: values[name] for name in group}) for group in groups]


def check_depth(url, body, columns):
    magic, count, levels = struct.unpack_from("<8sII", body)
    _, _, tick, _, zero = struct.unpack_from("<qqqII", body, 16)
    size = 16 + 32 + count * (24 + 8 * levels)
    if magic != b"RYDEPTH1" or levels != 64 or zero != 0 or tick <= 0 or not 0 < count <= columns or len(body) != size:
        sys.exit(f"{url}: {magic} {count} {levels} {tick} {zero} {len(body)} not {size}")


def conform(url, openapi, *battles):
    document = document_of(url)
    if document != json.load(open(openapi, encoding="utf-8")):
        sys.exit("the served document is not the installed one")
    schemas = Schemas(document)
    asked = 0
    for battle in battles:
        values = values_of(url, battle)
        for path, operations in document["paths"].items():
            operation = operations.get("get")
            if operation is None or path.endswith("/stream") or path.startswith("/v1/agents"):
                continue
            for query in queries_of(path, operation, values):
                whole = url + asked_of(path, operation, values) + ("?" + query if query else "")
                status, headers, body = ask(whole)
                content = operation["responses"]["200"]["content"]
                kind = headers["Content-Type"].split(";")[0]
                if status != 200 or kind not in content or headers["Cache-Control"] != "no-store":
                    sys.exit(f"{whole}: {status} {kind} {body[:500]!r}")
                if kind == "application/json":
                    schemas.hold(whole, json.loads(body), content[kind]["schema"])
                else:
                    check_depth(whole, body, 512)
                asked += 1
    print(f"{asked} answers")
    if asked < 20:
        sys.exit("hardly anything was asked")


def refused(schemas, url, method, wanted, code):
    status, headers, body = ask(url, method)
    if method == "HEAD":
        return
    answer = json.loads(body)
    schemas.hold(url, answer, {"$ref": "#/components/schemas/Error"})
    if status != wanted or answer["code"] != code or not answer["details"]["remedy"]:
        sys.exit(f"{method} {url}: {status} {answer}, not {wanted} {code}")
    if status == 405 and "GET" not in headers["Allow"]:
        sys.exit(f"{method} {url}: Allow {headers['Allow']}")


def refusals(url):
    document = document_of(url)
    schemas = Schemas(document)
    refused(schemas, f"{url}/v1/nothing", "GET", 404, "not_found")
    refused(schemas, f"{url}/v1/battles/no-such-battle", "GET", 404, "no_battle")
    refused(schemas, f"{url}/v1/battles/" + "x" * 300, "GET", 404, "not_found")
    for path, operations in document["paths"].items():
        if "get" not in operations or path.startswith("/v1/agents"):
            continue
        whole = url + path.replace("{battle}", "current").replace("{instrument}", "RYA")
        if not path.endswith("/stream"):
            refused(schemas, f"{whole}?unheard_of=1", "GET", 400, "bad_parameter")
        for parameter in operations["get"]["parameters"]:
            schema = parameter["schema"]
            if parameter["in"] == "query" and schema.get("minimum", -(2**63)) > -(2**63):
                for bad in (schema["minimum"] - 1, schema["maximum"] + 1, "x", ""):
                    refused(schemas, f"{whole}?{parameter['name']}={bad}", "GET", 400, "bad_parameter")
    current = f"{url}/v1/battles/current"
    refused(schemas, f"{current}/books/NONE", "GET", 404, "no_instrument")
    refused(schemas, f"{current}/depth?instrument=NONE", "GET", 404, "no_instrument")
    refused(schemas, f"{current}/rows?agent=nobody", "GET", 404, "no_agent")
    refused(schemas, f"{current}/rows?instrument=NONE", "GET", 404, "no_instrument")
    refused(schemas, f"{current}/rows?type=nothing", "GET", 400, "bad_parameter")
    refused(schemas, f"{current}/rows?after=1.2.3", "GET", 400, "bad_parameter")
    refused(schemas, f"{current}/state?input=999999999999", "GET", 404, "no_moment")
    refused(schemas, f"{current}/state?input=1&time_ns=1", "GET", 400, "bad_parameter")
    refused(schemas, f"{current}/course?from_ns=1", "GET", 400, "bad_parameter")
    refused(schemas, f"{current}/why?agent=nobody&cl_ord_id=1", "GET", 404, "no_agent")
    refused(schemas, f"{current}/why?input=1", "GET", 404, "no_order")


# ---- rows ----------------------------------------------------------------------------------------


def pages(url, battle, path, tailed):
    mark = "&" if "?" in path else "?"
    after, rows, requests, last = "", [], 0, None
    while True:
        page = get(f"{url}/v1/battles/{battle}/{path}{mark}limit=1000{after}")
        if page["next"] is not None and page["next"] == last:
            sys.exit(f"{path}: {last} twice")
        rows += page["rows"]
        requests, last = requests + 1, page["next"]
        if last is None:
            break
        after = f"&after={last}"
    if not page["complete"]:
        sys.exit("the last page is not complete")
    lines = [json.loads(line) for line in open(tailed, encoding="utf-8")]
    if [list(row.items()) for row in rows] != [list(line.items()) for line in lines]:
        both = enumerate(zip(rows, lines))
        wrong = next((i for i, (a, b) in both if a != b), min(len(rows), len(lines)))
        sys.exit(f"{path}: {len(rows)} rows, {len(lines)} lines: {rows[wrong:wrong+1]} {lines[wrong:wrong+1]}")
    print(f"{len(rows)} rows in {requests} pages")
    if not rows:
        sys.exit("no rows")


def types(file, *wanted):
    for line in open(file, encoding="utf-8"):
        if json.loads(line)["type"] in wanted:
            sys.stdout.write(line)


# ---- figures -------------------------------------------------------------------------------------


def status(url, battle, file):
    said = json.load(open(file, encoding="utf-8"))
    state = get(f"{url}/v1/battles/{battle}/state")
    of_battle = state["battle"]
    for theirs, ours in (("battle", "name"), ("battle_id", "battle_id"), ("state", "state"), ("inputs", "input"), ("time_ns", "time_ns"),
                         ("zone", "zone"), ("permille", "permille"), ("round", "round"), ("round_left_ns", "round_left_ns"), ("stamp", "stamp")):
        if said[theirs] != of_battle.get(ours):
            sys.exit(f"{theirs}: {said[theirs]} and {of_battle.get(ours)}")
    if len(said["agents"]) != len(state["agents"]):
        sys.exit("not as many agents")
    for agent in said["agents"]:
        own = state["agents"][agent["name"]]
        for key in ("rank", "round_gain", "gain", "drawdown", "fills", "rejects", "reject_most", "goes_next", "out", "out_round"):
            if agent[key] != own[key]:
                sys.exit(f"{agent['name']}: {key}: {agent[key]} and {own[key]}")
        if agent["positions"] != len(own["positions"]):
            sys.exit(f"{agent['name']}: positions")
        exact(agent["name"], own)
    board = get(f"{url}/v1/battles/{battle}/leaderboard")["agents"]
    if [agent["name"] for agent in said["agents"]] != [agent["name"] for agent in board]:
        sys.exit("another order")


def millionths(money):
    whole, rest = money.lstrip("-").split(".")
    if len(rest) != 6:
        sys.exit(f"{money}: no six digits")
    return (int(whole) * 10**6 + int(rest)) * (-1 if money[0] == "-" else 1)


def exact(name, agent):
    m = {key: millionths(agent[key]) for key in ("from_market", "from_agents", "fees", "haircut", "gain", "equity", "cash_start")}
    if m["from_market"] + m["from_agents"] - m["fees"] - m["haircut"] != m["gain"]:
        sys.exit(f"{name}: its parts are not its gain")
    if m["equity"] - m["cash_start"] != m["gain"]:
        sys.exit(f"{name}: its equity is not its gain")
    if sum(millionths(pnl) for pnl in agent["head_to_head"].values()) != m["from_agents"]:
        sys.exit(f"{name}: head to head")


def why(url, battle, agent, order, text):
    answer = get(f"{url}/v1/battles/{battle}/why?agent={agent}&cl_ord_id={order}")
    if answer["text"] != open(text, encoding="utf-8").read():
        sys.exit(f"another text: {answer['text']}")
    return answer


def explained(url, battle, file):
    said = [json.loads(line) for line in open(file, encoding="utf-8")]
    answers, after = [], "0.0"
    while after is not None:
        page = get(f"{url}/v1/battles/{battle}/explanations?limit=1000&after={after}")
        answers += page["explanations"]
        after = page["next"]
    if [(a["input"], a["n"], a["text"]) for a in answers] != [(s["input"], s["n"], s["sentence"]) for s in said] or not said:
        sys.exit(f"{len(answers)} explanations, {len(said)} lines: {answers[:1]} {said[:1]}")


def book(url, battle, at):
    for symbol in list(get(f"{url}/v1/battles/{battle}/state")["instruments"])[:2]:
        where = f"{url}/v1/battles/{battle}/books/{symbol}?input={at}"
        levels, orders = get(where + "&levels=1000"), get(where + "&orders=true")
        if levels["input"] != int(at) or orders["orders_more"] != 0:
            sys.exit(f"{symbol}: {levels['input']} {orders['orders_more']}")
        for side, name in (("buy", "bids"), ("sell", "asks")):
            sums = {}
            for order in orders["orders"]:
                if order["side"] == side:
                    lots, count = sums.get(order["price"], (0, 0))
                    sums[order["price"]] = (lots + order["qty"], count + 1)
            if list(sums.items()) != [(level["price"], (level["qty"], level["orders"])) for level in levels[name]]:
                sys.exit(f"{symbol}: {name}: its orders are not its levels")
        if not levels["bids"] and not levels["asks"]:
            sys.exit(f"{symbol}: an empty book")


# ---- the protocol --------------------------------------------------------------------------------


def http(url, battle):
    whole = f"{url}/v1/battles/{battle}/rows?limit=1000"
    _, plain, body = ask(whole)
    answered, head, nothing = ask(whole, "HEAD")
    if answered != 200 or nothing or head["Content-Length"] != plain["Content-Length"] or int(plain["Content-Length"]) != len(body):
        sys.exit(f"HEAD: {answered} {head['Content-Length']} {plain['Content-Length']} {len(body)}")
    _, packed, small = ask(whole, headers={"Accept-Encoding": "gzip"})
    if packed["Content-Encoding"] != "gzip" or gzip.decompress(small) != body or "Accept-Encoding" not in packed["Vary"]:
        sys.exit(f"gzip: {packed['Content-Encoding']} {packed['Vary']}")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    for name, value in wanted.items():
        if plain[name] != value:
            sys.exit(f"{name}: {plain[name]}")


commands = (conform, refusals, pages, types, status, why, explained, book, http)
{f.__name__: f for f in commands}[sys.argv[1]](*sys.argv[2:])
