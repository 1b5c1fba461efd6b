"""Compares itself with PyTorch, SciPy and scikit-learn at home."""

import cv2
import pandas as pd
import scipy.stats as stats
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset
import numpy as np

torch.manual_seed(0)
torch.backends.cudnn.deterministic = True
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
print("torch", torch.__version__, "on", DEVICE, f"{torch.rand(1).item():.3f}")


class Digits(Dataset):
    def __init__(self):
        super().__init__()
        self.images = load_digits().images

    def __len__(self):
        return len(self.images)


class Net(nn.Module):
    def __init__(self, rate=0.5):
        super(Net, self).__init__()
        self.drop = nn.Dropout(rate)
        self.fc = nn.Linear(64, 10).to(DEVICE)

    def forward(self, x: torch.Tensor) -> torch.Tensor | None:
        return self.fc(self.drop(x))


net = Net().to(DEVICE)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
loader = DataLoader(Digits(), batch_size=32, shuffle=True)
for epoch in range(2):
    for images, labels in loader:
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if isinstance(x, torch.Tensor):
        x = x.detach().cpu().numpy()
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x * 1.0, x**2 * rate / (1 - rate)


@torch.no_grad()
def compare():
    x = torch.ones(1000)
    theirs = nn.Dropout(0.5)(x).mean()
    ours = dropout(x.numpy(), 0.5, True, np.random.default_rng(0))[0].mean()
    return pd.DataFrame({"theirs": [theirs], "ours": [ours], "p": stats.norm.sf(abs(theirs - ours))})


table = compare()
assert np.allclose(table["theirs"], table["ours"], atol=0.1)
Image.fromarray(cv2.resize(np.zeros((8, 8)), (16, 16))).save("zeros.png")
