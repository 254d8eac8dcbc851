#!/usr/bin/python3
"""What agents traded, out of Kafka into a pandas frame.

    trades.py                                all battles of the topics, from the first message on
    trades.py --battle 0c57f2d1a97e4b33..    one battle
    trades.py --group desk --keep rows.jsonl goes on where it stopped; rows are kept in the file
    trades.py --follow ...                   does not end: prints again whenever something came
    trades.py --config kafka.conf            brokers and passwords from royale's settings file

Exit code 1: there is no such battle, broker, topic or file. Three things make the numbers right:

1. isolation.level=read_committed: rows of a batch that was never committed are not seen.
2. A message may come twice (here: when this program dies between keeping a row and committing its
   offset). A row's key is (battle_id, input, n) for good, so a second one is dropped.
3. Money and prices are strings in the messages and Decimal here. A float would lose cents in a sum.

A message that is no row in JSON is passed over, counted, and the first one named: anybody may write
to a topic. Of a topic that is written as Protobuf, make a class of royale's schema
(`royale rows --proto >royale.proto; protoc --python_out=. royale.proto`) and read
Row.FromString(message.value()) in row_of().
"""
import argparse
import json
import os
import re
import sys
import uuid
from decimal import Decimal

try:
    import pandas
    from confluent_kafka import Consumer, KafkaError, KafkaException
except ModuleNotFoundError as missing:
    sys.exit(f"trades.py: no Python module {missing.name} for {sys.executable}: Debian's package "
             f"python3-{missing.name.replace('_', '-')} has it for /usr/bin/python3")

KEY = ["battle_id", "input", "n"]
COLUMNS = {"type": str, "battle_id": str, "input": int, "n": int, "time_ns": str}  # of any row
DECIMALS = "price fee cash value pnl score haircut maker_fee taker_fee".split()


def arguments():
    parser = argparse.ArgumentParser(description="What agents traded, out of Kafka into a pandas frame.")
    parser.add_argument("-b", "--brokers", help="instead of the settings'; default 127.0.0.1:9092")
    parser.add_argument("--config", metavar="FILE", help="royale's settings for Kafka")
    parser.add_argument("--fills", default="royale.fills.v1", metavar="TOPIC")
    parser.add_argument("--leaderboard", default="royale.leaderboard.v1", metavar="TOPIC")
    parser.add_argument("--battle", metavar="ID", help="only this one; a beginning is enough")
    parser.add_argument("--group", help="whose offsets are committed; needs --keep")
    parser.add_argument("--keep", metavar="FILE", help="rows go here, and are read at the start")
    parser.add_argument("--follow", action="store_true")
    options = parser.parse_args()
    if bool(options.group) != bool(options.keep):
        parser.error("--group and --keep go together: offsets are committed when rows are kept")
    return options


def secret(found):
    """${file:PATH} is what the file holds, ${env:NAME} what the environment has."""
    kind, name = found.groups()
    if kind == "env":
        return os.environ.get(name) or sys.exit(f"the settings ask for {name} in the environment")
    with open(name, encoding="utf-8") as file:
        return file.read().rstrip("\n")


def properties(path):
    """Those of librdkafka in a settings file; keys that begin with royale. are not its business."""
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    pairs = (line.split("=", 1) for line in lines if "=" in line and line[0] not in "#!")
    return {key.strip(): re.sub(r"\$\{(file|env):([^}]+)\}", secret, value.strip())
            for key, value in pairs if not key.startswith("royale.")}


def consumer(options):
    settings = {"bootstrap.servers": "127.0.0.1:9092"}
    if options.config:
        settings.update(properties(options.config))
    if options.brokers:
        settings["bootstrap.servers"] = options.brokers
    settings.update({
        "group.id": options.group or f"trades.py-{uuid.uuid4()}",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
    })
    return Consumer(settings)


class Ends:
    """Which partitions have been read to their present end."""

    def __init__(self):
        self.open = None

    def assigned(self, _consumer, partitions):
        self.open = {(p.topic, p.partition) for p in partitions}

    def reached(self):
        return self.open is not None and not self.open


def row_of(message):
    """The row that a message is; None: it is none in JSON."""
    try:
        row = json.loads(message.value())
    except (ValueError, RecursionError):
        return None
    is_row = isinstance(row, dict) and all(isinstance(row.get(name), kind)
                                           for name, kind in COLUMNS.items())
    return row if is_row else None


