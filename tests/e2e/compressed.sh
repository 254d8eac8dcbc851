#!/bin/bash
# A finished journal that is compressed: every reader says of it what it says of the plain one, and whoever is killed while
# it is compressed loses nothing.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

crowd_day
crowd_battle crowd 200 >battle.yaml
check "a battle" run_ok plain battle.yaml
"$royale" replay plain >replayed 2>&1
[ -s plain/inputs.ryj ] || { echo "Bail out! no journal"; exit 1; }
check "without a library its journal stays as it is" [ ! -e plain/inputs.ryj.zst ]

# ---- compressed ----
mkdir one two && cp -a plain one/battle && cp -a plain two/battle
would() {
    exits 0 "$royale" clean --dry-run two && says 'would compress: two/battle/inputs.ryj' out && [ -e two/battle/inputs.ryj ] &&
        [ ! -e two/battle/inputs.ryj.zst ]
}
check "clean --dry-run says what it would do, and does nothing" would
compressed() {
    exits 0 "$royale" clean two && says 'compressed: two/battle/inputs.ryj.zst, ' out && [ ! -e two/battle/inputs.ryj ] &&
        [ "$(stat -c %s two/battle/inputs.ryj.zst)" -lt $(($(stat -c %s plain/inputs.ryj) / 2)) ]
}
check "clean compresses it to less than half" compressed
check "and once more does nothing" exits 0 "$royale" clean two
check "and says how many it looked at" says '1 battle looked at in two' out
if has zstd; then
    check "zstd -d gives it back" eval 'zstd -qdc two/battle/inputs.ryj.zst | cmp - plain/inputs.ryj'
else
    skip "zstd -d gives it back" "zstd is not there"
fi

# ---- the same to every reader ----
# same COMMAND ...: with ONE for the folder it says the same of both, and succeeds.
same() {
    local code library
    for library in one two; do
        (cd "$library" && "${@//ONE/battle}") >"$library.out" 2>"$library.err"
        code=$?
        [ $code = 0 ] || { echo "exit code $code of $library:"; cat "$library.err"; return 1; }
    done
    [ -s one.out ] || { echo "nothing is said"; return 1; }
    cmp one.out two.out
}
inputs=$(sed -n 's/^\([0-9]*\) inputs, .*/\1/p' replayed)
check "replay" same "$royale" replay ONE
check "replay --json" same "$royale" replay --json ONE
check "replay --until" same "$royale" replay --until 30000 ONE
check "royale-view" same "$bin/royale-view" ONE
check "royale-export" same "$bin/royale-export" ONE
check "tail" same "$royale" tail ONE
check "why" same "$royale" why ONE crowd-1/1
check "explain" same "$royale" explain ONE
check "status" same "$royale" status ONE
hash=$(hash_of state plain.txt)
check "replay --expect" exits 0 "$royale" replay --expect "$hash" two/battle
written() {
    local file
    mkdir -p written && rm -rf written/* && cp two/battle/inputs.ryj.zst written && exits 0 "$bin/royale-view" --write written || return 1
    for file in results.json trades.jsonl; do
        cmp plain/$file written/$file || return 1
    done
}
check "royale-view --write" written
page() {
    local library
    for library in one two; do
        exits 0 "$royale" export html --out $library.html $library/battle || return 1
    done
    cmp one.html two.html
}
check "export html" page
bundle() {
    exits 0 "$royale" doctor --out bundle.tar.gz two/battle && says 'inputs.ryj.zst' out && ! tar tzf bundle.tar.gz | grep -q ryj
}
check "doctor knows it, and leaves it out" bundle

# ---- the API, with its jumps ----
serve() { # LIBRARY
    "$royale" web --listen 127.0.0.1:0 --library "$1" >"$1.web" 2>"$1.web.err" &
    started+=($!)
    until_true test -s "$1.web"
}
get() { # LIBRARY PATH
    curl -sS --fail-with-body --max-time 60 "$(sed 's|/$||' "$1.web")$2"
}
get_same() {
    get one "$1" >one.json && get two "$1" >two.json && [ -s one.json ] && cmp one.json two.json && return 0
    head -c 1000 one.json two.json
    return 1
}
if ! serve one || ! serve two; then
    echo "Bail out! royale-web does not start"
    exit 1
fi
known() { # until it has read all of it
    get two "/v1/battles/battle/leaderboard" | grep -q '"rank"'
}
until_true known >/dev/null
for path in leaderboard agents "leaderboard?input=20000" "books/RYA?input=30000" "books/RYA?input=500" \
    "journal?from=30000&limit=50" "trades?limit=100" "why?agent=crowd-1&cl_ord_id=1" course; do
    check "/v1: $path" get_same "/v1/battles/battle/$path"
done
# Compressed while it is served: what was read of it stands.
meanwhile() {
    get one "/v1/battles/battle/leaderboard?input=30000" >before.json && exits 0 "$royale" clean one && [ ! -e one/battle/inputs.ryj ] &&
        get one "/v1/battles/battle/leaderboard?input=30000" >after.json && cmp before.json after.json &&
        get one "/v1/battles/battle/journal?from=$((inputs - 4))&limit=5" | grep -q '"END"\|"end"'
}
check "/v1: one that is compressed meanwhile" meanwhile
kill "${started[@]}"
wait "${started[@]}" 2>/dev/null

# ---- what is damaged or cut ----
harmed() { # NAME BYTES-OF-TAIL-TO-CUT
    mkdir -p "$1" && cp two/battle/inputs.ryj.zst "$1"
}
damaged() {
    harmed damaged || return 1
    head -c 4096 /dev/zero | tr '\0' '\125' |
        dd of=damaged/inputs.ryj.zst oflag=seek_bytes seek=$(($(stat -c %s damaged/inputs.ryj.zst) / 2)) conv=notrunc status=none
    "$royale" replay damaged >out 2>err && return 1 # 3 where it is the first frame
    says 'the compressed journal is damaged: frame ' err
}
check "a damaged one is told" damaged
cut() {
    harmed cut && truncate -s -100 cut/inputs.ryj.zst && exits 3 "$royale" replay cut &&
        says 'the table of its frames, at its end, is cut or damaged' err
}
check "one that is cut is told" cut
left_alone() {
    mkdir -p odd/broken odd/harmed && cp plain/battle.yaml odd/broken && cp plain/battle.yaml odd/harmed &&
        head -c $(($(stat -c %s plain/inputs.ryj) / 2)) plain/inputs.ryj >odd/broken/inputs.ryj && cp plain/inputs.ryj odd/harmed || return 1
    printf '\377' | dd of=odd/harmed/inputs.ryj bs=1 seek=9000 conv=notrunc status=none
    sha256sum odd/*/inputs.ryj >odd.sums
    exits 1 "$royale" clean odd && says 'odd/harmed: its journal stays as it is and is not compressed: it is damaged: ' err &&
        sha256sum --quiet -c odd.sums && [ -z "$(find odd -name '*.zst*')" ]
}
check "a journal that breaks off, or is damaged, stays as it is" left_alone

