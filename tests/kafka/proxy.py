"""A TCP proxy that can hold bytes on their way: python3 proxy.py PORT BROKER_PORT, on 127.0.0.1.

SIGUSR1: what clients that are connected now send from here on is kept back, also when they die; the
broker does not notice. SIGUSR2: it is delivered, in order, and those connections end. Clients that
come later are served as usual. Says on standard output what it does; "held N" counts bytes.
"""
import asyncio
import signal
import sys

READ_BYTES = 65536
LINGER_S = 1  # the broker reads what was delivered before the connection ends


class Connection:
    def __init__(self):
        self.held = None  # a list of bytes, from SIGUSR1 on
        self.ended = asyncio.Event()  # of a held one: it was delivered

    async def to_broker(self, reader, broker):
        while True:
            try:
                data = await reader.read(READ_BYTES)
            except OSError:
                data = b""
            if self.held is not None and not self.ended.is_set():
                if data:
                    self.held.append(data)
                    print("held", sum(map(len, self.held)), flush=True)
                    continue
                await self.ended.wait()
            if not data:
                return
            broker.write(data)
            await broker.drain()


async def to_client(reader, client):
    try:
        while data := await reader.read(READ_BYTES):
            if not client.is_closing():
                client.write(data)
                await client.drain()
    except OSError:  # the client is dead: the broker must not notice
        while await reader.read(READ_BYTES):
            pass


class Proxy:
    def __init__(self, broker_port):
        self.broker_port = broker_port
        self.open = {}

    async def serve(self, reader, client):
        broker_reader, broker = await asyncio.open_connection("127.0.0.1", self.broker_port)
        connection = Connection()
        self.open[connection] = broker
        back = asyncio.ensure_future(to_client(broker_reader, client))
        try:
            await connection.to_broker(reader, broker)
        except OSError:
            pass
        finally:
            del self.open[connection]
            broker.close()
            client.close()
            back.cancel()

    def hold(self):
        for connection in self.open:
            connection.held = []
        print("holds", len(self.open), "connections", flush=True)

    async def deliver(self):
        total = 0
        for connection, broker in list(self.open.items()):
            if connection.held is None:
                continue
            for data in connection.held:
                broker.write(data)
                total += len(data)
            try:
                await broker.drain()
            except OSError:
                pass
        await asyncio.sleep(LINGER_S)
        for connection in list(self.open):
            if connection.held is not None:
                connection.ended.set()
        print("delivered", total, flush=True)


async def main():
    proxy = Proxy(int(sys.argv[2]))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, proxy.hold)
    loop.add_signal_handler(signal.SIGUSR2, lambda: asyncio.ensure_future(proxy.deliver()))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
