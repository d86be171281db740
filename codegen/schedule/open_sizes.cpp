#include "codegen/schedule/open_sizes.h"
#include "codegen/backend.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/loop_nest.h"
#include "codegen/schedule/steps.h"

#include "compiler/ops/count.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

/// On an op some of whose numbers are open: linear and square of each.
static constexpr StringLiteral openNumbersAttr = "kerf.open_numbers";

// ---- numbers ---------------------------------------------------------------------------------

/// Where `view` begins, `elements` behind its first one.
static LogicalResult addPlace(Value view, int64_t elements, SmallVectorImpl<int64_t> &numbers) {
  FailureOr<Offset> offset = offsetOf(view);
  if (failed(offset))
    return failure();
  numbers.push_back(offset->constant + elements);
  for (auto [index, factor] : offset->terms)
    numbers.push_back(factor);
  return success();
}

FailureOr<SmallVector<int64_t>> numbersOf(Operation *op, size_t *numSizes) {
  SmallVector<int64_t> numbers;
  SmallVector<int64_t> begins; // of each buffer, in elements behind the first of its view
  if (numSizes)
    *numSizes = 0;
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    FailureOr<Nest> nest = analyse(generic);
    if (failed(nest))
      return failure();
    llvm::append_range(numbers, nest->extents);
    for (const Access &access : nest->operands) {
      llvm::append_range(numbers, access.strides);
      begins.push_back(access.offset);
    }
  } else if (auto kernel = dyn_cast<KernelOp>(op)) {
    llvm::append_range(numbers, kernel.getSizes());
  } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    if (auto number = dyn_cast<IntegerAttr>(constant.getValue()))
      numbers.push_back(number.getInt());
    return numbers;
  } else if (!isa<memref::LoadOp, memref::StoreOp>(op)) {
    return numbers;
  }
  if (numSizes)
    *numSizes = numbers.size();
  unsigned buffer = 0;
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType())) {
      const int64_t begin = begins.empty() ? 0 : begins[buffer++];
      if (failed(addPlace(operand, begin, numbers)))
        return op->emitError("it is not known where an operand begins");
    }
  return numbers;
}

FailureOr<SmallVector<OpenNumber>> openNumbersOf(Operation *op) {
  FailureOr<SmallVector<int64_t>> numbers = numbersOf(op);
  if (failed(numbers))
    return failure();
  SmallVector<OpenNumber> open;
  for (int64_t number : *numbers)
    open.push_back({number, 0, 0});
  auto factors = op->getAttrOfType<DenseI64ArrayAttr>(openNumbersAttr);
  if (!factors)
    return open;
  const int64_t rows = openDimOf(op->getParentOfType<func::FuncOp>())->rows;
  for (auto [i, number] : llvm::enumerate(open)) {
    number.linear = factors[2 * i];
    number.square = factors[2 * i + 1];
    number.constant -= rows * (number.linear + rows * number.square);
  }
  return open;
}

// ---- kernels ---------------------------------------------------------------------------------

/// Visits the sizes of a kernel's call for each number of rows; ends where `visit` gives false.
static bool forAllRows(KernelOp kernel,
                       llvm::function_ref<bool(int64_t, ArrayRef<int64_t>)> visit) {
  FailureOr<SmallVector<OpenNumber>> numbers = openNumbersOf(kernel);
  if (failed(numbers))
    return false;
  numbers->resize(kernel.getSizes().size());
  const bool isOpen = llvm::any_of(*numbers, [](const OpenNumber &n) { return n.isOpen(); });
  const OpenDim dim = isOpen ? *openDimOf(kernel->getParentOfType<func::FuncOp>()) : OpenDim{"", 1};
  const int64_t most = dim.rows;
  SmallVector<int64_t> sizes;
  // What a formula decides by few rows or many it has decided long before so many.
  constexpr int64_t allUpTo = 1 << 14;
  for (int64_t rows = dim.least; rows <= most;
       rows += rows < allUpTo ? 1 : std::max<int64_t>(std::min(rows / 64, most - rows), 1)) {
    sizes.clear();
    for (const OpenNumber &number : *numbers)
      sizes.push_back(number.at(rows));
    if (!visit(rows, sizes))
      return false;
  }
  return true;
}

