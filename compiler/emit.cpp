#include "compiler/emit.h"
#include "compiler/dialect.h"
#include "compiler/elements.h"
#include "compiler/open.h"
#include "compiler/ops/fold_key.h"
#include "compiler/printable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <sys/resource.h>

// mlir is not opened here: the language has a Value, a Type and an Attribute of its own.
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::StringRef;

namespace kerf::compiler {

static StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

std::size_t stackLimit() {
  constexpr std::size_t most = 64 << 20; // where there is no limit
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > most)
    return most;
  return limit.rlim_cur;
}

// ---- diagnostics -----------------------------------------------------------------------------

/// The first file line below `location`, and the module path on the way to it.
static mlir::FileLineColLoc findLine(mlir::Location location, StringRef &path) {
  if (auto file = mlir::dyn_cast<mlir::FileLineColLoc>(location))
    return file;
  if (auto name = mlir::dyn_cast<mlir::NameLoc>(location)) {
    path = name.getName();
    return findLine(name.getChildLoc(), path);
  }
  if (auto fused = mlir::dyn_cast<mlir::FusedLoc>(location))
    for (mlir::Location part : fused.getLocations())
      if (auto file = findLine(part, path))
        return file;
  if (auto call = mlir::dyn_cast<mlir::CallSiteLoc>(location))
    return findLine(call.getCallee(), path);
  return {};
}

/// Line `number` of a file, empty if it cannot be read. A module may name whatever it likes: what
/// is no file (a pipe, a device without end) is not opened.
static std::string readLine(StringRef file, unsigned number) {
  if (!llvm::sys::fs::is_regular_file(file))
    return "";
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return "";
  for (llvm::line_iterator line(**buffer, /*SkipBlanks=*/false); !line.is_at_end(); ++line)
    if (line.line_number() == number)
      return printable(line->str());
  return "";
}

static StringRef word(mlir::DiagnosticSeverity severity) {
  switch (severity) {
  case mlir::DiagnosticSeverity::Error:
    return "error";
  case mlir::DiagnosticSeverity::Warning:
    return "warning";
  case mlir::DiagnosticSeverity::Note:
    return "note";
  case mlir::DiagnosticSeverity::Remark:
    return "remark";
  }
  llvm_unreachable("no other severity");
}

std::string describe(const mlir::Diagnostic &diagnostic, StringRef root) {
  std::string text;
  llvm::raw_string_ostream out(text);
  StringRef path;
  mlir::FileLineColLoc line = findLine(diagnostic.getLocation(), path);
  llvm::SmallString<128> file;
  if (line) {
    file = line.getFilename().getValue();
    if (!root.empty() && llvm::sys::path::is_relative(file))
      file = (root + "/" + line.getFilename().getValue()).str();
    out << printable(file) << ":" << line.getLine() << ": ";
  }
  out << word(diagnostic.getSeverity()) << ": " << printable(diagnostic.str()) << "\n";
  if (line)
    if (std::string source = readLine(file, line.getLine()); !source.empty())
      out << "  " << line.getLine() << " | " << source << "\n";
  if (!path.empty())
    out << "  in " << printable(path) << "\n";
  for (const mlir::Diagnostic &note : diagnostic.getNotes())
    out << describe(note, root);
  return text;
}

mlir::InFlightDiagnostic Emitter::error(mlir::Location location) {
  failed_ = true;
  return mlir::emitError(location);
}

// ---- the module ------------------------------------------------------------------------------

Emitter::Emitter(std::string_view model)
    : context_(mlir::MLIRContext::Threading::DISABLED), builder(&context_) {
  context_.loadDialect<KerfDialect, mlir::arith::ArithDialect, mlir::func::FuncDialect>();
  context_.printOpOnDiagnostic(false);
  handler = context_.getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
    const bool isError = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    if (!isError && openDim && openDim->more)
      return;
    failed_ |= isError;
    llvm::errs() << describe(diagnostic);
  });
  module_ = mlir::ModuleOp::create(builder.getUnknownLoc());
  module()->setAttr("kerf.model", builder.getStringAttr(ref(model)));
}

