// A real artefact's border: each entry of the VQ-VAE refuses every wrong field, writes nothing
// then, and never allocates.
#include <vqvae16.h>

#include "runtime/allocations.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {
const kerf_entry *const entries[] = {
    &vqvae16_init_descriptor,        &vqvae16_gradients_descriptor,
    &vqvae16_warmup_step_descriptor, &vqvae16_init_codebook_descriptor,
    &vqvae16_train_step_descriptor,  &vqvae16_encode_descriptor,
    &vqvae16_decode_descriptor,      &vqvae16_reconstruct_descriptor};

/// A call of any entry, made from its description; every argument holds bytes of 0x5a.
struct Call {
  const kerf_entry &entry;
  kerf::Context context{vqvae16::arena_bytes(1)};
  std::vector<kerf::Block<kerf::Array<unsigned char, 1 << 22>>> memory;
  std::vector<std::vector<int64_t>> shapes, strides;
  std::vector<DLTensor> tensors;
  std::vector<DLTensor *> pointers;

  explicit Call(const kerf_entry &entry)
      : entry(entry), memory(entry.num_arguments), shapes(entry.num_arguments),
        strides(entry.num_arguments) {
    for (uint32_t i = 0; i < entry.num_arguments; ++i) {
      const kerf_argument &argument = entry.arguments[i];
      REQUIRE(argument.bytes <= memory[i].bytes);
      std::memset(memory[i].data(), 0x5a, memory[i].bytes);
      shapes[i].assign(argument.shape, argument.shape + argument.rank);
      strides[i].resize(shapes[i].size());
      int64_t stride = 1;
      for (size_t axis = shapes[i].size(); axis-- > 0; stride *= shapes[i][axis])
        strides[i][axis] = stride;
      tensors.push_back({memory[i].data(),
                         {kDLCPU, 0},
                         argument.rank,
                         argument.dtype,
                         shapes[i].data(),
                         strides[i].data(),
                         0});
    }
    for (DLTensor &tensor : tensors)
      pointers.push_back(&tensor);
  }

  kerf_status operator()() { return kerf_invoke(&entry, context.get(), pointers.data()); }

  void refused(kerf_status status, const std::string &words) {
    INFO(entry.name << ": " << words);
    const kerf_status got = (*this)();
    CHECK(std::string(kerf_status_name(got)) == kerf_status_name(status));
    CHECK_THAT(std::string(context.get()->message),
               Catch::StartsWith(std::string(entry.name) + ": ") && Catch::Contains(words));
    for (const auto &block : memory) {
      const auto *bytes = static_cast<const unsigned char *>(block.data());
      REQUIRE((bytes[0] == 0x5a && std::memcmp(bytes, bytes + 1, block.bytes - 1) == 0));
    }
  }
};

/// Spoils one field, wants the refusal, and puts the field right again.
template <class Field>
void wrong(Call &call, Field &field, Field value, kerf_status status, const std::string &words) {
  const Field right = std::exchange(field, value);
  call.refused(status, words);
  field = right;
}
} // namespace

TEST_CASE("every field of every argument of every entry wrong once", "[artefact]") {
  for (const kerf_entry *entry : entries) {
    Call call(*entry);
    for (uint32_t i = 0; i < entry->num_arguments; ++i) {
      const kerf_argument &argument = entry->arguments[i];
      const std::string name = argument.name;
      DLTensor &tensor = call.tensors[i];
      wrong(call, call.pointers[i], static_cast<DLTensor *>(nullptr), KERF_ERROR_NULL, name);
      wrong(call, tensor.data, static_cast<void *>(nullptr), KERF_ERROR_NULL, name);
      wrong(call, tensor.device.device_type, kDLCUDA, KERF_ERROR_DEVICE, name);
      wrong(call, tensor.device.device_id, 1, KERF_ERROR_DEVICE, name);
      wrong(call, tensor.dtype.code, uint8_t(kDLComplex), KERF_ERROR_DTYPE, name);
      wrong(call, tensor.dtype.bits, uint8_t(16), KERF_ERROR_DTYPE, name);
      wrong(call, tensor.dtype.lanes, uint16_t(2), KERF_ERROR_DTYPE, name);
      wrong(call, tensor.ndim, argument.rank + 1, KERF_ERROR_RANK, name);
      if (argument.rank)
        wrong(call, tensor.shape, static_cast<int64_t *>(nullptr), KERF_ERROR_NULL, name);
      for (int axis = 0; axis < argument.rank; ++axis) {
        wrong(call, tensor.shape[axis], argument.shape[axis] + 1, KERF_ERROR_SHAPE, name);
        if (argument.shape[axis] != 1)
          wrong(call, tensor.strides[axis], int64_t(3), KERF_ERROR_STRIDE, name);
      }
      const uint64_t half = argument.is_block ? 32 : argument.dtype.bits / 16;
      wrong(call, tensor.byte_offset, half, KERF_ERROR_ALIGNMENT, name);
      wrong(call, tensor.byte_offset, ~uint64_t{63}, KERF_ERROR_RANGE, name);
      wrong(call, tensor.data, call.context.get()->arena, KERF_ERROR_OVERLAP, name);
      for (uint32_t j = 0; j < i; ++j)
        if ((argument.access | entry->arguments[j].access) & KERF_WRITE)
          wrong(call, tensor.data, call.tensors[j].data, KERF_ERROR_OVERLAP,
                entry->arguments[j].name);
    }
  }
}

