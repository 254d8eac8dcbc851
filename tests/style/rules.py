"""The rules: each is a function of the tree that yields (path, line, what, remedy)."""

import collections
import os
import re
import shutil
import subprocess

import house
from source import WORD, declarations


class Skip(Exception):
    """A rule that cannot be tried here, and why."""


# ---- S1 format ---------------------------------------------------------------------------------


def format_rule(tree):
    if shutil.which("clang-format") is None:
        raise Skip("clang-format is not installed: make deps")
    if not tree.c:
        return
    out = subprocess.run(["clang-format", "--dry-run", "-Werror", "--"] + [f.path for f in tree.c],
                         cwd=tree.root, capture_output=True, text=True, check=False)
    for path, line in re.findall(r"^(\S+?):(\d+):\d+: error: code should be clang-formatted",
                                 out.stderr, re.MULTILINE):
        yield path, int(line), "not as .clang-format has it", "clang-format -i " + path
    if out.returncode != 0 and "clang-formatted" not in out.stderr:
        yield ".clang-format", 1, out.stderr.strip()[:200], "mend the file"
    for file in tree.c:
        for match in re.finditer(r"clang-format\s+off", file.text):
            if file.path != house.ATOMICS_HEADER:
                yield (file.path, file.line_of(match.start()), "turns clang-format off",
                       "let it decide, or write what it cannot spoil")


# ---- S2 lengths --------------------------------------------------------------------------------


def length_rule(tree):
    for file in tree.files:
        if not (file.is_c or file.is_script):
            continue
        lines = file.text.count("\n")
        if lines > house.FILE_LINES_MAX:
            yield (file.path, house.FILE_LINES_MAX + 1, f"the file has {lines} lines, "
                   f"{house.FILE_LINES_MAX} are allowed", "split it by job")
        for name, line, length, _ in file.functions() if file.is_c else ():
            if length > house.FUNCTION_LINES_MAX:
                yield (file.path, line, f"{name} has {length} lines, {house.FUNCTION_LINES_MAX} are "
                       "allowed", "take a step of it out into a function")


# ---- S3 includes -------------------------------------------------------------------------------


def includes(file):
    """(what stands around the name: a quote, <, or nothing; the name, line)"""
    for match in re.finditer(r'^[ \t]*#[ \t]*include\b[ \t]*(["<]?)([^">\n]*)', file.bare,
                             re.MULTILINE):
        yield match[1], match[2], file.line_of(match.start(2))


def include_rule(tree):
    yield from cycles({folder: [other for other in house.FOLDERS if other != folder and
                                house.may_include(folder, other)] for folder in house.FOLDERS})
    for file in tree.c:
        folder = house.room(file.path)
        if house.row(folder) is None:
            yield file.path, 1, "its folder has no row", "add one to FOLDERS in tests/style/house.py"
            continue
        for mark, name, line in includes(file):
            other = house.room(name)
            if mark == "<" and name not in tree.by_path:
                continue
            if mark != '"':
                yield (file.path, line, f"includes {mark}{name.strip()} without quotes",
                       'write "shm/ring.h"; <..> is for what is installed')
            elif name not in tree.by_path:
                yield (file.path, line, f'"{name}" is no file of the tree, seen from its root',
                       'write the whole path: "shm/ring.h"; <..> is for what is installed')
            elif name.endswith(".c"):
                yield file.path, line, f"includes the source {name}", "call it through a header"
            elif house.row(other) is None or not house.may_include(folder, other):
                yield (file.path, line, f"{folder} may not include {other} ({name})",
                       "move what both need down, or hand it in; the table is tests/style/house.py")


def cycles(edges):
    """Folders that may include one another, over however many others."""
    state, trail = {}, []

    def visit(folder):
        state[folder] = "open"
        trail.append(folder)
        for other in edges[folder]:
            if state.get(other) == "open":
                ring = trail[trail.index(other):] + [other]
                yield ("tests/style/house.py", 1, "a cycle of folders: " + " -> ".join(ring),
                       "the lower one may not include the upper")
            elif other not in state:
                yield from visit(other)
        trail.pop()
        state[folder] = "done"

    for folder in edges:
        if folder not in state:
            yield from visit(folder)


