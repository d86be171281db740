// What the transformers of the tests that train have in common: layers without dropout, their
// entries.
#pragma once

#include "models/recipes.h"

#include <kerf/nn.h>
#include <kerf/optimizers.h>

namespace transformers {
using namespace kerf;
inline constexpr auto B = dim<"B">();

/// Layers that normalise first, with one LayerNorm behind all   [Xiong 2020]
template <int Width, int Depth>
using Layers = nn::TransformerEncoder<
    nn::TransformerEncoderLayer<Width, std::max(Width / 64, 2), 4 * Width, nn::Activation::gelu,
                                /*NormFirst=*/true>,
    Depth, /*Norm=*/true>;

/// PyTorch would draw other numbers: none are drawn.
template <class Layers> Layers without_dropout() {
  Layers layers;
  for (auto &layer : layers.layers)
    layer.dropout = 0;
  return layers;
}

/// A step of AdamW down model.loss(x, y), and the gradients by themselves.
template <class Model, class X, class Y> struct Training {
  struct Report {
    Tensor<f32> loss;
  };
  static auto loss(const Model &model, const X &x, const Y &y) { return model.loss(x, y); }

  static Report train_step(Model &model, Adam<Model> &adam, const X &x, const Y &y) {
    auto [value, gradients] = value_and_grad(loss)(model, x, y);
    // Of the bias of keys, on which nothing depends, gradients are rounding: epsilon keeps it
    // still.
    adamw_step(model, gradients, adam, rate = 4e-4, epsilon = 1e-6);
    return {value};
  }
  static Report gradients(const Model &model, Model &gradients, const X &x, const Y &y) {
    auto [value, found] = value_and_grad(loss)(model, x, y);
    gradients = found;
    return {value};
  }

  template <Name name> static auto registered(const char *of_x, const char *of_y, int batch) {
    return model<name>(
        entry<"init">(models::recipes::init<Model, Adam<Model>>, roles("params", "adam", "key")),
        entry<"train_step">(train_step, roles("params", "adam", of_x, of_y), bind(B, batch)),
        entry<"gradients">(gradients, roles("params", "gradients", of_x, of_y), bind(B, batch)));
  }
};

} // namespace transformers
