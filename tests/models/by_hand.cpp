// The five examples, number by number: what a pencil finds, committed, against what Kerf computes.
#include "models/by_hand/examples.h"

#include <catch2/catch.hpp>

using namespace kerf::by_hand;

namespace {
void check(const Example &example, const std::string &name, const std::vector<float> &numbers) {
  INFO(name);
  CHECK(example[name].numbers == numbers);
}
} // namespace

TEST_CASE("by hand: every table is exact, gradients of logarithms are those of the losses",
          "[models]") {
  REQUIRE(examples().size() == 5);
  for (const Example &example : examples()) {
    for (const Table &table : example.tables) {
      INFO(example.title << ", " << table.name);
      CHECK(table.is_exact());
    }
    CHECK(example.distance < 1e-6f);
  }
  CHECK(examples()[2].distance > 0); // it is computed
  CHECK(!Table{"a third", {}, {1.0f / 3}}.is_exact());
  CHECK_THROWS_WITH(examples()[0]["sigma"], Catch::Contains("no table 'sigma'"));
}

TEST_CASE("by hand: an autoencoder of 4-3-2-3-4", "[models]") {
  const Example example = examples()[0];
  check(example, "relu(encode1)", {2, 2, 2, 3, 1, 2});
  check(example, "relu(encode2), the code", {3, 1, 4, 0});
  check(example, "relu(decode1)", {3, 2, 2, 4, 1, 2});
  check(example, "Y = decode2", {3, 2, 0, 1, 4, 1, -1, 0});
  check(example, "|Y - Y'|^2", {22});
  check(example, "2 (Y - Y')", {2, 2, 0, 0, 6, 2, -6, -2});
  check(example, "d encode1.weight", {12, 2, 16, 10, 4, 2, 0, 2, 8, 0, 16, 8});
  check(example, "d encode1.bias", {10, 2, 8});
  check(example, "d encode2.weight", {28, 12, 20, 4, 4, 4});
  check(example, "d encode2.bias", {10, 2});
  check(example, "d decode1.weight", {54, 2, 6, 2, -16, 0});
  check(example, "d decode1.bias", {14, 2, -4});
  check(example, "d decode2.weight", {30, 10, 16, 14, 6, 8, -24, -6, -12, -8, -2, -4});
  check(example, "d decode2.bias", {8, 4, -6, -2});
}

TEST_CASE("by hand: a VAE, whose divergence has gradients mu and sigma - 1 / sigma", "[models]") {
  const Example example = examples()[1];
  check(example, "relu(encode)", {1, 2, 0, 3, 0, 1});
  check(example, "mu", {-1, 1, 3, 0});
  check(example, "sigma", {1, 1, 2, 2});
  check(example, "Z = mu + sigma noise", {0, 0, 1, 4});
  check(example, "relu(decode1)", {0, 1, 2, 5, 5, 1});
  check(example, "Y = decode2", {0, 1, 1, 1, 5, 5, 0, 1});
  check(example, "2 (Y - Y')", {-2, -2, 2, 0, 6, 10, -2, 0});
  check(example, "KL by mu: mu", {-1, 1, 3, 0});
  check(example, "KL by sigma: sigma - 1 / sigma", {0, 0, 1.5, 1.5});
  check(example, "d encode.weight", {88, -2, 44.5, 43.5, 2, 4, 0, 2, -48, 0, -24, -24});
  check(example, "d encode.bias", {43.5, 2, -24});
  check(example, "d mean.weight", {30, -6, 11, 47, -2, 16});
  check(example, "d mean.bias", {8, 15});
  check(example, "d deviation.weight", {-21.5, -4, -6.5, 102.5, 4, 33.5});
  check(example, "d deviation.bias", {-8.5, 35.5});
  check(example, "d decode1.weight", {6, 24, 10, 40, -2, -8});
  check(example, "d decode1.bias", {6, 8, 0});
  check(example, "d decode2.weight", {30, 28, 2, 50, 48, 6, -10, -8, 2, 0, 0, 0});
  check(example, "d decode2.bias", {4, 8, 0, 0});
}

