// Every kernel in one object, lowered and optimised as artefacts are, linked into this process. All
// tests run once for each target, and once more with small tasks.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "abi.h"

#include "codegen/backend.h"
#include "codegen/compile.h"
#include "codegen/cpu/attention_tile.h"
#include "codegen/cpu/emit.h"
#include "codegen/cpu/math.h"
#include "codegen/cpu/scalar_code.h"
#include "codegen/host/object.h"
#include "codegen/kernels.h"
#include "codegen/schedule/steps.h"
#include "codegen/tools/load.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <atomic>
#include <map>
#include <thread>

using namespace mlir;
using namespace kerf::codegen::cpu::emit;

/// name(x, y, n): y[i] = op(x[i]), or name(x, z, y, n): y[i] = op(x[i], z[i]); eight at a time and
/// the rest alone, or all alone.
template <class Op>
static void emitMap(ModuleOp module, const std::string &name, Type element, bool scalar) {
  CalledFunction k(module, "kerf_kernel_" + name);
  std::vector<Ptr> x(Op::template hasTrait<OpTrait::OneOperand>() ? 1 : 2);
  for (Ptr &p : x)
    p = k.pointer(element);
  Ptr y = k.pointer(element);
  Val n = k.size(), eights = scalar ? k.index(0) : n / 8 * 8;
  auto map = [&](int64_t lanes) {
    return [&, lanes](Val i) {
      Vals values;
      for (Ptr p : x)
        values.push_back((p + i).load(lanes));
      SmallVector<Value> operands(values.begin(), values.end());
      (y + i).store(Val(&k, Op::create(k.b, values[0].type(), operands)));
    };
  };
  k.loop(0, eights, 8, map(8));
  k.loop(eights, n, 1, map(1));
}

/// exp_of_negative(x, y, n), eight at a time and the rest alone; exp_of_negative_scalar: all alone.
static void emitExpOfNegative(ModuleOp module, bool scalar) {
  CalledFunction k(module, std::string("kerf_kernel_exp_of_negative") + (scalar ? "_scalar" : ""));
  Ptr x = k.pointer(), y = k.pointer();
  Val n = k.size(), eights = scalar ? k.index(0) : n / 8 * 8;
  k.loop(0, eights, 8, [&](Val i) { (y + i).store(expOfNegative((x + i).load(8))); });
  k.loop(eights, n, 1, [&](Val i) { (y + i).store(expOfNegative((x + i).load())); });
}

/// "exp", "exp_scalar", "exp_f64" and "exp_f64_scalar".
template <class Op> static void emitMaps(ModuleOp module, const std::string &name) {
  OpBuilder b(module.getContext());
  for (bool scalar : {false, true}) {
    const std::string suffix = scalar ? "_scalar" : "";
    emitMap<Op>(module, name + suffix, b.getF32Type(), scalar);
    emitMap<Op>(module, name + "_f64" + suffix, b.getF64Type(), scalar);
  }
}

/// products_of_blocks(a, b, c, what the function takes): `first` as a number.
static void emitProducts(ModuleOp module) {
  StringRef products = kerf::codegen::cpu::attentionProductsFunction(module);
  CalledFunction k(module, "kerf_kernel_products_of_blocks");
  SmallVector<Value> arguments;
  for (int i = 0; i < 3; ++i)
    arguments.push_back(k.pointer());
  for (int i = 0; i < 8; ++i)
    arguments.push_back(k.size());
  arguments.push_back(k.size() > 0);
  k.call(products, arguments);
}

/// interval_<name>(bounds, y) of every mask of `masks`: y[0] and y[1] are false and true as
/// intervals of i and j tell, which `bounds` has; mask_<name>(places, y): y[0] is the mask at one i
/// and j.
static void emitMasks(ModuleOp module) {
  OwningOpRef<ModuleOp> parsed =
      parseSourceString<ModuleOp>(kerf::test::masks, module.getContext());
  REQUIRE(parsed);
  for (auto mask : parsed->getOps<func::FuncOp>())
    for (bool isInterval : {true, false}) {
      CalledFunction k(module, (isInterval ? "kerf_kernel_interval_" : "kerf_kernel_mask_") +
                                   mask.getName().str());
      Ptr at = k.pointer(k.i64()), y = k.pointer(k.i64());
      Vals x;
      for (int64_t i = 0; i < 4; ++i)
        x.push_back((at + i).load());
      if (isInterval) {
        auto [low, high] =
            kerf::codegen::cpu::truthOf(k, mask.getBody(), {{x[0], x[1]}, {x[2], x[3]}});
        y.store(resize(low, k.i64()));
        (y + 1).store(resize(high, k.i64()));
      } else {
        y.store(resize(kerf::codegen::cpu::evaluate(
                           k, mask.getBody(), {resize(x[0], k.i32()), resize(x[2], k.i32())}, 1)[0],
                       k.i64()));
      }
    }
}

