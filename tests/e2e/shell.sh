#!/bin/bash
# Every script of the tree, read by shellcheck; those that npm has fetched are not ours.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

cd "$tree" || exit 1
mapfile -t scripts < <(grep -lrsE --exclude='*.md' --exclude-dir=node_modules '^#!/bin/(ba)?sh$|^# shellcheck shell=' .ci core feeds agents shm tools tuning ansible tests docs |
    sort)
check "there are scripts" test ${#scripts[@]} -gt 10
for script in "${scripts[@]}"; do
    if has shellcheck; then
        check "$script" shellcheck -x "$script"
    else
        skip "$script" "shellcheck is absent"
    fi
done

done_testing
