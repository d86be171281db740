// Optimizers beside Adam, as functions over trees; rounded where PyTorch rounds. Include beside
// <kerf/kerf.h>.
//
// Each takes the parameters, which it changes, their gradients, its state, which begins as
// zeros<State>(), and options by name. `rate` is a number or a scalar, a schedule's say; the other
// options are numbers. A group with options of its own is a part of the tree, and a call:
//
//     adamw_step(model.encoder, gradients.encoder, encoder_state, rate = 1e-4);
//
// `option<"weight_decay">` counts for all leaves, or for those that `option<"decayed">`, a function
// of a Leaf, says: `option<"decayed"> = is_matrix` leaves biases and norms out.
#pragma once

#include "kerf/trees.h"

namespace kerf {

/// Has a leaf two axes or more? So have weights of layers; biases and norms have one.
inline constexpr auto is_matrix = [](const Leaf &leaf) { return leaf.type.shape->rank >= 2; };

/// The state of SGD with momentum: velocities, and the number of steps.
template <class Tree> struct Sgd {
  Wide<Tree> velocity;
  Tensor<i64> t;
};
/// The state of RMSprop: mean squares, and only where they are asked for mean gradients and
/// velocities.
template <class Tree, bool centered = false, bool has_momentum = false> struct RmsProp {
  Wide<Tree> square;
  Optional<Wide<Tree>, centered> mean;
  Optional<Wide<Tree>, has_momentum> velocity;
};
/// The state of Lion: a mean of gradients.
template <class Tree> struct Lion {
  Wide<Tree> m;
};

namespace detail {

/// The leaves of a tree as types, in their order; those of frozen parts are Absent.
template <class Tree> auto leaf_types() {
  if constexpr (is_frozen<Tree>) {
    return []<class... Leaves>(std::type_identity<std::tuple<Leaves...>>) {
      return std::type_identity<std::tuple<Optional<Leaves, false>...>>();
    }(leaf_types<typename Tree::part>());
  } else if constexpr (Operand<Tree>) {
    return std::type_identity<std::tuple<Tree>>();
  } else {
    const auto of_all = []<class... Parts>(std::type_identity<std::tuple<Parts...>>) {
      using All =
          decltype(std::tuple_cat(std::declval<typename decltype(leaf_types<Parts>())::type>()...));
      return std::type_identity<All>();
    };
    if constexpr (is_array<Tree>) {
      return [&]<std::size_t... i>(std::index_sequence<i...>) {
        return of_all(
            std::type_identity<
                std::tuple<std::conditional_t<(i >= 0), typename Tree::value_type, void>...>>());
      }(std::make_index_sequence<std::tuple_size_v<Tree>>());
    } else if constexpr (is_tuple<Tree>) {
      return of_all(std::type_identity<Tree>());
    } else if constexpr (!Aggregate<Tree>) {
      return std::type_identity<std::tuple<>>();
    } else if constexpr (field_count<Tree> == 0) {
      return std::type_identity<std::tuple<>>();
    } else {
      return of_all(std::type_identity<typename FieldTypes<Tree>::type>());
    }
  }
}
template <class Tree> using LeafTypes = typename decltype(leaf_types<Tree>())::type;

/// The mean squares that Adafactor keeps for a leaf: of its rows and columns, or of all elements
/// where it has fewer than two axes; none where it is not trained.
template <class Leaf, LeafKind trained> struct FactorsOf {
  using rows = Absent;
  using columns = Absent;
};
template <class Leaf> constexpr LeafKind kind_of() {
  if constexpr (requires { Leaf::kind; })
    return Leaf::kind;
  else
    return LeafKind::tensor;
}
template <Operand Leaf, LeafKind trained>
  requires(is_float<element_of<Leaf>> && kind_of<Leaf>() == trained)
struct FactorsOf<Leaf, trained> {
  static constexpr Shape shape = shape_of<Leaf>;
  static constexpr bool is_matrix = shape.rank >= 2;
  using element = computed_t<element_of<Leaf>>;
  using rows = TensorOf<element, is_matrix ? with_extent(shape, shape.rank - 1, 1) : shape>;
  using columns =
      Optional<TensorOf<element, is_matrix ? with_extent(shape, shape.rank - 2, 1) : shape>,
               is_matrix>;
};

template <class Leaves> struct Factors;
template <class... Leaves> struct Factors<std::tuple<Leaves...>> {
  static constexpr LeafKind trained =
      ((kind_of<Leaves>() == LeafKind::param) || ...) ? LeafKind::param : LeafKind::tensor;
  using rows = std::tuple<typename FactorsOf<Leaves, trained>::rows...>;
  using columns = std::tuple<typename FactorsOf<Leaves, trained>::columns...>;
};

} // namespace detail

/// The state of Adafactor: mean squares of the rows and columns of each leaf, numbered as the
/// parameters are, and the number of steps.
template <class Tree> struct Adafactor {
  typename detail::Factors<detail::LeafTypes<Tree>>::rows rows;
  typename detail::Factors<detail::LeafTypes<Tree>>::columns columns;
  Tensor<i64> t;
};

namespace detail {

inline constexpr auto every_leaf = [](const Leaf &) { return true; };

/// The options of an optimizer; `user` is its name.
template <Name user, class Set> struct StepOptions {
  const Set &set;
  Line line;

  template <Name name> double number(const Option<name> &option, double otherwise) const {
    return number_or<user>(set, option, otherwise, line);
  }
  Any rate_or(double otherwise) const {
    const auto given = option_or(set, kerf::rate, otherwise);
    require_in_range(user.view(), "rate", given, line);
    return any_scalar<user, "rate">(given, line);
  }
  /// The weight decay of each leaf.
  auto decay_or(double otherwise) const {
    const double amount = number(option<"weight_decay">, otherwise);
    const auto decayed = option_or(set, option<"decayed">, every_leaf);
    static constexpr bool is_function =
        std::is_invocable_r_v<bool, const decltype(decayed) &, const Leaf &>;
    static constexpr Rule rule =
        (is_function ? Rule(Shape{})
                     : fail("decayed is a function that says of a Leaf whether it decays, as "
                            "is_matrix does: option<\"decayed\"> = is_matrix"))
            .in(prefix_of<user>);
    KERF_CHECK(rule);
    return [amount, decayed](const Leaf &leaf) {
      if constexpr (is_function)
        return decayed(leaf) ? amount : 0.0;
      else
        return 0.0;
    };
  }
};

} // namespace detail

/// One step of stochastic gradient descent, p = p - rate g; with a state, Sgd<Tree>, of momentum
/// [Polyak 1964; Sutskever 2013] as torch.optim.SGD: v = momentum v + (1 - dampening) g, of which
/// the first is g, p = p - rate v, or with nesterov p - rate (g + momentum v). Options: rate
/// (1e-3), option<"momentum"> (with a state 0.9), option<"dampening"> (0), option<"nesterov">
/// (false), option<"weight_decay"> (0), option<"decayed">.
///
///     sgd_step(model, gradients, rate = 0.1);
///     sgd_step(model, gradients, sgd, rate = 0.1, option<"momentum"> = 0.9);
template <class Tree, class Gradients, class State, class... Options> struct sgd_step {
  sgd_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
           Line line = Line::current());
};
template <class Tree, class Gradients, class... Options>
struct sgd_step<Tree, Gradients, void, Options...> {
  sgd_step(Tree &params, const Gradients &gradients, const Options &...options,
           Line line = Line::current());
};
template <class Tree, class Gradients, class... Options>
sgd_step(Tree &, const Gradients &, const Options &...)
    -> sgd_step<Tree, Gradients, void, Options...>;
