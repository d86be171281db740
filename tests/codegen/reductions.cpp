// The floating-point order of reductions is part of the meaning: results are compared bit by bit.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/compile.h"
#include "codegen/tools/call.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/load.h"

#include "mlir/Parser/Parser.h"

#include <cstring>

using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace mlir;

namespace {

/// Compiles `text` (one entry, @f) and runs it on random inputs.
struct Compiled1 {
  explicit Compiled1(const std::string &text) {
    DialectRegistry registry;
    registerCodegen(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    module = parseSourceString<ModuleOp>(text, &context);
    REQUIRE(module);
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    OwningOpRef<ModuleOp> copy = module->clone();
    auto compiled = compile(*copy, allTargets());
    REQUIRE(succeeded(compiled));
    auto object = LoadedObject::load(compiled->object);
    REQUIRE(bool(object));
    auto entry = object->find("t_f_descriptor");
    REQUIRE(bool(entry));
    inputs = randomInputs(function, 7);
    std::string error;
    results = call(*static_cast<const kerf_entry *>(*entry), function, inputs, error);
    INFO(error);
    REQUIRE(error.empty());
  }
  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  std::vector<Literal> inputs, results;
};

std::string entry(const std::string &body, const std::string &from, const std::string &to) {
  return "module attributes {kerf.model = \"t\"} { func.func @f(%x: tensor<" + from +
         "xf32> {kerf.name = \"x\"}) -> (tensor<" + to +
         "f32> {kerf.name = \"y\"}) attributes {kerf.entry} {\n" + body + "  return %y : tensor<" +
         to + "f32>\n} }";
}

std::string sum(const std::string &axes, const std::string &from, const std::string &to) {
  return entry("  %y = kerf.sum %x, axes = [" + axes + "] : tensor<" + from + "xf32> -> tensor<" +
                   to + "f32>\n",
               from, to);
}

/// Element i in lane i mod 16, then 8, 4, 2, 1.
float laneSum(const std::vector<float> &row) {
  float lanes[16] = {};
  for (size_t i = 0; i < row.size(); ++i)
    lanes[i % 16] += row[i];
  for (int half = 8; half >= 1; half /= 2)
    for (int i = 0; i < half; ++i)
      lanes[i] += lanes[i + half];
  return lanes[0];
}

float chainSum(const std::vector<float> &column) {
  float total = 0;
  for (float x : column)
    total += x;
  return total;
}

void checkBits(const Literal &got, const std::vector<float> &want) {
  REQUIRE(got.floats().size() == want.size());
  for (size_t i = 0; i < want.size(); ++i) {
    float value = float(got.floats()[i]);
    INFO("got[" << i << "] = " << value << " want " << want[i]);
    REQUIRE(std::memcmp(&value, &want[i], sizeof value) == 0);
  }
}

} // namespace

TEST_CASE("a sum over rows: element i goes to lane i mod 16", "[reductions]") {
  for (int64_t n : {1, 2, 7, 15, 16, 17, 31, 32, 33, 65, 257}) {
    std::string columns = std::to_string(n);
    Compiled1 run(sum("1", "5x" + columns, "5x"));
    std::vector<float> want;
    for (int64_t i = 0; i < 5; ++i) {
      auto row = run.inputs[0].floats().begin() + i * n;
      want.push_back(laneSum({row, row + n}));
    }
    INFO("rows of " << n);
    checkBits(run.results[0], want);
  }
}

TEST_CASE("a sum over outer and inner axes: i counts through both, whatever the row",
          "[reductions]") {
  for (int64_t n : {3, 16, 17, 32, 49}) {
    int64_t batch = 4, channels = 3;
    Compiled1 run(sum("0, 2", "4x3x" + std::to_string(n), "3x"));
    std::vector<float> want;
    for (int64_t c = 0; c < channels; ++c) {
      std::vector<float> all;
      for (int64_t b = 0; b < batch; ++b)
        for (int64_t i = 0; i < n; ++i)
          all.push_back(run.inputs[0].floats()[(b * channels + c) * n + i]);
      want.push_back(laneSum(all));
    }
    INFO("rows of " << n);
    checkBits(run.results[0], want);
  }
}

TEST_CASE("a sum over an outer axis is one ascending chain per output", "[reductions]") {
  for (int64_t n : {1, 5, 16, 17, 33}) {
    Compiled1 run(sum("0", "32x" + std::to_string(n), std::to_string(n) + "x"));
    std::vector<float> want;
    for (int64_t j = 0; j < n; ++j) {
      std::vector<float> column;
      for (int64_t i = 0; i < 32; ++i)
        column.push_back(run.inputs[0].floats()[i * n + j]);
      want.push_back(chainSum(column));
    }
    INFO("columns: " << n);
    checkBits(run.results[0], want);
  }
}

TEST_CASE("the order is that of the logical axes, also through a transpose", "[reductions]") {
  Compiled1 run(entry(
      "  %t = kerf.transpose %x, permutation = [1, 0] : tensor<21x6xf32> -> tensor<6x21xf32>\n"
      "  %y = kerf.sum %t, axes = [1] : tensor<6x21xf32> -> tensor<6xf32>\n",
      "21x6", "6x"));
  std::vector<float> want;
  for (int64_t i = 0; i < 6; ++i) {
    std::vector<float> row;
    for (int64_t j = 0; j < 21; ++j)
      row.push_back(run.inputs[0].floats()[j * 6 + i]);
    want.push_back(laneSum(row));
  }
  checkBits(run.results[0], want);
}

TEST_CASE("a producer in the loop changes no bit, and nothing is contracted to an FMA",
          "[reductions]") {
  Compiled1 run(entry("  %s = kerf.mul %x, %x : tensor<3x65xf32>\n"
                      "  %y = kerf.sum %s, axes = [1] : tensor<3x65xf32> -> tensor<3xf32>\n",
                      "3x65", "3x"));
  std::vector<float> want;
  for (int64_t i = 0; i < 3; ++i) {
    std::vector<float> row;
    for (int64_t j = 0; j < 65; ++j) {
      volatile float x = run.inputs[0].floats()[i * 65 + j];
      volatile float square = x * x; // rounded before it is added
      row.push_back(float(square));
    }
    want.push_back(laneSum(row));
  }
  checkBits(run.results[0], want);
}
