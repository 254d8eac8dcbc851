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
for source in tests/model/*.c tests/support/{test,day*}.c tests/unit/test_machines.c; do
    # shellcheck disable=SC2086 # a list of words
    $cc $flags -I. -c "$source" -o "$work/same/$(basename "$source" .c).o" || exit 1
done

# The machine's own assertions and the comparison's: either way the test program must fail.
caught() {
    local name=$1 file=$2 expression=$3 dir=$work/$1
    mkdir -p "$dir/core/arena"
    cp core/arena/*.[ch] core/arena/*.def "$dir/core/arena"
    sed -i "$expression" "$dir/core/arena/$file"
    cmp -s "core/arena/$file" "$dir/core/arena/$file" && { echo "# the expression changed nothing"; return 1; }
    # shellcheck disable=SC2086 # lists of words
    $cc $flags -I"$dir" -I. "$dir"/core/arena/*.c "$work"/same/*.o $libs -o "$dir/test_machines" 2>"$dir/errors" || { echo "# does not compile"; sed 's/^/# /' "$dir/errors"; return 1; }
    if "$dir/test_machines" >"$dir/output" 2>&1; then
        echo "# 200,000 inputs did not notice"
        return 1
    fi
}

mapfile -t mutants < <(grep -v '^#' tests/mutants/list)
echo "1..${#mutants[@]}"
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
