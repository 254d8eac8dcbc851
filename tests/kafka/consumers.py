"""Tries docs/examples/consumers on a real battle: python3 consumers.py PART ...

    clickhouse SCHEMA.sql EXAMPLES LINES RESULTS     JSON lines, each twice, into the tables
    kafka SCHEMA.sql EXAMPLES LINES RESULTS BROKERS  out of Kafka, by ClickHouse's own Kafka engine
    grafana SCHEMA.sql EXAMPLES LINES                the dashboard keeps Grafana's schema, and each
                                                     panel's SQL gives rows
    connect ROWS-SCHEMA.json EXAMPLES                the sketch's columns are those of a fill
    trades RESULTS                                   what trades.py printed, on standard input
    aborted BROKERS TOPIC LINES                      writes a row that is never committed
    messages write|compare BROKERS PAGE              the messages that docs/KAFKA.md shows
    protobuf FOLDER MESSAGES LINES                   Protobuf, read by Google's classes in FOLDER;
                                                     each message has its length before it

clickhouse, kafka and grafana want the modules chdb (ClickHouse as a library) and
grafana_foundation_sdk. The first two compare every figure of the views with DIR/results.json and
with a second, slow sum over the lines. Exit code 0 ok, 1 not.
"""
import difflib
import json
import os
import re
import sys
import tempfile
import textwrap
import time
from collections import Counter, defaultdict
from decimal import Decimal


def equal(what, got, wanted):
    if got != wanted:
        for key in sorted(set(got) | set(wanted), key=str):
            if got.get(key) != wanted.get(key):
                print(f"{what}: {key}: {got.get(key)}, not {wanted.get(key)}")
        sys.exit(1)
    if not wanted:
        sys.exit(f"{what}: there is nothing to compare")


