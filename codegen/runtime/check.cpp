// The border of an artefact: refuses a wrong call in words, or runs the entry. Needs libc alone and
// never allocates.
#include "abi.h"
#include "float_state_detail.h"
#include "pool_detail.h"

#include <string.h>

namespace {
constexpr uint64_t block_alignment = 64;

/// The context's message, cut where it is full.
class Message {
public:
  explicit Message(kerf_context &context)
      : text(context.message), capacity(sizeof context.message) {
    text[0] = '\0';
  }
  Message &operator<<(const char *part) {
    for (; *part && length + 1 < capacity; ++part)
      text[length++] = *part;
    text[length] = '\0';
    return *this;
  }
  Message &operator<<(uint64_t value) {
    char digits[21], *first = digits + sizeof digits - 1;
    *first = '\0';
    do
      *--first = static_cast<char>('0' + value % 10);
    while (value /= 10);
    return *this << first;
  }
  Message &operator<<(int64_t value) {
    if (value >= 0)
      return *this << static_cast<uint64_t>(value);
    return *this << "-" << (0 - static_cast<uint64_t>(value));
  }
  Message &operator<<(int value) { return *this << static_cast<int64_t>(value); }
  Message &operator<<(unsigned value) { return *this << static_cast<uint64_t>(value); }

private:
  char *text;
  size_t capacity, length = 0;
};

struct List {
  const int64_t *values;
  int64_t size;
};

Message &operator<<(Message &message, List list) {
  message << "[";
  for (int64_t i = 0; i < list.size; ++i)
    message << (i ? ", " : "") << list.values[i];
  return message << "]";
}

Message &operator<<(Message &message, DLDataType type) {
  static const char *const codes[] = {"int", "uint", "float", "handle", "bfloat", "complex"};
  if (type.code < sizeof codes / sizeof *codes)
    message << codes[type.code] << static_cast<unsigned>(type.bits);
  else
    message << "type code " << static_cast<unsigned>(type.code) << " of "
            << static_cast<unsigned>(type.bits) << " bits";
  if (type.lanes != 1)
    message << "x" << static_cast<unsigned>(type.lanes);
  return message;
}

/// An enumeration as the integer that the caller wrote: it may be no value of it.
template <class Enumeration> int number_of(const Enumeration &value) {
  static_assert(sizeof value == sizeof(int));
  int number;
  memcpy(&number, &value, sizeof number);
  return number;
}
int device_type(const DLDevice &device) { return number_of(device.device_type); }

struct Range {
  uintptr_t begin, end; // [begin, end)

  bool meets(const Range &other) const {
    return begin < end && other.begin < other.end && begin < other.end && other.begin < end;
  }
};

/// Holds a context for one call. Two calls that meet in one context would share arena and message:
/// an atomic exchange at entry sees the second.
class Hold {
public:
  explicit Hold(kerf_context &context) : context(context) {
    held = __atomic_compare_exchange_n(&context.busy, &found, 1u, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
  }
  ~Hold() {
    if (held)
      __atomic_store_n(&context.busy, 0u, __ATOMIC_RELEASE);
  }
  Hold(const Hold &) = delete;

  kerf_status check(const kerf_entry &entry) {
    if (held)
      return KERF_OK;
    if (found == 1)
      return KERF_ERROR_BUSY;
    Message(context) << (entry.name ? entry.name : "entry without a name")
                     << ": the context's field busy is " << found
                     << ", want 0; prepare the context with kerf_context_init";
    return KERF_ERROR_RESERVED;
  }

private:
  kerf_context &context;
  uint32_t found = 0;
  bool held;
};

/// One call being checked: the first thing that is wrong ends it, with its status and its message.
class Call {
public:
  Call(const kerf_entry &entry, kerf_context &context, DLTensor *const *tensors)
      : entry(entry), context(context), tensors(tensors) {}

