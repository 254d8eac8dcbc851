#!/bin/bash
# royale-web beside real battles: what it says of one that has not begun, runs, stands, has ended, was killed, or was
# followed by another in the same place; the two formats by the readers of others; hostile requests; and Debian's own
# Prometheus, which scrapes it, evaluates every alert rule and answers every query of the dashboards.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/consumers.bash
. "$tree/tests/support/consumers.bash"
dashboards=("$tree"/tools/web/grafana/*.json)
python=
for other in python3 /usr/bin/python3; do
    "$other" -c 'import prometheus_client.openmetrics.parser' 2>/dev/null && python=$other
done
part() {
    "${python:-python3}" -B "$tree/tests/e2e/web.py" "$@"
}

export ROYALE_PAGE=$work/no-page
"$royale" web --names >names || exit 1
"$royale" generate --messages 300000 --itch day.itch >generate.txt || exit 1
for seed in 1 2; do
    battle 'path: day.itch' "
game: {round: 00:45:00, min_fills: 0}
risk: {quantity_max: 1000, notional_max: 2500000, position_max: 300, open_orders_max: 50, rate_max: 100, collar_ppm: 50000,
       loss_max: 1000000}
agents:
  - {name: noise, strategy: noise, cash: 1000000, count: 3, params: {instrument: RYA, interval_us: 1000000}}
export: {sink: jsonl, out: rows/}" | sed "s/^  name: test/  name: test$seed\n  seed: $seed/" >"day$seed.yaml"
done

# ---- what it refuses ----
check "one directory is needed" exits 2 "$royale" web
check "an address that is none is refused" exits 2 "$royale" web --listen 127.0.0.1 here
reached() {
    exits 2 "$royale" web --keys none --listen 0.0.0.0:0 here && says 'other machines reach that address' err && says 'royale key create' err
}
check "an address that others reach needs keys" reached
mkdir -p many/one
: >many/one/inputs.ryj
misplaced() {
    exits 2 "$royale" web --keys none many && says 'many is a folder of battles: --library' err || return 1
    exits 2 "$royale" web --keys none --library many/one && says 'many/one is a battle, and no folder of battles' err || return 1
    exits 2 "$royale" web --keys none names && says 'names is a file' err && exits 3 "$royale" web --keys none --library nowhere
}
check "a place that is another than it is said to be is refused" misplaced
awaited() {
    "$royale" web --keys none --listen 127.0.0.1:0 nowhere >early.out 2>early.err &
    local early=$!
    started+=("$early")
    until_true test -s early.out && says 'nowhere is not there: a battle that begins there is shown then' early.err
    local result=$?
    kill "$early"
    wait "$early" 2>/dev/null
    return "$result"
}
check "one that is not there yet is waited for, which is said" awaited

# serve DIR [OPTIONS]: starts it; $web is its process, $port and $url are where it answers.
serve() {
    local directory=$1
    shift
    rm -f web.out
    "$royale" web --listen 127.0.0.1:0 "$@" "$directory" >web.out 2>web.err &
    web=$!
    started+=("$web")
    until_true test -s web.out || { cat web.err; return 1; }
    url=$(cat web.out)metrics
    port=${url##*:}
    port=${port%/metrics}
}

# metric NAME: its values in the scrape of now; labels are not looked at.
metric() {
    curl -sS --max-time 60 "$url" | sed -n "s/^$1\({[^}]*}\)\{0,1\} //p"
}
is() {
    [ "$(metric "$1")" = "$2" ]
}

dir=place
serve "$dir" || { echo "Bail out! royale-web does not start"; exit 1; }
taken() {
    exits 3 "$royale" web --listen "127.0.0.1:$port" "$dir" && says 'another royale-web' err
}
check "a second one on the same port says why it cannot" taken
check "and says that nothing is up" is royale_up 0

# ---- a battle that stands in its middle ----
journaled() {
    stat -c %s "$dir"/inputs.ryj 2>/dev/null || echo 0
}
start_in_the_middle() { # FILE
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        rm -rf "$dir"
        "$royale" run --quiet --dir "$dir" "$1" >run.out 2>run.err &
        run=$!
        started+=("$run")
        until [ "$(journaled)" -gt 100000 ] || gone "$run"; do :; done
        exec_pid=$(pgrep -P "$run" -x royale-exec) && kill -STOP "$exec_pid" && [ "$(journaled)" -lt 10000000 ] && return 0
        kill -CONT "$exec_pid" 2>/dev/null
        wait "$run"
    done
    echo "the day was over ten times before it could be stopped"
    return 1
}
battle_id() {
    curl -sS --max-time 60 "$url" | sed -n 's/^royale_battle_ended{.*battle_id="\([0-9a-f]*\)".*/\1/p'
}
start_in_the_middle day1.yaml || { echo "Bail out! no battle"; exit 1; }
check "a battle that begins there is taken up" until_true is royale_up 1
# Sums over the processes: exec stands, the others run.
stands() {
    curl -sS --max-time 60 "$url" | grep -q '^royale_process_state{.*process="exec",name=""} 3$'
}
check "exec, which was stopped, stands" until_true stands
named() {
    curl -sS --max-time 60 "$url" >scraped && says 'process="feed0",name="itch"' scraped &&
        says 'process="agent2",name="noise-3"' scraped && says 'battle="test1"' scraped && says 'process="export"' scraped
}
check "processes have their own names" named
first_id=$(battle_id)
figures() {
    part known names scraped && exits 0 "$royale" counters "$dir" && mv out counters && curl -sS --max-time 60 "$url" >scraped &&
        part same counters scraped exec
}
check "every name is one of --names, every figure of exec, which stands, that of royale counters" figures
if has promtool; then
    promtool_agrees() {
        curl -sS --max-time 60 "$url" | promtool check metrics
    }
    check "promtool finds nothing wrong" promtool_agrees
