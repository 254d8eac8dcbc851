#!/bin/bash
# The page of royale-web, from TypeScript, by npm. Its packages are those of the lock file, in
# tools/web/page/node_modules; npm keeps what it fetches where it always does.
#
#   tools/page.sh build FOLDER    builds it into FOLDER; fails if that cannot be done
#   tools/page.sh try FOLDER      the same, but where it cannot be done that is said in a line
#   tools/page.sh check           types and tests: TAP
set -u
cd "$(dirname "$0")/web/page" || exit 1

# Why there can be no page here; nothing, where there can.
impossible() {
    local version
    command -v npm >/dev/null || { echo "there is no npm: make deps"; return; }
    version=$(node -p 'process.versions.node')
    [ "${version%%.*}" -ge 18 ] || echo "node $version is too old: 18 or later"
}

# What npm ci leaves behind says which lock file it followed.
packages() {
    [ node_modules/.royale -nt package-lock.json ] && return
    npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.royale
}

build() {
    packages && npm run --silent build -- --outDir "$1" --emptyOutDir --logLevel warn
}

check() {
    local why code=0 # what this ends with
    why=$(impossible)
    if [ -n "$why" ]; then
        printf 'ok 1 - types and tests # SKIP %s\n1..1\n' "$why"
        return
    fi
    packages >&2 || { printf 'not ok 1 - packages\n1..1\n'; return 1; }
    if npx tsc --noEmit; then echo 'ok 1 - types'; else echo 'not ok 1 - types'; code=1; fi
    npx vitest run --reporter=tap-flat || code=1
    return $code
}

case ${1:-} in
build)
    why=$(impossible)
    [ -z "$why" ] || { echo "the page of royale-web is not built: $why" >&2; exit 1; }
    build "$2"
    ;;
try)
    why=$(impossible)
    if [ -z "$why" ]; then
        said=$(build "$2" 2>&1) && exit 0
        why=$(tail -n 1 <<<"$said")
    fi
    echo "  the page of royale-web is not built, it answers programs alone: $why"
    ;;
check) check ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' ../../page.sh >&2
    exit 2
    ;;
esac
