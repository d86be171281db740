#include "codegen/cpu/vector_nest.h"
#include "codegen/cpu/nest_cut.h"
#include "codegen/cpu/pairwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

constexpr int64_t numLanes = rowSums;

namespace {

/// Where the loops stand.
struct State {
  int64_t lanes = 1;           ///< elements at once along the loop `wide`
  Val active;                  ///< which of them are there, others may not be touched; null: all
  SmallVector<Ptr> at;         ///< per operand
  SmallVector<Value> loaded;   ///< per operand; null until all loops that move it have begun
  SmallVector<Value> position; ///< per loop, i64
};

class NestWriter : public CalledFunction {
public:
  NestWriter(ModuleOp module, StringRef name, const Nest &nest)
      : CalledFunction(module, name), nest(nest), numLoops(nest.extents.size()) {
    while (numParallel < numLoops && !nest.reduced[numParallel])
      ++numParallel;
    for (unsigned d = numParallel; d < numLoops; ++d) {
      numTerms *= nest.extents[d];
      termsAreOpen |= nest.isOpen(d);
    }
  }

  LogicalResult write() {
    State state;
    state.position.resize(numLoops);
    Type pointerType = LLVM::LLVMPointerType::get(b.getContext());
    for (const Access &access : nest.operands)
      state.at.push_back(Ptr(this, argument(pointerType), bitsOf(access.element)));
    state.loaded.resize(nest.operands.size());
    bool isFlat = hasRunTimeSize(nest);
    takeSizes();
    if (auto found = combinationOf(nest.op); found && numParallel < numLoops)
      combination = *found;
    if (llvm::any_of(ArrayRef(nest.operands).drop_front(nest.numInputs),
                     [](const Access &access) { return isNarrow(access.element); }) &&
        numParallel < numLoops)
      return nest.op->emitError("reduces to elements of a narrow float: reduce to f32, and round "
                                "once, at the end");
    if (isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp>(
            combination.op))
      inHalfRegisters();
    const bool inLanes = combination.op && nest.order == Nest::Order::rows;
    if (nest.order == Nest::Order::rows && numParallel < numLoops)
      wide = inLanes ? int(numLoops) - 1 : -1; // an unusual reduction: plain loops
    else
      wide = int(numParallel) - 1;
    if (nest.order == Nest::Order::rows && numParallel + 1 < numLoops && nest.isOpen(numLoops - 1))
      return nest.op->emitError(
          "a sum over an open dim that is the innermost of several axes; bind "
          "the dim to a number, or sum over one axis after the other");
    if (isFlat)
      ranges(sizes[0], index(taskWork()), [&](Val from, Val to, Ptr) {
        part = {from, to};
        writeParallel(0, start(state));
      });
    else if (termsAreOpen && isLong()) // of one block it is no sum of blocks
      when(
          terms > termsOfBlock(), [&] { writeTasks(state, true); },
          [&] { writeTasks(state, false); });
    else
      writeTasks(state, isLong());
    return success(!failed);
  }

  /// The arguments behind the pointers, as places among the nest's numbers.
  SmallVector<unsigned> places;

  /// Flat elementwise loops take their length as an argument, so that all tensors share them.
  static bool hasRunTimeSize(const Nest &nest) {
    return nest.order == Nest::Order::parallel && nest.extents.size() == 1 &&
           !nest.op.hasIndexSemantics() && llvm::all_of(nest.operands, [](const Access &access) {
             return access.strides[0] == 0 || access.strides[0] == 1;
           });
  }

private:
  // ---- tasks

  /// Extents that the code does not know are arguments, and strides.
  void takeSizes() {
    for (unsigned d = 0; d < numLoops; ++d) {
      const bool isArgument = nest.isOpen(d) || hasRunTimeSize(nest);
      if (isArgument)
        places.push_back(d);
      sizes.push_back(isArgument ? size() : index(nest.extents[d]));
    }
    strides.assign(nest.operands.size(), Vals(numLoops));
    for (unsigned k = 0; k < nest.operands.size(); ++k)
      for (unsigned d = 0; d < numLoops; ++d)
        if (nest.isOpen(k, d)) {
          places.push_back(numLoops * (k + 1) + d);
          strides[k][d] = size();
        }
    terms = index(termsAreOpen ? 1 : numTerms);
    for (unsigned d = numParallel; termsAreOpen && d < numLoops; ++d)
      terms = terms * sizes[d];
  }

