// Layers and losses against values, slopes and names that PyTorch made in f64
// (tests/parity/golden_layers.py): the oracle to the rounding of the file's f32, compiled code
// within 1e-5 of each tensor.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "codegen/tools/compare.h"
#include "compiler/pipeline.h"
#include "parity/golden.h"

#include "mlir/Parser/Parser.h"

#include <set>

using namespace mlir;
using kerf::compiler::Literal;
using kerf::test::literalOf;
using kerf::test::relativeL2;

namespace {

std::string golden_file, model_file;

/// `<entry>.<role>.<leaf>` or `<entry>.<name>`; of what an entry leaves in a block that it also
/// takes, `<entry>.after.<role>.<leaf>`.
std::string nameOf(func::FuncOp function, DictionaryAttr attributes, bool is_after = false) {
  auto role = attributes.getAs<StringAttr>("kerf.role");
  return function.getName().str() + "." + (is_after ? "after." : "") +
         (role ? role.str() + "." : "") + attributes.getAs<StringAttr>("kerf.name").str();
}

/// In the Euclidean norm, of integers none or all.
double distance(const Literal &got, const Literal &want) {
  if (!want.isFloat())
    return got.ints() == want.ints() ? 0 : INFINITY;
  return relativeL2(got.floats(), want.floats());
}

} // namespace

TEST_CASE("layers and losses are PyTorch's") {
  DialectRegistry registry;
  kerf::compiler::registerDialects(registry);
  kerf::codegen::CompiledModule::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(model_file, &context);
  REQUIRE(module);
  kerf::runtime::SafetensorsFile file(golden_file);

  PassManager pm(&context);
  kerf::compiler::buildDifferentiation(pm);
  REQUIRE(succeeded(pm.run(*module)));
  std::string error;
  const auto compiled = kerf::codegen::CompiledModule::compile(*module, error);
  INFO(error);
  REQUIRE(compiled);

  size_t read = 0, entries = 0;
  double worst = 0;
  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    ++entries;
    const std::string name = function.getName().str();
    std::vector<Literal> arguments;
    std::set<std::string> taken;
    for (BlockArgument argument : function.getArguments()) {
      const std::string key = nameOf(function, function.getArgAttrDict(argument.getArgNumber()));
      const auto type = cast<RankedTensorType>(argument.getType());
      taken.insert(key);
      const bool is_slope = key.find("_slopes.") != std::string::npos; // written, never read
      arguments.push_back(is_slope ? Literal(type) : literalOf(file, key, type));
      read += !is_slope;
    }
    kerf::compiler::Evaluation evaluation;
    const auto oracle = kerf::compiler::evaluate(function, arguments, evaluation);
    REQUIRE(succeeded(oracle));
    const std::vector<Literal> machine = compiled->run(function, arguments, error);
    REQUIRE(error == "");
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      const DictionaryAttr attributes = function.getResultAttrDict(i);
      std::string key = nameOf(function, attributes);
      if (taken.count(key) && key.find("_slopes.") == std::string::npos)
        key = nameOf(function, attributes, true);
      if (file.find(key) == file.size() && key.find(".after.") != std::string::npos)
        continue; // a parameter, which the entry leaves as it is
      INFO(key);
      const Literal want = literalOf(file, key, (*oracle)[i].type());
      ++read;
      CHECK(distance((*oracle)[i], want) <= 1e-6);
      const double error = distance(machine[i], want);
      CHECK(error <= 1e-5);
      worst = std::max(worst, error);
    }
  }
  CHECK(entries > 0);
  CHECK(read == file.size()); // what PyTorch keeps, all of it, is somewhere here
  std::printf("%zu entries, %zu tensors: %.1e from PyTorch in f64\n", entries, read, worst);
}

/// `layer_goldens <golden>.safetensors <model>.mlir [options of Catch2]`
int main(int count, char **words) {
  if (count < 3) {
    std::fprintf(stderr, "usage: layer_goldens <golden>.safetensors <model>.mlir\n");
    return 2;
  }
  golden_file = words[1];
  model_file = words[2];
  return Catch::Session().run(count - 2, words + 2);
}
