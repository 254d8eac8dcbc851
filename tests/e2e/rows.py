"""Checks the rows of a battle: python3 rows.py SCHEMA ROWS PART

PART keys: each (battle_id, input, n) once, n from 1 without a gap, all of one battle, and each row
has the members of its type and no other. PART schema: each row keeps the JSON Schema; it needs
python3-jsonschema. Exit code 0 ok, 1 not.
"""
import json
import sys


def complain(number, row, what):
    print(f"line {number}: {what}: {row}")
    sys.exit(1)


def check_keys(schema, rows):
    battles, last = set(), (0, 0)
    for number, row in enumerate(rows, 1):
        battles.add(row["battle_id"])
        key = (row["input"], row["n"])
        if key != (last[0], last[1] + 1) and not (key[0] > last[0] and key[1] == 1):
            complain(number, row, f"does not follow {last}")
        if set(row) != set(schema["$defs"][row["type"]]["required"]):
            complain(number, row, "other members than its type has")
        last = key
    if len(battles) != 1:
        complain(len(rows), battles, "not one battle")


def check_schema(schema, rows):
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema)
    whole, seen = Draft202012Validator(schema), set()
    of_type = {name: Draft202012Validator(row) for name, row in schema["$defs"].items()}
    for number, row in enumerate(rows, 1):
        errors = list(of_type[row["type"]].iter_errors(row))
        if row["type"] not in seen:  # as a stranger asks: the schema finds out which row it is
            errors += whole.iter_errors(row)
            seen.add(row["type"])
        if errors:
            complain(number, row, errors[0].message)
    broken = dict(rows[0], n="1")
    if whole.is_valid(broken):
        complain(1, broken, "the schema lets it pass")


schema = json.load(open(sys.argv[1], encoding="utf-8"))
rows = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
if not rows:
    sys.exit("no rows")
{"keys": check_keys, "schema": check_schema}[sys.argv[3]](schema, rows)
