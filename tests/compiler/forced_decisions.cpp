// The oracle following decisions that somebody else took: argmin, top_k, compare, floor, round,
// sign and cast; and runs of it that are disturbed.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "compiler/oracle/evaluate.h"
#include "compiler/pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using kerf::compiler::Evaluation;
using kerf::compiler::Literal;

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
    kerf::compiler::registerDialects(registry);
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
    kerf::compiler::force(evaluation, function, chosen);
    FailureOr<std::vector<Literal>> results =
        kerf::compiler::evaluate(function, arguments, evaluation);
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

const char *const staircase = R"(
  func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
    %y = kerf.floor %x : tensor<3xf32>
    return %y : tensor<3xf32>
  })";
const char *const nearest = R"(
  func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
    %y = kerf.round %x : tensor<3xf32>
    return %y : tensor<3xf32>
  })";
const char *const sign = R"(
  func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
    %y = kerf.sign %x : tensor<3xf32>
    return %y : tensor<3xf32>
  })";
const char *const integer = R"(
  func.func @f(%x: tensor<4xf32>) -> tensor<4xi64> {
    %y = kerf.cast %x : tensor<4xf32> -> tensor<4xi64>
    return %y : tensor<4xi64>
  })";

using Ints = std::vector<int64_t>;

} // namespace

TEST_CASE("a forced argmin is followed, and what it loses noted", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, 1, 1.25, 2, 3, 1}, 0);
  CHECK(program.follow(x, program.decision({2, 2}), evaluation) == Ints{2, 2});
  CHECK(evaluation.complaint == "");
  REQUIRE(evaluation.choices.size() == 1); // the second row's is the oracle's own
  CHECK(evaluation.choices[0].element == 0);
  CHECK(evaluation.choices[0].loss == 0.25);
  CHECK(evaluation.choices[0].choice == "index 2 was taken, the least is 1.000000 at 1");
}

TEST_CASE("a forced argmin outside the row is no choice", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, 1, 1, 2, 3, 1}, 0);
  program.follow(x, program.decision({1, 3}), evaluation);
  CHECK_THAT(evaluation.complaint,
             Catch::StartsWith("kerf.argmin at [1]: index 3 was taken, the least is 1.000000 at 2, "
                               "which no rounding excuses, loc("));
}

TEST_CASE("a NaN is the least, and no rounding makes it another", "[forced]") {
  Program program(argmin);
  Evaluation evaluation;
  Literal x = program.floats({5, NAN, 1, 2, 3, 1}, 0);
  program.follow(x, program.decision({2, 2}), evaluation);
  CHECK_THAT(evaluation.complaint, Catch::StartsWith("kerf.argmin at [0]: index 2 was taken"));
}

TEST_CASE("a forced comparison loses the distance of its operands", "[forced]") {
  Program program(compare);
  Literal a = program.floats({1, 0, 100}, 0), b = program.floats({1.5, 0, 1}, 1);
  Evaluation evaluation;
  CHECK(program.follow({a, b}, program.decision({0, 1, 0}), evaluation) == Ints{0, 1, 0});
  REQUIRE(evaluation.choices.size() == 2);
  CHECK(evaluation.choices[0].loss == 0.5);
  CHECK(evaluation.choices[0].choice == "1.000000 lt 1.500000 was taken as false");
  CHECK(evaluation.choices[1].element == 1);
  CHECK(evaluation.choices[1].loss == 0); // of equals, which only rounding may part
}

TEST_CASE("without forced decisions each op decides by itself", "[forced]") {
  Program program(compare);
  Literal a = program.floats({1, 0, NAN}, 0), b = program.floats({1.005, 0, 1}, 1);
  Evaluation evaluation;
  FailureOr<std::vector<Literal>> results =
      kerf::compiler::evaluate(program.function, {a, b}, evaluation);
  REQUIRE(succeeded(results));
  CHECK(results->front().ints() == Ints{1, 0, 0});
}

TEST_CASE("a forced top_k loses the distance to the element of its rank", "[forced]") {
  Program program(topK);
  Literal x = program.floats({5, 1, 5.5, 2, 3, 1, 2.75, 4}, 0);
  Evaluation evaluation;
  CHECK(program.follow(x, program.decision({0, 2, 3, 2}), evaluation) == Ints{0, 2, 3, 2});
  CHECK(evaluation.complaint == "");
  REQUIRE(evaluation.choices.size() == 3);
  CHECK(evaluation.choices[0].loss == 0.5);
  CHECK(evaluation.choices[2].element == 3);
  CHECK(evaluation.choices[2].loss == 0.25);
}

TEST_CASE("a forced top_k takes no element twice and none from outside", "[forced]") {
  Program program(topK);
  Literal x = program.floats({5, 1, 5.0003, 2, 3, 1, 2.9999, 4}, 0);
  Evaluation twice, outside;
  program.follow(x, program.decision({0, 0, 3, 0}), twice);
  CHECK_THAT(twice.complaint,
             Catch::StartsWith("kerf.top_k at [0, 1]: index 0 was taken, the element of this rank "
                               "is 5.000000 at 0, which no rounding excuses"));
  program.follow(x, program.decision({2, 0, 4, 0}), outside);
  CHECK_THAT(outside.complaint,
             Catch::StartsWith("kerf.top_k at [1, 0]: index 4 was taken, the element of this rank "
                               "is 4.000000 at 3, which no rounding excuses"));
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
                                                 "is 1.000000 at 1, which no rounding excuses"));
}

