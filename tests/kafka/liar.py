"""A TCP proxy that misreports what became of messages: python3 liar.py PORT BROKER_PORT TOPIC, on 127.0.0.1.

Of each LIE_EACH-th large Produce request of TOPIC the broker's answer is changed to "appended, but not
by enough replicas", which a producer may repeat, and the next answer of another partition to "unknown
error", which ends its transaction before it has repeated anything. The broker has taken both. Says on
standard output "lied N" each time that both were told, LIES_MAX times.
"""
import asyncio
import struct
import sys

LARGE_BYTES = 10000
LIE_EACH, LIES_MAX = 5, 20
PRODUCE = 0
NOT_ENOUGH_REPLICAS_AFTER_APPEND, UNKNOWN_SERVER_ERROR = 20, -1
FLEXIBLE_VERSION = 9  # of Produce: from it on lengths are varints


async def frames(reader):
    """Kafka's requests or answers, with their lengths."""
    try:
        while True:
            size = await reader.readexactly(4)
            yield size + await reader.readexactly(int.from_bytes(size, "big"))
    except (OSError, asyncio.IncompleteReadError):
        return


class Answer:
    """One answer of Produce, which is of one partition."""

    def __init__(self, data, topic, version):
        self.data = bytearray(data)
        # The name, the number of partitions, the partition, the error.
        self.at = data.index(topic) + len(topic) + (1 if version >= FLEXIBLE_VERSION else 4)
        self.partition = (topic, data[self.at : self.at + 4])

    def says(self, error):
        struct.pack_into(">h", self.data, self.at + 4, error)
        return bytes(self.data)


class Connection:
    def __init__(self, liar):
        self.liar = liar
        self.asked = {}  # by correlation id, of Produce requests: topic, version, large
        self.first = None  # the partition of the first lie, until the second is told

    def request(self, data):
        api, version, number = struct.unpack_from(">hhi", data, 4)
        if api == PRODUCE:
            topic = next((topic for topic in self.liar.topics if topic in data[:1000]), None)
            if topic is not None:
                self.asked[number] = topic, version, len(data) >= LARGE_BYTES
        return data

    def answer(self, data):
        asked = self.asked.pop(struct.unpack_from(">i", data, 4)[0], None)
        if asked is None:
            return data
        topic, version, large = asked
        answer = Answer(data, topic, version)
        if self.first is not None:
            other = answer.partition != self.first
            self.first = None
            if other:
                self.liar.told()
                return answer.says(UNKNOWN_SERVER_ERROR)
        elif topic == self.liar.topic and large and self.liar.turn():
            self.first = answer.partition
            return answer.says(NOT_ENOUGH_REPLICAS_AFTER_APPEND)
        return data


class Liar:
    def __init__(self, broker_port, topic):
        self.broker_port = broker_port
        self.topic = topic.encode()
        self.topics = [b"royale.%s.v1" % word for word in (b"trades", b"fills", b"orders", b"cursors", b"rounds")]
        self.large = self.lies = 0

    def turn(self):
        self.large += 1
        return self.large % LIE_EACH == 0 and self.lies < LIES_MAX

    def told(self):
        self.lies += 1
        print("lied", self.lies, flush=True)

    async def serve(self, reader, client):
        broker_reader, broker = await asyncio.open_connection("127.0.0.1", self.broker_port)
        connection = Connection(self)

        async def pass_on(source, change, target):
            async for data in frames(source):
                target.write(change(data))
                await target.drain()
            target.close()

        await asyncio.gather(
            pass_on(reader, connection.request, broker),
            pass_on(broker_reader, connection.answer, client),
            return_exceptions=True,
        )


async def main():
    liar = Liar(int(sys.argv[2]), sys.argv[3])
    server = await asyncio.start_server(liar.serve, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
