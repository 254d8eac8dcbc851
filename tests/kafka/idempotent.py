"""What royale-export would be without transactions: python3 idempotent.py BROKERS TOPIC COUNT

Writes the numbers below COUNT to the topic's one partition with an idempotent producer, and begins
behind the last one that stands there. Says "begins at N". It needs python3-confluent-kafka.
"""
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition

PER_TICK, TICK_S = 100, 0.01


def tail(brokers, topic):
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "tail", "enable.auto.commit": False})
    _, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
    if not high:
        return 0
    consumer.assign([TopicPartition(topic, 0, high - 1)])
    return int(consumer.consume(1, timeout=30)[0].value()) + 1


def main():
    brokers, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True, "linger.ms": 0})
    begin = tail(brokers, topic)
    print("begins at", begin, flush=True)
    for number in range(begin, count):
        producer.produce(topic, str(number), partition=0)
        if number % PER_TICK == 0:
            producer.poll(0)
            time.sleep(TICK_S)
    producer.flush(60)


main()