class Tables:
    """ClickHouse in this process, with the schema and what else is given."""

    def __init__(self, schema, examples, *more):
        sys.path.insert(0, f"{examples}/clickhouse")
        import local

        with open(schema, encoding="utf-8") as file:
            schema = file.read()
        more = [part(local) for part in more]
        self.session = local.session(tempfile.mkdtemp(dir=os.getcwd()), schema, *more)

    def rows(self, sql):
        exact = "SETTINGS output_format_json_quote_decimals = 1, output_format_json_quote_64bit_integers = 0"
        text = str(self.session.query(f"SELECT * FROM ({sql}) {exact}", "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    def load(self, lines):
        into = "INSERT INTO royale_lines SELECT line FROM"
        self.session.query(f"{into} file('{os.path.abspath(lines)}', LineAsString, 'line String')")


def views(local):
    return local.read("views.sql")


def engine(brokers):
    return lambda local: local.engine(brokers)


def plain(number):
    return Decimal(number)


# ---- what the views must say ----

def standings(results):
    return {
        agent["name"]: (agent["rank"], agent["out"]["reason"] if agent["out"] else None, plain(agent["value"]),
                        plain(agent["value"]) - plain(agent["cash_start"]), agent["fills"], agent["rejects"]["total"])
        for agent in results["agents"]
    }


def volumes(results):
    return {
        agent["name"]: (agent["fills"], agent["maker"]["lots"], agent["taker"]["lots"],
                        agent["liquidation"]["lots"], plain(agent["pnl"]["fees"]))
        for agent in results["agents"] if agent["fills"]
    }


def ratios(results):
    return {
        agent["name"]: (agent["ordered_lots"], agent["filled_lots"], agent["fill_ratio_ppm"])
        for agent in results["agents"] if agent["ordered_lots"]
    }


def minutes(lines):
    sums = defaultdict(lambda: [0, 0, []])
    with open(lines, encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["type"] == "market_trade":
                of = sums[row["instrument"], row["time"][:16].replace("T", " ") + ":00"]
                of[0] += 1
                of[1] += row["qty"]
                of[2].append(plain(row["price"]))
    return {key: (of[0], of[1], min(of[2]), max(of[2])) for key, of in sums.items()}


def compare(tables, lines, results):
    with open(results, encoding="utf-8") as file:
        results = json.load(file)
    battle = f"WHERE battle_id = '{results['battle_id']}'"
    got = tables.rows(f"SELECT agent, rank, out, value, pnl, fills, rejects FROM royale_leaderboard {battle}")
    equal("leaderboard", {a: (int(rank), out, plain(v), plain(p), int(f), int(r)) for a, rank, out, v, p, f, r in got},
          standings(results))
    got = tables.rows(f"SELECT agent, fees, fills, maker_lots, taker_lots, closing_lots FROM royale_volume {battle}")
    equal("volume", {a: (*map(int, lots), plain(fees)) for a, fees, *lots in got}, volumes(results))
    got = tables.rows(f"SELECT agent, ordered_lots, filled_lots, fill_ratio_ppm FROM royale_fill_ratio {battle}")
    equal("fill ratio", {a: tuple(map(int, rest)) for a, *rest in got}, ratios(results))
    got = tables.rows(f"SELECT instrument, minute, trades, lots, low, high FROM royale_trades_per_minute {battle}")
    equal("trades a minute", {(i, m): (int(t), int(q), plain(low), plain(high)) for i, m, t, q, low, high in got},
          minutes(lines))
    got = tables.rows("SELECT battle_id, rounds, ended, agents FROM royale_battles")
    equal("battles", {b: rest for b, *rest in got},
          {results["battle_id"]: [results["round"], True, len(results["agents"])]})


def kinds(lines):
    """How many rows there are of each type."""
    with open(lines, encoding="utf-8") as file:
        return dict(Counter(json.loads(line)["type"] for line in file))


def counts(tables, of):
    return {kind: tables.rows(f"SELECT count() FROM royale_{kind} FINAL")[0][0] for kind in of}


# ---- the parts ----

def clickhouse(schema, examples, lines, results):
    tables = Tables(schema, examples, views)
    tables.load(lines)
    compare(tables, lines, results)
    tables.load(lines)
    compare(tables, lines, results)
    once = tables.rows("SELECT count() FROM royale_fill FINAL")
    if once == tables.rows("SELECT count() FROM royale_fill"):
        sys.exit("nothing was there twice: this tests nothing")
    wanted = kinds(lines)
    got = counts(tables, wanted)
    equal("rows", got, wanted)


def kafka(schema, examples, lines, results, brokers):
    tables = Tables(schema, examples, engine(brokers), views)
    wanted = kinds(lines)
    end = time.monotonic() + 60
    while (got := counts(tables, wanted)) != wanted:
        if time.monotonic() > end:
            equal("rows", got, wanted)
        time.sleep(0.2)
    compare(tables, lines, results)
    arrivals = tables.rows("SELECT sum(messages), sum(bad), min(arrived >= written) FROM royale_arrivals")[0]
    if int(arrivals[0]) < sum(wanted.values()) or arrivals[1:] != [0, 1]:
        sys.exit(f"messages, bad ones, none before it was written: {arrivals}")


def as_grafana(sql, battle):
    """What the datasource makes of its macros and of the dashboard's variables."""
    sql = re.sub(r"\$__timeFilter\((\w+)\)", r"\1 >= toDateTime(0) AND \1 <= toDateTime(4000000000)", sql)
    return sql.replace("${battle}", battle)


def grafana(schema, examples, lines):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
    from grafana import keeps_schema

    dashboard = keeps_schema(f"{examples}/grafana/royale.json")
    tables = Tables(schema, examples, engine("127.0.0.1:1"), views)
    tables.load(lines)
    tables.session.query("INSERT INTO royale_arrivals VALUES ('royale.fills.v1', 0, 9, 10, 0, now64(3), now64(3))")
    battle = tables.rows(dashboard["templating"]["list"][1]["query"])[0][0]
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            if not tables.rows(as_grafana(target["rawSql"], battle)):
                sys.exit(f"{panel['title']}: no rows")


def connect(rows_schema, examples):
    with open(f"{examples}/connect/jdbc-sink.json", encoding="utf-8") as file:
        config = json.load(file)["config"]
    with open(rows_schema, encoding="utf-8") as file:
        fill = json.load(file)["$defs"]["fill"]
    columns = json.loads(config["transforms.schema.json.schema.inline"])["properties"]
    wanted = {}
    for name, column in fill["properties"].items():
        while "$ref" in column:
            column = json.load(open(rows_schema, encoding="utf-8"))["$defs"][column["$ref"].split("/")[-1]]
        wanted[name] = column.get("type", "string")
    equal("columns of a fill", {name: column["type"] for name, column in columns.items()},
          {name: kind for name, kind in wanted.items() if name not in ("type", "appliance", "time_ns")})


LINE = re.compile(r"(\S+) +(\d+) +(None|[a-z]+) +(\S+) +(\S+) +(\d+) +(\d+) +(\S+)$")


def trades(results):
    with open(results, encoding="utf-8") as file:
        agents = json.load(file)["agents"]
    wanted = {
        agent["name"]: (agent["rank"], agent["out"]["reason"] if agent["out"] else "None",
                        plain(agent["value"]) - plain(agent["cash_start"]), plain(agent["value"]), agent["fills"],
                        sum(agent[of]["lots"] for of in ("maker", "taker", "liquidation")), plain(agent["pnl"]["fees"]))
        for agent in agents
    }
    got = {}
    for line in sys.stdin:
        if found := LINE.search(line):
            name, rank, out, pnl, value, fills, lots, fees = found.groups()
            got[name] = (int(rank), out, plain(pnl), plain(value), int(fills), int(lots),
                         plain(fees))
    equal("trades.py", got, wanted)


def aborted(brokers, topic, lines):
    """A fill that nobody made, of an agent that there is."""
    from confluent_kafka import Producer

    with open(lines, encoding="utf-8") as file:
        row = next(row for row in map(json.loads, file) if row["type"] == "fill")

    producer = Producer({"bootstrap.servers": brokers, "transactional.id": "aborted"})
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce(topic, key=row["agent"], value=json.dumps(row | {"n": 1000000}))
    producer.flush()
    producer.abort_transaction()


# Of each topic, the last message of these rows stands on the page.
SHOWN = [("royale.trades.v1", "market_trade"), ("royale.fills.v1", "fill"), ("royale.fills.v1", "trade"),
         ("royale.orders.v1", "order"), ("royale.leaderboard.v1", "standing"), ("royale.rounds.v1", "rank")]
BATTLE = "0c57f2d1a97e4b3388d2a6c1f05e9b74"  # for each run's own
BEGIN, END = "<!-- messages -->\n", "<!-- end -->\n"


def last_messages(brokers):
    """(topic, type) -> key, headers, value of the message with the highest (input, n)."""
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "messages", "enable.partition.eof": True})
    there = consumer.list_topics(timeout=10).topics
    places = [TopicPartition(topic, number, 0) for topic in {topic for topic, _ in SHOWN}
              for number in there[topic].partitions]
    consumer.assign(places)
    last, ends = {}, 0
    while ends < len(places):
        for message in consumer.consume(1000, timeout=1):
            if message.error() is not None:
                ends += 1
                continue
            row = json.loads(message.value())
            of = message.topic(), row["type"]
            if of not in last or last[of][0] < (row["input"], row["n"]):
                last[of] = (row["input"], row["n"]), message
    consumer.close()
    return {of: message for of, (_, message) in last.items()}


def shown(message):
    headers = "  ".join(f"{name}={value.decode()}" for name, value in message.headers())
    value = message.value().decode()
    battle = json.loads(value)["battle_id"]
    lines = textwrap.wrap(value.replace(",", ", "), 120, break_on_hyphens=False, break_long_words=False)
    text = [f"key      {message.key().decode()}", f"headers  {headers}", *lines]
    return "".join(f"    {line}\n" for line in text).replace(battle, BATTLE)


def messages(mode, brokers, page):
    last = last_messages(brokers)
    new = "".join(f"\n`{topic}`, row `{kind}`:\n\n{shown(last[topic, kind])}" for topic, kind in SHOWN)
    with open(page, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    old, after = rest.split(END, 1)
    if mode == "write":
        with open(page, "w", encoding="utf-8") as file:
            file.write(before + BEGIN + new + END + after)
    elif old != new:
        print("".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), page, "what was sent")))
        sys.exit(f"{page} shows other messages: KAFKA_DOCS=write tests/kafka/run build consumers")