Scratch mostScratch(KernelOp op, const Backend &backend) {
  const Kernel &kernel = *backend.kernel(op.getName());
  const KernelSpec spec = specOf(kernel, op, backend.target);
  Scratch most;
  (void)forAllRows(op, [&](int64_t, ArrayRef<int64_t> sizes) {
    const Scratch scratch = kernel.scratchFor(sizes, spec);
    most = {std::max(most.shared, scratch.shared), std::max(most.own, scratch.own)};
    return true;
  });
  return most;
}

/// The same in memory, and is it the kernel for all rows?
static LogicalResult prepareKernel(KernelOp op, const Backend &backend) {
  const Kernel &kernel = *backend.kernel(op.getName());
  const KernelSpec spec = specOf(kernel, op, backend.target);
  const OpenDim dim = *openDimOf(op->getParentOfType<func::FuncOp>());
  const bool fits = !kernel.fits || forAllRows(op, [&](int64_t rows, ArrayRef<int64_t> sizes) {
    if (kernel.fits(sizes, spec))
      return true;
    op->emitError("entry '") << op->getParentOfType<func::FuncOp>().getName() << "' leaves "
                             << dim.name << " open, but this line adds in one order for "
                             << dim.name << " = " << rows << " and in another for " << dim.rows
                             << "; bind " << dim.name << " to a number";
    return false;
  });
  const int64_t shared = mostScratch(op, backend).shared;
  for (Value init : op.getInits())
    if (auto buffer = init.getDefiningOp<memref::AllocOp>(); buffer && isScratch(init)) {
      OpBuilder b(buffer);
      auto larger = memref::AllocOp::create(
          b, buffer.getLoc(), MemRefType::get({shared}, buffer.getType().getElementType()));
      buffer.replaceAllUsesWith(larger.getResult());
      buffer.erase();
    }
  return success(fits);
}

// ---- the entry beside its companions ---------------------------------------------------------

namespace {

/// "gemm of 12 x 4 x 3", "a loop of 12 x 4".
std::string describe(Operation *op) {
  SmallVector<int64_t> sizes;
  std::string text = op->getName().stripDialect().str();
  if (auto kernel = dyn_cast<KernelOp>(op)) {
    text = kernel.getName().str();
    sizes = SmallVector<int64_t>(kernel.getSizes());
  } else if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    text = "a loop";
    sizes = generic.getStaticLoopRanges();
  }
  for (auto [i, size] : llvm::enumerate(sizes))
    text += (i ? " x " : " of ") + std::to_string(size);
  return text;
}

/// The next op that computes something: what differs first is often a buffer for it.
Operation *firstWork(Operation *op) {
  while (!isa<KernelOp, linalg::GenericOp, scf::ForOp>(op) && op->getNextNode())
    op = op->getNextNode();
  return op;
}

/// Walks an entry and one companion side by side and pairs their ops.
class Pairing {
public:
  Pairing(func::FuncOp entry, func::FuncOp companion, DenseMap<Operation *, Operation *> &twins)
      : entry(entry), rows(openDimOf(companion)->rows), twins(twins) {
    for (auto [a, b] : llvm::zip_equal(entry.getArguments(), companion.getArguments()))
      values[a] = b;
    other = companion;
  }

  LogicalResult pair() { return pair(entry.getBody().front(), other.getBody().front()); }

private:
  LogicalResult pair(Block &a, Block &b) {
    auto next = b.begin();
    for (Operation &op : a) {
      if (next == b.end())
        return refuse(&op);
      if (failed(pair(&op, &*next++)))
        return failure();
    }
    return next == b.end() ? success() : refuse(&a.back());
  }

  LogicalResult pair(Operation *a, Operation *b) {
    if (!areAlike(a, b))
      return refuse(a, b);
    twins[a] = b;
    for (auto [x, y] : llvm::zip_equal(a->getResults(), b->getResults()))
      values[x] = y;
    if (!isa<scf::ForOp, scf::IfOp>(a))
      return success();
    for (auto [r, s] : llvm::zip_equal(a->getRegions(), b->getRegions())) {
      if (r.empty() != s.empty())
        return refuse(a);
      if (r.empty())
        continue;
      if (r.getNumArguments() != s.getNumArguments())
        return refuse(a);
      for (auto [x, y] : llvm::zip_equal(r.getArguments(), s.getArguments()))
        values[x] = y;
      if (failed(pair(r.front(), s.front())))
        return failure();
    }
    return success();
  }

