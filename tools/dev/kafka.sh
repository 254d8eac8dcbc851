#!/bin/bash
# A real Kafka on this machine, for trying and testing; `royale dev kafka` runs this script.
usage() {
    cat <<'END'
usage: royale dev kafka up|down|status [OPTIONS]
Starts Apache Kafka on this machine, with nothing to set up: it is fetched once with Maven (46 MB, into
~/.cache/royale), and listens on 127.0.0.1 only.
  up              starts what does not run, waits until it is ready, says what to type next
  down            stops it; the data stays
  status          what runs; exit code 1: not all of it
  fetch           only fetches it
  --nodes N       1 or 3 brokers (1, or as many as the folder has)
  --port N        of the first broker (9092); the others have the next two, and N + 10 to N + 22 are used as well
  --dir DIR       data, logs, settings (~/.local/state/royale/kafka)
  --security WHAT plaintext (default), or sasl_ssl: passwords and TLS, made anew for DIR
  --only N        this broker alone: up and down leave the others as they are
  --advertise N   clients are told this port instead, in which a proxy stands before the one broker
  --no-wait       up: does not wait until it is ready
  --delete        down: the data, too
Environment: KAFKA_VERSION (3.9.2), KAFKA_READY_S (60: how long up waits), XDG_CACHE_HOME, XDG_STATE_HOME.
Exit codes: 0 ok, 1 failed, 2 wrong arguments, 3 something is missing here: it is said which package.
END
}
set -uo pipefail

version=${KAFKA_VERSION:-}
readonly version_default=3.9.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/royale
readonly ready_s=${KAFKA_READY_S:-60} stop_s=10 user=royale
# A log of warnings, and the line that says that a broker is ready.
java_log=(-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info
    -Dorg.slf4j.simpleLogger.showDateTime=true '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS')
readonly ready_line='Kafka Server started'

# fail CODE TEXT ...
fail() {
    local code=$1
    shift
    printf 'royale dev kafka: %s\n' "$*" >&2
    exit "$code"
}

wrong() {
    fail 2 "$*; royale dev kafka --help"
}

needs_command() {
    command -v "$1" >/dev/null || fail 3 "there is no $1 here; apt-get install $2"
}

# ---- the archives ----
pom() {
    cat <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>royale</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
END
}

