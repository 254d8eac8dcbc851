#!/bin/bash
# The style check: this tree passes; a small clean tree passes, and turns red for each way to break a rule.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
export PYTHONDONTWRITEBYTECODE=1
style=$tree/tests/style/style.py

# style_of TREE [RULE ...]: as a person runs it, but only the lines that say something.
style_of() {
    python3 "$style" "$@" >style.out 2>&1
    local code=$?
    grep -v '^ok ' style.out
    return $code
}

# ---- a tree without a breach: two rooms, a ring between them ----
clean_tree() {
    mkdir -p clean/shm clean/core/arena clean/core/exec
    cp "$tree/.clang-format" clean
    cat >clean/shm/atomic.h <<'END'
#ifndef RY_SHM_ATOMIC_H
#define RY_SHM_ATOMIC_H

#include <stdatomic.h>

#endif
END
    cat >clean/core/arena/arena.h <<'END'
#ifndef RY_CORE_ARENA_ARENA_H
#define RY_CORE_ARENA_ARENA_H

#define RY_ARENA_ORDERS_MAX 8

enum ry_arena_side { RY_ARENA_NONE, RY_ARENA_BUY };

int ry_arena_apply(int input);

#endif
END
    cat >clean/core/arena/arena.c <<'END'
#include "core/arena/arena.h"

#include "shm/atomic.h"

int ry_arena_apply(int input)
{
    /* A1: pairs with R1 in core/exec/exec_main.c */
    return ry_load_acquire(&input) + RY_ARENA_BUY;
}
END
    cat >clean/core/exec/exec_main.c <<'END'
#include "core/arena/arena.h"

int main(void)
{
    int word = RY_ARENA_ORDERS_MAX;
    ry_store_release(&word, 1); /* R1: pairs with A1 in core/arena/arena.c */
    return ry_arena_apply(word);
}
END
}

# breach RULE WHAT-IT-SAYS COMMAND ...: the command, run in a copy of the clean tree, turns the rule red.
breach() {
    local rule=$1 said=$2
    shift 2
    rm -rf broken
    cp -r clean broken
    (cd broken && "$@") || { echo "the breach was not made"; return 1; }
    [ "$rule" = S1 ] || ! diff -rq clean broken >/dev/null || { echo "nothing changed"; return 1; }
    if style_of broken "$rule" >/dev/null; then
        echo "$rule did not notice"
        return 1
    fi
    says "$said" style.out && grep -qE "^[^ :]+:[0-9]+: $rule: .*; " style.out
}

# edit FILE SED-EXPRESSION
edit() {
    sed -i "$2" "$1"
}

# add FILE TEXT: at its end, escapes understood.
add() {
    mkdir -p "$(dirname "$1")"
    printf '%b\n' "${2-}" >>"$1"
}

many_lines() {
    local n
    for ((n = 0; n < $2; n++)); do echo "$3"; done >many
    sed -i "/$1/r many" "$4"
    rm many
}

git_tree() {
    git init -q . && printf 'secret\n' >.gitignore && touch secret && git add -f . && echo x >secret
}

check "this tree has no breach" style_of "$tree"
clean_tree
check "nor has the small one" style_of clean
check "and each of the ten rules was tried" says '1..10' style.out
check "a rule that does not exist is not passed" exits 1 python3 "$style" clean S99

arena_c=core/arena/arena.c arena_h=core/arena/arena.h main_c=core/exec/exec_main.c
if command -v clang-format >/dev/null; then
    check "S1: a brace in the wrong place" breach S1 'as .clang-format has it' \
        edit $main_c 's/^int main(void)$/int main(void) {/; /^{$/d'
    check "S1: where nobody looks" breach S1 'turns clang-format off' \
        edit $main_c '1i /* clang-format off */'
else
    tests=$((tests + 1))
    echo "ok $tests - S1: a brace in the wrong place # SKIP clang-format is not installed"
fi
check "S2: a function of 71 lines" breach S2 'main has 71 lines' many_lines '^{' 65 '    ;' $main_c
check "S2: whose brace has a comment" breach S2 'main has 71 lines' \
    eval "many_lines '^{' 65 '    ;' $main_c; edit $main_c 's|^{\$|{ /* here */|; s|^}\$|} /* there */|'"
check "S2: a file of 601 lines" breach S2 '600 are allowed' many_lines '^#include' 593 '' $main_c
check "S2: so a script" breach S2 'run.sh:601' eval 'yes : | head -n 601 >run.sh'
check "S3: a folder without a row" breach S3 'no row' add core/new/new.c 'int x;'
check "S3: not from the root" breach S3 'no file of the tree' edit $arena_c 's|"core/arena/arena.h"|"arena.h"|'
check "S3: upwards" breach S3 'core/arena may not include core/exec' \
    eval 'touch core/exec/exec.h; edit core/arena/arena.c "1i #include \"core/exec/exec.h\""'
check "S3: between angles" breach S3 'without quotes' edit $arena_c 's|"core/arena/arena.h"|<core/arena/arena.h>|'
check "S3: by a macro" breach S3 'without quotes' \
    edit $arena_c 's|^#include "core/arena/arena.h"|#define ARENA "core/arena/arena.h"\n#include ARENA|'
check "S3: a source" breach S3 'includes the source' edit $main_c '1i #include "core/arena/arena.c"'
check "S3: one test room another's" breach S3 'tests/unit/arena may not include tests/unit/exec' \
    eval 'add tests/unit/exec/rig.h; add tests/unit/arena/test.c "#include \"tests/unit/exec/rig.h\""'
