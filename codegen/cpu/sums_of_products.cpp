#include "codegen/cpu/sums_of_products.h"
#include "codegen/cpu/tile.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Ptr waitingPlaces(Function &k, mlir::Type element) { return k.local(element, 64); }

Val sumOfProducts(Function &k, Ptr waiting, Val depth, llvm::function_ref<Factors(Val)> factors) {
  Val zero = k.constant(waiting.element, 0.0);
  auto block = [&](Val from, Val to) {
    return k.loop(from, to, 1, {zero}, [&](Val p, const Vals &part) {
      auto [a, b] = factors(p);
      return Vals{fma(a, b, part[0])};
    })[0];
  };
  auto group = [&](Val from, Val to) {
    return k.loop(from, to, blockDepth, {zero}, [&](Val start, const Vals &total) {
      Val part = block(start, min(start + blockDepth, to));
      return Vals{select(start == from, part, total[0] + part)};
    });
  };
  return k.loop(k.index(0), depth, groupDepth, {zero}, [&](Val start, const Vals &) {
    Val end = start + groupDepth;
    return closeGroup(
        k, start / groupDepth, end >= depth, group(start, min(end, depth)),
        [&](Val level, const Vals &sum) { return Vals{(waiting + level).load() + sum[0]}; },
        [&](Val level, const Vals &sum) { (waiting + level).store(sum[0]); });
  })[0];
}

Val inside(Function &k, Val i, Val size, Val j, Val width, llvm::function_ref<Ptr()> p) {
  Val in = (i >= 0) & (i < size) & (j >= 0) & (j < width);
  return k.either(
      in, [&] { return Vals{p().load()}; }, [&] { return Vals{k.constant(p().element, 0.0)}; })[0];
}

void forEachOutput(CalledFunction &e, std::array<Val, 4> to, Val depth, mlir::Type element,
                   llvm::function_ref<void(Val, Val, Val, Val, Ptr)> sum) {
  e.ranges(to[0] * to[1] * to[2], grainOf(to[3] * depth), [&](Val from, Val end, Ptr) {
    Ptr waiting = waitingPlaces(e, element);
    e.loop(from, end, 1, [&](Val row) {
      Val k = row % to[2], j = row / to[2] % to[1], i = row / to[2] / to[1];
      e.loop(0, to[3], 1, [&](Val l) { sum(i, j, k, l, waiting); });
    });
  });
}

} // namespace kerf::codegen::cpu
