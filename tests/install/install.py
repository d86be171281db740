"""Installs Kerf to a prefix, and builds and runs a user's project with it from a folder outside the tree.

Usage: install.py <repository> <build folder> <scratch folder>
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

COMPILERS = {"g++": "gcc", "clang++-22": "clang-22"}
# CMake's own choice where make is there, else Ninja for both.
GENERATORS = {"g++": "Ninja", "clang++-22": "Unix Makefiles" if shutil.which("make") else "Ninja"}
WRONG_CALLS = {
    "vq-vae;SOURCES;a.cpp": "'vq-vae' is no name for a model",
    "SOURCES;a.cpp": "the model's name is missing before SOURCES",
    "m;a.cpp": "there is no argument 'a.cpp'",
    "m": "SOURCES is missing",
    "m;SOURCES": "nothing stands behind SOURCES",
} | {f"m;SOURCES;a.cpp;DIMS;{dim}": f"DIMS has '{dim}', want [<entry>.]<dim>=<n>"
     for dim in ("B", "B=0", "B<8", "B=<8", "B<=", "B<=0", "B>=8", ".B=8", "f.=8", "f.g.B=8", "f.B<8", "f..B<=8")}


def run(*command, code=0, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    text = done.stdout + done.stderr
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}, want {code}\n{text}")
    return text


def expect(text, words):
    if words not in " ".join(text.split()):
        sys.exit(f"want '{words}' in\n{text}")


def wrong_calls(here):
    for call, words in WRONG_CALLS.items():
        expect(run("cmake", f"-DCALL={call}", "-P", here / "wrong.cmake", code=1), words)


def user_project(here, prefix, folder, compiler):
    source, build = folder / "source", folder / "build"
    shutil.copytree(here / "project", source)
    environment = {**os.environ, "CXX": compiler, "CC": COMPILERS[compiler]}
    text = run("cmake", "-G", GENERATORS[compiler], "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", env=environment)
    if "Could NOT find" in text:
        sys.exit(f"find_package(Kerf) speaks of what LLVM looks for:\n{text}")
    if GENERATORS[compiler] == "Ninja":
        expect(run("ninja", "-C", build, "-t", "query", "all"), "line_artefact")  # also where no program is
    run("cmake", "--build", build)
    expect(run(build / "fit"), "y = 3.00 x + -1.00, and 2.00 at 1")
    run(build / "fit_in_c")
    if any(word in run("ldd", build / "fit") for word in ("LLVM", "MLIR", "boost", "omp")):
        sys.exit("the program links more than the runtime")
    return source, build


def wrong_project(prefix, folder):
    """LLVM's package needs C; find_package says so in Kerf's words."""
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(P LANGUAGES CXX)\n"
                                           "find_package(Kerf REQUIRED)\n")
    text = run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}", code=1)
    expect(text, "Kerf needs C and C++: write project(... LANGUAGES C CXX)")


def subproject(repository, here, folder):
    """Kerf's own tree inside another project; its targets are there, and its tests and models are not."""
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(P LANGUAGES C CXX)\n"
        f"add_subdirectory({repository} kerf EXCLUDE_FROM_ALL)\n"
        f"kerf_add_model(line SOURCES {here}/project/line.cpp)\n"
        f"add_executable(fit {here}/project/fit.cpp)\ntarget_link_libraries(fit PRIVATE line)\n")
    run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build")
    targets = run("cmake", "--build", folder / "build", "--target", "help")
    expect(targets, "line_artefact: phony")
    assert "vqvae" not in targets and "header: phony" not in targets


def artefact(build):
    manifest = json.loads((build / "kerf/line/line.json").read_text())
    entries = {entry["name"]: entry for entry in manifest["entries"]}
    shapes = {argument["name"]: argument["shape"] for argument in entries["fit_step"]["arguments"]}
    assert shapes["x"] == [8, 1], shapes  # DIMS fit_step.B=8
    leaves = [leaf["name"] for block in manifest["blocks"] for leaf in block["leaves"]]
    assert leaves == ["slope", "intercept", "m.slope", "m.intercept", "v.slope", "v.intercept", "t"], leaves
    assert manifest["constants"] == {"steps": 400} and [body["target"] for body in manifest["bodies"]] == ["x86-64-v4", "x86-64-v3"]
    return manifest["source_hash"]


def carries(folder, *folders):
    """Files below `folder` that name one of the folders."""
    words = [str(each).encode() for each in folders]
    return [str(path) for path in folder.rglob("*")
            if path.is_file() and any(word in path.read_bytes() for word in words)]


