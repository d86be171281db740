#include "compiler/open.h"

#include "compiler/ops/count.h"
#include "compiler/ops/scan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;

namespace kerf::compiler {

static constexpr StringLiteral openAttr = "kerf.open", rowsAttr = "kerf.rows",
                               leastAttr = "kerf.least_rows", ofAttr = "kerf.companion_of",
                               companionsAttr = "kerf.companions";

static std::string companionName(StringRef entry, int64_t rows) {
  return (entry + "." + Twine(rows)).str(); // no entry has a point in its name
}

std::optional<OpenNumber> OpenNumber::through(ArrayRef<int64_t> rows, ArrayRef<int64_t> values) {
  const int64_t first = rows[1] - rows[0], second = rows[2] - rows[1];
  const int64_t rise = values[1] - values[0], next = values[2] - values[1];
  if (rise % first || next % second)
    return {};
  const int64_t bend = next / second - rise / first;
  if (bend % (rows[2] - rows[0]))
    return {};
  OpenNumber number;
  number.square = bend / (rows[2] - rows[0]);
  number.linear = rise / first - number.square * (rows[0] + rows[1]);
  number.constant = values[0] - rows[0] * (number.linear + rows[0] * number.square);
  return number;
}

std::optional<OpenDim> openDimOf(func::FuncOp function) {
  auto name = function->getAttrOfType<StringAttr>(openAttr);
  auto rows = function->getAttrOfType<IntegerAttr>(rowsAttr);
  if (!name || !rows)
    return {};
  auto least = function->getAttrOfType<IntegerAttr>(leastAttr);
  return OpenDim{name.str(), rows.getInt(), least ? least.getInt() : 1};
}

bool isCompanion(func::FuncOp function) { return function->hasAttr(ofAttr); }

StringRef entryOf(func::FuncOp function) {
  auto entry = function->getAttrOfType<StringAttr>(ofAttr);
  return entry ? entry.getValue() : function.getName();
}

bool areCompanions(ModuleOp module) { return module->hasAttr(companionsAttr); }

void markOpen(func::FuncOp function, const OpenDim &dim, int64_t more) {
  Builder b(function.getContext());
  function->setAttr(openAttr, b.getStringAttr(dim.name));
  function->setAttr(rowsAttr, b.getI64IntegerAttr(dim.rows));
  if (!more)
    return;
  function->setAttr(ofAttr, function.getNameAttr());
  function.setName(companionName(function.getName(), dim.rows));
}

/// Is `companion` one of `entry` for so many rows? Modules are files, which say anything.
static bool isCompanionOf(func::FuncOp companion, func::FuncOp entry, int64_t rows) {
  if (!companion || !isCompanion(companion) || companion.isExternal() || entry.isExternal())
    return false;
  const std::optional<OpenDim> dim = openDimOf(companion);
  return dim && dim->rows == rows && companion.getNumArguments() == entry.getNumArguments() &&
         companion.getNumResults() == entry.getNumResults();
}

// ---- an open entry as bound ------------------------------------------------------------------

namespace {

/// Changes an open entry into what it is for one number of rows.
class Binding {
public:
  Binding(func::FuncOp entry, ArrayRef<func::FuncOp> companions, int64_t number)
      : entry(entry), companions(companions), number(number) {
    rows.push_back(openDimOf(entry)->rows);
    for (func::FuncOp companion : companions)
      rows.push_back(openDimOf(companion)->rows);
  }

  LogicalResult bind() {
    func::FuncOp second = companions[0], third = companions[1];
    if (failed(bind(entry.getBody(), second.getBody(), third.getBody())))
      return failure();
    Block &body = entry.getBody().front();
    entry.setType(FunctionType::get(entry.getContext(), body.getArgumentTypes(),
                                    body.getTerminator()->getOperandTypes()));
    entry->removeAttr(openAttr);
    entry->removeAttr(rowsAttr);
    entry->removeAttr(leastAttr);
    return success();
  }