  int64_t termsOfBlock() const {
    return nest.order == Nest::Order::rows ? blockElements : blockTerms;
  }
  /// Is it a sum of several blocks? Of an open one: can it be?
  bool isLong() const { return combination.op && rounds() && numTerms > termsOfBlock(); }
  /// Blocks of so many terms that are complete.
  Val wholeBlocks(int64_t of) { return termsAreOpen ? terms / of : index(numTerms / of); }
  /// What is done if terms are left behind these.
  void ifTermsAreLeft(int64_t of, llvm::function_ref<void()> then) {
    if (termsAreOpen)
      when(terms % of > 0, then);
    else if (numTerms % of)
      then();
  }
  Val totalOfBlocks(int64_t of, int64_t lanes) {
    return termsAreOpen ? blocks->total(ceilDiv(terms, of), lanes)
                        : blocks->total(ceilDiv(numTerms, of), lanes);
  }

  /// All outputs below the iteration that `state` stands in; `depth` loops have begun.
  void writeOutputs(unsigned depth, const State &state) {
    if (wide >= int(numParallel))
      writeRows(depth, state);
    else
      writeParallel(depth, state);
  }

  void writeTasks(const State &state, bool sumsBlocks) {
    cut = cutOf(nest, numParallel, wide >= 0 && wide < int(numParallel), sumsBlocks, taskWork());
    auto begin = [&] {
      blocks = sumsBlocks ? makeCounter(numTerms / blockTerms + 1) : nullptr;
      return start(state);
    };
    Val iterations = index(cut.iterations);
    if (llvm::any_of(llvm::seq(cut.loops), [&](unsigned d) { return nest.isOpen(d); })) {
      iterations = index(1);
      for (unsigned d = 0; d < cut.loops; ++d)
        iterations = iterations * sizes[d];
    }
    switch (cut.into) {
    case NestCut::Into::one:
      return writeOutputs(0, begin());
    case NestCut::Into::outer:
      return ranges(iterations, index(cut.grain), [&](Val from, Val to, Ptr) {
        State first = begin();
        loop(from, to, 1,
             [&](Val i) { writeOutputs(cut.loops, enterAll(first, 0, cut.loops, i)); });
      });
    case NestCut::Into::chunks: {
      const Val extent = sizes[wide];
      const Val chunks = nest.isOpen(wide) ? ceilDiv(extent, cut.grain)
                                           : index(ceilDiv(nest.extents[wide], cut.grain));
      return tasks(iterations * chunks, [&](Val number, Ptr) {
        Val from = number % chunks * cut.grain;
        part = {from, min(from + cut.grain, extent)};
        writeParallel(cut.loops, enterAll(begin(), 0, cut.loops, number / chunks));
      });
    }
    case NestCut::Into::groups:
      return writeGroups(state);
    }
  }

  /// Loops `first` .. `last` stand where one loop over all their iterations stands at i.
  State enterAll(State state, unsigned first, unsigned last, Val i) {
    SmallVector<Val> position(last);
    for (unsigned d = last; d-- > first;) {
      position[d] = d == first ? i : i % sizes[d];
      i = d == first ? i : i / sizes[d];
    }
    for (unsigned d = first; d < last; ++d)
      state = enter(state, d, position[d]);
    return state;
  }

  std::unique_ptr<Pairwise> makeCounter(int64_t mostBlocks) {
    return std::make_unique<Pairwise>(*this, combination.neutral.getType(), numLanes, mostBlocks,
                                      [this](Val a, Val x) { return Val{this, combine(a, x)}; });
  }

