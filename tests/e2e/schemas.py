"""Checks what `royale rows` prints for other programs.

golden PROTO FILE...: protoc decodes each golden message without a field that it does not know, and
makes the same bytes of what it read. tables SCHEMA SQL: each table has the members of the row's
schema, a moment as a number and as a moment. Exit code 0 ok, 1 not.
"""
import json
import re
import subprocess
import sys


def protoc(proto, way, given):
    command = ["protoc", f"--{way}=royale.v1.Row", "--proto_path=.", proto]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def check_golden(proto, *files):
    messages = 0
    for file in files:
        lines = [line.strip() for line in open(file, encoding="utf-8") if line[0] != "#"]
        for kind, message in zip(lines[0::3], lines[2::3]):
            message = bytes.fromhex(message)
            text = protoc(proto, "decode", message)
            if f"\n{kind} {{".encode() not in text or re.search(rb"^ *[0-9]+[:{ ]", text, re.M):
                sys.exit(f"{file}: {kind}: {text.decode()}")
            if protoc(proto, "encode", text) != message:
                sys.exit(f"{file}: {kind}: other bytes")
            messages += 1
    if messages == 0:
        sys.exit("no messages")


def check_tables(schema, sql):
    rows = json.load(open(schema, encoding="utf-8"))["$defs"]
    printed = open(sql, encoding="utf-8").read()
    tables = {
        name: re.findall(r"^ +`(\w+)`", body, re.M)
        for name, body in re.findall(r"^CREATE TABLE [^\n]* royale_(\w+) \(\n(.*?)^\)", printed, re.M | re.S)
    }
    if set(tables) != set(rows):
        sys.exit(f"tables {set(tables) ^ set(rows)}")
    for name, row in rows.items():
        if tables[name] != [member for member in row["properties"] if member != "type"]:
            sys.exit(f"{name}: {tables[name]} and not {list(row['properties'])}")


{"golden": check_golden, "tables": check_tables}[sys.argv[1]](*sys.argv[2:])
