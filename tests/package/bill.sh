#!/bin/bash
# The bill of materials beside the packages: that it is one, by CycloneDX's own schema, and that it names what the packages need.
set -u
# shellcheck source=tests/package/package.bash
. "$(dirname "$0")/package.bash"

number=11.12.0 # of cyclonedx-python-lib, whose schemas these are
bill=$(echo "$built"/royale_*.cdx.json)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/royale/deb/cyclonedx-$number
if [ ! -e "$venv/made" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv" >venv.log 2>&1 &&
        "$venv/bin/pip" install -q "cyclonedx-python-lib[json-validation]==$number" >>venv.log 2>&1 && touch "$venv/made"
fi

valid() {
    "$venv/bin/python" - "$1" <<'END'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

with open(sys.argv[1], encoding="utf-8") as file:
    said = JsonStrictValidator(SchemaVersion.V1_5).validate_str(file.read())
sys.exit(f"{sys.argv[1]}: {said}" if said else 0)
END
}

# A schema that lets anything pass would say nothing.
refuses() {
    sed 's/"specVersion": "1.5"/"specVersion": "1.5", "colour": "blue"/' "$bill" >blue.json
    ! valid blue.json
}

# Every package that the packages depend on is in it; a library with its version and its licences.
names_all() {
    local name
    for name in $(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed 's/^ *//; s/[ |].*//'); do
        jq -e --arg name "$name" 'any(.components[]; .name == $name)' "$bill" >/dev/null || { echo "$name is missing"; return 1; }
    done
    [ "$(jq '[.components[] | select(.name | startswith("librdkafka") or startswith("librte-eal")) | select(.version and .purl and .licenses)] | length' "$bill")" = 2 ]
}

digest() {
    [ "$(jq -r --arg name "${deb##*/}" '.components[] | select(.name == $name) | .hashes[0].content' "$bill")" = "$(sha256sum "$deb" | cut -d' ' -f1)" ]
}

# royale version --sbom prints the one in the package.
packed() {
    dpkg-deb -x "$deb" package && cp package/usr/share/royale/sbom.cdx.json packed.json && jq -e '.components | length > 20' packed.json
}

if [ -e "$venv/made" ]; then
    check "the bill of the packages is CycloneDX 1.5" valid "$bill"
    check "one with a word that is not in the schema is not" refuses
    packed && check "the bill in the package is CycloneDX 1.5" valid packed.json
else
    skip "the bill of the packages is CycloneDX 1.5" "no schema: $(tail -n 1 venv.log)"
fi
check "each package that the packages need stands in it" names_all
check "it has the digest of the package" digest
done_testing