  bool areAlike(Operation *a, Operation *b) {
    if (a->getName() != b->getName() || a->getNumOperands() != b->getNumOperands() ||
        a->getNumResults() != b->getNumResults() || a->getNumRegions() != b->getNumRegions())
      return false;
    for (auto [x, y] : llvm::zip_equal(a->getOperands(), b->getOperands()))
      if (values.lookup(x) != y)
        return false;
    if (auto generic = dyn_cast<linalg::GenericOp>(a))
      return areAlike(generic, cast<linalg::GenericOp>(b));
    if (auto kernel = dyn_cast<KernelOp>(a)) {
      auto twin = cast<KernelOp>(b);
      return kernel.getName() == twin.getName() &&
             kernel.getOpAttributes() == twin.getOpAttributes() &&
             kernel.getSizes().size() == twin.getSizes().size() &&
             llvm::all_of_zip(kernel.getOpRegions(), twin.getOpRegions(),
                              [&](Region &r, Region &s) { return areAlike(r, s); });
    }
    if (auto constant = dyn_cast<arith::ConstantOp>(a)) // a whole number may differ
      return constant.getValue() == cast<arith::ConstantOp>(b).getValue() ||
             (constant.getType() == b->getResult(0).getType() &&
              isa<IntegerType, IndexType>(constant.getType()));
    if (auto global = dyn_cast<memref::GetGlobalOp>(a))
      return areAlike(global, cast<memref::GetGlobalOp>(b));
    if (isa<memref::AllocOp, ViewLikeOpInterface>(a)) // their types say all, and are compared below
      return ranksAgree(a, b);
    return a->getAttrDictionary() == b->getAttrDictionary();
  }

  static bool ranksAgree(Operation *a, Operation *b) {
    return llvm::all_of_zip(a->getResultTypes(), b->getResultTypes(), [](Type x, Type y) {
      auto m = cast<MemRefType>(x), n = cast<MemRefType>(y);
      return m.getRank() == n.getRank() && m.getElementType() == n.getElementType();
    });
  }

  bool areAlike(linalg::GenericOp a, linalg::GenericOp b) {
    FailureOr<Nest> m = analyse(a), n = analyse(b);
    return succeeded(m) && succeeded(n) && m->extents.size() == n->extents.size() &&
           m->reduced == n->reduced && m->loopOf == n->loopOf && m->order == n->order &&
           m->numInputs == n->numInputs && m->operands.size() == n->operands.size() &&
           m->isEmpty == n->isEmpty && areAlike(a.getRegion(), b.getRegion());
  }

  bool areAlike(Region &a, Region &b) {
    return OperationEquivalence::isRegionEquivalentTo(
        &a, &b, [&](Value x, Value y) { return success(values.lookup(x) == y); },
        [&](Value x, Value y) { values[x] = y; }, OperationEquivalence::IgnoreLocations);
  }

  /// The elements of a shorter table have to be the first of the longer one.
  bool areAlike(memref::GetGlobalOp a, memref::GetGlobalOp b) {
    auto value = [](memref::GetGlobalOp op) {
      auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(op, op.getNameAttr());
      return dyn_cast_or_null<DenseElementsAttr>(global.getInitialValueAttr());
    };
    DenseElementsAttr x = value(a), y = value(b);
    if (!x || !y || x.getElementType() != y.getElementType() ||
        a.getType().getRank() != b.getType().getRank())
      return false;
    if (x.isSplat() && y.isSplat())
      return x.getSplatValue<Attribute>() == y.getSplatValue<Attribute>();
    return x == y;
  }

  /// At `op` they part, where the companion has `twin` or nothing.
  LogicalResult refuse(Operation *op, Operation *twin = nullptr) {
    const OpenDim dim = *openDimOf(entry);
    return firstWork(op)->emitError("entry '")
           << entry.getName() << "' leaves " << dim.name << " open, but this line is compiled "
           << "otherwise for " << dim.name << " = " << rows << " than for " << dim.rows << ": as "
           << (twin ? describe(firstWork(twin)) : "nothing") << " in place of "
           << describe(firstWork(op)) << "; open it up to another number, or bind it";
  }

  func::FuncOp entry, other;
  int64_t rows;
  DenseMap<Operation *, Operation *> &twins;
  DenseMap<Value, Value> values; ///< of the entry => of the companion
};

