#include "codegen/tools/compare.h"

#include "compiler/oracle/elementwise.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

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

/// With two digits.
static std::string shortText(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

static std::string textOf(Location location) {
  std::string text;
  llvm::raw_string_ostream(text) << location;
  return text;
}

std::string compareLiterals(const Literal &got, const Literal &want, double tolerance,
                            ArrayRef<double> noise) {
  if (got.type() != want.type())
    return "the types differ";
  auto value = [](const Literal &literal, int64_t i) {
    return literal.isFloat() ? literal.floats()[i] : double(literal.ints()[i]);
  };
  double largest = 0;
  for (int64_t i = 0; i < want.size(); ++i)
    if (double x = std::abs(value(want, i)); std::isfinite(x))
      largest = std::max(largest, x);
  auto bound = [&](int64_t i) {
    return (want.isFloat() ? tolerance * largest : 0) + (noise.empty() ? 0 : noise[i]);
  };
  int64_t wrong = 0, worst = 0;
  double worstDistance = -1;
  for (int64_t i = 0; i < want.size(); ++i) {
    double g = value(got, i), w = value(want, i);
    bool same = want.isFloat()
                    ? g == w || (std::isnan(g) && std::isnan(w)) || std::abs(g - w) <= bound(i)
                    : got.ints()[i] == want.ints()[i] || std::abs(g - w) <= bound(i);
    same |= bound(i) == INFINITY;
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
         numberText(value(want, worst)) + " +/- " + numberText(bound(worst));
}

namespace {
/// What rounding may do to results and decisions of a function, by disturbed runs of the oracle.
class Rounding {
public:
  Rounding(func::FuncOp function, ArrayRef<Literal> arguments, const Evaluation &reference,
           ArrayRef<Literal> want)
      : function(function), arguments(arguments), reference(reference), want(want),
        losses(reference.choices.size(), 0.0) {
    for (const Literal &x : want)
      noise.emplace_back(x.size(), 0.0);
  }

  /// One more run; false if there were enough.
  bool observe() {
    if (seed == mostRuns)
      return false;
    Evaluation other;
    other.mode = Evaluation::Mode::as_typed;
    other.forced = reference.forced;
    other.disturbance.emplace(++seed);
    FailureOr<std::vector<Literal>> got = evaluate(function, arguments, other);
    if (failed(got))
      return false;
    for (auto [x, y, moved] : llvm::zip_equal(*got, want, noise))
      for (int64_t i = 0; i < y.size(); ++i)
        moved[i] = std::max(moved[i], excused * distance(x, y, i));
    DenseMap<std::pair<Operation *, int64_t>, double> lost;
    for (const Evaluation::Choice &choice : other.choices)
      lost[{choice.op, choice.element}] = choice.loss;
    for (auto [choice, loss] : llvm::zip_equal(reference.choices, losses)) {
      auto found = lost.find({choice.op, choice.element});
      const bool isOwn = found == lost.end(); // this run chose as the compiled one did
      const double moved = std::abs((isOwn ? 0 : found->second) - choice.loss);
      loss = std::max({loss, excused * moved, isOwn ? std::numeric_limits<double>::min() : 0});
    }
    return true;
  }

  ArrayRef<double> ofResult(unsigned i) const { return noise[i]; }
  /// By how much this choice of the reference may lose.
  double ofChoice(unsigned i) const { return losses[i]; }

private:
  static constexpr unsigned mostRuns = 8;
  static constexpr double excused = 4;

  static double distance(const Literal &a, const Literal &b, int64_t i) {
    const double x = a.isFloat() ? a.floats()[i] : double(a.ints()[i]),
                 y = b.isFloat() ? b.floats()[i] : double(b.ints()[i]);
    if (x == y || (std::isnan(x) && std::isnan(y)))
      return 0;
    return std::isfinite(x - y) ? std::abs(x - y) : INFINITY;
  }

  func::FuncOp function;
  ArrayRef<Literal> arguments;
  const Evaluation &reference;
  ArrayRef<Literal> want;
  unsigned seed = 0;
  std::vector<std::vector<double>> noise; ///< by result and element
  std::vector<double> losses;             ///< by choice
};
} // namespace

/// "vq 3 of 64 (largest loss 1e-06), compare 1 of 9": choices that differ, by op.
static std::string textOf(ArrayRef<Evaluation::Choice> choices, func::FuncOp function,
                          ArrayRef<Literal> decisions) {
  struct Count {
    StringRef name;
    int64_t differ = 0, all = 0;
    double loss = 0;
  };
  SmallVector<Count> counts;
  auto of = [&](Operation *op) -> Count & {
    StringRef name = op->getName().stripDialect();
    auto found = llvm::find_if(counts, [&](const Count &count) { return count.name == name; });
    return found == counts.end() ? counts.emplace_back(Count{name}) : *found;
  };
  for (auto [op, decided] : llvm::zip_equal(decisionsOf(function), decisions))
    of(op).all += decided.size();
  for (const Evaluation::Choice &choice : choices) {
    ++of(choice.op).differ;
    of(choice.op).loss = std::max(of(choice.op).loss, choice.loss);
  }
  std::string text;
  for (const Count &count : counts)
    if (count.differ > 0)
      text += (text.empty() ? "" : ", ") + count.name.str() + " " + std::to_string(count.differ) +
              " of " + std::to_string(count.all) + " (largest loss " + shortText(count.loss) + ")";
  return text;
}

Comparison compare(CompiledModule &compiled, func::FuncOp function, unsigned numResults,
                   ArrayRef<Literal> arguments, Evaluation::Mode mode,
                   std::optional<double> tolerance) {
  Comparison comparison;
  std::string error;
  comparison.results = compiled.run(function, arguments, error);
  if (!error.empty()) {
    comparison.complaints.push_back(error);
    return comparison;
  }
  ArrayRef<Literal> got = comparison.results;
  Evaluation evaluation;
  evaluation.mode = mode;
  force(evaluation, function, got.drop_front(numResults));
  FailureOr<std::vector<Literal>> want = evaluate(function, arguments, evaluation);
  if (failed(want)) {
    comparison.complaints.push_back("the oracle cannot evaluate it");
    return comparison;
  }
  Rounding rounding(function, arguments, evaluation, *want);
  do {
    comparison.complaints.clear();
    if (!evaluation.complaint.empty())
      comparison.complaints.push_back("a decision is wrong: " + evaluation.complaint);
    for (auto [i, choice] : llvm::enumerate(evaluation.choices))
      if (const double allowed = rounding.ofChoice(i); !(choice.loss <= allowed && allowed > 0)) {
        comparison.complaints.push_back(
            "a decision is wrong: " + placeOf(choice.op, choice.element) + choice.choice +
            ": loses " + numberText(choice.loss) + " where " + numberText(allowed) +
            " is allowed, " + textOf(choice.op->getLoc()));
        break; // the first, as one explains those behind it
      }
    for (unsigned i = 0; i < numResults; ++i) {
      std::string difference =
          compareLiterals(got[i], (*want)[i], tolerance.value_or(0), rounding.ofResult(i));
      if (difference.empty())
        continue;
      auto name = function.getResultAttrOfType<StringAttr>(i, "kerf.name");
      comparison.complaints.push_back("result " + (name ? name.str() : std::to_string(i)) + ": " +
                                      difference);
    }
  } while (tolerance && !comparison.complaints.empty() && evaluation.complaint.empty() &&
           rounding.observe());
  comparison.decided = textOf(evaluation.choices, function, got.drop_front(numResults));
  return comparison;
}

/// Equals that a compiled run exchanged, by scores without rounding.
static std::string exchangedEquals(func::FuncOp function, ArrayRef<Literal> arguments,
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
    std::string wrong = exchangedEquals(function, arguments, decisions[form]);
    if (!wrong.empty())
      choices.complaints.push_back(name + "a decision is wrong: " + wrong);
  }
  for (auto [a, b] : llvm::zip_equal(decisions[0], decisions[1]))
    for (int64_t i = 0; i < a.size(); ++i)
      choices.differ += a.isFloat() ? a.floats()[i] != b.floats()[i] : a.ints()[i] != b.ints()[i];
  return choices;
}

} // namespace kerf::codegen
