// Every op of the dialect has its derivatives, or says in words why it has none: a table, made from
// the registry and checked on each op's own cases against central differences in f64.
#include "codegen/tools/gradient.h"
#include "codegen/tools/inputs.h"
#include "compiler/dialect.h"
#include "compiler/ops/jvp.h"
#include "compiler/ops/value_and_grad.h"
#include "compiler/pipeline.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <array>

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::compiler;
using namespace kerf::codegen;

namespace {

constexpr std::array columns = {"vjp", "vjp of vjp", "jvp", "jvp of vjp"};

/// How an op did in the cases that its test has.
struct Row {
  int cases = 0;
  std::array<std::string, columns.size()> complaints; ///< the first one; empty if all agreed
  std::string gap;                                    ///< why the last one had none
};

/// The derivatives that are not those of the value, and ops that derivatives do not meet.
StringRef reasonOf(StringRef op) {
  return llvm::StringSwitch<StringRef>(op)
      .Case("stop_gradient", "zero by decree")
      .Cases({"straight_through", "custom_vjp"}, "as the program says, not as the value has it")
      .Cases({"value_and_grad", "jvp"}, "a derivative itself: expanded, then that of what is left")
      .Case("yield", "ends a region")
      .Case("unless_idle", "that of its first operand; of the second, which decides, none")
      .Default("");
}

bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

/// Why this op, in a case, has no derivative; empty if it has one.
std::string reasonOf(Operation *op) {
  if (llvm::none_of(op->getResultTypes(), isFloat))
    return "integer: its results have none";
  if (llvm::none_of(op->getOperandTypes(), isFloat))
    return "no operand is a float";
  if (auto differentiable = dyn_cast<Differentiable>(op))
    return differentiable.derivativeGap().str();
  if (isa<RegionDifferentiable, ValueAndGradOp, JvpOp>(op))
    return "";
  return isa<Fused>(op) ? "formed when all derivatives are taken" : "not implemented";
}

class Table {
public:
  Table() {
    DialectRegistry registry;
    registerDialects(registry);
    context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
    for (RegisteredOperationName name : context->getRegisteredOperationsByDialect("kerf"))
      rows[name.stripDialect().str()];
  }

  void fill(const std::string &op) {
    auto buffer = llvm::MemoryBuffer::getFile(std::string(KERF_TESTS_OF_OPS) + "/" + op + ".mlir");
    REQUIRE(bool(buffer));
    SmallVector<StringRef> chunks;
    (*buffer)->getBuffer().split(chunks, "// -----");
    for (StringRef chunk : chunks)
      if (!chunk.contains("expected-error"))
        if (auto module = parseSourceString<ModuleOp>(chunk, context.get()))
          for (auto function : llvm::to_vector(module->getOps<func::FuncOp>()))
            check(op, function);
  }

  std::map<std::string, Row> rows;

private:
  void check(const std::string &op, func::FuncOp function) {
    Row &row = rows[op];
    bool isThere = false;
    function.walk([&](Operation *inner) {
      if (inner->getName().getStringRef() != "kerf." + op)
        return;
      std::string reason = reasonOf(inner);
      isThere |= reason.empty();
      if (!reason.empty())
        row.gap = reason;
    });
    if (!isThere || !isDifferentiable(function))
      return;
    int64_t elements = 0;
    for (Type type : function.getArgumentTypes())
      elements += cast<RankedTensorType>(type).getNumElements();
    if (elements > 4000)
      return; // others show the same
    ++row.cases;
    const std::string name = function.getName().str();
    func::FuncOp gradient = makeGradient(function, name + "_gradient"),
                 second = makeGradient(gradient, name + "_second"),
                 tangent = makeTangent(function, name + "_tangent"),
                 ofGradient = makeTangent(gradient, name + "_tangent_of_gradient");
    std::string refused;
    ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        refused = diagnostic.str();
      return success();
    });
    PassManager pm(context.get());
    pm.addNestedPass<func::FuncOp>(createDifferentiate());
    if (failed(pm.run(function->getParentOp()))) {
      row.complaints.fill(name + ": " + refused);
      return;
    }
    const std::vector<Literal> inputs = randomInputs(function, 1);
    std::vector<Literal> more = randomInputs(gradient, 2);
    std::copy(inputs.begin(), inputs.end(), more.begin());
    const std::vector<std::string> found[] = {
        checkGradient(function, gradient, inputs, 1), checkGradient(gradient, second, more, 1),
        checkTangent(function, tangent, inputs, 1), checkTangent(gradient, ofGradient, more, 1)};
    for (auto [complaint, all] : llvm::zip_equal(row.complaints, found))
      if (complaint.empty() && !all.empty())
        complaint = name + ": " + all.front();
  }

  std::unique_ptr<MLIRContext> context;
};

} // namespace

TEST_CASE("every op has every derivative, or a reason why not", "[table]") {
  Table table;
  REQUIRE(table.rows.size() > 70);
  llvm::outs() << llvm::formatv("{0,-20}", "op");
  for (const char *column : columns)
    llvm::outs() << llvm::formatv("{0,-12}", column);
  llvm::outs() << "cases\n";
  for (auto &[op, row] : table.rows) {
    table.fill(op);
    const StringRef remark = reasonOf(op);
    const std::string reason = remark.empty() ? row.gap : remark.str();
    llvm::outs() << llvm::formatv("{0,-20}", op);
    if (row.cases == 0) {
      llvm::outs() << reason << "\n";
      INFO(op << " has no case with a derivative, and no reason why not");
      CHECK(!reason.empty());
      CHECK(reason != "not implemented");
      continue;
    }
    for (auto [column, complaint] : llvm::zip_equal(columns, row.complaints)) {
      llvm::outs() << llvm::formatv("{0,-12}", complaint.empty() ? "agrees" : "DIFFERS");
      INFO(op << ", " << column << ": " << complaint);
      CHECK(complaint.empty());
    }
    llvm::outs() << row.cases << (remark.empty() ? "" : "; ") << remark << "\n";
  }
}
