// The ids of models/ids/entries.cpp for few users and items, whose gradients come out too.
#define IDS_USERS 24
#define IDS_ITEMS 20
#define IDS_STEPS 20, 10, 20
#include "models/ids/entries.cpp"

namespace kerf::models::ids {
namespace {

Tensor<f32> embedding_gradients(const Model &model, Embeddings &gradients, const Indices<B> &users,
                                const Indices<B> &items, const Indices<8> &others) {
  auto loss = [](const Embeddings &embeddings, const auto &users, const auto &items,
                 const auto &others) { return choice_loss(embeddings, users, items, others); };
  auto [value, found] = value_and_grad(loss)(model.embeddings, users, items, others);
  gradients = found;
  return value;
}

IdLosses codec_gradients(const Model &model, Codec &gradients, const Indices<B> &users) {
  auto loss = [](const Codec &codec, const auto &x) { return codec.loss(x); };
  let x = gather(model.embeddings.users, users); // (B, Size)
  auto [losses, found] = value_and_grad(loss)(model.codecs.users, x);
  gradients = found;
  return losses;
}

const auto small = model<"ids_small">(
    entry<"embedding_gradients">(embedding_gradients,
                                 roles("params", "embedding_gradients", "users", "items", "others"),
                                 bind(B, 6), returns("loss")),
    entry<"codec_gradients">(codec_gradients, roles("params", "codec_gradients", "users"),
                             bind(B, 6)),
    entry<"encode">(encode, roles("params", "users", "items"), bind(B, 5)),
    entry<"scores">(scores, roles("params", "users"), bind(B, 5)));

} // namespace
} // namespace kerf::models::ids
