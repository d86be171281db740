// Layers: their names, parameters, layouts, defaults and initialisation are those of PyTorch, so
// that a `state_dict()` of the same modules fits. `nn::Linear<784, 10> out;`
#pragma once

#include "kerf/nn/activation.h"
#include "kerf/nn/attention.h"
#include "kerf/nn/conv.h"
#include "kerf/nn/dropout.h"
#include "kerf/nn/embedding.h"
#include "kerf/nn/feed_forward.h"
#include "kerf/nn/linear.h"
#include "kerf/nn/mode.h"
#include "kerf/nn/normalization.h"
#include "kerf/nn/pooling.h"
#include "kerf/nn/position.h"
#include "kerf/nn/recurrent.h"
#include "kerf/nn/reparametrised.h"
#include "kerf/nn/transformer.h"
#include "kerf/nn/upsampling.h"