Emitter::~Emitter() { context_.getDiagEngine().eraseHandler(handler); }

void Emitter::constant(std::string_view name, std::int64_t value) {
  mlir::NamedAttrList constants(module()->getAttrOfType<mlir::DictionaryAttr>("kerf.constants"));
  if (constants.get(ref(name)))
    error(builder.getUnknownLoc()) << "there are two constants named " << ref(name);
  constants.set(ref(name), builder.getI64IntegerAttr(value));
  module()->setAttr("kerf.constants", constants.getDictionary(&context_));
}

void Emitter::bind_dim(std::string_view name, std::int64_t value) { dims[ref(name)] = {value}; }

void Emitter::open_dim(std::string_view dim, std::int64_t most, std::int64_t more) {
  bind_dim(dim, most + more);
  if (openDim)
    error(builder.getUnknownLoc()) << "two dims are open, " << openDim->name << " and " << ref(dim)
                                   << "; one of an entry may be";
  openDim = {std::string(dim), most, more};
}

// ---- what the language says, in MLIR's terms -------------------------------------------------

mlir::Location Emitter::locate(std::source_location where) {
  mlir::Location line =
      mlir::FileLineColLoc::get(&context_, where.file_name(), where.line(), where.column());
  if (path.empty())
    return line;
  return mlir::NameLoc::get(builder.getStringAttr(llvm::join(path, ".")), line);
}

/// Signless where the language has a sign; ports keep that in `kerf.dtype`.
mlir::Type Emitter::convert(DType type) { return heldType(type, &context_); }

/// The number behind `dim` in this entry.
int64_t Emitter::number(const Dim &dim, mlir::Location location) {
  if (openDim && dim.is_named() && !failed_) {
    const kerf::detail::Polynomial sum = dim.polynomial();
    for (const kerf::detail::Term &term : ArrayRef(sum.terms, sum.count))
      if (llvm::count(ArrayRef(term.names, term.degree), openDim->name) > 2)
        error(location) << openDim->name << " is open and more than twice a factor in "
                        << ref(dim.spelling()) << "; bind it to a number";
  }
  return dim.evaluate([&](std::string_view name) -> int64_t {
    auto [bound, isNew] = dims.try_emplace(ref(name), Dimension{1}); // one message is enough
    if (isNew)
      error(location) << "dim " << ref(name) << " has no value here: bind it in the entry table, "
                      << "as in bind(" << ref(name) << ", 32)";
    bound->second.isUsed = true;
    return bound->second.value;
  });
}

/// The numbers behind `shape` in this entry, which are extents.
SmallVector<int64_t> Emitter::extents(const Shape &shape, mlir::Location location) {
  SmallVector<int64_t> numbers;
  for (int axis = 0; axis < shape.rank; ++axis) {
    const Dim &dim = shape[axis];
    int64_t extent = number(dim, location);
    if (extent < 0 || extent > INT32_MAX) {
      error(location) << "axis " << axis << " has extent " << extent
                      << (dim.is_named() ? " = " : "") << ref(dim.spelling())
                      << ", outside [0, 2^31)";
      extent = 1;
    }
    numbers.push_back(extent);
  }
  return numbers;
}

mlir::RankedTensorType Emitter::convert(Type type, mlir::Location location) {
  return mlir::RankedTensorType::get(extents(*type.shape, location), convert(type.dtype));
}

/// ⌈√n⌉, at least 1.
static int64_t rootOf(int64_t n) {
  int64_t root = std::max<int64_t>(std::llround(std::sqrt(double(std::max<int64_t>(n, 1)))), 1);
  return root * root < n ? root + 1 : root;
}