# ---- S4 labels ---------------------------------------------------------------------------------

ORDERED = re.compile(r"\b(ry_load_acquire|ry_store_release|ry_fence_acquire|ry_fence_release|"
                     r"ry_fence_seq_cst)\b(\s*\()?")
LABEL = re.compile(r"\b([RAF]\d+): pairs with\s+(?:\*\s*)?([RAF]\d+)\s+(?:\*\s*)?in\s+(?:\*\s*)?"
                   r"([\w./-]+\.[ch])\b")
SIDE = {"ry_load_acquire": "A", "ry_fence_acquire": "A", "ry_store_release": "R",
        "ry_fence_release": "R", "ry_fence_seq_cst": "F"}
PARTNER = {"A": "R", "R": "A", "F": "F"}


def labels_near(file, line):
    """The labels of the statement on that line: on its lines, or in the comment directly above."""
    first = line
    while first > 1:
        code, text = file.code_lines[first - 2].strip(), file.lines[first - 2].strip()
        if not text or (code and code[-1] in ";{}"):
            # The end of the statement before; its own comment at the end of the line is not ours.
            break
        first -= 1
    last = line
    while last < len(file.lines) and ";" not in file.code_lines[last - 1]:
        last += 1
    return LABEL.findall("\n".join(file.lines[first - 1:last]))


def label_calls(tree):
    for file in tree.c:
        if file.path == house.ATOMICS_HEADER:
            continue
        called = set()
        for call in ORDERED.finditer(file.code):
            line, side = file.line_of(call.start()), SIDE[call[1]]
            if call[2] is None:
                yield file.path, line, f"{call[1]} under another name", "call it where it happens"
                continue
            near = [label[0] for label in labels_near(file, line) if label[0][0] == side]
            called.update(near)
            if not near:
                yield (file.path, line, f"{call[1]} without a label {side}n",
                       f"/* {side}7: pairs with {PARTNER[side]}7 in FILE */ on its line or above")
        for match in LABEL.finditer(file.text):
            if match[1] not in called:
                yield (file.path, file.line_of(match.start()), f"{match[1]} labels no call",
                       "put it beside the call, or remove it")


def label_rule(tree):
    yield from label_calls(tree)
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for file in tree.c:
        if file.path == house.ATOMICS_HEADER:
            continue
        for match in LABEL.finditer(file.text):
            found[match[1]][file.path].append((file.line_of(match.start()), match[2], match[3]))
    for label, files in sorted(found.items()):
        partner = PARTNER[label[0]] + label[1:]
        for path, places in files.items():
            for line, said, where in places:
                if said != partner:
                    yield path, line, f"{label} names {said} as its partner", f"it must be {partner}"
                elif where not in found.get(partner, {}):
                    yield (path, line, f"{label}: there is no {partner} in {where}",
                           "name the file where the partner is, or label the partner")
        both = found.get(partner, {})
        if len(files) > 1 and len(both) > 1 and label[0] == "R":
            path = sorted(files)[-1]
            yield (path, files[path][0][0], f"{label} stands in {', '.join(sorted(files))} and "
                   f"{partner} in {', '.join(sorted(both))}: two pairs of one number",
                   "give one pair a number of its own")


# ---- S5 atomics --------------------------------------------------------------------------------

ATOMIC = re.compile(r"\b(__atomic_\w+|__sync_\w+|_Atomic|atomic_\w+|memory_order_\w+|volatile|"
                    r"__volatile__|asm|__asm__)\b|<stdatomic\.h>")

VOLATILE_REASON_LINES = 4  # so near must the reason stand


