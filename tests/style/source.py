"""What the rules know of the tree: its files, and of C just enough to find names and functions."""

import os
import re
import subprocess

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
SCRIPTS = (".sh", ".bash", ".py")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def blank_match(match):
    return blank(match[0])


class File:
    """One file. `code` is C without comments and string contents, `bare` without comments only:
    both keep every line and column."""

    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), "rb") as file:
            self.bytes = file.read()
        self.text = self.bytes.decode("utf-8", "replace")
        self.lines = self.text.split("\n")
        self.is_c = path.endswith((".c", ".h"))
        self.is_script = path.endswith(SCRIPTS) or self.text.startswith("#!")
        if self.is_c:
            self.code = TOKEN.sub(self._hide, self.text)
            self.bare = TOKEN.sub(lambda m: blank(m[0]) if m[0][0] == "/" else m[0], self.text)
            self.code_lines = self.code.split("\n")

    @staticmethod
    def _hide(match):
        text = match[0]
        return blank(text) if text[0] == "/" else text[0] + blank(text[1:-1]) + text[-1]

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def without_directives(self):
        """The code without preprocessor lines, what continues them, and the braces of extern "C"."""
        out, inside = [], False
        text = re.sub(r'^extern "\s*" \{$', blank_match, self.code, flags=re.MULTILINE)
        text = re.sub(r"(?<=#ifdef __cplusplus\n)\}$", " ", text, flags=re.MULTILINE)
        for line in text.split("\n"):
            inside = inside or line.lstrip().startswith("#")
            out.append(blank(line) if inside else line)
            inside = inside and line.rstrip().endswith("\\")
        return "\n".join(out)

    def functions(self):
        """(name, line of its head, lines, head) of each definition, as clang-format lays it out: the
        brace stands alone in column 1."""
        for at, line in enumerate(self.code_lines):
            if line.rstrip() != "{":
                continue
            first = at
            while first > 0 and re.search(r"[^;}\s]\s*$", self.code_lines[first - 1]) and \
                    not self.code_lines[first - 1].startswith("#"):
                first -= 1
            end = next((n for n in range(at, len(self.code_lines))
                        if self.code_lines[n].rstrip() == "}"), at)
            head = " ".join(self.code_lines[first:at])
            name = re.search(r"(\w+)\s*\(", without_attributes(head))
            yield name[1] if name else "?", first + 1, end - first + 1, head


def without_attributes(text):
    return re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", " ", text)


def statements(text):
    """(offset, statement) at file level, bodies of braces included."""
    start, depth = 0, 0
    for at, char in enumerate(text):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            rest = text[at + 1:at + 400].lstrip()
            if depth == 0 and (not rest or rest[0] not in ";,=_*)" and not re.match(
                    r"\w+(\[[^]]*\])?\s*[;=,]", rest)):
                yield start, text[start:at + 1]
                start = at + 1
        elif char == ";" and depth == 0:
            yield start, text[start:at + 1]
            start = at + 1


def enumerators(text):
    """(name, offset, whether it is the first: the zero, which needs no word to be meant)."""
    for body in re.finditer(r"\benum\b(?:\s+\w+)?\s*\{([^}]*)\}", text):
        at = body.start(1)
        for number, part in enumerate(body[1].split(",")):
            name = WORD.search(part)
            if name:
                yield name[0], at + name.start(), number == 0
            at += len(part) + 1


def _declared(statement):
    """(kind, name, offset) that one statement at file level declares."""
    for tag in re.finditer(r"\b(struct|union|enum)\s+(\w+)\s*\{", statement):
        yield "type" if tag[1] != "enum" else "enum", tag[2], tag.start(2)
    for name, at, first in enumerators(statement):
        yield "first enumerator" if first else "enumerator", name, at
    head = statement.split("{")[0]
    if "typedef" in head:
        name = re.search(r"\(\s*\*\s*(\w+)\s*\)\s*\(|(\w+)\s*;\s*$", statement)
        if name:
            group = 1 if name[1] else 2
            yield "type", name[group], name.start(group)
        return
    name = re.search(r"(\w+)\s*\(", without_attributes(head))
    if name and name[1] not in ("_Static_assert",) and not name[1].isupper():
        yield "function", name[1], head.index(name[1])
    elif head.lstrip().startswith("extern"):
        name = re.search(r"(\w+)\s*(?:\[[^]]*\]\s*)*;", head)
        if name:
            yield "variable", name[1], name.start(1)


def declarations(file):
    """(kind, name, line) of what a header offers; what X-macros make has no text and is left out."""
    if file.path.endswith(".h"):
        for macro in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", file.code, re.MULTILINE):
            yield "macro", macro[1], file.line_of(macro.start(1))
        text = file.without_directives()
        for start, statement in statements(text):
            for kind, name, at in _declared(statement):
                yield kind, name, file.line_of(start + at)
    else:
        for name, line, _, head in file.functions():
            if not re.search(r"\bstatic\b", head) and name not in ("main", "?") and not name.isupper():
                yield "function", name, line


class Tree:
    def __init__(self, root):
        self.root = root
        self.paths = tracked(root)
        self.files = [File(root, path) for path in self.paths
                      if os.path.isfile(os.path.join(root, path))]
        self.c = [file for file in self.files if file.is_c]
        self.by_path = {file.path: file for file in self.files}


def tracked(root):
    """What git tracks there; of a tree without git, every file."""
    if os.path.exists(os.path.join(root, ".git")):
        out = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True, capture_output=True)
        return sorted(out.stdout.decode().split("\0")[:-1])
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)