mlir::NamedAttribute Emitter::convert(const Attribute &attribute, mlir::Location location) {
  auto value = [&]() -> mlir::Attribute {
    switch (attribute.kind) {
    case Attribute::Kind::integer:
      return builder.getI64IntegerAttr(attribute.integer);
    case Attribute::Kind::real:
      return builder.getF64FloatAttr(attribute.real);
    case Attribute::Kind::boolean:
      return builder.getBoolAttr(attribute.integer != 0);
    case Attribute::Kind::string:
      return builder.getStringAttr(ref(attribute.string));
    case Attribute::Kind::ints:
      return builder.getDenseI64ArrayAttr(
          ArrayRef<int64_t>(attribute.ints.v, attribute.ints.size()));
    case Attribute::Kind::dtype:
      return mlir::TypeAttr::get(convert(attribute.dtype));
    case Attribute::Kind::dim: // the op's verifier says what it may be
      return builder.getI64IntegerAttr(number(*attribute.dim, location));
    case Attribute::Kind::root:
      return builder.getI64IntegerAttr(rootOf(number(*attribute.dim, location)));
    case Attribute::Kind::shape: {
      SmallVector<int64_t> numbers;
      for (int axis = 0; axis < attribute.shape->rank; ++axis)
        numbers.push_back(number((*attribute.shape)[axis], location));
      return builder.getDenseI64ArrayAttr(numbers);
    }
    }
    llvm_unreachable("no other kind");
  };
  return builder.getNamedAttr(ref(attribute.name), value());
}

/// Does a constant count elements whose number the call says?
bool Emitter::isOpen(const Attribute &count) const {
  if (!openDim || count.kind != Attribute::Kind::shape)
    return false;
  const kerf::detail::Polynomial numel = count.shape->numel().polynomial();
  return llvm::any_of(ArrayRef(numel.terms, numel.count), [&](const kerf::detail::Term &term) {
    return llvm::is_contained(ArrayRef(term.names, term.degree), openDim->name);
  });
}

mlir::DictionaryAttr Emitter::describePort(const Port &port) {
  mlir::NamedAttrList attributes;
  if (!port.role.empty())
    attributes.set("kerf.role", builder.getStringAttr(ref(port.role)));
  attributes.set("kerf.name", builder.getStringAttr(ref(port.leaf)));
  if (const ElementType &type = element_type(port.type.dtype); type.kind == ElementType::Kind::word)
    attributes.set("kerf.dtype", builder.getStringAttr(ref(type.numpy)));
  return attributes.getDictionary(&context_);
}

/// Can `type` hold this number? Reals round; what overflows, or loses a fraction, does not fit.
static bool holds(DType dtype, mlir::Type type, bool isReal, double real, int64_t integer) {
  const ElementType &element = element_type(dtype);
  if (element.is_real()) {
    llvm::APFloat rounded(isReal ? real : double(integer));
    bool inexact;
    rounded.convert(mlir::cast<mlir::FloatType>(type).getFloatSemantics(),
                    llvm::APFloat::rmNearestTiesToEven, &inexact);
    return rounded.isFinite() || (isReal && !std::isfinite(real));
  }
  // From -2^n or 0 to 2^n - 1; these powers are doubles, the last integers need not be.
  const bool isSigned = element.kind == ElementType::Kind::integer;
  const int n = element.bits - isSigned;
  if (isReal)
    return real == std::trunc(real) && real >= (isSigned ? -std::ldexp(1, n) : 0) &&
           real < std::ldexp(1, n);
  return n >= 63 ? isSigned || integer >= 0
                 : integer >= (isSigned ? -(int64_t(1) << n) : 0) && integer < int64_t(1) << n;
}

/// The bytes of a table as elements of `type`; null if they are too many or too few. Equal ones are
/// a splat.
static mlir::DenseElementsAttr tableOf(mlir::RankedTensorType type, StringRef bytes) {
  const uint64_t size = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (bytes.size() != size * type.getNumElements())
    return {};
  if (bytes.empty())
    return mlir::DenseElementsAttr::get(type, ArrayRef<mlir::Attribute>());
  if (!type.getElementType().isInteger(1))
    return mlir::DenseElementsAttr::getFromRawBuffer(type, ArrayRef(bytes.data(), bytes.size()));
  SmallVector<bool> truths;
  for (char byte : bytes)
    truths.push_back(byte != 0);
  return mlir::DenseElementsAttr::get(type, ArrayRef<bool>(truths));
}

