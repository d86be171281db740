// Loops inside an entry: functions of their own results, over the rows of tensors, until something
// holds; and what a gradient keeps of them.
#pragma once

#include "kerf/train.h"

#include <utility>

namespace kerf {

/// What a gradient through a loop keeps of it.
struct Kept {
  enum class Of { everything, every, every_sqrt };
  Of of = Of::everything;
  std::int64_t k = 0;
};
/// All that the derivative of an iteration needs, of every iteration: the fastest.
inline constexpr Kept everything;
/// The state before every k-th iteration; what lies between is computed again, k iterations at a
/// time, so that memory is that of count / k states and of k iterations.
constexpr Kept every(std::int64_t k) { return {Kept::Of::every, k}; }
/// The same with k = ⌈√count⌉.
inline constexpr Kept every_sqrt{Kept::Of::every_sqrt};

/// What a gradient keeps of a loop: everything, every(k) or every_sqrt.
inline constexpr auto &keeping = option<"keeping">;

/// The last state of a scan, and what its iterations gave, one row each.
template <class State, class Outputs> struct [[nodiscard]] Scanned {
  State state;
  Outputs outputs;
};

/// The last state of a while_loop, and how many iterations made it.
template <class State> struct [[nodiscard]] Looped {
  State state;
  Tensor<i64> iterations;
};

namespace detail {

// ---- trees that a region takes and gives -----------------------------------------------------

/// A tree with `Change::of<leaf>` in place of each leaf; of an aggregate a tuple.
template <class Change, class Tree> auto changed() {
  if constexpr (Operand<Tree>) {
    return std::type_identity<typename Change::template of<Tree>>();
  } else if constexpr (is_array<Tree>) {
    using Part = typename decltype(changed<Change, typename Tree::value_type>())::type;
    return std::type_identity<std::array<Part, std::tuple_size_v<Tree>>>();
  } else if constexpr (is_tuple<Tree>) {
    return []<class... Parts>(std::type_identity<std::tuple<Parts...>>) {
      return std::type_identity<std::tuple<typename decltype(changed<Change, Parts>())::type...>>();
    }(std::type_identity<Tree>());
  } else {
    return changed<Change, typename FieldTypes<Tree>::type>();
  }
}
template <class Change, class Tree>
using Changed = typename decltype(changed<Change, Tree>())::type;

/// Calls visit(type_identity<leaf>) for the types of a tree's leaves.
template <class Tree, class Visit> constexpr void each_leaf(const Visit &visit) {
  if constexpr (Operand<Tree>) {
    visit(std::type_identity<Tree>());
  } else if constexpr (is_array<Tree>) {
    each_leaf<typename Tree::value_type>(visit);
  } else if constexpr (is_tuple<Tree>) {
    [&]<class... Parts>(std::type_identity<std::tuple<Parts...>>) {
      (each_leaf<Parts>(visit), ...);
    }(std::type_identity<Tree>());
  } else if constexpr (Aggregate<Tree> && field_count<Tree> > 0) {
    each_leaf<typename FieldTypes<Tree>::type>(visit);
  }
}

/// The shape of a row, and that of `count` such rows.
constexpr Shape without_axis(const Shape &shape, int axis) {
  if (shape.is_poison() || axis >= shape.rank)
    return Shape::poison();
  Shape row;
  for (int i = 0; i < shape.rank; ++i)
    if (i != axis)
      row.push(shape[i]);
  return row;
}
constexpr Shape with_axis(const Shape &row, int axis, const Dim &count) {
  if (row.is_poison() || axis > row.rank || row.rank == max_rank)
    return Shape::poison();
  Shape shape;
  for (int i = 0; i < axis; ++i)
    shape.push(row[i]);
  shape.push(count);
  for (int i = axis; i < row.rank; ++i)
    shape.push(row[i]);
  return shape;
}
template <int axis> struct RowOf {
  template <class X> using of = TensorOf<element_of<X>, without_axis(shape_of<X>, axis)>;
};
template <int axis, Dim count> struct StackOf {
  template <class X> using of = TensorOf<element_of<X>, with_axis(shape_of<X>, axis, count)>;
};

// ---- what is wrong with a loop ---------------------------------------------------------------

/// How often a loop runs, as it stands in its angle brackets.
struct Times {
  Dim dim;
  constexpr Times(Dim dim) : dim(dim) {}
  template <std::integral N> constexpr Times(N number) : dim(number) {}
  template <Operand X> constexpr Times(const X &) {
    static_assert(never<X>, "kerf: how often a loop runs is known when the model is compiled, and "
                            "this is a tensor: while_loop<most> stops by a condition");
  }
  constexpr bool is_negative() const { return !dim.is_named() && dim.value < 0; }
};

/// Is this what a loop carries: a tensor or a tree of them?
template <class State> constexpr Rule state_rule() {
  if constexpr (Scalar<State>)
    return fail("the state is a number of C++; it is a tensor, or a tree of them: Tensor<f32>(0)");
  else if constexpr (!IsTree<State>)
    return fail("the state is ", spelled<State>(), "; it is a tensor, or a tree of them");
  else
    return Shape{};
}

/// `State` goes into an iteration, `Result` comes out of it.
template <Operand State, Operand Result> constexpr Rule carried() {
  constexpr Shape is = shape_of<Result>, should = shape_of<State>;
  constexpr DType type = dtype_of<element_of<Result>>, want = dtype_of<element_of<State>>;
  if (is.is_poison() || should.is_poison())
    return Shape::poison();
  if (!(is == should) || type != want)
    return fail("the function takes ", spell(want), " ", should, " but returns ", spell(type), " ",
                is);
  return is;
}
template <class State, class Result> constexpr Rule carried_tree() {
  if constexpr (Operand<State> && Operand<Result>)
    return carried<State, Result>();
  else if constexpr (std::is_same_v<State, Result>)
    return Shape{};
  else
    return fail("the function must return the type that it takes");
}

/// Have all inputs an axis of as many rows?
template <int axis, class Inputs> constexpr Rule rows_rule() {
  Rule rule = Shape{};
  bool is_first = true;
  Dim count = 0;
  each_leaf<Inputs>([&]<class X>(std::type_identity<X>) {
    const Shape &shape = shape_of<X>;
    if (!rule.ok || rule.shape.is_poison())
      return;
    if (shape.is_poison())
      rule = shape;
    else if (axis >= shape.rank)
      rule = fail("an input is ", shape, ", which has no axis ", axis);
    else if (!is_first && !(shape[axis] == count))
      rule = fail("an input is ", shape, ", which has ", shape[axis], " rows along axis ", axis,
                  " where another has ", count);
    else
      count = shape[axis];
    is_first = false;
  });
  if (is_first)
    return fail("there is no tensor among the inputs; arange<T>() is one of T numbers");
  return rule;
}
/// As many rows; what rows_rule has found fit.
template <int axis, class Inputs> constexpr Dim rows_of() {
  Dim count = 0;
  each_leaf<Inputs>([&]<class X>(std::type_identity<X>) {
    if (axis < shape_of<X>.rank)
      count = shape_of<X>[axis];
  });
  return count;
}

template <class X> constexpr bool has_two_parts() {
  if constexpr (Operand<X>)
    return false;
  else if constexpr (requires { std::tuple_size<X>::value; })
    return std::tuple_size_v<X> == 2;
  else if constexpr (Aggregate<X>)
    return field_count<X> == 2;
  else
    return false;
}

/// The state and the output that an iteration of a scan returned, emitted in this order.
template <class Result> auto two_parts(const Result &result, Line line) {
  const auto both = [&](const auto &state, const auto &output) {
    return std::pair<Emitted<std::remove_cvref_t<decltype(state)>>,
                     Emitted<std::remove_cvref_t<decltype(output)>>>{emitted(state, line),
                                                                     emitted(output, line)};
  };
  if constexpr (requires { std::tuple_size<Result>::value; })
    return both(std::get<0>(result), std::get<1>(result));
  else
    return with_fields(const_cast<Result &>(result), both); // which is not written to
}

template <int axis, class Outputs> constexpr Rule outputs_rule() {
  if constexpr (Scalar<Outputs>) {
    return fail("the output is a number of C++; it is a tensor, or a tree of them: Tensor<f32>(0)");
  } else {
    Rule rule = Shape{};
    each_leaf<Outputs>([&]<class X>(std::type_identity<X>) {
      const Shape &shape = shape_of<X>;
      if (rule.ok && shape.is_poison())
        rule = shape;
      else if (rule.ok && (shape.rank < axis || shape.rank == max_rank))
        rule = fail("an output is ", shape, ", which cannot be stacked along axis ", axis,
                    shape.rank < axis ? "" : ": 8 axes are the most");
    });
    return rule;
  }
}

/// What is wrong with the function of a scan, or with what it returns.
template <int axis, class State, class Row, class Body> constexpr Rule body_rule() {
  constexpr bool takes_number =
      std::is_invocable_v<const Body &, const State &, const Row &, const Tensor<i64> &>;
  if constexpr (!takes_number && !std::is_invocable_v<const Body &, const State &, const Row &>) {
    return fail("the function takes the state and a row of the inputs, without their axis ", axis,
                ", and may take the number of the iteration");
  } else {
    using Result = std::remove_cvref_t<typename decltype([] {
      if constexpr (takes_number)
        return std::type_identity<
            std::invoke_result_t<const Body &, const State &, const Row &, const Tensor<i64> &>>();
      else
        return std::type_identity<std::invoke_result_t<const Body &, const State &, const Row &>>();
    }())::type>;
    if constexpr (!has_two_parts<Result>()) {
      return fail("the function returns the next state and an output, std::pair(state, output)");
    } else {
      using Parts = decltype(two_parts(std::declval<const Result &>(), Line()));
      if constexpr (constexpr Rule rule = carried_tree<State, typename Parts::first_type>();
                    !rule.ok)
        return rule;
      else
        return outputs_rule<axis, typename Parts::second_type>();
    }
  }
}

/// What is wrong with a scan.
template <int axis, class State, class Inputs, class Body> constexpr Rule scan_rule() {
  if constexpr (constexpr Rule state = state_rule<State>(); !state.ok)
    return state;
  else if constexpr (constexpr Rule rule = rows_rule<axis, Inputs>();
                     !rule.ok || rule.shape.is_poison())
    return rule;
  else
    return body_rule<axis, State, Changed<RowOf<axis>, Inputs>, Body>();
}

/// Is X a scalar of i1?
template <class X> constexpr Rule is_truth(std::string_view which) {
  if constexpr (Scalar<X>) {
    return fail(which, " is a number of C++, which is known when the model is compiled, so it is "
                       "an `if`; a scalar of i1 is a comparison of tensors");
  } else if constexpr (!Operand<X>) {
    return fail(which, " gives no tensor; it gives a scalar of i1");
  } else {
    if (shape_of<X>.is_poison())
      return Shape::poison();
    if (shape_of<X>.rank != 0 || dtype_of<element_of<X>> != DType::i1)
      return fail(which, " gives ", spell(dtype_of<element_of<X>>), " ", shape_of<X>,
                  "; it gives a scalar of i1");
    return Shape{};
  }
}

// ---- the region ------------------------------------------------------------------------------

/// body(state), or body(state, i) with the number of the iteration.
template <class Body, class State>
auto iteration(const Body &body, const State &state, const Tensor<i64> &i) {
  if constexpr (std::is_invocable_v<const Body &, const State &, const Tensor<i64> &>)
    return body(state, i);
  else
    return body(state);
}
template <class Body, class State, class Row>
auto iteration(const Body &body, const State &state, const Row &row, const Tensor<i64> &i) {
  if constexpr (std::is_invocable_v<const Body &, const State &, const Row &, const Tensor<i64> &>)
    return body(state, row, i);
  else
    return body(state, row);
}

/// The region of a loop while it is made.
class LoopRegion {
public:
  /// It takes `carried`, the number of the iteration, and `rows`.
  LoopRegion(std::string_view user, std::vector<Type> carried, const std::vector<Type> &rows,
             Line line)
      : user(user), line(line), num_carried(carried.size()) {
    carried.push_back(Tensor<i64>::type);
    carried.insert(carried.end(), rows.begin(), rows.end());
    arguments.resize(carried.size());
    builder(line).begin_region(all_of(carried), all_of(arguments));
    region = {arguments.front(), /*is_loop=*/true, line};
    region.user = user;
    Updates::current().open(region);
  }
  LoopRegion(const LoopRegion &) = delete;