  /// Few long sums: a task adds up a group of blocks, the sums of groups are then added pairwise,
  /// as all blocks would have been.
  void writeGroups(const State &state) {
    int64_t outputs = 1;
    for (unsigned d = 0; d < numParallel; ++d)
      outputs *= nest.extents[d];
    const bool areRows = wide >= int(numParallel);
    const int64_t each = areRows ? blockElements : blockTerms;
    const Val whole = wholeBlocks(each);
    const Val groups =
        termsAreOpen ? ceilDiv(ceilDiv(terms, each), cut.groupBlocks) : index(cut.groups);
    Ptr sums = local(combination.neutral.getType(), cut.groups * outputs);
    // An output's place among the sums of a group.
    auto placeOf = [&](const State &state) {
      Val place = index(0);
      for (unsigned d = 0; d < numParallel; ++d)
        place = place * nest.extents[d] + Val{this, state.position[d]};
      return place;
    };
    tasks(groups, [&](Val group, Ptr) {
      blocks = makeCounter(cut.groupBlocks);
      Val first = group * cut.groupBlocks, count = min(whole - first, cut.groupBlocks);
      eachOutput = [&](const State &state) {
        loop(0, count, 1, [&](Val b) { blocks->push(b, blockSum(state, first + b)); });
        Val all = count;
        if (termsAreOpen || numTerms % each) {
          Val hasRest = group == groups - 1;
          if (termsAreOpen)
            hasRest = hasRest & (terms % each > 0);
          when(hasRest, [&] { blocks->push(count, restSum(state)); });
          all = all + resize(hasRest, i64());
        }
        Val sum = blocks->total(all, areRows ? 1 : state.lanes);
        (sums + group * outputs + placeOf(state)).store(sum);
      };
      writeOutputs(0, start(state));
    });
    blocks = makeCounter(cut.groups);
    eachOutput = [&](const State &state) {
      const int64_t lanes = areRows ? 1 : state.lanes;
      loop(0, groups, 1, [&](Val group) {
        blocks->push(group, (sums + group * outputs + placeOf(state)).load(lanes));
      });
      Val start{this, widen(startOf(state, nest.numInputs), lanes)};
      Val total = termsAreOpen ? blocks->total(groups, lanes) : blocks->total(cut.groups, lanes);
      store(state, nest.numInputs, combine(start, total));
    };
    writeOutputs(0, start(state));
    eachOutput = nullptr;
  }

  /// Of block number `block` of a sum whose blocks do not go across rows.
  Val blockSum(const State &state, Val block) {
    if (wide < int(numParallel)) {
      Val from = block * blockTerms;
      return chain(state, from, from + blockTerms);
    }
    Val first = block * blockElements;
    State row = state;
    if (numParallel + 1 < numLoops) {
      row = enterAll(state, numParallel, numLoops - 1, first / sizes.back());
      first = first % sizes.back();
    }
    return {this, fold(addVectors(row, noSum(numLanes), first, first + blockElements))};
  }
  /// Of the terms behind the last whole block, of one loop.
  Val restSum(const State &state) {
    if (wide < int(numParallel))
      return chain(state, wholeBlocks(blockTerms) * blockTerms, terms);
    return {this, fold(addRow(state, noSum(numLanes), wholeBlocks(blockElements) * blockElements))};
  }
  Val noSum(int64_t lanes) { return {this, widen(constantOf(combination.neutral), lanes)}; }
  /// Terms `from` .. `to` of the only reduced loop, one after the other.
  Val chain(const State &state, Val from, Val to) {
    return loop(from, to, 1, {noSum(state.lanes)}, [&](Val i, const Vals &sum) {
      return writeChain(numLoops, enter(state, numParallel, i), sum);
    })[0];
  }

  // ---- loops

  /// Parallel loops from `depth` on; the innermost of them in lanes.
  void writeParallel(unsigned depth, const State &state) {
    if (depth == numParallel)
      return writeOutput(state);
    if (int(depth) != wide)
      return loop(0, sizes[depth], 1,
                  [&](Val i) { writeParallel(depth + 1, enter(state, depth, i)); });
    int64_t extent = nest.extents[depth];
    const bool isFlat = hasRunTimeSize(nest), isKnown = !isFlat && !nest.isOpen(depth);
    int64_t lanes =
        isFlat ? numLanes : std::min<int64_t>(numLanes, llvm::bit_floor(uint64_t(extent)));
    Val whole = isKnown ? index(extent - extent % lanes) : sizes[depth] - sizes[depth] % lanes;
    Val from = index(0), to = sizes[depth], rest = whole;
    if (part) // begins at a multiple of the lanes
      from = part->first, to = part->second, rest = max(from, whole), whole = min(to, whole);
    State wideState = state;
    wideState.lanes = lanes;
    if (!isKnown || extent >= lanes)
      loop(from, whole, lanes,
           [&](Val i) { writeParallel(depth + 1, enter(wideState, depth, i)); });
    if (!isKnown || extent % lanes)
      loop(rest, to, 1, [&](Val i) { writeParallel(depth + 1, enter(state, depth, i)); });
  }

