// Copies of tensors that are overwritten while somebody still reads them.
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace kerf::codegen {

namespace {

constexpr int64_t never = std::numeric_limits<int64_t>::max(); ///< the time of no write
constexpr int64_t nobody = -1;                                 ///< the time of no use

/// Disjoint sets of numbers.
class Sets {
public:
  void add() { parents.push_back(parents.size()); }
  unsigned find(unsigned x) {
    while (parents[x] != x)
      x = parents[x] = parents[parents[x]];
    return x;
  }
  void join(unsigned from, unsigned to) { parents[find(from)] = find(to); }

private:
  SmallVector<unsigned> parents;
};

/// What later ops do to a tensor. Time is the number of an op.
struct Tensor {
  // Of all tensors that share bytes with this one, if it stands for them
  int64_t firstWrite = never;
  int64_t lastUse = nobody; ///< reads, and writes too

  // Of this one
  OpOperand *writer = nullptr;  ///< who overwrites it in its place
  int64_t lastOther = nobody;   ///< the last use, of a part or a view too, that is not by `writer`
  bool isRead = false;          ///< its elements, not only its place
  bool hasWrittenPart = false;  ///< a view of it is overwritten
  bool isPartOfAnother = false; ///< its buffer may have strides
};

/// When an op runs; a loop runs from its own number to that of its body's end.
struct Time {
  int64_t first, last;
};

/// Goes through a function backwards. A write is done in place if nobody uses its tensor later,
/// under whatever name; a view shares its source's bytes if neither is used after the other was
/// written. All else gets a copy. What later ops do to a set of tensors that share bytes is two
/// numbers, so that no two ops are ever compared.
class Copies {
public:
  explicit Copies(func::FuncOp function) : state(options) {
    number(function.getBody().front());
    visit(function.getBody().front());
  }
  void insert() const;

private:
  struct OfOperand {
    OpOperand *operand;
    bool withElements;
  };
  struct OfResult {
    Value result;
    bool withElements;
  };

  void number(Block &block);
  void add(Value value, bool isPartOfAnother);
  bool startsAsPart(Value value);

  void visit(Block &block);
  void visit(Operation &op);
  void visit(scf::ForOp loop);

  void read(Value value, Operation *op);
  void view(OpOperand &operand, Value result, bool isWhole);
  bool write(OpOperand &operand, Value result, bool readsOld);
  bool clashes(OpOperand &operand, Value result);
  bool isInsertedBack(tensor::ExtractSliceOp part, OpOperand *writer);

  static bool isReadOnly(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument ? isa<func::FuncOp>(argument.getOwner()->getParentOp())
                    : bool(value.getDefiningOp<arith::ConstantOp>());
  }
  /// A loop must find what was there before it again in its next iteration.
  static bool isFromOutside(Value value, Operation *op) {
    return value.getParentBlock() != op->getBlock();
  }
  /// When `op` uses `value`: in a loop that `value` is outside of, until the loop ends.
  int64_t timeOfUse(Value value, Operation *op) {
    Operation *here = value.getParentBlock()->findAncestorOpInBlock(*op);
    return here == op ? times[op].first : times[here].last;
  }
  Tensor &of(Value value) { return tensors[numbers.at(value)]; }
  Tensor &group(Value value) { return tensors[groups.find(numbers.at(value))]; }
  void join(Value from, Value to);

  BufferizationOptions options;
  AnalysisState state; ///< what ops do to their operands
  int64_t count = 0;
  DenseMap<Operation *, Time> times;
  DenseMap<Value, unsigned> numbers;
  SmallVector<Tensor> tensors;
  Sets groups; ///< of tensors that share bytes
  Sets same;   ///< of tensors that are one buffer, all of it
  SmallVector<OfOperand> copiedOperands;
  SmallVector<OfResult> copiedResults;
};

void Copies::add(Value value, bool isPartOfAnother) {
  if (!isa<RankedTensorType>(value.getType()))
    return;
  numbers[value] = tensors.size();
  tensors.emplace_back().isPartOfAnother = isPartOfAnother;
  groups.add();
  same.add();
}

/// Does the place of this result begin as that of a part?
bool Copies::startsAsPart(Value value) {
  auto result = cast<OpResult>(value);
  Operation *op = result.getOwner();
  if (isa<tensor::ExtractSliceOp>(op))
    return true;
  Value source;
  if (auto destinations = dyn_cast<DestinationStyleOpInterface>(op))
    source = destinations.getTiedOpOperand(result)->get();
  else if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp>(op))
    source = op->getOperand(0);
  return source && numbers.contains(source) && of(source).isPartOfAnother;
}

void Copies::number(Block &block) {
  for (Value argument : block.getArguments())
    add(argument, false);
  for (Operation &op : block) {
    times[&op].first = count++;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      number(*loop.getBody());
    times[&op].last = count - 1;
    for (Value result : op.getResults())
      add(result, startsAsPart(result));
  }
}

void Copies::visit(Block &block) {
  for (Operation &op : llvm::reverse(block))
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      visit(*loop.getBody());
      visit(loop);
    } else {
      visit(op);
    }
}

