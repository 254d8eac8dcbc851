"""Finds each row of a battle once in Kafka, as it is and in order: python3 audit.py SETTINGS ROWS

ROWS are the battle's rows as JSON lines. An audit that shares no line with `royale kafka verify`:
messages are compared as bytes. Every type of row must be in some topic, and a topic that has a type
must have all rows of it; within a partition they stand in the order of the battle. Rows of other
battles are passed over. Exit code 0 ok, 1 not. It needs python3-confluent-kafka.
"""
import json
import re
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

EMPTY_S = 60  # so long may nothing come
BATCH, BATCH_S = 10000, 0.5


def settings(path):
    """The librdkafka properties of a settings file, secrets from their files."""
    found = {}
    for line in open(path, encoding="utf-8"):
        name, mark, value = line.rstrip("\n").partition("=")
        if not mark or name.startswith(("royale.", "#")):
            continue
        secret = re.fullmatch(r"\$\{file:(.*)\}", value)
        found[name] = open(secret[1], encoding="utf-8").read().strip() if secret else value
    return found


def partitions(consumer):
    topics = consumer.list_topics(timeout=30).topics
    return [
        TopicPartition(name, number, OFFSET_BEGINNING)
        for name, topic in topics.items()
        if name.startswith("royale.") and "cursors" not in name
        for number in topic.partitions
    ]


class Audit:
    def __init__(self, rows):
        lines = open(rows, "rb").read().splitlines()
        if not lines:
            sys.exit("no rows")
        self.where = {line: index for index, line in enumerate(lines)}
        self.types = [re.search(rb'"type":"([a-z_]+)"', line)[1].decode() for line in lines]
        self.battle = json.loads(lines[0])["battle_id"].encode()
        self.seen = {}  # by topic: a byte a row
        self.last = {}  # by topic and partition: the row that came last
        self.wrong = []

    def take(self, message):
        index = self.where.get(message.value())
        place = (message.topic(), message.partition())
        if index is None:
            if self.battle in message.value():
                self.wrong.append(f"{place}: no row of the battle: {message.value()[:300]}")
            return
        seen = self.seen.setdefault(message.topic(), bytearray(len(self.types)))
        if seen[index]:
            self.wrong.append(f"{place}: twice: {message.value()[:300]}")
        elif index < self.last.get(place, -1):
            self.wrong.append(f"{place}: out of order: {message.value()[:300]}")
        seen[index] = 1
        self.last[place] = index

    def missing(self):
        carried = set()
        for topic, seen in self.seen.items():
            types = {self.types[index] for index, there in enumerate(seen) if there}
            carried |= types
            lacks = [i for i, there in enumerate(seen) if not there and self.types[i] in types]
            if lacks:
                self.wrong.append(f"{topic}: {len(lacks)} rows are missing, the first is row {lacks[0] + 1}")
        for lost in sorted(set(self.types) - carried):
            self.wrong.append(f"no topic has a row of type {lost}")


def main():
    audit = Audit(sys.argv[2])
    consumer = Consumer(
        {
            **settings(sys.argv[1]),
            "group.id": "audit",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 10,  # one that is at its end must not hold the others
            "queued.min.messages": 1000000,
        }
    )
    todo = partitions(consumer)
    consumer.assign(todo)
    left, messages, heard = {(p.topic, p.partition) for p in todo}, 0, time.monotonic()
    while left:
        batch = consumer.consume(BATCH, timeout=BATCH_S)
        if batch:
            heard = time.monotonic()
        elif time.monotonic() - heard > EMPTY_S:
            sys.exit(f"nothing came for {EMPTY_S} s from {sorted(left)}")
        for message in batch:
            if message.error() is None:
                messages += 1
                audit.take(message)
            elif message.error().code() == KafkaError._PARTITION_EOF:
                left.discard((message.topic(), message.partition()))
    audit.missing()
    for line in audit.wrong[:10]:
        print(line)
    print(f"{messages} messages, {len(audit.types)} rows, {len(audit.wrong)} wrong")
    sys.exit(1 if audit.wrong or not messages else 0)


main()
