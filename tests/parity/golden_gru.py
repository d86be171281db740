"""The golden run of the language model, as training_runs.py says."""
import numpy as np
import torch

import glosses
from gru_reference import Gru
from training_runs import BATCH, WIDTH, golden, initial

LENGTH = 24


def gru():
    def make():
        return Gru(WIDTH // 4, WIDTH)

    def losses(model, data, step):
        return {"loss": model.loss(data["tokens"], data["next"])}

    text = glosses.Text(glosses.lines("train"))
    windows = torch.from_numpy(np.stack([text.window(text.starts[line], LENGTH + 1) for line in range(BATCH)]))
    golden("gru", make, *initial(make()), losses, {"tokens": windows[:, :-1], "next": windows[:, 1:]})


if __name__ == "__main__":
    gru()
