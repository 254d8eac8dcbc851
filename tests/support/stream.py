#!/usr/bin/env python3
"""A client of royale-web's stream, for the end-to-end tests: the standard library alone.

    stream.py sse PORT SECONDS [CURSOR]     reads events, merges them; prints what it came to
    stream.py ws PORT SECONDS [CURSOR]      the same as a WebSocket
    stream.py end PORT SECONDS              reads until the battle's state is no longer "runs"
    stream.py rows PORT SECONDS             every row that came, a line each
    stream.py says PORT                     a WebSocket that says what it may not: how it is closed
    stream.py slow PORT BYTE_EVERY SECONDS  a request that drips; prints how long it was let
    stream.py idle PORT COUNT               so many connections that say nothing, until stdin ends
    stream.py crowd PORT COUNT              so many that read the stream, until stdin ends

What is merged is compared with GET state at the end of a battle by `end`.
"""

import base64
import hashlib
import http.client
import json
import os
import resource
import select
import socket
import struct
import sys
import time

PATH = "/v1/battles/current/stream"


def fail(why):
    sys.exit(f"{why}")


def connect(port):
    return socket.create_connection(("127.0.0.1", int(port)), timeout=60)


def head_of(connection):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            fail(f"it hung up: {head!r}")
        head += byte
    return head.decode("latin-1")


class Ended(Exception):
    pass


class Bytes:
    """What comes, until a moment."""

    def __init__(self, connection, seconds):
        self.connection, self.until, self.left = connection, time.monotonic() + seconds, b""

    def more(self):
        remaining = self.until - time.monotonic()
        if remaining <= 0:
            raise Ended
        if not select.select([self.connection], [], [], remaining)[0]:
            raise Ended
        part = self.connection.recv(1 << 16)
        if not part:
            raise Ended
        self.left += part

    def take(self, count):
        while len(self.left) < count:
            self.more()
        taken, self.left = self.left[:count], self.left[count:]
        return taken

    def until_blank(self):
        while b"\n\n" not in self.left:
            self.more()
        taken, self.left = self.left.split(b"\n\n", 1)
        return taken.decode()


def sse(port, seconds, cursor=None):
    connection = connect(port)
    since = f"Last-Event-ID: {cursor}\r\n" if cursor else ""
    connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n{since}\r\n".encode())
    head = head_of(connection)
    if " 200 " not in head.split("\r\n")[0] or "text/event-stream" not in head:
        fail(head)
    stream = Bytes(connection, float(seconds))
    while True:
        event = stream.until_blank()
        if event.startswith(":"):
            yield None
            continue
        field = dict(line.split(": ", 1) for line in event.split("\n"))
        frame = json.loads(field["data"])
        if field["id"] != frame["cursor"] or field["event"] != frame["type"]:
            fail(event)
        yield frame


def send(connection, opcode, payload=b"", fin=0x80):
    mask = os.urandom(4)
    head = bytes([fin | opcode, 0x80 | len(payload)]) + mask
    connection.sendall(head + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))


GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def request(key, since=""):
    return (
        f"GET {PATH}{since} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: royale.v1\r\n\r\n".encode()
    )


def shake(port, cursor=None):
    connection = connect(port)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(request(key, f"?since={cursor}" if cursor else ""))
    head = head_of(connection)
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    wanted = (" 101 ", f"Sec-WebSocket-Accept: {accept}\r\n", "Sec-WebSocket-Protocol: royale.v1\r\n")
    if any(part not in head for part in wanted):
        fail(head)
    return connection


def message(stream):
    first, length = stream.take(2)
    if length == 126:
        (length,) = struct.unpack(">H", stream.take(2))
    elif length == 127:
        (length,) = struct.unpack(">Q", stream.take(8))
    return first, stream.take(length)


def ws(port, seconds, cursor=None):
    connection = shake(port, cursor)
    stream = Bytes(connection, float(seconds))
    while True:
        first, payload = message(stream)
        if first == 0x89:
            send(connection, 0xA, payload)
            yield None
        elif first == 0x81:
            yield json.loads(payload)
        else:
            fail(f"{first:#x} {payload!r}")


def merge(target, patch):
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


