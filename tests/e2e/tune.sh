#!/bin/bash
# royale tune: the real program on a machine of plain files (--root), as an operator would go: check, plan, diff, apply,
# verify, revert, in text and JSON; killed at random in the middle, again and again; what it says when it cannot.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

box=$work/box
kills=${ROYALE_KILLS:-40}

# put PATH TEXT: a file of the machine.
put() {
    mkdir -p "$box$(dirname "$1")"
    printf '%s\n' "$2" >"$box$1"
}

# A machine of 4 cores with 2 threads each, 0-3 and 4-7 beside them, and settings as a distribution leaves them. Where
# there is no kernel behind the files, none of them is one that writes otherwise than it reads.
make_box() {
    local cpu core topology
    rm -rf "$box"
    put /sys/devices/system/cpu/possible 0-7
    put /sys/devices/system/cpu/present 0-7
    put /sys/devices/system/cpu/online 0-7
    for cpu in 0 1 2 3 4 5 6 7; do
        core=$((cpu % 4))
        topology=/sys/devices/system/cpu/cpu$cpu/topology
        put $topology/physical_package_id 0
        put $topology/core_id $core
        put $topology/core_cpus "$(printf %x $((0x11 << core)))"
        put $topology/thread_siblings "$(printf %x $((0x11 << core)))"
        put $topology/package_cpus ff
        put $topology/core_siblings ff
        put /sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_governor powersave
    done
    put /proc/cpuinfo $'processor\t: 0\nvendor_id\t: GenuineIntel'
    put /proc/sys/kernel/random/boot_id 11111111-2222-3333-4444-555555555555
    put /proc/self/mounts 'hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0'
    put /proc/cmdline quiet
    for irq in 24 25 26 27 28; do
        put /proc/irq/$irq/smp_affinity_list 0-7
        mkdir -p "$box/proc/irq/$irq/disk-queue-$irq"
    done
    put /proc/irq/default_smp_affinity ff
    put /proc/sys/vm/swappiness 60
    put /proc/sys/vm/stat_interval 1
    put /proc/sys/kernel/timer_migration 1
    put /proc/sys/kernel/numa_balancing 1
    put /proc/sys/kernel/watchdog_cpumask 0-7
    put /sys/devices/virtual/workqueue/cpumask ff
    put /sys/kernel/mm/transparent_hugepage/enabled 'always [madvise] never'
    put /sys/kernel/mm/transparent_hugepage/defrag 'always defer defer+madvise [madvise] never'
    put /sys/kernel/mm/transparent_hugepage/khugepaged/defrag 1
    mkdir -p "$box/etc/sysctl.d" "$box/etc/tmpfiles.d" "$box/var/lib/royale-tune"
}

# The whole machine: paths, kinds, modes, contents; but for the journal of changes.
whole() {
    (cd "$box" && find . -path ./var -prune -o -printf '%p %y %m %l\n' -o -type f | sort &&
        find . -path ./var -prune -o -type f -print0 | sort -z | xargs -0 sha256sum) >"$1"
}

is_as_before() {
    whole after
    diff before after && [ ! -e "$box/var/lib/royale-tune/changes" ]
}

tune() {
    local command=$1
    shift
    "$royale" tune "$command" --root "$box" "$@"
}

# ---- the operator's way ----
make_box
whole before
check "check says that something is missing" exits 3 tune check
check "what" grep -q '^missing   irqs  *.* and [0-9]* more' out
check "a line a stage" [ "$(grep -c '^[a-z]* *irqs ' out)" = 1 ]
check "and what to do" says 'royale tune apply' out
check "plan says step by step what apply would do" exits 0 tune plan
check "writes among them" says 'write 0,4 into /proc/irq/24/smp_affinity_list (now 0-7)' out
check "of many alike the first" says 'like it (--all shows them)' out
check "all of them if they are wanted" exits 0 tune plan --all
check "are all there" says 'write 0,4 into /proc/irq/28/smp_affinity_list (now 0-7)' out
check "diff says what is" exits 0 tune diff
check "as minus" says '- /proc/sys/vm/swappiness 60' out
check "and what should be" grep -qx '+ /proc/sys/vm/swappiness 0' out
check "none of them changes a thing" is_as_before

