#include "codegen/tools/load.h"

#include "abi.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;

namespace kerf::codegen {

LoadedObject::LoadedObject(std::unique_ptr<orc::LLJIT> linker) : linker(std::move(linker)) {}
LoadedObject::LoadedObject(LoadedObject &&) noexcept = default;
LoadedObject &LoadedObject::operator=(LoadedObject &&) noexcept = default;
LoadedObject::~LoadedObject() = default;

/// The runtime is linked into this program without exporting its names, so they are given by hand.
static Error defineRuntime(orc::LLJIT &linker) {
  orc::SymbolMap symbols;
  auto define = [&](StringRef name, auto *function) {
    symbols[linker.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(function),
                                             JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  };
  define("kerf_invoke", kerf_invoke);
  define("kerf_run_tasks", kerf_run_tasks);
  define("kerf_context_init", kerf_context_init);
  define("kerf_cpu_features", kerf_cpu_features);
  define("kerf_status_name", kerf_status_name);
  return linker.getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols)));
}

Expected<LoadedObject> LoadedObject::load(StringRef object) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto linker = orc::LLJITBuilder().create();
  if (!linker)
    return linker.takeError();
  auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*linker)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*linker)->getMainJITDylib().addGenerator(std::move(*process));
  if (Error error = defineRuntime(**linker))
    return std::move(error);
  if (Error error = (*linker)->addObjectFile(MemoryBuffer::getMemBufferCopy(object, "model.o")))
    return std::move(error);
  return LoadedObject(std::move(*linker));
}

Expected<void *> LoadedObject::find(StringRef name) const {
  auto address = linker->lookup(name);
  if (!address)
    return address.takeError();
  return address->toPtr<void *>();
}

} // namespace kerf::codegen
