"""Files of one artefact belong together, and carry nothing of the machine that made them.

together.py KERF_COMPILE CXX RUNTIME_INCLUDE RUNTIME_LIBRARY FOLDER
"""
import pathlib
import shutil
import subprocess
import sys

compiler, cxx, include, runtime, folder = sys.argv[1:6]
folder = pathlib.Path(folder)
shutil.rmtree(folder, ignore_errors=True)

MODEL = """module attributes {{kerf.model = "m"}} {{
func.func @f(%x: tensor<16xf32> {{kerf.role = "params", kerf.name = "{0}"}}, %z: tensor<16xf32> {{kerf.role = "params", kerf.name = "{1}"}})
    -> (tensor<16xf32> {{kerf.name = "y"}}) attributes {{kerf.entry}} {{
  %y = kerf.sub %{2}, %{3} : tensor<16xf32>
  return %y : tensor<16xf32>
}}
}}
"""
PROGRAM = """#include <m.h>
#include <array>
#include <cstdio>
int main() {
  kerf::Context context(m::arena_bytes);
  kerf::Block<m::Params> params;
  params->a[0] = 10, params->b[0] = 1;
  std::array<float, 16> y;
  m::f(context, params, y);
  std::printf("%g\\n", y[0]);
}
"""
FILES = ["m.o", "libm.a", "m.h", "m.json", "m.fusion.json"]


def make(name, text):
    """An artefact in a folder of its own."""
    where = folder / name
    where.mkdir(parents=True)
    (where / "source.mlir").write_text(text)
    subprocess.run([compiler, where / "source.mlir", "-o", where / "out"], check=True)
    return where / "out"


def link(header, library):
    program = folder / "main.cpp"
    program.write_text(PROGRAM)
    return subprocess.run([cxx, "-std=c++20", f"-I{header}", f"-I{include}", program, library / "libm.a", runtime, "-o",
                           folder / "main"], capture_output=True, text=True)


def require(holds, what):
    if not holds:
        sys.exit(f"together.py: {what}")


first, second = make("one", MODEL.format("a", "b", "x", "z")), make("two", MODEL.format("b", "a", "z", "x"))
again = make("another/and/deeper/one", MODEL.format("a", "b", "x", "z"))

# The same source gives the same bytes, wherever it lies.
for name in FILES:
    require((first / name).read_bytes() == (again / name).read_bytes(), f"{name} differs between two folders")
    require(str(folder).encode() not in (first / name).read_bytes(), f"{name} has the path of the folder")
require(sorted(path.name for path in first.iterdir()) == sorted(FILES), "an artefact has other files than its own")

# A header links with its own library only.
require(link(first, first).returncode == 0, "header and library of one compile do not link")
run = subprocess.run([folder / "main"], capture_output=True, text=True)
require(run.stdout == "9\n", f"10 - 1 is {run.stdout!r}")
stale = link(first, second)
require(stale.returncode != 0, "the header of one compile links with the library of another")
require("kerf_m_made_together_" in stale.stderr, f"the linker does not say why: {stale.stderr}")

# A compile that cannot end leaves what was there; one that is interrupted while files are renamed, no header.
before = {name: (first / name).read_bytes() for name in FILES}
(first.parent / "source.mlir").write_text(MODEL.format("a", "b", "x", "z").replace("kerf.sub", "kerf.nothing"))
require(subprocess.run([compiler, first.parent / "source.mlir", "-o", first], capture_output=True).returncode == 1,
        "a wrong model is compiled")
require(all((first / name).read_bytes() == before[name] for name in FILES), "a failed compile changes files")
(second / "m.json").unlink()
(second / "m.json").mkdir()  # no file can be renamed to this
(second / "m.json" / "in the way").write_text("")
require(subprocess.run([compiler, second.parent / "source.mlir", "-o", second], capture_output=True).returncode == 1,
        "a file that cannot be replaced is no error")
require(not (second / "m.h").exists(), "half an artefact has a header")
require(not list(second.glob("*.tmp")), "temporaries are left")
print("files of an artefact belong together")
