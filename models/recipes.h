// What the entry points of many models do alike, as functions that their units call.
#pragma once

#include <kerf/kerf.h>

namespace kerf::models {

/// How many steps a training has done, of every kind: what its schedules read.
struct Progress {
  Tensor<i64> step;
};

namespace recipes {

/// A new model, and zeros for all that its training keeps: the entry `init<Model, State…>`.
template <class Model, class... State> void init(Model &model, State &...state, const Key &key) {
  model = initialize<Model>(key);
  ((state = zeros<State>()), ...);
}

/// Adam down the slope of `loss(model, data…)`; gives what the loss gives.
template <class Model>
auto descend(auto loss, Model &model, Adam<Model> &adam, auto learning_rate, const auto &...data) {
  auto [losses, gradients] = value_and_grad(loss)(model, data...);
  adam_step(model, gradients, adam, rate = learning_rate);
  return losses;
}

/// The same as a step that is counted.
template <class Model>
auto train_step(auto loss, Model &model, Adam<Model> &adam, Progress &progress, auto learning_rate,
                const auto &...data) {
  auto losses = descend(loss, model, adam, learning_rate, data...);
  progress.step = progress.step + 1;
  return losses;
}

/// The model's encode and decode as entries, which return plain tensors: `encode<Model, Images>`.
template <class Model, class Data> auto encode(const Model &model, const Data &data) {
  const auto codes = model.encode(data);
  return TensorOf<element_of<decltype(codes)>, shape_of<decltype(codes)>>(codes);
}
template <class Model, class Codes> auto decode(const Model &model, const Codes &codes) {
  const auto data = model.decode(codes);
  return TensorOf<element_of<decltype(data)>, shape_of<decltype(data)>>(data);
}

} // namespace recipes
} // namespace kerf::models
