#include "codegen/signature.h"

#include "compiler/elements.h"
#include "compiler/open.h"
#include "compiler/values.h"

#include "kerf/shape.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <map>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

static_assert(int(ElementType::Kind::integer) == kDLInt &&
              int(ElementType::Kind::word) == kDLUInt && int(ElementType::Kind::real) == kDLFloat &&
              int(ElementType::Kind::brain) == kDLBfloat);

static DLDataType dtypeOf(const ElementType &element) {
  return {element.dlpack(), uint8_t(element.bits), 1};
}

/// What a block is to a program.
static constexpr DLDataType bytes = {kDLUInt, 8, 1};

const ElementType &elementOf(DLDataType dtype) {
  const auto *found = llvm::find_if(element_types, [&](const ElementType &element) {
    return element.dlpack() == dtype.code && element.bits == dtype.bits;
  });
  assert(found != element_types.end() && "what has been read from a module");
  return *found;
}

std::string nameOf(DLDataType dtype) {
  const bool isBytes = dtype.code == bytes.code && dtype.bits == bytes.bits;
  return isBytes ? "uint8" : std::string(elementOf(dtype).numpy);
}

std::string signatureHash(const Interface &model) {
  std::string text;
  llvm::raw_string_ostream out(text);
  auto tensor = [&](DLDataType dtype, llvm::ArrayRef<int64_t> shape, uint64_t bytes) {
    out << nameOf(dtype) << "[";
    llvm::interleave(shape, out, ",");
    out << "]" << bytes;
  };
  auto argument = [&](const Argument &argument) {
    out << "\n " << argument.name << " " << argument.isBlock << " " << argument.access << " ";
    if (argument.perRow)
      out << argument.perRow << " per row ";
    tensor(argument.dtype, argument.shape, argument.bytes);
    for (const BlockLeaf &leaf : argument.leaves) {
      out << "\n  " << leaf.name << " " << leaf.offset << " ";
      tensor(leaf.dtype, leaf.shape, leaf.bytes);
    }
  };
  out << KERF_ABI_VERSION << " " << model.model;
  for (const Constant &constant : model.constants) {
    out << "\n" << constant.name << " " << constant.value.index() << " ";
    std::visit([&](auto value) { out << llvm::bit_cast<uint64_t>(value); }, constant.value);
  }
  for (const Argument &block : model.blocks)
    argument(block);
  for (const Entry &entry : model.entries) {
    out << "\n" << entry.name << " " << entry.arenaBytes << " " << entry.workerBytes;
    if (entry.mostRows)
      out << " " << entry.leastRows << " to " << entry.mostRows;
    for (const Argument &each : entry.arguments)
      argument(each);
  }
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(text)), /*LowerCase=*/true)
      .substr(0, 16);
}

namespace {

/// Reads one entry: arguments first, then results.
class Reader {
public:
  explicit Reader(func::FuncOp function) : function(function) { entry.name = function.getName(); }

  FailureOr<Entry> read() {
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      uint32_t access = function.getArgument(i).use_empty() ? 0 : KERF_READ;
      if (failed(place(function.getArgAttrDict(i), function.getArgumentTypes()[i], access,
                       entry.inputs)))
        return failure();
    }
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      if (failed(place(function.getResultAttrDict(i), function.getResultTypes()[i], KERF_WRITE,
                       entry.outputs)))
        return failure();
    if (entry.arguments.size() > KERF_MAX_ARGUMENTS)
      return function.emitError("entry '") << entry.name << "' has " << entry.arguments.size()
                                           << " arguments and results; a call takes "
                                           << KERF_MAX_ARGUMENTS << " at most: put them into trees";
    for (Argument &argument : entry.arguments)
      finish(argument);
    return std::move(entry);
  }

private:
  LogicalResult place(DictionaryAttr attributes, Type type, uint32_t access,
                      std::vector<Place> &places) {
    auto text = [&](StringRef name) {
      auto value = attributes ? attributes.getAs<StringAttr>(name) : StringAttr();
      return value ? value.getValue() : StringRef();
    };
    StringRef role = text("kerf.role"), name = text("kerf.name"), declared = text("kerf.dtype");
    if (name.empty())
      return function.emitError("an argument or result of entry '")
             << function.getName() << "' has no kerf.name";
    if (std::string complaint = complaintOfTensor(type); !complaint.empty())
      return function.emitError("entry '")
             << function.getName() << "': '" << name << "' " << complaint;
    auto tensor = cast<RankedTensorType>(type);
    Type element = tensor.getElementType();
    const ElementType *row = compiler::elementOf(element, declared);
    if (!row)
      return function.emitError("entry '")
             << function.getName() << "': '" << name << "' is " << type << " with kerf.dtype '"
             << declared << "', which is " << declaredElements();
    DLDataType dtype = dtypeOf(*row);
    uint64_t bytes = *bytesOf(tensor);
    std::vector<int64_t> shape(tensor.getShape());
    if (role.empty()) {
      if (find(name, false))
        return function.emitError("entry '")
               << function.getName() << "' has two arguments or results named '" << name << "'";
      places.push_back({unsigned(entry.arguments.size()), 0});
      entry.arguments.push_back(
          {name.str(), false, access ? access : uint32_t(KERF_READ), dtype, shape, bytes, {}});
      return success();
    }
    return placeLeaf(role, {name.str(), dtype, shape, 0, bytes}, access, places);
  }

