#!/bin/bash
# Builds the packages of Debian: BUILD/deb/SUITE/*.deb. This machine's release is built on the spot, another one in a root of it,
# which tools/package/root makes and keeps.
# usage: tools/package/deb.sh BUILD SUITE      what tools/package/tree.sh has in it, and its variables
set -eu
cd "$(dirname "$0")/../.."
build=$1 suite=$2
out=$build/deb/$suite
tree=$out/tree

build_there() {
    local root
    root=$(tools/package/root "$suite" build)
    tools/package/within "$root" "$out" "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" \
        bash /build/tree/tools/package/build.sh /build/tree
}

build_here() {
    tools/package/build.sh "$tree"
}

SOURCE_DATE_EPOCH=$(tools/package/tree.sh "$build" "$suite" "$tree")
export SOURCE_DATE_EPOCH
# Packages that are there stay until the new ones are whole.
touch "$out/begun"
where=there
# shellcheck source=/dev/null
[ "$(. /etc/os-release && echo "$VERSION_CODENAME")" != "$suite" ] || where=here
build_$where >"$out/log" 2>&1 || { tail -n 20 "$out/log" | cut -c1-300 >&2; echo "the packages are not built: $out/log" >&2; exit 1; }
find "$out" -maxdepth 1 -type f ! -name log ! -newer "$out/begun" -delete
rm -rf "$tree"
ls -d "$out"/*.deb "$out"/*.cdx.json
echo "on a host of $suite, as root: apt install ./$(basename "$out"/royale_*.deb)"
