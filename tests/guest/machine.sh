#!/bin/bash
# That the guest is the machine that the other tests take it for, and that its kernel lets what they want be set.
# shellcheck source=tests/guest/guest.bash
. tests/guest/guest.bash

siblings_are_told() {
    reads /sys/devices/system/cpu/cpu5/topology/thread_siblings_list 4-5 &&
        reads /sys/devices/system/cpu/cpu5/cache/index3/shared_cpu_list 4-7 && reads /sys/devices/system/node/node1/cpulist 4-7
}
clock_is_the_tsc() {
    reads /sys/devices/system/clocksource/clocksource0/current_clocksource tsc
}
partition_is_isolated() {
    local group=/sys/fs/cgroup/by-hand
    echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control && mkdir $group && echo 4-7 >$group/cpuset.cpus &&
        echo 1 >$group/cpuset.mems && echo isolated >$group/cpuset.cpus.partition &&
        reads $group/cpuset.cpus.partition isolated && reads /sys/fs/cgroup/cpuset.cpus.effective 0-3 && rmdir $group
}
pages_are_there() {
    local file=/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages
    echo 16 >$file && reads $file 16 && echo 0 >$file
}
card_is_of_node_1() {
    reads "/sys/class/net/$(interface 02)/device/numa_node" 1
}
tree_stands_still() {
    tree one && sleep 2 && tree two && same_tree one two
}
tree_sees_a_change() {
    echo 77 >/proc/sys/vm/swappiness && tree three && echo 60 >/proc/sys/vm/swappiness && ! same_tree one three >/dev/null
}
driver_is_vfio() {
    [ "$(basename "$(readlink "/sys/bus/pci/devices/$card/driver")")" = vfio-pci ]
}
card_goes_to_vfio() {
    card=$(basename "$(readlink -f "/sys/class/net/$(interface 02)/device")")
    modprobe vfio-pci && echo vfio-pci >"/sys/bus/pci/devices/$card/driver_override" &&
        echo "$card" >"/sys/bus/pci/devices/$card/driver/unbind" && echo "$card" >/sys/bus/pci/drivers_probe &&
        driver_is_vfio && ls /dev/vfio/*
}
check "CPUs have siblings, caches, memory nodes" siblings_are_told
check "the clock is the CPU's counter" clock_is_the_tsc
check "what can be set stands still" tree_stands_still
check "a value that is set is seen" tree_sees_a_change
check "an isolated partition is made" partition_is_isolated
check "huge pages of a node are there" pages_are_there
check "the second card is of node 1" card_is_of_node_1
check "the card goes to vfio-pci behind an IOMMU" card_goes_to_vfio
done_testing
