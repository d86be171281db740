// The language model's entry points.
#include "models/gru/gru.h"
#include "models/recipes.h"

#include <kerf/optimizers.h>

#ifndef GRU_HIDDEN
#define GRU_HIDDEN 256
#define GRU_LENGTH 128
#endif

namespace kerf::models::gru {
namespace {

constexpr int tokens = 96, end = tokens - 1; // printable ASCII, and what ends a line
constexpr int hidden = GRU_HIDDEN, length = GRU_LENGTH, room = 160, steps = 1000;
using Model = Gru<tokens, hidden / 4, hidden>;
using Window = Tensor<i64, B, length>;
using Text = Tensor<i64, B, room>;

/// What a step reports.
struct Report {
  Tensor<f32> loss, norm; // nats per token; of all gradients as one vector
};
Report train_step(Model &model, Adam<Model> &adam, Progress &progress, const Window &tokens,
                  const Window &next) {
  auto [value, gradients] = value_and_grad(loss<Model, Window, Window>)(model, tokens, next);
  let norm = clip_by_norm(gradients, 1);
  adam_step(model, gradients, adam, rate = linear_decay(progress.step, 4e-3, steps, 1));
  progress.step = progress.step + 1;
  return {value, norm};
}

/// How many bits tell each token of `next` to one who knows what the model foresees.
Tensor<f32, B, length> surprise(const Model &model, const Window &tokens, const Window &next) {
  let known = log_softmax<-1>(model(tokens)); // (B, length, tokens)
  let nats = take_along<2>(known, rearrange<"b t -> b t 1">(next));
  return rearrange<"b t 1 -> b t">(nats) * (-1 / std::log(2.0));
}

/// Texts on their way: what has been read of each is in `state`.
struct Writing {
  Tensor<f32, 1, B, hidden> state;
  Tensor<i64, B> last;
  Tensor<i1, B> ended;
  Text text;
};

/// Lines that begin as `prompt` does, whose free places hold -1: there tokens are drawn from
/// softmax(logits / temperature), until every line has ended or is full. Behind its end a line has
/// ends alone.
Text write(const Model &model, const Text &prompt, const Tensor<f32> &temperature, const Key &key) {
  const Tensor<i64, B> before = end;
  const Writing start{zeros<Tensor<f32, 1, B, hidden>>(), before, false, end};
  auto goes_on = [](const Writing &now) { return any(!now.ended); };
  auto write_token = [&](const Writing &now, const Tensor<i64> &i) -> Writing {
    let read = rearrange<"b w -> b 1 w">(model.token(now.last));
    const auto [outputs, state] = model.gru(read, now.state);
    let logits = rearrange<"b 1 n -> b n">(model.out(outputs));
    let drawn = categorical<-1>(fold(key, i), logits, option<"temperature"> = temperature);
    let given = rearrange<"b 1 -> b">(slice_at<1, 1>(prompt, i));
    let token = select(now.ended, end, select(given >= 0, given, drawn));
    return {state, token, now.ended || token == end,
            update_at<1>(now.text, i, rearrange<"b -> b 1">(token))};
  };
  return while_loop<room>(start, goes_on, write_token).state.text;
}

const auto registered = model<"gru">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "tokens", "next"), bind(B, 32)),
    entry<"surprise">(surprise, roles("params", "tokens", "next"), bind(B, up_to(64)),
                      returns("bits")),
    entry<"write">(write, roles("params", "prompt", "temperature", "key"), bind(B, up_to(16)),
                   returns("text")),
    constant("steps", steps), constant("room", room));

} // namespace
} // namespace kerf::models::gru
