// Kerf, the language: what a model includes. (`kerf/hana.h`, the Hana view of modules, is apart.)
#pragma once

#include "kerf/activations.h"
#include "kerf/attention.h"
#include "kerf/codebook.h"
#include "kerf/cond.h"
#include "kerf/indexing.h"
#include "kerf/kmeans.h"
#include "kerf/loops.h"
#include "kerf/losses.h"
#include "kerf/model.h"
#include "kerf/reductions.h"
#include "kerf/residual_vq.h"
#include "kerf/scalar_quantizers.h"
#include "kerf/shapes.h"
#include "kerf/train.h"
#include "kerf/vq.h"
