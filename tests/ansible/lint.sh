#!/bin/bash
# The collection as ansible-lint and yamllint of both releases read it, and as ansible-galaxy builds it.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/../e2e/support.bash"

# Where it stands makes its name; and what these programs leave behind is no business of the tree.
copy=$work/ansible_collections/royale/appliance
mkdir -p "${copy%/*}" && cp -RL "$tree/ansible" "$copy" || exit 1
export ANSIBLE_HOME=$work/home HOME=$work/home NO_COLOR=1

inside() {
    (cd "$copy" && rm -rf .ansible && exec "$@")
}
# broken FILE COMMAND ...: with a task that says neither of what collection it is nor what it is for, the command fails.
broken() {
    printf -- '---\n- hosts: all\n  tasks:\n    - shell: echo\n' >"$copy/playbooks/broken.yml"
    ! inside "${@}" >out 2>&1 && grep -q 'broken.yml' out
}
for release in 12 13; do
    if ! programs=$("$tree/tests/ansible/controller" $release 2>why); then
        skip "Debian $release: lint" "$(tail -n 1 why)"
        continue
    fi
    path=$programs:/usr/bin:/bin
    check "Debian $release: yamllint" inside env PATH="$path" "$programs/yamllint" --strict .
    check "Debian $release: ansible-lint --profile production" inside env PATH="$path" "$programs/ansible-lint" --offline --profile production --strict
    check "Debian $release: the collection is built" inside env PATH="$path" "$programs/ansible-galaxy" collection build --output-path "$work/built$release"
    check "Debian $release: ansible-lint sees a breach" broken env PATH="$path" "$programs/ansible-lint" --offline --profile production --strict
    rm -f "$copy/playbooks/broken.yml"
done
done_testing
