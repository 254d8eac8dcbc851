#!/bin/bash
# royale tune report: this machine measured in a bounded time, its page and its JSON; a report of before; a battle with
# counts; each stage off alone, on a machine of plain files, also killed in the middle.
# shellcheck disable=SC2016 # backquotes are part of what is said
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

root=$work/root

# put PATH TEXT: a file of the machine of plain files.
put() {
    mkdir -p "$root${1%/*}"
    printf '%s\n' "$2" >"$root$1"
}

# This machine's cores, and two settings.
for file in /sys/devices/system/cpu/{possible,present,online} /sys/devices/system/cpu/cpu[0-9]*/topology/* /proc/cpuinfo; do
    [ -r "$file" ] && put "$file" "$(<"$file")"
done
put /proc/sys/kernel/random/boot_id 11111111-2222-3333-4444-555555555555
put /proc/cmdline 'quiet isolcpus=none'
put /proc/sys/vm/swappiness 60
put /proc/sys/kernel/numa_balancing 1

# report SECONDS OPTIONS ...: of this machine, with the settings of $root.
report() {
    local seconds=$1
    shift
    "$royale" tune report --root "$root" --seconds "$seconds" "$@"
}

# of EXPRESSION FILE: what Python makes of the JSON `r`.
of() {
    python3 -c "import json, sys; r = json.load(open(sys.argv[2])); print(eval(sys.argv[1]))" "$1" "$2"
}

# of_is WANTED EXPRESSION FILE
of_is() {
    local found
    found=$(of "$2" "$3") || return 1
    [ "$found" = "$1" ] && return 0
    echo "$2 is $found, not $1"
    return 1
}

# ---- of this machine ----
began=$SECONDS
check "it measures this machine" exits 0 report 3 --out proof.html
took=$((SECONDS - began))
check "in a bounded time" test $took -le 30
check "and says where the page is" says 'page: proof.html' out
check "there is a page" says '<h1>Proof of tuning: ' proof.html
check "each core was watched" of_is True "len(r['gaps']['cores']) > 0 and all(int(c['ran_ns']) > 0 for c in r['gaps']['cores'])" proof.json
hot_ones_first() {
    local turns
    turns=$(grep -c '^measuring gaps on ' err)
    of_is "$turns" "len(set(u['use'] == 'hot' for u in r['uses'] if u['cpu'] in [c['cpu'] for c in r['gaps']['cores']]))" proof.json &&
        of_is True "(lambda hot: hot == sorted(hot, reverse=True))([[u['use'] == 'hot' for u in r['uses'] if u['cpu'] == c['cpu']][0] for c in r['gaps']['cores']])" proof.json
}
check "hot cores first, while the others are free" hot_ones_first
check "a call took some time" of_is True "any(c['name'] == 'syscall' and int(c['p50_ns']) > 0 for c in r['calls'])" proof.json
check "nothing of it is null without a reason" of_is True "all(r[k] for k in ('gaps', 'calls')) and (r['pingpong'] is not None or any(n['what'] == 'pingpong' for n in r['not_measured']))" proof.json
check "rtla was measured, or it says why not" of_is True "bool(r['rtla']) or any(n['what'].startswith('rtla') for n in r['not_measured'])" proof.json
check "a virtual machine is called one" of_is True "r['machine']['guest'] == any('virtual machine' in m['sentence'] for m in r['meaning'])" proof.json
check "each stage has a state" of_is True "len(r['stages']) > 0 and all(s['state'] for s in r['stages'])" proof.json
check "the kernel's line and the versions are there" of_is True "bool(r['kernel']['release']) and len(r['versions']) > 2" proof.json
check "each field is in its table" python3 "$tree/tests/e2e/report_keys.py" <("$royale" tune report --fields) proof.json
check "it was kept, nothing being applied" says 'kept in /var/lib/royale-tune/before.json' out
check "as it was" cmp proof.json "$root/var/lib/royale-tune/before.json"
check "a shorter one" exits 0 report 1 --out shorter.html
check "does not replace it" cmp proof.json "$root/var/lib/royale-tune/before.json"
check "and is told" says ' stays, it was measured longer; remove ' out
began=$SECONDS
check "where no page can be written" exits 3 report 30 --out /nonexistent/x.html
check "nothing is measured" test $((SECONDS - began)) -le 5
check "nor kept" cmp proof.json "$root/var/lib/royale-tune/before.json"

# ---- the JSON is enough for the page ----
check "the page can be made from the JSON" exits 0 "$royale" tune report --from proof.json --out again.html
check "to the letter" cmp proof.html again.html
check "the JSON alone" exits 0 "$royale" tune report --from proof.json --json
check "is the same" python3 -c 'import json; assert json.load(open("out")) == json.load(open("proof.json"))'
check "and leaves no page" test ! -e proof.json.html

# ---- before ----
check "another one lies under it" exits 0 "$royale" tune report --from proof.json --before proof.json --out both.html
check "in the pictures" says 'class="before"' both.html
sed 's/"format": *1/"format": 7/' proof.json >other.json
check "one of another format is refused" exits 2 "$royale" tune report --from proof.json --before other.json
check "by its name" says 'its format is 7' err
echo '{"format": 1}' >empty.json
check "one that lacks something is refused" exits 2 "$royale" tune report --from empty.json
check "with what it lacks" says 'royale is not there' err
check "no JSON is refused" exits 2 "$royale" tune report --from "$royale"
check "no file is refused" exits 2 "$royale" tune report --from nowhere.json
python3 - <<'PY'
import json
r = json.load(open("proof.json"))
r["host"] = "<script>alert(1)</script>"
r["kernel"]["line"] = "\"><img src=x onerror=alert(1)>"
r["meaning"] = [{"of": "all", "sentence": "\x1b]0;title\x07<script>"}]
json.dump(r, open("hostile.json", "w"))
PY
check "a hostile one becomes a page" exits 0 "$royale" tune report --from hostile.json --out hostile.html
check "without what moves a terminal" bash -c "! grep -q \$'\x1b' out"
check "without its markup" bash -c '! grep -qE "<script|<img" hostile.html'

# ---- a battle ----
"$royale" generate --itch day.itch --messages 60000 --instruments 4 --seed 9 >/dev/null 2>&1
core=$(one_core)
battle 'path: day.itch' "placement: {exec: $core}" >battle.yaml
check "with a battle" exits 0 report 1 --battle-seconds 60 --out battle.html battle.yaml
check "each field of it is in the table" python3 "$tree/tests/e2e/report_keys.py" <("$royale" tune report --fields) battle.json
check "its name is in it" of_is test "r['battle']" battle.json
check "its counts too" of_is True "any(c['during'] == 'battle' and c['cores'][0]['cpu'] == $core and c['cores'][0]['interrupts'] is not None for c in r['counts'])" battle.json
check "exec is on its core in the plan" of_is "$core" "[p['cpu'] for p in r['plan']['processes'] if p['name'] == 'exec'][0]" battle.json
check "and in the page" says 'During the battle: ' battle.html
battle 'path: nowhere.itch' "placement: {exec: $core}" >broken.yaml
check "a battle that cannot run" exits 3 report 30 --out broken.html broken.yaml
check "ends it before anything is measured" says 'nothing is measured: the battle ended with 3: ' err
check "without a page" test ! -e broken.html
check "a battle file that is none is refused" exits 2 report 1 --out none.html empty.json
check "two are" exits 2 report 1 battle.yaml battle.yaml
check "hot cores that there are not" exits 2 report 1 --cores 1000

# ---- each stage off alone ----
settings() {
    cat "$root/proc/sys/vm/swappiness" "$root/proc/sys/kernel/numa_balancing"
}
# settings_are FIRST SECOND
settings_are() {
    [ "$(settings | tr '\n' ' ')" = "$1 $2 " ] || { settings; return 1; }
}
check "without anything applied --ablate has nothing to do" exits 3 report 1 --ablate --out nothing.html
check "and says so" says '--ablate: nothing is applied' err
check "two stages are applied" exits 0 "$royale" tune apply --root "$root" --stage swap --stage numa-balancing
check "both are set" settings_are 0 0
check "each is tried alone" exits 0 report 1 --ablate --out worth.html
check "both are in the JSON" of_is "['numa-balancing', 'swap']" "sorted(a['stage'] for a in r['ablation'] if a['why'] is None and a['figures'])" worth.json
check "and in the page" says 'What each stage is worth by itself' worth.html
check "both are set again" settings_are 0 0
battle 'path: day.itch' "agents:
  - {name: noise, strategy: noise, count: 64, cash: 100000, latency_us: 100,
     params: {instrument: RYA, interval_us: 400000, size_max: 50, cross_percent: 30}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 5000, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 02:00:00}" >crowd.yaml
check "without a hot core there is nothing to compare" exits 3 report 1 --ablate --out none.html crowd.yaml
check "and says so" says 'none is hot here' err
check "the report of before lies under it by itself" says 'class="before"' worth.html

# Killed while one of them is off: the journal of changes still has all.
one_is_off() {
    [ "$(settings | grep -vc '^0$')" = 1 ]
}
report 10 --ablate --out killed.html >killed.out 2>&1 &
ablating=$!
started+=("$ablating")
check "one is off" until_true one_is_off
kill -9 "$ablating"
wait "$ablating" 2>/dev/null
check "killed then, revert still restores" exits 0 "$royale" tune revert --root "$root"
check "all of it" settings_are 60 1

if [ "$(id -u)" = 0 ]; then
    for_others
    check "who is not root may measure" exits 0 as_other_user "$royale" tune report --seconds 1 --from "$work/proof.json" --json
    check "but not switch stages" exits 3 as_other_user "$royale" tune report --seconds 1 --ablate
    check "and is told" says '--ablate changes the machine: be root' err
else
    skip "who is not root may not switch stages" "this user is not root"
fi

done_testing
