#!/bin/bash
# The commands of royale: help, wrong words, `check` and `keys`, and the exit codes of each.
# shellcheck disable=SC2016 # backquotes are part of what is said
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

# ---- help ----
check "without a command it fails" exits 2 "$royale"
check "and it lists the commands" says '  run       run the battle of a battle file' err
check "help" exits 0 "$royale" help
check "--help" exits 0 "$royale" --help
check "version" exits 0 "$royale" version
check "--version" exits 0 "$royale" --version
for command in run check keys codes counters rows generate replay why topology; do
    check "$command --help" exits 0 "$royale" $command --help
    cp out "$command.help"
    check "and it shows the usage of $command" says "royale $command" out
    check "help $command says the same" exits 0 "$royale" help $command
    check "to the letter" cmp out $command.help
    check "$command with an unknown option" exits 2 "$royale" $command --nonsense
done
check "an unknown command" exits 2 "$royale" chekc
check "and the nearest is named" says 'royale: no command chekc, perhaps check; `royale help` lists them' err
check "one that is near nothing" exits 2 "$royale" zzzzzzzz
check "names none" says 'royale: no command zzzzzzzz; `royale help` lists them' err
check "help of an unknown command" exits 2 "$royale" help zzzzzzzz
check "run without a file" exits 2 "$royale" run
check "check with two files" exits 2 "$royale" check a b

# ---- output that does not arrive ----
# lost COMMAND ...: what it prints goes to a full disk; it must say so and fail.
lost() {
    local code
    "$@" >/dev/full 2>err
    code=$?
    [ "$code" = 1 ] && says 'the output could not be written' err && return 0
    echo "exit code $code, not 1"
    return 1
}
"$royale" generate --messages 2000 --itch data.itch >/dev/null || exit 1
battle 'path: data.itch' >full.yaml
for command in help --version version keys 'keys --man' codes counters rows topology 'run --help' 'check full.yaml' \
    'generate --messages 10000 --itch full.itch'; do
    # shellcheck disable=SC2086 # a command with its arguments
    check "the output of royale $command is lost with a sentence" lost "$royale" $command
done
for program in royale-view royale-export; do
    check "the output of $program --help too" lost "$bin/$program" --help
done

# ---- check ----
battle 'path: data.itch' >good.yaml
check "a good file" exits 0 "$royale" check good.yaml
check "is said to be ok" says 'good.yaml: ok' out
check "its hours in both clocks" says 'trading from 2026-01-05 09:30:00 EST (14:30:00 UTC)' out
check "its placement" says 'placement: ' out
echo 'bootstrap.servers=127.0.0.1:9092' >kafka.conf # demo-kafka's
for example in demo-file demo-dpdk demo demo-kafka es-hours es-battle; do
    cp "$tree/docs/examples/$example.yaml" .
    check "the example $example is right, but for its data" exits 3 "$royale" check $example.yaml
    check "and says so" says "$example.yaml: no mistake in it, but 1 of its files cannot be used" out
done
{ cat good.yaml; echo 'placment: {}'; } >unknown.yaml
check "an unknown key" exits 2 "$royale" check unknown.yaml
check "with its place and the nearest" says 'unknown.yaml:16:1: placment: unknown key, perhaps placement; allowed: ' err
check "run refuses it alike" exits 2 "$royale" run --dir no unknown.yaml
check "and makes nothing" test ! -e no
sed 's/trade_from: .*/trade_from: noon/' good.yaml >noon.yaml
check "a wrong value" exits 2 "$royale" check noon.yaml
check "with its place" says 'noon.yaml:6:15: market.trade_from: "noon" is no time; allowed: ' err
sed 's/^feeds:.*/feeds: [/' good.yaml >syntax.yaml
check "what is no YAML" exits 2 "$royale" check syntax.yaml
check "with libyaml's words" says 'no valid YAML: ' err
check "a file that is not there" exits 2 "$royale" check nothing.yaml
check "is named" says 'nothing.yaml: cannot be read: No such file or directory' err
check "run says the same" exits 2 "$royale" run --dir no nothing.yaml
check "as royale(1) has it" exits 0 awk '/^\.B 2/ { getline; two = /battle file that .*cannot be read/ } END { exit !two }' "$tree/docs/man/royale.1"
{ printf '['; yes 1, | head -n 262200 | tr -d '\n'; echo ']'; } >large.yaml
check "a file of too many values" exits 2 "$royale" check large.yaml
check "with their number" says 'the file is too large; allowed: 262144 nodes' err
sed 's/date: .*/date: 2026-11-01/; s/trade_from: .*/trade_from: 01:30/' good.yaml >twice.yaml
check "a time that the clocks show twice" exits 2 "$royale" check twice.yaml
check "is not guessed" says 'twice.yaml:6:15: market.trade_from: comes twice in America/New_York on that day: clocks go back over it; allowed: a time that the clocks there show once' err
sed 's/trade_from: .*/trade_from: 02:00/' twice.yaml >once.yaml
check "the hour behind it comes once" exits 0 "$royale" check once.yaml
sed 's/trade_from: .*/trade_from: 00:59:59.999/' twice.yaml >once.yaml
check "and the one before" exits 0 "$royale" check once.yaml
sed 's/date: .*/date: 2026-11-01/; s,zone: .*,zone: America/Havana,' good.yaml >havana.yaml
check "a day begins at its first midnight" exits 0 "$royale" check havana.yaml
check "though there are two" says 'warm-up from 2026-11-01 00:00:00 CDT' out
{ cat good.yaml; echo 'placement: {exec: 1000}'; } >core.yaml
check "a core that is not there" exits 2 "$royale" check core.yaml
check "with its place" says 'core.yaml:16:19: placement.exec: "1000" is no core that royale may use here' err
one=$(one_core)
check "cores that are there" exits 2 taskset -c "$one" "$royale" check core.yaml
check "are named" says "is no core that royale may use here; allowed: $one" err

