#!/bin/bash
# `make install` and `make uninstall`: each file where the names of GNU put it, whichever they are; a battle from the
# installed tree alone, moved or not; what royale says of its build; completion; nothing left behind.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"
build=$(dirname "$bin")
usr=$work/root/usr

# made TARGET NAME=VALUE ..: of this build, of which nothing is made anew.
made() {
    make -s -C "$tree" "$@" BUILD="$build" >make.out 2>&1 || { tail -n 20 make.out; return 1; }
}
parts='install-programs install-agent install-arena install-embedded install-docs install-schemas install-metrics install-page install-service install-completion'
# installs NAME=VALUE ..: what `make install` does after building.
installs() {
    # shellcheck disable=SC2086 # a list of words
    made $parts "$@"
}

# ---- where it lies ----
check "it is installed" installs DESTDIR="$work/root" prefix=/usr
by_target() {
    make -n -C "$tree" install BUILD="$build" DESTDIR="$work/root" PREFIX=/usr >recipe 2>&1
    # shellcheck disable=SC2086 # likewise
    for part in $parts; do grep -qw -- "$part" recipe || { echo "no $part"; return 1; }; done
}
check "make install does all of it" by_target
# placed FOLDER FILE ..: each of them is there.
placed() {
    local folder=$1 file result=0
    shift
    for file in "$@"; do
        [ -s "$usr/$folder/$file" ] || { echo "$folder/$file is not there"; result=1; }
    done
    return $result
}
check "what people start is in bin" placed bin royale royale-view royale-export
# Each program of the build but royale, and the script.
started_by_royale() {
    local program
    for program in "$bin"/royale-*; do
        placed libexec/royale "${program##*/}" || return 1
    done
    placed libexec/royale kafka.sh && [ "$(find "$usr/bin" | wc -l)" = 4 ]
}
check "what royale starts is in libexec, and only there" started_by_royale
# called: each program that a document tells people to call, as a word of a command, is in bin.
called() {
    local program result=0
    while read -r program; do
        [ ! -e "$bin/$program" ] || [ -x "$usr/bin/$program" ] || { echo "$program is not in bin"; result=1; }
    done < <(grep -rhoE '(^\$ |`|\| )royale-[a-z]+ (--|[A-Z])' "$tree/README.md" "$tree/docs" | grep -oE 'royale-[a-z]+' | sort -u)
    return $result
}
check "programs that documents call are in bin" called
check "strategies" placed lib/royale maker.so noise.so twap.so
check "the header, and how to build with it" placed . include/royale/agent.h lib/pkgconfig/royale-agent.pc
check "the same of the library, and both libraries" placed . include/royale/arena.h lib/pkgconfig/royale-arena.pc lib/libroyale-arena.a \
    lib/libroyale-arena.so share/doc/royale/docs/examples/arena/exchange.c
check "and of a battle inside of a program" placed . include/royale/embedded.h lib/pkgconfig/royale.pc lib/libroyale.so \
    share/doc/royale/docs/examples/embedded/program.c
check "the manual, in its sections" placed share/man man1/royale.1 man1/royale-view.1 man5/royale-battle.5 man7/royale-counters.7 \
    man8/royale-tune.8 man8/royale-tune-report.8 man8/royale-doctor.8 man8/royale-units.8 \
    man8/royale@.service.8
check "units, users and folders" placed lib systemd/system/royale@.service systemd/system/royale-web.service sysusers.d/royale.conf tmpfiles.d/royale.conf
check "for other programs" placed share/royale sbom.cdx.json schemas/royale.proto schemas/royale.openapi.json prometheus/royale.rules.yml \
    grafana/overview.json logrotate/royale
check "completion" placed share/bash-completion/completions royale royale-view royale-export
# written_out: no name of a folder stands for itself, or for the folder of DESTDIR.
written_out() {
    ! grep -rnE '@[A-Za-z]+@' "$usr/lib/systemd" "$usr/lib/sysusers.d" "$usr/lib/tmpfiles.d" "$usr/lib/pkgconfig" &&
        ! grep -rlF "$work/root" "$work/root"
}
check "folders are written out, without DESTDIR" written_out
# Every program of a unit is one that was installed.
units_start() {
    local program result=0
    while read -r program; do
        case $program in */royale*) [ -x "$work/root$program" ] || { echo "$program is not installed"; result=1; } ;; esac
    done < <(sed -nE 's/^Exec[A-Za-z]*=[-+!@:]*(\/usr[^ ]*).*/\1/p' "$usr"/lib/systemd/system/* | sort -u)
    return $result
}
check "units start what is installed" units_start
# Each unit has a page by its name, `man royale@.service`, which names it.
units_told() {
    local unit result=0
    for unit in "$usr"/lib/systemd/system/*; do
        unit=${unit##*/}
        grep -qF "$unit" "$usr/share/man/man8/royale-units.8" || { echo "royale-units(8) lacks $unit"; result=1; }
        [ -s "$usr/share/man/man8/$unit.8" ] || { echo "there is no $unit(8)"; result=1; }
    done
    return $result
}
check "and have a page of the manual" units_told
manuals_agree() {
    local page result=0 name section
    while read -r page; do
        while read -r name section; do
            [ -e "$usr/share/man/man$section/$name.$section" ] || { echo "${page##*/}: there is no $name($section)"; result=1; }
        done < <(sed 's/\\-/-/g' "$page" | grep -oE 'royale[a-z-]*"? ?\(?[1578]\)' | sed -E 's/"? ?\(?([1578])\)/ \1/' | sort -u)
    done < <(find "$usr/share/man" -type f)
    return $result
}
check "pages of the manual name pages that are there" manuals_agree

