// Compiled code against the oracle: the same entries, the same inputs, the same decisions.
#pragma once

#include "evaluate.h"
#include "fusion.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf {

/// Makes `function` an entry point: arguments without a name are x0, x1 …, results y0, y1 ….
void wrapAsEntry(mlir::func::FuncOp function);

/// How much rounding moved a result: the largest finite distance between the oracle's as-typed
/// and f64 values. Large where the result is a small difference of large numbers.
double roundingNoise(const Literal &rounded, const Literal &exact);

/// Elements of `got` that are farther from `want` than `tolerance` times the largest magnitude of
/// `want`, plus `noise` (floats), or not equal (integers). NaN equals NaN, an infinity itself.
/// Empty, or one line: how many differ, then index, got, want and tolerance of the worst.
std::string compareLiterals(const Literal &got, const Literal &want, double tolerance,
                            double noise = 0);

struct Comparison {
  std::vector<std::string> complaints; ///< empty: everything agrees
  std::vector<Literal> results;        ///< of the compiled entry, decisions included
};

/// An artefact of the entries of `module`, compiled as kerf-compile does and loaded.
class CompiledModule {
public:
  /// What a context needs to compile modules.
  static void registerDialects(mlir::DialectRegistry &registry);

  /// Null and `error` set if it cannot be compiled. `module` is left as it is.
  static std::unique_ptr<CompiledModule> compile(mlir::ModuleOp module, std::string &error,
                                                 const FusionOptions &fusion = {});
  virtual ~CompiledModule() = default;

  /// Results of the entry `function` of the module.
  virtual std::vector<Literal> run(mlir::func::FuncOp function, llvm::ArrayRef<Literal> arguments,
                                   std::string &error) = 0;
};

/// Runs `function` compiled, then by the oracle in `mode`, which follows the compiled decisions:
/// the results behind the first `numResults` are those that kerf-expose-decisions appended.
Comparison compare(CompiledModule &compiled, mlir::func::FuncOp function, unsigned numResults,
                   llvm::ArrayRef<Literal> arguments, Evaluation::Mode mode, double tolerance);

/// Where two compiled forms of one function, which differ, chose differently.
struct Choices {
  std::vector<std::string> complaints; ///< empty: each form follows from its own choices
  int64_t differ = 0;                  ///< elements of decisions
};

/// The results behind the first `numResults` are the decisions of either form. Each choice may lose
/// to the best by the bound of forced decisions, by the oracle in f64 and as typed; equals are not
/// to be exchanged. All else is compared with the oracle that follows the form's own choices.
Choices compareChoices(CompiledModule &fused, CompiledModule &plain, mlir::func::FuncOp function,
                       unsigned numResults, llvm::ArrayRef<Literal> arguments, double tolerance);

} // namespace kerf
