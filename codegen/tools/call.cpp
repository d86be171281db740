#include "codegen/tools/call.h"

#include "compiler/elements.h"
#include "compiler/values.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

namespace {

struct Free {
  void operator()(void *bytes) const { std::free(bytes); }
};
using Bytes = std::unique_ptr<std::uint8_t[], Free>;

constexpr std::uint8_t unwritten = 0xcd;
/// Bytes behind an arena that no call may write.
constexpr std::uint64_t fence = 4096;

/// 64-byte aligned, never empty, filled with a pattern that shows what was not written.
Bytes allocate(std::uint64_t size) {
  size = llvm::alignTo(std::max<std::uint64_t>(size, 1), 64);
  Bytes bytes(static_cast<std::uint8_t *>(std::aligned_alloc(64, size)));
  if (!bytes)
    llvm::report_bad_alloc_error("no memory for the arguments of a compiled entry");
  std::memset(bytes.get(), unwritten, size);
  return bytes;
}

/// Memory whose last byte is the last of a page, behind which none may be touched.
class Fenced {
public:
  explicit Fenced(std::uint64_t bytes) {
    const std::uint64_t page = std::uint64_t(sysconf(_SC_PAGESIZE));
    const std::uint64_t used = llvm::alignTo(bytes, page);
    all = used + page;
    base = static_cast<std::uint8_t *>(
        mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base == MAP_FAILED || mprotect(base + used, page, PROT_NONE) != 0)
      llvm::report_bad_alloc_error("no memory for the arguments of a compiled entry");
    std::memset(base, unwritten, used);
    first = base + (used - bytes);
  }
  ~Fenced() {
    if (base)
      munmap(base, all);
  }
  Fenced(Fenced &&other)
      : first(other.first), base(std::exchange(other.base, nullptr)), all(other.all) {}

  std::uint8_t *first;

private:
  std::uint8_t *base;
  std::uint64_t all;
};

template <class T, class From> void store(std::uint8_t *to, const std::vector<From> &from) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    T value = T(from[i]);
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
}

template <class T, class To> void load(std::vector<To> &to, const std::uint8_t *from) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    to[i] = To(value);
  }
}

/// Calls `visit` with a number of the C++ type that has the bytes of `type`; a boolean's byte may
/// be any, until it is checked.
template <class Visit> void withElement(Type type, Visit visit) {
  const ElementType *element = elementOf(type);
  auto offer = [&]<class T>(std::type_identity<T>) {
    if (dtype_of<T> == element->dtype)
      visit(std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>());
  };
  [&]<class... T>(std::type_identity<std::tuple<T...>>) {
    (offer(std::type_identity<T>()), ...);
  }(std::type_identity<ElementsInCpp>());
}

void write(std::uint8_t *to, const Literal &literal) {
  withElement(literal.type().getElementType(), [&]<class T>(T) {
    if constexpr (is_float<T>)
      store<T>(to, literal.floats());
    else
      store<T>(to, literal.ints());
  });
}

Literal read(RankedTensorType type, const std::uint8_t *from) {
  Literal literal(type);
  withElement(type.getElementType(), [&]<class T>(T) {
    if constexpr (is_float<T>)
      load<T>(literal.floats(), from);
    else
      load<T>(literal.ints(), from);
  });
  return literal;
}

