#!/bin/bash
# `royale doctor`: one archive with what a question needs, of a battle that is over, of one that runs, of the machine.
# Secrets of every kind are planted where it looks; none is in what it writes or prints.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

agents='agents:
  - {name: noise, strategy: noise, cash: 100000, latency_us: 100,
     params: {instrument: RYA, interval_us: 400000, size_max: 50}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 02:00:00}'
"$royale" generate --itch day.itch --messages 20000 --seed 3 >generate.txt || exit 1
battle 'path: day.itch' "$agents" >day.yaml
check "a battle with agents" run_ok over day.yaml

# ---- what is in it -----------------------------------------------------------------------------
packs_a_battle() {
    exits 0 "$royale" doctor --out over.tar.gz over && says 'written: over.tar.gz' out && tar -xf over.tar.gz &&
        (cd royale-doctor && for file in CONTENTS.txt battle.yaml result.txt results.json counters.txt status.txt counters-now.txt noise.json plan.txt \
            plan.json tune-check.txt tune-check.json tune-verify.txt versions.txt build.txt log/exec.log log/feed0.log box/kernel-line.txt \
            box/interrupts.txt box/cpu.txt; do
            [ -s "$file" ] || { echo "$file is not there, or empty"; return 1; }
        done)
}
check "it packs a battle that is over" packs_a_battle
lists_all() {
    (cd royale-doctor && find . -type f ! -name CONTENTS.txt -printf '%P\n') | sort >files
    sed -n '/^inside/,/^left out/p' out | awk 'NF > 2 && $1 ~ /^[0-9]+$/ { print $2 }' | sort >listed
    diff files listed && says 'inputs.ryj, ' out && says 'the environment' out && [ ! -e royale-doctor/inputs.ryj ]
}
check "what it lists is what is in it, and the journal is not" lists_all
says_what_commands_say() {
    "$royale" plan over/battle.yaml >wanted && diff wanted royale-doctor/plan.txt && "$royale" status over >wanted &&
        diff wanted royale-doctor/status.txt && grep -q '"command": *"check"' royale-doctor/tune-check.json && diff over/result.txt royale-doctor/result.txt &&
        "$royale" version | cmp - royale-doctor/build.txt && says "$("$royale" version | head -n 1)" royale-doctor/versions.txt
}
check "plan, status, result and versions are those of the commands" says_what_commands_say
for_nobody_else() {
    [ "$(stat -c %a over.tar.gz)" = 600 ] && [ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'royale-doctor-*' -newer day.yaml)" ]
}
check "nobody else may read it, and nothing is left beside it" for_nobody_else