TEST_CASE("by hand: a GAN, whose players have Y - Y_D and Y - Y_G", "[models]") {
  const Example example = examples()[2];
  check(example, "fake", {1, 1, 1, 0, 1, 1, -1, 2});
  check(example, "logits of fake, real", {0, -1, 1, 0});
  check(example, "Y, their shares", {0.5, 0.25, 0.75, 0.5});
  check(example, "Y - Y_D", {0.5, 0.25, -0.25, -0.5});
  check(example, "Y - Y_G", {-0.5, -0.75});
  check(example, "d discriminator.layer1.weight",
        {-0.75, -0.5, 0.25, -0.5, -0.25, -0.5, -0.25, 0, 0.5, 0.25, 0, 0});
  check(example, "d discriminator.layer1.bias", {-0.25, -0.25, 0});
  check(example, "d discriminator.layer2.weight", {-0.25, -0.25, 0});
  check(example, "d discriminator.layer2.bias", {0});
  check(example, "d generator.layer1.weight", {0.75, 1.5, 0, 0, 0, 0});
  check(example, "d generator.layer1.bias", {0.75, 0, 0});
  check(example, "d generator.layer2.weight", {-0.5, -1, 0, 0, 0, 0, 1.25, 1, 1.5, 1.75, 2, 1.5});
  check(example, "d generator.layer2.bias", {-0.5, 0, 1.25, 1.75});
}

TEST_CASE("by hand: CLIP, with shares - target both ways", "[models]") {
  const Example example = examples()[3];
  check(example, "mean of words", {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, -1, 1});
  check(example, "mean of patches", {1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0});
  check(example, "texts", {1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1});
  check(example, "images", {1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0});
  check(example, "similarity", {2, 0, 1, 1, 1, 1, 0, 2, 0, 2, 1, 1, 1, 1, 2, 0});
  check(example, "3^similarity", {9, 1, 3, 3, 3, 3, 1, 9, 1, 9, 3, 3, 3, 3, 9, 1});
  check(example, "shares of rows",
        {0.5625, 0.0625, 0.1875, 0.1875, 0.1875, 0.1875, 0.0625, 0.5625, 0.0625, 0.5625, 0.1875,
         0.1875, 0.1875, 0.1875, 0.5625, 0.0625});
  check(example, "shares of columns",
        {0.5625, 0.0625, 0.1875, 0.1875, 0.1875, 0.1875, 0.0625, 0.5625, 0.0625, 0.5625, 0.1875,
         0.1875, 0.1875, 0.1875, 0.5625, 0.0625});
  check(example, "rows - target",
        {-0.4375, 0.0625, 0.1875, 0.1875, 0.1875, -0.8125, 0.0625, 0.5625, 0.0625, 0.5625, -0.8125,
         0.1875, 0.1875, 0.1875, 0.5625, -0.9375});
  check(example, "columns - target",
        {-0.4375, 0.0625, 0.1875, 0.1875, 0.1875, -0.8125, 0.0625, 0.5625, 0.0625, 0.5625, -0.8125,
         0.1875, 0.1875, 0.1875, 0.5625, -0.9375});
  check(example, "d words.weight",
        {0.5, 0.5, -0.5, -1, -0.5, 1, 1, 0.5, -1, -0.5, 1, 0.5, 0, -1.5, 0, 0, 0, 0});
  check(example, "d text.weight", {1, -1, 0, -2, 3, -1, -1, 1, 0, 2, -3, 1});
  check(example, "d image.weight", {-2, -1, 2, 1, 0, -1, 2, 1, -2, -1, 0, 1});
}

TEST_CASE("by hand: a diffusion transformer with scale and shift", "[models]") {
  const Example example = examples()[4];
  check(example, "patches", {1, 1, 1, 0, 2, 0, 0, 1, 0, 1, 2, 0, 1, 0, 1, 1});
  check(example, "relu(encode)", {0, 1, 2, 1, 0, 1, 0, 1});
  check(example, "with noise", {0, 1, 1, 2, 0, 2, 1, 1});
  check(example, "scale, shift", {-1, 1, 1, -1});
  check(example, "scale x + shift", {1, 0, 0, 1, 1, 1, 0, 0});
  check(example, "scores", {1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 2, 0, 0, 0, 0, 0});
  check(example, "shares in 3^scores",
        {0.375, 0.125, 0.375, 0.125, 0.125, 0.375, 0.375, 0.125, 0.1875, 0.1875, 0.5625, 0.0625,
         0.25, 0.25, 0.25, 0.25});
  check(example, "attention", {0.75, 0.5, 0.5, 0.75, 0.75, 0.75, 0.5, 0.5});
  check(example, "predicted noise", {1, 0, -1, 1, 0, 1, 0, 0});
  check(example, "2 (predicted - noise)", {2, 0, 0, 0, 0, 0, -2, 0});
  check(example, "d predict.weight", {0.5, 0, 0, 0});
  check(example, "d predict.bias", {0, 0});
  check(example, "d encode.weight", {0, 0, 0, 0, 0, 0, 0, 0});
  check(example, "without predicted noise", {-1, 1, 2, 1, 0, 1, 1, 1});
  check(example, "video again", {0, 2, 0, 1, 1, 1, 1, 1, 0, 2, 0, 1, 0, 1, 0, 0});
}
