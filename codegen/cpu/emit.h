// How a kernel is written: values with operators, loops that carry values, memory through pointers.
// A kernel is C++ that reads like its algorithm and leaves scf, arith, vector and llvm ops behind.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <type_traits>

namespace kerf::codegen::cpu::emit {

class Emit;

/// The attribute of LLVM functions that are written in half registers.
constexpr llvm::StringLiteral halfRegisters = "kerf-half-registers";

/// A scalar or a vector of one element type. Arithmetic is elementwise, comparisons are signed; a
/// C++ number beside a Val is a constant of the Val's type.
class Val {
public:
  Val() = default;
  Val(Emit *emit, mlir::Value value) : emit(emit), value(value) {}
  operator mlir::Value() const { return value; }
  mlir::Type type() const { return value.getType(); }

  Emit *emit = nullptr;
  mlir::Value value;
};

using Vals = llvm::SmallVector<Val, 16>;

/// A pointer to elements; `p + i` steps by elements. Accesses assume the element's alignment.
/// Memory may hold them in a narrow type: then they are widened as they are loaded, and rounded or
/// cut as they are stored.
class Ptr {
public:
  Ptr() = default;
  Ptr(Emit *emit, mlir::Value value, mlir::Type element, mlir::Type held = {})
      : emit(emit), value(value), element(element), held(held ? held : element) {}
  operator mlir::Value() const { return value; }

  Val load() const;
  /// The `lanes` elements from here on.
  Val load(int64_t lanes) const;
  /// Lanes without their mask bit are zero, and not read.
  Val load(int64_t lanes, Val mask) const;
  /// This element in every lane.
  Val splat(int64_t lanes) const;
  void store(Val x) const;
  /// Lanes without their mask bit are left alone.
  void store(Val x, Val mask) const;
  Ptr as(mlir::Type other) const { return Ptr(emit, value, other); }

  Emit *emit = nullptr;
  mlir::Value value;
  mlir::Type element; ///< what is loaded and stored
  mlir::Type held;    ///< what memory has of it
};

/// What registers have of an element as memory holds it: of bf16 and f16 the bits, an integer.
mlir::Type bitsOf(mlir::Type held);
/// The bits of narrow numbers as `element`, f32 or i32; exact.
Val widened(Val bits, mlir::Type held, mlir::Type element);
/// The bits of numbers in the narrow type `held`: floats are rounded to nearest, ties to even, and
/// NaN stays NaN; integers lose their high bits.
Val narrowed(Val x, mlir::Type held);

/// Emits at one place; what free functions on Val reach through their operands.
class Emit {
public:
  Emit(mlir::Location location, mlir::OpBuilder builder) : b(location, builder) {}
  virtual ~Emit() = default;

  mlir::Type f32() { return b.getF32Type(); }
  mlir::Type i32() { return b.getI32Type(); }
  mlir::Type i64() { return b.getI64Type(); }
  mlir::Type vector(int64_t lanes, mlir::Type element);

  /// An i64.
  Val index(int64_t value);
  /// `value` in every lane of `type`.
  Val constant(mlir::Type type, double value);
  Val constant(mlir::Type type, int64_t value);
  /// The i32 (or `element`) lanes first, first + 1, first + 2 ...
  Val lanes(int64_t count, mlir::Type element, int64_t first = 0);
  Val splat(Val scalar, int64_t lanes);

  /// for (i = from; i < to; i += step)
  void loop(Val from, Val to, int64_t step, llvm::function_ref<void(Val)> body);
  void loop(int64_t from, Val to, int64_t step, llvm::function_ref<void(Val)> body) {
    loop(index(from), to, step, body);
  }
  /// The same with carried values: the body returns their next values, the loop their last.
  Vals loop(Val from, Val to, int64_t step, Vals carried,
            llvm::function_ref<Vals(Val, const Vals &)> body);
  /// The same with step 1, four bodies at a time.
  Vals unrolled(Val from, Val to, Vals carried, llvm::function_ref<Vals(Val, const Vals &)> body);
  /// body(i, lanes) for all i < size: eight lanes at a time, the rest one by one.
  void eights(Val size, llvm::function_ref<void(Val, int64_t)> body);
  /// body(i, lanes) for all i < size, for some i twice: vectors only, the last one up to the end,
  /// unless there are fewer than four.
  void covered(Val size, llvm::function_ref<void(Val, int64_t)> body);
  void when(Val condition, llvm::function_ref<void()> then,
            llvm::function_ref<void()> otherwise = nullptr);
  Vals either(Val condition, llvm::function_ref<Vals()> then, llvm::function_ref<Vals()> otherwise);

  /// `bytes` zero bytes at p.
  void zero(Ptr p, Val bytes);
  void copy(Ptr to, Ptr from, Val bytes);
  void call(llvm::StringRef function, llvm::ArrayRef<mlir::Value> operands);

  /// What makes a task for the module's target.
  int64_t taskWork();

  mlir::ImplicitLocOpBuilder b;
};

/// A function of the artefact, internal to it, being written: arguments first, then the body. Ends
/// with a return where the Function goes out of scope. Pointers do not alias.
class Function : public Emit {
public:
  Function(mlir::ModuleOp module, llvm::StringRef name);
  ~Function() override;

  Ptr pointer(mlir::Type element, mlir::Type held = {});
  Ptr pointer() { return pointer(f32()); }
  Val size();
  Val argument(mlir::Type type);
  mlir::ModuleOp module();
  /// For code whose time is that of a chain of compares and selections: in whole registers of
  /// AVX-512 they go through masks, and take up to five times as long as in two halves.
  void inHalfRegisters();
  /// `count` elements on the stack, there for all of the function, or of the task that asks.
  Ptr local(mlir::Type element, int64_t count);

protected:
  mlir::func::FuncOp function;
};

/// What an entry's body calls: its first argument is the call, whose workers share its tasks.
class CalledFunction : public Function {
public:
  CalledFunction(mlir::ModuleOp module, llvm::StringRef name);

