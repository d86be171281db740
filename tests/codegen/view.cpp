// The C++ side of an artefact's border: what becomes a view, and what is refused in words.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "kerf_runtime.hpp"

#include <numeric>
#include <vector>

namespace {

using Catch::Matchers::Contains;
using Matrix = kerf::View<const float, 2, 3>;

struct Params : kerf::Role {
  struct {
    kerf::Array<float, 3, 4> weight;
    kerf::Array<float, 3> bias;
  } layers[2];
  kerf::Array<std::int64_t> t;
};

// Every tensor begins at a multiple of 64, as the leaves of a block do.
static_assert(sizeof(Params) == 2 * (64 + 64) + 64 && alignof(Params) == 64);
static_assert(std::is_trivially_copyable_v<Params> && !std::is_default_constructible_v<Params>);

// Shapes are types: another shape of as many elements is no argument.
static_assert(std::is_convertible_v<kerf::Array<float, 2, 3> &, Matrix>);
static_assert(std::is_convertible_v<kerf::Block<kerf::Array<float, 2, 3>> &, Matrix>);
static_assert(std::is_convertible_v<kerf::View<float, 2, 3>, Matrix>);
static_assert(!std::is_convertible_v<kerf::Array<float, 3, 2> &, Matrix>);
static_assert(!std::is_convertible_v<kerf::Block<kerf::Array<float, 3, 2>> &, Matrix>);
static_assert(!std::is_constructible_v<Matrix, kerf::View<float, 3, 2>>);
// Constness and element types are kept.
static_assert(!std::is_constructible_v<kerf::View<float, 2, 3>, Matrix>);
static_assert(!std::is_constructible_v<kerf::View<float, 6>, const std::vector<float> &>);
static_assert(!std::is_constructible_v<Matrix, std::vector<double> &>);
static_assert(!std::is_convertible_v<float *, Matrix>);
// A number is a scalar to read, of any type that becomes the element's without a loss of kind.
static_assert(std::is_convertible_v<double, kerf::View<const float>>);
static_assert(std::is_convertible_v<int, kerf::View<const float>>);
static_assert(std::is_convertible_v<std::size_t, kerf::View<const std::int64_t>>);
static_assert(std::is_convertible_v<kerf::Array<float> &, kerf::View<const float>>);
static_assert(!std::is_constructible_v<kerf::View<const std::int64_t>, double>);
static_assert(!std::is_constructible_v<kerf::View<const bool>, float>);
static_assert(!std::is_constructible_v<kerf::View<float>, float &>);
static_assert(!std::is_convertible_v<float, kerf::View<const float, 1>>);

// Rows are as many as there are, of one shape.
using Vectors = kerf::Rows<const float, 3>;
static_assert(std::is_convertible_v<kerf::Array<float, 2, 3> &, Vectors>);
static_assert(std::is_convertible_v<const kerf::Block<kerf::Array<float, 7, 3>> &, Vectors>);
static_assert(std::is_convertible_v<kerf::View<float, 2, 3>, Vectors>);
static_assert(std::is_convertible_v<kerf::Rows<float, 3>, Vectors>);
static_assert(!std::is_constructible_v<kerf::Rows<float, 3>, Vectors>);
static_assert(!std::is_convertible_v<kerf::Array<float, 3, 2> &, Vectors>);
static_assert(!std::is_constructible_v<Vectors, kerf::View<float, 6>>);
static_assert(!std::is_constructible_v<Vectors, std::vector<double> &>);
static_assert(!std::is_convertible_v<float *, Vectors>);

kerf_status statusOf(auto &&call) {
  try {
    call();
  } catch (const kerf::Error &error) {
    CHECK_THAT(error.what(), Contains(kerf_status_name(error.status())));
    return error.status();
  }
  return KERF_OK;
}

TEST_CASE("elements are row-major") {
  kerf::Block<kerf::Array<float, 2, 3, 4>> block;
  std::iota(block->begin(), block->end(), 0.0f);
  const auto &array = *block;
  CHECK(array(1, 2, 3) == 23);
  CHECK(array[1][0][2] == 14);
  block->view()[0][2][1] = -1;
  CHECK(array(0, 2, 1) == -1);
  CHECK(array.view().data() == array.data());
}

TEST_CASE("a scalar is read and written like a number") {
  kerf::Block<Params> params;
  CHECK(params->t == 0);
  params->t = 7;
  std::int64_t t = params->t;
  CHECK(t == 7);
}

TEST_CASE("a number is an argument of a call that reads a scalar") {
  const auto read = [](kerf::View<const float> scalar) { return float(scalar); };
  const auto place = [](kerf::View<const float> scalar) { return scalar.data(); };
  kerf::Block<Params> params;
  const float rate = 3e-4f;
  float one[] = {2};
  CHECK(read(3e-4f) == rate);
  CHECK(read(0.5) == 0.5f);
  CHECK(read(7) == 7);
  CHECK(place(rate) == &rate);
  CHECK(place(one) == one);
  CHECK([](kerf::View<const std::int64_t> t) { return t + 1; }(params->t) == 1);
  CHECK_THROWS_WITH(read(std::vector<float>(2)), Contains("2 elements for a tensor of shape []"));
}

TEST_CASE("a block is zero, aligned, and copied as a whole") {
  kerf::Block<Params> a, b;
  CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % 64 == 0);
  CHECK(std::all_of(static_cast<const char *>(a.data()),
                    static_cast<const char *>(a.data()) + a.bytes, [](char c) { return !c; }));
  a->layers[1].weight(2, 3) = 5;
  *b = *a;
  CHECK(b->layers[1].weight(2, 3) == 5);
  kerf::Block<Params> moved = std::move(a);
  CHECK(moved->layers[1].weight(2, 3) == 5);
}