# ---- it runs ----
# The demo, from packets through DPDK and from a file, by the installed royale: with fewer messages.
demo() {
    "$tree/tools/demo.sh" "$usr" 40000 >demo.out 2>&1 || { tail -n 20 demo.out; return 1; }
    says 'the hash is the same: the run through DPDK, its replay, and the run from the file' demo.out && rm -rf "$usr/demo"
}
check "the demo runs from the installed tree" demo
"$royale" generate --itch day.itch --messages 20000 --instruments 1 --seed 3 >/dev/null
agents() { # STRATEGY
    cat <<YAML
agents:
  - {name: quote, strategy: maker, cash: 1000000, params: {instrument: RYA}}
  - {name: crowd, strategy: $1, cash: 1000000, count: 2, params: {instrument: RYA, interval_us: 5000000}}
risk: {quantity_max: 1000, notional_max: 250000, position_max: 500, open_orders_max: 50, rate_max: 100,
       collar_ppm: 50000, loss_max: 100000}
game: {round: 02:00:00}
YAML
}
battle 'path: day.itch' "$(agents noise)" | sed '/symbol: RY[BCD]/d' >day.yaml
battle 'path: day.itch' "$(agents of-this-tree)" | sed '/symbol: RY[BCD]/d' >other.yaml
check "a battle of the build" run_ok built day.yaml
# trades DIR: without the battle's own id.
trades() {
    sed 's/"battle_id":"[^"]*",//' "$1/trades.jsonl"
}
# alone PREFIX DIR: a battle whose strategy lies in that installation alone. Its trades must be those of the build's.
alone() {
    local royale=$1/bin/royale
    (unset ROYALE_LIBEXEC ROYALE_STRATEGIES; run_ok "$2" other.yaml) && trades "$2" | cmp - <(trades built) && [ -s "$2/trades.jsonl" ]
}
cp "$usr/lib/royale/noise.so" "$usr/lib/royale/of-this-tree.so"
check "it finds the strategies beside it" alone "$usr" there
check "which the build does not" exits 2 "$royale" check other.yaml
# The processes of a battle that waits are programs of the installation.
battle "$silent" >silent.yaml
processes() {
    local pid royale=$usr/bin/royale
    start silent.yaml || return 1
    for pid in "${all[@]}"; do
        case $(readlink "/proc/$pid/exe") in "$usr"/bin/royale | "$usr"/libexec/royale/royale-*) ;; *) readlink "/proc/$pid/exe"; return 1 ;; esac
    done
    stopped_in_order TERM 143
}
check "and the programs of the processes" processes
programs() {
    exits 0 "$usr/bin/royale-view" there && exits 0 "$usr/bin/royale-export" --out rows there && exits 0 "$usr/bin/royale" web --names &&
        exits 0 "$usr/bin/royale" kafka topics && exits 0 "$usr/bin/royale" dev kafka --help && exits 0 "$usr/bin/royale" explain --last 1 there
}
check "and those of its commands" programs
page_there() {
    "$usr/bin/royale" export html --out page.html there 2>err && [ -s page.html ]
}
if [ -e "$build/share/royale/page/index.html" ]; then
    check "and the page" page_there
else
    skip "and the page" "the page is not built: make page"
fi
mkdir moved && mv root/usr moved/away
check "moved to another folder it runs the same" alone "$work/moved/away" moved/there
check "also by a link to it" alone "$(mkdir -p linked/bin && ln -s "$work/moved/away/bin/royale" linked/bin/royale && echo "$work/linked")" linked/there
mv moved/away root/usr
rm "$usr/lib/royale/of-this-tree.so"

