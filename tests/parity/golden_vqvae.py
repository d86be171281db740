"""The golden run of the VQ-VAE, as training_runs.py says."""
import torch
from torch.nn import functional as F

import philox
import vqvae_reference
from training_runs import FEW_STEPS, WIDTH, golden, images, initial


def vqvae():
    def make():
        return vqvae_reference.VqVae(WIDTH)

    def losses(model, data, step):
        x = data["images"]
        z = model.encoder(x)
        codes = model.nearest(z)
        e = model.quantise(codes)
        reconstruction = F.mse_loss(model.decoder(z + (e - z).detach()), x)
        codebook, commitment = F.mse_loss(e, z.detach()), F.mse_loss(z, e.detach())
        p = torch.bincount(codes.flatten(), minlength=vqvae_reference.CODES).to(z.dtype) / codes.numel()
        perplexity = torch.exp(-(p * p.clamp(min=1e-30).log()).sum())
        return {"loss": reconstruction + codebook + 0.25 * commitment, "reconstruction": reconstruction, "codebook": codebook,
                "commitment": commitment, "perplexity": perplexity}

    model = make().double()
    recipes, start = initial(model)
    model.load_state_dict(start)
    with torch.no_grad():  # codes near the latents, so that many are in use, each by a clear margin
        latents = model.encoder(images().double()).permute(0, 2, 3, 1).reshape(-1, vqvae_reference.DIM)
        noise = torch.from_numpy(philox.normal((3, 4), 0, (vqvae_reference.CODES, vqvae_reference.DIM)))
        codes = (latents.repeat(2, 1)[: vqvae_reference.CODES] + 0.3 * latents.std() * noise).to(torch.bfloat16)
        recipes["codebook.weight"], start["codebook.weight"] = codes, codes.double()
        distance = ((latents[:, None] - codes.double()[None]) ** 2).sum(2).sort(1).values
        margin = ((distance[:, 1] - distance[:, 0]) / distance[:, 0]).min()
        print(f"vqvae: the closest decision of step 0 is won by {float(margin):.1e}")
    golden("vqvae", make, recipes, start, losses, {"images": images()}, steps=FEW_STEPS)


if __name__ == "__main__":
    vqvae()
