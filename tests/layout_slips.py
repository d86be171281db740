"""layout.py notices: a small tree that is sound, and slips in it, each with what is to be said of it.

Usage: layout_slips.py
"""
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
from layout import complaints_of  # noqa: E402

SOUND = {
    "dsl/ops/tanh.td": 'def Kerf_TanhOp : Kerf_Op<"tanh", []>',
    "dsl/ops/exp.td": 'def Kerf_ExpOp : Kerf_Op<"exp", []>',
    "dsl/kerf/shape.h": "namespace kerf::rule {\n}",
    "dsl/kerf/losses.h": "namespace kerf {\nnamespace detail {\nauto half() {}\n} // namespace detail\nauto mse(const auto &x) {}\n}",
    "dsl/kerf/nn/linear.h": "namespace kerf::nn {\ntemplate <int In> struct Linear : Module {\n  auto reset() {}\n};\n}",
    "tests/models/layers.cpp": "nn::Linear<8> linear; mse(x);",
    "compiler/ops/tanh.cpp": '#include "compiler/values.h"\nnamespace kerf::compiler {\ny = x.op("exp"), z = x.op("tanh");\n}',
    "compiler/ops/exp.cpp": "",
    "compiler/values.h": "// Not of codegen/.\nnamespace llvm { class Value; }\nnamespace kerf::compiler {\nnamespace {\n}\n}",
    "compiler/passes.td": 'def Lower : Pass<"kerf-lower">',
    "compiler/families/vq/family.cpp": 'const Family family = {.name = "vq"};',
    "compiler/families/vq/passes.td": 'def FuseVq : Pass<"kerf-fuse-vq">',
    "compiler/families/rows/family.cpp": '// One mistake (of many) gives one message.\nconst Family family = {\n  .name = "rows"};',
    "compiler/families/rows/passes.td": "",
    "codegen/compile.cpp": '#include "codegen/backend.h"\n#include "abi.h"\nstd::vector<int> x; SmallVector<int> y;',
    "codegen/backend.h": "namespace kerf::codegen {\nint planes; // of an image; its eigenvector, 0x86\n}",
    "codegen/target.h": 'namespace kerf::codegen {\nauto name = "x86-64-v3"; // "; there is x86-64-v4"\n}',
    "codegen/host/object.h": "namespace kerf::codegen {\n}",
    "codegen/artefact/report.h": "namespace kerf::compiler {\nclass Val;\nstruct Plan;\n}\nnamespace kerf::codegen {\n}",
    "codegen/tools/kerf-run.cpp": "using namespace kerf; // in no namespace\nint main() {}",
    "compiler/ops/yield.cpp": '#define GET_OP_CLASSES // in no namespace\n#include "compiler/ops/yield.cpp.inc"\nusing namespace mlir;',
    "dsl/ops/yield.td": 'def Kerf_YieldOp : Kerf_Op<"yield", []>',
    "tests/ops/yield.mlir": "kerf-opt",
    "codegen/runtime/abi.h": "namespace kerf::runtime {\n}",
    "codegen/cpu/emit.h": "namespace kerf::codegen::cpu {\nint lanes;\n}",
    "codegen/cpu/kernels/gemm.cpp": '#include "codegen/cpu/emit.h"\nKernel gemm{"gemm"};',
    "codegen/cpu/kernels/conv.cpp": 'Kernel conv{"kerf.tanh", "kerf.exp"}; call("gemm");',
    "models/vqvae/CMakeLists.txt": 'kerf_model(vqvae ENTRIES entries.cpp DEMO "a model (of codes)"\n  NARROW vqvae16 GOLDEN)',
    "models/vqvae/entries.cpp": '#include "models/vqvae/vqvae.h"',
    "models/vqvae/vqvae.h": "#include <kerf/shape.h>\nnamespace kerf::models::vqvae {\n}",
    "models/vae/CMakeLists.txt": "kerf_model(vae ENTRIES entries.cpp NARROW vae16 COMPARE)",
    "models/vae/entries.cpp": "",
    "tests/codegen/kernels/gemm.cpp": 'TEST_CASE("gemm: sums") {}',
    "tests/codegen/kernels/conv.cpp": 'TEST_CASE("conv: sums") {}',
    "tests/passes/lower.mlir": "",
    "tests/passes/fuse_vq.mlir": "",
    "tests/ops/tanh.mlir": "kerf-opt kerf-run",
    "tests/ops/exp.mlir": "kerf-opt kerf-run",
    "CMakeLists.txt": "# vqvae vae\nadd_subdirectory(models)",
    "codegen/tools/inputs.cpp": 'const char *range = "gemm"; error << "rows" << n; json["rows"] = 3;',
    "codegen/cpu/pairwise.cpp": 'function("gemm", spec);',
    "compiler/linalg_forms.cpp": 'error << "rows";\nmul(b, l, "kerf.tanh", x);\nmul(b, l, "kerf.exp", x);\nOperationState z(l, "kerf.tanh");',
    "models/CMakeLists.txt": "# vae\nfile(GLOB systems */CMakeLists.txt)",
    "packages.txt": "llvm-22-dev  # for vae",
    ".ci/run": "ctest -L vaes; build/vae-old/run",
    "dev": "demo() { rows; }\n# vae\nhelp='vqvae without NAME'\nname=vqvae",
}
# What one may write, where, and what is said of it.
SLIPS = [
    ("dsl/ops/sqrt.td", 'def Kerf_SqrtOp : Kerf_Op<"sqrt", []>', "compiler/ops/sqrt.cpp is missing", "tests/ops/sqrt.mlir is missing"),
    ("dsl/ops/exp.td", 'def Kerf_ExpOp : Kerf_Op<"expm1", []>', "dsl/ops/exp.td defines expm1; it should define exp"),
    ("tests/ops/exp.mlir", "kerf-opt", "tests/ops/exp.mlir has no RUN line with kerf-run"),
    ("codegen/cpu/kernels/top_k.cpp", "", "write tests/codegen/kernels/top_k.cpp"),
    ("tests/codegen/kernels/top_k.cpp", "", "tests/codegen/kernels/top_k.cpp tests no kernel"),
    ("tests/codegen/kernels/gemm.cpp", "// TEST_CASE(later)", "tests/codegen/kernels/gemm.cpp tests nothing"),
    ("compiler/families/rows/passes.td", 'def Stream : Pass<"kerf-stream-rows">', "write tests/passes/stream_rows.mlir"),
    ("compiler/families/attention/raise.cpp", "", "compiler/families/attention/ has no family.cpp",
     "compiler/families/attention/ has no passes.td"),
    ("compiler/families/vq/family.cpp", 'Family family = {.name = "vq2"};', 'compiler/families/vq/family.cpp has no .name = "vq"'),
    ("codegen/schedule/plan.cpp", 'if (kerf::mistake("a.b"))', "codegen/schedule/plan.cpp asks for a planted mistake"),
    ("compiler/pipeline.cpp", '#include "tests/mistake.h"', "compiler/pipeline.cpp includes",
     "compiler/pipeline.cpp asks for a planted mistake"),
    ("bench/peak.h", 'getenv("KERF_MISTAKE");', "bench/peak.h asks for a planted mistake"),
    ("models/gan/entries.cpp", "", "models/gan/ has no row"),
    ("models/vae/CMakeLists.txt", "kerf_model(vae ENTRIES entries.cpp NARROW vae16)", "the row of vae names no test"),
    ("dsl/kerf/losses.h", "namespace kerf {\nauto l1_loss(const auto &x) {}\n}", "dsl/kerf/losses.h has l1_loss, which no unit"),
    ("dsl/kerf/nn/norm.h", "namespace kerf::nn {\nusing BatchNorm = detail::Norm<1>;\n}", "dsl/kerf/nn/norm.h has BatchNorm, which no unit"),
    ("tests/models/layers.cpp", "Linear<8> linear; // nn::Linear\nmse(x);", "dsl/kerf/nn/linear.h has Linear, which no unit"),
    ("dsl/kerf/shape.h", '#include "mlir/IR/Value.h"', "dsl/kerf/shape.h includes mlir/IR/Value.h"),
    ("compiler/values.h", '#include "codegen/backend.h"', "compiler/values.h includes codegen/backend.h"),
    ("compiler/values.h", '#include "abi.h"', "compiler/values.h includes runtime/abi.h"),
    ("compiler/ops/exp.cpp", '#include "compiler/families/vq/family.cpp"', "what is of one family stays in its room"),
    ("codegen/compile.cpp", '#include "codegen/cpu/emit.h"', "codegen/compile.cpp includes codegen/cpu/emit.h"),
    ("codegen/schedule/plan.h", '#include "codegen/host/object.h"', "codegen/schedule/plan.h includes codegen/host/object.h"),
    ("codegen/schedule/plan.h", '#include "codegen/artefact/report.h"', "codegen/schedule/plan.h includes codegen/artefact/report.h"),
    ("codegen/runtime/abi.h", "#include <llvm/ADT/ArrayRef.h>", "codegen/runtime/abi.h includes llvm/ADT/ArrayRef.h"),
    ("models/vqvae/vqvae.h", '#include "compiler/values.h"', "models/vqvae/vqvae.h includes compiler/values.h"),
    ("codegen/backend.h", "int a;\n// eight lanes", "codegen/backend.h:2 says lanes"),
    ("codegen/schedule/plan.cpp", "isX86();", "codegen/schedule/plan.cpp:1 says isX86"),
    ("codegen/schedule/plan.cpp", "int numLanes;", "codegen/schedule/plan.cpp:1 says numLanes"),
    ("codegen/schedule/plan.cpp", "laneOf(i);", "codegen/schedule/plan.cpp:1 says laneOf"),
    ("codegen/schedule/plan.cpp", "enum { MAX_LANES };", "codegen/schedule/plan.cpp:1 says MAX_LANES"),
    ("codegen/schedule/plan.cpp", "mlir::VectorType type;", "codegen/schedule/plan.cpp:1 says VectorType"),
    ("codegen/schedule/plan.cpp", "// vectorized", "codegen/schedule/plan.cpp:1 says vectorized"),
    ("codegen/schedule/plan.cpp", "using namespace kerf::codegen::cpu;", "codegen/schedule/plan.cpp:1 says using namespace kerf::codegen::cpu"),
    ("codegen/schedule/plan.cpp", "cpu::emit(b);", "codegen/schedule/plan.cpp:1 says cpu::emit"),
    ("codegen/target.h", "int lanes;", "codegen/target.h:1 says lanes"),
    ("codegen/target.h", "bool x86;", "codegen/target.h:1 says x86"),
    ("codegen/host/object.cpp", '"prefer-vector-width"', "codegen/host/object.cpp:1 says vector"),
    ("compiler/values.h", "namespace kerf {\nint x;\n}", "compiler/values.h:1 opens kerf:"),
    ("compiler/values.h", "namespace kerf {\nnamespace compiler {\n}\nnamespace passes {\n}\n}", "compiler/values.h:4 opens kerf::passes:"),
    ("compiler/values.h", "namespace passes {\nint x;\n}", "compiler/values.h:1 opens passes:"),
    ("compiler/values.h", "namespace [[deprecated]] kerf::passes {\n}", "compiler/values.h:1 opens kerf::passes:"),
    ("compiler/values.h", "namespace kerf::compiler {\ninline namespace v2 {\n}\n}", "compiler/values.h:2 has an inline namespace"),
    ("compiler/values.h", "int x; // in no namespace", "compiler/values.h declares in no namespace"),
    ("codegen/cpu/emit.h", "int x; // in no namespace", "codegen/cpu/emit.h declares in no namespace"),
    ("codegen/backend.h", "namespace kerf::compiler {\nint x;\n}", "codegen/backend.h:1 opens kerf::compiler:"),
    ("codegen/backend.h", "namespace kerf::codegen::cpu {\n}", "codegen/backend.h:1 opens kerf::codegen::cpu:"),
    ("models/vqvae/vqvae.h", "namespace kerf::models::vae {\n}", "models/vqvae/vqvae.h:1 opens kerf::models::vae:"),
    ("codegen/schedule/plan.cpp", 'if (kernel.name() == "gemm")', "codegen/schedule/plan.cpp:1 names the kernel gemm"),
    ("codegen/cpu/emit.h", 'table[] = {{"gemm", f},\n{"conv", g}};', "codegen/cpu/emit.h:1 lists gemm and conv"),
    ("codegen/cpu/backend.cpp", "all.push_back(kernel_conv());", "codegen/cpu/backend.cpp:1 names the kernel conv"),
    ("codegen/schedule/plan.cpp", 'isa = {"kerf.tanh", "kerf.exp"}', "codegen/schedule/plan.cpp:1 lists tanh and exp"),
    ("codegen/cpu/emit.h", 'auto k = kernelOf("gemm");', "codegen/cpu/emit.h:1 names the kernel gemm"),
    ("codegen/cpu/emit.h", 'is_contained({"gemm"}, name)', "codegen/cpu/emit.h:1 names the kernel gemm"),
    ("codegen/host/object.cpp", 'find("kerf_kernel_gemm")', "codegen/host/object.cpp:1 names the kernel gemm"),
    ("codegen/host/object.cpp", 'declare(b, "kerf_kernel_gemm");', "codegen/host/object.cpp:1 names the kernel gemm"),
    ("codegen/tools/inputs.cpp", 'names = {"gemm",\n "conv"};', "codegen/tools/inputs.cpp:1 lists gemm and conv"),
    ("tests/codegen/CMakeLists.txt", "set(KERNELS gemm conv)", "tests/codegen/CMakeLists.txt:1 lists gemm and conv"),
    ("bench/ops.h", 'auto kernels = {"gemm", "conv"};', "bench/ops.h:1 lists gemm and conv"),
    ("models/recipes.h", 'auto kernels = {"gemm", "conv"};', "models/recipes.h:1 lists gemm and conv"),
    ("models/recipes.h", 'auto families = {"vq", "rows"};', "models/recipes.h:1 lists vq and rows"),
    ("bench/ops.py", "FAMILIES = ['vq', 'rows']", "bench/ops.py:1 lists vq and rows"),
    ("codegen/CMakeLists.txt", "kerf_library(kerf_codegen SOURCES cpu/kernels/gemm.cpp)", "codegen/CMakeLists.txt:1 names the kernel gemm"),
    ("compiler/pipeline.cpp", 'if (!off.contains("vq"))', "compiler/pipeline.cpp:1 names the family vq"),
    ("compiler/pipeline.cpp", 'name.starts_with("vq_")', "compiler/pipeline.cpp:1 names the family vq"),
    ("compiler/pipeline.cpp", "all = {&rows::family};", "compiler/pipeline.cpp:1 names the family rows"),
    ("compiler/pipeline.cpp", "pm.addPass(kerf::compiler::vq::createFuseVq());", "compiler/pipeline.cpp:1 names the family vq"),
    ("compiler/pipeline.cpp", "using namespace kerf::compiler::vq;", "compiler/pipeline.cpp:1 names the family vq"),
    ("compiler/CMakeLists.txt", "if(family STREQUAL rows)", "compiler/CMakeLists.txt:1 names the family rows"),
    ("compiler/CMakeLists.txt", "kerf_library(kerf_compiler SOURCES families/rows/family.cpp)", "compiler/CMakeLists.txt:1 names the family rows"),
    ("dev", "case $1 in vqvae) a ;;\n vae) b ;; esac", "dev:1 lists vqvae and vae"),
    ("dev", "[[ $1 == vae ]] && a\n\n\n\n\nname=vqvae", "dev:1 names the model vae"),
    ("models/CMakeLists.txt", "if(model STREQUAL vae)", "models/CMakeLists.txt:1 names the model vae"),
    (".ci/run", "build/bin/vae --steps 1", ".ci/run:1 names the model vae"),
    (".ci/run", "./dev demo vae", ".ci/run:1 names the model vae"),
    ("packages.txt", "libvae\nvae", "packages.txt:2 names the model vae"),
    ("tests/models/models.py", "MODELS = ['vae', 'vqvae']", "tests/models/models.py:1 lists vae and vqvae"),
    ("tests/data/CMakeLists.txt", "test($<TARGET_FILE:vae_app>\n  $<TARGET_FILE:vqvae_app>)", "tests/data/CMakeLists.txt:1 lists vae and vqvae"),
    ("compiler/passes/lower.cpp", 'n == "kerf.tanh" || n == "kerf.exp"', "compiler/passes/lower.cpp:1 lists tanh and exp"),
    ("compiler/passes/lower.cpp", 'n == "kerf.tanh" ||\n"kerf.exp" == n', "compiler/passes/lower.cpp:1 lists tanh and exp"),
    ("compiler/passes/lower.cpp", '.Case("tanh", 1)\n.Case("exp", 2)', "compiler/passes/lower.cpp:1 lists tanh and exp"),
    ("compiler/passes/lower.cpp", 'n == "kerf.tanh" ? x.op("exp") : n == "kerf.exp"', "compiler/passes/lower.cpp:1 lists tanh and exp"),
    ("compiler/passes/lower.cpp", 'n == "kerf.tanh" ? at("exp") : n == "kerf.exp"', "compiler/passes/lower.cpp:1 lists tanh and exp"),
    ("codegen/schedule/plan.cpp", 'm = {{"kerf.tanh", 1}, {"kerf.exp", 2}};', "codegen/schedule/plan.cpp:1 lists tanh and exp"),
    ("compiler/passes/lower.cpp", 'names = {"tanh", "exp"};', "compiler/passes/lower.cpp:1 lists tanh and exp"),
]