  /// One element, or one chain of a reduction, per lane.
  void writeOutput(const State &state) {
    if (eachOutput)
      return eachOutput(state);
    SmallVector<Value> results;
    if (nest.order == Nest::Order::parallel) {
      results = body(state, {});
    } else {
      Vals first;
      for (unsigned k = nest.numInputs; k < nest.operands.size(); ++k)
        first.push_back({this, widen(startOf(state, k), state.lanes)});
      for (Val value : blocks ? writeChains(state, first) : writeChain(numParallel, state, first))
        results.push_back(value);
    }
    for (auto [k, value] : llvm::enumerate(results))
      store(state, nest.numInputs + k, value);
  }

  /// Reduced loops from `depth` on, ascending.
  Vals writeChain(unsigned depth, const State &state, const Vals &accumulators) {
    if (depth == numLoops) {
      SmallVector<Value> values(accumulators.begin(), accumulators.end());
      Vals next;
      for (Value value : body(state, values))
        next.push_back({this, widen(value, state.lanes)});
      return next;
    }
    return loop(index(0), sizes[depth], 1, accumulators, [&](Val i, const Vals &carried) {
      return writeChain(depth + 1, enter(state, depth, i), carried);
    });
  }

  /// Does a sum depend on the order of its terms? Only such sums are cut into blocks.
  bool rounds() const { return isa<arith::AddFOp, arith::MulFOp>(combination.op); }

  /// A chain per block, the sums of blocks pairwise, and what the result begins with before them.
  Vals writeChains(const State &state, const Vals &first) {
    Val none = noSum(state.lanes);
    const Val whole = wholeBlocks(blockTerms);
    Val last; // what the terms behind the last whole block add to
    if (numParallel + 1 == numLoops)
      loop(0, whole, 1, [&](Val block) { blocks->push(block, blockSum(state, block)); });
    else
      last = countTerms(numParallel, state, {none, index(0)}, none)[0];
    ifTermsAreLeft(blockTerms, [&] { blocks->push(whole, last.emit ? last : restSum(state)); });
    return {{this, combine(first[0], totalOfBlocks(blockTerms, state.lanes))}};
  }

  /// The terms of the loops from `depth` on, of several loops: `carried` is the sum of the block
  /// that is being added up, and how many terms came before.
  Vals countTerms(unsigned depth, const State &state, const Vals &carried, Val none) {
    if (depth < numLoops)
      return loop(index(0), sizes[depth], 1, carried, [&](Val i, const Vals &now) {
        return countTerms(depth + 1, enter(state, depth, i), now, none);
      });
    Val sum = writeChain(depth, state, {carried[0]})[0], count = carried[1] + 1;
    sum = either(
        count % blockTerms == 0,
        [&] {
          blocks->push(carried[1] / blockTerms, sum);
          return Vals{none};
        },
        [&] { return Vals{sum}; })[0];
    return {sum, count};
  }

  // ---- reductions along memory: element i of a row in lane i mod 16

  void writeRows(unsigned depth, const State &state) {
    if (depth < numParallel)
      return loop(0, sizes[depth], 1, [&](Val i) { writeRows(depth + 1, enter(state, depth, i)); });
    if (eachOutput)
      return eachOutput(state);
    Val none = noSum(numLanes);
    Value total;
    if (blocks) {
      Val last = addRowsOfBlocks(depth, state, {none, index(0)}, none)[0];
      ifTermsAreLeft(blockElements,
                     [&] { blocks->push(wholeBlocks(blockElements), {this, fold(last)}); });
      total = totalOfBlocks(blockElements, 1);
    } else {
      Val sums = addRows(depth, state, none);
      total = fold(termsAreOpen ? sums : rotate(sums, -numTerms)); // the fold is the same
    }
    store(state, nest.numInputs, combine(startOf(state, nest.numInputs), total));
  }

  /// Adds the rows of the loops from `depth` on. A row begins in lane 0: to make it so, the sums
  /// are rotated by its length when it ends.
  Val addRows(unsigned depth, const State &state, Val sums) {
    if (depth + 1 == numLoops)
      return rotateByRow(addRow(state, sums));
    return loop(index(0), sizes[depth], 1, {sums}, [&](Val i, const Vals &carried) -> Vals {
      return {addRows(depth + 1, enter(state, depth, i), carried[0])};
    })[0];
  }

  Val addRow(const State &state, Val sums) { return addRow(state, sums, index(0)); }

