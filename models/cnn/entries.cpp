// The classifier's entry points.
#include "models/cnn/cnn.h"
#include "models/recipes.h"

#ifndef CNN_WIDTH
#define CNN_WIDTH 32
#endif

namespace kerf::models::cnn {
namespace {

constexpr int num_features = 64, classes = 10, steps = 4687; // five epochs
using Model = Cnn<CNN_WIDTH, num_features, classes>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]
using Labels = Tensor<i64, B>;            // in [0, classes)

CnnLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images &images,
                     const Labels &labels) {
  auto loss = [](const Model &model, const auto &images, const auto &labels) {
    return cnn_loss(model, images, labels);
  };
  return recipes::train_step(loss, model, adam, progress,
                             linear_decay(progress.step, 2e-3, steps, 1), images, labels);
}

/// What the model sees in images: the numbers that it decides by, and its decision.
struct Seen {
  Tensor<f32, B, num_features> features;
  Tensor<f32, B, classes> probabilities;
};
Seen classify(const Model &model, const Images &images) {
  let features = model.features(images, Mode::inference);
  return {features, softmax<1>(model.out(features))};
}

const auto registered = model<"cnn">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "labels"),
                        bind(B, 64)),
    entry<"classify">(classify, roles("params", "images"), bind(B, up_to(100))),
    constant("steps", steps), constant("features", num_features), constant("classes", classes));

} // namespace
} // namespace kerf::models::cnn
