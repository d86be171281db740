// What stands in a generated header, and that C and both C++ compilers take it.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/artefact/files.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <cstdlib>
#include <fstream>

using Catch::Matchers::Contains;

namespace {

/// The header of a model given as functions without a body of interest.
llvm::Expected<std::string> headerOf(const char *source) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect>();
  context.allowUnregisteredDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
  REQUIRE(module);
  auto interface = kerf::codegen::readInterface(*module);
  REQUIRE(mlir::succeeded(interface));
  for (kerf::codegen::Entry &entry : interface->entries)
    entry.arenaBytes = 4096, entry.workerBytes = entry.name == "init" ? 0 : 64;
  kerf::codegen::Artefact artefact{
      {*interface, "", "", {}, {}}, kerf::codegen::hashSource(*module), ""};
  return kerf::codegen::writeHeader(artefact);
}

std::string complaintOf(const char *source) {
  auto header = headerOf(source);
  if (header)
    FAIL("accepted");
  return llvm::toString(header.takeError());
}

std::string accepted(const char *source) {
  auto header = headerOf(source);
  if (!header)
    FAIL(llvm::toString(header.takeError()));
  return *header;
}

constexpr const char *toy = R"mlir(
module attributes {kerf.model = "toy", kerf.constants = {warmup_steps = 100 : i64, low = -3 : i64}} {
  func.func @init(
      %a: tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.0.weight"},
      %b: tensor<4xf32> {kerf.role = "params", kerf.name = "layers.0.bias"},
      %c: tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.1.weight"},
      %d: tensor<4xf32> {kerf.role = "params", kerf.name = "layers.1.bias"},
      %e: tensor<7xf32> {kerf.role = "params", kerf.name = "heads.0.default"},
      %f: tensor<9xf32> {kerf.role = "params", kerf.name = "heads.1.default"},
      %key: tensor<2xi32> {kerf.name = "key", kerf.dtype = "uint32"})
    -> (tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.0.weight"},
        tensor<4xf32> {kerf.role = "params", kerf.name = "layers.0.bias"},
        tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.1.weight"},
        tensor<4xf32> {kerf.role = "params", kerf.name = "layers.1.bias"},
        tensor<7xf32> {kerf.role = "params", kerf.name = "heads.0.default"},
        tensor<9xf32> {kerf.role = "params", kerf.name = "heads.1.default"}) attributes {kerf.entry} {
    return %a, %b, %c, %d, %e, %f
        : tensor<4x3xf32>, tensor<4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<7xf32>, tensor<9xf32>
  }
  func.func @train_step(
      %a: tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.0.weight"},
      %b: tensor<4xf32> {kerf.role = "params", kerf.name = "layers.0.bias"},
      %c: tensor<4x3xf32> {kerf.role = "params", kerf.name = "layers.1.weight"},
      %d: tensor<4xf32> {kerf.role = "params", kerf.name = "layers.1.bias"},
      %e: tensor<7xf32> {kerf.role = "params", kerf.name = "heads.0.default"},
      %f: tensor<9xf32> {kerf.role = "params", kerf.name = "heads.1.default"},
      %ma: tensor<4x3xf32> {kerf.role = "adam", kerf.name = "m.layers.0.weight"},
      %mb: tensor<4xf32> {kerf.role = "adam", kerf.name = "m.layers.0.bias"},
      %mc: tensor<4x3xf32> {kerf.role = "adam", kerf.name = "m.layers.1.weight"},
      %md: tensor<4xf32> {kerf.role = "adam", kerf.name = "m.layers.1.bias"},
      %me: tensor<7xf32> {kerf.role = "adam", kerf.name = "m.heads.0.default"},
      %mf: tensor<9xf32> {kerf.role = "adam", kerf.name = "m.heads.1.default"},
      %t: tensor<i64> {kerf.role = "adam", kerf.name = "t"},
      %x: tensor<5x3xf32> {kerf.name = "x"})
    -> (tensor<f32> {kerf.name = "loss"}, tensor<5xi64> {kerf.name = "codes"},
        tensor<i64> {kerf.name = "context"}) attributes {kerf.entry} {
    %loss, %codes = "test.make"(%a, %x) : (tensor<4x3xf32>, tensor<5x3xf32>) -> (tensor<f32>, tensor<5xi64>)
    return %loss, %codes, %t : tensor<f32>, tensor<5xi64>, tensor<i64>
  }
})mlir";