  /// The elements of a row from `from` on, a multiple of the lanes.
  Val addRow(State state, Val sums, Val from) {
    unsigned depth = numLoops - 1;
    if (nest.isOpen(depth)) {
      const Val rest = sizes[depth] % numLanes, whole = sizes[depth] - rest;
      sums = addVectors(state, sums, from, whole);
      return either(
          rest > 0, [&] { return Vals{addLanes(state, sums, whole, lanesBelow(rest))}; },
          [&] { return Vals{sums}; })[0];
    }
    int64_t length = nest.extents[depth], rest = length % numLanes;
    if (length >= numLanes)
      sums = addVectors(state, sums, from, index(length - rest));
    return rest ? addLanes(state, sums, index(length - rest), firstLanes(rest)) : sums;
  }

  /// The elements from `at` on, of the lanes that are there.
  Val addLanes(State state, Val sums, Val at, Val active) {
    state.lanes = numLanes;
    state.active = active;
    return select(active, addHere(enter(state, numLoops - 1, at), sums), sums);
  }
  Val lanesBelow(Val end) { return lanes(numLanes, i32()) < splat(resize(end, i32()), numLanes); }

  Val addHere(const State &state, Val sums) {
    return {this, combine(sums, widen(element(state), numLanes))};
  }

  /// Elements `from` .. `to` of a row, as many as fill all lanes.
  Val addVectors(State state, Val sums, Val from, Val to) {
    state.lanes = numLanes;
    return loop(from, to, numLanes, {sums}, [&](Val i, const Vals &carried) -> Vals {
      return {addHere(enter(state, numLoops - 1, i), carried[0])};
    })[0];
  }

  /// Elements `from` .. `to` of a row, which may begin and end between two lots of lanes.
  Val addPart(State state, Val sums, Val from, Val to) {
    if (cutsAreAligned())
      return addVectors(state, sums, from, to);
    const int64_t length = nest.extents.back(), rest = length % numLanes;
    auto addLot = [&](Val i, Val active, Val sums) -> Vals {
      state.lanes = numLanes;
      state.active = active;
      Val next = addHere(enter(state, numLoops - 1, i), sums);
      return {select(lanesBelow(from - i), sums, select(lanesBelow(to - i), next, sums))};
    };
    sums = loop(from - from % numLanes, min(to, length - rest), numLanes, {sums},
                [&](Val i, const Vals &carried) { return addLot(i, Val(), carried[0]); })[0];
    return either(
        to > length - rest,
        [&] { return addLot(index(length - rest), rest ? firstLanes(rest) : Val(), sums); },
        [&] { return Vals{sums}; })[0];
  }

  /// Do all blocks begin at a multiple of the lanes in their rows?
  bool cutsAreAligned() const {
    return numParallel + 1 == numLoops || nest.extents.back() % numLanes == 0;
  }

  /// As addRows, with blocks: `carried` is the sums of the block that is being added up, and how
  /// many elements came before. As the fold pairs lanes that are 8, 4, 2, 1 apart, it gives the
  /// same number wherever a block has its lane 0.
  Vals addRowsOfBlocks(unsigned depth, const State &state, const Vals &carried, Val none) {
    if (depth + 1 < numLoops)
      return loop(index(0), sizes[depth], 1, carried, [&](Val i, const Vals &now) {
        return addRowsOfBlocks(depth + 1, enter(state, depth, i), now, none);
      });
    const Val length = sizes[depth];
    Val sums = carried[0], before = carried[1];
    if (depth == numParallel) // one row: its blocks begin with it
      sums = addAcross(state, sums, before, none);
    else
      sums = either(
          before % blockElements + length < blockElements,
          [&] { return Vals{addRow(state, sums)}; },
          [&] { return Vals{addAcross(state, sums, before, none)}; })[0];
    return {rotateByRow(sums), before + length};
  }

  /// A row in which blocks end.
  Val addAcross(const State &state, Val sums, Val before, Val none) {
    const Val length = sizes.back();
    Val begun = before % blockElements; // elements that the first block has already
    sums = loop(index(0) - begun, length - (blockElements - 1), blockElements, {sums},
                [&](Val start, const Vals &carried) -> Vals {
                  Val sum = addPart(state, carried[0], max(start, 0), start + blockElements);
                  blocks->push((before + start) / blockElements, {this, fold(sum)});
                  return {none};
                })[0];
    Val last = length - (begun + length) % blockElements;
    if (cutsAreAligned())
      return addRow(state, sums, last);
    return addPart(state, sums, last, length);
  }

