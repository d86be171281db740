// The tables and functions of codegen/runtime/abi.h, as LLVM IR. The layouts are those of C.
#include "codegen/host/object.h"
#include "codegen/schedule/steps.h"

#include "llvm/IR/IRBuilder.h"

#include <cstddef>

using namespace llvm;

namespace kerf::codegen {

static_assert(sizeof(kerf_argument) == 48 && offsetof(kerf_argument, dtype) == 16 &&
              offsetof(kerf_argument, shape) == 24 && offsetof(kerf_argument, bytes) == 32 &&
              offsetof(kerf_argument, per_row) == 40);
static_assert(sizeof(kerf_entry) == 72 && offsetof(kerf_entry, name) == 8 &&
              offsetof(kerf_entry, arena_bytes) == 24 && offsetof(kerf_entry, bodies) == 48 &&
              offsetof(kerf_entry, most_rows) == 56 && offsetof(kerf_entry, least_rows) == 64);
static_assert(sizeof(kerf_body) == 24 && offsetof(kerf_body, target) == 8 &&
              offsetof(kerf_body, run) == 16);
static_assert(sizeof(kerf_leaf) == 40 && offsetof(kerf_leaf, shape) == 16 &&
              offsetof(kerf_leaf, offset) == 24);
static_assert(sizeof(kerf_block) == 32 && offsetof(kerf_block, num_leaves) == 16 &&
              offsetof(kerf_block, leaves) == 24);

namespace {

class Exports {
public:
  Exports(Module &module, ArrayRef<Body> bodies)
      : module(module), context(module.getContext()), bodies(bodies),
        pointer(PointerType::get(context, 0)), i8(Type::getInt8Ty(context)),
        i16(Type::getInt16Ty(context)), i32(Type::getInt32Ty(context)),
        i64(Type::getInt64Ty(context)) {}

  /// What the header asks for when a program is linked.
  void addTie(const Interface &model) {
    publish("kerf_" + model.model + "_made_together_" + signatureHash(model),
            ConstantInt::get(i8, 0));
  }

  void addBlock(StringRef model, const Argument &block) {
    SmallVector<llvm::Constant *> leaves;
    for (const BlockLeaf &leaf : block.leaves)
      leaves.push_back(record({text(leaf.name), dtype(leaf.dtype), int32(leaf.shape.size()),
                               shape(leaf.shape), int64(leaf.offset), int64(leaf.bytes)}));
    publish((model + "_" + block.name + "_block").str(),
            record({text(block.name), int64(block.bytes), int32(leaves.size()), table(leaves)}));
  }

  void addEntry(StringRef symbol, const Entry &entry) {
    SmallVector<llvm::Constant *> arguments;
    for (const Argument &argument : entry.arguments)
      arguments.push_back(
          record({text(argument.name), int32(argument.isBlock), int32(argument.access),
                  dtype(argument.dtype), int32(argument.shape.size()), shape(argument.shape),
                  int64(argument.bytes), int64(argument.perRow)}));
    SmallVector<llvm::Constant *> rows;
    for (const Body &body : bodies)
      rows.push_back(record({int64(body.features), text(body.target.name),
                             module.getFunction(Object::nameIn(body.target, bodyName(symbol)))}));
    llvm::Constant *description = publish(
        (symbol + "_descriptor").str(),
        record({int32(KERF_ABI_VERSION), int32(arguments.size()), text(symbol), table(arguments),
                int64(entry.arenaBytes), int64(entry.workerBytes), int64(rows.size()), table(rows),
                int64(entry.mostRows), int64(entry.leastRows)}));
    addFunction(symbol, arguments.size(), description);
  }

private:
  /// kerf_status symbol(kerf_context *, DLTensor *...): packs the tensors and asks kerf_invoke.
  void addFunction(StringRef symbol, unsigned numArguments, llvm::Constant *description) {
    SmallVector<Type *> types(numArguments + 1, pointer);
    auto *function = Function::Create(FunctionType::get(i32, types, false),
                                      GlobalValue::ExternalLinkage, symbol, module);
    function->setDoesNotThrow();
    IRBuilder<> b(BasicBlock::Create(context, "", function));
    auto *packed = b.CreateAlloca(ArrayType::get(pointer, std::max(numArguments, 1u)));
    for (unsigned i = 0; i < numArguments; ++i)
      b.CreateStore(function->getArg(i + 1), b.CreateConstGEP1_64(pointer, packed, i));
    FunctionCallee invoke =
        module.getOrInsertFunction("kerf_invoke", i32, pointer, pointer, pointer);
    b.CreateRet(b.CreateCall(invoke, {description, function->getArg(0), packed}));
  }

  llvm::Constant *int32(uint64_t value) { return ConstantInt::get(i32, value); }
  llvm::Constant *int64(uint64_t value) { return ConstantInt::get(i64, value); }
  llvm::Constant *record(ArrayRef<llvm::Constant *> fields) {
    return ConstantStruct::getAnon(context, fields);
  }
  llvm::Constant *dtype(DLDataType dtype) {
    return record({ConstantInt::get(i8, dtype.code), ConstantInt::get(i8, dtype.bits),
                   ConstantInt::get(i16, dtype.lanes)});
  }

  llvm::Constant *hidden(llvm::Constant *value) {
    auto *global =
        new GlobalVariable(module, value->getType(), true, GlobalValue::PrivateLinkage, value);
    global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
    return global;
  }
  llvm::Constant *publish(const std::string &name, llvm::Constant *value) {
    return new GlobalVariable(module, value->getType(), true, GlobalValue::ExternalLinkage, value,
                              name);
  }
  llvm::Constant *text(StringRef value) {
    return hidden(ConstantDataArray::getString(context, value));
  }
  llvm::Constant *shape(ArrayRef<int64_t> extents) {
    if (extents.empty())
      return ConstantPointerNull::get(pointer);
    return hidden(ConstantDataArray::get(
        context, ArrayRef(reinterpret_cast<const uint64_t *>(extents.data()), extents.size())));
  }
  llvm::Constant *table(ArrayRef<llvm::Constant *> rows) {
    if (rows.empty())
      return ConstantPointerNull::get(pointer);
    return hidden(ConstantArray::get(ArrayType::get(rows[0]->getType(), rows.size()), rows));
  }

  Module &module;
  LLVMContext &context;
  ArrayRef<Body> bodies;
  PointerType *pointer;
  Type *i8, *i16, *i32, *i64;
};

} // namespace

void addExports(Module &module, const Interface &interface, ArrayRef<Body> bodies) {
  for (GlobalVariable &constant : module.globals())
    if (!constant.isDeclaration())
      constant.setLinkage(GlobalValue::InternalLinkage);
  for (Function &function : module)
    if (!function.isDeclaration()) {
      function.setLinkage(GlobalValue::InternalLinkage);
      function.setDoesNotThrow();
      if (function.getName().starts_with("kerf_loop_") ||
          function.getName().starts_with("kerf_kernel_"))
        function.addFnAttr(Attribute::NoInline);
    }
  Exports exports(module, bodies);
  exports.addTie(interface);
  for (const Argument &block : interface.blocks)
    exports.addBlock(interface.model, block);
  for (const Entry &entry : interface.entries)
    exports.addEntry(interface.symbol(entry), entry);
}

} // namespace kerf::codegen
