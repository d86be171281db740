"""A generator links a model unit, in which is the language, with the compiler: a name that both define must mean the same,
or the linker keeps one of two different functions. So they may share what dsl/kerf/{shape,dim,builder,model_table}.h
define, and nothing else.

    one_definition.py NM OBJECT... -- LIBRARY...
"""
import re
import subprocess
import sys

SHARED = r"(rule|Text|Dim|Shape|Ints|Rule|Builder|DType|Type|Attribute|Port|Value|detail::[A-Za-z_]*(shape|dim|text)[a-z_]*)\b"


def defined(nm, files):
    """The external names that the files define, by their readable form."""
    text = subprocess.run([nm, "--defined-only", "--extern-only", "--demangle", *files], capture_output=True, text=True,
                          check=True).stdout
    return {line.split(" ", 2)[2] for line in text.splitlines() if re.match(r"[0-9a-f]+ [A-Za-z] ", line)}


def is_private(name):
    """Does the name speak of a thing of Kerf's that the two sides must not share?"""
    names = re.findall(r"\bkerf::((?:\w+::)*\w+)", name)
    return any(not re.match(SHARED, each) for each in names)


def main():
    nm, *rest = sys.argv[1:]
    split = rest.index("--")
    both = defined(nm, rest[:split]) & defined(nm, rest[split + 1:])
    clashes = sorted(name for name in both if is_private(name))
    for name in clashes:
        print(f"defined by the language and by the compiler: {name}")
    sys.exit(1 if clashes else 0)


if __name__ == "__main__":
    main()