# ---- agents ----
sed 's/day.pcap/data.itch/; s/port: dpdk/port: file/' demo.yaml >agents.yaml
check "a battle with agents" exits 0 "$royale" check agents.yaml
check "names each" says 'agent 7: crowd-3, strategy ' out
check "with its latency" says 'cash 1000000 USD, latency 200 to 500 us' out
check "and its limits" says '  limits: order 1000 lots and 250000, position 5000 lots, 50 open orders, 100 commands a second' out
check "says the rounds" says 'rounds: 2700 s each, the last of each is out, 8 until the end of trading' out
sed 's/collar_ppm: [0-9]*/collar_ppm: 500/' agents.yaml >collar.yaml
check "a collar that is narrow for low prices" exits 0 "$royale" check collar.yaml
check "is told with the price" says 'warning: a collar of 500 ppm is less than a tick of RYA below 20.0000, and so for the others: there only the last trade' out
sed 's/collar_ppm: [0-9]*/collar_ppm: 500\n  collar_ticks: 5/' agents.yaml >collar.yaml
check "one in ticks beside it is wide enough" exits 0 "$royale" check collar.yaml
check "and nothing is said" bash -c '! grep "warning: a collar" out'
"$royale" check agents.yaml >out
check "nor of a wide one" bash -c '! grep "warning: a collar" out'
sed '/loss_max/d' agents.yaml >limit.yaml
check "a missing limit is a mistake" exits 2 "$royale" check limit.yaml
check "that is named" says 'risk.loss_max: is missing, and agents[0].risk has none; allowed: ' err
sed 's/strategy: maker/strategy: markar/' agents.yaml >markar.yaml
check "a strategy that is not there" exits 2 "$royale" check markar.yaml
check "is named with the nearest and all" says 'agents[0].strategy: "markar" is no installed strategy, perhaps maker; allowed: maker, noise, twap, or a file, with a slash: ./mine.so' err
sed 's/strategy: maker/strategy: other/' agents.yaml >other.yaml
mkdir strategies && cp "$bin/../lib/royale/twap.so" strategies/other.so
check "ROYALE_STRATEGIES has more" exits 0 env ROYALE_STRATEGIES=strategies "$royale" check other.yaml

# ---- the files that a battle file names ----
# broken NAME WORDS: a battle whose first feed's file is NAME is refused, by check and by run, with those words.
broken() {
    sed "s|path: data.itch|path: $1|" good.yaml >broken.yaml
    exits 3 "$royale" check broken.yaml && says 'broken.yaml: no mistake in it, but 1 of its files cannot be used' out &&
        says "royale: feed itch: $work/$1: $2" err && exits 3 "$royale" run --dir never broken.yaml && says "$2" err &&
        [ ! -e never ]
}
: >empty.itch
gzip -c empty.itch >empty.gz
gzip -c data.itch | head -c 1000 >cut.gz
zstd -qc data.itch | head -c 7 >cut.zst
cp data.itch secret.itch && chmod 0 secret.itch
check "a feed's file that is not there" broken nothing.itch 'cannot be read: No such file or directory'
check "that is empty" broken empty.itch 'is empty: there is no market data in it'
check "whose archive is empty" broken empty.gz 'is an empty gzip file: there is no market data in it'
check "whose gzip archive is cut off at once" broken cut.gz 'the archive is cut off'
check "whose zstd archive is" broken cut.zst 'the archive is cut off'
check "that is a folder" broken strategies 'is a folder; allowed: a file'
if [ "$(id -u)" != 0 ]; then
    check "that may not be read" broken secret.itch 'cannot be read: Permission denied'
