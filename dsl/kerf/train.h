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
template <class Result, class Params> struct [[nodiscard]] Evaluated {
  Result value;
  Params gradients;
};

namespace detail {

/// A tree with every lazy part of it emitted, from left to right; a `let` and a Param are the
/// tensors that they are.
template <class X> auto emitted(const X &x, Line line) {
  if constexpr (Operand<X>) {
    return TensorOf<element_of<X>, shape_of<X>>(x, line);
  } else if constexpr (is_tuple<X>) {
    return std::apply(
        [&](const auto &...part) {
          return std::tuple<decltype(emitted(part, line))...>{emitted(part, line)...};
        },
        x);
  } else if constexpr (is_array<X>) {
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      return std::array<decltype(emitted(x[0], line)), sizeof...(i)>{emitted(x[i], line)...};
    }(std::make_index_sequence<std::tuple_size_v<X>>());
  } else {
    return x;
  }
}
template <class X> using Emitted = decltype(emitted(std::declval<const X &>(), Line()));

/// The type of the tensor that comes first in a tree.
template <class Tree> auto first_leaf() {
  if constexpr (Operand<Tree>) {
    return std::type_identity<stored_t<Tree>>();
  } else if constexpr (is_array<Tree>) {
    return first_leaf<typename Tree::value_type>();
  } else if constexpr (is_tuple<Tree>) {
    return first_leaf<std::tuple_element_t<0, Tree>>();
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
  if (!element_type(type).is_real())
    return fail("the loss must be f32, f64, bf16 or f16, got ", spell(type));
  return shape;
}

inline std::vector<Type> types_of(const std::vector<Leaf> &leaves) {
  std::vector<Type> types;
  for (const Leaf &leaf : leaves)
    types.push_back(leaf.type);
  return types;
}

inline Value zero(Type type, Line line) {
  const Attribute value("value", 0);
  return emit("kerf.constant", {}, type, {&value, 1}, line);
}

/// A `let` or an expression: not yet the plain tensor that a region takes.
template <class X>
inline constexpr bool is_lazy = Operand<X> && !requires(X x, Value value) { x.value = value; };
template <class T, Shape S> inline constexpr bool is_lazy<let<T, S>> = true;

/// Gives the buffers of `tree` the values that they have in a copy of it.
template <class Tree> void keep_buffers(const Tree &tree, const Tree &copy) {
  const std::vector<LeafReference> leaves = collect(const_cast<Tree &>(tree));
  const std::vector<Value> values = values_of(copy);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (leaves[i].kind == LeafKind::buffer)
      *leaves[i].value = values[i];
}

/// How many arguments a function takes; -1 if that is open, of a template say.
template <class F> constexpr int arity() {
  constexpr auto count = []<class R, class... A>(R (*)(A...)) { return int(sizeof...(A)); };
  constexpr auto count_const = []<class R, class C, class... A>(R (C::*)(A...) const) {
    return int(sizeof...(A));
  };
  if constexpr (requires { count(F()); })
    return count(F());
  else if constexpr (requires { count_const(&F::operator()); })
    return count_const(&F::operator());
  else
    return -1;
}

/// Can the loss be called with what it is given, and does it return something?
template <class Loss, class... Given> constexpr Rule loss_rule() {
  if constexpr (!std::is_invocable_v<const Loss &, Given...>) {
    constexpr int takes = arity<Loss>(), given = sizeof...(Given);
    if (takes >= 0 && takes != given)
      return fail("the loss takes ", takes, takes == 1 ? " argument" : " arguments",
                  ", but is given ", given,
                  "; it gets what stands in the second brackets: value_and_grad(loss)(model, x)");
    Text types;
    ((types << (types.size() ? ", " : "") << spelled<std::remove_cvref_t<Given>>()), ...);
    return fail("the loss cannot be called with (", std::string_view(types),
                "), which it is given");
  } else {
    using Result = std::remove_cvref_t<std::invoke_result_t<const Loss &, Given...>>;
    if constexpr (std::is_void_v<Result>)
      return fail("the loss returns nothing; it returns a scalar, or an aggregate that begins "
                  "with one");
    else if constexpr (!IsTree<Result> && !std::is_class_v<Result>)
      return fail("the loss returns ", spelled<Result>(),
                  "; it returns a scalar, or an aggregate that begins with one");
    return Shape{};
  }
}

/// Trees that a derivative is taken in, in those of their leaves that are trained: outside of the
/// region of the function, and inside.
template <class... Trees> class Differentiated {
public:
  /// Ends the program if a tree has no value or nothing to train. `which`: names it in the message.
  Differentiated(std::string_view user, std::string_view which, Line line, const Trees &...trees)
      : inner(trees...), line(line), outer(trees...) {
    (add(user, which, trees), ...);
  }

  /// Puts the arguments of the region in place of the leaves.
  void enter(std::span<const Value> arguments) {
    std::apply([&](auto &...tree) { (enter(tree, arguments), ...); }, inner);
  }
  /// Buffers that were updated in the region are so behind it.
  void leave() {
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (keep_buffers(std::get<i>(outer), std::get<i>(inner)), ...);
    }(std::index_sequence_for<Trees...>());
  }
  /// Trees of a value for each of the leaves; others are zero.
  std::tuple<Trees...> with(std::span<const Value> values) const {
    std::tuple<Trees...> trees = inner;
    std::apply([&](auto &...tree) { (fill(tree, values), ...); }, trees);
    return trees;
  }

  std::vector<Type> types; ///< of the leaves
  std::vector<Value> operands;
  std::tuple<Trees...> inner;

private:
  template <class Tree> void add(std::string_view user, std::string_view which, const Tree &tree) {
    const std::vector<Leaf> &leaves = leaves_of<Tree>();
    const std::vector<std::size_t> places = trained(leaves);
    if (places.empty()) {
      Text text;
      stop(line, text << user << ": " << which
                      << " has nothing to train: no Param that is not Frozen and, if it has no "
                         "Param at all, no tensor of f32 or f64");
    }
    require_bound(tree, user, line);
    const std::vector<Value> values = values_of(tree);
    for (std::size_t place : places) {
      types.push_back(leaves[place].type);
      operands.push_back(values[place]);
    }
  }
  template <class Tree> void enter(Tree &tree, std::span<const Value> &arguments) {
    std::vector<Value> values = values_of(tree);
    for (std::size_t place : trained(leaves_of<Tree>())) {
      values[place] = arguments.front();
      arguments = arguments.subspan(1);
    }
    assign(tree, values);
  }
  template <class Tree> void fill(Tree &tree, std::span<const Value> &given) const {
    const std::vector<Leaf> &leaves = leaves_of<Tree>();
    std::vector<Value> values(leaves.size(), unbound);
    for (std::size_t place : trained(leaves)) {
      values[place] = given.front();
      given = given.subspan(1);
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == unbound)
        values[i] = zero(leaves[i].type, line);
    assign(tree, values);
  }

  Line line;
  std::tuple<const Trees &...> outer;
};

