"""Stands in for systemd: runs a command with a socket of its own as NOTIFY_SOCKET, and writes each message that comes, its lines
joined by " | ", with the process that sent it, into FILE.

usage: notify.py FILE COMMAND ...
"""

import os
import signal
import socket
import struct
import subprocess
import sys


def main():
    path = os.path.abspath("notify.sock")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    listener.bind(path)
    listener.settimeout(0.1)
    environment = dict(os.environ, NOTIFY_SOCKET=path, WATCHDOG_USEC="60000000")
    child = subprocess.Popen(sys.argv[2:], env=environment)
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        ended = False
        while not ended:
            ended = child.poll() is not None  # one look more at what it has said before
            try:
                while True:
                    text, extra, _, _ = listener.recvmsg(65536, socket.CMSG_SPACE(struct.calcsize("3i")))
                    pid = struct.unpack("3i", extra[0][2])[0]
                    out.write(f"{pid == child.pid} {' | '.join(text.decode().splitlines())}\n")
                    out.flush()
            except socket.timeout:
                pass
    sys.exit(child.returncode if child.returncode >= 0 else 128 - child.returncode)


main()
