#!/bin/bash
# The tables of the documents that programs print. In a document, what stands between the lines
#
#     <!-- royale codes --markdown reject -->
#     <!-- end -->
#
# is what that command prints: one fact in one place.
# usage: tools/docs.sh write|compare BUILD FILE ...   compare: shows what differs, fails if anything does
set -eu -o pipefail
mode=$1 bin=$(cd "$2/bin" && pwd)
shift 2

# The document as it should be, on standard output.
renew() {
    local line words inside=
    while IFS= read -r line; do
        [ -z "$inside" ] || [ "$line" = '<!-- end -->' ] || continue
        printf '%s\n' "$line"
        inside=
        if [[ $line =~ ^'<!-- '(royale(-[a-z]+)? [a-z -]+)' -->'$ ]]; then
            read -ra words <<<"${BASH_REMATCH[1]}"
            "$bin/${words[0]}" "${words[@]:1}"
            inside=1
        fi
    done <"$1"
    [ -z "$inside" ] || { echo "$1: a table without its end" >&2; return 1; }
}

new=$(mktemp)
trap 'rm -f "$new"' EXIT
failed=0
for file in "$@"; do
    renew "$file" >"$new"
    if [ "$mode" = write ]; then
        cmp -s "$new" "$file" || cat "$new" >"$file"
    else
        diff -u "$file" "$new" || failed=1
    fi
done
exit $failed
