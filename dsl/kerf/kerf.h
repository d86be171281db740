// Kerf, the language: what a model includes. (`kerf/hana.h`, the Hana view of modules, is apart.)
#pragma once

#include "kerf/model.h"
#include "kerf/train.h"
#include "kerf/vq.h"
