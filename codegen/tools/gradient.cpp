#include "codegen/tools/gradient.h"
#include "codegen/tools/inputs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

static bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

bool isDifferentiable(func::FuncOp function) {
  return llvm::any_of(function.getArgumentTypes(), isFloat) &&
         llvm::any_of(function.getResultTypes(), isFloat) && !function->hasAttr("kerf.no_gradient");
}

// ---- the gradient function -------------------------------------------------------------------

static Value make(OpBuilder &builder, Location location, StringRef name, ValueRange operands,
                  Type type, ArrayRef<NamedAttribute> attributes = {}) {
  OperationState state(location, name, operands, TypeRange(type), attributes);
  return builder.create(state)->getResult(0);
}

/// Sum over the float results of sum(weight * result), in the first result's element type.
static Value weightedSum(OpBuilder &builder, Location location, ValueRange results,
                         ValueRange weights) {
  Value loss;
  for (auto [result, weight] : llvm::zip_equal(results, weights)) {
    auto type = cast<RankedTensorType>(result.getType());
    Value product = make(builder, location, "kerf.mul", {result, weight}, type);
    auto scalar = RankedTensorType::get({}, type.getElementType());
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(type.getRank()));
    if (!axes.empty())
      product = make(builder, location, "kerf.sum", product, scalar,
                     builder.getNamedAttr("axes", builder.getDenseI64ArrayAttr(axes)));
    if (loss && loss.getType() != scalar)
      product = make(builder, location, "kerf.cast", product, loss.getType());
    loss = loss ? make(builder, location, "kerf.add", {loss, product}, loss.getType()) : product;
  }
  return loss;
}

/// The float ones of some types.
static SmallVector<Type> floatsOf(TypeRange types) {
  SmallVector<Type> floats;
  llvm::copy_if(types, std::back_inserter(floats), isFloat);
  return floats;
}

/// A function behind `function` that takes its arguments, then `more`.
static func::FuncOp makeShell(func::FuncOp function, StringRef name, TypeRange more,
                              TypeRange results) {
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  SmallVector<Type> arguments(function.getArgumentTypes());
  llvm::append_range(arguments, more);
  auto shell = func::FuncOp::create(builder, function.getLoc(), name,
                                    builder.getFunctionType(arguments, results));
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    shell.setArgAttrs(i, function.getArgAttrDict(i));
  shell.addEntryBlock();
  return shell;
}

/// The body of `function` as the region of an op to come.
struct Inside {
  SmallVector<Value> floats, others; ///< of the arguments of `shell` that `function` has too
  Block *block;
  SmallVector<Value> results; ///< the floats that it returns

  Inside(func::FuncOp function, func::FuncOp shell, OperationState &state)
      : block(&state.addRegion()->emplaceBlock()) {
    IRMapping map;
    for (bool ofFloats : {true, false})
      for (auto [argument, outer] : llvm::zip(function.getArguments(), shell.getArguments()))
        if (isFloat(argument.getType()) == ofFloats) {
          map.map(argument, block->addArgument(argument.getType(), function.getLoc()));
          (ofFloats ? floats : others).push_back(outer);
        }
    OpBuilder inside(function->getContext());
    inside.setInsertionPointToEnd(block);
    for (Operation &op : function.getBody().front().without_terminator())
      inside.clone(op, map);
    for (Value result : function.getBody().front().getTerminator()->getOperands())
      if (isFloat(result.getType()))
        results.push_back(map.lookup(result));
  }
};

func::FuncOp makeGradient(func::FuncOp function, StringRef name) {
  const SmallVector<Type> weightTypes = floatsOf(function.getResultTypes());
  SmallVector<Type> results = {
      RankedTensorType::get({}, getElementTypeOrSelf(weightTypes.front()))};
  llvm::append_range(results, floatsOf(function.getArgumentTypes()));
  func::FuncOp shell = makeShell(function, name, weightTypes, results);
  const Location location = function.getLoc();

  // Float arguments are parameters, the others and the weights are captured.
  OperationState state(location, "kerf.value_and_grad");
  Inside inside(function, shell, state);
  state.addOperands(inside.floats);
  state.addOperands(inside.others);
  state.addOperands(ValueRange(shell.getArguments()).take_back(weightTypes.size()));
  SmallVector<Value> weights;
  for (Type type : weightTypes)
    weights.push_back(inside.block->addArgument(type, location));
  OpBuilder builder(function->getContext());
  builder.setInsertionPointToEnd(inside.block);
  OperationState yield(location, "kerf.yield");
  yield.addOperands(weightedSum(builder, location, inside.results, weights));
  builder.create(yield);

  builder.setInsertionPointToEnd(&shell.getBody().front());
  state.addTypes(results);
  state.addAttribute("num_params", builder.getI64IntegerAttr(inside.floats.size()));
  state.addAttribute("num_aux", builder.getI64IntegerAttr(0));
  func::ReturnOp::create(builder, location, builder.create(state)->getResults());
  return shell;
}