class Reader:
    """Holds the rules: a delta follows the frame before it, a snapshot needs none."""

    def __init__(self, cursor=None):
        self.state, self.cursor, self.count = None, cursor, {"snapshot": 0, "delta": 0, "lapped": 0, "beat": 0}
        self.ran = False  # some frame said that the battle runs
        self.left_out, self.rows = 0, []

    def take(self, frame):
        if frame is None:
            self.count["beat"] += 1
            return
        self.count[frame["type"]] += 1
        if frame["type"] == "snapshot":
            self.count["lapped"] += frame.get("lapped", False)
            self.state = merge({}, frame["state"])
        else:
            if frame["since"] != self.cursor:
                fail(f"a gap: {frame['since']} behind {self.cursor}")
            self.state = merge(self.state, frame["patch"])
            self.rows += frame["rows"]
            self.left_out += frame["rows_left_out"]
        self.ran |= self.state["battle"].get("state") == "runs"
        self.cursor = frame["cursor"]


def follow(frames, cursor=None, until=lambda reader: False):
    reader = Reader(cursor)
    try:
        for frame in frames:
            reader.take(frame)
            if until(reader):
                break
    except Ended:
        pass
    return reader


def show(reader):
    words = " ".join(f"{name}={count}" for name, count in reader.count.items())
    battle = (reader.state or {}).get("battle", {})
    print(f"{words} cursor={reader.cursor} state={battle.get('state')} ran={reader.ran} input={battle.get('input')}")


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    connection.request("GET", path, headers={"Host": "localhost"})
    return json.loads(connection.getresponse().read())


def end(port, seconds):
    over = ("ended", "stopped", "broke off")
    reader = follow(ws(port, seconds), until=lambda r: r.state["battle"].get("state") in over)
    show(reader)
    if reader.state["battle"].get("state") != "ended":
        fail("it has not ended")
    for _ in range(600):
        asked = merge({}, get(port, "/v1/battles/current/state"))
        if asked["battle"]["input"] == reader.state["battle"]["input"]:
            break
        time.sleep(0.1)
    for part in ("agents", "instruments"):
        if asked[part] != reader.state[part]:
            fail(f"{part}: {reader.state[part]}\nnot {asked[part]}")


def rows(port, seconds):
    for row in follow(sse(port, seconds)).rows:
        print(json.dumps(row))


def says(port):
    for opcode, payload, fin, wanted in ((1, b"hello", 0x80, 1008), (2, b"", 0x80, 1008), (9, b"", 0, 1002), (3, b"x", 0x80, 1008),
                                         (8, struct.pack(">H", 1000), 0x80, 1000)):
        connection = shake(port)
        send(connection, opcode, payload, fin)
        stream = Bytes(connection, 60)
        first = 0
        while first != 0x88:
            first, told = message(stream)
        (code,) = struct.unpack(">H", told)
        if code != wanted:
            fail(f"opcode {opcode}: closed with {code}, not {wanted}")
        if connection.recv(1 << 20) not in (b"",):
            fail("it goes on after its close")


def slow(port, every, seconds):
    began = time.monotonic()
    connection = connect(port)
    for byte in f"GET /metrics HTTP/1.1\r\nX-Slow: {'a' * 4000}".encode():
        try:
            connection.sendall(bytes([byte]))
        except OSError:
            break
        if select.select([connection], [], [], float(every))[0] and not connection.recv(1):
            break
        if time.monotonic() - began > float(seconds):
            fail(f"it was let for {seconds} seconds")
    print(f"let go after {time.monotonic() - began:.0f} seconds")


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def hold(connections):
    print("held", flush=True)
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN | select.POLLHUP)
    for connection in connections:
        connection.setblocking(False)
        poll.register(connection, select.POLLIN)
    by_number = {connection.fileno(): connection for connection in connections}
    while True:
        for number, _ in poll.poll():
            if number == sys.stdin.fileno():
                return
            try:
                if not by_number[number].recv(1 << 16):
                    poll.unregister(number)
            except BlockingIOError:
                pass
            except OSError:
                poll.unregister(number)


def idle(port, count):
    raise_limit()
    hold([connect(port) for _ in range(int(count))])


def crowd(port, count):
    raise_limit()
    connections = [connect(port) for _ in range(int(count))]
    for connection in connections:
        connection.sendall(request(base64.b64encode(os.urandom(16)).decode()))
    for connection in connections:
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(1 << 16)
            if not part:
                fail(f"it hung up: {head!r}")
            head += part
        if not head.startswith(b"HTTP/1.1 101 "):
            fail(head[:200])
    hold(connections)


COMMANDS = {"end": end, "rows": rows, "says": says, "slow": slow, "idle": idle, "crowd": crowd}
if sys.argv[1] in ("sse", "ws"):
    show(follow(globals()[sys.argv[1]](*sys.argv[2:]), *sys.argv[4:]))
else:
    COMMANDS[sys.argv[1]](*sys.argv[2:])
