#!/bin/sh
# What royale needs from Debian. `check`: names what is missing to build the programs, and fails. `list`: prints what
# builds them, beyond what every package of Debian is built with. `install`: installs what is missing to build and to test; `install suites`: what tests in roots of other releases need;
# `install kafka`: what tests with a real Kafka need; `install llm`: what
# those with a real language model need; `install web`: what those of the page in a browser need; `install guest`: what
# tests in a guest need; `install deb`: what packages of Debian are built and tested with;
# `install image`: what the container image is built and tested with. The page itself is built by npm: `install` brings it
# where there is neither npm nor node, so that nobody's own is touched.
set -euf

# What to look for (a command, a pkg-config module, a module of Python, a file) | the package of Debian 12 and 13 that
# has it. A package whose name carries a version ends in '*': what begins so and goes on with digits, whichever the
# release has.
build='
cmd:gcc|gcc
cmd:make|make
cmd:pkg-config|pkg-config
cmd:ar|binutils
cmd:python3|python3
mod:yaml-0.1|libyaml-dev
mod:hwloc|libhwloc-dev
mod:libpcap|libpcap-dev
mod:libdpdk|libdpdk-dev
mod:liburing|liburing-dev
mod:libisal|libisal-dev
mod:libxxhash|libxxhash-dev
mod:libsodium|libsodium-dev
mod:jansson|libjansson-dev
mod:ncursesw|libncurses-dev
mod:libcurl|libcurl4-openssl-dev
mod:rdkafka|librdkafka-dev
mod:libmicrohttpd|libmicrohttpd-dev
file:/usr/include/wslay/wslay.h|libwslay-dev
mod:nettle|nettle-dev
mod:libprotobuf-c|libprotobuf-c-dev
cmd:protoc-c|protobuf-c-compiler
mod:libelf|libelf-dev
mod:libsystemd|libsystemd-dev
mod:zlib|zlib1g-dev
mod:libzstd|libzstd-dev
file:/usr/share/zoneinfo/America/New_York|tzdata
glob:/usr/lib/*/dpdk/pmds-*/librte_net_pcap.so*|librte-net-pcap*
'
test='
cmd:clang|clang
cmd:clang-format|clang-format
cmd:git|git
mod:check|check
cmd:zstd|zstd
py:jsonschema|python3-jsonschema
cmd:shellcheck|shellcheck
cmd:pgrep|procps
cmd:tmux|tmux
cmd:promtool|prometheus
cmd:nginx|nginx-light
cmd:openssl|openssl
file:/usr/lib/python3/dist-packages/prometheus_client|python3-prometheus-client
cmd:curl|curl
glob:/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a|libclang-rt-dev
'

suites='
cmd:mmdebstrap|mmdebstrap
'

kafka='
cmd:java|default-jre-headless
cmd:mvn|maven
cmd:kcat|kcat
cmd:openssl|openssl
file:/usr/lib/python3/dist-packages/confluent_kafka|python3-confluent-kafka
file:/usr/lib/python3/dist-packages/pandas|python3-pandas
py:ensurepip|python3-venv
cmd:protoc|protobuf-compiler
'

llm='
cmd:cmake|cmake
cmd:g++|g++
py:pip|python3-pip
'

page='
cmd:node|nodejs
cmd:npm|npm
'

web='
cmd:chromium|chromium
'

guest='
cmd:qemu-system-x86_64|qemu-system-x86
cmd:qemu-img|qemu-utils
cmd:mmdebstrap|mmdebstrap
cmd:fakeroot|fakeroot
file:/sbin/mke2fs|e2fsprogs
'

# Ansible itself is Debian 12's; on another release a venv has all there is.
ansible='
cmd:mmdebstrap|mmdebstrap
cmd:systemd-nspawn|systemd-container
cmd:ssh|openssh-client
cmd:ip|iproute2
file:/usr/bin/ansible|ansible
file:/usr/bin/ansible-lint|ansible-lint
file:/usr/bin/yamllint|yamllint
file:/usr/lib/python3/dist-packages/testinfra|python3-testinfra
glob:/usr/lib/python3*/ensurepip|python3-venv
'

deb='
cmd:dh|debhelper
cmd:lintian|lintian
cmd:reprotest|reprotest
cmd:diffoscope|diffoscope-minimal
cmd:faketime|faketime
cmd:jq|jq
cmd:mmdebstrap|mmdebstrap
cmd:python3|python3
py:ensurepip|python3-venv
'

image='
cmd:mmdebstrap|mmdebstrap
cmd:buildah|buildah
cmd:podman|podman
cmd:crun|crun
cmd:python3|python3
py:ensurepip|python3-venv
'

present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    mod:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#mod:}" ;;
    py:*) python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
    file:*) [ -e "${1#file:}" ] ;;
    glob:*)
        # shellcheck disable=SC2086 # the one pattern that is meant to be expanded
        (set +f && set -- ${1#glob:} && [ -e "$1" ])
        ;;
    esac
}

# The packages as this release names them.
named() {
    for package in "$@"; do
        case $package in
        *'*') apt-cache pkgnames "${package%'*'}" | grep -x "${package%'*'}[0-9]*" ;;
        *) echo "$package" ;;
        esac
    done
}

case "${1:-check} ${2:-}" in
"check "*) needs=$build ;;
"install suites") needs=$suites ;;
"install kafka") needs=$kafka ;;
"install llm") needs=$llm ;;
"install web") needs=$web ;;
"install guest") needs=$guest ;;
"install ansible") needs=$ansible ;;
"install deb") needs=$deb ;;
"install image") needs=$image ;;
*) needs="$build $test" ;;
esac
# Debian's npm is some 400 packages: a clean root whose tests do without the page sets ROYALE_WITHOUT_PAGE.
case "${1:-check} ${2:-}" in
"install " | "install web")
    [ -n "${ROYALE_WITHOUT_PAGE:-}" ] || command -v node >/dev/null || command -v npm >/dev/null || needs="$needs $page"
    ;;
esac
[ "${1:-}" != list ] || {
    for need in $build; do echo "${need#*|}"; done | grep -vx -e gcc -e make -e binutils -e '.*[*]'
    exit
}
missing=
for need in $needs; do
    present "${need%%|*}" || missing="$missing ${need#*|}"
done
[ -n "$missing" ] || exit 0

case ${1:-check} in
check)
    echo "royale needs packages that are not installed:$missing" >&2
    echo "Run: make deps" >&2
    exit 1
    ;;
install)
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    command -v apt-get >/dev/null 2>&1 || {
        echo "royale needs (names of Debian 12 and 13):$missing; there is no apt-get here, install them by hand" >&2
        exit 1
    }
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    missing=$(named $missing | tr '\n' ' ')
    echo "installing from Debian's packages: $missing"
    # shellcheck disable=SC2086 # likewise
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
    ;;
esac
