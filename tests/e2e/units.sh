#!/bin/bash
# The units of systemd: what systemd says of them, how much is open to each; what a battle says to systemd; the drop-in
# that a battle's plan makes. Hosts in which systemd runs them are tests/ansible's.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

# ---- what systemd says of them ----
mkdir -p root
install() {
    make -s -C "$tree" install-service BUILD="$work/build" DESTDIR="$work/root" PREFIX=/usr prefix=/usr >/dev/null
}
mkdir -p build
check "they are installed" install
units=$work/root/usr/lib/systemd/system
whole() { # the placeholders are written over
    ! grep -rn '@[a-z]*dir@' "$units"
}
check "with the folders of the installation" whole
forgets() { # of a battle that systemd does not start, the end of one before is no end
    ended=$(sed -nE 's/^#define RY_QUEUE_ENDED_FOLDER "(.*)"/\1/p' "$tree/tools/queue/units.h")
    grep -F "$ended/" "$units/royale@.service" && grep -xE "ReadWritePaths=-?$ended" "$units/royale-queue.service"
}
check "the queue may remove how a battle of before has ended" forgets
# Programs are looked for where the units say.
mkdir -p root/usr/bin root/usr/libexec/royale
for program in "$bin"/royale*; do
    ln -s "$program" root/usr/bin/
    ln -s "$program" root/usr/libexec/royale/
done
# seen NAME: the file that systemd is to look at; an instance of a template.
seen() {
    mkdir -p seen
    sed "s|/usr/bin/|$work/root/usr/bin/|; s|/usr/libexec/|$work/root/usr/libexec/|" "$units/$1" >"seen/${1/@/@x}"
    echo "seen/${1/@/@x}"
}
# exposure NAME: from 0, nothing is open to it, to 100
exposure() {
    systemd-analyze security --offline=yes "$(seen "$1")" | sed -nE 's/.*exposure level for .*: ([0-9]+)\.([0-9]).*/\1\2/p'
}
at_most() { # NAME TENTHS
    local is
    is=$(exposure "$1")
    echo "$1: $is tenths"
    [ -n "$is" ] && [ "$is" -le "$2" ]
}
verified() {
    systemd-analyze verify --man=no "$work/$(seen "$1")" >said 2>&1
    ! grep -F "${1/@/@x}" said
}
if has systemd-analyze; then
    cp "$units"/royale.slice .
    for unit in royale@.service royale-export@.service royale-queue.service royale-queue.timer royale-web.service royale.slice; do
        check "systemd finds no mistake in $unit" verified "$unit"
    done
    mistaken() {
        mkdir -p seen
        sed 's/^KillMode=.*/KillMode=sometimes/' "$units/royale@.service" >seen/broken@x.service
        systemd-analyze verify --man=no "$work/seen/broken@x.service" 2>&1 | grep -q 'broken@x.service:.*sometimes'
    }
    check "and would" mistaken
    check "little is open to a battle" at_most royale@.service 30
    check "less to the queue" at_most royale-queue.service 20
    check "to the export" at_most royale-export@.service 20
    check "and to the page" at_most royale-web.service 20
    opened() {
        sed 's/^ProtectSystem=.*//; s/^CapabilityBoundingSet=.*//' "$units/royale@.service" >"$units/open@.service"
        ! at_most open@.service 30
    }
    check "one that is open is seen" opened
    calendar() {
        systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$units/royale-queue.timer")"
    }
    check "the timer's moment is one" calendar
else
    skip "systemd finds no mistake in the units" "no systemd-analyze: Debian's package systemd has it"
fi

# ---- what a battle says ----
crowd_day
crowd_battle day 1000000 >day.yaml
battle "$silent" >idle.yaml
notified() { # FILE [ARGUMENTS]: in ./dir; its messages in ./messages; $run is it
    rm -rf dir messages notify.sock
    python3 "$tree/tests/e2e/notify.py" messages "$royale" run --quiet --dir dir "$@" >out 2>err &
    run=$!
    started+=("$run")
}
ended() { # NAME CODE: not in a subshell, whose child it is not
    local name=$1 wanted=$2 code
    wait "$run" 2>/dev/null
    code=$?
    check "$name" [ "$code" = "$wanted" ]
}
roles() { # the processes of the battle in ./dir
    pgrep -f -- "/royale-$1 " | while read -r pid; do
        [ "$(ps -o args= -p "$pid" | awk '{print $3}')" = dir ] && echo "$pid"
    done
}
notified day.yaml
ended "a battle with systemd's socket runs to its end" 0
cp messages all
check "it is ready when it runs, once" [ "$(grep -c 'READY=1' all)" = 1 ]
check "which is what it says first" says 'True READY=1 | STATUS=' all
check "it says that it is over" says 'True STOPPING=1' all
# Of a long day that takes minutes, in which nobody may end it.
check "and that it reads its journal for the result" says 'True STATUS=over, reading the journal for the result | WATCHDOG=1 | EXTEND_TIMEOUT_USEC=' all
check "nobody else of it speaks" [ "$(grep -c '^False' all)" = 0 ]

