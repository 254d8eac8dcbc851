# shellcheck shell=bash
# What the runners of tests, fuzz targets and benchmarks share. Sourced.

# wanted NAME WORD ...: there are no words, or the name contains one of them.
wanted() {
    local name=$1 word
    shift
    [ $# = 0 ] && return 0
    for word; do
        [[ $name == *"$word"* ]] && return 0
    done
    return 1
}
