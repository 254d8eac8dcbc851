"""Every field of a report's JSON is in the table that `royale tune report --fields` prints.

usage: report_keys.py TABLE report.json ...

What `royale plan --json` and noise.json describe elsewhere may have more fields than the table.
"""

import json
import re
import sys

ELSEWHERE = ("machine", "plan", "counts[].cores[]")


def paths(value, path=""):
    """Each field as the table writes it."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, path + "[]")


def main(table, *files):
    with open(table, encoding="utf-8") as text:
        known = set(re.findall(r"^\| `([^`]+)`", text.read(), re.MULTILINE))
    unknown = set()
    count = 0
    for name in files:
        with open(name, encoding="utf-8") as text:
            for path in paths(json.load(text)):
                count += 1
                bare = path.removesuffix("[]")
                if path not in known and bare not in known and not path.startswith(ELSEWHERE):
                    unknown.add(path)
    for path in sorted(unknown):
        print(f"not in the table: {path}")
    return 1 if unknown or count == 0 or not known else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
