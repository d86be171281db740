// Optimizers, clipping, averages and schedules: a step of each on parameters of its own, beside
// PyTorch's; optimizer_laws.cpp runs them.
#include <kerf/kerf.h>
#include <kerf/optimizers.h>
#include <kerf/schedules.h>

namespace optimizers {
using namespace kerf;

template <class T> struct Net : Module {
  Param<T, 5, 4> weight;
  Param<T, 4> bias;
  Param<T> gain;
  Param<T, 3, 2, 2> filters;
  Buffer<T, 3> mean;
  Frozen<Param<T, 2>> fixed;
};

template <class T> struct Params {
  Net<T> sgd, momentum, nesterov, adam, adamw, rmsprop, centered, lion, lamb, adafactor, clipped,
      ema;
};
template <class T> struct States {
  Sgd<Net<T>> momentum, nesterov;
  Adam<Net<T>> adam, adamw;
  RmsProp<Net<T>> rmsprop;
  RmsProp<Net<T>, true, true> centered;
  Lion<Net<T>> lion;
  Adam<Net<T>> lamb;
  Adafactor<Net<T>> adafactor;
};

/// Each player takes a step of its optimizer; gives the norm of the gradients.
template <class T>
Tensor<f32> step(Params<T> &params, States<T> &states, const Net<T> &gradients,
                 const Tensor<f64> &unit) {
  sgd_step(params.sgd, gradients, rate = 1e-3, option<"weight_decay"> = 0.1,
           option<"decayed"> = is_matrix);
  sgd_step(params.momentum, gradients, states.momentum, rate = 1e-3 * unit,
           option<"dampening"> = 0.5, option<"weight_decay"> = 0.1);
  sgd_step(params.nesterov, gradients, states.nesterov, rate = 1e-3, option<"momentum"> = 0.8,
           option<"nesterov"> = true);
  adam_step(params.adam, gradients, states.adam, rate = 1e-2, beta1 = 0.8, beta2 = 0.95);
  adamw_step(params.adamw, gradients, states.adamw, rate = 1e-2 * unit,
             option<"weight_decay"> = 0.1, option<"decayed"> = is_matrix);
  rmsprop_step(params.rmsprop, gradients, states.rmsprop, rate = 1e-3,
               option<"weight_decay"> = 0.1);
  rmsprop_step(params.centered, gradients, states.centered, rate = 1e-3, option<"decay"> = 0.9,
               option<"momentum"> = 0.8);
  lion_step(params.lion, gradients, states.lion, rate = 1e-2, option<"weight_decay"> = 0.1);
  lamb_step(params.lamb, gradients, states.lamb, rate = 1e-2, option<"weight_decay"> = 0.1,
            option<"decayed"> = is_matrix);
  adafactor_step(params.adafactor, gradients, states.adafactor, rate = 0.2,
                 option<"weight_decay"> = 0.1);
  Net<T> own = gradients;
  const Tensor<f32> norm = clip_by_norm(own, 2);
  sgd_step(params.clipped, own, rate = 0.1);
  average(params.ema, params.adam, 0.9);
  return norm;
}

template <class T> void begin(Params<T> &params, States<T> &states, const Net<T> &first) {
  params = {first, first, first, first, first, first, first, first, first, first, first, first};
  states = zeros<States<T>>();
}

/// A step of SGD on the mean of two batches' gradients, of a loss 2^16 as large; left out where one
/// of them is not finite.
void scaled(Net<f32> &params, LossScale &scale, const Net<f32> &first, const Net<f32> &second) {
  Net<f32> gradients = zeros<Net<f32>>();
  accumulate(gradients, first, 0.5);
  accumulate(gradients, second, 0.5);
  clip_by_value(gradients, 1e6);
  const Net<f32> before = params;
  const Tensor<i1> finite = unscale(gradients, scale, 3);
  sgd_step(params, gradients, rate = 1);
  params = tree_select(finite, params, before);
}

struct Rates {
  Tensor<f64> constant, linear, decay, cosine, warm_up, one_cycle, inverse_sqrt, step;
  Tensor<f64> no_linear, no_cosine, no_warm_up, all_warm; // phases of no steps
};
Rates rates(const Tensor<i64> &step) {
  return {constant_rate(step, 0.5, 0.25, 30),
          linear_rate(step, 0.5, 0.1, 0.8, 60),
          linear_decay(step, 0.5, 90, 0.4),
          cosine_rate(step, 0.5, 100, 0.01),
          0.5 * warm_up(step, 20),
          one_cycle_rate(step, 0.5, 101),
          inverse_sqrt_rate(step, 0.5, 20),
          step_rate(step, 0.5, 30, 0.3),
          linear_rate(step, 0.5, 0.1, 0.8, 0),
          cosine_rate(step, 0.5, 0, 0.01),
          warm_up(step, 0),
          one_cycle_rate(step, 0.5, 101, 1)};
}

const auto registered = model<"optimizers">(
    entry<"begin_f32">(begin<f32>, roles("params", "states", "first")),
    entry<"step_f32">(step<f32>, roles("params", "states", "gradients", "unit"), returns("norm")),
    entry<"begin_f64">(begin<f64>, roles("exact_params", "exact_states", "exact_first")),
    entry<"step_f64">(step<f64>, roles("exact_params", "exact_states", "exact_gradients", "unit"),
                      returns("norm")),
    entry<"scaled">(scaled, roles("net", "scale", "first_gradients", "second_gradients")),
    entry<"rates">(rates, roles("t")));

} // namespace optimizers
