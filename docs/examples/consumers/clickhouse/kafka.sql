-- Messages of royale's topics into the tables of `royale rows --clickhouse`. Run that first, then this, then
-- views.sql. Change kafka_broker_list; a cluster with TLS or passwords is set in the server's own <kafka> section.
--
-- The engine gives each message at least once: after a crash some come again. That is no harm here: a row's key is
-- (battle_id, input, n), the tables are ReplacingMergeTree over it, and the views read with FINAL.

CREATE TABLE IF NOT EXISTS royale_messages (line String)
ENGINE = Kafka SETTINGS
    kafka_broker_list = '127.0.0.1:9092',
    kafka_topic_list = 'royale.trades.v1,royale.fills.v1,royale.orders.v1,royale.leaderboard.v1,royale.rounds.v1',
    kafka_group_name = 'clickhouse',
    kafka_format = 'JSONAsString',
    kafka_flush_interval_ms = 500,
    kafka_handle_error_mode = 'stream'; -- a message that is no JSON stops nothing: it is counted below

-- How old messages were when they came here: one line a topic, partition and block.
CREATE TABLE IF NOT EXISTS royale_arrivals (
    topic LowCardinality(String),
    partition UInt64,
    offset UInt64,                -- of the block's last message
    messages UInt64,
    bad UInt64,                   -- that were no JSON
    written DateTime64(3, 'UTC'), -- when the exporter wrote the block's first message
    arrived DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (topic, arrived) TTL toDateTime(arrived) + INTERVAL 7 DAY;

CREATE MATERIALIZED VIEW IF NOT EXISTS royale_arrivals_in TO royale_arrivals AS
SELECT _topic AS topic, _partition AS partition, max(_offset) AS offset, count() AS messages, countIf(_error != '') AS bad,
       min(_timestamp_ms) AS written, now64(3, 'UTC') AS arrived
FROM royale_messages GROUP BY topic, partition;

-- The last: from here on messages flow.
CREATE MATERIALIZED VIEW IF NOT EXISTS royale_messages_in TO royale_lines AS
SELECT line FROM royale_messages WHERE _error = '';
