// The C++ side of an artefact's border: contexts, pools, blocks, views, errors. Generated headers
// build on it. Header only; memory is allocated and threads are started where a Context, a Pool or
// a Block is made, never by a call.
#pragma once

#include "abi.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace kerf {

inline constexpr std::size_t block_alignment = 64;

namespace detail {

struct Free {
  void operator()(void *first) const { std::free(first); }
};
using Memory = std::unique_ptr<void, Free>;

/// At least `bytes` bytes, aligned for blocks and arenas. From 2 MiB on in huge pages where the
/// system grants them: the first call would else stop at each 4 KiB page to have it mapped.
inline Memory allocate(std::size_t bytes) {
  constexpr std::size_t huge_page = std::size_t(2) << 20;
  if (bytes > SIZE_MAX - huge_page) // rounding up would wrap around
    throw std::bad_alloc();
  const std::size_t alignment = bytes < huge_page ? block_alignment : huge_page;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  Memory memory(std::aligned_alloc(alignment, rounded));
  if (!memory)
    throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (alignment == huge_page)
    ::madvise(memory.get(), rounded, MADV_HUGEPAGE); // a wish: refusing it changes nothing
#endif
  return memory;
}

} // namespace detail

/// A refusal; nothing has been written. what() says which entry, which argument, and what is wrong
/// with the numbers.
class Error : public std::runtime_error {
public:
  Error(kerf_status status, const std::string &message)
      : std::runtime_error(std::string(kerf_status_name(status)) + ": " + message),
        status_(status) {}
  kerf_status status() const noexcept { return status_; }

private:
  kerf_status status_;
};

namespace detail {
/// A number that is no C++ type, and says its code in DLPack: bf16 and f16 of kerf/narrow.h.
template <class T>
concept Narrow = requires { T::dlpack_code; };
} // namespace detail

/// The DLPack type of an element. bool is a 1-bit unsigned integer in a byte of its own.
template <class T> constexpr DLDataType dtype() {
  using Element = std::remove_cv_t<T>;
  static_assert(std::is_arithmetic_v<Element> || detail::Narrow<Element>,
                "kerf: an element is a number or a bool");
  if constexpr (std::is_same_v<Element, bool>)
    return {kDLUInt, 1, 1};
  else if constexpr (detail::Narrow<Element>)
    return {Element::dlpack_code, std::uint8_t(8 * sizeof(Element)), 1};
  else
    return {std::is_floating_point_v<Element> ? std::uint8_t(kDLFloat)
            : std::is_signed_v<Element>       ? std::uint8_t(kDLInt)
                                              : std::uint8_t(kDLUInt),
            std::uint8_t(8 * sizeof(Element)), 1};
}

template <class T, std::int64_t... extents> class View;
template <class T, std::int64_t... inner> class Rows;
template <class T, std::int64_t... extents> struct Array;
template <class Content> class Block;