check "another stage has nothing to put back" exits 0 tune revert --stage thp
check "and it speaks of that one alone" says 'Of these stages nothing was applied' out
check "one stage alone" exits 0 tune apply --stage swap
check "is set" [ "$(cat "$box/proc/sys/vm/swappiness")" = 0 ]
check "and no other" [ "$(cat "$box/proc/irq/24/smp_affinity_list")" = 0-7 ]
check "and is put back" exits 0 tune revert
check "whole" is_as_before

tune apply >out 2>err
check "apply says what it set" grep -q '^set       swap  */proc/sys/vm/swappiness: from 60 to 0' out
check "and where the way back is" says 'royale tune revert' out
check "interrupts have moved" [ "$(cat "$box/proc/irq/27/smp_affinity_list")" = 0,4 ]
check "a boot sets it again" says 'vm.swappiness = 0' "$box/etc/sysctl.d/90-royale-tune.conf"
whole applied
cp "$box/var/lib/royale-tune/changes" changes
tune apply >out 2>err
check "applied again nothing is set" says '0 set' out
whole again
check "nor changed" cmp applied again
check "nor saved" cmp changes "$box/var/lib/royale-tune/changes"
tune verify >out 2>err
check "verify finds all that was set" grep -qE '^([0-9]+) of the \1 settings that apply made still stand' out
put /proc/sys/vm/swappiness 10
check "and what is no more" exits 3 tune verify
check "by name" grep -q '^changed   swap  */proc/sys/vm/swappiness is 10, should be 0' out
check "revert" exits 0 tune revert
check "puts all back" is_as_before
check "reverted again there is nothing" exits 0 tune revert
check "and it says so" says 'nothing to put back' out

# What happened between apply and revert is said.
rm -rf "$box/var/lib/royale-tune"
check "revert of nothing" exits 0 tune revert
check "leaves no folder" [ ! -e "$box/var/lib/royale-tune" ]
tune apply --stage swap >out 2>err
check "one setting is one" exits 0 tune verify --stage swap
check "and stands" says 'The one setting that apply made still stands.' out
put /proc/sys/vm/swappiness 60
check "what apply did not get to" exits 3 tune verify
check "is not called changed since" says '/proc/sys/vm/swappiness is 60, should be 0: it is as apply found it' out
put /proc/sys/vm/swappiness 33
rm "$box/etc/sysctl.d/90-royale-tune.conf"
check "a file that is gone" exits 3 tune verify
check "is named" grep -qE '^changed +kept +/etc/sysctl.d/90-royale-tune.conf: ' out
check "what somebody has set since" exits 0 tune revert
check "is said when it goes" says 'swappiness: from 33, which somebody set after apply, to 60' out

# A battle that runs is named before anything changes under it.
mkdir -p "$box/proc/4711" "$box/proc/99"
printf '/usr/bin/royale\0top\0run\0' >"$box/proc/99/cmdline"
check "no battle runs" exits 0 tune apply --stage swap
none_named() {
    ! grep -F "battle that runs" err
}
check "nor is one named" none_named
printf '/usr/bin/royale\0run\0de\nmo.yaml\0' >"$box/proc/4711/cmdline"
check "beside a battle" exits 0 tune revert
check "it is named, in a line" says 'a battle that runs: royale run de?mo.yaml (process 4711)' err
check "and all goes back" says 'All is as it was found.' out
rm -r "$box/proc/4711" "$box/proc/99"

check "named cores" exits 3 tune check --cores 1,5
check "leave the others to the house" exits 0 tune diff --cores 1,5
check "as their settings say" says '+ /proc/irq/24/smp_affinity_list 0,2-4,6-7' out

