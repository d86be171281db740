"""What the tree promises and no compiler checks. Every complaint says what to do.

- An op is three files; a kernel, a pass and a model have their test; what stands in such a folder is named in no list.
- A layer, a loss and an activation of the language have their golden.
- Includes point one way: dsl <- compiler <- codegen <- models. Targets stand behind codegen/backend.h.
- Namespaces are their folders'.
- What users build asks for no planted mistake.

Usage: layout.py <repository>
"""
import functools
import pathlib
import re
import sys
import typing

OP_PLACES = {"dsl/ops": ".td", "compiler/ops": ".cpp", "tests/ops": ".mlir"}
SOURCES = {".h", ".hpp", ".cpp", ".c", ".td"}
ROW = re.compile(r'^kerf_model\((\w+)((?:"[^"]*"|[^()"])*)\)', re.M)
STRING = r'"(?:\\.|[^"\\\n])*"'
READ = SOURCES | {".py", ".cmake", ""}


class Tree:
    def __init__(self, root):
        self.root = root

    @functools.cached_property
    def files(self):
        """All that may name something, by its path from the root."""
        folders = [self.root / name for name in ("dsl", "compiler", "codegen", "models", "tests", "bench")]
        paths = [path for folder in folders for path in folder.rglob("*")] + list(self.root.glob("*")) + [self.root / ".ci/run"]
        return sorted(str(path.relative_to(self.root)) for path in paths
                      if path.is_file() and (path.suffix in READ or path.name in ("CMakeLists.txt", "packages.txt")))

    def sources(self, *folders):
        return [file for file in self.files if pathlib.Path(file).suffix in SOURCES and file.startswith(folders)]

    @functools.cache
    def text(self, file):
        return (self.root / file).read_text()

    @functools.cache
    def code(self, file):
        """The text without comments and includes, as many lines."""
        left_out = r'"""(?s:.*?)"""|#[^\n]*'
        if pathlib.Path(file).suffix in SOURCES:
            left_out = r"//[^\n]*|/\*(?s:.*?)\*/|^\s*#\s*include[^\n]*"
        return re.sub(rf"{left_out}|({STRING})", lambda found: found[1] or "\n" * found[0].count("\n"), self.text(file), flags=re.M)

    @functools.cached_property
    def names(self):
        """{kind: {name: where it stands}}"""
        kernels = {path.stem: f"{path.parent.relative_to(self.root)}/{path.stem}."
                   for path in self.root.glob("codegen/*/kernels/*.cpp")}
        families = {path.name: f"compiler/families/{path.name}/" for path in self.root.glob("compiler/families/*/")}
        models = {name: str(file.parent.relative_to(self.root)) + "/" for file in self.root.glob("models/*/CMakeLists.txt")
                  for name, _ in ROW.findall(file.read_text())}
        ops = {path.stem: "" for path in self.root.glob("dsl/ops/*.td")}
        return {"kernel": kernels, "family": families, "model": models, "op": ops}


# ---- files that go together -----------------------------------------------------------------------

def missing_op_files(tree):
    names = {place: {p.stem for p in (tree.root / place).glob("*" + suffix)} for place, suffix in OP_PLACES.items()}
    for op in sorted(set.union(*names.values())):
        for place, suffix in OP_PLACES.items():
            if op not in names[place]:
                yield (f"{place}/{op}{suffix} is missing, but {op} is an op in another folder: an op is three files, what it is, "
                       "what it means, how it is tested")


def misnamed_ops(tree):
    """The mnemonic of the op is the name of its file."""
    for path in sorted((tree.root / "dsl/ops").glob("*.td")):
        mnemonics = re.findall(r'^\s*(?:def\s+\w+\s*)?:?\s*(?:Kerf_\w+|Op)<(?:Kerf_Dialect,\s*)?"(\w+)"',
                               path.read_text(), re.MULTILINE)
        if path.stem not in mnemonics:
            yield f"dsl/ops/{path.name} defines {', '.join(mnemonics) or 'no op'}; it should define {path.stem}"


def unchecked_ops(tree):
    """A test of an op compares its compiled value, and its gradient where it has one."""
    for path in sorted((tree.root / "tests/ops").glob("*.mlir")):
        text = path.read_text()
        if "kerf-opt" not in text:
            yield f"tests/ops/{path.name} has no RUN line with kerf-opt (round trip, constraints, lowering)"
        if path.stem != "yield" and "kerf-run" not in text:
            yield f"tests/ops/{path.name} has no RUN line with kerf-run (value and gradient)"


