// error: kerf: tree_map: the function takes an Any of each tree, here 1, and may take a Leaf before
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

Model wrong(const Model &a) {
  return tree_map([](const Any &x, const Any &y) { return x + y; }, a);
}