TEST_CASE("a range has exactly the elements of the view") {
  std::vector<float> values(6);
  CHECK(Matrix(values).data() == values.data());
  values.push_back(0);
  CHECK(statusOf([&] { Matrix view(values); }) == KERF_ERROR_SHAPE);
  CHECK_THROWS_WITH(Matrix(values), Contains("7 elements for a tensor of shape [2, 3], want 6"));
}

TEST_CASE("a DLPack tensor that is not the view's is refused") {
  float values[8] = {};
  std::int64_t shape[] = {2, 3}, strides[] = {3, 1};
  const DLTensor good{values, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, strides, 8};
  CHECK(Matrix(good).data() == values + 2);
  auto with = [&](auto change) {
    DLTensor bad = good;
    std::int64_t otherShape[] = {3, 2}, otherStrides[] = {1, 2};
    change(bad, otherShape, otherStrides);
    return statusOf([&] { Matrix view(bad); });
  };
  CHECK(with([](DLTensor &t, auto, auto) { t.device.device_type = kDLCUDA; }) == KERF_ERROR_DEVICE);
  CHECK(with([](DLTensor &t, auto, auto) { t.dtype.bits = 64; }) == KERF_ERROR_DTYPE);
  CHECK(with([](DLTensor &t, auto, auto) { t.dtype.code = kDLInt; }) == KERF_ERROR_DTYPE);
  CHECK(with([](DLTensor &t, auto, auto) { t.dtype.lanes = 4; }) == KERF_ERROR_DTYPE);
  CHECK(with([](DLTensor &t, auto, auto) { t.ndim = 1; }) == KERF_ERROR_RANK);
  CHECK(with([](DLTensor &t, auto s, auto) { t.shape = s; }) == KERF_ERROR_SHAPE);
  CHECK(with([](DLTensor &t, auto, auto s) { t.strides = s; }) == KERF_ERROR_STRIDE);
  CHECK(with([](DLTensor &t, auto, auto) { t.data = nullptr; }) == KERF_ERROR_NULL);
  CHECK(with([](DLTensor &t, auto, auto) { t.byte_offset = 2; }) == KERF_ERROR_ALIGNMENT);
  CHECK(with([](DLTensor &t, auto, auto) { t.strides = nullptr; }) == KERF_OK);
}

