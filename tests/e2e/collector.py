"""A collector of OTLP/JSON: writes each request's body as a line, and answers as it is told.

usage: collector.py PORT-FILE OUT [STATUS|hang]
"""

import http.server
import os
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if how == "hang":
            threading.Event().wait()
        status = int(how)
        if self.path != "/v1/traces" or self.headers["Content-Type"] != "application/json":
            status = 415
        with lock, open(sys.argv[2], "ab") as out:
            out.write(body + b"\n")
            with open(sys.argv[2] + ".headers", "w", encoding="ascii") as headers:
                headers.write(f"Authorization: {self.headers['Authorization']}\n")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


how = sys.argv[3] if len(sys.argv) > 3 else "200"
lock = threading.Lock()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(sys.argv[1] + ".new", "w", encoding="ascii") as port:
    port.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