void Copies::visit(Operation &op) {
  SmallVector<OpOperand *> written;
  for (OpOperand &operand : op.getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    if (op.hasTrait<OpTrait::IsTerminator>()) {
      read(operand.get(), &op);
      continue;
    }
    if (state.bufferizesToMemoryWrite(operand)) {
      written.push_back(&operand); // after all reads, which it must not precede
      continue;
    }
    if (state.bufferizesToMemoryRead(operand))
      read(operand.get(), &op);
    for (AliasingValue alias : state.getAliasingValues(operand))
      view(operand, alias.value, alias.relation == BufferRelation::Equivalent);
  }
  for (OpOperand *operand : written)
    for (AliasingValue alias : state.getAliasingValues(*operand))
      write(*operand, alias.value, state.bufferizesToMemoryRead(*operand));
}

/// What is carried has one buffer, that of the first value; every iteration ends with copies into
/// it of what lies elsewhere. They would run into each other if that were another one's, or a part.
void Copies::visit(scf::ForOp loop) {
  DenseSet<unsigned> carriedGroups;
  for (Value carried : loop.getRegionIterArgs())
    if (numbers.contains(carried))
      carriedGroups.insert(groups.find(numbers.at(carried)));
  std::optional<APInt> iterations = loop.getStaticTripCount();
  bool mayNotRun = !iterations || iterations->isZero();
  for (auto [init, carried, next, result] :
       llvm::zip_equal(loop.getInitArgsMutable(), loop.getRegionIterArgs(),
                       loop.getBody()->getTerminator()->getOpOperands(), loop.getResults())) {
    if (!numbers.contains(carried))
      continue;
    bool isInPlace = same.find(numbers.at(next.get())) == same.find(numbers.at(carried));
    if (!isInPlace && (of(next.get()).isPartOfAnother ||
                       carriedGroups.contains(groups.find(numbers.at(next.get())))))
      copiedOperands.push_back({&next, true});
    if (write(init, result, of(carried).isRead || mayNotRun) && isInPlace)
      same.join(numbers.at(result), numbers.at(init.get()));
  }
}

void Copies::read(Value value, Operation *op) {
  int64_t now = timeOfUse(value, op);
  Tensor &tensor = of(value);
  tensor.isRead = true;
  tensor.lastOther = std::max(tensor.lastOther, now);
  int64_t &last = group(value).lastUse;
  last = std::max(last, now);
}

void Copies::join(Value from, Value to) {
  Tensor other = group(from);
  groups.join(numbers.at(from), numbers.at(to));
  Tensor &all = group(to);
  all.firstWrite = std::min(all.firstWrite, other.firstWrite);
  all.lastUse = std::max(all.lastUse, other.lastUse);
}

/// Is `part` taken out to be made and inserted again by `writer`, at the same place?
bool Copies::isInsertedBack(tensor::ExtractSliceOp part, OpOperand *writer) {
  auto insert = writer ? dyn_cast<tensor::InsertSliceOp>(writer->getOwner()) : nullptr;
  return part && insert && insert.getSourceType() == part.getType() &&
         insert.getMixedOffsets() == part.getMixedOffsets() &&
         insert.getMixedSizes() == part.getMixedSizes() &&
         insert.getMixedStrides() == part.getMixedStrides() &&
         same.find(numbers.at(insert.getSource())) == same.find(numbers.at(part.getResult()));
}

