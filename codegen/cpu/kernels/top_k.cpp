// top_k(x, y | rows n k): y[r, j], j < k <= n, is the i64 index of the element of rank j in row r
// of x, the largest first; equal ones by index, NaN before every number. O(n log k) steps a row.
//
// The k largest of a row are in a heap that lies in the result: its root is the last of the k best
// so far, and sorting it in place leaves the best in front. Few long rows are cut in parts; the
// best of each part then go through the heap of the row.
#include "codegen/cpu/emit.h"
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
static std::string siftFunction(mlir::ModuleOp module, mlir::Type element) {
  std::string name = "kerf_top_k_sift_";
  llvm::raw_string_ostream(name) << element;
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr x = e.pointer(element), heap = e.pointer(e.i64());
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

/// Rows below which each is searched in parts, and how many indices these find at most.
static constexpr int64_t fewRows = 8, mostCandidates = 8192;

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  const std::string sift = siftFunction(functions.module, element);
  CalledFunction e(functions.module, symbol);
  Ptr x = e.pointer(element), y = e.pointer(e.i64());
  Val rows = e.size(), n = e.size(), k = e.size();
  Val levels = e.loop(e.index(0), e.index(62), 1, {e.index(0)}, [&](Val i, const Vals &sum) {
    return Vals{sum[0] + resize((e.index(2) << i) <= k, e.i64())};
  })[0];

  // The k best of the `count` candidates(i), of which those behind an equal have the higher index,
  // in `heap`, unsorted: later elements stand behind their equals, so only a larger one gets in.
  auto collect = [&](Ptr from, Ptr heap, Val count, llvm::function_ref<Val(Val)> candidate) {
    auto root = [&] { return (from + heap.load()).load(); };
    e.loop(0, k, 1, [&](Val i) { (heap + i).store(candidate(i)); });
    e.loop(0, k / 2, 1, [&](Val i) { e.call(sift, {from, heap, k / 2 - 1 - i, k, levels}); });
    e.loop(k, count, 1, {root()}, [&](Val i, const Vals &least) {
      Val index = candidate(i);
      return e.either(
          isLarger((from + index).load(), least[0]),
          [&] {
            heap.store(index);
            e.call(sift, {from, heap, e.index(0), k, levels});
            return Vals{root()};
          },
          [&] { return Vals{least[0]}; });
    });
  };
  auto sort = [&](Ptr from, Ptr heap) {
    e.loop(1, k, 1, [&](Val done) {
      Val end = k - done, last = heap.load();
      heap.store((heap + end).load());
      (heap + end).store(last);
      e.call(sift, {from, heap, e.index(0), end, levels});
    });
  };
  auto all = [&] {
    e.ranges(rows, grainOf(n), [&](Val from, Val to, Ptr) {
      e.loop(from, to, 1, [&](Val r) {
        collect(x + r * n, y + r * k, n, [](Val i) { return i; });
        sort(x + r * n, y + r * k);
      });
    });
  };
  auto inParts = [&](Val count) {
    Val part = n / count;
    Ptr found = e.local(e.i64(), mostCandidates);
    e.tasks(rows * count, [&](Val number, Ptr) {
      Ptr from = x + number / count * n, best = found + number * k;
      Val first = number % count * part;
      Val size = select(number % count + 1 == count, n - first, part);
      collect(from, best, size, [&](Val i) { return first + i; });
      sort(from, best);
    });
    e.loop(0, rows, 1, [&](Val r) {
      Ptr from = x + r * n, heap = y + r * k, own = found + r * count * k;
      collect(from, heap, count * k, [&](Val i) { return (own + i).load(); });
      sort(from, heap);
    });
  };
  // Parts of equal length, the last a little longer, with far more elements than the k of each.
  Val most = max(mostCandidates / max(rows * k, 1), 1);
  Val part = max(ceilDiv(n, most), max(k * 8, 2 * e.taskWork()));
  Val parts = n / part;
  e.when((rows < fewRows) & (parts > 1) & (parts <= most), [&] { inParts(parts); }, all);
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
          .types = "T -> i64",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