/// Of the target that is being tested.
static std::unique_ptr<kerf::codegen::Backend> chosen;
static const kerf::codegen::Backend &backend() { return *chosen; }

static Type elementType(MLIRContext &context, StringRef name) {
  Type type = parseType(name, &context);
  REQUIRE(type);
  return type;
}

/// Every kernel for every element type that it takes.
static void generateAll(ModuleOp module) {
  kerf::codegen::KernelFunctions functions(module, backend());
  for (const kerf::codegen::Kernel &kernel : backend().kernels()) {
    if (kernel.elements.empty())
      functions.function(kernel, {backend().target});
    for (StringRef element : kernel.elements)
      functions.function(kernel, {backend().target, elementType(*module.getContext(), element)});
  }
}

static kerf::codegen::LoadedObject compileAll() {
  DialectRegistry registry;
  kerf::codegen::registerCodegen(registry);
  backend().registerDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  generateAll(*module);
  emitMaps<math::ExpOp>(*module, "exp");
  emitMaps<math::ExpM1Op>(*module, "expm1");
  emitMaps<math::LogOp>(*module, "log");
  emitMaps<math::Log1pOp>(*module, "log1p");
  emitMaps<math::TanhOp>(*module, "tanh");
  emitMaps<math::SinOp>(*module, "sin");
  emitMaps<math::CosOp>(*module, "cos");
  emitMaps<math::ErfOp>(*module, "erf");
  emitMaps<math::ErfcOp>(*module, "erfc");
  emitMaps<math::PowFOp>(*module, "pow");
  emitMaps<arith::RemFOp>(*module, "remainder");
  emitProducts(*module);
  emitMasks(*module);
  for (bool scalar : {false, true})
    emitExpOfNegative(*module, scalar);
  for (auto function : module->getOps<func::FuncOp>())
    if (function.getName().starts_with("kerf_kernel_")) {
      function.setPublic();
      function->removeAttr("llvm.linkage");
    }
  REQUIRE(succeeded(kerf::codegen::lowerToLLVM(*module, backend())));
  kerf::codegen::Object object("kernels", kerf::codegen::Sanitizer::none);
  REQUIRE(succeeded(object.add(*module, backend())));
  FailureOr<std::string> bytes = object.write(module->getLoc());
  REQUIRE(succeeded(bytes));
  return llvm::cantFail(kerf::codegen::LoadedObject::load(*bytes));
}

void *kerf::test::kernelAddress(const std::string &name) {
  static std::map<std::pair<std::string, int64_t>, kerf::codegen::LoadedObject> objects;
  const kerf::codegen::Target &target = backend().target;
  const std::pair key(target.name, target.sharing.taskWork);
  auto object = objects.find(key);
  if (object == objects.end())
    object = objects.emplace(key, compileAll()).first;
  return llvm::cantFail(
      object->second.find(kerf::codegen::Object::nameIn(target, "kerf_kernel_" + name)));
}

/// A kernel by its name for people: "gemm_f64".
static std::pair<const kerf::codegen::Kernel *, StringRef> named(StringRef name) {
  for (const kerf::codegen::Kernel &kernel : backend().kernels()) {
    StringRef suffix = name;
    if (!suffix.consume_front(kernel.name))
      continue;
    if (suffix.empty())
      return {&kernel, "f32"};
    if (suffix.consume_front("_") && llvm::is_contained(kernel.elements, suffix))
      return {&kernel, suffix};
  }
  FAIL("there is no kernel " << name.str());
  return {};
}

static kerf::codegen::Scratch scratchOf(const std::string &name,
                                        const std::vector<int64_t> &sizes) {
  auto [kernel, element] = named(name);
  MLIRContext context;
  return kernel->scratchFor(sizes, {backend().target, elementType(context, element)});
}

size_t kerf::test::scratchBytes(const std::string &name, const std::vector<int64_t> &sizes) {
  return scratchOf(name, sizes).shared;
}

/// Threads that live as long as a run: whoever comes takes the next number.
static void runOnThreads(kerf_pool *, uint64_t workers, uint64_t count, kerf_task task,
                         void *closure) {
  std::atomic<uint64_t> next = 0;
  auto work = [&](uint64_t worker) {
    for (uint64_t number; (number = next++) < count;)
      task(closure, number, worker);
  };
  std::vector<std::thread> threads;
  for (uint64_t worker = 1; worker < workers; ++worker)
    threads.emplace_back(work, worker);
  work(0);
  for (std::thread &thread : threads)
    thread.join();
}