namespace detail {

/// What a process can address; no tensor is larger.
inline constexpr std::size_t max_bytes = std::size_t(1) << 47;

/// The product of the extents; more than max_bytes if it is larger, whatever it would wrap to.
template <std::int64_t... extents> constexpr std::size_t count() {
  if (((extents == 0) || ...))
    return 0;
  std::size_t product = 1;
  ((product = std::size_t(extents) > max_bytes / product ? max_bytes + 1
                                                         : product * std::size_t(extents)),
   ...);
  return product;
}

template <std::int64_t... extents> struct Extents {
  static constexpr int rank = sizeof...(extents);
  static constexpr std::array<std::int64_t, rank> shape{extents...};
  static_assert(((extents >= 0) && ...), "kerf: an extent is not negative");
  static constexpr std::size_t size = count<extents...>();
  static_assert(size <= max_bytes, "kerf: a tensor has more elements than an address space bytes");

  /// The row-major position of an element.
  template <class... Index> static constexpr std::size_t position(Index... index) {
    static_assert(sizeof...(index) == rank, "kerf: one index per axis");
    std::size_t at = 0;
    std::size_t axis = 0;
    ((at = at * std::size_t(shape[axis++]) + std::size_t(index)), ...);
    return at;
  }
};

/// What one index leaves of a view: the view of the other axes, or the element.
template <class T, std::int64_t... extents> struct Row;
template <class T, std::int64_t only> struct Row<T, only> {
  static constexpr T &at(T *first, std::size_t i) { return first[i]; }
};
template <class T, std::int64_t outer, std::int64_t next, std::int64_t... inner>
struct Row<T, outer, next, inner...> {
  static constexpr auto at(T *first, std::size_t i) {
    return View<T, next, inner...>(first + i * Extents<next, inner...>::size);
  }
};

template <class Range> constexpr bool has_static_shape = false;
template <class T, std::int64_t... extents>
constexpr bool has_static_shape<View<T, extents...>> = true;
template <class T, std::int64_t... extents>
constexpr bool has_static_shape<Array<T, extents...>> = true;
template <class Content> constexpr bool has_static_shape<Block<Content>> = true;
/// So that one is copied, not taken for a range.
template <class Range> constexpr bool is_rows = false;
template <class T, std::int64_t... inner> constexpr bool is_rows<Rows<T, inner...>> = true;

/// std::vector, std::array, std::span … of T, whose number of elements is checked when they meet a
/// view.
template <class Range, class T>
concept RangeOf =
    std::ranges::contiguous_range<Range> && std::ranges::sized_range<Range> &&
    !has_static_shape<std::remove_cvref_t<Range>> &&
    std::is_convertible_v<std::remove_reference_t<std::ranges::range_reference_t<Range>> (*)[],
                          T (*)[]>;

inline std::string spelled(const std::int64_t *values, int rank) {
  std::string text = "[";
  for (int i = 0; i < rank; ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + "]";
}

/// The elements of a tensor of this shape; an open one has any number, but one, in axis 0. Throws.
template <class T>
T *adopt(const DLTensor &tensor, const std::int64_t *shape, int rank, bool is_open) {
  const auto refuse = [](kerf_status status, const std::string &text) {
    throw Error(status, "a tensor from DLPack: " + text);
  };
  const DLDataType want = dtype<T>();
  int device = 0; // as an integer: it may be no value of the enumeration
  static_assert(sizeof device == sizeof tensor.device.device_type);
  std::memcpy(&device, &tensor.device.device_type, sizeof device);
  if (device != kDLCPU || tensor.device.device_id != 0)
    refuse(KERF_ERROR_DEVICE, "its device is {" + std::to_string(device) + ", " +
                                  std::to_string(tensor.device.device_id) +
                                  "}, want {1, 0}, the CPU; copy the data to the CPU first");
  if (tensor.dtype.code != want.code || tensor.dtype.bits != want.bits ||
      tensor.dtype.lanes != want.lanes)
    refuse(KERF_ERROR_DTYPE, "type code " + std::to_string(tensor.dtype.code) + " of " +
                                 std::to_string(tensor.dtype.bits) + " bits in " +
                                 std::to_string(tensor.dtype.lanes) + " lanes, want code " +
                                 std::to_string(want.code) + " of " + std::to_string(want.bits) +
                                 " in 1");
  if (tensor.ndim != rank)
    refuse(KERF_ERROR_RANK,
           "rank " + std::to_string(tensor.ndim) + ", want " + std::to_string(rank));
  if (rank && !tensor.shape)
    refuse(KERF_ERROR_NULL, "its shape pointer is null, want " + spelled(shape, rank));
  std::size_t size = 1;
  for (int axis = 0; axis < rank; ++axis)
    size *= std::size_t(is_open && axis == 0 ? std::max<std::int64_t>(tensor.shape[0], 0)
                                             : shape[axis]);
  std::int64_t compact = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    const bool fits =
        is_open && axis == 0 ? tensor.shape[0] > 0 : tensor.shape[axis] == shape[axis];
    if (!fits)
      refuse(KERF_ERROR_SHAPE, "shape " + spelled(tensor.shape, rank) + ", want " +
                                   spelled(shape, rank) +
                                   (is_open ? ", or another number of rows" : ""));
    if (tensor.strides && size && tensor.shape[axis] != 1 && tensor.strides[axis] != compact)
      refuse(KERF_ERROR_STRIDE,
             "strides " + spelled(tensor.strides, rank) + ", want a compact tensor");
    if (size)
      compact *= tensor.shape[axis];
  }
  if (!size)
    return static_cast<T *>(tensor.data);
  if (!tensor.data)
    refuse(KERF_ERROR_NULL, "the data pointer is null");
  const auto base = std::bit_cast<std::uintptr_t>(tensor.data);
  const std::uintptr_t begin = base + tensor.byte_offset;
  if (begin < base || begin + size * sizeof(T) < begin)
    refuse(KERF_ERROR_RANGE, "data, byte_offset " + std::to_string(tensor.byte_offset) + " and " +
                                 std::to_string(size * sizeof(T)) +
                                 " bytes together leave the address space");
  if (begin % sizeof(T))
    refuse(KERF_ERROR_ALIGNMENT, "its elements are not aligned to their size");
  return reinterpret_cast<T *>(static_cast<std::byte *>(tensor.data) + tensor.byte_offset);
}

} // namespace detail

