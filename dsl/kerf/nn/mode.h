// Whether a model is trained or used: what BatchNorm and Dropout ask.
#pragma once

namespace kerf {

/// `training`: BatchNorm takes the statistics of the batch and follows them with its running ones,
/// Dropout drops. `inference`: the running ones are taken, nothing is dropped.
enum class Mode { inference, training };

} // namespace kerf
