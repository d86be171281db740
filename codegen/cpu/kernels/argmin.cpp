// argmin(x, y | outer n inner): y[o, j] is the i64 index of the smallest x[o, i, j]; the lowest
// wins a tie, a NaN is smaller than any number. n >= 1.
//
// Few long rows are searched in parts, whose smallest elements then meet in their order.
#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/argmin.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// The smallest elements so far, with their indices; one of each or lanes.
namespace {
struct Least {
  Val value, index;
};
} // namespace

/// Does x come before `least` by value? A NaN does before any number, nothing before a NaN.
static Val less(Val x, Val least) {
  if (!isa<mlir::FloatType>(getElementTypeOrSelf(x.type())))
    return x < least;
  Emit *e = x.emit;
  Val lessOrNan{e, mlir::arith::CmpFOp::create(e->b, mlir::arith::CmpFPredicate::ULT, x, least)};
  return lessOrNan & (least == least);
}
/// Are they equal, or both NaN?
static Val tied(Val a, Val b) {
  if (!isa<mlir::FloatType>(getElementTypeOrSelf(a.type())))
    return a == b;
  return (a == b) | (isNan(a) & isNan(b));
}
static Least better(Least least, Val x, Val index) {
  Val found = less(x, least.value);
  return {select(found, x, least.value), select(found, index, least.index)};
}

/// Rows below which each is searched in parts, and how many parts at most.
static constexpr int64_t fewRows = 8, mostParts = 128;

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  CalledFunction k(functions.module, symbol);
  k.inHalfRegisters();
  Ptr x = k.pointer(element, spec.heldBy(0)), y = k.pointer(k.i64());
  Val outer = k.size(), n = k.size(), inner = k.size();
  auto loop = [&](Val from, Val to, int64_t step, Least init,
                  llvm::function_ref<Least(Least, Val)> body) {
    Vals last = k.loop(from, to - (step - 1), step, {init.value, init.index},
                       [&](Val i, const Vals &least) {
                         Least next = body({least[0], least[1]}, i);
                         return Vals{next.value, next.index};
                       });
    return Least{last[0], last[1]};
  };

  // Of the first n elements of a row: element i in lane i mod 16; the lanes are then met in order,
  // ties going to the lower index.
  auto row = [&](Ptr from, Val n) {
    constexpr int64_t width = 16;
    auto scan = [&](Val begin, Least least) {
      return loop(begin, n, 1, least,
                  [&](Least l, Val i) { return better(l, (from + i).load(), i); });
    };
    Vals index =
        k.either((n >= width) & (n < int64_t(1) << 31),
                 [&] {
                   Val lanes = k.lanes(width, k.i32());
                   Least least = loop(k.index(width), n, width, {from.load(width), lanes},
                                      [&](Least l, Val i) {
                                        return better(l, (from + i).load(width),
                                                      k.splat(resize(i, k.i32()), width) + lanes);
                                      });
                   auto laneOf = [&](int64_t i) {
                     return Least{lane(least.value, i), resize(lane(least.index, i), k.i64())};
                   };
                   Least first = laneOf(0);
                   for (int64_t i = 1; i < width; ++i) {
                     Least other = laneOf(i);
                     Val earlier = tied(other.value, first.value) & (other.index < first.index);
                     Val found = less(other.value, first.value) | earlier;
                     first = {select(found, other.value, first.value),
                              select(found, other.index, first.index)};
                   }
                   Val rest = n / width * width;
                   return Vals{scan(rest, first).index};
                 },
                 [&] { return Vals{scan(k.index(1), {from.load(), k.index(0)}).index}; });
    return index[0];
  };
  // Columns: as many side by side as `width`.
  auto columns = [&](Ptr from, Ptr to, int64_t width) {
    auto splat = [&](Val i) { return width == 1 ? i : k.splat(i, width); };
    Least least =
        loop(k.index(1), n, 1, {from.load(width), splat(k.index(0))},
             [&](Least l, Val i) { return better(l, (from + i * inner).load(width), splat(i)); });
    to.store(least.index);
  };
  auto rows = [&] {
    k.ranges(outer, grainOf(n), [&](Val from, Val to, Ptr) {
      k.loop(from, to, 1, [&](Val o) { (y + o).store(row(x + o * n, n)); });
    });
  };
  auto parts = [&](Val part) {
    Val count = ceilDiv(n, part);
    Ptr found = k.local(k.i64(), fewRows * mostParts);
    k.tasks(outer * count, [&](Val number, Ptr) {
      Val o = number / count, first = number % count * part;
      Val index = row(x + (o * n + first), min(n - first, part));
      (found + number).store(first + index);
    });
    k.loop(0, outer, 1, [&](Val o) {
      auto at = [&](Val p) {
        Val index = (found + o * count + p).load();
        return Least{(x + o * n + index).load(), index};
      };
      Least first = at(k.index(0));
      Least least = loop(k.index(1), count, 1, first, [&](Least l, Val p) {
        Least next = at(p);
        return better(l, next.value, next.index);
      });
      (y + o).store(least.index);
    });
  };
  auto allColumns = [&] {
    const Val wide = ceilDiv(grainOf(n), 64) * 64; // columns that are worth a task
    Val count = ceilDiv(inner, wide);
    k.ranges(outer * count, grainOf(n * min(inner, wide)), [&](Val from, Val to, Ptr) {
      k.loop(from, to, 1, [&](Val number) {
        Val o = number / count, first = number % count * wide;
        Ptr begin = x + (o * n * inner + first), result = y + (o * inner + first);
        k.eights(min(inner - first, wide),
                 [&](Val j, int64_t lanes) { columns(begin + j, result + j, lanes); });
      });
    });
  };
  k.when(
      inner == 1,
      [&] {
        Val part = max(ceilDiv(n, mostParts), 2 * k.taskWork());
        k.when((outer < fewRows) & (part < n), [&] { parts(part); }, rows);
      },
      allColumns);
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto argmin = mlir::cast<compiler::ArgminOp>(op);
  llvm::ArrayRef<int64_t> shape = typeOf(argmin.getX()).getShape();
  const int64_t axis = argmin.getAxis();
  return KernelForm(op->getOperands(), {product(shape.take_front(axis)), shape[axis],
                                        product(shape.drop_front(axis + 1))});
}

static Work comparisons(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {1.0 * sizes[0] * sizes[1] * sizes[2]};
}

Kernel kernel_argmin() {
  return {.ops = {"kerf.argmin"},
          .types = "~T -> i64",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = comparisons,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