else
    skip "promtool finds nothing wrong" "no promtool: Debian's package prometheus has it"
fi
if [ -n "$python" ]; then
    check "the makers' parsers read both formats, with the same samples" part scrape "$url" scraped
else
    skip "the makers' parsers read both formats, with the same samples" "no Python module prometheus_client: package python3-prometheus-client"
fi

# ---- requests that no client sends ----
check "hostile requests are refused, each in its way" part hostile "$port"
lives_on() {
    is royale_up 1 && lives "$web" && ! grep -v ' is not there: ' web.err
}
check "and it lives on, and has said nothing of them" lives_on
crowded() { # more connections than it takes say nothing: they are let go, and the next is answered
    mkfifo held
    part crowd "$port" 40 <held >crowd.out &
    local crowd=$!
    started+=("$crowd")
    exec 9>held
    until_true grep -q held crowd.out || return 1
    until_true is royale_up 1
    local result=$?
    exec 9>&-
    wait "$crowd"
    return $result
}
check "forty that say nothing do not keep it" crowded

# ---- Prometheus itself ----
prometheus_runs() {
    server=http://127.0.0.1:$(part port)
    sed "s/127.0.0.1:9474/127.0.0.1:$port/; s/scrape_interval: .*/scrape_interval: 200ms/; s/evaluation_interval: .*/evaluation_interval: 200ms/; s/scrape_timeout: .*/scrape_timeout: 200ms/" \
        "$tree/tools/web/prometheus/prometheus.yml" >prometheus.yml
    cp "$tree/tools/web/prometheus/royale.rules.yml" .
    prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address="${server#http://}" >prometheus.log 2>&1 &
    prometheus=$!
    started+=("$prometheus")
    part wait "$server" || { tail -n 5 prometheus.log; return 1; }
}
if has prometheus; then
    prometheus_runs >prometheus.said 2>&1
    check "Prometheus scrapes it" part wait "$server"
    check "and evaluates every alert rule" part rules "$server" royale.rules.yml
    check "every query of the dashboards has exported names, and gives something" part queries names "$server" "$first_id" \
        "${dashboards[@]}"
    kill "$prometheus"
    wait "$prometheus"
else
    skip "Prometheus scrapes it" "no prometheus: Debian's package of that name has it"
    skip "and evaluates every alert rule" "no prometheus: Debian's package of that name has it"
    skip "every query of the dashboards has exported names, and gives something" "no prometheus: Debian's package of that name has it"
fi

# ---- its end, and the next in the same place ----
kill -CONT "$exec_pid"
wait "$run"
run_code=$?
ends_well() {
    [ "$run_code" = 0 ] || { cat run.out run.err; return 1; }
    until_true is royale_battle_ended 1 && until_true is royale_up 0 || return 1
    hash=$(hash_of state "$dir/result.txt")
    curl -sS --max-time 60 "$url" >scraped
    says "hash=\"$hash\"} 1" scraped && says "royale_battle_following" scraped
}
check "it shows the end, with the battle's own hash" ends_well
cp -r "$dir" over
start_in_the_middle day2.yaml || { echo "Bail out! no second battle"; exit 1; }
another() {
    until_true is royale_up 1 && [ "$(battle_id)" != "$first_id" ] && curl -sS --max-time 60 "$url" >scraped &&
        says 'battle="test2"' scraped && ! grep 'battle="test1"' scraped
}
check "another battle in the same place is taken up, and nothing is left of the first" another
killed() {
    kill -9 "$run" && kill -CONT "$exec_pid" 2>/dev/null
    until_true is royale_up 0 && is royale_battle_ended 0
}
check "a battle that was killed is not up and has not ended" killed
kill -TERM "$web"
wait "$web"
web_code=$?
stopped() {
    [ "$web_code" = 0 ] || { echo "exit code $web_code"; cat web.err; return 1; }
}
check "SIGTERM ends it in order" stopped

# ---- one that was over before ----
sed -i 's/^agent0.*/&\n  timers_clamped 1 timers\nodd: timers_clamped 1 (timers set nearer than 1 us): set them later/' over/counters.txt
serve over || { echo "Bail out! royale-web does not start"; exit 1; }
over() {
    until_true is royale_battle_ended 1 || return 1
    exits 0 "$royale" status over && says 'timers_clamped 1' out || return 1
    until_true is 'royale_battle_alarms{.*severity="warning"}' 1
}
check "a battle that was over before has the alarms of royale status" over

# ---- the dashboards ----
if schema_python=$(consumers_python); then
    check "the dashboards keep Grafana's schema" "$schema_python" -B "$tree/tests/e2e/web.py" schema "${dashboards[@]}"
else
    skip "the dashboards keep Grafana's schema" "$schema_python"
fi
done_testing
