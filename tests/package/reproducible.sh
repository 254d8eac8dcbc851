#!/bin/bash
# The packages once more, from the same sources: in another folder, at another time, in another language and time zone, by another
# user, without the compiler's cache; on this machine's release by reprotest, which varies what else it knows. Every byte is the same.
set -u
# shellcheck source=tests/package/package.bash
. "$(dirname "$0")/package.bash"

if [ "$(id -u)" != 0 ]; then
    skip "the packages again" "only root can build as another user"
    done_testing
    exit
fi

# Of the same sources, or the question makes no sense.
epoch=$(cd "$tree" && "$tools/tree.sh" "$PACKAGE_BUILD" "$suite" "$work/source/tree") || epoch=
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' source/tree/debian/changelog)
if [ "$(dpkg-deb -f "$deb" Version)" != "$version" ]; then
    skip "the packages again" "those in $built are not of these sources, $version: make deb SUITE=$suite"
    done_testing
    exit
fi
same_time() {
    [ "$(find source/tree -printf '%Ts\n' | sort -u)" = "$epoch" ]
}
check "every file of the sources has the time of what they are of" same_time

cp "$tree/tests/package/inside/again" source/tree/debian
mkdir -p first/source-root
cp "$built"/*.deb "$built"/*.cdx.json first

# The first build is that of `make deb`. Its -1 is the second.
by_reprotest() {
    chmod 755 .
    SOURCE_DATE_EPOCH=$epoch reprotest --min-cpus=1 --store-dir="$work/store" --control-build="$work/first" --vary=-domain_host,-user_group \
        --vary=-fileordering -c 'debian/again .' source/tree '../*.deb ../*.cdx.json' -- null >said 2>&1
}

in_root() {
    mkdir -p "$work/store"
    "$tools/within" "$("$tools/root" "$suite" build)" "$work/source" SOURCE_DATE_EPOCH="$epoch" CAPTURE_ENVIRONMENT=1 TZ=Asia/Tokyo \
        LC_ALL=C sh -c 'umask 0002 && exec faketime +300days /build/tree/debian/again /build/tree' >said 2>&1 || return 1
    mv source/*.deb source/*.cdx.json store
}

build_again() {
    if own_release; then by_reprotest; else in_root; fi && return 0
    grep -v '^gcc' said | cut -c1-300 | tail -n 60
    return 1
}

# The same files, each with the same bytes: by their sums, because reprotest keeps none that it finds the same. What differs is
# diffoscope's to tell, and reprotest has asked it.
same() {
    local sums
    sums=$(cd first && sha256sum -- *.deb *.cdx.json | LC_ALL=C sort)
    [ -n "$sums" ] && [ "$(sed -n 's/^again: //p' said | LC_ALL=C sort)" = "$sums" ] && return
    echo "$sums"
    grep '^again: ' said
    own_release || diffoscope first store | head -n 60
    return 1
}

# The page goes into the packages ready made.
same_page() {
    mkdir -p page/tools/web
    cp "$tree/tools/page.sh" page/tools
    tar -C "$tree/tools/web" --exclude=node_modules --exclude=dist -c page | tar -C page/tools/web -x
    (umask 0002 && TZ=Asia/Tokyo LC_ALL=C page/tools/page.sh build "$work/page/made") >said 2>&1 || { cat said; return 1; }
    diff -r page/made "$PACKAGE_BUILD/share/royale/page"
}

check "the packages build again" build_again
check "and every byte is the same" same
if own_release; then
    check "npm makes the same page in another folder" same_page
fi
done_testing
