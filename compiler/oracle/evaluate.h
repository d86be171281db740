// The oracle: tensors in plain memory, and a run of a function by its ops' `evaluate`.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace kerf::compiler {

/// A tensor in row-major order. Floats of any width are held as double, integers and i1 as int64.
/// A copy shares its storage: write only to a literal you have just made.
class Literal {
public:
  Literal() = default;
  /// All zeros.
  explicit Literal(mlir::RankedTensorType type);
  /// From a `dense` attribute.
  explicit Literal(mlir::DenseElementsAttr value);

  mlir::RankedTensorType type() const { return type_; }
  llvm::ArrayRef<int64_t> shape() const { return type_.getShape(); }
  int64_t size() const { return type_.getNumElements(); }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(type_.getElementType()); }

  std::vector<double> &floats() { return *floats_; }
  const std::vector<double> &floats() const { return *floats_; }
  std::vector<int64_t> &ints() { return *ints_; }
  const std::vector<int64_t> &ints() const { return *ints_; }

  /// The same elements under another shape of equal size.
  Literal reshaped(mlir::RankedTensorType type) const;

private:
  mlir::RankedTensorType type_;
  std::shared_ptr<std::vector<double>> floats_;
  std::shared_ptr<std::vector<int64_t>> ints_;
};

/// How an evaluation rounds, and where it takes its decisions from.
struct Evaluation {
  enum class Mode {
    f64,     ///< floats are doubles whatever their type says
    as_typed ///< every result is rounded to its type
  };
  Mode mode = Mode::f64;

  /// Forced decisions: what a compiled run chose at this op (argmin, compare), if known; of an op
  /// in loops one result for each of their iterations, one behind the other.
  std::function<std::optional<Literal>(mlir::Operation *)> forced;
  /// The one that this run of the op is to give.
  std::optional<Literal> forcedResult(mlir::Operation *op) const;
  /// Where the loops around the op that runs now stand, the outermost first.
  struct Iteration {
    int64_t number, count;
  };
  llvm::SmallVector<Iteration> iterations;
  /// Of all runs of the op that runs now, in the order of these numbers.
  int64_t numberOfRun() const;
  /// A forced choice that is not the oracle's own. How much rounding excuses is for the caller to
  /// say, who can run the function again, disturbed.
  struct Choice {
    mlir::Operation *op;
    int64_t element;    ///< of the op's results of all its runs, in row-major order
    double loss;        ///< by how much it is worse than the oracle's own
    std::string choice; ///< in words
  };
  std::vector<Choice> choices;
  /// A forced choice may also not be one of equals of which another has a lower index. For f64, in
  /// which scores are equal only where no rounding parts them.
  bool lowest_of_equals = false;
  /// The first decision that no rounding excuses, in words; empty if there is none.
  std::string complaint;

  /// Moves every rounded result at random by up to what the rounding inside of its op may move it,
  /// whatever the order of its sums: a run is one of those that another order would give.
  std::optional<std::mt19937_64> disturbance;
  /// `value`, a sum of `terms` numbers whose magnitudes add to `magnitude`, so disturbed.
  double disturbed(double value, double magnitude, int64_t terms, mlir::Type type);

  /// `value` as a result of type `type` may hold it in this mode. What goes into a narrow float was
  /// an f32.
  double round(double value, mlir::Type type) const;
};

/// Row-major strides of `shape`, in elements.
llvm::SmallVector<int64_t> stridesOf(llvm::ArrayRef<int64_t> shape);

/// Calls `body(index, i)` for every multi-index of `shape` in row-major order, `i` counting up.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>, int64_t)> body);

/// Runs `function` (a func.func of kerf and arith.constant ops) on `arguments`.
/// Fails with a diagnostic at the op that has no `evaluate`, or on a type mismatch of arguments.
mlir::FailureOr<std::vector<Literal>>
evaluate(mlir::Operation *function, llvm::ArrayRef<Literal> arguments, Evaluation &evaluation);

/// Runs the block of a region; its arguments and what its terminator gives.
mlir::FailureOr<std::vector<Literal>>
evaluateBlock(mlir::Block &block, llvm::ArrayRef<Literal> arguments, Evaluation &evaluation);

/// The decisions of `function`, those in regions too, in program order: the order of forced
/// decisions everywhere.
llvm::SmallVector<mlir::Operation *> decisionsOf(mlir::Operation *function);

/// Makes `evaluation` take the decisions of `function` from `chosen`, in the order of decisionsOf.
void force(Evaluation &evaluation, mlir::Operation *function, llvm::ArrayRef<Literal> chosen);

} // namespace kerf::compiler
