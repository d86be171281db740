// The classifier of models/cnn/entries.cpp at width 16, at a constant rate, whose gradients come
// out too.
#define CNN_WIDTH 16
#include "models/cnn/entries.cpp"

namespace kerf::models::cnn {
namespace {

CnnLosses narrow_step(Model &model, Adam<Model> &adam, const Images &images, const Labels &labels) {
  auto loss = [](const Model &model, const auto &images, const auto &labels) {
    return cnn_loss(model, images, labels);
  };
  return recipes::descend(loss, model, adam, 1e-3, images, labels);
}

/// The running statistics are followed, too.
CnnLosses gradients(Model &model, Model &gradients, const Images &images, const Labels &labels) {
  auto loss = [](const Model &model, const auto &images, const auto &labels) {
    return cnn_loss(model, images, labels);
  };
  auto [losses, found] = value_and_grad(loss)(model, images, labels);
  gradients = found;
  return losses;
}

const auto narrow = model<"cnn16">(
    entry<"init">(recipes::init<Model, Adam<Model>>, roles("params", "adam", "key")),
    entry<"train_step">(narrow_step, roles("params", "adam", "images", "labels"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "gradients", "images", "labels"), bind(B, 4)));

} // namespace
} // namespace kerf::models::cnn
