// An entry on buffers => its body: addresses in the arena and in the arguments, and calls.
#include "abi.h"

#include "codegen/backend.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/open_sizes.h"
#include "codegen/schedule/plan.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

std::string bodyName(StringRef symbol) { return (symbol + "_body").str(); }

namespace {

/// What the bodies of a module call.
class CalledFunctions {
public:
  CalledFunctions(ModuleOp module, const Backend &backend)
      : kernels(module, backend), nests(module) {}

  /// `kerf_loop_<n>`; behind its pointers it takes the nest's numbers at these `places`.
  FailureOr<StringAttr> nest(const Nest &nest, SmallVector<unsigned> &places) {
    auto generate = [&](StringRef draft) -> LogicalResult {
      auto found = kernels.backend.generateNest(kernels.module, draft, nest);
      if (succeeded(found))
        places = *found;
      return found;
    };
    return nests.function("kerf_loop_" + std::to_string(nests.size()), generate);
  }

  KernelFunctions kernels;

private:
  SharedFunctions nests;
};

/// The name under which the object has a constant, by the name in the module.
using ConstantNames = DenseMap<StringAttr, StringAttr>;

class BodyWriter {
public:
  BodyWriter(func::FuncOp entry, const Entry &description, CalledFunctions &called,
             const ConstantNames &constants)
      : entry(entry), description(description), module(entry->getParentOfType<ModuleOp>()),
        called(called), constants(constants), b(entry.getLoc(), entry.getContext()) {}

  LogicalResult write(StringRef symbol) {
    pointer = LLVM::LLVMPointerType::get(b.getContext());
    starts = findStarts(entry);
    b.setInsertionPointToEnd(module.getBody());
    auto body = func::FuncOp::create(b, bodyName(symbol), b.getFunctionType(pointer, {}));
    body.setPrivate();
    b.setInsertionPointToStart(body.addEntryBlock());
    call = body.getArgument(0);
    arena = field(call, offsetof(kerf_call, arena));
    data = field(call, offsetof(kerf_call, data));
    alone = callOfOneWorker();
    if (openDimOf(entry))
      rows = LLVM::LoadOp::create(b, b.getI64Type(), at(call, int64_t(offsetof(kerf_call, rows))));
    placeArguments();
    if (failed(write(entry.getBody().front())))
      return failure();
    func::ReturnOp::create(b);
    return success();
  }

private:
  void placeArguments() {
    SmallVector<Place> places(description.inputs.begin(), description.inputs.end());
    for (auto [place, old] : llvm::zip_equal(description.outputs, description.oldValues()))
      if (old < 0)
        places.push_back(place);
    SmallVector<Value> bases(description.arguments.size());
    for (auto [argument, place] : llvm::zip_equal(entry.getArguments(), places)) {
      if (argument.use_empty())
        continue;
      Value &base = bases[place.argument];
      if (!base)
        base = LLVM::LoadOp::create(
            b, pointer,
            LLVM::GEPOp::create(b, pointer, pointer, data, LLVM::GEPArg(place.argument)));
      roots[argument] = at(base, place.offset);
    }
  }

  /// The call as what is not worth sharing sees it.
  Value callOfOneWorker() {
    Value copy = LLVM::AllocaOp::create(b, pointer, b.getI8Type(), constant(sizeof(kerf_call)),
                                        alignof(kerf_call));
    LLVM::MemcpyOp::create(b, copy, call, constant(sizeof(kerf_call)), false);
    LLVM::StoreOp::create(b, constant(1), at(copy, int64_t(offsetof(kerf_call, workers))));
    return copy;
  }
  Value workersFor(Operation *op, ArrayRef<OpenNumber> numbers) {
    const Backend &backend = called.kernels.backend;
    const PlannedCall planned = describeCall(op, starts.constants.contains(op), backend);
    const double time = planned.floorMicroseconds(),
                 least = backend.target.sharing.leastMicroseconds;
    if (time < least)
      return alone;
    if (least <= 0 || llvm::none_of(numbers, [](const OpenNumber &n) { return n.isOpen(); }))
      return call;
    // The work of a call grows with its rows, or faster.
    const auto from = int64_t(std::ceil(openDimOf(entry)->rows * (least / time)));
    Value isWorth = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, rows, constant(from));
    return arith::SelectOp::create(b, isWorth, call, alone);
  }

  /// A pointer in what the runtime says of the call.
  Value field(Value call, int64_t offset) {
    return LLVM::LoadOp::create(b, pointer, at(call, offset));
  }

  Value at(Value base, int64_t bytes) { return bytes == 0 ? base : at(base, constant(bytes)); }
  Value at(Value base, Value bytes) {
    return LLVM::GEPOp::create(b, pointer, b.getI8Type(), base, ValueRange(bytes));
  }
  Value constant(int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }

  Value times(Value x, int64_t factor) {
    return factor == 1 ? x : Value(arith::MulIOp::create(b, x, constant(factor)));
  }
  /// The number as it is for the call's rows.
  Value number(const OpenNumber &number) {
    if (!number.isOpen())
      return constant(number.constant);
    Value sum = times(rows, number.linear);
    if (number.square)
      sum =
          arith::AddIOp::create(b, sum, times(arith::MulIOp::create(b, rows, rows), number.square));
    return number.constant ? Value(arith::AddIOp::create(b, sum, constant(number.constant))) : sum;
  }

  /// The address of what `view` shows, whose place the first of `numbers` tell; they are consumed.
  Value address(Value view, ArrayRef<OpenNumber> &numbers) {
    Value root = rootOf(view);
    int64_t width = llvm::divideCeil(cast<MemRefType>(root.getType()).getElementTypeBitWidth(), 8);
    const OpenNumber begin = numbers.front();
    Value place = addressInRoot(root, begin.isOpen() ? 0 : begin.constant * width);
    if (begin.isOpen())
      place = at(place, times(number(begin), width));
    numbers = numbers.drop_front();
    const FailureOr<Offset> offset = offsetOf(view);
    for (auto [index, factor] : offset->terms) {
      Value count = arith::IndexCastOp::create(b, b.getI64Type(), scalar(index));
      OpenNumber bytes = numbers.front();
      bytes.constant *= width, bytes.linear *= width, bytes.square *= width;
      place = at(place, Value(arith::MulIOp::create(b, count, number(bytes))));
      numbers = numbers.drop_front();
    }
    return place;
  }

  Value addressInRoot(Value root, int64_t bytes) {
    if (Value base = roots.lookup(root))
      return at(base, bytes);
    if (auto buffer = root.getDefiningOp<memref::AllocOp>()) {
      auto offset = buffer->getAttrOfType<IntegerAttr>("kerf.offset");
      return at(arena, (offset ? offset.getInt() : 0) + bytes);
    }
    auto global = root.getDefiningOp<memref::GetGlobalOp>();
    const StringAttr name = constants.at(global.getNameAttr().getAttr());
    return at(LLVM::AddressOfOp::create(b, pointer, name), bytes);
  }

  /// A number in the body; constants are made again wherever they are used.
  Value scalar(Value value) {
    if (Value known = scalars.lookupOrNull(value))
      return known;
    auto known = value.getDefiningOp<arith::ConstantOp>();
    FailureOr<SmallVector<OpenNumber>> open = openNumbersOf(known);
    if (succeeded(open) && !open->empty() && open->front().isOpen())
      return cast(number(open->front()), value.getType());
    return b.clone(*known)->getResult(0);
  }
  /// An i64 as an index or another integer.
  Value cast(Value x, Type type) {
    if (isa<IndexType>(type))
      return arith::IndexCastOp::create(b, type, x);
    return x.getType() == type ? x : Value(arith::TruncIOp::create(b, type, x));
  }

  LogicalResult write(Block &block) {
    for (Operation &op : block)
      if (failed(write(op)))
        return failure();
    return success();
  }

  LogicalResult write(Operation &op) {
    b.setLoc(op.getLoc());
    if (starts.skippedFills.contains(&op) ||
        isa<arith::ConstantOp, memref::AllocOp, memref::GetGlobalOp>(op) ||
        isa<ViewLikeOpInterface>(op) || op.hasTrait<OpTrait::IsTerminator>())
      return success();
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return writeLoops(generic);
    if (auto kernel = dyn_cast<KernelOp>(op))
      return writeKernel(kernel);
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return writeFor(loop);
    if (auto store = dyn_cast<memref::StoreOp>(op))
      return writeStore(store);
    if (auto load = dyn_cast<memref::LoadOp>(op))
      return writeLoad(load);
    if (isa<arith::ArithDialect>(op.getDialect()))
      return writeScalar(op);
    return op.emitError("there is no code for '") << op.getName() << "' here";
  }

  LogicalResult writeLoops(linalg::GenericOp op) {
    FailureOr<Nest> nest = analyse(op);
    if (failed(nest))
      return failure();
    if (nest->isEmpty)
      return success();
    nest->start = starts.constants.lookup(op);
    FailureOr<SmallVector<OpenNumber>> numbers = openNumbersOf(op);
    if (failed(numbers))
      return failure();
    markOpen(*nest, *numbers);
    SmallVector<unsigned> places;
    FailureOr<StringAttr> function = called.nest(*nest, places);
    if (failed(function))
      return failure();
    SmallVector<Value> operands = {workersFor(op, *numbers)};
    ArrayRef<OpenNumber> ofPlaces =
        ArrayRef(*numbers).drop_front(nest->extents.size() * (nest->operands.size() + 1));
    for (Value operand : op->getOperands())
      if (isa<MemRefType>(operand.getType()))
        operands.push_back(address(operand, ofPlaces));
    for (unsigned place : places)
      operands.push_back(number((*numbers)[place]));
    func::CallOp::create(b, *function, TypeRange(), operands);
    return success();
  }

