#!/bin/bash
# `royale tail --kafka` and `royale league` with a real Kafka: every row as it was made, an open transaction that hides
# rows, moments, the league against results.json, with rows twice, compacted, in Protobuf, in a group that shares the
# topic, and over the death of a broker.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "tail and league"

# Battles of five agents with rounds; each of them another seed.
rounds() {
    crowd 20000000 "$1" | sed 's/round: 06:30:00/round: 01:30:00/; s/count: 2/count: 1/'
    echo '  - {name: twap, strategy: twap, cash: 100000000, params: {instrument: RYA, quantity: 500, slices: 50}}'
}
id_of() {
    "$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["battle_id"])' "$1/results.json"
}
make_day 60000 || exit 1
for i in 1 2 3; do
    rounds "$i" >"b$i.yaml"
    run_ok "b$i" "b$i.yaml" >run.out || { cat run.out; exit 1; }
done

check "Kafka ${KAFKA_VERSION:-of the house} starts" kafka_up
settings royale.appliance=fra1 session.timeout.ms=6000 heartbeat.interval.ms=500
init >/dev/null || exit 1
cp "$conf" fra1.conf
sed 's/fra1/nyc2/' fra1.conf >nyc2.conf
export_to() {
    exits 0 "$export" --sink kafka --config "$1" "$2"
}

# ---- tail ----
check "a battle is exported" export_to fra1.conf b1
sleep 1.1
between=$(date -u +%FT%TZ)
check "and one of another appliance" export_to nyc2.conf b2
tail_json() {
    exits 0 timeout 60 "$royale" tail --kafka --config "$conf" --json --from beginning --until-end "$@"
}
# Keys, and so partitions, come side by side: the same lines, in their own order within a key.
same_rows() {
    local topics=$1
    tail_json --topic "$topics" --battle "$(id_of b1)" || return 1
    "$python" - "$topics" out rows.jsonl <<'END'
import json, sys
topics, got, wanted = sys.argv[1].split(","), open(sys.argv[2]).read().splitlines(), open(sys.argv[3]).read().splitlines()
kinds = {"trades": ["market_trade"], "fills": ["fill", "trade", "handed_over"],
         "leaderboard": ["standing"], "rounds": ["state", "round", "rank", "out", "stamp", "incomplete", "end"],
         "orders": ["order", "cancel_request", "decision", "ack", "reject", "rested", "cancel"]}
shown = [kind for topic in topics for kind in kinds[topic]]
wanted = [line for line in wanted if json.loads(line)["type"] in shown]
assert wanted and sorted(got) == sorted(wanted), f"{len(got)} rows, not {len(wanted)}"
places = {}
for line in got:
    row = json.loads(line)
    kind = next(topic for topic in topics if row["type"] in kinds[topic])
    key = row.get("instrument") if kind == "trades" else row.get("agent") or row.get("maker") or row.get("taker")
    place = (row["input"], row["n"])
    if kind in ("rounds",):
        key = kind
    assert places.get((kind, key), (0, 0)) < place, line
    places[kind, key] = place
END
}
"$export" --appliance fra1 --out rows.jsonl b1 || exit 1
check "tail shows the rows of a battle as they were made" same_rows trades,fills,orders,rounds
check "also of one topic, which has no end" same_rows fills
check "also of the leaderboard" same_rows leaderboard
since() {
    exits 0 timeout 60 "$royale" tail --kafka --config "$conf" --json --from "$between" --until-end --topic rounds,fills || return 1
    grep -q "$(id_of b2)" out || { echo "the later battle is not there"; return 1; }
    ! grep -q "$(id_of b1)" out
}
check "from a moment on, the later battle alone" since
live() {
    "$royale" tail --kafka --config "$conf" --topic rounds --until-end --battle "$(id_of b3)" >live 2>live.err &
    local tail=$!
    started+=("$tail")
    sleep 3
    export_to fra1.conf b3 || return 1
    wait "$tail" || { cat live.err; return 1; }
    [ "$(grep -c ' end input=' live)" = 1 ] && [ "$(tail -n 1 live | cut -d' ' -f4)" = end ]
}
check "live: what comes while it looks on, up to the end" live

