#!/bin/bash
# Builds the packages from a tree that tools/package/tree.sh has laid out, beside it, and their bill of materials; here or within a
# root of another release.
# usage: tools/package/build.sh TREE
#
#   SOURCE_DATE_EPOCH=N   when what is built was written
set -eu
cd "$1"
[ ! -d /usr/lib/ccache ] || PATH=/usr/lib/ccache:$PATH
version=$(dpkg-parsechangelog -S Version)
DEB_BUILD_OPTIONS="nocheck ${DEB_BUILD_OPTIONS:-parallel=$(nproc)}" \
    dpkg-buildpackage --build=binary --unsigned-changes --no-pre-clean
# The packages without the symbols for a debugger.
python3 -B tools/package/deb_bill.py debian/royale/usr/share/royale/sbom.cdx.json "../royale_${version}_"*.deb \
    "../royale-dev_${version}_"*.deb >"../royale_${version}.cdx.json"
