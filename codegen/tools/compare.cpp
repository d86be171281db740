#include "tools/compare.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace kerf {

void wrapAsEntry(func::FuncOp function) {
  Builder builder(function->getContext());
  function->setAttr("kerf.entry", builder.getUnitAttr());
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (!function.getArgAttr(i, "kerf.name"))
      function.setArgAttr(i, "kerf.name", builder.getStringAttr("x" + Twine(i)));
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    if (!function.getResultAttr(i, "kerf.name"))
      function.setResultAttr(i, "kerf.name", builder.getStringAttr("y" + Twine(i)));
}

/// "[2, 0, 5]" of the row-major number `i`.
static std::string indexText(ArrayRef<int64_t> shape, int64_t i) {
  std::string text = "[";
  for (auto [axis, stride] : llvm::enumerate(stridesOf(shape)))
    text += (axis ? ", " : "") + std::to_string(i / stride % shape[axis]);
  return text + "]";
}

static std::string numberText(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

double roundingNoise(const Literal &rounded, const Literal &exact) {
  double noise = 0;
  if (rounded.isFloat())
    for (auto [a, b] : llvm::zip_equal(rounded.floats(), exact.floats()))
      if (double distance = std::abs(a - b); std::isfinite(distance))
        noise = std::max(noise, distance);
  return noise;
}

std::string compareLiterals(const Literal &got, const Literal &want, double tolerance,
                            double noise) {
  if (got.type() != want.type())
    return "the types differ";
  auto value = [](const Literal &literal, int64_t i) {
    return literal.isFloat() ? literal.floats()[i] : double(literal.ints()[i]);
  };
  double largest = 0;
  for (int64_t i = 0; i < want.size(); ++i)
    if (double x = std::abs(value(want, i)); std::isfinite(x))
      largest = std::max(largest, x);
  const double bound = want.isFloat() ? tolerance * largest + noise : 0;

  int64_t wrong = 0, worst = 0;
  double worstDistance = -1;
  for (int64_t i = 0; i < want.size(); ++i) {
    double g = value(got, i), w = value(want, i);
    bool same = want.isFloat()
                    ? g == w || (std::isnan(g) && std::isnan(w)) || std::abs(g - w) <= bound
                    : got.ints()[i] == want.ints()[i];
    if (same)
      continue;
    ++wrong;
    double distance = std::isnan(g - w) ? INFINITY : std::abs(g - w);
    if (distance > worstDistance) {
      worstDistance = distance;
      worst = i;
    }
  }
  if (wrong == 0)
    return "";
  return std::to_string(wrong) + " of " + std::to_string(want.size()) + " differ, worst " +
         indexText(want.shape(), worst) + ": got " + numberText(value(got, worst)) + " want " +
         numberText(value(want, worst)) + " +/- " + numberText(bound);
}

Comparison compare(CompiledModule &compiled, func::FuncOp function, unsigned numResults,
                   ArrayRef<Literal> arguments, Evaluation::Mode mode, double tolerance) {
  Comparison comparison;
  std::string error;
  comparison.results = compiled.run(function, arguments, error);
  if (!error.empty()) {
    comparison.complaints.push_back(error);
    return comparison;
  }
  ArrayRef<Literal> got = comparison.results;
  Evaluation evaluation, exact;
  evaluation.mode = mode;
  force(evaluation, function, got.drop_front(numResults));
  exact.forced = evaluation.forced;
  FailureOr<std::vector<Literal>> want = evaluate(function, arguments, evaluation);
  FailureOr<std::vector<Literal>> unrounded = evaluate(function, arguments, exact);
  if (failed(want) || failed(unrounded)) {
    comparison.complaints.push_back("the oracle cannot evaluate it");
    return comparison;
  }
  if (!evaluation.complaint.empty())
    comparison.complaints.push_back("a decision is wrong: " + evaluation.complaint);
  for (unsigned i = 0; i < numResults; ++i) {
    std::string difference = compareLiterals(got[i], (*want)[i], tolerance,
                                             4 * roundingNoise((*want)[i], (*unrounded)[i]));
    if (difference.empty())
      continue;
    auto name = function.getResultAttrOfType<StringAttr>(i, "kerf.name");
    comparison.complaints.push_back("result " + (name ? name.str() : std::to_string(i)) + ": " +
                                    difference);
  }
  return comparison;
}

/// What is wrong with decisions that a compiled run took, by scores without rounding.
static std::string wrongDecision(func::FuncOp function, ArrayRef<Literal> arguments,
                                 ArrayRef<Literal> decisions) {
  Evaluation exact;
  exact.lowest_of_equals = true;
  force(exact, function, decisions);
  if (failed(evaluate(function, arguments, exact)))
    return "the oracle cannot evaluate it";
  return exact.complaint;
}

Choices compareChoices(CompiledModule &fused, CompiledModule &plain, func::FuncOp function,
                       unsigned numResults, ArrayRef<Literal> arguments, double tolerance) {
  Choices choices;
  std::vector<Literal> decisions[2];
  for (int form : {0, 1}) {
    const std::string name = form == 0 ? "fused: " : "not fused: ";
    Comparison comparison = compare(form == 0 ? fused : plain, function, numResults, arguments,
                                    Evaluation::Mode::as_typed, tolerance);
    for (const std::string &complaint : comparison.complaints)
      choices.complaints.push_back(name + complaint);
    if (comparison.results.size() < numResults)
      return choices;
    decisions[form].assign(comparison.results.begin() + numResults, comparison.results.end());
    std::string wrong = wrongDecision(function, arguments, decisions[form]);
    if (!wrong.empty())
      choices.complaints.push_back(name + "a decision is wrong: " + wrong);
  }
  for (auto [a, b] : llvm::zip_equal(decisions[0], decisions[1]))
    for (auto [x, y] : llvm::zip_equal(a.ints(), b.ints()))
      choices.differ += x != y;
  return choices;
}

} // namespace kerf
