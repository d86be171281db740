// What ops say of their rows is so: the oracle gives the same for some rows alone as for all.
#include "compiler/families/rows/row_axes.h"
#include "compiler/match/scaled_view.h"
#include "compiler/oracle/dense.h"
#include "compiler/pipeline.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::compiler;

namespace {

/// Rows `first` … `first + count - 1` along an axis.
struct Part {
  int64_t first, count;
};

Literal partOf(const Literal &x, int axis, Part part) {
  Literal y(withExtent(x.type(), axis, part.count));
  SmallVector<int64_t> offsets(x.shape().size(), 0), strides(x.shape().size(), 1);
  offsets[axis] = part.first;
  copyStrided(y.shape(), x, walkSlice(x.shape(), offsets, strides), y, walkAll(y.shape()));
  return y;
}

Literal randomOf(RankedTensorType type, std::mt19937 &random) {
  Literal x(type);
  const int64_t largest = type.getElementType().isInteger(1) ? 1 : 3;
  if (x.isFloat())
    for (double &value : x.floats())
      value = std::uniform_real_distribution<double>(-2, 2)(random);
  else
    for (int64_t &value : x.ints())
      value = std::uniform_int_distribution<int64_t>(0, largest)(random);
  return x;
}

bool isNear(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= 1e-9 * std::fabs(b);
}
bool isSame(const Literal &a, const Literal &b, bool isExact) {
  if (a.type() != b.type())
    return false;
  if (!a.isFloat())
    return a.ints() == b.ints();
  return llvm::all_of(llvm::zip_equal(a.floats(), b.floats()), [&](auto pair) {
    auto [x, y] = pair;
    return isExact ? x == y || (std::isnan(x) && std::isnan(y)) : isNear(x, y);
  });
}

/// One op of a test, on operands at random.
class Subject {
public:
  Subject(Operation *op, std::mt19937 &random) : op(op) {
    for (Value x : op->getOperands())
      operands.push_back(randomOf(typeOf(x), random));
    whole = evaluate(op, operands);
  }

  static bool fits(Operation *op) {
    auto isSmall = [](Type type) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      return tensor && tensor.hasStaticShape() && tensor.getNumElements() <= 10000;
    };
    return isa<Evaluable>(op) && op->getNumResults() == 1 && op->getNumRegions() == 0 &&
           llvm::all_of(op->getOperandTypes(), isSmall) && isSmall(op->getResult(0).getType());
  }

  /// A part of the result is the result of a part.
  void checkResult(int axis, const RowAxes &axes) {
    const int64_t rows = whole.shape()[axis];
    REQUIRE(axes.operands.size() == operands.size());
    REQUIRE(axes.result == axis);
    const Part part{rows / 3, rows - rows / 3};
    CHECK(isSame(run(axes, part), partOf(whole, axis, part), /*isExact=*/true));
  }

  /// The whole is the sum of the results of its parts.
  void checkSum(int64_t rows, const RowAxes &axes) {
    const Literal first = run(axes, {0, rows / 3}), second = run(axes, {rows / 3, rows - rows / 3});
    Literal sum(whole.type());
    for (int64_t i = 0; i < sum.size(); ++i)
      if (sum.isFloat())
        sum.floats()[i] = first.floats()[i] + second.floats()[i];
      else
        sum.ints()[i] = first.ints()[i] + second.ints()[i];
    CHECK(isSame(sum, whole, /*isExact=*/false));
  }

private:
  static Literal evaluate(Operation *op, ArrayRef<Literal> operands) {
    Evaluation exact;
    return cast<Evaluable>(op).evaluate(operands, exact)[0];
  }

  /// The op on these rows alone.
  Literal run(const RowAxes &axes, Part part) {
    SmallVector<Literal> parts;
    for (auto [x, axis] : llvm::zip_equal(operands, axes.operands))
      parts.push_back(axis == noRows ? x : partOf(x, axis, part));
    Block block;
    Operation *copy = op->clone();
    for (auto [i, x] : llvm::enumerate(parts)) // an op may have one value twice
      copy->setOperand(i, block.addArgument(x.type(), op->getLoc()));
    block.push_back(copy);
    if (axes.result != noRows) {
      copy->getResult(0).setType(withExtent(whole.type(), axes.result, part.count));
      if (auto rowwise = dyn_cast<Rowwise>(copy))
        rowwise.followRows(axes.result, part.count);
    }
    if (isa<Draw>(copy)) {
      parts[1] = Literal(parts[1].type());
      parts[1].ints()[0] =
          operands[1].ints()[0] + part.first * (whole.size() / whole.shape()[axes.result]);
    }
    REQUIRE(succeeded(verify(copy)));
    return evaluate(copy, parts);
  }

  Operation *op;
  SmallVector<Literal> operands;
  Literal whole;
};

/// Calls `visit` for every op of the tests of ops.
void forEachOp(MLIRContext &context, llvm::function_ref<void(Operation *)> visit) {
  std::error_code error;
  for (llvm::sys::fs::directory_iterator file(KERF_TESTS_OF_OPS, error), end; file != end;
       file.increment(error)) {
    auto text = llvm::MemoryBuffer::getFile(file->path());
    REQUIRE(text);
    SmallVector<StringRef> modules;
    (*text)->getBuffer().split(modules, "// -----");
    for (StringRef source : modules)
      if (OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context))
        module->walk(visit);
  }
}

} // namespace

TEST_CASE("rows: what an op does to all of them, it does to some", "[rows]") {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  context.getDiagEngine().registerHandler([](Diagnostic &) { return success(); });
  std::mt19937 random(7);
  llvm::StringSet<> checked;
  forEachOp(context, [&](Operation *op) {
    if (!isa_and_nonnull<KerfDialect>(op->getDialect()) || !Subject::fits(op))
      return;
    Subject subject(op, random);
    auto type = typeOf(op->getResult(0));
    for (int axis = 0; axis < type.getRank(); ++axis)
      if (auto axes = rows::fromResult(op, axis); axes && type.getDimSize(axis) > 1) {
        std::string text;
        llvm::raw_string_ostream(text) << *op << ", axis " << axis << " of the result";
        INFO(text);
        subject.checkResult(axis, *axes);
        checked.insert(op->getName().getStringRef());
      }
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      for (int axis = 0; axis < typeOf(op->getOperand(i)).getRank(); ++axis) {
        const int64_t rows = typeOf(op->getOperand(i)).getDimSize(axis);
        auto axes = rows > 1 ? rows::fromOperand(op, i, axis) : std::nullopt;
        if (!axes)
          continue;
        std::string text;
        llvm::raw_string_ostream(text) << *op << ", axis " << axis << " of operand " << i;
        INFO(text);
        CHECK(axes->operands[i] == axis);
        if (axes->isSum)
          subject.checkSum(rows, *axes);
        else
          subject.checkResult(axes->result, *axes);
        checked.insert(op->getName().getStringRef());
      }
  });
  // Whoever says it treats rows alike has shown it.
  for (RegisteredOperationName op : context.getRegisteredOperations())
    if (op.hasInterface<Rowwise>() || op.hasTrait<Elementwise>() || op.hasInterface<Draw>()) {
      INFO(op.getStringRef().str());
      CHECK(checked.contains(op.getStringRef()));
    }
}
