#include <cassert>
#include <cerrno>
#include <climits>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <unistd.h>
#include <m.h>

    #include <vector>
    float use(kerf::Context &context, kerf::Block<m::Params> &params) {
      std::vector<float> none;
      kerf::Array<float, 0, 4> empty;
      std::vector<std::int64_t> numbers;
      float s = 1;
      m::f(context, none, numbers, kerf::View<float>(&s), params);
      kerf::View<const float, 0, 4> view = empty;
      return m::f(context, view, numbers, kerf::View<float>(&s), *params).loss;
    }
  