// The oracle following decisions that somebody else took: argmin, top_k and compare, within and
// beyond the bound.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "evaluate.h"
#include "pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using kerf::Evaluation;
using kerf::Literal;

namespace {

/// One function of one decision, `x` being what it decides on.
struct Program {
  explicit Program(const char *text) : context(registry(), MLIRContext::Threading::DISABLED) {
    module = parseSourceString<ModuleOp>(text, &context);
    REQUIRE(module);
    function = *module->getOps<func::FuncOp>().begin();
  }
  static DialectRegistry registry() {
    DialectRegistry registry;
    kerf::registerDialects(registry);
    return registry;
  }
  Literal floats(std::vector<double> values, unsigned argument) {
    Literal literal(cast<RankedTensorType>(function.getArgumentTypes()[argument]));
    literal.floats() = std::move(values);
    return literal;
  }
  Literal decision(std::vector<int64_t> values) {
    Literal literal(cast<RankedTensorType>(function.getResultTypes().front()));
    literal.ints() = std::move(values);
    return literal;
  }
  /// The result under `chosen`; `evaluation` keeps the complaint.
  std::vector<int64_t> follow(ArrayRef<Literal> arguments, Literal chosen, Evaluation &evaluation) {
    kerf::force(evaluation, function, chosen);
    FailureOr<std::vector<Literal>> results = kerf::evaluate(function, arguments, evaluation);
    REQUIRE(succeeded(results));
    return results->front().ints();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
};

const char *const argmin = R"(
  func.func @f(%x: tensor<2x3xf32>) -> tensor<2xi64> {
    %y = kerf.argmin %x, axis = 1 : tensor<2x3xf32> -> tensor<2xi64>
    return %y : tensor<2xi64>
  })";
const char *const compare = R"(
  func.func @f(%a: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<3xi1> {
    %y = kerf.compare %a, %b, predicate = "lt" : tensor<3xf32> -> tensor<3xi1>
    return %y : tensor<3xi1>
  })";

const char *const topK = R"(
  func.func @f(%x: tensor<2x4xf32>) -> tensor<2x2xi64> {
    %y = kerf.top_k %x, k = 2 : tensor<2x4xf32> -> tensor<2x2xi64>
    return %y : tensor<2x2xi64>
  })";

using Ints = std::vector<int64_t>;

} // namespace

TEST_CASE("a forced argmin is followed where it loses less than the bound", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, 1, 1.0003, 2, 3, 1}, 0);
  CHECK(program.follow(x, program.decision({2, 2}), evaluation) == Ints{2, 2});
  CHECK(evaluation.complaint == ""); // 0.0003 of 5 is within 1e-4
}

TEST_CASE("a forced argmin that loses more is reported once, with its place", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, 1, 1.25, 2, 3, 1}, 0);
  CHECK(program.follow(x, program.decision({2, 0}), evaluation) == Ints{2, 0});
  CHECK_THAT(evaluation.complaint,
             Catch::StartsWith("kerf.argmin at [0]: index 2 was taken, the least is 1.000000 at 1: "
                               "loses 0.25 where 0.0005 is allowed, loc("));
}

TEST_CASE("a forced argmin outside the row is reported", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, 1, 1, 2, 3, 1}, 0);
  program.follow(x, program.decision({1, 3}), evaluation);
  CHECK_THAT(evaluation.complaint,
             Catch::StartsWith("kerf.argmin at [1]: index 3 was taken, the least is 1.000000 at 2: "
                               "loses inf where 0.0003 is allowed"));
}

TEST_CASE("a NaN is the least, whatever the bound", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, NAN, 1, 2, 3, 1}, 0);
  program.follow(x, program.decision({2, 2}), evaluation);
  CHECK_THAT(evaluation.complaint, Catch::StartsWith("kerf.argmin at [0]: index 2 was taken"));
}

TEST_CASE("a forced comparison is measured by the largest magnitude of its operands", "[forced]") {
  Program program(compare);
  Literal a = program.floats({1, 0, 100}, 0), b = program.floats({1.005, 0, 1}, 1);
  Evaluation evaluation;
  CHECK(program.follow({a, b}, program.decision({0, 1, 0}), evaluation) == Ints{0, 1, 0});
  CHECK(evaluation.complaint == ""); // 0.005 of 100
}

TEST_CASE("a forced comparison that cannot be a rounding is reported", "[forced]") {
  Program program(compare);
  Literal a = program.floats({1, 0, 100}, 0), b = program.floats({1.005, 0, 1}, 1);
  Evaluation evaluation;
  CHECK(program.follow({a, b}, program.decision({1, 0, 1}), evaluation) == Ints{1, 0, 1});
  CHECK_THAT(evaluation.complaint,
             Catch::StartsWith("kerf.compare at [2]: 100.000000 lt 1.000000 was taken as true: "
                               "loses 99 where 0.01 is allowed"));
}

TEST_CASE("without forced decisions each op decides by itself", "[forced]") {
  Program program(compare);
  Literal a = program.floats({1, 0, NAN}, 0), b = program.floats({1.005, 0, 1}, 1);
  Evaluation evaluation;
  FailureOr<std::vector<Literal>> results = kerf::evaluate(program.function, {a, b}, evaluation);
  REQUIRE(succeeded(results));
  CHECK(results->front().ints() == Ints{1, 0, 0});
}

TEST_CASE("a forced top_k may exchange what rounding can make equal", "[forced]") {
  Program program(topK);
  Literal x = program.floats({5, 1, 5.0003, 2, 3, 1, 2.9999, 4}, 0);
  Evaluation evaluation;
  CHECK(program.follow(x, program.decision({0, 2, 3, 2}), evaluation) == Ints{0, 2, 3, 2});
  CHECK(evaluation.complaint == "");
}

TEST_CASE("a forced top_k that takes another element, or one twice, is reported", "[forced]") {
  Program program(topK);
  Literal x = program.floats({5, 1, 5.0003, 2, 3, 1, 2.9999, 4}, 0);
  Evaluation smaller, twice, outside;
  program.follow(x, program.decision({2, 3, 3, 0}), smaller);
  CHECK_THAT(smaller.complaint,
             Catch::StartsWith("kerf.top_k at [0, 1]: index 3 was taken, the element of this rank "
                               "is 5.000000 at 0: loses 3 where 0.00050003 is allowed"));
  program.follow(x, program.decision({0, 0, 3, 0}), twice);
  CHECK_THAT(twice.complaint,
             Catch::StartsWith("kerf.top_k at [0, 1]: index 0 was taken, the element of this rank "
                               "is 5.000000 at 0: loses inf where 0.00050003 is allowed"));
  program.follow(x, program.decision({2, 0, 4, 0}), outside);
  CHECK_THAT(outside.complaint,
             Catch::StartsWith("kerf.top_k at [1, 0]: index 4 was taken, the element of this rank "
                               "is 4.000000 at 3: loses inf where 0.0004 is allowed"));
}

TEST_CASE("equals may be asked not to be exchanged", "[forced]") {
  Program program(argmin);
  Literal x = program.floats({5, 1, 1, 2, 3, 1}, 0);
  Evaluation lenient, strict;
  strict.lowest_of_equals = true;
  program.follow(x, program.decision({2, 2}), lenient);
  CHECK(lenient.complaint == "");
  program.follow(x, program.decision({2, 2}), strict);
  CHECK_THAT(strict.complaint, Catch::StartsWith("kerf.argmin at [0]: index 2 was taken, the least "
                                                 "is 1.000000 at 1: loses inf"));
}