def untested(tree):
    """What is found by its folder has a test of its name."""
    for kernel, place in sorted(tree.names["kernel"].items()):
        if not (tree.root / f"tests/codegen/kernels/{kernel}.cpp").exists():
            yield f"{place}cpp has no test: write tests/codegen/kernels/{kernel}.cpp"
        elif not re.search(r"\b(?:TEMPLATE_)?TEST_CASE(?:_METHOD|_SIG)?\(", tree.code(f"tests/codegen/kernels/{kernel}.cpp")):
            yield f"tests/codegen/kernels/{kernel}.cpp tests nothing: write a TEST_CASE of what {place}cpp computes"
    for path in sorted((tree.root / "tests/codegen/kernels").glob("*.cpp")):
        if path.stem not in tree.names["kernel"]:
            yield f"tests/codegen/kernels/{path.name} tests no kernel: there is no codegen/<target>/kernels/{path.name}"
    for file in sorted(tree.root.glob("compiler/passes.td")) + sorted(tree.root.glob("compiler/families/*/passes.td")):
        for name in re.findall(r':\s*Pass<"kerf-([\w-]+)"', file.read_text()):
            test = f"tests/passes/{name.replace('-', '_')}.mlir"
            if not (tree.root / test).exists():
                yield f"the pass kerf-{name} of {file.relative_to(tree.root)} has no test: write {test}"
    for family, place in sorted(tree.names["family"].items()):
        if not (tree.root / place / "family.cpp").exists():
            yield f"{place} has no family.cpp: a family's room begins with its entry"
        elif not re.search(rf'\.name\s*=\s*"{family}"', tree.code(place + "family.cpp")):
            yield f'{place}family.cpp has no .name = "{family}": a family is called as its folder'
        if not (tree.root / place / "passes.td").exists():
            yield f"{place} has no passes.td: the build makes a family's passes from it"
    for system in sorted({path.parent for path in tree.root.glob("models/*/*entries.cpp")}):
        rows = system / "CMakeLists.txt"
        rows = ROW.findall(rows.read_text()) if rows.exists() else []
        if not rows:
            yield f"{system.relative_to(tree.root)}/ has no row: write kerf_model(...) in its CMakeLists.txt"
        for model, row in rows:
            if not re.search(r"\bNARROW\b", row) or not re.search(r"\b(GOLDEN|COMPARE)\b", row):
                yield f"the row of {model} names no test: give it NARROW, and GOLDEN or COMPARE"


def without_golden(tree):
    """Layers, losses and activations stand in a unit of tests/models/ that is compared with PyTorch."""
    units = " ".join(tree.code(file) for file in tree.sources("tests/models/") if pathlib.Path(file).suffix == ".cpp")
    for file in tree.sources("dsl/kerf/nn/", "dsl/kerf/losses.h", "dsl/kerf/activations.h"):
        text = re.sub(r"^namespace (?:\w+::)*detail \{.*?^\} // namespace (?:\w+::)*detail", "", tree.text(file), flags=re.M | re.S)
        scope = r"nn::" if file.startswith("dsl/kerf/nn/") else r"\b"
        for name in dict.fromkeys(re.findall(r"(?:^auto|\bstruct|^using) (\w+)(?=\(| : Module\b| =)", text, re.M)):
            if not re.search(rf"{scope}{name}\b", units):
                yield f"{file} has {name}, which no unit of tests/models/ compares with PyTorch: give it an entry and a golden"


# ---- the arrow ------------------------------------------------------------------------------------

# Folder -> what its files may not include. "mlir" and "llvm" stand for themselves, other words for folders of the tree.
ALL_OF_CODEGEN = ("codegen", "runtime")
FORBIDDEN = {
    "dsl/": ("mlir", "llvm", "compiler", *ALL_OF_CODEGEN, "models", "tests", "bench"),
    "compiler/": (*ALL_OF_CODEGEN, "models", "tests", "bench"),
    "codegen/runtime/": ("mlir", "llvm", "dsl", "compiler", "codegen", "models", "tests", "bench"),
    "codegen/tools/": ("codegen/cpu", "models", "tests", "bench"),
    "codegen/schedule/": ("codegen/host", "codegen/artefact", "codegen/cpu", "codegen/tools", "models", "tests", "bench"),
    "codegen/cpu/": ("codegen/artefact", "codegen/tools", "models", "tests", "bench"),
    "codegen/": ("codegen/cpu", "codegen/tools", "models", "tests", "bench"),
    "models/": ("mlir", "llvm", "compiler", "codegen", "tests", "bench"),
}