# ---- what it says of itself ----
bill=$usr/share/royale/sbom.cdx.json
check "its version" exits 0 "$usr/bin/royale" version
says_all() {
    head -n 1 out | grep -qE "^royale [0-9]+\.[0-9]+\.[0-9]+" && grep -qE '^commit ([0-9a-f]{40}( and changes)?|unknown: .*)$' out &&
        grep -qE '^compiler (gcc|clang) [0-9]+\.[0-9]+\.[0-9]+$' out && grep -qE '^flags .*-ffp-contract=off' out &&
        ! grep -E '^flags .* -(W[^lap]|I|fmacro-prefix-map|ffile-prefix-map)' out && grep -qE '^  rdkafka [0-9]' out && ! grep -E '^  [^ ]+ ?$' out
}
check "has commit, compiler, flags and libraries" says_all
in_pkg_config() {
    local there=$usr/lib/pkgconfig
    [ "royale $(PKG_CONFIG_PATH=$there pkg-config --modversion royale-agent)" = "$(head -n 1 out)" ] &&
        [ "$(PKG_CONFIG_PATH=$there pkg-config --variable=strategydir royale-agent)" = /usr/lib/royale ]
}
check "pkg-config has the same version, and the folder of strategies" in_pkg_config
"$usr/bin/royale" version --sbom >bill.json
check "its bill of materials is the installed file" cmp bill.json "$bill"
bill_is() {
    python3 - bill.json "$usr" <<'PY'
import json, os, re, subprocess, sys
bill = json.load(open(sys.argv[1]))
assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1), bill
assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
parts = {c["bom-ref"]: c for c in bill["components"]}
on = {d["ref"]: d["dependsOn"] for d in bill["dependencies"]}
assert len(parts) == len(bill["components"]), "two components of one name"
assert set(on) - {"royale"} <= set(parts) and all(r in parts for refs in on.values() for r in refs), "a reference to nothing"
bin = set(os.listdir(sys.argv[2] + "/libexec/royale")) - {"kafka.sh"} | {"royale", "maker.so", "noise.so", "twap.so"}
bin |= {name for name in os.listdir(sys.argv[2] + "/lib") if re.fullmatch(r"libroyale.*\.so\.\d+", name)}
assert "libroyale.so.1" in bin, bin
assert {f"royale/{name}" for name in bin} == set(on["royale"]), (bin, on["royale"])
for name in bin:
    path = next(p for p in (f"{sys.argv[2]}/{d}/{name}" for d in ("bin", "libexec/royale", "lib/royale", "lib")) if os.path.exists(p))
    needed = re.findall(r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", path], stdout=subprocess.PIPE, text=True).stdout)
    has = {p.get("value", "") for ref in on[f"royale/{name}"] for p in parts[ref].get("properties", [])} | set(on[f"royale/{name}"])
    assert {n for n in needed if not n.startswith("ld-linux")} <= has, (name, needed, has)
PY
}
check "which has each program and what it is linked with" bill_is
if has dpkg-query; then
    of_dpkg() {
        local version
        version=$(dpkg-query -W -f '${Version}' "$1" | python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.stdin.read(), safe=""))')
        grep -F '"purl": "pkg:deb/' bill.json | grep -F "/$1@$version?"
    }
    check "in the versions of dpkg" of_dpkg librdkafka1
    check "with licences" says '"id": "BSD-2-Clause"' bill.json
fi
same_bytes() {
    python3 -B "$tree/tools/package/sbom.py" "$build" 1 0123 >one.json && LC_ALL=C TZ=Asia/Tokyo python3 -B "$tree/tools/package/sbom.py" "$build" 1 0123 >two.json &&
        cmp one.json two.json && ! grep -F "$build" one.json
}
check "the same build gives the same bytes" same_bytes
without_dpkg() {
    local tool
    mkdir -p few && for tool in readelf ldd bash cat; do ln -sf "$(command -v "$tool")" few; done
    PATH=$PWD/few "$(python3 -c 'import sys; print(sys.executable)')" -B "$tree/tools/package/sbom.py" "$build" 1 0123 >bare.json &&
        says '"name": "librdkafka.so.1"' bare.json && ! grep -F pkg:deb bare.json
}
check "without dpkg a library stands by its name" without_dpkg