func::FuncOp makeTangent(func::FuncOp function, StringRef name) {
  const SmallVector<Type> tangents = floatsOf(function.getArgumentTypes()),
                          results = floatsOf(function.getResultTypes());
  func::FuncOp shell = makeShell(function, name, tangents, results);
  OperationState state(function.getLoc(), "kerf.jvp");
  const Inside inside(function, shell, state);
  state.addOperands(inside.floats);
  state.addOperands(ValueRange(shell.getArguments()).take_back(tangents.size()));
  state.addOperands(inside.others);
  OpBuilder builder(function->getContext());
  builder.setInsertionPointToEnd(inside.block);
  OperationState yield(function.getLoc(), "kerf.yield");
  yield.addOperands(inside.results);
  builder.create(yield);

  builder.setInsertionPointToEnd(&shell.getBody().front());
  state.addTypes(results);
  state.addTypes(results);
  state.addAttribute("num_params", builder.getI64IntegerAttr(inside.floats.size()));
  const ResultRange made = builder.create(state)->getResults();
  func::ReturnOp::create(builder, function.getLoc(), made.take_back(results.size()));
  return shell;
}

// ---- differences -----------------------------------------------------------------------------

/// arguments + step * direction
static std::vector<Literal> moved(ArrayRef<Literal> arguments, ArrayRef<Literal> direction,
                                  double step) {
  std::vector<Literal> result(arguments.begin(), arguments.end());
  for (auto [x, d] : llvm::zip_equal(result, direction)) {
    if (!x.isFloat())
      continue;
    Literal y(x.type());
    for (int64_t i = 0; i < x.size(); ++i)
      y.floats()[i] = x.floats()[i] + step * d.floats()[i];
    x = y;
  }
  return result;
}

/// Half the distance of two points whose difference is taken.
static constexpr double step = 0x1p-17;

namespace {
/// The weighted sum of `function`'s float results as a function of its arguments, in f64.
class Loss {
public:
  Loss(func::FuncOp function, ArrayRef<Literal> weights) : function(function), weights(weights) {}

  FailureOr<double> at(ArrayRef<Literal> arguments) {
    Evaluation evaluation;
    FailureOr<std::vector<Literal>> results = evaluate(function, arguments, evaluation);
    if (failed(results))
      return failure();
    double sum = 0;
    const Literal *weight = weights.begin();
    for (const Literal &result : *results)
      if (result.isFloat()) {
        for (auto [r, w] : llvm::zip_equal(result.floats(), weight->floats()))
          sum += r * w;
        ++weight;
      }
    return sum;
  }

  /// (f(x + h d) - f(x - h d)) / 2h, with x = arguments and d nonzero in `argument` only if given.
  FailureOr<double> slope(ArrayRef<Literal> arguments, ArrayRef<Literal> direction) {
    FailureOr<double> up = at(moved(arguments, direction, step));
    FailureOr<double> down = at(moved(arguments, direction, -step));
    if (failed(up) || failed(down))
      return failure();
    return (*up - *down) / (2 * step);
  }

private:
  func::FuncOp function;
  ArrayRef<Literal> weights;
};

/// One check of a gradient at a point.
class Check {
public:
  Check(func::FuncOp function, ArrayRef<Literal> arguments, ArrayRef<Literal> gradients,
        ArrayRef<Literal> weights, double loss)
      : loss(loss), differences(function, weights), arguments(arguments), gradients(gradients) {}

  /// Compares the slope along `direction`; `what` names it in a complaint.
  void along(ArrayRef<Literal> direction, const std::string &what) {
    double got = 0, magnitude = 0;
    const Literal *gradient = gradients.begin();
    for (const Literal &d : direction)
      if (d.isFloat()) {
        for (auto [a, b] : llvm::zip_equal(gradient->floats(), d.floats())) {
          got += a * b;
          magnitude += std::abs(a * b);
        }
        ++gradient;
      }
    FailureOr<double> want = differences.slope(arguments, direction);
    if (failed(want)) {
      complaints.push_back(what + ": the function cannot be evaluated");
      return;
    }
    double tolerance = 1e-6 * magnitude + 1e-8 * (1 + std::abs(loss));
    if (!(std::abs(got - *want) <= tolerance))
      complaints.push_back(
          llvm::formatv("{0}: got {1:e9} want {2:e9} +/- {3:e1}", what, got, *want, tolerance));
  }

