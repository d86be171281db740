// Several targets in one artefact: which there may be, in which order their bodies stand, and which
// one a call runs.
#include "codegen/compile.h"
#include "codegen/tools/load.h"

#include "mlir/Parser/Parser.h"

#include "abi.h"

#include <catch2/catch.hpp>

using namespace kerf::codegen;
using namespace mlir;

namespace {

/// x + 0 ... 4095, a constant.
Compiled compileSum(const std::vector<std::string> &names) {
  std::string numbers;
  for (int i = 0; i < 4096; ++i)
    numbers += (i ? ", " : "") + std::to_string(i) + ".0";
  const std::string model = R"(
module attributes {kerf.model = "m"} {
func.func @f(%x: tensor<4096xf32> {kerf.name = "x"}) -> (tensor<4096xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %c = arith.constant dense<[)" +
                            numbers + R"(]> : tensor<4096xf32>
  %y = kerf.add %x, %c : tensor<4096xf32>
  return %y : tensor<4096xf32>
}
})";
  std::vector<Target> targets;
  std::string error;
  REQUIRE(parseTargets(names, targets, error));
  DialectRegistry registry;
  registerCodegen(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(model, &context);
  REQUIRE(module);
  FailureOr<Compiled> compiled = compile(*module, targets);
  REQUIRE(succeeded(compiled));
  return *compiled;
}

std::string refusal(const std::vector<std::string> &names) {
  std::vector<Target> targets;
  std::string error;
  CHECK_FALSE(parseTargets(names, targets, error));
  return error;
}

} // namespace

TEST_CASE("targets that cannot be are refused with those that there are", "[bodies]") {
  CHECK(refusal({"x86-64-v9"}) ==
        "target 'x86-64-v9' is unknown; there is x86-64-v4 and x86-64-v3");
  CHECK(refusal({"x86-64-v3", "X86-64-v4"}) ==
        "target 'X86-64-v4' is unknown; there is x86-64-v4 and x86-64-v3");
  CHECK(refusal({"sm_90a"}) ==
        "target 'sm_90a' is not built yet; there is x86-64-v4 and x86-64-v3");
  CHECK(refusal({"x86-64-v3", "x86-64-v4", "x86-64-v3"}) ==
        "target 'x86-64-v3' is named 2 times; an artefact has one body for it");
  CHECK(refusal({}) == "no target is named; there is x86-64-v4 and x86-64-v3");
}

TEST_CASE("the best body stands first, and a call takes the first that it may", "[bodies]") {
  const Compiled compiled = compileSum({"x86-64-v3", "x86-64-v4"});
  auto object = LoadedObject::load(compiled.object);
  REQUIRE(bool(object));
  const auto &entry =
      *static_cast<const kerf_entry *>(llvm::cantFail(object->find("m_f_descriptor")));
  REQUIRE(entry.num_bodies == 2);
  const kerf_body &best = entry.bodies[0], &base = entry.bodies[1];
  CHECK(best.target == std::string("x86-64-v4"));
  CHECK(best.cpu_features == KERF_CPU_X86_64_V4);
  CHECK(base.target == std::string("x86-64-v3"));
  CHECK(base.cpu_features == KERF_CPU_X86_64_V3);
  CHECK(best.run != base.run);

  const bool hasBest = (kerf_cpu_features() & KERF_CPU_X86_64_V4) == KERF_CPU_X86_64_V4;
  if (!hasBest)
    WARN("this machine cannot run x86-64-v4: only that it is not chosen is tested");
  CHECK(kerf_choose_body(&entry, KERF_CPU_ALL) == (hasBest ? &best : &base));
  CHECK(kerf_choose_body(&entry, best.cpu_features) == (hasBest ? &best : &base));
  CHECK(kerf_choose_body(&entry, base.cpu_features) == &base);
  for (unsigned bit = 0; bit < 64; ++bit)
    if (best.cpu_features >> bit & 1) {
      INFO(kerf_cpu_feature_name(bit));
      const bool needed = base.cpu_features >> bit & 1;
      CHECK(kerf_choose_body(&entry, ~(1ull << bit)) == (needed ? nullptr : &base));
    }
}

TEST_CASE("one target is one body; of several, memory and constants are one", "[bodies]") {
  const Compiled both = compileSum({"x86-64-v4", "x86-64-v3"});
  for (const char *name : {"x86-64-v3", "x86-64-v4"}) {
    const Compiled one = compileSum({name});
    REQUIRE(one.bodies.size() == 1);
    CHECK(one.bodies[0].target.name == name);
    CHECK(one.interface.entries[0].arenaBytes == both.interface.entries[0].arenaBytes);
    CHECK(one.fusion == both.fusion);
    CHECK(both.object.size() < one.object.size() + 4096); // the constant has 16 KiB
  }
}
