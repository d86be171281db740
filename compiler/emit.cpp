#include "emit.h"
#include "dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

// mlir is not opened here: the language has a Value, a Type and an Attribute of its own.
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::StringRef;

namespace kerf {

static StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

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

/// Line `number` of a file, empty if it cannot be read.
static std::string readLine(StringRef file, unsigned number) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return "";
  for (llvm::line_iterator line(**buffer, /*SkipBlanks=*/false); !line.is_at_end(); ++line)
    if (line.line_number() == number)
      return line->str();
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

std::string describe(const mlir::Diagnostic &diagnostic) {
  std::string text;
  llvm::raw_string_ostream out(text);
  StringRef path;
  mlir::FileLineColLoc line = findLine(diagnostic.getLocation(), path);
  if (line)
    out << line.getFilename().getValue() << ":" << line.getLine() << ": ";
  out << word(diagnostic.getSeverity()) << ": " << diagnostic.str() << "\n";
  if (line)
    if (std::string source = readLine(line.getFilename(), line.getLine()); !source.empty())
      out << "  " << line.getLine() << " | " << source << "\n";
  if (!path.empty())
    out << "  in " << path << "\n";
  for (const mlir::Diagnostic &note : diagnostic.getNotes())
    out << describe(note);
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
    failed_ |= diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    llvm::errs() << describe(diagnostic);
  });
  module_ = mlir::ModuleOp::create(builder.getUnknownLoc());
  module()->setAttr("kerf.model", builder.getStringAttr(ref(model)));
}

Emitter::~Emitter() { context_.getDiagEngine().eraseHandler(handler); }

void Emitter::constant(std::string_view name, std::int64_t value) {
  mlir::NamedAttrList constants(module()->getAttrOfType<mlir::DictionaryAttr>("kerf.constants"));
  constants.set(ref(name), builder.getI64IntegerAttr(value));
  module()->setAttr("kerf.constants", constants.getDictionary(&context_));
}

void Emitter::bind_dim(std::string_view name, std::int64_t value) { dims[ref(name)] = value; }

// ---- what the language says, in MLIR's terms -------------------------------------------------

mlir::Location Emitter::locate(std::source_location where) {
  mlir::Location line =
      mlir::FileLineColLoc::get(&context_, where.file_name(), where.line(), where.column());
  if (path.empty())
    return line;
  return mlir::NameLoc::get(builder.getStringAttr(llvm::join(path, ".")), line);
}

mlir::Type Emitter::convert(DType type) {
  switch (type) {
  case DType::f32:
    return builder.getF32Type();
  case DType::f64:
    return builder.getF64Type();
  case DType::i32:
  case DType::u32: // signless here; ports keep the sign in `kerf.dtype`
    return builder.getI32Type();
  case DType::i64:
    return builder.getI64Type();
  case DType::i1:
    return builder.getI1Type();
  }
  llvm_unreachable("no other element type");
}

