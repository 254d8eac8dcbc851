"""What docs/OPERATIONS.md names is there: commands and their options, playbooks, roles, the inventory, make's targets, alerts with their
urgency, keys of battle files, counters, manual pages, links. Prints what is not.

usage: operations.py TREE ROYALE      ROYALE: the program royale
"""
import pathlib
import re
import subprocess
import sys

TREE, ROYALE = pathlib.Path(sys.argv[1]), sys.argv[2]
PAGE = TREE / "docs/OPERATIONS.md"
TEXT = PAGE.read_text(encoding="utf-8")
# The rows of the page's table of alerts, and the severity that each is for.
URGENCIES = (("critical", "| **Stop and look"), ("warning", "| Look today"), ("info", "| Know it"))
# A call of royale: at a line's start, behind a prompt, sudo, another command, or as the image's arguments.
CALL = r"(?:^|^[$#] |sudo |; |&& |do |royale:VERSION )(?:royale )?(?<=royale |ERSION )([a-z].*?)(?=;|&&|\||>|$)"


def said_by(*words):
    run = subprocess.run([ROYALE, *words], capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


def code():
    """What stands in code: spans, and the lines of blocks, those that a backslash continues as one."""
    text = TEXT.replace("\\\n", " ")
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.M | re.S):
        for line in block.splitlines():
            yield line.split(" # ")[0]
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def commands():
    known = set(re.findall(r"^  ([a-z]+) ", said_by("help"), re.M))
    helps, seen = {}, 0
    for line in code():
        for call in re.findall(CALL, line):
            words = call.split()
            name = words[0]
            seen += 1
            if name not in known:
                yield f"no command {name}: {line}"
                continue
            key = tuple(words[:2]) if len(words) > 1 and name in ("queue", "tune", "kafka", "key", "dev") and words[1].isalpha() else (name,)
            if key not in helps:
                helps[key] = said_by(*key, "--help")
            for option in re.findall(r"(?<!\S)(--[a-z-]+)", call):
                if option not in helps[key]:
                    yield f"royale {' '.join(key)} has no {option}: {line}"
    if seen < 20:
        yield f"only {seen} commands were found"


def ansible():
    playbooks = {path.stem for path in (TREE / "ansible/playbooks").glob("*.yml")}
    roles = {path.name for path in (TREE / "ansible/roles").iterdir()}
    for name in re.findall(r"royale\.appliance\.([a-z_]+)", TEXT) + re.findall(r"[Pp]laybook `([a-z_]+)`", TEXT):
        if name not in playbooks:
            yield f"no playbook {name}"
    for name in re.findall(r"[Rr]ole `([a-z_]+)`", TEXT):
        if name not in roles:
            yield f"no role {name}"
    variables = "".join(path.read_text(encoding="utf-8") for path in (TREE / "ansible/roles").glob("*/defaults/main.yml"))
    for name in re.findall(r"-e ([a-z_]+)=", TEXT) + re.findall(r"^([a-z]+_[a-z_]+): ", TEXT, re.M):
        if not re.search(rf"^{name}:", variables, re.M) and not any(
                f"{name}:" in path.read_text(encoding="utf-8") for path in (TREE / "ansible/roles").glob("*/meta/argument_specs.yml")):
            yield f"no variable {name}"


def inventory():
    """The collection's README has the same first commands, and the folder that they copy has what the others read."""
    readme = (TREE / "ansible/README.md").read_text(encoding="utf-8")
    ours = {re.sub(r"^\$ ", "", line).strip() for line in code()}
    for line in re.findall(r"^    ((?:make|cp|ansible-).*?)(?: {2,}#.*)?$", readme, re.M):
        if line not in ours:
            yield f"ansible/README.md has another command: {line}"
    copied = re.search(r"^\$ cp -rL (\S+) (\S+)$", TEXT, re.M)
    if not copied:
        yield "no inventory is copied"
        return
    source, copy = copied.groups()
    for name in re.findall(rf"(?<!\S){copy}/([\w./]+)", TEXT + readme):
        if not (TREE / source / name).exists():
            yield f"no file {name} in {source}"
    variables = (TREE / source / "group_vars/appliances.yml").read_text(encoding="utf-8")
    packages = re.search(r"inventory_dir ~ '([^']+)'", variables)
    if not packages or (TREE / f"{copy}{packages.group(1)}").resolve() != (TREE / "build/deb").resolve():
        yield f"appliance_debs of {copy} is not where make deb leaves packages"


def targets():
    rules = "".join(path.read_text(encoding="utf-8") for path in [TREE / "Makefile", *(TREE / "tools/package").glob("*.mk")])
    for name in re.findall(r"`?\bmake ([a-z][a-z-]+)", "\n".join(code())):
        if not re.search(rf"^(\.PHONY:.* )?{name}\b.*:|^\.PHONY:.*\b{name}\b|^{name}:", rules, re.M):
            yield f"no target {name}"


def alerts():
    rules = (TREE / "tools/web/prometheus/royale.rules.yml").read_text(encoding="utf-8")
    severity_of = {rule.split()[0]: re.search(r"severity: (\w+)", rule).group(1) for rule in rules.split("- alert: ")[1:]}
    for severity, row in URGENCIES:
        line = next((line for line in TEXT.splitlines() if line.startswith(row)), "")
        wanted = {name for name, given in severity_of.items() if given == severity}
        for name in wanted ^ set(re.findall(r"`(Royale\w+)`", line)):
            yield f"{name}: not in the row of {severity}, or not {severity}"
    known = set(severity_of)
    for name in set(re.findall(r"`(Royale[A-Z]\w+)`", TEXT)) - known:
        yield f"no alert {name}"
    runbook = (TREE / "docs/RUNBOOK.md").read_text(encoding="utf-8")
    for name in known - set(re.findall(r"^## (\w+)", runbook, re.M)):
        yield f"no section of RUNBOOK.md for {name}"


def words_of_battles():
    keys = said_by("keys")
    for key in re.findall(r"`(market\.\w+|game\.\w+|risk\.\w+)", TEXT) + ["keep", "journal.compress"]:
        if not re.search(rf"^{re.escape(key)}( |$)", keys, re.M):
            yield f"no key {key}"
    counters = said_by("counters", "--markdown")
    for name in re.findall(r"`exec_(\w+)`", TEXT):
        if f"`{name}`" not in counters:
            yield f"no counter {name}"
    figures = said_by("web", "--names")
    for name in re.findall(r"`(royale_\w+)`", TEXT):
        if name not in figures:
            yield f"no metric {name}"


def anchors(path):
    """As GitHub makes them of headings."""
    for heading in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M):
        yield re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def links():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        name, _, anchor = target.partition("#")
        path = (PAGE.parent / name) if name else PAGE
        if not path.exists():
            yield f"no file {target}"
        elif anchor and anchor not in anchors(path):
            yield f"no heading {target}"
    for page, section in re.findall(r"\b(royale[a-z-]*)\((\d)\)", TEXT):
        if not (TREE / f"docs/man/{page}.{section}").exists():
            yield f"no page {page}({section})"


CHECKS = (commands, ansible, inventory, targets, alerts, words_of_battles, links)
found = sorted({what for check in CHECKS for what in check()})
print("\n".join(found))
sys.exit(1 if found else 0)
