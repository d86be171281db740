// Every mask of attention beside the formula that defines it: what is seen by plain loops.
#include "tests/models/attention_forms.h"

namespace attention_forms {
namespace {

/// A form whose mask is `Form::mask(data)`, of which plain loops say `Form::seen(i, j)`.
template <class Form, class Size = Usual> struct Loops {
  using S = Size;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &data) {
    return values<S>(attention_parts(x.q, x.k, x.v, mask = Form::mask(data)));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    return Literal<S>()(x, ones_where<S>([](int i, int j) { return Form::seen(i, j); }));
  }
};
/// A form whose mask depends on data: `Form::seen(data)` is 1 where it is true.
template <class Form, class Size = Usual> struct FromData : Loops<Form, Size> {
  using S = Size;
  static Values<S> formula(const Inputs<S> &x, const Data<S> &data) {
    return Literal<S>()(x, Form::seen(data));
  }
};

struct Plain {
  using S = Usual;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &) {
    return values<S>(attention_parts(x.q, x.k, x.v));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &) {
    return Literal<S>()(x, ones_where<S>([](int, int) { return true; }));
  }
};
struct Causal : Loops<Causal> {
  static auto mask(const auto &) { return masks::causal; }
  static bool seen(int i, int j) { return j <= i; }
};
using Groups = Sizes<"groups", 6, 2, 6, 7>; // three heads of queries to one of keys
struct CausalGroups : Loops<CausalGroups, Groups> {
  static auto mask(const auto &) { return masks::causal; }
  static bool seen(int i, int j) { return j <= i; }
};
using OneHead = Sizes<"one_head", 3, 1, 6, 7>;
struct CausalOneHead : Loops<CausalOneHead, OneHead> {
  static auto mask(const auto &) { return masks::causal; }
  static bool seen(int i, int j) { return j <= i; }
};
struct BottomRight : Loops<BottomRight> {
  static auto mask(const auto &) { return masks::causal_bottom_right; }
  static bool seen(int i, int j) { return j <= i + 1; }
};
using Long = Sizes<"long", 4, 2, 9, 5>; // more queries than keys: the first four see nothing
struct BottomRightEmpty : Loops<BottomRightEmpty, Long> {
  static auto mask(const auto &) { return masks::causal_bottom_right; }
  static bool seen(int i, int j) { return j <= i - 4; }
};
struct Window : Loops<Window> {
  static auto mask(const auto &) { return masks::sliding_window(2, 1); }
  static bool seen(int i, int j) { return i - j <= 2 && j - i <= 1; }
};
struct CausalWindow : Loops<CausalWindow> {
  static auto mask(const auto &) { return masks::causal && masks::sliding_window(2, 0); }
  static bool seen(int i, int j) { return j == i || j == i - 1 || j == i - 2; }
};
struct Prefix : Loops<Prefix> {
  static auto mask(const auto &) { return masks::causal || masks::prefix(3); }
  static bool seen(int i, int j) { return j < 3 || j <= i; }
};
struct Chunked : Loops<Chunked> {
  static auto mask(const auto &) { return masks::causal && masks::chunked(3); }
  static bool seen(int i, int j) { return j <= i && (j < 3) == (i < 3) && j < 6; }
};
struct BlockDiagonal : Loops<BlockDiagonal> {
  static auto mask(const auto &) { return masks::block_diagonal(2, 3); }
  static bool seen(int i, int j) { return i / 2 == j / 3; }
};
struct BlockCausal : Loops<BlockCausal> {
  static auto mask(const auto &) { return masks::block_causal(2); }
  static bool seen(int i, int j) { return j <= i || (i % 2 == 0 && j == i + 1); }
};
struct Strided : Loops<Strided> {
  static auto mask(const auto &) { return masks::strided(3); }
  static bool seen(int i, int j) {
    const int back = i - j;
    return back == 0 || back == 1 || back == 2 || back == 3 || back == 6;
  }
};
struct Dilated : Loops<Dilated> {
  static auto mask(const auto &) { return masks::dilated(2) && masks::sliding_window(4, 2); }
  static bool seen(int i, int j) {
    const int back = i - j;
    return back == -2 || back == 0 || back == 2 || back == 4;
  }
};
struct Shifted : Loops<Shifted> {
  static auto mask(const auto &) { return masks::shifted(masks::sliding_window(1, 0), 2); }
  static bool seen(int i, int j) { return j == i + 2 || j == i + 1; }
};
struct Not : Loops<Not> {
  static auto mask(const auto &) { return !masks::causal || masks::sliding_window(0, 0); }
  static bool seen(int i, int j) { return j >= i; }
};
struct Nothing : Loops<Nothing> {
  static auto mask(const auto &) {
    return masks::of([](const auto &, const auto &j) { return j < 0; });
  }
  static bool seen(int, int) { return false; }
};
struct Function : Loops<Function> {
  static auto mask(const auto &) {
    return [](const auto &i, const auto &j) { return i * j % 2 == 0; };
  }
  static bool seen(int i, int j) { return i % 2 == 0 || j % 2 == 0; }
};

