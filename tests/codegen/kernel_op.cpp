// What an op says, in attributes and in a region, goes with its call through every step to the
// kernel's generator; calls that want the same code share it.
#include "codegen/schedule/kernel_op.h"
#include "codegen/backend.h"
#include "codegen/compile.h"
#include "codegen/cpu/emit.h"
#include "codegen/host/object.h"
#include "codegen/schedule/steps.h"
#include "codegen/schedule/to_kernels.h"
#include "codegen/tools/call.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/load.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Parser/Parser.h"

#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::codegen;
using kerf::compiler::Literal;

namespace {

int timesGenerated = 0;

/// map(x, y | n): y[i] = factor * region(x[i]).
void generateMap(KernelFunctions &functions, StringRef symbol, const KernelSpec &spec) {
  using namespace cpu::emit;
  ++timesGenerated;
  const double factor = spec.attributes.getAs<FloatAttr>("factor").getValueAsDouble();
  CalledFunction f(functions.module, symbol);
  Ptr x = f.pointer(spec.element), y = f.pointer(spec.element);
  f.loop(0, f.size(), 1, [&](Val i) {
    Block &body = spec.regions[0].front();
    IRMapping map;
    map.map(body.getArgument(0), (x + i).load().value);
    for (Operation &op : llvm::drop_end(body))
      f.b.clone(op, map);
    (y + i).store(Val(&f, map.lookup(body.getTerminator()->getOperand(0))) * factor);
  });
}

std::optional<KernelForm> formOfMap(OpBuilder &, Operation *op) {
  return KernelForm(op->getOperands(), {typeOf(op->getOperand(0)).getNumElements()});
}

/// The usual backend, with the kernel `map` alone.
class OneKernel : public Backend {
public:
  OneKernel() : Backend(Target()), usual(backendFor(Target())) {
    all.push_back({.ops = {"test.map"},
                   .types = "T -> T",
                   .elements = {"f32", "f64"},
                   .attributes = {"factor"},
                   .form = formOfMap,
                   .generate = generateMap,
                   .name = "map"});
  }
  ArrayRef<Kernel> kernels() const override { return all; }
  int64_t elementsAtOnce() const override { return usual->elementsAtOnce(); }
  FailureOr<SmallVector<unsigned>> generateNest(ModuleOp module, StringRef symbol,
                                                const Nest &nest) const override {
    return usual->generateNest(module, symbol, nest);
  }
  void registerDialects(DialectRegistry &registry) const override {
    usual->registerDialects(registry);
  }
  void populateExpansion(RewritePatternSet &patterns) const override {
    usual->populateExpansion(patterns);
  }
  void addLowering(OpPassManager &pm) const override { usual->addLowering(pm); }
  std::unique_ptr<llvm::TargetMachine> machine(std::string &error) const override {
    return usual->machine(error);
  }
  void describe(llvm::Function &function) const override { usual->describe(function); }
  void addBeforeSanitizer(llvm::ModulePassManager &pm) const override {
    usual->addBeforeSanitizer(pm);
  }
  llvm::PipelineTuningOptions tuning() const override { return usual->tuning(); }
  uint64_t features() const override { return usual->features(); }

private:
  std::unique_ptr<Backend> usual;
  std::vector<Kernel> all;
};

DialectRegistry dialectsOf(const Backend &backend) {
  DialectRegistry registry;
  registerCodegen(registry);
  backend.registerDialects(registry);
  return registry;
}

/// %a and %b want the same code for other sizes, whatever they are called; %c another factor, %d
/// another region.
constexpr const char *model = R"(
module attributes {kerf.model = "t"} {
func.func @f(%x: tensor<7xf32> {kerf.name = "x"}, %z: tensor<3xf32> {kerf.name = "z"})
    -> (tensor<7xf32> {kerf.name = "a"}, tensor<3xf32> {kerf.name = "b"},
        tensor<7xf32> {kerf.name = "c"}, tensor<7xf32> {kerf.name = "d"}) attributes {kerf.entry} {
  %a = "test.map"(%x) ({
  ^bb0(%e: f32):
    %r = arith.mulf %e, %e : f32
    "test.yield"(%r) : (f32) -> ()
  }) {factor = 2.0 : f32} : (tensor<7xf32>) -> tensor<7xf32>
  %b = "test.map"(%z) ({
  ^bb0(%e: f32):
    %r = arith.mulf %e, %e : f32
    "test.yield"(%r) : (f32) -> ()
  }) {factor = 2.0 : f32, name = "b"} : (tensor<3xf32>) -> tensor<3xf32>
  %c = "test.map"(%x) ({
  ^bb0(%e: f32):
    %r = arith.mulf %e, %e : f32
    "test.yield"(%r) : (f32) -> ()
  }) {factor = 3.0 : f32} : (tensor<7xf32>) -> tensor<7xf32>
  %d = "test.map"(%x) ({
  ^bb0(%e: f32):
    %one = arith.constant 1.0 : f32
    %r = arith.addf %e, %one : f32
    "test.yield"(%r) : (f32) -> ()
  }) {factor = 2.0 : f32} : (tensor<7xf32>) -> tensor<7xf32>
  return %a, %b, %c, %d : tensor<7xf32>, tensor<3xf32>, tensor<7xf32>, tensor<7xf32>
}
}
)";

} // namespace

