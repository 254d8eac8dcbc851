#!/bin/bash
# Lays out a tree as a source package has it, from the working tree without what git ignores: with debian/ at its top, the commit it
# is of, and the page of royale-web that BUILD has, because npm fetches what it builds from and a package's build has no network.
# Prints the time when what is in it was written, for SOURCE_DATE_EPOCH.
# usage: tools/package/tree.sh BUILD SUITE TREE      bookworm (Debian 12), trixie (Debian 13)
#
#   DEB_VERSION=V      of the packages; without it that of the commit: 0.1.0~dev+git20260105093000.1a2b3c4+deb12
set -eu
cd "$(dirname "$0")/../.."
page=$1/share/royale/page suite=$2 tree=$3
case $suite in
bookworm) release=12 ;;
trixie) release=13 ;;
*) echo "Debian's releases that royale is built for are bookworm and trixie, not $suite" >&2 && exit 2 ;;
esac

# A later commit has a later version, whatever its hash; what is not committed comes after what is. A tree that is no
# clone has the number alone.
version() {
    local number commit=''
    number=$(sed -n 's/^#define RY_VERSION "\(.*\)"$/\1/p' tools/text/version.h)
    if git rev-parse -q --verify HEAD >/dev/null 2>&1; then
        commit=+git$(TZ=UTC git log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd.%h --abbrev=7)
        [ -z "$(git status --porcelain)" ] || commit=$commit.mod
    fi
    echo "${number/-/\~}$commit+deb$release"
}

epoch=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | tar --ignore-failed-read -c --null -T - 2>/dev/null | tar -C "$tree" -x
tools/package/commit.sh >"$tree/.commit"
mv "$tree/tools/package/debian" "$tree/debian"
sed -i "s/^ @build@$/$(tools/deps.sh list | sed 's/^/ /; s/$/,/' | paste -sd: | sed 's/:/\\n/g')/" "$tree/debian/control"
cp -R "$page" "$tree/debian/page"
cat >"$tree/debian/changelog" <<END
royale (${DEB_VERSION:-$(version)}) $suite; urgency=medium

  * What is new stands in /usr/share/doc/royale/CHANGELOG.md.

 -- $(sed -n 's/^Maintainer: //p' "$tree/debian/control")  $(date -u -R -d "@$epoch")
END
# Packages keep the times of files that are older than they: when somebody checked them out is nobody's business.
find "$tree" -exec touch -h -d "@$epoch" {} +
echo "$epoch"
