#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel_op.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace kerf::codegen::cpu::emit {

// Types and constants

static Type elementOf(Type type) { return getElementTypeOrSelf(type); }
static bool isFloat(Val x) { return isa<FloatType>(elementOf(x.type())); }
/// `element` in as many lanes as `shape` has.
static Type withElement(Type shape, Type element) {
  auto vector = dyn_cast<VectorType>(shape);
  return vector ? VectorType::get(vector.getShape(), element) : element;
}

Type Emit::vector(int64_t lanes, Type element) { return VectorType::get({lanes}, element); }

static Val constantOf(Emit *emit, Type type, TypedAttr scalar) {
  TypedAttr value = scalar;
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, Attribute(scalar));
  return {emit, arith::ConstantOp::create(emit->b, value)};
}

Val Emit::index(int64_t value) { return constant(i64(), value); }
Val Emit::constant(Type type, double value) {
  return constantOf(this, type, b.getFloatAttr(elementOf(type), value));
}
Val Emit::constant(Type type, int64_t value) {
  if (isa<FloatType>(elementOf(type)))
    return constant(type, double(value));
  auto element = cast<IntegerType>(elementOf(type));
  return constantOf(this, type,
                    b.getIntegerAttr(element, APInt(element.getWidth(), value, true, true)));
}
Val like(Val x, double number) { return x.emit->constant(x.type(), number); }
Val like(Val x, int64_t number) { return x.emit->constant(x.type(), number); }

Val Emit::lanes(int64_t count, Type element, int64_t first) {
  SmallVector<Attribute> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(b.getIntegerAttr(element, first + i));
  auto type = cast<ShapedType>(vector(count, element));
  return {this,
          arith::ConstantOp::create(b, cast<TypedAttr>(DenseElementsAttr::get(type, values)))};
}
Val Emit::splat(Val scalar, int64_t lanes) {
  return {this, vector::BroadcastOp::create(b, vector(lanes, scalar.type()), scalar)};
}

// Control

static scf::YieldOp yield(Emit *emit, const Vals &values) {
  SmallVector<Value> results(values.begin(), values.end());
  return scf::YieldOp::create(emit->b, results);
}
static Vals wrap(Emit *emit, ValueRange values) {
  Vals result;
  for (Value value : values)
    result.push_back({emit, value});
  return result;
}

Vals Emit::loop(Val from, Val to, int64_t step, Vals carried,
                llvm::function_ref<Vals(Val, const Vals &)> body) {
  SmallVector<Value> init(carried.begin(), carried.end());
  auto loop = scf::ForOp::create(b, from, to, index(step), init);
  {
    OpBuilder::InsertionGuard guard(b);
    Block *block = loop.getBody();
    if (init.empty())
      block->getTerminator()->erase();
    b.setInsertionPointToEnd(block);
    yield(this, body({this, loop.getInductionVar()}, wrap(this, loop.getRegionIterArgs())));
  }
  return wrap(this, loop.getResults());
}
void Emit::loop(Val from, Val to, int64_t step, llvm::function_ref<void(Val)> body) {
  loop(from, to, step, Vals(), [&](Val i, const Vals &) {
    body(i);
    return Vals();
  });
}

Vals Emit::unrolled(Val from, Val to, Vals carried,
                    llvm::function_ref<Vals(Val, const Vals &)> body) {
  Val fours = from + (to - from) / 4 * 4;
  carried = loop(from, fours, 4, carried, [&](Val i, const Vals &old) {
    Vals next = old;
    for (int64_t step = 0; step < 4; ++step)
      next = body(i + step, next);
    return next;
  });
  return loop(fours, to, 1, carried, body);
}

void Emit::eights(Val size, llvm::function_ref<void(Val, int64_t)> body) {
  Val whole = size / 8 * 8;
  loop(0, whole, 8, [&](Val i) { body(i, 8); });
  loop(whole, size, 1, [&](Val i) { body(i, 1); });
}

void Emit::covered(Val size, llvm::function_ref<void(Val, int64_t)> body) {
  auto vectors = [&] {
    loop(0, size - 7, 8, [&](Val i) { body(i, 8); });
    when(size % 8 == 0, nullptr, [&] { body(size - 8, 8); });
  };
  auto halves = [&] {
    body(index(0), 4);
    body(size - 4, 4);
  };
  auto scalars = [&] { loop(0, size, 1, [&](Val i) { body(i, 1); }); };
  when(size >= 8, vectors, [&] { when(size >= 4, halves, scalars); });
}

