/* m, compiled by Kerf for : what a program includes to use it.
 * Generated from source de72292020ba2040; do not edit. Link libm.a and the Kerf runtime.
 *
 * #include <m.h>, in angle brackets where the model's source has a header of that name.
 * In C:   an entry takes a context and a DLTensor per argument, checks all, gives a status.
 * In C++: namespace m has a struct per role and a function per entry, which throws kerf::Error. */
#ifndef KERF_MODEL_m_H
#define KERF_MODEL_m_H

#include "abi.h"

/* Bytes of the blocks. */
#define m_params_bytes UINT64_C(64)
/* Bytes of scratch memory: an entry's, and enough for all of them. */
#define m_f_arena_bytes UINT64_C(0)
#define m_arena_bytes UINT64_C(0)
/* Another one where an entry that changes a role, or what it calls, is another: a state goes on
 * being trained by the same. */
#define m_training_hash ""

#ifdef __cplusplus
extern "C" {
#endif

/* This header and the library are of one compile: where they are not, this is undefined when the
 * program is linked. */
extern const char kerf_m_made_together_5d0e973ceceabac3;
__attribute__((used)) static const char *const kerf_m_header = &kerf_m_made_together_5d0e973ceceabac3;

/* The tensors in each block: names, shapes, offsets. */
extern const kerf_block m_params_block;

/* f
 *   x                float32 [0, 4], read
 *   y                int64 [3, 0], read
 *   s                float32 [], read
 *   params           block, read
 *   loss             float32 [], written
 */
kerf_status m_f(kerf_context *context,
                DLTensor *x,
                DLTensor *y,
                DLTensor *s,
                DLTensor *params,
                DLTensor *loss);
extern const kerf_entry m_f_descriptor;

#ifdef __cplusplus
} // extern "C"

#include "kerf_runtime.hpp"

namespace m {

/// Scratch memory for a kerf::Context that every entry can run in: 0 bytes.
inline constexpr ::std::uint64_t arena_bytes = m_arena_bytes;
/// Of the entries that change a role; for checkpoints.
inline constexpr const char *training_hash = m_training_hash;

// ---- params -------------------------------------------------------------------------------

/// The block of role params: 2 tensors, 64 bytes. Make one with kerf::Block<Params>;
/// kerf::table<Params>() has names, shapes and offsets, for files.
struct Params : ::kerf::Role {
  ::kerf::Array<float, 2> w;                                 // at 0
};
static_assert(sizeof(Params) == m_params_bytes);

// ---- f ------------------------------------------------------------------------------------

using FX = ::kerf::View<const float, 0, 4>;
using FY = ::kerf::View<const ::std::int64_t, 3, 0>;
using FS = ::kerf::View<const float>;
struct FResults {
  float loss;
};
/// Runs in 0 bytes of the context's arena.
FResults f(::kerf::Context &context, FX x, FY y, FS s, const Params &params);

// ---- definitions ---------------------------------------------------------------------------


inline FResults f(::kerf::Context &context, FX x, FY y, FS s, const Params &params) {
  FResults results{};
  ::kerf::detail::call(::m_f,
                       context,
                       ::kerf::detail::argument(x),
                       ::kerf::detail::argument(y),
                       ::kerf::detail::argument(s),
                       ::kerf::detail::argument(params),
                       ::kerf::detail::argument(::kerf::View<float>(&results.loss)));
  return results;
}

} // namespace m

template <> inline const kerf_block &kerf::table<::m::Params>() { return ::m_params_block; }
#endif // __cplusplus
#endif