/// Does one of `result` and what it is a view of change while the other is still used?
bool Copies::clashes(OpOperand &operand, Value result) {
  Value source = operand.get();
  Operation *op = operand.getOwner();
  const Tensor &whole = of(source), &ours = group(result), &theirs = group(source);
  bool isWritten = ours.firstWrite != never;
  if (isWritten && (isReadOnly(source) || isFromOutside(source, op)))
    return true;
  if (isWritten && isInsertedBack(dyn_cast<tensor::ExtractSliceOp>(op), whole.writer))
    return whole.hasWrittenPart || whole.lastOther >= ours.firstWrite ||
           ours.lastUse > times[whole.writer->getOwner()].first;
  return ours.lastUse >= theirs.firstWrite || theirs.lastUse >= ours.firstWrite;
}

/// `result` shows elements of the operand and is given a copy of them, or shares them.
void Copies::view(OpOperand &operand, Value result, bool isWhole) {
  Value source = operand.get();
  bool isRead = of(result).isRead;
  if (clashes(operand, result)) {
    copiedResults.push_back({result, isRead});
    if (isRead)
      read(source, operand.getOwner());
    return;
  }
  Tensor &whole = of(source), &ours = group(result);
  if (isFromOutside(source, operand.getOwner()) && ours.lastUse != nobody)
    ours.lastUse = timeOfUse(source, operand.getOwner());
  whole.isRead |= isRead;
  whole.lastOther = std::max(whole.lastOther, ours.lastUse);
  whole.hasWrittenPart |= ours.firstWrite != never;
  join(result, source);
  if (isWhole)
    same.join(numbers.at(result), numbers.at(source));
}

/// `result` takes the operand's place, or that of a copy. Says which.
bool Copies::write(OpOperand &operand, Value result, bool readsOld) {
  Value old = operand.get();
  Operation *op = operand.getOwner();
  Time time = times[op];
  bool isLoop = isa<scf::ForOp>(op);
  bool isUsedLater = group(old).lastUse != nobody;
  if (isReadOnly(old) || isFromOutside(old, op) || isUsedLater ||
      (isLoop && of(old).isPartOfAnother)) { // its strides would be those of what is carried
    bool withElements = readsOld && !old.getDefiningOp<tensor::EmptyOp>();
    copiedOperands.push_back({&operand, withElements});
    if (withElements)
      read(old, op);
    return false;
  }
  of(old).writer = &operand;
  of(old).isRead |= readsOld;
  join(result, old);
  if (!isLoop)
    same.join(numbers.at(result), numbers.at(old));
  Tensor &all = group(old);
  all.firstWrite = std::min(all.firstWrite, time.first);
  all.lastUse = std::max(all.lastUse, time.last);
  return true;
}

void Copies::insert() const {
  auto copyOf = [](OpBuilder &b, Operation *op, Value value, bool withElements) -> Value {
    return AllocTensorOp::create(b, op->getLoc(), cast<RankedTensorType>(value.getType()),
                                 ValueRange(), withElements ? value : Value());
  };
  for (auto [operand, withElements] : copiedOperands) {
    OpBuilder before(operand->getOwner());
    operand->set(copyOf(before, operand->getOwner(), operand->get(), withElements));
  }
  for (auto [result, withElements] : copiedResults) {
    OpBuilder after(result.getContext());
    after.setInsertionPointAfterValue(result);
    Value copy = copyOf(after, result.getDefiningOp(), result, withElements);
    result.replaceAllUsesExcept(copy, copy.getDefiningOp());
  }
}

} // namespace

LogicalResult copyOverwritten(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitError("there is no code for several blocks");
  auto unknown = function.getBody().walk<WalkOrder::PreOrder>([](Operation *op) -> WalkResult {
    if (isa<KernelOp>(op)) // its regions are for its generator
      return WalkResult::skip();
    if (op->getNumRegions() == 0 || isa<scf::ForOp, linalg::LinalgOp>(op))
      return WalkResult::advance();
    return op->emitError("there is no code for '") << op->getName() << "' here";
  });
  if (unknown.wasInterrupted())
    return failure();
  Copies(function).insert();
  return success();
}

} // namespace kerf::codegen