  /// Before anything else: only then is known where the context's other fields lie.
  kerf_status versions() {
    if (context.abi_version != KERF_ABI_VERSION) {
      refuse() << "the context has ABI version " << context.abi_version << ", this runtime has "
               << KERF_ABI_VERSION << "; prepare it with kerf_context_init";
      return KERF_ERROR_ABI_VERSION;
    }
    if (entry.abi_version != KERF_ABI_VERSION) {
      refuse() << "the model was compiled for ABI version " << entry.abi_version
               << ", this runtime has " << KERF_ABI_VERSION
               << "; compile the model again or link the runtime it came with";
      return KERF_ERROR_ABI_VERSION;
    }
    bool has_body = entry.num_bodies && entry.bodies;
    for (uint64_t i = 0; has_body && i < entry.num_bodies; ++i)
      has_body = entry.bodies[i].run;
    if (entry.num_arguments > KERF_MAX_ARGUMENTS || !has_body ||
        (entry.num_arguments && !entry.arguments)) {
      refuse() << "the artefact's table is broken: " << entry.num_arguments
               << " arguments of at most " << KERF_MAX_ARGUMENTS << (has_body ? "" : ", no body")
               << (entry.arguments ? "" : ", no argument table") << "; compile the model again";
      return KERF_ERROR_ENTRY;
    }
    return KERF_OK;
  }

  kerf_status check() {
    using Check = kerf_status (Call::*)();
    constexpr Check steps[] = {&Call::reserved, &Call::features, &Call::arena, &Call::arguments,
                               &Call::overlaps};
    for (Check step : steps)
      if (kerf_status status = (this->*step)())
        return status;
    return KERF_OK;
  }
  void run() {
    char *own = static_cast<char *>(context.arena) + entry.arena_bytes;
    const kerf_call call = {data,     context.arena, own, entry.worker_bytes, context.workers,
                            &context, rows};
    const kerf::runtime::detail::PoolUse pool(context.pool);
    const kerf::runtime::detail::DefaultFloatState floats;
    body->run(&call);
  }

private:
  Message refuse() {
    Message message(context);
    message << (entry.name ? entry.name : "entry without a name") << ": ";
    return message;
  }
  Message refuse(uint32_t argument) {
    Message message = refuse();
    message << entry.arguments[argument].name << ": ";
    return message;
  }

  kerf_status reserved() {
    const char *field = nullptr;
    uint64_t value = 0, want = 0;
    const auto look = [&](const char *name, uint64_t content, uint64_t wanted = 0) {
      if (content != wanted && !field)
        field = name, value = content, want = wanted;
    };
    look("stream", reinterpret_cast<uintptr_t>(context.stream));
    for (uint64_t word : context.reserved)
      look("reserved", word);
    if (field) {
      refuse() << "the context's field " << field << " is " << value << ", want " << want
               << " in this version; prepare the context with kerf_context_init";
      return KERF_ERROR_RESERVED;
    }
    const uint64_t workers = context.workers;
    if (workers < 1 || workers > KERF_MAX_WORKERS) {
      refuse() << "the context's field workers is " << workers << ", want 1 to " << KERF_MAX_WORKERS
               << "; prepare the context with kerf_context_init";
      return KERF_ERROR_WORKERS;
    }
    if (workers > 1 && !(context.pool && context.pool->run)) {
      refuse()
          << "the context has " << workers
          << " workers and no pool; set pool to what kerf_pool_create returns, or workers to 1";
      return KERF_ERROR_WORKERS;
    }
    return device("context", context.device);
  }

  kerf_status device(const char *owner, const DLDevice &device) {
    if (device_type(device) == kDLCPU && device.device_id == 0)
      return KERF_OK;
    refuse() << owner << ": device is {" << device_type(device) << ", " << device.device_id
             << "}, want {1, 0}, the CPU; copy the data to the CPU first";
    return KERF_ERROR_DEVICE;
  }

