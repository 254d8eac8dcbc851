#!/bin/bash
# Strategies that die in ways of their own choosing, kill rivals, type into the terminal and look for sockets: what
# is said of each death, which results are stamped, and what was out of reach.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 60000 --itch day.itch >generate.txt || exit 1
${CC:-cc} -O1 -fPIC -shared -I"$bin/../include" -o hostile.so "$tree/tests/e2e/strategies/hostile.c" || exit 1
# Strategies and battle files are read by other users below.
chmod 755 . hostile.so

hostile() { # FEED HOW [MORE]: two of the house and a hostile one
    battle "$1" "agents:
  - {name: crowd, strategy: noise, cash: 1000000, count: 2, params: {interval_us: 5000000}}
  - {name: wrong, strategy: $work/hostile.so, cash: 1000000, params: {how: $2${3:-}}}
risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 100,
  collar_ppm: 50000, loss_max: 100000}
game: {round: 01:30:00, min_fills: 1}"
}

# fights DIR [COMMAND BEFORE ...]: runs DIR.yaml; whether an agent's death has an exit code of its own is not asked here.
fights() {
    local dir=$1 code
    shift
    "$@" "$royale" run --quiet --dir "$dir" "$dir.yaml" >"$dir.out" 2>"$dir.err"
    code=$?
    [ $code = 0 ] || [ $code = 4 ] || { echo "exit code $code"; cat "$dir.err"; return 1; }
    says 'verified: the journal gives the same hash' "$dir.out"
}

