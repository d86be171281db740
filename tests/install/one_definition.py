"""A generator holds a model unit, made by the user's compiler, and the compiler libraries. Nothing in namespace kerf may
have a definition in both, or the linker keeps one of two different things; the headers that both include are exempt.

Usage: one_definition.py <llvm-nm> <object of the unit> <library...>
"""
import re
import subprocess
import sys

SHARED = re.compile(r"kerf::(Dim|Shape|Ints|Text|Rule|Type|Attribute|Port|Builder|rule)\b")


def definitions(nm, *files):
    command = [nm, "--demangle", "--defined-only", "--extern-only", "--format=posix", "--quiet", *files]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = (re.match(r"(.*) [A-Za-z] [0-9a-f]+ [0-9a-f]*$", line) for line in lines)
    return {match[1] for match in names if match and "kerf::" in match[1]}


def main():
    nm, unit, *libraries = sys.argv[1:]
    ours, theirs = definitions(nm, unit), definitions(nm, *libraries)
    assert ours and theirs, "no symbols read"
    twice = sorted(name for name in ours & theirs if not SHARED.search(name))
    if twice:
        print("defined in a model unit and in the compiler; rename one:", *twice, sep="\n  ")
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main())
