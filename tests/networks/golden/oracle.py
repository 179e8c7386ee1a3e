"""The networks of `cases` in PyTorch: outputs, loss, gradient, Hessian, what the layers see.

Parameters go through `torch.nn.utils.vector_to_parameters` and gradients come back through
`parameters_to_vector`, so their order is PyTorch's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.networks.golden.cases import Case

Numbers = NDArray[np.float64]


def model_of(case: Case) -> Any:
    """Return the network as a float64 `torch.nn.Module`; `seen` gets its pre-activations."""
    from torch import nn

    kinds = {
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "relu": nn.ReLU,
        "leaky_relu": nn.LeakyReLU,
        "gelu": nn.GELU,
        "linear": nn.Identity,
    }

    class Model(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            fans = zip(case.sizes[:-1], case.sizes[1:], strict=True)
            self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in fans])
            self.activation = kinds[case.activation]()
            self.seen: list[Any] = []

        def forward(self, signal: Any) -> Any:
            self.seen = []
            for linear in self.linears:
                self.seen.append(linear(signal))
                if linear is self.linears[-1]:
                    break
                after = self.activation(self.seen[-1])
                same = case.skip and after.shape == signal.shape
                signal = signal + after if same else after
            return self.seen[-1]

    return Model().double()


def loss_of(case: Case, model: Any, outputs: Any, targets: NDArray[Any]) -> Any:
    """Return the loss, with its penalty, as a tensor."""
    import torch
    from torch.nn import functional

    wanted = torch.as_tensor(targets)
    if case.loss == "cross_entropy":
        loss = functional.cross_entropy(outputs, wanted)
    else:
        if case.targets == "labels":
            wanted = functional.one_hot(wanted, case.sizes[-1]).to(outputs.dtype)
        loss = functional.mse_loss(outputs, wanted.reshape(outputs.shape))
    penalty = sum((linear.weight**2).sum() for linear in model.linears)
    return loss + 0.5 * case.l2 * penalty


def answers(
    case: Case, flat: Numbers, rows: Numbers, targets: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Return outputs, loss, gradient, and pre-activations with the loss's gradient on them.

    `seen1`, `seen2`, … and `back1`, … are (rows, width) of the layers; the penalty is in the loss
    and the gradient.
    """
    import torch
    from torch.nn.utils import parameters_to_vector, vector_to_parameters

    model = model_of(case)
    vector_to_parameters(torch.as_tensor(flat), model.parameters())
    outputs = model(torch.as_tensor(rows))
    for seen in model.seen:
        seen.retain_grad()
    loss = loss_of(case, model, outputs, targets)
    loss.backward()
    gradient = parameters_to_vector([parameter.grad for parameter in model.parameters()])
    found = {
        "outputs": outputs.detach().numpy(),
        "loss": np.array(loss.item()),
        "gradient": gradient.numpy(),
    }
    for layer, seen in enumerate(model.seen, start=1):
        found[f"seen{layer}"] = seen.detach().numpy()
        found[f"back{layer}"] = seen.grad.numpy()
    return found


def hessian(case: Case, flat: Numbers, rows: Numbers, targets: NDArray[Any]) -> Numbers:
    """Return the dense Hessian of the loss."""
    import torch
    from torch.func import functional_call

    model = model_of(case)
    inputs = torch.as_tensor(rows)
    names = [(name, parameter.shape) for name, parameter in model.named_parameters()]

    def loss(vector: Any) -> Any:
        pieces = vector.split([shape.numel() for _, shape in names])
        values = {
            name: piece.view(shape) for (name, shape), piece in zip(names, pieces, strict=True)
        }
        outputs = functional_call(model, values, (inputs,))
        penalty = sum((value**2).sum() for name, value in values.items() if "weight" in name)
        plain = loss_of(replace(case, l2=0.0), model, outputs, targets)
        return plain + 0.5 * case.l2 * penalty

    dense: Any = torch.autograd.functional.hessian
    return np.asarray(dense(loss, torch.as_tensor(flat)).numpy())
