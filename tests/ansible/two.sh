#!/bin/bash
# Two appliances that write to one Kafka: the league table is right while one of them is upgraded; an upgrade that is given up because a battle does
# not end in time; one after which the appliance is not well, which is taken back.
set -u
# shellcheck source=tests/ansible/hosts.bash
. "$(dirname "$0")/hosts.bash"
readonly wait_s=4

other_ends_meanwhile() {
    goes_on two && ended two long && exported two long && as_expected two long long-two.txt && fetch two long two.json && on one "test -e /var/lib/royale/hold"
}
# The battle of the first stands still, as far as its rows have come to Kafka.
league_counts_the_one_that_runs() {
    league first-one.json first-two.json two.json >said && grep -q "'running': 1, 'appliances': 2" said && return
    cat said
    return 1
}
given_up_in_time() {
    stands_still one long && fails_saying 'Nothing was changed' upgrade -l one -e appliance_package="$debs/third.deb" -e upgrade_wait_s=$wait_s || return
    has_version "$second_version" one && on one "! test -e /var/lib/royale/hold && systemctl is-active royale@long" && goes_on one &&
        ended one long && as_expected one long long-one.txt
}
taken_back() {
    fails_saying 'is there again' upgrade -e appliance_package="$debs/broken.deb" && has_version "$second_version" one two &&
        on one "! test -e /var/lib/royale/hold"
}
# serial: 1 and the first failure ends it.
other_not_touched() {
    ! sed '1,/^PLAY RECAP/d' upgrade.play | grep -qE '^two '
}
fights_again() {
    play battle -l one -e battle_name=first -e battle_results="$work/again" && as_expected one first first.txt
}

begin one two
needed "site" play site --skip-tags monitoring,backup,log_rotation
check "both fight the same battle" play battle -e battle_name=first -e battle_verify=true -e battle_results="$work/results"
for host in one two; do
    check "$host: with the hashes that it has here" as_expected $host first first.txt
    fetch $host first first-$host.json
done
second_version=$first_version+second
check "a later package is made" later_deb second
check "another" later_deb third
# shellcheck disable=SC2016 # for the package's folder
check "and one whose battles do not run" later_deb broken 'printf "#!/bin/sh\nexit 1\n" | tee $(find . -type f -name royale-exec)'

for host in one two; do check "$host: a long battle begins" stands_still $host long; done
upgrade_begins one "$debs/second.deb" >said 2>&1
check "an upgrade while both run holds the first" test $? = 0
check "no battle begins there" starts_none one "$first_version"
check "the other's battle ends meanwhile, exported, with the hashes that it has here" other_ends_meanwhile
check "the league table of both is right while one is upgraded" league_counts_the_one_that_runs
upgrade_ends "$second_version" one two >said 2>&1
ended_well=$?
check "when the battle has ended both are upgraded" sh -c "cat said; exit $ended_well"
check "it ended with the hashes that it has here" as_expected one long long-one.txt
check "and was exported" exported one long
fetch one long one.json
check "the league table is right" league first-one.json first-two.json two.json one.json

check "an upgrade is given up when a battle does not end in $wait_s s; the battle ends as it would have" given_up_in_time
check "one that is not well is taken back" taken_back
check "and not tried on the other" other_not_touched
check "the appliance fights as before" fights_again
done_testing
