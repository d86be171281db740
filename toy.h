/* toy, compiled by Kerf for : what a program includes to use it.
 * Generated from source bda92495f0753c9a; do not edit. Link libtoy.a and the Kerf runtime.
 *
 * #include <toy.h>, in angle brackets where the model's source has a header of that name.
 * In C:   an entry takes a context and a DLTensor per argument, checks all, gives a status.
 * In C++: namespace toy has a struct per role and a function per entry, which throws kerf::Error. */
#ifndef KERF_MODEL_toy_H
#define KERF_MODEL_toy_H

#include "abi.h"

/* Bytes of the blocks. */
/* Bytes of scratch memory: an entry's, and enough for all of them. */
#define toy_f_arena_bytes UINT64_C(0)
#define toy_arena_bytes UINT64_C(0)
/* Another one where an entry that changes a role, or what it calls, is another: a state goes on
 * being trained by the same. */
#define toy_training_hash ""

#ifdef __cplusplus
extern "C" {
#endif

/* This header and the library are of one compile: where they are not, this is undefined when the
 * program is linked. */
extern const char kerf_toy_made_together_a720682265370b4b;
__attribute__((used)) static const char *const kerf_toy_header = &kerf_toy_made_together_a720682265370b4b;

/* The tensors in each block: names, shapes, offsets. */

/* f
 *   x                float32 [4], read
 */
kerf_status toy_f(kerf_context *context, DLTensor *x);
extern const kerf_entry toy_f_descriptor;

#ifdef __cplusplus
} // extern "C"

#include "kerf_runtime.hpp"

namespace toy {

/// Scratch memory for a kerf::Context that every entry can run in: 0 bytes.
inline constexpr ::std::uint64_t arena_bytes = toy_arena_bytes;
/// Of the entries that change a role; for checkpoints.
inline constexpr const char *training_hash = toy_training_hash;

// ---- f ------------------------------------------------------------------------------------

using FX = ::kerf::View<const float, 4>;
/// Runs in 0 bytes of the context's arena.
void f(::kerf::Context &context, FX x);

// ---- definitions ---------------------------------------------------------------------------


inline void f(::kerf::Context &context, FX x) {
  ::kerf::detail::call(::toy_f, context, ::kerf::detail::argument(x));
}

} // namespace toy

#endif // __cplusplus
#endif
