// The border of an artefact: every field of every argument wrong once, against an entry made here.
#include "abi.h"
#include "allocations.h"

#include <catch2/catch.hpp>

#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {
constexpr DLDataType u8{kDLUInt, 8, 1}, f32{kDLFloat, 32, 1}, i64{kDLInt, 64, 1};
constexpr int64_t params_shape[] = {256}, images_shape[] = {2, 1, 3}, codes_shape[] = {5},
                  none_shape[] = {0, 4};

/// What the body saw.
struct Seen {
  int calls = 0;
  kerf_call call{};
  std::array<void *, 5> data{};
} seen;

void body(const kerf_call *call) {
  ++seen.calls;
  seen.call = *call;
  std::memcpy(seen.data.data(), call->data, sizeof seen.data);
  std::memset(call->data[0], 0xaa, 256);
  *static_cast<float *>(call->data[3]) = 7;
}

constexpr kerf_argument arguments[] = {
    {"params", 1, KERF_READ_WRITE, u8, 1, params_shape, 256, 0},
    {"images", 0, KERF_READ, f32, 3, images_shape, 24, 0},
    {"codes", 0, KERF_WRITE, i64, 1, codes_shape, 40, 0},
    {"loss", 0, KERF_WRITE, f32, 0, nullptr, 4, 0},
    {"none", 0, KERF_READ, f32, 2, none_shape, 0, 0},
};
constexpr int num_arguments = 5;

/// A call that succeeds, to be spoiled in one place.
struct Call {
  alignas(64) unsigned char memory[1024];
  alignas(64) unsigned char arena[128];
  kerf_body bodies[1] = {{0, "any", body}};
  kerf_entry entry{KERF_ABI_VERSION, num_arguments, "toy_step", arguments, 128, 0, 1, bodies, 0};
  kerf_context context;
  std::array<std::vector<int64_t>, num_arguments> shapes, strides;
  std::array<DLTensor, num_arguments> tensors;
  std::array<DLTensor *, num_arguments> pointers;

  Call() {
    std::memset(memory, 1, sizeof memory);
    std::memset(arena, 2, sizeof arena);
    kerf_context_init(&context);
    context.arena = arena;
    context.arena_bytes = sizeof arena;
    constexpr int offsets[] = {0, 256, 320, 384, 448};
    for (int i = 0; i < num_arguments; ++i) {
      const kerf_argument &argument = arguments[i];
      shapes[i].assign(argument.shape, argument.shape + argument.rank);
      strides[i].resize(argument.rank);
      for (int64_t axis = argument.rank - 1, stride = 1; axis >= 0; --axis) {
        strides[i][axis] = stride;
        stride *= argument.shape[axis];
      }
      tensors[i] = {memory + offsets[i],
                    {kDLCPU, 0},
                    argument.rank,
                    argument.dtype,
                    shapes[i].data(),
                    strides[i].data(),
                    0};
      pointers[i] = &tensors[i];
    }
  }
  Call(const Call &) = delete;

  kerf_status operator()() { return kerf_invoke(&entry, &context, pointers.data()); }

  /// Refused with `status` and these words; the body did not run and no byte changed.
  void refused(kerf_status status, const std::string &words) {
    const int calls = seen.calls;
    INFO(words);
    const kerf_status got = (*this)();
    CHECK(std::string(kerf_status_name(got)) == kerf_status_name(status));
    CHECK_THAT(std::string(context.message), Catch::Contains(words));
    CHECK(seen.calls == calls);
    for (unsigned char byte : memory)
      REQUIRE(byte == 1);
    for (unsigned char byte : arena)
      REQUIRE(byte == 2);
  }
};

/// `spoil` makes a good call wrong in one place.
void spoiled(kerf_status status, const std::string &words,
             const std::function<void(Call &)> &spoil) {
  Call call;
  spoil(call);
  call.refused(status, words);
}
} // namespace

TEST_CASE("a correct call runs the body once with the first bytes", "[runtime]") {
  Call call;
  const int calls = seen.calls;
  CHECK(call() == KERF_OK);
  CHECK(seen.calls == calls + 1);
  CHECK(seen.call.arena == call.arena);
  CHECK(seen.call.workers == 1);
  CHECK(seen.call.context == &call.context);
  for (int i = 0; i < num_arguments; ++i)
    CHECK(seen.data[i] == call.tensors[i].data);
  CHECK(call.memory[255] == 0xaa);
  CHECK(std::string(call.context.message).empty());
}

