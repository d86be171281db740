/* Toy, compiled by Kerf for : what a program includes to use it.
 * Generated from source 6acf273e64cc8458; do not edit. Link libToy.a and the Kerf runtime.
 *
 * #include <Toy.h>, in angle brackets where the model's source has a header of that name.
 * In C:   an entry takes a context and a DLTensor per argument, checks all, gives a status.
 * In C++: namespace Toy has a struct per role and a function per entry, which throws kerf::Error. */
#ifndef KERF_MODEL_Toy_H
#define KERF_MODEL_Toy_H

#include "abi.h"

/* Bytes of the blocks. */
/* Bytes of scratch memory: an entry's, and enough for all of them. */
#define Toy_f_arena_bytes UINT64_C(0)
#define Toy_arena_bytes UINT64_C(0)
/* Another one where an entry that changes a role, or what it calls, is another: a state goes on
 * being trained by the same. */
#define Toy_training_hash ""

#ifdef __cplusplus
extern "C" {
#endif

/* This header and the library are of one compile: where they are not, this is undefined when the
 * program is linked. */
extern const char kerf_Toy_made_together_fcdd8c9a3118c51b;
__attribute__((used)) static const char *const kerf_Toy_header = &kerf_Toy_made_together_fcdd8c9a3118c51b;

/* The tensors in each block: names, shapes, offsets. */

/* f
 *   x                float32 [4], read
 */
kerf_status Toy_f(kerf_context *context, DLTensor *x);
extern const kerf_entry Toy_f_descriptor;

#ifdef __cplusplus
} // extern "C"

#include "kerf_runtime.hpp"

namespace Toy {

/// Scratch memory for a kerf::Context that every entry can run in: 0 bytes.
inline constexpr ::std::uint64_t arena_bytes = Toy_arena_bytes;
/// Of the entries that change a role; for checkpoints.
inline constexpr const char *training_hash = Toy_training_hash;

// ---- f ------------------------------------------------------------------------------------

using FX = ::kerf::View<const float, 4>;
/// Runs in 0 bytes of the context's arena.
void f(::kerf::Context &context, FX x);

// ---- definitions ---------------------------------------------------------------------------


inline void f(::kerf::Context &context, FX x) {
  ::kerf::detail::call(::Toy_f, context, ::kerf::detail::argument(x));
}

} // namespace Toy

#endif // __cplusplus
#endif
