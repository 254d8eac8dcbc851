#!/bin/bash
# An appliance and a Kafka host, from nothing to their removal: site, which is done once; a battle that is exported and verified; an upgrade, which waits
# for the battle that runs; a battle that is lost and comes back from the backup; destroy, after which the hosts are what they were. These hosts have
# neither cores nor cards nor a kernel of their own: of kernel line, cards and PTP it is files that are looked at.
set -u
# shellcheck source=tests/ansible/hosts.bash
. "$(dirname "$0")/hosts.bash"

# What a machine of one's own would be asked for besides; a repository on the host, among what no comparison of hosts looks at.
more_asked_for() {
    cat >>"$inventory/host_vars/one.yml" <<END
backup_repository: /var/backups/royale
backup_password: of-a-test
nic_names: [{name: feed0, mac: "02:00:00:00:00:07"}]
nic_vfio_unsafe: true
time_sync_source: ptp
time_sync_ptp_interfaces: [host0]
time_sync_ptp_timestamps: software
END
}
first_battle() {
    local began site_s
    began=$(now_ms)
    play site || return
    site_s=$(seconds_since "$began")
    play battle -e battle_name=first -e battle_verify=true -e battle_results="$work/results" || return
    echo "from fresh hosts to the result of the first battle: $(seconds_since "$began") s, of which site $site_s s"
}
first_battle_measured() {
    first_battle >measured && return
    cat measured
    return 1
}
results_fetched() {
    find results -name results.json | grep -q . && same_hashes first.txt "$(find results -name result.txt | head -n 1)"
}
# has_line FILE LINE: of the host.
has_line() {
    on one "grep -qxF -- '$2' $1" && return
    echo "$1 has no line $2:"
    on one "cat $1"
    return 1
}
cards_and_clock() {
    local link=/etc/systemd/network/10-royale-feed0.link
    has_line $link PermanentMACAddress=02:00:00:00:00:07 && has_line $link Name=feed0 &&
        has_line /etc/modprobe.d/royale-nic.conf 'options vfio enable_unsafe_noiommu_mode=1' && has_line /etc/linuxptp/royale.conf 'interfaces host0' &&
        on one "/usr/sbin/timemaster -n -f /etc/linuxptp/royale.conf" &&
        has_line /etc/systemd/system/timemaster.service.d/50-royale.conf 'ExecStart=/usr/sbin/timemaster -f /etc/linuxptp/royale.conf'
}
kernel_line_for_grub() {
    play site -l one --tags kernel_line --check --diff -e kernel_line_loader=grub -e '{"kernel_line_words": "isolcpus=2-3 nohz_full=2-3"}' || return
    # shellcheck disable=SC2016 # GRUB's variable
    grep -qxF '+GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX isolcpus=2-3 nohz_full=2-3"' site.play && return
    tail -n 60 site.play
    return 1
}
# The first battle is lost; what was fought since stays.
comes_back() {
    local lost count
    lost=$(newest one first) count=$(fought one)
    on one "rm -rf $lost" && play restore && [ "$(newest one first)" = "$lost" ] && [ "$(fought one)" = "$count" ] && as_expected one first first.txt &&
        replays one first first.txt
}
collected() {
    local archive
    play collect -e collect_results="$work/doctor" && archive=$(find doctor/one -name '*.tar.gz') && [ "$(wc -l <<<"$archive")" = 1 ] &&
        tar -tzf "$archive" && ! on one "ls -d /tmp/*royale-doctor-*"
}
dry_run_leaves_all() {
    play site --check && host_is one dry && diff before-one dry
}
inside_agrees() {
    PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest -q -p no:cacheprovider --hosts="ansible://$1" --ansible-inventory="$inventory" \
        --force-ansible --sudo "$tree/tests/ansible/$2"
}
as_before() {
    host_is "$1" "after-$1" && diff "before-$1" "after-$1" >"$1.diff" && return
    cat "$1.diff"
    return 1
}

begin one
more_asked_for
for host in one kafka; do needed "what $host is before" host_is $host before-$host; done
if [ -n "${HOSTS_SECONDS:-}" ]; then
    skip "a dry run on fresh hosts" "it takes half a minute, and time is short: make test-ansible"
else
    check "a dry run on fresh hosts changes nothing there" dry_run_leaves_all
fi
needed "site, and the first battle, which is exported and verified" first_battle_measured
say "$(cat measured)"
check "its results are here, with the hashes that it has here" results_fetched
check "a second run changes nothing" changes_nothing site
check "and a dry run has nothing to say" changes_nothing site --check --diff
check "an appliance is what it should be" inside_agrees appliances test_appliance.py
check "the Kafka host is what it should be" inside_agrees kafka test_kafka.py

check "cards' names, vfio and PTP, as far as files say it" cards_and_clock
check "the kernel line, as GRUB would be told" kernel_line_for_grub

check "a later package is made" later_deb second
check "a long battle begins" stands_still one long
# Not in a subshell: the play goes on.
upgrade_begins one "$debs/second.deb" >said 2>&1
check "an upgrade while it runs holds the appliance" test $? = 0
check "no battle begins, the one that runs runs on, nothing is installed" starts_none one "$first_version"
upgrade_ends "$first_version+second" one >said 2>&1
ended_well=$?
check "when the battle has ended the other version is installed" sh -c "cat said; exit $ended_well"
check "the battle ended with the hashes that it has here" as_expected one long long-one.txt
check "and was exported" exported one long
check "the new version replays it" replays one long long-one.txt

check "a backup" play backup
check "a battle that is lost comes back from it" comes_back
check "the doctor's archive is fetched" collected

check "destroy" play destroy -e destroy_data=true
for host in one kafka; do check "$host is what it was" as_before $host; done
done_testing
