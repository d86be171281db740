// Functions of trees, leaf by leaf: maps, reductions, norms and clipping, averages, sums of
// gradients. Include beside <kerf/kerf.h>.
#pragma once

#include "kerf/train.h"

namespace kerf {

namespace detail {

template <class First, class... Others> constexpr Rule one_type_of_tree() {
  Rule rule = Shape{};
  ((rule = !rule.ok || std::is_same_v<First, Others>
               ? rule
               : fail("its trees are of different types, ", spelled<First>(), " and ",
                      spelled<Others>())),
   ...);
  return rule;
}

/// f(leaf, x…) or f(x…) for the leaf that the trees have at one place.
template <class F, class... X> Any of_leaf(const F &f, const Leaf &leaf, const X &...x) {
  if constexpr (std::is_invocable_v<const F &, const Leaf &, const X &...>)
    return f(leaf, x...);
  else
    return f(x...);
}

/// `made`, computed of widened leaves, as a leaf; ends the program if it is of another shape or
/// type.
inline Value emit_leaf(const Leaf &leaf, const Any &made, std::string_view user, Line line) {
  const Type type = computed_as(leaf.type);
  const Any result = made.as(type);
  if (result.type().dtype != type.dtype || !(*result.type().shape == *type.shape)) {
    Text text;
    stop(line, text << user << ": the function returns " << spell(result.type().dtype)
                    << *result.type().shape << " for the leaf '" << leaf.path << "', which is "
                    << spell(leaf.type.dtype) << *leaf.type.shape);
  }
  return stored_as(result, leaf.type).emit(line);
}

/// Can f be called for the leaves of these trees, and are they of one type?
template <class F, class... Trees> constexpr Rule map_rule() {
  if constexpr (constexpr Rule trees = one_type_of_tree<Trees...>(); !trees.ok)
    return trees;
  else if constexpr (std::is_invocable_v<const F &, const Leaf &,
                                         std::conditional_t<true, const Any &, Trees>...> ||
                     std::is_invocable_v<const F &,
                                         std::conditional_t<true, const Any &, Trees>...>)
    return Shape{};
  else
    return fail("the function takes an Any of each tree, here ", int(sizeof...(Trees)),
                ", and may take a Leaf before them");
}

template <class F, class First, class... Others>
auto map_trees(Line line, const F &f, const First &first, const Others &...others) {
  static constexpr Rule rule = map_rule<F, First, Others...>().in("kerf: tree_map: ");
  KERF_CHECK(rule);
  First result = first;
  if constexpr (rule.ok) {
    require_bound(first, "tree_map", line);
    (require_bound(others, "tree_map", line), ...);
    const std::vector<Leaf> &leaves = leaves_of<First>();
    const std::vector<Value> values[] = {values_of(first), values_of(others)...};
    std::vector<Value> made = values[0];
    for (std::size_t i : trained(leaves))
      made[i] = [&]<std::size_t... k>(std::index_sequence<k...>) {
        return emit_leaf(leaves[i],
                         of_leaf(f, leaves[i], widened(Any(values[k][i], leaves[i].type))...),
                         "tree_map", line);
      }(std::make_index_sequence<1 + sizeof...(Others)>());
    assign(result, made);
  }
  return result;
}

/// A number, or a scalar of any type, beside leaves of any type: in f64. `which`: its name among
/// the arguments of `user`.
template <Name user, Name which, class X> Any any_scalar(const X &x, Line line) {
  static constexpr Rule rule = is_scalar<X>(which.view()).in(prefix_of<user>);
  KERF_CHECK(rule);
  if constexpr (!rule.ok)
    return Any(0.0);
  else if constexpr (Operand<X>)
    return Any(Tensor<f64>(as_f64(x), line));
  else
    return Any(double(x));
}

/// What is wrong with a tree that is written, and one that is read: of its type, or narrow where
/// what is written is wide.
template <class Written, class Read> constexpr Rule writes_tree(std::string_view which) {
  using Tree = std::remove_const_t<Written>;
  const Rule is_one =
      std::is_same_v<Tree, Wide<Read>> ? Rule(Shape{}) : one_type_of_tree<Tree, Read>();
  return is_one.ok ? is_written_to<Written>(which) : is_one;
}
/// The same of averages, which no narrow float can follow.
template <class Ema, class Model> constexpr Rule averages_rule() {
  if (holds_narrow<Ema>)
    return fail("the averages hold bf16 or f16, which the steps of an average are lost in: keep "
                "them as Wide<",
                spelled<Model>(), ">, which begins as widen(model)");
  return writes_tree<Ema, Model>("the averages");
}

} // namespace detail

/// A tree of f(x), x being each leaf of `tree` that is trained: its Params, or all floats of a tree
/// without any. Of two to four trees of one type f takes a leaf of each. Other leaves, buffers say,
/// are those of the first tree. f takes and gives `Any`, a tensor whose shape is not in its type,
/// with the operators and elementwise functions of tensors; numbers and scalars stretch to a leaf
/// and take its element type. Leaves of bf16 and f16 are f32 to it, and what it gives for them is
/// rounded once. As its first argument it may take the `Leaf`, which has a path.
///
///     const auto halved = tree_map([](const Any &g) { return 0.5 * g; }, gradients);
template <class F, class Tree>
[[nodiscard]] auto tree_map(const F &f, const Tree &tree, Line line = Line::current()) {
  return detail::map_trees(line, f, tree);
}
template <class F, class Tree, class B>
[[nodiscard]] auto tree_map(const F &f, const Tree &tree, const B &b, Line line = Line::current()) {
  return detail::map_trees(line, f, tree, b);
}
template <class F, class Tree, class B, class C>
[[nodiscard]] auto tree_map(const F &f, const Tree &tree, const B &b, const C &c,
                            Line line = Line::current()) {
  return detail::map_trees(line, f, tree, b, c);
}
template <class F, class Tree, class B, class C, class D>
[[nodiscard]] auto tree_map(const F &f, const Tree &tree, const B &b, const C &c, const D &d,
                            Line line = Line::current()) {
  return detail::map_trees(line, f, tree, b, c, d);
}

/// f(… f(f(first, x), y) …) over the leaves of a tree that are trained, in their order: a scalar.
///
///     let largest = tree_reduce([](const Any &most, const Any &x) { return maximum(most, sum(x));
///     },
///                               -1e30, gradients);
template <class T = f32, class F, class Tree>
[[nodiscard]] Tensor<T> tree_reduce(const F &f, double first, const Tree &tree,
                                    Line line = Line::current()) {
  detail::require_bound(tree, "tree_reduce", line);
  const std::vector<Leaf> &leaves = leaves_of<Tree>();
  const std::vector<Value> values = values_of(tree);
  static constexpr Shape scalar{};
  const Leaf whole{"", {dtype_of<T>, &scalar}, {}, LeafKind::tensor};
  Any result = first;
  for (std::size_t i : trained(leaves))
    result = detail::of_leaf(f, leaves[i], result, detail::widened(Any(values[i], leaves[i].type)))
                 .emitted(line);
  return Tensor<T>::from(detail::emit_leaf(whole, result, "tree_reduce", line));
}

/// a where the condition holds, b where not, in every leaf: buffers, counters and keys too. Of a
/// step that may be taken back, say.
template <class Tree>
[[nodiscard]] Tree tree_select(const Tensor<i1> &condition, const Tree &a, const Tree &b,
                               Line line = Line::current()) {
  detail::require_bound(a, "tree_select", line);
  detail::require_bound(b, "tree_select", line);
  const std::vector<Leaf> &leaves = leaves_of<Tree>();
  std::vector<Value> values = values_of(a);
  const std::vector<Value> others = values_of(b);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (const Type type = leaves[i].type; values[i] != others[i])
      values[i] = select(Any(condition), Any(values[i], type), Any(others[i], type)).emit(line);
  Tree result = a;
  assign(result, values);
  return result;
}

/// sqrt(sum of the squares of all leaves that are trained). Each leaf is summed in the order of
/// sums, in its type, a narrow one in f32; the sums of leaves are added in f64, in the order of the
/// leaves.
template <class T = f32, class Tree>
[[nodiscard]] Tensor<T> global_norm(const Tree &tree, Line line = Line::current()) {
  const auto add = [](const Any &total, const Any &x) {
    return total + sum(square(x)).template cast<f64>();
  };
  const Tensor<f64> squares = tree_reduce<f64>(add, 0, tree, line);
  return Tensor<T>::from(sqrt(Any(squares)).cast<T>().emit(line));
}

/// Scales gradients so that their global norm is at most `most`, a number or a scalar, and gives
/// the norm that they had. As torch.nn.utils.clip_grad_norm_: by min(1, most / (norm + 1e-6)).
/// Groups are clipped apart by a call for each: `clip_by_norm(gradients.encoder, 1);`.
template <class Tree>
Tensor<f32> clip_by_norm(Tree &gradients, const auto &most, Line line = Line::current()) {
  static constexpr Rule rule =
      detail::is_written_to<Tree>("the gradients").in("kerf: clip_by_norm: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok) {
    return {};
  } else {
    const Tensor<f64> norm = global_norm<f64>(gradients, line);
    const Any largest = detail::any_scalar<"clip_by_norm", "most">(most, line);
    const Any factor = minimum(largest / (Any(norm) + 1e-6), 1).emitted(line);
    gradients = tree_map([&](const Any &g) { return g * factor; }, gradients, line);
    return Tensor<f32>::from(Any(norm).cast<f32>().emit(line));
  }
}

/// Limits each element of the gradients, or of the parameters of a critic, to [-most, most].
template <class Tree> void clip_by_value(Tree &tree, double most, Line line = Line::current()) {
  static constexpr Rule rule =
      detail::is_written_to<Tree>("the leaves").in("kerf: clip_by_value: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    tree = tree_map([&](const Any &x) { return minimum(maximum(x, -most), most); }, tree, line);
}

/// A tree with f32 in place of bf16 and f16: the tree itself where it has none.
template <class Tree>
[[nodiscard]] Wide<Tree> widen(const Tree &tree, Line line = Line::current()) {
  detail::require_bound(tree, "widen", line);
  return detail::cast_tree<Wide<Tree>>(tree, line);
}
/// A Tree of what a wide one holds, rounded once: `const auto model = narrow<Model>(averages);`
template <class Tree>
[[nodiscard]] Tree narrow(const Wide<Tree> &wide, Line line = Line::current()) {
  detail::require_bound(wide, "narrow", line);
  return detail::cast_tree<Tree>(wide, line);
}

/// ema = ema + (1 - decay) (model - ema) for what is trained, as torch.optim.swa_utils does it;
/// other leaves, buffers say, become the model's. `decay`: a number or a scalar. Averages of a
/// model that holds bf16 or f16 are a `Wide<Model>`.
template <class Tree, class Model>
void average(Tree &ema, const Model &model, const auto &decay, Line line = Line::current()) {
  static constexpr Rule rule = detail::averages_rule<Tree, Model>().in("kerf: average: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok) {
    detail::require_in_range("average", "decay", decay, line);
    const Any share = 1 - detail::any_scalar<"average", "decay">(decay, line);
    const Tree before = ema;
    ema = tree_map([&](const Any &m, const Any &e) { return e + share * (m - e); },
                   widen(model, line), before, line);
  }
}

/// total = total + share gradients: of the batches of one step, share = 1 / batches. The sums of
/// narrow gradients may be kept as a `Wide` tree, which optimizers take, too.
template <class Tree, class Gradients>
void accumulate(Tree &total, const Gradients &gradients, const auto &share,
                Line line = Line::current()) {
  static constexpr Rule rule =
      detail::writes_tree<Tree, Gradients>("the sums").in("kerf: accumulate: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok) {
    const Any factor = detail::any_scalar<"accumulate", "share">(share, line);
    const auto add = [&](const Any &t, const Any &g) { return t + factor * g; };
    if constexpr (std::is_same_v<Tree, Gradients>)
      total = tree_map(add, total, gradients, line);
    else
      total = tree_map(add, total, widen(gradients, line), line);
  }
}

/// The factor of a loss whose gradients would be too small for their type, and the number of steps
/// since it changed last.
struct LossScale {
  Tensor<f32> factor;
  Tensor<i64> steps;
};

/// Divides gradients of a scaled loss by its factor, and says whether all are finite; if not, the
/// step is to be left out. The factor is halved where they are not, and doubled after `interval`
/// steps where they were, unless f32 does not hold twice the factor   [Micikevicius 2018;
/// torch.amp.GradScaler]
///
///     const Tensor<i1> finite = unscale(gradients, scale);
///     const Model before = model; … a step …; model = tree_select(finite, model, before);
template <class Tree>
[[nodiscard]] Tensor<i1> unscale(Tree &gradients, LossScale &scale, std::int64_t interval = 2000,
                                 Line line = Line::current()) {
  static constexpr Rule rule = detail::is_written_to<Tree>("the gradients").in("kerf: unscale: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok) {
    return {};
  } else {
    const Any inverse = (1 / Any(scale.factor)).emitted(line);
    gradients = tree_map([&](const Any &g) { return g * inverse; }, gradients, line);
    const auto count = [](const Any &others, const Any &g) {
      const double infinity = std::numeric_limits<double>::infinity();
      return others + sum(select(abs(g) < infinity, 0, 1)).template cast<f64>();
    };
    const Tensor<i1> finite(tree_reduce<f64>(count, 0, gradients, line) == 0, line);
    const Tensor<i64> steps(scale.steps + 1, line);
    const Tensor<i1> grows(steps == interval, line);
    const Tensor<f32> twice(2 * scale.factor, line);
    const Tensor<f32> larger(
        select(twice < std::numeric_limits<f32>::infinity(), twice, scale.factor), line);
    scale.factor =
        Tensor<f32>(select(finite, select(grows, larger, scale.factor), 0.5 * scale.factor), line);
    scale.steps = Tensor<i64>(select(finite, select(grows, 0 * steps, steps), 0), line);
    return finite;
  }
}

} // namespace kerf
