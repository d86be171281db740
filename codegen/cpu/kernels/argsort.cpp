// argsort(x, y | outer n inner descending): y[o, r, j] is the i64 index of the element of rank r in
// line x[o, :, j], the smallest first, NaN last; the other way round if `descending`; equal ones by
// index.
//
// Elements become keys, integers in their order. Up to 32 are ranked by counting those before each;
// more are sorted by their bytes from the lowest up [Knuth 1998, 5.2.5, algorithm R]: all bytes are
// counted in one go, then the elements are dealt out by one after the other; a byte that all
// elements share is passed over. O(n) steps a line, and equal elements stay in their order.
#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/argsort.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

constexpr int64_t mostCounted = 32, buckets = 256;

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const int64_t bits = spec.element.getIntOrFloatBitWidth(), passes = bits / 8;
  CalledFunction e(functions.module, symbol);
  mlir::Type integer = e.b.getIntegerType(bits);
  Ptr x = e.pointer(spec.element, spec.heldBy(0)), y = e.pointer(e.i64());
  Val outer = e.size(), n = e.size(), inner = e.size(), descending = e.size();
  const uint64_t sign = uint64_t(1) << (bits - 1), magnitude = sign - 1;

  // An integer that stands among the others as the element does.
  auto keyOf = [&](Val element, Val isDescending) {
    Val key = element;
    if (mlir::isa<mlir::FloatType>(spec.element)) {
      Val b = bitcast(element, integer);
      key = b ^ (sar(b, bits - 1) & int64_t(magnitude));
      key = select(element == like(element, 0), 0, key);
      key = select(isNan(element), int64_t(magnitude), key);
    }
    return select(isDescending, key ^ int64_t(-1), key);
  };
  auto countLine = [&](Ptr keys, Ptr to, Val step) {
    e.loop(0, n, 1, [&](Val i) {
      Val key = (keys + i).load();
      auto countBefore = [&](Val from, Val end, Val start, bool equalToo) {
        return e.loop(from, end, 1, {start}, [&](Val k, const Vals &count) {
          Val other = (keys + k).load();
          return Vals{count[0] + resize(equalToo ? other <= key : other < key, e.i64())};
        })[0];
      };
      Val rank = countBefore(i + 1, n, countBefore(e.index(0), i, e.index(0), true), false);
      (to + rank * step).store(i);
    });
  };
  auto dealLine = [&](Ptr keys, Ptr order, Ptr counts, Ptr to, Val step) {
    auto bucketOf = [&](Val key, int64_t pass) {
      Val unsignedKey = key ^ like(key, int64_t(sign));
      return resize((unsignedKey >> like(key, 8 * pass)) & 255, e.i64()) + pass * buckets;
    };
    e.zero(counts, e.index(passes * buckets * 4));
    e.loop(0, n, 1, [&](Val i) {
      Val key = (keys + i).load();
      (order + i).store(resize(i, e.i32()));
      for (int64_t pass = 0; pass < passes; ++pass) {
        Ptr count = counts + bucketOf(key, pass);
        count.store(count.load() + 1);
      }
    });
    Val at = e.index(0); // the half of the memory that holds the elements now
    for (int64_t pass = 0; pass < passes; ++pass) {
      Val shared = resize((counts + bucketOf((keys + at).load(), pass)).load(), e.i64());
      at = e.either(
          shared == n, [&] { return Vals{at}; },
          [&] {
            e.loop(e.index(0), e.index(buckets), 1, {resize(e.index(0), e.i32())},
                   [&](Val bucket, const Vals &sum) {
                     Ptr count = counts + (bucket + pass * buckets);
                     Val here = count.load();
                     count.store(sum[0]);
                     return Vals{sum[0] + here};
                   });
            Val other = n - at;
            e.loop(0, n, 1, [&](Val i) {
              Val key = (keys + (at + i)).load();
              Ptr count = counts + bucketOf(key, pass);
              Val place = count.load();
              count.store(place + 1);
              Val to = other + resize(place, e.i64());
              (keys + to).store(key);
              (order + to).store((order + (at + i)).load());
            });
            return Vals{other};
          })[0];
    }
    e.loop(0, n, 1,
           [&](Val i) { (to + i * step).store(resize((order + (at + i)).load(), e.i64())); });
  };
  e.ranges(outer * inner, grainOf(n * 8), [&](Val from, Val to, Ptr own) {
    Ptr counts = e.local(e.i32(), passes * buckets);
    Ptr keys = own.as(integer), order = (keys + n * 2).as(e.i32());
    Val isDescending = descending == 1;
    e.loop(from, to, 1, [&](Val line) {
      Val first = line / inner * n * inner + line % inner;
      e.loop(0, n, 1, [&](Val i) {
        (keys + i).store(keyOf((x + (first + i * inner)).load(), isDescending));
      });
      e.when(
          n <= mostCounted, [&] { countLine(keys, y + first, inner); },
          [&] { dealLine(keys, order, counts, y + first, inner); });
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto sort = mlir::cast<compiler::ArgsortOp>(op);
  llvm::ArrayRef<int64_t> shape = typeOf(sort.getX()).getShape();
  const int64_t axis = sort.getAxis();
  return KernelForm(op->getOperands(), {product(shape.take_front(axis)), shape[axis],
                                        product(shape.drop_front(axis + 1)), sort.getDescending()});
}

/// Keys and indices, twice.
static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return {.own = 2 * sizes[1] * (int64_t(spec.element.getIntOrFloatBitWidth()) / 8 + 4)};
}

Kernel kernel_argsort() {
  return {.ops = {"kerf.argsort"},
          .types = "~T -> i64",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .scratch = scratchFor,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
