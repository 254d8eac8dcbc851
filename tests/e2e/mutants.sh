#!/bin/bash
# Each deliberate defect of tests/mutants/list, built into the machine, must be caught by the comparison
# with the second implementation.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-gcc}
flags='-std=gnu11 -O1 -ffp-contract=off -D_GNU_SOURCE'
libs=$(pkg-config --libs check libxxhash)
number=0

# What stays the same is compiled once.
mkdir "$work/same"
for source in tests/model/*.c tests/support/{test,rules,day*}.c tests/unit/model/test_machines.c; do
    # shellcheck disable=SC2086 # a list of words
    $cc $flags -I. -c "$source" -o "$work/same/$(basename "$source" .c).o" || exit 1
done

# run_machine DIR: the machine of that folder against the model. 2: it does not compile.
run_machine() {
    local dir=$1
    # shellcheck disable=SC2086 # lists of words
    $cc $flags -I"$dir" -I. "$dir"/core/arena/*.c "$work"/same/*.o $libs -o "$dir/test_machines" 2>"$dir/errors" || { echo "# does not compile"; sed 's/^/# /' "$dir/errors"; return 2; }
    "$dir/test_machines" >"$dir/output" 2>&1 || return 1
}

copy_machine() {
    mkdir -p "$1/core/arena"
    cp core/arena/*.[ch] core/arena/*.def "$1/core/arena"
}

# The machine's own assertions and the comparison's: either way the test program must fail.
caught() {
    local name=$1 file=$2 expression=$3 dir=$work/$1
    copy_machine "$dir"
    sed -i "$expression" "$dir/core/arena/$file"
    cmp -s "core/arena/$file" "$dir/core/arena/$file" && { echo "# the expression changed nothing"; return 1; }
    run_machine "$dir"
    case $? in
    0) echo "# 200,000 inputs did not notice"; return 1 ;;
    2) return 1 ;;
    esac
}

# Without a defect nothing must be caught: else every mutant is, whatever it does.
control() {
    copy_machine "$work/control"
    run_machine "$work/control" || { tail -n 20 "$work/control/output" | sed 's/^/# /'; return 1; }
}

mapfile -t mutants < <(grep -v '^#' tests/mutants/list)
echo "1..$((${#mutants[@]} + 1))"
number=1
if reason=$(control); then
    echo "ok 1 - the machine without a defect passes"
else
    echo "not ok 1 - the machine without a defect passes"
    echo "$reason"
fi
for mutant in "${mutants[@]}"; do
    IFS='|' read -r name file expression <<<"$mutant"
    number=$((number + 1))
    if reason=$(caught "$name" "$file" "$expression"); then
        echo "ok $number - mutant $name is caught"
    else
        echo "not ok $number - mutant $name is caught"
        echo "$reason"
    fi
done
