// top_k(x, y | rows n k): y[r, j], j < k <= n, is the i64 index of the element of rank j in row r
// of x, the largest first; equal ones by index, NaN before every number. O(n log k) steps a row.
//
// The k largest of a row are in a heap that lies in the result: its root is the last of the k best
// so far, and sorting it in place leaves the best in front.
#include "codegen/cpu/isa_x86.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/top_k.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// A NaN is larger than every number. On integers isNan is false.
static Val isLarger(Val a, Val b) { return (a > b) | (isNan(a) & (b == b)); }
static Val tied(Val a, Val b) { return (a == b) | (isNan(a) & isNan(b)); }

/// kerf_top_k_sift(x, heap, at, count, levels): of the `count` places of a heap, the one at `at`
/// may stand before its children: it goes down, at most `levels` times.
static std::string siftFunction(mlir::ModuleOp module, mlir::Type element, mlir::Type held) {
  std::string name = "kerf_top_k_sift_";
  llvm::raw_string_ostream(name) << (held ? held : element);
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr x = e.pointer(element, held), heap = e.pointer(e.i64());
  Val start = e.size(), count = e.size(), levels = e.size();
  auto index = [&](Val place) { return (heap + place).load(); };
  // Does place a's element stand behind place b's in the result?
  auto isBehind = [&](Val a, Val b) {
    Val i = index(a), j = index(b), xi = (x + i).load(), xj = (x + j).load();
    return isLarger(xj, xi) | (tied(xi, xj) & (i > j));
  };
  e.loop(e.index(0), levels, 1, {start}, [&](Val, const Vals &carried) {
    Val at = carried[0], last = count - 1;
    Val left = min(at * 2 + 1, last), right = min(at * 2 + 2, last);
    Val child = select(isBehind(right, left), right, left);
    Val goesDown = (at * 2 + 1 < count) & isBehind(child, at);
    e.when(goesDown, [&] {
      Val upper = index(at), lower = index(child);
      (heap + at).store(lower);
      (heap + child).store(upper);
    });
    return Vals{select(goesDown, child, at)};
  });
  return name;
}

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  const std::string sift = siftFunction(functions.module, element, spec.heldBy(0));
  CalledFunction e(functions.module, symbol);
  Ptr x = e.pointer(element, spec.heldBy(0)), y = e.pointer(e.i64());
  Val rows = e.size(), n = e.size(), k = e.size();
  Val levels = e.loop(e.index(0), e.index(62), 1, {e.index(0)}, [&](Val i, const Vals &sum) {
    return Vals{sum[0] + resize((e.index(2) << i) <= k, e.i64())};
  })[0];

  constexpr int64_t width = 16;
  auto row = [&](Ptr from, Ptr heap) {
    auto siftFrom = [&](Val at, Val count) { e.call(sift, {from, heap, at, count, levels}); };
    auto root = [&] { return (from + heap.load()).load(); };

    e.loop(0, k, 1, [&](Val i) { (heap + i).store(i); });
    e.loop(0, k / 2, 1, [&](Val i) { siftFrom(k / 2 - 1 - i, k); });
    // Later elements stand behind their equals, so only a larger one gets in.
    auto scan = [&](Val begin, Val end, Val least) {
      return e.loop(begin, end, 1, {least}, [&](Val i, const Vals &least) {
        return e.either(
            isLarger((from + i).load(), least[0]),
            [&] {
              heap.store(i);
              siftFrom(e.index(0), k);
              return Vals{root()};
            },
            [&] { return Vals{least[0]}; });
      });
    };
    // Few do: sixteen at a time are passed over.
    Val whole = n - (n - k) % width;
    Vals least = e.loop(k, whole, width, {root()}, [&](Val i, const Vals &least) {
      Val larger = isLarger((from + i).load(width), e.splat(least[0], width));
      return e.either(
          resize(maskBits(larger), e.i64()) == 0, [&] { return Vals{least[0]}; },
          [&] { return scan(i, i + width, least[0]); });
    });
    scan(whole, n, least[0]);
    e.loop(1, k, 1, [&](Val done) {
      Val end = k - done, last = heap.load();
      heap.store((heap + end).load());
      (heap + end).store(last);
      siftFrom(e.index(0), end);
    });
  };
  e.ranges(rows, grainOf(n), [&](Val from, Val to, Ptr) {
    e.loop(from, to, 1, [&](Val r) { row(x + r * n, y + r * k); });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto topK = mlir::cast<compiler::TopKOp>(op);
  llvm::ArrayRef<int64_t> shape = typeOf(topK.getX()).getShape();
  return KernelForm(op->getOperands(),
                    {product(shape.drop_back()), shape.back(), int64_t(topK.getK())});
}

/// Comparisons, at least.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {1.0 * sizes[0] * sizes[1]};
}

Kernel kernel_top_k() {
  return {.ops = {"kerf.top_k"},
          .types = "~T -> i64",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