  std::span<const Value> carried() const { return all_of(arguments).first(num_carried); }
  Tensor<i64> number() const { return Tensor<i64>::from(arguments[num_carried]); }
  std::span<const Value> rows() const { return all_of(arguments).subspan(num_carried + 1); }

  /// The loop's results, by their types.
  std::vector<Value> end(const std::vector<Value> &yielded, const std::vector<Value> &operands,
                         const std::vector<Type> &results,
                         const std::vector<Attribute> &attributes) const {
    Updates::current().close(); // those of the state are results
    std::vector<Value> values(results.size());
    builder(line).end_region(all_of(yielded), "kerf.scan", all_of(operands), all_of(results),
                             all_of(values), all_of(attributes), line);
    return values;
  }

  std::string_view user;
  Line line;

private:
  std::size_t num_carried;
  std::vector<Value> arguments;
  Updates::Region region;
};

template <class X> std::vector<X> joined(std::vector<X> first, const std::vector<X> &second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// The attributes of a loop of `count` iterations, which has static storage.
inline std::vector<Attribute> loop_attributes(std::string_view user, const Dim &count,
                                              std::size_t num_carried, const Kept &kept,
                                              Line line) {
  std::vector<Attribute> attributes = {{"count", &count},
                                       {"num_carried", std::int64_t(num_carried)}};
  if (kept.of == Kept::Of::every) {
    require_number(kept.k >= 1, user, "k of keeping = every(k)", double(kept.k), "1 or more", line);
    attributes.push_back({"keep", kept.k});
  } else if (kept.of == Kept::Of::every_sqrt) {
    attributes.push_back(Attribute::root("keep", &count));
  }
  return attributes;
}

/// The option `keeping`.
template <class Set> constexpr Kept kept_of(const Set &set) {
  if constexpr (std::is_same_v<OptionValue<Set, Name("keeping"), Kept>, Kept>)
    return option_or(set, keeping, everything);
  else
    return everything; // what is wrong with it is said elsewhere
}

/// What is wrong with the options of a loop.
template <class... O, Name... names> constexpr Rule loop_options(const Option<names> &...known) {
  using Set = decltype(option_set(std::declval<const O &>()...));
  const Rule rule = options_rule<O...>(known...);
  if (rule.ok && !std::is_same_v<OptionValue<Set, Name("keeping"), Kept>, Kept>)
    return fail("keeping is everything, every(k) or every_sqrt");
  if (rule.ok && !std::is_same_v<OptionValue<Set, Name("reverse"), bool>, bool>)
    return fail("reverse is true or false");
  return rule;
}

} // namespace detail

namespace detail {

/// What a loop gives after a mistake.
using Lost = TensorOf<f32, Shape::poison()>;

template <Times count, class State, class Body>
auto repeated(const State &first, const Body &body, const Kept &kept, Line line) {
  const auto state = emitted(first, line);
  using Carried = std::remove_cvref_t<decltype(state)>;
  require_bound(state, "repeat", line);
  const std::vector<Type> types = types_of(leaves_of<Carried>());
  LoopRegion region("repeat", types, {}, line);
  Carried now = state;
  assign(now, region.carried());
  const auto next = emitted(iteration(body, now, region.number()), line);
  static constexpr Rule rule =
      carried_tree<Carried, std::remove_cvref_t<decltype(next)>>().in("kerf: repeat: ");
  KERF_CHECK(rule);
  require_bound(next, "repeat", line);
  static constexpr Dim times = count.dim;
  const std::vector<Value> results =
      region.end(values_of(next), values_of(state), types,
                 loop_attributes("repeat", times, types.size(), kept, line));
  assign(now, results);
  return now;
}

} // namespace detail

/// body(… body(body(state)) …), `count` times: one loop in the compiled entry, whose code and
/// memory do not grow with `count`. `state` is a tensor or a tree of them, and `body` returns what
/// it takes; as a second argument it may take the number of the iteration, an i64 scalar from 0.
/// `repeat<0>` is `state`. What `body` captures is the same in every iteration; fold that number
/// into the keys of draws. `body` may take gradients itself, and a gradient goes through the loop;
/// what it keeps says the option `keeping` (everything).
///
///     let direction = repeat<20>(start, [&](const auto &v) { // the largest eigenvector of a
///       let w = einsum<"i j, j -> i">(a, v);
///       return w / sqrt(sum(square(w)));
///     });
template <detail::Times count, class State, class Body, class O1 = detail::NoOption>
[[nodiscard]] auto repeat(const State &first, const Body &body, const O1 &o1 = {},
                          Line line = Line::current()) {
  static_assert(!count.is_negative(), "kerf: repeat: the count is negative");
  static constexpr Rule options = detail::loop_options<O1>(keeping).in("kerf: repeat: ");
  KERF_CHECK(options);
  static constexpr Rule carries = detail::state_rule<State>().in("kerf: repeat: ");
  KERF_CHECK(carries);
  if constexpr (!carries.ok)
    return detail::Lost();
  else
    return detail::repeated<count>(first, body, detail::kept_of(detail::option_set(o1)), line);
}
/// Without a count: an error.
template <class State, class Body, class... Others>
auto repeat(const State &, const Body &, const Others &...) {
  static_assert(detail::never<State>, "kerf: repeat: how often stands in angle brackets: "
                                      "repeat<20>(state, body)");
  return detail::Lost();
}

/// `body(state, row)` for every row of `inputs`, with the state that it gave for the row before:
/// it returns the next state and an output, as std::pair(state, output) or a struct of the two. The
/// last state, and the outputs stacked. Rows are slices along `axis`, without it; `inputs`, states
/// and outputs are tensors or trees of them (where rows of a struct are a std::tuple of rows of its
/// fields, and outputs that are a struct come out as one). As a third argument `body` may take the
/// number of the iteration. One loop in the compiled entry; a row is read where it lies and made in
/// its place.   inputs : (T, …), output : (…) -> outputs : (T, …)
///
///     auto [h, outputs] = scan<0>(first, x, [&](const auto &h, const auto &x) {
///       let next = tanh(einsum<"b i, o i -> b o">(h, w) + x);
///       return std::pair(next, next);
///     });
///
/// Options: reverse = true, from the last row to the first; keeping (everything), what a gradient
/// keeps.
template <int axis = 0, class State, class Inputs, class Body, class O1 = detail::NoOption,
          class O2 = detail::NoOption>
[[nodiscard]] auto scan(const State &first, const Inputs &inputs, const Body &body,
                        const O1 &o1 = {}, const O2 &o2 = {}, Line line = Line::current()) {
  static_assert(axis >= 0, "kerf: scan: axes are counted from the first, 0");
  static constexpr Rule options =
      detail::loop_options<O1, O2>(option<"reverse">, keeping).in("kerf: scan: ");
  KERF_CHECK(options);
  using Given = detail::Emitted<Inputs>;
  using Carried = detail::Emitted<State>;
  static constexpr Rule rule = detail::scan_rule<axis, Carried, Given, Body>().in("kerf: scan: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    using Row = detail::Changed<detail::RowOf<axis>, Given>;
    const Carried state = detail::emitted(first, line);
    const Given given = detail::emitted(inputs, line);
    detail::require_bound(state, "scan", line);
    detail::require_bound(given, "scan", line);
    const std::vector<Type> types = detail::types_of(leaves_of<Carried>());
    detail::LoopRegion region("scan", types, detail::types_of(leaves_of<Row>()), line);
    Carried now = state;
    Row row{};
    assign(now, region.carried());
    assign(row, region.rows());
    const auto [next, output] =
        detail::two_parts(detail::iteration(body, now, row, region.number()), line);
    detail::require_bound(next, "scan", line);
    detail::require_bound(output, "scan", line);

    static constexpr Dim count = detail::rows_of<axis, Given>();
    using Outputs =
        detail::Changed<detail::StackOf<axis, count>, std::remove_cvref_t<decltype(output)>>;
    const auto set = detail::option_set(o1, o2);
    std::vector<Attribute> attributes =
        detail::loop_attributes("scan", count, types.size(), detail::kept_of(set), line);
    attributes.push_back({"num_inputs", std::int64_t(leaves_of<Row>().size())});
    if (axis)
      attributes.push_back({"axis", axis});
    if (detail::option_or(set, option<"reverse">, false))
      attributes.push_back({"reverse", true});
    const std::vector<Value> results =
        region.end(detail::joined(values_of(next), values_of(output)),
                   detail::joined(values_of(state), values_of(given)),
                   detail::joined(types, detail::types_of(leaves_of<Outputs>())), attributes);
    Outputs outputs{};
    assign(now, detail::all_of(results).first(types.size()));
    assign(outputs, detail::all_of(results).subspan(types.size()));
    return Scanned<Carried, Outputs>{now, outputs};
  } else {
    return Scanned<Carried, TensorOf<f32, Shape::poison()>>();
  }
}

namespace detail {

template <Times most, class State, class Condition, class Body>
auto looped(const State &first, const Condition &condition, const Body &body, const Kept &kept,
            Line line) {
  const auto state = emitted(first, line);
  using Carried = std::remove_cvref_t<decltype(state)>;
  require_bound(state, "while_loop", line);
  const auto goes_on = [&](const Carried &now, const Tensor<i64> &count) {
    const auto truth = emitted(iteration(condition, now, count), line);
    static constexpr Rule rule =
        is_truth<std::remove_cvref_t<decltype(truth)>>("the condition").in("kerf: while_loop: ");
    KERF_CHECK(rule);
    return truth.emit(line);
  };
  const Tensor<i64> none(0, line);
  std::vector<Value> operands = {goes_on(state, none), none.value};
  std::vector<Type> types = {Tensor<i1>::type, Tensor<i64>::type};
  types = joined(types, types_of(leaves_of<Carried>()));
  LoopRegion region("while_loop", types, {}, line);
  Carried now = state;
  assign(now, region.carried().subspan(2));
  const auto next = emitted(iteration(body, now, region.number()), line);
  static constexpr Rule rule =
      carried_tree<Carried, std::remove_cvref_t<decltype(next)>>().in("kerf: while_loop: ");
  KERF_CHECK(rule);
  require_bound(next, "while_loop", line);
  if constexpr (rule.ok) {
    const Tensor<i64> count(region.number() + 1, line);
    const std::vector<Value> yielded = {goes_on(next, count), count.value};
    static constexpr Dim times = most.dim;
    std::vector<Attribute> attributes =
        loop_attributes("while_loop", times, types.size(), kept, line);
    attributes.push_back({"stops", true});
    const std::vector<Value> results = region.end(
        joined(yielded, values_of(next)), joined(operands, values_of(state)), types, attributes);
    assign(now, detail::all_of(results).subspan(2));
    return Looped<Carried>{now, Tensor<i64>::from(results[1])};
  } else {
    return Looped<Carried>();
  }
}

} // namespace detail

/// body(… body(state) …) while `condition(state)` holds, a scalar of i1, and at most `most` times;
/// the condition is asked before the first iteration and after each. The last state, and how many
/// iterations ran. Both functions may take as a second argument how many have run before. A
/// gradient goes through those that ran. Option: keeping (everything), what it keeps, of `most`
/// iterations.
///
///     auto [x, iterations] = while_loop<50>(
///         start, [&](const auto &x) { return abs(f(x)) > 1e-6; },
///         [&](const auto &x) { return x - f(x) / slope(x); });
template <detail::Times most, class State, class Condition, class Body, class O1 = detail::NoOption>
[[nodiscard]] auto while_loop(const State &first, const Condition &condition, const Body &body,
                              const O1 &o1 = {}, Line line = Line::current()) {
  static_assert(!most.is_negative(), "kerf: while_loop: the most is negative");
  static constexpr Rule options = detail::loop_options<O1>(keeping).in("kerf: while_loop: ");
  KERF_CHECK(options);
  static constexpr Rule carries = detail::state_rule<State>().in("kerf: while_loop: ");
  KERF_CHECK(carries);
  if constexpr (!carries.ok)
    return Looped<detail::Lost>();
  else
    return detail::looped<most>(first, condition, body, detail::kept_of(detail::option_set(o1)),
                                line);
}
/// Without a bound: an error.
template <class State, class Condition, class Body, class... Others>
auto while_loop(const State &, const Condition &, const Body &, const Others &...) {
  static_assert(detail::never<State>, "kerf: while_loop: needs a bound, the most iterations: "
                                      "while_loop<50>(state, condition, body)");
  return Looped<detail::Lost>();
}

namespace detail {

/// Can F be called with these, and does it give a tree? Of what is no function at all
/// `function_alone` has said so.
template <class F, class... X> constexpr Rule called_rule() {
  if constexpr (Operand<F>)
    return Shape::poison();
  else if constexpr (!std::is_invocable_v<const F &, const X &...>)
    return fail("the function cannot be called with the ", int(sizeof...(X)),
                sizeof...(X) == 1 ? " argument" : " arguments", " that it is given");
  else if constexpr (!IsTree<std::remove_cvref_t<std::invoke_result_t<const F &, const X &...>>>)
    return fail("the function returns no tensor and no tree of tensors");
  else
    return Shape{};
}
template <class F> constexpr Rule function_alone() {
  if (Operand<F> || Scalar<F>)
    return fail("takes a function, and gives one: checkpoint(f)(x)");
  return Shape{};
}

/// A function of which a gradient keeps the arguments alone.
template <class F> class Checkpoint {
public:
  Checkpoint(const F &f, Line line) : f(f), line(line) {}

  template <class... X> auto operator()(const X &...x) const {
    static constexpr Rule rule = called_rule<F, X...>().in("kerf: checkpoint: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok && !Operand<F>)
      return called(x...);
    else
      return Lost();
  }

private:
  template <class... X> auto called(const X &...x) const {
    using Result = Emitted<std::remove_cvref_t<std::invoke_result_t<const F &, const X &...>>>;
    const std::vector<Type> types = types_of(leaves_of<Result>());
    std::vector<Value> operands;
    for (const Type &type : types)
      operands.push_back(zero(type, line)); // a loop of one iteration, which does not read them
    std::vector<Type> arguments = types;
    arguments.push_back(Tensor<i64>::type);
    std::vector<Value> inside(arguments.size());
    builder(line).begin_region(arguments, inside);
    Updates &updates = Updates::current();
    Updates::Region region{inside.front(), /*is_loop=*/false, line};
    updates.open(region);
    Result result = emitted(f(x...), line);
    require_bound(result, "checkpoint", line);
    std::vector<Value> yielded = values_of(result);

    // What buffers hold behind it comes out as a row of its own.
    const std::vector<Updates::Update> updated = updates.close();
    std::vector<Shape> rows;
    rows.reserve(updated.size());
    std::vector<Type> results = types;
    for (const Updates::Update &update : updated) {
      rows.push_back(with_axis(*update.type.shape, 0, 1));
      results.push_back({update.type.dtype, &rows.back()});
      yielded.push_back(update.value);
    }
    std::vector<Value> values(results.size());
    const Attribute attributes[] = {
        {"count", 1}, {"num_carried", std::int64_t(types.size())}, {"keep", 1}};
    builder(line).end_region(all_of(yielded), "kerf.scan", all_of(operands), all_of(results),
                             all_of(values), attributes, line);
    for (std::size_t i = 0; i < updated.size(); ++i) {
      const Value row = values[types.size() + i];
      updates.hand_on(updated[i], emit("kerf.reshape", {&row, 1}, updated[i].type, {}, line));
    }
    assign(result, all_of(values).first(types.size()));
    return result;
  }

  F f;
  Line line;
};

} // namespace detail

/// `checkpoint(f)(x…)` is f(x…), of which a gradient keeps nothing but x and what f captures: it
/// computes f again, which halves the memory of a deep network, or better, for a third more time
/// [Chen 2016]. f gives a tensor or a tree. Buffers that f updates are updated behind it.
template <class F> [[nodiscard]] auto checkpoint(const F &f, Line line = Line::current()) {
  static constexpr Rule rule = detail::function_alone<F>().in("kerf: checkpoint: ");
  KERF_CHECK(rule);
  return detail::Checkpoint<F>(f, line);
}

} // namespace kerf