/// `value` as a constant of `type`: the bytes of a table, or a number of either kind as a splat,
/// converted to the element type.
mlir::TypedAttr Emitter::convertConstant(mlir::RankedTensorType type, DType dtype,
                                         std::span<const Attribute> attributes,
                                         mlir::Location location) {
  const Attribute *value = nullptr;
  for (const Attribute &attribute : attributes)
    if (attribute.name == "value")
      value = &attribute;
  assert(value && "kerf.constant has a value");
  if (value->kind == Attribute::Kind::string) {
    if (mlir::DenseElementsAttr table = tableOf(type, ref(value->string)))
      return table;
    error(location) << "a table of "
                    << value->string.size() / llvm::divideCeil(type.getElementTypeBitWidth(), 8)
                    << " numbers is given to " << type << ", which has " << type.getNumElements()
                    << " elements";
    return mlir::cast<mlir::TypedAttr>(builder.getZeroAttr(type));
  }
  bool isReal = value->kind == Attribute::Kind::real;
  int64_t integer = value->integer;
  if (value->kind == Attribute::Kind::shape) {
    integer = 1;
    for (int64_t extent : extents(*value->shape, location))
      integer *= extent;
  }
  if (!holds(dtype, type.getElementType(), isReal, value->real, integer)) {
    std::string digits = std::to_string(integer);
    if (isReal)
      llvm::raw_string_ostream(digits = "") << llvm::format("%.15g", value->real);
    error(location) << digits << " is no " << ref(spell(dtype)) << ", which holds "
                    << ref(element_type(dtype).numbers);
    isReal = false;
    integer = 0;
  }
  mlir::Type element = type.getElementType();
  mlir::Attribute scalar;
  if (mlir::isa<mlir::FloatType>(element))
    scalar = builder.getFloatAttr(element, isReal ? value->real : double(integer));
  else
    scalar = builder.getIntegerAttr(element, isReal ? int64_t(value->real) : integer);
  return mlir::SplatElementsAttr::get(type, scalar);
}

// ---- values ----------------------------------------------------------------------------------

Value Emitter::add(mlir::Value value) {
  handles.push_back({value, scopes.back().id});
  return Value(handles.size() - 1);
}

/// The value behind a handle, if the scope that made it is still open. Else an error, and a value
/// that stands for it from here on, so that one mistake gives one message.
mlir::Value Emitter::use(Value handle, mlir::Location location) {
  assert(handle < handles.size() && "a handle that this Builder gave");
  Handle &found = handles[handle];
  if (llvm::any_of(scopes, [&](const Scope &scope) { return scope.id == found.scope; }))
    return found.value;
  {
    mlir::InFlightDiagnostic diagnostic = error(location);
    if (handle < entries.back().first) {
      auto after = llvm::upper_bound(entries, handle, [](Value value, const EntryStart &entry) {
        return value < entry.first;
      });
      diagnostic << "entry " << entries.back().name << " uses a value that belongs to entry "
                 << std::prev(after)->name
                 << ": values end with their entry, so none is kept in a static variable; compute "
                    "it again, or keep it in a tree that both entries take";
    } else {
      diagnostic << "a value of an inner region is used outside of it; return it from the "
                    "function that makes it";
    }
    diagnostic.attachNote(found.value.getLoc()) << "the value was made here";
  }
  mlir::OperationState state(location, "builtin.unrealized_conversion_cast");
  state.addTypes(found.value.getType());
  mlir::Operation *made = mlir::Operation::create(state);
  scopes.back().block->push_back(made);
  found = {made->getResult(0), scopes.back().id};
  return found.value;
}

