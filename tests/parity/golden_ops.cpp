// Every op family against values and gradients that PyTorch made in f64 (golden_ops.py).
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/tools/compare.h"
#include "compiler/pipeline.h"
#include "golden.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using kerf::test::difference;
using kerf::test::literalOf;
using kerf::test::magnitude;

namespace {

StringRef nameOf(DictionaryAttr attributes) {
  return attributes.getAs<StringAttr>("kerf.name").getValue();
}

/// Runs every case of a family through the oracle, whose floats agree to the rounding of the golden
/// f32 and of an f32 constant if the op has one, and compiled, where they agree to `relative` times
/// the largest magnitude of the tensor, or of the element itself if `isElementwise`.
void checkFamily(const std::string &family, double relative, bool isElementwise = false,
                 bool hasConstants = false) {
  DialectRegistry registry;
  kerf::compiler::registerDialects(registry);
  kerf::codegen::CompiledModule::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  const std::string stem = KERF_GOLDEN "/" + family;
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(stem + ".mlir", &context);
  REQUIRE(module);
  kerf::runtime::SafetensorsFile file(stem + ".safetensors");

  std::string error;
  std::unique_ptr<kerf::codegen::CompiledModule> compiled =
      kerf::codegen::CompiledModule::compile(*module, error);
  INFO(error);
  REQUIRE(compiled);
  PassManager pm(&context);
  kerf::compiler::buildDifferentiation(pm);
  REQUIRE(succeeded(pm.run(*module)));

  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    const std::string name = function.getName().str();
    INFO(family << ", case " << name);
    std::vector<kerf::compiler::Literal> arguments;
    for (BlockArgument argument : function.getArguments()) {
      DictionaryAttr attributes = function.getArgAttrDict(argument.getArgNumber());
      arguments.push_back(literalOf(file, name + "." + nameOf(attributes).str(),
                                    cast<RankedTensorType>(argument.getType())));
    }
    kerf::compiler::Evaluation evaluation;
    FailureOr<std::vector<kerf::compiler::Literal>> oracle =
        kerf::compiler::evaluate(function, arguments, evaluation);
    REQUIRE(succeeded(oracle));
    std::vector<kerf::compiler::Literal> machine = compiled->run(function, arguments, error);
    REQUIRE(error == "");
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      const std::string result = nameOf(function.getResultAttrDict(i)).str();
      INFO("result " << result);
      const kerf::compiler::Literal want =
          literalOf(file, name + "." + result, (*oracle)[i].type());
      CHECK(difference((*oracle)[i], want, 0x1p-24 * (hasConstants ? 2 : 1.01), 0x1p-126) == "");
      CHECK(difference(machine[i], want, relative, isElementwise ? 0x1p-120 : magnitude(want)) ==
            "");
    }
  }
}

/// Ops on bf16 and f16, which PyTorch computes in f32 and rounds once too: what was compiled, and
/// the oracle that rounds as the types say. Bits are equal where a function's name says so.
void checkNarrow() {
  DialectRegistry registry;
  kerf::compiler::registerDialects(registry);
  kerf::codegen::CompiledModule::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(KERF_GOLDEN "/narrow.mlir", &context);
  REQUIRE(module);
  kerf::runtime::SafetensorsFile file(KERF_GOLDEN "/narrow.safetensors");
  std::string error;
  std::unique_ptr<kerf::codegen::CompiledModule> compiled =
      kerf::codegen::CompiledModule::compile(*module, error);
  INFO(error);
  REQUIRE(compiled);
  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    const std::string name = function.getName().str();
    INFO(name);
    std::vector<kerf::compiler::Literal> arguments;
    for (BlockArgument argument : function.getArguments()) {
      DictionaryAttr attributes = function.getArgAttrDict(argument.getArgNumber());
      arguments.push_back(literalOf(file, name + "." + nameOf(attributes).str(),
                                    cast<RankedTensorType>(argument.getType())));
    }
    kerf::compiler::Evaluation evaluation;
    evaluation.mode = kerf::compiler::Evaluation::Mode::as_typed;
    FailureOr<std::vector<kerf::compiler::Literal>> oracle =
        kerf::compiler::evaluate(function, arguments, evaluation);
    REQUIRE(succeeded(oracle));
    const std::vector<kerf::compiler::Literal> machine = compiled->run(function, arguments, error);
    REQUIRE(error == "");
    const kerf::compiler::Literal want = literalOf(file, name + ".y", (*oracle)[0].type());
    const double digit = StringRef(name).ends_with("_bf16") ? 0x1p-7 : 0x1p-10;
    const double relative = StringRef(name).starts_with("exact_") ? 0 : digit;
    CHECK(difference((*oracle)[0], want, relative, 0x1p-126) == "");
    CHECK(difference(machine[0], want, relative, 0x1p-126) == "");
  }
}

} // namespace

TEST_CASE("ops on narrow floats agree with PyTorch's", "[golden]") { checkNarrow(); }
TEST_CASE("elementwise ops agree with PyTorch", "[golden]") {
  checkFamily("elementwise", 1e-6, true);
}
TEST_CASE("functions of one number agree with PyTorch, and powers", "[golden]") {
  checkFamily("functions", 5e-6, true, true); // e^-x^2 is to 2^-24 x^2
}
TEST_CASE("reductions agree with PyTorch", "[golden]") { checkFamily("reduction", 1e-6); }
TEST_CASE("contractions agree with PyTorch", "[golden]") { checkFamily("contraction", 1e-6); }
TEST_CASE("convolutions agree with PyTorch", "[golden]") { checkFamily("convolution", 1e-6); }
TEST_CASE("gather and scatter_add agree with PyTorch", "[golden]") {
  checkFamily("indexing", 1e-6);
}
TEST_CASE("ops that move elements agree with PyTorch", "[golden]") { checkFamily("shape", 1e-6); }
TEST_CASE("random numbers agree with NumPy", "[golden]") { checkFamily("random", 1e-6); }
TEST_CASE("choices of elements and of codes agree with PyTorch", "[golden]") {
  checkFamily("selection", 1e-6);
}
TEST_CASE("ops along an axis agree with PyTorch", "[golden]") { checkFamily("along", 1e-6); }
TEST_CASE("ops of integers agree with PyTorch", "[golden]") { checkFamily("integers", 0); }
