# shellcheck shell=bash disable=SC2154 # $words is the runner's
# What the runners of tests share: they run programs that print TAP, and count what these say. Sourced; needs $words,
# the words of the command line.

# shellcheck source=tests/support/names.bash
. "$(dirname "${BASH_SOURCE[0]}")/names.bash"
passed=0 failed=0 skipped=0 ran=0
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
# No test depends on time; one that never ends must not hold the others.
limit_s=$([ -n "${ROYALE_LONG:-}" ] && echo 7200 || echo 900)

# run_one NAME COMMAND ...: if a word asks for it.
run_one() {
    local name=$1 out code ok not_ok skip began=$SECONDS
    shift
    wanted "$name" "${words[@]}" || return
    ran=$((ran + 1))
    out=$(exec timeout "$limit_s" "$@" 2>&1)
    code=$?
    ok=$(grep -c '^ok ' <<<"$out")
    not_ok=$(grep -c '^not ok ' <<<"$out")
    skip=$(grep -c '# SKIP ' <<<"$out")
    # A program that dies without a failed test has failed all the same.
    [ "$code" = 0 ] || [ "$not_ok" -gt 0 ] || not_ok=1
    # A program that says nothing has tested nothing.
    [ $((ok + not_ok)) -gt 0 ] || not_ok=1
    passed=$((passed + ok - skip)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
    {
        flock 9 # what one test says stands together
        printf '%-36s %4d passed %3d failed %3d skipped %4d s\n' "$name" $((ok - skip)) "$not_ok" "$skip" \
            $((SECONDS - began))
        grep -h '^# ' <<<"$out" | sed 's/^/    /'
        [ "$not_ok" = 0 ] || { [ "$code" = 0 ] || echo "    exit code $code"; grep -v '^ok ' <<<"$out" | tail -n 60; }
    } 9>"$said/lock"
}

# claim NAME: true for the first lane that asks.
claim() {
    mkdir "$said/claim-${1//\//-}" 2>/dev/null
}

# end_lanes: whoever runs, and the test that each runs: `timeout`, which passes the signal on.
end_lanes() {
    kill -STOP "${lanes[@]}" # no next test
    pkill -TERM -P "$(IFS=, && echo "${lanes[*]}")"
    kill -KILL "${lanes[@]}"
    exit 130
}

# side_by_side LANE ...: functions that call run_one, at the same time; what each counts is counted. No test has a terminal
# to read, and none ignores Ctrl-C, as what a script puts in the background does.
side_by_side() {
    local lane code=0 more
    lanes=()
    set -m
    for lane; do
        (
            trap - EXIT
            "$lane"
            echo "$passed $failed $skipped $ran" >"$said/$lane"
        ) </dev/null &
        lanes+=("$!")
    done
    set +m
    trap end_lanes INT TERM
    for lane in "${lanes[@]}"; do
        wait "$lane" || code=$?
    done
    trap - INT TERM
    [ "$code" = 0 ] || exit "$code"
    for lane; do
        read -ra more <"$said/$lane"
        passed=$((passed + more[0])) failed=$((failed + more[1])) skipped=$((skipped + more[2])) ran=$((ran + more[3]))
    done
}

# say_counts: the last line, which counts all; fails if one has failed.
say_counts() {
    [ "$ran" -gt 0 ] || { echo "no test has a name with: ${words[*]}" >&2; exit 2; }
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}