def includes(tree, file):
    """What a file includes, as a path from the root, or as it is written."""
    for name in re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', tree.text(file), re.M):
        for folder, layer in (("", ""), (str(pathlib.Path(file).parent) + "/", ""), ("codegen/runtime/", ""), ("dsl/", "")):
            if (tree.root / (folder + name)).is_file():
                name = str((tree.root / (folder + name)).resolve().relative_to(tree.root.resolve()))
                break
        else:
            name = "dsl/" + name if name.startswith("kerf/") else name
        yield "runtime" + name[len("codegen/runtime"):] if name.startswith("codegen/runtime/") else name


def includes_against_the_arrow(tree):
    for file in tree.sources("dsl/", "compiler/", "codegen/", "models/"):
        place = next(place for place in FORBIDDEN if file.startswith(place))
        for name in includes(tree, file):
            room = re.match(r"compiler/families/\w+/", name)
            if room and not file.startswith(room[0]):
                yield f"{file} includes {name}: what is of one family stays in its room, and what several share in compiler/match/"
            for word in FORBIDDEN[place]:
                if name.startswith(word + "/"):
                    yield (f"{file} includes {name}, and {place} knows nothing of {word}/: dsl <- compiler <- codegen <- models, "
                           "and a target is reached through codegen/backend.h")


def mistakes_in_sources(tree):
    """Planted mistakes are edits of copies: what users build has no switch for one."""
    for file in tree.sources("dsl/", "compiler/", "codegen/", "models/", "bench/"):
        found = re.search(r"\bmistake\s*\(|\bKERF_MISTAKE\b", tree.code(file))
        if found or any("mistake" in name for name in includes(tree, file)):
            yield f"{file} asks for a planted mistake: write it as an edit in tests/mistakes/edits.txt"


SEAM = ("codegen/compile.", "codegen/compiled.", "codegen/backend.", "codegen/signature.", "codegen/target.", "codegen/schedule/",
        "codegen/host/", "codegen/artefact/")
# As words and as parts of names: numLanes, VectorType, isX86, but not planes and eigenvector; and what is of the folder cpu/.
MACHINE = re.compile(r"\w*(?:(?:(?<![A-Za-z])lane|Lane|(?<![A-Z])LANE)(?:s|S|wise)?(?![a-z])|(?<![A-Za-z])vector|Vector|VECTOR"
                     r"|(?<![a-z0-9])x86|X86)\w*|\bcpu::\w+|\busing namespace [\w:]*\bcpu\b")
# The C++ library's and LLVM's vectors are no machine's; the ABI's dtype has a field `lanes`; x86intrin is a header of compilers.
CONTAINERS = re.compile(r"std::vector\b|<vector>|\b(?:Small|Set|Map)Vector(?:Impl)?\b|ADT/\w*Vector\w*\.h|\bto_vector(?:_of)?\b"
                        r"|\braw_svector_ostream\b|\bdtype\.lanes\b|\bx86intrin\b")
TARGETS = re.compile(r"\bx86-64-v\d\b")  # as the user writes them


def machines_above_the_seam(tree):
    for file in tree.sources(*SEAM):
        for number, line in enumerate(tree.text(file).splitlines(), 1):
            line = TARGETS.sub("", line) if file.startswith("codegen/target.") else line
            found = MACHINE.search(CONTAINERS.sub("", line))
            if found:
                yield (f"{file}:{number} says {found[0]}: what is one target's stands in its folder, behind codegen/backend.h; "
                       "say what it means for every target")


NAMESPACES = {
    "dsl/": r"kerf(?!::(?:compiler|codegen|runtime|models))(::|$)",
    "compiler/": r"kerf::compiler(::|$)",
    "codegen/runtime/": r"kerf(::(runtime|detail)(::|$)|$)",
    "codegen/cpu/": r"kerf::codegen::cpu(::|$)",
    "codegen/": r"kerf::codegen(?!::cpu)(::|$)",
    "models/": r"kerf::(models::)?{folder}(::|$)",
}


OTHERS = re.compile(r"(llvm|mlir|std|boost|CLI)(::|$)")  # whose templates one specialises, whose names one declares
# What codegen/ may say of the compiler: that a class is there.
DECLARES = re.compile(r"\bnamespace\s+kerf::compiler\s*\{\s*(?:(?:class|struct)\s+\w+\s*;\s*)+\}")


def namespaces(text):
    """The full names of the namespaces that open in a text, with their lines; "" of one without a name."""
    depth, opened = 0, []
    for token in re.finditer(r"\bnamespace\s+(?:\[\[[^\]]*\]\]\s*)?([A-Za-z_][\w:]*)\s*\{|\bnamespace\s*\{|[{}]", text):
        if token[0] == "}":
            depth -= 1
            if opened and opened[-1][0] > depth:
                opened.pop()
            continue
        depth += 1
        if token[1]:
            opened.append((depth, token[1]))
        if token[0] != "{":
            yield "::".join(name for _, name in opened) if token[1] else "", text.count("\n", 0, token.start()) + 1