  /// What of the nest the code takes when it runs.
  static void markOpen(Nest &nest, ArrayRef<OpenNumber> numbers) {
    if (llvm::none_of(numbers, [](const OpenNumber &number) { return number.isOpen(); }))
      return;
    auto take = [&](SmallVector<bool> &flags) {
      for (unsigned d = 0; d < nest.extents.size(); ++d)
        flags.push_back(numbers[d].isOpen());
      numbers = numbers.drop_front(nest.extents.size());
    };
    take(nest.open.extents);
    nest.open.strides.resize(nest.operands.size());
    for (SmallVector<bool> &flags : nest.open.strides)
      take(flags);
  }

  LogicalResult writeKernel(KernelOp op) {
    const Backend &backend = called.kernels.backend;
    const Kernel &kernel = *backend.kernel(op.getName());
    FailureOr<SmallVector<OpenNumber>> numbers = openNumbersOf(op);
    if (failed(numbers))
      return failure();
    SmallVector<Value> operands = {workersFor(op, *numbers)};
    ArrayRef<OpenNumber> places = ArrayRef(*numbers).drop_front(op.getSizes().size());
    for (Value operand : op->getOperands())
      operands.push_back(address(operand, places));
    for (const OpenNumber &size : ArrayRef(*numbers).take_front(op.getSizes().size()))
      operands.push_back(number(size));
    const KernelSpec spec = specOf(kernel, op, backend.target);
    func::CallOp::create(b, called.kernels.function(kernel, spec), TypeRange(), operands);
    return success();
  }

  LogicalResult writeFor(scf::ForOp op) {
    if (memref::LoadOp flag = flagOf(op))
      return writeWhile(op, flag);
    auto loop = scf::ForOp::create(b, scalar(op.getLowerBound()), scalar(op.getUpperBound()),
                                   scalar(op.getStep()));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scalars.map(op.getInductionVar(), loop.getInductionVar());
    return write(*op.getBody());
  }

  /// The flag behind which stands all that an iteration does, and which nothing else changes; null
  /// if there is none.
  static memref::LoadOp flagOf(scf::ForOp loop) {
    memref::LoadOp flag;
    for (Operation &op : loop.getBody()->without_terminator()) {
      auto branch = dyn_cast<scf::ForOp>(op);
      if (!branch && isa<KernelOp, linalg::GenericOp, memref::StoreOp>(op))
        return {};
      if (!branch)
        continue;
      auto times = branch.getUpperBound().getDefiningOp<arith::IndexCastUIOp>();
      auto load = times ? times.getIn().getDefiningOp<memref::LoadOp>() : memref::LoadOp();
      if (flag || !load || load->getBlock() != loop.getBody() ||
          rootOf(load.getMemref()) != load.getMemref() ||
          load.getMemref().getParentBlock() == loop.getBody())
        return {};
      flag = load;
    }
    return flag;
  }