TEST_CASE("byte_offset moves the first byte; elements need no more than their own alignment",
          "[runtime]") {
  Call call;
  call.tensors[1].byte_offset = 4;
  call.tensors[2].data = call.memory + 600;
  call.tensors[0].data = call.memory + 64;
  call.tensors[0].byte_offset = ~uint64_t{0} - 63; // wraps, so data + offset is below data
  CHECK(call() == KERF_ERROR_RANGE);
  call.tensors[0].byte_offset = 0;
  call.tensors[1].data = call.memory + 700;
  call.tensors[3].data = call.memory + 740;
  CHECK(call() == KERF_OK);
  CHECK(seen.data[1] == call.memory + 704);
}

TEST_CASE("strides may be null, and are free where they cannot matter", "[runtime]") {
  Call call;
  call.strides[1][1] = 12345; // extent 1
  call.strides[4] = {-7, 99}; // no elements
  CHECK(call() == KERF_OK);
  for (DLTensor &tensor : call.tensors)
    tensor.strides = nullptr;
  CHECK(call() == KERF_OK);
  call.tensors[3].shape = nullptr; // rank 0
  call.tensors[4].data = nullptr;  // no bytes
  CHECK(call() == KERF_OK);
}

TEST_CASE("every field of every argument wrong once", "[runtime]") {
  for (int i = 0; i < num_arguments; ++i) {
    const kerf_argument &argument = arguments[i];
    const std::string head = std::string("toy_step: ") + argument.name + ": ";
    const auto wrong = [&](kerf_status status, const std::string &words,
                           const std::function<void(DLTensor &)> &spoil) {
      spoiled(status, words, [&](Call &call) { spoil(call.tensors[i]); });
    };
    spoiled(KERF_ERROR_NULL, head + "the tensor is null",
            [i](Call &call) { call.pointers[i] = nullptr; });
    wrong(KERF_ERROR_DEVICE,
          std::string("toy_step: ") + argument.name + ": device is {2, 0}, want {1, 0}",
          [](DLTensor &tensor) { tensor.device.device_type = kDLCUDA; });
    wrong(KERF_ERROR_DEVICE, "device is {1, 3}",
          [](DLTensor &tensor) { tensor.device.device_id = 3; });
    wrong(KERF_ERROR_DTYPE, head + "element type is bfloat",
          [](DLTensor &tensor) { tensor.dtype.code = kDLBfloat; });
    wrong(KERF_ERROR_DTYPE, "element type is type code 200 of ",
          [](DLTensor &tensor) { tensor.dtype.code = 200; });
    wrong(KERF_ERROR_DTYPE, "16, want ", [](DLTensor &tensor) { tensor.dtype.bits = 16; });
    wrong(KERF_ERROR_DTYPE, "x4, want ", [](DLTensor &tensor) { tensor.dtype.lanes = 4; });
    wrong(KERF_ERROR_RANK,
          head + "rank is " + std::to_string(argument.rank + 1) + ", want " +
              std::to_string(argument.rank),
          [](DLTensor &tensor) { ++tensor.ndim; });
    wrong(KERF_ERROR_RANK, head + "rank is -1", [](DLTensor &tensor) { tensor.ndim = -1; });
    if (argument.rank)
      wrong(KERF_ERROR_NULL, head + "the shape pointer is null",
            [](DLTensor &tensor) { tensor.shape = nullptr; });
    for (int axis = 0; axis < argument.rank; ++axis) {
      const std::string words = argument.is_block ? "the block has -9 bytes, want 256"
                                                  : "axis " + std::to_string(axis) + " differs";
      wrong(KERF_ERROR_SHAPE, words, [axis](DLTensor &tensor) { tensor.shape[axis] = -9; });
      if (argument.bytes && argument.shape[axis] != 1)
        wrong(KERF_ERROR_STRIDE, "axis " + std::to_string(axis) + " has 77, want ",
              [axis](DLTensor &tensor) { tensor.strides[axis] = 77; });
    }
    if (!argument.bytes)
      continue;
    wrong(KERF_ERROR_NULL,
          head + "the data pointer is null, want " + std::to_string(argument.bytes) + " bytes",
          [](DLTensor &tensor) { tensor.data = nullptr; });
    wrong(KERF_ERROR_NULL, head + "the data pointer is null",
          [](DLTensor &tensor) { tensor.data = nullptr, tensor.byte_offset = 64; });
    const int off = argument.is_block ? 32 : argument.dtype.bits / 16;
    wrong(KERF_ERROR_ALIGNMENT,
          head + "the first byte is " + std::to_string(off) + " past a multiple of " +
              std::to_string(2 * off),
          [off](DLTensor &tensor) { tensor.data = static_cast<char *>(tensor.data) + off; });
    wrong(KERF_ERROR_ALIGNMENT, head + "the first byte is ",
          [off](DLTensor &tensor) { tensor.byte_offset = off; });
    wrong(KERF_ERROR_RANGE, head + "data, byte_offset 18446744073709551552",
          [](DLTensor &tensor) { tensor.byte_offset = uint64_t(-64); });
  }
}