def foreign_namespaces(tree):
    for file in tree.sources("dsl/", "compiler/", "codegen/", "models/"):
        place = next(place for place in NAMESPACES if file.startswith(place))
        cure = f"files of {place} declare in the namespace of their folder"
        code = re.sub(STRING, '""', tree.code(file))
        if place in ("codegen/", "codegen/cpu/"):
            code = DECLARES.sub(lambda found: "\n" * found[0].count("\n"), code)
        full = list(namespaces(code))
        for name, line in full:
            # `namespace kerf { namespace compiler {`: the inner one is asked.
            if not name or OTHERS.match(name) or name == "kerf" and any(other.startswith("kerf::") for other, _ in full):
                continue
            wanted = NAMESPACES[place].replace("{folder}", file.split("/")[1] if file.count("/") > 1 else "models")
            if not re.match(wanted, name):
                yield f"{file}:{line} opens {name}: {cure}"
        for found in re.finditer(r"\binline\s+namespace\b", code):
            yield f"{file}:{code.count(chr(10), 0, found.start()) + 1} has an inline namespace: {cure}"
        # The runtime's C interface and main programs stand in none.
        is_asked = place in ("compiler/", "codegen/", "codegen/cpu/") and not file.endswith(".td")
        is_asked = is_asked and not re.search(r"\bmain\(", code)
        declares = re.sub(r"^\s*#.*|^\s*using\b[^;]*;", "", code, flags=re.M).strip()
        if is_asked and declares and not full:
            yield f"{file} declares in no namespace: {cure}"


# ---- lists ----------------------------------------------------------------------------------------

# Where one mention registers or asks: an entry or a file of that name, a name that is compared or looked up. A name that stands
# as text does not: "rows" and "normal" are words.
REGISTRIES = {"kernel": ("codegen/",), "family": ("compiler/", "codegen/artefact/", "codegen/tools/")}
# Where every mention but the default's does: what builds and starts everything.
WORDS = {"model": ("dev", "models/CMakeLists.txt", ".ci/run", "packages.txt")}
# Where two within three lines are a list; of ops, whose names code uses all the time, two that follow each other or are asked for.
LISTS = {
    "kernel": ("codegen/", "bench/", "models/", "CMakeLists.txt"),
    "family": ("compiler/", "codegen/", "models/", "tests/", "bench/", "CMakeLists.txt"),
    "model": ("compiler/", "codegen/", "dsl/", "models/", "tests/", "bench/", "CMakeLists.txt", *WORDS["model"]),
    "op": ("compiler/", "codegen/", "dsl/", "tests/mistakes/", "CMakeLists.txt"),
}
CURES = {
    "kernel": "kernels are found by folder: ask the backend",
    "family": "families are found by folder: ask their list",
    "model": "models are found by folder: read the rows of kerf_model",
    "op": "ops are found by folder: ask a trait or an interface",
}
# What is no registry.
ALLOWED = {
    ("bench/CMakeLists.txt", "family"): "benches of ops, some of which are the op of a family of their name",
    ("tests/bench/CMakeLists.txt", "family"): "their tests",
    ("tests/dev.py", "family"): "their words on the command line",
    ("bench/models/step_kernels.py", "kernel"): "floating-point operations of ops, some of which have a kernel of their name",
    ("dsl/generate_ops.py", "op"): "kinds of shape rules, some named for the one op that has them",
    ("tests/cases/border/names.cpp", "model"): "names that a model may have",
    ("tests/cases/work/CMakeLists.txt", "model"): "work.py says by name what the checkpoints of these programs hold",
    ("tests/models/CMakeLists.txt", "model"): "fusion.cpp says by name what these models fuse to",
}
EXAMPLES = "tests/layout_slips.py"
FUZZ = "codegen/tools/fuzz/"  # makes ops by chance, each with operands of its own
# Before a name: an op that is made, an attribute that is read.
MAKES = re.compile(r"\b(?:op|emit|i64|integer|\w*[aA]ttr\w*)\s*\(\s*(?:\w+,\s*)?$")
# Before a name: it is compared or looked up, or begins a row of a table.
ASKS = re.compile(r"(?:[=!]=|\b(?:contains|is_contained|count|find|lookup|Cases?|equals|(?:starts|ends)_with|consume_front)"
                  r"\s*\(\s*\{?|\b\w*(?:[kK]ernel|[fF]amily)\w*\(|\b(?:STREQUAL|IN_LIST|MATCHES))\s*$")