TEST_CASE("a forced floor loses the distance to its step", "[forced]") {
  Program program(staircase);
  Literal x = program.floats({2.75, -0.25, 4}, 0);
  Evaluation evaluation, between;
  Literal steps = program.floats({3, 0, 4}, 0);
  kerf::compiler::force(evaluation, program.function, steps);
  REQUIRE(succeeded(kerf::compiler::evaluate(program.function, x, evaluation)));
  REQUIRE(evaluation.choices.size() == 2);
  CHECK(evaluation.choices[0].loss == 0.25);
  CHECK(evaluation.choices[0].choice == "the floor of 2.750000 was taken as 3.000000");
  CHECK(evaluation.choices[1].loss == 0.25);
  kerf::compiler::force(between, program.function, program.floats({2.5, -1, 4}, 0));
  REQUIRE(succeeded(kerf::compiler::evaluate(program.function, x, between)));
  CHECK_THAT(between.complaint, Catch::StartsWith("kerf.floor at [0]: the floor of 2.750000 was "
                                                  "taken as 2.500000, which no rounding excuses"));
}

TEST_CASE("a forced round loses the distance to where its integer begins, a forced sign to 0",
          "[forced]") {
  for (const char *const text : {nearest, sign}) {
    Program program(text);
    const bool isSign = text == sign;
    Literal x = isSign ? program.floats({0.25, -0.25, 4}, 0) : program.floats({2.75, -0.75, 4}, 0);
    Literal steps = isSign ? program.floats({0, 1, 1}, 0) : program.floats({2, 0, 4}, 0);
    Evaluation evaluation, between;
    kerf::compiler::force(evaluation, program.function, steps);
    REQUIRE(succeeded(kerf::compiler::evaluate(program.function, x, evaluation)));
    REQUIRE(evaluation.choices.size() == 2);
    CHECK(evaluation.choices[0].loss == 0.25);
    CHECK(evaluation.choices[1].loss == 0.25);
    kerf::compiler::force(between, program.function, program.floats({2.5, 0, 4}, 0));
    REQUIRE(succeeded(kerf::compiler::evaluate(program.function, x, between)));
    CHECK_THAT(between.complaint,
               Catch::Contains("was taken as 2.500000, which no rounding excuses"));
  }
}

TEST_CASE("a forced decision in a loop is that of its iteration", "[forced]") {
  Program program(R"(
  func.func @f(%x: tensor<2x3x2xf32>) -> tensor<2x3xi64> {
    %y = kerf.scan count = 2 index %i inputs(%a = %x : tensor<2x3x2xf32>) {
      %z = kerf.scan count = 3, reverse index %j inputs(%b = %a : tensor<3x2xf32>) {
        %k = kerf.argmin %b, axis = 0 : tensor<2xf32> -> tensor<i64>
        kerf.yield %k : tensor<i64>
      }
      kerf.yield %z : tensor<3xi64>
    }
    return %y : tensor<2x3xi64>
  })");
  const Literal x = program.floats({0, 1, 1, 0, 0, 1, 3, 4, 1, 1, 1, 0}, 0);
  Evaluation evaluation;
  const std::vector<int64_t> own = {0, 1, 0, 0, 0, 1}, forced = {0, 1, 0, 1, 1, 1};
  CHECK(program.follow(x, program.decision(own), evaluation) == own);
  CHECK(evaluation.choices.empty());
  CHECK(program.follow(x, program.decision(forced), evaluation) == forced);
  REQUIRE(evaluation.choices.size() == 2); // the inner loop runs from its end
  CHECK(evaluation.choices[0].element == 4);
  CHECK(evaluation.choices[0].loss == 0);
  CHECK(evaluation.choices[1].element == 3);
  CHECK(evaluation.choices[1].loss == 1);
}

TEST_CASE("a forced integer loses the distance to the numbers that are cast to it", "[forced]") {
  Program program(integer);
  Literal x = program.floats({2.75, -0.75, -1.25, 0.5}, 0);
  Evaluation evaluation;
  CHECK(program.follow(x, program.decision({3, -1, 0, 0}), evaluation) == Ints{3, -1, 0, 0});
  REQUIRE(evaluation.choices.size() == 3);
  for (const Evaluation::Choice &choice : evaluation.choices)
    CHECK(choice.loss == 0.25);
}

TEST_CASE("a disturbed run moves what is rounded, a sum by its terms, and nothing exact",
          "[disturbed]") {
  Program program(R"(
  func.func @f(%x: tensor<64xf32>) -> (tensor<f32>, tensor<64xf32>, tensor<64xf32>) {
    %sum = kerf.sum %x, axes = [0] : tensor<64xf32> -> tensor<f32>
    %exact = kerf.neg %x : tensor<64xf32>
    %curve = kerf.exp %x : tensor<64xf32>
    return %sum, %exact, %curve : tensor<f32>, tensor<64xf32>, tensor<64xf32>
  })");
  std::vector<double> values(64);
  for (int i = 0; i < 64; ++i)
    values[i] = i % 2 ? 1000.25 : -1000.25; // sums to 0, of terms that do not
  Evaluation evaluation;
  evaluation.mode = Evaluation::Mode::as_typed;
  evaluation.disturbance.emplace(1);
  FailureOr<std::vector<Literal>> results =
      kerf::compiler::evaluate(program.function, program.floats(values, 0), evaluation);
  REQUIRE(succeeded(results));
  const double unit = 0x1p-24, sum = std::abs((*results)[0].floats()[0]);
  CHECK(sum > 0);
  CHECK(sum <= 8 * unit * 64 * 1000.25 * 1.001); // the root of 64 roundings
  for (int i = 0; i < 64; ++i)
    CHECK((*results)[1].floats()[i] == -values[i]);
}
