#include "codegen/tools/compare.h"

#include "codegen/compile.h"
#include "codegen/tools/call.h"
#include "codegen/tools/load.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

namespace {

class LoadedModule : public CompiledModule {
public:
  LoadedModule(std::string model, LoadedObject object)
      : model(std::move(model)), object(std::move(object)) {}

  std::vector<Literal> run(func::FuncOp function, ArrayRef<Literal> arguments,
                           std::string &error) override {
    auto descriptor = object.find((model + "_" + function.getName() + "_descriptor").str());
    if (!descriptor) {
      error = llvm::toString(descriptor.takeError());
      return {};
    }
    return call(*static_cast<const kerf_entry *>(*descriptor), function, arguments, error, workers);
  }

private:
  std::string model;
  LoadedObject object;
};

} // namespace

void CompiledModule::registerDialects(DialectRegistry &registry) { registerCodegen(registry); }

std::unique_ptr<CompiledModule> CompiledModule::compile(ModuleOp module, std::string &error,
                                                        const FusionOptions &fusion,
                                                        ArrayRef<Target> targets) {
  OwningOpRef<ModuleOp> copy = module.clone();
  auto model = copy->getOperation()->getAttrOfType<StringAttr>("kerf.model");
  if (!model) {
    model = StringAttr::get(module.getContext(), "test");
    copy->getOperation()->setAttr("kerf.model", model);
  }
  FailureOr<Compiled> compiled = kerf::codegen::compile(*copy, targets, fusion);
  if (failed(compiled)) {
    error = "see above";
    return nullptr;
  }
  llvm::Expected<LoadedObject> object = LoadedObject::load(compiled->object);
  if (!object) {
    error = llvm::toString(object.takeError());
    return nullptr;
  }
  return std::make_unique<LoadedModule>(model.str(), std::move(*object));
}

} // namespace kerf::codegen