  /// Of each op of the entry, once it is bound: does a number of it have the square of the rows?
  llvm::BitVector opsWithSquare() const { return squares; }

private:
  LogicalResult bind(Region &a, Region &b, Region &c) {
    if (a.empty() && b.empty() && c.empty())
      return success();
    if (!a.hasOneBlock() || !b.hasOneBlock() || !c.hasOneBlock())
      return refuse(entry);
    Block &body = a.front(), &next = b.front(), &third = c.front();
    if (body.getOperations().size() != next.getOperations().size() ||
        body.getOperations().size() != third.getOperations().size())
      return refuse(entry);
    if (body.getNumArguments() != next.getNumArguments() ||
        body.getNumArguments() != third.getNumArguments())
      return refuse(entry);
    for (auto [x, y, z] :
         llvm::zip_equal(body.getArguments(), next.getArguments(), third.getArguments()))
      if (failed(bindType(x, y, z)))
        return failure();
    auto second = next.begin(), last = third.begin();
    for (Operation &op : llvm::make_early_inc_range(body))
      if (failed(bind(&op, &*second++, &*last++)))
        return failure();
    return success();
  }

  LogicalResult bind(Operation *a, Operation *b, Operation *c) {
    if (a->getParentOp() != entry)
      return bindOne(a, b, c);
    hasSquare = false;
    const LogicalResult result = bindOne(a, b, c);
    squares.push_back(hasSquare);
    return result;
  }
  LogicalResult bindOne(Operation *a, Operation *b, Operation *c) {
    for (Operation *other : {b, c})
      if (a->getName() != other->getName() || a->getNumResults() != other->getNumResults() ||
          a->getNumOperands() != other->getNumOperands() ||
          a->getNumRegions() != other->getNumRegions())
        return refuse(a);
    for (auto [x, y, z] : llvm::zip_equal(a->getResults(), b->getResults(), c->getResults()))
      if (failed(bindType(x, y, z)))
        return failure();
    Attribute bound = at(a->getAttrDictionary(), b->getAttrDictionary(), c->getAttrDictionary());
    if (!bound)
      return refuse(a);
    a->setAttrs(cast<DictionaryAttr>(bound));
    for (auto [x, y, z] : llvm::zip_equal(a->getRegions(), b->getRegions(), c->getRegions()))
      if (failed(bind(x, y, z)))
        return failure();
    if (auto count = dyn_cast<CountOp>(a)) { // what a bound entry has there
      OpBuilder builder(count);
      const Type element = count.getType().getElementType();
      Attribute value = isa<FloatType>(element)
                            ? Attribute(builder.getFloatAttr(element, double(count.getNumber())))
                            : builder.getIntegerAttr(element, count.getNumber());
      count.replaceAllUsesWith(
          arith::ConstantOp::create(builder, count.getLoc(),
                                    DenseElementsAttr::get(count.getType(), value))
              .getResult());
      count.erase();
    }
    return success();
  }

  LogicalResult bindType(Value a, Value b, Value c) {
    Type type = at(a.getType(), b.getType(), c.getType());
    if (!type)
      return refuse(a.getDefiningOp() ? a.getDefiningOp() : entry.getOperation());
    a.setType(type);
    return success();
  }