ROW_OF_TABLE = re.compile(r"\{\s*$")
# A default is no list: the demo that ./dev demo runs.
DEFAULT = re.compile(r"\bname=(\w+)|(\w+) without NAME")


class Mention(typing.NamedTuple):
    start: int
    end: int
    name: str
    registers: bool  # an entry, or a file of that name
    asks: bool


def mentions(tree, file, kind):
    """Names in code: strings in C++ and Python, words in CMake and shell, files and folders in both; and what a kernel's and a
    family's entry is called, and what stands in a family's namespace."""
    known, code = tree.names[kind], tree.code(file)
    entry = {"kernel": r"|\bkernel_(\w+)", "family": r"|\busing\s+namespace\s[\w:]*::(\w+)|\b(\w+)(?=::)"}.get(kind, "")
    word = r'"([\w./-]+)"|\'([\w./-]+)\'' if file.endswith((*SOURCES, ".py")) else r"(?<![\w./-])([\w./-]+)"
    if file in WORDS.get(kind, ()):
        word = r"(?<![\w.-])([\w-]+)(?![\w.-])"  # of paths too
    groups_of_words = re.compile(word).groups
    for found in re.finditer(word + entry, code):
        whole = next(filter(None, found.groups()))
        text = whole.removeprefix("kerf.").removeprefix("kerf_kernel_").rstrip("_")  # "vq_" asks how a name begins
        parts = ["", *text.split("/")]
        if kind == "model":
            text = re.sub("_(app|artefact|generator)$", "", text)
        elif kind == "family" and "families" in parts[:-1]:
            text = parts[parts.index("families") + 1]
        elif kind in ("kernel", "op") and parts[-2] == kind + "s":
            text = parts[-1].split(".")[0]
        own = known.get(text)
        before = code[max(0, found.start() - 100):found.start()]
        if own is None or own and file.startswith(own) or MAKES.search(before):
            continue
        asks = ASKS.search(before) or re.match(r"\s*[=!]=", code[found.end():found.end() + 20])
        asks = asks or whole.startswith("kerf.") and ROW_OF_TABLE.search(before)
        registers = found.lastindex > groups_of_words or len(parts) > 2 or whole.startswith("kerf_kernel_")
        yield Mention(found.start(), found.end(), text, registers, bool(asks))


def lists(tree):
    for kind, places in LISTS.items():
        for file in tree.files:
            # The row of a kernel says which ops it serves; one may call another.
            is_row = kind in ("kernel", "op") and re.match(r"codegen/\w+/kernels/", file)
            is_place = file.startswith(places) or kind == "kernel" and file.endswith("CMakeLists.txt")
            if is_row or not is_place or (file, kind) in ALLOWED or file.startswith((FUZZ, EXAMPLES)):
                continue
            code, found = tree.code(file), list(mentions(tree, file, kind))

            def line(at):
                return code.count("\n", 0, at) + 1

            def is_list(first, second):
                between = code[first.end:second.start]
                is_near = between.count("\n") <= 3
                if kind == "op" and not (first.asks and second.asks):
                    is_near = re.fullmatch(r"\s*,?\s*", between)
                return first.name != second.name and is_near

            asked = [mention for mention in found if mention.asks]
            pair = next((pair for pair in [*zip(found, found[1:]), *zip(asked, asked[1:])] if is_list(*pair)), None)
            if pair:
                yield f"{file}:{line(pair[0].start)} lists {pair[0].name} and {pair[1].name}: {CURES[kind]}"
                continue
            one = []
            if file.startswith(REGISTRIES.get(kind, ("no folder",))) and not file.endswith(".td"):
                one = [mention for mention in found if mention.registers or mention.asks]
            elif file in WORDS.get(kind, ()):
                defaults = {default.start(default.lastindex) for default in DEFAULT.finditer(code)}
                one = [mention for mention in found if mention.start not in defaults]
            if one:
                yield f"{file}:{line(one[0].start)} names the {kind} {one[0].name}: {CURES[kind]}"


CHECKS = [missing_op_files, misnamed_ops, unchecked_ops, untested, without_golden, includes_against_the_arrow, mistakes_in_sources,
          machines_above_the_seam, foreign_namespaces, lists]


def complaints_of(root):
    tree = Tree(root)
    return [complaint for check in CHECKS for complaint in check(tree)]


def main():
    complaints = complaints_of(pathlib.Path(sys.argv[1]))
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
