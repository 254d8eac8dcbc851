#!/bin/bash
# The alert rules: promtool runs the cases of web_rules.test.yml; each alert has one that fires and one that is quiet, a
# section in the runbook, a severity, and names that royale-web exports.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
cp "$tree/tools/web/prometheus/"*.yml "$tree/tests/e2e/web_rules.test.yml" . || exit 1
mapfile -t alerts < <(sed -n 's/^ *- alert: //p' royale.rules.yml)
"$royale" web --names | cut -f 1 >names

if has promtool; then
    check "promtool reads the rules and the scrape configuration" exits 0 promtool check config prometheus.yml
    check "each case of the rules is as it says" exits 0 promtool test rules web_rules.test.yml
    # A case that cannot fail is none: with a rule that never fires the cases fail.
    broken() {
        mkdir -p broken && sed 's/expr: royale_feed_gaps_total > 0/expr: royale_feed_gaps_total > 9/' royale.rules.yml >broken/royale.rules.yml &&
            cp web_rules.test.yml broken && cd broken && exits 1 promtool test rules web_rules.test.yml
    }
    check "and not as it says of a rule that was broken" broken
else
    skip "promtool reads the rules and the scrape configuration" "no promtool: Debian's package prometheus has it"
    skip "each case of the rules is as it says" "no promtool: Debian's package prometheus has it"
    skip "and not as it says of a rule that was broken" "no promtool: Debian's package prometheus has it"
fi

# case_has ALERT KIND TEXT: its case of that kind expects that, once.
case_has() {
    [ "$(sed -n "/- name: $1 $2\$/,/- name: /p" web_rules.test.yml | grep -cF "$3")" = 1 ] && return 0
    echo "$1: no case that $2"
    return 1
}
both_cases() {
    local alert
    [ "${#alerts[@]}" -gt 20 ] || { echo "only ${#alerts[@]} alerts"; return 1; }
    for alert in "${alerts[@]}"; do
        case_has "$alert" fires exp_labels && case_has "$alert" 'is quiet' 'exp_alerts: []' || return 1
    done
}
check "each alert has a case that fires and one that is quiet" both_cases

# The lines of one alert, behind its name.
rule() {
    sed -n "/- alert: $1\$/,/- alert: /p" royale.rules.yml
}
whole() {
    local alert anchor
    for alert in "${alerts[@]}"; do
        anchor=$(printf %s "$alert" | tr '[:upper:]' '[:lower:]')
        rule "$alert" | grep -qE 'labels: \{severity: (info|warning|critical)\}$' || { echo "$alert: no severity"; return 1; }
        rule "$alert" | grep -q 'summary: ' || { echo "$alert: no summary"; return 1; }
        rule "$alert" | grep -qx " *runbook_url: docs/RUNBOOK.md#$anchor" || { echo "$alert: no runbook"; return 1; }
        [ "$(grep -cx "## $alert" "$tree/docs/RUNBOOK.md")" = 1 ] || { echo "$alert: no section in docs/RUNBOOK.md"; return 1; }
    done
    [ "$(grep -c '^## Royale' "$tree/docs/RUNBOOK.md")" = "${#alerts[@]}" ] || { echo "docs/RUNBOOK.md has other alerts"; return 1; }
}
check "each has a severity, a summary, and a section in the runbook" whole

exported() {
    grep -oE 'royale_[a-z0-9_]+' royale.rules.yml | sort -u >used
    [ "$(wc -l <used)" -gt 30 ] && ! grep -qvxFf names used && return 0
    echo "not exported: $(grep -vxFf names used)"
    return 1
}
check "every name in them is exported" exported
done_testing
