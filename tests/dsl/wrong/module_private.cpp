// error: kerf: Whole::scaled: Scaled is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

class Scaled : public Module {
  Param<f32, 4> scale = init::ones();

public:
  auto operator()(const auto &x) const { return x * scale; }
};
struct Whole : Module {
  Scaled scaled;
};

Whole wrong(const Key &key) { return initialize<Whole>(key); }
