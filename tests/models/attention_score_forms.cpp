// Every change of the scores of attention beside the formula that defines it: tables are products
// with ones at places that plain loops say.
#include "tests/models/attention_forms.h"

namespace attention_forms {
namespace {

/// What all see, by plain loops.
template <class S> auto everything() {
  return ones_where<S>([](int, int) { return true; });
}
template <class S> auto earlier() {
  return ones_where<S>([](int i, int j) { return j <= i; });
}
auto first_column(const auto &table) { return take<1, 0, 1>(table); } // (H, 1)

/// A form whose scores are changed by `Form::score(x)`, and by formula to `Form::changed(x, s)`;
/// masked as a decoder is.
template <class Form, class Size = Usual> struct Changed {
  using S = Size;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(x.q, x.k, x.v, score = Form::score(x), mask = masks::causal));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    return Literal<S>()(x, earlier<S>(), [&](const auto &s) { return Form::changed(x, s); });
  }
};

struct Bias : Changed<Bias> {
  static auto score(const auto &x) { return x.bias; }
  static auto changed(const auto &x, const auto &s) { return s + x.bias; }
};
/// One row for all heads and queries.
struct BiasOfKeys : Changed<BiasOfKeys> {
  static auto score(const auto &x) { return take<0, 0, 1>(take<1, 0, 1>(x.bias)); }
  static auto changed(const auto &x, const auto &s) {
    return s + rearrange<"j -> 1 1 1 j">(x.bias[0][0]);
  }
};
using Groups = Sizes<"groups", 6, 2, 6, 7>;
struct BiasOfGroups : Changed<BiasOfGroups, Groups> {
  static auto score(const auto &x) { return scores::bias(x.bias); }
  static auto changed(const auto &x, const auto &s) { return s + x.bias; }
};
struct Alibi : Changed<Alibi> {
  static auto score(const auto &x) { return scores::alibi(reshape<4>(first_column(x.table))); }
  static auto changed(const auto &x, const auto &s) {
    let distance = numbers<S>([](int i, int j) { return i + 1 > j ? i + 1 - j : j - i - 1; });
    return s - einsum<"h, i j -> h i j">(reshape<4>(first_column(x.table)), distance);
  }
};
/// Slopes that are constants, as the paper has them.
struct AlibiOfPaper : Changed<AlibiOfPaper> {
  static auto score(const auto &) { return scores::alibi(alibi_slopes<4>()); }
  static auto changed(const auto &, const auto &s) {
    let slopes = Tensor<f32, 4>{0.25, 0.0625, 0.015625, 0.00390625};
    let distance = numbers<S>([](int i, int j) { return i + 1 > j ? i + 1 - j : j - i - 1; });
    return s - einsum<"h, i j -> h i j">(slopes, distance);
  }
};
struct Relative : Changed<Relative> {
  static auto score(const auto &x) { return scores::relative(x.table); }
  static auto changed(const auto &x, const auto &s) {
    return s + picked<S>(x.table, [](int i, int j) { return i - j + 6; });
  }
};
struct RelativeForAll : Changed<RelativeForAll> {
  static auto score(const auto &x) { return scores::relative(x.table[1]); }
  static auto changed(const auto &x, const auto &s) {
    return s + picked<S>(take<0, 1, 2>(x.table), [](int i, int j) { return i - j + 6; });
  }
};
/// The bucket of T5 of six on each side: 0, 1 and 2 of their own, then up to 4, 5, and beyond.
int bucket_of_both(int i, int j) {
  const int away = i < j ? j - i : i - j;
  const int side = away < 3 ? away : away < 5 ? 3 : away < 6 ? 4 : 5;
  return side + (j > i ? 6 : 0);
}
struct T5 : Changed<T5> {
  static auto score(const auto &x) { return scores::t5(transpose_last(x.table), 8); }
  static auto changed(const auto &x, const auto &s) {
    return s + picked<S>(x.table, bucket_of_both);
  }
};
/// Of one side, with four buckets: 0 and 1, then up to 3, then all others.
struct T5OfDecoder : Changed<T5OfDecoder> {
  static auto score(const auto &x) {
    return scores::t5<false>(transpose_last(take<1, 0, 4>(x.table)), 4);
  }
  static auto changed(const auto &x, const auto &s) {
    return s + picked<S>(take<1, 0, 4>(x.table), [](int i, int j) {
             const int away = i < j ? 0 : i - j;
             return away < 2 ? away : away < 3 ? 2 : 3;
           });
  }
};
/// Swin's table of a window of 2 x 3, of which it has 3 x 5 rows.
using Patch = Sizes<"patch", 3, 3, 6, 6>;
struct Swin : Changed<Swin, Patch> {
  static auto rows(const auto &x) { return concat<1>(x.table, take<1, 2, 6>(x.table)); } // (H, 15)
  static auto score(const auto &x) {
    return scores::by_index(transpose_last(rows(x)), relative_places<2, 3>());
  }
  static auto changed(const auto &x, const auto &s) {
    return s + picked<S>(rows(x), [](int i, int j) {
             const int down = i / 3 - j / 3, right = i % 3 - j % 3;
             return 5 * (down + 1) + right + 2;
           });
  }
};
struct Softcap : Changed<Softcap> {
  static auto score(const auto &) { return scores::softcap(1.5); }
  static auto changed(const auto &, const auto &s) {
    let e = exp(-2 * s / 1.5);
    return 1.5 * (1 - e) / (1 + e);
  }
};
struct Temperature : Changed<Temperature> {
  static auto score(const auto &x) {
    return scores::temperature(exp(reshape<4>(first_column(x.table))));
  }
  static auto changed(const auto &x, const auto &s) {
    return s * rearrange<"h 1 -> h 1 1">(exp(-first_column(x.table)));
  }
};
struct InTurn : Changed<InTurn> {
  static auto score(const auto &x) {
    return scores::softcap(1.5) | x.bias | [](const auto &s) { return s * s; } |
           scores::relative(x.table);
  }
  static auto changed(const auto &x, const auto &s) {
    let capped = 1.5 * tanh(s / 1.5) + x.bias;
    return square(capped) + picked<S>(x.table, [](int i, int j) { return i - j + 6; });
  }
};
/// A function of all indices that reads what it captures.
struct Function : Changed<Function> {
  static auto score(const auto &x) {
    return [=](const auto &s, const auto &b, const auto &h, const auto &i, const auto &j) {
      return s * at(x.table, h, i + 1) + cast<f32>(b) * at(x.bias, h, i, j);
    };
  }
  static auto changed(const auto &x, const auto &s) {
    let factor = rearrange<"h i -> h i 1">(take<1, 1, 7>(x.table));
    let example = rearrange<"b -> b 1 1 1">(Tensor<f32, 2>{0, 1});
    return s * factor + example * x.bias;
  }
};
struct FunctionOfPlaces : Changed<FunctionOfPlaces> {
  static auto score(const auto &) {
    return [](const auto &s, const auto &i, const auto &j) { return s - cast<f32>(i * j); };
  }
  static auto changed(const auto &, const auto &s) {
    return s - numbers<S>([](int i, int j) { return i * j; });
  }
};

