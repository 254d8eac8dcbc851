# shellcheck shell=bash disable=SC2034,SC2154 # what is set here is used by the tests; HOSTS_RELEASE, HOSTS_BY and HOSTS_BUILD are the runner's
# What the stories on hosts share, on top of tests/e2e/support.bash: hosts, the collection as `ansible-galaxy` installs it, plays and what they
# say, packages, battles that stand still for as long as a test wants, what a host consists of. Sourced; $HOSTS_RELEASE is the hosts' Debian, 12 or
# 13, and $HOSTS_BY whose Ansible drives them.

# shellcheck source=tests/e2e/support.bash
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/support.bash"
lab=$work/lab
inventory=$work/inventory
debs=$work/debs
declare -A suites=([12]=bookworm [13]=trixie)
suite=${suites[$HOSTS_RELEASE]}
readonly messages=40000

hosts_end() {
    if [ -n "${HOSTS_KEEP:-}" ]; then
        mkdir -p "$HOSTS_KEEP"
        cp "$work"/*.play "$work"/*.diff "$lab"/*/console "$HOSTS_KEEP" 2>/dev/null
    fi
    [ ! -e "$lab/lab" ] || "$tree/tests/ansible/hosts" down "$lab"
    finish
}
trap hosts_end EXIT
trap 'exit 143' TERM INT

# say TEXT ...: a figure, for people.
say() {
    echo "# $*"
}