# ---- completion ----
# complete WORD ..: what bash offers for the last one, a line each, sorted.
complete_bash() {
    bash -c '. "$1"; PATH=$2:$PATH; shift 2
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _royale && printf "%s\n" "${COMPREPLY[@]}" | sort' bash "$usr/share/bash-completion/completions/royale" "$usr/bin" "$@"
}
# offers WORDS WORD ..: exactly these.
offers() {
    diff <(tr ' ' '\n' <<<"$1" | sed '/^$/d' | sort) <(complete_bash "${@:2}" | sed '/^$/d')
}
commands=$("$royale" help | sed -nE 's/^  ([a-z]+) .*/\1/p')
check "each command" offers "$(tr '\n' ' ' <<<"$commands")" royale ''
check "and of help" offers "replay rows run" royale help r
# Every option that a command's help has, of commands and of theirs.
options_of() {
    local command sub result=0
    for command in $commands; do
        subs=$("$royale" "$command" --help 2>/dev/null | sed -n '/^usage: royale [a-z]* COMMAND/,$p' | sed -nE 's/^  ([a-z]+) .*/\1/p')
        [ "$command" != help ] || subs=''
        for sub in ${subs:-''}; do
            wanted=$("$royale" "$command" ${sub:+"$sub"} --help | grep -oE '^  --[a-z-]+' | tr -d ' \n' | sed 's/--/ --/g')
            complete_bash royale "$command" ${sub:+"$sub"} -- >offered
            for option in $wanted; do
                grep -qxF -- "$option" offered || { echo "$command $sub: $option is not offered"; result=1; }
            done
            [ -n "$wanted" ] || [ "$command" = export ] || [ "$command" = dev ] || [ "$command" = help ] || { echo "$command $sub has no options"; result=1; }
        done
    done
    return $result
}
check "each option of each command" options_of
check "the commands of a command" offers "apply check diff plan report revert verify" royale tune ''
check "behind an option, battle files and folders" offers "day.yaml other.yaml silent.yaml $(find . -maxdepth 1 -type d -printf '%P ')" royale run --quiet ''
check "where an option wants a folder, folders" offers "$(find . -maxdepth 1 -type d -name 't*' -printf '%P ')" royale run --dir t
check "where it wants a number, nothing" offers "" royale replay --levels ''
check "words that the help lists" offers "cancel cause" royale codes reject c
check "also for an option" offers "admin operate read" royale key create --scope ''
check "programs of their own" offers "--follow" royale-view --f
running() {
    mkdir -p library || return 1
    "$royale" run --quiet --dir library/now silent.yaml >/dev/null 2>&1 &
    run=$!
    started+=("$run")
    until_true [ -e library/now/observe.sock ] || return 1
    until_true bash -c "'$royale' status library | grep -q '^now  *runs'" || return 1
    export ROYALE_LIBRARY=$work/library
    # The name of a folder is its maker's: it is offered, and not run.
    local name="\$(id>ran)"
    ln -s now "library/$name"
    offers "$work/library/now" royale top "$work/library/n" && complete_bash royale status '' >offered &&
        grep -xF "$work/library/now" offered && grep -F "$name" offered && [ ! -e ran ]
    local result=$?
    kill "$run" && wait "$run"
    return $result
}
check "battles that run" running

# ---- other names ----
# Programs that are to find such folders are linked for them: tests/unit/place has that.
spread() {
    installs DESTDIR="$work/spread" prefix=/opt/r \
        libdir=/opt/lib64 includedir=/opt/inc datarootdir=/opt/data mandir=/opt/man docdir=/opt/doc \
        systemdsystemunitdir=/opt/units || return 1
    (cd spread/opt && [ -e lib64/royale/maker.so ] && [ -e inc/royale/agent.h ] && [ -e data/royale/schemas/royale.proto ] && [ -e man/man1/royale.1 ] &&
        [ -e doc/README.md ] && [ -e units/royale@.service ] && [ -x r/libexec/royale/royale-exec ] && [ -e lib64/pkgconfig/royale-agent.pc ] && [ -e lib64/libroyale-arena.a ] && ! [ -e r/share ]) || { find spread; return 1; }
    grep -qF 'includedir=/opt/inc' spread/opt/lib64/pkgconfig/royale-agent.pc && grep -qF 'libdir=/opt/lib64' spread/opt/lib64/pkgconfig/royale-arena.pc
}
check "each folder can be another" spread
fixed() {
    ! made install-docs sysconfdir=/opt/etc DESTDIR="$work/fixed" && says 'settings lie in /etc/royale' make.out && [ ! -e fixed ]
}
check "but for the machine's own, which are said to be fixed" fixed

# ---- uninstall ----
# left FOLDER: what is there but folders that others use too.
left() {
    find "$1" \( ! -type d -o -path '*royale*' \) -print | grep . && return 1
    return 0
}
check "it is taken away" made uninstall DESTDIR="$work/root" prefix=/usr
check "and nothing is left" left root/usr
keeps() {
    installs DESTDIR="$work/root" prefix=/usr && mkdir -p root/etc/royale root/var/lib/royale/battles/one && : >root/etc/royale/keys &&
        cp "$usr/lib/royale/noise.so" "$usr/lib/royale/mine.so" && made uninstall DESTDIR="$work/root" prefix=/usr &&
        [ -e root/etc/royale/keys ] && [ -e root/var/lib/royale/battles/one ] && [ "$(left root/usr)" = "root/usr/lib/royale
root/usr/lib/royale/mine.so" ]
}
check "but what is not of the installation" keeps

done_testing
