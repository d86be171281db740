// Tasks => functions that the runtime calls, and closures of what they use.
#include "abi.h"

#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

#include <cstddef>

using namespace mlir;

namespace kerf::codegen {

static constexpr StringLiteral runTasks = "kerf_run_tasks";

namespace {

/// One kerf_schedule.tasks becomes two functions: `<function>_task<n>`, which takes what the body
/// uses, and the one that unpacks it from the closure. So pointers that do not alias in the
/// function do not alias in its tasks either.
class Outliner {
public:
  Outliner(ModuleOp module, func::FuncOp function, TasksOp tasks, unsigned number)
      : module(module), function(function), tasks(tasks),
        name((function.getName() + "_task" + Twine(number)).str()),
        b(tasks.getLoc(), module.getContext()), pointer(tasks.getCall().getType()) {}

  void outline() {
    sink();
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(tasks.getBody(), used);
    used.insert(tasks.getCall());
    captures.assign(used.begin(), used.end());
    SmallVector<Type> types;
    for (Value value : captures)
      types.push_back(value.getType());
    closureType = LLVM::LLVMStructType::getLiteral(module.getContext(), types);
    writeTask();
    writeUnpacking();
    replace();
  }

private:
  /// Numbers and addresses are computed in the body, from what has to come from outside.
  void sink() {
    Block &body = tasks.getBody().front();
    DenseMap<Operation *, Operation *> copies;
    std::function<Value(Value)> inside = [&](Value value) -> Value {
      Operation *op = value.getDefiningOp();
      if (!op || tasks->isProperAncestor(op) || op->getNumRegions() || !isPure(op))
        return value;
      unsigned position = cast<OpResult>(value).getResultNumber();
      if (Operation *known = copies.lookup(op))
        return known->getResult(position);
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(inside(operand));
      Operation *copy = op->clone();
      copy->setOperands(operands);
      place->getBlock()->getOperations().insert(place->getIterator(), copy);
      copies[op] = copy;
      return copy->getResult(position);
    };
    Operation *mark = arith::ConstantOp::create(b, b.getI64IntegerAttr(0));
    body.getOperations().push_front(mark);
    place = mark;
    SmallVector<OpOperand *> outside;
    tasks.getBody().walk([&](Operation *op) {
      for (OpOperand &operand : op->getOpOperands())
        if (!tasks.getBody().isAncestor(operand.get().getParentRegion()))
          outside.push_back(&operand);
    });
    for (OpOperand *operand : outside)
      operand->set(inside(operand->get()));
    mark->erase();
  }

  func::FuncOp makeFunction(const Twine &name, TypeRange arguments) {
    b.setInsertionPointAfter(function);
    auto made = func::FuncOp::create(b, name.str(), b.getFunctionType(arguments, {}));
    made.setPrivate();
    made->setAttr("llvm.linkage", LLVM::LinkageAttr::get(b.getContext(), LLVM::Linkage::Internal));
    if (Attribute ofBackend = function->getAttr("passthrough"))
      made->setAttr("passthrough", ofBackend);
    b.setInsertionPointToStart(made.addEntryBlock());
    return made;
  }

  /// name(what the body uses, number, own)
  void writeTask() {
    SmallVector<Type> types(closureType.getBody());
    llvm::append_values(types, b.getI64Type(), pointer);
    task = makeFunction(name, types);
    Block &entry = task.front(), &body = tasks.getBody().front();
    for (auto [value, argument] : llvm::zip(captures, entry.getArguments())) {
      value.replaceUsesWithIf(argument, [&](OpOperand &use) {
        return tasks.getBody().isAncestor(use.getOwner()->getParentRegion());
      });
      auto original = dyn_cast<BlockArgument>(value);
      if (original && original.getOwner() == &function.front() &&
          function.getArgAttr(original.getArgNumber(), "llvm.noalias"))
        task.setArgAttr(argument.getArgNumber(), "llvm.noalias", b.getUnitAttr());
    }
    body.getArgument(0).replaceAllUsesWith(entry.getArgument(captures.size()));
    body.getArgument(1).replaceAllUsesWith(entry.getArgument(captures.size() + 1));
    task.setArgAttr(captures.size() + 1, "llvm.noalias", b.getUnitAttr());
    entry.getOperations().splice(entry.end(), body.getOperations());
    b.setInsertionPointToEnd(&entry);
    func::ReturnOp::create(b);
  }