# ---- league ----
# The table out of results.json, added up another way.
cat >model.py <<'END'
import json, sys
from decimal import Decimal
table, *folders = sys.argv[1:]
want = {}
for folder in folders:
    results = json.load(open(folder + "/results.json"))
    assert results["ended"] and not results["stopped"] and results["reproducible"]
    for agent in results["agents"]:
        line = want.setdefault(agent["name"], {"battles": 0, "wins": 0, "ranks": 0, "fields": 0, "pnl": Decimal(0), "out": {}})
        reason = agent["out"]["reason"] if agent["out"] else None
        line["out"][reason] = line["out"].get(reason, 0) + 1
        line["battles"] += 1
        line["wins"] += agent["rank"] == 1
        line["ranks"] += agent["rank"]
        line["fields"] += len(results["agents"])
        line["pnl"] += Decimal(agent["value"]) - Decimal(agent["cash_start"])
lines = [json.loads(line) for line in open(table)]
got = {}
for one in lines:
    for line in one["agents"]:
        sums = got.setdefault(line["agent"], {"battles": 0, "wins": 0, "ranks": 0, "fields": 0, "pnl": Decimal(0), "out": {}})
        for name in ("battles", "wins", "ranks", "fields"):
            sums[name] += line[name]
        sums["pnl"] += Decimal(line["pnl"])
        for reason, count in line["out"].items():
            sums["out"][reason] = sums["out"].get(reason, 0) + count
        assert line["running"] == line["unranked"] == 0, line
for sums in want.values():
    sums["out"].pop(None, None)
for sums in got.values():
    sums["out"] = {reason: count for reason, count in sums["out"].items() if count}
if got != want:
    sys.exit(f"{got}\nnot {want}")
if len(lines) == 1:
    shares = [Decimal(line["beaten"]) / line["rivals"] for line in lines[0]["agents"]]
    assert shares == sorted(shares, reverse=True)
    assert lines[0]["ranked"] == len(folders) and lines[0]["malformed"] == lines[0]["later"] == 0
END
league() {
    exits 0 timeout 120 "$royale" league --json --config "$conf" || return 1
    "$python" model.py out b1 b2 b3 || { cat err; return 1; }
}
check "the league says what three results.json say" league
appliances() {
    grep -q '"appliances":2,' out || { cat out; return 1; }
}
check "of two appliances" appliances
again() {
    { cat nyc2.conf; echo royale.id=again; } >again.conf
    export_to again.conf b1 && export_to again.conf b2
}
check "an exporter of another id sends two battles once more" again
check "the league is the same" league

# A transaction of somebody else's in every partition; it says "open", and aborts when it is told to.
cat >transaction.py <<'END'
import sys
from confluent_kafka import Producer
producer = Producer({"bootstrap.servers": sys.argv[1], "transactional.id": "somebody", "transaction.timeout.ms": 60000})
producer.init_transactions(30)
producer.begin_transaction()
for partition in range(4):
    producer.produce("royale.leaderboard.v1", "{}", "nobody", partition)
producer.flush(30)
print("open", flush=True)
sys.stdin.readline()
producer.abort_transaction(30)
END
coproc other { exec "$python" transaction.py "$bootstrap" 2>transaction.err; }
other_pid=$!
read -r -t 60 word <&"${other[0]}"
check "somebody's transaction is open" [ "$word" = open ]
check "a battle is exported behind it" export_to again.conf b3
"$royale" league --json --config "$conf" >hidden 2>hidden.err &
hidden=$!
started+=("$hidden")
waits() {
    grep -q "transaction is open and hides" hidden.err
}
check "the league does not believe what it cannot see, and says so" until_true waits
check "it has printed nothing yet" [ ! -s hidden ]
echo >&"${other[1]}"
wait "$other_pid"
wait "$hidden"
ended=$?
after() {
    [ "$ended" = 0 ] || { cat hidden.err; return 1; }
    "$python" model.py hidden b1 b2 b3
}
check "when the transaction has ended, it prints" after