/// Unit queries and keys: cosine attention, its temperature learned.
struct Cosine {
  using S = Usual;
  static auto unit(const auto &x) { return x / norm<-1, keep>(x); }
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(
        unit(x.q), unit(x.k), x.v, scale = 1,
        score = scores::temperature(exp(reshape<4>(first_column(x.table)))) | x.bias));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    Inputs<S> y = x;
    y.q = x.q * rsqrt(sum<3, keep>(square(x.q)));
    y.k = x.k * rsqrt(sum<3, keep>(square(x.k)));
    let factor = rearrange<"h 1 -> h 1 1">(exp(-first_column(x.table)));
    return Literal<S>{1}(y, everything<S>(), [&](const auto &s) { return s * factor + x.bias; });
  }
};
struct Scaled {
  using S = Usual;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(x.q, x.k, x.v, scale = 0.75, softcap = 2));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    return Literal<S>{0.75}(x, everything<S>(), [](const auto &s) { return 2 * tanh(s / 2); });
  }
};
/// A score more in each row, without a value.
template <class Form> struct Sinking {
  using S = Usual;
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    const Values<S> without = Literal<S>()(x, earlier<S>() * Form::seen());
    let sink = rearrange<"h -> h 1">(Form::sink(x));
    let total = exp(without.lse);
    let part = total / (total + exp(sink));
    return {without.output * rearrange<"b h i -> b h i 1">(part), log(total + exp(sink)),
            without.weights * rearrange<"b h i -> b h i 1">(part)};
  }
};
struct Sinks : Sinking<Sinks> {
  static auto sink(const auto &x) { return reshape<4>(first_column(x.table)); }
  static auto seen() { return everything<S>(); }
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(x.q, x.k, x.v, sinks = sink(x), mask = masks::causal));
  }
};
/// Also where nothing is seen: all of the softmax is the sink's.
struct SinkOfNothing : Sinking<SinkOfNothing> {
  static auto sink(const auto &) { return zeros<Tensor<f32, 4>>(); }
  static auto seen() {
    return ones_where<S>([](int i, int) { return i > 2; });
  }
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(
        x.q, x.k, x.v, sinks = 0.0,
        mask = masks::causal && [](const auto &i, const auto &) { return i > 2; }));
  }
};
struct Dropped {
  using S = Usual;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &data) {
    return values<S>(attention_parts(x.q, x.k, x.v, dropout = 0.5, key = data.key));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &data) {
    const Values<S> all = Literal<S>()(x, everything<S>());
    let kept = cast<f32>(uniform<examples, 4, 6, 7>(data.key) >= 0.5);
    let weights = all.weights * kept * 2;
    return {
        sum<3>(rearrange<"b h i j -> b h i j 1">(weights) * rearrange<"b h j e -> b h 1 j e">(x.v)),
        all.lse, weights};
  }
};