/// Is b in the window of w places around a, moved inside of an extent?
bool is_near(int a, int b, int w, int extent) {
  int first = a - w / 2;
  while (first < 0)
    ++first;
  while (first + w > extent)
    --first;
  return b >= first && b < first + w;
}
using Row = Sizes<"row", 2, 2, 7, 7>;
struct Neighbourhood1d : Loops<Neighbourhood1d, Row> {
  static auto mask(const auto &) { return masks::neighbourhood<7>(3); }
  static bool seen(int i, int j) { return is_near(i, j, 3, 7); }
};
using Grid = Sizes<"grid", 2, 2, 12, 12>;
struct Neighbourhood2d : Loops<Neighbourhood2d, Grid> {
  static auto mask(const auto &) { return masks::neighbourhood<3, 4>({2, 3}); }
  static bool seen(int i, int j) {
    return is_near(i / 4, j / 4, 2, 3) && is_near(i % 4, j % 4, 3, 4);
  }
};
struct Neighbourhood3d : Loops<Neighbourhood3d, Grid> {
  static auto mask(const auto &) { return masks::neighbourhood<2, 2, 3>({1, 2, 2}); }
  static bool seen(int i, int j) { return i / 6 == j / 6 && is_near(i % 3, j % 3, 2, 3); }
};

struct Documents : FromData<Documents> {
  static auto mask(const auto &data) { return masks::documents(data.queries % 3, data.keys % 3); }
  static auto seen(const auto &data) { return same<S>(data.queries, data.keys); }
};
struct CausalDocuments : FromData<CausalDocuments> {
  static auto mask(const auto &data) {
    return masks::causal && masks::documents(data.queries % 3, data.keys % 3);
  }
  static auto seen(const auto &data) {
    return same<S>(data.queries, data.keys) * ones_where<S>([](int i, int j) { return j <= i; });
  }
};
/// How many of the first places are below a length, by counting down from the largest.
template <int count> auto below(const auto &lengths) {
  let up_to = rearrange<"b r -> b r 1">(one_hot<9>(lengths)); // 0 of a negative one
  std::array<std::array<float, count>, 9> table{};
  for (int r = 0; r < 9; ++r)
    for (int j = 0; j < count; ++j)
      table[r][j] = j < r ? 1 : 0;
  return sum<1>(up_to * TensorOf<f32, Shape::of(9, count)>(table)); // (B, count)
}
struct Lengths : FromData<Lengths> {
  static auto mask(const auto &data) { return masks::lengths(data.lengths); }
  static auto seen(const auto &data) {
    return rearrange<"b j -> b 1 j">(below<S::N>(data.lengths)) *
           ones_where<S>([](int, int) { return true; });
  }
};
struct LengthsOfBoth : FromData<LengthsOfBoth> {
  static auto mask(const auto &data) { return masks::lengths(cast<i32>(data.lengths), 5); }
  static auto seen(const auto &data) {
    return rearrange<"b i -> b i 1">(below<S::M>(data.lengths)) *
           ones_where<S>([](int, int j) { return j < 5; });
  }
};
struct PrefixOfEach : FromData<PrefixOfEach> {
  static auto mask(const auto &data) { return masks::prefix(data.lengths) || masks::causal; }
  static auto seen(const auto &data) {
    let earlier = ones_where<S>([](int i, int j) { return j <= i; });
    let ahead = rearrange<"b j -> b 1 j">(below<S::N>(data.lengths));
    return ahead + earlier - ahead * earlier;
  }
};
/// The first query of each example stands at its length.
struct ShiftedByEach : FromData<ShiftedByEach> {
  static auto mask(const auto &data) { return masks::shifted(masks::causal, data.lengths); }
  static auto seen(const auto &data) {
    let i = rearrange<"i -> i 1">(arange<S::M>());
    return cast<f32>(arange<S::N>() - i <= rearrange<"b -> b 1 1">(data.lengths));
  }
};
struct KeyPadding : FromData<KeyPadding> {
  static auto mask(const auto &data) { return masks::key_padding(data.keys > 2); }
  static auto seen(const auto &data) {
    return rearrange<"b j -> b 1 j">(cast<f32>(data.keys <= 2)) *
           ones_where<S>([](int, int) { return true; });
  }
};
struct OfTensor : FromData<OfTensor> {
  static auto mask(const auto &data) { return data.seen; }
  static auto seen(const auto &data) { return rearrange<"b 1 i j -> b i j">(cast<f32>(data.seen)); }
};
/// A tree: each place sees its ancestors, which a tensor says; and all of them the first key.
struct Tree : FromData<Tree> {
  static auto mask(const auto &data) { return masks::of(data.seen) || masks::prefix(1); }
  static auto seen(const auto &data) {
    let first = ones_where<S>([](int, int j) { return j == 0; });
    let given = rearrange<"b 1 i j -> b i j">(cast<f32>(data.seen));
    return given + first - given * first;
  }
};
struct FunctionOfAll : FromData<FunctionOfAll> {
  static auto mask(const auto &data) {
    return [=](const auto &b, const auto &h, const auto &i, const auto &j) {
      return at(data.queries, b, i) + at(data.keys, b, j) > 4 * h;
    };
  }
  static auto seen(const auto &data) {
    let sums = rearrange<"b i -> b i 1">(data.queries) + rearrange<"b j -> b 1 j">(data.keys);
    let each = rearrange<"h -> h 1 1">(Tensor<i64, 4>{0, 4, 8, 12});
    return cast<f32>(rearrange<"b i j -> b 1 i j">(sums) > each);
  }
};

