#!/bin/bash
# `royale top DIR` on a terminal, of a battle that is over and of one that runs: what it shows at several sizes, its
# keys, and that the terminal is as it was, whatever ends the program. The terminal is tmux's.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

if ! has tmux; then
    skip "the screen of a battle" "tmux is absent"
    done_testing
    exit
fi

agents='risk: {quantity_max: 40, notional_max: 250000, position_max: 500, open_orders_max: 5, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 01:00:00, min_fills: 1}
agents:
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200,
     params: {instrument: RYA, interval_us: 5000000, size_max: 50, cross_percent: 30}}'
"$royale" generate --messages 30000 --itch day.itch >/dev/null || exit 1
battle 'path: day.itch' "$agents" >over.yaml
battle "$silent" "$agents" | allow_empty >runs.yaml
"$royale" run --quiet --dir over over.yaml >out 2>err
check "a battle" [ $? = 0 ]

# ---- the terminal ----
# shellcheck source=tests/support/terminal.bash
. "$tree/tests/support/terminal.bash"
# shows TEXT ...: all of them come to stand there.
shows() {
    local text
    for text; do
        until_true shown "$text" || { echo "nowhere: $text"; pane; return 1; }
    done
}
press() {
    term send-keys -t t "$@"
}
resize() {
    term resize-window -t t -x "$1" -y "$2"
}
widest() { # no line of the picture is longer
    [ "$(pane | LC_ALL=C.UTF-8 wc -L)" -le "$1" ] || { pane; return 1; }
}

# What is typed: the screen, in a shell that puts nothing in order itself; how the terminal was and is.
cat >screen.sh <<'SH'
# usage: screen.sh DIR [WORD=VALUE ...]
dir=$1
shift
rm -f before after code pid finished
stty -g >before
env "$@" sh -c 'echo $$ >pid; exec "$0" "$@"' "$ROYALE" top "$dir"
echo $? >code
stty -g >after
touch finished
SH
open_terminal() {
    term new-session -d -s t -x 80 -y 24 \
        "env ROYALE='$royale' LC_ALL=C.UTF-8 bash --norc" && term set -g status off
}
in_terminal() { # DIR [WORD=VALUE ...]
    rm -f finished before after
    press "clear; bash screen.sh $*" Enter
}
# in_order CODE: the program has ended with that code, the terminal is as it was, and who types there is answered.
in_order() {
    until_true test -e finished || { pane; return 1; }
    [ "$(cat code)" = "$1" ] || { echo "exit code $(cat code), not $1"; pane; return 1; }
    diff before after || return 1
    until_true is_plain || { echo "a screen is left"; pane; return 1; }
    press "echo answer\$((6 * 7))" Enter
    until_true shown answer42 || { pane; return 1; }
}
with_screen() { # [WORD=VALUE ...]
    in_terminal over "$@" && until_true is_screen && shows 'OVER' '? help'
}

check "a terminal" open_terminal

# ---- what it shows ----
winner=$(sed -n 's/^winner: //p' out)
board() {
    with_screen && shows "first     $winner" 'what happened' 'the battle is over' "$(printf '  1 %s' "$winner")"
}
check "the board of a battle that is over says who won" board
sizes() {
    local size
    for size in 200x60 120x36 40x10 80x24; do
        resize "${size%x*}" "${size#*x}" && shows "$winner" 'help' && widest "${size%x*}" || return 1
    done
}
check "at every size, also when it changes" sizes
pages() {
    press 2 && shows 'exec' 'journal' 'agent0' && press 3 && shows 'what feed0 has counted' 'Add Order messages (A)' &&
        press 4 && shows 'alarm' && press 5 && shows 'who went out' && press 6 && shows 'RYA' 'RYD' &&
        press Enter && shows "agents' bids" 'last trades' && press Escape && shows 'RYD' &&
        press 1 && press Enter && shows "$winner   rank 1 of 3" 'where its gain of' 'what it does' &&
        press BSpace && shows 'what happened' && press '?' && shows 'market + agents' && press x && shows 'what happened'
}
check "each page has what it says" pages
filtered() {
    press / && press crowd-2 && shows 'filter: crowd-2_' && press Enter && ! shown '  1 crowd-1 ' && press Escape && shows crowd-3
}
check "a filter takes and gives back rows" filtered
left() {
    press q && in_order 0
}
check "q leaves it" left