  kerf_status features() {
    body = kerf_choose_body(&entry, context.cpu_features);
    if (body)
      return KERF_OK;
    // The last one asks for least.
    const uint64_t machine = kerf_cpu_features();
    const uint64_t lacking =
        entry.bodies[entry.num_bodies - 1].cpu_features & ~(machine & context.cpu_features);
    Message message = refuse();
    message << "the code needs";
    for (unsigned bit = 0; bit < 64; ++bit)
      if (lacking >> bit & 1) {
        if (const char *name = kerf_cpu_feature_name(bit))
          message << " " << name;
        else
          message << " feature " << bit;
      }
    message << (lacking & ~machine
                    ? ", which this machine lacks; compile the model for an older target"
                    : ", which the context's cpu_features masks; set it to KERF_CPU_ALL");
    return KERF_ERROR_CPU_FEATURE;
  }

  kerf_status arena() {
    const auto begin = reinterpret_cast<uintptr_t>(context.arena);
    scratch = {0, 0};
    const uint64_t want = kerf_arena_bytes(&entry, context.workers);
    if (!want)
      return KERF_OK;
    if (!begin || context.arena_bytes < want) {
      refuse() << "the arena has " << (begin ? context.arena_bytes : 0) << " bytes, want " << want
               << "; set arena and arena_bytes of the context";
      return KERF_ERROR_ARENA;
    }
    if (begin % block_alignment) {
      refuse() << "the arena's address is " << begin % block_alignment << " past a multiple of "
               << block_alignment << "; allocate it with aligned_alloc";
      return KERF_ERROR_ALIGNMENT;
    }
    if (begin + want < begin) {
      refuse() << "the arena of " << want << " bytes ends past the address space";
      return KERF_ERROR_RANGE;
    }
    scratch = {begin, begin + want};
    return KERF_OK;
  }

  kerf_status arguments() {
    if (entry.num_arguments && !tensors) {
      refuse() << "the argument array is null, want " << entry.num_arguments << " tensors";
      return KERF_ERROR_NULL;
    }
    for (uint32_t i = 0; i < entry.num_arguments; ++i) {
      if (!tensors[i]) {
        refuse(i) << "the tensor is null; pass a DLTensor for every argument";
        return KERF_ERROR_NULL;
      }
      using Check = kerf_status (Call::*)(uint32_t, const kerf_argument &, const DLTensor &);
      constexpr Check steps[] = {&Call::type, &Call::shape, &Call::open, &Call::strides,
                                 &Call::address};
      for (Check step : steps)
        if (kerf_status status = (this->*step)(i, entry.arguments[i], *tensors[i]))
          return status;
    }
    return KERF_OK;
  }

  kerf_status type(uint32_t i, const kerf_argument &want, const DLTensor &got) {
    if (kerf_status status = device(want.name, got.device))
      return status;
    if (got.dtype.code == want.dtype.code && got.dtype.bits == want.dtype.bits &&
        got.dtype.lanes == want.dtype.lanes)
      return KERF_OK;
    refuse(i) << "element type is " << got.dtype << ", want " << want.dtype
              << (want.is_block ? "; a block is passed as its bytes" : "; convert the data first");
    return KERF_ERROR_DTYPE;
  }

  kerf_status shape(uint32_t i, const kerf_argument &want, const DLTensor &got) {
    const List wanted{want.shape, want.rank};
    if (got.ndim != want.rank) {
      refuse(i) << "rank is " << got.ndim << ", want " << want.rank << " for shape " << wanted;
      return KERF_ERROR_RANK;
    }
    if (want.rank && !got.shape) {
      refuse(i) << "the shape pointer is null, want shape " << wanted;
      return KERF_ERROR_NULL;
    }
    for (int axis = want.per_row ? 1 : 0; axis < want.rank; ++axis)
      if (got.shape[axis] != want.shape[axis]) {
        Message message = refuse(i);
        if (want.is_block)
          message << "the block has " << got.shape[0] << " bytes, want " << want.shape[0]
                  << "; it belongs to another model or another version of this one";
        else
          message << "shape is " << List{got.shape, got.ndim} << ", want " << wanted << ": axis "
                  << axis
                  << " differs; the entry is compiled for these extents (DIMS changes them)";
        return KERF_ERROR_SHAPE;
      }
    return KERF_OK;
  }

