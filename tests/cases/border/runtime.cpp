// What the C++ side of the border refuses, as the C side does: views of strangers' tensors, arenas
// whose size wraps around, two calls in one context.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "kerf_runtime.hpp"

#include <functional>

namespace {

using Catch::Matchers::Contains;

/// A body that reads what it is given, so that the C border's answer can stand beside the view's.
void nothing(const kerf_call *) {}
constexpr kerf_body no_work{0, "any", nothing};

constexpr std::int64_t extents[] = {2, 3}, none[] = {0, 3};
constexpr kerf_argument matrix{"x", 0, KERF_READ, {kDLFloat, 32, 1}, 2, extents, 24, 0};
constexpr kerf_argument empty{"x", 0, KERF_READ, {kDLFloat, 32, 1}, 2, none, 0, 0};

kerf_status atTheBorder(const kerf_argument &argument, const DLTensor &tensor) {
  const kerf_entry entry{KERF_ABI_VERSION, 1, "toy", &argument, 0, 0, 1, &no_work, 0};
  kerf_context context;
  kerf_context_init(&context);
  DLTensor copy = tensor, *pointer = &copy;
  return kerf_invoke(&entry, &context, &pointer);
}

template <class View> kerf_status ofTheView(const DLTensor &tensor) {
  try {
    View view(tensor);
  } catch (const kerf::Error &error) {
    return error.status();
  }
  return KERF_OK;
}

TEST_CASE("a view of a DLTensor checks what the C border checks") {
  alignas(64) float values[8] = {};
  std::int64_t shape[] = {2, 3}, other[] = {3, 2}, strides[] = {3, 1}, wrong[] = {1, 2};
  const DLTensor good{values, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, strides, 8};
  struct Change {
    const char *what;
    std::function<void(DLTensor &)> make;
    kerf_status status;
  };
  const Change changes[] = {
      {"nothing", [](DLTensor &) {}, KERF_OK},
      {"device type", [](DLTensor &t) { t.device.device_type = kDLCUDA; }, KERF_ERROR_DEVICE},
      {"pinned memory", [](DLTensor &t) { t.device.device_type = kDLCUDAHost; }, KERF_ERROR_DEVICE},
      {"device id", [](DLTensor &t) { t.device.device_id = 7; }, KERF_ERROR_DEVICE},
      {"negative device id", [](DLTensor &t) { t.device.device_id = -1; }, KERF_ERROR_DEVICE},
      {"code", [](DLTensor &t) { t.dtype.code = kDLInt; }, KERF_ERROR_DTYPE},
      {"bits", [](DLTensor &t) { t.dtype.bits = 64; }, KERF_ERROR_DTYPE},
      {"lanes", [](DLTensor &t) { t.dtype.lanes = 4; }, KERF_ERROR_DTYPE},
      {"no lane", [](DLTensor &t) { t.dtype.lanes = 0; }, KERF_ERROR_DTYPE},
      {"rank", [](DLTensor &t) { t.ndim = 1; }, KERF_ERROR_RANK},
      {"negative rank", [](DLTensor &t) { t.ndim = -2; }, KERF_ERROR_RANK},
      {"no shape", [](DLTensor &t) { t.shape = nullptr; }, KERF_ERROR_NULL},
      {"shape", [&](DLTensor &t) { t.shape = other; }, KERF_ERROR_SHAPE},
      {"strides", [&](DLTensor &t) { t.strides = wrong; }, KERF_ERROR_STRIDE},
      {"no strides", [](DLTensor &t) { t.strides = nullptr; }, KERF_OK},
      {"no data", [](DLTensor &t) { t.data = nullptr; }, KERF_ERROR_NULL},
      {"no data but an offset", [](DLTensor &t) { t.data = nullptr, t.byte_offset = 64; },
       KERF_ERROR_NULL},
      {"offset inside an element", [](DLTensor &t) { t.byte_offset = 2; }, KERF_ERROR_ALIGNMENT},
      {"offset that wraps around", [](DLTensor &t) { t.byte_offset = ~std::uint64_t(0) - 1023; },
       KERF_ERROR_RANGE},
      {"an end that wraps around",
       [](DLTensor &t) { t.byte_offset = 0 - std::bit_cast<std::uint64_t>(t.data) - 16; },
       KERF_ERROR_RANGE},
  };
  for (const Change &change : changes) {
    DLTensor tensor = good;
    change.make(tensor);
    INFO(change.what);
    CHECK(atTheBorder(matrix, tensor) == change.status);
    CHECK(ofTheView<kerf::View<const float, 2, 3>>(tensor) == change.status);
  }
}

TEST_CASE("a view without elements asks for no memory, at either border") {
  std::int64_t shape[] = {0, 3}, strides[] = {7, 9};
  const DLTensor tensor{nullptr, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, strides, 3};
  CHECK(atTheBorder(empty, tensor) == KERF_OK);
  CHECK(ofTheView<kerf::View<const float, 0, 3>>(tensor) == KERF_OK);
  kerf::Array<float, 0, 3> array;
  CHECK(array.begin() == array.end());
  CHECK(kerf::View<float, 0, 3>(array).size == 0);
}

// The product of extents is taken with care: none wraps around to a small number.
static_assert(kerf::detail::count<std::int64_t(1) << 32, std::int64_t(1) << 32>() >
              kerf::detail::max_bytes);
static_assert(kerf::detail::count<std::int64_t(1) << 62, 4, 0>() == 0);
static_assert(kerf::detail::count<3, 4, 5>() == 60);

TEST_CASE("an arena whose rounded size would wrap around is refused") {
  for (std::uint64_t less : {0, 1, 63, 64, 1000, 1 << 20, 1 << 21, 1 << 22})
    CHECK_THROWS_AS(kerf::Context(~std::uint64_t(0) - less), std::bad_alloc);
  CHECK_THROWS_AS(kerf::Context(std::uint64_t(1) << 63), std::bad_alloc);
}

TEST_CASE("a context that was moved from has no arena") {
  kerf::Context first(128);
  void *arena = first.get()->arena;
  kerf::Context second(std::move(first));
  CHECK(second.get()->arena == arena);
  CHECK(first.get()->arena == nullptr);
  CHECK(first.get()->arena_bytes == 0);
  first = std::move(second);
  CHECK(first.get()->arena == arena);
  CHECK(second.get()->arena == nullptr);
}

// A call that comes while another runs, as from a second thread; here the body makes it.
kerf_context *shared;
kerf_status second_status;

void calls(const kerf_call *) {
  const kerf_entry entry{KERF_ABI_VERSION, 0, "toy_second", nullptr, 0, 0, 1, &no_work, 0};
  std::strcpy(shared->message, "the first call's");
  second_status = kerf_invoke(&entry, shared, nullptr);
}

kerf_status first_call(kerf_context *context) {
  const kerf_body body{0, "any", calls};
  const kerf_entry entry{KERF_ABI_VERSION, 0, "toy_first", nullptr, 0, 0, 1, &body, 0};
  shared = context;
  return kerf_invoke(&entry, context, nullptr);
}
kerf_status busy_call(kerf_context *) { return KERF_ERROR_BUSY; }

TEST_CASE("a second call in a context is refused while the first runs, and never after") {
  kerf::Context context(std::uint64_t(0));
  CHECK(first_call(context.get()) == KERF_OK);
  CHECK(second_status == KERF_ERROR_BUSY);
  CHECK(std::string(context.get()->message) == "the first call's");
  CHECK(first_call(context.get()) == KERF_OK); // the context is free again
  DLTensor *null = nullptr;
  const kerf_entry refused{KERF_ABI_VERSION, 1, "toy", &matrix, 0, 0, 1, &no_work, 0};
  CHECK(kerf_invoke(&refused, context.get(), &null) == KERF_ERROR_NULL);
  CHECK(first_call(context.get()) == KERF_OK); // after a refusal too
  CHECK_THROWS_WITH(kerf::detail::call(busy_call, context),
                    Contains("KERF_ERROR_BUSY: another call runs in this context"));
}

} // namespace
