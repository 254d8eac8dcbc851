#!/usr/bin/env python3
"""Holds the tree to the house's style: one TAP line a rule, a line for each breach before it.

usage: tests/style/style.py [TREE] [RULE ...]     TREE: the tree (.); RULE: only those, S4 or S1
"""

import sys
import time

import rules
from source import Tree

SHOWN_MAX = 40  # breaches of one rule


def run(tree, number, name, title, rule):
    """Prints the rule's line; 'passed', 'failed' or 'skipped'."""
    try:
        breaches = list(rule(tree))
    except rules.Skip as why:
        print(f"ok {number} - {name} {title} # SKIP {why}")
        return "skipped"
    for path, line, what, remedy in breaches[:SHOWN_MAX]:
        print(f"{path}:{line}: {name}: {what}; {remedy}")
    if len(breaches) > SHOWN_MAX:
        print(f"# {name}: and {len(breaches) - SHOWN_MAX} more")
    print(f"{'not ok' if breaches else 'ok'} {number} - {name} {title}")
    return "failed" if breaches else "passed"


def main(arguments):
    start = time.monotonic()
    root = arguments[0] if arguments else "."
    chosen = [rule for rule in rules.RULES if len(arguments) < 2 or rule[0] in arguments[1:]]
    tree = Tree(root)
    ends = [run(tree, number, *rule) for number, rule in enumerate(chosen, 1)]
    print(f"1..{len(ends)}")
    print(f"# style: {ends.count('passed')} rules passed, {ends.count('failed')} failed, "
          f"{ends.count('skipped')} skipped; {len(tree.files)} files, "
          f"{time.monotonic() - start:.1f} s")
    return 0 if chosen and "failed" not in ends else 1


sys.exit(main(sys.argv[1:]))
