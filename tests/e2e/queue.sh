#!/bin/bash
# The queue of battles without systemd: one after the other, on after a failure, on after an interruption; and the hold,
# which waits for whatever battle runs. tests/e2e/units.sh has the units.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

mkdir -p files state # the library comes with the first battle
"$royale" generate --itch day.itch --messages 20000 --instruments 4 --seed 9 >/dev/null 2>&1
battle "port: file, path: $work/day.itch" >short.yaml
battle "$silent" >long.yaml # runs until it is stopped
queue() {
    local verb=$1
    shift
    case $verb in
    hold | release) "$royale" queue "$verb" --state state "$@" ;;
    list) "$royale" queue "$verb" --battles files "$@" ;;
    run) "$royale" queue run --direct --battles files --state state "$@" ;;
    *) "$royale" queue "$verb" --battles files --state state "$@" ;;
    esac
}
named() { # NAME FILE: the battle file of the queue, of a battle of that name
    sed "s/name: test/name: ${1##*-}/" "$2" >"files/$1.yaml"
}
# told KEY VALUE: of `royale queue status --json`
told() {
    queue status --json >told.json || return 1
    python3 -c 'import json, sys
value = json.load(open("told.json"))
for name in sys.argv[1].split("."):
    value = value[int(name) if name.isdigit() else name]
print(json.dumps(value) if not isinstance(value, str) else value)' "$1" >got
    [ "$(cat got)" = "$2" ] && return 0
    echo "$1 is $(cat got), not $2"
    cat told.json
    return 1
}
battles() { # how many are in the library
    find state/battles -mindepth 1 -maxdepth 1 -name "$1" | wc -l
}
in_background() { # a queue; $run is it
    rm -f out err
    "$royale" queue run --direct --battles files --state state >out 2>err &
    run=$!
    started+=("$run")
}
ended() { # NAME CODE: waits for $run; not in a subshell, whose child it is not
    local name=$1 wanted=$2 code
    wait "$run" 2>/dev/null
    code=$?
    check "$name" [ "$code" = "$wanted" ]
}
battle_runs() { # NAME: its journal has the first inputs, and it has no result
    local folder
    for folder in state/battles/"$1"-*; do
        [ ! -e "$folder/result.txt" ] && [ -S "$folder/observe.sock" ] && [ "$(stat -c %s "$folder/inputs.ryj")" -gt 4096 ] && return 0
    done 2>/dev/null
    return 1
}
supervisor() {
    pgrep -f -- "run --quiet --library state/battles files/$1.yaml" | head -n 1
}

# ---- one after the other ----
named 20-b short.yaml
named 10-a short.yaml
echo 'battle: {}' >files/15-wrong.yaml
cp short.yaml 'files/no name.yaml'
in_order() {
    queue list >out 2>err && [ "$(tr '\n' ' ' <out)" = '10-a 15-wrong 20-b ' ] && says 'no name.yaml' err
}
check "its battles are in the order of their names, and what is no name is said" in_order
check "they run, and one that fails does not keep the next" exits 1 queue run
one_by_one() {
    [ "$(grep -oE '^[0-9a-z-]+: (begins|ok|failed)' out | tr '\n' ' ')" = \
        '10-a: begins 10-a: ok 15-wrong: begins 15-wrong: failed 20-b: begins 20-b: ok ' ] || { cat out; return 1; }
}
check "each begins when the one before has ended" one_by_one
check "which one failed, and why" says '15-wrong: failed after 0 s, exit code 2: a mistake in the battle file' out
check "each has its folder in the library" [ "$(battles 'a-*') $(battles 'b-*') $(battles '*')" = '1 1 2' ]
check "the status says so" told battles.1.outcome failed
check "and of the whole" told queue complete
check "the next queue begins with the first" exits 1 queue run
check "so each has run twice" [ "$(battles 'a-*') $(battles 'b-*')" = '2 2' ]
rm files/15-wrong.yaml 'files/no name.yaml'