def from_protobuf(message):
    """As JSON has it, but for `time`, which follows from `time_ns`."""
    kind = message.WhichOneof("row")
    row = {"type": kind}
    for part in (message, getattr(message, kind)):
        for field in part.DESCRIPTOR.fields:
            if field.containing_oneof is not None and field.containing_oneof.name == "row":
                continue
            value = getattr(part, field.name)
            if field.has_presence and not part.HasField(field.name):
                value = None
            row[field.name] = value if isinstance(value, (str, int, type(None))) else list(value)
    return row


def as_protobuf(row, proto):
    """What Protobuf has of a row: numbers as numbers, where JSON has a string."""
    fields = dict(proto.Row.DESCRIPTOR.fields_by_name)
    fields.update(fields[row["type"]].message_type.fields_by_name)
    found = {"type": row["type"], "appliance": None}
    for name, value in row.items():
        if name in fields and name != "type":
            integer = fields[name].cpp_type in (1, 2, 3, 4)
            if integer and isinstance(value, list):
                value = [int(one) for one in value]
            elif integer and value is not None:
                value = int(value)
            found[name] = value
    return found


def protobuf(folder, messages_file, lines):
    sys.path.insert(0, folder)
    import royale_pb2

    with open(messages_file, "rb") as file:
        data = file.read()
    got, at = {}, 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        row = from_protobuf(royale_pb2.Row.FromString(data[at + 4:at + 4 + size]))
        row["appliance"] = None  # the lines do not say it
        got[row["input"], row["n"]] = row
        at += 4 + size
    wanted = {}
    with open(lines, encoding="utf-8") as file:
        for row in map(json.loads, file):
            wanted[row["input"], row["n"]] = as_protobuf(row, royale_pb2)
    equal("Protobuf", got, wanted)


PARTS = clickhouse, kafka, grafana, connect, trades, aborted, messages, protobuf
{part.__name__: part for part in PARTS}[sys.argv[1]](*sys.argv[2:])
