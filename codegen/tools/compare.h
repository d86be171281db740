// Compiled code against the oracle: the same entries, the same inputs, the same decisions.
#pragma once

#include "codegen/target.h"
#include "codegen/tools/call.h"
#include "compiler/families/family.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>
#include <string>
#include <vector>

namespace kerf::codegen {

/// Makes `function` an entry point: arguments without a name are x0, x1 …, results y0, y1 ….
void wrapAsEntry(mlir::func::FuncOp function);

/// Elements of `got` that are farther from `want` than `tolerance` times the largest magnitude of
/// `want`, plus their own `noise` if it is given (floats), or not equal, or not within their noise
/// (integers). NaN equals NaN, an infinity itself.
/// Empty, or one line: how many differ, then index, got, want and tolerance of the worst.
std::string compareLiterals(const compiler::Literal &got, const compiler::Literal &want,
                            double tolerance, llvm::ArrayRef<double> noise = {});

struct Comparison {
  std::vector<std::string> complaints;    ///< empty: everything agrees
  std::vector<compiler::Literal> results; ///< of the compiled entry, decisions included
  std::string decided; ///< which decisions rounding took: "vq 3 of 64 (loss 1e-06), compare 1 of 9"
};

/// An artefact of the entries of `module`, compiled as kerf-compile does and loaded.
class CompiledModule {
public:
  /// What a context needs to compile modules.
  static void registerDialects(mlir::DialectRegistry &registry);

  /// Null and `error` set if it cannot be compiled. `module` is left as it is.
  static std::unique_ptr<CompiledModule> compile(mlir::ModuleOp module, std::string &error,
                                                 const compiler::FusionOptions &fusion = {},
                                                 llvm::ArrayRef<Target> targets = allTargets());
  virtual ~CompiledModule() = default;

  /// How many share a call: each of these numbers is tried.
  std::vector<std::uint64_t> workers = manyWorkers();

  /// Results of the entry `function` of the module. Fails if they have other bits by another body,
  /// or where others share the call.
  virtual std::vector<compiler::Literal> run(mlir::func::FuncOp function,
                                             llvm::ArrayRef<compiler::Literal> arguments,
                                             std::string &error) = 0;
};

/// Runs `function` compiled, then by the oracle in `mode`, which follows the compiled decisions:
/// the results behind the first `numResults` are those that kerf-expose-decisions appended.
///
/// Where a result is off by more than the tolerance, or a decision is not the oracle's own,
/// rounding may be the reason. How much it can do is measured, not assumed: the oracle runs again,
/// up to eight times, each result of each op moved at random by as much as its rounding may be (of
/// a sum, in proportion to the sum of its terms' magnitudes; of what is exact, not at all). An
/// element may be off by four times what these runs moved it, its own and no other's; a choice may
/// lose four times as much as they moved its loss. So where nothing is rounded, nothing is excused,
/// and a mistake larger than rounding is seen however small it is beside the other elements. It is
/// an estimate of the first order: what it excuses is likely to be rounding, and is no proof; an
/// element that is infinite or NaN in one of the runs may be anything. Without a tolerance nothing
/// is excused: every bit is the oracle's.
Comparison compare(CompiledModule &compiled, mlir::func::FuncOp function, unsigned numResults,
                   llvm::ArrayRef<compiler::Literal> arguments, compiler::Evaluation::Mode mode,
                   std::optional<double> tolerance);

/// Where two compiled forms of one function, which differ, chose differently.
struct Choices {
  std::vector<std::string> complaints; ///< empty: each form follows from its own choices
  int64_t differ = 0;                  ///< elements of decisions
};

/// The results behind the first `numResults` are the decisions of either form. Each form is
/// compared with the oracle that follows its own choices, and may not exchange what is equal in
/// f64.
Choices compareChoices(CompiledModule &fused, CompiledModule &plain, mlir::func::FuncOp function,
                       unsigned numResults, llvm::ArrayRef<compiler::Literal> arguments,
                       double tolerance);

} // namespace kerf::codegen
