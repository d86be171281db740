// Which instructions this machine offers, by cpuid and xgetbv, never by a model name; and which
// body of an entry that chooses.
#include "abi.h"

#if defined(__x86_64__)
#include <cpuid.h>

namespace {
struct Registers {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

/// All zero when the machine does not know the leaf.
Registers cpuid(unsigned leaf, unsigned subleaf) {
  Registers r;
  if (__get_cpuid_max(leaf & 0x80000000u, nullptr) >= leaf)
    __cpuid_count(leaf, subleaf, r.a, r.b, r.c, r.d);
  return r;
}

/// The register files that the operating system saves on a context switch, as bits of XCR0.
uint64_t saved_state() {
  unsigned low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

uint64_t detect() {
  const Registers basic = cpuid(1, 0), extended = cpuid(7, 0), extended1 = cpuid(7, 1),
                  amd = cpuid(0x80000001u, 0);
  const auto has = [](unsigned word, int bit) { return (word >> bit & 1u) != 0; };
  const bool xgetbv_works = has(basic.c, 27);
  const uint64_t saved = xgetbv_works ? saved_state() : 0;
  const auto saves = [saved](uint64_t mask) { return (saved & mask) == mask; };
  const bool ymm = has(basic.c, 28) && saves(0x6), zmm = ymm && saves(0xe6), tiles = saves(0x60000);

  uint64_t features = 0;
  const auto add = [&features](bool present, uint64_t feature) {
    features |= present ? feature : 0;
  };
  add(ymm && has(extended.b, 5), KERF_CPU_AVX2);
  add(ymm && has(basic.c, 12), KERF_CPU_FMA);
  add(ymm && has(basic.c, 29), KERF_CPU_F16C);
  add(has(extended.b, 3), KERF_CPU_BMI1);
  add(has(extended.b, 8), KERF_CPU_BMI2);
  add(has(amd.c, 5), KERF_CPU_LZCNT);
  add(has(basic.c, 22), KERF_CPU_MOVBE);
  add(zmm && has(extended.b, 16), KERF_CPU_AVX512F);
  add(zmm && has(extended.b, 17), KERF_CPU_AVX512DQ);
  add(zmm && has(extended.b, 28), KERF_CPU_AVX512CD);
  add(zmm && has(extended.b, 30), KERF_CPU_AVX512BW);
  add(zmm && has(extended.b, 31), KERF_CPU_AVX512VL);
  add(zmm && has(extended.c, 11), KERF_CPU_AVX512VNNI);
  add(zmm && has(extended.b, 16) && has(extended1.a, 5), KERF_CPU_AVX512BF16);
  add(tiles && has(extended.d, 24) && has(extended.d, 22), KERF_CPU_AMX);
  return features;
}
} // namespace

extern "C" uint64_t kerf_cpu_features(void) {
  // A virtual machine traps every cpuid, so ask once. Racing threads write the same value.
  constexpr uint64_t known = 1ull << 63;
  static uint64_t cached = 0;
  uint64_t features = __atomic_load_n(&cached, __ATOMIC_RELAXED);
  if (!(features & known)) {
    features = detect() | known;
    __atomic_store_n(&cached, features, __ATOMIC_RELAXED);
  }
  return features & ~known;
}
#else
extern "C" uint64_t kerf_cpu_features(void) { return 0; }
#endif

extern "C" const char *kerf_cpu_feature_name(unsigned bit) {
  static const char *const names[] = {
      "avx2",  "fma",  "bmi2",     "avx512f",  "avx512_bf16", "amx_bf16", "f16c",       "lzcnt",
      "movbe", "bmi1", "avx512bw", "avx512cd", "avx512dq",    "avx512vl", "avx512_vnni"};
  return bit < sizeof names / sizeof *names ? names[bit] : nullptr;
}

extern "C" const kerf_body *kerf_choose_body(const kerf_entry *entry, uint64_t cpu_features) {
  const uint64_t usable = kerf_cpu_features() & cpu_features;
  for (uint64_t i = 0; entry && i < entry->num_bodies; ++i)
    if (!(entry->bodies[i].cpu_features & ~usable))
      return &entry->bodies[i];
  return nullptr;
}
