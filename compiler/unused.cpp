#include "compiler/unused.h"
#include "compiler/open.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include "compiler/ops/cond.h"
#include "compiler/ops/jvp.h"
#include "compiler/ops/scan.h"
#include "compiler/ops/value_and_grad.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

/// The arguments of an entry, by number, on which something depends.
using Arguments = llvm::BitVector;

/// What follows from the arguments of an entry.
class Dependences {
public:
  explicit Dependences(func::FuncOp entry)
      : inLosses(entry.getNumArguments()), differentiated(entry.getNumArguments()) {
    SmallVector<Arguments> own(entry.getNumArguments(), Arguments(entry.getNumArguments()));
    for (auto [i, set] : llvm::enumerate(own))
      set.set(unsigned(i));
    ofResults = through(entry.getBody().front(), own);
  }

  SmallVector<Arguments> ofResults; ///< in the order of the results
  Arguments inLosses;               ///< on which a loss depends whose gradient is taken
  Arguments differentiated;         ///< in which it is taken

private:
  /// What the operands of a block's terminator depend on, from what its arguments do.
  SmallVector<Arguments> through(Block &block, ArrayRef<Arguments> arguments) {
    for (auto [argument, set] : llvm::zip_equal(block.getArguments(), arguments))
      sets[argument] = set;
    for (Operation &op : block.without_terminator())
      for (auto [result, set] : llvm::zip_equal(op.getResults(), resultsOf(op)))
        sets[result] = set;
    return setsOf(block.getTerminator()->getOperands());
  }

  SmallVector<Arguments> setsOf(ValueRange values) {
    return llvm::map_to_vector(values, [&](Value value) { return sets.lookup(value); });
  }

  SmallVector<Arguments> resultsOf(Operation &op) {
    SmallVector<Arguments> operands = setsOf(op.getOperands());
    if (auto grad = dyn_cast<ValueAndGradOp>(op)) {
      SmallVector<Arguments> results = through(grad.getBody().front(), operands);
      const Arguments loss = results.front();
      for (const Arguments &param : ArrayRef(operands).take_front(grad.getNumParams()))
        differentiated |= param;
      inLosses |= loss;
      results.append(grad.getNumParams(), loss);
      return results;
    }
    if (auto jvp = dyn_cast<JvpOp>(op)) {
      const unsigned params = jvp.getNumParams();
      SmallVector<Arguments> inside(ArrayRef(operands).take_front(params));
      llvm::append_range(inside, ArrayRef(operands).drop_front(2 * params));
      SmallVector<Arguments> results = through(jvp.getBody().front(), inside);
      Arguments all(inLosses.size());
      for (const Arguments &operand : operands)
        all |= operand;
      results.resize(op.getNumResults(), all); // tangents
      return results;
    }
    if (auto scan = dyn_cast<ScanOp>(op))
      return resultsOf(scan, operands);
    if (auto cond = dyn_cast<CondOp>(op)) {
      SmallVector<Arguments> results(op.getNumResults(), operands.front());
      for (Region &region : cond->getRegions())
        for (auto [result, set] :
             llvm::zip_equal(results, through(region.front(), ArrayRef(operands).drop_front())))
          result |= set;
      return results;
    }
    Arguments all(inLosses.size());
    for (const Arguments &operand : operands)
      all |= operand;
    return SmallVector<Arguments>(op.getNumResults(), all);
  }

  SmallVector<Arguments> resultsOf(ScanOp scan, ArrayRef<Arguments> operands) {
    const size_t carried = scan.getNumCarried(), inputs = scan.getNumInputs();
    const Arguments none(inLosses.size());
    SmallVector<Arguments> inside(operands);
    if (scan.getHasSteps())
      inside.erase(inside.begin() + carried + inputs);
    inside.insert(inside.begin() + carried, none); // the iteration's number
    const Arguments steps = scan.getHasSteps() ? operands[carried + inputs] : none;
    SmallVector<Arguments> results;
    for (bool changed = true; changed;) {
      results = through(scan.getBody().front(), inside);
      const Arguments &goesOn = scan.getStops() ? inside.front() : none;
      changed = false;
      for (auto [i, result] : llvm::enumerate(results)) {
        result |= steps;
        result |= goesOn;
        if (i >= carried)
          continue;
        changed |= result.test(inside[i]);
        inside[i] |= result;
        result = inside[i];
      }
    }
    return results;
  }

  DenseMap<Value, Arguments> sets;
};

/// An argument or a result of an entry, as its block and its name there.
struct Port {
  StringRef role, leaf;