  /// A leaf that is known is written where it was read; a new one follows the last.
  LogicalResult placeLeaf(StringRef role, BlockLeaf leaf, uint32_t access,
                          std::vector<Place> &places) {
    Argument *block = find(role, true);
    if (!block) {
      entry.arguments.push_back({role.str(), true, 0, bytes, {}, 0, {}});
      block = &entry.arguments.back();
    }
    block->access |= access;
    unsigned number = block - entry.arguments.data();
    auto [place, isNew] = leaves[number].try_emplace(leaf.name, block->leaves.size());
    if (!isNew) {
      BlockLeaf *known = &block->leaves[place->second];
      bool isResult = access & KERF_WRITE;
      if (!isResult || known->shape != leaf.shape || known->dtype.code != leaf.dtype.code ||
          known->dtype.bits != leaf.dtype.bits)
        return function.emitError("entry '") << function.getName() << "' has two leaves '"
                                             << leaf.name << "' in block '" << role << "'";
      places.push_back({number, known->offset, place->second});
      return success();
    }
    leaf.offset = block->bytes;
    block->bytes = llvm::alignTo(leaf.offset + leaf.bytes, 64); // both are at most 2^47
    if (block->bytes > uint64_t(max_bytes))
      return function.emitError("entry '")
             << function.getName() << "': block '" << role << "' has " << block->bytes
             << " bytes with leaf '" << leaf.name << "' of " << leaf.bytes
             << ", more than the 2^47 that a process can address";
    places.push_back({number, leaf.offset, unsigned(block->leaves.size())});
    block->leaves.push_back(std::move(leaf));
    return success();
  }

  void finish(Argument &argument) {
    if (!argument.isBlock)
      return;
    argument.shape = {int64_t(argument.bytes)};
    if (!argument.access)
      argument.access = KERF_READ;
  }

  Argument *find(StringRef name, bool isBlock) {
    for (Argument &argument : entry.arguments)
      if (argument.isBlock == isBlock && argument.name == name)
        return &argument;
    return nullptr;
  }

  func::FuncOp function;
  Entry entry;
  std::map<unsigned, llvm::StringMap<unsigned>> leaves; ///< of a block, by name
};

} // namespace

std::vector<int> Entry::oldValues() const {
  std::map<std::pair<unsigned, unsigned>, int> leaves; // by argument and leaf
  for (auto [i, input] : llvm::enumerate(inputs))
    if (arguments[input.argument].isBlock)
      leaves.emplace(std::pair(input.argument, input.leaf), i);
  std::vector<int> old;
  for (Place output : outputs) {
    auto known = leaves.find({output.argument, output.leaf});
    old.push_back(known == leaves.end() ? -1 : known->second);
  }
  return old;
}

static bool sameLayout(const Argument &a, const Argument &b) {
  return std::equal(a.leaves.begin(), a.leaves.end(), b.leaves.begin(), b.leaves.end(),
                    [](const BlockLeaf &x, const BlockLeaf &y) {
                      return x.name == y.name && x.offset == y.offset && x.shape == y.shape &&
                             x.dtype.code == y.dtype.code && x.dtype.bits == y.dtype.bits;
                    });
}

static LogicalResult addBlocks(func::FuncOp function, const Entry &entry, Interface &interface) {
  for (const Argument &argument : entry.arguments) {
    if (!argument.isBlock)
      continue;
    auto known = llvm::find_if(interface.blocks,
                               [&](Argument &block) { return block.name == argument.name; });
    if (known == interface.blocks.end()) {
      interface.blocks.push_back(argument);
    } else if (!sameLayout(*known, argument)) {
      return function.emitError("block '") << argument.name << "' has other leaves in entry '"
                                           << entry.name << "' than in an entry before it";
    } else {
      known->access |= argument.access;
    }
  }
  return success();
}

