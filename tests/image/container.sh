#!/bin/bash
# The container image: what is in it and what is not, the same bytes twice, a battle that comes to the hashes it has
# outside, and a stop in order. Closed as Kubernetes' strictest standard closes it.

# shellcheck source=tests/image/image.bash
. "$(dirname "$0")/image.bash"

listed() {
    tar tvf "$IMAGE_WORK/image/root.tar"
}

digest() {
    tar xOf "$1" index.json | python3 -c 'import json, sys; print(json.load(sys.stdin)["manifests"][0]["digest"])'
}

same_twice() {
    local a b
    (cd / && umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 HOME=/nonexistent make_image "$work/again") || return 1
    a=$(digest "$IMAGE_WORK/image/royale.oci.tar") b=$(digest again/royale.oci.tar)
    if [ -z "$a" ] || [ "$a" != "$b" ]; then
        echo "$a is not $b"
        cmp "$IMAGE_WORK/image/root.tar" again/root.tar
        return 1
    fi
    rm -rf again
}

# Neither a shell nor a package manager, nothing that gives rights, nobody's but root's and the user's own folders.
closed() {
    local found
    found=$(listed | awk '$1 ~ /^-/ {print $6}' | grep -E '/s?bin/' | grep -vE '^\./usr/bin/royale[a-z-]*$')
    [ -z "$found" ] || { echo "more programs than royale's: $found"; return 1; }
    found=$(listed | awk '$1 ~ /[sS]/ || $1 ~ /^[bc]/')
    [ -z "$found" ] || { echo "set-uid, or a device: $found"; return 1; }
    found=$(listed | awk '$2 != "0/0" {print $2, $6}' | sort | tr '\n' ';')
    [ "$found" = '10001/10001 ./battles/;10001/10001 ./keys/;10001/10001 ./results/;' ] || { echo "owners: $found"; return 1; }
}

# Each library's licence, and what scanners read.
documented() {
    local packages licences
    packages=$(listed | grep -c 'var/lib/dpkg/status.d/.')
    licences=$(listed | grep -c 'usr/share/doc/.*/copyright$')
    echo "$packages packages, $licences licences"
    [ "$packages" -gt 30 ] && [ "$licences" -gt 30 ]
}

user_in_it() {
    (with_podman image inspect --format '{{.User}} {{.Config.Entrypoint}}' "$image") >out && says '10001:10001 [/usr/bin/royale]' out
}

# The same battle in a container and outside.
same_battle() {
    shared results
    mkdir -p battles && cp day.itch battles && crowd_battle inside 500 >battles/crowd.yaml
    exits 0 "$royale" run --quiet --dir outside battles/crowd.yaml || return 1
    mv out outside.txt
    (contained -v "$work/battles:/battles:ro" -v "$work/results:/results" -- run --quiet --library /results /battles/crowd.yaml) \
        >inside.txt 2>err || { cat inside.txt err; return 1; }
    says 'verified: the journal gives the same hashes' inside.txt && same_hashes inside.txt outside.txt
}

# Packets by DPDK need no privilege either: it takes ordinary memory.
by_dpdk() {
    "$royale" generate --pcap battles/day.pcap --messages 60000 --instruments 1 --seed 9 >/dev/null
    sed 's/port: file, //; s/path: day.itch/port: dpdk, path: day.pcap/' battles/crowd.yaml >battles/packets.yaml
    (contained --tmpfs /run --tmpfs /tmp -v "$work/battles:/battles:ro" -v "$work/results:/results" -- \
        run --quiet --library /results /battles/packets.yaml) >packets.txt 2>err || { cat packets.txt err; return 1; }
    same_hashes packets.txt outside.txt
}

# The page over what lies there, which it cannot change.
shown() {
    local code
    (contained -v "$work/results:/results:ro" -- status --json "/results/$(cd results && set -- inside-* && echo "$1")") >out 2>err
    code=$?
    cat err
    [ $code = 0 ] && says '"inside"' out
}

trades_there() {
    [ -n "$(find results -path '*/long-*/trades.jsonl*' -size +0)" ]
}

# SIGTERM, as a runtime sends it, ends a battle in order.
stopped() {
    local folder
    "$royale" generate --itch battles/long.itch --messages 600000 --instruments 1 --seed 9 >/dev/null
    sed 's/day.itch/long.itch/; s/name: inside/name: long/' battles/crowd.yaml >battles/long.yaml
    (contained -v "$work/battles:/battles:ro" -v "$work/results:/results" -- run --quiet --library /results /battles/long.yaml) \
        >long.txt 2>&1 &
    run=$!
    until_true trades_there || return 1
    kill -TERM "$run"
    wait "$run"
    folder=$(echo results/long-*)
    cat long.txt
    says '"stopped": true' "$folder/results.json" && says '"complete": true' "$folder/results.json"
}

why=$(have_image)
if [ -n "$why" ]; then
    skipped "the image in containers" "$why"
    done_testing
    exit
fi
echo "# the image has $(stat -c %s "$IMAGE_WORK/image/royale.oci.tar" | numfmt --to=iec), packed; its root $(stat -c %s "$IMAGE_WORK/image/root.tar" | numfmt --to=iec)"
crowd_day
check "made again elsewhere, in another time zone and locale, it is the same image" same_twice
check "its programs are royale's alone; no shell, nothing set-uid" closed
check "each library's package and licence is named" documented
check "it starts royale as a user without privileges" user_in_it
check "a battle comes to the same hashes as outside of a container" same_battle
check "so do packets through DPDK" by_dpdk
check "its results are read from a folder that cannot be written to" shown
check "a battle that is told to stop ends in order, with its result" stopped
done_testing