TEST_CASE("the rows of a call are those of its open arguments", "[runtime]") {
  static constexpr int64_t most[] = {6, 2}, of_two[] = {12};
  static constexpr kerf_argument open[] = {{"x", 0, KERF_READ, f32, 2, most, 48, 1},
                                           {"y", 0, KERF_WRITE, i64, 1, of_two, 96, 2}};
  struct Open {
    alignas(64) unsigned char memory[256], arena[128];
    kerf_body one{0, "any", [](const kerf_call *call) { ++seen.calls, seen.call = *call; }};
    kerf_entry entry{KERF_ABI_VERSION, 2, "toy_open", open, 128, 0, 1, &one, 6, 1};
    kerf_context context;
    int64_t x_shape[2] = {6, 2}, y_shape[1] = {12}, x_strides[2] = {2, 1};
    DLTensor x{memory, {kDLCPU, 0}, 2, f32, x_shape, nullptr, 0};
    DLTensor y{memory + 128, {kDLCPU, 0}, 1, i64, y_shape, nullptr, 0};
    DLTensor *tensors[2] = {&x, &y};

    Open(int64_t of_x, int64_t of_y) {
      x_shape[0] = of_x;
      y_shape[0] = of_y;
      kerf_context_init(&context);
      context.arena = arena;
      context.arena_bytes = sizeof arena;
    }
    std::string operator()(kerf_status status) {
      CHECK(kerf_invoke(&entry, &context, tensors) == status);
      return context.message;
    }
  };
  for (int64_t rows : {1, 5, 6}) {
    Open call(rows, 2 * rows);
    CHECK(call(KERF_OK).empty());
    CHECK(seen.call.rows == rows);
  }
  const int calls = seen.calls;
  using Catch::Contains;
  CHECK_THAT(
      Open(7, 14)(KERF_ERROR_SHAPE),
      Contains("toy_open: x: axis 0 of shape [7, 2] is 7, want 1 to 6; the entry is compiled "
               "for so many rows"));
  CHECK_THAT(Open(0, 0)(KERF_ERROR_SHAPE), Contains("is 0, want 1 to 6; a call has one row"));
  CHECK_THAT(Open(-3, 2)(KERF_ERROR_SHAPE), Contains("is -3, want 1 to 6"));
  CHECK_THAT(Open(3, 7)(KERF_ERROR_SHAPE),
             Contains("y: axis 0 of shape [7] is 7, want 2 for each row of 1 to 6"));
  CHECK_THAT(Open(3, 8)(KERF_ERROR_SHAPE),
             Contains("y: axis 0 of shape [8] is that of 4 rows, but x has 3"));
  Open few(2, 4), none(0, 0);
  few.entry.least_rows = none.entry.least_rows = 3;
  CHECK_THAT(
      few(KERF_ERROR_SHAPE),
      Contains("axis 0 of shape [2, 2] is 2, want 3 to 6; what the entry does needs 3 rows"));
  CHECK_THAT(none(KERF_ERROR_SHAPE), Contains("is 0, want 3 to 6; what the entry does needs 3"));
  few.x_shape[0] = 3;
  CHECK_THAT(few(KERF_ERROR_SHAPE), Contains("is 4, want 2 for each row of 3 to 6"));
  Open other(3, 6);
  other.x_shape[1] = 3;
  CHECK_THAT(other(KERF_ERROR_SHAPE), Contains("axis 1 differs"));
  Open strided(3, 6);
  strided.x.strides = strided.x_strides;
  strided.x_strides[0] = 3;
  CHECK_THAT(strided(KERF_ERROR_STRIDE), Contains("shape [3, 2]: axis 0 has 3, want 2"));
  CHECK(seen.calls == calls);
  // What lies behind the rows of a call belongs to others.
  Open close(2, 2);
  close.x_shape[0] = 1;
  close.y.data = close.memory + 8;
  CHECK(close(KERF_OK).empty());
  close.y_shape[0] = 4, close.x_shape[0] = 2;
  CHECK_THAT(close(KERF_ERROR_OVERLAP), Contains("shares 8 bytes"));
}