# Classes that one start has loaded are mapped by the next; the archive of them is of one Java.
java_run() { # CLASS ARGUMENTS: with the archives
    exec java -Xms64m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$classes_option=$classes" -Xlog:disable \
        "${java_log[@]}" -cp "$libs/*" "$@"
}

# A broker that runs for a moment makes it. Without it all works as well, but a start takes a second longer.
make_classes() {
    local try archive=$classes
    try=$(mktemp -d "$cache/try-XXXXXX") || return
    # As the functions below see them.
    local dir=$try nodes=1 port=$((20000 + RANDOM % 10000)) security=plaintext
    local advertise=$port classes=$try/classes.jsa classes_option=-XX:ArchiveClassesAtExit
    (make_folder && start 1 && wait_ready 1 && stop 1) >/dev/null 2>&1
    mv "$classes" "$archive" 2>/dev/null
    rm -rf "$try"
}

fetch() {
    libs=$cache/kafka-$version
    needs_command java default-jre-headless
    if [ ! -d "$libs" ]; then
        needs_command mvn maven
        mkdir -p "$cache" || fail 1 "cannot make $cache"
        local new
        new=$(mktemp -d "$cache/fetch-XXXXXX") || fail 1 "cannot write to $cache"
        pom >"$new/pom.xml"
        echo "fetching Apache Kafka $version into $libs" >&2
        if ! timeout 600 mvn -q -B -f "$new/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
            -DoutputDirectory="$new/libs" >"$new/log" 2>&1; then
            grep -m 3 '^\[ERROR\]' "$new/log" >&2
            rm -rf "$new"
            fail 3 "Maven could not fetch Apache Kafka $version; is there a network, is there such a version (KAFKA_VERSION)?"
        fi
        mv -T "$new/libs" "$libs" 2>/dev/null # another one may have been faster
        rm -rf "$new"
    fi
    classes=$libs/classes-$(java -version 2>&1 | cksum | cut -d' ' -f1).jsa classes_option=-XX:SharedArchiveFile
    [ -e "$classes" ] || make_classes
}

# ---- a folder: settings, and for each broker node1 .. node3: its settings, data, log, process ----
node() {
    echo "$dir/node$1"
}

# listeners NODE PORT: for clients, and for brokers among themselves, which a proxy before the first must not disturb.
listeners() {
    local protocol=PLAINTEXT
    [ "$security" = plaintext ] || protocol=SASL_SSL
    echo "$protocol://127.0.0.1:$(($2 + $1 - 1)),INTERNAL://127.0.0.1:$((port + $1 + 19))"
}

properties() { # NODE
    local i voters=''
    for ((i = 1; i <= nodes; i++)); do voters+=${voters:+,}$i@127.0.0.1:$((port + 9 + i)); done
    cat <<END
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$voters
listeners=$(listeners "$1" "$port"),CONTROLLER://127.0.0.1:$((port + 9 + $1))
advertised.listeners=$(listeners "$1" "$advertise")
controller.listener.names=CONTROLLER
inter.broker.listener.name=INTERNAL
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
log.dirs=$(node "$1")/data
auto.create.topics.enable=false
num.partitions=4
default.replication.factor=$nodes
min.insync.replicas=$((nodes > 1 ? 2 : 1))
offsets.topic.num.partitions=4
offsets.topic.replication.factor=$nodes
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=$nodes
transaction.state.log.min.isr=$((nodes > 1 ? 2 : 1))
group.initial.rebalance.delay.ms=0
# A broker that was killed is let in again as soon as its old session is over.
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
# The others do not wait half a minute for one that stands still.
replica.socket.timeout.ms=2000
replica.lag.time.max.ms=5000
controller.socket.timeout.ms=1500
END
    [ "$security" = sasl_ssl ] || return 0
    cat <<END
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_$user="$(<"$dir/password")";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.ssl.keystore.type=PEM
listener.name.sasl_ssl.ssl.keystore.location=$dir/tls/server.pem
END
}

# An authority of the folder's own, the certificate that it gives to 127.0.0.1, a password.
make_secrets() {
    needs_command openssl openssl
    mkdir -p "$dir/tls" || return
    (
        umask 077
        openssl rand -hex 16 >"$dir/password" &&
            openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=royale dev kafka' \
                -keyout "$dir/tls/ca.key" -out "$dir/tls/ca.pem" &&
            openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout "$dir/tls/server.key" \
                -out "$dir/tls/server.csr" &&
            openssl x509 -req -days 3650 -in "$dir/tls/server.csr" -CA "$dir/tls/ca.pem" -CAkey "$dir/tls/ca.key" \
                -CAcreateserial -extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$dir/tls/server.crt" &&
            cat "$dir/tls/server.key" "$dir/tls/server.crt" "$dir/tls/ca.pem" >"$dir/tls/server.pem"
    ) >/dev/null 2>"$dir/tls/log" || { cat "$dir/tls/log" >&2; return 1; }
}

# What clients are told: a settings file of librdkafka and of royale-export.
client_settings() {
    echo "bootstrap.servers=$(bootstrap)"
    [ "$security" = sasl_ssl ] || return 0
    cat <<END
security.protocol=SASL_SSL
ssl.ca.location=$dir/tls/ca.pem
sasl.mechanism=SCRAM-SHA-512
sasl.username=$user
sasl.password=\${file:$dir/password}
END
}

# The same for kcat, which knows no secrets in files of their own.
kcat_settings() {
    client_settings | sed '/^sasl.password=/d'
    echo "sasl.password=$(<"$dir/password")"
}
kcat_words() {
    if [ "$security" = sasl_ssl ]; then echo "-F $dir/kcat.conf"; else echo "-b $(bootstrap)"; fi
}

bootstrap() {
    local i list=
    for ((i = 1; i <= nodes; i++)); do list+=${list:+,}127.0.0.1:$((advertise + i - 1)); done
    echo "$list"
}

# What the folder is made with stands in DIR/made.
make_folder() {
    local i
    mkdir -p "$dir" || return
    printf '%s ' nodes="$nodes" port="$port" advertise="$advertise" security="$security" version="$version" >"$dir/made"
    [ "$security" = plaintext ] || make_secrets || return
    (umask 077 && client_settings >"$dir/kafka.conf")
    for ((i = 1; i <= nodes; i++)); do
        mkdir -p "$(node $i)" && (umask 077 && properties $i >"$(node $i)/server.properties") || return
    done
}

# format NODE: its data, empty. Words of an @-file are not seen in the list of processes.
format() {
    local words
    words=$(node "$1")/format.words
    (
        umask 077
        printf '"%s"\n' kafka.tools.StorageTool format -t cm95YWxlLWRldi1rYWZrYQ -c "$(node "$1")/server.properties"
        [ "$security" = plaintext ] ||
            printf '"%s"\n' --add-scram "SCRAM-SHA-512=[name=$user,password=$(<"$dir/password")]"
    ) >"$words"
    (java_run "@$words") >"$(node "$1")/format.log" 2>&1 || { cat "$(node "$1")/format.log" >&2; return 1; }
    rm -f "$words"
}

# ---- processes ----
# The process of a node; fails where it does not run. A number may have passed to another process.
pid_of() {
    local pid
    pid=$(cat "$(node "$1")/pid" 2>/dev/null) && [ -n "$pid" ] &&
        { tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qxF "$(node "$1")/server.properties" && echo "$pid"
}

taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start() { # NODE
    local home
    home=$(node "$1")
    [ -d "$home/data" ] || format "$1" || fail 1 "broker $1 could not be made: see $home/format.log"
    : >"$home/log"
    (java_run kafka.Kafka "$home/server.properties") </dev/null >>"$home/log" 2>&1 &
    echo $! >"$home/pid"
    disown
    # From here on whoever looks finds it; another `up` would start it twice.
    while ! pid_of "$1" >/dev/null && [ -e "/proc/$!" ]; do sleep 0.01; done
}

wait_ready() { # NODE
    local i home
    home=$(node "$1")
    for ((i = 0; i < ready_s * 20; i++)); do
        grep -q "$ready_line" "$home/log" && return
        [ $i -lt 20 ] || pid_of "$1" >/dev/null || break
        sleep 0.05
    done
    tail -n 5 "$home/log" >&2
    fail 1 "broker $1 did not become ready in $ready_s s; its log: $home/log"
}

# stop NODE: in order; at once, if that takes too long. One that a signal has stopped goes on for it.
stop() {
    local pid i
    pid=$(pid_of "$1") || return 0
    kill -TERM "$pid"
    kill -CONT "$pid"
    for ((i = 0; i < stop_s * 20; i++)); do
        pid_of "$1" >/dev/null || return 0
        sleep 0.05
    done
    kill -KILL "$pid"
}

# ---- commands ----
# The brokers that are meant.
chosen() {
    if [ -n "$only" ]; then echo "$only"; else seq "$nodes"; fi
}

# Takes what DIR was made with, which options may not change.
read_folder() {
    local word words key value
    read -ra words <"$dir/made"
    for word in "${words[@]}"; do
        key=${word%%=*} value=${word#*=}
        [ -z "${!key}" ] || [ "${!key}" = "$value" ] ||
            fail 2 "$dir was made with $key $value, not ${!key}; another --dir, or: royale dev kafka down --delete --dir $dir"
        printf -v "$key" %s "$value"
    done
}

up() {
    local i begun=()
    if [ -e "$dir/made" ]; then
        read_folder
    else
        [ ! -e "$dir" ] || [ -z "$(ls -A "$dir")" ] || fail 2 "$dir is not empty, and not of this command; choose another --dir"
        nodes=${nodes:-1} port=${port:-9092} security=${security:-plaintext}
        advertise=${advertise:-$port}
    fi
    version=${version:-$version_default}
    fetch
    [ -e "$dir/made" ] || make_folder || fail 1 "cannot make $dir"
    [ "$security" = plaintext ] || (umask 077 && kcat_settings >"$dir/kcat.conf") || fail 1 "cannot write to $dir"
    for i in $(chosen); do
        pid_of "$i" >/dev/null && continue
        ! taken $((port + i - 1)) || fail 1 "port $((port + i - 1)) is in use; choose another with --port, and another --dir"
        start "$i"
        begun+=("$i")
    done
    [ -n "$no_wait" ] || for i in "${begun[@]}"; do wait_ready "$i"; done
}

say_next() {
    local folder=''
    [ "$dir" = "$(realpath -m -- "$dir_default")" ] || folder=" --dir $dir"
    cat <<END
Apache Kafka $version, $nodes broker$([ "$nodes" = 1 ] || echo s), ready at $(bootstrap)
settings for clients: $dir/kafka.conf

royale kafka init --config $dir/kafka.conf
    makes the topics
royale-export --sink kafka --config $dir/kafka.conf DIR
    puts a battle's rows there, from its folder
royale kafka verify --config $dir/kafka.conf DIR
    compares what arrived with the battle
kcat $(kcat_words) -L
    shows the topics
royale dev kafka down$folder
    stops it
END
}

status() {
    local i pid down=0
    for ((i = 1; i <= nodes; i++)); do
        if pid=$(pid_of "$i"); then
            echo "broker $i: runs, process $pid, 127.0.0.1:$((port + i - 1)), log $(node "$i")/log"
        else
            echo "broker $i: does not run, 127.0.0.1:$((port + i - 1)), log $(node "$i")/log"
            down=1
        fi
    done
    return $down
}

command=${1:-}
case $command in
up | down | status | fetch) shift ;;
-h | --help | help) usage && exit ;;
'') usage >&2 && exit 2 ;;
*) wrong "no command is called $command" ;;
esac
dir_default=${XDG_STATE_HOME:-$HOME/.local/state}/royale/kafka
dir=$dir_default nodes='' port='' security='' advertise='' only='' delete='' no_wait=''
while [ $# -gt 0 ]; do
    case $1 in
    --nodes | --port | --dir | --security | --advertise | --only)
        [ -n "${2:-}" ] || wrong "$1 wants a value"
        printf -v "${1#--}" %s "$2"
        shift
        ;;
    --delete) delete=1 ;;
    --no-wait) no_wait=1 ;;
    -h | --help) usage && exit ;;
    *) wrong "what is $1?" ;;
    esac
    shift
done
[[ $nodes =~ ^[13]?$ ]] || wrong "--nodes is 1 or 3, not $nodes"
[[ -z $port || $port =~ ^[1-9][0-9]{0,4}$ && $port -le 65513 ]] || wrong "--port is a number up to 65513, not $port"
[[ -z $advertise || $advertise =~ ^[1-9][0-9]{0,4}$ ]] || wrong "--advertise is a number, not $advertise"
[[ $security =~ ^(plaintext|sasl_ssl)?$ ]] || wrong "--security is plaintext or sasl_ssl, not $security"
[[ $only =~ ^[1-3]?$ ]] || wrong "--only is the number of a broker, not $only"
dir=$(realpath -m -- "$dir")
case $dir in *[[:space:]\"]*) wrong "a folder with blanks or quotes in its name is not for Kafka: $dir" ;; esac

case $command in
fetch)
    version=${version:-$version_default}
    fetch
    ;;
up)
    up
    say_next
    ;;
*)
    [ -e "$dir/made" ] || fail 3 "no Kafka was made in $dir; royale dev kafka up"
    read_folder
    if [ "$command" = status ]; then
        status
        exit
    fi
    for i in $(chosen); do stop "$i" & done
    wait
    [ -z "$delete" ] || rm -rf "$dir"
    ;;
esac
