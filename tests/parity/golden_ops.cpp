// Every op family against values and gradients that PyTorch made in f64 (golden_ops.py).
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "golden.h"
#include "pipeline.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using kerf::test::difference;
using kerf::test::literalOf;

namespace {

StringRef nameOf(DictionaryAttr attributes) {
  return attributes.getAs<StringAttr>("kerf.name").getValue();
}

/// Runs every case of a family through the oracle; floats agree to the rounding of the golden f32.
void checkFamily(const std::string &family) {
  DialectRegistry registry;
  kerf::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  const std::string stem = KERF_GOLDEN "/" + family;
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(stem + ".mlir", &context);
  REQUIRE(module);
  kerf::runtime::SafetensorsFile file(stem + ".safetensors");

  PassManager pm(&context);
  kerf::buildDifferentiation(pm);
  REQUIRE(succeeded(pm.run(*module)));

  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    const std::string name = function.getName().str();
    INFO(family << ", case " << name);
    std::vector<kerf::Literal> arguments;
    for (BlockArgument argument : function.getArguments())
      arguments.push_back(literalOf(
          file, name + "." + nameOf(function.getArgAttrDict(argument.getArgNumber())).str(),
          cast<RankedTensorType>(argument.getType())));
    kerf::Evaluation evaluation;
    FailureOr<std::vector<kerf::Literal>> results = kerf::evaluate(function, arguments, evaluation);
    REQUIRE(succeeded(results));
    for (auto [i, got] : llvm::enumerate(*results)) {
      const std::string result = nameOf(function.getResultAttrDict(i)).str();
      INFO("result " << result);
      CHECK(difference(got, literalOf(file, name + "." + result, got.type()), 0x1p-24 * 1.01,
                       0x1p-126) == "");
    }
  }
}

} // namespace

TEST_CASE("elementwise ops agree with PyTorch", "[golden]") { checkFamily("elementwise"); }
TEST_CASE("reductions agree with PyTorch", "[golden]") { checkFamily("reduction"); }
TEST_CASE("contractions agree with PyTorch", "[golden]") { checkFamily("contraction"); }
TEST_CASE("convolutions agree with PyTorch", "[golden]") { checkFamily("convolution"); }
TEST_CASE("gather and scatter_add agree with PyTorch", "[golden]") { checkFamily("indexing"); }
TEST_CASE("ops that move elements agree with PyTorch", "[golden]") { checkFamily("shape"); }
TEST_CASE("random numbers agree with NumPy", "[golden]") { checkFamily("random"); }