FailureOr<Interface> readInterface(ModuleOp module) {
  Interface interface;
  auto model = module->getAttrOfType<StringAttr>("kerf.model");
  interface.model = model ? model.getValue().str() : "model";
  if (auto constants = module->getAttrOfType<DictionaryAttr>("kerf.constants"))
    for (NamedAttribute constant : constants) {
      auto integer = dyn_cast<IntegerAttr>(constant.getValue());
      if (integer && integer.getType().isSignlessInteger() &&
          integer.getType().getIntOrFloatBitWidth() <= 64)
        interface.constants.push_back(
            {constant.getName().str(), integer.getType().isInteger(1)
                                           ? int64_t(integer.getValue().getZExtValue())
                                           : integer.getInt()});
      else if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
        interface.constants.push_back({constant.getName().str(), real.getValueAsDouble()});
      else
        return module.emitError("constant '")
               << constant.getName().getValue()
               << "' is neither an integer of at most 64 bits nor a float";
    }
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function->hasAttr("kerf.entry") || function.isExternal())
      return function.emitError("function '")
             << function.getName() << "' is no entry point: it has no kerf.entry or no body";
    FailureOr<Entry> entry = Reader(function).read();
    if (failed(entry) || failed(addBlocks(function, *entry, interface)))
      return failure();
    interface.entries.push_back(std::move(*entry));
  }
  if (auto buffers = module->getAttrOfType<ArrayAttr>("kerf.buffers")) {
    llvm::StringSet<> names;
    for (StringAttr name : buffers.getAsRange<StringAttr>())
      names.insert(name.getValue());
    for (Argument &block : interface.blocks)
      for (BlockLeaf &leaf : block.leaves)
        leaf.isBuffer = names.contains(block.name + "." + leaf.name);
  }
  if (interface.entries.empty())
    return module.emitError("there is no entry point: no function has the attribute kerf.entry");
  return interface;
}

/// How an argument follows the rows, from its shape in a companion with `more` rows.
static LogicalResult addRows(func::FuncOp function, const OpenDim &dim, Argument &argument,
                             const Argument &other, int64_t more) {
  if (argument.isBlock != other.isBlock || (argument.isBlock && !sameLayout(argument, other)))
    return function.emitError("entry '")
           << function.getName() << "' leaves " << dim.name << " open, which shapes of block '"
           << argument.name << "' have; a block is of one size: bind " << dim.name
           << " to a number";
  if (argument.isBlock || argument.shape == other.shape)
    return success();
  const bool haveAxes = !argument.shape.empty() && !other.shape.empty();
  if (haveAxes)
    argument.perRow = (other.shape[0] - argument.shape[0]) / more;
  const bool isInFront =
      haveAxes && llvm::equal(llvm::drop_begin(argument.shape), llvm::drop_begin(other.shape)) &&
      argument.perRow * dim.rows == argument.shape[0];
  if (!isInFront)
    return function.emitError("entry '")
           << function.getName() << "' leaves " << dim.name << " open, but '" << argument.name
           << "' has it elsewhere than in its first axis, or with something added; put " << dim.name
           << " first, or bind it to a number";
  return success();
}

FailureOr<Interface> readInterface(ModuleOp module, ArrayRef<ModuleOp> companions) {
  FailureOr<Interface> interface = readInterface(module);
  if (failed(interface) || companions.empty())
    return interface;
  ModuleOp companion = companions.front();
  for (auto [function, entry] :
       llvm::zip_equal(module.getOps<func::FuncOp>(), interface->entries)) {
    const std::optional<OpenDim> dim = openDimOf(function);
    if (!dim)
      continue;
    auto twin = companion.lookupSymbol<func::FuncOp>(function.getName());
    FailureOr<Entry> other = Reader(twin).read();
    if (failed(other))
      return failure();
    if (entry.arguments.size() != other->arguments.size())
      return function.emitError("entry '")
             << function.getName() << "' and its companion have not the same arguments";
    entry.openDim = dim->name;
    entry.mostRows = dim->rows;
    entry.leastRows = dim->least;
    for (auto [argument, ofOther] : llvm::zip_equal(entry.arguments, other->arguments))
      if (failed(addRows(function, *dim, argument, ofOther, openDimOf(twin)->rows - dim->rows)))
        return failure();
    if (llvm::none_of(entry.arguments, [](const Argument &a) { return a.perRow; }))
      return function.emitError("entry '")
             << function.getName() << "' leaves " << dim->name
             << " open, but no argument or result says what it is in a call: none has it in front; "
             << "bind " << dim->name << " to a number";
  }
  return interface;
}

} // namespace kerf::codegen