/// A row-major tensor in memory of somebody else's; the shape is part of the type. Cheap to copy.
template <class T, std::int64_t... extents> class View : public detail::Extents<extents...> {
  using Shape = detail::Extents<extents...>;
  using Element = std::remove_const_t<T>;

public:
  using Shape::rank, Shape::shape, Shape::size;

  /// Trusts that `size` elements are there.
  explicit constexpr View(T *first) : first(first) {}
  template <class Other>
    requires(std::is_const_v<T> && std::is_same_v<Other, Element>)
  constexpr View(View<Other, extents...> other) : first(other.data()) {}
  constexpr View(Array<Element, extents...> &array) : first(array.values) {}
  constexpr View(const Array<Element, extents...> &array)
    requires std::is_const_v<T>
      : first(array.values) {}
  constexpr View(Block<Array<Element, extents...>> &block) : first(block->values) {}
  constexpr View(const Block<Array<Element, extents...>> &block)
    requires std::is_const_v<T>
      : first(block->values) {}
  /// Throws unless the range has exactly `size` elements.
  template <detail::RangeOf<T> Range>
  constexpr View(Range &&range) : first(std::ranges::data(range)) {
    if (std::ranges::size(range) != size)
      throw Error(KERF_ERROR_SHAPE,
                  std::to_string(std::ranges::size(range)) + " elements for a tensor of shape " +
                      detail::spelled(shape.data(), rank) + ", want " + std::to_string(size));
  }
  /// A number, where a scalar is read; the view has no longer life than the number, which is that
  /// of the call for f(context, 0.5).
  constexpr View(const Element &number)
    requires(sizeof...(extents) == 0 && std::is_const_v<T>)
      : first(&number) {}
  /// No fraction for an integer or a truth.
  template <std::floating_point Other>
    requires(sizeof...(extents) == 0 && std::is_integral_v<T>)
  View(Other) = delete;
  /// Throws unless the tensor is on the CPU, of this element type and shape, compact, aligned to
  /// its elements and inside the address space: what an exported C function checks.
  explicit View(const DLTensor &tensor)
      : first(detail::adopt<T>(tensor, shape.data(), rank, /*is_open=*/false)) {}

  constexpr T *data() const { return first; }
  constexpr T *begin() const { return first; }
  constexpr T *end() const { return first + size; }

  /// The element at one index per axis; indices are not checked.
  template <class... Index> constexpr T &operator()(Index... index) const {
    return first[Shape::position(index...)];
  }
  /// Index `i` of the first axis: a view of the others, or the element of a vector.
  constexpr decltype(auto) operator[](std::size_t i) const
    requires(sizeof...(extents) > 0)
  {
    return detail::Row<T, extents...>::at(first, i);
  }
  constexpr operator T &() const
    requires(sizeof...(extents) == 0)
  {
    return *first;
  }

  /// The same memory as a DLPack tensor. Shapes are never written through it.
  DLTensor dlpack() const {
    return {const_cast<Element *>(first),
            {kDLCPU, 0},
            rank,
            dtype<T>(),
            const_cast<std::int64_t *>(shape.data()),
            nullptr,
            0};
  }

private:
  T *first;
};

