#include "codegen/schedule/kernel.h"
#include "codegen/backend.h"
#include "codegen/schedule/kernel_op.h"
#include "compiler/narrow.h"

#include "llvm/Support/ScopedPrinter.h"

#include <numeric>

using namespace mlir;

namespace kerf::codegen {

RankedTensorType typeOf(Value x) { return cast<RankedTensorType>(x.getType()); }
int64_t product(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1), std::multiplies<>());
}

bool Kernel::serves(Operation *op) const {
  return llvm::is_contained(ops, op->getName().getStringRef());
}

std::optional<Type> Kernel::elementFor(TypeRange operands, TypeRange results) const {
  Type element;
  auto fits = [&](StringRef wanted, Type type) {
    Type found = getElementTypeOrSelf(type);
    if (wanted == "*")
      return true;
    if (wanted.consume_front("~") && compiler::isNarrow(found))
      found = compiler::wideOf(found);
    if (wanted != "T")
      return llvm::to_string(found) == wanted;
    if (!element && llvm::is_contained(elements, llvm::to_string(found)))
      element = found;
    return element == found;
  };
  auto allFit = [&](StringRef side, TypeRange types) {
    SmallVector<StringRef> wanted;
    side.split(wanted, ',', -1, /*KeepEmpty=*/false);
    if (!wanted.empty() && wanted.back().trim() == "...") {
      wanted.pop_back();
      if (types.size() > wanted.size())
        types = types.take_front(wanted.size());
    }
    return wanted.size() == types.size() && llvm::all_of(llvm::zip(wanted, types), [&](auto pair) {
             return fits(std::get<0>(pair).trim(), std::get<1>(pair));
           });
  };
  auto [inputs, outputs] = types.split("->");
  if (!allFit(inputs, operands) || !allFit(outputs, results))
    return {};
  return element;
}

bool Kernel::takesNarrow(unsigned number, bool isResult) const {
  auto [inputs, outputs] = types.split("->");
  SmallVector<StringRef> side;
  (isResult ? outputs : inputs).split(side, ',');
  return number < side.size() && side[number].trim().starts_with("~");
}

std::string Kernel::nameFor(const KernelSpec &spec) const {
  std::string text = name;
  if (!spec.held.empty())
    for (Type held : spec.held)
      text += "_" + llvm::to_string(held);
  else if (spec.element && !spec.element.isF32())
    text += "_" + llvm::to_string(spec.element);
  return text;
}

Scratch Kernel::scratchFor(ArrayRef<int64_t> sizes, const KernelSpec &spec) const {
  return scratch ? scratch(sizes, spec) : Scratch();
}

std::optional<Type> elementOf(const Kernel &kernel, KernelOp call) {
  SmallVector<Type> results;
  for (Value init : call.getInits())
    if (!isScratch(init))
      results.push_back(init.getType());
  return kernel.elementFor(call.getInputs().getTypes(), results);
}

SmallVector<Type, 4> heldBy(TypeRange operands, TypeRange results) {
  SmallVector<Type, 4> held;
  for (TypeRange types : {operands, results})
    for (Type type : types)
      held.push_back(getElementTypeOrSelf(type));
  return llvm::any_of(held, compiler::isNarrow) ? held : SmallVector<Type, 4>();
}

KernelSpec specOf(const Kernel &kernel, KernelOp call, const Target &target) {
  SmallVector<Type> results;
  for (Value init : call.getInits())
    if (!isScratch(init))
      results.push_back(init.getType());
  return {target, *elementOf(kernel, call), call.getOpAttributes(), call.getOpRegions(),
          heldBy(call.getInputs().getTypes(), results)};
}

// Functions

KernelFunctions::KernelFunctions(ModuleOp module, const Backend &backend)
    : module(module), backend(backend) {
  Builder b(module.getContext());
  module->setAttr("kerf.target", b.getStringAttr(backend.target.name));
  module->setAttr("kerf.task_work", b.getI64IntegerAttr(backend.target.sharing.taskWork));
}

/// Do they say the same?
static bool areEqual(MutableArrayRef<Region> a, MutableArrayRef<Region> b) {
  return llvm::all_of_zip(a, b, [](Region &a, Region &b) {
    return OperationEquivalence::isRegionEquivalentTo(&a, &b,
                                                      OperationEquivalence::IgnoreLocations);
  });
}

StringAttr KernelFunctions::function(const Kernel &kernel, const KernelSpec &spec) {
  const std::string name = kernel.nameFor(spec);
  std::vector<const void *> types = {spec.element.getAsOpaquePointer()};
  for (Type held : spec.held)
    types.push_back(held.getAsOpaquePointer());
  auto &made = known[{kernel.name, spec.attributes.getAsOpaquePointer(), types}];
  for (auto [regions, function] : made)
    if (areEqual(regions, spec.regions))
      return function;
  SharedFunctions &functions = shared.try_emplace(kernel.name, module).first->second;
  auto generate = [&](StringRef draft) {
    kernel.generate(*this, draft, spec);
    return success();
  };
  return made.emplace_back(spec.regions, *functions.function("kerf_kernel_" + name, generate))
      .second;
}

StringAttr KernelFunctions::function(StringRef kernel, const KernelSpec &spec) {
  return function(*backend.kernel(kernel), spec);
}

} // namespace kerf::codegen
