#!/bin/bash
# README.md's sample output is what the demo prints.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

# The demo wants a build folder, of which it uses the programs; what it makes lies in this test's own folder.
ln -s "$bin" bin
mkdir lib && ln -s "$(dirname "$bin")/lib/royale" lib/royale
check "README.md shows what the demo prints" "$tree/tools/readme.sh" "$work" --check

done_testing