/// A tensor of any number of rows, each of shape `inner`, in memory of somebody else's: what an
/// entry takes whose leading dim is open. The entry says how many rows it may have. Cheap to copy.
template <class T, std::int64_t... inner> class Rows {
  using Element = std::remove_const_t<T>;
  using Row = detail::Extents<inner...>;

public:
  static constexpr int rank = 1 + sizeof...(inner);
  static constexpr std::size_t row_size = Row::size;

  /// Trusts that so many rows are there.
  constexpr Rows(T *first, std::size_t rows)
      : first(first), extents{std::int64_t(rows), inner...} {}
  template <class Other>
    requires(std::is_const_v<T> && std::is_same_v<Other, Element>)
  constexpr Rows(Rows<Other, inner...> other) : Rows(other.data(), other.rows()) {}
  template <class Other, std::int64_t rows>
    requires(std::is_same_v<Other, T> || std::is_same_v<const Other, T>)
  constexpr Rows(View<Other, rows, inner...> view) : Rows(view.data(), rows) {}
  template <std::int64_t rows>
  constexpr Rows(Array<Element, rows, inner...> &array) : Rows(array.values, rows) {}
  template <std::int64_t rows>
    requires std::is_const_v<T>
  constexpr Rows(const Array<Element, rows, inner...> &array) : Rows(array.values, rows) {}
  template <std::int64_t rows>
  constexpr Rows(Block<Array<Element, rows, inner...>> &block) : Rows(block->values, rows) {}
  template <std::int64_t rows>
    requires std::is_const_v<T>
  constexpr Rows(const Block<Array<Element, rows, inner...>> &block) : Rows(block->values, rows) {}
  /// As many rows as the range has. Throws unless they are whole ones, one at least.
  template <detail::RangeOf<T> Range>
    requires(!detail::is_rows<std::remove_cvref_t<Range>>)
  constexpr Rows(Range &&range)
      : Rows(std::ranges::data(range), rows_of(std::ranges::size(range))) {}
  /// Throws as View does, but takes any number of rows.
  explicit Rows(const DLTensor &tensor) : Rows(nullptr, 0) {
    first = detail::adopt<T>(tensor, extents.data(), rank, /*is_open=*/true);
    extents[0] = tensor.shape[0];
  }

  /// The first `count` of them. Throws where there are not so many.
  constexpr Rows first_rows(std::size_t count) const {
    if (count > rows())
      throw Error(KERF_ERROR_SHAPE,
                  "the first " + std::to_string(count) + " rows of " + std::to_string(rows()));
    return Rows(first, count);
  }

  constexpr std::size_t rows() const { return std::size_t(extents[0]); }
  constexpr const std::array<std::int64_t, rank> &shape() const { return extents; }
  constexpr std::size_t size() const { return rows() * Row::size; }
  constexpr T *data() const { return first; }
  constexpr T *begin() const { return first; }
  constexpr T *end() const { return first + size(); }

  /// The element at one index per axis; indices are not checked.
  template <class... Index> constexpr T &operator()(std::size_t row, Index... index) const {
    return first[row * Row::size + Row::position(index...)];
  }
  /// Row `i`: a view, or the element where a row is one.
  constexpr decltype(auto) operator[](std::size_t i) const {
    return detail::Row<T, 0, inner...>::at(first, i);
  }

  /// The same memory as a DLPack tensor, which is valid as long as these Rows. Shapes are never
  /// written through it.
  DLTensor dlpack() const {
    return {const_cast<Element *>(first),
            {kDLCPU, 0},
            rank,
            dtype<T>(),
            const_cast<std::int64_t *>(extents.data()),
            nullptr,
            0};
  }

private:
  static constexpr std::size_t rows_of(std::size_t elements) {
    if (elements == 0 || Row::size == 0 || elements % Row::size != 0)
      throw Error(KERF_ERROR_SHAPE, std::to_string(elements) + " elements for rows of " +
                                        std::to_string(Row::size) +
                                        ", want a multiple of it, one row at least");
    return elements / Row::size;
  }

  T *first;
  std::array<std::int64_t, rank> extents;
};

/// A row-major tensor that holds its elements, aligned to 64 bytes: what blocks are made of. A
/// large one belongs into a Block<Array<…>>, not on the stack.
template <class T, std::int64_t... extents> struct alignas(block_alignment) Array {
  static constexpr int rank = sizeof...(extents);
  static constexpr std::array<std::int64_t, rank> shape{extents...};
  static constexpr std::size_t size = detail::Extents<extents...>::size;

  T values[size ? size : 1]; // C++ has no empty arrays: begin() = end() where there is no element

  constexpr T *data() { return values; }
  constexpr const T *data() const { return values; }
  constexpr T *begin() { return values; }
  constexpr const T *begin() const { return values; }
  constexpr T *end() { return values + size; }
  constexpr const T *end() const { return values + size; }

  constexpr View<T, extents...> view() { return *this; }
  constexpr View<const T, extents...> view() const { return *this; }
  template <class... Index> constexpr T &operator()(Index... index) { return view()(index...); }
  template <class... Index> constexpr const T &operator()(Index... index) const {
    return view()(index...);
  }
  constexpr decltype(auto) operator[](std::size_t i)
    requires(sizeof...(extents) > 0)
  {
    return view()[i];
  }
  constexpr decltype(auto) operator[](std::size_t i) const
    requires(sizeof...(extents) > 0)
  {
    return view()[i];
  }

  constexpr operator T &()
    requires(sizeof...(extents) == 0)
  {
    return values[0];
  }
  constexpr operator const T &() const
    requires(sizeof...(extents) == 0)
  {
    return values[0];
  }
  constexpr Array &operator=(T value)
    requires(sizeof...(extents) == 0)
  {
    values[0] = value;
    return *this;
  }
};