class Strays:
    """Messages that are no rows."""

    def __init__(self):
        self.count, self.said, self.first = 0, 0, ""

    def add(self, message):
        if self.count == 0:
            protobuf = ("content-type", b"application/x-protobuf") in (message.headers() or [])
            self.first = (f"{message.topic()} partition {message.partition()} offset {message.offset()}: "
                          + ("this topic is Protobuf: see the head of trades.py" if protobuf
                             else "no row in JSON"))
        self.count += 1

    def say(self):
        if self.count != self.said:
            print(f"messages passed over: {self.count}, the first at {self.first}", file=sys.stderr)
        self.said = self.count


def read(kafka, ends, strays):
    """The rows that come within a moment. A message without a value deletes its key: no row."""
    rows = []
    for message in kafka.consume(10000, timeout=0.5):
        place = (message.topic(), message.partition())
        if message.error() is None:
            ends.open.add(place)
            row = row_of(message) if message.value() is not None else None
            if row is not None:
                rows.append(row)
            elif message.value() is not None:
                strays.add(message)
        elif message.error().code() == KafkaError._PARTITION_EOF:
            ends.open.discard(place)
        else:
            raise KafkaException(message.error())
    return rows


def keep(file, rows):
    """Rows are on the disk before their offsets are committed: none is lost, some may come again."""
    file.writelines(json.dumps(row) + "\n" for row in rows)
    file.flush()
    os.fsync(file.fileno())


def kept(path):
    """The rows of a file of --keep, also while it is written; or of royale-export's own."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def mend(path):
    """A last line that was cut off while it was written goes: that row comes again."""
    with open(path, "ab+") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)


def frame(rows, kind):
    """The rows of one type, each once, in the order of the battle."""
    rows = [row for row in rows if row["type"] == kind]
    table = pandas.DataFrame(rows)
    if table.empty:
        return table
    table = table.drop_duplicates(KEY).sort_values(KEY, ignore_index=True)
    for column in table.columns.intersection(DECIMALS):
        table[column] = table[column].map(lambda text: None if text is None else Decimal(text))
    table["time"] = pandas.to_datetime(table["time_ns"].astype("int64"), utc=True)
    return table.drop(columns="time_ns")


def per_agent(rows):
    """A line an agent: what it traded (of `fill` rows), how it stands (of its last `standing`)."""
    who = ["battle_id", "agent"]
    fills, standings = frame(rows, "fill"), frame(rows, "standing")
    if standings.empty:
        return standings
    table = standings.groupby(who).last()[["rank", "out", "pnl", "value"]]
    if not fills.empty:
        traded = fills.groupby(who).agg(fills=("n", "size"), lots=("qty", "sum"),
                                        fees=("fee", "sum"))
        table = table.join(traded).fillna({"fills": 0, "lots": 0, "fees": Decimal(0)})
        table = table.astype({"fills": int, "lots": int})
    return table.sort_values(["battle_id", "rank"])


def show(rows, battle):
    """Whether there is something to show."""
    rows = [row for row in rows if not battle or row["battle_id"].startswith(battle)]
    table = per_agent(rows)
    if table.empty:
        print(f"no battle {battle} there" if battle else "no battle there", file=sys.stderr)
    else:
        print(table.to_string(), flush=True)
    return not table.empty


def main():
    options = arguments()
    rows, file = [], None
    if options.keep:
        mend(options.keep)
        rows, file = kept(options.keep), open(options.keep, "a", encoding="utf-8")
    kafka, ends, strays, printed, shown = consumer(options), Ends(), Strays(), None, False
    there = kafka.list_topics(timeout=10).topics
    for topic in (options.fills, options.leaderboard):
        if topic not in there:
            sys.exit(f"there is no topic {topic}: royale kafka init makes it")
    kafka.subscribe([options.fills, options.leaderboard], on_assign=ends.assigned)
    try:
        while True:
            new = read(kafka, ends, strays)
            rows += new
            if new and file:
                keep(file, new)
                kafka.commit(asynchronous=False)
            if ends.reached():
                strays.say()
            if ends.reached() and printed != len(rows):
                shown, printed = show(rows, options.battle), len(rows)
            if ends.reached() and not options.follow:
                return 0 if shown else 1
    except KeyboardInterrupt:
        return 0
    finally:
        kafka.close()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KafkaException as error:
        sys.exit(f"trades.py: Kafka: {error.args[0].str()}")
    except OSError as error:
        sys.exit(f"trades.py: {error.filename or 'standard output'}: {error.strerror}")
