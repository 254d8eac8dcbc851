#!/bin/bash
# One run of the benchmarks beside an earlier one: what is called better and worse, and what cannot be compared.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

compare=$tree/tests/bench/compare.py

# result MACHINE ROW ...: a file of a run; a row is "bench|row|unit|median|least|most|runs|state".
result() {
    local machine=$1 row
    shift
    printf '# royale bench 1\n# machine\t%s\n# kernel\t6.1\n# clock\ttsc\n# date\t2026-01-05T10:00Z\n' "$machine"
    for row; do
        printf '%s\n' "${row//|/$'\t'}"
    done
}

exchange='exchange|1 symbol|M/s'
loop='agent|loop, p50|ns'

apart() {
    result box "$exchange|4|3.9|4.1|5|quiet" "$loop|900|890|910|5|quiet" >old
    result box "$exchange|5|4.8|5.2|5|quiet" "$loop|800|790|810|5|quiet" >new
    exits 0 "$compare" old new && says '1.25  M/s            better' out && says '0.89  ns             better' out &&
        says 'nothing is worse' out && exits 1 "$compare" new old && says '2 worse' out
}
check "more of a rate and less of a latency are better, the other way round is worse" apart

touching() {
    result box "$exchange|4|3.9|4.8|5|quiet" >old
    result box "$exchange|5|4.8|5.2|5|quiet" >new
    exits 0 "$compare" old new && says 'within the spread' out && exits 0 "$compare" new old && says 'within the spread' out
}
check "what lies within the spread of either run is noise" touching

nothing_claimed() {
    result box "$exchange|4|3.9|4.1|5|quiet" >old
    result box "$exchange|1|0.9|1.1|5|busy" >new
    exits 0 "$compare" old new && grep -qE ' busy$' out
}
check "a busy machine claims nothing" nothing_claimed

no_spread() {
    result box "$exchange|4|3.9|4.1|5|quiet" "$loop|900|900|900|1|quiet" >old
    result box "$exchange|4|3.9|4.1|5|quiet" "$loop|800|800|800|1|quiet" >new
    exits 0 "$compare" old new && grep -qE 'agent: loop.* one run$' out
}
check "a single run has no spread, and claims nothing" no_spread

rows_apart() {
    result box "$exchange|4|3.9|4.1|5|quiet" >old
    result box "$loop|900|890|910|5|quiet" >new
    exits 0 "$compare" old new && says 'not in old: agent: loop, p50 (ns)' out && says 'not in new: exchange: 1 symbol (M/s)' out
}
check "rows that only one of both has are named" rows_apart

refused() {
    result box "$exchange|4|3.9|4.1|5|quiet" >old
    result 'another box' "$exchange|4|3.9|4.1|5|quiet" >new
    exits 2 "$compare" old new && says 'new: another machine than in old: machine "another box", then "box"' err || return 1
    echo 'bench 12' >new
    exits 2 "$compare" old new && says 'new:1: is no result of' err || return 1
    result box "$exchange|4|3.9" >new
    exits 2 "$compare" old new && says 'new:6: not 8 columns' err && exits 2 "$compare" old nowhere &&
        says 'nowhere: cannot be read' err && exits 2 "$compare" old && says 'usage:' err
}
check "another machine, another file, a line that is cut, no file" refused

done_testing
