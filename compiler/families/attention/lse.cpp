// The logarithm of the sums, which the op gives too: where the plain code makes it.
#include "compiler/families/attention/attention.h"
#include "compiler/val.h"

#include "compiler/ops/add.h"
#include "compiler/ops/log.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/sum.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler::attention {

/// The result of a reshape that adds or drops axes of extent 1, by the place of its operand.
static std::optional<Term> reshaped(ReshapeOp op, const Place &place) {
  Place result;
  const ArrayRef<int64_t> from = op.getX().getType().getShape(),
                          to = op.getY().getType().getShape();
  size_t next = 0;
  for (int64_t extent : to) {
    while (next < from.size() && from[next] == 1)
      ++next;
    if (extent == 1) {
      result.push_back(Index());
    } else if (next == from.size() || from[next] != extent) {
      return {};
    } else {
      result.push_back(place[next++]);
    }
  }
  return Term{op.getY(), result};
}

void Attention::findLse() {
  if (sums.value)
    followSums(sums);
}

/// sums => select(sums == 0, 1, sums), log
void Attention::followSums(const Term &term) {
  for (Operation *user : term.value.getUsers()) {
    auto reshape = dyn_cast<ReshapeOp>(user);
    auto behind = reshape ? reshaped(reshape, term.place) : std::nullopt;
    auto isPositive = [](double other) { return other > 0; };
    const bool isGuard = replacedAt(dyn_cast<SelectOp>(user), 0, isPositive) == term.value ||
                         (isa<MaximumOp>(user) && isGuarded);
    if (behind || isGuard) {
      if (ofLse.insert(user))
        followSums(behind ? *behind : Term{user->getResult(0), term.place});
    } else if (isa<LogOp>(user) && ofLse.insert(user)) {
      takeLogarithm({user->getResult(0), term.place});
    }
  }
}

/// log(sums) + maximum, or without it where none was subtracted
void Attention::takeLogarithm(const Term &log) {
  if (!isShifted)
    return takeLse(log);
  for (Operation *user : log.value.getUsers()) {
    auto reshape = dyn_cast<ReshapeOp>(user);
    if (auto behind = reshape ? reshaped(reshape, log.place) : std::nullopt) {
      ofLse.insert(user);
      takeLogarithm(*behind);
    } else if (auto add = dyn_cast<AddOp>(user)) {
      const Value other = add.getA() == log.value ? add.getB() : add.getA();
      if (!shiftOf({other, log.place}, scores))
        continue;
      ofLse.insert(user);
      takeLse({add.getY(), log.place});
    }
  }
}

/// Or -inf, where there are no keys.
void Attention::takeLse(const Term &term) {
  Value value = term.value;
  if (value.hasOneUse())
    if (auto select = dyn_cast<SelectOp>(*value.user_begin())) {
      auto where = comparison(select.getC());
      const bool isThere = where && where->predicate == "eq";
      auto none = numberOf(select->getOperand(isThere ? 1 : 2));
      if (where && (isThere || where->predicate == "ne" || where->predicate == "gt") && none &&
          std::isinf(*none) && *none < 0 && isBehindProduct(where->x)) {
        ofLse.insert(select);
        value = select.getY();
      }
    }
  lse.push_back({value, term.place});
}

} // namespace kerf::compiler::attention