  std::optional<int64_t> at(int64_t a, int64_t b, int64_t c) {
    std::optional<OpenNumber> found = OpenNumber::through(rows, {a, b, c});
    hasSquare |= found && found->square;
    return found ? std::optional(found->at(number)) : std::nullopt;
  }
  Type at(Type a, Type b, Type c) {
    auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b),
         z = dyn_cast<RankedTensorType>(c);
    if (!x || !y || !z || (a == b && a == c))
      return a == b && a == c ? a : Type();
    SmallVector<int64_t> shape;
    if (!addAt(x.getShape(), y.getShape(), z.getShape(), shape))
      return {};
    for (auto [extent, ofMost] : llvm::zip_equal(shape, x.getShape()))
      if (extent < 1 && extent != ofMost)
        return {};
    return x.clone(shape);
  }
  bool addAt(ArrayRef<int64_t> a, ArrayRef<int64_t> b, ArrayRef<int64_t> c,
             SmallVectorImpl<int64_t> &numbers) {
    if (a.size() != b.size() || a.size() != c.size())
      return false;
    for (auto [x, y, z] : llvm::zip_equal(a, b, c)) {
      std::optional<int64_t> number = at(x, y, z);
      if (!number)
        return false;
      numbers.push_back(*number);
    }
    return true;
  }
  /// Null where it is no attribute of another number of rows.
  Attribute at(Attribute a, Attribute b, Attribute c) {
    if (a == b && a == c)
      return a;
    if (auto x = dyn_cast<DictionaryAttr>(a)) {
      auto y = dyn_cast<DictionaryAttr>(b), z = dyn_cast<DictionaryAttr>(c);
      SmallVector<NamedAttribute> bound;
      for (NamedAttribute named : x) {
        Attribute second = y ? y.get(named.getName()) : Attribute(),
                  third = z ? z.get(named.getName()) : Attribute();
        Attribute value = second && third ? at(named.getValue(), second, third) : Attribute();
        if (!value)
          return {};
        bound.emplace_back(named.getName(), value);
      }
      return DictionaryAttr::get(a.getContext(), bound);
    }
    if (auto x = dyn_cast<IntegerAttr>(a)) {
      auto y = dyn_cast<IntegerAttr>(b), z = dyn_cast<IntegerAttr>(c);
      std::optional<int64_t> value = y && z ? at(x.getInt(), y.getInt(), z.getInt()) : std::nullopt;
      return value ? IntegerAttr::get(x.getType(), *value) : IntegerAttr();
    }
    if (auto x = dyn_cast<DenseI64ArrayAttr>(a)) {
      auto y = dyn_cast<DenseI64ArrayAttr>(b), z = dyn_cast<DenseI64ArrayAttr>(c);
      SmallVector<int64_t> numbers;
      if (!y || !z || !addAt(x, y, z, numbers))
        return {};
      return DenseI64ArrayAttr::get(a.getContext(), numbers);
    }
    if (auto x = dyn_cast<SplatElementsAttr>(a)) {
      auto y = dyn_cast<SplatElementsAttr>(b), z = dyn_cast<SplatElementsAttr>(c);
      if (!y || !z || x.getSplatValue<Attribute>() != y.getSplatValue<Attribute>() ||
          x.getSplatValue<Attribute>() != z.getSplatValue<Attribute>())
        return {};
      Type type = at(x.getType(), y.getType(), z.getType());
      return type ? DenseElementsAttr::get(cast<ShapedType>(type), x.getSplatValue<Attribute>())
                  : Attribute();
    }
    if (auto x = dyn_cast<TypeAttr>(a)) {
      auto y = dyn_cast<TypeAttr>(b), z = dyn_cast<TypeAttr>(c);
      Type type = y && z ? at(x.getValue(), y.getValue(), z.getValue()) : Type();
      return type ? TypeAttr::get(type) : TypeAttr();
    }
    return {};
  }

  LogicalResult refuse(Operation *op) {
    return op->emitError("entry '") << entry.getName() << "' is open, but what it has here for "
                                    << rows[0] << " rows is of no other number of rows";
  }

  func::FuncOp entry;
  ArrayRef<func::FuncOp> companions;
  int64_t number;
  SmallVector<int64_t> rows;
  bool hasSquare = false;
  llvm::BitVector squares;
};

// ---- the least rows --------------------------------------------------------------------------

/// A copy of the function that has these of its ops alone; what the others computed are arguments.
OwningOpRef<func::FuncOp> keepOnly(func::FuncOp function, const llvm::BitVector &kept) {
  OwningOpRef<func::FuncOp> copy = function.clone();
  Block &body = copy->getBody().front();
  copy->removeArgAttrsAttr();
  SmallVector<Operation *> others;
  for (auto [i, op] : llvm::enumerate(body.without_terminator()))
    if (!kept[i])
      others.push_back(&op);
  for (Operation *op : llvm::reverse(others)) {
    for (Value result : op->getResults())
      result.replaceAllUsesWith(body.addArgument(result.getType(), op->getLoc()));
    op->erase();
  }
  return copy;
}

/// Does the entry mean something for so many rows?
bool holdsFor(func::FuncOp entry, ArrayRef<func::FuncOp> companions, int64_t rows) {
  const ScopedDiagnosticHandler quiet(entry.getContext(), [](Diagnostic &) { return success(); });
  OwningOpRef<func::FuncOp> bound = entry.clone();
  return succeeded(Binding(*bound, companions, rows).bind()) && succeeded(verify(*bound));
}

} // namespace

