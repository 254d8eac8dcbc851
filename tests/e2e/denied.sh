#!/bin/bash
# A filter that denies system calls, as a container's does: royale does without the call, or ends at once and names it.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" generate --messages 5000 --itch day.itch >generate.txt || exit 1
${CC:-cc} -O1 -o denied "$tree/tests/e2e/denied.c" || exit 1
battle 'path: day.itch' 'agents:
  - {name: crowd, strategy: noise, cash: 1000000, count: 2, params: {interval_us: 5000000}}
risk: {quantity_max: 1000, notional_max: 500000, position_max: 5000, open_orders_max: 50, rate_max: 100,
  collar_ppm: 50000, loss_max: 100000}
game: {round: 01:30:00, min_fills: 1}' >day.yaml

named() { # CALL CODE SAID
    exits "$2" timeout 60 ./denied "$1" "$royale" run --quiet --dir "$1" day.yaml || return 1
    says "$3: Operation not permitted (a filter of system calls, as a container has, may deny it: allow ${3##*: })" err
}
check "memfd_create" named memfd_create 3 "cannot make the battle's memory: memfd_create"
check "pidfd_open" named pidfd_open 3 'cannot start exec: pidfd_open'
check "signalfd" named signalfd4 3 'cannot catch signals: signalfd'
check "socketpair" named socketpair 3 'cannot start exec: socketpair'
check "fallocate" named fallocate 3 'cannot make supervisor.control: fallocate'
check "sched_setaffinity" named sched_setaffinity 3 'cannot bind to the cores that keep house: sched_setaffinity'
check "close_range" named close_range 1 ': close_range'
check "setsid" named setsid 4 'royale-agent: setsid'

without() { # CALL: the battle does without
    exits 0 timeout 60 ./denied "$1" "$royale" run --quiet --dir "$1" day.yaml &&
        says 'verified: the journal gives the same hash' out
}
check "without io_uring_setup the journal writes otherwise" without io_uring_setup
check "and says so" says 'io_uring is refused (Operation not permitted): writing with pwrite' io_uring_setup/log/journal.log
check "pidfd_send_signal is not needed" without pidfd_send_signal

done_testing