  /// The rows of the call are those of its first open argument, and all others have as many.
  kerf_status open(uint32_t i, const kerf_argument &want, const DLTensor &got) {
    if (!want.per_row)
      return KERF_OK;
    const auto per_row = static_cast<int64_t>(want.per_row);
    const auto most = static_cast<int64_t>(entry.most_rows),
               least = static_cast<int64_t>(entry.least_rows);
    const int64_t extent = got.shape[0], found = extent / per_row;
    if (extent < per_row || extent % per_row || found > most || found < least) {
      Message message = refuse(i);
      message << "axis 0 of shape " << List{got.shape, got.ndim} << " is " << extent << ", want ";
      if (per_row != 1)
        message << per_row << " for each row of ";
      message << least << " to " << most;
      if (found > most)
        message << "; the entry is compiled for so many rows: call it several times, or give its "
                   "open dim a larger number, as DIMS <dim><="
                << found;
      else if (found < least && least > 1)
        message << "; what the entry does needs " << least << " rows";
      else
        message << "; a call has one row at least";
      return KERF_ERROR_SHAPE;
    }
    if (!rows) {
      rows = found;
      rows_from = i;
    } else if (found != rows) {
      refuse(i) << "axis 0 of shape " << List{got.shape, got.ndim} << " is that of " << found
                << " rows, but " << entry.arguments[rows_from].name << " has " << rows
                << "; all open arguments of a call have the same rows";
      return KERF_ERROR_SHAPE;
    }
    return KERF_OK;
  }

  /// Bytes of an argument of this shape.
  static uint64_t bytes_of(const kerf_argument &want, const DLTensor &got) {
    return want.per_row && want.bytes ? want.bytes / static_cast<uint64_t>(want.shape[0]) *
                                            static_cast<uint64_t>(got.shape[0])
                                      : want.bytes;
  }

  /// Compact row-major; the stride of an axis of extent 1 is never used, and without elements none
  /// is.
  kerf_status strides(uint32_t i, const kerf_argument &want, const DLTensor &got) {
    if (!got.strides || !want.bytes)
      return KERF_OK;
    int64_t compact = 1;
    for (int axis = want.rank - 1; axis >= 0; --axis) {
      if (got.shape[axis] != 1 && got.strides[axis] != compact) {
        refuse(i) << "strides are " << List{got.strides, got.ndim} << " for shape "
                  << List{got.shape, got.ndim} << ": axis " << axis << " has " << got.strides[axis]
                  << ", want " << compact << "; make the tensor contiguous";
        return KERF_ERROR_STRIDE;
      }
      compact *= got.shape[axis];
    }
    return KERF_OK;
  }

  kerf_status address(uint32_t i, const kerf_argument &want, const DLTensor &got) {
    const uint64_t bytes = bytes_of(want, got);
    const auto base = reinterpret_cast<uintptr_t>(got.data);
    const uintptr_t begin = base + got.byte_offset, end = begin + bytes;
    data[i] = reinterpret_cast<void *>(begin);
    ranges[i] = {begin, end};
    if (!bytes) {
      ranges[i] = {0, 0};
      return KERF_OK;
    }
    if (!base) {
      refuse(i) << "the data pointer is null, want " << bytes << " bytes";
      return KERF_ERROR_NULL;
    }
    if (begin < base || end < begin) {
      refuse(i) << "data, byte_offset " << got.byte_offset << " and " << bytes
                << " bytes together leave the address space; check byte_offset";
      return KERF_ERROR_RANGE;
    }
    const uint64_t element = static_cast<uint64_t>(want.dtype.bits) * want.dtype.lanes / 8;
    const uint64_t alignment = want.is_block ? block_alignment : element ? element : 1;
    if (begin % alignment) {
      refuse(i) << "the first byte is " << begin % alignment << " past a multiple of " << alignment
                << (want.is_block ? "; allocate blocks with aligned_alloc"
                                  : "; elements must be aligned to their size");
      return KERF_ERROR_ALIGNMENT;
    }
    return KERF_OK;
  }