  /// Lane k becomes lane k - by.
  Val rotate(Val sums, int64_t by) {
    SmallVector<int64_t> from;
    for (int64_t k = 0; k < numLanes; ++k)
      from.push_back((((k + by) % numLanes) + numLanes) % numLanes);
    return by % numLanes ? emit::shuffle(sums, sums, from) : sums;
  }

  /// A row has ended. A single one that is open needs no next one in lane 0: the fold is the same.
  Val rotateByRow(Val sums) {
    return nest.isOpen(numLoops - 1) ? sums : rotate(sums, nest.extents.back());
  }

  Val firstLanes(int64_t count) {
    SmallVector<bool> mask;
    for (int64_t k = 0; k < numLanes; ++k)
      mask.push_back(k < count);
    auto type = cast<ShapedType>(vector(numLanes, b.getI1Type()));
    return {this, arith::ConstantOp::create(b, DenseElementsAttr::get(type, mask))};
  }

  /// Lanes i and i + 8, then i + 4, 2, 1.
  Value fold(Val sums) {
    for (int64_t half = numLanes / 2; half >= 1; half /= 2) {
      SmallVector<int64_t> low, high;
      for (int64_t i = 0; i < half; ++i) {
        low.push_back(i);
        high.push_back(half + i);
      }
      if (half == 1)
        return combine(lane(sums, 0), lane(sums, 1));
      sums = {this, combine(emit::shuffle(sums, sums, low), emit::shuffle(sums, sums, high))};
    }
    return sums;
  }

  /// The combination of two values of any width.
  Value combine(Value accumulator, Value x) {
    Operation *copy = combination.op->clone();
    copy->setOperand(combination.accumulator, accumulator);
    copy->setOperand(1 - combination.accumulator, x);
    copy->getResult(0).setType(x.getType());
    return b.insert(copy)->getResult(0);
  }

  /// What a reduction combines here.
  Value element(const State &state) {
    IRMapping map = evaluate(state, {});
    return valueOf(map, combination.op->getOperand(1 - combination.accumulator));
  }

  // ---- operands

  State start(State state) {
    for (unsigned k = 0; k < nest.numInputs; ++k)
      loadIfReady(state, k, -1);
    return state;
  }

  /// Loop `depth` has begun and stands at i.
  State enter(const State &outer, unsigned depth, Val i) {
    State state = outer;
    state.position[depth] = i;
    for (auto [k, access] : llvm::enumerate(nest.operands)) {
      if (int64_t stride = access.strides[depth])
        state.at[k] =
            (memory(state.at[k]) + (nest.isOpen(k, depth) ? i * strides[k][depth] : i * stride))
                .as(bitsOf(access.element));
      if (k < nest.numInputs)
        loadIfReady(state, k, depth);
    }
    return state;
  }

  void loadIfReady(State &state, unsigned k, int depth) {
    ArrayRef<int64_t> strides = nest.operands[k].strides;
    int last = -1;
    for (unsigned d = 0; d < strides.size(); ++d)
      if (strides[d])
        last = d;
    if (last != depth)
      return;
    const Step step = stepOf(k);
    state.loaded[k] = loadElements(state.at[k], step, step.known ? state : State());
  }

  Value startOf(const State &state, unsigned k) {
    if (nest.start)
      return constantOf(nest.start);
    const Step step = stepOf(k);
    return loadElements(state.at[k], step, step.known ? state : State());
  }

  void store(const State &state, unsigned k, Value value) {
    const Step step = stepOf(k);
    Ptr to = memory(state.at[k]);
    if (state.lanes == 1 || step.known == 0)
      return storeElements(to, {this, value});
    Val values = {this, widen(value, state.lanes)};
    if (step.known == 1)
      return storeElements(to, values);
    for (int64_t i = 0; i < state.lanes; ++i)
      storeElements(step.from(to, i), lane(values, i));
  }

  /// How far the lanes of an operand are apart.
  struct Step {
    int64_t known; ///< of the most rows where it is open
    Val open;

    Ptr from(Ptr p, int64_t lane) const { return open.emit ? p + open * lane : p + lane * known; }
  };
  Step stepOf(unsigned k) {
    return wide < 0 ? Step{0, {}} : Step{nest.operands[k].strides[wide], strides[k][wide]};
  }

