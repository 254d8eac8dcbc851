# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the tests in a guest share, beyond what all end-to-end tests do. Sourced, in the guest. $start counts its starts from 1; numbers of
# tests go on over a start, and so does the folder $kept.

# shellcheck source=tests/e2e/support.bash
. tests/e2e/support.bash
host=/mnt/host
start=$(cat $host/start)
kept=/var/lib/royale-guest
changes=/var/lib/royale-tune/changes # the journal of royale tune
mkdir -p $kept
[ ! -e $kept/tests ] || read -r tests failures <$kept/tests

# reboot_with WORDS: the last thing that a start does. The kernel line of the next is the first's with these words.
reboot_with() {
    echo "$tests $failures" >$kept/tests
    echo "$1" >$host/line
    touch $host/again
    exit 0
}

# interface MAC-END: the name of the network card whose address ends so.
interface() {
    local card
    for card in /sys/class/net/*; do
        [[ $(cat "$card/address") != *":$1" ]] || basename "$card"
    done
}

# reads PATH TEXT: the file's first line is that.
reads() {
    [ "$(head -n 1 "$1")" = "$2" ] && return 0
    echo "$1 reads $(head -n 1 "$1"), not $2"
    return 1
}

# What could be set on this machine, a line a value: files of /proc and /sys that can be read and written, drivers of PCI devices,
# control groups, network cards, our files in /etc and mounts. Left out is what changes by itself; so does the clock, when an emulated
# CPU's counter falls behind others on a busy machine.
# tree FILE
tree() {
    {
        find /proc/sys /proc/irq /sys/devices/system /sys/devices/virtual /sys/module/*/parameters /sys/kernel/mm \
            /sys/class/net/e*/queues/* -type f -perm -600 2>/dev/null |
            grep -vE '/(random|binfmt_misc|pty|ipv[46]|fs|power)/|ns_last_pid|current_clocksource|/uevent$|/hugepages.*/(free|resv)' |
            sort | xargs grep -sHm 3 ''
        find /sys/fs/cgroup -maxdepth 1 \( -name 'royale*' -o -name 'cpuset*' \) -exec grep -sHr . {} +
        find /etc -type f \( -path '*royale*' -o -path '*.d/*' \) | sort | xargs sha256sum
        cut -d' ' -f1-3 /proc/mounts | sort
        for device in /sys/bus/pci/devices/*; do
            echo "$device $(readlink -f "$device/driver") $(cat "$device/driver_override" 2>/dev/null)"
        done
        for card in /sys/class/net/e*; do
            ethtool -g "${card##*/}"
            ethtool -c "${card##*/}"
        done
    } >"$1" 2>/dev/null
}

# same_tree FILE FILE
same_tree() {
    diff "$1" "$2" && [ "$(wc -l <"$1")" -gt 500 ]
}

# ---- over starts ----

# applied N [BATTLE]: apply sets more than N settings, and fails at none.
applied() {
    local more=$1
    shift
    "$royale" tune apply --json "$@" >out 2>err
    [ "$(jq .failed out)" = 0 ] && [ "$(jq .set out)" -gt "$more" ] && return 0
    jq -c '.stages[].settings[] | select(.deed != "none")' out
    cat err
    return 1
}
# suggested_line [BATTLE]: what tune check would have on the kernel line.
# shellcheck disable=SC2120 # the battle may be left out
suggested_line() {
    "$royale" tune check --json "$@" 2>/dev/null |
        jq -r '[.stages[] | select(.name == "kernel-line") | .settings[] | select(.state == "yours" and (.path | startswith("/proc/cmdline "))) | .want] | join(" ")'
}

# Values that the kernel line or a start alone makes otherwise are left out: they are not the journal's.
# settled FILE
settled() {
    grep -vE '^/proc/(irq|mounts)|^/sys/fs/cgroup/cpuset|hugetlbfs|^/sys/devices/system/cpu/(isolated|nohz)|numa_balancing_scan|/proc/sys/kernel/(threads-max|sched_|pid_max)|user/max_|_reserve_kbytes' "$1"
}

# as_at_first: as $kept/before, the tree of the first start, and no change is left.
as_at_first() {
    tree $kept/after && diff <(settled $kept/before) <(settled $kept/after) && [ ! -e $changes ]
}
