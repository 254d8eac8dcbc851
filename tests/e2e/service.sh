#!/bin/bash
# The unit, users, folders and log rotation of royale-web as a service: what systemd and logrotate say of them, and that
# royale-web begins as the unit starts it.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
# shellcheck source=tests/support/served.bash
. "$tree/tests/support/served.bash"

# ---- what is installed ----
# Each where docs/SERVING.md says; programs are those of this build.
mkdir -p prefix
ln -s "$bin" prefix/bin
all_there() {
    make -s -C "$tree" install-service BUILD="$(dirname "$bin")" PREFIX="$work/prefix" || return 1
    local file
    for file in lib/systemd/system/royale-web.service lib/sysusers.d/royale.conf lib/tmpfiles.d/royale.conf share/royale/logrotate/royale; do
        if [ ! -s "prefix/$file" ] || ! grep -qF "\`$file\`" "$tree/docs/SERVING.md"; then
            echo "$file"
            return 1
        fi
    done
    cp prefix/lib/systemd/system/royale-web.service .
}
check "the unit, its user, folders and log rotation are installed" all_there
by_install() {
    make -n -C "$tree" install BUILD="$(dirname "$bin")" DESTDIR="$work/root" PREFIX=/usr >recipe 2>&1
    grep -qF "$work/root/usr/lib/systemd/system" recipe
}
check "make install does that too" by_install

# ---- what systemd and logrotate say of it ----

if has systemd-analyze; then
    # Only what is said of the unit itself: the machine's others are its owner's.
    verified() {
        systemd-analyze verify --man=no "$work/royale-web.service" >said 2>&1
        ! grep -F 'royale-web' said
    }
    check "systemd finds no mistake in the unit" verified
    mistaken() {
        sed 's/^KillMode=.*/KillMode=sometimes/' royale-web.service >broken-royale-web.service
        systemd-analyze verify --man=no "$work/broken-royale-web.service" 2>&1 | grep -q 'broken-royale-web.service:.*sometimes'
    }
    check "and would" mistaken
    # From 0, nothing is open to it, to 10; below 3 is what systemd calls OK.
    closed() {
        systemd-analyze security --offline=yes --threshold=30 "$work/royale-web.service" >said 2>&1 && return 0
        cat said
        return 1
    }
    check "and little is open to it" closed
else
    skip "systemd finds no mistake in the unit" "no systemd-analyze: Debian's package systemd has it"
fi
if has systemd-sysusers && has systemd-tmpfiles; then
    folders() {
        mkdir -p root/etc && cp /etc/passwd /etc/group root/etc && systemd-sysusers --root "$work/root" "$work/prefix/lib/sysusers.d/royale.conf" &&
            grep -q '^royale:' root/etc/passwd || return 1
        systemd-tmpfiles --root "$work/root" --create "$work/prefix/lib/tmpfiles.d/royale.conf" &&
            [ "$(stat -c %a root/etc/royale/keys)" = 640 ] && [ "$(stat -c %a root/var/lib/royale/battles)" = 2770 ]
    }
    if [ "$(id -u)" = 0 ]; then
        check "its user and folders are made" folders
        check "its file of keys is one" exits 0 "$royale" key list --keys root/etc/royale/keys
        check "with no keys" says 'no keys in' out
        check "takes one" exits 0 "$royale" key create --name desk --keys root/etc/royale/keys
        check "and stays readable to its group alone" [ "$(stat -c %a root/etc/royale/keys)" = 640 ]
    else
        skip "its user and folders are made" "not started as root, who makes users"
    fi
else
    skip "its user and folders are made" "no systemd-sysusers, systemd-tmpfiles: Debian's package systemd has them"
fi
if has logrotate; then
    rotated() {
        mkdir -p log && sed "s|/var/log/royale|$work/log|; s|su royale royale|su $(id -un) $(id -gn)|" prefix/share/royale/logrotate/royale >rotate &&
            chmod 644 rotate && echo '{}' >log/audit.jsonl && logrotate --force --state state rotate && [ -e log/audit.jsonl.1 ]
    }
    check "logrotate takes its file" rotated
else
    skip "logrotate takes its file" "no logrotate"
fi

# ---- as the unit starts it ----
command=$(sed -n '/^ExecStart=/,/[^\\]$/p' royale-web.service | tr -d '\\\n' | sed 's/^ExecStart=//')
read -ra words <<<"$command"
check "it is started by the royale of the installation" [ "${words[0]} ${words[1]}" = "$work/prefix/bin/royale web" ]
mkdir -p battles
make_key desk read >key
arguments=()
for word in "${words[@]:2}"; do
    case $word in
    127.0.0.1:9474) arguments+=(127.0.0.1:0) ;;
    /etc/royale/keys) arguments+=(keys) ;;
    /var/log/royale/audit.jsonl) arguments+=(audit) ;;
    /var/lib/royale/battles) arguments+=(battles) ;;
    *) arguments+=("$word") ;;
    esac
done
served "${arguments[@]}" || { echo "Bail out! royale-web does not start as the unit says"; exit 1; }
check "and wants a key of everybody" gets 401 unauthorized ask "$url/v1"
check "which is good" gets 200 '' with "$(cat key)" "$url/v1/battles"
kill "$web"
wait "$web"
check "SIGTERM ends it, in order" [ $? = 0 ]
done_testing