template <class Tree, class Gradients, class State, class... Options>
  requires IsTree<State>
sgd_step(Tree &, const Gradients &, State &, const Options &...)
    -> sgd_step<Tree, Gradients, State, Options...>;

template <class Tree, class Gradients, class... Options>
sgd_step<Tree, Gradients, void, Options...>::sgd_step(Tree &params, const Gradients &gradients,
                                                      const Options &...options, Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &) {
    const detail::StepOptions<"sgd_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-3);
    const auto decay = given.decay_or(0);
    const auto on_leaf = [&](const Leaf &leaf, Any gradient, Any &parameter) {
      if (const double amount = decay(leaf))
        gradient = gradient + amount * parameter;
      parameter = parameter - size * gradient;
    };
    detail::update_leaves(line, on_leaf, params, gradients);
  };
  Absent stateless;
  detail::checked_step<"sgd_step", Absent>(
      detail::Takes(rate, option<"weight_decay">, option<"decayed">), line, step, params, gradients,
      stateless, options...);
}

template <class Tree, class Gradients, class State, class... Options>
sgd_step<Tree, Gradients, State, Options...>::sgd_step(Tree &params, const Gradients &gradients,
                                                       State &state, const Options &...options,
                                                       Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const detail::StepOptions<"sgd_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-3);
    const double momentum = given.number(option<"momentum">, 0.9);
    const double dampening = given.number(option<"dampening">, 0);
    const bool is_nesterov = given.number(option<"nesterov">, false) != 0;
    if (is_nesterov && (momentum == 0 || dampening != 0)) {
      char words[128];
      std::snprintf(words, sizeof words,
                    "sgd_step: nesterov takes momentum above 0 and dampening 0, got %g and %g",
                    momentum, dampening);
      detail::stop(line, words);
    }
    const auto decay = given.decay_or(0);
    Any share = 1 - dampening;
    if (dampening != 0) // the first velocity is the gradient
      share = Any(Tensor<f64>(select(state.t == 0, Tensor<f64>(1, line), 1 - dampening), line));
    state.t = Tensor<i64>(state.t + 1, line);
    const auto on_leaf = [&](const Leaf &leaf, Any gradient, Any &parameter, Any &velocity) {
      if (const double amount = decay(leaf))
        gradient = gradient + amount * parameter;
      velocity =
          (velocity * momentum + (dampening != 0 ? share * gradient : gradient)).emitted(line);
      parameter = parameter - size * (is_nesterov ? gradient + momentum * velocity : velocity);
    };
    detail::update_leaves(line, on_leaf, params, gradients, state.velocity);
  };
  detail::checked_step<"sgd_step", Sgd<Tree>>(
      detail::Takes(rate, option<"momentum">, option<"dampening">, option<"nesterov">,
                    option<"weight_decay">, option<"decayed">),
      line, step, params, gradients, state, options...);
}