alive() { # TIMES: so often it has said so, with its status
    [ "$(grep -c 'STATUS=.*WATCHDOG=1' messages)" -ge "$1" ]
}
notified idle.yaml
check "a battle that waits for its market is ready" until_true says 'READY=1' messages
check "and says that it lives, with its status, again and again" until_true alive 3
exec=$(roles exec)
apart() { # no process of it has the socket
    local pid
    for pid in $exec $(roles feed) $(roles journal); do
        if tr '\0' '\n' <"/proc/$pid/environ" | grep -E '^(NOTIFY_SOCKET|WATCHDOG_)'; then
            return 1
        fi
    done
    [ -n "$exec" ]
}
check "its processes do not have the socket" apart
kill -STOP "$exec"
sleep 2.5
before=$(grep -c WATCHDOG=1 messages)
sleep 2.5
check "when exec stands still it does not say that it lives" [ "$(grep -c WATCHDOG=1 messages)" = "$before" ]
check "but its status it says" [ "$(tail -n 1 messages | grep -c 'STATUS=')" = 1 ]
check "with the trouble, after a while" until_true says 'trouble: exec does not move' messages
kill -CONT "$exec"
check "when exec goes on it does again" until_true alive $((before + 1))
kill -TERM "$run"
ended "it is stopped in order" 143
check "and says that it stops" says 'STOPPING=1' messages
check "and that it needs its time" says 'EXTEND_TIMEOUT_USEC=' messages

# A day that comes in halves: in between there is time to look.
status_of_game() {
    grep -E 'STATUS=2026-01-05 .*, [0-9]+ inputs, round [1-9][0-9]*, [a-z0-9-]+ leads, [0-9]+ of 4 agents in' messages
}
mkfifo slow.itch
crowd_battle slow 1000000 | sed 's/day.itch/slow.itch/' >slow.yaml
{
    head -c 900000
    until_true status_of_game
    cat
} <day.itch >slow.itch 2>/dev/null &
started+=("$!")
notified slow.yaml
wait "$run"
check "the status has the market's time, the inputs, the round, who leads, who is in" status_of_game

# ---- the drop-in of a plan ----
drop_in() { # MACHINE FEED-KEYS
    battle "$2" >plan.yaml
    "$royale" plan --systemd --topology "$1" plan.yaml >plan.conf || return 1
    cat plan.conf
}
many="pack:1 numa:1 l3:1 core:8 pu:1"
: >day.bin
bound() {
    drop_in "$many" "port: file, path: $work/day.bin" && says 'CPUAffinity=0,4-7' plan.conf && grep -q 'exec to [1-3]' plan.conf
}
check "the supervisor begins with the house" bound
house() {
    [ "$(sed -n 's/^CPUAffinity=//p' plan.conf)" = "$(sed -n 's/^Environment=ROYALE_HOUSE=//p' plan.conf)" ]
}
check "and knows that this is no limit" house
check "files in /tmp are seen" says 'PrivateTmp=no' plan.conf
few() {
    drop_in "pack:1 numa:1 l3:1 core:2 pu:1" "port: file, path: /var/lib/royale/data/day.bin" && ! grep -E '^(CPUAffinity|PrivateTmp|ProtectHome|DeviceAllow)=' plan.conf
}
check "with too few cores it is not bound, and nothing is opened that need not be" few
card() {
    drop_in "$many" 'port: dpdk, device: "0000:3b:00.0"' && says 'DeviceAllow=char-vfio rw' plan.conf && says 'RestartForceExitStatus=1' plan.conf
}
check "a network card gets vfio, and a live market a new start" card
if has systemd-analyze; then
    with_plan() {
        seen royale@.service >/dev/null
        mkdir -p seen/royale@x.service.d
        cp plan.conf seen/royale@x.service.d/plan.conf
        systemd-analyze verify --man=no "$work/seen/royale@x.service" >said 2>&1
        ! grep -F 'plan.conf' said
    }
    check "systemd finds no mistake in it" with_plan
fi
house_is_no_limit() { # where there are CPUs for it
    local all one
    all=$("$royale" plan plan.yaml 2>/dev/null | tail -n 1)
    one=$(ROYALE_HOUSE=0 taskset -c 0 "$royale" plan plan.yaml 2>/dev/null | tail -n 1)
    [ "$all" = "$one" ] || { echo "$all"; echo "$one"; return 1; }
}
if [ "$(nproc)" -gt 1 ] && taskset -c 0 true; then
    check "who begins with the house plans with all" house_is_no_limit
else
    skip "who begins with the house plans with all" "one CPU"
fi
check "it is for a battle" exits 2 "$royale" plan --systemd
done_testing
