// The flow's promises, on images of 8 x 8 pixels: the log determinant is that of all derivatives,
// the way back is the inverse, the norms begin as they should.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <flow4.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>
#include <vector>

namespace {

constexpr int size = 64; // pixels of an image, and images of a batch

struct Called {
  kerf::Context context{flow4::arena_bytes};
  kerf::Block<flow4::Small> small;
  std::vector<float> x, chosen = std::vector<float>(size * size);
  std::vector<float> latents = std::vector<float>(size * size), log_det = std::vector<float>(size),
                     back = std::vector<float>(size * size),
                     slopes = std::vector<float>(size * size);

  /// Weights in [-0.4, 0.4).
  Called() {
    std::minstd_rand random(1);
    const std::span weights(static_cast<float *>(small.data()),
                            sizeof(flow4::Small) / sizeof(float));
    for (float &weight : weights)
      weight = 0.8f * (float(random() % 1000) / 1000 - 0.5f);
    for (int i = 0; i < size; ++i)
      chosen[i * size + i] = 1;
  }
  void call() { flow4::ways(context, small, x, chosen, latents, log_det, back, slopes); }
};

std::vector<float> image(unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<float> pixels(size);
  for (float &pixel : pixels)
    pixel = 4 * (float(random() % 1000) / 1000 - 0.5f);
  return pixels;
}

/// log |det|, by elimination with the largest pivots.
double log_determinant(std::vector<double> m) {
  double sum = 0;
  for (int k = 0; k < size; ++k) {
    int pivot = k;
    for (int i = k; i < size; ++i)
      if (std::abs(m[i * size + k]) > std::abs(m[pivot * size + k]))
        pivot = i;
    std::swap_ranges(&m[k * size], &m[k * size] + size, &m[pivot * size]);
    sum += std::log(std::abs(m[k * size + k]));
    for (int i = k + 1; i < size; ++i) {
      const double factor = m[i * size + k] / m[k * size + k];
      for (int j = k; j < size; ++j)
        m[i * size + j] -= factor * m[k * size + j];
    }
  }
  return sum;
}

} // namespace

TEST_CASE("the log determinant is that of the whole Jacobian") {
  Called called;
  for (unsigned seed : {2u, 3u, 4u}) {
    called.x.clear(); // the same image again and again
    for (int i = 0; i < size; ++i) {
      const std::vector<float> one = image(seed);
      called.x.insert(called.x.end(), one.begin(), one.end());
    }
    called.call();
    const double dense = log_determinant({called.slopes.begin(), called.slopes.end()});
    CAPTURE(seed);
    CHECK(std::abs(dense) > 1); // of a map that does something
    CHECK(called.log_det[0] == Approx(dense).margin(2e-4));
  }
}

TEST_CASE("what went there comes back") {
  Called called;
  for (unsigned i = 0; i < size; ++i) {
    const std::vector<float> one = image(10 + i);
    called.x.insert(called.x.end(), one.begin(), one.end());
  }
  called.call();
  for (int i = 0; i < size * size; ++i) {
    CAPTURE(i);
    CHECK(called.back[i] == Approx(called.x[i]).margin(1e-4));
  }
}

TEST_CASE("norms that are fitted to a batch give it mean 0 and deviation 1 in every channel") {
  Called called;
  for (unsigned i = 0; i < size; ++i) {
    const std::vector<float> one = image(100 + i);
    called.x.insert(called.x.end(), one.begin(), one.end());
  }
  // Where nothing is scaled or shifted but by norms, latents are what the last norm gives.
  const auto clear = [](auto &conv) {
    std::ranges::fill(conv.weight, 0.0f);
    std::ranges::fill(conv.bias, 0.0f);
  };
  for (auto &step : called.small->fine)
    clear(step.conditioner.out);
  for (auto &step : called.small->coarse)
    clear(step.conditioner.out);
  flow4::fit_small(called.context, called.small, called.x);
  called.call();
  for (int channel = 0; channel < 16; ++channel) {
    double sum = 0, squares = 0;
    for (int i = 0; i < size; ++i)
      for (int pixel = 0; pixel < 4; ++pixel) {
        const double z = called.latents[i * size + channel * 4 + pixel];
        sum += z;
        squares += z * z;
      }
    CAPTURE(channel);
    CHECK(sum / 256 == Approx(0).margin(1e-5));
    CHECK(squares / 256 == Approx(1).margin(1e-4));
  }
}
