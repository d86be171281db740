"""The golden runs of the GPT and the ViT of the tests, as training_runs.py says."""
import torch

import image_vit_reference as vit
import text_gpt_reference as gpt
from transformer_reference import EPSILON, RATE
from training_runs import BATCH, WIDTH, Adam, golden, initial, rounded

LENGTH, SIZE, DEPTH = 24, 10, 2


class AdamW(Adam):
    """[Loshchilov 2019]"""

    @torch.no_grad()
    def step(self):
        for p in self.params:
            p *= rounded(1 - self.lr * 1e-2)
        super().step()


def adamw():
    return lambda params: AdamW(params, RATE, (0.9, 0.999), EPSILON), lambda params: torch.optim.AdamW(params, lr=RATE, eps=EPSILON)


def text_gpt():
    def make():
        return gpt.TextGpt(WIDTH, DEPTH, LENGTH)

    def losses(model, data, step):
        return {"loss": model.loss(data["tokens"], data["next"])}

    tokens, next = gpt.batch_of(0, BATCH, LENGTH)
    golden("text_gpt", make, *initial(make()), losses, {"tokens": tokens, "next": next}, optimizer=adamw())


def image_vit():
    def make():
        return vit.ImageVit(WIDTH, DEPTH, SIZE)

    def losses(model, data, step):
        return {"loss": model.loss(data["images"], data["labels"])}

    images, labels = vit.batch_of(0, BATCH)
    middle = (28 - SIZE) // 2
    images = images[:, :, middle:middle + SIZE, middle:middle + SIZE]
    golden("image_vit", make, *initial(make()), losses, {"images": images, "labels": labels}, optimizer=adamw(), within=1e-4)


if __name__ == "__main__":
    text_gpt()
    image_vit()