/// Emission without end is seen by its depth or by its length; going on would end in a crash.
void Emitter::checkEnd(mlir::Location location) {
  constexpr std::uint64_t maxCalls = 2'000'000;
  const char *here = static_cast<const char *>(__builtin_frame_address(0));
  const bool isDeep = std::uint64_t(stackOfEntry - here) > stackLimit() / 2;
  if (!isDeep && ++numCalls <= maxCalls)
    return;
  {
    mlir::InFlightDiagnostic diagnostic = error(location);
    diagnostic << "entry " << entries.back().name << " does not end: ";
    if (isDeep)
      diagnostic << "functions call each other, and this line, more than " << stackLimit() / 2
                 << " bytes of stack deep; is this a recursion without end?";
    else
      diagnostic << "it has more than " << maxCalls
                 << " operations; is this line in a loop without end? repeat keeps a loop a loop";
  }
  std::exit(1);
}

std::size_t Emitter::KeyHash::operator()(const Key &key) const {
  return llvm::hash_combine(key.name, llvm::hash_combine_range(key.operands), key.attributes,
                            key.type);
}

/// The handle of an equal op in this scope, or with `outer` in one around it.
const Value *Emitter::find(const Key &key, bool outer) {
  for (const Scope &scope : llvm::reverse(scopes)) {
    if (auto found = scope.pure.find(key); found != scope.pure.end())
      return &found->second;
    if (!outer)
      break;
  }
  return nullptr;
}

/// One more line says this value.
Value Emitter::share(Value handle, mlir::Location location) {
  mlir::Operation *op = handles[handle].value.getDefiningOp();
  bool isConstant = mlir::isa<mlir::arith::ConstantOp>(op);
  if (op->getLoc() != location && !isConstant)
    op->setLoc(mlir::FusedLoc::get(&context_, {op->getLoc(), location}));
  return handle;
}

Value Emitter::op(std::string_view name, std::span<const Value> operands, Type result,
                  std::span<const Attribute> attributes, std::source_location where) {
  line_ = where;
  mlir::Location location = locate(where);
  checkEnd(location);
  mlir::RankedTensorType type = convert(result, location);
  const bool isConstant = name == "kerf.constant";
  const bool isCount = isConstant && isOpen(attributes[0]);
  if (const ElementType &element = element_type(result.dtype); isCount && element.bits < 32) {
    const Type wide{element.is_real() ? DType::f32 : DType::i32, result.shape};
    const Value count = op(name, operands, wide, attributes, where);
    return op("kerf.cast", {&count, 1}, result, {}, where);
  }
  mlir::OperationState state(location, isCount      ? "kerf.count"
                                       : isConstant ? "arith.constant"
                                                    : ref(name));
  state.addTypes(type);
  if (isCount)
    state.addAttribute("number",
                       builder.getI64IntegerAttr(number(attributes[0].shape->numel(), location)));
  else if (isConstant)
    state.addAttribute("value", convertConstant(type, result.dtype, attributes, location));
  else
    for (const Attribute &attribute : attributes)
      state.attributes.append(convert(attribute, location));
  for (Value operand : operands)
    state.operands.push_back(use(operand, location));

  if (state.name.hasInterface<compiler::Draw>())
    checkDraw(state);
  Key key{state.name, SmallVector<mlir::Value, 4>(state.operands),
          state.attributes.getDictionary(&context_), type};
  // A constant is made again in every region: captured, it could not be folded.
  if (const Value *same = find(key, /*outer=*/!isConstant))
    return share(*same, location);
  if (!state.name.isRegistered()) {
    error(location) << "there is no op " << ref(name);
    state.name = mlir::OperationName("builtin.unrealized_conversion_cast", &context_);
    state.attributes.clear();
  }
  mlir::Operation *made = mlir::Operation::create(state);
  scopes.back().block->push_back(made);
  Value handle = add(made->getResult(0));
  scopes.back().pure.emplace(std::move(key), handle);
  return handle;
}

// ---- randomness ------------------------------------------------------------------------------