  /// i1 is a byte in memory.
  Type memoryType(Type element) { return element.isInteger(1) ? b.getI8Type() : element; }
  Ptr memory(Ptr p) { return p.as(memoryType(p.element)); }

  /// One element, or as many as there are lanes, `stride` apart.
  Value loadElements(Ptr from, const Step &step, const State &state) {
    Ptr p = memory(from);
    int64_t lanes = state.lanes;
    Val value;
    if (lanes == 1) {
      value = p.load();
    } else if (step.known == 1 && !step.open.emit) {
      value = state.active.emit ? p.load(lanes, state.active) : p.load(lanes);
    } else {
      SmallVector<Value> parts;
      for (int64_t i = 0; i < lanes; ++i)
        parts.push_back(loadLane(step.from(p, i), state.active, i));
      value = {this, vector::FromElementsOp::create(b, cast<VectorType>(vector(lanes, p.element)),
                                                    parts)};
    }
    if (!from.element.isInteger(1))
      return value;
    Type bits = lanes == 1 ? from.element : vector(lanes, from.element);
    return arith::TruncIOp::create(b, bits, value);
  }

  /// An element of a lane, 0 if the lane is not there.
  Val loadLane(Ptr from, Val active, int64_t number) {
    if (!active.emit)
      return from.load();
    return either(
        lane(active, number), [&] { return Vals{from.load()}; },
        [&] { return Vals{constant(from.element, int64_t(0))}; })[0];
  }

  void storeElements(Ptr to, Val value) {
    if (getElementTypeOrSelf(value.type()).isInteger(1)) {
      auto lanes = dyn_cast<VectorType>(value.type());
      Type bytes = lanes ? vector(lanes.getNumElements(), b.getI8Type()) : b.getI8Type();
      value = {this, arith::ExtUIOp::create(b, bytes, value)};
    }
    memory(to).emit::Ptr::store(value);
  }

  // ---- the body

  Value constantOf(TypedAttr value) { return arith::ConstantOp::create(b, value); }

  Value widen(Value value, int64_t lanes) {
    if (lanes == 1 || isa<VectorType>(value.getType()))
      return value;
    return splat({this, value}, lanes);
  }

  /// A value of the body; constants of the outside are copied in.
  Value valueOf(IRMapping &map, Value value) {
    if (Value known = map.lookupOrNull(value))
      return known;
    Operation *constant = value.getDefiningOp();
    if (!isa_and_nonnull<arith::ConstantOp>(constant)) {
      failed = true;
      nest.op->emitError("the loop body needs ") << value << ", which is no constant";
      return arith::ConstantOp::create(b, b.getZeroAttr(value.getType()));
    }
    Value copy = isNarrow(value.getType()) ? bitsOfConstant(cast<arith::ConstantOp>(constant))
                                           : b.insert(constant->clone())->getResult(0);
    map.map(value, copy);
    return copy;
  }

  // ---- narrow floats, which registers hold as bits

  static bool isNarrow(Type type) { return bitsOf(type) != type; }

  Value bitsOfConstant(arith::ConstantOp constant) {
    const APInt bits = cast<FloatAttr>(constant.getValue()).getValue().bitcastToAPInt();
    return arith::ConstantOp::create(
        b, b.getIntegerAttr(bitsOf(constant.getType()), bits.getSExtValue()));
  }

  /// Conversions, and what else computes with narrow floats: in f32, rounded after each operation.
  /// Others, which only hand them on, are left alone.
  bool evaluateNarrow(IRMapping &map, Operation &op) {
    const bool isFromNarrow = llvm::any_of(op.getOperandTypes(), isNarrow);
    const bool isToNarrow = llvm::any_of(op.getResultTypes(), isNarrow);
    if (!(isFromNarrow || isToNarrow) || isa<arith::SelectOp>(op))
      return false;
    Vals x;
    for (Value operand : op.getOperands()) {
      Val value{this, valueOf(map, operand)};
      x.push_back(isNarrow(operand.getType()) ? widened(value, operand.getType(), f32()) : value);
    }
    Val y;
    if (isa<arith::ExtFOp, arith::TruncFOp>(op)) {
      y = x[0];
    } else {
      Operation *copy = op.clone();
      int64_t lanes = 1;
      for (Val operand : x)
        if (auto type = dyn_cast<VectorType>(operand.type()))
          lanes = type.getNumElements();
      for (auto [i, operand] : llvm::enumerate(x))
        copy->setOperand(i, widen(operand, lanes));
      for (OpResult result : copy->getResults()) {
        Type type = isNarrow(result.getType()) ? f32() : result.getType();
        result.setType(lanes == 1 ? type : vector(lanes, type));
      }
      y = {this, b.insert(copy)->getResult(0)};
    }
    const Type to = op.getResult(0).getType();
    if (isNarrow(to))
      y = narrowed(resize(y, f32()), to);
    else if (isa<FloatType>(to))
      y = resize(y, to);
    map.map(op.getResult(0), y.value);
    return true;
  }

