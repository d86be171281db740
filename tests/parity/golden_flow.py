"""The golden run of the flow, as training_runs.py says."""
import torch

import philox
from flow_reference import Flow, logits
from training_runs import golden, images, initial


def make():
    return Flow(width=4, depth=2)


def flow():
    key = (13, 14)

    def losses(model, data, step):
        x = data["images"]
        noise = torch.from_numpy(philox.uniform(philox.fold(key, step), 0, (len(x), 1, 28, 28))).to(x.dtype)
        return {"loss": model.bits(logits(x, noise)).mean()}

    golden("flow", make, *initial(make()), losses, {"images": images(), "key": torch.tensor(key, dtype=torch.int32)})


if __name__ == "__main__":
    flow()
