"""Checks the traces of a battle: requests of OTLP/JSON, one a line.

usage: trace.py FILE whole EVERY EVENTS     all of a battle whose feed had so many events
       trace.py FILE some                   what is there is right, but some may be missing
       trace.py FILE same OTHER             both have the same spans

Prints what it found; on the first thing that is wrong, that, with exit code 1.
"""

import collections
import json
import re
import sys

# hop: what stands above it, and which process writes it
TREE = {
    "feed": ((), "feed"),
    "merge": (("feed",), "exec"),
    "journal": (("merge",), "journal"),
    "durable": (("journal",), "journal"),
    "apply": (("merge", "command"), "exec"),
    "wake": (("apply",), "exec"),
    "callback": (("wake",), "agent"),
    "answer": (("callback",), "agent"),
    "command": (("callback",), "exec"),
    "report": (("apply",), "exec"),
}


def fail(*what):
    print(*what)
    sys.exit(1)


def attributes(owner):
    return {a["key"]: next(iter(a["value"].values())) for a in owner["attributes"]}


def read(path):
    spans = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            for resource in json.loads(line)["resourceSpans"]:
                service = attributes(resource["resource"])["service.name"]
                for span in resource["scopeSpans"][0]["spans"]:
                    span["service"] = service
                    span["has"] = attributes(span)
                    key = span["traceId"], span["spanId"]
                    if key in spans:
                        fail("twice:", span, spans[key])
                    spans[key] = span
    return spans


def begin(span):
    return int(span["startTimeUnixNano"])


def end(span):
    return int(span["endTimeUnixNano"])


def check_span(span):
    if not re.fullmatch("[0-9a-f]{32}", span["traceId"]) or not re.fullmatch("[0-9a-f]{16}", span["spanId"]):
        fail("no id:", span)
    if span["kind"] != 1 or end(span) < begin(span):
        fail("wrong:", span)
    process = TREE[span["name"]][1]
    if re.fullmatch(process + r"\d*", span["service"]) is None:
        fail("not of its process:", span)


def check_tree(spans, whole):
    for (trace, _), span in spans.items():
        check_span(span)
        above = TREE[span["name"]][0]
        if not above:
            if "parentSpanId" in span:
                fail("a parent above the packet:", span)
            continue
        parent = spans.get((trace, span["parentSpanId"]))
        if parent is None:
            if whole:
                fail("no parent:", span)
            continue
        if parent["name"] not in above:
            fail("below", parent, "lies", span)
        if begin(span) < end(parent):
            fail("time runs backwards from", parent, "to", span)


def way_to_report(spans, span):
    names = []
    while span is not None:
        names.append(span["name"])
        span = spans.get((span["traceId"], span.get("parentSpanId")))
    return tuple(reversed(names))


def check_whole(spans, every, events):
    names = collections.Counter(span["name"] for span in spans.values())
    print(dict(names))
    sequences = sorted(int(s["has"]["royale.source_seq"]) for s in spans.values() if s["name"] == "feed")
    if sequences != list(range(every, events + 1, every)):
        fail(f"{events} events, one in {every}, and the traced ones are", sequences)
    of_feed = [s for s in spans.values() if s["name"] == "apply" and "royale.command" not in s["has"]]
    if not (len(of_feed) == names["merge"] == names["journal"] == names["durable"] > 0):
        fail("merged, applied, journaled and durable are not as many")
    if not (names["wake"] >= names["callback"] == names["answer"] > 0):
        fail("wakes, callbacks and answers do not fit")
    ways = collections.Counter(way_to_report(spans, s) for s in spans.values() if s["name"] == "report")
    for way, count in ways.items():
        print(count, "x", " > ".join(way))
    if ways["feed", "merge", "apply", "wake", "callback", "command", "apply", "report"] == 0:
        fail("no way from a packet to a report of what it caused")


def main():
    spans = read(sys.argv[1])
    how = sys.argv[2]
    if not spans:
        fail("no spans")
    if how == "same":
        if spans != read(sys.argv[3]):
            fail("they differ")
        return
    check_tree(spans, how == "whole")
    if how == "whole":
        check_whole(spans, int(sys.argv[3]), int(sys.argv[4]))


main()
