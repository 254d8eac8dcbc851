#!/bin/bash
# The proof page where a kernel lets all be set, in the steps of docs/TUNING.md: a report of before, apply, the kernel line and a start,
# a report that lies over the first, with a battle in the partition, what stages are worth by themselves; after which all stands, and
# revert puts back what there was.
# shellcheck source=tests/guest/guest.bash
. tests/guest/guest.bash
tried="partition statistics swap" # the stages that are switched off alone, sorted: with all of them it takes minutes

# report NAME OPTIONS ...: of the battle. Its files are kept where the host finds them.
report() {
    local name=$1
    shift
    exits 0 "$royale" tune report --out "$name.html" "$@" battle.yaml || return 1
    cp "$name.html" "$name.json" $host && cp out "$host/$name.out"
}
# is FILE EXPRESSION: jq finds it true.
is() {
    jq -e "$2" "$1" >/dev/null && return 0
    echo "not so in $1: $2"
    jq -c '{applied, not_measured, meaning, ablation}' "$1"
    return 1
}
# Whatever was to be measured is there.
is_whole() {
    is "$1" '(.gaps.cores | length) > 0 and all(.gaps.cores[]; .ran_ns != "0")' &&
        is "$1" '([.calls[].name] | unique) == ["futex", "ipi", "syscall"]' &&
        is "$1" '(.memory | length) > 0 and .pingpong != null and (.stages | length) > 20'
}
# Each field of the JSON is in the table of them; what plan and noise.json describe may have more.
is_described() {
    # shellcheck disable=SC2016 # backquotes are part of the table
    "$royale" tune report --fields | sed -n 's/^| `\([^`]*\)`.*/\1/p' | sed 's/\[\]$//' | sort -u >fields
    jq -r 'paths | map(if type == "number" then "[]" else "." + . end) | join("") | ltrimstr(".") | gsub("(\\[\\])+$"; "")' "$1" |
        grep -vE '^(machine|plan|counts\[\]\.cores\[\])' | sort -u | comm -23 - fields >unknown
    [ -s fields ] && [ ! -s unknown ] && return 0
    cat unknown
    return 1
}
names_the_machine() {
    is "$1" 'any(.meaning[]; .sentence | contains("virtual machine"))' && is "$1" ".kernel.line == \"$(cat /proc/cmdline)\"" &&
        is "$1" ".kernel.release == \"$(uname -r)\" and any(.versions[]; .name == \"royale\") and (.versions | length) > 2" &&
        says 'virtual machine' "${1%.json}.html" && says "$(uname -r)" "${1%.json}.html" && says 'root=/dev/vda' "${1%.json}.html"
}
# exec_row FILE: what the battle's exec had on its core.
exec_row() {
    jq -c '.counts[] | select(.during == "battle") | .cores[] | select(any(.processes[]; .name == "exec"))' "$1"
}
# A line for a person: interrupts of exec's core in the battle, its switches, how long it took.
say_exec() {
    jq -r --arg when "$1" '.counts[] | select(.during == "battle") | .lasted_ns as $ns | .cores[] | . as $core | .processes[] |
        select(.name == "exec") | "# \($when): \($ns | .[:-6]) ms, exec on CPU \($core.cpu): \($core.interrupts) interrupts \($core.interrupts_by | map("\(.name) \(.count)") | join(", ")); \(.switches) switches, \(.forced) forced; \($core.arrivals) tasks came"' "$1.json"
}
battle_is_counted() {
    [ "$(exec_row "$1.json" | jq '.interrupts != null and (.processes[] | select(.name == "exec") | .switches != null)')" = true ] &&
        says 'During the battle: ' "$1.html" && return 0
    jq -c '.counts, .not_measured' "$1.json"
    return 1
}
lies_under_it() {
    says 'class="before"' after.html && says '<td>before</td>' after.html && says 'before: ' after.html && says '(before: ' $host/after.out
}
# Nobody outside may run on these CPUs: what was measured there was so from inside.
measured_inside() {
    reads /sys/fs/cgroup/royale/cpuset.cpus.partition isolated && ! taskset -c 2 true 2>/dev/null &&
        is after.json '[.gaps.cores[].cpu] | contains([2, 4, 6])' && is after.json '[.gaps.cores[].cpu] | contains([0])' &&
        is after.json 'any(.not_measured[]; .what == "pingpong" and (.why | contains("isolated partition")))' &&
        is after.json 'any(.machine.cpus[]; .cpu == 2 and .isolated) and any(.machine.cpus[]; .cpu == 0 and (.isolated | not))'
}
exec_in_partition() {
    [ "$(exec_row after.json | jq '.cpu >= 2')" = true ]
}
# applied_now: the stages that are; what is kept over a boot is none.
applied_now() {
    "$royale" tune verify --json battle.yaml 2>err | tee out | jq -r '.changes[].name | select(. != "kept")' | sort
}
only_tried_stay() {
    local stage
    for stage in $(applied_now); do
        [[ " $tried " == *" $stage "* ]] || exits 0 "$royale" tune revert --stage "$stage" || return 1
    done
}
stages_have_a_worth() {
    is worth.json "([.ablation[] | select(.why == null and (.figures | length) > 3) | .stage] | sort) == (\"$tried\" / \" \" | sort)" &&
        is worth.json 'all(.ablation[].figures[]; has("with") and has("without") and has("again"))' &&
        says 'What each stage is worth by itself' worth.html
}
all_stands() {
    [ -n "$(applied_now)" ] && [ "$(jq '[.changes[].settings[] | select(.state != "ok")] | length' out)" = 0 ] && return 0
    jq -c '.changes[] | {name, settings: [.settings[] | select(.state != "ok")]}' out
    return 1
}
tried_stand() {
    [ "$(applied_now | xargs)" = "$tried" ] && all_stands
}

cd $kept || exit 1
case $start in
1)
    tree before
    "$royale" generate --itch day.itch --messages 40000 --seed 9 >/dev/null
    battle "path: $kept/day.itch" | sed 's/trade_to: .*/trade_to: 10:30/' >battle.yaml
    check "a report of before" report first --seconds 20
    check "has measured all" is_whole first.json
    check "is kept" says 'kept in /var/lib/royale-tune/before.json' $host/first.out
    check "counts what came to exec's core in the battle" battle_is_counted first
    check "names machine, kernel line and versions" names_the_machine first.json
    say_exec first
    check "apply" applied 20 battle.yaml
    suggested_line battle.yaml >line
    check "a kernel line is suggested" grep -q nohz_full= line
    reboot_with "$(cat line)"
    ;;
2)
    check "what a start forgets is applied again" applied -1 battle.yaml
    check "all stands" all_stands
    check "a report of after" report after --seconds 20
    check "has measured all" is_whole after.json
    check "counts what came to exec's core in the battle" battle_is_counted after
    check "names machine, kernel line and versions" names_the_machine after.json
    say_exec after
    check "the first lies under it" lies_under_it
    check "cores of the partition were measured from inside" measured_inside
    check "the battle was inside too" exec_in_partition
    check "all stages but some are set back" only_tried_stay
    check "those are tried alone" report worth --seconds 5 --ablate
    check "and have a worth each" stages_have_a_worth
    check "each field is in its table" is_described worth.json
    check "after it they stand" tried_stand
    reboot_with ""
    ;;
3)
    check "revert" exits 0 "$royale" tune revert
    check "puts back what there was" as_at_first
    check "and no file is left in /etc" [ -z "$(find /etc -name '*royale-tune*')" ]
    ;;
esac
done_testing