/// What verifiers ask is that numbers do not fall below others. Where they are linear in the rows,
/// or quotients of such ones, it holds for all rows between two for which it holds: it is enough to
/// search for where it begins. Where one has the square, each number of rows is tried.
static FailureOr<int64_t> leastRows(func::FuncOp entry, ArrayRef<func::FuncOp> companions) {
  const int64_t most = openDimOf(entry)->rows;
  OwningOpRef<func::FuncOp> bound = entry.clone();
  Binding asMost(*bound, companions, most);
  if (failed(asMost.bind()))
    return failure();
  int64_t least = holdsFor(entry, companions, 1) ? 1 : most; // nearly always 1
  for (int64_t fails = 1; least - fails > 1;) {
    const int64_t rows = (least + fails) / 2;
    (holdsFor(entry, companions, rows) ? least : fails) = rows;
  }
  const llvm::BitVector kept = asMost.opsWithSquare();
  if (kept.none())
    return least;
  auto reduced = keepOnly(entry, kept);
  auto second = keepOnly(companions[0], kept), third = keepOnly(companions[1], kept);
  for (int64_t rows = most; rows-- > least;)
    if (!holdsFor(*reduced, {*second, *third}, rows))
      return rows + 1;
  return least;
}

/// A derivative of a loop in segments has other code for each number of iterations. Where that is
/// open, it keeps the state before each of them.
static void keepEveryState(func::FuncOp entry, ArrayRef<func::FuncOp> companions) {
  const auto scansOf = [](func::FuncOp function) {
    SmallVector<ScanOp> scans;
    function.walk([&](ScanOp scan) { scans.push_back(scan); });
    return scans;
  };
  SmallVector<ScanOp> scans = scansOf(entry), others = scansOf(companions[0]),
                      thirds = scansOf(companions[1]);
  if (scans.size() != others.size() || scans.size() != thirds.size())
    return; // which is said where they are compared
  for (auto [scan, other, third] : llvm::zip_equal(scans, others, thirds)) {
    if (scan.getKeep() < 2 || scan.getCount() == other.getCount())
      continue;
    for (ScanOp each : {scan, other, third})
      each.setKeep(1);
  }
}

/// The companions of an entry, which have its name.
static SmallVector<func::FuncOp> twinsOf(func::FuncOp entry,
                                         ArrayRef<OwningOpRef<ModuleOp>> companions) {
  return llvm::map_to_vector(companions, [&](const OwningOpRef<ModuleOp> &module) {
    return module.get().lookupSymbol<func::FuncOp>(entry.getName());
  });
}

FailureOr<SmallVector<OwningOpRef<ModuleOp>>> takeCompanions(ModuleOp module) {
  SmallVector<OwningOpRef<ModuleOp>> modules;
  SmallVector<func::FuncOp> entries;
  for (auto function : module.getOps<func::FuncOp>())
    if (openDimOf(function) && !isCompanion(function))
      entries.push_back(function);
  if (entries.empty())
    return modules;
  for (size_t number : {0, 1}) {
    modules.push_back(ModuleOp::create(module.getLoc()));
    (*modules.back())->setAttrs(module->getAttrDictionary());
    (*modules.back())->setAttr(companionsAttr, UnitAttr::get(module.getContext()));
    for (func::FuncOp entry : entries) {
      const int64_t most = openDimOf(entry)->rows, rows = most + companionRows(most)[number];
      const std::string name = companionName(entry.getName(), rows);
      auto companion = module.lookupSymbol<func::FuncOp>(name);
      if (most < 2 || !isCompanionOf(companion, entry, rows))
        return entry.emitError("entry '") << entry.getName() << "' is open and has no companion '"
                                          << name << "' for " << rows << " rows";
      companion->remove();
      companion.setName(entry.getName());
      companion->removeAttr(ofAttr);
      modules.back()->push_back(companion);
    }
  }
  for (func::FuncOp entry : entries) {
    const SmallVector<func::FuncOp> twins = twinsOf(entry, modules);
    keepEveryState(entry, twins);
    FailureOr<int64_t> least = leastRows(entry, twins);
    if (failed(least))
      return failure();
    entry->setAttr(leastAttr, Builder(entry.getContext()).getI64IntegerAttr(*least));
  }
  return modules;
}

LogicalResult bindRows(ModuleOp module, int64_t rows) {
  auto companions = takeCompanions(module);
  if (failed(companions))
    return failure();
  for (auto entry : module.getOps<func::FuncOp>()) {
    if (!openDimOf(entry))
      continue;
    const int64_t least = openDimOf(entry)->least;
    if (rows < least)
      return entry.emitError("entry '")
             << entry.getName() << "' needs " << least << " rows, not " << rows;
    const SmallVector<func::FuncOp> twins = twinsOf(entry, *companions);
    if (failed(Binding(entry, twins, rows).bind()))
      return failure();
  }
  return success();
}

} // namespace kerf::compiler
