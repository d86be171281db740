// Whether a model is trained or used: what BatchNorm and Dropout ask.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf {

/// `training`: BatchNorm takes the statistics of the batch and follows them with its running ones,
/// Dropout drops. `inference`: the running ones are taken, nothing is dropped.
enum class Mode { inference, training };

namespace nn::detail {

/// What a call without a mode gives: an error.
template <Name layer, class... Arguments> auto without_mode() {
  static constexpr Rule rule = fail("a call has a mode behind x: (x, Mode::training) in training, "
                                    "(x, Mode::inference) else")
                                   .in(prefix_of<layer>);
  KERF_CHECK(rule);
  return Nothing();
}
template <class Argument>
concept NoMode = !std::is_same_v<Argument, Mode>;

} // namespace nn::detail
} // namespace kerf
