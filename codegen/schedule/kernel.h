// What a kernel is: the ops that it serves, the form that their calls have, what a call needs and
// costs, and its code. A backend has one file for each.
#pragma once

#include "codegen/schedule/shared_functions.h"
#include "codegen/target.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

#include <optional>
#include <tuple>
#include <vector>

namespace kerf::codegen {

class Backend;
class KernelFunctions;
class KernelOp;

/// A call without its sizes, which the function takes when it runs: what its code depends on.
struct KernelSpec {
  const Target &target;
  mlir::Type element = {}; ///< what T is in the kernel's `types`; null if there is no T
  mlir::DictionaryAttr attributes = {}; ///< those of the op that the kernel asks for; may be null
  mlir::MutableArrayRef<mlir::Region> regions = {}; ///< of the same op: scalar code
  /// How memory holds the elements of its operands, then of its results; empty: as they are.
  llvm::SmallVector<mlir::Type, 4> held = {};

  mlir::Type heldBy(unsigned operand) const {
    return operand < held.size() ? held[operand] : mlir::Type();
  }
  bool isNarrow(unsigned operand) const { return heldBy(operand) && heldBy(operand) != element; }
};

// What forms are made of.
mlir::RankedTensorType typeOf(mlir::Value x);
int64_t product(llvm::ArrayRef<int64_t> extents);

/// How an op becomes a call.
struct KernelForm {
  KernelForm(mlir::ValueRange inputs, llvm::ArrayRef<int64_t> sizes)
      : inputs(inputs.begin(), inputs.end()), sizes(sizes) {}
  /// Sums without terms: there is nothing to call, the result is zero.
  static KernelForm zero() {
    KernelForm form({}, {});
    form.isZero = true;
    return form;
  }

  llvm::SmallVector<mlir::Value> inputs; ///< the op's operands, made ready
  llvm::SmallVector<int64_t> sizes;
  bool isZero = false;
};

/// What one call does, for reports.
struct Work {
  double flops = 0;           ///< an FMA counts two; 0 where data is only moved or drawn
  int64_t untouchedBytes = 0; ///< of its operands, which otherwise are read or written once
};

/// Memory that a call needs beside its operands, in bytes.
struct Scratch {
  int64_t shared = 0; ///< one for all workers
  int64_t own = 0;    ///< one for each worker
};

/// How a call reads an input that has been made ready by another kernel, once for many calls.
struct Prepared {
  struct Call {
    llvm::StringRef kernel;
    llvm::SmallVector<int64_t> sizes;
  };
  unsigned input;   ///< which of the inputs
  Call maker;       ///< takes the input alone
  int64_t elements; ///< of the kernel's T that it makes: all that it needs for the sizes
  Call reader;      ///< takes what was made in place of the input
};

/// The functions of a kernel take the call whose workers share its tasks, a pointer per input, a
/// pointer per result, one to its shared scratch if it has any, then the sizes as i64. How a call
/// is cut into tasks depends on its sizes alone: so do all results. Floating-point order is that of
/// "The order of sums" in dsl/guide.md. None is called for a result without elements.
struct Kernel {
  /// The ops some of whose instances it takes: "kerf.argmin".
  std::vector<llvm::StringRef> ops;
  /// The element types of operands and results that it takes: "T, i64 -> T", T being one of
  /// `elements`, * any; "..." at the end of a side is any number more of any type. ~T is T or a
  /// narrow type, which is T in registers alone: as it is read, or rounded once when it is written.
  llvm::StringRef types;
  std::vector<llvm::StringRef> elements = {};
  /// The op's attributes that its code depends on; what sizes say is not among them.
  std::vector<llvm::StringRef> attributes = {};
  /// The call that computes `op`, whose element types fit; none if another kernel has to.
  std::optional<KernelForm> (*form)(mlir::OpBuilder &b, mlir::Operation *op) = nullptr;
  /// Is it the kernel for these sizes, which a call of an open entry may have? Null: for all.
  bool (*fits)(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) = nullptr;
  Scratch (*scratch)(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) = nullptr;
  Work (*work)(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) = nullptr;
  /// What is done before a loop where an input stays as it is in there; none if all is done in each
  /// call. Null: for no sizes.
  std::optional<Prepared> (*prepare)(llvm::ArrayRef<int64_t> sizes,
                                     const KernelSpec &spec) = nullptr;
  /// Adds the function `symbol`, and what it calls, to the module.
  void (*generate)(KernelFunctions &functions, llvm::StringRef symbol,
                   const KernelSpec &spec) = nullptr;

  std::string name = {}; ///< that of its file

  bool serves(mlir::Operation *op) const;
  /// What T is for operands and results of these types; none if they do not fit. Null: no T.
  std::optional<mlir::Type> elementFor(mlir::TypeRange operands, mlir::TypeRange results) const;
  /// Can operand `number`, or the result of that number, be narrow?
  bool takesNarrow(unsigned number, bool isResult = false) const;
  /// For people: "argmin_f64", "gemm_bf16_bf16_f32"; f32 alone is not written.
  std::string nameFor(const KernelSpec &spec) const;
  Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) const;
};

/// `elementFor` of a call's operands.
std::optional<mlir::Type> elementOf(const Kernel &kernel, KernelOp call);
/// `held` of a spec, for operands and results of these types.
llvm::SmallVector<mlir::Type, 4> heldBy(mlir::TypeRange operands, mlir::TypeRange results);
/// All but the sizes of a call, which fits.
KernelSpec specOf(const Kernel &kernel, KernelOp call, const Target &target);

/// The kernels' functions in a module, generated on demand; calls that want the same code share it.
/// All code of a module is for one target, which its attributes `kerf.target`, the name, and
/// `kerf.task_work` tell.
class KernelFunctions {
public:
  KernelFunctions(mlir::ModuleOp module, const Backend &backend);

  /// `kerf_kernel_<name>`, or a name like it where an attribute or a region makes other code.
  mlir::StringAttr function(const Kernel &kernel, const KernelSpec &spec);
  /// For kernels that call others.
  mlir::StringAttr function(llvm::StringRef kernel, const KernelSpec &spec);

  mlir::ModuleOp module;
  const Backend &backend;

private:
  std::map<std::string, SharedFunctions> shared; ///< by kernel
  /// By what the code depends on: kernel, element types, attributes; then regions.
  std::map<std::tuple<std::string, const void *, std::vector<const void *>>,
           std::vector<std::pair<mlir::MutableArrayRef<mlir::Region>, mlir::StringAttr>>>
      known;
};

} // namespace kerf::codegen
