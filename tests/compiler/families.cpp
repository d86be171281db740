// The list of families: who is in it, and when each forms.
#include "compiler/pipeline.h"

#include "compiler/dialect.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/log.h"
#include "compiler/ops/log_softmax.h"
#include "compiler/ops/sub.h"
#include "compiler/ops/sum.h"

#include "mlir/IR/Builders.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::compiler;

namespace {

/// x - log(sum(exp(x)))  =>  log_softmax(x)
struct FormTest : PassWrapper<FormTest, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FormTest)
  StringRef getArgument() const override { return "form-test"; }
  void runOnOperation() override {
    SmallVector<SubOp> roots;
    getOperation().walk([&](SubOp op) {
      auto broadcast = op.getB().getDefiningOp<BroadcastOp>();
      auto log = broadcast ? broadcast.getX().getDefiningOp<LogOp>() : LogOp();
      auto sum = log ? log.getX().getDefiningOp<SumOp>() : SumOp();
      auto exp = sum ? sum.getX().getDefiningOp<ExpOp>() : ExpOp();
      if (exp && exp.getX() == op.getA())
        roots.push_back(op);
    });
    for (SubOp op : roots) {
      OpBuilder b(op);
      Value y = LogSoftmaxOp::create(b, op.getLoc(), op.getType(), op.getA(), 1);
      op.replaceAllUsesWith(y);
    }
  }
};

struct OfTest : Fused::ExternalModel<OfTest, LogSoftmaxOp> {
  static StringRef family() { return "test"; }
};

Family testFamily(Family::Forms forms, int rank = 0) {
  return {.name = "test",
          .forms = forms,
          .rank = rank,
          .form = [](OpPassManager &pm,
                     const FusionOptions &) { pm.addPass(std::make_unique<FormTest>()); },
          .registerPasses = [] {}};
}

/// The compiler with a family of the test beside its own.
struct Compiler {
  MLIRContext context;
  FusionOptions fusion;
  Family test;
  std::vector<const Family *> list;

  explicit Compiler(const Family &family) : test(family) {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    LogSoftmaxOp::attachInterface<OfTest>(context);
    list.assign(families().begin(), families().end());
    list.push_back(&test);
  }

  /// The passes, by name.
  std::string passes() {
    PassManager pm(&context);
    buildDifferentiation(pm, fusion, list);
    buildFusion(pm, fusion, list);
    std::string text;
    llvm::raw_string_ostream out(text);
    pm.printAsTextualPipeline(out);
    return text;
  }

  /// The gradient of a loss of x, as straight-line ops.
  std::string gradient(StringRef loss) {
    const std::string source = (R"(
      func.func @f(%p: tensor<4x8xf32>) -> tensor<4x8xf32> {
        %l, %g = kerf.value_and_grad params(%x = %p : tensor<4x8xf32>) {)" +
                                loss + R"(
          %s = kerf.sum %y, axes = [0, 1] : tensor<4x8xf32> -> tensor<f32>
          kerf.yield %s : tensor<f32>
        }
        return %g : tensor<4x8xf32>
      })")
                                   .str();
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context);
    REQUIRE(module);
    PassManager pm(&context);
    buildDifferentiation(pm, fusion, list);
    REQUIRE(succeeded(pm.run(*module)));
    std::string text;
    llvm::raw_string_ostream(text) << *module;
    return text;
  }
};

bool contains(const std::string &text, const char *what) {
  return text.find(what) != std::string::npos;
}

constexpr const char *plain = R"(
          %e = kerf.exp %x : tensor<4x8xf32>
          %t = kerf.sum %e, axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
          %n = kerf.log %t : tensor<4xf32>
          %b = kerf.broadcast %n, dims = [0] : tensor<4xf32> -> tensor<4x8xf32>
          %d = kerf.sub %x, %b : tensor<4x8xf32>
          %y = kerf.mul %d, %d : tensor<4x8xf32>)";
constexpr const char *fused = R"(
          %d = kerf.log_softmax %x, axis = 1 : tensor<4x8xf32>
          %y = kerf.mul %d, %d : tensor<4x8xf32>)";

} // namespace

TEST_CASE("families: those of lower rank have their roots first", "[families]") {
  for (size_t i = 1; i < families().size(); ++i)
    CHECK(families()[i - 1]->rank <= families()[i]->rank);
}

TEST_CASE("families: every fused op is of a family that there is", "[families]") {
  MLIRContext context;
  context.loadDialect<KerfDialect>();
  int numFused = 0;
  for (RegisteredOperationName op : context.getRegisteredOperations())
    if (const auto *fused = op.getInterface<Fused>()) {
      ++numFused;
      INFO(op.getStringRef().str());
      CHECK(llvm::is_contained(familyNames(), fused->family()));
    }
  CHECK(numFused >= 3);
}

TEST_CASE("families: one that forms before runs ahead of derivatives, one that forms after behind",
          "[families]") {
  const std::string before = Compiler(testFamily(Family::Forms::before)).passes(),
                    after = Compiler(testFamily(Family::Forms::after)).passes(),
                    rest = Compiler(testFamily(Family::Forms::after, Family::rest)).passes();
  INFO(before << "\n" << after << "\n" << rest);
  CHECK(before.find("form-test") < before.find("kerf-differentiate"));
  CHECK(after.find("form-test") > after.find("kerf-differentiate"));
  CHECK(after.find("form-test") < after.find("kerf-project-gathered"));
  CHECK(rest.find("form-test") > rest.find("kerf-project-gathered"));
}

TEST_CASE("families: one that is off is made plain where it would have formed", "[families]") {
  for (auto forms : {Family::Forms::before, Family::Forms::after}) {
    Compiler compiler(testFamily(forms));
    compiler.fusion.off = {"test"};
    const std::string passes = compiler.passes();
    INFO(passes);
    CHECK_FALSE(contains(passes, "form-test"));
    const size_t decompose = passes.find("kerf-decompose{families={test}}");
    REQUIRE(decompose != std::string::npos);
    CHECK((decompose < passes.find("kerf-differentiate")) == (forms == Family::Forms::before));
  }
}

// kerf.expm1 is in the derivative of kerf.log_softmax, and in none of the plain form.
TEST_CASE("families: what formed before differentiates by its own derivative", "[families]") {
  CHECK(contains(Compiler(testFamily(Family::Forms::before)).gradient(plain), "kerf.expm1"));
  CHECK_FALSE(contains(Compiler(testFamily(Family::Forms::after)).gradient(plain), "kerf.expm1"));
}

TEST_CASE("families: what is off before differentiates as plain ops, written so or not",
          "[families]") {
  Compiler compiler(testFamily(Family::Forms::before));
  CHECK(contains(compiler.gradient(fused), "kerf.expm1"));
  compiler.fusion.off = {"test"};
  CHECK_FALSE(contains(compiler.gradient(fused), "kerf.expm1"));
  CHECK_FALSE(contains(compiler.gradient(plain), "kerf.expm1"));
}
