#!/bin/bash
# TLS and passwords: an export gets through with what its settings say, and the password is nowhere else.
set -u
# shellcheck source=tests/kafka/kafka.bash
. "$(dirname "$0")/kafka.bash"
needs_kafka "TLS and passwords"

make_day 200000 || exit 1
crowd 1000000 >battle.yaml
check "Kafka starts, with TLS and passwords" kafka_up --security sasl_ssl
check "its settings for clients are their owner's alone" [ "$(stat -c %a "$brokers/kafka.conf")" = 600 ]
secret=$(<"$brokers/password")
check "a battle runs" run_ok battle battle.yaml

# found: the secret stands where it must not: in the words or the environment of any process but those that were given
# it, in a folder of a battle, in what was said.
found() { # PROCESS-THAT-MAY ...
    local pid may=" $* $$ $BASHPID "
    for pid in /proc/[0-9]*; do
        pid=${pid#/proc/}
        grep -qaF "$secret" "/proc/$pid/cmdline" 2>/dev/null && echo "in the words of process $pid" && return 0
        [[ $may == *" $pid "* ]] && continue
        grep -qaF "$secret" "/proc/$pid/environ" 2>/dev/null &&
            echo "in the environment of process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")" && return 0
    done
    grep -rqaF "$secret" battle ./*.txt out err said* self 2>/dev/null &&
        echo "in $(grep -rlaF "$secret" battle ./*.txt out err said* self 2>/dev/null)"
}

nowhere() {
    ! found "$@"
}

# ---- a password from a file, by SCRAM ----
settings royale.appliance=box1 debug=security
check "the topics are made" init
suggested() {
    local line
    line=$(sed -n 's/^kcat /kcat /p' kafka.up) && [ -n "$line" ] && bash -c "$line" >out 2>err && says 'royale.fills.v1' out && return
    cat kafka.up err
    return 1
}
check "the line for kcat that is said after the start works" suggested
settings royale.appliance=box1 royale.topic.fills.partitions=9
command_config() {
    exits 1 "$royale" kafka init --config "$conf" && matches 1 'kafka-topics.sh .* --command-config admin.properties ' out &&
        says 'sasl.jaas.config' out
}
check "what Kafka's own scripts need is said" command_config
settings royale.appliance=box1 debug=security
check "a battle is exported" export_all battle
cp err said.file
check "verify says equal" equal battle
check "the password is nowhere" nowhere

# ---- from the environment, by PLAIN, and in a battle: agents, whose code is anybody's, do not have it ----
settings royale.appliance=box1
sed -i "s/^sasl.mechanism=.*/sasl.mechanism=PLAIN/; s/^sasl.password=.*/sasl.password=\${env:KAFKA_PASSWORD}/" "$conf"
check "without it in the environment it is said which is missing" exits 3 "$export" --sink kafka --config "$conf" battle
check "by name" says KAFKA_PASSWORD err
itself() {
    { crowd 500000 8 && printf 'export: {sink: kafka, config: %s, end_s: 60}\n' "$conf"; } >self.yaml
    KAFKA_PASSWORD=$secret "$royale" run --dir self self.yaml >out 2>err &
    run=$!
    started+=("$run")
    until_true has_started out || { cat err; return 1; }
    sleep 0.5
    pgrep -P "$run" -x royale-agent >agents && pgrep -P "$run" >all || return 1
    mapfile -t house < <(grep -vxFf agents all)
    nowhere "$run" "${house[@]}" || return 1
    ends 0 && KAFKA_PASSWORD=$secret equal self
}
check "a battle exports itself with a password from the environment" itself
check "which is nowhere else, then and afterwards" nowhere

# ---- what is refused ----
refused() { # WORD
    ! timeout 60 "$royale" kafka verify --config "$conf" battle >out 2>err && grep -qi "$1" err && return
    cat out err
    return 1
}

wrong() {
    cp "$brokers/kafka.conf" "$conf"
    echo wrong >wrong
    sed -i "s|^sasl.password=.*|sasl.password=\${file:$PWD/wrong}|" "$conf"
    refused authentication
}
check "a wrong password is said" wrong
nobody() {
    cp "$brokers/kafka.conf" "$conf"
    sed -i '/^ssl.ca.location/d' "$conf"
    refused certificate
}
check "a certificate of an unknown authority is said" nobody
kafka_down
done_testing
