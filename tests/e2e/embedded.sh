#!/bin/bash
# A battle inside of a program: what `make install-embedded` installs is found by pkg-config and stands alone in C and C++, the
# example and the guide say what comes of it, `royale` reads what it leaves. (That all battles of tests/e2e/fast.sh give the
# same hashes in a program, that one shows.)
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
build=$(dirname "$bin")
examples=$tree/docs/examples/embedded
lib=$work/usr/lib
header=$work/usr/include/royale/embedded.h
export PKG_CONFIG_PATH=$lib/pkgconfig

installs() {
    make -s -C "$tree" install-agent install-embedded BUILD="$build" prefix="$work/usr" >make.out 2>&1 || { tail -n 20 make.out; return 1; }
}
check "it is installed" installs

# ---- the header ----
twice() { # COMPILER LANGUAGE STANDARD
    local shadow=-Wshadow # in C++ a function may not be called as a struct then, and agent.h has some
    [ "$2" = c ] || shadow=
    printf '#include <royale/embedded.h>\n#include <royale/embedded.h>\nint main(void) { return 0; }\n' >"twice.$2"
    # shellcheck disable=SC2046,SC2086 # lists of words
    "$1" -std="$3" -x "$2" -Wall -Wextra -pedantic $shadow -Wconversion -Werror "twice.$2" -o twice $(pkg-config --cflags royale) && ./twice
}
tried() { # COMPILER LANGUAGE STANDARD
    has "$1" || { skip "$1: the header" "$1 is not installed"; return; }
    check "$1: the header stands alone, without a warning" twice "$1" "$2" "$3"
}
tried gcc c c11
tried clang c c11
tried g++ c++ c++17
tried clang++ c++ c++17
# What the library exports is what both headers declare, and its number is the header's.
exports() {
    nm -D --defined-only "$lib/libroyale.so" | awk '$2 ~ /^[A-Z]$/ { print $3 }' | sort >names
    sed 's|/\*.*\*/||' "$header" | grep -vE '^(static| \*|/\*)' | grep -oE '\bry_embedded_[a-z]+\(' | tr -d '(' >declared
    sed -n 's/^  \(ry_.*\);/\1/p' "$tree/agents/api.list" >>declared
    [ "$(grep -c ry_embedded_ names)" -ge 11 ] && diff names <(sort -u declared) && readelf -d "$lib/libroyale.so" >dynamic &&
        says "[libroyale.so.$(sed -n 's/^#define RY_EMBEDDED_ABI \([0-9]*\)u$/\1/p' "$header")]" dynamic
}
check "it exports what both headers declare, and nothing else" exports

# ---- the example ----
"$royale" generate --messages 60000 --itch day.itch >generate.txt || exit 1
build_example() {
    # shellcheck disable=SC2046 # a list of words
    gcc -std=c11 -O2 -Wall -Wextra -pedantic -Werror "$examples/program.c" "$examples/quoter.c" $(pkg-config --cflags --libs royale) -o program &&
        gcc -std=c11 -O2 -shared $(pkg-config --cflags royale-agent) "$examples/quoter.c" -o quoter.so
}
check "the example is built, as a program and as a strategy" build_example
export LD_LIBRARY_PATH=$lib
# shellcheck disable=SC2016 # fences of the page, not of the shell
sed -n '/^```yaml$/,/^```$/p' "$tree/docs/EMBEDDED.md" | sed '1d;$d' >battle.yaml
# The library's own strategies may have a sanitizer, which a program without one cannot load.
if nm -D "$build/lib/royale/maker.so" | grep -qE '__(asan|tsan|ubsan)'; then
    skip "battles in a program" "strategies have a sanitizer"
    done_testing
    exit
fi
runs() {
    exits 0 ./program battle.yaml there mine && cp out program.out && says "$(head -n 1 out)" "$tree/docs/EMBEDDED.md"
}
check "the guide's battle runs" runs
guide_has() {
    while read -r line; do grep -qxF -- "$line" "$tree/docs/EMBEDDED.md" || { echo "docs/EMBEDDED.md lacks: $line"; return 1; }; done <program.out
}
check "the guide has what the example prints" guide_has
sed 's/strategy: embedded/strategy: .\/quoter.so/' battle.yaml >strategy.yaml
same_as_run() {
    exits 0 "$royale" run --quiet --dir each strategy.yaml && same_hashes out program.out && exits 0 "$royale" run --quiet --fast --dir one strategy.yaml &&
        same_hashes out program.out && diff <(jq -c 'del(.battle_id, .isolation)' each/results.json each/trades.jsonl) <(jq -c 'del(.battle_id, .isolation)' there/results.json there/trades.jsonl)
}
check "royale run gives the same hashes, results and trades by its strategy" same_as_run
by_name() {
    exits 0 ./program strategy.yaml - mine && same_hashes out program.out
}
check "so does the program in the place of a strategy, without a folder" by_name

# ---- what it leaves ----
check "royale replay reads what it left" exits 0 "$royale" replay --levels 0 there
check "to the same hashes" same_hashes out program.out
check "royale why too" exits 0 "$royale" why there mine/1
check "the agent's log is there" says "quotes" there/log/agent0-mine.log
again() {
    exits 0 ./program there/battle.yaml again mine && same_hashes out program.out
}
check "the copy of the battle file runs again" again

# ---- wrong input ----
wrong() { # TEXT ARGUMENTS ..
    local text=$1
    shift
    exits 2 ./program "$@" && says "$text" err
}
check "a folder that is there" wrong "there is there already and is no empty directory" battle.yaml there mine
check "an agent that is not" wrong '"her" is none of them; allowed: mine, crowd-1, crowd-2, maker' battle.yaml - her
sed 's/cash: 1000000/cash: much/' battle.yaml >cash.yaml
check "a battle file that is wrong, with the line and the key" wrong 'cash.yaml:13:44: agents[0].cash: ' cash.yaml - mine
check "no battle file" wrong 'nothing.yaml: ' nothing.yaml - mine
for how in check run; do
    check "royale $how is no such program" exits 2 "$royale" $how battle.yaml
    check "and says so" says '"embedded" is the program that embeds the battle (royale/embedded.h)' err
done

uninstalls() {
    make -s -C "$tree" uninstall BUILD="$build" prefix="$work/usr" >make.out 2>&1 || { tail -n 20 make.out; return 1; }
    ! find "$work/usr" ! -type d | grep .
}
check "uninstall leaves nothing" uninstalls
done_testing