# now_ms: of a clock that only goes forward.
now_ms() {
    local up
    read -r up _ </proc/uptime
    echo $((10#${up/./} * 10))
}

# seconds_since MS: with one decimal.
seconds_since() {
    local ms=$(($(now_ms) - $1))
    echo $((ms / 1000)).$((ms % 1000 / 100))
}

# cannot WHY: the whole story is skipped.
cannot() {
    skip "on hosts" "$1"
    done_testing
    exit
}

# needed NAME COMMAND ...: a check without which the rest says nothing: the story ends if it fails.
needed() {
    local before=$failures
    check "$@"
    [ "$failures" = "$before" ] || { done_testing; exit 1; }
}

# ---- hosts ----
hosts_up() {
    local name words=()
    for name; do words+=("$name=$suite"); done
    "$tree/tests/ansible/hosts" up "$lab" "${words[@]}" && mkdir -p "$inventory" && cp "$lab/inventory.yml" "$inventory/hosts.yml"
}

# on HOST COMMAND ...: as root there, past Ansible.
on() {
    "$lab/ssh" "$@"
}

# on_until HOST COMMAND: looks there again and again, two minutes at most.
on_until() {
    on "$1" "i=0; until $2; do i=\$((i + 1)); [ \$i -lt 600 ] || exit 1; sleep 0.2; done" && return
    echo "waited two minutes at $1 for: $2"
    return 1
}

# What a host consists of, a line a thing: files with owner, mode and what they say; packages, users, units, settings of the kernel. Left out is
# what a Debian writes by itself: logs, caches, lists, locks, backups of its own lists, and what Ansible's modules were unpacked to.
# host_is HOST FILE
host_is() {
    # shellcheck disable=SC2016 # for the host
    on "$1" bash -s >"$2" <<'END'
export LC_ALL=C
left_out='^/(var/(log|cache|tmp|lib/(apt|systemd|dpkg|ucf|private|logrotate|pam|dbus)|backups|mail)|tmp|run|proc|sys|dev|root/\.ansible.*|home/admin/\.(ansible|sudo_as).*|etc/(ld\.so\.cache|machine-id|\.pwd\.lock|(passwd|shadow|group|gshadow|subuid|subgid)-?|mailcap|\.updated))(/.*)?$'
found() {
    find / -xdev -regextype posix-extended -regex "$left_out" -prune -o "$@"
}
found -type f -print0 | sort -z | xargs -0 sha256sum | awk '{print "file", substr($0, 67), substr($1, 1, 16)}'
found \( -type l -printf 'link %p %l\n' -o -type f -printf 'mode %p %U:%G %m\n' -o -type d -printf 'folder %p %U:%G %m\n' \) | sort
dpkg-query -W -f 'package ${Package} ${Version} ${db:Status-Abbrev}\n' | sort
getent passwd | sed 's/^/user /' | sort
getent group | sed 's/^/group /' | sort
systemctl list-unit-files --no-legend --plain | awk '$3 != "" {print "unit", $1, $2}' | sort
sysctl -a 2>/dev/null | grep -vE '^(kernel\.(random|ns_last_pid|pty|hostname)|fs\.(dentry-state|file-nr|inode|quota)|net\.netfilter|vm\.stat|net\.ipv[46]\.(neigh|route|tcp_fastopen_key))' | sed 's/^/setting /' | sort
END
    [ "$(wc -l <"$2")" -gt 5000 ]
}

# ---- Ansible ----
# The collection is built and installed as a user would; the tree may be somebody else's to write.
collection_installed() {
    cp -RL "$tree/ansible" collection && rm -rf collection/.ansible && (cd collection && "$programs/ansible-galaxy" collection build --output-path "$work/built") &&
        "$programs/ansible-galaxy" collection install --offline -p "$work/collections" "$work"/built/*.tar.gz
}
export ANSIBLE_COLLECTIONS_PATH=$work/collections ANSIBLE_HOME=$work/ansible ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1 ANSIBLE_GATHERING=smart \
    ANSIBLE_RETRY_FILES_ENABLED=0 ANSIBLE_SSH_CONTROL_PATH_DIR=$work/cp ANSIBLE_LOCALHOST_WARNING=0 ANSIBLE_DEPRECATION_WARNINGS=0
unset ANSIBLE_CONFIG

# play NAME [OPTION ...]: royale.appliance.NAME over the inventory; what it says goes to NAME.play, and is shown where it fails.
play() {
    local name=$1
    shift
    "$programs/ansible-playbook" -i "$inventory" "royale.appliance.$name" "$@" >"$name.play" 2>&1 </dev/null && return
    grep -vE '^(ok|skipping|included): ' "$name.play" | tail -n 60
    return 1
}

# fails_saying TEXT NAME [OPTION ...]: the play fails, for that reason.
fails_saying() {
    local text=$1
    shift
    ! play "$@" >/dev/null || { echo "it did not fail"; tail -n 15 "$1.play"; return 1; }
    grep -qE -- "$text" "$1.play" || { tail -n 60 "$1.play"; return 1; }
}

# changes_nothing NAME [OPTION ...]: it does not fail, and each host has changed=0; those that have are named with their tasks.
changes_nothing() {
    local name=$1
    play "$@" || return
    [ "$(grep -cE ' ok=.* changed=0 .* failed=0 ' "$name.play")" = "$(sed '1,/^PLAY RECAP/d' "$name.play" | grep -c ' ok=')" ] &&
        ! grep -E '^(--- |\+\+\+ )' "$name.play" && return
    awk '/^(TASK|RUNNING HANDLER)/ {task = $0} /^changed:/ {print task; print} /^(---|\+\+\+|[-+@])/' "$name.play"
    sed '1,/^PLAY RECAP/d' "$name.play"
    return 1
}

# ---- packages ----
# The newest of this release; where there is none it is built.
first_deb() {
    local found
    mkdir -p "$debs"
    found=$(find "$HOSTS_BUILD/deb/$suite" -name 'royale_*.deb' -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d' ' -f2)
    [ -n "$found" ] || {
        (cd "$tree" && make --no-print-directory BUILD="$HOSTS_BUILD" deb SUITE="$suite") >deb.log 2>&1 || { tail -n 20 deb.log; return 1; }
        found=$(find "$HOSTS_BUILD/deb/$suite" -name 'royale_*.deb')
    }
    cp "$found" "$debs/"
    deb=$debs/$(basename "$found")
}

# later_deb NAME [COMMAND]: $deb as another, later version, in $debs/NAME.deb, with what the command does to its files; its folder is ./files.
later_deb() {
    local at=$work/deb-$1
    dpkg-deb -R "$deb" "$at" && sed -i "s/^Version: .*/&+$1/" "$at/DEBIAN/control" && (cd "$at" && eval "${2:-:}") &&
        (cd "$at" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | xargs -0 md5sum >DEBIAN/md5sums) &&
        dpkg-deb --root-owner-group -Zgzip -z1 -b "$at" "$debs/$1.deb" >/dev/null && rm -rf "$at"
}

# version_on HOST
version_on() {
    on "$1" "dpkg-query -W -f '\${Version}' royale"
}
# has_version VERSION HOST ...
has_version() {
    local host wanted=$1
    shift
    for host; do
        [ "$(version_on "$host")" = "$wanted" ] || { echo "$host has $(version_on "$host"), not $wanted"; return 1; }
    done
}

# ---- battles of hosts ----
# A battle's exec is stopped, and with it the battle, for as long as a test wants: of a battle in lockstep that changes no hash. The unit's watchdog
# would not let it stand, so it is off, until the host starts anew.
# stands_still HOST NAME: starts it, and lets it stand.
stands_still() {
    on "$1" "at=/run/systemd/system/royale@$2.service.d && mkdir -p \$at && printf '[Service]\nWatchdogSec=0\n' >\$at/still.conf && systemctl daemon-reload &&
        systemctl start royale@$2 && pkill -STOP -x royale-exec && systemctl is-active royale@$2"
}
goes_on() { # HOST
    on "$1" "pkill -CONT -x royale-exec"
}
# ended HOST NAME: waits for it.
ended() {
    on_until "$1" "! systemctl is-active --quiet royale@$2"
}
# newest HOST NAME: its last folder in the library.
newest() {
    on "$1" "ls -d /var/lib/royale/battles/$2-*Z | tail -n 1"
}
fought() { # HOST: how many battles its library has
    on "$1" "ls -d /var/lib/royale/battles/*Z 2>/dev/null | wc -l"
}

# crowd NAME SEED INTERVAL_US: a battle file. Eight agents act at random for a day, each once in that time on average; its rows go to Kafka.
crowd() {
    local symbol
    cat <<END
battle: {name: $1, seed: $2}
market:
  date: 2026-01-05
  zone: America/New_York
  trade_from: 09:30
  trade_to: 16:00
  instruments: [{symbol: RYA}, {symbol: RYB}, {symbol: RYC}, {symbol: RYD}]
feeds: [{name: itch, format: itch50, path: /var/lib/royale/data/day.itch}]
risk: {quantity_max: 1000, notional_max: 25000000, position_max: 500000, open_orders_max: 50, rate_max: 1000,
       collar_ppm: 50000, loss_max: 90000000}
game: {round: 06:30:00, min_fills: 0}
export: {sink: kafka, config: /etc/royale/kafka.conf, end_s: 120}
agents:
END
    for symbol in RYA RYB RYC RYD; do
        echo "  - {name: crowd-$symbol, strategy: noise, cash: 100000000, count: 2, latency_us: 200,"
        echo "     params: {instrument: $symbol, interval_us: $3, size_max: 50, cross_percent: 20}}"
    done
}

# asked_for HOST ...: the inventory: these are appliances, each with the battles first, which is the same everywhere, and long, which is its own; and
# the host kafka.
asked_for() {
    local host seed=10
    "$royale" generate --force --messages $messages --itch day.itch >/dev/null && crowd first 1 20000000 >first.yaml || return
    mkdir -p "$inventory/group_vars" "$inventory/host_vars"
    tar -C "$kafka_jars" -cf "$work/kafka.tar" . || return
    cat >"$inventory/groups.yml" <<END
all:
  children:
    appliances: {hosts: {$(printf '%s: {}, ' "$@")}}
    kafka: {hosts: {kafka: {}}}
    monitoring: {hosts: {kafka: {}}}
END
    cat >"$inventory/group_vars/all.yml" <<END
appliance_package: $deb
appliance_data: [{src: $work/day.itch}]
kafka_archive: $work/kafka.tar
END
    for host; do
        crowd long $((seed++)) 2000000 >"long-$host.yaml"
        cat >"$inventory/host_vars/$host.yml" <<END
appliance_battles: [{name: first, src: $work/first.yaml}, {name: long, src: $work/long-$host.yaml}]
END
    done
}

# begin HOST ...: the story's hosts, with the collection and all that is asked for, up to the first play.
begin() {
    local battle
    programs=$("$tree/tests/ansible/controller" "$HOSTS_BY" 2>why) || cannot "$(tail -n 1 why)"
    PATH=$programs:/usr/bin:/bin:$PATH
    kafka_jars=$("$tree/tools/dev/kafka.sh" fetch 2>&1) || cannot "Kafka cannot be had: $kafka_jars"
    kafka_jars=${XDG_CACHE_HOME:-$HOME/.cache}/royale/kafka-3.9.2
    needed "there is a package for Debian $HOSTS_RELEASE" first_deb
    deb=$(ls "$debs"/royale_*.deb)
    first_version=$(dpkg-deb -f "$deb" Version)
    needed "hosts of Debian $HOSTS_RELEASE start" hosts_up "$@" kafka
    needed "the collection is built and installed by Ansible of Debian $HOSTS_BY" collection_installed
    needed "battles, inventory" asked_for "$@"
    for battle in first "${@/#/long-}"; do needed "$battle, fought here" expected "$battle"; done
    needed "Ansible reaches them" "$programs/ansible" -i "$inventory" all -m ansible.builtin.ping
}

# expected NAME: the battle fought here, without Ansible, systemd, Kafka; NAME.txt has its hashes.
expected() {
    sed -e '/^export:/d' -e "s|/var/lib/royale/data/|$work/|" "$1.yaml" >"$1.here.yaml"
    exits 0 "$royale" run --quiet --dir "$1.here" "$1.here.yaml" && cp out "$1.txt"
}

# as_expected HOST NAME FILE: the newest battle of that name ended with the hashes of FILE.
as_expected() {
    on "$1" "cat $(newest "$1" "$2")/result.txt" >"$1.$2.txt" && same_hashes "$3" "$1.$2.txt"
}
# exported HOST NAME: verify says that Kafka has each row of its newest battle.
exported() {
    on "$1" "royale kafka verify --config /etc/royale/kafka.conf $(newest "$1" "$2")"
}

# fetch HOST NAME FILE
fetch() {
    on "$1" "cat $(newest "$1" "$2")/results.json" >"$3"
}

# league FILE ...: the table of all appliances says of each agent what these results say; prints its counts of battles.
league() {
    "$royale" league --json --brokers "$(cat "$lab/kafka/address"):9092" >league.json || return
    /usr/bin/python3 - league.json "$@" <<'END'
import json, sys
table = json.loads(open(sys.argv[1]).read().splitlines()[-1])
want = {}
for name in sys.argv[2:]:
    for agent in json.load(open(name))["agents"]:
        line = want.setdefault(agent["name"], {"battles": 0, "wins": 0, "ranks": 0})
        line["battles"] += 1
        line["wins"] += agent["rank"] == 1
        line["ranks"] += agent["rank"]
print({key: table[key] for key in ("ranked", "unranked", "running", "appliances")})
have = {line["agent"]: {key: line[key] for key in ("battles", "wins", "ranks")} for line in table["agents"] if line["battles"]}
if table["ranked"] != len(sys.argv) - 2 or have != want:
    sys.exit(f"the table says {have}, the results {want}")
END
}

# ---- an upgrade while a battle runs ----
# upgrade_begins HOST FILE: $upgrade, as far as battles of the host are held.
upgrade_begins() {
    "$programs/ansible-playbook" -i "$inventory" royale.appliance.upgrade -e appliance_package="$2" >upgrade.play 2>&1 </dev/null &
    upgrade=$!
    started+=("$upgrade")
    on_until "$1" "test -e /var/lib/royale/hold"
}
# starts_none HOST VERSION: while it is held none begins, neither by hand nor from the queue; the one that runs runs, and nothing is installed.
starts_none() {
    local before
    before=$(fought "$1")
    on "$1" "systemctl start royale@first; ! systemctl is-active --quiet royale@first && ! royale queue run" || return
    [ "$(fought "$1")" = "$before" ] && on "$1" "systemctl is-active royale@long" && has_version "$2" "$1"
}
# upgrade_ends VERSION HOST ...: when the battle of the first has ended.
upgrade_ends() {
    local host
    if ! goes_on "$2" || ! wait "$upgrade"; then
        tail -n 40 upgrade.play
        return 1
    fi
    has_version "$@" || return
    shift
    for host; do on "$host" "! test -e /var/lib/royale/hold" || return; done
}
# replays HOST NAME FILE: the program that is there now computes its newest battle anew from the journal, with the hashes of FILE.
replays() {
    on "$1" "royale replay $(newest "$1" "$2")" >replayed.txt && same_hashes "$3" replayed.txt
}