at='in its callback timer, at 2026-01-05 09:31:40 EST (14:31:40 UTC)'
timer=${at//[()]/.} # a pattern
stamp='; the result is not reproducible'

# dies HOW PATTERN: what is said of the death; the victim, and nobody else, is out.
dies() {
    hostile "path: $work/day.itch" "$1" >"$1.yaml"
    fights "$1" || return 1
    grep -qE "^royale: agent2 \\(wrong\\) died: $2; the battle goes on" "$1.err" || { cat "$1.err"; return 1; }
    grep -qE '^ +[1-3]  +[0-9-]+  wrong .* out: died, round 1' "$1.out" && [ "$(grep -c ' out: died' "$1.out")" = 1 ]
}

stamped() { # FILE NAME ...: these are stamped, and nobody else
    local file=$1 name
    shift
    for name in "$@"; do
        says "not reproducible: agent $name died at wall time" "$file" || return 1
    done
    [ "$(grep -c '^not reproducible: ' "$file")" = $# ] || { cat "$file"; return 1; }
}

own_death() { # HOW PATTERN: comes again, and is not stamped
    dies "$1" "$2" && stamped "$1.out" || return 1
    cp "$1.yaml" "$1-again.yaml"
    fights "$1-again" && same_hashes "$1.out" "$1-again.out"
}

outside_death() { # HOW PATTERN
    dies "$1" "$2$stamp" && stamped "$1.out" wrong
}

# ---- faults that the kernel raised, and what only looks like one ----
if [ "$(id -u)" = 0 ]; then
    segv='crashed by signal 11 .Segmentation fault. at address 0x'
    check "a write to address 0 is the strategy's own" own_death write "${segv}0 $timer"
    check "so is a stack that overflows" own_death overflow "${segv}[0-9a-f]+ $timer"
    check "so is a division by 0" own_death divide "crashed by signal 8 .Floating point exception. at address 0x[0-9a-f]+ $timer"
else
    for how in write overflow divide; do
        skip "a fault is the strategy's own: $how" "needs a user of its own for each agent, so root"
    done
fi
victim=': a victim, unless it did that itself'
check "a signal that it raises is not" outside_death raise "raised signal 11 .Segmentation fault. itself .raise, kill. $timer"
check "nor abort()" outside_death abort "raised signal 6 .Aborted. itself .abort. $timer"
check "nor what it kills itself with" outside_death kill "killed by signal 9 .Killed. $timer$victim"
check "nor a fault behind a handler of its own" outside_death replace "killed by signal 11 .Segmentation fault. $timer$victim"
check "nor a SIGTERM" outside_death term 'stopped by a SIGTERM that royale did not send'
check "nor exit(0)" outside_death exit "called exit.0. $timer"
check "nor _exit(0)" outside_death leave "called exit.0. $timer"
check "nor exit(1)" outside_death status "called exit.1. $timer"
check "nor exit(0) of a signal handler's" outside_death alarm 'called exit.0. between its callbacks'

# ---- rivals ----
kills_rivals() { # DIR SIGNAL [COMMAND BEFORE ...]
    local dir=$1 signal=$2
    shift 2
    hostile "path: $work/day.itch" rival ", signal: $signal" >"$dir.yaml"
    fights "$dir" "$@"
}

users_apart() {
    kills_rivals rival 11 && says 'hostile: 0 of 2 rivals killed' rival/log/agent2-wrong.log &&
        stamped rival.out && ! grep 'died' rival.err
}

# With one user for all nobody is safe; but the victims are called victims, the killer is named, and nothing that any
# of them does counts as its own.
users_shared() { # SIGNAL NAME
    local victims="shared$1/rival"
    mkdir "shared$1" && chmod 777 "shared$1" && as_user || return 1
    (cd "shared$1" && kills_rivals rival "$1" "${other[@]}") || return 1
    says 'hostile: 2 of 2 rivals killed' "$victims/log/agent2-wrong.log" &&
        says "royale: agent0 (crowd-1) died: the victim of signal $1 ($2), sent by agent2 (wrong), " "$victims.err" &&
        says "royale: agent1 (crowd-2) died: the victim of signal $1 ($2), sent by agent2 (wrong), " "$victims.err" &&
        stamped "$victims.out" crowd-1 crowd-2
}

shared_crash() {
    mkdir sharedcrash && chmod 777 sharedcrash && as_user || return 1
    hostile "path: $work/day.itch" write >sharedcrash/crash.yaml
    (cd sharedcrash && fights crash "${other[@]}") || return 1
    says "at address 0x0 $at; agents share a user (not started as root), so another one may have brought it about$stamp" \
        sharedcrash/crash.err && stamped sharedcrash/crash.out wrong
}

# Sets $other to what makes a command another user's, and $royale to a program that this user reaches; without root
# all of the battle is one user's anyway.
other=()
as_user() {
    [ "$(id -u)" = 0 ] || return 0
    for_others && other=(as_other_user)
}

if [ "$(id -u)" = 0 ]; then
    check "a rival with a user of its own cannot be killed" users_apart
else
    skip "a rival with a user of its own cannot be killed" "needs root"
fi
check "the victims of a rival with the same user are named, and it" users_shared 11 'Segmentation fault'
check "by whatever signal" users_shared 8 'Floating point exception'
check "a crash under a shared user is no proof" shared_crash

# ---- two battles at once ----
agents_users() { # FILE ...: the users of the agents of those runs, one a line
    local file i
    for file in "$@"; do
        for i in 0 1 2; do
            awk '/^Uid:/ { print $2 }' "/proc/$(started_pid "agent$i" "$file")/status"
        done
    done
}

two_battles() {
    local first users
    hostile "$silent" none >silent.yaml
    start silent.yaml || return 1
    first=$run
    mv out first.out
    start silent.yaml || return 1
    users=$(agents_users first.out out)
    kill -INT "$first" "$run"
    wait "$first" "$run"
    [ "$(sort -u <<<"$users" | wc -l)" = 6 ] || { echo "users: $users"; return 1; }
    ! grep -qx 0 <<<"$users" && all_gone
}
if [ "$(id -u)" = 0 ]; then
    check "two battles at once share no user" two_battles
else
    skip "two battles at once share no user" "needs root"
fi

# ---- the terminal ----
# A battle in the foreground of a terminal, as started from a shell: typed text would be the shell's next command.
types() { # DIR [COMMAND BEFORE ...]
    local dir=$1
    shift
    mkdir "$dir" && chmod 777 "$dir"
    hostile "path: $work/day.itch" type ', terminal: TERMINAL' >"$dir/type.in"
    cat >"$dir/inner" <<INNER
cd "$work/$dir" && sed "s|TERMINAL|\$(tty)|" type.in >type.yaml && "$royale" run --quiet --dir type type.yaml
INNER
    "$@" script -qec "bash $work/$dir/inner" /dev/null >"$dir/out" </dev/null || { cat "$dir/out"; return 1; }
    grep 'hostile: ' "$dir/type/log/agent2-wrong.log"
    [ "$(grep -c 'hostile: inherited: 0 characters typed' "$dir/type/log/agent2-wrong.log")" = 3 ] &&
        says 'hostile: /dev/tty: No such device or address' "$dir/type/log/agent2-wrong.log" &&
        ! grep 'hostile: terminal: [1-9]' "$dir/type/log/agent2-wrong.log"
}
if has script; then
    check "an agent has no terminal to type into" types typed
    if [ "$(id -u)" = 0 ]; then
        types_as_user() {
            as_user && types typeduser "${other[@]}"
        }
        check "nor where the terminal is its own user's" types_as_user
    fi
else
    skip "an agent has no terminal to type into" "no script(1)"
fi

# ---- the supervisor ----
no_socket() {
    hostile "path: $work/day.itch" sockets >sockets.yaml
    fights sockets && says 'hostile: 0 sockets, 0 when it was loaded' sockets/log/agent2-wrong.log
}
check "a strategy finds no socket, not even while it is loaded" no_socket

done_testing
