#!/bin/bash
# royale explain over a real battle: by template, and with servers that tell the truth, lie, or let one wait.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/explain.bash
. "$tree/tests/support/explain.bash"

check "the battle runs" explain_battle
"$bin/royale-export" --out rows run 2>/dev/null
rows_of() { grep -cE "^\{\"type\":\"$1\"," rows; }

# ---- by template ----
check "every fill, reject and elimination is explained" exits 0 "$royale" explain run
cp out all
check "which says the moment once" [ "$(grep -c ' EST.* EST' all)" = 0 ]
check "each in a line" [ "$(wc -l <all)" = "$(rows_of '(fill|reject|out)')" ]
for type in fill reject out; do
    check "each $type" exits 0 "$royale" explain --type $type run
    check "and there are some" [ "$(wc -l <out)" -gt 0 ]
    check "as many as rows" [ "$(wc -l <out)" = "$(rows_of $type)" ]
done
check "the last ones" exits 0 "$royale" explain --last 7 run
check "are the end of all" cmp out <(tail -n 7 all)
check "one agent's" exits 0 "$royale" explain --agent crowd-1 --type fill,out run
check "are its own" [ "$(wc -l <out)" = "$(grep -E '^\{"type":"(fill|out)",' rows | grep -c '"agent":"crowd-1"')" ]
check "an agent that there is not" exits 3 "$royale" explain --agent nobody run
check "is named" says 'the battle has no agent nobody' err
check "a type that there is not" exits 2 "$royale" explain --type fills run
check "no journal" exits 3 "$royale" explain nowhere
check "a model's options without a model" exits 2 "$royale" explain --model x run

# ---- by servers ----
# liar WAY ..: starts one; its URL is in $url.
liar() {
    rm -f port
    "$helpers/explain_liar" "$@" >port &
    server=$!
    started+=("$server")
    until_true [ -s port ] || return 1
    url=http://127.0.0.1:$(cat port)
}
liar_ends() {
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
}
n=40

liar either
check "a server that keeps to the grammar" exits 0 "$royale" explain --json --last $n --llm "$url" run
check "is told it as such" says 'the server takes a grammar (gbnf)' err
check "says all of them" says "explained $n: $n in the model's words, 0 by template" err
check "and the truth" judged "$n model, 0 template, 0 false"
check "as lines too" exits 0 "$royale" explain --type out --last 2 --llm "$url" run
check "with the model's words" grep -q ' went out in round [0-9]*; ' out
liar_ends

liar refuses
check "a server with schemas alone" exits 0 "$royale" explain --json --last $n --llm "$url" run
check "is found out" says 'the server takes a JSON schema' err
check "and says the truth" judged "$n model, 0 template, 0 false"
liar_ends

liar grammar cut grammar 'says:maker bought 1 lot of RYA at 1.0000; the fee was 0.' 'status:500 Oh' 'says:' grammar
check "a server that lies now and then" exits 0 "$royale" explain --json --grammar gbnf --last $n --llm "$url" run
check "is counted by reason" says \
    "explained $n: 36 in the model's words, 4 by template: 1 not a sentence of the grammar, 1 cut off, 1 no text in the answer, 1 an HTTP error" err
check "and no lie is shown" judged "36 model, 4 template, 0 false"
check "each fallback has its reason" [ "$(grep -oE '"fallback":"[a-z_]*"' out | sort | tr '\n' ' ')" = \
    '"fallback":"grammar" "fallback":"http" "fallback":"no_answer" "fallback":"truncated" ' ]
liar_ends

liar 'says:All is well.'
check "a server that knows neither" exits 0 "$royale" explain --json --last $n --llm "$url" run
check "is found out, too" says 'the server keeps neither to a grammar nor to a schema' err
check "and nothing of it is shown" judged "0 model, $n template, 0 false"
"$royale" explain --last $n run >template
"$royale" explain --last $n --llm "$url" run >lied 2>/dev/null
check "but the template's sentences" cmp template lied
liar_ends

check "a server that there is not" exits 0 "$royale" explain --last $n --llm http://127.0.0.1:1 run
check "is given up" says '5 no whole answer from the server, 35 not asked, as the server failed several times in a row' err
check "and the template goes on" cmp template out

liar silent
check "a server that says nothing ends with the time for all" exits 0 "$royale" explain --last $n --total 1 --llm "$url" run
check "which is counted" says "not asked, as the time for all was over" err
check "and the template goes on there, too" cmp template out
(umask 077 && echo sesame-open >key)
# asks: it has connected, so it waits for an answer.
asks() {
    awk -v end="$(printf ':%04X' "$(cat port)")" '$3 ~ end "$" && $4 == "01" { found = 1 } END { exit !found }' /proc/net/tcp
}
interrupted() {
    "$royale" explain --last $n --key-file key --llm "$url" run >out 2>err &
    run=$!
    until_true asks || return 1
    tr '\0' ' ' <"/proc/$run/cmdline" >words
    kill -INT "$run"
    ends 0 && says 'stopped; explained 0: ' err && says ' --key-file key ' words
}
check "Ctrl-C ends it in order, with its counts" interrupted
check "the key is nowhere" bash -c '! grep -q sesame out err words'
liar_ends

check "a key in the URL is refused" exits 2 "$royale" explain --llm http://sesame@127.0.0.1:1 run
check "without saying it" bash -c '! grep -q sesame err'
check "a key file that there is not" exits 3 "$royale" explain --llm http://127.0.0.1:1 --key-file none run

done_testing
