"""Prints the software bill of materials of packages of Debian: that of their build (sbom.py), and what it cannot know.

    deb_bill.py BILL DEB ...

Which packages they need beyond libraries that programs are linked with (drivers of DPDK, which are
loaded, time zones), and the digest of each file: who has the file can tell that this is its bill.
"""

import hashlib
import json
import re
import sys
import urllib.parse

import sbom


def field(deb, name):
    return sbom.said("dpkg-deb", "-f", deb, name).strip()


def needed(deb):
    """Names of what it depends on; of alternatives, the first."""
    return sorted(re.match(r"[^\s(|:]+", word.strip())[0] for word in field(deb, "Depends").split(",") if word.strip())


def of_need(name):
    """As dpkg knows it here, where the package was built; by its name alone, where it is no part of the build."""
    if sbom.said("dpkg-query", "-W", "-f", "${db:Status-Status}", name) == "installed":
        return sbom.of_package(name, ())
    return {"type": "library", "bom-ref": f"deb/{name}", "name": name}


def of_deb(deb):
    name, version, architecture = (field(deb, key) for key in ("Package", "Version", "Architecture"))
    quoted = urllib.parse.quote(version, safe="")
    purl = f"pkg:deb/{sbom.distribution()[0]}/{name}@{quoted}?arch={architecture}"
    with open(deb, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {
        "type": "file",
        "bom-ref": purl,
        "name": deb.rpartition("/")[2],
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "purl": purl,
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        bill = json.load(file)
    debs = sorted(sys.argv[2:])
    components = bill["components"]
    known = {c["name"]: c["bom-ref"] for c in components if not c["bom-ref"].startswith("royale/")}
    dependencies = {d["ref"]: set(d.get("dependsOn", ())) for d in bill["dependencies"]}
    own = {field(deb, "Package") for deb in debs}
    for deb in debs:
        packed = of_deb(deb)
        components.append(packed)
        needs = dependencies.setdefault(packed["bom-ref"], set())
        for name in needed(deb):
            if name in own:
                continue
            if name not in known:
                component = of_need(name)
                components.append(component)
                known[name] = component["bom-ref"]
            needs.add(known[name])
        dependencies["royale"].add(packed["bom-ref"])
    sbom.write(
        {
            "metadata": {"component": bill["metadata"]["component"]},
            "components": components,
            "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(dependencies.items())],
        }
    )


main()
