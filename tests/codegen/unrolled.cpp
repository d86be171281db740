// A loop has the value, the first and the second derivative and the tangents of its iterations
// written one after the other, in f64.
#include "unroll.h"

#include "codegen/tools/fuzz/author.h"
#include "codegen/tools/gradient.h"
#include "compiler/pipeline.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/SourceMgr.h"

#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::compiler;
using namespace kerf::codegen;

namespace {

/// A function and its derivatives.
struct Derivatives {
  func::FuncOp function, gradient, second, tangent, tangentOfGradient;

  explicit Derivatives(func::FuncOp function) : function(function) {
    const std::string name = function.getName().str();
    gradient = makeGradient(function, name + "_gradient");
    second = makeGradient(gradient, name + "_second");
    tangent = makeTangent(function, name + "_tangent");
    tangentOfGradient = makeTangent(gradient, name + "_tangent_of_gradient");
  }
  SmallVector<func::FuncOp> all() const {
    return {function, gradient, second, tangent, tangentOfGradient};
  }
};

/// A module in which loops are functions, each beside one without, `<name>_unrolled`.
class Pairs {
public:
  explicit Pairs(ModuleOp module) {
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (!isDifferentiable(function))
        continue;
      OpBuilder b(function);
      auto other = cast<func::FuncOp>(b.clone(*function));
      other.setName(function.getName().str() + "_unrolled");
      unroll(other);
      pairs.emplace_back(Derivatives(function), Derivatives(other));
    }
    PassManager pm(module.getContext());
    pm.addNestedPass<func::FuncOp>(createDifferentiate());
    ScopedDiagnosticHandler handler(module.getContext(), [](Diagnostic &diagnostic) {
      return success(diagnostic.getSeverity() == DiagnosticSeverity::Warning);
    });
    REQUIRE(succeeded(verify(module)));
    REQUIRE(succeeded(pm.run(module)));
  }

  void compare(std::uint64_t seed) {
    for (auto &[loops, unrolled] : pairs)
      for (auto [a, b] : llvm::zip_equal(loops.all(), unrolled.all())) {
        INFO(a.getName().str());
        const std::vector<Literal> inputs = randomInputs(a, seed);
        Evaluation evaluation;
        auto got = evaluate(a, inputs, evaluation), want = evaluate(b, inputs, evaluation);
        REQUIRE((succeeded(got) && succeeded(want)));
        for (auto [x, y] : llvm::zip_equal(*got, *want))
          CHECK(difference(x, y) <= 1e-12);
      }
  }

  /// w (J d) = (J^T w) d
  void compareDirections(std::uint64_t seed) {
    for (auto &[loops, unrolled] : pairs) {
      INFO(loops.function.getName().str());
      const std::vector<Literal> weighted = randomInputs(loops.gradient, seed);
      std::vector<Literal> directed = randomInputs(loops.tangent, seed);
      const size_t arguments = loops.function.getNumArguments();
      std::copy_n(weighted.begin(), arguments, directed.begin());
      Evaluation evaluation;
      auto gradients = evaluate(loops.gradient, weighted, evaluation),
           tangents = evaluate(loops.tangent, directed, evaluation);
      REQUIRE((succeeded(gradients) && succeeded(tangents)));
      const auto forward = product(*tangents, ArrayRef(weighted).drop_front(arguments)),
                 reverse = product(ArrayRef(*gradients).drop_front(),
                                   ArrayRef(directed).drop_front(arguments));
      CHECK(std::abs(forward.first - reverse.first) <=
            1e-11 * std::max({1.0, forward.second, reverse.second}));
    }
  }

  std::vector<std::pair<Derivatives, Derivatives>> pairs;

private:
  /// The sum of products, and that of their magnitudes.
  static std::pair<double, double> product(ArrayRef<Literal> a, ArrayRef<Literal> b) {
    double sum = 0, size = 0;
    for (auto [x, y] : llvm::zip_equal(a, b))
      for (auto [v, w] : llvm::zip_equal(x.floats(), y.floats())) {
        sum += v * w;
        size += std::abs(v * w);
      }
    return {sum, size};
  }

  /// Relative to the largest magnitude; of integers any is 1.
  static double difference(const Literal &got, const Literal &want) {
    if (!got.isFloat())
      return got.ints() == want.ints() ? 0 : 1;
    double most = 0, size = 1;
    for (auto [x, y] : llvm::zip_equal(got.floats(), want.floats())) {
      if (std::isnan(x) != std::isnan(y))
        return INFINITY;
      if (x == y || std::isnan(x))
        continue;
      most = std::max(most, std::abs(x - y));
      size = std::max({size, std::abs(x), std::abs(y)});
    }
    return most / size;
  }
};

std::unique_ptr<MLIRContext> makeContext() {
  DialectRegistry registry;
  registerDialects(registry);
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

} // namespace

TEST_CASE("scans: every option, nested, with every derivative", "[unrolled]") {
  auto context = makeContext();
  // The functions of a test of passes that expect no error.
  llvm::SourceMgr sources;
  auto buffer = llvm::MemoryBuffer::getFile(KERF_LOOPS);
  REQUIRE(bool(buffer));
  const StringRef text = (*buffer)->getBuffer().split("// -----").first;
  auto module = parseSourceString<ModuleOp>(text, context.get());
  REQUIRE(bool(module));
  Pairs pairs(*module);
  CHECK(pairs.pairs.size() >= 8);
  for (std::uint64_t seed : {1, 2, 3})
    pairs.compare(seed);
  pairs.compareDirections(1);
}

TEST_CASE("random functions with loops in loops", "[unrolled]") {
  auto context = makeContext();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(context.get()));
  for (std::uint64_t number = 0; number < 100; ++number)
    fuzz::addFunction(*module, 1, number);
  Pairs pairs(*module);
  CHECK(pairs.pairs.size() == 100);
  pairs.compare(1);
  pairs.compareDirections(1);
}