/// Is a number of this op read by scalar code, where it is not taken when it runs?
bool isInScalarCode(Operation *op) {
  return llvm::any_of(op->getUsers(), [](Operation *user) {
    return isa<linalg::GenericOp, KernelOp>(user) || user->getParentOfType<linalg::GenericOp>() ||
           user->getParentOfType<KernelOp>();
  });
}

/// Finds the numbers of one op of the entry.
class Finder {
public:
  Finder(func::FuncOp entry, const Twins &twins)
      : entry(entry), dim(*openDimOf(entry)), twins(twins.ops), rows(twins.rows) {}

  LogicalResult find(Operation *op) {
    if (failed(checkDegrees(op)))
      return failure();
    if (auto buffer = dyn_cast<memref::AllocOp>(op); buffer && isScratch(buffer))
      return success();
    SmallVector<SmallVector<int64_t>> columns;
    size_t numSizes = 0;
    if (failed(addNumbers(op, columns)) || failed(numbersOf(op, &numSizes)))
      return failure();
    if (isa<memref::AllocOp>(op))
      numSizes = columns[0].size();
    for (const auto &twin : twins)
      if (failed(addNumbers(twin.lookup(op), columns)))
        return failure();
    SmallVector<int64_t> factors;
    bool isOpen = false;
    for (size_t i = 0; i < columns[0].size(); ++i) {
      std::optional<OpenNumber> number =
          OpenNumber::through(rows, {columns[0][i], columns[1][i], columns[2][i]});
      if (!number)
        return refuse(op) << "a size here is " << columns[0][i] << ", " << columns[1][i] << " and "
                          << columns[2][i] << " for " << dim.name << " = " << rows[0] << ", "
                          << rows[1] << " and " << rows[2] << ", which is no multiple of it"
                          << advice();
      if (i < numSizes && falls(*number))
        return refuse(op) << "a size here is " << columns[0][i] << " for " << dim.name << " = "
                          << rows[0] << " and " << number->at(dim.least) << " for " << dim.least
                          << "; memory is planned for the most rows, so no size may fall as "
                          << dim.name << " grows" << advice();
      if (i < numSizes && number->isOpen() && number->at(dim.least) < 1)
        return refuse(op) << "nothing is left here where " << dim.name << " is " << dim.least
                          << advice();
      isOpen |= number->isOpen();
      factors.append({number->linear, number->square});
    }
    if (!isOpen)
      return success();
    if (isa<arith::ConstantOp>(op) && isInScalarCode(op))
      return refuse(op) << "elements are computed here with " << columns[0][0] << " for "
                        << dim.name << " = " << rows[0] << ", and with " << columns[1][0] << " for "
                        << rows[1] << advice();
    if (!isa<memref::AllocOp>(op))
      op->setAttr(openNumbersAttr, DenseI64ArrayAttr::get(op->getContext(), factors));
    return success();
  }

private:
  /// Three points say nothing of a cube: the elements of a buffer, which extents of collapsed loops
  /// and of kernels count, have to be a polynomial of no higher degree than a square.
  LogicalResult checkDegrees(Operation *op) {
    for (unsigned i = 0; i < op->getNumResults(); ++i) {
      auto type = dyn_cast<MemRefType>(op->getResult(i).getType());
      if (!type)
        continue;
      int degree = 0;
      for (int axis = 0; axis < type.getRank(); ++axis) {
        SmallVector<int64_t> extents = {type.getDimSize(axis)};
        for (const auto &twin : twins)
          extents.push_back(
              cast<MemRefType>(twin.lookup(op)->getResult(i).getType()).getDimSize(axis));
        if (auto number = OpenNumber::through(rows, extents))
          degree += number->square ? 2 : number->linear ? 1 : 0;
      }
      if (degree > 2)
        return refuse(op) << "this line has an array of " << dim.name << " x " << dim.name << " x "
                          << dim.name << " elements" << advice();
    }
    return success();
  }
  LogicalResult addNumbers(Operation *op, SmallVector<SmallVector<int64_t>> &columns) {
    if (auto buffer = dyn_cast<memref::AllocOp>(op)) {
      columns.emplace_back(buffer.getType().getShape());
      return success();
    }
    FailureOr<SmallVector<int64_t>> numbers = numbersOf(op);
    if (failed(numbers))
      return failure();
    if (!columns.empty() && columns[0].size() != numbers->size())
      return refuse(op) << "this line is compiled otherwise for another number" << advice();
    columns.push_back(std::move(*numbers));
    return success();
  }