TEST_CASE("a view is the DLPack tensor that it came from") {
  kerf::Block<kerf::Array<std::int64_t, 4, 5>> block;
  const DLTensor tensor = block->view().dlpack();
  CHECK(kerf::View<std::int64_t, 4, 5>(tensor).data() == block->data());
  CHECK(tensor.ndim == 2);
  CHECK(tensor.shape[1] == 5);
  CHECK(kerf::dtype<bool>().bits == 1);
  CHECK(kerf::dtype<std::uint32_t>().code == kDLUInt);
}

TEST_CASE("rows are whole, one at least, and as many as their memory has") {
  std::vector<float> numbers(12);
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  const Vectors rows = numbers;
  CHECK(rows.rows() == 4);
  CHECK(rows.size() == 12);
  CHECK(rows(2, 1) == 7);
  CHECK(rows[3][0] == 9);
  CHECK(rows.first_rows(2).end() == rows.data() + 6);
  CHECK(rows.dlpack().shape[0] == 4);
  CHECK(kerf::Rows<const float>(numbers)[5] == 5);
  CHECK(statusOf([&] { (void)rows.first_rows(5); }) == KERF_ERROR_SHAPE);
  const auto refused = [](std::size_t count) {
    return statusOf([&] { (void)Vectors(std::vector<float>(count)); });
  };
  CHECK(refused(13) == KERF_ERROR_SHAPE);
  CHECK(refused(0) == KERF_ERROR_SHAPE);
  CHECK(refused(3) == KERF_OK);

  std::int64_t shape[] = {4, 3}, strides[] = {3, 1};
  DLTensor tensor{numbers.data(), {kDLCPU, 0}, 2, kerf::dtype<float>(), shape, strides, 0};
  CHECK(Vectors(tensor).rows() == 4);
  shape[0] = 1;
  CHECK(Vectors(tensor).rows() == 1);
  for (std::int64_t wrong : {0, -2}) {
    shape[0] = wrong;
    CHECK(statusOf([&] { (void)Vectors(tensor); }) == KERF_ERROR_SHAPE);
  }
  shape[0] = 4;
  strides[0] = 4;
  CHECK(statusOf([&] { (void)Vectors(tensor); }) == KERF_ERROR_STRIDE);
  strides[0] = 3;
  shape[1] = 4;
  CHECK(statusOf([&] { (void)Vectors(tensor); }) == KERF_ERROR_SHAPE);
}

TEST_CASE("memory of somebody else's is a role's struct if it fits") {
  alignas(64) static std::byte memory[sizeof(Params) + 64];
  Params &params = kerf::view<Params>(memory, sizeof(Params));
  params.t = 3;
  CHECK(static_cast<void *>(&params) == memory);
  CHECK(statusOf([] { kerf::view<Params>(memory, sizeof(Params) + 64); }) == KERF_ERROR_SHAPE);
  CHECK(statusOf([] { kerf::view<Params>(memory + 8, sizeof(Params)); }) == KERF_ERROR_ALIGNMENT);
  CHECK(statusOf([] { kerf::view<Params>(nullptr, sizeof(Params)); }) == KERF_ERROR_NULL);
}

kerf_status refuse(kerf_context *context, DLTensor *params, DLTensor *x) {
  CHECK(params->dtype.bits == 8);
  CHECK(params->shape[0] == sizeof(Params));
  CHECK(x->ndim == 2);
  CHECK(context->arena_bytes == 128);
  CHECK(reinterpret_cast<std::uintptr_t>(context->arena) % 64 == 0);
  std::strcpy(context->message, "model_entry: x: not today");
  return KERF_ERROR_RANGE;
}

TEST_CASE("a refusal becomes an exception with the status and the message") {
  kerf::Context context(128);
  kerf::Block<Params> params;
  float x[6] = {};
  auto call = [&] {
    kerf::detail::call(refuse, context, kerf::detail::argument(*params),
                       kerf::detail::argument(Matrix(x)));
  };
  CHECK(statusOf(call) == KERF_ERROR_RANGE);
  CHECK_THROWS_WITH(call(), "KERF_ERROR_RANGE: model_entry: x: not today");
}

} // namespace
