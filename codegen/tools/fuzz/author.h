// Random programs: typed and valid by construction, the same for the same numbers everywhere.
#pragma once

#include "codegen/tools/inputs.h"
#include "compiler/val.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>
#include <utility>

namespace kerf::codegen::fuzz {

/// A value of a program in the making, and what later steps must know of it.
struct Known {
  mlir::Value value;
  /// Every bit is the same however sums are ordered.
  bool exact = false;
  bool active = false; ///< a gradient that is being taken flows through it

  mlir::RankedTensorType type() const {
    return mlir::cast<mlir::RankedTensorType>(value.getType());
  }
  mlir::Type element() const { return type().getElementType(); }
  llvm::ArrayRef<int64_t> shape() const { return type().getShape(); }
  int64_t rank() const { return type().getRank(); }
  int64_t size() const { return type().getNumElements(); }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(element()); }
  bool isBool() const { return element().isInteger(1); }
  bool isNumber() const { return !isBool(); }
};

/// What all of one program's parts share.
struct Program {
  Random random;
  llvm::SmallVector<int64_t> extents; ///< of most of its axes, so that shapes often agree
  bool empty;                         ///< extents may be 0
  bool special;       ///< infinities, NaN and -0 among the constants, poles unguarded
  bool custom = true; ///< functions say what their derivative is, which is not true
  int64_t largest;    ///< elements of a tensor
  int64_t draws = 0;  ///< random draws so far: each has a key of its own
  int64_t rows;       ///< of an open program; 0: no dim is open

  Program(std::uint64_t seed, std::uint64_t number, int64_t rows = 0);
  bool chance(double probability) { return random.uniform(0, 1) < probability; }
  int64_t below(int64_t end) { return random.integer(0, end - 1); }
  template <class T> T oneOf(std::initializer_list<T> choices) {
    return choices.begin()[below(choices.size())];
  }
  int64_t extent();
  /// At most `largest` elements.
  llvm::SmallVector<int64_t> shape(int64_t maxRank = 8);
  bool fits(llvm::ArrayRef<int64_t> shape) const;
  /// Axes 0 to `rank` - 1, one after another at random.
  llvm::SmallVector<int64_t> order(int64_t rank);
};

/// Writes ops at one place: of an entry, of a loop's body, of what is differentiated.
class Author {
public:
  struct Place {
    int loops = 0, gradients = 0; ///< around it
  };

  Author(Program &program, mlir::OpBuilder builder, mlir::Location location, Place place)
      : program(program), b(builder), location(location), place(place) {}

  /// Some `steps`, each of one op or of a form of several.
  void fill(int steps);
  /// A loop, unless there are two around it or its rows would be too many.
  void loop();
  void attention();
  void differentiate();

  llvm::SmallVector<Known> values; ///< what is there, in order
  mlir::OpBuilder &builder() { return b; }

  // ---- values ----
  using Wanted = llvm::function_ref<bool(const Known &)>;
  /// One of those wanted, of the last ones more often.
  std::optional<Known> pick(Wanted wanted);
  std::optional<Known> pickFloat(int64_t minRank = 0);
  Known constant(mlir::RankedTensorType type, double value);
  Known constant(mlir::RankedTensorType type);
  /// A float constant of unlike numbers, however many.
  Known numbers(mlir::RankedTensorType type);
  Known index(int64_t value);
  /// A value of this type: one that is there, made to fit, or new.
  Known fitted(mlir::RankedTensorType type);
  /// Of the type of `x`.
  Known alike(const Known &x);
  Known key();

  // ---- ops ----
  Known emit(llvm::StringRef name, llvm::ArrayRef<Known> x, mlir::RankedTensorType type,
             llvm::ArrayRef<mlir::NamedAttribute> attributes = {}, bool moves = false);
  mlir::NamedAttribute ints(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  mlir::NamedAttribute integer(llvm::StringRef name, int64_t value);
  mlir::NamedAttribute text(llvm::StringRef name, llvm::StringRef value);
  mlir::RankedTensorType tensor(llvm::ArrayRef<int64_t> shape, mlir::Type element);
  mlir::Type someFloat();
  mlir::Type someElement();

  Known elementwise(llvm::StringRef name, const Known &a) { return emit(name, a, a.type()); }
  Known elementwise(llvm::StringRef name, const Known &a, const Known &c) {
    return emit(name, {a, c}, a.type());
  }
  Known scaled(const Known &x, double factor);
  /// A float over a number of elements.
  Known perTerm(const Known &x, int64_t terms);
  /// Near 1 in size, so that no rounding is magnified.
  Known bounded(const Known &x);
  /// A sum of `terms`, bounded or divided.
  Known tamed(const Known &x, int64_t terms);
  /// Nothing of a gradient flows through it.
  Known passive(const Known &x);
  Known reshaped(const Known &x, llvm::ArrayRef<int64_t> shape);
  Known broadcasted(const Known &x, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> dims);
  Known reduced(llvm::StringRef name, const Known &x, llvm::ArrayRef<int64_t> axes);
  /// a : (…, i, k), c : (…, j, k) => (…, i, j), or (…, k, j) if `plain`.
  Known product(const Known &a, const Known &c, bool plain = false);
  Known argmin(const Known &x, int64_t axis);
  /// The mean of all elements.
  Known mean(const Known &x);
  /// Of a's type, and all of c counts.
  Known mixed(const Known &a, const Known &c);

private:
  // ---- steps: each writes a few ops, or nothing where it finds no operands ----
  void unary();
  void binary();
  void select();
  void cast();
  void broadcast();
  void alongAnAxis(const Known &x, int64_t axis);
  void reduce();
  void transpose();
  void reshape();
  void slice();
  void pad();
  void concat();
  void marks();
  void contract();
  void convolve();
  void gather();
  void scatter();
  void integers();
  void along();
  void decide();
  void draw();
  void search();
  void softmax();
  void branch();
  void custom();

  Known scores(const Known &z, const Known &e, int form);
  /// exp(s) over its sum along `axis`.
  Known weights(const Known &s, int64_t axis);
  /// Some scores left out, or biased; queries and keys along the last axes, `keys` of them.
  Known masked(const Known &s, int64_t queries, int64_t keys);
  /// Operands of a region, of those wanted.
  llvm::SmallVector<Known> operands(int most, Wanted wanted);
  /// A truth of rank 0.
  Known truth();
  /// Of this type, one that is there.
  Known ofType(mlir::Type type);

  Program &program;
  mlir::OpBuilder b;
  mlir::Location location;
  Place place;
};

/// Appends `@function<number>` of floats, with a loop in which others may be, that has derivatives
/// in all its arguments.
mlir::func::FuncOp addFunction(mlir::ModuleOp module, std::uint64_t seed, std::uint64_t number);

/// Appends entry `@program<number>` to `module`. With `rows` they are the extent of its first
/// argument's first axis, and of many more; all that is drawn is the same for other rows, so that
/// most programs are what an open entry is for these.
mlir::func::FuncOp addProgram(mlir::ModuleOp module, std::uint64_t seed, std::uint64_t number,
                              int64_t rows = 0);

} // namespace kerf::codegen::fuzz
