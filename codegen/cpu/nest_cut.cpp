#include "codegen/cpu/nest_cut.h"
#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"
#include "codegen/schedule/sum_order.h"

namespace kerf::codegen::cpu {

/// With so many iterations of outer loops there are tasks enough for the workers of most machines.
static constexpr int64_t manyTasks = 64;
/// Outputs below which the terms of a sum are cut, and the most sums of groups that wait for it.
static constexpr int64_t fewOutputs = 16, mostGroups = 256;

/// The blocks of a sum, if they can be added up one by one: each lies in one row, or the sum has
/// but one.
static std::optional<int64_t> termsOfBlock(const Nest &nest, unsigned numParallel) {
  const bool oneLoop = numParallel + 1 == nest.extents.size();
  if (!oneLoop && nest.isOpen(nest.extents.size() - 1))
    return std::nullopt;
  if (nest.order == Nest::Order::chain)
    return oneLoop ? std::optional(blockTerms) : std::nullopt;
  return oneLoop || nest.extents.back() % blockElements == 0 ? std::optional(blockElements)
                                                             : std::nullopt;
}

NestCut cutOf(const Nest &nest, unsigned numParallel, bool hasLanes, bool cutsTerms,
              int64_t taskWork) {
  NestCut cut;
  const llvm::ArrayRef<int64_t> extents(nest.extents);
  const int64_t outputs = product(extents.take_front(numParallel));
  const int64_t terms = product(extents.drop_front(numParallel)), work = outputs * terms;
  if (work <= taskWork)
    return cut;

  if (std::optional<int64_t> block = cutsTerms ? termsOfBlock(nest, numParallel) : std::nullopt;
      block && outputs < fewOutputs) {
    const int64_t blocks = emit::ceilDiv(terms, *block);
    int64_t group = 1;
    while (group * *block * outputs < taskWork || emit::ceilDiv(blocks, group) > mostGroups)
      group *= 2;
    const int64_t groups = emit::ceilDiv(blocks, group);
    if (groups > 1)
      return {NestCut::Into::groups, 0, 1, 1, group, groups};
  }

  const unsigned outer = numParallel - hasLanes;
  while (cut.loops < outer && cut.iterations < manyTasks)
    cut.iterations *= extents[cut.loops++];
  const int64_t each = work / cut.iterations;
  if (hasLanes && cut.loops == outer && each > 2 * taskWork) {
    const int64_t perElement = each / extents[outer];
    cut.grain = emit::ceilDiv(emit::ceilDiv(taskWork, perElement), rowSums) * rowSums;
    if (cut.grain < extents[outer]) {
      cut.into = NestCut::Into::chunks;
      return cut;
    }
  }
  cut.grain = emit::grainOf(each, taskWork);
  if (cut.grain < cut.iterations)
    cut.into = NestCut::Into::outer;
  return cut;
}

} // namespace kerf::codegen::cpu
