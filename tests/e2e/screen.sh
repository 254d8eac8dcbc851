#!/bin/bash
# `royale run` on a terminal: a battle is a screen, and whatever ends screen or battle, the terminal is as it was and
# no line is lost. The terminal is tmux's.
# shellcheck disable=SC2015 # whatever failed, what stands on the terminal is shown
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

if ! has tmux; then
    skip "a battle on a terminal" "tmux is absent"
    done_testing
    exit
fi

agents='risk: {quantity_max: 1000, notional_max: 25000000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 01:00:00, min_fills: 0}
agents:
  - {name: crowd, strategy: noise, cash: 1000000, count: 3, latency_us: 200, params: {instrument: RYA}}'
"$royale" generate --messages 30000 --itch day.itch >/dev/null || exit 1
battle 'path: day.itch' "$agents" >short.yaml
battle "$silent" "$agents" | sed 's/^  instruments:/  allow_empty: true\n&/' >idle.yaml
{ cat idle.yaml; printf 'export: {sink: jsonl, out: rows/}\n'; } >export.yaml

# ---- the terminal ----
# shellcheck source=tests/support/terminal.bash
. "$tree/tests/support/terminal.bash"
# The pid of the battle's role, by the name of its program; royale itself is `royale`.
pid_of() {
    pgrep -P "$(cat pid)" -f "^$bin/royale-$1 "
}

# What is typed into the terminal: the battle, in a shell that puts nothing in order itself; how it was and is.
cat >battle.sh <<'SH'
# usage: battle.sh FILE [WORD=VALUE ...]
file=$1
shift
trap : QUIT
rm -rf dir over before after code pid
stty -g >before
env "$@" sh -c 'echo $$ >pid; exec "$0" "$@"' "$bin/royale" run --dir dir "$file"
echo $? >code
# Whoever is not the shell's child may take a moment longer.
while pgrep -f "^$bin/royale-top [0-9]" >/dev/null; do sleep 0.02; done
stty -g >after
touch over
SH

open_terminal() {
    term new-session -d -s t -x 100 -y 30 "env bin='$bin' bash --norc" && term set -g status off
}
in_terminal() { # FILE [WORD=VALUE ...]: a battle is started there
    rm -f over
    term send-keys -t t "clear; bash battle.sh $*" Enter
}
# in_order CODE: the battle has ended with that code, the terminal is as it was, and who types there is answered.
in_order() {
    until_true test -e over || { pane; return 1; }
    [ "$(cat code)" = "$1" ] || { echo "exit code $(cat code), not $1"; pane; return 1; }
    diff before after || return 1
    until_true is_plain || { echo "a screen is left"; pane; return 1; }
    term send-keys -t t "echo answer\$((6 * 7))" Enter
    until_true shown answer42 || { pane; return 1; }
}
with_screen() { # [FILE]
    in_terminal "${1:-idle.yaml}" && until_true is_screen && pid_of top >/dev/null || { pane; return 1; }
}

check "a terminal" open_terminal

# ---- a battle of seconds ----
short() {
    in_terminal short.yaml && until_true is_screen && in_order 0 || return 1
    # The ranking once, and nothing of what the screen had.
    [ "$(pane | grep -c '^rank  earned')" = 1 ] && shown 'verified: the journal gives the same hashes: ' && shown 'all of it lies in dir: '
}
check "a battle is a screen, ends by itself, and the result stands on the terminal" short

# ---- what a user types ----
interrupted() {
    with_screen && term send-keys -t t C-c && in_order 130 && shown 'stopped by signal 2: this is the result until then'
}
check "Ctrl-C ends the battle in order" interrupted
quit() { # at once, as everywhere; a core may be dumped
    with_screen && term send-keys -t t "C-\\" && in_order 131
}
check "Ctrl-\\ ends all at once, and leaves the terminal as it was" quit
left() {
    with_screen && term send-keys -t t q && until_true is_plain && ! pid_of top && kill -0 "$(cat pid)" || return 1
    term send-keys -t t C-c && in_order 130
}
check "q leaves the screen, and the battle goes on" left
stopped_and_continued() {
    rm -f over
    term send-keys -t t "clear; rm -rf dir; stty -g >before; \"$bin/royale\" run --dir dir idle.yaml" Enter
    until_true is_screen && term send-keys -t t C-z && until_true is_plain && until_true shown 'Stopped' || { pane; return 1; }
    term send-keys -t t "stty -g >after" Enter && until_true cmp before after || { diff before after; return 1; }
    term send-keys -t t fg Enter && until_true is_screen || { pane; return 1; }
    term send-keys -t t C-c && until_true shown 'stopped by signal 2' && is_plain || { pane; return 1; }
    term send-keys -t t "stty -g >after; touch over" Enter && until_true test -e over && diff before after
}
check "Ctrl-Z gives the terminal to the shell, fg takes it again" stopped_and_continued
in_background() {
    rm -f over
    term send-keys -t t "clear; rm -rf dir; \"$bin/royale\" run --dir dir idle.yaml" Enter
    until_true is_screen && term send-keys -t t C-z && until_true shown 'Stopped' || { pane; return 1; }
    term send-keys -t t bg Enter "echo answer\$((6 * 7))" Enter && until_true shown answer42 && is_plain || { pane; return 1; }
    term send-keys -t t 'kill -INT %1; wait %1; echo code $?' Enter && until_true shown 'code 130' || { pane; return 1; }
}
check "in the background it draws nothing, and ends in order" in_background
paused() {
    in_terminal short.yaml && until_true is_screen && term send-keys -t t ' ' && until_true shown PAUSED && in_order 0
}
check "a screen that is paused ends with the battle" paused
processes_shown() {
    pane | grep -qE '^exec +runs '
}
stops_nothing() { # Ctrl-S, which would hold back what is drawn
    with_screen && term send-keys -t t C-s && term send-keys -t t 2 && until_true processes_shown || { pane; return 1; }
    term send-keys -t t C-c && in_order 130
}
check "Ctrl-S stops neither screen nor battle" stops_nothing
resized() {
    with_screen && term resize-window -t t -x 60 -y 12 && sleep 0.3 && term resize-window -t t -x 140 -y 40 && sleep 0.3 &&
        pid_of top && is_screen || { pane; return 1; }
    term send-keys -t t C-c && in_order 130
    local code=$?
    term resize-window -t t -x 100 -y 30
    return $code
}
check "another size is no end" resized