  Value indexOf(const State &state, unsigned dim) {
    int loop = nest.loopOf[dim];
    if (loop < 0)
      return arith::ConstantIndexOp::create(b, 0);
    Value value = arith::IndexCastOp::create(b, b.getIndexType(), state.position[loop]);
    if (loop != wide || state.lanes == 1)
      return value;
    auto type = cast<VectorType>(vector(state.lanes, b.getIndexType()));
    return arith::AddIOp::create(b, vector::BroadcastOp::create(b, type, value),
                                 vector::StepOp::create(b, type));
  }

  /// Every operation of the body, in lanes where an operand is; for a reduction all but the
  /// combination, unless there are accumulators.
  IRMapping evaluate(const State &state, ArrayRef<Value> accumulators) {
    IRMapping map;
    unsigned buffer = 0;
    for (auto [argument, input] :
         llvm::zip_equal(nest.op.getRegionInputArgs(), nest.op.getDpsInputs()))
      map.map(argument,
              isa<MemRefType>(input.getType()) ? state.loaded[buffer++] : valueOf(map, input));
    for (auto [argument, value] : llvm::zip(nest.op.getRegionOutputArgs(), accumulators))
      map.map(argument, value);
    for (Operation &op : nest.op.getBody()->without_terminator()) {
      if (accumulators.empty() && &op == combination.op)
        continue;
      if (auto position = dyn_cast<linalg::IndexOp>(op)) {
        map.map(position.getResult(), indexOf(state, position.getDim()));
        continue;
      }
      if (evaluateNarrow(map, op))
        continue;
      SmallVector<Value> operands;
      for (Value operand : op.getOperands())
        operands.push_back(valueOf(map, operand));
      bool isWide = llvm::any_of(operands, [](Value v) { return isa<VectorType>(v.getType()); });
      Operation *copy = op.clone();
      for (Value result : copy->getResults())
        result.setType(bitsOf(result.getType()));
      if (isWide) {
        for (Value &operand : operands)
          operand = widen(operand, state.lanes);
        for (Value result : copy->getResults())
          result.setType(vector(state.lanes, result.getType()));
      }
      copy->setOperands(operands);
      b.insert(copy);
      map.map(op.getResults(), copy->getResults());
    }
    return map;
  }

  SmallVector<Value> body(const State &state, ArrayRef<Value> accumulators) {
    IRMapping map = evaluate(state, accumulators);
    SmallVector<Value> results;
    for (Value value : nest.op.getBody()->getTerminator()->getOperands())
      results.push_back(valueOf(map, value));
    return results;
  }

  const Nest &nest;
  unsigned numLoops, numParallel = 0;
  int64_t numTerms = 1;      ///< of a reduction, per output; the most if they are open
  bool termsAreOpen = false; ///< how many they are is known when it runs
  Val terms;
  Vals sizes;                ///< extents
  std::vector<Vals> strides; ///< per operand, per loop; null where the code knows it
  int wide = -1;             ///< the loop that goes in lanes
  Combination combination;
  NestCut cut;
  std::optional<std::pair<Val, Val>> part; ///< of the loop `wide` that a task does
  std::unique_ptr<Pairwise> blocks;        ///< of a sum of more terms than a block has
  /// What is done for an output instead of all its sum.
  std::function<void(const State &)> eachOutput;
  bool failed = false;
};

} // namespace

FailureOr<SmallVector<unsigned>> generateNest(ModuleOp module, StringRef symbol, const Nest &nest) {
  NestWriter writer(module, symbol, nest);
  if (failed(writer.write()))
    return failure();
  return writer.places;
}

} // namespace kerf::codegen::cpu
