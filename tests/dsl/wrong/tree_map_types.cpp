// error: kerf: tree_map: its trees are of different types, Generator and Critic
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;

struct Critic : Module {
  Param<f32, 4> weight;
};
struct Generator : Module {
  Param<f32, 4> weight;
};

Generator wrong(const Generator &a, const Critic &b) {
  return tree_map([](const Any &x, const Any &y) { return x + y; }, a, b);
}
