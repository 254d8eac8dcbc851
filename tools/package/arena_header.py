"""Prints royale/arena.h: a header of the tree and what it includes, as one that stands alone.

    arena_header.py HEADER                 the header, for C11 and C++17
    arena_header.py HEADER --names OBJECT  the names of OBJECT that the header offers, a line each

The comment that HEADER begins with comes first. Each header of the tree is written once, before the
one that includes it; rows of a table (NAME.def) are written out, with their sentence as a comment.
"""

import re
import subprocess
import sys

HEAD = """#ifndef RY_ARENA_H
#define RY_ARENA_H

%s
#ifdef __cplusplus
#define RY_STATIC_ASSERT static_assert
extern "C" {
#else
#define RY_STATIC_ASSERT _Static_assert
#endif

/* __int128, structs without a name within unions, functions that are called as what they fill. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"

"""
TAIL = """
#pragma GCC diagnostic pop

#ifdef __cplusplus
}
#endif

#endif
"""
DEFINE = re.compile(r"#define (\w+)(?:\(([^)]*)\))? *(.*)", re.S)
INCLUDE = re.compile(r'#include ([<"])([^>"]*)[>"]')


def read(path):
    """The logical lines of a file."""
    with open(path, encoding="utf-8") as file:
        return re.sub(r" *\\\n *", " ", file.read()).split("\n")


def rows(path):
    """(macro, [argument, ..]) for each row of a table."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/|^#.*?$", "", file.read(), flags=re.S | re.M)
    token = re.compile(r'"(?:\\.|[^"\\])*"|\w+|[(),]|\s+')
    at = []
    for part in token.findall(text):
        if part == "(":
            at.append([""])
        elif part == ")":
            yield name, [argument.strip() for argument in at.pop()]
        elif part == "," and at:
            at[-1].append("")
        elif at:
            at[-1][-1] += part
        elif part.strip():
            name = part


class Header:
    """One header out of many."""

    def __init__(self, root):
        self.system, self.parts, self.seen, self.macros = set(), [], set(), {}
        self.tables = set()  # macros that only tables are read with
        self.opening = ""
        self.take(root, True)

    def take(self, path, root=False):
        """Adds a file, behind those that it includes."""
        self.seen.add(path)
        comment, body = self.cut(path)
        if root:
            self.opening = comment
        out = [] if root else [comment]
        for line in body:
            self.line(line, out)
        drop = re.compile(r"#(?:define|undef) (?:%s)\b" % "|".join(self.tables or {"-"}))
        text = "\n".join(line for line in out if not drop.match(line))
        self.parts.append(text.replace("_Static_assert", "RY_STATIC_ASSERT"))

    @staticmethod
    def cut(path):
        """A file's first comment, and its lines without that and the guard."""
        lines = read(path)
        guard = next(i for i, line in enumerate(lines) if line.startswith("#ifndef "))
        end = max(i for i, line in enumerate(lines) if line.startswith("#endif"))
        return "\n".join(lines[:guard]), lines[guard + 2 : end]

    def line(self, line, out):
        """One line of a header."""
        included, defined = INCLUDE.match(line), DEFINE.match(line)
        if included and included[1] == "<":
            self.system.add(included[2])
        elif included and included[2].endswith(".def"):
            out.append(self.table(included[2]))
        elif included:
            if included[2] not in self.seen:
                self.take(included[2])
        else:
            if defined:
                self.macros[defined[1]] = defined
            elif line.startswith("#undef "):
                self.macros.pop(line.split()[1], None)
            out.append(line)

    def table(self, path):
        """A table's rows by the macros as they are defined now."""
        done = []
        for name, arguments in rows(path):
            if name not in self.macros:
                continue
            self.tables.add(name)
            macro = self.macros[name]
            if macro[2] is None:  # another name of one with arguments
                macro = self.macros[macro[3].strip()]
                self.tables.add(macro[1])
            done.append(self.row(macro, arguments))
        for name in re.findall(r"^#undef (\w+)", "\n".join(read(path)), re.M):
            self.macros.pop(name, None)
        # What is a list has a line each.
        return ("\n" if any("\n" in row or row[-2:] == "*/" for row in done) else " ").join(done)

    @staticmethod
    def row(macro, arguments):
        """One row, written out."""
        given = dict(zip(re.split(r", *", macro[2]), arguments))
        text = re.sub(r"\w+", lambda word: given.get(word[0], word[0]), macro[3]).replace("##", "")
        text = re.sub(r"(?<=_) (?=\w)", "", text).strip()
        says = re.sub(r'"\s*"', "", given.get("sentence", "")).strip('"').replace('\\"', '"')
        if text[-1] not in ",;" or not says:
            return text
        return f"    {text} /* {says} */"

    def text(self):
        """The header that stands alone."""
        system = "".join(f"#include <{name}>\n" for name in sorted(self.system))
        text = self.opening + "\n" + HEAD % system + "\n".join(self.parts) + TAIL
        return re.sub(r"\n{3,}", "\n\n", text)

    def names(self, of):
        """Which of an object's names the header declares."""
        said = subprocess.run(
            ["nm", "-g", "--defined-only", of], stdout=subprocess.PIPE, text=True, check=True
        )
        words = set(re.findall(r"\w+", re.sub(r"/\*.*?\*/", "", self.text(), flags=re.S)))
        return "".join(
            f"{line.split()[2]}\n" for line in said.stdout.splitlines() if line.split()[2] in words
        )


def main(arguments):
    """As the head of this file says."""
    header = Header(arguments[0])
    if arguments[1:2] == ["--names"]:
        print(header.names(arguments[2]), end="")
    else:
        print(header.text(), end="")


main(sys.argv[1:])