  kerf_status overlaps() {
    for (uint32_t i = 0; i < entry.num_arguments; ++i) {
      if (ranges[i].meets(scratch)) {
        refuse(i) << "the argument lies in the arena, which the call overwrites; give it memory of "
                     "its own";
        return KERF_ERROR_OVERLAP;
      }
      for (uint32_t j = i + 1; j < entry.num_arguments; ++j) {
        const bool written = (entry.arguments[i].access | entry.arguments[j].access) & KERF_WRITE;
        if (!written || !ranges[i].meets(ranges[j]))
          continue;
        const uintptr_t begin =
            ranges[i].begin > ranges[j].begin ? ranges[i].begin : ranges[j].begin;
        const uintptr_t end = ranges[i].end < ranges[j].end ? ranges[i].end : ranges[j].end;
        refuse(i) << "shares " << static_cast<uint64_t>(end - begin) << " bytes with "
                  << entry.arguments[j].name << ", and the call writes "
                  << (entry.arguments[i].access & KERF_WRITE ? entry.arguments[i].name
                                                             : entry.arguments[j].name)
                  << "; pass memory of its own";
        return KERF_ERROR_OVERLAP;
      }
    }
    return KERF_OK;
  }

  const kerf_entry &entry;
  kerf_context &context;
  DLTensor *const *tensors;
  const kerf_body *body = nullptr;
  int64_t rows = 0; ///< of an open entry
  uint32_t rows_from = 0;
  Range scratch;
  Range ranges[KERF_MAX_ARGUMENTS];
  void *data[KERF_MAX_ARGUMENTS];
};
} // namespace

extern "C" {
void kerf_context_init(kerf_context *context) {
  if (!context)
    return;
  memset(context, 0, sizeof *context);
  context->abi_version = KERF_ABI_VERSION;
  context->cpu_features = KERF_CPU_ALL;
  context->workers = 1;
  context->device = {kDLCPU, 0};
}

uint64_t kerf_arena_bytes(const kerf_entry *entry, uint64_t workers) {
  if (!entry || entry->abi_version != KERF_ABI_VERSION)
    return UINT64_MAX;
  uint64_t own = 0, all = 0;
  return __builtin_mul_overflow(entry->worker_bytes, workers, &own) ||
                 __builtin_add_overflow(entry->arena_bytes, own, &all)
             ? UINT64_MAX
             : all;
}

const char *kerf_status_name(kerf_status status) {
  static const char *const names[] = {"KERF_OK",
                                      "KERF_ERROR_ABI_VERSION",
                                      "KERF_ERROR_NULL",
                                      "KERF_ERROR_DTYPE",
                                      "KERF_ERROR_RANK",
                                      "KERF_ERROR_SHAPE",
                                      "KERF_ERROR_STRIDE",
                                      "KERF_ERROR_ALIGNMENT",
                                      "KERF_ERROR_DEVICE",
                                      "KERF_ERROR_OVERLAP",
                                      "KERF_ERROR_ARENA",
                                      "KERF_ERROR_CPU_FEATURE",
                                      "KERF_ERROR_RESERVED",
                                      "KERF_ERROR_RANGE",
                                      "KERF_ERROR_ENTRY",
                                      "KERF_ERROR_BUSY",
                                      "KERF_ERROR_WORKERS"};
  const auto index = static_cast<unsigned>(number_of(status));
  return index < sizeof names / sizeof *names ? names[index] : "no kerf_status";
}

kerf_status kerf_invoke(const kerf_entry *entry, kerf_context *context,
                        DLTensor *const *arguments) {
  if (!context)
    return KERF_ERROR_NULL;
  if (!entry) {
    Message(*context) << "the entry is null";
    return KERF_ERROR_NULL;
  }
  Call call(*entry, *context, arguments);
  if (kerf_status status = call.versions())
    return status;
  Hold hold(*context);
  if (kerf_status status = hold.check(*entry))
    return status;
  if (kerf_status status = call.check())
    return status;
  context->message[0] = '\0';
  call.run();
  return KERF_OK;
}
}
