#!/bin/bash
# The page of royale-web: its types, and the tests of its modules (vitest), as `make check-page` runs them. It in a
# browser: make test-web.
exec "$(dirname "$0")/../../tools/page.sh" check