TEST_CASE("a call carries the attributes and the region of its op", "[kernel_op]") {
  const OneKernel backend;
  MLIRContext context(dialectsOf(backend), MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.allowUnregisteredDialects();
  OwningOpRef<ModuleOp> source = parseSourceString<ModuleOp>(model, &context);
  REQUIRE(source);
  OwningOpRef<ModuleOp> module = source->clone();
  FailureOr<Interface> interface = readInterface(*module);
  REQUIRE(succeeded(interface));
  REQUIRE(succeeded(convertToKernels(*module, backend)));
  SizeChoices choices;
  REQUIRE(succeeded(fuse(*module, backend, choices)));
  REQUIRE(succeeded(bufferize(*module, *interface)));
  std::string text; // as it is printed and read again
  llvm::raw_string_ostream(text) << *module;
  INFO(text);
  module = parseSourceString<ModuleOp>(text, &context);
  REQUIRE(module);
  int64_t calls = 0;
  module->walk([&](KernelOp) { ++calls; });
  CHECK(calls == 4);
  auto function = *module->getOps<func::FuncOp>().begin();
  forwardResults(function);
  prepareBody(function);
  FailureOr<uint64_t> arena = planArena(function, 0);
  REQUIRE(succeeded(arena));
  interface->entries[0].arenaBytes = *arena;
  const EntryPlan plan = describePlan(function, *arena, backend);
  CHECK(plan.calls.at(0).kernel == "map");

  timesGenerated = 0;
  REQUIRE(succeeded(emitBodies(*module, *interface, backend)));
  CHECK(timesGenerated == 3);
  for (const char *name : {"kerf_kernel_map", "kerf_kernel_map_1", "kerf_kernel_map_2"})
    CHECK(module->lookupSymbol(name));
  REQUIRE(succeeded(lowerToLLVM(*module, backend)));
  Object made("t", Sanitizer::none);
  REQUIRE(succeeded(made.add(*module, backend)));
  addExports(made.code(), *interface, Body{backend.target, backend.features()});
  FailureOr<std::string> bytes = made.write(module->getLoc());
  REQUIRE(succeeded(bytes));
  auto object = LoadedObject::load(*bytes);
  REQUIRE(bool(object));
  auto original = *source->getOps<func::FuncOp>().begin();
  const std::vector<Literal> inputs = randomInputs(original, 7);
  std::string error;
  const std::vector<Literal> results =
      call(*static_cast<const kerf_entry *>(llvm::cantFail(object->find("t_f_descriptor"))),
           original, inputs, error);
  INFO(error);
  REQUIRE(results.size() == 4);
  for (int i = 0; i < 7; ++i) {
    const float x = inputs[0].floats()[i];
    CHECK(results[0].floats()[i] == 2 * (x * x));
    CHECK(results[2].floats()[i] == 3 * (x * x));
    CHECK(results[3].floats()[i] == 2 * (x + 1));
  }
  for (int i = 0; i < 3; ++i) {
    const float z = inputs[1].floats()[i];
    CHECK(results[1].floats()[i] == 2 * (z * z));
  }
}

TEST_CASE("an op or a call that no kernel takes is refused in words", "[kernel_op]") {
  const OneKernel backend;
  MLIRContext context(dialectsOf(backend), MLIRContext::Threading::DISABLED);
  context.allowUnregisteredDialects();
  std::string said;
  context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) { said = diagnostic.str(); });
  auto refusal = [&](const std::string &op, const std::string &type) {
    const std::string text = "func.func @f(%x: tensor<7x" + type + ">) -> tensor<7x" + type +
                             "> {\n  %y = " + op + " -> tensor<7x" + type +
                             ">\n  return %y : tensor<7x" + type + ">\n}";
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    INFO(text << said);
    REQUIRE(module);
    CHECK(failed(convertToKernels(*module, backend)));
    return said;
  };
  CHECK(refusal("\"test.map\"(%x) {factor = 1.0 : f32} : (tensor<7xi32>)", "i32") ==
        "'test.map' op has no kernel for its types and sizes on x86-64-v3");
  auto call = [](const std::string &kernel, const std::string &type) {
    return "kerf_schedule.kernel \"" + kernel + "\"(%x : tensor<7x" + type +
           ">) outs(%x : tensor<7x" + type + ">) sizes = [7] for {}";
  };
  CHECK(refusal(call("softmax", "f32"), "f32") == "there is no kernel 'softmax'");
  CHECK(refusal(call("map", "i32"), "i32") == "kernel 'map' is not made for these element types");
}

TEST_CASE("a kernel's name is not taken for another one's element type", "[kernel_op]") {
  const OneKernel backend;
  MLIRContext context(dialectsOf(backend), MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  const auto copy = [](KernelFunctions &functions, StringRef symbol, const KernelSpec &spec) {
    cpu::emit::CalledFunction f(functions.module, symbol);
    cpu::emit::Ptr x = f.pointer(spec.element), y = f.pointer(spec.element);
    y.store(x.load());
  };
  Kernel copies{
      .ops = {}, .types = "T -> T", .elements = {"f64"}, .generate = copy, .name = "copy"};
  Kernel others{
      .ops = {}, .types = "T -> T", .elements = {"f32"}, .generate = copy, .name = "copy_f64"};
  KernelFunctions functions(*module, backend);
  const auto first = functions.function(copies, {backend.target, Float64Type::get(&context)});
  const auto second = functions.function(others, {backend.target, Float32Type::get(&context)});
  CHECK(first != second);
  CHECK(functions.function(copies, {backend.target, Float64Type::get(&context)}) == first);
}
