#!/bin/bash
# royale tune where each setting is a kernel's own: check without privilege, plan, diff, apply, verify, revert, all stages and
# each for itself; killed in the middle of apply and of revert.
# shellcheck source=tests/guest/guest.bash
. tests/guest/guest.bash

# What there is before anything is done; the modules that apply loads are there.
modprobe -a vfio-pci cpuid msr 2>/dev/null
tree before

as_before() {
    tree after && same_tree before after && [ ! -e $changes ]
}
nobody_checks() {
    exits 3 as_other_user "$royale" tune check
    grep -E '^missing +(swap|partition)' out || { cat out; return 1; }
}
# applied: 0, or 3 with what it cannot set here, by name: never a setting that was said to be missing.
applied() {
    "$royale" tune apply "$@" >out 2>err
    case $? in
    0 | 3) grep -q '^set ' out && ! grep -q '^cannot' <(grep -v '^cannot.*: ' out) ;;
    *) false ;;
    esac || { cat out err; return 1; }
}
nothing_is_missing() {
    "$royale" tune check --json >out 2>err
    [ "$(jq .missing out)" = 0 ] && return 0
    jq -c '.stages[].settings[] | select(.state == "missing")' out
    return 1
}
all_stands() {
    "$royale" tune verify --json >out 2>err
    [ "$(jq '[.changes[].settings[] | select(.state != "ok")] | length' out)" = 0 ] &&
        [ "$(jq '[.changes[].settings[]] | length' out)" -gt 20 ] && return 0
    jq -c '.changes[].settings[] | select(.state != "ok")' out
    return 1
}
partition_stands() {
    reads /sys/fs/cgroup/royale/cpuset.cpus.partition isolated && reads /sys/fs/cgroup/royale/cpuset.cpus.effective 2-7 &&
        reads /sys/fs/cgroup/cpuset.cpus.effective 0-1
}
applied_twice_is_once() {
    tree once && cp $changes changes && "$royale" tune apply >out 2>err
    says '0 set' out && tree twice && same_tree once twice && cmp changes $changes
}
interrupts_stay_away() {
    local irq
    for irq in /proc/irq/[0-9]*; do
        [ -z "$(ls -d "$irq"/*e1000* "$irq"/ens* "$irq"/enp* 2>/dev/null)" ] && continue
        [ "$(cat "$irq/effective_affinity_list")" -le 1 ] || { grep . "$irq"/*list; return 1; }
    done
}

# stages: the names of all.
stages() {
    "$royale" tune check --json 2>/dev/null | jq -r '.stages[].name'
}
# one_stage NAME: apply, verify, revert it alone.
one_stage() {
    "$royale" tune apply --stage "$1" --json >out 2>err
    [ "$(jq .failed out)" = 0 ] || { jq -c '.stages[].settings[] | select(.deed == "failed")' out; return 1; }
    if [ "$(jq .set out)" -gt 0 ]; then
        "$royale" tune verify --stage "$1" --json >out 2>err
        [ "$(jq '[.changes[].settings[] | select(.state != "ok")] | length' out)" = 0 ] || { jq -c .changes out; return 1; }
        "$royale" tune revert --stage "$1" >out 2>err || { cat out err; return 1; }
    fi
    as_before
}

saved() {
    wc -l 2>/dev/null <$changes || echo 0
}
# killed COMMAND N: kill -9 when the journal has N lines more; then revert. A run that is over before it could be killed shows
# nothing, and another is made.
killed() {
    local again
    for again in 1 2 3 4 5 6; do
        kill_at "$@" && break
        echo "run $again was over before it could be killed"
        cat out err
        "$royale" tune revert >out 2>err
        [ "$again" -lt 6 ] || return 1
    done
    "$royale" tune revert >out 2>err || { cat out err; return 1; }
    as_before
}
kill_at() {
    local process until
    [ "$1" = apply ] || "$royale" tune apply >/dev/null 2>&1
    until=$(($(saved) + $2))
    "$royale" tune "$1" >out 2>err &
    process=$!
    while [ "$(saved)" -lt "$until" ]; do
        [ -e "/proc/$process" ] || return 1
    done
    kill -9 "$process"
    wait "$process" 2>/dev/null
    [ $? = 137 ]
}

card=$(basename "$(readlink -f "/sys/class/net/$(interface 02)/device")") # that of node 1
driver_is() {
    [ "$(basename "$(readlink "/sys/bus/pci/devices/$card/driver")")" = "$1" ]
}

for_others
check "who is not root is told what is missing" nobody_checks
check "plan" exits 0 "$royale" tune plan
check "diff" exits 0 "$royale" tune diff
check "have changed nothing" as_before
check "apply sets all that is missing" applied
check "after it nothing is missing" nothing_is_missing
check "and all stands" all_stands
check "the partition is isolated" partition_stands
check "cards interrupt the cores that keep house" interrupts_stay_away
check "applied twice is once" applied_twice_is_once
check "revert" exits 0 "$royale" tune revert
check "puts back what there was, byte for byte" as_before
for stage in $(stages); do
    check "stage $stage: apply, verify, revert" one_stage "$stage"
done
battle "port: dpdk, device: \"$card\"" >card.yaml
check "apply for a battle with a card of its own" applied card.yaml
check "binds the card to vfio-pci" driver_is vfio-pci
check "and so it can be opened" [ -e "/dev/vfio/$(basename "$(readlink "/sys/bus/pci/devices/$card/iommu_group")")" ]
check "revert" exits 0 "$royale" tune revert
check "gives the kernel its card back" driver_is e1000e
check "and all else" as_before
whole=$(wc -l <changes) # of an apply
for number in 1 $((whole / 5)) $((whole / 2)) $((whole * 3 / 4)); do
    check "apply killed at change $number, and revert" killed apply "$number"
done
check "revert killed, and revert" killed revert 10
done_testing