const auto registered = model<"attention_mask_forms">(
    form<"plain", Plain>(), formula<"plain", Plain>(), form<"causal", Causal>(),
    formula<"causal", Causal>(), form<"causal_groups", CausalGroups>(),
    formula<"causal_groups", CausalGroups>(), form<"causal_one_head", CausalOneHead>(),
    formula<"causal_one_head", CausalOneHead>(), form<"bottom_right", BottomRight>(),
    formula<"bottom_right", BottomRight>(), form<"bottom_right_empty", BottomRightEmpty>(),
    formula<"bottom_right_empty", BottomRightEmpty>(), form<"window", Window>(),
    formula<"window", Window>(), form<"causal_window", CausalWindow>(),
    formula<"causal_window", CausalWindow>(), form<"prefix", Prefix>(), formula<"prefix", Prefix>(),
    form<"chunked", Chunked>(), formula<"chunked", Chunked>(),
    form<"block_diagonal", BlockDiagonal>(), formula<"block_diagonal", BlockDiagonal>(),
    form<"block_causal", BlockCausal>(), formula<"block_causal", BlockCausal>(),
    form<"strided", Strided>(), formula<"strided", Strided>(), form<"dilated", Dilated>(),
    formula<"dilated", Dilated>(), form<"shifted", Shifted>(), formula<"shifted", Shifted>(),
    form<"not", Not>(), formula<"not", Not>(), form<"nothing", Nothing>(),
    formula<"nothing", Nothing>(), form<"function", Function>(), formula<"function", Function>(),
    form<"neighbourhood1d", Neighbourhood1d>(), formula<"neighbourhood1d", Neighbourhood1d>(),
    form<"neighbourhood2d", Neighbourhood2d>(), formula<"neighbourhood2d", Neighbourhood2d>(),
    form<"neighbourhood3d", Neighbourhood3d>(), formula<"neighbourhood3d", Neighbourhood3d>(),
    form<"documents", Documents>(), formula<"documents", Documents>(),
    form<"causal_documents", CausalDocuments>(), formula<"causal_documents", CausalDocuments>(),
    form<"lengths", Lengths>(), formula<"lengths", Lengths>(),
    form<"lengths_of_both", LengthsOfBoth>(), formula<"lengths_of_both", LengthsOfBoth>(),
    form<"prefix_of_each", PrefixOfEach>(), formula<"prefix_of_each", PrefixOfEach>(),
    form<"shifted_by_each", ShiftedByEach>(), formula<"shifted_by_each", ShiftedByEach>(),
    form<"key_padding", KeyPadding>(), formula<"key_padding", KeyPadding>(),
    form<"of_tensor", OfTensor>(), formula<"of_tensor", OfTensor>(), form<"tree", Tree>(),
    formula<"tree", Tree>(), form<"function_of_all", FunctionOfAll>(),
    formula<"function_of_all", FunctionOfAll>());

} // namespace
} // namespace attention_forms