# ---- who is killed ----
top_killed() { # SIGNAL
    with_screen && kill "-$1" "$(pid_of top)" && until_true is_plain && until_true shown 'royale: top died: ' && kill -0 "$(cat pid)" || { pane; return 1; }
    term send-keys -t t C-c && in_order 130
}
check "royale-top killed: the terminal is restored, the battle goes on" top_killed KILL
check "so it is when it crashes" top_killed SEGV
royale_killed() {
    with_screen && kill -9 "$(cat pid)" && in_order 137
}
check "royale killed: royale-top gives the terminal back" royale_killed
exporting() { # the screen's page of processes shows it, and that it runs
    pane | grep -qE '^export +runs '
}
another_export() {
    local now
    now=$(pid_of export) && [ "$now" != "$1" ]
}
export_killed() {
    local first
    with_screen export.yaml && first=$(pid_of export) && term send-keys -t t 2 && until_true exporting && kill -9 "$first" || { pane; return 1; }
    until_true another_export "$first" && sleep 2 || return 1 # what its first start has left stands still for two seconds
    until_true exporting && is_screen || { pane; return 1; }
    term send-keys -t t C-c && in_order 130 && shown 'export: started again 1 time'
}
check "a process that is started again is shown again" export_killed
# The shell that has started royale has its prompt back; nobody sets the terminal's modes after it.
royale_killed_at_a_prompt() {
    term send-keys -t t "clear; rm -rf dir; \"$bin/royale\" run --dir dir idle.yaml" Enter
    until_true is_screen && kill -9 "$(pgrep -f "^$bin/royale run --dir dir idle.yaml")" && until_true is_plain || { pane; return 1; }
    until_true sh -c "! pgrep -f '^$bin/royale-top [0-9]' >/dev/null" || return 1
    term send-keys -t t clear Enter "echo answer\$((6 * 7))" Enter && until_true shown answer42 && shown "echo answer\$((6 * 7))" || { pane; return 1; }
}
check "an interactive shell's prompt is usable then" royale_killed_at_a_prompt
said_later() {
    with_screen && kill -9 "$(pid_of view)" && sleep 0.3 && is_screen || { pane; return 1; }
    term send-keys -t t q && until_true shown 'royale: view died: killed by signal 9 (Killed)' || { pane; return 1; }
    term send-keys -t t C-c && in_order 130
}
check "what is said under the screen stands there when it is gone" said_later

# ---- where there is no screen ----
lines_instead() { # WHY WORD=VALUE ...
    local why=$1
    shift
    in_terminal short.yaml "$@" && in_order 0 && [ ! -e dir/log/top.log ] || return 1
    term capture-pane -p -S - -t t | tr -d '\n' | grep -qF -- "no screen, lines instead: $why" || { pane; return 1; }
    term clear-history -t t
}
check "a dumb terminal" lines_instead 'TERM is dumb' TERM=dumb
check "no terminal to be told of" lines_instead 'TERM is not set' TERM=
check "a view that was asked for" lines_instead 'ROYALE_VIEW is json' ROYALE_VIEW=json
unknown() {
    in_terminal short.yaml TERM=nobody-knows && in_order 0 && term capture-pane -p -S - -t t | tr -d '\n' | grep -q 'royale: top died: TERM=nobody-knows is ' || { pane; return 1; }
    term clear-history -t t
}
check "a terminal that royale-top does not know: it says so, and the battle goes on" unknown
without_top() {
    mkdir -p less/bin && ln -s "$bin"/royale* less/bin && rm less/bin/royale-top && ln -s "$bin/../lib" less/lib || return 1
    lines_instead "cannot execute $work/less/bin/royale-top: No such file or directory" "ROYALE_LIBEXEC=$work/less/bin"
}
check "without the program" without_top
in_a_pipe() {
    exits 0 "$royale" run --dir piped short.yaml && ! grep -q 'no screen' out && [ ! -e piped/log/top.log ] && says 'round 1 at ' out
}
check "in a pipe there are lines, and nobody is told why" in_a_pipe

done_testing