/// The buffers behind the arguments of the C function, and where each leaf lies in them.
class Arguments {
public:
  Arguments(func::FuncOp function, bool isOpen) : function(function), isOpen(isOpen) {
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      place(inputs, function.getArgAttrOfType<StringAttr>(i, "kerf.role"),
            function.getArgAttrOfType<StringAttr>(i, "kerf.name"), function.getArgumentTypes()[i]);
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      auto role = function.getResultAttrOfType<StringAttr>(i, "kerf.role");
      auto name = function.getResultAttrOfType<StringAttr>(i, "kerf.name");
      auto known = leaves.find({role, name});
      if (role && known != leaves.end())
        outputs.push_back(known->second);
      else
        place(outputs, role, name, function.getResultTypes()[i]);
    }
    for (std::uint64_t size : sizes) {
      buffers.push_back(allocate(size));
      pointers.push_back(buffers.back().get());
    }
    // Rows that the call does not have are not there.
    for (auto [pointer, type] : llvm::zip_equal(pointers, types))
      if (isOpen && type)
        pointer = fenced.emplace_back(*bytesOf(type)).first;
  }

  void fill(ArrayRef<Literal> literals) {
    for (auto [place, literal] : llvm::zip_equal(inputs, literals))
      write(at(place), literal);
  }
  std::vector<Literal> results() {
    std::vector<Literal> literals;
    for (auto [place, type] : llvm::zip_equal(outputs, function.getResultTypes()))
      literals.push_back(read(cast<RankedTensorType>(type), at(place)));
    return literals;
  }
  std::vector<std::uint8_t *> pointers; ///< per argument of the C function
  std::vector<RankedTensorType> types;  ///< the same; null of blocks

private:
  struct Place {
    std::size_t buffer;
    std::uint64_t offset;
  };

  /// A plain tensor has a buffer of its own; leaves of a role follow each other in one.
  void place(std::vector<Place> &places, StringAttr role, StringAttr name, Type type) {
    auto tensor = cast<RankedTensorType>(type);
    auto [block, isNew] =
        role ? blocks.insert({role, sizes.size()}) : std::pair(blocks.end(), true);
    std::size_t buffer = isNew ? sizes.size() : block->second;
    if (isNew) {
      sizes.push_back(0);
      types.push_back(role ? RankedTensorType() : tensor);
    }
    places.push_back({buffer, sizes[buffer]});
    if (role)
      leaves.insert({{role, name}, places.back()});
    sizes[buffer] = llvm::alignTo(sizes[buffer] + *bytesOf(tensor), 64);
  }
  std::uint8_t *at(Place place) { return pointers[place.buffer] + place.offset; }

  func::FuncOp function;
  bool isOpen;
  std::vector<Place> inputs, outputs;
  llvm::MapVector<StringAttr, std::size_t> blocks;
  DenseMap<std::pair<StringAttr, StringAttr>, Place> leaves;
  std::vector<std::uint64_t> sizes;
  std::vector<Bytes> buffers;
  std::vector<Fenced> fenced;
};

/// Calls the best body that needs no other features, by so many workers.
std::vector<Literal> call(const kerf_entry &entry, uint64_t features, uint64_t workers,
                          func::FuncOp function, ArrayRef<Literal> literals, std::string &error) {
  Arguments arguments(function, entry.most_rows != 0);
  arguments.fill(literals);
  if (arguments.pointers.size() != entry.num_arguments) {
    error = "the entry has " + std::to_string(entry.num_arguments) + " arguments, not the " +
            std::to_string(arguments.pointers.size()) + " of its function";
    return {};
  }
  std::vector<DLTensor> tensors(entry.num_arguments);
  std::vector<DLTensor *> pointers;
  for (std::uint32_t i = 0; i < entry.num_arguments; ++i) {
    const kerf_argument &argument = entry.arguments[i];
    const RankedTensorType type = arguments.types[i];
    tensors[i] = {arguments.pointers[i],
                  {kDLCPU, 0},
                  argument.rank,
                  argument.dtype,
                  const_cast<std::int64_t *>(type ? type.getShape().data() : argument.shape),
                  nullptr,
                  0};
    pointers.push_back(&tensors[i]);
  }
  std::unique_ptr<kerf_pool, decltype(&kerf_pool_destroy)> pool(
      workers > 1 ? kerf_pool_create(workers) : nullptr, kerf_pool_destroy);
  if (workers > 1 && !pool) {
    error = "no pool of " + std::to_string(workers) + " workers: " + std::strerror(errno);
    return {};
  }
  const uint64_t bytes = kerf_arena_bytes(&entry, workers);
  Bytes arena = allocate(bytes + fence);
  kerf_context context;
  kerf_context_init(&context);
  context.cpu_features = features;
  context.arena = arena.get();
  context.arena_bytes = bytes;
  context.pool = pool.get();
  context.workers = workers;
  kerf_status status = kerf_invoke(&entry, &context, pointers.data());
  if (status != KERF_OK) {
    error = std::string(kerf_status_name(status)) + ": " + context.message;
    return {};
  }
  if (std::any_of(arena.get() + bytes, arena.get() + bytes + fence,
                  [](std::uint8_t byte) { return byte != unwritten; })) {
    error = llvm::formatv("it wrote behind the end of the arena of {0} bytes that {1} worker{2} "
                          "need{3}",
                          bytes, workers, workers == 1 ? "" : "s", workers == 1 ? "s" : "");
    return {};
  }
  return arguments.results();
}