def without_folders(repository, build, prefix, source, project):
    """Nothing installed names the folder it was built in, no artefact its project's; errors do."""
    installed = carries(prefix, repository, build)
    if installed:
        sys.exit(f"installed files name {repository}: {installed}")
    artefact = carries(project / "kerf/line", repository, build, source, project, prefix)
    if artefact:
        sys.exit(f"files of an artefact name a folder: {artefact}")
    for program in "fit", "fit_in_c", "line_generator":
        if str(repository).encode() in (project / program).read_bytes():
            sys.exit(f"{program} names {repository}")
    text = run(project / "line_generator", "--max-arena", 1, "--source-root", source, "-o", project / "small", code=1)
    expect(text, f"{source}/line.cpp:")
    assert "| " in text, text  # the line itself is shown, so the file was found


def changed_header(source, build):
    """The model is compiled again when a header of its unit changes, and only then."""
    before = artefact(build)
    assert "Compiling the model" not in run("cmake", "--build", build)
    header = source / "line.h"
    header.write_text(header.read_text().replace("+ intercept", "+ 2 * intercept"))
    run("cmake", "--build", build)
    assert artefact(build) != before
    expect(run(build / "fit"), "y = 3.00 x + -0.50, and 2.00 at 1")


def tools(prefix, build, folder):
    module = build / "kerf/line/line.mlir"
    run(prefix / "bin/kerf-opt", "-kerf-compile", module)
    run(prefix / "bin/kerf-run", module)
    compile_ = prefix / "bin/kerf-compile"
    run(compile_, module, "-o", folder / "again")
    for name in ("line.h", "line.o", "libline.a", "line.json"):
        if (folder / "again" / name).read_bytes() != (build / "kerf/line" / name).read_bytes():
            sys.exit(f"kerf-compile made another {name} than the generator did from the same module")
    expect(run(compile_, folder / "nothing.mlir", code=1), "there is no file")
    expect(run(compile_, module, "--target", "x86-64-v9", code=2), "target 'x86-64-v9' is unknown; there is x86-64-v4 and x86-64-v3")
    expect(run(compile_, module, "-o", "/proc/kerf", code=1), "cannot create the folder /proc/kerf")
    expect(run(compile_, module, "-o", folder, "--time-limit", "1e-9", code=3), f"kerf-compile {module} -o {folder}")


def bound_rows(folder):
    """Of fit_step and predict: the rows of x, and the most rows of a call, 0 where it has no other number."""
    entries = {entry["name"]: entry for entry in json.loads((folder / "line.json").read_text())["entries"]}
    return tuple(number for name in ("fit_step", "predict") for number in (
        next(each["shape"][0] for each in entries[name]["arguments"] if each["name"] == "x"), entries[name].get("most_rows", 0)))


def generator(build, folder):
    line = build / "line_generator"
    expect(run(line, "--help"), "fit_step.B=32, predict.B=2")
    expect(run(line, "--dim", "Z=3", code=2), "model line has no such dim; it has fit_step.B=32, predict.B=2")
    expect(run(line, "--dim", "init.B=3", code=2), "model line has no such dim")
    for dim in ("B=many", "B", "B<8", "B=<8", "B<=", "=8", "<=8", ".B=8", ".B<=8", "predict.=8", "B=0", "predict.B=0", "B<=1", "predict.B<=1"):
        least = 2 if "<=" in dim else 1
        expect(run(line, "--dim", dim, code=2), f"--dim {dim}: want NAME=V, NAME<=V, ENTRY.NAME=V or ENTRY.NAME<=V, "
                                                f"V being a whole number of at least {least}")
    for dim, rows in {"B=9": (9, 0, 9, 0), "B<=9": (9, 9, 9, 9), "predict.B=9": (32, 0, 9, 0), "predict.B<=9": (32, 0, 9, 9)}.items():
        run(line, "--dim", dim, "-o", folder / "bound")
        assert bound_rows(folder / "bound") == rows, dim
    expect(run(line, "--model", "curve", code=2), "the sources define the model line, not curve")
    run(line, "--emit-only", "--dim", "B=5", "--dim", "predict.B=7", "-o", folder / "emitted")
    text = (folder / "emitted/line.mlir").read_text()
    assert "tensor<5x1xf32> {kerf.name = \"x\"}" in text and "tensor<7x1xf32> {kerf.name = \"x\"}" in text
    assert sorted(os.listdir(folder / "emitted")) == ["line.mlir"]


def main():
    repository, build, scratch = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    here = repository / "tests/install"
    prefix = scratch / "prefix"
    shutil.rmtree(scratch, ignore_errors=True)
    wrong_calls(here)
    run("cmake", "--install", build, "--prefix", prefix)
    for compiler in COMPILERS:
        with tempfile.TemporaryDirectory(prefix="kerf-install-") as name:
            folder = pathlib.Path(name)
            source, project = user_project(here, prefix, folder, compiler)
            artefact(project)
            if compiler == "g++":
                without_folders(repository, build, prefix, source, project)
                tools(prefix, project, folder)
                generator(project, folder)
                wrong_project(prefix, folder / "wrong")
                subproject(repository, here, folder / "outer")
            changed_header(source, project)


if __name__ == "__main__":
    main()
