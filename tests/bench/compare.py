#!/usr/bin/env python3
"""Holds one run of `make bench` against an earlier one of the same machine.

usage: tests/bench/compare.py THEN NOW      (files as `make bench` leaves them: BUILD/bench.tsv)

A row is called better or worse only where the ranges of both runs do not touch: what lies within
the spread of either is noise. Where the machine was busy in one of the runs, or a row is of a
single run and so has no spread, nothing is claimed.
Exit codes: 0 nothing is worse, 1 something is, 2 the files cannot be compared.
"""
import sys

FIRST = "# royale bench 1"
MACHINE = ("machine", "kernel", "clock")
COLUMNS = ("bench", "row", "unit", "median", "least", "most", "runs", "state")
# Of these less is better, of all others more.
LESS = {"ns", "us", "ms", "s", "x", "bytes"}


class Wrong(Exception):
    pass


def read(path):
    """The machine's lines and the rows of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Wrong(f"{path}: cannot be read: {error}; `make bench` makes such a file") from error
    if lines[0] != FIRST:
        raise Wrong(f"{path}:1: is no result of `make bench`: it does not begin with \"{FIRST}\"")
    machine, rows = {}, {}
    for number, line in enumerate(lines[1:], 2):
        if line == "":
            continue
        if line.startswith("# "):
            name, _, value = line[2:].partition("\t")
            machine[name] = value
            continue
        field = dict(zip(COLUMNS, line.split("\t")))
        try:
            row = tuple(float(field[name]) for name in ("median", "least", "most"))
            key = (field["bench"], field["row"], field["unit"])
            rows[key] = row + (field["state"] == "busy", int(field["runs"]) == 1)
        except (KeyError, ValueError) as error:
            raise Wrong(f"{path}:{number}: not {len(COLUMNS)} columns as in the other lines "
                        f"({error}); run `make bench` anew") from error
    return machine, rows


def same_machine(paths, machines):
    for name in MACHINE:
        there = [machine.get(name, "?") for machine in machines]
        if there[0] != there[1]:
            raise Wrong(f"{paths[1]}: another machine than in {paths[0]}: {name} \"{there[1]}\", "
                        f"then \"{there[0]}\"; compare runs of one machine")


def verdict(unit, then, now):
    if then[3] or now[3]:
        return "busy"
    if then[4] or now[4]:
        return "one run"
    if now[1] <= then[2] and then[1] <= now[2]:
        return "within the spread"
    return "better" if (now[0] < then[0]) == (unit in LESS) else "worse"


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(then, now):
    """Prints all rows; how many are worse."""
    worse = 0
    print(f"{'':58} {'then':>10} {'now':>10} {'now/then':>9}")
    for key in [key for key in then if key in now]:
        bench, row, unit = key
        ratio = f"{now[key][0] / then[key][0]:.2f}" if then[key][0] else "-"
        said = verdict(unit, then[key], now[key])
        worse += said == "worse"
        print(f"{bench + ': ' + row:58.58} {number(then[key][0]):>10} {number(now[key][0]):>10} "
              f"{ratio:>9}  {unit:14} {said}")
    return worse


def missing(path, has, other):
    for bench, row, unit in [key for key in other if key not in has]:
        print(f"not in {path}: {bench}: {row} ({unit})")


def main(paths):
    if len(paths) != 2:
        raise Wrong("usage: tests/bench/compare.py THEN NOW; `make bench` leaves BUILD/bench.tsv")
    (machine_then, then), (machine_now, now) = read(paths[0]), read(paths[1])
    same_machine(paths, (machine_then, machine_now))
    print(f"then {machine_then.get('date', '?')}, now {machine_now.get('date', '?')}: "
          f"{machine_now.get('machine', '?')}")
    worse = table(then, now)
    missing(paths[0], then, now)
    missing(paths[1], now, then)
    print(f"{worse} worse" if worse else "nothing is worse")
    return 1 if worse else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Wrong as wrong:
        print(f"bench-compare: {wrong}", file=sys.stderr)
        sys.exit(2)
