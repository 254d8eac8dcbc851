#!/bin/sh
# Prints the commit of the source tree, "and changes" if it is not as committed. A tree that was packed says it in the
# file .commit, which goes before the clone that it may lie in.
cd "$(dirname "$0")/../.." || exit 1
if [ -s .commit ]; then
    cat .commit
elif commit=$(git rev-parse -q --verify HEAD 2>/dev/null); then
    [ -z "$(git --no-optional-locks status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit and changes"
    echo "$commit"
else
    echo 'unknown: no clone of git'
fi
