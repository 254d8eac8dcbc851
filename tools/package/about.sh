#!/bin/sh
# Prints the C source that tells `royale version` of what the build is made: struct ry_cli_about of tools/cli/version.h.
# usage: CC=gcc tools/package/about.sh COMMIT FLAGS LIBRARY ...    as pkg-config names libraries, or a header's name
set -eu
commit=$1 flags=$2
shift 2

# "-g -ffile-prefix-map=/tmp/x=." as "-g": what warns, where it lies and what it writes beside says nothing of the code.
of_the_code() {
    printf '%s\n' "$flags" | tr -s ' ' '\n' | grep -vE '^-(W([^lap]|[lap][^,])|f[a-z]*-prefix-map=|I|M)' | paste -sd ' ' -
}

# The libraries that come without a pkg-config file say it in a header: WSLAY_VERSION.
version_of() {
    pkg-config --modversion "$1" 2>/dev/null && return
    name=$(printf '%s' "$1" | tr '[:lower:]' '[:upper:]')_VERSION
    printf '#include <%s/%sver.h>\n%s\n' "$1" "$1" "$name" | $CC -E -P - 2>/dev/null | sed -n '$s/"//gp'
}

quoted() { # one string literal a line
    sed 's/[\\"]/\\&/g; s/.*/        "&\\n"/'
}

cat <<END
/* What this build is made of: tools/package/about.sh. */
#include "tools/cli/version.h"

const struct ry_cli_about ry_cli_about = {
    .commit = "$commit",
    .flags = "$(of_the_code | sed 's/[\\"]/\\&/g')",
    .libraries =
$(for library in "$@"; do echo "$library $(version_of "$library")"; done | LC_ALL=C sort | quoted),
};
END
