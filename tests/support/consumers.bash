# shellcheck shell=bash disable=SC2154 # royale, bin, tree, work are those of support.bash; python is the test's
# What the tests of docs/examples/consumers share, on top of tests/e2e/support.bash. Sourced.

# consumers_battle: battle.yaml, in which agents trade two instruments, one of them with a multiplier, are refused, and
# go out, one of them for its losses.
consumers_battle() {
    "$royale" generate --force --messages 60000 --instruments 2 --itch day.itch >generate.txt || return
    cat >battle.yaml <<'END'
battle: {name: consumers, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30
  trade_to: 16:00
  instruments: [{symbol: RYA, multiplier: 10}, {symbol: RYB}]
feeds: [{name: itch, format: itch50, path: day.itch}]
risk: {quantity_max: 1000, notional_max: 2500000, position_max: 300, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 500}
fees: {maker_ppm: -20, taker_ppm: 30}
game: {round: 00:45:00, min_fills: 1}
agents:
  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, params: {instrument: RYA, size: 100}}
  - {name: other, strategy: maker, cash: 1000000, latency_us: 50,
     params: {instrument: RYB, size: 50, gamma_ppm: 2000, k_ppm: 3000000}}
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200,
     params: {instrument: RYA, interval_us: 2000000, size_max: 50, cross_percent: 20}}
  - {name: big, strategy: twap, cash: 1000000, params: {instrument: RYB, quantity: 2000, slices: 100}}
END
}

# Nothing here knows royale but by its rows.
try() {
    "$python" -B "$tree/tests/kafka/consumers.py" "$@"
}
# What Debian does not have: ClickHouse as a library (of those tried, one whose Kafka engine works in it), Grafana's own
# model of a dashboard, and a Protobuf of the makers' own, beside our protobuf-c.
consumers_modules=(chdb==3.6.0 'grafana-foundation-sdk==1769699998!10.1.0' protobuf==7.36.2)

# consumers_python: prints a Python that has them; they are fetched once into the build folder. Else: fails, and prints why.
consumers_python() {
    local home=$bin/../consumers log=$work/pip.log
    exec 8>"$home.lock" && flock 8 # another test may want them at the same time
    if [ ! -e "$home/whole" ]; then
        rm -rf "$home"
        if ! { python3 -m venv "$home" && timeout 300 "$home/bin/pip" install --quiet --disable-pip-version-check --timeout 5 \
            --retries 1 "${consumers_modules[@]}"; } >"$log" 2>&1; then
            echo "chdb and others cannot be had: $(grep -m 1 -iE 'error|not' "$log" || echo 'no answer in time')"
            return 1
        fi
        touch "$home/whole"
    fi
    echo "$home/bin/python"
}