/// One way to run an entry.
struct Way {
  const kerf_body *body;
  uint64_t workers;

  bool operator==(const Way &) const = default;
  std::string text() const {
    return llvm::formatv("{0} by {1} worker{2}", body->target, workers, workers == 1 ? "" : "s");
  }
};

} // namespace

std::string firstDifference(func::FuncOp function, ArrayRef<Literal> results,
                            const std::string &way, ArrayRef<Literal> others,
                            const std::string &other) {
  for (auto [number, result, different] : llvm::enumerate(results, others))
    for (int64_t i = 0; i < result.size(); ++i) {
      auto bits = [&](const Literal &x) {
        return x.isFloat() ? llvm::bit_cast<int64_t>(x.floats()[i]) : x.ints()[i];
      };
      if (bits(result) == bits(different))
        continue;
      auto shown = [&](const Literal &x) {
        if (x.isFloat() && std::isnan(x.floats()[i]))
          return llvm::formatv("NaN {0:x}", llvm::bit_cast<uint64_t>(x.floats()[i])).str();
        return x.isFloat() ? llvm::formatv("{0:e9}", x.floats()[i]).str()
                           : std::to_string(x.ints()[i]);
      };
      auto name = function.getResultAttrOfType<StringAttr>(number, "kerf.name");
      return llvm::formatv("result {0}, element {1}: {2} of {3} is not {4} of {5}",
                           name ? name.str() : std::to_string(number), i, shown(result), way,
                           shown(different), other);
    }
  return "";
}

std::vector<uint64_t> manyWorkers() {
  const uint64_t more = kerf_available_workers() + 3;
  return {1, 2, 3, 7, std::min<uint64_t>(more, KERF_MAX_WORKERS)};
}

/// What is wrong with a call that would take most of this machine's memory; empty if it does not.
static std::string complaintOfMemory(const kerf_entry &entry, func::FuncOp function) {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  uint64_t bytes = kerf_arena_bytes(&entry, 1);
  for (TypeRange types :
       {TypeRange(function.getArgumentTypes()), TypeRange(function.getResultTypes())})
    for (Type type : types)
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        bytes = llvm::SaturatingAdd(bytes, bytesOf(tensor).value_or(UINT64_MAX));
  return bytes <= machine / 2
             ? ""
             : llvm::formatv("arguments, results and arena are {0} bytes, more than half "
                             "of this machine's memory of {1}",
                             bytes, machine)
                   .str();
}

std::vector<Literal> call(const kerf_entry &entry, func::FuncOp function,
                          ArrayRef<Literal> literals, std::string &error,
                          ArrayRef<uint64_t> workers) {
  error = complaintOfMemory(entry, function);
  if (!error.empty())
    return {};
  const Way first{kerf_choose_body(&entry, KERF_CPU_ALL), 1};
  const std::vector<Literal> results =
      call(entry, KERF_CPU_ALL, first.workers, function, literals, error);
  for (const kerf_body &body : ArrayRef(entry.bodies, entry.num_bodies))
    for (const uint64_t number : workers) {
      if (!error.empty())
        return {};
      const Way way{&body, number};
      if (way == first || kerf_choose_body(&entry, body.cpu_features) != &body)
        continue;
      const auto others = call(entry, body.cpu_features, number, function, literals, error);
      if (error.empty())
        error = firstDifference(function, results, first.text(), others, way.text());
    }
  return error.empty() ? results : std::vector<Literal>();
}

} // namespace kerf::codegen
