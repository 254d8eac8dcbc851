# shellcheck shell=bash disable=SC2154 # what tests/e2e/support.bash sets
# A terminal of tmux, with one pane called t, for tests of programs that draw. Sourced, on top of tests/e2e/support.bash;
# the terminal ends with the test.
term() {
    tmux -S "$work/tmux" -f /dev/null "$@"
}
close_terminal() {
    term kill-server 2>/dev/null
    finish
}
trap close_terminal EXIT
pane() { # what stands on the terminal
    term capture-pane -p -t t
}
shown() { # TEXT: stands there
    pane | grep -qF -- "$1"
}
is_screen() { # a program has the terminal to itself
    [ "$(term display -p -t t '#{alternate_on}')" = 1 ]
}
is_plain() {
    [ "$(term display -p -t t '#{alternate_on} #{cursor_flag}')" = '0 1' ]
}
