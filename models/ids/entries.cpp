// The entry points of ids and their recipe: embeddings from interactions, then a plain autoencoder
// of the embeddings, then codebooks in its middle. Users and items beyond those of the data are
// never asked for.
#include "models/ids/ids.h"
#include "models/recipes.h"

#ifndef IDS_USERS // tests train fewer
#define IDS_USERS 6144
#define IDS_ITEMS 10240
#define IDS_STEPS 3000, 300, 2700
#endif

namespace kerf::models::ids {
namespace {

constexpr int size = 32, features = 32, levels = 3, codes = 64, others = 512;
constexpr int of_phase[] = {IDS_STEPS};
constexpr int embed_steps = of_phase[0], warmup_steps = of_phase[1],
              steps = embed_steps + warmup_steps + of_phase[2];

using Embeddings = Tables<IDS_USERS, IDS_ITEMS, size>;
using Codec = IdVqVae<size, levels, codes, features>;
struct Codecs : Module {
  Codec users, items;
};
struct Model : Module {
  Embeddings embeddings;
  Codecs codecs;
};
/// One optimizer per phase.
struct Optimizers {
  Adam<Embeddings> embeddings;
  Adam<Codecs> codecs;
};
template <Dim Count> using Indices = Tensor<i64, Count>;

/// Learns from pairs of a user and an item. The items to compare with are drawn from the first
/// `item_count`.
Tensor<f32> embed_step(Model &model, Optimizers &adam, Progress &progress, const Indices<B> &users,
                       const Indices<B> &items, const Tensor<i64> &item_count, const Key &key) {
  auto loss = [](const Embeddings &embeddings, const auto &users, const auto &items,
                 const auto &others) { return choice_loss(embeddings, users, items, others); };
  let drawn = cast<i64>(cast<f32>(item_count) * uniform<others>(fold(key, progress.step)));
  return recipes::train_step(loss, model.embeddings, adam.embeddings, progress,
                             linear_decay(progress.step, 1e-2, embed_steps, 0.5), users, items,
                             drawn);
}

/// 2e-3, then linear to 0 over the last quarter of the run.
auto learning_rate(const Progress &progress) {
  return linear_decay(progress.step - embed_steps, 2e-3, steps - embed_steps, 0.25);
}

Tensor<f32> warmup_step(Model &model, Optimizers &adam, Progress &progress, const Indices<B> &users,
                        const Indices<B> &items) {
  auto loss = [](const Codecs &codecs, const auto &x, const auto &y) {
    let a = codecs.users.warmup_loss(x); // two statements: C++ may begin with either side of a +
    let b = codecs.items.warmup_loss(y);
    let sum = a + b;
    return sum;
  };
  let x = gather(model.embeddings.users, users); // (B, Size)
  let y = gather(model.embeddings.items, items); // (B, Size)
  return recipes::train_step(loss, model.codecs, adam.codecs, progress, learning_rate(progress), x,
                             y);
}

/// Codes become what the levels before leave of encoder outputs, others for each level.
void seed_codebooks(Codec &codec, const auto &x) { // (levels * codes, Size)
  let z = rearrange<"(l k) d -> l k d", kerf::size<"l">(levels)>(codec.encoder(x));
  for (int level = 0; level < levels; ++level) {
    let own = gather(z, Tensor<i64>(level)); // (codes, Features)
    codec.levels[level].weight = codec.rest(level, own);
  }
}

void init_codebooks(Model &model, Optimizers &adam, const Indices<levels * codes> &users,
                    const Indices<levels * codes> &items) {
  seed_codebooks(model.codecs.users, gather(model.embeddings.users, users));
  seed_codebooks(model.codecs.items, gather(model.embeddings.items, items));
  adam.codecs = zeros<Adam<Codecs>>();
}

IdLosses train_step(Model &model, Optimizers &adam, Progress &progress, const Indices<B> &users,
                    const Indices<B> &items) {
  auto loss = [](const Codecs &codecs, const auto &x, const auto &y) -> IdLosses {
    const IdLosses a = codecs.users.loss(x), b = codecs.items.loss(y);
    return {a.loss + b.loss, a.reconstruction + b.reconstruction, a.codebook + b.codebook,
            a.commitment + b.commitment, (a.perplexity + b.perplexity) / 2};
  };
  let x = gather(model.embeddings.users, users); // (B, Size)
  let y = gather(model.embeddings.items, items); // (B, Size)
  return recipes::train_step(loss, model.codecs, adam.codecs, progress, learning_rate(progress), x,
                             y);
}

struct IdsOfBatch {
  Tensor<i64, B, levels> user_ids, item_ids;
};
IdsOfBatch encode(const Model &model, const Indices<B> &users, const Indices<B> &items) {
  const Codecs &codecs = model.codecs;
  return {codecs.users.encode(codecs.users.encoder(gather(model.embeddings.users, users))),
          codecs.items.encode(codecs.items.encoder(gather(model.embeddings.items, items)))};
}

/// How well every item fits: by the embeddings, and by what the two ids tell of them.
struct Scores {
  Tensor<f32, B, IDS_ITEMS> unquantized, quantized;
};
Scores scores(const Model &model, const Indices<B> &users) {
  let x = gather(model.embeddings.users, users);  // (B, Size)
  let y = model.embeddings.items;                 // (Items, Size)
  let x_by_id = model.codecs.users.through_id(x); // (B, Size)
  let y_by_id = model.codecs.items.through_id(y); // (Items, Size)
  return {einsum<"b d, i d -> b i">(x, y), einsum<"b d, i d -> b i">(x_by_id, y_by_id)};
}

const auto registered = model<"ids">(
    entry<"init">(recipes::init<Model, Optimizers, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"embed_step">(embed_step,
                        roles("params", "adam", "step", "users", "items", "item_count", "key"),
                        bind(B, 256), returns("loss")),
    entry<"warmup_step">(warmup_step, roles("params", "adam", "step", "users", "items"),
                         bind(B, 256), returns("loss")),
    entry<"init_codebooks">(init_codebooks, roles("params", "adam", "users", "items")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "users", "items"),
                        bind(B, 256)),
    entry<"encode">(encode, roles("params", "users", "items"), bind(B, 64)),
    entry<"scores">(scores, roles("params", "users"), bind(B, up_to(64))),
    constant("user_capacity", IDS_USERS), constant("item_capacity", IDS_ITEMS),
    constant("embed_steps", embed_steps), constant("warmup_steps", warmup_steps),
    constant("steps", steps), constant("levels", levels), constant("codes", codes));

} // namespace
} // namespace kerf::models::ids