  explicit Port(DictionaryAttr attributes) {
    if (auto given = attributes.getAs<StringAttr>("kerf.role"))
      role = given;
    leaf = attributes.getAs<StringAttr>("kerf.name");
  }
  /// What the program calls the argument.
  StringRef name() const { return role.empty() ? leaf : role; }
  /// Are both of one leaf: its next value, or what a state has for it, as m.fc.weight for
  /// fc.weight?
  bool isOf(const Port &other) const {
    auto endsIn = [](StringRef path, StringRef end) {
      return path == end || (path.consume_back(end) && path.ends_with("."));
    };
    return endsIn(leaf, other.leaf) || endsIn(other.leaf, leaf);
  }
};

class Entry {
public:
  explicit Entry(func::FuncOp function) : function(function), touched(function.getNumArguments()) {
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      arguments.emplace_back(function.getArgAttrDict(i));
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      results.emplace_back(function.getResultAttrDict(i));
    const Dependences dependences(function);
    used = dependences.inLosses;
    Operation *end = function.getBody().front().getTerminator();
    Arguments changes(function.getNumArguments());
    for (auto [result, set, value] :
         llvm::zip_equal(results, dependences.ofResults, end->getOperands())) {
      touched |= set;
      if (!isa<BlockArgument>(value))
        changes |= set;
      for (unsigned i : set.set_bits())
        if (result.role.empty() || !arguments[i].isOf(result))
          used.set(i);
    }
    explained = changes.reset(dependences.differentiated);
  }

  void warn() {
    llvm::MapVector<StringRef, bool> isWritten; // of the roles that are to be, whether one leaf is
    Operation *end = function.getBody().front().getTerminator();
    for (auto [result, value] : llvm::zip_equal(results, end->getOperands()))
      if (!result.role.empty()) {
        auto argument = dyn_cast<BlockArgument>(value);
        const bool stays = argument && arguments[argument.getArgNumber()].role == result.role &&
                           arguments[argument.getArgNumber()].leaf == result.leaf;
        isWritten[result.role] |= !stays;
      }
    for (auto [role, written] : isWritten)
      if (!written)
        function.emitWarning("entry ")
            << function.getName() << " does not write '" << role
            << "', which its function takes to be written; take it as const &";
    llvm::MapVector<StringRef, bool> isUsed;
    for (auto [i, argument] : llvm::enumerate(arguments))
      if (!isWritten.contains(argument.role))
        isUsed[argument.name()] |= touched.test(unsigned(i));
    for (auto [name, isUsed] : isUsed)
      if (!isUsed)
        function.emitWarning("entry ") << function.getName() << " does not use '" << name
                                       << "': nothing that it returns or writes depends on it";
  }

  func::FuncOp function;
  SmallVector<Port> arguments, results;
  Arguments used; ///< for more than its own next value
  Arguments
      explained; ///< for it, and not because a gradient is taken: by a step of given gradients

private:
  Arguments touched; ///< for anything
};

} // namespace

void warnOfUnused(ModuleOp module, const llvm::SetVector<StringRef> &params) {
  std::vector<Entry> entries;
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (!isCompanion(function))
      entries.emplace_back(function);
  auto isParam = [&](const Port &port) {
    return params.contains((port.role + "." + port.leaf).str());
  };
  // Of a block none of whose parameters is used nothing is said: so are the moments of Adam, each
  // of which is for its parameter alone.
  llvm::StringSet<> usedLeaves, usedRoles;
  for (const Entry &entry : entries)
    for (auto [i, argument] : llvm::enumerate(entry.arguments))
      if (isParam(argument)) {
        if (entry.used.test(i) || entry.explained.test(i))
          usedLeaves.insert(argument.leaf);
        if (entry.used.test(i))
          usedRoles.insert(argument.role);
      }
  llvm::StringSet<> said;
  for (Entry &entry : entries) {
    entry.warn();
    llvm::MapVector<StringRef, SmallVector<StringRef>> unused; // by role
    llvm::StringMap<unsigned> counts;
    for (const Port &argument : entry.arguments)
      if (isParam(argument)) {
        ++counts[argument.role];
        if (usedRoles.contains(argument.role) && !usedLeaves.contains(argument.leaf) &&
            said.insert(argument.leaf).second)
          unused[argument.role].push_back(argument.leaf);
      }
    for (const auto &[role, leaves] : unused)
      entry.function.emitWarning("no entry uses ")
          << leaves.size() << " of the " << counts[role] << " parameters of '" << role
          << "': " << llvm::join(ArrayRef(leaves).take_front(4), ", ")
          << (leaves.size() > 4 ? ", ..." : "");
  }
}

} // namespace kerf::compiler