/// Base of the structs that lie over a role's block: they are never made by themselves, but live in
/// a Block, or in memory of yours by kerf::view.
struct Role {
  Role() = delete;
};

/// Names, shapes and offsets of a role's tensors, for files. Generated headers define it for their
/// roles.
template <class Content> const kerf_block &table();

/// A random key made from a seed, for arguments of type uint32 [2]. Different seeds, different
/// keys.
struct RandomKey : std::array<std::uint32_t, 2> {
  explicit constexpr RandomKey(std::uint64_t seed)
      : std::array<std::uint32_t, 2>{std::uint32_t(seed), std::uint32_t(seed >> 32)} {}
};

/// Owns one Content on the heap: 64-byte aligned, zero at first.
template <class Content> class Block {
  static_assert(alignof(Content) == block_alignment, "kerf: for roles and arrays");
  static_assert(std::is_trivially_copyable_v<Content>);

public:
  static constexpr std::size_t bytes = sizeof(Content);

  Block() : memory(detail::allocate(bytes)) { std::memset(memory.get(), 0, bytes); }

  Content &operator*() { return *content(); }
  const Content &operator*() const { return *content(); }
  Content *operator->() { return content(); }
  const Content *operator->() const { return content(); }
  operator Content &() { return *content(); }
  operator const Content &() const { return *content(); }
  void *data() { return memory.get(); }
  const void *data() const { return memory.get(); }

private:
  Content *content() const { return static_cast<Content *>(memory.get()); }

  detail::Memory memory;
};

/// `bytes` bytes of yours as a role's struct; throws unless they are aligned to 64 and of its size.
template <class Content> Content &view(void *memory, std::size_t bytes) {
  if (!memory)
    throw Error(KERF_ERROR_NULL, "a block at the null pointer");
  if (bytes != sizeof(Content))
    throw Error(KERF_ERROR_SHAPE, "a block of " + std::to_string(bytes) + " bytes, want " +
                                      std::to_string(sizeof(Content)));
  if (std::bit_cast<std::uintptr_t>(memory) % block_alignment)
    throw Error(KERF_ERROR_ALIGNMENT, "a block that is not aligned to 64 bytes");
  return *static_cast<Content *>(memory);
}

/// Threads that calls share their work with; contexts may have one in common. A call's results do
/// not depend on it: all bits are the same for any number of workers.
class Pool {
public:
  /// `workers` threads, of which the caller of an entry is one. Throws where the system gives none.
  explicit Pool(std::uint64_t workers = kerf_available_workers())
      : pool(kerf_pool_create(workers)), workers_(workers) {
    if (!pool)
      throw Error(KERF_ERROR_WORKERS,
                  "a pool of " + std::to_string(workers) +
                      " workers was refused: " + std::generic_category().message(errno) +
                      "; ask for 1 to " + std::to_string(KERF_MAX_WORKERS) + ", or for fewer");
  }

  std::uint64_t workers() const { return workers_; }
  /// For the C functions.
  kerf_pool *get() const { return pool.get(); }

private:
  struct Destroy {
    void operator()(kerf_pool *pool) const { kerf_pool_destroy(pool); }
  };
  std::unique_ptr<kerf_pool, Destroy> pool;
  std::uint64_t workers_;
};