else
    # A user of root's powers reads all; without them the file stays closed.
    denied() {
        for_others && sed "s|path: data.itch|path: secret.itch|" good.yaml >secret.yaml || return 1
        as_other_user "$royale" check secret.yaml >denied.txt 2>&1
        [ $? = 3 ] && says 'secret.itch: cannot be read: Permission denied' denied.txt
    }
    check "that may not be read" denied
fi
# A DBN file of so many bytes of metadata, all zero but the schema and the bytes of a symbol; no symbol is in it.
dbn() {
    printf 'DBN\003\170\0\0\0' && head -c 16 /dev/zero && printf '%b' "\\0$1\\0" && head -c 27 /dev/zero && printf 'G\0' &&
        head -c 73 /dev/zero
}
dbn 4 >trades.dbn
dbn 0 >nobody.dbn
refused() {
    sed "s|format: itch50, path: data.itch|format: dbn, path: $1|" good.yaml >dbn.yaml
    exits 3 "$royale" check dbn.yaml && says "royale: feed itch: $work/$1: $2" err
}
check "a DBN file of another schema" refused trades.dbn 'schema trades (4) does not hold every order: royale needs schema mbo'
check "a DBN file without the battle's symbols" refused nobody.dbn "none of the battle's symbols is in the file"
mkfifo pipe
piped() {
    sed "s|path: data.itch|path: pipe|" good.yaml >piped.yaml
    timeout 20 "$royale" check piped.yaml >out 2>err && says 'piped.yaml: ok' out
}
check "a pipe is left alone" piped

# A strategy's file is read as data.
# unfit NAME WORDS: the same for the file of a strategy.
unfit() {
    sed "s|strategy: maker|strategy: ./$1|" agents.yaml >unfit.yaml
    exits 3 "$royale" check unfit.yaml && says 'unfit.yaml: no mistake in it, but 1 of its files cannot be used' out &&
        says ": strategy $work/./$1: $2" err
}
strategy() {
    ${CC:-cc} -shared -fPIC -I"$bin/../include" -x c - -o "$1"
}
echo 'int nothing;' | strategy nothing.so
printf '#include "royale/agent.h"\n__attribute__((visibility("default"))) const struct ry_strategy ry_strategy = {.abi = 99, .bytes = 8};\n' | strategy old.so
printf '#include "royale/agent.h"\n__attribute__((visibility("default"))) const struct ry_strategy ry_strategy = {.abi = RY_AGENT_ABI, .bytes = 8};\n' | strategy short.so
printf '#include <stdlib.h>\n#include "royale/agent.h"\n__attribute__((constructor)) static void boom(void) { abort(); }\nRY_STRATEGY(.state_bytes = 1);\n' | strategy boom.so
head -c 3000 old.so >half.so
cp old.so other_machine.so && printf '\267' | dd of=other_machine.so bs=1 seek=18 conv=notrunc status=none
check "a strategy that is a text" unfit good.yaml 'is no shared library: build it as docs/AGENTS.md says'
check "a library without a strategy" unfit nothing.so 'exports no ry_strategy: RY_STRATEGY(...) is missing'
check "one for another agent.h" unfit old.so "was compiled for version 99 of agent.h, this is 3: build it again with this royale's agent.h"
check "one of another size" unfit short.so "has a struct ry_strategy of 8 bytes, version 3 of agent.h has one of"
check "one that is cut off" unfit half.so 'is cut off or damaged: build it as docs/AGENTS.md says'
check "one for another machine" unfit other_machine.so 'was built for another kind of machine: build it here'
check "a strategy that is a folder" unfit strategies 'is a folder; allowed: a file'
not_run() {
    sed "s|strategy: maker|strategy: ./boom.so|" agents.yaml >boom.yaml
    exits 0 "$royale" check boom.yaml && says "strategy $work/./boom.so" out
}
check "no line of a strategy runs" not_run
if [ "$(id -u)" = 0 ]; then
    cp "$bin/../lib/royale/twap.so" rooted.so && chmod 640 rooted.so
    check "one that only root may read" unfit rooted.so 'may not be read by agents, which run as users of their own: chmod o+r'
else
    skip "one that only root may read" "not started as root"
fi
four_at_once() {
    sed "s|path: data.itch|path: empty.itch|; s|strategy: maker|strategy: ./old.so|" agents.yaml >four.yaml
    sed -i "s|strategy: twap|strategy: ./half.so|; s|strategy: noise|strategy: ./nothing.so|" four.yaml
    exits 3 "$royale" check four.yaml && says 'but 4 of its files cannot be used' out && [ "$(wc -l <err)" = 4 ]
}
check "all of them are named at once" four_at_once

# ---- keys ----
check "keys" exits 0 "$royale" keys
check "have the instruments' symbol" says 'market.instruments[].symbol (required)' out
check "the manual page" exits 0 "$royale" keys --man
check "begins as one" says '.TH ROYALE\-BATTLE 5' out