def in_namespace(path, text):
    """The text with the namespace that its folder wants, unless it speaks of namespaces itself."""
    wanted = {"compiler/": "kerf::compiler", "codegen/runtime/": "kerf", "codegen/cpu/": "kerf::codegen::cpu", "codegen/": "kerf::codegen"}
    place = next((place for place in wanted if path.startswith(place)), None)
    is_source = path.endswith((".h", ".cpp")) and text
    return f"{text}\nnamespace {wanted[place]} {{}}" if place and is_source and "namespace" not in text else text


def surprises():
    """Nothing is said of the sound tree; of one with a slip, what is to be said and no more."""
    for path, text, *wanted in [("dev", SOUND["dev"]), *SLIPS]:
        with tempfile.TemporaryDirectory() as folder:
            for file, content in {**SOUND, path: text}.items():
                (pathlib.Path(folder) / file).parent.mkdir(parents=True, exist_ok=True)
                (pathlib.Path(folder) / file).write_text(in_namespace(file, content))
            got = complaints_of(pathlib.Path(folder))
            if len(got) != len(wanted) or not all(words in complaint for words, complaint in zip(wanted, got)):
                yield "\n  ".join([f"{path} with\n  {text}", "want", *wanted, "got", *got])


if __name__ == "__main__":
    found = list(surprises())
    print("\n".join(found))
    sys.exit(bool(found))
