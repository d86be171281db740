// Training: gradients of functions of parameter trees, optimizers and schedules as functions over
// trees.
#pragma once

#include "kerf/any.h"
#include "kerf/derived.h"
#include "kerf/options.h"
#include "kerf/random.h"

namespace kerf {

/// What a function returned, and the gradient of its loss: a tree of the type of its first
/// argument.
template <class Result, class Params> struct Evaluated {
  Result value;
  Params gradients;
};

namespace detail {

/// What a loss function returned, emitted: a tensor, or the aggregate as it is.
template <class R> auto materialised(const R &result, Line line) {
  if constexpr (Operand<R>)
    return TensorOf<element_of<R>, shape_of<R>>(result, line);
  else
    return result;
}

/// The type of the tensor that comes first in a tree.
template <class Tree> auto first_leaf() {
  if constexpr (Operand<Tree>) {
    return std::type_identity<stored_t<Tree>>();
  } else if constexpr (is_array<Tree>) {
    return first_leaf<typename Tree::value_type>();
  } else {
    auto of_first = [](auto &first, auto &...) {
      return first_leaf<std::remove_cvref_t<decltype(first)>>();
    };
    return decltype(with_fields(std::declval<Tree &>(), of_first))();
  }
}

constexpr Rule scalar_loss(const Shape &shape, DType type) {
  if (shape.is_poison())
    return shape;
  if (shape.rank != 0)
    return fail("the loss must be a scalar, got ", shape);
  if (type != DType::f32 && type != DType::f64)
    return fail("the loss must be f32 or f64, got ", spell(type));
  return shape;
}

inline std::vector<Type> types_of(const std::vector<Leaf> &leaves) {
  std::vector<Type> types;
  for (const Leaf &leaf : leaves)
    types.push_back(leaf.type);
  return types;
}

/// A loss function to be evaluated with its gradient.
template <class Loss> struct ValueAndGrad {
  Loss loss;
  Line line;

  template <class Params, class... Rest>
  auto operator()(const Params &params, const Rest &...rest) const {
    Builder &builder = *Builder::current();
    const std::vector<Type> types = types_of(leaves_of<Params>());

    Params inner = params;
    std::vector<Value> arguments(types.size());
    builder.begin_region(types, arguments);
    assign(inner, arguments);
    auto result = materialised(loss(inner, rest...), line);
    using Result = decltype(result);
    using First = typename decltype(first_leaf<Result>())::type;
    static constexpr Rule rule =
        scalar_loss(First::shape, First::type.dtype).in("kerf: value_and_grad: ");
    KERF_CHECK(rule);

    std::vector<Type> results = types_of(leaves_of<Result>());
    const std::size_t outputs = results.size();
    results.insert(results.end(), types.begin(), types.end());
    std::vector<Value> values(results.size());
    const Attribute counts[] = {{"num_params", std::int64_t(types.size())},
                                {"num_aux", std::int64_t(outputs - 1)}};
    require_bound(values_of(result), "value_and_grad", line);
    require_bound(values_of(params), "value_and_grad", line);
    builder.end_region(values_of(result), "kerf.value_and_grad", values_of(params), results, values,
                       counts, line);
    assign(result, std::span(values).first(outputs));
    Params gradients = params;
    assign(gradients, std::span(values).subspan(outputs));
    return Evaluated<Result, Params>{result, gradients};
  }
};

} // namespace detail

/// `auto [losses, gradients] = value_and_grad(loss)(model, images);`
/// `loss(params, rest…)` gives a scalar, or an aggregate whose first tensor is the loss and whose
/// others come out beside it. Differentiates in `params` only; `rest` and captures are constants to
/// it. A parameter that the loss does not reach has gradient zero.
template <class Loss> auto value_and_grad(Loss loss, Line line = Line::current()) {
  return detail::ValueAndGrad<Loss>{loss, line};
}

/// A tree of zeros.
template <class Tree> Tree zeros(Line line = Line::current()) {
  std::vector<Value> values;
  for (const Leaf &leaf : leaves_of<Tree>()) {
    const Attribute zero("value", 0);
    values.push_back(detail::emit("kerf.constant", {}, leaf.type, {&zero, 1}, line));
  }
  Tree tree;
  assign(tree, values);
  return tree;
}

/// Every parameter of a model drawn as its `Init` says; leaf i, in the order of `leaves_of`, draws
/// from `fold(key, i)`.
template <class Tree> Tree initialize(const Key &key, Line line = Line::current()) {
  Tree tree;
  std::vector<Value> values;
  for (const Leaf &leaf : leaves_of<Tree>()) {
    const Init &init = leaf.init;
    Any drawn = init.first;
    if (init.kind != Init::Kind::constant) {
      const bool is_uniform = init.kind == Init::Kind::uniform;
      const Tensor<u32, 2> own(fold(key, std::int64_t(values.size())), line);
      const Tensor<i64> offset(0, line);
      drawn = Any::op(is_uniform ? "kerf.uniform" : "kerf.normal", {own, offset}, leaf.type);
      drawn = is_uniform ? (init.second - init.first) * drawn + init.first
                         : init.second * drawn + init.first;
    }
    values.push_back(drawn.as(leaf.type).emit(line));
  }
  assign(tree, values);
  return tree;
}

/// base, then linear to 0 over the last part of a run of `steps` steps, of which `step` are done.
/// step : i64 scalar -> f64 scalar, base * max(0, min(1, (steps - step) / (last * steps)))
auto linear_decay(const Operand auto &step, double base, std::int64_t steps, double last) {
  const double total = double(steps);
  return base * maximum(minimum((total - cast<f64>(step)) / (last * total), 1), 0);
}

inline constexpr Option<struct RateTag> rate;
inline constexpr Option<struct Beta1Tag> beta1;
inline constexpr Option<struct Beta2Tag> beta2;
inline constexpr Option<struct EpsilonTag> epsilon;

/// The state of Adam: moments m and v of each parameter, and the number of steps t.
template <class Tree> struct Adam {
  Tree m;
  Tree v;
  Tensor<i64> t;
};

/// One step of Adam [Kingma 2014, alg. 1], rounded where PyTorch rounds: the bias corrections in
/// f64, as Python's numbers are. Options: rate (a number or an f64 scalar, 1e-3), beta1 (0.9),
/// beta2 (0.999), epsilon (1e-8).
///
///     adam_step(model, gradients, adam, rate = 2e-4);
///
/// A class, because only so can the line of the call follow the options; its constructor is the
/// step.
template <class Tree, class... Options> struct adam_step {
  adam_step(Tree &params, const Tree &gradients, Adam<Tree> &state, const Options &...options,
            Line line = Line::current());
};
template <class Tree, class... Options>
adam_step(Tree &, const Tree &, Adam<Tree> &, const Options &...) -> adam_step<Tree, Options...>;

template <class Tree, class... Options>
adam_step<Tree, Options...>::adam_step(Tree &params, const Tree &gradients, Adam<Tree> &state,
                                       const Options &...options, Line line) {
  static_assert((detail::is_option_of<Options>(rate, beta1, beta2, epsilon) && ...),
                "kerf: adam_step: its options are rate, beta1, beta2 and epsilon");
  const auto set = boost::hana::make_map(options...);
  const double b1 = detail::option_or(set, beta1, 0.9), b2 = detail::option_or(set, beta2, 0.999);
  const double eps = detail::option_or(set, epsilon, 1e-8);

  state.t = Tensor<i64>(state.t + 1, line);
  let steps(cast<f64>(state.t), line);
  let step_size(cast<f32>(detail::option_or(set, rate, 1e-3) / (1 - exp(std::log(b1) * steps))),
                line);
  let correction(cast<f32>(sqrt(1 - exp(std::log(b2) * steps))), line);

  std::vector<Value> p = values_of(params), m = values_of(state.m), v = values_of(state.v);
  const std::vector<Value> g = values_of(gradients);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const Type type = leaves_of<Tree>()[i].type;
    const Any gradient(g[i], type);
    Any first(m[i], type), second(v[i], type), parameter(p[i], type);
    first = (first + (1 - b1) * (gradient - first)).emitted(line);
    second = (second * b2 + (1 - b2) * gradient * gradient).emitted(line);
    parameter = parameter - step_size * first / (sqrt(second) / correction + eps);
    m[i] = first.emit(line);
    v[i] = second.emit(line);
    p[i] = parameter.emit(line);
  }
  assign(params, p);
  assign(state.m, m);
  assign(state.v, v);
}

} // namespace kerf
