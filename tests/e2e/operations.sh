#!/bin/bash
# docs/OPERATIONS.md: what it names is there, and its first battle runs as it says.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

named() {
    python3 "$tree/tests/e2e/operations.py" "$tree" "$royale"
}

# A page that names what is not there is found out.
misnamed() {
    mkdir -p wrong/docs
    cp -r "$tree/tools" "$tree/ansible" "$tree/Makefile" "$tree/README.md" "$tree/CHANGELOG.md" wrong 2>/dev/null
    cp -r "$tree"/docs/* wrong/docs
    # shellcheck disable=SC2016 # the page's own quotes
    sed -i 's/royale queue release/royale queue released --now/; s/RoyaleFeedGap/RoyaleFeedGaps/; s/appliance\.collect/appliance.gather/
        s/make deb /make debs /; s/`market.orders_max`/`market.order_max`/; s/(KAFKA.md)/(KAFKAS.md)/
        s/ansible-galaxy collection build/ansible-galaxy build/; s|my-inventory/example.yml|my-inventory/hosts.yml|' wrong/docs/OPERATIONS.md
    ! python3 "$tree/tests/e2e/operations.py" wrong "$royale" >out || return 1
    for what in 'no --now' 'RoyaleFeedGaps' 'no playbook gather' 'no target debs' 'no key market.order_max' 'no file KAFKAS.md' \
        'another command: ansible-galaxy collection build' 'no file hosts.yml in ansible/inventory'; do
        says "$what" out || return 1
    done
}

# The first battle, word for word but for the folders and the length of the day, and without systemd.
first_battle() {
    local lines
    mkdir -p data battles.d state/battles
    # shellcheck disable=SC2016 # likewise
    lines=$(sed -n '/^By hand, a made day/,/^## Tuning/p' "$tree/docs/OPERATIONS.md" | sed -n '/^```$/,/^```$/p' |
        sed '/^```$/d; s/^# //; s/ *# what it means.*//; s|^systemctl.*|royale queue run --direct --battles battles.d --state state|')
    lines=${lines//\/var\/lib\/royale\/data/$work/data}
    lines=${lines//\/etc\/royale\/battles.d/battles.d}
    lines=${lines//\/var\/lib\/royale\/battles/state/battles}
    lines=${lines//\/usr\/share\/doc\/royale/$tree}
    lines=${lines/royale generate/royale generate --messages 60000}
    PATH=$bin:$PATH bash -euc "$lines" >out 2>err || { cat out err; return 1; }
    says 'winner: ' out
}

check "commands, roles, playbooks, alerts, keys, links: what it names is there" named
check "what is not there is found" misnamed
check "the first battle runs as it says" first_battle
done_testing
