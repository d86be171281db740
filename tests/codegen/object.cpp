// What an object promises: its names, what it needs, and that it is the same every time.
#include "codegen/compile.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Object/ELFObjectFile.h"

#include <catch2/catch.hpp>
#include <set>

using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace mlir;

namespace {

constexpr const char *model = R"(
module attributes {kerf.model = "m"} {
func.func @step(%w: tensor<32x16xf32> {kerf.role = "params", kerf.name = "w"},
                %b: tensor<16xf32> {kerf.role = "params", kerf.name = "b"},
                %x: tensor<8x32xf32> {kerf.name = "x"})
    -> (tensor<32x16xf32> {kerf.role = "params", kerf.name = "w"},
        tensor<16xf32> {kerf.role = "params", kerf.name = "b"}, tensor<f32> {kerf.name = "loss"})
    attributes {kerf.entry} {
  %loss, %dw, %db = kerf.value_and_grad params(%w0 = %w : tensor<32x16xf32>, %b0 = %b : tensor<16xf32>)
      captures(%x0 = %x : tensor<8x32xf32>) {
    %z = kerf.contract %x0, %w0, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]
        : tensor<8x32xf32>, tensor<32x16xf32> -> tensor<8x16xf32>
    %bb = kerf.broadcast %b0, dims = [1] : tensor<16xf32> -> tensor<8x16xf32>
    %y = kerf.add %z, %bb : tensor<8x16xf32>
    %t = kerf.tanh %y : tensor<8x16xf32>
    %q = kerf.mul %t, %t : tensor<8x16xf32>
    %s = kerf.sum %q, axes = [0, 1] : tensor<8x16xf32> -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  %nw = kerf.sub %w, %dw : tensor<32x16xf32>
  %nb = kerf.sub %b, %db : tensor<16xf32>
  return %nw, %nb, %loss : tensor<32x16xf32>, tensor<16xf32>, tensor<f32>
}
}
)";

std::string compileModel() {
  DialectRegistry registry;
  registerCodegen(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(model, &context);
  REQUIRE(module);
  auto compiled = compile(*module, allTargets());
  REQUIRE(succeeded(compiled));
  CHECK(compiled->interface.entries.at(0).flops == 2 * (2.0 * 8 * 32 * 16)); // x w, and x^T dy
  return compiled->object;
}

struct Symbols {
  std::set<std::string> defined, needed;
};

/// The global symbols of an object.
Symbols symbolsOf(const std::string &bytes) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(bytes, "m.o"));
  REQUIRE(bool(object));
  Symbols symbols;
  for (llvm::object::SymbolRef symbol : (*object)->symbols()) {
    uint32_t flags = llvm::cantFail(symbol.getFlags());
    std::string name = llvm::cantFail(symbol.getName()).str();
    if (flags & llvm::object::SymbolRef::SF_Undefined)
      symbols.needed.insert(name);
    else if (flags & llvm::object::SymbolRef::SF_Global)
      symbols.defined.insert(name);
  }
  symbols.needed.erase("");
  return symbols;
}

} // namespace

TEST_CASE("an object shows its entries, their descriptions, its blocks and whose header fits, and "
          "nothing else",
          "[object]") {
  std::set<std::string> defined = symbolsOf(compileModel()).defined;
  CHECK(std::erase_if(defined, [](const std::string &name) {
          return name.starts_with("kerf_m_made_together_");
        }) == 1);
  CHECK(defined == std::set<std::string>{"m_step", "m_step_descriptor", "m_params_block"});
}

TEST_CASE("an object needs the runtime's check and libc's memory functions: it cannot allocate",
          "[object]") {
  std::set<std::string> needed = symbolsOf(compileModel()).needed;
  CHECK(needed.count("kerf_invoke") == 1);
  for (const char *allowed : {"kerf_invoke", "kerf_run_tasks", "memcpy", "memset", "memmove"})
    needed.erase(allowed);
  CHECK(needed == std::set<std::string>{});
}

TEST_CASE("the same module gives the same bytes", "[object]") {
  CHECK(compileModel() == compileModel());
}
