#!/usr/bin/env python3
"""Which lines the tests of a build have run, a line a folder.

usage: tests/style/coverage.py BUILD     a build with --coverage, whose tests have run

A line of a header counts as run if any file that includes it ran it. Tests are not counted: what
they run is what counts.
"""

import json
import os
import subprocess
import sys

OBJECTS_A_CALL = 50


def objects(build):
    for folder, _, names in os.walk(build):
        for name in names:
            if name.endswith(".gcno"):
                yield os.path.join(folder, name)


def reports(notes):
    """gcov's words about some objects; one that no test linked has notes and no data."""
    out = subprocess.run(["gcov", "--json-format", "--stdout"] + notes, capture_output=True,
                         text=True, check=False)
    for line in out.stdout.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def read(build):
    """{path: {line: times}} of the house's own files."""
    lines, notes = {}, sorted(objects(build))
    for first in range(0, len(notes), OBJECTS_A_CALL):
        for report in reports(notes[first:first + OBJECTS_A_CALL]):
            for file in report["files"]:
                path = os.path.normpath(file["file"])
                if os.path.isabs(path) or path.startswith("tests/"):
                    continue
                counts = lines.setdefault(path, {})
                for line in file["lines"]:
                    number = line["line_number"]
                    counts[number] = counts.get(number, 0) + line["count"]
    return lines


def show(name, all_lines, run_lines):
    print(f"{name:26} {all_lines:7} {run_lines:7} {100 * run_lines / max(all_lines, 1):8.1f}")


def main(build):
    folders = {}
    for path, counts in read(build).items():
        folder = folders.setdefault(os.path.dirname(path), [0, 0])
        folder[0] += len(counts)
        folder[1] += sum(count > 0 for count in counts.values())
    if not folders:
        print(f"no figures in {build}: run `make coverage`", file=sys.stderr)
        return 1
    print(f"{'folder':26} {'lines':>7} {'covered':>7} {'percent':>8}")
    for name, (all_lines, run_lines) in sorted(folders.items()):
        show(name, all_lines, run_lines)
    show("all", *(sum(folder[i] for folder in folders.values()) for i in (0, 1)))
    return 0


if len(sys.argv) != 2:
    sys.exit(__doc__)
sys.exit(main(sys.argv[1]))
