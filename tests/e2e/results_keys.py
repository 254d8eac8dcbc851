"""Every key of results.json is described in docs/RESULTS.md.

usage: results_keys.py RESULTS.md results.json ...

A key stands in the page between backquotes, alone or with others. NAME_ns is described with
NAME. What `counters` holds is described by `royale counters machine`, what `rejects` and `cancels`
hold by the tables of codes in the page.
"""

import json
import re
import sys

ELSEWHERE = ("counters",)


def described(page):
    with open(page, encoding="utf-8") as text:
        spans = re.findall(r"`([^`\n]+)`", text.read())
    return {word for span in spans for word in re.findall(r"\w+", span)}


def keys(value, path=""):
    """Each key with where it stands first."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, path + "." + key
            if key not in ELSEWHERE:
                yield from keys(inner, path + "." + key)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, path + "[]")


def formats_said(page, files):
    """The page is about the format that the files have."""
    with open(page, encoding="utf-8") as text:
        said = set(re.findall(r"^\| `format` \| (\d+);", text.read(), re.MULTILINE))
    found = set()
    for name in files:
        with open(name, encoding="utf-8") as text:
            found.add(str(json.load(text)["format"]))
    if said != found:
        print(f"{page} is about format {', '.join(said)}, the files have {', '.join(found)}")
    return said == found


def main(page, *files):
    words = described(page)
    missing = {}
    count = 0
    for name in files:
        with open(name, encoding="utf-8") as text:
            for key, path in keys(json.load(text)):
                count += 1
                base = key.removesuffix("_ns")
                if key not in words and base not in words:
                    missing.setdefault(key, path)
    for path in missing.values():
        print(f"{page} does not describe {path.lstrip('.')}")
    return 1 if missing or not formats_said(page, files) or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
