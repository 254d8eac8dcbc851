#!/usr/bin/env python3
"""ClickHouse without a server, out of Kafka: for a first look, and for a notebook.

    pip install chdb==3.6.0
    local.py                                     the leaderboard of every battle in the topics
    local.py -b kafka1:9092 "SELECT ..."         another question

chdb is ClickHouse as a library. Not every version has a Kafka engine that works (3.6.0 has; 4.4.0
says "Shutdown was called"). Reads the topics from their beginning each time; a server keeps its
tables and its place.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
QUIET_S = 3  # nothing further came for so long: that is all there is
FIRST_S = 30  # nothing came at all
LEADERBOARD = """SELECT battle_id, rank, agent, pnl, value, fills, rejects, out
                 FROM royale_leaderboard ORDER BY battle_id, rank"""


def statements(sql):
    """Each ends with a semicolon at its line's end, or before a comment there."""
    parts = re.split(r";(?=[ ]*(?:--.*)?$)", sql, flags=re.MULTILINE)
    return [part for part in parts if re.sub(r"--.*", "", part).strip()]


def read(name):
    with open(f"{HERE}/{name}", encoding="utf-8") as file:
        return file.read()


def engine(brokers):
    """kafka.sql for those brokers, as a group that nobody else has."""
    group = f"local.py-{uuid.uuid4()}"
    return read("kafka.sql").replace("127.0.0.1:9092", brokers).replace("'clickhouse'", f"'{group}'")


def session(folder, *files):
    from chdb.session import Session

    made = Session(folder)
    for sql in files:
        for statement in statements(sql):
            made.query(statement)
    return made


def main():
    parser = argparse.ArgumentParser(description="Asks ClickHouse what Kafka's topics have.")
    parser.add_argument("-b", "--brokers", default="127.0.0.1:9092")
    parser.add_argument("query", nargs="?", default=LEADERBOARD)
    options = parser.parse_args()
    tables = subprocess.run(["royale", "rows", "--clickhouse"], check=True, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as folder:
        clickhouse = session(folder, tables.stdout, engine(options.brokers), read("views.sql"))
        messages, since = 0, time.monotonic()
        while time.monotonic() - since < (QUIET_S if messages > 0 else FIRST_S):
            time.sleep(0.2)
            now = int(str(clickhouse.query("SELECT sum(messages) FROM royale_arrivals", "TSV")))
            if now != messages:
                messages, since = now, time.monotonic()
        print(f"{messages} messages", file=sys.stderr)
        print(clickhouse.query(options.query, "PrettyCompactNoEscapes"), end="")
        clickhouse.close()


if __name__ == "__main__":
    main()
