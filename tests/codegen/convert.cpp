// kerf ops on their way through convertToKernels, against the oracle: which axes collapse, which
// need a transpose, and that sizes and scratch fit the kernels.
#include "codegen/kernels.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/to_kernels.h"
#include "compiler/dialect.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"

#include <catch2/catch.hpp>

#include <utility>

using namespace mlir;
using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace kerf::test;

namespace {
/// Values of tensors as bytes, for the few ops that a conversion leaves.
class Machine {
public:
  std::vector<char> &of(Value x) {
    auto type = cast<RankedTensorType>(x.getType());
    auto &bytes = values[x.getAsOpaquePointer()];
    bytes.resize(type.getNumElements() * type.getElementTypeBitWidth() / 8, char(0xff));
    return bytes;
  }
  void run(func::FuncOp function) {
    for (Operation &op : function.getOps()) {
      if (auto transpose = dyn_cast<linalg::TransposeOp>(op))
        run(transpose);
      if (auto kernel = dyn_cast<KernelOp>(op))
        run(kernel);
    }
  }

private:
  void run(linalg::TransposeOp op) {
    auto from = cast<RankedTensorType>(op.getInput().getType());
    auto to = cast<RankedTensorType>(op->getResult(0).getType());
    const size_t width = from.getElementTypeBitWidth() / 8;
    const auto strides = stridesOf(from.getShape());
    std::vector<char> &in = of(op.getInput()), &out = of(op->getResult(0));
    forEachIndex(to.getShape(), [&](ArrayRef<int64_t> index, int64_t i) {
      int64_t place = 0;
      for (size_t axis = 0; axis < index.size(); ++axis)
        place += index[axis] * strides[op.getPermutation()[axis]];
      std::memcpy(&out[i * width], &in[place * width], width);
    });
  }
  static std::string nameOf(KernelOp op) {
    const auto backend = backendFor(Target());
    const Kernel &kernel = *backend->kernel(op.getName());
    return kernel.nameFor(specOf(kernel, op, backend->target));
  }
  /// Pointers and i64 travel alike, and arguments that a function does not take do no harm.
  void run(KernelOp op) {
    std::array<int64_t, 20> a{};
    size_t n = 0;
    std::vector<kerf::test::Scratch> results;
    for (Value x : op.getInputs())
      a[n++] = reinterpret_cast<int64_t>(of(x).data());
    for (Value x : op.getResults())
      results.emplace_back(of(x).size()), a[n++] = reinterpret_cast<int64_t>(results.back().get());
    for (int64_t size : op.getSizes())
      a[n++] = size;
    using I = int64_t;
    const std::vector<int64_t> sizes(op.getSizes().begin(), op.getSizes().end());
    const WorkersOfCall workers(nameOf(op), sizes);
    reinterpret_cast<void (*)(const void *, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I,
                              I)>(kernelAddress(nameOf(op)))(
        workers.call(), a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11],
        a[12], a[13], a[14], a[15], a[16], a[17], a[18], a[19]);
    for (auto [x, scratch] : llvm::zip(op.getResults(), results)) {
      CHECK(scratch.intact());
      std::memcpy(of(x).data(), scratch.get(), of(x).size());
    }
  }
  llvm::DenseMap<const void *, std::vector<char>> values;
};

/// Element i of a tensor held as bytes.
double element(const std::vector<char> &bytes, Type type, int64_t i) {
  auto as = [&]<class T>(T x) {
    std::memcpy(&x, &bytes[i * sizeof(T)], sizeof(T));
    return double(x);
  };
  if (type.isF32())
    return as(float());
  if (type.isF64())
    return as(double());
  return type.isInteger(64) ? as(int64_t()) : as(int32_t());
}
void setElement(std::vector<char> &bytes, Type type, int64_t i, double value) {
  auto as = [&]<class T>(T x) {
    x = T(value);
    std::memcpy(&bytes[i * sizeof(T)], &x, sizeof(T));
  };
  if (type.isF32())
    as(float());
  else if (type.isF64())
    as(double());
  else if (type.isInteger(64))
    as(int64_t());
  else
    as(int32_t());
}

/// How many kernels take the op that `function` begins with.
int64_t takers(func::FuncOp function, const Backend &backend) {
  Operation *op = &function.front().front();
  OpBuilder b(op);
  return llvm::count_if(backend.kernels(), [&](const Kernel &kernel) {
    return kernel.serves(op) && kernel.elementFor(op->getOperandTypes(), op->getResultTypes()) &&
           kernel.form(b, op);
  });
}