/// The same words for values that are equal whichever region they were made in.
std::string Emitter::identify(mlir::Value value) {
  std::string text;
  llvm::raw_string_ostream out(text);
  mlir::Operation *op = value.getDefiningOp();
  if (auto constant = llvm::dyn_cast_if_present<mlir::arith::ConstantOp>(op))
    out << constant.getValue();
  else if (auto fold = llvm::dyn_cast_if_present<FoldKeyOp>(op))
    out << "fold(" << identify(fold.getKey()) << ", " << identify(fold.getN()) << ")";
  else
    out << value.getAsOpaquePointer();
  return text;
}

/// A key as the model writes it: of an argument of the entry its name, else "key".
static std::string spellKey(mlir::Value key) {
  if (auto fold = llvm::dyn_cast_if_present<FoldKeyOp>(key.getDefiningOp())) {
    std::string number = "n";
    if (auto constant = fold.getN().getDefiningOp<mlir::arith::ConstantOp>())
      if (auto value = mlir::dyn_cast<mlir::DenseIntElementsAttr>(constant.getValue()))
        number = llvm::toString(*value.begin(), 10, /*Signed=*/true);
    return "fold(" + spellKey(fold.getKey()) + ", " + number + ")";
  }
  if (auto name = mlir::dyn_cast<mlir::NameLoc>(key.getLoc());
      name && mlir::isa<mlir::BlockArgument>(key))
    return name.getName().str();
  return "key";
}

/// One key serves one draw: two different ones would not be independent, and the same one twice is
/// the same numbers. That is meant where one statement names a draw twice, and where a function is
/// evaluated again, for its gradient, say; else hardly.
void Emitter::checkDraw(const mlir::OperationState &op) {
  StringRef name = op.name.stripDialect(), path;
  const std::string key = spellKey(op.operands[0]);
  std::string what;
  llvm::raw_string_ostream out(what);
  out << name << op.types.front() << identify(op.operands[1]);
  std::vector<Draw> &known = draws[identify(op.operands[0])];
  const unsigned scope = scopes.back().id;
  const mlir::Location line = findLine(op.location, path);
  const Draw *other = nullptr;
  for (const Draw &draw : known) {
    if (draw.what != what) {
      mlir::InFlightDiagnostic diagnostic =
          error(op.location) << name << " draws from " << key << ", from which another draw has "
                             << "drawn; give each a key of its own, as in fold(" << key << ", 1)";
      diagnostic.attachNote(draw.location) << "the other draw is here";
      return;
    }
    const bool isAgain = findLine(draw.location, path) == line && draw.scope != scope;
    if (draw.statement == statement || isAgain)
      return;
    other = &draw;
  }
  if (other && drawnAgain.insert({findLine(other->location, path), line}).second) {
    mlir::InFlightDiagnostic diagnostic =
        mlir::emitWarning(op.location)
        << name << " draws from " << key << " the same numbers as another statement; give each a "
        << "key of its own, as in fold(" << key
        << ", 1), or name the draw once, by let, and use it twice";
    diagnostic.attachNote(other->location) << "the other draw is here";
  }
  known.push_back({std::move(what), op.location, statement, scope});
}

/// Is `region` one of the loop's, or inside of one? A region around it has no op yet.
static bool isWithin(mlir::Region *region, mlir::Operation *loop) {
  while (region && region->getParentOp() != loop)
    region = region->getParentOp() ? region->getParentRegion() : nullptr;
  return region;
}

/// Can `value` differ from one iteration of `loop` to the next?
static bool varies(mlir::Value value, Loop loop, llvm::DenseSet<mlir::Value> &seen) {
  if (!isWithin(value.getParentRegion(), loop) || !seen.insert(value).second)
    return false;
  auto any = [&](mlir::ValueRange values) {
    return llvm::any_of(values, [&](mlir::Value v) { return varies(v, loop, seen); });
  };
  auto argument = mlir::dyn_cast<mlir::BlockArgument>(value);
  if (!argument)
    return any(value.getDefiningOp()->getOperands());
  mlir::Operation *owner = argument.getOwner()->getParentOp();
  return owner == loop ? !loop.outsideOf(argument) : any(owner->getOperands());
}