# ---- held ----
check "it is held" exits 0 queue hold --wait 5 --why 'new package'
check "that is in the status" told hold.why 'new package'
check "held twice is held" exits 0 queue hold
check "a queue begins no battle" exits 8 queue run
check "none has begun" [ "$(battles '*')" = 4 ]
check "it is released" exits 0 queue release
check "which says that a queue was interrupted" says 'a queue was interrupted by the hold' out
check "so is what is not held" exits 0 queue release
check "the queue goes on" exits 0 queue run
check "with all that it has left" [ "$(battles 'a-*') $(battles 'b-*')" = '3 3' ]

named 15-long long.yaml
in_background
check "a battle runs" until_true battle_runs long
check "a second queue is refused" exits 3 queue run
check "which is said" says 'another one runs the queue' err
check "the battle is in the status" told battles.1.state running
check "a hold that waits says when the time is over" exits 7 queue hold --wait 1
check "and for what" says 'still runs after 1 s: the queue' err
queue hold --wait 60 >waited 2>&1 &
waits=$!
started+=("$waits")
sleep 0.5
check "it waits as long as the battle runs" kill -0 "$waits"
kill -TERM "$(supervisor 15-long)"
wait "$waits"
check "and ends when it has ended" [ $? = 0 ]
ended "the queue ends, and says that it is held" 8
check "after two of three" says '2 battles ended, 0 of them failed; held' out
check "no further one has begun" [ "$(battles 'b-*')" = 3 ]
check "what is left waits" told battles.2.state waits
queue release >/dev/null
named 15-long short.yaml
check "after the release it goes on with that alone" exits 0 queue run
check "the one before the hold is not run again" [ "$(battles 'a-*') $(battles 'b-*')" = '4 4' ]

# A battle that somebody started beside the queue.
"$royale" run --quiet --library state/battles long.yaml >out 2>err &
run=$!
started+=("$run")
check "a battle runs beside the queue" until_true battle_runs test
check "a hold waits for that too" exits 7 queue hold --wait 0
kill -TERM "$run"
wait "$run"
check "until it has ended" exits 0 queue hold --wait 10
queue release >/dev/null

# ---- stopped and killed ----
rm files/*
named 10-long long.yaml
named 20-b short.yaml
in_background
check "a battle runs again" until_true battle_runs long
kill -TERM "$run"
ended "SIGTERM ends the queue" 143
check "and its battle in order" says 'this is the result until then' out
check "that is in its status" told queue stopped
in_background
check "the next queue begins with it" until_true says '10-long: begins' out
until_true battle_runs long
kill -KILL "$run"
wait "$run" 2>/dev/null
check "of one that was killed the status says that it broke off" told queue 'broke off'
tidy_lines() {
    queue status >out && says '  20-b ' out && ! grep ' $' out
}
check "for people no line ends in blanks" tidy_lines
in_background
check "its battle goes on, and the next queue waits for it" until_true says 'waiting for a battle in state/battles' out
named 10-long short.yaml
kill -TERM "$(pgrep -f -- "run --quiet --library state/battles files/10-long.yaml" | head -n 1)"
ended "then it goes on, from that battle" 0
both() {
    [ "$(grep -oE '^[0-9a-z-]+: (begins|ok|failed)' out | tr '\n' ' ')" = '10-long: begins 10-long: ok 20-b: begins 20-b: ok ' ] || { cat out; return 1; }
}
check "to the last" both

# ---- mistakes ----
check "no command is a mistake" exits 2 "$royale" queue
check "an unknown one too" exits 2 "$royale" queue rnu
check "and what was meant is said" says 'perhaps run' err
check "a folder that is not there" exits 3 "$royale" queue list --battles nowhere
if [ ! -d /run/systemd/system ]; then
    check "without systemd it says --direct" exits 3 "$royale" queue run --battles files --state state
    check "in words" says '--direct' err
fi
done_testing