/// Parses `op` as the body of a function of `types`, runs it both ways; returns the transposes
/// made.
int64_t check(const std::string &op, const std::string &types, const std::string &result) {
  MLIRContext context;
  context.loadDialect<KerfDialect, KerfScheduleDialect, func::FuncDialect, arith::ArithDialect,
                      linalg::LinalgDialect, tensor::TensorDialect>();
  const std::string text = "func.func @f(" + types + ") -> " + result + " {\n  %r = " + op +
                           "\n  return %r : " + result + "\n}";
  INFO(text);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  REQUIRE(module);
  auto function = *module->getOps<func::FuncOp>().begin();

  Machine machine;
  std::vector<Literal> arguments;
  unsigned seed = 0;
  for (BlockArgument x : function.getArguments()) {
    auto type = cast<RankedTensorType>(x.getType());
    Literal literal(type);
    auto data = numbers<float>(literal.size(), ++seed);
    for (int64_t i = 0; i < literal.size(); ++i) {
      if (literal.isFloat())
        literal.floats()[i] = data[i];
      else
        literal.ints()[i] = int64_t(data[i] * 9);
      const double value = literal.isFloat() ? literal.floats()[i] : double(literal.ints()[i]);
      setElement(machine.of(x), type.getElementType(), i, value);
    }
    arguments.push_back(literal);
  }
  Evaluation evaluation;
  auto want = evaluate(function, arguments, evaluation);
  REQUIRE(succeeded(want));

  const auto backend = backendFor(Target());
  OwningOpRef<ModuleOp> copy = module->clone(); // forms make ops
  CHECK(takers(*copy->getOps<func::FuncOp>().begin(), *backend) == 1);
  REQUIRE(succeeded(convertToKernels(function, *backend)));
  REQUIRE(succeeded(module->verify()));
  machine.run(function);
  Value y = function.front().getTerminator()->getOperand(0);
  const Literal &oracle = want->front();
  double worst = 0;
  for (int64_t i = 0; i < oracle.size(); ++i) {
    const double got = element(machine.of(y), oracle.type().getElementType(), i);
    const double exact = oracle.isFloat() ? oracle.floats()[i] : double(oracle.ints()[i]);
    worst = std::max(worst, std::isnan(got) ? INFINITY : std::fabs(got - exact));
  }
  CHECK(worst <= (oracle.type().getElementType().isF64() ? 1e-13 : 2e-6));
  int64_t transposes = 0;
  function.walk([&](linalg::TransposeOp) { ++transposes; });
  return transposes;
}

std::string contract(const std::string &axes, const std::string &a, const std::string &b,
                     const std::string &y) {
  return "kerf.contract %a, %b, " + axes + " : " + a + ", " + b + " -> " + y;
}
int64_t checkContract(const std::string &axes, const std::string &a, const std::string &b,
                      const std::string &y) {
  return check(contract(axes, a, b, y), "%a: " + a + ", %b: " + b, y);
}
} // namespace

TEST_CASE("contract: every transposition of a matmul needs no transpose", "[convert]") {
  for (auto [a, axisA] : {std::pair("tensor<5x7xf32>", "1"), std::pair("tensor<7x5xf32>", "0")})
    for (auto [b, axisB] : {std::pair("tensor<7x3xf32>", "0"), std::pair("tensor<3x7xf32>", "1")})
      CHECK(checkContract(std::string("a_batch = [], b_batch = [], a_contract = [") + axisA +
                              "], b_contract = [" + axisB + "]",
                          a, b, "tensor<5x3xf32>") == 0);
}

TEST_CASE("contract: adjacent axes collapse, whatever their group", "[convert]") {
  CHECK(checkContract("a_batch = [0, 1], b_batch = [0, 1], a_contract = [4], b_contract = [2]",
                      "tensor<2x3x4x5x6xf32>", "tensor<2x3x6x7xf32>",
                      "tensor<2x3x4x5x7xf32>") == 0);
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [1, 2], b_contract = [0, 1]",
                      "tensor<4x2x3xf32>", "tensor<2x3x5xf32>", "tensor<4x5xf32>") == 0);
  // A batch axis inside, as in b h t d.
  CHECK(checkContract("a_batch = [1], b_batch = [1], a_contract = [2], b_contract = [2]",
                      "tensor<4x3x5xf32>", "tensor<6x3x5xf32>", "tensor<3x4x6xf32>") == 0);
}

TEST_CASE("contract: axes that do not collapse are transposed, one operand alone", "[convert]") {
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]",
                      "tensor<4x2x3xf32>", "tensor<2x5xf32>", "tensor<4x3x5xf32>") == 1);
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [2, 1], b_contract = [0, 1]",
                      "tensor<4x2x3xf32>", "tensor<3x2x5xf32>", "tensor<4x5xf32>") == 1);
  CHECK(checkContract("a_batch = [2, 0], b_batch = [0, 2], a_contract = [1], b_contract = [1]",
                      "tensor<2x4x3x5xf32>", "tensor<3x4x2x6xf32>", "tensor<3x2x5x6xf32>") == 2);
}

TEST_CASE("contract: outer products, dot products and vectors", "[convert]") {
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [], b_contract = []",
                      "tensor<5xf32>", "tensor<3xf32>", "tensor<5x3xf32>") == 0);
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [0], b_contract = [0]",
                      "tensor<301xf32>", "tensor<301xf32>", "tensor<f32>") == 0);
  CHECK(checkContract("a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]",
                      "tensor<33x7xf32>", "tensor<7xf32>", "tensor<33xf32>") == 0);
  CHECK(checkContract("a_batch = [0], b_batch = [0], a_contract = [], b_contract = []",
                      "tensor<5xf64>", "tensor<5xf64>", "tensor<5xf64>") == 0);
}