Vals Emit::either(Val condition, llvm::function_ref<Vals()> then,
                  llvm::function_ref<Vals()> otherwise) {
  OpBuilder::InsertionGuard guard(b);
  auto make = [&](Region &region, llvm::function_ref<Vals()> body) {
    b.createBlock(&region);
    return yield(this, body()).getOperandTypes();
  };
  // The result types are known only after the first branch has been written.
  Block *here = b.getInsertionBlock();
  auto point = b.getInsertionPoint();
  SmallVector<Type> types;
  auto op = [&](TypeRange results) {
    OperationState state(b.getLoc(), scf::IfOp::getOperationName());
    state.addOperands(condition.value);
    state.addTypes(results);
    state.addRegion();
    state.addRegion();
    return cast<scf::IfOp>(b.create(state));
  };
  auto plain = op({});
  llvm::append_range(types, make(plain.getThenRegion(), then));
  make(plain.getElseRegion(), otherwise);
  if (types.empty())
    return {};
  b.setInsertionPoint(here, point);
  auto typed = op(types);
  typed.getThenRegion().takeBody(plain.getThenRegion());
  typed.getElseRegion().takeBody(plain.getElseRegion());
  plain.erase();
  return wrap(this, typed.getResults());
}
void Emit::when(Val condition, llvm::function_ref<void()> then,
                llvm::function_ref<void()> otherwise) {
  auto run = [](llvm::function_ref<void()> body) {
    return [body] {
      if (body)
        body();
      return Vals();
    };
  };
  either(condition, run(then), run(otherwise));
}

void Emit::zero(Ptr p, Val bytes) {
  LLVM::MemsetOp::create(b, p, constant(b.getI8Type(), int64_t(0)), bytes, false);
}
void Emit::copy(Ptr to, Ptr from, Val bytes) { LLVM::MemcpyOp::create(b, to, from, bytes, false); }
void Emit::call(StringRef function, ArrayRef<Value> operands) {
  func::CallOp::create(b, function, TypeRange(), operands);
}
int64_t Emit::taskWork() {
  auto module = b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  return module->getAttrOfType<IntegerAttr>("kerf.task_work").getInt();
}

// Functions

Function::Function(ModuleOp module, StringRef name)
    : Emit(module.getLoc(), OpBuilder(module.getContext())) {
  module.getContext()
      ->loadDialect<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                    scf::SCFDialect, vector::VectorDialect>();
  b.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(b, name, b.getFunctionType({}, {}));
  function.setPrivate();
  function->setAttr("llvm.linkage",
                    LLVM::LinkageAttr::get(b.getContext(), LLVM::Linkage::Internal));
  b.setInsertionPointToStart(function.addEntryBlock());
}
Function::~Function() { func::ReturnOp::create(b); }

Val Function::argument(Type type) {
  unsigned position = function.getNumArguments();
  (void)function.insertArgument(position, type, {}, b.getLoc());
  return {this, function.getArgument(position)};
}
Val Function::size() { return argument(i64()); }
Ptr Function::pointer(Type element, Type held) {
  Val p = argument(LLVM::LLVMPointerType::get(b.getContext()));
  function.setArgAttr(function.getNumArguments() - 1, "llvm.noalias", b.getUnitAttr());
  return Ptr(this, p, element, held);
}
void Function::inHalfRegisters() {
  function->setAttr("passthrough", b.getStrArrayAttr({halfRegisters}));
}
ModuleOp Function::module() { return function->getParentOfType<ModuleOp>(); }
Ptr Function::local(Type element, int64_t count) {
  OpBuilder::InsertionGuard guard(b); // once per call, also where a loop asks for it
  auto tasks = b.getInsertionBlock()->getParentOp()->getParentOfType<TasksOp>();
  if (auto own = dyn_cast<TasksOp>(b.getInsertionBlock()->getParentOp()))
    tasks = own;
  b.setInsertionPointToStart(tasks ? &tasks.getBody().front() : &function.front());
  auto type = LLVM::LLVMPointerType::get(b.getContext());
  return Ptr(this, LLVM::AllocaOp::create(b, type, element, index(count), 64), element);
}

CalledFunction::CalledFunction(ModuleOp module, StringRef name) : Function(module, name) {
  b.getContext()->loadDialect<KerfScheduleDialect>();
  Type type = LLVM::LLVMPointerType::get(b.getContext());
  kerfCall = Ptr(this, argument(type), b.getI8Type());
}

