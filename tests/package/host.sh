#!/bin/bash
# What the packages do to a system: installed, upgraded, removed, purged, in a fresh root of the release, by tests/package/inside/host.
set -u
# shellcheck source=tests/package/package.bash
. "$(dirname "$0")/package.bash"

if [ "$(id -u)" != 0 ]; then
    skip "packages on a system" "only root installs packages"
    done_testing
    exit
fi
command -v mmdebstrap >/dev/null || { skip "packages on a system" "there is no mmdebstrap: make deps-deb"; done_testing; exit; }

# What the package says that it needs, and what the tests do.
mapfile -t needed < <((dpkg-deb -f "$deb" Depends; dpkg-deb -f "$built"/royale-dev_*.deb Depends) | tr ',' '\n' | sed 's/^ *//; s/[ |].*//' | grep -v '^$' | sort)
root=$("$tools/root" "$suite" host "${needed[@]}" procps logrotate 2>root.log) || {
    skip "packages on a system" "its root cannot be made: $(tail -n 1 root.log)"
    done_testing
    exit
}

# The next version: the same files but for one setting that the package brings.
next_version() {
    dpkg-deb -R "$deb" next
    sed -i 's/^Version: .*/&.1/' next/DEBIAN/control
    echo '# as of the next version' >>next/etc/logrotate.d/royale
    dpkg-deb --root-owner-group -b next "$1" >/dev/null
    rm -rf next
}

mkdir -p folder/tests/e2e
cp "$deb" folder/royale.deb
cp "$built"/royale-dev_*.deb folder/royale-dev.deb
next_version folder/next.deb
cp "$tree/tests/e2e/support.bash" folder/tests/e2e
cp "$tree/tests/package/inside/host" folder
cd / && exec "$tools/within" --writable "$root" "$work/folder" ROYALE_BIN=/usr/bin bash -c 'exec bash /build/host'
