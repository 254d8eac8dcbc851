# shellcheck shell=bash disable=SC2154 # what tests/e2e/support.bash sets
# What the tests of explanations share, on top of tests/e2e/support.bash. Sourced.
helpers=$bin/../tests/e2e

# explain_battle: a battle in ./run with many fills, rejects (the small limit of positions) and eliminations (the
# rounds).
explain_battle() {
    cat >battle.yaml <<YAML
battle: {name: explain, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:00
  trade_to: 16:00:00
  currency: USD
  instruments: [{symbol: RYA}]
feeds: [{name: itch, format: itch50, path: day.itch}]
agents:
  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, params: {instrument: RYA, size: 100}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200,
     params: {instrument: RYA, interval_us: 5000000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 60, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
fees: {maker_ppm: -20, taker_ppm: 30}
game: {round: 01:00:00, min_fills: 1, haircut_ppm: 10000}
YAML
    "$royale" generate --itch day.itch --messages 60000 --instruments 1 --seed 9 >/dev/null 2>&1 &&
        exits 0 "$royale" run --quiet --dir run battle.yaml
}

# judged TEXT: what the judge of sentences, who knows no grammar, counts of ./out.
judged() {
    "$helpers/explain_judge" <out >judgement || { cat judgement; return 1; }
    says "$1" judgement
}
