#!/usr/bin/env python3
"""A proxy before Debian's archive that keeps what it fetched, so that hosts without a way to the
world install packages, a package is fetched once, and tests go on where there is no network.

usage: archive.py ADDRESS PORT FOLDER

Several may have the same folder: a file appears in it whole. A name that always means the same
bytes (a package, an index by its hash) is answered from the folder; any other is asked for anew,
and answered from the folder only where nobody answers.
"""
import hashlib
import http.client
import os
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TIMEOUT_S = 30
FOREVER = (".deb", ".udeb")


class Archive(BaseHTTPRequestHandler):
    """One request of apt's, whose path is the whole address."""

    protocol_version = "HTTP/1.1"
    folder = ""

    def do_GET(self):  # pylint: disable=invalid-name
        """Answers from the folder, which is filled first."""
        if not self.path.startswith("http://"):
            self.send_error(400, "an address is needed")
            return
        kept = os.path.join(self.folder, hashlib.sha256(self.path.encode()).hexdigest())
        same = self.path.endswith(FOREVER) or "/by-hash/" in self.path
        code = 200 if same and os.path.exists(kept) else self.fetch(kept)
        if code == 200:
            self.send_file(kept)
        else:
            self.send_error(code)

    def fetch(self, kept):
        """The code of the answer: 200 where the folder has the file, of now or of before."""
        try:
            with urllib.request.urlopen(self.path, timeout=TIMEOUT_S) as answer:
                with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as new:
                    shutil.copyfileobj(answer, new)
            os.replace(new.name, kept)
            return 200
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, http.client.HTTPException):
            return 200 if os.path.exists(kept) else 504

    def send_file(self, kept):
        """Sends the file, whole."""
        with open(kept, "rb") as file:
            self.send_response(200)
            self.send_header("Content-Length", str(os.fstat(file.fileno()).st_size))
            self.end_headers()
            shutil.copyfileobj(file, self.wfile)


def main():
    """Serves until it is ended; what it was asked for goes to standard error."""
    address, port, Archive.folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    os.makedirs(Archive.folder, exist_ok=True)
    ThreadingHTTPServer((address, port), Archive).serve_forever()


main()