void CalledFunction::tasks(Val count, llvm::function_ref<void(Val, Ptr)> body) {
  auto op = TasksOp::create(b, kerfCall, count);
  OpBuilder::InsertionGuard guard(b);
  Block *block =
      b.createBlock(&op.getBody(), {}, {i64(), kerfCall.value.getType()}, {b.getLoc(), b.getLoc()});
  body({this, block->getArgument(0)}, Ptr(this, block->getArgument(1), f32()));
}

void CalledFunction::ranges(Val size, Val grain, llvm::function_ref<void(Val, Val, Ptr)> body) {
  tasks(ceilDiv(size, grain), [&](Val number, Ptr own) {
    Val from = number * grain;
    body(from, min(from + grain, size), own);
  });
}

// Memory

Ptr operator+(Ptr p, Val i) {
  return Ptr(
      p.emit,
      LLVM::GEPOp::create(p.emit->b, p.value.getType(), p.held, p.value, ValueRange(i.value)),
      p.element, p.held);
}
Ptr operator+(Ptr p, int64_t i) { return i ? p + p.emit->index(i) : p; }

static unsigned alignment(Type element) {
  return element.isIntOrFloat() ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8) : 1;
}
/// What memory has, as the pointer's element.
static Val elementFrom(const Ptr &p, Value loaded) {
  Val x{p.emit, loaded};
  return p.held == p.element ? x : widened(x, p.held, p.element);
}
static Val heldFrom(const Ptr &p, Val x) { return p.held == p.element ? x : narrowed(x, p.held); }
Val Ptr::load() const {
  Type type = held == element ? element : bitsOf(held);
  return elementFrom(*this, LLVM::LoadOp::create(emit->b, type, value, alignment(type)));
}
Val Ptr::load(int64_t lanes) const {
  if (lanes == 1)
    return load();
  Type type = held == element ? element : bitsOf(held);
  return elementFrom(
      *this, LLVM::LoadOp::create(emit->b, emit->vector(lanes, type), value, alignment(type)));
}
Val Ptr::load(int64_t lanes, Val mask) const {
  Type type = emit->vector(lanes, held == element ? element : bitsOf(held));
  Val zero = emit->constant(type, int64_t(0));
  return elementFrom(*this,
                     LLVM::MaskedLoadOp::create(emit->b, type, value, mask, zero, alignment(held)));
}
Val Ptr::splat(int64_t lanes) const { return emit->splat(load(), lanes); }
void Ptr::store(Val x) const {
  x = heldFrom(*this, x);
  LLVM::StoreOp::create(emit->b, x, value, alignment(elementOf(x.type())));
}
void Ptr::store(Val x, Val mask) const {
  LLVM::MaskedStoreOp::create(emit->b, heldFrom(*this, x), value, mask, alignment(held));
}

// Narrow elements

Type bitsOf(Type held) {
  const bool isNarrow = isa<FloatType>(held) && held.getIntOrFloatBitWidth() == 16;
  return isNarrow ? IntegerType::get(held.getContext(), 16) : held;
}

Val widened(Val bits, Type held, Type element) {
  OpBuilder &b = bits.emit->b;
  if (isa<IntegerType>(held))
    return {bits.emit,
            arith::ExtSIOp::create(bits.emit->b, withElement(bits.type(), element), bits)};
  const Type f32 = b.getF32Type();
  if (held.isF16())
    return resize(bitcast(bits, held), f32);
  return bitcast(resize(bits, b.getI32Type()) << 16, f32);
}

Val narrowed(Val x, Type held) {
  OpBuilder &b = x.emit->b;
  if (isa<IntegerType>(held))
    return resize(x, held);
  const Type bits16 = b.getIntegerType(16);
  if (held.isF16())
    return bitcast(resize(x, held), bits16);
  Val bits = bitcast(x, b.getI32Type()), high = bits >> 16;
  Val rounded = (bits + 0x7fff + (high & 1)) >> 16;
  return resize(select(isNan(x), high | 0x40, rounded), bits16);
}

// Arithmetic

template <class Int, class Float> static Val binary(Val a, Val b) {
  assert(a.type() == b.type() && "operands of one type");
  if (isFloat(a))
    return {a.emit, Float::create(a.emit->b, a, b)};
  return {a.emit, Int::create(a.emit->b, a, b)};
}
template <class Op> static Val integer(Val a, Val b) {
  assert(a.type() == b.type() && "operands of one type");
  return {a.emit, Op::create(a.emit->b, a, b)};
}
static Val compare(Val a, Val b, arith::CmpIPredicate ints, arith::CmpFPredicate floats) {
  assert(a.type() == b.type() && "operands of one type");
  if (isFloat(a))
    return {a.emit, arith::CmpFOp::create(a.emit->b, floats, a, b)};
  return {a.emit, arith::CmpIOp::create(a.emit->b, ints, a, b)};
}