# ---- secrets -----------------------------------------------------------------------------------
plant() {
    local key
    mkdir -p secrets && mv royale-doctor first && cp -r over planted
    key=$("$royale" key create --keys secrets/keys --name test --scope read 2>&1 | grep -o 'ryk_[0-9a-f]*_[0-9a-f]*')
    [ -n "$key" ] || return 1
    echo 'planted-in-a-file' >secrets/password
    cat >secrets/kafka.conf <<CONF
bootstrap.servers=broker:9092
sasl.username=trader
sasl.password=\${file:password}
ssl.key.password=planted-in-settings
ssl.keystore.password=\${env:PLANTED_BY_NAME}
sasl.jaas.config=a.Module required \\
  username="x" password="planted-in-jaas";
CONF
    sed 's|size_max: 50|size_max: 50, api_token: planted-in-params, tokens: [planted-in-a-list]|' over/battle.yaml >planted/battle.yaml
    echo "export: {sink: kafka, config: \"$work/secrets/kafka.conf\"}" >>planted/battle.yaml
    cat >>planted/log/exec.log <<LOG
09:30:00 INFO  exec: key $key was used
09:30:01 INFO  exec: password=planted-in-a-log and more of planted-in-a-log
09:30:02 INFO  exec: broker said: bad credentials planted-in-settings planted-in-a-file planted-by-name-only planted-in-jaas
09:30:03 INFO  exec: https://user:planted-in-a-url@host/ Authorization: Bearer planted-In-A-Header0
09:30:04 INFO  exec: the strategy said planted-in-params and planted-in-a-list; its environment planted-in-environment
09:30:05 INFO  exec: {"clientSecret": "planted-in-json", "cash": "1"}
-----BEGIN PRIVATE KEY-----
UGxhbnRlZEluQVBlbUJsb2NrV2l0aE5vdGhpbmdJbkl0
-----END PRIVATE KEY-----
09:30:06 INFO  exec: eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.plantedInAWebToken
09:30:07 INFO  exec: this line stays
LOG
    echo "$key" >planted/log/"$key".log
    printf '%s\n' 'api_key: planted-in-a-strange-file' >planted/note.txt
    echo "$key" >key
}
check "secrets are planted" plant
takes_them_out() {
    PLANTED_TOKEN=planted-in-environment PLANTED_BY_NAME=planted-by-name-only exits 0 "$royale" doctor --out planted.tar.gz planted &&
        tar -xf planted.tar.gz || return 1
    # Blocks of PEM and web tokens are base64: what they begin with is looked for.
    for secret in planted-in planted-by planted-In-A "$(cat key)" "$(cut -d_ -f3 key)" UGxhbnRlZ eyJhbGci plantedInA; do
        if grep -rF -- "$secret" royale-doctor out; then
            echo "$secret is in it"
            return 1
        fi
        if find royale-doctor | grep -F -- "$secret"; then
            echo "$secret is a name in it"
            return 1
        fi
    done
    grep -q 'this line stays' royale-doctor/log/exec.log && grep -q '^sasl.username=trader$' royale-doctor/kafka.conf &&
        grep -q '^sasl.password=\*\*\*$' royale-doctor/kafka.conf && grep -q 'secrets taken out' out && [ ! -e royale-doctor/note.txt ]
}
check "none of them is in the archive, in a name or in what it prints" takes_them_out

# ---- other uses --------------------------------------------------------------------------------
of_the_machine() {
    rm -rf royale-doctor && exits 0 "$royale" doctor --box --out box.tar.gz && tar -xf box.tar.gz && [ -s royale-doctor/plan.txt ] &&
        [ -s royale-doctor/tune-check.txt ] && [ -s royale-doctor/box/kernel.txt ] && [ ! -e royale-doctor/battle.yaml ]
}
check "it packs the machine alone" of_the_machine
of_one_that_runs() {
    battle "$silent" "$agents" >idle.yaml && start idle.yaml || return 1
    exits 0 "$royale" doctor --out runs.tar.gz "$dir" && rm -rf royale-doctor && tar -xf runs.tar.gz &&
        grep -q 'runs' royale-doctor/status.txt && [ -s royale-doctor/log/exec.log ]
    local result=$?
    kill -INT "$run"
    ends 130 && return "$result"
}
check "it packs a battle that runs" of_one_that_runs
what_is_left_of_one() {
    mkdir -p left/log && cp over/inputs.ryj left && echo 'said' >left/log/exec.log && exits 0 "$royale" doctor --out left.tar.gz left &&
        says 'battle.yaml                  No such file' out && says 'log/exec.log' out
}
check "it packs what is left of a battle" what_is_left_of_one
no_link_is_followed() {
    mkdir -p linked elsewhere && cp over/inputs.ryj linked && echo 'not yours' >elsewhere/exec.log && ln -s "$work/elsewhere" linked/log &&
        ln -s "$work/elsewhere/exec.log" linked/result.txt && exits 0 "$royale" doctor --out linked.tar.gz linked &&
        says 'log                          is no folder here' out && rm -rf royale-doctor && tar -xf linked.tar.gz &&
        ! grep -r 'not yours' royale-doctor
}
check "it follows no link out of the battle's directory" no_link_is_followed
refused() {
    exits 3 "$royale" doctor absent && exits 3 "$royale" doctor secrets && exits 2 "$royale" doctor && exits 2 "$royale" doctor --box over &&
        exits 2 "$royale" doctor over over && exits 1 "$royale" doctor --out absent/x.tar.gz over && says 'absent' err
}
check "what it cannot do it says, with its exit code" refused

done_testing
