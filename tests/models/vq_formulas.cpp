// Every form of `vq` equals the formula that defines it, and so do its first and second
// derivatives: evaluated without rounding, on the same inputs.
#define CATCH_CONFIG_MAIN
#include "forms.h"
#include "fusion.h"

using namespace mlir;
using kerf::compiler::Literal;
using kerf::test::checkFormulas;
using kerf::test::Forms;
using kerf::test::Fusion;
using Mode = kerf::compiler::Evaluation::Mode;

namespace {

TEST_CASE("a comparison says how many differ, and where it is worst", "[vq]") {
  MLIRContext context;
  const auto floats = [&](std::vector<double> values) {
    Literal literal(RankedTensorType::get({int64_t(values.size())}, Float32Type::get(&context)));
    literal.floats() = std::move(values);
    return literal;
  };
  const Literal want = floats({1, -4, 2, NAN, INFINITY});
  CHECK(kerf::codegen::compareLiterals(want, want, 0) == "");
  CHECK(kerf::codegen::compareLiterals(floats({1.03, -4, 2, NAN, INFINITY}), want, 0.01) == "");
  CHECK_THAT(kerf::codegen::compareLiterals(floats({1.1, -4, 2.5, NAN, INFINITY}), want, 0.01),
             Catch::Contains("2 of 5 differ, worst [2]: got 2.5 want 2 +/- 0.04"));
  CHECK_THAT(kerf::codegen::compareLiterals(floats({1, -4, 2, 0, INFINITY}), want, 0.01),
             Catch::Contains("1 of 5 differ, worst [3]: got 0 want nan"));
  CHECK_THAT(kerf::codegen::compareLiterals(floats({1, -4, 2, NAN, -INFINITY}), want, 0.01),
             Catch::Contains("1 of 5 differ, worst [4]"));
}

TEST_CASE("vq: every form equals its formula, to the second derivative", "[vq]") {
  Forms forms(KERF_FORMS);
  checkFormulas(forms, 12);
}

const Literal &find(const std::vector<Forms::Result> &results, const std::string &name) {
  for (const Forms::Result &result : results)
    if (result.name == name)
      return result.value;
  FAIL("no result " << name);
  std::abort();
}

TEST_CASE("vq: the output of an estimator of hard codes is the code, bit for bit", "[vq]") {
  Forms forms(KERF_FORMS);
  for (const char *name :
       {"straight_through", "dot_product", "cosine_similarity", "rotation", "sampled_codes",
        "gumbel_straight_through", "index_backpropagation", "sampled_index_backpropagation",
        "masked_index_backpropagation", "masked_rotation"}) {
    INFO(name);
    const auto results = forms.run(name, forms.inputs(name, 3), Mode::as_typed);
    CHECK(kerf::codegen::compareLiterals(find(results, "value.output"),
                                         find(results, "value.quantized"), 0) == "");
  }
}

TEST_CASE("vq: if no row counts, losses are 0 and nothing has a gradient", "[vq]") {
  Forms forms(KERF_FORMS);
  for (const char *name : {"masked_index_backpropagation", "masked_rotation", "masked_gumbel"}) {
    std::vector<Literal> inputs = forms.inputs(name, 4);
    for (Literal &input : inputs)
      if (input.type().getElementType().isInteger(1))
        std::fill(input.ints().begin(), input.ints().end(), 0);
    for (const auto &result : forms.run(name, inputs)) {
      INFO(name << ": " << result.name);
      if (result.value.isFloat())
        CHECK(kerf::codegen::compareLiterals(result.value, Literal(result.value.type()), 0) == "");
      else
        CHECK(llvm::all_of(result.value.ints(), [](int64_t code) { return code == -1; }));
    }
  }
}

TEST_CASE("vq: rows of zeros have finite derivatives", "[vq]") {
  Forms forms(KERF_FORMS);
  for (const char *name : {"cosine_similarity", "rotation", "sampled_index_backpropagation"}) {
    std::vector<Literal> inputs = forms.inputs(name, 5);
    Literal &z = inputs[0];
    REQUIRE(z.size() == 37 * 24);
    std::fill(z.floats().begin(), z.floats().begin() + 3 * 24, 0);
    for (const auto &result : forms.run(name, inputs)) {
      INFO(name << ": " << result.name);
      if (result.value.isFloat())
        CHECK(llvm::all_of(result.value.floats(), [](double x) { return std::isfinite(x); }));
    }
  }
}

TEST_CASE("vq: codes are drawn as the softmax of their scores says", "[vq]") {
  Forms forms(KERF_FORMS);
  for (uint64_t seed : {1, 2, 3}) {
    const auto results = forms.run("draws", forms.inputs("draws", seed), Mode::as_typed);
    const Literal &drawn = find(results, "drawn"), &expected = find(results, "expected");
    double chi_squared = 0, rest = 0, rest_expected = 0;
    int freedoms = -1;
    for (auto [got, want] : llvm::zip_equal(drawn.floats(), expected.floats())) {
      if (want < 10) { // too few for the law
        rest += got;
        rest_expected += want;
        continue;
      }
      chi_squared += (got - want) * (got - want) / want;
      ++freedoms;
    }
    INFO("seed " << seed << ", chi squared " << chi_squared << " of " << freedoms);
    REQUIRE(freedoms >= 2);
    CHECK(chi_squared < 22.5); // 99.9 % at 6
    CHECK(rest <= rest_expected + 4 * std::sqrt(rest_expected + 1));
  }
}

TEST_CASE("vq: hard codes are one kernel, also in two derivatives, and no array of scores",
          "[vq]") {
  for (const char *name : {"straight_through", "dot_product", "cosine_similarity", "rotation",
                           "masked_rotation", "sampled_codes"}) {
    INFO(name);
    const Fusion fusion(KERF_FORMS, name);
    EXPECT_FUSED(vq, 1);
    CHECK(fusion.makes(37 * 24));
    CHECK(!fusion.makes(37 * 50));
  }
  const Fusion fusion(KERF_FORMS, "gumbel");
  CHECK(fusion.makes(37 * 50));
}

} // namespace
