-- What a dashboard asks for, on the tables of `royale rows --clickhouse`. Money and prices are Decimal: sums are exact.
-- FINAL: a row that came twice counts once.

-- How each agent stands, best first: SELECT * FROM royale_leaderboard WHERE battle_id = '..' ORDER BY rank.
CREATE VIEW IF NOT EXISTS royale_leaderboard AS
SELECT appliance, battle_id, agent, rank, round, out, value, pnl, fills, rejects, ended, time
FROM royale_standing FINAL
ORDER BY input DESC, n DESC
LIMIT 1 BY battle_id, agent;

-- Public trades a minute of market time.
CREATE VIEW IF NOT EXISTS royale_trades_per_minute AS
SELECT battle_id, instrument, toStartOfMinute(time) AS minute, count() AS trades, sum(qty) AS lots,
       toFloat64(sum(price * qty)) / lots AS vwap, min(price) AS low, max(price) AS high
FROM royale_market_trade FINAL
GROUP BY battle_id, instrument, minute;

-- What each agent traded. A fill with cl_ord_id 0 is the machine's own, which closes what an agent held that went out.
CREATE VIEW IF NOT EXISTS royale_volume AS
SELECT battle_id, agent, count() AS fills, sum(qty) AS lots,
       sumIf(qty, liquidity = 'maker' AND cl_ord_id != 0) AS maker_lots,
       sumIf(qty, liquidity = 'taker' AND cl_ord_id != 0) AS taker_lots,
       sumIf(qty, cl_ord_id = 0) AS closing_lots,
       sum(fee) AS fees
FROM royale_fill FINAL
GROUP BY battle_id, agent;

-- Lots filled of lots ordered, in millionths; what the machine closed was never ordered.
CREATE VIEW IF NOT EXISTS royale_fill_ratio AS
SELECT battle_id, agent, ordered.lots AS ordered_lots, filled.lots AS filled_lots,
       intDiv(1000000 * filled_lots, ordered_lots) AS fill_ratio_ppm
FROM (SELECT battle_id, agent, sum(qty) AS lots FROM royale_ack FINAL GROUP BY battle_id, agent) AS ordered
LEFT JOIN (SELECT battle_id, agent, sum(qty) AS lots FROM royale_fill FINAL WHERE cl_ord_id != 0
           GROUP BY battle_id, agent) AS filled USING (battle_id, agent);

-- Battles, the newest last.
CREATE VIEW IF NOT EXISTS royale_battles AS
SELECT battle_id, any(appliance) AS appliance, max(round) AS rounds, max(time) AS last_time, max(ended) AS ended,
       max(agents) AS agents
FROM royale_standing FINAL
GROUP BY battle_id;
