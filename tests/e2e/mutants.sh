#!/bin/bash
# Each deliberate defect of tests/mutants/list, built into the code, must be caught: one of the machine by the
# comparison with the second implementation, one of exec by the simulation of time.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

cc=${CC:-gcc}
flags='-std=gnu11 -O1 -ffp-contract=off -D_GNU_SOURCE'
libs=$(pkg-config --libs check libxxhash)

# others_of FOLDER: what the program that shows the defects of a folder consists of besides it.
others_of() {
    case $1 in
    core/arena) echo tests/model/*.c tests/support/{test,rules}.c tests/support/day*.c tests/unit/model/test_machines.c ;;
    core/exec) echo core/arena/*.c shm/*.c shm/records/*.c agents/{host,counters}.c tests/time/*.c \
        tests/support/{test,exec_rig,agent_rig}.c tests/unit/time/test_time_sim.c ;;
    esac
}

# sources_of FOLDER: what its archive is made of.
sources_of() {
    (cd "$tree" && find "$1" -name '*.c' ! -name '*_main.c')
}

# compile ROOT TO SOURCE ...: sources of the tree, headers of ROOT before its own, into objects in TO.
compile() {
    local root=$1 to=$2 source
    shift 2
    mkdir -p "$to"
    for source; do
        # shellcheck disable=SC2086 # a list of words
        $cc $flags -I"$root" -I"$tree" -c "$root/$source" -o "$to/${source//\//-}.o" || return 1
    done
}

# run_program DIR: links the objects in DIR and runs them. The simulation plays its first battles only.
run_program() {
    # shellcheck disable=SC2086 # a list of words
    $cc -pthread "$1"/*.o $libs -lm -o "$1/program" || { echo "does not link"; return 2; }
    (cd "$tree" && env ${case_of:+CK_RUN_CASE=$case_of} timeout 300 "$work/$1/program") >"$1/output" 2>&1
    case $? in
    0) return 0 ;;
    124) echo "not over in 300 seconds"; return 2 ;; # which says nothing
    *) return 1 ;;
    esac
}

# try NAME FILE EXPRESSION: nothing, or why the defect was not caught. The code's own assertions and the comparison's:
# either way the program must fail.
try() {
    local name=$1 file=$2 expression=$3 folder=${2%/*} changed
    local case_of=
    [ "$folder" = core/exec ] && case_of=few
    mkdir -p "$name/$folder"
    cp "$tree/$folder"/*.[ch] "$tree/$folder"/*.def "$name/$folder"
    cp "$folder"/*.o "$name"
    sed -i "$expression" "$name/$file"
    cmp -s "$tree/$file" "$name/$file" && { echo "the expression changed nothing"; return; }
    changed=$file
    [ "${file##*.}" = h ] && changed=$(sources_of "$folder")
    # shellcheck disable=SC2086 # a list of words
    compile "$name" "$name" $changed || { echo "does not compile"; return; }
    run_program "$name" && echo "nothing noticed"
    return 0
}

# Without a defect nothing must be caught: else every mutant is, whatever it does.
control() {
    local case_of=
    [ "$1" = core/exec ] && case_of=few
    run_program "$1" || { tail -n 20 "$1/output"; return 1; }
}

# What stays the same is compiled once.
build() {
    local sources
    sources="$(cd "$tree" && others_of "$1") $(sources_of "$1")"
    # shellcheck disable=SC2086 # a list of words
    compile "$tree" "$1" $sources
}
build core/arena & build core/exec & wait

caught() { # NAME
    [ -e "$1/verdict" ] && [ ! -s "$1/verdict" ] && return 0
    cat "$1/verdict"
    return 1
}

for folder in core/arena core/exec; do
    check "$folder without a defect passes" control "$folder"
done
mapfile -t mutants < <(grep -v '^#' "$tree/tests/mutants/list")
for mutant in "${mutants[@]}"; do
    IFS='|' read -r name file expression <<<"$mutant"
    mkdir -p "$name"
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    try "$name" "$file" "$expression" >"$name/verdict" 2>&1 &
done
wait
for mutant in "${mutants[@]}"; do
    check "mutant ${mutant%%|*} is caught" caught "${mutant%%|*}"
done

done_testing