/// Noise that is the same in every iteration is hardly meant; it can be drawn before the loop.
void Emitter::checkDrawsInLoop(mlir::Operation *op) {
  auto loop = mlir::dyn_cast<Loop>(op);
  if (!loop || !loop.repeats())
    return;
  loop->walk([&](compiler::Draw draw) {
    llvm::DenseSet<mlir::Value> seen;
    if (llvm::none_of(draw->getOperands(), [&](mlir::Value v) { return varies(v, loop, seen); }))
      error(draw->getLoc()) << "this line draws the same numbers in every iteration; fold the "
                               "iteration's number into its key, as in fold(key, i)";
  });
}

// ---- entries and regions ---------------------------------------------------------------------

void Emitter::begin_entry(std::string_view name, std::span<const Port> arguments,
                          std::span<Value> values, std::source_location where) {
  assert(scopes.empty() && "entries do not nest");
  mlir::Location location = locate(where);
  if (module().lookupSymbol(ref(name)) && !(openDim && openDim->more))
    error(location) << "there are two entries named " << ref(name);
  entries.push_back({std::string(name), Value(handles.size())});
  draws.clear();
  drawnAgain.clear();
  numCalls = 0;
  line_ = where;
  stackOfEntry = static_cast<const char *>(__builtin_frame_address(0));
  SmallVector<mlir::Type> types;
  for (const Port &port : arguments)
    types.push_back(convert(port.type, location));
  builder.setInsertionPointToEnd(module().getBody());
  auto function =
      mlir::func::FuncOp::create(builder, location, ref(name), builder.getFunctionType(types, {}));
  function->setAttr("kerf.entry", builder.getUnitAttr());
  if (openDim)
    markOpen(function, {openDim->name, openDim->most + openDim->more}, openDim->more);
  scopes.push_back({nextScope++, {}, function.addEntryBlock(), {}});
  for (auto [i, port] : llvm::enumerate(arguments)) {
    mlir::BlockArgument argument = function.getArgument(i);
    argument.setLoc(mlir::NameLoc::get(builder.getStringAttr(ref(port.leaf)), location));
    function.setArgAttrs(i, describePort(port));
    values[i] = add(argument);
  }
}

void Emitter::end_entry(std::span<const Port> results, std::span<const Value> values) {
  assert(scopes.size() == 1 && "every region is closed");
  mlir::Block *block = scopes.back().block;
  auto function = mlir::cast<mlir::func::FuncOp>(block->getParentOp());
  SmallVector<mlir::Value> returned;
  SmallVector<mlir::Type> types;
  SmallVector<mlir::DictionaryAttr> attributes;
  for (auto [port, handle] : llvm::zip_equal(results, values)) {
    returned.push_back(use(handle, function.getLoc()));
    types.push_back(returned.back().getType());
    attributes.push_back(describePort(port));
    if (types.back() != convert(port.type, function.getLoc()))
      error(function.getLoc()) << "the result " << ref(port.leaf) << " is " << types.back()
                               << " but is declared as " << convert(port.type, function.getLoc());
  }
  builder.setInsertionPointToEnd(block);
  mlir::func::ReturnOp::create(builder, function.getLoc(), returned);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
  function.setAllResultAttrs(attributes);
  scopes.clear();
  checkDimsUsed(function.getLoc());
  dims.clear();
  openDim.reset();
  if (!failed_ && mlir::failed(mlir::verify(function))) // else it says the same in other words
    failed_ = true;
}

/// A number for a dim that the entry does not have is a mistake in its name.
void Emitter::checkDimsUsed(mlir::Location location) {
  std::vector<StringRef> used, unused;
  for (const auto &[name, dim] : dims)
    (dim.isUsed ? used : unused).push_back(name);
  llvm::sort(used);
  llvm::sort(unused);
  for (StringRef name : unused)
    error(location) << "entry " << entries.back().name << " binds dim " << name
                    << ", which nothing in it has; it has "
                    << (used.empty() ? "no named dim" : llvm::join(used, ", "));
}