TEST_CASE("every field of the context wrong once, for every entry", "[artefact]") {
  for (const kerf_entry *entry : entries) {
    Call call(*entry);
    kerf_context &context = *call.context.get();
    wrong(call, context.abi_version, 0u, KERF_ERROR_ABI_VERSION, "ABI version 0");
    wrong(call, context.busy, 2u, KERF_ERROR_RESERVED, "busy");
    wrong(call, context.stream, static_cast<void *>(&call), KERF_ERROR_RESERVED, "stream");
    wrong(call, context.reserved[6], uint64_t(1), KERF_ERROR_RESERVED, "reserved");
    wrong(call, context.workers, uint64_t(2), KERF_ERROR_WORKERS, "workers");
    wrong(call, context.device.device_type, kDLCUDA, KERF_ERROR_DEVICE, "context");
    if (kerf_arena_bytes(entry, 1)) {
      wrong(call, context.arena, static_cast<void *>(nullptr), KERF_ERROR_ARENA, "arena");
      wrong(call, context.arena_bytes, kerf_arena_bytes(entry, 1) - 1, KERF_ERROR_ARENA, "arena");
      wrong(call, context.arena, static_cast<void *>(static_cast<char *>(context.arena) + 32),
            KERF_ERROR_ALIGNMENT, "arena");
    }
    const uint64_t needed = entry->bodies[entry->num_bodies - 1].cpu_features;
    CHECK(needed == KERF_CPU_X86_64_V3);
    for (int bit = 0; bit < 64; ++bit)
      if (needed >> bit & 1)
        wrong(call, context.cpu_features, ~(uint64_t{1} << bit), KERF_ERROR_CPU_FEATURE,
              "the code needs ");
  }
}

TEST_CASE("neither a call nor a refusal allocates", "[artefact]") {
  kerf::Context context(vqvae16::arena_bytes, 2);
  kerf::Block<vqvae16::Params> params;
  kerf::Block<vqvae16::Adam> adam;
  kerf::Block<vqvae16::Step> step;
  std::vector<float> images(vqvae16::TrainStepImages::size),
      many(vqvae16::InitCodebookImages::size);
  std::vector<float> test(vqvae16::EncodeImages::size), output(test.size());
  std::vector<int64_t> codes(vqvae16::EncodeCodes::size);
  const long before = kerf::test::allocations();
  vqvae16::init(context, params, adam, step, kerf::RandomKey(1));
  vqvae16::warmup_step(context, params, adam, step, images);
  vqvae16::init_codebook(context, params, adam, many, kerf::RandomKey(2));
  vqvae16::train_step(context, params, adam, step, images);
  vqvae16::encode(context, params, test, codes);
  vqvae16::decode(context, params, codes, output);
  vqvae16::reconstruct(context, params, test, output, codes);
  CHECK(kerf::test::allocations() == before);
  CHECK(step->step == 2);

  Call call(vqvae16_train_step_descriptor);
  call.tensors[3].shape[0] = 31;
  const long refusing = kerf::test::allocations();
  for (int i = 0; i < 100; ++i)
    call();
  CHECK(kerf::test::allocations() == refusing);
}

TEST_CASE("a refusal becomes an exception with the numbers", "[artefact]") {
  kerf::Context context(vqvae16::arena_bytes);
  kerf::Block<vqvae16::Params> params;
  std::vector<float> images(vqvae16::EncodeImages::size);
  std::vector<int64_t> codes(vqvae16::EncodeCodes::size);
  context.get()->cpu_features &= ~KERF_CPU_AVX2;
  CHECK_THROWS_WITH(
      vqvae16::encode(context, params, images, codes),
      Catch::Contains(
          "KERF_ERROR_CPU_FEATURE: vqvae16_encode: the code needs avx2, which the context's "
          "cpu_features masks"));
}
