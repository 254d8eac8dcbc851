#!/bin/bash
# The machine as a library: what `make install-arena` installs is found by pkg-config, stands alone in C and C++ and by every
# compiler that is here, exports what its header declares and nothing else; the examples and the guide say what comes of them.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
build=$(dirname "$bin")
examples=$tree/docs/examples/arena
lib=$work/usr/lib
header=$work/usr/include/royale/arena.h
export PKG_CONFIG_PATH=$lib/pkgconfig

installs() {
    make -s -C "$tree" install-arena BUILD="$build" prefix="$work/usr" >make.out 2>&1 || { tail -n 20 make.out; return 1; }
}
check "it is installed" installs

# ---- the header ----
# Names of the preprocessor that it defines, less those of the headers of the system that it includes.
own_macros() {
    grep '^#include <' "$header" | gcc -dM -E -x c - | sort >system.macros
    gcc -dM -E -x c "$header" | sort | comm -23 - system.macros | awk '{ print $2 }'
}
named_ours() {
    ! own_macros | grep -vE '^RY_' && ! grep -E '^#include "' "$header" && ! nm -D --defined-only "$lib/libroyale-arena.so" | grep -vE ' ry_'
}
check "all that it names is ry_ or RY_" named_ours
twice() { # COMPILER LANGUAGE STANDARD
    printf '#include <royale/arena.h>\n#include <royale/arena.h>\nint main(void) { return 0; }\n' >"twice.$2"
    # shellcheck disable=SC2046 # a list of words
    "$1" -std="$3" -x "$2" -Wall -Wextra -pedantic -Wshadow -Wconversion -Werror "twice.$2" -o twice $(pkg-config --cflags royale-arena) && ./twice
}

# ---- the examples ----
# built COMPILER LANGUAGE STANDARD SOURCE WAY: by pkg-config; static or shared.
built() {
    local libs
    libs=$(pkg-config --libs royale-arena)
    [ "$5" = shared ] || libs="-L$lib -l:libroyale-arena.a"
    # shellcheck disable=SC2046,SC2086 # lists of words
    "$1" -std="$3" -x "$2" -Wall -Wextra -pedantic -Werror "$4" -x none $(pkg-config --cflags royale-arena) $libs -o example &&
        LD_LIBRARY_PATH=$lib exits 0 ./example
}
cat >exchange.wanted <<'TEXT'
alice: order 1 accepted: 300
alice: order 1 rests: 300 at 10010
bob: order 1 accepted: 100
bob: order 1 rests: 100 at 9990
bob: order 2 accepted: 200
alice: order 1 filled: 200 at 10010, 100 left
bob: order 2 filled: 200 at 10010, 0 left
bob: order 3 accepted: 50
bob: order 3 rests: 50 at 9980
bob: order 1 canceled: 100, requested
alice: order 2 rejected: the quantity is 0, or above quantity_max
best bid: 50 at 9980
best ask: 100 at 10010
alice: position -200, cash 1020020000000
bob: position 200, cash 979979399400
commands: 6, refused: 1
two runs have one hash
TEXT
exchange() { # COMPILER LANGUAGE STANDARD WAY
    built "$1" "$2" "$3" "$examples/exchange.c" "$4" && diff exchange.wanted out
}
# Every compiler's and both libraries' run must end with the same numbers and hash.
matching_loop() { # COMPILER LANGUAGE STANDARD WAY
    built "$1" "$2" "$3" "$examples/loop.cpp" "$4" && says '200000 commands' out && says ' 0 malformed' out && says 'the ledger conserves' out &&
        grep -qE '^[1-9][0-9]* fills of [1-9]' out && { [ -e loop.first ] || cp out loop.first; } && diff loop.first out
}
tried() { # COMPILER LANGUAGE STANDARD EXAMPLE
    local way
    has "$1" || { skip "$1: the header and the examples" "$1 is not installed"; return; }
    check "$1: the header stands alone, without a warning" twice "$1" "$2" "$3"
    for way in static shared; do
        check "$1: the example, $way" "$4" "$1" "$2" "$3" $way
    done
}
tried gcc c c11 exchange
tried clang c c11 exchange
tried g++ c++ c++17 matching_loop
tried clang++ c++ c++17 matching_loop
guide_has() {
    grep -vE '^```' "$tree/docs/ARENA.md" | grep -qxF -f exchange.wanted || return 1
    while read -r line; do grep -qxF -- "$line" "$tree/docs/ARENA.md" || { echo "docs/ARENA.md lacks: $line"; return 1; }; done <exchange.wanted
}
check "the guide has what the example prints" guide_has

# ---- the libraries ----
needs_libc() {
    readelf -d "$lib/libroyale-arena.so" >dynamic && [ "$(grep -c NEEDED dynamic)" = 1 ] && says '[libc.so.6]' dynamic &&
        says "[libroyale-arena.so.$(sed -n 's/^#define RY_ARENA_ABI \([0-9]*\)u$/\1/p' "$header")]" dynamic
}
check "it needs nothing but libc, and is called by its ABI" needs_libc
# Global names of a library, as nm says them.
exported() { nm "$@" --defined-only 2>/dev/null | awk 'NF == 3 && $2 ~ /^[A-Z]$/ { print $3 }' | sort; }
# What the compiler sees the header declare: an address of each is taken.
declared() {
    exported -D "$lib/libroyale-arena.so" >names && [ "$(wc -l <names)" -ge 30 ] && diff names <(exported -g "$lib/libroyale-arena.a") || return 1
    {
        echo '#include <royale/arena.h>'
        sed 's/.*/const void *at_&(void); const void *at_&(void) { return (const void *)\&&; }/' names
        echo 'int main(void) { return 0; }'
    } >every.c
    # shellcheck disable=SC2046 # a list of words
    gcc every.c $(pkg-config --cflags --libs royale-arena) -o every
}
check "both export the same names, each declared by the header" declared
# And the reverse: no function of the header is missing in the library.
offered() {
    sed -E 's@/\*.*\*/@@' "$header" | grep -vE '^(static|#| )' | grep -oE '\b(ry_[a-z0-9_]+)\(' | tr -d '(' | sort -u >functions
    [ "$(wc -l <functions)" -ge 30 ] && ! comm -23 functions names | grep .
}
declared >/dev/null 2>&1
check "and it has each function of the header" offered

uninstalls() {
    make -s -C "$tree" uninstall BUILD="$build" prefix="$work/usr" >make.out 2>&1 || { tail -n 20 make.out; return 1; }
    ! find "$work/usr" ! -type d | grep .
}
check "uninstall leaves nothing" uninstalls
done_testing
