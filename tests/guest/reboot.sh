#!/bin/bash
# royale tune over starts of the machine: what sysctl.d and tmpfiles.d keep, the kernel line that it suggests, put there by hand, a check
# that finds nothing more, a card at vfio-pci, a battle inside the partition with its counts, and a revert that knows what was found
# before all that.
# shellcheck source=tests/guest/guest.bash
. tests/guest/guest.bash

kept() {
    reads /proc/sys/vm/swappiness "$(sed -n 's/^vm.swappiness *= *//p' /etc/sysctl.d/90-royale-tune.conf)" && [ -e /etc/tmpfiles.d/royale-tune.conf ] &&
        reads /sys/devices/virtual/workqueue/cpumask 03
}
check_is_ok() {
    "$royale" tune check >out 2>err && return 0
    cat out
    return 1
}
line_is_obeyed() {
    reads /sys/devices/system/cpu/nohz_full 2-7 && reads /sys/devices/system/cpu/isolated 2-7
}
partition_stands() {
    reads /sys/fs/cgroup/royale/cpuset.cpus.partition isolated && reads /sys/fs/cgroup/royale/cpuset.cpus.effective 2-7
}
# A feed, exec and the journal, each on a core of its own within the partition.
battle_in_partition() {
    "$royale" generate --itch day.itch --messages 20000 --seed 9 >/dev/null || return 1
    battle 'path: day.itch' >battle.yaml
    exits 0 "$royale" run --quiet --dir result battle.yaml || return 1
    cp result/noise.json $host
    grep -E "core [0-9]+ \\(" result/result.txt >counts || { cat result/result.txt; return 1; }
    [ "$(jq '[.cores[] | select(.cpu < 2)] | length' result/noise.json)" = 0 ] &&
        [ "$(jq '[.cores[] | select(.interrupts != null) | .processes[] | select(.name == "exec")] | length' result/noise.json)" = 1 ]
}
# Nobody but the kernel's own worker of a core's memory (mm_percpu_wq), which may come once soon after a start, and again
# when large pages are looked for.
hardly_switched_exec() {
    [ "$(jq '[.cores[].processes[] | select(.name == "exec") | .forced] | add' result/noise.json)" -le 3 ] && return 0
    cat counts
    return 1
}

case $start in
1)
    tree $kept/before
    check "apply" applied 20
    # shellcheck disable=SC2119 # without a battle
    suggested_line >$kept/line
    check "a kernel line is suggested" grep -q 'nohz_full=2-7' $kept/line
    reboot_with "$(cat $kept/line)"
    ;;
2)
    check "the kernel does as the line says" line_is_obeyed
    check "sysctl.d and tmpfiles.d have kept theirs" kept
    check "what a start forgets is applied again" applied -1
    check "the partition stands" partition_stands
    check "check has nothing more to say" check_is_ok
    check "a battle runs inside the partition, and its counts are told" battle_in_partition
    [ ! -e counts ] || sed 's/^/# tuned guest: /' counts
    check "hardly anybody takes its core from exec" hardly_switched_exec
    reboot_with ""
    ;;
3)
    check "revert after a start" exits 0 "$royale" tune revert
    check "puts back what there was at first" as_at_first
    check "and no file is left in /etc" [ -z "$(find /etc -name '*royale-tune*')" ]
    ;;
esac
done_testing