TEST_CASE("convolutions: three ops, both types", "[convert]") {
  for (const std::string t : {"f32", "f64"}) {
    const std::string x = "tensor<2x3x9x8x" + t + ">", w = "tensor<5x3x4x3x" + t + ">";
    const std::string y = "tensor<2x5x4x8x" + t + ">", how = "stride = [2, 1], padding = [1, 1]";
    check("kerf.conv %x, %w, " + how + " : " + x + ", " + w + " -> " + y, "%x: " + x + ", %w: " + w,
          y);
    check("kerf.conv_transpose %y, %w, " + how + " : " + y + ", " + w + " -> " + x,
          "%y: " + y + ", %w: " + w, x);
    check("kerf.conv_filter %x, %y, " + how + " : " + x + ", " + y + " -> " + w,
          "%x: " + x + ", %y: " + y, w);
  }
}

TEST_CASE("convolutions: a kernel that covers its image is a contraction", "[convert]") {
  const std::string x = "tensor<2x3x4x3xf64>", w = "tensor<5x3x4x3xf64>";
  const std::string y = "tensor<2x5x1x1xf64>", how = "stride = [2, 1], padding = [0, 0]";
  check("kerf.conv %x, %w, " + how + " : " + x + ", " + w + " -> " + y, "%x: " + x + ", %w: " + w,
        y);
  check("kerf.conv_transpose %y, %w, " + how + " : " + y + ", " + w + " -> " + x,
        "%y: " + y + ", %w: " + w, x);
  check("kerf.conv_filter %x, %y, " + how + " : " + x + ", " + y + " -> " + w,
        "%x: " + x + ", %y: " + y, w);
}

TEST_CASE("scatter_add: few rows of many floats are added pairwise", "[convert]") {
  for (const std::string t : {"f64", "i64"}) {
    const std::string updates = "tensor<200x3x" + t + ">", y = "tensor<2x3x" + t + ">";
    check("kerf.scatter_add %u, %i, rows = 2 : " + updates + ", tensor<200xi64> -> " + y,
          "%u: " + updates + ", %i: tensor<200xi64>", y);
  }
}

TEST_CASE("vq: a codebook for every head", "[convert]") {
  for (const std::string t : {"f32", "f64"}) {
    const std::string z = "tensor<2x7x5x" + t + ">", e = "tensor<2x33x5x" + t + ">";
    check("kerf.vq %z, %e, metric = \"l2\" : " + z + ", " + e + " -> tensor<2x7xi64>",
          "%z: " + z + ", %e: " + e, "tensor<2x7xi64>");
  }
}

TEST_CASE("rows and decisions: every element type", "[convert]") {
  for (const std::string t : {"f32", "f64", "i64", "i32"}) {
    for (int axis = 0; axis < 3; ++axis) {
      const std::string shapes[] = {"17x3", "5x3", "5x17"};
      const std::string x = "tensor<5x17x3x" + t + ">", y = "tensor<" + shapes[axis] + "xi64>";
      check("kerf.argmin %x, axis = " + std::to_string(axis) + " : " + x + " -> " + y, "%x: " + x,
            y);
    }
    const std::string table = "tensor<7x3x2x" + t + ">", rows = "tensor<4x5x3x2x" + t + ">";
    const std::string indices = "tensor<4x5xi64>", types = indices + " -> ";
    check("kerf.gather %t, %i : " + table + ", " + types + rows,
          "%t: " + table + ", %i: " + indices, rows);
    check("kerf.scatter_add %u, %i, rows = 7 : " + rows + ", " + types + table,
          "%u: " + rows + ", %i: " + indices, table);
  }
}

TEST_CASE("vq: every metric and rank of z", "[convert]") {
  for (const std::string t : {"f32", "f64"})
    for (const std::string metric : {"l2", "dot", "cosine"}) {
      const std::string e = "tensor<33x5x" + t + ">";
      for (auto [z, codes] :
           {std::pair("tensor<3x7x5x", "tensor<3x7xi64>"), std::pair("tensor<5x", "tensor<i64>")})
        check("kerf.vq %z, %e, metric = \"" + metric + "\" : " + z + t + ">, " + e + " -> " + codes,
              "%z: " + (z + t) + ">, %e: " + e, codes);
    }
}

TEST_CASE("draws: as the oracle's", "[convert]") {
  const std::string arguments = "%k: tensor<2xi32>, %o: tensor<i64>";
  check("kerf.uniform %k, %o : tensor<5x13xf32>", arguments, "tensor<5x13xf32>");
  check("kerf.normal %k, %o : tensor<5x13xf32>", arguments, "tensor<5x13xf32>");
  check("kerf.fold_key %k, %o", arguments, "tensor<2xi32>");
}
