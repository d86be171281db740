"""The golden run of the autoencoder, as training_runs.py says."""
from torch.nn import functional as F

from autoencoder_reference import Autoencoder
from training_runs import WIDTH, golden, images, initial


def autoencoder():
    def make():
        return Autoencoder(WIDTH)

    def losses(model, data, step):
        return {"loss": F.mse_loss(model(data["images"]), data["images"])}

    golden("autoencoder", make, *initial(make()), losses, {"images": images()})


if __name__ == "__main__":
    autoencoder()