/// A program's use of every part of the toy's header.
constexpr const char *use = R"cpp(
#include "toy.h"
#include <array>
#include <span>
#include <vector>

static_assert(toy::warmup_steps == 100 && toy::low == -3);
static_assert(toy::arena_bytes(1) == 4160 && toy::arena_bytes(3) == 4288);
static_assert(toy::arena_bytes((UINT64_MAX - 4096) / 64) == UINT64_MAX - 63);
static_assert(toy::arena_bytes((UINT64_MAX - 4096) / 64 + 1) == UINT64_MAX);
static_assert(sizeof(toy::Params) == toy_params_bytes && alignof(toy::Params) == 64);
static_assert(toy::TrainStepX::shape[0] == 5 && toy::TrainStepX::size == 15);
static_assert(!std::is_default_constructible_v<toy::Params>);

float use(std::span<const float> x) {
  kerf::Context context(toy::arena_bytes), two_workers(toy::arena_bytes, 2);
  const kerf::Pool pool(3);
  kerf::Context shares(toy::arena_bytes, pool), one_worker(toy::arena_bytes(1));
  kerf::Block<toy::Params> params;
  kerf::Block<toy::Adam> adam;
  toy::init(context, params, kerf::RandomKey(7));
  toy::init(context, params, std::array<std::uint32_t, 2>{1, 2});
  params->layers[1].weight(3, 2) = 1;
  params->layers[1].weight[3][2] += 1;
  for (float &value : params->heads._1.default_)
    value = 0;
  adam->m.layers[0].bias[3] = 2;
  adam->t = 0;
  kerf::View<const float, 4, 3> weight = params->layers[0].weight;
  std::vector<std::int64_t> codes(5);
  kerf::Block<kerf::Array<float, 5, 3>> batch;
  toy::TrainStepResults results = toy::train_step(context, params, adam, batch, codes);
  results = toy::train_step(context, *params, *adam, x, codes);
  const kerf_block &block = kerf::table<toy::Params>();
  return results.loss + float(results.context_) + weight(0, 0) + float(block.num_leaves);
}
)cpp";

constexpr const char *useInC = R"c(
#include "toy.h"
kerf_status use(kerf_context *context, DLTensor *params, DLTensor *key) {
  static char memory[toy_params_bytes];
  params->data = memory;
  if (kerf_arena_bytes(&toy_init_descriptor, 2) > toy_arena_bytes(2) ||
      toy_init_arena_bytes(2) > toy_train_step_arena_bytes(2) || toy_params_block.num_leaves < toy_warmup_steps)
    return KERF_ERROR_ARENA;
  return toy_init(context, params, key);
}
)c";

/// What the compiler says about `source` beside the toy's header.
int compile(const std::string &compiler, const std::string &file, const char *source) {
  std::ofstream(file) << source;
  std::string command = compiler + " -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I. -I" +
                        KERF_RUNTIME_INCLUDE + " " + file;
  INFO(command);
  return std::system(command.c_str());
}

TEST_CASE("a header compiles in C and in both C++ compilers, and offsets are those of the block") {
  std::ofstream("toy.h") << accepted(toy);
  for (const char *compiler : {"g++", KERF_CLANG})
    CHECK(compile(std::string(compiler) + " -std=c++20", "use_toy.cpp", use) == 0);
  for (const char *compiler : {"gcc", KERF_CLANG})
    CHECK(compile(std::string(compiler) + " -x c -std=c11", "use_toy.c", useInC) == 0);
}

TEST_CASE("equal numbered members are an array, unequal ones are members with an underscore") {
  std::string header = accepted(toy);
  CHECK_THAT(header, Contains("} layers[2];"));
  CHECK_THAT(header, Contains("::kerf::Array<float, 4, 3> weight;"));
  CHECK_THAT(header, Contains("} _1;"));
  CHECK_THAT(header, Contains("::kerf::Array<float, 9> default_;"));
}

