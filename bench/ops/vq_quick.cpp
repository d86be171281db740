// The shapes of ./dev bench vq --quick: small, and awkward.
#include "vq.h"

namespace kerf::bench {
namespace {

const auto registered =
    model<"bench_vq_quick">(forward_entry<256, 64, 32>(), train_entry<256, 64, 32>(), //
                            forward_entry<193, 65, 40>(), train_entry<193, 65, 40>());

} // namespace
} // namespace kerf::bench