TEST_CASE("every field of the context wrong once", "[runtime]") {
  spoiled(KERF_ERROR_ABI_VERSION, "toy_step: the context has ABI version 1, this runtime has 5",
          [](Call &call) { call.context.abi_version = 1; });
  spoiled(KERF_ERROR_RESERVED, "toy_step: the context's field busy is 5, want 0",
          [](Call &call) { call.context.busy = 5; });
  spoiled(KERF_ERROR_RESERVED, "field stream is ", [](Call &call) { call.context.stream = &call; });
  spoiled(KERF_ERROR_WORKERS, "toy_step: the context's field workers is 0, want 1 to 1024",
          [](Call &call) { call.context.workers = 0; });
  spoiled(KERF_ERROR_WORKERS, "field workers is 1025, want 1 to 1024",
          [](Call &call) { call.context.workers = 1025; });
  spoiled(KERF_ERROR_WORKERS, "the context has 2 workers and no pool",
          [](Call &call) { call.context.workers = 2; });
  for (int i = 0; i < 7; ++i)
    spoiled(KERF_ERROR_RESERVED, "field reserved is 6",
            [i](Call &call) { call.context.reserved[i] = 6; });
  spoiled(KERF_ERROR_DEVICE, "toy_step: context: device is {2, 0}",
          [](Call &call) { call.context.device.device_type = kDLCUDA; });
  spoiled(KERF_ERROR_DEVICE, "toy_step: context: device is {1, 1}",
          [](Call &call) { call.context.device.device_id = 1; });
  spoiled(KERF_ERROR_ARENA, "the arena has 127 bytes, want 128",
          [](Call &call) { call.context.arena_bytes = 127; });
  spoiled(KERF_ERROR_ARENA, "the arena has 0 bytes, want 128",
          [](Call &call) { call.context.arena = nullptr; });
  spoiled(KERF_ERROR_ALIGNMENT, "the arena's address is 8 past a multiple of 64",
          [](Call &call) { call.context.arena = call.arena + 8; });
  spoiled(KERF_ERROR_RANGE, "the arena of 18446744073709551615 bytes ends past the address space",
          [](Call &call) { call.entry.arena_bytes = call.context.arena_bytes = ~uint64_t{0}; });
}

TEST_CASE("an entry without an arena needs none", "[runtime]") {
  Call call;
  call.entry.arena_bytes = 0;
  call.context.arena = nullptr;
  call.context.arena_bytes = 0;
  CHECK(call() == KERF_OK);
}

TEST_CASE("a broken call is refused before anything is read", "[runtime]") {
  Call call;
  CHECK(kerf_invoke(&call.entry, nullptr, call.pointers.data()) == KERF_ERROR_NULL);
  CHECK(kerf_invoke(nullptr, &call.context, call.pointers.data()) == KERF_ERROR_NULL);
  CHECK(kerf_invoke(&call.entry, &call.context, nullptr) == KERF_ERROR_NULL);
  CHECK(std::string(call.context.message) ==
        "toy_step: the argument array is null, want 5 tensors");
  spoiled(KERF_ERROR_ABI_VERSION, "compiled for ABI version 9, this runtime has 5",
          [](Call &other) { other.entry.abi_version = 9; });
  spoiled(KERF_ERROR_ENTRY, "257 arguments of at most 256",
          [](Call &other) { other.entry.num_arguments = 257; });
  spoiled(KERF_ERROR_ENTRY, "no body", [](Call &other) { other.bodies[0].run = nullptr; });
  spoiled(KERF_ERROR_ENTRY, "no body", [](Call &other) { other.entry.num_bodies = 0; });
  spoiled(KERF_ERROR_ENTRY, "no body", [](Call &other) { other.entry.bodies = nullptr; });
  spoiled(KERF_ERROR_ENTRY, "no argument table",
          [](Call &other) { other.entry.arguments = nullptr; });
}