# ---- codes ----
check "codes" exits 0 "$royale" codes
check "have each set" says 'session: whether a feed'"'"'s market is open' out
check "and what to do" says '-> round it with ry_round_down or ry_round_up' out
check "one set" exits 0 "$royale" codes --markdown out
check "is one table" test "$(grep -c '^|---' out)" = 1
check "with all its codes" says '| 5 | `stalled` | ' out
check "a set that there is not" exits 2 "$royale" codes rejects
check "is named" says 'royale: no set of codes rejects' err
check "the documents have what is printed" "$tree/tools/docs.sh" compare "$bin/.." "$tree"/docs/*.md

# ---- counters ----
# manual FILE: the page is one, without a warning.
manual() {
    local warnings
    warnings=$(man --warnings -l "$1" 2>&1 >/dev/null) || return 1
    [ -z "$warnings" ] || { echo "$warnings"; return 1; }
}
check "counters" exits 0 "$royale" counters
check "have each role" says 'journal: royale-journal' out
check "kind and unit" says '  state_hash                 hash     hash ' out
check "and what to do" says '-> raise market.orders_max in the battle file' out
check "of one role" exits 0 "$royale" counters --markdown agent
check "as a table" says '| `full` | counter | commands | ' out
check "a role that there is not" exits 2 "$royale" counters agents
check "is named" says 'royale: no role and no directory agents' err
mkdir idle
check "a directory without a battle" exits 1 "$royale" counters idle
check "is said to have none" says 'royale: idle: no battle runs there' err
check "the manual page" exits 0 "$royale" counters --man
check "begins as one" says '.TH ROYALE\-COUNTERS 7' out
mv out royale-counters.7
# royale(1) has each command of `royale help` in its synopsis and among its commands.
in_manual() {
    local section command
    "$royale" help | sed -nE 's/^  ([a-z]+) .*/\1/p' >commands
    [ "$(wc -l <commands)" -gt 10 ] || return 1
    for section in SYNOPSIS COMMANDS; do
        awk -v section=$section '/^\.SH/ { on = $2 == section } on' "$tree/docs/man/royale.1" >part
        while read -r command; do
            grep -qE "^\.B[A-Z]* (royale )?$command( |$)" part || { echo "$section lacks $command"; return 1; }
        done <commands
    done
}
check "royale(1) has every command" in_manual
if command -v man >/dev/null && command -v groff >/dev/null; then
    check "is one without a warning" manual ./royale-counters.7
    check "and so is royale(1)" manual "$tree/docs/man/royale.1"
else
    tests=$((tests + 1))
    echo "ok $tests - is one without a warning # SKIP no man or no groff on this machine"
fi

# ---- what is installed ----
# all_installed: each document of the tree lies where `make install` puts it, and its links lead somewhere.
all_installed() {
    local file there link share=$work/root/usr/share result=0
    make -s -C "$tree" install-docs BUILD="$(dirname "$bin")" DESTDIR="$work/root" PREFIX=/usr || return 1
    while read -r file; do
        there=$share/doc/royale/$file
        case $file in docs/man/*) there=$share/man/man${file##*.}/${file##*/} ;; esac
        cmp -s "$tree/$file" "$there" || { echo "$file is not installed"; result=1; }
    done < <(cd "$tree" && find README.md LICENSE CHANGELOG.md CONTRIBUTING.md docs -type f)
    while IFS=: read -r file link; do
        [ -e "$(dirname "$file")/$link" ] || { echo "$file: $link is not there"; result=1; }
    done < <(cd "$share/doc/royale" && grep -roE '\]\([A-Za-z][^):#]*' --include='*.md' . | sed "s|^\./|$share/doc/royale/|; s|](||")
    [ -s "$share/man/man5/royale-battle.5" ] && [ -s "$share/man/man7/royale-counters.7" ] && return $result
}
check "all documents are installed, and lead to each other" all_installed
# schemas_installed: what readers of rows need lies where docs/RECORDS.md says, as `royale rows` prints it.
schemas_installed() {
    local there=$work/root/usr/share/royale/schemas
    make -s -C "$tree" install-schemas BUILD="$(dirname "$bin")" DESTDIR="$work/root" PREFIX=/usr || return 1
    "$royale" rows --proto | cmp - "$there/royale.proto" &&
        "$royale" rows --schema | cmp - "$there/royale.schema.json" &&
        "$royale" rows --clickhouse | cmp - "$there/royale.clickhouse.sql"
}
check "so are the schemas of rows" schemas_installed

# ---- the roles, by hand ----
for role in exec feed journal; do
    check "royale-$role by hand" exits 2 "$bin/royale-$role" 0 .
    check "says what it is" says 'started by `royale run`' err
done

done_testing