  InFlightDiagnostic refuse(Operation *op) {
    return op->emitError("entry '") << entry.getName() << "' leaves " << dim.name << " open, but ";
  }
  /// A parabola falls, if anywhere, at one of its ends.
  bool falls(const OpenNumber &number) const {
    return dim.least < dim.rows && (number.at(dim.least + 1) < number.at(dim.least) ||
                                    number.at(dim.rows) < number.at(dim.rows - 1));
  }
  std::string advice() const { return "; bind " + dim.name + " to a number"; }

  func::FuncOp entry;
  OpenDim dim;
  ArrayRef<DenseMap<Operation *, Operation *>> twins;
  ArrayRef<int64_t> rows;
};

} // namespace

/// Gives every use of a constant one of its own, right before it. Numbers that are equal by chance,
/// as a number of rows and one of features, are so in one of the functions only.
static void splitConstants(func::FuncOp function) {
  SmallVector<arith::ConstantOp> constants;
  function.walk([&](arith::ConstantOp constant) { constants.push_back(constant); });
  for (arith::ConstantOp constant : constants) {
    for (OpOperand &use : llvm::make_early_inc_range(constant->getUses()))
      use.set(OpBuilder(use.getOwner()).clone(*constant)->getResult(0));
    constant.erase();
  }
}

LogicalResult findOpenNumbers(func::FuncOp entry, ArrayRef<func::FuncOp> companions,
                              const Backend &backend) {
  splitConstants(entry);
  llvm::for_each(companions, splitConstants);
  Twins twins;
  twins.rows.push_back(openDimOf(entry)->rows);
  for (func::FuncOp companion : companions) {
    twins.rows.push_back(openDimOf(companion)->rows);
    if (failed(Pairing(entry, companion, twins.ops.emplace_back()).pair()))
      return failure();
  }
  Finder finder(entry, twins);
  auto walked = entry.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (failed(finder.find(op)))
      return WalkResult::interrupt();
    return isa<linalg::GenericOp, KernelOp>(op) ? WalkResult::skip() : WalkResult::advance();
  });
  if (walked.wasInterrupted() || failed(checkViews(entry, twins)))
    return failure();
  SmallVector<KernelOp> kernels;
  entry.walk([&](KernelOp kernel) { kernels.push_back(kernel); });
  return success(
      llvm::all_of(kernels, [&](KernelOp op) { return succeeded(prepareKernel(op, backend)); }));
}

// ---- what is computed of the rows alone ------------------------------------------------------

/// Is it rounded as when it is compiled? The others are folded by another library than they run by.
static bool isExact(Operation &op) {
  return !isa<math::MathDialect>(op.getDialect()) ||
         isa<math::SqrtOp, math::AbsFOp, math::FloorOp, math::CeilOp, math::RoundEvenOp,
             math::CopySignOp, math::FmaOp>(op);
}

LogicalResult checkCounts(func::FuncOp entry) {
  const OpenDim dim = *openDimOf(entry);
  DenseSet<Value> counts; // constants but for the rows
  auto dependsOnRows = [&](Operation *op) {
    bool some = false;
    for (Value operand : op->getOperands()) {
      Operation *maker = operand.getDefiningOp();
      const bool isCount = counts.contains(operand);
      if (!isCount && !isa_and_nonnull<arith::ConstantOp, tensor::EmptyOp>(maker))
        return false;
      some |= isCount;
    }
    return some;
  };
  auto walked = entry.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (isa<CountOp>(op) || (dependsOnRows(op) && !(generic && generic.getNumReductionLoops())))
      counts.insert(op->result_begin(), op->result_end());
    if (!generic)
      return WalkResult::advance();
    for (Operation &inner : *generic.getBody())
      if (counts.contains(op->getResult(0)) && !isExact(inner)) {
        op->emitError("entry '") << entry.getName() << "' leaves " << dim.name
                                 << " open, but this line computes "
                                 << inner.getName().stripDialect() << " of " << dim.name
                                 << " alone, which a bound entry rounds when it is compiled; bind "
                                 << dim.name << " to a number";
        return WalkResult::interrupt();
      }
    return WalkResult::skip();
  });
  return failure(walked.wasInterrupted());
}

} // namespace kerf::codegen