TEST_CASE("what is written shares no byte with anything else", "[runtime]") {
  const auto place = [](int i, int at) {
    return [=](Call &call) { call.tensors[i].data = call.memory + at; };
  };
  spoiled(KERF_ERROR_OVERLAP,
          "toy_step: params: shares 24 bytes with images, and the call writes params", place(1, 0));
  spoiled(KERF_ERROR_OVERLAP, "params: shares 4 bytes with images", place(1, 252));
  spoiled(KERF_ERROR_OVERLAP, "params: shares 8 bytes with codes", place(2, 248));
  spoiled(KERF_ERROR_OVERLAP, "images: shares 4 bytes with loss, and the call writes loss",
          place(3, 276));
  spoiled(KERF_ERROR_OVERLAP, "codes: shares 4 bytes with loss", place(3, 356));
  spoiled(KERF_ERROR_OVERLAP, "toy_step: images: the argument lies in the arena",
          [](Call &call) { call.tensors[1].data = call.arena + 124; });
  Call neighbours;
  neighbours.tensors[1].data = neighbours.memory + 256; // ends where params ends
  neighbours.tensors[3].data = neighbours.memory + 280;
  neighbours.tensors[4].data = neighbours.memory; // no bytes
  CHECK(neighbours() == KERF_OK);
}

TEST_CASE("two arguments that are only read may be the same memory", "[runtime]") {
  static constexpr kerf_argument reads[] = {{"a", 0, KERF_READ, f32, 3, images_shape, 24, 0},
                                            {"b", 0, KERF_READ, f32, 3, images_shape, 24, 0}};
  Call call;
  call.entry.arguments = reads;
  call.entry.num_arguments = 2;
  call.bodies[0].run = [](const kerf_call *made) { seen.data[0] = made->data[0]; };
  DLTensor *same[] = {&call.tensors[1], &call.tensors[1]};
  CHECK(kerf_invoke(&call.entry, &call.context, same) == KERF_OK);
}

TEST_CASE("a missing CPU feature is refused, whether the machine or the mask lacks it",
          "[runtime]") {
  CHECK((kerf_cpu_features() & KERF_CPU_X86_64_V3) == KERF_CPU_X86_64_V3); // what the tests run on
  Call call;
  call.bodies[0].cpu_features = KERF_CPU_X86_64_V3;
  CHECK(call() == KERF_OK);
  spoiled(KERF_ERROR_CPU_FEATURE, "the code needs avx2 fma, which the context's cpu_features masks",
          [](Call &other) {
            other.bodies[0].cpu_features = KERF_CPU_X86_64_V3;
            other.context.cpu_features = ~(KERF_CPU_AVX2 | KERF_CPU_FMA);
          });
  for (int bit = 0; bit < 10; ++bit)
    if (KERF_CPU_X86_64_V3 >> bit & 1)
      spoiled(KERF_ERROR_CPU_FEATURE, "masks; set it to KERF_CPU_ALL", [bit](Call &other) {
        other.bodies[0].cpu_features = KERF_CPU_X86_64_V3;
        other.context.cpu_features &= ~(1ull << bit);
      });
  spoiled(KERF_ERROR_CPU_FEATURE, "the code needs feature 62, which this machine lacks",
          [](Call &other) { other.bodies[0].cpu_features = 1ull << 62; });
}

TEST_CASE("features are those that the compiler finds on this machine", "[runtime]") {
  __builtin_cpu_init();
  const auto agrees = [](uint64_t feature, const char *name, bool present) {
    INFO(name);
    CHECK(bool(kerf_cpu_features() & feature) == present);
    CHECK(kerf_cpu_feature_name(static_cast<unsigned>(std::countr_zero(feature))) ==
          std::string(name));
  };
  agrees(KERF_CPU_AVX2, "avx2", __builtin_cpu_supports("avx2"));
  agrees(KERF_CPU_FMA, "fma", __builtin_cpu_supports("fma"));
  agrees(KERF_CPU_BMI1, "bmi1", __builtin_cpu_supports("bmi"));
  agrees(KERF_CPU_BMI2, "bmi2", __builtin_cpu_supports("bmi2"));
  agrees(KERF_CPU_AVX512F, "avx512f", __builtin_cpu_supports("avx512f"));
  agrees(KERF_CPU_AVX512BW, "avx512bw", __builtin_cpu_supports("avx512bw"));
  agrees(KERF_CPU_AVX512CD, "avx512cd", __builtin_cpu_supports("avx512cd"));
  agrees(KERF_CPU_AVX512DQ, "avx512dq", __builtin_cpu_supports("avx512dq"));
  agrees(KERF_CPU_AVX512VL, "avx512vl", __builtin_cpu_supports("avx512vl"));
  agrees(KERF_CPU_AVX512VNNI, "avx512_vnni", __builtin_cpu_supports("avx512vnni"));
  agrees(KERF_CPU_AVX512BF16, "avx512_bf16", __builtin_cpu_supports("avx512bf16"));
  CHECK(kerf_cpu_feature_name(15) == nullptr);
  CHECK(kerf_cpu_feature_name(63) == nullptr);
}

