// What vq says: which ops, at which line, for which module.
#include "ends.h"
#include "recorder.h"

namespace kerf {
namespace {

TEST_CASE("vq: its ops, all at the line of the call", "[vq]") {
  Recorder recorder;
  const auto z = argument<f64, 5, 3>(100);
  const auto e = argument<f64, 7, 3>(101);
  const unsigned line = __LINE__ + 1;
  auto q = vq(z, e);
  CHECK(std::all_of(recorder.source_lines.begin(), recorder.source_lines.end(),
                    [&](unsigned said) { return said == line; }));
  const std::vector<std::string> want{
      "%0 = kerf.mul %101 %101 : f64[7, 3]",
      "%1 = kerf.sum %0 axes=[1] : f64[7]",
      "%2 = kerf.broadcast %1 dims=[1] : f64[5, 7]",
      "%3 = kerf.constant value=2 : f64[5, 3]",
      "%4 = kerf.mul %3 %100 : f64[5, 3]",
      "%5 = kerf.contract %4 %101 a_batch=[] b_batch=[] a_contract=[1] b_contract=[1] : f64[5, 7]",
      "%6 = kerf.sub %2 %5 : f64[5, 7]",
      "%7 = kerf.argmin %6 axis=1 : i64[5]",
      "%8 = kerf.gather %101 %7 : f64[5, 3]",
      "%9 = kerf.straight_through %100 %8 : f64[5, 3]",
  };
  REQUIRE(recorder.lines.size() > want.size());
  CHECK(std::vector(recorder.lines.begin(), recorder.lines.begin() + want.size()) == want);
  CHECK(q.codes.value == 7);
  CHECK(q.quantized.value == 8);
  CHECK(q.output.value == 9);
}

TEST_CASE("vq: options and wrappers keep the line of the call", "[vq]") {
  Recorder recorder;
  const auto z = argument<f32, 2, 3, 4>(100);
  const auto e = argument<f32, 7, 3>(101);
  const auto seen = argument<i1, 2, 4>(102);
  const unsigned line = __LINE__ + 1;
  auto q = vq<1>(z, e, estimator = rotation_trick, metric = dot, mask = seen, entropy = 0.5);
  CHECK(std::all_of(recorder.source_lines.begin(), recorder.source_lines.end(),
                    [&](unsigned said) { return said == line; }));
  static_assert(shape_of<decltype(q.codes)> == Shape::of(2, 4));
  static_assert(shape_of<decltype(q.output)> == Shape::of(2, 3, 4));
}

TEST_CASE("vq: what it says belongs to the module of the codebook", "[vq]") {
  struct Table : Module {
    Param<f32, 7, 3> weight;
  };
  struct Model : Module {
    Table codebook;
  };
  Recorder recorder;
  Model model;
  assign(model, std::vector<Value>{101});
  auto q = vq(argument<f32, 5, 3>(100), model.codebook.weight);
  CHECK(std::all_of(recorder.lines.begin(), recorder.lines.end(), [](const std::string &said) {
    return said.find("codebook") != std::string::npos;
  }));
}

TEST_CASE("vq: a temperature that no softmax can have ends the program", "[vq]") {
  const unsigned line = __LINE__ + 4;
  const std::string said = said_at_the_end([] {
    Recorder recorder;
    const auto z = argument<f32, 5, 3>(100);
    auto q = vq(z, argument<f32, 7, 3>(101), entropy = -0.5);
  });
  CHECK_THAT(said, Catch::Matchers::Contains(":" + std::to_string(line) +
                                             ": error: vq: entropy is -0.5, but a softmax is "
                                             "divided by it: take a number above 0"));
}

} // namespace
} // namespace kerf