cyclic() {
    cp -r "$tree/tests/style" cyclic
    sed -i 's|^    "shm": ("ry_", "")|    "shm": ("ry_", "core/exec")|' cyclic/house.py
    ! python3 cyclic/style.py clean S3 >style.out &&
        says 'a cycle of folders: shm -> core/exec -> shm;' style.out
}
check "S3: a table whose folders include one another" cyclic
check "S4: no label" breach S4 'ry_store_release without a label R' edit $main_c 's|/\*.*\*/||'
check "S4: a label on another statement" breach S4 'without a label R' \
    edit $main_c 's|^\( *ry_store_release(&word, 1);\).*|    word++; /* R1: pairs with A1 in core/arena/arena.c */\n\1|'
check "S4: another name for it" breach S4 'ry_store_release under another name' \
    edit $main_c 's|^int main|#define PUT ry_store_release\n&|; s|ry_store_release(&|PUT(\&|'
check "S4: a label without a call" breach S4 'R1 labels no call' edit $main_c 's/ry_store_release/ry_store_relaxed/'
check "S4: no partner" breach S4 'there is no A2 in core/arena/arena.c' \
    edit $main_c 's/R1: pairs with A1/R2: pairs with A2/'
check "S4: a partner in another file" breach S4 'there is no A1 in shm/atomic.h' \
    edit $main_c 's|core/arena/arena.c \*/|shm/atomic.h */|'
check "S4: two numbers for a pair" breach S4 'names A2 as its partner' edit $main_c 's/with A1/with A2/'
check "S4: two pairs of one number" breach S4 'two pairs of one number' \
    eval "cp $main_c core/exec/other.c; cp $arena_c core/arena/other.c;
        edit core/arena/other.c 's|exec_main|other|'; edit core/exec/other.c 's|arena/arena.c|arena/other.c|'"
for word in '__atomic_load_n(\\&word, 0)' '__sync_synchronize()' 'atomic_load(\\&word)'; do
    check "S5: ${word%%(*}" breach S5 "outside shm/atomic.h" edit $main_c "s|int word = |$word;\n    &|"
done
check "S5: asm" breach S5 '__asm__ outside' \
    edit $main_c 's|int word = .*|&\n    __asm__("lock; incl %0" : "+m"(word));|'
check "S5: volatile" breach S5 'volatile outside' edit $main_c 's/int word/volatile &/'
check "S5: stdatomic.h" breach S5 'stdatomic.h' edit $main_c '1i #include <stdatomic.h>'
check "S6: a function" breach S6 'nobody uses the function ry_arena_look' \
    edit $arena_h 's/^int ry_arena_apply/int ry_arena_look(void);\n&/'
check "S6: one that is made and only declared" breach S6 'nobody uses the function ry_arena_apply' \
    edit $main_c 's/ry_arena_apply(word)/word/'
check "S6: a macro" breach S6 'nobody uses the macro RY_ARENA_ORDERS_MAX' \
    edit $main_c 's/RY_ARENA_ORDERS_MAX/1/'
check "S6: an enumerator" breach S6 'nobody uses the enumerator RY_ARENA_BUY' \
    edit $arena_c 's/RY_ARENA_BUY/1/'
check "S6: a type" breach S6 'nobody uses the type ry_arena_book' \
    edit $arena_h 's/^int/struct ry_arena_book {\n    int orders;\n};\n\n&/'
check "S7: a function" breach S7 'ry_apply does not begin with ry_arena_' \
    edit $arena_c 's/ry_arena_apply/ry_apply/'
check "S7: a macro" breach S7 'RY_MAX does not begin with ry_arena_' \
    edit $arena_h 's/RY_ARENA_ORDERS_MAX/RY_MAX/'
check "S7: an enumerator" breach S7 'RY_BUY does not begin with' edit $arena_h 's/RY_ARENA_BUY/RY_BUY/'
check "S7: a type" breach S7 'the enum ry_side does not begin with' edit $arena_h 's/ry_arena_side/ry_side/'
check "S8: the guard of another header" breach S8 'it must be RY_CORE_ARENA_ARENA_H' \
    edit $arena_h 's/RY_CORE_ARENA_ARENA_H/RY_ARENA_H/'
check "S8: none" breach S8 'the guard is missing' edit $arena_h '/#ifndef/d; /#endif/d'
check "S9: 101 columns" breach S9 '101 columns' edit $main_c "s|^    int word.*|&$(printf '%*s' 66 '' | tr ' ' ';')|"
check "S9: a tab" breach S9 'a tab' edit $main_c 's/^    int/\tint/'
check "S9: a blank at the end" breach S9 'blanks at the end' edit $main_c 's/^{$/{ /'
check "S10: an object file" breach S10 'a program makes' eval 'echo >core/exec/exec.o'
check "S10: a binary" breach S10 'no text' eval 'printf "\\0" >logo'
check "S10: what says so" breach S10 'says that it is generated' edit $arena_h '1i /* Generated by keys.def */'
check "S10: what is ignored" breach S10 'tracked and ignored' git_tree

# ---- whoever builds sets CFLAGS and LDFLAGS; what the house needs is still there ----
commands_of() {
    make -C "$tree" --no-print-directory -n V=1 BUILD="$work/other" CFLAGS=-O2 LDFLAGS=-Wl,-O1 programs 2>&1
}
keeps() {
    commands_of >commands
    # Compilations and links that lack what each must have.
    grep -E ' -c [a-z]' commands >compiled && ! grep -vE -- '-I\. .*-O2( |$)' compiled &&
        ! grep -- ' -O3' compiled && grep -E ' -o .*/bin/royale' commands >linked &&
        ! grep -vE -- '-pthread.* -Wl,-O1( |$)' linked
}
check "CFLAGS and LDFLAGS are added to the house's" keeps
done_testing
