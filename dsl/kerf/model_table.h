// What a model unit shows to the generator: plain structs, because the two may come from different
// compilers. Storage is static.
#pragma once

#include "kerf/builder.h"

#include <cstddef>
#include <cstdint>

/// A constant that the artefact exports.
struct kerf_named_number {
  const char *name;
  std::int64_t value;
};

/// A named dim: its number, or the most that it may be if it is open.
struct kerf_bound_dim {
  const char *name;
  std::int64_t value;
  bool is_open;
};

/// An entry point. Call `builder.bind_dim` for each of `dims`, or another value for it, then
/// `emit`.
struct kerf_model_entry {
  const char *name;
  const kerf_bound_dim *dims;
  std::size_t num_dims;
  const char *buffers; ///< "role.leaf" of each Buffer among its arguments, a line each
  const char *params;  ///< the same of each Param that is trained
  const char *compute; ///< the element type of its products; null if all is as it is written
  const void *self;
  void (*emit_self)(const void *self, kerf::Builder &builder);

  void emit(kerf::Builder &builder) const { emit_self(self, builder); }
};

struct kerf_model_table {
  const char *name;
  const kerf_model_entry *entries;
  std::size_t num_entries;
  const kerf_named_number *constants;
  std::size_t num_constants;
  const kerf_model_table *next; ///< another model of this program, or null
};

/// The models of this program, the last defined first; null if no unit defines one. Ready once
/// `main` runs. Every unit that includes `kerf/model.h` brings a copy, and the linker keeps one.
extern "C" const kerf_model_table *kerf_models();