struct kerf::test::WorkersOfCall::State {
  kerf_pool pool{runOnThreads};
  kerf_context context{};
  std::vector<char> memory;
  kerf_call call{};
};

static constexpr size_t fence = 64;

kerf::test::WorkersOfCall::WorkersOfCall(const std::string &kernel,
                                         const std::vector<int64_t> &sizes)
    : state(std::make_unique<State>()) {
  static unsigned turn = 0;
  constexpr uint64_t workers[] = {1, 2, 3, 7};
  const bool isKernel = llvm::any_of(
      backend().kernels(), [&](const auto &known) { return kernel.starts_with(known.name); });
  const uint64_t bytes = llvm::alignTo(isKernel ? scratchOf(kernel, sizes).own : 0, 64) + fence;
  state->context.pool = &state->pool;
  state->call.workers = workers[turn++ % std::size(workers)];
  state->call.own_bytes = bytes;
  state->call.context = &state->context;
  state->memory.assign(bytes * state->call.workers + 64, char(0xff));
  state->call.own = reinterpret_cast<void *>(
      llvm::alignTo(reinterpret_cast<uintptr_t>(state->memory.data()), 64));
}

kerf::test::WorkersOfCall::~WorkersOfCall() {
  const auto *own = static_cast<const unsigned char *>(state->call.own);
  for (uint64_t worker = 0; worker < state->call.workers; ++worker)
    for (size_t i = 1; i <= fence; ++i)
      CHECK(own[(worker + 1) * state->call.own_bytes - i] == 0xff);
}

const void *kerf::test::WorkersOfCall::call() const { return &state->call; }

double kerf::test::flops(const std::string &name, const std::vector<int64_t> &sizes) {
  auto [kernel, element] = named(name);
  MLIRContext context;
  return kernel->work(sizes, {backend().target, elementType(context, element)}).flops;
}

TEST_CASE("kernels: their element types", "[kernels]") {
  MLIRContext context;
  auto fits = [&](StringRef kernel, std::vector<const char *> operands, const char *result) {
    std::vector<Type> types;
    for (const char *operand : operands)
      types.push_back(elementType(context, operand));
    return backend().kernel(kernel)->elementFor(types, elementType(context, result));
  };
  CHECK(fits("argmin", {"f64"}, "i64") == Float64Type::get(&context));
  CHECK_FALSE(fits("argmin", {"f64"}, "i32"));
  CHECK(fits("argmin", {"f16"}, "i64") == Float32Type::get(&context)); // which it is in registers
  CHECK(fits("gemm", {"bf16", "f32"}, "f16") == Float32Type::get(&context));
  CHECK(fits("argmin", {"i8"}, "i64") == IntegerType::get(&context, 32));
  CHECK_FALSE(fits("vq", {"f16", "f16"}, "i64"));
  CHECK_FALSE(fits("argmin", {"f64", "f64"}, "i64"));
  CHECK(fits("scatter_add", {"i32", "i64"}, "i32") == IntegerType::get(&context, 32));
  CHECK_FALSE(fits("scatter_add", {"i32", "i64"}, "f32")); // T is one type
  CHECK(fits("gather", {"f64", "i64"}, "f64") == Type());
  CHECK(fits("uniform", {"i32", "i64"}, "f32") == Type());
  CHECK_FALSE(fits("uniform", {"i32", "i64"}, "f64"));
  CHECK(backend().kernel("softmax") == nullptr);
}

int main(int argc, char **argv) {
  Catch::Session session;
  if (const int code = session.applyCommandLine(argc, argv))
    return code;
  // Each target with tasks of the usual size, then one with tasks so small that all calls are cut.
  std::vector<std::unique_ptr<kerf::codegen::Backend>> backends = kerf::codegen::makeBackends();
  backends.push_back(
      std::move(kerf::codegen::makeBackends(kerf::codegen::Sharing::always()).back()));
  int failures = 0;
  for (auto &one : backends) {
    if (failures && session.configData().abortAfter > 0)
      break;
    chosen = std::move(one);
    std::printf("%s, tasks of %d\n", chosen->target.name.c_str(),
                int(chosen->target.sharing.taskWork));
    std::string lacking;
    for (unsigned bit = 0; bit < 64; ++bit)
      if ((chosen->features() & ~kerf_cpu_features()) >> bit & 1)
        lacking += std::string(" ") + kerf_cpu_feature_name(bit);
    if (lacking.empty())
      failures += session.run();
    else
      std::printf("not tested: this machine lacks%s\n", lacking.c_str());
  }
  return failures != 0;
}