/// What a call of `entry` may use so that its body for `target` runs, as kerf_context.cpu_features.
/// Throws if there is none, or this machine cannot run it.
inline std::uint64_t features_of(const kerf_entry &entry, const std::string &target) {
  std::string there, lacking;
  for (std::uint64_t i = 0; i < entry.num_bodies; ++i) {
    const kerf_body &body = entry.bodies[i];
    there += (i ? " and " : "") + std::string(body.target);
    if (body.target != target)
      continue;
    if (kerf_choose_body(&entry, body.cpu_features) == &body)
      return body.cpu_features;
    for (unsigned bit = 0; bit < 64; ++bit)
      if ((body.cpu_features & ~kerf_cpu_features()) >> bit & 1)
        lacking += std::string(" ") + kerf_cpu_feature_name(bit);
  }
  throw Error(KERF_ERROR_CPU_FEATURE,
              std::string(entry.name) + ": " +
                  (lacking.empty() ? "there is no body for " + target + "; there is " + there
                                   : "the body for " + target + " needs" + lacking +
                                         ", which this machine lacks"));
}

/// What calls run in: scratch memory, workers, allowed CPU features, the last message. One call at
/// a time.
class Context {
public:
  /// The arena that all entries of a model need: `<model>::arena_bytes`.
  using ArenaBytes = std::uint64_t(std::uint64_t workers);

  /// With an arena and a pool of its own: all CPUs that the process may keep busy, or so many.
  explicit Context(ArenaBytes &arena_bytes, std::uint64_t workers = kerf_available_workers())
      : Context(checked(workers) > 1 ? std::optional<Pool>(workers) : std::nullopt,
                arena_bytes(workers)) {}
  /// With an arena of its own, and a pool that outlives it and that other contexts may share.
  Context(ArenaBytes &arena_bytes, const Pool &pool) : Context(arena_bytes(pool.workers())) {
    use(pool);
  }
  /// With an arena of its own of so many bytes, and one worker.
  explicit Context(std::uint64_t arena_bytes) : Context(std::nullopt, arena_bytes) {}
  /// With an arena of yours, aligned to 64 bytes, and one worker.
  Context(void *memory, std::uint64_t bytes) {
    kerf_context_init(&context);
    context.arena = memory;
    context.arena_bytes = bytes;
  }

  /// The one moved from has no arena and one worker.
  Context(Context &&other) noexcept { *this = std::move(other); }
  Context &operator=(Context &&other) noexcept {
    context = other.context;
    arena = std::move(other.arena);
    pool = std::move(other.pool);
    kerf_context_init(&other.context);
    return *this;
  }

  std::uint64_t workers() const { return context.workers; }
  /// For the C functions, and for fields that have no method here.
  kerf_context *get() { return &context; }

private:
  Context(std::optional<Pool> own, std::uint64_t arena_bytes) : pool(std::move(own)) {
    kerf_context_init(&context);
    if (arena_bytes)
      arena = detail::allocate(arena_bytes);
    context.arena = arena.get();
    context.arena_bytes = arena_bytes;
    if (pool)
      use(*pool);
  }
  static std::uint64_t checked(std::uint64_t workers) {
    if (workers < 1 || workers > KERF_MAX_WORKERS)
      throw Error(KERF_ERROR_WORKERS, std::to_string(workers) + " workers, want 1 to " +
                                          std::to_string(KERF_MAX_WORKERS));
    return workers;
  }
  void use(const Pool &shared) {
    context.pool = shared.get();
    context.workers = shared.workers();
  }

  kerf_context context;
  detail::Memory arena;
  std::optional<Pool> pool;
};

namespace detail {

template <class T, std::int64_t... extents> DLTensor argument(View<T, extents...> view) {
  return view.dlpack();
}

/// The shape is that of the Rows, which are there until the call has ended.
template <class T, std::int64_t... inner> DLTensor argument(const Rows<T, inner...> &rows) {
  return rows.dlpack();
}

/// A role's block: its bytes.
template <class Content>
  requires std::derived_from<std::remove_const_t<Content>, Role>
DLTensor argument(Content &content) {
  static constexpr std::int64_t bytes = sizeof(Content);
  using Bare = std::remove_const_t<Content>;
  return {const_cast<Bare *>(&content),       {kDLCPU, 0}, 1, dtype<std::uint8_t>(),
          const_cast<std::int64_t *>(&bytes), nullptr,     0};
}

/// Calls an exported C function; a refusal becomes an exception.
template <class Function, class... Tensors>
void call(Function *function, Context &context, Tensors... tensors) {
  const kerf_status status = function(context.get(), &tensors...);
  if (status == KERF_ERROR_BUSY) // the message is the other call's
    throw Error(status, "another call runs in this context; give every thread its own");
  if (status != KERF_OK)
    throw Error(status, context.get()->message);
}

} // namespace detail
} // namespace kerf