  /// body(number, own) for each number < count, in any order and at the same time. `own` is memory
  /// of the worker that does it. What the body needs of values outside is computed again in there,
  /// but for what was loaded or carried by a loop.
  void tasks(Val count, llvm::function_ref<void(Val, Ptr)> body);
  /// body(from, to, own) for ranges that make up [0, size), all but the last of them `grain` long.
  void ranges(Val size, Val grain, llvm::function_ref<void(Val, Val, Ptr)> body);

  Ptr kerfCall; ///< for functions of this kind that it calls
};

/// Does the module still lack this function?
inline bool missing(mlir::ModuleOp module, llvm::StringRef name) {
  return !module.lookupSymbol(name);
}

Ptr operator+(Ptr p, Val i);
Ptr operator+(Ptr p, int64_t i);

Val operator+(Val a, Val b);
Val operator-(Val a, Val b);
Val operator*(Val a, Val b);
/// Unsigned on integers: kernels divide no negative number.
Val operator/(Val a, Val b);
Val operator%(Val a, Val b);
Val operator&(Val a, Val b);
Val operator|(Val a, Val b);
Val operator^(Val a, Val b);
Val operator<<(Val a, Val b);
/// Logical.
Val operator>>(Val a, Val b);
/// Ordered on floats: false if one is NaN.
Val operator<(Val a, Val b);
Val operator<=(Val a, Val b);
Val operator>(Val a, Val b);
Val operator>=(Val a, Val b);
Val operator==(Val a, Val b);

/// `number` as a constant of x's type.
Val like(Val x, double number);
Val like(Val x, int64_t number);
template <class T>
concept Number = std::is_arithmetic_v<T>;
template <Number T> Val like(Val x, T number) {
  if constexpr (std::is_floating_point_v<T>)
    return like(x, double(number));
  else
    return like(x, int64_t(number));
}
template <Number T> Val operator+(Val a, T b) { return a + like(a, b); }
template <Number T> Val operator+(T a, Val b) { return like(b, a) + b; }
template <Number T> Val operator-(Val a, T b) { return a - like(a, b); }
template <Number T> Val operator-(T a, Val b) { return like(b, a) - b; }
template <Number T> Val operator*(Val a, T b) { return a * like(a, b); }
template <Number T> Val operator*(T a, Val b) { return like(b, a) * b; }
template <Number T> Val operator/(Val a, T b) { return a / like(a, b); }
template <Number T> Val operator/(T a, Val b) { return like(b, a) / b; }
template <Number T> Val operator%(Val a, T b) { return a % like(a, b); }
template <Number T> Val operator&(Val a, T b) { return a & like(a, b); }
template <Number T> Val operator|(Val a, T b) { return a | like(a, b); }
template <Number T> Val operator^(Val a, T b) { return a ^ like(a, b); }
template <Number T> Val operator<<(Val a, T b) { return a << like(a, b); }
template <Number T> Val operator>>(Val a, T b) { return a >> like(a, b); }
template <Number T> Val operator<(Val a, T b) { return a < like(a, b); }
template <Number T> Val operator<=(Val a, T b) { return a <= like(a, b); }
template <Number T> Val operator>(Val a, T b) { return a > like(a, b); }
template <Number T> Val operator>=(Val a, T b) { return a >= like(a, b); }
template <Number T> Val operator==(Val a, T b) { return a == like(a, b); }

/// a * b + c, rounded once.
Val fma(Val a, Val b, Val c);
Val sqrt(Val x);
/// condition ? a : b, by lane.
Val select(Val condition, Val a, Val b);
Ptr select(Val condition, Ptr a, Ptr b);
template <Number T> Val select(Val condition, Val a, T b) {
  return select(condition, a, like(a, b));
}
template <Number T> Val select(Val condition, T a, Val b) {
  return select(condition, like(b, a), b);
}
template <Number T, Number U> Val select(Val condition, T a, U b) {
  return select(condition, condition.emit->index(a), condition.emit->index(b));
}
/// Of integers.
Val min(Val a, Val b);
Val max(Val a, Val b);
template <Number T> Val min(Val a, T b) { return min(a, like(a, b)); }
template <Number T> Val max(Val a, T b) { return max(a, like(a, b)); }
/// Arithmetic shift to the right.
Val sar(Val a, int64_t bits);
Val isNan(Val x);
/// The bits of x as `element`, lane by lane.
Val bitcast(Val x, mlir::Type element);
/// To another width: integers zero-extended or cut off, floats as they are or rounded.
Val resize(Val x, mlir::Type element);
/// Signed integers to floats.
Val toFloat(Val x, mlir::Type element);
/// Of an integer: how many bits are set, and the number of the lowest (of none: all).
Val countBits(Val x);
Val lowestBit(Val x);
/// Lanes of a, then of b, picked by number.
Val shuffle(Val a, Val b, llvm::ArrayRef<int64_t> lanes);
Val lane(Val vector, int64_t number);

/// What sizes are computed with, here and at run time, by one formula.
inline int64_t select(bool condition, int64_t a, int64_t b) { return condition ? a : b; }
inline int64_t max(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }
template <class T, class U> auto ceilDiv(T a, U b) { return (a + b - 1) / b; }

/// How many items of so much work make a task.
template <class T> T grainOf(T work, int64_t taskWork) { return max(taskWork / max(work, 1), 1); }
inline Val grainOf(Val work) { return grainOf(work, work.emit->taskWork()); }

} // namespace kerf::codegen::cpu::emit