  std::vector<std::string> complaints;

private:
  double loss;
  Loss differences;
  ArrayRef<Literal> arguments, gradients;
};
} // namespace

/// Zeros of the arguments' types.
static std::vector<Literal> zeros(ArrayRef<Literal> arguments) {
  std::vector<Literal> result;
  for (const Literal &x : arguments)
    result.emplace_back(x.type());
  return result;
}

/// A random direction: of each argument a tensor, of integers zeros.
static std::vector<Literal> someDirection(ArrayRef<Literal> arguments, Random &random) {
  std::vector<Literal> direction;
  for (const Literal &x : arguments)
    direction.push_back(x.isFloat() ? randomLiteral(x.type(), random, -1, 1) : Literal(x.type()));
  return direction;
}

std::vector<std::string> checkGradient(func::FuncOp function, func::FuncOp gradient,
                                       ArrayRef<Literal> arguments, std::uint64_t seed) {
  Random random(seed, "gradient");
  std::vector<Literal> weights;
  for (Type type : gradient.getArgumentTypes().drop_front(arguments.size()))
    weights.push_back(randomLiteral(cast<RankedTensorType>(type), random, 0.5, 1.5));
  std::vector<Literal> all(arguments.begin(), arguments.end());
  llvm::append_range(all, weights);
  Evaluation evaluation;
  FailureOr<std::vector<Literal>> results = evaluate(gradient, all, evaluation);
  if (failed(results))
    return {"the gradient cannot be evaluated"};

  Check check(function, arguments, ArrayRef<Literal>(*results).drop_front(), weights,
              results->front().floats()[0]);
  for (int n = 0; n < 3; ++n)
    check.along(someDirection(arguments, random), "along direction " + std::to_string(n));
  for (size_t a = 0; a < arguments.size(); ++a)
    for (int n = 0; n < 3 && arguments[a].isFloat() && arguments[a].size() > 0; ++n) {
      std::vector<Literal> direction = zeros(arguments);
      int64_t i = random.integer(0, arguments[a].size() - 1);
      direction[a].floats()[i] = 1;
      check.along(direction, llvm::formatv("argument {0}[{1}]", a, i));
    }
  return check.complaints;
}

std::vector<std::string> checkTangent(func::FuncOp function, func::FuncOp tangent,
                                      ArrayRef<Literal> arguments, std::uint64_t seed) {
  Random random(seed, "tangent");
  const std::vector<Literal> direction = someDirection(arguments, random);
  std::vector<Literal> all(arguments.begin(), arguments.end());
  llvm::copy_if(direction, std::back_inserter(all), [](const Literal &d) { return d.isFloat(); });
  auto results = [&](func::FuncOp f, ArrayRef<Literal> x) {
    Evaluation evaluation;
    FailureOr<std::vector<Literal>> made = evaluate(f, x, evaluation);
    std::vector<Literal> floats;
    if (succeeded(made))
      llvm::copy_if(*made, std::back_inserter(floats),
                    [](const Literal &y) { return y.isFloat(); });
    return floats;
  };
  const std::vector<Literal> got = results(tangent, all),
                             up = results(function, moved(arguments, direction, step)),
                             down = results(function, moved(arguments, direction, -step));
  if (got.empty() || up.size() != got.size() || down.size() != got.size())
    return {"the tangent or the function cannot be evaluated"};
  std::vector<std::string> complaints;
  for (auto [n, t, above, below] : llvm::enumerate(got, up, down)) {
    double size = 0, most = 0; // of the slopes, and of the values
    for (auto [x, value] : llvm::zip_equal(t.floats(), above.floats())) {
      size = std::max(size, std::abs(x));
      most = std::max(most, std::abs(value));
    }
    for (int64_t i = 0; i < t.size() && complaints.size() < 4; ++i) {
      const double want = (above.floats()[i] - below.floats()[i]) / (2 * step);
      const double tolerance = 1e-6 * size + 1e-8 * (1 + most);
      if (!(std::abs(t.floats()[i] - want) <= tolerance))
        complaints.push_back(
            llvm::formatv("tangent of result {0}[{1}]: got {2:e9} want {3:e9} +/- {4:e1}", n, i,
                          t.floats()[i], want, tolerance));
    }
  }
  return complaints;
}

} // namespace kerf::codegen