Val operator+(Val a, Val b) { return binary<arith::AddIOp, arith::AddFOp>(a, b); }
Val operator-(Val a, Val b) { return binary<arith::SubIOp, arith::SubFOp>(a, b); }
Val operator*(Val a, Val b) { return binary<arith::MulIOp, arith::MulFOp>(a, b); }
Val operator/(Val a, Val b) { return binary<arith::DivUIOp, arith::DivFOp>(a, b); }
Val operator%(Val a, Val b) { return integer<arith::RemUIOp>(a, b); }
Val operator&(Val a, Val b) { return integer<arith::AndIOp>(a, b); }
Val operator|(Val a, Val b) { return integer<arith::OrIOp>(a, b); }
Val operator^(Val a, Val b) { return integer<arith::XOrIOp>(a, b); }
Val operator<<(Val a, Val b) { return integer<arith::ShLIOp>(a, b); }
Val operator>>(Val a, Val b) { return integer<arith::ShRUIOp>(a, b); }
Val sar(Val a, int64_t bits) { return integer<arith::ShRSIOp>(a, like(a, bits)); }
Val operator<(Val a, Val b) {
  return compare(a, b, arith::CmpIPredicate::slt, arith::CmpFPredicate::OLT);
}
Val operator<=(Val a, Val b) {
  return compare(a, b, arith::CmpIPredicate::sle, arith::CmpFPredicate::OLE);
}
Val operator>(Val a, Val b) {
  return compare(a, b, arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT);
}
Val operator>=(Val a, Val b) {
  return compare(a, b, arith::CmpIPredicate::sge, arith::CmpFPredicate::OGE);
}
Val operator==(Val a, Val b) {
  return compare(a, b, arith::CmpIPredicate::eq, arith::CmpFPredicate::OEQ);
}
Val isNan(Val x) { return compare(x, x, arith::CmpIPredicate::ne, arith::CmpFPredicate::UNO); }

Val fma(Val a, Val b, Val c) {
  if (isa<VectorType>(a.type()))
    return {a.emit, vector::FMAOp::create(a.emit->b, a, b, c)};
  return {a.emit, math::FmaOp::create(a.emit->b, a, b, c)};
}
Val sqrt(Val x) { return {x.emit, math::SqrtOp::create(x.emit->b, x)}; }
Val select(Val condition, Val a, Val b) {
  return {a.emit, arith::SelectOp::create(a.emit->b, condition, a, b)};
}
Ptr select(Val condition, Ptr a, Ptr b) {
  assert(a.held == b.held && "pointers to one type");
  return Ptr(a.emit, arith::SelectOp::create(a.emit->b, condition, a, b), a.element, a.held);
}
Val min(Val a, Val b) { return integer<arith::MinSIOp>(a, b); }
Val max(Val a, Val b) { return integer<arith::MaxSIOp>(a, b); }

Val bitcast(Val x, Type element) {
  return {x.emit, arith::BitcastOp::create(x.emit->b, withElement(x.type(), element), x)};
}
Val resize(Val x, Type element) {
  unsigned from = elementOf(x.type()).getIntOrFloatBitWidth(), to = element.getIntOrFloatBitWidth();
  Type type = withElement(x.type(), element);
  if (from < to && isFloat(x))
    return {x.emit, arith::ExtFOp::create(x.emit->b, type, x.value)};
  if (from < to)
    return {x.emit, arith::ExtUIOp::create(x.emit->b, type, x)};
  if (from > to && isFloat(x))
    return {x.emit, arith::TruncFOp::create(x.emit->b, type, x.value)};
  if (from > to)
    return {x.emit, arith::TruncIOp::create(x.emit->b, type, x)};
  return x;
}
Val toFloat(Val x, Type element) {
  return {x.emit, arith::SIToFPOp::create(x.emit->b, withElement(x.type(), element), x)};
}
Val countBits(Val x) { return {x.emit, math::CtPopOp::create(x.emit->b, x)}; }
Val lowestBit(Val x) { return {x.emit, math::CountTrailingZerosOp::create(x.emit->b, x)}; }

Val shuffle(Val a, Val b, ArrayRef<int64_t> lanes) {
  return {a.emit, vector::ShuffleOp::create(a.emit->b, a, b, lanes)};
}
Val lane(Val vector, int64_t number) {
  return {vector.emit, vector::ExtractOp::create(vector.emit->b, vector, number)};
}

} // namespace kerf::codegen::cpu::emit