/// A loss function to be evaluated with its gradient in the arguments of these numbers.
template <class Loss, std::size_t... which> class ValueAndGrad {
public:
  ValueAndGrad(const Loss &loss, Line line) : loss(loss), line(line) {}

  template <class... X> auto operator()(const X &...x) const {
    static constexpr Rule rule = differentiated_rule<X...>().in("kerf: value_and_grad: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok)
      return given(std::index_sequence_for<X...>(), x...);
    else
      return lost<X...>();
  }

private:
  using Lost = TensorOf<f32, Shape::poison()>;
  /// After a mistake: what can be taken apart as what is wanted.
  template <class... X> static auto lost() {
    if constexpr (sizeof...(which) == 1)
      return Evaluated<Lost, Lost>();
    else
      return Evaluated<Lost, std::tuple<std::conditional_t<(which >= 0), Lost, void>...>>();
  }

  static constexpr std::size_t first = std::array{which...}[0];
  static constexpr bool is_differentiated(std::size_t i) { return ((i == which) || ...); }
  static constexpr std::size_t place_of(std::size_t i) {
    std::size_t place = 0, n = 0;
    ((place = i == which ? n : place, ++n), ...);
    return place;
  }

  template <class... X> static constexpr Rule differentiated_rule() {
    constexpr std::size_t given = sizeof...(X), numbers[] = {which...};
    constexpr bool are_trees[] = {IsTree<X>..., true};
    for (std::size_t i : numbers)
      if ((int(i == which) + ...) > 1)
        return fail("the gradient is to be taken in argument ", int(i), " twice");
      else if (i >= given)
        return fail("the gradient is to be taken in argument ", int(i), ", counted from 0, but ",
                    int(given), given == 1 ? " is given" : " are given");
      else if (!are_trees[i])
        return i == 0 ? fail("the first argument is what the loss is differentiated in: a tensor, "
                             "or a tree of parameters")
                      : fail("argument ", int(i),
                             ", counted from 0, is what the loss is "
                             "differentiated in: a tensor, or a tree of parameters");
    return Shape{};
  }

  /// With a `let` or an expression, where the loss is differentiated in it, as a tensor.
  template <std::size_t... i, class... X>
  auto given(std::index_sequence<i...>, const X &...x) const {
    auto plain = [this]<std::size_t n, class Y>(std::integral_constant<std::size_t, n>,
                                                const Y &y) -> decltype(auto) {
      if constexpr (is_differentiated(n) && is_lazy<Y>)
        return emitted(y, line);
      else
        return static_cast<const Y &>(y);
    };
    return checked(std::index_sequence<i...>(),
                   plain(std::integral_constant<std::size_t, i>(), x)...);
  }

  template <std::size_t... i, class... X>
  auto checked(std::index_sequence<i...> numbers, const X &...x) const {
    static constexpr Rule rule =
        loss_rule<Loss, std::conditional_t<is_differentiated(i), X &, const X &>...>().in(
            "kerf: value_and_grad: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok)
      return evaluated(numbers, std::tuple<const X &...>(x...));
    else
      return lost<X...>();
  }

  template <std::size_t... i, class Given>
  auto evaluated(std::index_sequence<i...>, const Given &given) const {
    (require_tree<std::remove_cvref_t<std::tuple_element_t<which, Given>>>(), ...);
    Builder &builder = detail::builder(line);
    constexpr bool is_first = sizeof...(which) == 1 && is_differentiated(0);
    Differentiated<std::remove_cvref_t<std::tuple_element_t<which, Given>>...> active(
        "value_and_grad", is_first ? "the first argument" : "one of the arguments", line,
        std::get<which>(given)...);
    const std::vector<Type> &types = active.types;
    std::vector<Value> arguments(types.size());
    builder.begin_region(all_of(types), all_of(arguments));
    Updates &updates = Updates::current();
    Updates::Region region{arguments.front(), /*is_loop=*/false, line};
    updates.open(region);
    active.enter(all_of(arguments));
    auto argument = [&]<std::size_t n>(std::integral_constant<std::size_t, n>) -> decltype(auto) {
      if constexpr (is_differentiated(n))
        return (std::get<place_of(n)>(active.inner));
      else
        return std::get<n>(given);
    };
    auto result = emitted(loss(argument(std::integral_constant<std::size_t, i>())...), line);
    using Result = decltype(result);
    using First = typename decltype(first_leaf<Result>())::type;
    static constexpr Rule rule =
        scalar_loss(First::shape, First::type.dtype).in("kerf: value_and_grad: ");
    KERF_CHECK(rule);

    std::vector<Type> results = types_of(leaves_of<Result>());
    const std::size_t outputs = results.size();
    require_bound(result, "value_and_grad", line);
    std::vector<Value> yielded = values_of(result);
    const std::vector<Updates::Update> updated = updates.close();
    for (const Updates::Update &update : updated) {
      results.push_back(update.type);
      yielded.push_back(update.value);
    }
    results.insert(results.end(), types.begin(), types.end());
    std::vector<Value> values(results.size());
    const Attribute counts[] = {{"num_params", std::int64_t(types.size())},
                                {"num_aux", std::int64_t(yielded.size() - 1)}};
    builder.end_region(all_of(yielded), "kerf.value_and_grad", all_of(active.operands),
                       all_of(results), all_of(values), counts, line);
    for (std::size_t k = 0; k < updated.size(); ++k)
      updates.hand_on(updated[k], values[outputs + k]);
    assign(result, all_of(values).first(outputs));
    active.leave();
    auto gradients = active.with(all_of(values).subspan(yielded.size()));
    if constexpr (sizeof...(which) == 1)
      return Evaluated<Result, std::tuple_element_t<0, decltype(gradients)>>{
          result, std::get<0>(gradients)};
    else
      return Evaluated<Result, decltype(gradients)>{result, gradients};
  }

  Loss loss;
  Line line;
};

} // namespace detail

/// `auto [losses, gradients] = value_and_grad(loss)(model, images);`
/// `loss(params, rest…)` gives a scalar, or an aggregate whose first tensor is the loss and whose
/// others come out beside it. Differentiates in the parameters of `params` only; its buffers and
/// frozen parts, `rest` and captures are constants to it. `params` without any Param, a tensor say,
/// is differentiated in all its tensors of f32 and f64. The gradient of a buffer, and of a
/// parameter that the loss does not reach, is zero. Buffers that the loss updates, of `params`,
/// `rest` and what it captures by reference, are updated behind it.
template <class Loss> [[nodiscard]] auto value_and_grad(Loss loss, Line line = Line::current()) {
  return detail::ValueAndGrad<Loss, 0>(loss, line);
}

/// The same in other arguments, by their numbers, counted from 0: of one the gradients are its
/// tree, of several a `std::tuple` of trees. `value_and_grad<1, 2>(loss)(images, encoder, decoder)`
template <int... which, class Loss>
  requires(sizeof...(which) > 0)
[[nodiscard]] auto value_and_grad(Loss loss, Line line = Line::current()) {
  static_assert(((which >= 0) && ...),
                "kerf: value_and_grad: arguments are counted from the first, 0");
  return detail::ValueAndGrad<Loss, std::size_t(which < 0 ? 0 : which)...>(loss, line);
}

/// A tree of zeros.
template <class Tree> [[nodiscard]] Tree zeros(Line line = Line::current()) {
  std::vector<Value> values;
  for (const Leaf &leaf : leaves_of<Tree>())
    values.push_back(detail::zero(leaf.type, line));
  Tree tree;
  assign(tree, values);
  return tree;
}

/// Every parameter of a model drawn as its `Init` says; leaf i, in the order of `leaves_of`, draws
/// from `fold(key, i)`. Buffers too; plain tensors are zero.
template <class Tree> [[nodiscard]] Tree initialize(const Key &key, Line line = Line::current()) {
  Tree tree;
  std::vector<Value> values;
  for (const Leaf &leaf : leaves_of<Tree>()) {
    const Init &init = leaf.init;
    const Type type = detail::computed_as(leaf.type);
    Any drawn = init.first;
    if (init.kind != Init::Kind::constant) {
      const bool is_uniform = init.kind == Init::Kind::uniform;
      const Tensor<u32, 2> own(fold(key, std::int64_t(values.size())), line);
      const Tensor<i64> offset(0, line);
      drawn = Any::op(is_uniform ? "kerf.uniform" : "kerf.normal", {own, offset},
                      {DType::f32, leaf.type.shape});
      if (type.dtype != DType::f32)
        drawn = Any::op("kerf.cast", {drawn}, type);
      drawn = is_uniform ? (init.second - init.first) * drawn + init.first
                         : init.second * drawn + init.first;
    }
    values.push_back(detail::stored_as(drawn, leaf.type).emit(line));
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

inline constexpr auto &rate = option<"rate">;
inline constexpr auto &beta1 = option<"beta1">;
inline constexpr auto &beta2 = option<"beta2">;
inline constexpr auto &epsilon = option<"epsilon">;

/// The state of Adam: moments m and v of each parameter, f32 of a narrow one, and the number of
/// steps t.
template <class Tree> struct Adam {
  Wide<Tree> m;
  Wide<Tree> v;
  Tensor<i64> t;
};

namespace detail {

/// The value of an option as f64: a number, or a scalar of any type.
template <class X> auto as_f64(const X &x) {
  if constexpr (Scalar<X>)
    return double(x);
  else if constexpr (!Operand<X>)
    return 0.0; // is_scalar has said so
  else if constexpr (!(shape_of<X> == Shape{}))
    return Splat<f64, Shape{}>(); // and here
  else if constexpr (std::is_same_v<element_of<X>, f64>)
    return static_cast<const stored_t<X> &>(x);
  else
    return cast<f64>(x);
}

template <class> inline constexpr bool is_evaluated = false;
template <class Result, class Params>
inline constexpr bool is_evaluated<Evaluated<Result, Params>> = true;

/// What a function writes may not be const. `which`: the name of it.
template <class Tree> constexpr Rule is_written_to(std::string_view which) {
  using T = std::remove_const_t<Tree>;
  if (std::is_const_v<Tree>)
    return fail(which, " are const, but are written: take them as ", spelled<T>(),
                " &, and declare them auto, not const auto");
  return Shape{};
}

/// What is wrong with the trees of a step, whose state is to be a Wanted.
template <class Tree, class Gradients, class State, class Wanted> constexpr Rule step_rule() {
  using Given = std::remove_const_t<State>;
  if constexpr (is_evaluated<Gradients>)
    return fail("the gradients are all that value_and_grad gives; pass its .gradients, or unpack "
                "it: auto [loss, gradients] = ...");
  else if constexpr (!std::is_same_v<std::remove_const_t<Tree>, Gradients> &&
                     !std::is_same_v<Wide<std::remove_const_t<Tree>>, Gradients>)
    return fail("the parameters are a ", spelled<std::remove_const_t<Tree>>(),
                ", but the gradients a ", spelled<Gradients>(),
                " of another type; value_and_grad gives those of a tree");
  else if constexpr (std::is_const_v<Tree>)
    return is_written_to<Tree>("the parameters");
  else if constexpr (!std::is_same_v<Given, Wanted>)
    return fail("the state is ", spelled<Given>(), " of another tree or optimizer; want ",
                spelled<Wanted>(), "<", spelled<Tree>(), ">, as it is for these parameters");
  else if constexpr (std::is_const_v<State>)
    return fail("the state is const, but is written: take it as ", spelled<Given>(), "<",
                spelled<Tree>(), "> &");
  else
    return Shape{};
}

/// What a step that needs a state says where it is called without.
template <Name user, Name state, class Tree> auto without_state() {
  static constexpr Rule rule =
      fail("takes its state behind the gradients, of type ", state.view(), "<", spelled<Tree>(),
           ">: ", user.view(), "(model, gradients, state, rate = 1e-3)")
          .in(prefix_of<user>);
  KERF_CHECK(rule);
}

/// The options that an optimizer takes, as a type.
template <Name... names> struct Takes {
  constexpr Takes(const Option<names> &...) {}
};

/// What every step of an optimizer begins with: it says what is wrong with its trees, the state
/// being a Wanted, with its options, and which tensor has no value; then calls step(options,
/// params, gradients, state), the options being a set.
template <Name user, class Wanted, Name... names, class Tree, class Gradients, class State,
          class... Options>
void checked_step(const Takes<names...> &, Line line, const auto &step, Tree &params,
                  const Gradients &gradients, State &state, const Options &...options) {
  static constexpr Rule trees = step_rule<Tree, Gradients, State, Wanted>().in(prefix_of<user>);
  KERF_CHECK(trees);
  static constexpr Rule takes = options_rule<Options...>(option<names>...).in(prefix_of<user>);
  KERF_CHECK(takes);
  if constexpr (trees.ok && takes.ok) {
    require_bound(params, user.view(), line);
    require_bound(gradients, user.view(), line);
    require_bound(state, user.view(), line);
    step(option_set(options...), params, gradients, state);
  }
}

/// A step of Adam and its kin. `decay(leaf, gradient, parameter)` comes before it for each leaf.
template <class Tree>
void adam_update(Tree &params, const auto &gradients, Adam<Tree> &state, const auto &rate,
                 double b1, double b2, double eps, const auto &decay, Line line) {
  state.t = Tensor<i64>(state.t + 1, line);
  let steps(cast<f64>(state.t), line);
  const auto exact_size = rate / (1 - exp(std::log(b1) * steps));
  const auto exact_correction = sqrt(1 - exp(std::log(b2) * steps));
  let step_size_f32(cast<f32>(exact_size), line);
  let correction_f32(cast<f32>(exact_correction), line);
  const auto step = [&](const Leaf &leaf, Any gradient, Any &parameter, Any &first, Any &second) {
    const bool is_f64 = leaf.type.dtype == DType::f64;
    const Any step_size = is_f64 ? Any(Tensor<f64>(exact_size, line)) : Any(step_size_f32);
    const Any correction = is_f64 ? Any(Tensor<f64>(exact_correction, line)) : Any(correction_f32);
    decay(leaf, gradient, parameter);
    first = (first + (1 - b1) * (gradient - first)).emitted(line);
    second = (second * b2 + (1 - b2) * gradient * gradient).emitted(line);
    parameter = parameter - step_size * first / (sqrt(second) / correction + eps);
  };
  update_leaves(line, step, params, gradients, state.m, state.v);
}

} // namespace detail

/// One step of Adam [Kingma 2014, alg. 1] for the parameters of a tree, rounded where PyTorch
/// rounds: the bias corrections in f64, as Python's numbers are. Options: rate (a number or a
/// scalar, 1e-3), beta1 (0.9), beta2 (0.999), epsilon (1e-8).
///
///     adam_step(model, gradients, adam, rate = 2e-4);
///
/// A class, because only so can the line of the call follow the options; its constructor is the
/// step.
template <class Tree, class Gradients, class State, class... Options> struct adam_step {
  adam_step(Tree &params, const Gradients &gradients, State &state, const Options &...options,
            Line line = Line::current());
};
template <class Tree, class Gradients, class State, class... Options>
adam_step(Tree &, const Gradients &, State &, const Options &...)
    -> adam_step<Tree, Gradients, State, Options...>;
template <class Tree, class Gradients, class... Options>
struct adam_step<Tree, Gradients, void, Options...> {
  adam_step(Tree &, const Gradients &, const Options &...) {
    detail::without_state<"adam_step", "Adam", Tree>();
  }
};
template <class Tree, class Gradients, class... Options>
adam_step(Tree &, const Gradients &, const Options &...)
    -> adam_step<Tree, Gradients, void, Options...>;

template <class Tree, class Gradients, class State, class... Options>
adam_step<Tree, Gradients, State, Options...>::adam_step(Tree &params, const Gradients &gradients,
                                                         State &state, const Options &...options,
                                                         Line line) {
  const auto step = [line](const auto &set, auto &params, const auto &gradients, auto &state) {
    const auto given = detail::option_or(set, rate, 1e-3);
    static constexpr Rule rule =
        detail::is_scalar<std::remove_cvref_t<decltype(given)>>("rate").in("kerf: adam_step: ");
    KERF_CHECK(rule);
    detail::require_in_range("adam_step", "rate", given, line);
    const double b1 = detail::number_or<"adam_step">(set, beta1, 0.9, line),
                 b2 = detail::number_or<"adam_step">(set, beta2, 0.999, line),
                 eps = detail::number_or<"adam_step">(set, epsilon, 1e-8, line);
    detail::adam_update(
        params, gradients, state, detail::as_f64(given), b1, b2, eps, [](auto &&...) {}, line);
  };
  detail::checked_step<"adam_step", Adam<Tree>>(detail::Takes(rate, beta1, beta2, epsilon), line,
                                                step, params, gradients, state, options...);
}

} // namespace kerf
