# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the tests of packages share, beyond what all end-to-end tests do. Sourced; needs $PACKAGE_BUILD, the build folder, and
# $PACKAGE_SUITE, the release. Whoever cannot have the packages does not come back.

export ROYALE_BIN=${ROYALE_BIN:-$PACKAGE_BUILD/bin}
# shellcheck source=tests/e2e/support.bash
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/support.bash"
suite=$PACKAGE_SUITE
built=$PACKAGE_BUILD/deb/$suite
deb=$(echo "$built"/royale_*.deb)
tools=$tree/tools/package

# shellcheck source=/dev/null
own_release() {
    [ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = "$suite" ]
}

# in_build COMMAND ...: where the packages were built, in their folder.
in_build() {
    if own_release; then
        (cd "$built" && "$@")
    else
        # shellcheck disable=SC2016 # $@ is the shell's within
        "$tools/within" "$("$tools/root" "$suite" build)" "$built" sh -c 'cd /build && exec "$@"' sh "$@"
    fi
}

if [ ! -e "$deb" ]; then
    skip "packages for $suite" "there are none in $built: make deb SUITE=$suite"
    done_testing
    exit
fi