/// The numbers behind `shape` in this entry.
SmallVector<int64_t> Emitter::extents(const Shape &shape, mlir::Location location) {
  SmallVector<int64_t> numbers;
  for (int axis = 0; axis < shape.rank; ++axis) {
    const Dim &dim = shape[axis];
    int64_t extent = dim.evaluate([&](std::string_view name) -> int64_t {
      auto bound = dims.find(ref(name));
      if (bound != dims.end())
        return bound->second;
      error(location) << "dim " << ref(name) << " has no value here: bind it in the entry table, "
                      << "as in bind(" << ref(name) << ", 32)";
      return dims[ref(name)] = 1; // one message is enough
    });
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

mlir::NamedAttribute Emitter::convert(const Attribute &attribute, mlir::Location location) {
  auto value = [&]() -> mlir::Attribute {
    switch (attribute.kind) {
    case Attribute::Kind::integer:
      return builder.getI64IntegerAttr(attribute.integer);
    case Attribute::Kind::real:
      return builder.getF64FloatAttr(attribute.real);
    case Attribute::Kind::string:
      return builder.getStringAttr(ref(attribute.string));
    case Attribute::Kind::ints:
      return builder.getDenseI64ArrayAttr(
          ArrayRef<int64_t>(attribute.ints.v, attribute.ints.size()));
    case Attribute::Kind::dtype:
      return mlir::TypeAttr::get(convert(attribute.dtype));
    case Attribute::Kind::shape:
      return builder.getDenseI64ArrayAttr(extents(*attribute.shape, location));
    }
    llvm_unreachable("no other kind");
  };
  return builder.getNamedAttr(ref(attribute.name), value());
}

mlir::DictionaryAttr Emitter::describePort(const Port &port) {
  mlir::NamedAttrList attributes;
  if (!port.role.empty())
    attributes.set("kerf.role", builder.getStringAttr(ref(port.role)));
  attributes.set("kerf.name", builder.getStringAttr(ref(port.leaf)));
  if (port.type.dtype == DType::u32)
    attributes.set("kerf.dtype", builder.getStringAttr("uint32"));
  return attributes.getDictionary(&context_);
}

/// `value` as a splat of `type`: a number of either kind is converted to the element type.
mlir::TypedAttr Emitter::convertConstant(mlir::RankedTensorType type,
                                         std::span<const Attribute> attributes,
                                         mlir::Location location) {
  const Attribute *value = nullptr;
  for (const Attribute &attribute : attributes)
    if (attribute.name == "value")
      value = &attribute;
  assert(value && "kerf.constant has a value");
  bool isReal = value->kind == Attribute::Kind::real;
  int64_t integer = value->integer;
  if (value->kind == Attribute::Kind::shape) {
    integer = 1;
    for (int64_t extent : extents(*value->shape, location))
      integer *= extent;
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

/// The value behind a handle, if the scope that made it is still open.
mlir::Value Emitter::use(Value handle, mlir::Location location) {
  assert(handle < handles.size() && "a handle that this Builder gave");
  const Handle &found = handles[handle];
  if (llvm::none_of(scopes, [&](const Scope &scope) { return scope.id == found.scope; })) {
    error(location) << "a value of an inner region is used outside of it; return it from the "
                       "function that value_and_grad or repeat was given";
    mlir::emitRemark(found.value.getLoc()) << "the value was made here";
  }
  return found.value;
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
  mlir::Location location = locate(where);
  mlir::RankedTensorType type = convert(result, location);
  const bool isConstant = name == "kerf.constant";
  mlir::OperationState state(location, isConstant ? "arith.constant" : ref(name));
  state.addTypes(type);
  if (isConstant)
    state.addAttribute("value", convertConstant(type, attributes, location));
  else
    for (const Attribute &attribute : attributes)
      state.attributes.append(convert(attribute, location));
  for (Value operand : operands)
    state.operands.push_back(use(operand, location));

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
  checkDraw(made);
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
  else if (op && op->getName().getStringRef() == "kerf.fold_key")
    out << "fold(" << identify(op->getOperand(0)) << ", " << identify(op->getOperand(1)) << ")";
  else
    out << value.getAsOpaquePointer();
  return text;
}

static bool isDraw(mlir::Operation *op) {
  StringRef name = op->getName().getStringRef();
  return name == "kerf.uniform" || name == "kerf.normal";
}

/// One key serves one draw: two different ones would not be independent.
void Emitter::checkDraw(mlir::Operation *op) {
  StringRef name = op->getName().getStringRef();
  if (!isDraw(op))
    return;
  std::string what;
  llvm::raw_string_ostream out(what);
  out << name << op->getResult(0).getType() << identify(op->getOperand(1));
  std::vector<Draw> &known = draws[identify(op->getOperand(0))];
  for (const Draw &draw : known)
    if (draw.what != what) {
      mlir::InFlightDiagnostic diagnostic =
          error(op->getLoc()) << "'" << name << "' draws from a key that another "
                              << "draw has used; give each its own, as in fold(key, 1)";
      diagnostic.attachNote(draw.location) << "the other draw is here";
      return;
    }
  known.push_back({std::move(what), op->getLoc()});
}

/// Can `value` differ from one iteration of `loop` to the next?
static bool varies(mlir::Value value, mlir::Region &loop, llvm::DenseSet<mlir::Value> &seen) {
  if (!loop.isAncestor(value.getParentRegion()) || !seen.insert(value).second)
    return false;
  auto any = [&](mlir::ValueRange values) {
    return llvm::any_of(values, [&](mlir::Value v) { return varies(v, loop, seen); });
  };
  auto argument = mlir::dyn_cast<mlir::BlockArgument>(value);
  if (!argument)
    return any(value.getDefiningOp()->getOperands());
  if (value.getParentRegion() == &loop)
    return true;
  return any(argument.getOwner()->getParentOp()->getOperands()); // of an inner region
}

/// Noise that is the same in every iteration is hardly meant; it can be drawn before the loop.
void Emitter::checkDrawsInLoop(mlir::Region &loop) {
  loop.walk([&](mlir::Operation *op) {
    llvm::DenseSet<mlir::Value> seen;
    if (isDraw(op) &&
        llvm::none_of(op->getOperands(), [&](mlir::Value v) { return varies(v, loop, seen); }))
      error(op->getLoc()) << "'" << op->getName() << "' draws the same numbers in every iteration; "
                          << "fold the iteration's number into its key, as in fold(key, i)";
  });
}

// ---- entries and regions ---------------------------------------------------------------------

void Emitter::begin_entry(std::string_view name, std::span<const Port> arguments,
                          std::span<Value> values, std::source_location where) {
  assert(scopes.empty() && "entries do not nest");
  mlir::Location location = locate(where);
  if (module().lookupSymbol(ref(name)))
    error(location) << "there are two entries named " << ref(name);
  handles.clear();
  draws.clear();
  SmallVector<mlir::Type> types;
  for (const Port &port : arguments)
    types.push_back(convert(port.type, location));
  builder.setInsertionPointToEnd(module().getBody());
  auto function =
      mlir::func::FuncOp::create(builder, location, ref(name), builder.getFunctionType(types, {}));
  function->setAttr("kerf.entry", builder.getUnitAttr());
  scopes.push_back({nextScope++, nullptr, function.addEntryBlock(), {}});
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
  dims.clear();
  if (mlir::failed(mlir::verify(function)))
    failed_ = true;
}

void Emitter::begin_region(std::span<const Type> arguments, std::span<Value> values) {
  auto region = std::make_unique<mlir::Region>();
  mlir::Block *block = &region->emplaceBlock();
  mlir::Location location = builder.getUnknownLoc();
  scopes.push_back({nextScope++, std::move(region), block, {}});
  for (auto [i, type] : llvm::enumerate(arguments))
    values[i] = add(block->addArgument(convert(type, location), location));
}

/// Gives the region an argument for each outer value that it uses, and returns those values.
SmallVector<mlir::Value> Emitter::capture(mlir::Region &region) {
  llvm::SmallMapVector<mlir::Value, mlir::Value, 8> captures;
  for (mlir::Operation &op : region.front())
    for (mlir::OpOperand &operand : op.getOpOperands()) {
      mlir::Value value = operand.get();
      if (value.getParentRegion() == &region)
        continue;
      mlir::Value &argument = captures[value];
      if (!argument)
        argument = region.front().addArgument(value.getType(), value.getLoc());
      operand.set(argument);
    }
  return llvm::to_vector(llvm::make_first_range(captures));
}

void Emitter::end_region(std::span<const Value> yielded, std::string_view name,
                         std::span<const Value> operands, std::span<const Type> results,
                         std::span<Value> values, std::span<const Attribute> attributes,
                         std::source_location where) {
  mlir::Location location = locate(where);
  mlir::OperationState yield(location, "kerf.yield");
  for (Value value : yielded)
    yield.operands.push_back(use(value, location));
  scopes.back().block->push_back(mlir::Operation::create(yield));
  std::unique_ptr<mlir::Region> region = std::move(scopes.back().region);
  scopes.pop_back();
  if (name == "kerf.repeat")
    checkDrawsInLoop(*region);

  mlir::OperationState state(location, ref(name));
  for (auto [operand, argument] : llvm::zip(operands, region->getArguments())) {
    state.operands.push_back(use(operand, location));
    argument.setLoc(state.operands.back().getLoc());
  }
  state.addOperands(capture(*region));
  for (const Attribute &attribute : attributes)
    state.attributes.append(convert(attribute, location));
  for (const Type &type : results)
    state.addTypes(convert(type, location));
  state.addRegion(std::move(region));
  mlir::Operation *made = mlir::Operation::create(state);
  scopes.back().block->push_back(made);
  for (auto [i, result] : llvm::enumerate(made->getResults()))
    values[i] = add(result);
}

void Emitter::push_module(std::string_view name) { path.emplace_back(name); }

void Emitter::pop_module() { path.pop_back(); }

} // namespace kerf
