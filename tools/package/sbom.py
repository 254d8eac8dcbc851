"""Prints a software bill of materials of a build: CycloneDX 1.5, JSON.

    sbom.py BUILD VERSION COMMIT [PAGE-LOCK]

Which libraries each program, strategy and library is linked with, its own files say (readelf, ldd);
which package a library is from, in which version and under which licences, dpkg says. Without dpkg
a library stands by its name alone. PAGE-LOCK, npm's lock file, names what the page of royale-web is
made of; it counts if BUILD has the page.

The same build gives the same bytes: no time but $SOURCE_DATE_EPOCH, and a number made from the
contents.
"""

import base64
import collections
import datetime
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import uuid

SPDX = {  # what Debian's copyright files call licences, as SPDX does
    "Apache-2.0": "Apache-2.0",
    "BSD-2-clause": "BSD-2-Clause",
    "BSD-3-clause": "BSD-3-Clause",
    "Expat": "MIT",
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL-3": "GPL-3.0-only",
    "GPL-3+": "GPL-3.0-or-later",
    "ISC": "ISC",
    "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-3": "LGPL-3.0-only",
    "LGPL-3+": "LGPL-3.0-or-later",
    "MIT": "MIT",
    "Zlib": "Zlib",
}
FIELDS = ("Package", "Version", "Architecture", "Source", "Maintainer", "Homepage", "db:Status-Status")


def said(*command):
    """What a command prints; not being able to is no mistake."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    return done.stdout


def is_library(path):
    return ".so" in os.path.basename(path)


def linked(path):
    """{library's name: its file} of what a program or library names itself."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", said("readelf", "-d", path))
    if not needed and not is_library(path):
        sys.exit(f"sbom.py: {path} is linked with nothing: is there no readelf?")
    files = dict(re.findall(r"^\s*(\S+) => (/\S+)", said("ldd", path), re.M))
    return {name: files.get(name) for name in needed if not name.startswith("ld-linux")}


def packages_of(files):
    """{file: Debian's package}; a release whose /lib is /usr/lib may know a file by either."""
    ways = {}
    for file in files:
        for way in (file, os.path.realpath(file)):
            tail = way[len("/usr"):] if way.startswith("/usr/") else way
            ways.update({tail: file, "/usr" + tail: file})
    found = {}
    for line in said("dpkg-query", "-S", *sorted(ways)).splitlines():
        packages, _, path = line.partition(": ")
        if path in ways:
            found[ways[path]] = packages.split(",")[0]
    return found


def licences_of(package):
    """Of the copyright file, if it is one that programs can read: SPDX's names, or Debian's."""
    try:
        with open(f"/usr/share/doc/{package.split(':')[0]}/copyright", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return []
    if not re.match(r"\s*Format:", text):
        return []
    found = re.findall(r"^Files:.*?^License:[ \t]*(\S[^\n]*)", text, re.M | re.S)
    names = {re.sub(r"\s+", " ", name).strip() for name in found}
    return [{"license": {"id": SPDX[name]} if name in SPDX else {"name": name}} for name in sorted(names)]


def distribution():
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            said_there = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    except OSError:
        return "debian", ""
    name, number = (said_there.get(key, "").strip('"') for key in ("ID", "VERSION_ID"))
    return name or "debian", f"{name}-{number}" if number else ""


def of_package(package, libraries):
    """A component from dpkg's metadata."""
    form = "".join(f"${{{field}}}\\n" for field in FIELDS)
    fields = dict(zip(FIELDS, said("dpkg-query", "-W", "-f", form, package).split("\n")))
    name, version = fields["Package"], fields["Version"]
    vendor, release = distribution()
    quoted = urllib.parse.quote(version, safe="")
    purl = f"pkg:deb/{vendor}/{name}@{quoted}?arch={fields['Architecture']}" + (f"&distro={release}" if release else "")
    component = {
        "type": "library",
        "bom-ref": purl,
        "supplier": {"name": re.sub(r"\s*<.*", "", fields["Maintainer"])},
        "name": name,
        "version": version,
        "licenses": licences_of(package),
        "purl": purl,
        "properties": [{"name": "debian:source", "value": fields["Source"].split(" ")[0] or name}]
        + [{"name": "royale:library", "value": library} for library in sorted(libraries)],
    }
    if not component["licenses"]:
        del component["licenses"]
    if fields["Homepage"]:
        component["externalReferences"] = [{"type": "website", "url": fields["Homepage"]}]
    return component


def of_library(library):
    """The same where no package is known."""
    return {"type": "library", "bom-ref": library, "name": library}


def of_page(lock):
    """Components of npm that are in the page: not those that only build or test it."""
    with open(lock, encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    for path, package in sorted(packages.items()):
        if path == "" or package.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{urllib.parse.quote(name, safe='/')}@{package['version']}"
        component = {"type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl}
        kind, _, digest = package.get("integrity", "").partition("-")
        if kind == "sha512":
            component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        if "license" in package:
            component["licenses"] = [{"license": {"id": package["license"]}}]
        yield component


def write(contents):
    """The whole document, on standard output; its number is made from what it says."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(contents, sort_keys=True))
    if os.environ.get("SOURCE_DATE_EPOCH"):
        when = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
        contents["metadata"]["timestamp"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        **contents,
    }
    json.dump(bill, sys.stdout, indent=1, ensure_ascii=False)
    print()


def main():
    build, version, commit = sys.argv[1:4]
    lock = sys.argv[4] if len(sys.argv) > 4 else None
    folders = ("bin/royale*", "lib/royale/*.so", "library/lib*.so.*")
    parts = [path for folder in folders for path in sorted(glob.glob(f"{build}/{folder}"))]
    uses = {path: linked(path) for path in parts}
    files = {file for libraries in uses.values() for file in libraries.values() if file}
    package = packages_of(files) if shutil.which("dpkg-query") else {}

    libraries_of = collections.defaultdict(set)  # package, or library without one: its libraries
    needs = {}
    for path, libraries in uses.items():
        owner = {name: package.get(file, name) for name, file in libraries.items()}
        for name in libraries:
            libraries_of[owner[name]].add(name)
        needs[path] = set(owner.values())
    of = {
        owner: of_package(owner, names) if owner in package.values() else of_library(owner)
        for owner, names in libraries_of.items()
    }

    components, dependencies = [], {}
    for path in parts:
        component = {
            "type": "library" if is_library(path) else "application",
            "bom-ref": f"royale/{os.path.basename(path)}",
            "name": os.path.basename(path),
            "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}],
        }
        components.append(component)
        dependencies[component["bom-ref"]] = {of[owner]["bom-ref"] for owner in needs[path]}
    components += [of[owner] for owner in sorted(of)]
    if lock and os.path.exists(f"{build}/share/royale/page/index.html"):
        page = list(of_page(lock))
        components += page
        dependencies["royale/royale-web"] |= {component["bom-ref"] for component in page}
    whole = {
        "type": "application",
        "bom-ref": "royale",
        "name": "royale",
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "properties": [{"name": "royale:commit", "value": commit}],
    }
    dependencies["royale"] = {f"royale/{os.path.basename(path)}" for path in parts}
    contents = {
        "metadata": {"component": whole},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(dependencies.items())],
    }
    write(contents)


if __name__ == "__main__":
    main()
