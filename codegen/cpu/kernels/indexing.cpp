// Kernels that choose and move rows: argmin, gather, scatter_add, for every element type.
#include "codegen/cpu/pairwise.h"
#include "codegen/schedule/kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static std::string named(llvm::StringRef name, mlir::Type element) {
  std::string result = ("kerf_kernel_" + name).str();
  if (!element.isF32())
    llvm::raw_string_ostream(result) << '_' << element;
  return result;
}

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

void emitArgmin(mlir::ModuleOp module, mlir::Type element) {
  Function k(module, named("argmin", element));
  Ptr x = k.pointer(element), y = k.pointer(k.i64());
  Val outer = k.size(), n = k.size(), inner = k.size();
  auto loop = [&](Val from, int64_t step, Least init, llvm::function_ref<Least(Least, Val)> body) {
    Vals last =
        k.loop(from, n - (step - 1), step, {init.value, init.index}, [&](Val i, const Vals &least) {
          Least next = body({least[0], least[1]}, i);
          return Vals{next.value, next.index};
        });
    return Least{last[0], last[1]};
  };

  // Rows: element i in lane i mod 16; the lanes are then met in order, ties going to the lower
  // index.
  auto row = [&](Ptr from, Ptr to) {
    constexpr int64_t width = 16;
    auto scan = [&](Val begin, Least least) {
      return loop(begin, 1, least, [&](Least l, Val i) { return better(l, (from + i).load(), i); });
    };
    Vals index = k.either(
        (n >= width) & (n < int64_t(1) << 31),
        [&] {
          Val lanes = k.lanes(width, k.i32());
          Least least = loop(k.index(width), width, {from.load(width), lanes}, [&](Least l, Val i) {
            return better(l, (from + i).load(width), k.splat(resize(i, k.i32()), width) + lanes);
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
    to.store(index[0]);
  };
  // Columns: as many side by side as `width`.
  auto columns = [&](Ptr from, Ptr to, int64_t width) {
    auto splat = [&](Val i) { return width == 1 ? i : k.splat(i, width); };
    Least least = loop(k.index(1), 1, {from.load(width), splat(k.index(0))}, [&](Least l, Val i) {
      return better(l, (from + i * inner).load(width), splat(i));
    });
    to.store(least.index);
  };
  k.loop(0, outer, 1, [&](Val o) {
    Ptr from = x + o * n * inner, to = y + o * inner;
    k.when(
        inner == 1, [&] { row(from, to); },
        [&] { k.eights(inner, [&](Val j, int64_t lanes) { columns(from + j, to + j, lanes); }); });
  });
}

/// The row that an index means.
static Val clamped(Ptr index, Val rows) { return min(max(index.load(), 0), rows - 1); }

void emitGather(mlir::ModuleOp module) {
  Function k(module, "kerf_kernel_gather");
  mlir::Type byte = k.b.getI8Type();
  Ptr table = k.pointer(byte), indices = k.pointer(k.i64()), y = k.pointer(byte);
  Val rows = k.size(), bytes = k.size(), count = k.size();
  k.loop(0, count, 1, [&](Val i) {
    Val row = clamped(indices + i, rows);
    k.copy(y + i * bytes, table + row * bytes, bytes);
  });
}

void emitScatterAdd(mlir::ModuleOp module, mlir::Type element) {
  Function k(module, named("scatter_add", element));
  Ptr updates = k.pointer(element), indices = k.pointer(k.i64()), y = k.pointer(element);
  Val rows = k.size(), width = k.size(), count = k.size();
  k.zero(y, rows * width * (element.getIntOrFloatBitWidth() / 8));
  k.loop(0, count, 1, [&](Val i) {
    Ptr from = updates + i * width, to = y + clamped(indices + i, rows) * width;
    auto add = [&](int64_t lanes) {
      return [&, lanes](Val j) {
        Val x = (from + j).load(lanes);
        (to + j).store((to + j).load(lanes) + x);
      };
    };
    Val eights = width / 8 * 8;
    k.loop(0, eights, 8, add(8));
    k.loop(eights, width, 1, add(1));
  });
}

int64_t pairwiseScatterAddScratchBytes(int64_t rows, int64_t width, int64_t count,
                                       mlir::Type element) {
  const int64_t sums = pairwiseLevels(count / blockTerms) * rows * width;
  return rows * 8 + sums * (element.getIntOrFloatBitWidth() / 8);
}

void emitPairwiseScatterAdd(mlir::ModuleOp module, mlir::Type element) {
  Function k(module, named("scatter_add_pairwise", element));
  Ptr updates = k.pointer(element), indices = k.pointer(k.i64()), y = k.pointer(element);
  Ptr terms = k.pointer(k.i64()); // of each row so far
  Val rows = k.size(), width = k.size(), count = k.size();
  Ptr sums = (terms + rows).as(element); // of 2^level blocks of a row, at level * rows + row
  k.zero(y, rows * width * (element.getIntOrFloatBitWidth() / 8));
  k.zero(terms, rows * 8);
  Val zero = k.constant(element, 0.0);
  // to[j] = from[j] + to[j]
  auto add = [&](Ptr to, Ptr from) {
    k.eights(width, [&](Val j, int64_t lanes) {
      (to + j).store((from + j).load(lanes) + (to + j).load(lanes));
    });
  };
  k.loop(0, count, 1, [&](Val i) {
    Val row = clamped(indices + i, rows), before = (terms + row).load();
    Ptr to = y + row * width;
    auto waiting = [&](Val level) { return sums + (level * rows + row) * width; };
    add(to, updates + i * width);
    (terms + row).store(before + 1);
    k.when((before + 1) % blockTerms == 0, [&] {
      Val carries = lowestBit((before + 1) / blockTerms);
      k.loop(0, carries, 1, [&](Val level) { add(to, waiting(level)); });
      k.eights(width, [&](Val j, int64_t lanes) {
        (waiting(carries) + j).store((to + j).load(lanes));
        (to + j).store(lanes == 1 ? zero : k.splat(zero, lanes));
      });
    });
  });
  k.loop(0, rows, 1, [&](Val row) {
    Val blocks = (terms + row).load() / blockTerms;
    addWaiting(k, blocks, k.index(0), k.index(64), {}, [&](Val level, const Vals &) {
      add(y + row * width, sums + (level * rows + row) * width);
      return Vals();
    });
  });
}

} // namespace kerf::codegen::cpu