  /// Once the flag is false, the other iterations would do nothing.
  LogicalResult writeWhile(scf::ForOp op, memref::LoadOp flag) {
    Value from = scalar(op.getLowerBound()), to = scalar(op.getUpperBound()),
          step = scalar(op.getStep());
    auto loop = scf::WhileOp::create(b, from.getType(), from);
    OpBuilder::InsertionGuard guard(b);
    const Location location = op.getLoc();
    Value i = b.createBlock(&loop.getBefore(), {}, from.getType(), location)->getArgument(0);
    if (failed(writeLoad(flag)))
      return failure();
    Value isThere = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, i, to);
    Value goesOn = arith::AndIOp::create(b, isThere, scalar(flag.getResult()));
    scf::ConditionOp::create(b, goesOn, i);
    i = b.createBlock(&loop.getAfter(), {}, from.getType(), location)->getArgument(0);
    scalars.map(op.getInductionVar(), i);
    if (failed(write(*op.getBody())))
      return failure();
    Value next = arith::AddIOp::create(b, i, step);
    scf::YieldOp::create(b, next);
    return success();
  }

  /// Arithmetic on what loops count.
  LogicalResult writeScalar(Operation &op) {
    if (llvm::any_of(op.getResultTypes(), llvm::IsaPred<ShapedType>))
      return op.emitError("there is no code for '") << op.getName() << "' on tensors here";
    IRMapping operands;
    for (Value operand : op.getOperands())
      operands.map(operand, scalar(operand));
    scalars.map(op.getResults(), b.clone(op, operands)->getResults());
    return success();
  }

  /// A number becomes a tensor of one element.
  LogicalResult writeStore(memref::StoreOp op) {
    if (op.getMemRefType().getNumElements() != 1 || op.getValue().getType().isInteger(1))
      return op.emitError("a number is stored in a tensor of one element only");
    FailureOr<Value> place = addressOfElement(op, op.getMemref());
    if (failed(place))
      return failure();
    LLVM::StoreOp::create(b, scalar(op.getValue()), *place);
    return success();
  }

  /// The element of a tensor of one becomes a number: an offset, or how often a loop runs.
  LogicalResult writeLoad(memref::LoadOp op) {
    if (op.getMemRefType().getNumElements() != 1)
      return op.emitError("a number is loaded from a tensor of one element only");
    FailureOr<Value> place = addressOfElement(op, op.getMemref());
    if (failed(place))
      return failure();
    const bool isTruth = op.getType().isInteger(1); // a byte
    Value number = LLVM::LoadOp::create(b, isTruth ? b.getI8Type() : op.getType(), *place);
    if (isTruth) {
      Value no = arith::ConstantOp::create(b, b.getI8IntegerAttr(0));
      number = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, number, no);
    }
    scalars.map(op.getResult(), number);
    return success();
  }
  FailureOr<Value> addressOfElement(Operation *op, Value view) {
    FailureOr<SmallVector<OpenNumber>> numbers = openNumbersOf(op);
    if (failed(numbers))
      return failure();
    ArrayRef<OpenNumber> places = *numbers;
    return address(view, places);
  }

  func::FuncOp entry;
  const Entry &description;
  ModuleOp module;
  CalledFunctions &called;
  const ConstantNames &constants;
  ImplicitLocOpBuilder b;
  Type pointer;
  Value call, alone, arena, data;
  Value rows;                   ///< of the call; null where the entry has no open dim
  DenseMap<Value, Value> roots; ///< addresses of arguments
  IRMapping scalars;            ///< what loops count, and what is computed from it
  Starts starts;
};

} // namespace

// Constants

/// A constant as bytes in the object, which all targets share; i1 is a byte.
static void emitConstant(memref::GlobalOp global, DenseElementsAttr flat) {
  Type element = flat.getElementType();
  OpBuilder b(global);
  if (element.isInteger(1)) {
    SmallVector<int8_t> bytes;
    for (bool bit : flat.getValues<bool>())
      bytes.push_back(bit);
    element = b.getI8Type();
    flat = DenseElementsAttr::get(RankedTensorType::get(flat.getNumElements(), element),
                                  ArrayRef(bytes));
  }
  auto type = LLVM::LLVMArrayType::get(element, flat.getNumElements());
  LLVM::GlobalOp::create(b, global.getLoc(), type, /*isConstant=*/true, LLVM::Linkage::LinkonceODR,
                         global.getSymName(), flat, /*alignment=*/64);
}

/// memref.globals => what of them differs in its elements, whatever its shape.
static FailureOr<ConstantNames> emitConstants(ModuleOp module) {
  ConstantNames names;
  DenseMap<Attribute, StringAttr> known; // by elements
  for (auto global : llvm::make_early_inc_range(module.getOps<memref::GlobalOp>())) {
    auto value = dyn_cast_or_null<DenseElementsAttr>(global.getInitialValueAttr());
    if (!value)
      return global.emitError("a constant without a value");
    DenseElementsAttr flat =
        value.reshape(RankedTensorType::get(value.getNumElements(), value.getElementType()));
    auto [first, isNew] = known.try_emplace(flat, global.getSymNameAttr());
    names[global.getSymNameAttr()] = first->second;
    if (isNew)
      emitConstant(global, flat);
    global.erase();
  }
  return names;
}

LogicalResult emitBodies(ModuleOp module, const Interface &interface, const Backend &backend) {
  CalledFunctions called(module, backend);
  FailureOr<ConstantNames> constants = emitConstants(module);
  if (failed(constants))
    return failure();
  SmallVector<func::FuncOp> entries(module.getOps<func::FuncOp>());
  for (auto [entry, description] : llvm::zip_equal(entries, interface.entries))
    if (failed(BodyWriter(entry, description, called, *constants)
                   .write(interface.symbol(description))))
      return failure();
  for (func::FuncOp entry : entries)
    entry.erase();
  return success();
}

} // namespace kerf::codegen
