// Derivatives of functions whose results are no scalars, along directions, of second order, and of
// functions that say their own. Include beside <kerf/kerf.h>.
#pragma once

#include "kerf/train.h"

namespace kerf {

/// What a function returned, and its derivative along a direction: 0 for integers.
template <class Result> struct [[nodiscard]] WithTangent {
  Result value, tangent;
};

namespace detail {

/// A tree in messages: `f32 [3]`, `a tuple of 2`, the name of a struct.
template <class Tree> constexpr Text described() {
  Text text;
  if constexpr (Operand<Tree>)
    text << spell(dtype_of<element_of<Tree>>) << " " << shape_of<Tree>;
  else if constexpr (is_tuple<Tree>)
    text << "a tuple of " << int(std::tuple_size_v<Tree>);
  else
    text << spelled<Tree>();
  return text;
}

/// Is this what a `user` takes beside `what`: a tensor of its type and shape, or a tree of its
/// type?
template <class Given, class Wanted>
constexpr Rule beside(std::string_view which, std::string_view what) {
  if constexpr (Operand<Given> && Operand<Wanted>) {
    constexpr Shape is = shape_of<Given>, should = shape_of<Wanted>;
    constexpr DType type = dtype_of<element_of<Given>>, want = dtype_of<element_of<Wanted>>;
    if (is.is_poison() || should.is_poison())
      return Shape::poison();
    if (!(is == should) || type != want)
      return fail("the ", which, " is ", spell(type), " ", is, ", but ", what, " ", spell(want),
                  " ", should);
  } else if constexpr (!std::is_same_v<Given, Wanted>) {
    return fail("the ", which, " is ", described<Given>(), ", but ", what, " ",
                described<Wanted>());
  }
  return Shape{};
}

/// A `let` or an expression as a tensor; anything else as it is.
template <class X> decltype(auto) plain(const X &x, Line line) {
  if constexpr (is_lazy<X>)
    return emitted(x, line);
  else
    return static_cast<const X &>(x);
}

template <class F, class X, class... Rest> constexpr Rule function_rule() {
  if constexpr (!IsTree<X>)
    return fail("the first argument is what the function is differentiated in: a tensor, or a tree "
                "of parameters");
  else if constexpr (!std::is_invocable_v<const F &, X &, const Rest &...>) {
    Text types;
    ((types << ", " << spelled<Rest>()), ...);
    return fail("the function cannot be called with (", spelled<X>(), std::string_view(types),
                "), which it is given");
  } else {
    using Result = std::remove_cvref_t<std::invoke_result_t<const F &, X &, const Rest &...>>;
    if constexpr (!IsTree<Result>)
      return fail("the function returns ", spelled<Result>(),
                  "; it returns a tensor, or a tree of tensors");
    return Shape{};
  }
}

/// The values of leaves as those of an aggregate, with zeros for integers.
template <class Result> std::vector<Value> tangents_of(std::span<const Value> tangents, Line line) {
  std::vector<Value> all;
  std::size_t next = 0;
  for (const Leaf &leaf : leaves_of<Result>())
    all.push_back(element_type(leaf.type.dtype).is_real() ? tangents[next++]
                                                          : zero(leaf.type, line));
  return all;
}

/// A function to be evaluated with its derivative along a direction.
template <Name user, class F, class Direction> class Jvp {
public:
  Jvp(const F &f, const Direction &direction, Line line) : f(f), direction(direction), line(line) {}

  template <class X, class... Rest> auto operator()(const X &x, const Rest &...rest) const {
    if constexpr (is_lazy<X>) {
      return (*this)(emitted(x, line), rest...);
    } else {
      static constexpr Rule rule = function_rule<F, X, Rest...>().in(prefix_of<user>);
      KERF_CHECK(rule);
      static constexpr Rule beside_it =
          beside<Direction, X>("direction", "the argument").in(prefix_of<user>);
      KERF_CHECK(beside_it);
      if constexpr (rule.ok && beside_it.ok)
        return along(x, rest...);
      else
        return WithTangent<Tensor<f32>>();
    }
  }

private:
  template <class X, class... Rest> auto along(const X &x, const Rest &...rest) const {
    require_tree<X>();
    Builder &builder = detail::builder(line);
    Differentiated<X> active(user.view(), "the first argument", line, x);
    const Differentiated<X> directions(user.view(), "the direction", line, X(direction));
    std::vector<Value> arguments(active.types.size()), operands = active.operands;
    operands.insert(operands.end(), directions.operands.begin(), directions.operands.end());
    builder.begin_region(active.types, arguments);
    Updates &updates = Updates::current();
    Updates::Region region{arguments.front(), /*is_loop=*/false, line};
    updates.open(region);
    active.enter(arguments);
    auto result = emitted(f(std::get<0>(active.inner), rest...), line);
    using Result = decltype(result);
    require_bound(result, user.view(), line);
    std::vector<Type> results = types_of(leaves_of<Result>());
    const std::size_t outputs = results.size();
    std::vector<Value> yielded = values_of(result);
    const std::vector<Updates::Update> updated = updates.close();
    for (const Updates::Update &update : updated) {
      results.push_back(update.type);
      yielded.push_back(update.value);
    }
    for (std::size_t i = 0; i < yielded.size(); ++i)
      if (element_type(results[i].dtype).is_real())
        results.push_back(results[i]);
    std::vector<Value> values(results.size());
    const Attribute count[] = {{"num_params", std::int64_t(arguments.size())}};
    builder.end_region(yielded, "kerf.jvp", operands, results, values, count, line);
    for (std::size_t i = 0; i < updated.size(); ++i)
      updates.hand_on(updated[i], values[outputs + i]);
    active.leave();
    WithTangent<Result> with{result, result};
    assign(with.value, std::span(values).first(outputs));
    assign(with.tangent, tangents_of<Result>(std::span(values).subspan(yielded.size()), line));
    return with;
  }

  F f;
  Direction direction;
  Line line;
};

/// A loss whose gradient is the cotangent of a function's argument, and what the function returned.
template <class Result> struct Paired {
  Tensor<f64> loss; // which nobody reads
  Result result;
};

/// A function to be evaluated with the cotangent of its first argument.
template <class F, class Cotangent> class Vjp {
public:
  Vjp(const F &f, const Cotangent &cotangent, Line line) : f(f), cotangent(cotangent), line(line) {}

  template <class X, class... Rest> auto operator()(const X &x, const Rest &...rest) const {
    if constexpr (is_lazy<X>) {
      return (*this)(emitted(x, line), rest...);
    } else {
      static constexpr Rule rule = function_rule<F, X, Rest...>().in("kerf: vjp: ");
      KERF_CHECK(rule);
      if constexpr (rule.ok)
        return back(x, rest...);
      else
        return Evaluated<Tensor<f32>, X>();
    }
  }

private:
  template <class X, class... Rest> auto back(const X &x, const Rest &...rest) const {
    using Result = decltype(emitted(f(std::declval<X &>(), rest...), line));
    static constexpr Rule rule =
        beside<Cotangent, Result>("cotangent", "the function returns").in("kerf: vjp: ");
    KERF_CHECK(rule);
    if constexpr (!rule.ok) {
      return Evaluated<Result, X>();
    } else {
      auto paired = [this](X &inner, const auto &...more) {
        const Result result = emitted(f(inner, more...), line);
        require_bound(result, "vjp", line);
        const std::vector<Leaf> &leaves = leaves_of<Result>();
        const std::vector<Value> y = values_of(result), u = values_of(Result(cotangent));
        Any loss = 0;
        for (std::size_t i = 0, n = 0; i < leaves.size(); ++i)
          if (element_type(leaves[i].type.dtype).is_real()) {
            const Any pair = sum(Any(y[i], leaves[i].type) * Any(u[i], leaves[i].type));
            loss = n++ == 0 ? pair.template cast<f64>() : loss + pair.template cast<f64>();
          }
        return Paired<Result>{Tensor<f64>::from(loss.emit(line)), result};
      };
      auto [value, gradients] = ValueAndGrad<decltype(paired), 0>(paired, line)(x, rest...);
      return Evaluated<Result, X>{value.result, gradients};
    }
  }

  F f;
  Cotangent cotangent;
  Line line;
};

} // namespace detail

/// `auto [y, dy] = jvp(f, v)(x, rest…);`   y = f(x, rest…), dy = J v
/// The derivative of f in its first argument along `v`, which is of its type: a tensor, or a tree,
/// of which the leaves count that are trained. f gives a tensor or a tree; an integer's tangent is
/// 0. `rest` and captures are constants to it. In forward mode: it costs about as much as f again,
/// and keeps nothing.
template <class F, class Direction>
[[nodiscard]] auto jvp(F f, const Direction &v, Line line = Line::current()) {
  using Plain = std::remove_cvref_t<decltype(detail::plain(v, line))>;
  return detail::Jvp<"jvp", F, Plain>(f, detail::plain(v, line), line);
}
/// With the arguments in the first brackets, as other libraries have it: an error.
template <class F, class Direction, class X, class... Rest>
  requires(!std::is_same_v<X, Line>)
auto jvp(F, const Direction &, const X &, const Rest &...) {
  static_assert(detail::never<X>, "kerf: jvp: the function and its direction stand in the first "
                                  "brackets, its arguments in the second: jvp(f, v)(x)");
  using Lost = TensorOf<f32, Shape::poison()>;
  return WithTangent<Lost>();
}

/// `auto [y, gradients] = vjp(f, u)(x, rest…);`   y = f(x, rest…), gradients = J^T u
/// As `value_and_grad` of sum(f(x, rest…) u), to the bit: u is of the type of what f gives, a
/// tensor or a tree, and a constant.
template <class F, class Cotangent>
[[nodiscard]] auto vjp(F f, const Cotangent &u, Line line = Line::current()) {
  using Plain = std::remove_cvref_t<decltype(detail::plain(u, line))>;
  return detail::Vjp<F, Plain>(f, detail::plain(u, line), line);
}

namespace detail {

/// The gradient of a loss, as a function.
template <class Loss> struct GradientOf {
  Loss loss;
  Line line;
  template <class X, class... Rest> auto operator()(X &x, const Rest &...rest) const {
    return ValueAndGrad<Loss, 0>(loss, line)(x, rest...).gradients;
  }
};

/// A loss to be taken the second derivative of, times a direction.
template <class Loss, class Direction> class Hvp {
public:
  Hvp(const Loss &loss, const Direction &direction, Line line)
      : gradient{loss, line}, direction(direction), line(line) {}
  template <class X, class... Rest> auto operator()(const X &x, const Rest &...rest) const {
    return Jvp<"hvp", GradientOf<Loss>, Direction>(gradient, direction, line)(x, rest...).tangent;
  }

private:
  GradientOf<Loss> gradient;
  Direction direction;
  Line line;
};

} // namespace detail

/// `auto hv = hvp(loss, v)(x, rest…);`   H v, H being the second derivative of the loss in x
/// As `jvp` of the gradient: about twice the cost of `value_and_grad`. The loss is one of
/// `value_and_grad`, v of the type of x.
template <class Loss, class Direction>
[[nodiscard]] auto hvp(Loss loss, const Direction &v, Line line = Line::current()) {
  using Plain = std::remove_cvref_t<decltype(detail::plain(v, line))>;
  return detail::Hvp<Loss, Plain>(loss, detail::plain(v, line), line);
}

namespace detail {

template <class... X> struct CotangentsOf {
  using type = std::tuple<X...>;
};
template <class X> struct CotangentsOf<X> {
  using type = X;
};

/// A tree whose leaves have the first of `values`, which are taken away.
template <class Tree> Tree taken(const Tree &like, std::span<const Value> &values) {
  Tree tree = like;
  const std::size_t count = leaves_of<Tree>().size();
  assign(tree, values.first(count));
  values = values.subspan(count);
  return tree;
}

template <class Backward, class Wanted, class... Given> constexpr Rule backward_rule() {
  if constexpr (!std::is_invocable_v<const Backward &, const Given &...>) {
    return fail("backward cannot be called with the arguments of the function, what it returns and "
                "the cotangent of that, ",
                int(sizeof...(Given)), " in all");
  } else {
    using Result = decltype(emitted(
        std::declval<std::invoke_result_t<const Backward &, const Given &...>>(), Line()));
    constexpr std::size_t wanted = sizeof...(Given) - 2;
    if constexpr (wanted > 1 && !is_tuple<Result>)
      return fail("backward returns ", described<Result>(), ", but the function takes ",
                  int(wanted), " arguments: it returns a std::tuple of a cotangent of each");
    else
      return beside<Result, Wanted>("result of backward", "what the function takes is");
  }
}

/// A function whose derivative is given.
template <class F, class Backward> class CustomVjp {
public:
  CustomVjp(const F &f, const Backward &backward, Line line)
      : f(f), backward(backward), line(line) {}

  template <class... X> auto operator()(const X &...x) const {
    static constexpr Rule rule = argument_rule<X...>().in("kerf: custom_vjp: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok)
      return called(plain(x, line)...);
    else
      return Tensor<f32>();
  }

private:
  template <class... X> static constexpr Rule argument_rule() {
    if constexpr (sizeof...(X) == 0 || !(IsTree<X> && ...))
      return fail("the arguments are tensors, or trees of tensors, at least one");
    else if constexpr (!std::is_invocable_v<const F &, const X &...>)
      return fail("the function cannot be called with the ", int(sizeof...(X)),
                  sizeof...(X) == 1 ? " argument" : " arguments", " that it is given");
    else if constexpr (!IsTree<std::remove_cvref_t<std::invoke_result_t<const F &, const X &...>>>)
      return fail("the function returns no tensor and no tree of tensors");
    else
      return Shape{};
  }

  template <class... X> auto called(const X &...x) const {
    using Result = decltype(emitted(f(x...), line));
    using Wanted = typename CotangentsOf<X...>::type;
    static constexpr Rule rule =
        backward_rule<Backward, Wanted, X..., Result, Result>().in("kerf: custom_vjp: ");
    KERF_CHECK(rule);
    if constexpr (!rule.ok)
      return Result();
    else
      return with_backward<Result, Wanted>(x...);
  }

  template <class Result, class Wanted, class... X> auto with_backward(const X &...x) const {
    Builder &builder = detail::builder(line);
    (require_bound(x, "custom_vjp", line), ...);
    std::vector<Value> operands;
    std::vector<Type> types;
    auto add = [](auto &to, const auto &more) { to.insert(to.end(), more.begin(), more.end()); };
    (add(operands, values_of(x)), ...);
    (add(types, types_of(leaves_of<X>())), ...);
    const std::size_t inputs = operands.size();
    const std::vector<Type> results = types_of(leaves_of<Result>());

    std::vector<Value> arguments(inputs);
    builder.begin_region(types, arguments);
    Updates::Region region{arguments.front(), /*is_loop=*/false, line};
    Updates::current().open(region);
    std::span<const Value> left = arguments;
    const std::tuple<X...> inner{taken(x, left)...}; // braces: from left to right
    Result result = emitted(std::apply(f, inner), line);
    require_bound(result, "custom_vjp", line);
    close();
    const std::vector<Value> yielded = values_of(result);

    add(types, results);
    for (const Type &type : results)
      if (element_type(type.dtype).is_real())
        types.push_back(type);
    arguments.resize(types.size());
    builder.next_region(yielded, types, arguments);
    Updates::Region second{arguments.front(), /*is_loop=*/false, line};
    Updates::current().open(second);
    left = arguments;
    const std::tuple<X...> again{taken(x, left)...};
    const Result made = taken(result, left);
    Result cotangent = made;
    assign(cotangent, tangents_of<Result>(left, line));
    const Wanted flows = std::apply(
        [&](const auto &...in) { return Wanted(emitted(backward(in..., made, cotangent), line)); },
        again);
    require_bound(flows, "custom_vjp", line);
    close();
    std::vector<Value> ofFloats;
    const std::vector<Value> all = values_of(flows);
    for (std::size_t i = 0; i < inputs; ++i)
      if (element_type(types[i].dtype).is_real())
        ofFloats.push_back(all[i]);
    const Attribute count[] = {{"num_inputs", std::int64_t(inputs)}};
    std::vector<Value> values(results.size());
    builder.end_region(ofFloats, "kerf.custom_vjp", operands, results, values, count, line);
    assign(result, values);
    return result;
  }

  /// Ends a region, in which no buffer is updated.
  void close() const {
    if (!Updates::current().close().empty())
      stop(line, "custom_vjp: a function updates a buffer, which would end with it; update it "
                 "beside the call");
  }

  F f;
  Backward backward;
  Line line;
};

} // namespace detail

/// `let y = custom_vjp(f, backward)(x…);`   y = f(x…)
/// f with a derivative of its own: `backward(x…, y, dy)` gives the cotangent of x, of the type of
/// x; of several arguments a `std::tuple` of one for each. Of trees all floats count, and what
/// stands for integers in them is not looked at. It should be linear in dy: the derivative in
/// forward mode is that of its transpose at dy = 1. What the functions capture gets no cotangent: a
/// derivative in it is an error, so pass it as an argument.
///
///     let y = custom_vjp([](const auto &x) { return exp(x); }, // a gradient of at most 1
///                        [](const auto &x, const auto &y, const auto &dy) {
///                          return minimum(y, 1) * dy;
///                        })(z);
template <class F, class Backward>
[[nodiscard]] auto custom_vjp(F f, Backward backward, Line line = Line::current()) {
  return detail::CustomVjp<F, Backward>(f, backward, line);
}

} // namespace kerf
