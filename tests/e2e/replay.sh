#!/bin/bash
# Replay from the outside: a small battle gives the same hashes again; cut and damaged journals are told apart.
set -u
bin=$ROYALE_BIN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0 failed=0

check() { # NAME COMMAND...: ok if the command succeeds
    number=$((number + 1))
    local name=$1
    shift
    if "$@"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        failed=1
    fi
}

replay() { # ARGUMENTS...: what it says in $work/out, its exit code in $code
    "$bin/royale" replay "$@" >"$work/out" 2>"$work/err"
    code=$?
}

says() { grep -qF -- "$1" "$work/out"; }
complains() { grep -qF -- "$1" "$work/err"; }
exits() { [ "$code" = "$1" ]; }
field() { sed -n "s/^$1 hash *//p" "$2"; }

cat >"$work/battle.yaml" <<YAML
battle: {name: replay, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:00
  instruments: [{symbol: RYA}, {symbol: RYB}]
feeds: [{name: itch, format: itch50, path: day.itch}]
journal: {block_kib: 16}
YAML
"$bin/royale" generate --itch "$work/day.itch" --messages 20000 --instruments 2 --seed 9 >/dev/null 2>&1
"$bin/royale" run --quiet --dir "$work/run" "$work/battle.yaml" >"$work/result" 2>"$work/run.err"
check "the battle runs" [ $? = 0 ]
journal=$work/run/inputs.ryj
state=$(field state "$work/result")
check "the run names its state hash" [ ${#state} = 16 ]

replay "$work/run"
check "replay succeeds" exits 0
check "replay says that the battle has ended" says "the battle has ended"
for hash in input output book state; do
    check "the same $hash hash" [ "$(field $hash "$work/out")" = "$(field $hash "$work/result")" ]
done
check "live orders stand in the book" grep -qE '^RYA: .*live orders [1-9]' "$work/out"
cp "$work/out" "$work/first"
replay "$work/run"
check "a second replay prints the same" cmp -s "$work/out" "$work/first"
inputs=$(sed -n 's/^\([0-9]*\) inputs, .*/\1/p' "$work/first")

replay --expect "$state" "$work/run"
check "--expect with the right hash" exits 0
replay --expect 0123456789abcdef "$work/run"
check "--expect with another hash fails" exits 1
check "and names both" complains "the state hash is $state, not 0123456789abcdef"

# --until
replay --until "$inputs" --expect "$state" "$work/run"
check "--until the last input is all of it" exits 0
replay --until 1000 "$work/run"
check "--until an input" says "1000 inputs,"
check "--until says so" says "stopped at --until 1000"
replay --until 2026-01-05T14:30:00Z "$work/run"
half=$(sed -n 's/^\([0-9]*\) inputs, .*/\1/p' "$work/out")
check "--until a time is before the end" [ "$half" -gt 3 -a "$half" -lt "$inputs" ]
cp "$work/out" "$work/utc"
replay --until 1767623400000000000ns "$work/run"
check "the same time in nanoseconds" [ "$(field state "$work/out")" = "$(field state "$work/utc")" ]
replay --until "$half" "$work/run"
check "and as an input number" [ "$(field state "$work/out")" = "$(field state "$work/utc")" ]

# --json
replay --json --levels 3 "$work/run"
json_holds() {
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["hashes"]["state"] == sys.argv[2] and d["end"] == "end" and d["inputs"] == int(sys.argv[3])
assert [i["symbol"] for i in d["instruments"]] == ["RYA", "RYB"]
assert all(len(i["bids"]) <= 3 for i in d["instruments"])
assert d["counters"]["inputs"] == d["inputs"]
assert len(d["battle_id"]) == 32 and d["seed"] == "5"
assert all(isinstance(l["price"], str) for i in d["instruments"] for l in i["bids"] + i["asks"])
' "$work/out" "$state" "$inputs"
}
if command -v python3 >/dev/null; then
    check "--json is JSON and holds the same" json_holds
else
    number=$((number + 1))
    echo "ok $number - --json is JSON # SKIP python3 is absent"
fi

# Where the blocks start: a block closes when it is full or when its time has come, so they differ from run to run.
size=$(stat -c %s "$journal")
check "the journal names its battle at random" [ "$(od -An -tx1 -j 48 -N 16 "$journal" | tr -d ' \n')" = \
    "$(sed -n '1s/.*, id //p' "$work/first")" ]
"$bin/royale" run --quiet --dir "$work/other" "$work/battle.yaml" >"$work/other.txt" 2>&1
"$bin/royale" replay "$work/other" >"$work/out"
check "no other battle has its name" [ "$(sed -n '1s/.*, id //p' "$work/out")" != "$(sed -n '1s/.*, id //p' "$work/first")" ]
check "which no hash feels" [ "$(field state "$work/out")" = "$state" ]
mkdir "$work/old"
cp "$journal" "$work/old/inputs.ryj"
printf '\002' | dd of="$work/old/inputs.ryj" bs=1 seek=8 conv=notrunc status=none
replay "$work/old"
check "a journal of another format is refused" exits 3
check "and both formats are named" complains "is a journal of format 2 (records 1); this program reads format 3"
starts=()
for ((at = 4096; at < size; at += (72 + payload + 4095) / 4096 * 4096)); do
    starts+=("$at")
    payload=$(od -An -tu4 -j $((at + 60)) -N 4 "$journal" | tr -d ' ')
done
check "there are blocks enough for what follows" [ ${#starts[@]} -gt 8 ]
cut_at() { # BYTES
    rm -rf "$work/cut"
    mkdir "$work/cut"
    head -c "$1" "$journal" >"$work/cut/inputs.ryj"
    replay "$work/cut"
}
cut_at 4096
check "cut after the header: nothing to apply, no failure" exits 0
check "and said" says "cut: no whole block after the header"
for blocks in 1 3; do
    for more in 0 1 100 4095; do
        cut_at $((starts[blocks] + more))
        check "cut $more bytes behind block $((blocks - 1))" exits 0
        check "and where" says "cut: last whole block $((blocks - 1)) ends with input"
        check "at its byte" says "at byte ${starts[blocks]}"
        last=$(sed -n 's/.* ends with input \([0-9]*\) at byte.*/\1/p' "$work/out")
        cut_state=$(field state "$work/out")
        replay --until "$last" --expect "$cut_state" "$work/run"
        check "the state there is that of the whole journal" exits 0
    done
done
cut_at $((size - 1))
check "cut in the last byte" says "cut: last whole block"
cut_at 100
check "cut in the header" exits 3
check "and said" complains "cut in its header"

# damage
damage_at() { # BYTE
    rm -rf "$work/bad"
    mkdir "$work/bad"
    cp "$journal" "$work/bad/inputs.ryj"
    printf '\377' | dd of="$work/bad/inputs.ryj" bs=1 seek="$1" conv=notrunc status=none
    printf '\125' | dd of="$work/bad/inputs.ryj" bs=1 seek=$(($1 + 1)) conv=notrunc status=none
    replay "$work/bad"
}
damage_at $((starts[4] + 70))
check "damage in the middle fails" exits 1
check "names the block" complains "damaged: block 4 at byte ${starts[4]} is damaged, yet block "
check "and what was lost" complains "are lost"
check "and shows what came before" says "live orders"
damage_at $((starts[${#starts[@]} - 1] + 64))
check "damage in the last block is a cut" exits 0
check "and said" says "cut: last whole block"
# A loss of power while several blocks were in flight: a hole, whole blocks behind it, no END.
rm -rf "$work/hole"
mkdir "$work/hole"
head -c "${starts[6]}" "$journal" >"$work/hole/inputs.ryj"
durable=$(od -An -tu8 -j $((starts[5] + 48)) -N 8 "$journal" | tr -d ' ')
first=$(od -An -tu8 -j $((starts[4] + 32)) -N 8 "$journal" | tr -d ' ')
dd if=/dev/zero of="$work/hole/inputs.ryj" bs=1 seek="${starts[4]}" count=$((starts[5] - starts[4])) conv=notrunc status=none
replay "$work/hole"
if [ "$durable" -lt "$first" ]; then
    check "a hole that was not durable is a cut" exits 0
    check "and said" says "cut: last whole block 3 ends with input $((first - 1)) at byte ${starts[4]}; block 5 at byte ${starts[5]} stands behind a hole that was not durable"
else
    check "a hole that was durable is damage" exits 1
    check "and said" complains "block 4 at byte ${starts[4]} is not a block, yet block 5 at byte ${starts[5]} knew inputs up to $durable durable"
fi
damage_at 20
check "a damaged header" exits 3

# mistakes
replay
check "no directory is a usage error" exits 2
for wrong in "--until yesterday" "--until 10:00:00" "--until -1" "--until 5s" "--levels 1001" "--levels x" "--expect 12" "--nonsense"; do
    # shellcheck disable=SC2086
    replay $wrong "$work/run"
    check "$wrong is a usage error" exits 2
done
replay "$work/nothing"
check "no journal there" exits 3
check "and said" complains "cannot open $work/nothing/inputs.ryj"

echo "1..$number"
exit $failed
