#!/bin/bash
# Replay from the outside: a small battle gives the same hashes again; cut and damaged journals are told apart.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

cat >battle.yaml <<YAML
battle: {name: replay, seed: 5}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30:00
  instruments: [{symbol: RYA}, {symbol: RYB}]
feeds: [{name: itch, format: itch50, path: day.itch}]
journal: {block_kib: 16}
YAML
"$royale" generate --itch day.itch --messages 20000 --instruments 2 --seed 9 >/dev/null 2>&1
"$royale" run --quiet --dir run battle.yaml >result 2>run.err
check "the battle runs" [ $? = 0 ]
journal=run/inputs.ryj
state=$(hash_of state result)
check "the run names its state hash" [ ${#state} = 16 ]

check "replay succeeds" exits 0 "$royale" replay run
check "replay says that the battle has ended" says "the battle has ended" out
for hash in input output book state; do
    check "the same $hash hash" [ "$(hash_of $hash out)" = "$(hash_of $hash result)" ]
done
check "live orders stand in the book" grep -qE '^RYA: .*live orders [1-9]' out
cp out first
"$royale" replay run >out 2>err
check "a second replay prints the same" cmp -s out first
inputs=$(sed -n 's/^\([0-9]*\) inputs, .*/\1/p' first)

check "--expect with the right hash" exits 0 "$royale" replay --expect "$state" run
check "--expect with another hash fails" exits 1 "$royale" replay --expect 0123456789abcdef run
check "and names both" says "the state hash is $state, not 0123456789abcdef" err

# ---- --until ----
check "--until the last input is all of it" exits 0 "$royale" replay --until "$inputs" --expect "$state" run
"$royale" replay --until 1000 run >out 2>err
check "--until an input" says "1000 inputs," out
check "--until says so" says "stopped at --until 1000" out
"$royale" replay --until 2026-01-05T14:30:00Z run >out 2>err
half=$(sed -n 's/^\([0-9]*\) inputs, .*/\1/p' out)
check "--until a time is before the end" test "$half" -gt 3 -a "$half" -lt "$inputs"
cp out utc
"$royale" replay --until 1767623400000000000ns run >out 2>err
check "the same time in nanoseconds" [ "$(hash_of state out)" = "$(hash_of state utc)" ]
"$royale" replay --until "$half" run >out 2>err
check "and as an input number" [ "$(hash_of state out)" = "$(hash_of state utc)" ]

# ---- --json ----
"$royale" replay --json --levels 3 run >out 2>err
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
' out "$state" "$inputs"
}
if has python3; then
    check "--json is JSON and holds the same" json_holds
else
    skip "--json is JSON" "python3 is absent"
fi

# Where the blocks start: a block closes when it is full or when its time has come, so they differ from run to run.
size=$(stat -c %s "$journal")
id_of() { sed -n '1s/.*, id //p' "$1"; }
check "the journal names its battle" [ "$(od -An -tx1 -j 48 -N 16 "$journal" | tr -d ' \n')" = "$(id_of first)" ]
"$royale" run --quiet --dir other battle.yaml >other.txt 2>&1
check "the same battle again succeeds" exits 0 "$royale" replay other
check "it has a name of its own" [ "$(id_of out)" != "$(id_of first)" ]
check "which no hash feels" [ "$(hash_of state out)" = "$state" ]
mkdir old
cp "$journal" old
printf '\002' | dd of=old/inputs.ryj bs=1 seek=8 conv=notrunc status=none
check "a journal of another format is refused" exits 3 "$royale" replay old
check "and both formats are named" says 'is a journal of format 2 (records 2); this program reads format 3' err
starts=()
for ((at = 4096; at < size; at += (72 + payload + 4095) / 4096 * 4096)); do
    starts+=("$at")
    payload=$(od -An -tu4 -j $((at + 60)) -N 4 "$journal" | tr -d ' ')
done
check "there are blocks enough for what follows" [ ${#starts[@]} -gt 8 ]
# cut_at BYTES: the journal so far, in ./cut.
cut_at() {
    rm -rf cut
    mkdir cut
    head -c "$1" "$journal" >cut/inputs.ryj
}
cut_at 4096
check "cut after the header: nothing to apply, no failure" exits 0 "$royale" replay cut
check "and said" says "cut: no whole block after the header" out
for blocks in 1 3; do
    for more in 0 1 100 4095; do
        cut_at $((starts[blocks] + more))
        check "cut $more bytes behind block $((blocks - 1))" exits 0 "$royale" replay cut
        check "and where" says "cut: last whole block $((blocks - 1)) ends with input" out
        check "at its byte" says "at byte ${starts[blocks]}" out
        last=$(sed -n 's/.* ends with input \([0-9]*\) at byte.*/\1/p' out)
        cut_state=$(hash_of state out)
        check "the state there is that of the whole journal" exits 0 "$royale" replay --until "$last" --expect "$cut_state" run
    done
done
cut_at $((size - 1))
"$royale" replay cut >out 2>err
check "cut in the last byte" says "cut: last whole block" out
cut_at 100
check "cut in the header" exits 3 "$royale" replay cut
check "and said" says "cut in its header" err

# ---- damage ----
# damage_at BYTE: the journal with two other bytes there, in ./bad.
damage_at() {
    rm -rf bad
    mkdir bad
    cp "$journal" bad/inputs.ryj
    printf '\377' | dd of=bad/inputs.ryj bs=1 seek="$1" conv=notrunc status=none
    printf '\125' | dd of=bad/inputs.ryj bs=1 seek=$(($1 + 1)) conv=notrunc status=none
}
damage_at $((starts[4] + 70))
check "damage in the middle fails" exits 1 "$royale" replay bad
check "names the block" says "damaged: block 4 at byte ${starts[4]} is damaged, yet block " err
check "and what was lost" says "are lost" err
check "and shows what came before" says "live orders" out
damage_at $((starts[${#starts[@]} - 1] + 64))
check "damage in the last block is a cut" exits 0 "$royale" replay bad
check "and said" says "cut: last whole block" out
# A loss of power while several blocks were in flight: a hole, whole blocks behind it, no END.
rm -rf hole
mkdir hole
head -c "${starts[6]}" "$journal" >hole/inputs.ryj
durable=$(od -An -tu8 -j $((starts[5] + 48)) -N 8 "$journal" | tr -d ' ')
first=$(od -An -tu8 -j $((starts[4] + 32)) -N 8 "$journal" | tr -d ' ')
dd if=/dev/zero of=hole/inputs.ryj bs=1 seek="${starts[4]}" count=$((starts[5] - starts[4])) conv=notrunc status=none
if [ "$durable" -lt "$first" ]; then
    check "a hole that was not durable is a cut" exits 0 "$royale" replay hole
    check "and said" says "cut: last whole block 3 ends with input $((first - 1)) at byte ${starts[4]}; block 5 at byte ${starts[5]} stands behind a hole that was not durable" out
else
    check "a hole that was durable is damage" exits 1 "$royale" replay hole
    check "and said" says "block 4 at byte ${starts[4]} is not a block, yet block 5 at byte ${starts[5]} knew inputs up to $durable durable" err
fi
damage_at 20
check "a damaged header" exits 3 "$royale" replay bad

# ---- mistakes ----
check "no directory is a usage error" exits 2 "$royale" replay
for wrong in "--until yesterday" "--until 10:00:00" "--until -1" "--until 5s" "--levels 1001" "--levels x" "--expect 12" "--nonsense"; do
    # shellcheck disable=SC2086
    check "$wrong is a usage error" exits 2 "$royale" replay $wrong run
done
check "no journal there" exits 3 "$royale" replay nothing
check "and said" says "cannot open nothing/inputs.ryj" err

done_testing
