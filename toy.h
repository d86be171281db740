/* toy, compiled by Kerf for : what a program includes to use it.
 * Generated from source 0e1cb65def989dfa; do not edit. Link libtoy.a and the Kerf runtime.
 *
 * #include <toy.h>, in angle brackets where the model's source has a header of that name.
 * In C:   an entry takes a context and a DLTensor per argument, checks all, gives a status.
 * In C++: namespace toy has a struct per role and a function per entry, which throws kerf::Error. */
#ifndef KERF_MODEL_toy_H
#define KERF_MODEL_toy_H

#include "abi.h"

/* Bytes of the blocks. */
#define toy_params_bytes UINT64_C(384)
#define toy_adam_bytes UINT64_C(448)
/* Bytes of scratch memory for so many workers: an entry's, and enough for all of them. */
static inline uint64_t toy_init_arena_bytes(uint64_t workers) {
  (void)workers;
  return UINT64_C(4096);
}
static inline uint64_t toy_train_step_arena_bytes(uint64_t workers) {
  return workers > UINT64_C(288230376151711679) ? UINT64_MAX : UINT64_C(4096) + UINT64_C(64) * workers;
}
static inline uint64_t toy_arena_bytes(uint64_t workers) {
  return workers > UINT64_C(288230376151711679) ? UINT64_MAX : UINT64_C(4096) + UINT64_C(64) * workers;
}
/* Another one where an entry that changes a role, or what it calls, is another: a state goes on
 * being trained by the same. */
#define toy_training_hash ""
/* Constants of the model. */
#define toy_low (-INT64_C(3))
#define toy_warmup_steps INT64_C(100)

#ifdef __cplusplus
extern "C" {
#endif

/* This header and the library are of one compile: where they are not, this is undefined when the
 * program is linked. */
extern const char kerf_toy_made_together_7782bb7a130260e5;
__attribute__((used)) static const char *const kerf_toy_header = &kerf_toy_made_together_7782bb7a130260e5;

/* The tensors in each block: names, shapes, offsets. */
extern const kerf_block toy_params_block;
extern const kerf_block toy_adam_block;

/* init
 *   params           block, read and written
 *   key              uint32 [2], read
 */
kerf_status toy_init(kerf_context *context, DLTensor *params, DLTensor *key);
extern const kerf_entry toy_init_descriptor;

/* train_step
 *   params           block, read
 *   adam             block, read
 *   x                float32 [5, 3], read
 *   loss             float32 [], written
 *   codes            int64 [5], written
 *   context          int64 [], written
 */
kerf_status toy_train_step(kerf_context *context,
                           DLTensor *params,
                           DLTensor *adam,
                           DLTensor *x,
                           DLTensor *loss,
                           DLTensor *codes,
                           DLTensor *context_);
extern const kerf_entry toy_train_step_descriptor;

#ifdef __cplusplus
} // extern "C"

#include "kerf_runtime.hpp"

namespace toy {

/// Scratch memory for a kerf::Context that every entry can run in: 4,096 bytes, and 64 for each worker.
constexpr ::std::uint64_t arena_bytes(::std::uint64_t workers) {
  return workers > UINT64_C(288230376151711679) ? UINT64_MAX : UINT64_C(4096) + UINT64_C(64) * workers;
}
/// Of the entries that change a role; for checkpoints.
inline constexpr const char *training_hash = toy_training_hash;
/// All entries, which have bodies for the same targets.
inline constexpr const kerf_entry *entries[] = {&toy_init_descriptor, &toy_train_step_descriptor};
inline constexpr ::std::int64_t low = (-INT64_C(3));
inline constexpr ::std::int64_t warmup_steps = INT64_C(100);

// ---- params -------------------------------------------------------------------------------

/// The tensors of params, which other roles have too.
struct ParamsTensors {
  struct {
    ::kerf::Array<float, 4, 3> weight;                       // at 0
    ::kerf::Array<float, 4> bias;                            // at 64
  } layers[2];
  struct {
    struct {
      ::kerf::Array<float, 7> default_;                      // at 256
    } _0;
    struct {
      ::kerf::Array<float, 9> default_;                      // at 320
    } _1;
  } heads;
};

/// The block of role params: 6 tensors, 384 bytes. Make one with kerf::Block<Params>;
/// kerf::table<Params>() has names, shapes and offsets, for files.
struct Params : ::kerf::Role, ParamsTensors {};
static_assert(sizeof(Params) == toy_params_bytes);

// ---- adam ---------------------------------------------------------------------------------

/// The block of role adam: 7 tensors, 448 bytes. Make one with kerf::Block<Adam>;
/// kerf::table<Adam>() has names, shapes and offsets, for files.
struct Adam : ::kerf::Role {
  ::toy::ParamsTensors m;                                    // at 0
  ::kerf::Array<::std::int64_t> t;                           // at 384
};
static_assert(sizeof(Adam) == toy_adam_bytes);

// ---- init ---------------------------------------------------------------------------------

using InitKey = ::kerf::View<const ::std::uint32_t, 2>;
/// Runs in an arena of 4,096 bytes. Writes params.
void init(::kerf::Context &context, Params &params, InitKey key);

// ---- train_step ---------------------------------------------------------------------------

using TrainStepX = ::kerf::View<const float, 5, 3>;
using TrainStepCodes = ::kerf::View<::std::int64_t, 5>;
struct TrainStepResults {
  float loss;
  ::std::int64_t context_;
};
/// Runs in an arena of 4,096 bytes, and 64 for each worker. Writes codes.
TrainStepResults train_step(::kerf::Context &context,
                            const Params &params,
                            const Adam &adam,
                            TrainStepX x,
                            TrainStepCodes codes);

// ---- definitions ---------------------------------------------------------------------------


inline void init(::kerf::Context &context, Params &params, InitKey key) {
  ::kerf::detail::call(::toy_init,
                       context,
                       ::kerf::detail::argument(params),
                       ::kerf::detail::argument(key));
}

inline TrainStepResults train_step(::kerf::Context &context,
                                   const Params &params,
                                   const Adam &adam,
                                   TrainStepX x,
                                   TrainStepCodes codes) {
  TrainStepResults results{};
  ::kerf::detail::call(::toy_train_step,
                       context,
                       ::kerf::detail::argument(params),
                       ::kerf::detail::argument(adam),
                       ::kerf::detail::argument(x),
                       ::kerf::detail::argument(::kerf::View<float>(&results.loss)),
                       ::kerf::detail::argument(codes),
                       ::kerf::detail::argument(::kerf::View<::std::int64_t>(&results.context_)));
  return results;
}

} // namespace toy

template <> inline const kerf_block &kerf::table<::toy::Params>() { return ::toy_params_block; }
template <> inline const kerf_block &kerf::table<::toy::Adam>() { return ::toy_adam_block; }
#endif // __cplusplus
#endif