/// Much at once, whose derivatives are compared with differences; no row is empty, so that all of
/// it is finite.
Values<Usual> smooth(const Inputs<Usual> &x, const Data<Usual> &data) {
  const auto slopes = reshape<4>(first_column(x.table));
  return values<Usual>(attention_parts(
      x.q, x.k, x.v, sinks = slopes,
      score = scores::softcap(3) | scores::alibi(slopes) | scores::relative(x.table) | x.bias,
      mask = masks::prefix(1) || (masks::causal_bottom_right && masks::lengths(data.lengths))));
}

const auto registered = model<"attention_score_forms">(
    entry<"smooth">(smooth, roles("x_usual", "data_usual")), form<"bias", Bias>(),
    formula<"bias", Bias>(), form<"bias_of_keys", BiasOfKeys>(),
    formula<"bias_of_keys", BiasOfKeys>(), form<"bias_of_groups", BiasOfGroups>(),
    formula<"bias_of_groups", BiasOfGroups>(), form<"alibi", Alibi>(), formula<"alibi", Alibi>(),
    form<"alibi_of_paper", AlibiOfPaper>(), formula<"alibi_of_paper", AlibiOfPaper>(),
    form<"relative", Relative>(), formula<"relative", Relative>(),
    form<"relative_for_all", RelativeForAll>(), formula<"relative_for_all", RelativeForAll>(),
    form<"t5", T5>(), formula<"t5", T5>(), form<"t5_of_decoder", T5OfDecoder>(),
    formula<"t5_of_decoder", T5OfDecoder>(), form<"swin", Swin>(), formula<"swin", Swin>(),
    form<"softcap", Softcap>(), formula<"softcap", Softcap>(), form<"temperature", Temperature>(),
    formula<"temperature", Temperature>(), form<"in_turn", InTurn>(), formula<"in_turn", InTurn>(),
    form<"function", Function>(), formula<"function", Function>(),
    form<"function_of_places", FunctionOfPlaces>(),
    formula<"function_of_places", FunctionOfPlaces>(), form<"cosine", Cosine>(),
    formula<"cosine", Cosine>(), form<"scaled", Scaled>(), formula<"scaled", Scaled>(),
    form<"sinks", Sinks>(), formula<"sinks", Sinks>(), form<"sink_of_nothing", SinkOfNothing>(),
    formula<"sink_of_nothing", SinkOfNothing>(), form<"dropped", Dropped>(),
    formula<"dropped", Dropped>());

} // namespace
} // namespace attention_forms
