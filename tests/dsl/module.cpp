// Modules: names, initialisation, trees of handles, module paths, the Hana view.
#include "recorder.h"

#include <kerf/hana.h>

#include <boost/hana/at.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/fuse.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/members.hpp>

#include <catch2/catch.hpp>

namespace kerf {
namespace {

struct Scale : Module {
  Param<f32, 3> weight = init::ones();
  double factor = 2; // a hyper-parameter
  auto operator()(const auto &x) const {
    const Scope scope(weight);
    let y = factor * x * weight;
    return y;
  }
};
struct Layer : Module {
  Param<f32, 4, 3> weight;
  Param<f32, 4> bias = init::fan_in(3);
  std::array<Scale, 2> scales;
};
struct Network : Module {
  Layer encoder;
  Param<f32, 5, 2, 2, 2> filter;
};
struct Wide : Module { // 24 fields
  Param<f32, 1> p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12;
  Param<f32, 1> p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24;
};

std::vector<std::string> paths(const std::vector<Leaf> &leaves) {
  std::vector<std::string> result;
  for (const Leaf &leaf : leaves)
    result.push_back(leaf.path);
  return result;
}

TEST_CASE("leaves have PyTorch's names, in the order of the fields", "[module]") {
  CHECK(paths(leaves_of<Network>()) == Lines{"encoder.weight", "encoder.bias",
                                             "encoder.scales.0.weight", "encoder.scales.1.weight",
                                             "filter"});
  CHECK(paths(leaves_of<Adam<Scale>>()) == Lines{"m.weight", "v.weight", "t"});
  CHECK(Recorder::text(leaves_of<Network>()[4].type) == "f32[5, 2, 2, 2]");
}

TEST_CASE("a module may have two dozen fields", "[module]") {
  CHECK(field_count<Wide> == 24);
  CHECK(field_names<Wide>[15] == "p16");
  CHECK(leaves_of<Wide>().size() == 24);
}

TEST_CASE("default initialisation is PyTorch's", "[module]") {
  const std::vector<Leaf> &leaves = leaves_of<Network>();
  CHECK(leaves[0].init.kind == Init::Kind::uniform);
  CHECK(leaves[0].init.second == Approx(1 / std::sqrt(3.0)));
  CHECK(leaves[1].init.first == Approx(-1 / std::sqrt(3.0)));
  CHECK(leaves[2].init.kind == Init::Kind::constant);
  CHECK(leaves[2].init.first == 1);
  CHECK(leaves[4].init.second == Approx(1 / std::sqrt(8.0)));
}

TEST_CASE("initialize: one key per leaf, drawn and scaled", "[module]") {
  Recorder recorder;
  const Scale scale = initialize<Scale>(argument<u32, 2>(100));
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=1 : f32[3]"});
  CHECK(scale.weight.value == 0);
  recorder.lines.clear();
  (void)initialize<Network>(argument<u32, 2>(100));
  CHECK(recorder.lines[1] == "%2 = kerf.fold_key %100 %1 : u32[2]");
  CHECK(recorder.lines[3] == "%4 = kerf.uniform %2 %1 : f32[4, 3]");
}

TEST_CASE("a field's own initialisation is a layer's, with a mean too", "[module]") {
  struct Model : Module {
    Scale scale{.weight = init::normal(1, 0.5)};
  };
  Recorder recorder;
  (void)initialize<Model>(argument<u32, 2>(100));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.constant value=0 : i64[]", "%1 = kerf.fold_key %100 %0 : u32[2]",
              "%2 = kerf.constant value=0.5 : f32[3]", "%3 = kerf.normal %1 %0 : f32[3]",
              "%4 = kerf.mul %2 %3 : f32[3]", "%5 = kerf.constant value=1 : f32[3]",
              "%6 = kerf.add %4 %5 : f32[3]"});
}

TEST_CASE("an assigned tree reads back as it was written", "[module]") {
  Network network;
  const std::vector<Value> handles{7, 8, 9, 10, 11};
  assign(network, handles);
  CHECK(values_of(network) == handles);
  CHECK(network.encoder.scales[1].weight.value == 10);
  CHECK(network.encoder.scales[1].weight.path == "encoder.scales.1.weight");
}

TEST_CASE("ops inside a module carry its path", "[module]") {
  Recorder recorder;
  Network network;
  assign(network, std::vector<Value>{100, 101, 102, 103, 104});
  (void)network.encoder.scales[1](argument<f32, 3>(105));
  CHECK(recorder.lines.back().ends_with("in encoder.scales.1"));
}

TEST_CASE("a parameter keeps its init when it is given a value", "[module]") {
  Recorder recorder;
  Scale scale;
  assign(scale, std::vector<Value>{100});
  scale.weight = scale.weight * 2;
  CHECK(scale.weight.init.first == 1);
  CHECK(scale.weight.path == "weight");
  CHECK(scale.weight.value == 1);
}

TEST_CASE("the Hana view: keys, members, for_each, without a macro", "[hana]") {
  namespace hana = boost::hana;
  Layer layer;
  assign(layer, std::vector<Value>{7, 8, 9, 10});
  static_assert(decltype(hana::length(hana::keys(layer)))::value == 3);
  std::vector<std::string> names;
  hana::for_each(layer,
                 hana::fuse([&](auto name, const auto &) { names.push_back(name.c_str()); }));
  CHECK(names == Lines{"weight", "bias", "scales"});
  CHECK(hana::at_c<1>(hana::members(layer)).value == 8);
}

} // namespace
} // namespace kerf