# ---- whatever ends it ----
ended_by() { # SIGNAL CODE
    with_screen && kill "-$1" "$(cat pid)" && in_order "$2"
}
for end in INT:0 TERM:0 HUP:0 SEGV:139 ABRT:134 BUS:135 FPE:136; do
    check "SIG${end%:*} leaves the terminal as it was" ended_by "${end%:*}" "${end#*:}"
done
interrupted() {
    with_screen && press C-c && in_order 0
}
check "so does Ctrl-C" interrupted
stopped_and_continued() {
    rm -f finished
    press "clear; stty -g >before; \"\$ROYALE\" top over" Enter
    until_true is_screen && press C-z && until_true is_plain && shows 'Stopped' || return 1
    press 'stty -g >after' Enter || return 1
    until_true cmp -s before after || { diff before after; return 1; }
    press fg Enter && until_true is_screen && shows "$winner" && press q && until_true is_plain || return 1
    press 'stty -g >after; touch finished' Enter && until_true test -e finished && diff before after
}
check "Ctrl-Z gives the terminal to the shell, fg takes it again" stopped_and_continued

# ---- other terminals ----
plain() { # WORD=VALUE: ASCII alone; a vt100 has no second screen to go to
    in_terminal over "$@" && shows 'OVER' '? help' && ! pane | LC_ALL=C grep -q '[^ -~]' && press q && in_order 0
}
check "without UTF-8 it draws in ASCII" plain LC_ALL=C
check "a vt100 will do" plain TERM=vt100 LC_ALL=C
colored() { # the picture has colours
    term capture-pane -p -e -t t | grep -q $'\e\\[[0-9;]*3[0-7]m'
}
colors() {
    with_screen && until_true colored && press q && in_order 0 && with_screen NO_COLOR=1 && ! colored && press q && in_order 0
}
check "NO_COLOR takes the colours, and nothing else" colors
refused() { # TEXT COMMAND ...
    exits 3 "${@:2}" </dev/null && says 'royale status' err && says "$1" err && [ "$(wc -l <err)" = 1 ]
}
check "where there is no terminal, a line says what does as well" refused 'not a terminal' "$royale" top over
dumb() {
    in_terminal over TERM=dumb && until_true test -e finished && [ "$(cat code)" = 3 ] &&
        shows 'TERM=dumb cannot move its cursor' 'royale status'
}
check "so does one on a terminal that cannot" dumb
no_journal() {
    exits 3 "$royale" top . && [ -s err ]
}
check "a folder without a journal is an error" no_journal

# ---- a battle that runs ----
running() {
    start runs.yaml && in_terminal "$dir" && until_true is_screen && shows LIVE 'processes run' 'trading begins at' || return 1
    press 2 && shows exec journal feed0 agent2 runs && press Space && shows PAUSED && press Space && shows LIVE || return 1
    kill -TERM "$run" && ends 143 && shows OVER && press q && in_order 0
}
check "a battle that runs is shown live, and then that it is over" running

killed() { # nothing is left of it that could say so
    start runs.yaml && in_terminal "$dir" && until_true is_screen && shows LIVE 'processes run' || return 1
    kill -9 "$run" && shows 'STOPS SHORT' 'the battle does not run' && press q && in_order 0
}
check "one whose royale was killed is shown to stop short" killed
suspended() { # its door does not answer until it goes on
    start runs.yaml && kill -STOP "$run" && in_terminal "$dir" && until_true is_screen && shows 'whether the battle runs' || return 1
    kill -CONT "$run" && shows 'processes run' && press q && in_order 0 && kill -TERM "$run" && ends 143
}
check "one that was suspended is found again when it goes on" suspended

done_testing