TEST_CASE("the first body that the call may use runs", "[runtime]") {
  static int ran;
  Call call;
  const kerf_body bodies[] = {{1ull << 62, "next", [](const kerf_call *) { ran = 0; }},
                              {KERF_CPU_AVX2, "this", [](const kerf_call *) { ran = 1; }},
                              {0, "old", [](const kerf_call *) { ran = 2; }}};
  call.entry.bodies = bodies;
  call.entry.num_bodies = 3;
  CHECK(call() == KERF_OK);
  CHECK(ran == 1);
  call.context.cpu_features = 0;
  CHECK(call() == KERF_OK);
  CHECK(ran == 2);
  call.entry.num_bodies = 2; // what the last one lacks is said
  CHECK(call() == KERF_ERROR_CPU_FEATURE);
  CHECK_THAT(std::string(call.context.message),
             Catch::Contains("the code needs avx2, which the context's cpu_features masks"));
}

TEST_CASE("every worker has its own part of the arena", "[runtime]") {
  Call call;
  call.entry.arena_bytes = 64;
  call.entry.worker_bytes = 64;
  CHECK(kerf_arena_bytes(&call.entry, 1) == 128);
  CHECK(kerf_arena_bytes(&call.entry, 5) == 384);
  CHECK(call() == KERF_OK);
  spoiled(KERF_ERROR_ARENA, "the arena has 128 bytes, want 192",
          [](Call &other) { other.entry.worker_bytes = 64; });
  call.entry.worker_bytes = uint64_t(1) << 60;
  CHECK(kerf_arena_bytes(&call.entry, 16) == UINT64_MAX);
  CHECK(kerf_arena_bytes(nullptr, 1) == UINT64_MAX);
  call.entry.arena_bytes = ~uint64_t{0} - 63;
  CHECK(kerf_arena_bytes(&call.entry, 1) == UINT64_MAX);
}

TEST_CASE("an entry of ABI version 1 is refused by its first field", "[runtime]") {
  // Its table ends with a body where this version has how many there are.
  const struct {
    uint32_t abi_version, num_arguments;
    const char *name;
    const kerf_argument *arguments;
    uint64_t arena_bytes, cpu_features;
    void (*body)(void *, void *const *);
  } old{1, num_arguments, "toy_step", arguments, 128, 0, nullptr};
  Call call;
  CHECK(kerf_invoke(reinterpret_cast<const kerf_entry *>(&old), &call.context,
                    call.pointers.data()) == KERF_ERROR_ABI_VERSION);
  CHECK(std::string(call.context.message) ==
        "toy_step: the model was compiled for ABI version 1, this runtime has 5; compile the model "
        "again or link the runtime it came with");
}

TEST_CASE("neither a call nor a refusal allocates", "[runtime]") {
  Call call, wrong;
  wrong.tensors[1].shape[0] = 16;
  const long before = kerf::test::allocations();
  for (int i = 0; i < 1000; ++i) {
    call();
    wrong();
  }
  CHECK(kerf::test::allocations() == before);
}

TEST_CASE("a message longer than its field is cut, not spilled", "[runtime]") {
  const std::string long_name(2000, 'x');
  Call call;
  call.entry.name = long_name.c_str();
  call.context.reserved[0] = 1;
  CHECK(call() == KERF_ERROR_RESERVED);
  CHECK(std::string(call.context.message) == std::string(511, 'x'));
}

TEST_CASE("every status has a name", "[runtime]") {
  CHECK(std::string(kerf_status_name(KERF_OK)) == "KERF_OK");
  CHECK(std::string(kerf_status_name(KERF_ERROR_CPU_FEATURE)) == "KERF_ERROR_CPU_FEATURE");
  CHECK(std::string(kerf_status_name(KERF_ERROR_ENTRY)) == "KERF_ERROR_ENTRY");
  CHECK(std::string(kerf_status_name(KERF_ERROR_BUSY)) == "KERF_ERROR_BUSY");
  CHECK(std::string(kerf_status_name(static_cast<kerf_status>(17))) == "no kerf_status");
}
