#!/bin/bash
# What Debian's own check says of the packages, by the release's own lintian.
set -u
# shellcheck source=tests/package/package.bash
. "$(dirname "$0")/package.bash"

# No warning, and no override that no longer overrides anything.
clean() {
    in_build sh -c 'lintian --allow-root --fail-on error,warning --tag-display-limit 0 ./*.changes' >out 2>&1 && [ ! -s out ] && return 0
    cat out
    return 1
}

# Nothing knows where it was built.
says_no_path() {
    dpkg-deb -x "$deb" package
    ! grep -rlF -e "$tree" -e /build/tree package
}

check "lintian says nothing" clean
check "no file names the folder of its build" says_no_path
done_testing