/// One step of Adam with decoupled weight decay [Loshchilov 2019, alg. 2], as torch.optim.AdamW:
/// p = (1 - rate weight_decay) p, then adam_step. Its state is Adam<Tree>. Options: rate (1e-3),
/// beta1 (0.9), beta2 (0.999), epsilon (1e-8), option<"weight_decay"> (1e-2), option<"decayed">.
template <class Tree, class Gradients, class State, class... Options> struct adamw_step {
  adamw_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
             Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
adamw_step(Tree &, const Gradients &, State &, const Options &...)
    -> adamw_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct adamw_step<Tree, Gradients, void, Options...> {
  adamw_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"adamw_step", "Adam", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
adamw_step(Tree &, const Gradients &, const Options &...)
    -> adamw_step<Tree, Gradients, void, Options...>;

template <class Tree, class Gradients, class State, class... Options>
adamw_step<Tree, Gradients, State, Options...>::adamw_step(Tree &params, const Gradients &gradients,
                                                           State &state, const Options &...options,
                                                           Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const detail::StepOptions<"adamw_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-3);
    const auto amount_of = given.decay_or(1e-2);
    const auto decay = [&](const Leaf &leaf, Any &, Any &parameter) {
      if (const double amount = amount_of(leaf))
        parameter = parameter * (1 - size * amount);
    };
    detail::adam_update(params, gradients, state,
                        detail::as_f64(detail::option_or(set, rate, 1e-3)),
                        given.number(beta1, 0.9), given.number(beta2, 0.999),
                        given.number(epsilon, 1e-8), decay, line);
  };
  detail::checked_step<"adamw_step", Adam<Tree>>(
      detail::Takes(rate, beta1, beta2, epsilon, option<"weight_decay">, option<"decayed">), line,
      step, params, gradients, state, options...);
}

/// One step of RMSprop [Hinton 2012], as torch.optim.RMSprop: s = decay s + (1 - decay) g g,
/// p = p - rate g / (sqrt(s) + epsilon). Its state is RmsProp<Tree>; with centered, as in
/// RmsProp<Tree, true>, s is less the square of the mean gradient; with has_momentum, as in
/// RmsProp<Tree, false, true>, p = p - rate v, v = momentum v + g / (…). Options: rate (1e-2),
/// decay (0.99), epsilon (1e-8), option<"momentum"> (with has_momentum 0.9), option<"weight_decay">
/// (0), option<"decayed">.
template <class Tree, class Gradients, class State, class... Options> struct rmsprop_step {
  rmsprop_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
               Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
rmsprop_step(Tree &, const Gradients &, State &, const Options &...)
    -> rmsprop_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct rmsprop_step<Tree, Gradients, void, Options...> {
  rmsprop_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"rmsprop_step", "RmsProp", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
rmsprop_step(Tree &, const Gradients &, const Options &...)
    -> rmsprop_step<Tree, Gradients, void, Options...>;

namespace detail {

template <class Tree, class State>
inline constexpr bool is_rmsprop_of = std::is_same_v<State, RmsProp<Tree, false, false>> ||
                                      std::is_same_v<State, RmsProp<Tree, true, false>> ||
                                      std::is_same_v<State, RmsProp<Tree, false, true>> ||
                                      std::is_same_v<State, RmsProp<Tree, true, true>>;

} // namespace detail

template <class Tree, class Gradients, class State, class... Options>
rmsprop_step<Tree, Gradients, State, Options...>::rmsprop_step(
    Tree &params, const Gradients &gradients, State &state, const Options &...options, Line line) {
  using Wanted = std::conditional_t<detail::is_rmsprop_of<Tree, State>, State, RmsProp<Tree>>;
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    constexpr bool is_centered = !std::is_same_v<decltype(state.mean), Absent>;
    constexpr bool has_momentum = !std::is_same_v<decltype(state.velocity), Absent>;
    static constexpr Rule rule =
        (has_momentum || !(detail::is_the<Options>(option<"momentum">) || ...)
             ? Rule(Shape{})
             : fail("momentum takes a state with velocities, RmsProp<Tree, ",
                    is_centered ? "true" : "false", ", true>"))
            .in("kerf: rmsprop_step: ");
    KERF_CHECK(rule);
    const detail::StepOptions<"rmsprop_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-2);
    const double kept = given.number(option<"decay">, 0.99), eps = given.number(epsilon, 1e-8);
    const double momentum = given.number(option<"momentum">, 0.9);
    const auto decay = given.decay_or(0);
    const auto on_leaf = [&](const Leaf &leaf, Any gradient, Any &parameter, Any &squares,
                             auto &...slots) {
      const auto others = std::tie(slots...); // mean and velocity, those that there are
      if (const double amount = decay(leaf))
        gradient = gradient + amount * parameter;
      squares = (squares * kept + (1 - kept) * gradient * gradient).emitted(line);
      Any variance = squares;
      if constexpr (is_centered) {
        Any &mean = std::get<0>(others);
        mean = (mean + (1 - kept) * (gradient - mean)).emitted(line);
        variance = variance - mean * mean;
      }
      Any change = gradient / (sqrt(variance) + eps);
      if constexpr (has_momentum) {
        Any &velocity = std::get<is_centered>(others);
        change = velocity = (velocity * momentum + change).emitted(line);
      }
      parameter = parameter - size * change;
    };
    const auto if_present = []<class Slot>(Slot &slot) {
      if constexpr (std::is_same_v<Slot, Absent>)
        return std::tuple<>();
      else
        return std::tie(slot);
    };
    std::apply(
        [&](auto &...slots) {
          detail::update_leaves(line, on_leaf, params, gradients, state.square, slots...);
        },
        std::tuple_cat(if_present(state.mean), if_present(state.velocity)));
  };
  detail::checked_step<"rmsprop_step", Wanted>(
      detail::Takes(rate, option<"decay">, epsilon, option<"momentum">, option<"weight_decay">,
                    option<"decayed">),
      line, step, params, gradients, state, options...);
}

/// One step of Lion [Chen 2023, alg. 2]: p = (1 - rate weight_decay) p - rate sign(beta1 m +
/// (1 - beta1) g), then m = beta2 m + (1 - beta2) g. Its state is Lion<Tree>. Options: rate (1e-4),
/// beta1 (0.9), beta2 (0.99), option<"weight_decay"> (0), option<"decayed">.
template <class Tree, class Gradients, class State, class... Options> struct lion_step {
  lion_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
            Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
lion_step(Tree &, const Gradients &, State &, const Options &...)
    -> lion_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct lion_step<Tree, Gradients, void, Options...> {
  lion_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"lion_step", "Lion", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
lion_step(Tree &, const Gradients &, const Options &...)
    -> lion_step<Tree, Gradients, void, Options...>;

template <class Tree, class Gradients, class State, class... Options>
lion_step<Tree, Gradients, State, Options...>::lion_step(Tree &params, const Gradients &gradients,
                                                         State &state, const Options &...options,
                                                         Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const detail::StepOptions<"lion_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-4);
    const double b1 = given.number(beta1, 0.9), b2 = given.number(beta2, 0.99);
    const auto decay = given.decay_or(0);
    const auto on_leaf = [&](const Leaf &leaf, const Any &gradient, Any &parameter, Any &mean) {
      if (const double amount = decay(leaf))
        parameter = parameter * (1 - size * amount);
      parameter = (parameter - size * sign(mean * b1 + (1 - b1) * gradient)).emitted(line);
      mean = mean * b2 + (1 - b2) * gradient;
    };
    detail::update_leaves(line, on_leaf, params, gradients, state.m);
  };
  detail::checked_step<"lion_step", Lion<Tree>>(
      detail::Takes(rate, beta1, beta2, option<"weight_decay">, option<"decayed">), line, step,
      params, gradients, state, options...);
}

/// One step of LAMB [You 2020, alg. 2]: with r the step that Adam takes at rate 1 and u = r +
/// weight_decay p, p = p - rate |p| / |u| u, each leaf by its own norms; where a norm is 0 the
/// quotient is 1. Its state is Adam<Tree>. Options: rate (1e-3), beta1 (0.9), beta2 (0.999),
/// epsilon (1e-6), option<"weight_decay"> (1e-2), option<"decayed">.
template <class Tree, class Gradients, class State, class... Options> struct lamb_step {
  lamb_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
            Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
lamb_step(Tree &, const Gradients &, State &, const Options &...)
    -> lamb_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct lamb_step<Tree, Gradients, void, Options...> {
  lamb_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"lamb_step", "Adam", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
lamb_step(Tree &, const Gradients &, const Options &...)
    -> lamb_step<Tree, Gradients, void, Options...>;

template <class Tree, class Gradients, class State, class... Options>
lamb_step<Tree, Gradients, State, Options...>::lamb_step(Tree &params, const Gradients &gradients,
                                                         State &state, const Options &...options,
                                                         Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const detail::StepOptions<"lamb_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-3);
    const double b1 = given.number(beta1, 0.9), b2 = given.number(beta2, 0.999);
    const double eps = given.number(epsilon, 1e-6);
    const auto decay = given.decay_or(1e-2);
    state.t = Tensor<i64>(state.t + 1, line);
    const Any steps = Any(Tensor<f64>(cast<f64>(state.t), line));
    const Any first_correction = (1 - exp(std::log(b1) * steps)).emitted(line);
    const Any second_correction = sqrt(1 - exp(std::log(b2) * steps)).emitted(line);
    const auto on_leaf = [&](const Leaf &leaf, const Any &gradient, Any &parameter, Any &first,
                             Any &second) {
      first = (first + (1 - b1) * (gradient - first)).emitted(line);
      second = (second * b2 + (1 - b2) * gradient * gradient).emitted(line);
      Any update = (first / first_correction) / (sqrt(second) / second_correction + eps);
      if (const double amount = decay(leaf))
        update = update + amount * parameter;
      update = update.emitted(line);
      const Any p = sqrt(sum(square(parameter))), u = sqrt(sum(square(update)));
      const Any trust = select(p > 0, select(u > 0, p / u, 1), 1);
      parameter = parameter - (size * trust).emitted(line) * update;
    };
    detail::update_leaves(line, on_leaf, params, gradients, state.m, state.v);
  };
  detail::checked_step<"lamb_step", Adam<Tree>>(
      detail::Takes(rate, beta1, beta2, epsilon, option<"weight_decay">, option<"decayed">), line,
      step, params, gradients, state, options...);
}

/// One step of Adafactor [Shazeer 2018, alg. 4 and 5], as torch.optim.Adafactor: the variance of a
/// matrix is the product of the mean squares of its rows and columns; a leaf of fewer axes has its
/// own. Steps are relative to the root mean square of the leaf, at least epsilon2, and at most
/// min(rate, 1 / sqrt(t)); an update whose root mean square is over d is made that small. Its state
/// is Adafactor<Tree>. Options: rate (1e-2), option<"beta2_decay"> (-0.8), option<"epsilon1"> (the
/// machine epsilon of a leaf's type), option<"epsilon2"> (1e-3), option<"d"> (1),
/// option<"weight_decay"> (0), option<"decayed">.
template <class Tree, class Gradients, class State, class... Options> struct adafactor_step {
  adafactor_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
                 Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
adafactor_step(Tree &, const Gradients &, State &, const Options &...)
    -> adafactor_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct adafactor_step<Tree, Gradients, void, Options...> {
  adafactor_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"adafactor_step", "Adafactor", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
adafactor_step(Tree &, const Gradients &, const Options &...)
    -> adafactor_step<Tree, Gradients, void, Options...>;

namespace detail {

/// What the leaves of a step of Adafactor share.
struct AdafactorStep {
  Line line;
  Tensor<f64> share, largest, kept; ///< 1 - beta2 at t, min(rate, 1 / sqrt(t)), 1 - rate decay
  double epsilon1, epsilon2, d;     ///< epsilon1 negative: that of the parameter's type

  /// The new p, which is held as a Held.
  template <class Held, class T, Shape S, class Rows, class Columns>
  Value of(const TensorOf<T, S> &p, const TensorOf<T, S> &g, Rows &rows, Columns &columns,
           bool is_decayed) const {
    const double tiny = epsilon1 < 0 ? double(std::numeric_limits<Held>::epsilon()) : epsilon1;
    const Tensor<T> weight(as_element<T>(share), line);
    const auto root_mean_square = [&](const TensorOf<T, S> &x) {
      return sqrt(as_element<f64>(sum(square(x)))) / sqrt(Count<f64, S>());
    };
    const Tensor<f64> rate(maximum(root_mean_square(p), epsilon2) * largest, line);
    TensorOf<T, S> variance;
    if constexpr (S.rank >= 2) {
      rows = Rows(rows + weight * (mean<-1, keep>(square(g)) - rows), line);
      columns = Columns(columns + weight * (mean<-2, keep>(square(g)) - columns), line);
      variance = TensorOf<T, S>(rows * columns / maximum(mean<-2, keep>(rows), tiny), line);
    } else {
      rows = Rows(rows + weight * (square(g) - rows), line);
      variance = rows;
    }
    const TensorOf<T, S> update(g * rsqrt(maximum(variance, tiny * tiny)), line);
    const Tensor<f64> step(rate / maximum(root_mean_square(update) / d, 1), line);
    using P = TensorOf<Held, S>;
    if (is_decayed)
      return P(narrowed<Held>(p * as_element<T>(kept) - as_element<T>(step) * update), line).value;
    return P(narrowed<Held>(p - as_element<T>(step) * update), line).value;
  }

private:
  template <class T> static auto as_element(const auto &x) {
    if constexpr (std::is_same_v<T, element_of<decltype(x)>>)
      return x;
    else
      return cast<T>(x);
  }
};

} // namespace detail

template <class Tree, class Gradients, class State, class... Options>
adafactor_step<Tree, Gradients, State, Options...>::adafactor_step(
    Tree &params, const Gradients &gradients, State &state, const Options &...options, Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const detail::StepOptions<"adafactor_step", decltype(set)> given{set, line};
    const Any size = given.rate_or(1e-2);
    const double beta2_decay = given.number(option<"beta2_decay">, -0.8);
    const double weight_decay = given.number(option<"weight_decay">, 0);
    const auto decay = given.decay_or(0);
    state.t = Tensor<i64>(state.t + 1, line);
    const Tensor<f64> t(cast<f64>(state.t), line);
    const auto emitted = [&](const Any &x) {
      return Tensor<f64>::from(x.as(Tensor<f64>::type).emit(line));
    };
    const detail::AdafactorStep step{line,
                                     Tensor<f64>(exp(beta2_decay * log(t)), line),
                                     emitted(minimum(size, 1 / sqrt(Any(t)))),
                                     emitted(1 - size * weight_decay),
                                     given.number(option<"epsilon1">, -1),
                                     given.number(option<"epsilon2">, 1e-3),
                                     given.number(option<"d">, 1)};
    const std::vector<Leaf> &leaves = leaves_of<Tree>(), &of_gradients = leaves_of<Gradients>();
    std::vector<Value> p = values_of(params);
    const std::vector<Value> g = values_of(gradients);
    const auto update = [&]<std::size_t i>(std::integral_constant<std::size_t, i>) {
      auto &rows = std::get<i>(state.rows);
      using Parameter = std::tuple_element_t<i, detail::LeafTypes<Tree>>;
      if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(rows)>, Absent>) {
        using Held = element_of<Parameter>;
        using X = TensorOf<computed_t<Held>, shape_of<Parameter>>;
        const auto read = [&](Value value, const Leaf &leaf) {
          return X::from(detail::widened(Any(value, leaf.type)).emit(line));
        };
        p[i] = step.template of<Held>(read(p[i], leaves[i]), read(g[i], of_gradients[i]), rows,
                                      std::get<i>(state.columns), decay(leaves[i]) != 0);
      }
    };
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (update(std::integral_constant<std::size_t, i>()), ...);
    }(std::make_index_sequence<std::tuple_size_v<detail::LeafTypes<Tree>>>());
    assign(params, p);
  };
  detail::checked_step<"adafactor_step", Adafactor<Tree>>(
      detail::Takes(rate, option<"beta2_decay">, option<"epsilon1">, option<"epsilon2">,
                    option<"d">, option<"weight_decay">, option<"decayed">),
      line, step, params, gradients, state, options...);
}

} // namespace kerf