# ---- compaction, Protobuf ----
hasten() {
    "$python" - "$bootstrap" "$1" <<'END'
import sys
from confluent_kafka.admin import AdminClient, ConfigResource, RESOURCE_TOPIC
resource = ConfigResource(RESOURCE_TOPIC, sys.argv[2], set_config={
    "cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01", "max.compaction.lag.ms": "1000"})
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
for future in admin.alter_configs([resource]).values():
    future.result(30)
END
}
messages() {
    kcat -q -b "$bootstrap" -C -t royale.leaderboard.v1 -o beginning -e -f '%k\n' | grep -vc '^closes$'
}
before=$(messages)
check "the leaderboard is compacted soon" hasten royale.leaderboard.v1
compacted() {
    local i
    for ((i = 0; i < 40; i++)); do
        # A segment is closed by what comes behind it: a message that takes away what never was.
        echo "closes:" | kcat -b "$bootstrap" -P -t royale.leaderboard.v1 -K : -Z -p $((i % 4)) || return 1
        [ "$(messages)" -lt "$before" ] && return
        sleep 1
    done
    echo "still $before messages"
    return 1
}
check "rows of keys that have later ones go" compacted
closed() {
    exits 0 timeout 60 "$royale" league --json --config "$conf" && sed -i 's/"malformed":[0-9]*/"malformed":0/' out && "$python" model.py out b1 b2 b3
}
check "the league is the same" closed
protobuf() {
    local topic lines=()
    for topic in trades fills orders leaderboard rounds; do
        lines+=("royale.topic.$topic.name=p.$topic" "royale.topic.$topic.format=protobuf")
    done
    settings royale.appliance=fra1 royale.id=p "${lines[@]}"
    init && export_to "$conf" b1 && export_to "$conf" b2 && export_to "$conf" b3
}
check "the battles are exported in Protobuf" protobuf
check "the league is the same" league
check "tail shows the same rows" same_rows fills,rounds
cp fra1.conf "$conf"

# ---- a group ----
member() {
    "$royale" league --follow --json --config "$conf" --group desk >"member$1" 2>"member$1.err" &
    members[$1]=$!
    started+=("$!")
}
members=()
# partitions MEMBER N: its last table is of so many.
partitions() {
    tail -n 1 "member$1" 2>/dev/null | grep -q "\"partitions\":$2,"
}
# What is no standing (here: what closed segments) is counted, and said; the model knows none.
says_all() {
    local member tables=$1
    shift
    for member in $tables; do
        tail -n 1 "member$member" | sed 's/"malformed":[0-9]*/"malformed":0/'
    done >both
    "$python" model.py both "$@" 2>both.err
}
shares() {
    until_true partitions 1 "$1" && until_true partitions 2 "$2" && until_true says_all '1 2' b1 b2 b3 && return
    cat both.err member[12].err
    return 1
}
whole() {
    local member=$1
    shift
    until_true partitions "$member" 4 && until_true says_all "$member" "$@" && return
    cat both.err "member$member.err"
    return 1
}
member 1
check "one member has the whole league" whole 1 b1 b2 b3
member 2
check "two share it: both together say the same" shares 2 2
kill -9 "${members[1]}"
wait "${members[1]}" 2>/dev/null
check "when one dies, the other has it all" whole 2 b1 b2 b3
member 1
check "it comes back" shares 2 2
kafka_kill 1
sleep 2
check "the broker dies and comes back" kafka_start 1
rounds 4 >b4.yaml
check "a battle more is played" run_ok b4 b4.yaml
check "and exported" export_to fra1.conf b4
check "the members' tables have it" until_true says_all '1 2' b1 b2 b3 b4
kill -INT "${members[2]}"
wait "${members[2]}"
check "a member leaves in order" [ "$?" = 0 ]
check "and the other has it all" whole 1 b1 b2 b3 b4

# ---- somebody takes a battle out ----
forget() {
    local agent id
    id=$(id_of b4)
    for agent in crowd-RYA crowd-RYB crowd-RYC crowd-RYD twap; do
        echo "$id|$agent:" | kcat -b "$bootstrap" -P -t royale.leaderboard.v1 -K : -Z -X partitioner=murmur2_random || return 1
    done
}
check "messages without a value, keyed as the rows, are written" forget
check "they take the battle out" whole 1 b1 b2 b3
kafka_down
done_testing
