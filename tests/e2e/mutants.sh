#!/bin/bash
# Each deliberate defect of tests/mutants/list, built into the machine, must be caught by the comparison with the
# second implementation.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

cc=${CC:-gcc}
flags='-std=gnu11 -O1 -ffp-contract=off -D_GNU_SOURCE'
libs=$(pkg-config --libs check libxxhash)

# What stays the same is compiled once.
mkdir same
for source in "$tree"/tests/model/*.c "$tree"/tests/support/{test,rules,day*}.c \
    "$tree"/tests/unit/model/test_machines.c; do
    # shellcheck disable=SC2086 # a list of words
    $cc $flags -I"$tree" -c "$source" -o "same/$(basename "$source" .c).o" || exit 1
done

# run_machine DIR: the machine of that folder against the model. 2: it does not compile.
run_machine() {
    # shellcheck disable=SC2086 # lists of words
    $cc $flags -I"$1" -I"$tree" "$1"/core/arena/*.c same/*.o $libs -o "$1/test_machines" ||
        { echo "does not compile"; return 2; }
    (cd "$tree" && "$work/$1/test_machines") >"$1/output" 2>&1 || return 1
}

# copy_machine DIR: core/arena in a folder of its own.
copy_machine() {
    mkdir -p "$1/core/arena"
    cp "$tree"/core/arena/*.[ch] "$tree"/core/arena/*.def "$1/core/arena"
}

# The machine's own assertions and the comparison's: either way the test program must fail.
caught() { # NAME FILE EXPRESSION
    copy_machine "$1"
    sed -i "$3" "$1/core/arena/$2"
    cmp -s "$tree/core/arena/$2" "$1/core/arena/$2" && { echo "the expression changed nothing"; return 1; }
    run_machine "$1"
    case $? in
    0) echo "200,000 inputs did not notice"; return 1 ;;
    2) return 1 ;;
    esac
}

# Without a defect nothing must be caught: else every mutant is, whatever it does.
control() {
    copy_machine control
    run_machine control || { tail -n 20 control/output; return 1; }
}
check "the machine without a defect passes" control

while IFS='|' read -r name file expression; do
    check "mutant $name is caught" caught "$name" "$file" "$expression"
done < <(grep -v '^#' "$tree/tests/mutants/list")

done_testing