# ---- JSON ----
check "check as JSON" exits 3 tune check --json
json_is_right() {
    python3 - <<'EOF'
import json
document = json.load(open("out"))
assert document["command"] == "check" and document["battle"] is None and document["hot"] == "1-3,5-7", document
assert document["machine"]["cores"] == 4
settings = {s["path"]: s for stage in document["stages"] for s in stage["settings"]}
irq = settings["/proc/irq/24/smp_affinity_list"]
assert (irq["kind"], irq["state"], irq["now"], irq["want"]) == ("file", "missing", "0-7", "0,4"), irq
assert document["missing"] == sum(s["state"] == "missing" for s in settings.values())
assert document["cannot"] == sum(s["state"] == "cannot" for s in settings.values())
EOF
}
check "says the same" json_is_right
tune apply --json >out 2>err
applied_json() {
    python3 - <<'EOF'
import json
document = json.load(open("out"))
settings = {s["path"]: s for stage in document["stages"] for s in stage["settings"]}
assert settings["/proc/sys/vm/swappiness"]["deed"] == "set" and settings["/proc/sys/vm/swappiness"]["was"] == "60"
assert document["set"] == sum(s["deed"] == "set" for s in settings.values()) > 5
EOF
}
check "apply as JSON" applied_json
check "revert as JSON" exits 0 tune revert --json
check "has each" python3 -c '
import json
settings = [s for stage in json.load(open("out"))["changes"] for s in stage["settings"]]
assert len(settings) > 5 and all(s["deed"] in ("restored", "forgotten") for s in settings)'
check "and all is back" is_as_before

# ---- killed ----
# A blow at a random moment of an apply, or of the revert after it; then a revert that is let be.
blows() {
    local i pid landed=0
    RANDOM=${ROYALE_SEED:-13}
    for ((i = 1; i <= kills; i++)); do
        "$royale" tune apply --root "$box" >out 2>err &
        pid=$!
        sleep "0.0$((RANDOM % 60 + 10))"
        kill -9 $pid 2>/dev/null && landed=$((landed + 1))
        wait $pid 2>/dev/null
        if ((i % 2 == 0)); then
            "$royale" tune revert --root "$box" >out 2>err &
            pid=$!
            sleep "0.0$((RANDOM % 40 + 10))"
            kill -9 $pid 2>/dev/null
            wait $pid 2>/dev/null
        fi
        tune revert >out 2>err || {
            echo "blow $i: revert failed"
            cat out err
            return 1
        }
        is_as_before || {
            echo "blow $i: the machine is not what it was"
            return 1
        }
    done
    echo "$landed of $kills blows landed" >landed
    [ "$landed" -gt 0 ]
}
check "killed $kills times, put back each time" blows
[ ! -e landed ] || echo "# $(cat landed)"

# ---- what cannot be ----
check "help" exits 0 "$royale" tune --help
check "names the commands" says 'revert  puts back' out
check "of a command" exits 0 "$royale" tune apply --help
check "no command" exits 2 "$royale" tune
check "a command that there is not" exits 2 "$royale" tune aply
check "a stage that there is not" exits 2 tune check --stage nonesuch
check "the stages are listed" says 'there is no stage nonesuch; there are: huge-pages' err
check "two files" exits 2 tune check a b
check "a file for revert" exits 2 tune revert a
check "cores that there are not" exits 2 tune check --cores 1,99
check "no list" exits 2 tune check --cores one
check "a battle file that there is not" exits 2 tune check nonesuch.yaml
check "a root that there is not" exits 2 "$royale" tune check --root /nonesuch
check "and why" says '/nonesuch: No such file or directory' err
mkdir -p "$work/none"
check "a root without a machine" exits 2 "$royale" tune check --root "$work/none"
exec 9<"$box/var/lib/royale-tune"
flock 9
check "two at once" exits 1 tune apply
check "the second says so" says 'another royale tune is at work' err
exec 9<&-
check "nothing was changed" is_as_before
if [ "$(id -u)" = 0 ] && has setpriv; then
    chmod -R go+rX "$work"
    nobody() {
        setpriv --reuid 65534 --regid 65534 --clear-groups "$royale" tune "$@" --root "$box"
    }
    whole before
    check "check needs no privilege" exits 3 nobody check
    check "apply does" exits 1 nobody apply
    check "and says how" says 'sudo royale tune apply' err
    check "and has changed nothing" is_as_before
else
    skip "check needs no privilege, apply does" "not root, or no setpriv"
fi
tune apply >out 2>err
printf 'x' | dd of="$box/var/lib/royale-tune/changes" bs=1 seek=40 conv=notrunc 2>/dev/null
check "a damaged journal" exits 1 tune apply
check "is named" says 'line 1 of /var/lib/royale-tune/changes is damaged' err
check "revert puts back the rest" exits 1 tune revert
check "and does not say that it is all" bash -c '! grep -q "All is as it was found" out'
check "that is most of it" [ "$(cat "$box/proc/sys/vm/swappiness")" = 60 ]

done_testing