def atomic_rule(tree):
    for file in tree.c:
        if file.path == house.ATOMICS_HEADER:
            continue
        for match in ATOMIC.finditer(file.code):
            line = file.line_of(match.start())
            if "asm" in match[0] and file.path.startswith("tests/"):
                continue
            if "volatile" in match[0]:
                if re.search(r"\b(asm|__asm__)\s*$", file.code[:match.start()]):
                    continue
                said = "".join(file.lines[max(0, line - VOLATILE_REASON_LINES):line])
                if file.path.startswith("tests/") and "volatile: " in said:
                    continue
            yield (file.path, line, f"{match[0]} outside {house.ATOMICS_HEADER}",
                   "use its functions; a test that fools the compiler says why: /* volatile: .. */")


# ---- S6 dead names -----------------------------------------------------------------------------


def pasted(tree):
    """What ## makes names of: the parts before and after it."""
    before, after = set(), set()
    for file in tree.c:
        for match in re.finditer(r"(\w*)\s*##\s*(\w*)", file.code):
            before.add(match[1])
            after.add(match[2])
    return tuple(b for b in before if len(b) > 4), tuple(a for a in after if len(a) > 4)


def own_words(file, name, kind, line):
    """How often a declaration says its own name: a macro may in what it expands to."""
    if kind != "macro":
        return 1
    text, at = file.code_lines[line - 1], line
    while text.endswith("\\"):
        text = text[:-1] + file.code_lines[at]
        at += 1
    return len(re.findall(rf"\b{name}\b", text))


def dead_rule(tree):
    said = collections.Counter()
    for file in tree.files:
        if file.is_c:
            said.update(WORD.findall(file.code))
        elif file.path.endswith((".def", ".list", ".in")):
            said.update(WORD.findall(file.text))
    offered, own = {}, collections.Counter()
    for file in tree.c:
        for kind, name, line in declarations(file):
            own[name] += own_words(file, name, kind, line)
            if kind not in ("enum", "first enumerator") and file.path != house.AUTHORS_HEADER and \
                    not is_guard(file, name):
                offered.setdefault(name, (file.path, line, kind))
    interface = {name for file in tree.c if file.path == house.AUTHORS_HEADER
                 for _, name, _ in declarations(file)}
    before, after = pasted(tree)
    for name, (path, line, kind) in sorted(offered.items(), key=lambda item: item[1]):
        if said[name] > own[name] or name in interface or name in house.FOREIGN or \
                name.startswith("__"):
            continue
        if name.startswith(before) or name.endswith(after):
            continue
        if kind == "macro" and is_switch(tree.by_path[path], name):
            continue  # read by a library's header
        yield path, line, f"nobody uses the {kind} {name}", "remove it"


# ---- S7 prefixes -------------------------------------------------------------------------------


def is_guard(file, name):
    return file.path.endswith(".h") and name == "RY_" + re.sub(r"\W", "_", file.path).upper()


def prefix_rule(tree):
    interface = {name for file in tree.c if file.path == house.AUTHORS_HEADER
                 for _, name, _ in declarations(file)}
    handed_on = {word for file in tree.files if file.path.endswith(".def")
                 for word in WORD.findall(file.text)}  # X-macros: the tables call them
    offered = {name for file in tree.c if file.path.endswith(".h")
               for _, name, _ in declarations(file)}
    for file in tree.c:
        folder = house.room(file.path)
        row = house.row(folder)
        if row is None or row[0] == "" or file.path == house.AUTHORS_HEADER:
            continue
        prefixes = tuple(row[0].split())
        for kind, name, line in declarations(file):
            plain = name.lower() if kind == "macro" or "enumerator" in kind else name
            if plain.startswith(prefixes) or plain + "_" in prefixes or name.startswith("__"):
                continue
            if name in interface or name in handed_on or name in house.FOREIGN or \
                    is_guard(file, name):
                continue
            if kind == "macro" and is_switch(file, name):
                continue
            if folder.startswith("tests/") and not file.path.endswith(".h") and name in offered:
                continue  # a rig stands in for what a header of the house offers
            yield (file.path, line, f"the {kind} {name} does not begin with {row[0]}",
                   f"the names of {folder} do; the table is tests/style/house.py")