void Emitter::begin_region(std::span<const Type> arguments, std::span<Value> values) {
  scopes.push_back({nextScope++, {}, nullptr, {}});
  open(scopes.back());
  addArguments(arguments, values);
}

void Emitter::next_region(std::span<const Value> yielded, std::span<const Type> arguments,
                          std::span<Value> values) {
  yield(yielded, builder.getUnknownLoc());
  Scope &scope = scopes.back(); // values of the region that ends are unknown in the next one
  scope.id = nextScope++;
  scope.pure.clear();
  open(scope);
  addArguments(arguments, values);
}

void Emitter::open(Scope &scope) {
  scope.regions.push_back(std::make_unique<mlir::Region>());
  scope.block = &scope.regions.back()->emplaceBlock();
}

void Emitter::addArguments(std::span<const Type> arguments, std::span<Value> values) {
  mlir::Location location = builder.getUnknownLoc();
  for (auto [i, type] : llvm::enumerate(arguments))
    values[i] = add(scopes.back().block->addArgument(convert(type, location), location));
}

void Emitter::yield(std::span<const Value> yielded, mlir::Location location) {
  mlir::OperationState state(location, "kerf.yield");
  for (Value value : yielded)
    state.operands.push_back(use(value, location));
  scopes.back().block->push_back(mlir::Operation::create(state));
}

/// Gives the regions an argument for each outer value that one of them uses, and returns those
/// values.
SmallVector<mlir::Value> Emitter::capture(ArrayRef<std::unique_ptr<mlir::Region>> regions) {
  llvm::SmallMapVector<mlir::Value, SmallVector<mlir::BlockArgument, 2>, 8> captures;
  for (auto [number, region] : llvm::enumerate(regions))
    for (mlir::Operation &op : region->front())
      for (mlir::OpOperand &operand : op.getOpOperands()) {
        mlir::Value value = operand.get();
        if (value.getParentRegion() == region.get())
          continue;
        SmallVector<mlir::BlockArgument, 2> &arguments = captures[value];
        if (arguments.empty())
          for (const std::unique_ptr<mlir::Region> &other : regions)
            arguments.push_back(other->front().addArgument(value.getType(), value.getLoc()));
        operand.set(arguments[number]);
      }
  return llvm::to_vector(llvm::make_first_range(captures));
}

void Emitter::end_region(std::span<const Value> yielded, std::string_view name,
                         std::span<const Value> operands, std::span<const Type> results,
                         std::span<Value> values, std::span<const Attribute> attributes,
                         std::source_location where) {
  mlir::Location location = locate(where);
  yield(yielded, location);
  std::vector<std::unique_ptr<mlir::Region>> regions = std::move(scopes.back().regions);
  scopes.pop_back();

  mlir::OperationState state(location, ref(name));
  for (Value operand : operands)
    state.operands.push_back(use(operand, location));
  for (auto [operand, argument] : llvm::zip(state.operands, regions.front()->getArguments())) {
    if (argument.getType() != operand.getType())
      break; // what follows are a loop's number and rows
    argument.setLoc(operand.getLoc());
  }
  state.addOperands(capture(regions));
  for (const Attribute &attribute : attributes)
    state.attributes.append(convert(attribute, location));
  for (const Type &type : results)
    state.addTypes(convert(type, location));
  for (std::unique_ptr<mlir::Region> &region : regions)
    state.addRegion(std::move(region));
  mlir::Operation *made = mlir::Operation::create(state);
  scopes.back().block->push_back(made);
  checkDrawsInLoop(made);
  for (auto [i, result] : llvm::enumerate(made->getResults()))
    values[i] = add(result);
}

void Emitter::push_module(std::string_view name) { path.emplace_back(name); }

void Emitter::pop_module() { path.pop_back(); }

} // namespace kerf::compiler