  Value slot(Value base, Type type, int32_t field) {
    return LLVM::GEPOp::create(b, pointer, type, base, ArrayRef<LLVM::GEPArg>{0, field});
  }
  Value field(Value call, Type type, int64_t offset) {
    Value at = LLVM::GEPOp::create(b, pointer, b.getI8Type(), call,
                                   ArrayRef<LLVM::GEPArg>{int32_t(offset)});
    return LLVM::LoadOp::create(b, type, at);
  }

  /// name_closure(closure, number, worker), a kerf_task
  void writeUnpacking() {
    unpacking = makeFunction(name + "_closure", {pointer, b.getI64Type(), b.getI64Type()});
    Block &entry = unpacking.front();
    SmallVector<Value> operands;
    Value call;
    for (auto [i, value] : llvm::enumerate(captures)) {
      operands.push_back(
          LLVM::LoadOp::create(b, value.getType(), slot(entry.getArgument(0), closureType, i)));
      if (value == tasks.getCall())
        call = operands.back();
    }
    operands.push_back(entry.getArgument(1));
    Value bytes = field(call, b.getI64Type(), offsetof(kerf_call, own_bytes));
    Value offset = arith::MulIOp::create(b, entry.getArgument(2), bytes);
    operands.push_back(LLVM::GEPOp::create(b, pointer, b.getI8Type(),
                                           field(call, pointer, offsetof(kerf_call, own)),
                                           ValueRange(offset)));
    func::CallOp::create(b, task, operands);
    func::ReturnOp::create(b);
  }

  void replace() {
    b.setInsertionPointToStart(&function.front());
    Value one = arith::ConstantOp::create(b, b.getI64IntegerAttr(1));
    Value closure = LLVM::AllocaOp::create(b, pointer, closureType, one);
    b.setInsertionPoint(tasks);
    for (auto [i, value] : llvm::enumerate(captures))
      LLVM::StoreOp::create(b, value, slot(closure, closureType, i));
    Value address = func::ConstantOp::create(b, unpacking.getFunctionType(),
                                             FlatSymbolRefAttr::get(unpacking.getSymNameAttr()));
    address = UnrealizedConversionCastOp::create(b, pointer, address).getResult(0);
    func::CallOp::create(b, runTasks, TypeRange(),
                         ValueRange{tasks.getCall(), tasks.getCount(), address, closure});
    tasks.erase();
  }

  ModuleOp module;
  func::FuncOp function, task, unpacking;
  TasksOp tasks;
  std::string name;
  ImplicitLocOpBuilder b;
  Type pointer;
  Operation *place = nullptr;
  SmallVector<Value> captures;
  LLVM::LLVMStructType closureType;
};

} // namespace

void outlineTasks(ModuleOp module) {
  SmallVector<std::pair<func::FuncOp, SmallVector<TasksOp>>> found;
  for (auto function : module.getOps<func::FuncOp>()) {
    SmallVector<TasksOp> tasks;
    function.walk([&](TasksOp op) { tasks.push_back(op); });
    if (!tasks.empty())
      found.emplace_back(function, tasks);
  }
  if (found.empty())
    return;
  OpBuilder b(module.getBody(), module.getBody()->begin());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext()), number = b.getI64Type();
  auto declared = func::FuncOp::create(b, module.getLoc(), runTasks,
                                       b.getFunctionType({pointer, number, pointer, pointer}, {}));
  declared.setPrivate();
  for (auto &[function, tasks] : found)
    for (auto [i, op] : llvm::enumerate(tasks))
      Outliner(module, function, op, i).outline();
}

} // namespace kerf::codegen