def is_switch(file, name):
    """A macro without a value: some other header asks whether it is there."""
    return re.search(rf"#[ \t]*define[ \t]+{name}[ \t]*$", file.code, re.MULTILINE)


def guard_rule(tree):
    for file in tree.c:
        if not file.path.endswith(".h"):
            continue
        guard = re.search(r"#[ \t]*ifndef[ \t]+(\w+)\s*\n#[ \t]*define[ \t]+(\w+)", file.code)
        wanted = house.GUARDS.get(file.path, "RY_" + re.sub(r"\W", "_", file.path).upper())
        if guard is None or guard[1] != wanted or guard[2] != wanted:
            yield (file.path, file.line_of(guard.start()) if guard else 1,
                   f"the guard is {guard[1] if guard else 'missing'}", "it must be " + wanted)


# ---- S8 lines ----------------------------------------------------------------------------------


def line_rule(tree):
    for file in tree.files:
        if b"\0" in file.bytes:
            continue
        code = file.is_c or file.path.endswith(".py")
        makefile = file.path.endswith(("Makefile", ".mk", "debian/rules"))
        for number, line in enumerate(file.lines, 1):
            if line.rstrip() != line:
                yield file.path, number, "blanks at the end of the line", "remove them"
            if "\t" in line and not makefile:
                yield file.path, number, "a tab", "indent with spaces"
            if code and len(line) > house.COLUMNS_MAX and '"' not in line and "'" not in line:
                yield (file.path, number, f"{len(line)} columns, {house.COLUMNS_MAX} are allowed",
                       "break the line; only a string may be longer")
        if file.bytes and not file.bytes.endswith(b"\n"):
            yield file.path, len(file.lines), "no end of line at the end of the file", "add it"


# ---- S9 generated files ------------------------------------------------------------------------

MADE = re.compile(r"(\.(o|a|so|d|gcno|gcda|gcov|pyc|pcap|gz|zst|ryj|core)|compile_commands\.json)$")
SAYS_MADE = re.compile(rb"(?i)\b(do not edit|(auto)?generated (by|from)\b)")


def generated_rule(tree):
    remedy = "take it out of git: the Makefile makes it again"
    for file in tree.files:
        head = b"\n".join(file.bytes.split(b"\n")[:5])
        if MADE.search(file.path) or file.path.startswith("build/"):
            yield file.path, 1, "is a file that a program makes", remedy
        elif b"\0" in file.bytes or len(file.bytes) > house.TRACKED_BYTES_MAX:
            yield file.path, 1, "is no text that a person wrote", remedy
        elif SAYS_MADE.search(head):
            yield file.path, 1, "says that it is generated", remedy
    if os.path.exists(os.path.join(tree.root, ".git")):
        out = subprocess.run(["git", "-C", tree.root, "ls-files", "-ci", "--exclude-standard"],
                             capture_output=True, text=True, check=True)
        for path in out.stdout.split("\n")[:-1]:
            yield path, 1, "is tracked and ignored", remedy


RULES = (
    ("S1", "every C file is as .clang-format has it", format_rule),
    ("S2", "functions of at most 70 lines, files of at most 600", length_rule),
    ("S3", "includes: from the root, downwards, without cycles", include_rule),
    ("S4", "each acquire, release and fence is labelled with a partner that exists", label_rule),
    ("S5", "atomics only through shm/atomic.h", atomic_rule),
    ("S6", "no dead names", dead_rule),
    ("S7", "public names begin with their folder's prefix", prefix_rule),
    ("S8", "each header has the guard of its path", guard_rule),
    ("S9", "100 columns, no tabs, no blanks at line ends", line_rule),
    ("S10", "no generated file is tracked", generated_rule),
)