TEST_CASE("a tree that another role repeats is written once") {
  std::string header = accepted(toy);
  CHECK_THAT(header, Contains("struct Params : ::kerf::Role, ParamsTensors {};"));
  CHECK_THAT(header, Contains("::toy::ParamsTensors m;"));
}

TEST_CASE("scalars come back by value, other results through views") {
  std::string header = accepted(toy);
  CHECK_THAT(header, Contains("using TrainStepCodes = ::kerf::View<::std::int64_t, 5>;"));
  CHECK_THAT(header, Contains("struct TrainStepResults {\n  float loss;\n"));
  CHECK_THAT(header, Contains("using InitKey = ::kerf::View<const ::std::uint32_t, 2>;"));
}

TEST_CASE("the source's hash does not depend on where the source lies") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect>();
  auto here = mlir::parseSourceString<mlir::ModuleOp>("module {} loc(\"/a/m.cpp\":1:1)", &context);
  auto there = mlir::parseSourceString<mlir::ModuleOp>("module {} loc(\"/b/m.cpp\":2:1)", &context);
  auto other = mlir::parseSourceString<mlir::ModuleOp>("module @m {}", &context);
  CHECK(kerf::codegen::hashSource(*here) == kerf::codegen::hashSource(*there));
  CHECK(kerf::codegen::hashSource(*here) != kerf::codegen::hashSource(*other));
}

TEST_CASE("the training's hash is of the entries that change a role and of what they call") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect>();
  const auto hash = [&](const char *step, const char *predict, const char *called) {
    const std::string text = std::string(R"mlir(
      func.func @step(%x: tensor<f32> {kerf.role = "params", kerf.name = "w"})
          -> (tensor<f32> {kerf.role = "params", kerf.name = "w"}) attributes {kerf.entry, )mlir") +
                             step + R"mlir(} { return %x : tensor<f32> }
      func.func @predict(%x: tensor<f32> {kerf.role = "params", kerf.name = "w"})
          -> (tensor<f32> {kerf.name = "y"}) attributes {kerf.entry, )mlir" +
                             predict + R"mlir(} { return %x : tensor<f32> }
      func.func private @called() attributes {)mlir" +
                             called + "}";
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    REQUIRE(module);
    return kerf::codegen::hashTraining(*module);
  };
  const std::string one = hash("a", "a", "a");
  CHECK(one.size() == 64);
  CHECK(one != hash("b", "a", "a"));
  CHECK(one == hash("a", "b", "a"));
  CHECK(one != hash("a", "a", "b"));
}

TEST_CASE("what cannot be said in C++ is refused in words") {
  CHECK_THAT(complaintOf(R"mlir(module attributes {kerf.model = "vq-vae"} {
    func.func @f(%x: tensor<f32> {kerf.name = "x"}) attributes {kerf.entry} { return }
  })mlir"),
             Contains("a model cannot be named 'vq-vae'"));
  CHECK_THAT(
      complaintOf(R"mlir(module attributes {kerf.model = "m", kerf.constants = {f = 1 : i64}} {
    func.func @f(%x: tensor<f32> {kerf.name = "x"}) attributes {kerf.entry} { return }
  })mlir"),
      Contains("model m has two things named 'm_f': the constant 'f' and the entry 'f'"));
  CHECK_THAT(complaintOf(R"mlir(module attributes {kerf.model = "m"} {
    func.func @f(%x: tensor<f32> {kerf.role = "p", kerf.name = "a"},
                 %y: tensor<f32> {kerf.role = "p", kerf.name = "a.b"}) attributes {kerf.entry} { return }
  })mlir"),
             Contains("role p: 'a.b' is both a tensor and a group of tensors"));
  CHECK_THAT(complaintOf(R"mlir(module attributes {kerf.model = "m"} {
    func.func @f(%x: tensor<f32> {kerf.role = "p", kerf.name = "a.x"},
                 %y: tensor<f32> {kerf.role = "p", kerf.name = "b.x"},
                 %z: tensor<f32> {kerf.role = "p", kerf.name = "a.y"}) attributes {kerf.entry} { return }
  })mlir"),
             Contains("do not follow each other"));
}

} // namespace