# ---- killed ----
# Wherever it is killed there is a journal, which gives the same hashes.
killed() {
    local both=0 part=0 ms
    for _ in {1..25}; do
        rm -rf shelf && mkdir shelf && cp -a plain shelf/battle || return 1
        "$royale" clean shelf >/dev/null 2>&1 &
        ms=$((RANDOM % 120))
        sleep "0.$(printf '%03d' $ms)"
        kill -9 $! 2>/dev/null
        wait $! 2>/dev/null
        [ ! -e shelf/battle/inputs.ryj.zst.part ] || part=$((part + 1))
        [ ! -e shelf/battle/inputs.ryj ] || both=$((both + 1))
        exits 0 "$royale" replay --expect "$hash" shelf/battle || { echo "killed after $ms ms:"; ls -l shelf/battle; return 1; }
        exits 0 "$royale" clean shelf && [ ! -e shelf/battle/inputs.ryj ] && [ ! -e shelf/battle/inputs.ryj.zst.part ] &&
            exits 0 "$royale" replay --expect "$hash" shelf/battle || return 1
    done
    echo "$both times before the end, $part times with a part"
    [ $both -gt 0 ]
}
check "25 times killed while it compresses, nothing is lost" killed

# ---- royale run ----
by_run() {
    { cat battle.yaml; echo 'journal: {compress: zstd}'; } >zstd.yaml
    exits 0 "$royale" run --dir by-run zstd.yaml && says 'compressed: by-run/inputs.ryj.zst, ' out && [ ! -e by-run/inputs.ryj ] || return 1
    exits 0 "$royale" replay --expect "$hash" by-run
}
check "royale run compresses it if the file says so" by_run
by_library() {
    exits 0 "$royale" run --quiet --library shelf2 battle.yaml && ls shelf2/crowd-*/inputs.ryj.zst || return 1
    { cat battle.yaml; echo 'journal: {compress: none}'; } >none.yaml
    exits 0 "$royale" run --quiet --library shelf3 none.yaml && ls shelf3/crowd-*/inputs.ryj && exits 0 "$royale" clean shelf3 &&
        ls shelf3/crowd-*/inputs.ryj
}
check "in a library always, but if the file says no" by_library

done_testing
